//! Where a letter belongs: which thread it answers, if any.
//!
//! First what only we could have written: our signed `Message-ID`, then our signed reply address.
//! A tag in the subject proves nothing, so it counts only for somebody whom that case or report
//! knows already, and not when our own mail server says that the sender is forged.

use ::store::{Id, Reader};
use post::address::{ThreadKey, tags_in_subject};
use post::letter::{Envelope, Letter, LetterKind};

use crate::events::notices::{self, NoticeThread};
use crate::publications::readers;
use crate::publications::warnings::{self, WarningThread};
use crate::{App, Result, cases, outbox, reports};

/// What a letter answers. The flag says whether it is sure to come from who may answer there: by our
/// own signature, or because our mail server vouches for the sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Where it belongs.
    pub place: Place,
    /// Whether the sender is known to be no stranger.
    pub sure: bool,
}

/// A thread, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A party's thread, and the address that we know the party by.
    Party(Id, String),
    /// A report's thread, and the reporter's address.
    Report(Id, String),
    /// Something that the team told of its own accord.
    Told(Told),
    /// Nothing that we know.
    Nowhere,
}

/// What the team tells of its own accord: an answer to it is a report like any other, and what comes back by itself is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// A notice about an organisation's events.
    Notice(NoticeThread),
    /// A letter to an organisation about a publication.
    Warning(WarningThread),
    /// A mail to somebody who asked to be told.
    Reader(Id),
}

impl Told {
    /// What it is.
    pub fn what(&self) -> String {
        match self {
            Self::Notice(notice) => format!("the notice {}", notice.number),
            Self::Warning(warning) => format!("the warning about {}", warning.name),
            Self::Reader(_) => "a mail to a reader".into(),
        }
    }

    /// The organisation that was told, and its contact.
    pub fn organisation(&self) -> Option<(Id, Id)> {
        match self {
            Self::Notice(notice) => Some((notice.organisation, notice.contact)),
            Self::Warning(warning) => Some((warning.organisation, warning.contact)),
            Self::Reader(_) => None,
        }
    }

    /// What a mail that comes back to it is about.
    pub fn about(&self) -> Id {
        match self {
            Self::Notice(notice) => notice.organisation,
            Self::Warning(warning) => warning.organisation,
            Self::Reader(id) => *id,
        }
    }
}

/// Finds the thread of a letter.
pub async fn find(app: &App, reader: &mut Reader, envelope: &Envelope, letter: &Letter) -> Result<Placed> {
    let key = outbox::thread_key(app);
    for thread in signed(&key, envelope, letter) {
        let place = of_thread(reader, Id(thread)).await?;
        if place != Place::Nowhere {
            return Ok(Placed { place, sure: true });
        }
    }
    let place = if letter.kind == LetterKind::Ordinary && !is_forged(letter) { by_tag(app, reader, letter).await? } else { Place::Nowhere };
    Ok(Placed { place, sure: is_vouched_for(letter) })
}

/// The threads that our own signatures in the letter name, the surest first.
fn signed(key: &ThreadKey, envelope: &Envelope, letter: &Letter) -> Vec<[u8; 16]> {
    let ids = letter.in_reply_to.iter().chain(letter.references.iter().rev());
    let addresses = envelope.to.iter().chain(letter.to.iter().chain(&letter.cc).map(|address| &address.mail));
    let mut threads: Vec<[u8; 16]> = ids.filter_map(|id| key.thread_of_message_id(id)).collect();
    threads.extend(addresses.filter_map(|address| key.thread_of_address(address)));
    threads
}

async fn of_thread(reader: &mut Reader, thread: Id) -> Result<Place> {
    if let Some((party, mail)) = cases::party_of_thread(reader, thread).await? {
        return Ok(Place::Party(party, mail));
    }
    let report = reports::get(reader, thread).await?;
    let place = of_report(reader, report).await?;
    if place != Place::Nowhere {
        return Ok(place);
    }
    if let Some(notice) = notices::of_thread(reader, thread).await? {
        return Ok(Place::Told(Told::Notice(notice)));
    }
    if let Some(warning) = warnings::of_thread(reader, thread).await? {
        return Ok(Place::Told(Told::Warning(warning)));
    }
    Ok(if readers::is_thread(reader, thread).await? { Place::Told(Told::Reader(thread)) } else { Place::Nowhere })
}

/// A reporter who stands in a case as a party is spoken to there.
async fn of_report(reader: &mut Reader, report: Option<reports::Report>) -> Result<Place> {
    let Some(report) = report else { return Ok(Place::Nowhere) };
    if let Some((party, mail)) = cases::party_of_report(reader, report.id).await? {
        return Ok(Place::Party(party, mail));
    }
    Ok(Place::Report(report.id, report.reporter_mail))
}

async fn by_tag(app: &App, reader: &mut Reader, letter: &Letter) -> Result<Place> {
    let Some(from) = letter.from.as_ref().map(|from| from.mail.as_str()).filter(|mail| !mail.is_empty()) else { return Ok(Place::Nowhere) };
    for number in tags_in_subject(&letter.subject, &app.profile.team.number_prefix) {
        if let Some(party) = cases::party_of_tag(reader, &number, from).await? {
            return Ok(Place::Party(party, from.to_owned()));
        }
    }
    for number in tags_in_subject(&letter.subject, "R") {
        let report = reports::find(reader, &number).await?.filter(|report| report.reporter_mail.eq_ignore_ascii_case(from));
        if report.is_some() {
            return of_report(reader, report).await;
        }
    }
    Ok(Place::Nowhere)
}

/// What our own mail server says of the sender's domain (RFC 8601); without it nobody knows.
pub fn is_forged(letter: &Letter) -> bool {
    letter.authentication.as_deref().is_some_and(|verdict| verdict.to_ascii_lowercase().contains("dmarc=fail"))
}

/// Whether our own mail server found that the sender's domain sent it: DMARC, or SPF or DKIM for that very domain.
pub fn is_vouched_for(letter: &Letter) -> bool {
    let domain = letter.from.as_ref().and_then(|from| from.mail.rsplit_once('@')).map(|(_, domain)| domain.to_ascii_lowercase());
    let (Some(domain), Some(verdict)) = (domain, letter.authentication.as_deref()) else { return false };
    let of_it = |result: &str| {
        let words = result.split_whitespace().filter_map(|word| word.split_once('='));
        let mut values = words.filter(|(name, _)| ["smtp.mailfrom", "header.d", "header.i"].contains(name)).map(|(_, value)| value.rsplit('@').next());
        values.any(|value| value == Some(domain.as_str()))
    };
    verdict.to_ascii_lowercase().split(';').map(str::trim).any(|result| {
        let passed = |method: &str| result.strip_prefix(method).is_some_and(|rest| rest.split_whitespace().next() == Some("=pass"));
        passed("dmarc") || ((passed("spf") || passed("dkim")) && of_it(result))
    })
}
