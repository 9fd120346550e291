//! False positives: a member says of a finding that it is wrong, the team decides, and what it agrees to is left out of
//! later notices, which say how much that is. Events are counted as before: a claim changes no event.

use std::collections::BTreeSet;

use ::store::{Id, Reader, Record};
use jiff::Timestamp;
use serde_json::json;

use super::findings;
use super::key::Key;
use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, constituency};

/// The most letters of a member's words and of the team's.
const WORDS: usize = 2000;

/// What a member says is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Id.
    pub id: Id,
    /// Whose.
    pub organisation: Id,
    /// Its number in the events.
    pub holder: i64,
    /// The key of the finding, as JSON; empty once it was erased.
    pub finding: String,
    /// What it is about: an address, a domain, a page.
    pub subject: String,
    /// Its type and report, for people.
    pub kind: String,
    /// What the member says.
    pub words: String,
    /// `open`, `accepted`, `refused`.
    pub state: String,
    /// Who said it.
    pub by_whom: String,
    /// When.
    pub at: Timestamp,
    /// Who decided, or empty.
    pub decided_by: String,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What the team says to it.
    pub note: String,
    /// How bad it was when it was called wrong: 0 to 4; -1 where nobody noted it.
    pub severity: i8,
}

impl Claim {
    /// The class of its type in words; empty where the source names none, or it was erased.
    pub fn class(&self) -> &'static str {
        let key = serde_json::from_str::<Key>(&self.finding).unwrap_or_default();
        formats::rsit::types_of(&key.nature.class).next().map_or("", formats::rsit::RsitType::class_title)
    }

    /// What its source calls it: malware, a weakness; empty where it has no name, or was erased.
    pub fn detail(&self) -> String {
        serde_json::from_str::<Key>(&self.finding).map(|key| key.nature.identifier.to_string()).unwrap_or_default()
    }
}

fn checked(words: &str, what: &str) -> Result<String> {
    let words = words.trim();
    if words.is_empty() || words.chars().count() > WORDS {
        return Err(Error::invalid(format!("{what}, in up to {WORDS} letters")));
    }
    Ok(words.to_owned())
}

/// A member says that a finding of its organisation is wrong. `finding`: the name that its page gives it.
pub async fn claim(app: &App, who: &Who, finding: &str, words: &str) -> Result<Id> {
    require(who, Verb::Change, Noun::Membership)?;
    let words = checked(words, "Say why it is wrong")?;
    let (holder, organisation, one) = findings::one(app, who, finding).await?;
    let known = one.key_json()?;
    app.db
        .change(&who.to_string(), async |tx| {
            if store::claim_on(tx, holder, &known).await?.is_some_and(|claim| claim.state != "refused") {
                return Err(Error::conflict("This was said already."));
            }
            let claim = Claim {
                id: tx.new_id(),
                organisation,
                holder,
                finding: known,
                subject: one.subject.clone(),
                kind: one.kind_in_words(),
                words,
                state: "open".into(),
                by_whom: who.to_string(),
                at: tx.now(),
                decided_by: String::new(),
                decided_at: None,
                note: String::new(),
                severity: one.severity,
            };
            store::insert_claim(tx, &claim).await?;
            // What it speaks of, and the words, may have to be erased with the events: the claim alone has them.
            tx.record(Record::new("event_claim.made", "event_claim", claim.id).about(organisation).facts(json!({ "kind": claim.kind })));
            Ok(claim.id)
        })
        .await
}

/// The team decides about a claim, or decides otherwise than before. What is accepted is told no more from now on.
pub async fn decide_claim(app: &App, who: &Who, id: Id, accept: bool, note: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Event)?;
    let note = if accept { note.trim().to_owned() } else { checked(note, "Say why it is not so")? };
    let state = if accept { "accepted" } else { "refused" };
    app.db
        .change(&who.to_string(), async |tx| {
            let claim = store::claim(tx, id).await?.ok_or(Error::NotFound)?;
            if claim.state == state {
                return Err(Error::conflict("Somebody else has decided the same meanwhile."));
            }
            store::decide_claim(tx, id, state, &who.to_string(), &note).await?;
            if !note.is_empty() {
                constituency::note::note(tx, app, who, claim.organisation, ("event_claim", id), &note).await?;
            }
            let facts = json!({ "was": claim.state });
            tx.record(Record::new(&format!("event_claim.{state}"), "event_claim", id).about(claim.organisation).facts(facts));
            Ok(())
        })
        .await
}

/// Claims that wait for a decision, the oldest first, or the newest of those that are decided.
pub async fn claims(reader: &mut Reader, who: &Who, open: bool, limit: u32) -> Result<Vec<Claim>> {
    require(who, Verb::See, Noun::Event)?;
    Ok(store::claims(reader, open, limit).await?)
}

/// How many wait for a decision.
pub async fn count_claims(reader: &mut Reader, who: &Who) -> Result<i64> {
    require(who, Verb::See, Noun::Event)?;
    store::count_open_claims(reader).await
}

/// How many findings are false positives by the team's decision: of one holder, or of all.
pub async fn count_wrong(reader: &mut Reader, who: &Who, holder: Option<i64>) -> Result<i64> {
    require(who, Verb::See, Noun::Event)?;
    store::count_accepted(reader, holder).await
}

/// The findings of a holder that are wrong by the team's decision.
pub(super) async fn wrong(reader: &mut Reader, holder: i64) -> Result<BTreeSet<Key>> {
    let keys = store::accepted(reader, holder).await?;
    Ok(keys.iter().filter_map(|text| serde_json::from_str::<Key>(text).ok()).map(Key::normal).collect())
}

/// The claims about what was erased that were made up to an instant.
pub(super) async fn about_erased(reader: &mut Reader, is_erased: impl Fn(&Key) -> bool, holder: Option<i64>, until: Timestamp) -> Result<Vec<Id>> {
    let named = store::named_in_claims(reader, holder, until).await?;
    Ok(named.into_iter().filter(|(_, finding)| serde_json::from_str::<Key>(finding).is_ok_and(|key| is_erased(&key))).map(|(id, _)| id).collect())
}
