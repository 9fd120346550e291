//! Messages: what we say to a party and what it says to us.
//!
//! A draft is a person's own and saves itself; nothing of it leaves ([`draft`]). [`release`] lets it
//! out in one change: rights, the gate with the leak check of [`super::before`], ledger, message,
//! mail, clocks and timeline, all or nothing. Answers come back by [`receive_answer`].
//!
//! The response that clocks wait for is the first substantive message that a person releases to whom it was
//! promised: for a report's clocks, its reporter and nobody else; for the case's own, whom the promise names
//! ([`crate::profile::KeptBy`]). Who left no address is answered in its own thread, and reads it on the
//! report's page.

mod accept;
mod call;
mod draft;
mod place;
mod receive;
mod send;
mod shown;

use std::collections::HashMap;

use formats::label::Tlp;
use jiff::Timestamp;
use store::{Id, Reader};
use vault::blob::Hash;

pub use accept::{accept, refuse};
pub use call::{Call, Recorded, record_call};
pub use draft::{Draft, DraftFile, Drafted, Moving, draft, drafted, drop_draft, keep_files, save_draft};
pub use place::{Placed, place_report, placed, take_back};
pub use receive::{receive_answer, receive_for_report};
pub use send::release;

use super::parties::{self, Party};
use super::recommendations::{self, Recommendation};
use super::{Case, message_store, party_store, recommendation_store};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, keys, release};

/// A message in a thread.
#[derive(Clone, Debug)]
pub struct Message {
    /// Id.
    pub id: Id,
    /// The case.
    pub case: Option<Id>,
    /// The thread.
    pub party: Option<Id>,
    /// `in` or `out`.
    pub direction: String,
    /// `mail`, `portal`, `phone`.
    pub channel: String,
    /// Subject, or empty.
    pub subject: String,
    /// Text.
    pub body: String,
    /// Label, as text.
    pub label: String,
    /// Language tag.
    pub language: String,
    /// `released`, `received`, `doubted` (it may be another's, and stands on no page but ours), `refused` (it is another's),
    /// `automatic`, `failed`.
    pub state: String,
    /// Whether it counts as a response.
    pub substantive: bool,
    /// `Message-ID`, if it went or came by mail.
    pub mail_message_id: Option<String>,
    /// Who wrote or released it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What came, as it came.
    pub raw: Option<Hash>,
    /// The report that it came as, if it was put into the thread.
    pub placed_from: Option<Id>,
    /// Attachments.
    pub files: Vec<Attached>,
    /// The recommendations that it carried.
    pub recommendations: Vec<Recommendation>,
    /// What was found of the mail: encrypted, signed, by whom.
    pub seals: Vec<keys::Line>,
}

impl Message {
    /// A message in the thread of a party, still without words.
    fn begun(party: &Party, id: Id, direction: &str, channel: &str, who: &Who, at: Timestamp) -> Self {
        Self {
            id,
            case: Some(party.case),
            party: Some(party.id),
            direction: direction.into(),
            channel: channel.into(),
            subject: String::new(),
            body: String::new(),
            label: String::new(),
            language: party.language.clone(),
            state: if direction == "out" { "released" } else { "received" }.into(),
            substantive: false,
            mail_message_id: None,
            by: who.to_string(),
            at,
            raw: None,
            placed_from: None,
            files: Vec::new(),
            recommendations: Vec::new(),
            seals: Vec::new(),
        }
    }

    /// Whether it is ours.
    pub fn ours(&self) -> bool {
        self.direction == "out"
    }

    /// Whether it may be another's than its thread says: nobody made sure that it is not.
    pub fn is_doubted(&self) -> bool {
        self.is_undecided() || self.is_refused()
    }

    /// Whether somebody has to make sure still.
    pub fn is_undecided(&self) -> bool {
        self.state == "doubted"
    }

    /// Whether somebody made sure that it is another's.
    pub fn is_refused(&self) -> bool {
        self.state == "refused"
    }

    /// Whether it is the party's own, as far as anybody knows: it told us this itself, and may read it again. What a party
    /// said on the phone stands in the words of an analyst: those are ours. What may be a stranger's is nobody's own. What
    /// came as a report of somebody else's, and was put into the thread, is the party's only once the gate let it out.
    pub fn is_own(&self) -> bool {
        self.direction == "in" && self.channel != "phone" && !self.is_doubted() && self.placed_from.is_none()
    }

    /// Whether the party can know of it: what may be a stranger's is nobody's, and what was put into its thread only
    /// where the gate let it out to it.
    pub fn is_known(&self, told: &release::Told) -> bool {
        !self.is_doubted() && (self.placed_from.is_none() || told.has(self.id))
    }

    /// Whether it came as a mail that is kept.
    pub fn came_by_mail(&self) -> bool {
        !self.ours() && self.channel == "mail" && self.raw.is_some()
    }

    /// The label, for its chip.
    pub fn tlp(&self) -> Tlp {
        self.label.parse().unwrap_or(Tlp::Red)
    }

    /// The channel in words.
    pub fn channel_word(&self) -> &'static str {
        match self.channel.as_str() {
            "mail" => "by mail",
            "phone" => "by phone",
            _ => "on the page",
        }
    }
}

/// A file of a message.
#[derive(Clone, Debug)]
pub struct Attached {
    /// Id.
    pub id: Id,
    /// The message.
    pub message: Id,
    /// Name.
    pub name: String,
    /// Media type as given; never sent to a browser as such.
    pub media_type: String,
    /// Bytes.
    pub size: u64,
    /// The content.
    pub blob: Hash,
}

impl Attached {
    /// The size in words.
    pub fn size_word(&self) -> String {
        crate::web::show::size(self.size)
    }
}

/// The thread of a party, oldest first, with files and recommendations: for the team.
pub async fn thread(reader: &mut Reader, party: Id) -> Result<Vec<Message>> {
    let messages = message_store::of_party(reader, party).await?;
    let advice = recommendation_store::of_party(reader, party).await?;
    filled(reader, messages, &advice).await
}

/// The newest messages of a case, oldest first, with files and recommendations: for the team.
pub async fn of_case(reader: &mut Reader, case: Id, most: u32) -> Result<Vec<Message>> {
    let mut messages = message_store::of_case(reader, case, most).await?;
    messages.reverse();
    let advice = recommendation_store::of_case(reader, case).await?;
    filled(reader, messages, &advice).await
}

async fn filled(reader: &mut Reader, mut messages: Vec<Message>, advice: &[Recommendation]) -> Result<Vec<Message>> {
    let ids: Vec<Id> = messages.iter().map(|message| message.id).collect();
    let files = message_store::files(reader, &ids).await?;
    let mut seals = keys::lines(reader, &ids).await?;
    for message in &mut messages {
        message.seals = seals.remove(&message.id).unwrap_or_default();
        message.files = files.iter().filter(|file| file.message == message.id).cloned().collect();
        message.recommendations = advice.iter().filter(|one| one.message == Some(message.id)).cloned().collect();
    }
    Ok(messages)
}

/// In whose threads these messages of cases stand, and since when: message, party, time.
pub async fn threads_of(reader: &mut Reader, ids: &[Id]) -> Result<Vec<(Id, Id, Timestamp)>> {
    Ok(if ids.is_empty() { Vec::new() } else { message_store::threads_of(reader, ids).await? })
}

/// What a party may read again on its page: its own messages, and of ours those that the ledger
/// says it got, as far as the portal's ceiling allows. Of a call it reads that there was one: the words are the team's.
pub async fn told(reader: &mut Reader, app: &App, party: &Party) -> Result<Vec<release::Released<Message>>> {
    let told = release::told(reader, &app.profile, &party.key()).await?;
    let messages = thread(reader, party.id).await?.into_iter().filter(|message| message.state != "automatic");
    let shown = messages.map(|message| if message.channel == "phone" { Message { body: String::new(), ..message } } else { message });
    Ok(shown.filter_map(|message| told.again(message.id, message.is_own(), message)).collect())
}

/// When mails came into a party's thread that are kept off its page, because they may be another's.
pub async fn held(reader: &mut Reader, party: Id) -> Result<Vec<Timestamp>> {
    let messages = message_store::of_party(reader, party).await?;
    Ok(messages.iter().filter(|message| message.is_undecided()).map(|message| message.at).collect())
}

/// The parties of a case in whose threads a mail stands of which nobody has made sure who wrote it.
pub async fn doubted_in(reader: &mut Reader, case: Id) -> Result<Vec<Id>> {
    message_store::doubted_in(reader, case).await
}

/// The subject of the newest message to each of these parties that it may read again, in two statements
/// however many there are; who was told nothing is not among them.
pub async fn last_subjects(reader: &mut Reader, app: &App, parties: &[Id]) -> Result<HashMap<Id, String>> {
    let told = release::told_to_each(reader, &app.profile, &parties.iter().map(|id| parties::key_of(*id)).collect::<Vec<_>>()).await?;
    let mut last = HashMap::new();
    for (message, party, subject) in message_store::subjects(reader, parties).await? {
        let again = told.get(&parties::key_of(party)).and_then(|told| told.again(message, false, subject));
        if let Some(subject) = again {
            last.entry(party).or_insert_with(|| subject.into_value());
        }
    }
    Ok(last)
}

/// A file of a message, if this person of the team may see it.
pub async fn file_for_staff(reader: &mut Reader, who: &Who, case: &Case, message: Id, file: Id) -> Result<Attached> {
    require(who, Verb::See, Noun::Message)?;
    let found = message_store::get(reader, message).await?.filter(|found| found.case == Some(case.id)).ok_or(Error::NotFound)?;
    message_store::files(reader, &[found.id]).await?.into_iter().find(|one| one.id == file).ok_or(Error::NotFound)
}

/// The mail that an answer came as, as a file, if this person of the team may see it.
pub async fn original(reader: &mut Reader, who: &Who, case: &Case, message: Id) -> Result<Attached> {
    require(who, Verb::See, Noun::Message)?;
    let found = get(reader, case, message).await?;
    let blob = found.raw.filter(|_| found.came_by_mail()).ok_or(Error::NotFound)?;
    Ok(Attached { id: found.id, message: found.id, name: format!("{}-{}.eml", case.number, found.id), media_type: "message/rfc822".into(), size: 0, blob })
}

/// A message of a case, for handing its words on.
pub async fn get(reader: &mut Reader, case: &Case, message: Id) -> Result<Message> {
    message_store::get(reader, message).await?.filter(|found| found.case == Some(case.id)).ok_or(Error::NotFound)
}

/// The recommendations that wait for an organisation's answer, newest first, each with the number of its case.
pub async fn asked_of(reader: &mut Reader, organisation: Id) -> Result<Vec<(Recommendation, String)>> {
    let asked = recommendation_store::of_organisation(reader, organisation).await?;
    let ids: Vec<Id> = asked.iter().map(|one| one.case).collect();
    let numbers = party_store::numbers(reader, &ids).await?;
    let number = |case: Id| numbers.iter().find(|(id, _, _)| *id == case).map(|(_, number, _)| number.clone()).unwrap_or_default();
    Ok(asked.into_iter().map(|one| (one.clone(), number(one.case))).collect())
}

/// The recommendations of a party that it may see, newest first.
pub async fn advice_for(reader: &mut Reader, party: Id) -> Result<Vec<Recommendation>> {
    let mut all = recommendations::of_party(reader, party).await?;
    all.retain(|one| one.message.is_some());
    all.reverse();
    Ok(all)
}
