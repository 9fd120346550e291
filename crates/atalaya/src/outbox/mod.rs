//! Mail on its way out, and what came back undeliverable.
//!
//! [`queue`] writes the mail, byte for byte as it will be sent, in the change that released it; the
//! job `send_mail` hands it to the smarthost, those of its [`Turn`] first. Without a smarthost mail waits, and says so.

mod pace;
mod send;
mod store;
mod way;

use std::collections::HashMap;

use ::store::{Id, Kept, Reader, Record, Tx};
use jiff::Timestamp;
use post::address::ThreadKey;
use post::compose::{GENERATED, Outgoing, REPLIED, compose};
use post::letter::{Address, Attachment};
use serde_json::json;
use vault::blob::Hash;

use crate::access::{Noun, Verb, Who, require};
use crate::keys::{self, Protect};
use crate::release::Released;
use crate::{App, Error, Result, constituency};

pub use pace::Turn;
pub use send::{Memory, send_mail, wake};
pub use way::{Going, Way, by_mail, usable, way};

/// A mail that passed the gate, to exactly one recipient.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The report or case it belongs to.
    pub about: Id,
    /// The message it carries, if it is one.
    pub message: Option<Id>,
    /// The contact it goes to, if it is one.
    pub contact: Option<Id>,
    /// The thread (party or report id) that answers come back to.
    pub thread: Id,
    /// Recipient.
    pub to_name: String,
    /// Recipient's address.
    pub to: String,
    /// Subject, without the number's tag.
    pub subject: String,
    /// Public number for the subject tag.
    pub number: String,
    /// Text.
    pub text: String,
    /// Language of the text.
    pub language: String,
    /// `Message-ID` that it answers.
    pub in_reply_to: Option<String>,
    /// Set on acknowledgements: automatic, must not be answered by robots.
    pub automatic: bool,
    /// Attachments: name, media type, bytes.
    pub files: Vec<(String, String, Vec<u8>)>,
    /// Signed with which key, encrypted to which.
    pub protect: Protect,
    /// It is one of many that say the same.
    pub list: Option<List>,
}

/// What a mail carries that is one of many.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// Further fields of its head.
    pub headers: Vec<(String, String)>,
    /// `Message-ID`s of the mails that it follows, the first one first.
    pub references: Vec<String>,
}

/// Queues a released mail; gives its `Message-ID`.
pub async fn queue(tx: &mut Tx, app: &App, mail: Released<Mail>) -> Result<String> {
    queue_in_turn(tx, app, mail, Turn::Letter).await
}

/// [`queue`] for what may have to wait behind what is more urgent.
pub async fn queue_in_turn(tx: &mut Tx, app: &App, mail: Released<Mail>, turn: Turn) -> Result<String> {
    let ledger = mail.ledger();
    let mail = mail.into_value();
    let team = app.profile.mail.as_ref().ok_or_else(|| Error::conflict("The team has no mail; nothing was sent."))?;
    let (id, now) = (tx.new_id(), tx.now());
    let key = thread_key(app);
    let (local, domain) = team.from_address.rsplit_once('@').ok_or_else(|| Error::fault("the team's address has no @"))?;
    let message_id = key.message_id(mail.thread.bytes(), &tx.random(), domain);
    // Absence notes and bounces go to the envelope's sender (RFC 3834 section 4): it finds the thread too.
    let reply = key.reply_address(local, domain, mail.thread.bytes()).ok();
    let sender = reply.clone().unwrap_or_else(|| team.from_address.clone());
    let (tag, protect) = (if mail.number.is_empty() { String::new() } else { format!("{} ", post::address::subject_tag(&mail.number)) }, mail.protect);
    let is_list = mail.list.is_some();
    let list = mail.list.unwrap_or_default();
    let plain = compose(&Outgoing {
        message_id: message_id.clone(),
        from: Address::named(team.from_name.text(&mail.language), &team.from_address),
        to: Address { name: Some(mail.to_name.clone()).filter(|name| !name.is_empty()), mail: mail.to.clone() },
        reply_to: reply.as_deref().map(Address::bare),
        subject: format!("{tag}{}", mail.subject),
        text: mail.text,
        language: Some(mail.language).filter(|tag| !tag.is_empty()),
        date: now.as_microsecond(),
        references: if is_list { list.references } else { mail.in_reply_to.iter().cloned().collect() },
        auto_submitted: mail.automatic.then(|| if mail.in_reply_to.is_some() && !is_list { REPLIED } else { GENERATED }),
        // What a stranger's program wrote as an id may be none that can be written.
        in_reply_to: mail.in_reply_to.filter(|id| is_message_id(id)),
        attachments: mail
            .files
            .into_iter()
            .map(|(name, media_type, content)| Attachment { name, media_type, size: content.len(), content, inline: false })
            .collect(),
        headers: list.headers,
    })
    .map_err(|error| Error::invalid(format!("This mail cannot be written. {error}")))?;
    // Outside of what is encrypted stands the number alone: answers find their thread by it.
    let raw = keys::protect::seal(tx, app, plain, &protect, &format!("{tag}...")).await?;
    let kept = app.blobs.seal(&raw)?;
    tx.keep(&kept).await?;
    let answer = if team.smarthost.is_some() { "" } else { "No smarthost is configured: the mail waits." };
    let row = store::New {
        id,
        ledger,
        about: mail.about,
        message: mail.message,
        contact: mail.contact,
        message_id: &message_id,
        sender: &sender,
        recipient: &mail.to,
        raw: kept.hash,
        answer,
        turn,
    };
    store::insert(tx, row).await?;
    if team.smarthost.is_some() {
        let now = tx.now();
        send::enqueue_at(tx, id, turn, now).await?;
    }
    Ok(message_id)
}

/// The key that signs the ids by which answers find their thread.
pub fn thread_key(app: &App) -> ThreadKey {
    ThreadKey::new(app.key.secret("thread"))
}

fn is_message_id(id: &str) -> bool {
    let inner = id.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or_default();
    (3..=900).contains(&inner.len()) && inner.contains('@') && inner.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'<' && byte != b'>')
}

/// Lets a mail that failed be tried again.
pub async fn again(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Outgoing)?;
    let smarthost = app.profile.mail.as_ref().is_some_and(|mail| mail.smarthost.is_some());
    app.db
        .change(&who.to_string(), async |tx| {
            let mail = store::get(tx, id).await?.ok_or(Error::NotFound)?;
            if mail.state != "failed" {
                return Err(Error::conflict("Only a mail that failed can be tried again."));
            }
            store::queue_again(tx, &mail).await?;
            if smarthost {
                let now = tx.now();
                send::enqueue_at(tx, id, mail.turn, now).await?;
            }
            tx.record(
                Record::new("mail.tried_again", "mail", mail.id)
                    .about(mail.about)
                    .facts(json!({ "message": mail.message }))
                    .particulars(json!({ "address": mail.recipient })),
            );
            Ok(())
        })
        .await
}

/// A demonstration's past: what its people wrote so far counts as sent, and never leaves.
pub async fn pretend_sent(app: &App) -> Result<()> {
    let who = Who::Operator;
    app.db
        .change(&who.to_string(), async |tx| {
            let count = store::pretend_sent(tx, "Made for the demonstration; it never left this machine.").await?;
            tx.record(Record::new("outbox.pretended", "outbox", tx.new_id()).facts(json!({ "mails": count })));
            Ok(())
        })
        .await
}

/// How a mail fares.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// `queued`, `sent`, `failed`, `bounced`, `taken_back`.
    pub state: String,
    /// What the other side said last.
    pub answer: String,
    /// When it was sent.
    pub sent_at: Option<Timestamp>,
    /// To whom.
    pub recipient: String,
}

/// How the mails of these messages fare.
pub async fn deliveries(reader: &mut Reader, messages: impl IntoIterator<Item = Id>) -> Result<HashMap<Id, Delivery>> {
    let messages: Vec<Id> = messages.into_iter().collect();
    Ok(store::deliveries(reader, &messages).await?.into_iter().collect())
}

/// How the newest mail of each of these things that were let out stands: `queued`, `sent`, `failed`, `bounced`, `taken_back`.
pub async fn states(reader: &mut Reader, nouns: &[Id]) -> Result<HashMap<Id, String>> {
    Ok(store::states_of_nouns(reader, nouns).await?.into_iter().collect())
}

/// Puts `stub` in the place of the mail with something that was let out. One that waits is taken back: it is never sent;
/// nor can one that failed be tried again. Returns the bytes that nothing names any more, and whether any that waited was taken back.
pub async fn erase(tx: &mut Tx, noun: Id, stub: &Kept) -> Result<(Vec<Hash>, bool)> {
    let (mut gone, mut back) = (Vec::new(), false);
    for (id, raw, state) in store::of_noun(tx, noun).await? {
        let taken = store::take_back(tx, id, "What it said was erased.").await?;
        back |= taken && state == "queued";
        if raw != stub.hash {
            tx.keep(stub).await?;
            store::replace_raw(tx, id, stub.hash).await?;
            gone.push(raw);
        }
    }
    Ok((gone, back))
}

/// A bounce came back for the mail with this `Message-ID`: marks the mail, its message and its contact. Says the thread's case or report, if the mail was ours.
///
/// Nobody guesses such an id: who knows it got the mail, or handled it.
pub async fn bounced(tx: &mut Tx, mail_message_id: &str, text: &str, permanent: bool) -> Result<Option<Id>> {
    let Some(mail) = store::by_message_id(tx, mail_message_id).await? else { return Ok(None) };
    if permanent {
        store::fail(tx, &mail, "bounced", text, true).await?;
        if let Some(contact) = mail.contact {
            constituency::mark_bounced(tx, contact, text).await?;
        }
    } else {
        store::note(tx, mail.id, text).await?;
    }
    let verb = if permanent { "mail.bounced" } else { "mail.delayed" };
    tx.record(
        Record::new(verb, "mail", mail.id)
            .about(mail.about)
            .facts(json!({ "message": mail.message, "contact": mail.contact }))
            .particulars(json!({ "address": mail.recipient, "answer": text })),
    );
    Ok(Some(mail.about))
}
