//! Recommendations: what we advise a party to do, and what it says to that (invariant 7).
//!
//! A recommendation does not bind. Only its addressee says accepted, rejected or done; what the
//! team hears elsewhere is kept as hearsay and changes no state. `no answer` is never stored: it is
//! what an unanswered one is called once its case is closed.

use jiff::Timestamp;
use serde_json::json;
use store::{Id, Reader, Record, Tx};

use super::parties::{self, Party, hash_of, spell};
use super::{party_store as rows, recommendation_store, touch_in};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, once};

/// Kinds, with what people call them.
pub const KINDS: [(&str, &str); 2] = [("operational", "operational"), ("best_practice", "best practice")];

/// A recommendation.
#[derive(Clone, Debug)]
pub struct Recommendation {
    /// Id.
    pub id: Id,
    /// The case.
    pub case: Id,
    /// Whom it is for.
    pub party: Id,
    /// The message that carried it.
    pub message: Option<Id>,
    /// One of [`KINDS`].
    pub kind: String,
    /// What we advise.
    pub text: String,
    /// By when we wish it; a wish, never a deadline.
    pub wish_at: Option<Timestamp>,
    /// `draft`, `sent`, `accepted`, `rejected`, `done`, `withdrawn`.
    pub state: String,
    /// The addressee's words.
    pub answer: String,
    /// What the team heard elsewhere, and from whom.
    pub hearsay: String,
    /// When the addressee answered.
    pub answered_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Timestamp,
}

impl Recommendation {
    /// Whether the addressee may still answer.
    pub fn is_open(&self) -> bool {
        matches!(self.state.as_str(), "sent" | "accepted" | "rejected" | "done")
    }

    /// The answer that it has, as a page shows it.
    pub fn seen(&self) -> String {
        self.answered_at.map_or(0, Timestamp::as_microsecond).to_string()
    }

    /// The state as people read it; a closed case makes `sent` into `no answer`.
    pub fn word(&self, case_open: bool) -> &'static str {
        match self.state.as_str() {
            "draft" => "not sent yet",
            "sent" if case_open => "no answer yet",
            "sent" => "no answer",
            "accepted" => "accepted",
            "rejected" => "rejected",
            "done" => "done",
            _ => "withdrawn",
        }
    }

    /// The chip's class.
    pub fn css(&self) -> &'static str {
        match self.state.as_str() {
            "done" => "ok",
            "accepted" => "accent",
            "rejected" => "high",
            _ => "",
        }
    }

    /// What people call its kind.
    pub fn kind_word(&self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self.kind).map_or("operational", |(_, word)| word)
    }
}

/// Writes a recommendation down; the next message to the party carries it.
pub async fn add(app: &App, who: &Who, party: Id, kind: &str, text: &str, wish_at: Option<Timestamp>) -> Result<Id> {
    require(who, Verb::Change, Noun::Message)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (case, party) = parties::held_for(tx, who, party).await?;
            if !KINDS.iter().any(|(known, _)| *known == kind) {
                return Err(Error::invalid("Choose the kind of recommendation"));
            }
            if text.trim().is_empty() {
                return Err(Error::invalid("Write what you recommend"));
            }
            // Once it was sent or withdrawn, the same may be recommended anew.
            if let Some(made) = once::made(tx, who).await?
                && of_party(tx, party.id).await?.iter().any(|one| one.id == made && one.state == "draft")
            {
                return Ok(made);
            }
            let one = Recommendation {
                id: tx.new_id(),
                case: case.id,
                party: party.id,
                message: None,
                kind: kind.to_owned(),
                text: text.trim().to_owned(),
                wish_at,
                state: "draft".into(),
                answer: String::new(),
                hearsay: String::new(),
                answered_at: None,
                created_at: tx.now(),
            };
            recommendation_store::insert(tx, &one, hash_of(&secret(app, one.id, party.link_turn))).await?;
            tx.record(
                Record::new("recommendation.written", "recommendation", one.id)
                    .about(case.id)
                    .facts(json!({ "kind": one.kind, "party": party.id }))
                    .particulars(json!({ "text": one.text, "party": party.name })),
            );
            once::makes(tx, who, one.id).await?;
            Ok(one.id)
        })
        .await
}

/// Takes a recommendation back: one that was not sent, or one that no longer holds.
pub async fn withdraw(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Message)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let one = held_for_staff(tx, who, id).await?;
            if one.state == "withdrawn" {
                return Err(Error::conflict("This recommendation was withdrawn already."));
            }
            recommendation_store::set_state(tx, id, "withdrawn", &one.answer, one.answered_at).await?;
            tx.record(Record::new("recommendation.withdrawn", "recommendation", id).about(one.case).facts(json!({ "was": one.state })));
            Ok(())
        })
        .await
}

/// Records what somebody told the team about it. Changes no state: only the addressee does.
pub async fn hear(app: &App, who: &Who, id: Id, said: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Message)?;
    let by = who.person().map(|person| person.name.clone()).unwrap_or_default();
    app.db
        .change(&who.to_string(), async |tx| {
            let one = held_for_staff(tx, who, id).await?;
            if said.trim().is_empty() {
                return Err(Error::invalid("Write what you heard, and from whom"));
            }
            let line = format!("{} (noted by {by})", said.trim());
            let all = if one.hearsay.is_empty() { line } else { format!("{}\n{line}", one.hearsay) };
            recommendation_store::set_hearsay(tx, id, &all).await?;
            tx.record(Record::new("recommendation.heard", "recommendation", id).about(one.case).particulars(json!({ "said": said.trim() })));
            Ok(())
        })
        .await
}

/// The addressee answers: `accepted`, `rejected` or `done`. Nobody of the team can. `seen` is what the page showed on which
/// that was written ([`Recommendation::seen`]): an answer that was given meanwhile is not taken back by one who has not read
/// it. An empty one asks nothing.
pub async fn answer(app: &App, who: &Who, id: Id, (state, words, seen): (&str, &str, &str)) -> Result<()> {
    app.db
        .change(&who.to_string(), async |tx| {
            let one = recommendation_store::get(tx, id).await?.ok_or(Error::NotFound)?;
            let (case, party) = parties::held(tx, one.party).await?;
            // Read again: two who answer at once do it in turn.
            let one = recommendation_store::get(tx, id).await?.ok_or(Error::NotFound)?;
            let addressee = match who {
                Who::Party(id) => *id == party.id,
                Who::Person(_) => who.organisation().is_some() && who.organisation() == party.organisation,
                _ => false,
            };
            if who.is_staff() {
                return Err(Error::Barred);
            }
            if !addressee {
                return Err(Error::NotFound);
            }
            if !matches!(state, "accepted" | "rejected" | "done") {
                return Err(Error::invalid("Choose an answer"));
            }
            if !one.is_open() {
                return Err(Error::conflict("This recommendation was withdrawn and needs no answer."));
            }
            if one.state == state && one.answer == words.trim() {
                return Ok(());
            }
            if !seen.is_empty() && seen != one.seen() {
                return Err(Error::conflict("error-said-answered"));
            }
            let now = tx.now();
            recommendation_store::set_state(tx, id, state, words.trim(), Some(now)).await?;
            rows::mark_in(tx, party.id, now).await?;
            touch_in(tx, case.id).await?;
            tx.record(
                Record::new("recommendation.answered", "recommendation", id)
                    .about(case.id)
                    .facts(json!({ "answer": state, "was": one.state, "party": party.id }))
                    .particulars(json!({ "words": words.trim(), "party": party.name })),
            );
            Ok(())
        })
        .await
}

/// Ends the secret link by which the addressee answers: it was seen by somebody it was not meant for.
pub async fn revoke_link(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Decide, Noun::Message)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let one = held_for_staff(tx, who, id).await?;
            // No secret has this hash.
            let nobodys: [u8; 32] = tx.random();
            recommendation_store::set_secret(tx, id, nobodys).await?;
            tx.record(Record::new("recommendation.link_revoked", "recommendation", id).about(one.case).facts(json!({ "party": one.party })));
            Ok(())
        })
        .await
}

/// The recommendations of a case, oldest first.
pub async fn of_case(reader: &mut Reader, case: Id) -> Result<Vec<Recommendation>> {
    recommendation_store::of_case(reader, case).await
}

/// The recommendations to a party, oldest first; drafts too.
pub async fn of_party(reader: &mut Reader, party: Id) -> Result<Vec<Recommendation>> {
    recommendation_store::of_party(reader, party).await
}

/// The secret in the link to a recommendation's page: others with each turn of its party's link.
pub fn secret(app: &App, id: Id, turn: i64) -> String {
    let after = turn.to_be_bytes();
    let parts: &[&[u8]] = if turn == 0 { &[&id.0] } else { &[&id.0, &after] };
    spell(app.key.mac("answer to a recommendation", parts))
}

/// The address where the addressee answers.
pub fn link(app: &App, id: Id, party: &Party) -> String {
    format!("{}/answer/{}", app.profile.web.public_url, secret(app, id, party.link_turn))
}

/// The links to a party's recommendations end with the link to its page: they stood in the same mails. What was
/// revoked stays revoked.
pub(super) async fn turn_links(tx: &mut Tx, app: &App, party: &Party, before: i64) -> Result<()> {
    for one in of_party(tx, party.id).await? {
        let [old, new] = [before, party.link_turn].map(|turn| hash_of(&secret(app, one.id, turn)));
        recommendation_store::change_secret(tx, one.id, old, new).await?;
    }
    Ok(())
}

/// The recommendation whose page has this secret, once it was sent.
pub async fn by_secret(reader: &mut Reader, secret: &str) -> Result<Recommendation> {
    let found = recommendation_store::by_secret(reader, hash_of(secret)).await?;
    let one = found.filter(|one| one.message.is_some()).ok_or(Error::NotFound)?;
    if parties::link_is_ended(reader, one.party).await? { Err(Error::NotFound) } else { Ok(one) }
}

/// A recommendation that this change is about to write: held with its party, so that two who write do it in turn.
async fn held_for_staff(tx: &mut Tx, who: &Who, id: Id) -> Result<Recommendation> {
    let one = recommendation_store::get(tx, id).await?.ok_or(Error::NotFound)?;
    parties::held_for(tx, who, one.party).await?;
    recommendation_store::get(tx, id).await?.ok_or(Error::NotFound)
}
