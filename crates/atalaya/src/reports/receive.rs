//! Taking a report in: one change that keeps the original and says what is known at once.
//!
//! The order of the statements is the same for every report, and what several reports may share
//! (observables) is written sorted, so that reports taken in at the same time never wait for each
//! other in a circle.

use std::collections::HashSet;

use ::store::{Id, Record, Tx};
use data_encoding::BASE32_NOPAD;
use formats::observable::{DISTINCT_CAP, Observable};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::sightings::{LONGEST, Place, look, sight};
use super::{KINDS, NewReport, Receipt, report, sender, store};
use crate::access::Who;
use crate::clocks::{self, Facts};
use crate::constituency::Match;
use crate::text::short_line;
use crate::{App, Error, Result, once};

/// Takes a report in: durable when it returns.
pub async fn receive(app: &App, who: &Who, new: NewReport) -> Result<Receipt> {
    app.db
        .change(&who.to_string(), async |tx| {
            // The same request at the same time waits here for the first.
            if let Some(key) = &new.idempotency {
                tx.alone(key).await?;
            }
            if let Some(made) = once::made(tx, who).await? {
                let report = super::states::must(tx, made).await?;
                return Ok(Receipt { id: report.id, number: report.number, secret: String::new() });
            }
            let receipt = receive_in(tx, app, new).await?;
            once::makes(tx, who, receipt.id).await?;
            Ok(receipt)
        })
        .await
}

/// Takes a report in, inside a change that does more.
pub async fn receive_in(tx: &mut Tx, app: &App, new: NewReport) -> Result<Receipt> {
    if let Some(key) = &new.idempotency
        && let Some((id, number)) = report::by_idempotency(tx, key).await?
    {
        return Ok(Receipt { id, number, secret: String::new() });
    }
    // What is read is what was told: a title of our making is cut, and an address cut short is another address.
    let told = format!("{}\n{}\n{}", new.title, new.body, new.attached).replace('\0', "\u{2400}");
    let new = tidy(app, new)?;
    let (id, now) = (tx.new_id(), tx.now());
    tx.keep(&new.raw).await?;
    for file in &new.files {
        tx.keep(&file.kept).await?;
    }
    store::add_files(tx, id, None, &new.files).await?;

    let (seen, capped, too_long) = look(&told);
    let owners = sight(tx, &Place::report(id), &seen).await?;
    let mut problems = new.problems.clone();
    if capped {
        problems.push(format!("The text names more than {DISTINCT_CAP} addresses, names and hashes; the first {DISTINCT_CAP} are listed."));
    }
    if too_long > 0 {
        problems.push(format!("{too_long} of the addresses that it names are longer than {LONGEST} bytes; they stand in the text only."));
    }
    if let Some(error) = unwritable(&new.reporter_mail) {
        problems.push(format!("The reporter cannot be written to: {error}."));
    }
    let organisation = sender::organisation(tx, &new).await?;
    let mut due = None;
    // Who was unsealed waits in the sealed dialogue: its own clock is the promise.
    if new.channel != "sealed" {
        let facts = Facts { event: "received", kind: new.kind.clone(), urgent: new.urgent, help: new.help };
        due = clocks::start(tx, app, "report", id, &facts, now).await?;
    }

    let secret = BASE32_NOPAD.encode(&tx.random::<16>()).to_ascii_lowercase();
    let answerable = new.acknowledge && mailable(&new.reporter_mail).is_some() && app.profile.mail.is_some();
    if answerable {
        // The secret is kept nowhere but in this job, which is deleted when it is done.
        tx.enqueue("acknowledge", json!({ "report": id, "secret": secret })).await?;
    }
    let number = number(tx, app).await?;
    let label = new.label.unwrap_or(app.profile.labels.default);
    let row = store::New { id, number: &number, now, told: &new, problems: problems.join("\n"), label, organisation, due, secret: hash(&secret) };
    store::insert(tx, row).await?;
    tx.index("report", id, id, &format!("{number} {}", new.title), &words(&new, &seen)).await?;

    tx.record(received(id, &number, &new, seen.len(), &owners));
    Ok(Receipt { id, number, secret })
}

fn received(id: Id, number: &str, new: &NewReport, observables: usize, owners: &[Match]) -> Record {
    let organisations: HashSet<Id> = owners.iter().map(|owner| owner.organisation).collect();
    Record::new("report.received", "report", id)
        .facts(json!({
            "number": number, "channel": new.channel, "kind": new.kind, "urgent": new.urgent, "help": new.help,
            "files": new.files.len(), "observables": observables, "organisations": organisations.len(), "problems": new.problems.len(),
        }))
        .particulars(json!({
            "title": new.title, "name": new.reporter_name, "mail": new.reporter_mail, "phone": new.reporter_phone, "organisation": new.reporter_org,
        }))
}

/// Checks what only a fault of ours could get wrong, and fills what a reporter may leave out.
fn tidy(app: &App, mut new: NewReport) -> Result<NewReport> {
    if !KINDS.contains(&new.kind.as_str()) {
        return Err(Error::invalid(format!("“{}” is no kind of report", new.kind)));
    }
    // No database keeps a NUL in text; the original has it still.
    for text in [&mut new.title, &mut new.body, &mut new.reporter_name, &mut new.reporter_phone, &mut new.reporter_org] {
        if text.contains('\0') {
            *text = text.replace('\0', "\u{2400}");
        }
    }
    new.title = short_line(&new.title, 200);
    if new.title.is_empty() {
        new.title = new.body.lines().map(|line| short_line(line, 120)).find(|line| !line.is_empty()).unwrap_or_default();
    }
    new.reporter_mail = post::address::normalise(&new.reporter_mail).unwrap_or(new.reporter_mail.trim().to_owned());
    let text = app.languages.text(&new.language);
    text.wanted().clone_into(&mut new.language);
    Ok(new)
}

/// Why nobody can be written to at this address, if one was given.
fn unwritable(mail: &str) -> Option<post::address::AddressError> {
    if mail.is_empty() { None } else { post::address::check(mail).err() }
}

/// The address, if we can write to it. What a reporter typed is kept and shown either way.
pub fn mailable(mail: &str) -> Option<&str> {
    (!mail.is_empty() && unwritable(mail).is_none()).then_some(mail)
}

fn words(new: &NewReport, seen: &[Observable]) -> String {
    let mut words = format!("{}\n{} {} {}\n", new.body, new.reporter_name, new.reporter_mail, new.reporter_org);
    for observable in seen {
        words.push_str(&observable.value);
        words.push(' ');
    }
    words
}

/// The next public number: its year is the one on the team's wall.
async fn number(tx: &mut Tx, app: &App) -> Result<String> {
    let year = tx.now().to_zoned(app.profile.calendar().zone().clone()).year();
    let count = tx.draw_number(&format!("report-{year}")).await?;
    Ok(format!("R-{year}-{count:06}"))
}

/// What is kept of a secret.
pub(super) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.trim().to_ascii_lowercase().as_bytes()).into()
}
