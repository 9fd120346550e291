//! The mailbox that somebody else hosts: mail is fetched, kept, and only then marked or moved.
//!
//! Each mail ends in the same order: kept and committed, marked, counted. A program that dies in between
//! does the last steps again, and the mail's bytes tell that it is known. Whatever goes wrong, the
//! mail stays where it is, unmarked, and is fetched later.

use std::convert::Infallible;
use std::time::Duration;

use post::imap::{self, Server, Session, Trouble};
use post::lmtp::MAX_SIZE;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::{Delivered, envelope, keep, leftover, store};
use crate::profile::{Imap, Mail, Tls};
use crate::{App, Error, Result};

/// Between two tries after trouble: doubled from the first to the longest.
const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_mins(5);
/// Bytes of the header of a mail that is too large.
const HEADER: usize = 256 * 1024;
/// So often the server may refuse one mail before another stands in for it and the rest goes on.
const REFUSALS: u32 = 3;

/// Why the work on a connection ended.
enum End {
    /// The program ends.
    Stop,
    /// One line for the log; tried again.
    Trouble(String),
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Trouble(format!("a mail cannot be kept now: {error}"))
    }
}

/// Collects mail from the profile's hosted mailbox, if it names one, until `stop` holds true.
pub fn collect(app: &App, stop: watch::Receiver<bool>) -> Option<JoinHandle<()>> {
    let mail = app.profile.mail.clone()?;
    let place = mail.imap.clone()?;
    let collector = Collector { app: app.clone(), mail, place, stop, trouble: None, pause: FIRST, refused: (0, 0) };
    Some(tokio::spawn(collector.run()))
}

struct Collector {
    app: App,
    mail: Mail,
    place: Imap,
    stop: watch::Receiver<bool>,
    /// What the log was told last.
    trouble: Option<String>,
    pause: Duration,
    /// The mail that the server refused last, and how often.
    refused: (u32, u32),
}

impl Collector {
    async fn run(mut self) {
        loop {
            let Err(End::Trouble(text)) = self.session().await else { return };
            // Said once, not at each try.
            if self.trouble.as_ref() != Some(&text) {
                tracing::warn!("mail of {} cannot be fetched from {}: {text}; it is tried again", self.place.user, self.place.host);
                self.trouble = Some(text);
            }
            let pause = tokio::time::sleep(self.pause);
            if unless(&mut self.stop, async {
                pause.await;
                Ok(())
            })
            .await
            .is_err()
            {
                return;
            }
            self.pause = (self.pause * 2).min(LONGEST);
        }
    }

    /// One connection, for as long as it holds.
    async fn session(&mut self) -> Result<Infallible, End> {
        let server = server(&self.place).map_err(End::Trouble)?;
        let mut session = unless(&mut self.stop, imap::connect(&server)).await?;
        let folder = unless(&mut self.stop, session.select(&self.place.folder)).await?;
        let Imap { host, user, folder: name, .. } = &self.place;
        let cursor = format!("imap {user} {host} {name} {}", folder.validity);
        if store::fetched_up_to(&mut self.app.db.read().await.map_err(Error::from)?, &cursor).await?.is_none() {
            self.begin(&mut session, folder, &cursor).await?;
        }
        loop {
            let done = store::fetched_up_to(&mut self.app.db.read().await.map_err(Error::from)?, &cursor).await?.unwrap_or(0);
            for uid in unless(&mut self.stop, session.after(done)).await? {
                self.take(&mut session, uid).await?;
                self.advance(&cursor, uid).await?;
            }
            self.works();
            unless(&mut self.stop, session.wait()).await?;
        }
    }

    /// The first look into a folder: what nobody has seen. What was there and seen is somebody else's.
    async fn begin(&mut self, session: &mut Session, folder: imap::Folder, cursor: &str) -> Result<(), End> {
        let last = match folder.next {
            Some(next) => next.saturating_sub(1),
            None => unless(&mut self.stop, session.after(0)).await?.last().copied().unwrap_or(0),
        };
        for uid in unless(&mut self.stop, session.unseen()).await?.into_iter().filter(|uid| *uid <= last) {
            self.take(session, uid).await?;
        }
        self.advance(cursor, last).await
    }

    async fn advance(&self, cursor: &str, uid: u32) -> Result<(), End> {
        self.app.db.keep_house(async |tx| store::fetched(tx, cursor, uid).await).await.map_err(Error::from)?;
        Ok(())
    }

    /// Keeps one mail, then marks or moves it.
    async fn take(&mut self, session: &mut Session, uid: u32) -> Result<(), End> {
        let fetched = unless(&mut self.stop, fetch(session, uid, &self.place.folder)).await;
        let fetched = match fetched {
            Err(Halt::Trouble(trouble)) if trouble.refused && self.is_refused(uid) => {
                let raw = leftover::unfetched(&self.place.folder, uid, &self.place.user, &trouble.text);
                Some(Fetched { raw, whole: false })
            }
            other => other?,
        };
        let Some(Fetched { raw, whole }) = fetched else { return Ok(()) };
        let (from, to) = (envelope::sender(&raw), envelope::recipients(&raw, &self.mail));
        keep(&self.app, Delivered { from, to, raw, via: "imap" }).await?;
        if !whole {
            return Ok(());
        }
        let marked = match &self.place.moved_to {
            Some(folder) => unless(&mut self.stop, session.move_to(uid, folder)).await,
            None => unless(&mut self.stop, session.mark_seen(uid)).await,
        };
        match marked {
            // It is kept, and what came after it must come in.
            Err(Halt::Trouble(trouble)) if trouble.refused => {
                tracing::warn!("the mail {uid} in {} is kept, but not marked or moved: {trouble}", self.place.folder);
                Ok(())
            }
            other => Ok(other?),
        }
    }

    /// Whether the server has refused this mail often enough.
    fn is_refused(&mut self, uid: u32) -> bool {
        let times = if self.refused.0 == uid { self.refused.1 + 1 } else { 1 };
        self.refused = (uid, times);
        times >= REFUSALS
    }

    fn works(&mut self) {
        self.pause = FIRST;
        if self.trouble.take().is_some() {
            tracing::info!("mail of {} is fetched again from {}", self.place.user, self.place.host);
        }
    }
}

/// What came of a mail: all of it, or what stands in for it.
struct Fetched {
    raw: Vec<u8>,
    whole: bool,
}

async fn fetch(session: &mut Session, uid: u32, folder: &str) -> Result<Option<Fetched>, Trouble> {
    let Some(mut size) = session.size(uid).await? else { return Ok(None) };
    if size <= MAX_SIZE {
        // One byte more tells whether the server named the right size.
        let Some(raw) = session.mail(uid, MAX_SIZE + 1).await? else { return Ok(None) };
        if raw.len() <= MAX_SIZE {
            return Ok(Some(Fetched { raw, whole: true }));
        }
        size = raw.len();
    }
    let header = session.header(uid, HEADER).await?;
    Ok(header.map(|header| Fetched { raw: leftover::too_large(&header, folder, size), whole: false }))
}

/// Why a wait for the server ended without what was waited for.
enum Halt {
    Stop,
    Trouble(Trouble),
}

impl From<Halt> for End {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Stop => Self::Stop,
            Halt::Trouble(trouble) => Self::Trouble(trouble.text),
        }
    }
}

/// Waits for the server, but not when the program ends. Keeping a mail is never broken off.
async fn unless<T>(stop: &mut watch::Receiver<bool>, work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Halt> {
    tokio::select! {
        biased;
        _ = stop.wait_for(|stop| *stop) => Err(Halt::Stop),
        done = work => done.map_err(Halt::Trouble),
    }
}

/// The way there. Password and authority are read at each try: who mends them needs no restart.
fn server(place: &Imap) -> Result<Server, String> {
    let read = |what, file: &std::path::Path| std::fs::read_to_string(file).map_err(|error| format!("{what} in {} cannot be read: {error}", file.display()));
    Ok(Server {
        host: place.host.clone(),
        port: place.port,
        tls: match place.tls {
            Tls::Implicit => imap::Tls::Implicit,
            Tls::StartTls => imap::Tls::StartTls,
            Tls::None => imap::Tls::None,
        },
        user: place.user.clone(),
        password: read("the password", &place.password_file)?.trim_end_matches(['\r', '\n']).to_owned(),
        authority: place.authority.as_deref().map(|file| read("the authority's certificate", file)).transpose()?,
        poll: Duration::from_secs(u64::from(place.poll_seconds)),
    })
}
