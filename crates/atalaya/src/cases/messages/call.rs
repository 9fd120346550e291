//! Calls, written down afterwards. What we said on the phone stands in the ledger like all that left, whether or not the
//! gate would have let it: it was said. Its words are for the team; the other side's page says only that we called.

use formats::label::Tlp;
use serde_json::json;
use store::{Id, Record};
use vault::blob::Hash;

use super::Message;
use super::send::{hold_reports, responded};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::apart::Apart;
use crate::cases::before::containers;
use crate::cases::message_store::{self, NewMessage};
use crate::cases::written::Written;
use crate::cases::{parties, party_store as rows, touch_in};
use crate::release::{self, Channel, Excuse, Leaving, Recipient};
use crate::reports::sightings::{Place, look_through};
use crate::text::one_line;
use crate::{App, Error, Result, once};

/// A call, as somebody writes it down.
#[derive(Clone, Debug)]
pub struct Call {
    /// Whether it is what we said; else what they said.
    pub outgoing: bool,
    /// What was said.
    pub words: String,
    /// The label of what was said.
    pub label: Tlp,
    /// Whether we answered with it.
    pub substantive: bool,
    /// Why more was said than they may be told.
    pub excuse: Excuse,
}

/// What became of a call that was to be written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It stands in the thread, as this message.
    Kept(Id),
    /// It was more than they may be told, for these reasons; nothing is written until somebody says why it was said.
    Asks(String),
}

/// Writes down a call.
pub async fn record_call(app: &App, who: &Who, party: Id, call: &Call) -> Result<Recorded> {
    require(who, Verb::Release, Noun::Message)?;
    let Call { outgoing, substantive, .. } = *call;
    app.db
        .change(&who.to_string(), async |tx| {
            let (case, to) = parties::held_for(tx, who, party).await?;
            let reports = hold_reports(tx, &case, &to).await?;
            let words = call.words.trim();
            if words.is_empty() {
                return Err(Error::invalid("Write what was said"));
            }
            // With anything after it in the thread, the same words are another call.
            let newest = message_store::of_party(tx, to.id).await?.into_iter().next_back().map(|last| last.id);
            if let Some(there) = once::made(tx, who).await?.filter(|made| newest == Some(*made)) {
                return Ok(Recorded::Kept(there));
            }
            let (id, now) = (tx.new_id(), tx.now());
            let containers = containers(tx, &case).await?;
            let label = containers.iter().copied().fold(call.label, Tlp::max);
            if outgoing {
                let mut written = Written::default();
                written.add("what was said", words);
                let apart = Apart::of(tx, app, &case, &to).await?;
                let findings = written.find(tx, app, &apart, &[]).await?;
                let mut against = to.against();
                against.extend(findings.iter().map(|finding| written.line(finding)));
                let leaving = Leaving {
                    to: Recipient { key: to.key(), name: to.name.clone(), organisation: to.organisation, ceiling: to.ceiling, address: String::new() },
                    channel: Channel::Phone,
                    noun: "message",
                    id,
                    about: case.id,
                    version: 1,
                    label,
                    containers,
                    downgrade: String::new(),
                    basis: "told by phone, written down afterwards".into(),
                    against,
                    held: Vec::new(),
                    protection: String::new(),
                    content: Hash::of(words.as_bytes()),
                };
                let excuse = Excuse { words: one_line(&call.excuse.words), of: call.excuse.of.clone() };
                if let Some(reasons) = release::said(tx, &app.profile, who, &leaving, &excuse).await? {
                    return Ok(Recorded::Asks(reasons));
                }
                rows::mark_out(tx, to.id, now).await?;
            } else {
                rows::mark_heard(tx, to.id, now).await?;
            }
            let message = Message {
                body: words.to_owned(),
                label: label.as_str().into(),
                substantive: outgoing && substantive,
                ..Message::begun(&to, id, if outgoing { "out" } else { "in" }, "phone", who, now)
            };
            message_store::insert(tx, NewMessage { message: &message, in_reply_to: None, raw: None, version: 1 }).await?;
            tx.index("message", id, case.id, "", &message.body).await?;
            if !outgoing {
                look_through(tx, &Place { about: case.id, noun: "case", message: Some(id) }, &message.body).await?;
            }
            let verb = if outgoing { "message.released" } else { "message.received" };
            tx.record(
                Record::new(verb, "message", id)
                    .about(case.id)
                    .facts(json!({ "party": to.id, "channel": "phone", "label": message.label, "substantive": message.substantive }))
                    .particulars(json!({ if outgoing { "to" } else { "from" }: to.name })),
            );
            if message.substantive {
                responded(tx, app, &case, &to, &reports).await?;
            }
            touch_in(tx, case.id).await?;
            once::makes(tx, who, id).await?;
            Ok(Recorded::Kept(id))
        })
        .await
}
