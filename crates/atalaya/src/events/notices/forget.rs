//! What was erased is erased here, too: in what organisations are known to have been told of, and in old notices with
//! their lists and mails. That something was told, when, to whom and how much, stays, and so does the ledger's hash.
//!
//! A mail that waits to be sent is taken back, so that it never leaves with what was erased; what it said besides leaves in
//! a mail of its own, through the gate as ever.

use ::store::{Kept, Record, Tx};
use jiff::Timestamp;
use serde_json::json;

use super::standing::{self, Known};
use super::store::{self, Words};
use super::way::{Way, by_mail, way};
use super::{claim, send};
use crate::access::Who;
use crate::events::erase::Meant;
use crate::outbox::{self, Mail};
use crate::release::{self, Leaving};
use crate::{App, Error, Result, constituency};

/// Notices that are looked at at a time.
const PIECE: u32 = 200;
/// What stands where a line was.
const ERASED: &str = "[erased]";

/// Has what is being told begin again: a notice that was gathered before the mask either stands among those that are
/// looked through then, or was not told.
pub(in crate::events) async fn begin_again(tx: &mut Tx, holder: Option<i64>) -> ::store::Result<()> {
    store::raise_turns(tx, holder).await
}

/// Erases what was observed before an instant from what was told and claimed up to another.
pub(in crate::events) async fn forget(app: &App, what: &Meant, before: Timestamp, told_to: Timestamp) -> Result<()> {
    standings(app, what, before).await?;
    claims(app, what, told_to).await?;
    let mut after = None;
    loop {
        let some = store::words_before(&mut app.db.read().await?, what.holder(), told_to, after, PIECE).await?;
        let Some(last) = some.last() else { return Ok(()) };
        after = Some((last.at, last.id));
        for one in some {
            notice(app, what, &one).await?;
        }
    }
}

/// Claims say nothing of it any more.
async fn claims(app: &App, what: &Meant, told_to: Timestamp) -> Result<()> {
    let about = claim::about_erased(&mut app.db.read().await?, |key| what.is(key.ip), what.holder(), told_to).await?;
    if about.is_empty() {
        return Ok(());
    }
    app.db
        .change(&Who::Job("erase_events").to_string(), async |tx| {
            for id in &about {
                store::erase_claim(tx, *id).await?;
            }
            tx.record(Record::new("event_claims.erased", "events", tx.new_id()).facts(json!({ "claims": about.len() })));
            Ok(())
        })
        .await
}

async fn standings(app: &App, what: &Meant, before: Timestamp) -> Result<()> {
    for standing in store::standings_with_list(&mut app.db.read().await?, what.holder()).await? {
        let Some(list) = standing.list else { continue };
        let mut known = standing::known(app, &mut app.db.read().await?, standing.list).await?;
        let count = known.len();
        let stays = |known: &Known| known.finding.last >= before.as_microsecond() || !what.is(known.finding.key.ip);
        known.retain(stays);
        if known.len() == count {
            continue;
        }
        let (turn, open) = (standing.turn + 1, known.iter().filter(|known| known.is_there()).count());
        let kept = standing::sealed(&app.blobs, standing.holder, turn, &known)?;
        let taken = app
            .db
            .keep_house(async |tx| {
                let taken = store::replace_list(tx, &standing, open, kept.hash).await?;
                if taken {
                    tx.keep(&kept).await?;
                    tx.forget(list).await?;
                }
                Ok(taken)
            })
            .await?;
        if !taken {
            return Err(Error::conflict("this organisation was told something at the same moment"));
        }
        app.blobs.remove(&list)?;
    }
    Ok(())
}

/// One notice.
async fn notice(app: &App, what: &Meant, one: &Words) -> Result<()> {
    let mut reader = app.db.read().await?;
    let bytes = app.blobs.get(&mut reader, one.csv).await?;
    let list = String::from_utf8_lossy(&bytes).into_owned();
    let Some(csv) = what.without(&list, "") else { return Ok(()) };
    let bytes = app.blobs.get(&mut reader, one.content).await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    drop(reader);
    // Without its list a notice of an organisation's erased events has nothing but its subject left.
    let text = what.without(&text, ERASED).unwrap_or(text);
    let csv = csv.lines().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect::<String>();
    let anew = if csv.lines().count() > 1 { anew(app, one, &text, &csv).await? } else { None };
    let (csv, text): (Kept, Kept) = (app.blobs.seal(csv.as_bytes())?, app.blobs.seal(text.as_bytes())?);
    let stub = app.blobs.seal(b"Subject: [erased]\r\n\r\nWhat this mail said was erased.\r\n")?;
    let who = Who::Job("erase_events");
    let gone = app
        .db
        .change(&who.to_string(), async |tx| {
            let (mut gone, back) = outbox::erase(tx, one.id, &stub).await?;
            tx.keep(&csv).await?;
            tx.keep(&text).await?;
            store::replace_words(tx, one.id, text.hash, csv.hash).await?;
            for old in [one.content, one.csv] {
                // Whoever holds the same may have been told the same list.
                if !store::is_named(tx, old).await? {
                    gone.push(old);
                }
            }
            let again = anew.filter(|_| back);
            let facts = json!({ "number": one.number, "taken_back": back, "anew": again.is_some() });
            if let Some((leaving, mail)) = again {
                let leaving = Leaving { content: text.hash, ..leaving };
                let released = release::release(tx, &app.profile, &who, &leaving, mail).await?;
                outbox::queue(tx, app, released).await?;
            }
            for old in &gone {
                tx.forget(*old).await?;
            }
            tx.record(Record::new("notice.erased", "notice", one.id).about(one.organisation).facts(facts));
            Ok::<_, Error>(gone)
        })
        .await?;
    for old in &gone {
        app.blobs.remove(old)?;
    }
    Ok(())
}

/// The mail of a notice with what is left of it, if it may leave to its contact now as it might when it was written.
async fn anew(app: &App, one: &Words, text: &str, csv: &str) -> Result<Option<(Leaving, Mail)>> {
    let mut reader = app.db.read().await?;
    let Some(notice) = store::notice_numbered(&mut reader, &one.number).await? else { return Ok(None) };
    let contact = match constituency::contact(&mut reader, notice.contact).await {
        Ok(contact) if contact.bounced_at.is_none() && by_mail(&contact) => contact,
        Ok(_) | Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let organisation = constituency::get(&mut reader, notice.organisation).await?;
    drop(reader);
    let Way { leaving, protect, against } = way(app, &organisation, &contact, one.id, notice.label).await?;
    if !against.is_empty() || !release::weigh(&app.profile, &leaving).may_leave() {
        return Ok(None);
    }
    let body = text.split_once("\n\n").map_or("", |(_, body)| body);
    let mail = send::mail(&notice, &contact, body, notice.attached.then(|| csv.as_bytes().to_vec()));
    // It is another text under the same number.
    Ok(Some((Leaving { version: leaving.version + 1, ..leaving }, Mail { protect, ..mail })))
}
