//! Calls, written down afterwards; what we said on the phone is a release like any other.

use formats::label::Tlp;
use serde_json::json;
use store::{Id, Record};
use vault::blob::Hash;

use super::Message;
use super::send::responded;
use crate::access::{Noun, Verb, Who, require};
use crate::cases::before::containers;
use crate::cases::message_store::{self, NewMessage};
use crate::cases::{parties, party_store as rows, touch_in};
use crate::release::{self, Channel, Leaving, Recipient};
use crate::reports::sightings::{Place, look_through};
use crate::{App, Error, Result, once};

/// Writes down a call: what they said (`in`) or what we said (`out`, which is a release).
pub async fn record_call(app: &App, who: &Who, party: Id, outgoing: bool, words: &str, label: Tlp, substantive: bool) -> Result<Id> {
    require(who, Verb::Release, Noun::Message)?;
    app.db
        .change(&who.to_string(), async |tx| {
            // Held: a merge at the same moment has ended when we look where the party is.
            tx.hold("parties", party).await?;
            let (case, to) = parties::get(tx, who, party).await?;
            if words.trim().is_empty() {
                return Err(Error::invalid("Write what was said"));
            }
            // With anything after it in the thread, the same words are another call.
            let newest = message_store::of_party(tx, to.id).await?.into_iter().next_back().map(|last| last.id);
            if let Some(there) = once::made(tx, who).await?.filter(|made| newest == Some(*made)) {
                return Ok(there);
            }
            let (id, now) = (tx.new_id(), tx.now());
            let containers = containers(tx, &case).await?;
            let label = containers.iter().copied().fold(label, Tlp::max);
            if outgoing {
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
                    against: to.against(),
                    held: Vec::new(),
                    protection: String::new(),
                    content: Hash::of(words.trim().as_bytes()),
                };
                release::release(tx, &app.profile, who, &leaving, ()).await?;
                rows::mark_out(tx, to.id, now).await?;
            } else {
                rows::mark_heard(tx, to.id, now).await?;
            }
            let message = Message {
                body: words.trim().to_owned(),
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
                responded(tx, app, &case, &to).await?;
            }
            touch_in(tx, case.id).await?;
            once::makes(tx, who, id).await?;
            Ok(id)
        })
        .await
}
