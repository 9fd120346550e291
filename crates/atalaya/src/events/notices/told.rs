//! What was told, and what could not be.

use ::store::{Id, Reader, Statement};
use formats::label::Tlp;
use jiff::Timestamp;
use vault::blob::Hash;

use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::release::{self, Channel, Leaving, Recipient, Released};
use crate::{App, Error, Result, constituency};

/// A notice as it was told.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Id.
    pub id: Id,
    /// `N-2026-000017`.
    pub number: String,
    /// The organisation's number in the events.
    pub holder: i64,
    /// The organisation.
    pub organisation: Id,
    /// The first of the rules that it speaks for.
    pub rule: Id,
    /// The organisation's how-manieth.
    pub turn: i64,
    /// After which arrival, and up to which, it speaks.
    pub arrivals: (i64, i64),
    /// To which contact.
    pub contact: Id,
    /// `mail`, `encrypted mail`, `portal`.
    pub channel: String,
    /// Its label.
    pub label: Tlp,
    /// Its language.
    pub language: String,
    /// Events.
    pub events: i64,
    /// Findings that are new, those seen again included.
    pub fresh: i64,
    /// Of these, seen again.
    pub again: i64,
    /// Findings still seen.
    pub lasting: i64,
    /// Findings gone.
    pub gone: i64,
    /// The worst.
    pub severity: i8,
    /// Subject.
    pub subject: String,
    /// The exact text.
    pub content: Hash,
    /// The list.
    pub csv: Hash,
    /// Lines of the list.
    pub lines: i64,
    /// Whether it went along.
    pub attached: bool,
    /// When.
    pub at: Timestamp,
}

impl Notice {
    /// The key of how bad the worst is, in words.
    pub fn severity_key(&self) -> String {
        format!("notice-severity-{}", self.severity.clamp(0, 4))
    }
}

/// An organisation that something should be told, and why it cannot be.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// The organisation's number in the events.
    pub holder: i64,
    /// The organisation.
    pub organisation: Id,
    /// The rule that would speak.
    pub rule: Id,
    /// Why it does not.
    pub why: String,
    /// Findings that wait.
    pub findings: i64,
    /// The worst of them.
    pub severity: i8,
    /// Since when.
    pub since: Timestamp,
}

/// A notice as the thread that answers come back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeThread {
    /// Its number.
    pub number: String,
    /// The organisation.
    pub organisation: Id,
    /// The contact that it went to.
    pub contact: Id,
}

/// The notice that a thread is.
pub async fn of_thread(reader: &mut Reader, thread: Id) -> Result<Option<NoticeThread>> {
    store::thread(reader, thread).await
}

/// The list's statement, for the list and for the test that it does not sort.
pub fn notices_statement(organisation: Option<Id>, before: Option<(Timestamp, Id)>, limit: u32) -> Statement {
    store::notices_statement(organisation, None, before, limit)
}

/// Notices, the newest first.
pub async fn notices(reader: &mut Reader, who: &Who, organisation: Option<Id>, before: Option<(Timestamp, Id)>, limit: u32) -> Result<Vec<Notice>> {
    require(who, Verb::See, Noun::Event)?;
    Ok(reader.select(notices_statement(organisation, before, limit)).await?)
}

/// A notice, with the rules that it speaks for and their moments.
pub async fn notice(reader: &mut Reader, who: &Who, number: &str) -> Result<(Notice, Vec<(String, String)>)> {
    require(who, Verb::See, Noun::Event)?;
    let one = store::notice_numbered(reader, number).await?.ok_or(Error::NotFound)?;
    let slots = store::slots_of(reader, one.id).await?;
    Ok((one, slots))
}

/// Whom nothing can be told, the oldest first.
pub async fn held(reader: &mut Reader, who: &Who) -> Result<Vec<Held>> {
    require(who, Verb::See, Noun::Event)?;
    store::held(reader, 200).await
}

/// How many organisations were not told of something yet (1,001 for more), and when the next rule speaks.
pub async fn pending(reader: &mut Reader, who: &Who) -> Result<(i64, Option<Timestamp>)> {
    require(who, Verb::See, Noun::Event)?;
    Ok((store::count_pending(reader).await?, store::next_turn(reader).await?))
}

/// Whether everything waits, because files that were stored are being read again.
pub async fn is_waiting(reader: &mut Reader, who: &Who) -> Result<bool> {
    require(who, Verb::See, Noun::Event)?;
    Ok(store::is_half_filled(reader).await?)
}

/// How many organisations nothing can be told.
pub async fn count_held(reader: &mut Reader, who: &Who) -> Result<i64> {
    require(who, Verb::See, Noun::Event)?;
    store::count_held(reader).await
}

/// Tries again now to tell an organisation what is held.
pub async fn tell_again(app: &App, who: &Who, organisation: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Event)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let holder = constituency::number_of(tx, organisation).await?;
            let held = store::held_of(tx, holder).await?.ok_or_else(|| Error::conflict("Nothing is held of this organisation any more."))?;
            // A moment of its own, so that it is none that was told before.
            store::put_due(tx, holder, held.rule, &format!("by hand {}", tx.now())).await?;
            super::round::enqueue_tell(tx, holder, tx.now()).await?;
            tx.record(::store::Record::new("notice.tried_again", "organisation", organisation).facts(serde_json::json!({ "rule": held.rule })));
            Ok(())
        })
        .await
}

/// The notices of a member's organisation, the newest first, as far as its page may show them: of what is above, nothing
/// is said here either.
pub async fn of_member(reader: &mut Reader, app: &App, who: &Who, limit: u32) -> Result<Vec<Notice>> {
    require(who, Verb::See, Noun::Membership)?;
    let organisation = who.organisation().ok_or(Error::NotFound)?;
    let ceiling = constituency::get(reader, organisation).await?.ceiling.min(Channel::Portal.ceiling(&app.profile));
    Ok(reader.select(store::notices_statement(Some(organisation), Some(ceiling), None, limit)).await?)
}

/// A notice as a member may read it again: none of another's, and only as far as a page may show it.
pub async fn for_member(app: &App, who: &Who, number: &str) -> Result<Released<Notice>> {
    require(who, Verb::See, Noun::Membership)?;
    let organisation = who.organisation().ok_or(Error::NotFound)?;
    let mut reader = app.db.read().await?;
    let one = store::notice_numbered(&mut reader, number).await?.filter(|one| one.organisation == organisation).ok_or(Error::NotFound)?;
    let known = constituency::get(&mut reader, organisation).await?;
    drop(reader);
    let leaving = Leaving {
        to: Recipient {
            key: format!("organisation:{organisation}"),
            name: known.name,
            organisation: Some(organisation),
            ceiling: known.ceiling,
            address: String::new(),
        },
        channel: Channel::Portal,
        noun: "event_notice",
        id: one.id,
        about: organisation,
        version: 1,
        label: one.label,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "notice".into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: String::new(),
        content: one.content,
    };
    release::once(&app.db, &app.profile, who, &leaving, one).await
}
