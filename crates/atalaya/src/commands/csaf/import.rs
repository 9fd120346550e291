//! Documents of others, taken over from the command line: as the page of the console does it.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::{failed, read};
use crate::access::Who;
use crate::commands::{Ended, Place, say};
use crate::publications::csaf::takeover::{self, Becomes, Taken};
use crate::{App, Error};

/// Arguments of `csaf import`.
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    place: Place,
    /// The documents, of CSAF 2.0 or 2.1
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Where the document is, for readers; without it, where it says itself that it is
    #[arg(long, default_value = "")]
    url: String,
    /// Print one JSON object a document
    #[arg(long)]
    json: bool,
}

impl Import {
    /// Ends with 1 when one of them was not taken, after all others.
    pub async fn run(self) -> Result<(), Ended> {
        if self.files.len() > 1 && !self.url.is_empty() {
            return Err(super::usage("--url says where one document is: give one file with it."));
        }
        let app = App::open(self.place.settings()?).await?;
        let done = self.take(&app).await;
        app.db.close().await;
        match done? {
            0 => Ok(()),
            bad => Err(Ended { code: 1, text: if self.json { String::new() } else { format!("{bad} of {} not taken over.", self.files.len()) } }),
        }
    }

    /// Gives how many were not taken.
    async fn take(&self, app: &App) -> Result<usize, Ended> {
        let mut bad = 0;
        for file in &self.files {
            let name = file.display().to_string();
            match takeover::take_over(app, &Who::Operator, &read(file)?, self.url.trim()).await {
                Ok(taken) => self.tell(&name, &taken),
                Err(Error::Invalid(text) | Error::Conflict(text)) => {
                    bad += 1;
                    let against: Vec<&str> = text.lines().collect();
                    if self.json {
                        say(&json!({ "file": name, "taken": false, "against": against }).to_string());
                    } else {
                        for line in against {
                            say(&format!("{name}: {line}"));
                        }
                    }
                }
                Err(error) => return Err(failed(error)),
            }
        }
        Ok(bad)
    }

    fn tell(&self, name: &str, taken: &Taken) {
        let (word, words) = match &taken.becomes {
            Becomes::Draft => ("draft", "a draft".to_owned()),
            Becomes::Next(known) => ("next", format!("the next version of {} is in work", known.called)),
            Becomes::Nothing(known) => ("nothing", format!("it is there already as {}", known.called)),
        };
        if self.json {
            let publication = taken.id.to_string();
            say(&json!({ "file": name, "taken": true, "becomes": word, "publication": publication, "kept": taken.kept, "left_out": taken.left_out })
                .to_string());
            return;
        }
        say(&format!("{name}: {words} (/publishing/{})", taken.id));
        for part in &taken.kept {
            say(&format!("{name}: ours stayed, although theirs changed: {part}"));
        }
        for line in &taken.left_out {
            say(&format!("{name}: {line}"));
        }
    }
}
