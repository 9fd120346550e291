//! `atalaya demo`: a believable team at work in an empty place; with `--serve`, at once to be looked at.

use clap::Args;
use store::Clock;

use crate::app::Settings;
use crate::commands::serve::Serve;
use crate::commands::{Ended, say};
use crate::{App, demo};

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
        let clock = Clock::manual(Clock::System.now());
        let app = App::open(Settings { clock, ..settings.clone() }).await?;
        let empty = app.db.read().await?.journal_head().await? == 0;
        if empty {
            say("Making the demonstration …");
            demo::live(&app).await?;
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
        if !self.and_serve {
            return Ok(());
        }
        self.serve
            .with(settings, |address| {
                let mut lines = vec![
                    String::new(),
                    format!("  The public's pages   http://{address}/"),
                    format!("  The team's console   http://{address}/login"),
                    format!("  Log in as            {}", demo::LOGINS.map(|(login, _, _)| login).join(", ")),
                    format!("  The password of all  {}", demo::PASSWORD),
                    "  All names, networks and reports are invented. Ctrl-C ends it; the data stay.".into(),
                ];
                lines.push(String::new());
                say(&lines.join("\n"));
            })
            .await
    }
}
