//! What was erased is erased here, too: in what organisations are known to have been told of, and in old notices with
//! their lists and mails. That something was told, when, to whom and how much, stays, and so does the ledger's hash.

use ::store::{Kept, Record, Tx};
use jiff::Timestamp;
use serde_json::json;

use super::claim;
use super::compare::Known;
use super::standing::{decoded, encoded};
use super::store::{self, Words};
use crate::access::Who;
use crate::events::erase::Meant;
use crate::{App, Error, Result, outbox};

/// Notices that are looked at at a time.
const PIECE: u32 = 200;
/// What stands where a line was.
const ERASED: &str = "[erased]";

/// Has what is being told begin again: a notice that was gathered before the mask either stands among those that are
/// looked through then, or was not told.
pub(in crate::events) async fn begin_again(tx: &mut Tx, holder: Option<i64>) -> ::store::Result<()> {
    store::raise_turns(tx, holder).await
}

/// Erases what was observed before an instant from what was told and claimed up to another. Says whether all of it is
/// gone: a mail that still waits to be sent is left alone, and erased another time.
pub(in crate::events) async fn forget(app: &App, what: &Meant, before: Timestamp, told_to: Timestamp) -> Result<bool> {
    standings(app, what, before).await?;
    claims(app, what, told_to).await?;
    let (mut after, mut whole) = (None, true);
    loop {
        let some = store::words_before(&mut app.db.read().await?, what.holder(), told_to, after, PIECE).await?;
        let Some(last) = some.last() else { return Ok(whole) };
        after = Some((last.at, last.id));
        for one in some {
            whole &= notice(app, what, &one).await?;
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
        let known = decoded(&app.blobs.get(&mut app.db.read().await?, list).await?)?;
        let count = known.len();
        let stays = |known: &Known| known.finding.last >= before.as_microsecond() || !what.is(known.finding.key.ip);
        let known: Vec<Known> = known.into_iter().filter(stays).collect();
        if known.len() == count {
            continue;
        }
        let (turn, open) = (standing.turn + 1, known.iter().filter(|known| !known.gone).count());
        let kept = app.blobs.seal(&encoded(standing.holder, turn, &known)?)?;
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

/// One notice. Whether nothing of what was erased is left of it.
async fn notice(app: &App, what: &Meant, one: &Words) -> Result<bool> {
    let mut reader = app.db.read().await?;
    let bytes = app.blobs.get(&mut reader, one.csv).await?;
    let list = String::from_utf8_lossy(&bytes).into_owned();
    let Some(csv) = what.without(&list, "") else { return Ok(true) };
    let bytes = app.blobs.get(&mut reader, one.content).await?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    drop(reader);
    // Without its list a notice of an organisation's erased events has nothing but its subject left.
    let text = what.without(&text, ERASED).unwrap_or(text);
    let csv = csv.lines().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect::<String>();
    let (csv, text): (Kept, Kept) = (app.blobs.seal(csv.as_bytes())?, app.blobs.seal(text.as_bytes())?);
    let stub = app.blobs.seal(b"Subject: [erased]\r\n\r\nWhat this mail said was erased.\r\n")?;
    let gone = app
        .db
        .change(&Who::Job("erase_events").to_string(), async |tx| {
            let (mail, waits) = outbox::erase(tx, one.id, &stub).await?;
            if waits && mail.is_empty() {
                return Ok((Vec::new(), true));
            }
            let mut gone = mail;
            // As long as one of its mails waits, the words stay: a later look finds by them which mail is meant.
            if !waits {
                tx.keep(&csv).await?;
                tx.keep(&text).await?;
                store::replace_words(tx, one.id, text.hash, csv.hash).await?;
                for old in [one.content, one.csv] {
                    // Whoever holds the same may have been told the same list.
                    if !store::is_named(tx, old).await? {
                        gone.push(old);
                    }
                }
            }
            for old in &gone {
                tx.forget(*old).await?;
            }
            tx.record(Record::new("notice.erased", "notice", one.id).about(one.organisation).facts(json!({ "number": one.number, "waits": waits })));
            Ok::<_, Error>((gone, waits))
        })
        .await?;
    for old in &gone.0 {
        app.blobs.remove(old)?;
    }
    Ok(!gone.1)
}
