//! `atalaya mail-in`: keeps one mail from standard input, for mail servers that pipe.
//!
//! Ends with 0 when the mail is kept for good and with 75 (`EX_TEMPFAIL` of sysexits) when it is not,
//! whatever the reason: the mail server then keeps it and tries again. It works beside a
//! running server, which reads the mail. It says nothing of a mail that it kept: mail servers take what
//! a pipe prints for a complaint, and some send it back to the mail's sender.

use std::io::Read;

use clap::Args;
use serde_json::json;

use crate::commands::{Ended, Place, say};
use crate::mailbox::{self, Delivered, Kept};
use crate::{App, Error};

/// Arguments of `mail-in`.
#[derive(Debug, Args)]
#[command(after_help = "Prints nothing when the mail is kept, because mail servers take output for trouble; --verbose or --json says what became of it. \
    Ends with 0 once the mail is kept for good, and with 75 (try again later) when it is not. A running server reads what was kept.")]
pub struct MailIn {
    #[command(flatten)]
    place: Place,
    /// The envelope's sender; `--from ''` for the null sender. Default: Return-Path, then From
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// An envelope's recipient; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<String>,
    /// Say what became of the mail; for people, not for mail servers
    #[arg(short, long)]
    verbose: bool,
    /// Say it in JSON: "kept" is new or known, "mail" its id, "bytes" its size
    #[arg(long)]
    json: bool,
}

/// "Temporary failure" to a mail server.
const TRY_AGAIN: u8 = 75;

impl MailIn {
    /// Reads standard input and keeps what came.
    pub async fn run(self) -> Result<(), Ended> {
        self.keep().await.map_err(|ended| Ended { code: TRY_AGAIN, ..ended })
    }

    async fn keep(self) -> Result<(), Ended> {
        let mut raw = Vec::new();
        std::io::stdin().lock().read_to_end(&mut raw)?;
        if raw.is_empty() {
            return Err(Ended { code: TRY_AGAIN, text: "nothing came on standard input".to_owned() });
        }
        let from = self.from.unwrap_or_else(|| mailbox::sender(&raw));
        let app = App::open(self.place.settings()?).await?;
        let bytes = raw.len();
        let kept = mailbox::keep(&app, Delivered { from, to: self.to, raw, via: "mail-in" }).await;
        app.db.close().await;
        let kept = kept.map_err(|error: Error| Ended::from(error))?;
        if self.json {
            say(&in_json(kept, bytes));
        } else if self.verbose {
            say(&in_words(kept, bytes));
        }
        Ok(())
    }
}

fn in_words(kept: Kept, bytes: usize) -> String {
    match kept {
        Kept::New(id) => format!("kept {bytes} bytes as mail {id}; a running server reads it"),
        Kept::Duplicate => format!("these {bytes} bytes were kept before; nothing new happens"),
    }
}

fn in_json(kept: Kept, bytes: usize) -> String {
    match kept {
        Kept::New(id) => json!({ "kept": "new", "mail": id, "bytes": bytes }),
        Kept::Duplicate => json!({ "kept": "known", "mail": null, "bytes": bytes }),
    }
    .to_string()
}
