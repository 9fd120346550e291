//! `atalaya demo`: a believable team at work in an empty place; with `--serve`, at once to be looked at.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use store::Clock;
use tokio::net::TcpListener;

use crate::app::Settings;
use crate::commands::serve::Serve;
use crate::commands::{Ended, say};
use crate::profile::{Listen, Sealed};
use crate::{App, demo, events};

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct Demo {
    #[command(flatten)]
    serve: Serve,
    /// Make this many cases more, for measuring
    #[arg(long, value_name = "N")]
    cases: Option<usize>,
    /// Serve the demonstration when it stands
    #[arg(long = "serve")]
    and_serve: bool,
}

impl Demo {
    /// Fills an empty place; one that holds something already is left as it is.
    pub async fn run(self) -> Result<(), Ended> {
        let mut settings = self.serve.place().settings()?;
        // A demonstration is for looking at: nobody should need a second device for that.
        settings.profile.staff.require_totp = false;
        if self.and_serve {
            // Said before the work is done, not after it; the listener itself is opened later.
            drop(self.serve.web(&settings).await?);
            // Links in its mails lead to where it is looked at.
            if let Some(at) = self.serve.listen.filter(|at| at.port() != 0) {
                settings.profile.web.public_url = format!("http://{at}");
            }
        }
        let clock = Clock::manual(Clock::System.now());
        let mut making = Settings { clock, ..settings.clone() };
        if let Some(mail) = &mut making.profile.mail {
            // Nothing invented ever leaves, whatever the profile says.
            mail.smarthost = None;
        }
        let app = App::open(making).await?;
        let empty = app.db.read().await?.journal_head().await? == 0;
        if empty {
            say("Making the demonstration …");
            let content = self.serve.place().profile.parent().map(|folder| folder.join("content"));
            demo::live(&app, content.as_deref()).await?;
            demo::readers(&app, &self.reader_key()).await?;
        }
        if !empty && !demo::is_one(&app).await? {
            app.db.close().await;
            let text = "This place holds real work, not a demonstration: nothing was added to it. Choose an empty folder with --data.";
            return Err(Ended { code: 2, text: text.into() });
        }
        if let Some(cases) = self.cases {
            let owners = demo::owners(&app).await?;
            demo::fill(&app, &owners, cases, |made| {
                if made % 10_000 == 0 {
                    say(&format!("{made} of {cases} cases"));
                }
            })
            .await?;
        }
        app.db.close().await;
        events::lake::close(&app);
        if !self.and_serve {
            return Ok(());
        }
        settings = sealed_somewhere_free(somewhere_free(self.serve.placed(settings)).await).await?;
        let mut sealed: Vec<String> =
            settings.profile.sealed.as_ref().and_then(Sealed::door).map(|door| format!("  Sealed reports       {}", door.href)).into_iter().collect();
        sealed.extend(Some(self.reader_key()).filter(|key| key.exists()).map(|key| format!("  Their reader's key   {}", key.display())));
        let outgoing = match settings.profile.mail.as_ref().map(|mail| mail.smarthost.is_some()) {
            Some(true) => "  Outgoing mail        goes to the smarthost of the profile".to_owned(),
            _ => "  Outgoing mail        stays here: log in as lead, Outgoing mail".to_owned(),
        };
        self.serve
            .placed_already()
            .with(settings, |address| {
                let mut lines = vec![
                    String::new(),
                    format!("  The public's pages   http://{address}/"),
                    format!("  The team's console   http://{address}/login"),
                    format!("  Log in as            {}", demo::LOGINS.map(|(login, _, _)| login).join(", ")),
                    format!("  The password of all  {}", demo::PASSWORD),
                    outgoing,
                    "  All names, networks and reports are invented. Ctrl-C ends it; the data stay.".into(),
                ];
                lines.splice(3..3, sealed);
                lines.push(String::new());
                say(&lines.join("\n"));
            })
            .await
    }

    /// Where the secret key lies that opens what the demonstration takes sealed: beside the instance's key.
    fn reader_key(&self) -> PathBuf {
        self.serve.place().key_file().with_extension("reader.asc")
    }
}

/// So it does although its address for sealed reports is taken; the public pages lead to where it is.
async fn sealed_somewhere_free(mut settings: Settings) -> Result<Settings, Ended> {
    let Some(sealed) = &mut settings.profile.sealed else { return Ok(settings) };
    let Some(wanted) = sealed.listen else { return Ok(settings) };
    if let Err(error) = TcpListener::bind(wanted).await {
        let free = TcpListener::bind(SocketAddr::new(wanted.ip(), 0)).await?.local_addr()?;
        say(&format!("Warning: sealed reports cannot be taken on {wanted} ({error}); {free} is used instead."));
        sealed.listen = Some(free);
    }
    sealed.url = sealed.listen.map(|at| format!("http://{at}"));
    Ok(settings)
}

/// A demonstration starts although its address for mail is taken: it takes mail on a free port of the same host.
async fn somewhere_free(mut settings: Settings) -> Settings {
    let Some(mail) = &mut settings.profile.mail else { return settings };
    let Some(Listen::Address(wanted)) = mail.listen else { return settings };
    if let Err(error) = TcpListener::bind(wanted).await {
        say(&format!("Warning: mail cannot be taken on {wanted} ({error}); a free port is used instead."));
        mail.listen = Some(Listen::Address(SocketAddr::new(wanted.ip(), 0)));
    }
    settings
}
