//! `atalaya mail-in`: keeps one mail from standard input, for mail servers that pipe.
//!
//! Ends with 0 when the mail is kept for good and with 75 (`EX_TEMPFAIL` of sysexits) when it is not,
//! whatever the reason: the mail server then keeps it and tries again. It works beside a
//! running server, which reads the mail.

use std::io::Read;

use clap::Args;

use crate::commands::{Ended, Place};
use crate::mailbox::{self, Delivered};
use crate::{App, Error};

/// Arguments of `mail-in`.
#[derive(Debug, Args)]
pub struct MailIn {
    #[command(flatten)]
    place: Place,
    /// The envelope's sender; `--from ''` for the null sender. Default: Return-Path, then From
    #[arg(long, value_name = "ADDRESS")]
    from: Option<String>,
    /// An envelope's recipient; may be repeated
    #[arg(long, value_name = "ADDRESS")]
    to: Vec<String>,
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
        let kept = mailbox::keep(&app, Delivered { from, to: self.to, raw, via: "mail-in" }).await;
        app.db.close().await;
        kept.map(drop).map_err(|error: Error| error.into())
    }
}
