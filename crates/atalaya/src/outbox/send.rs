//! The job `send_mail`, under the name of each turn: hands one mail to the smarthost.
//!
//! SMTP cannot promise exactly once: a program that dies after the server's 250 and before its own
//! mark sends the mail again. It is the same mail with the same `Message-ID`, which mail
//! programs show once. The other order, mark first and send then, could lose it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use ::store::{Id, Job, Record, Tx};
use jiff::{SignedDuration, Timestamp};
use post::smtp::{self, SendError, Sender};
use serde_json::json;

use super::pace::{Turn, put_off};
use super::store::{self, Queued};
use crate::access::Who;
use crate::profile::{Smarthost, Tls};
use crate::{App, Error, Result, constituency};

/// A mail that nobody took for so long has failed (RFC 5321 section 4.5.4.1).
const PATIENCE: SignedDuration = SignedDuration::from_hours(5 * 24);
/// A smarthost that takes longer over one mail is left: before the lease of the job is over and another node sends the same mail.
const LONGEST: Duration = Duration::from_mins(4);
/// How many mails that waited for a smarthost are woken in one change.
const WOKEN: u32 = 500;

/// The way to the smarthost, whose connections stay open for more mails for a minute.
#[derive(Default)]
pub struct Memory(Mutex<Option<(smtp::Smarthost, Sender)>>);

impl Memory {
    /// The way that leads there: the one of the last mail, unless the smarthost or its password is another since.
    fn way(&self, smarthost: Result<smtp::Smarthost, SendError>) -> Result<Sender, SendError> {
        let smarthost = smarthost?;
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, sender)) = kept.as_ref().filter(|(known, _)| *known == smarthost) {
            return Ok(sender.clone());
        }
        let sender = Sender::new(&smarthost)?;
        *kept = Some((smarthost, sender.clone()));
        Ok(sender)
    }

    /// Says goodbye to the smarthost.
    pub async fn close(&self) {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((_, sender)) = kept {
            sender.close().await;
        }
    }
}

/// Puts the job for a mail into the queue; one that waits already is enough.
pub(super) async fn enqueue_at(tx: &mut Tx, id: Id, turn: Turn, at: Timestamp) -> ::store::Result<()> {
    tx.enqueue_at(turn.job(), json!({ "mail": id }), at, Some(&format!("send_mail:{id}"))).await
}

/// At start: mails that were queued while there was no smarthost are sent now.
pub async fn wake(app: &App) -> Result<()> {
    if app.profile.mail.as_ref().is_none_or(|mail| mail.smarthost.is_none()) {
        return Ok(());
    }
    let mut after = None;
    loop {
        let waiting = store::waiting(&mut app.db.read().await?, after, WOKEN).await?;
        let Some((at, id, _)) = waiting.last() else { return Ok(()) };
        after = Some((*at, *id));
        app.db
            .keep_house(async |tx| {
                let now = tx.now();
                for (_, id, turn) in waiting {
                    enqueue_at(tx, id, turn, now).await?;
                }
                Ok(())
            })
            .await?;
    }
}

/// Sends one mail, or says when to try again.
pub async fn send_mail(app: &App, job: &Job) -> Result<()> {
    let id: Id = job.payload.get("mail").and_then(|id| id.as_str()).and_then(|id| id.parse().ok()).ok_or_else(|| Error::fault("a job without a mail"))?;
    let mut reader = app.db.read().await?;
    let Some(mail) = store::get(&mut reader, id).await?.filter(|mail| mail.state == "queued") else { return Ok(()) };
    let Some(smarthost) = app.profile.mail.as_ref().and_then(|team| team.smarthost.as_ref()) else { return Ok(()) };
    let raw = app.blobs.get(&mut reader, mail.raw).await?;
    drop(reader);
    let most = app.profile.mail.as_ref().map_or(u32::MAX, |mail| mail.per_domain_per_minute);
    let later = app.db.tally(async |tx| {
        // The job that asks for itself again is this one: it waits until then, with all its tries.
        let later = put_off(tx, &mail.recipient, mail.turn, most).await?;
        if let Some(at) = later {
            enqueue_at(tx, id, mail.turn, at).await?;
        }
        Ok(later)
    });
    if later.await?.is_some() {
        return Ok(());
    }
    let sent = match app.outbox.way(way(app, smarthost)) {
        Ok(way) => match tokio::time::timeout(LONGEST, way.send(&mail.sender, &mail.recipient, &raw)).await {
            Ok(sent) => sent,
            Err(_) => Err(SendError::later(format!("The smarthost was not done with it within {} minutes", LONGEST.as_secs() / 60))),
        },
        Err(error) => Err(error),
    };
    let too_old = app.now().duration_since(mail.since) > PATIENCE;
    match sent {
        Ok(answer) => mark(app, &mail, "mail.sent", &answer, false).await,
        Err(error) if error.permanent || too_old => mark(app, &mail, "mail.failed", &error.text, error.recipient).await,
        Err(error) => {
            // Said once, not at each of some forty tries.
            if mail.answer != error.text {
                mark(app, &mail, "mail.delayed", &error.text, false).await?;
            }
            Err(Error::Fault(error.text))
        }
    }
}

/// Notes what became of a mail. `refused`: nobody can be written to there, and no bounce will come to say so.
async fn mark(app: &App, mail: &Queued, verb: &'static str, answer: &str, refused: bool) -> Result<()> {
    app.db
        .change(&Who::Job("send_mail").to_string(), async |tx| {
            match verb {
                "mail.sent" => store::sent(tx, mail.id, answer).await?,
                "mail.failed" => store::fail(tx, mail, "failed", answer, refused).await?,
                _ => store::note(tx, mail.id, answer).await?,
            }
            if let Some(contact) = mail.contact.filter(|_| refused) {
                constituency::mark_bounced(tx, contact, answer).await?;
            }
            tx.record(
                Record::new(verb, "mail", mail.id)
                    .about(mail.about)
                    .facts(json!({ "message": mail.message }))
                    .particulars(json!({ "address": mail.recipient, "answer": answer })),
            );
            Ok(())
        })
        .await
}

fn way(app: &App, smarthost: &Smarthost) -> Result<smtp::Smarthost, SendError> {
    let login = match &smarthost.login {
        Some((user, file)) => {
            let password = std::fs::read_to_string(file)
                .map_err(|error| SendError::later(format!("The smarthost's password in {} cannot be read: {error}", file.display())))?;
            Some((user.clone(), password.trim_end().to_owned()))
        }
        None => None,
    };
    Ok(smtp::Smarthost {
        host: smarthost.host.clone(),
        port: smarthost.port,
        tls: match smarthost.tls {
            Tls::Implicit => smtp::Tls::Wrapper,
            Tls::StartTls => smtp::Tls::Required,
            Tls::None => smtp::Tls::None,
        },
        user: login.as_ref().map(|(user, _)| user.clone()),
        password: login.map(|(_, password)| password),
        hello: app.profile.mail.as_ref().map(|mail| mail.hello.clone()).unwrap_or_default(),
        authority: None,
    })
}
