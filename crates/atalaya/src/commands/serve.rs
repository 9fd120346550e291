//! `atalaya serve`: everything that listens, and the workers, until told to stop.

use std::net::SocketAddr;

use clap::Args;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::app::Settings;
use crate::commands::{Ended, Place, http, say};
use crate::profile::Listen;
use crate::{App, clocks, events, jobs, journal, mailbox, outbox, publications, sealed};

/// Arguments of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    place: Place,
    /// Where to listen for HTTP, instead of what the profile says
    #[arg(long, value_name = "ADDRESS")]
    pub(super) listen: Option<SocketAddr>,
    /// Where to take mail by LMTP, instead of what the profile says
    #[arg(long, value_name = "ADDRESS")]
    lmtp: Option<SocketAddr>,
    /// Log as JSON lines
    #[arg(long)]
    json: bool,
}

/// Where a running server notes the address that people use.
const SITE: &str = "site";

/// The address of the server that works on this folder, or worked on it last; else the profile's.
pub(super) fn site(app: &App) -> String {
    std::fs::read_to_string(app.data.join(SITE)).unwrap_or_else(|_| app.profile.web.public_url.clone())
}

impl Serve {
    /// Serves until the process is told to stop.
    pub async fn run(self) -> Result<(), Ended> {
        let settings = self.place.settings()?;
        self.with(settings, |_| {}).await
    }

    /// The listener for HTTP; the reason in plain words when it cannot be had.
    pub async fn web(&self, settings: &Settings) -> Result<TcpListener, Ended> {
        let listen = self.listen.unwrap_or(settings.profile.web.listen);
        TcpListener::bind(listen).await.map_err(|error| {
            let key = match self.listen {
                Some(_) => "It was given with --listen.".to_owned(),
                None => format!("It is `listen` in [web] of {}; --listen ADDRESS takes another.", self.place.profile.display()),
            };
            Ended { code: 2, text: format!("The web listener cannot start on {listen}: {error}. {key}") }
        })
    }

    /// The settings, with the address for mail that the command line names.
    pub fn placed(&self, mut settings: Settings) -> Settings {
        if let (Some(mail), Some(address)) = (&mut settings.profile.mail, self.lmtp) {
            mail.listen = Some(Listen::Address(address));
        }
        settings
    }

    /// The same, for settings that say where mail is taken.
    #[must_use]
    pub fn placed_already(self) -> Self {
        Self { lmtp: None, ..self }
    }

    /// Where the installation is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Serves with these settings; `ready` is called once everything listens.
    pub async fn with(self, settings: Settings, ready: impl FnOnce(SocketAddr)) -> Result<(), Ended> {
        log(self.json);
        let mut settings = self.placed(settings);
        // Where the profile names no address of its own for people, links lead to where it listens.
        let web = &mut settings.profile.web;
        if let Some(listen) = self.listen.filter(|_| web.public_url == format!("http://{}", web.listen)) {
            web.public_url = format!("http://{listen}");
        }
        // Connections are files too, and none may be missing for the database. What is refused stays as it was.
        let _ = rlimit::increase_nofile_limit(u64::MAX);
        let (profile, lmtp) = (self.place.profile.display().to_string(), self.lmtp.is_some());
        let listener = self.web(&settings).await?;
        let app = App::open(settings).await?;
        clocks::check(&app).await?;
        std::fs::write(app.data.join(SITE), &app.profile.web.public_url)?;
        let stopped = app.stop.subscribe();
        let mut ending = stopped.clone();
        let mailbox = mailbox::listen(&app, async move { drop(ending.wait_for(|stop| *stop).await) }).await.map_err(|error| {
            let key =
                if lmtp { "It was given with --lmtp.".to_owned() } else { format!("It is `listen` in [mail] of {profile}; --lmtp ADDRESS takes another.") };
            Ended { code: 2, text: format!("The mail listener (LMTP) cannot start on {error}. {key}") }
        })?;
        if let Some(address) = mailbox.as_ref().and_then(|mailbox| mailbox.address) {
            say(&format!("Mail is taken by LMTP on {address}"));
        }
        if let Some(place) = app.profile.mail.as_ref().and_then(|mail| mail.imap.as_ref()) {
            say(&format!("Mail of {} is fetched from {}", place.user, place.host));
        }
        let sealed = match app.profile.sealed.as_ref().and_then(|sealed| sealed.listen) {
            Some(address) => Some(TcpListener::bind(address).await.map_err(|error| {
                let text = format!("The listener for sealed reports cannot start on {address}: {error}. It is `listen` in [sealed] of {profile}.");
                Ended { code: 2, text }
            })?),
            None => None,
        };
        if let Some(listener) = &sealed {
            say(&format!("Sealed reports are taken on http://{}", listener.local_addr()?));
        }
        outbox::wake(&app).await?;
        sealed::wake(&app).await?;
        publications::wake(&app).await?;
        events::notices::wake(&app).await?;
        journal::wake(&app).await?;
        events::wake(&app).await?;
        sealed::keys::warn(&app).await?;
        crate::keys::own::check(&app).await?;
        if let Some(last) = app.profile.calendar().runs_out(app.now()) {
            tracing::warn!(%last, "the profile's calendar knows no holidays after this day; later days count by the week alone");
        }
        // Before anybody is told that it runs: who then ends it at once must be heard.
        tokio::spawn(tell_when_signalled(app.clone(), Signals::hear()?));
        ready(listener.local_addr()?);
        // The last line before it is ready: who starts it waits for this one.
        say(&format!("Atalaya listens on http://{}", listener.local_addr()?));
        let dropped = events::folder::watch(&app, stopped.clone());
        let collector = mailbox::collect(&app, stopped.clone());
        let work = tokio::spawn(jobs::run(app.clone(), stopped.clone()));
        let sealed = sealed.map(|listener| tokio::spawn(http::serve_sealed(app.clone(), listener, stopped.clone())));
        http::serve(app.clone(), listener, stopped).await;
        if let Some(sealed) = sealed {
            let _ = sealed.await;
        }
        if let Some(mailbox) = mailbox {
            let _ = mailbox.task.await;
        }
        if let Some(dropped) = dropped {
            let _ = dropped.await;
        }
        if let Some(collector) = collector {
            let _ = collector.await;
        }
        let _ = work.await;
        journal::seal(&app).await?;
        app.db.close().await;
        Ok(())
    }
}

/// Ends everything that goes on once a signal comes.
async fn tell_when_signalled(app: App, mut signals: Signals) {
    tokio::select! {
        _ = signals.interrupt.recv() => {}
        _ = signals.terminate.recv() => {}
    }
    app.stop.send_replace(true);
}

/// What asks the program to end; heard from the moment this is made.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn hear() -> std::io::Result<Self> {
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }
}

fn log(json: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info,sqlx=warn".into());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let _ = if json { builder.json().try_init() } else { builder.try_init() };
}
