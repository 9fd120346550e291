//! What was put into a thread shows on the party's page only if the gate lets it out like a message of ours: the party did
//! not tell us this in its own thread, so that showing it tells something.

use formats::label::Tlp;
use store::Tx;
use vault::blob::Hash;

use super::Message;
use crate::access::Who;
use crate::cases::Case;
use crate::cases::apart::Apart;
use crate::cases::before::{against_page, containers};
use crate::cases::parties::{self, Party};
use crate::cases::written::{Enclosed, Written};
use crate::release::{self, Channel, Leaving, Recipient, weigh};
use crate::{App, Result};

/// Lets a party read on its page what is about to stand in its thread, if nothing is against that: the ledger has it then,
/// and the label is the one under which it left. Says why not otherwise.
pub(super) async fn show(
    tx: &mut Tx,
    app: &App,
    who: &Who,
    (case, party): (&Case, &Party),
    message: &mut Message,
    files: &[Enclosed],
) -> Result<Option<String>> {
    if message.is_doubted() {
        return Ok(Some("nobody has made sure yet who wrote it".to_owned()));
    }
    if message.channel == "phone" {
        return Ok(Some("what was said on the phone stands in our words".to_owned()));
    }
    let leaving = leaving(tx, app, (case, party), message, files).await?;
    let weighed = weigh(&app.profile, &leaving);
    if !weighed.may_leave() {
        return Ok(Some(weighed.reasons()));
    }
    release::release(tx, &app.profile, who, &leaving, ()).await?;
    message.label = weighed.effective.as_str().into();
    Ok(None)
}

/// What the gate is asked.
async fn leaving(tx: &mut Tx, app: &App, (case, party): (&Case, &Party), message: &Message, files: &[Enclosed]) -> Result<Leaving> {
    let apart = Apart::of(tx, app, case, party).await?;
    let mut written = Written::default();
    written.add("the subject", &message.subject);
    written.add("the text", &message.body);
    let findings = written.find(tx, app, &apart, files).await?;
    let containers = containers(tx, case).await?;
    let effective = containers.iter().copied().fold(message.tlp(), Tlp::max);
    let known = parties::known_as(tx, app, case, party).await?;
    let mut against = party.against();
    against.extend(findings.iter().map(|finding| written.line(finding)));
    against.extend(against_page(app, &known, effective));
    let mut content = format!("{}\n\n{}", message.subject, message.body).into_bytes();
    for (name, _, hash) in files {
        content.extend_from_slice(name.as_bytes());
        content.extend_from_slice(hash.as_bytes());
    }
    Ok(Leaving {
        to: Recipient { key: party.key(), name: party.name.clone(), organisation: party.organisation, ceiling: party.ceiling, address: String::new() },
        channel: Channel::Portal,
        noun: "message",
        id: message.id,
        about: case.id,
        version: 1,
        label: message.tlp(),
        containers,
        downgrade: String::new(),
        basis: "an answer of its own that came as a report, put into its thread".into(),
        against,
        held: Vec::new(),
        protection: String::new(),
        content: Hash::of(&content),
    })
}
