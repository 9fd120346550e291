//! Where a letter belongs: which thread it answers, if any.
//!
//! First what only we could have written: our signed `Message-ID`, then our signed reply address.
//! A tag in the subject proves nothing, so it counts only for somebody whom that case or report
//! knows already, and not when our own mail server says that the sender is forged.

use ::store::{Id, Reader};
use post::address::{ThreadKey, tags_in_subject};
use post::letter::{Envelope, Letter, LetterKind};

use crate::{App, Result, cases, outbox, reports};

/// What a letter answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A party's thread, and the address that we know the party by.
    Party(Id, String),
    /// A report's thread, and the reporter's address.
    Report(Id, String),
    /// Nothing that we know.
    Nowhere,
}

/// Finds the thread of a letter.
pub async fn find(app: &App, reader: &mut Reader, envelope: &Envelope, letter: &Letter) -> Result<Place> {
    let key = outbox::thread_key(app);
    for thread in signed(&key, envelope, letter) {
        let place = of_thread(reader, Id(thread)).await?;
        if place != Place::Nowhere {
            return Ok(place);
        }
    }
    if letter.kind == LetterKind::Ordinary && !is_forged(letter) { by_tag(app, reader, letter).await } else { Ok(Place::Nowhere) }
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
    of_report(reader, report).await
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
fn is_forged(letter: &Letter) -> bool {
    letter.authentication.as_deref().is_some_and(|verdict| verdict.to_ascii_lowercase().contains("dmarc=fail"))
}
