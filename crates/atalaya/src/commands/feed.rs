//! `atalaya feed`: takes an event file in from the command line, beside a running server.

use std::io::Read;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::access::Who;
use crate::commands::{Ended, Place, say};
use crate::events::{self, Arriving};
use crate::{App, Error};

/// Arguments of `feed`.
#[derive(Debug, Args)]
pub struct FeedCommand {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Take an event file in; ends with 0 once it is kept for good. A running server reads it
    Ingest(Ingest),
}

#[derive(Debug, Args)]
struct Ingest {
    #[command(flatten)]
    place: Place,
    /// The file; `-` for standard input
    file: PathBuf,
    /// The feed that it is of
    #[arg(long, value_name = "NAME")]
    feed: String,
    /// Its name, where it is not that of the file: it may tell the report type
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl FeedCommand {
    /// Does what was asked.
    pub async fn run(self) -> Result<(), Ended> {
        match self.what {
            What::Ingest(ingest) => ingest.run().await,
        }
    }
}

impl Ingest {
    async fn run(self) -> Result<(), Ended> {
        let app = App::open(self.place.settings()?).await?;
        let done = self.take(&app).await;
        app.db.close().await;
        let (feed, receipts) = done?;
        if self.json {
            let files: Vec<_> = receipts.iter().map(|one| events::receipt(&app, &feed, &one.file)).collect();
            say(&json!({ "feed": feed, "new": receipts.iter().filter(|one| one.new).count(), "files": files }).to_string());
            return Ok(());
        }
        for one in &receipts {
            let known = if one.new { "kept" } else { "known already" };
            say(&format!("{}: {known}, file {} of the feed {feed}, {} bytes, sha256 {}", one.file.name, one.file.number, one.file.size, one.file.sha256));
        }
        Ok(())
    }

    async fn take(&self, app: &App) -> Result<(String, Vec<events::Receipt>), Ended> {
        let bad = |error: Error| Ended { code: if matches!(error, Error::Invalid(_) | Error::Conflict(_)) { 1 } else { 2 }, text: error.to_string() };
        let missing = || Ended { code: 2, text: format!("There is no feed “{}”: add it in the console, under Events.", self.feed) };
        let feed = match events::by_name(&mut app.db.read().await?, &self.feed).await {
            Err(Error::NotFound) => return Err(missing()),
            found => found.map_err(bad)?,
        };
        let mut arriving = Arriving::new(&app.blobs, app.profile.events.max_file_bytes);
        let fault = |error: std::io::Error| Ended { code: 2, text: format!("{}: {error}", self.file.display()) };
        let mut input: Box<dyn Read> =
            if self.file.as_os_str() == "-" { Box::new(std::io::stdin().lock()) } else { Box::new(std::fs::File::open(&self.file).map_err(fault)?) };
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let count = input.read(&mut buffer).map_err(fault)?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            arriving.push(bytes).map_err(bad)?;
        }
        let own = self.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let pieces = arriving.finish(self.name.as_deref().unwrap_or(&own)).map_err(bad)?;
        let receipts = events::arrive(app, &Who::Operator, &feed, pieces, "command").await.map_err(bad)?;
        Ok((feed.name, receipts))
    }
}
