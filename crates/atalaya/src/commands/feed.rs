//! `atalaya feed`: takes an event file in from the command line, beside a running server, and makes files up.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use formats::feed::Tables;
use formats::feed::synth::Synth;
use formats::net::{Asn, Prefix};

use crate::access::Who;
use crate::commands::{Ended, Place, say};
use crate::events::{self, Arriving};
use crate::{App, Error, constituency};

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
    /// Make up an event file of any size from a seed: the same seed gives the same bytes
    Synth(Synthetic),
}

#[derive(Debug, Args)]
struct Synthetic {
    #[command(flatten)]
    place: Place,
    /// What everything in it follows from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Lines behind the header
    #[arg(long, default_value_t = 1000)]
    rows: u64,
    /// The report type, as `scan_telnet`
    #[arg(long, default_value = "scan_telnet")]
    kind: String,
    /// The day that all lines lie in. Default: yesterday
    #[arg(long, value_name = "DATE")]
    day: Option<jiff::civil::Date>,
    /// Lines of a thousand that say again what one before said
    #[arg(long, default_value_t = 50)]
    repeats: u32,
    /// Lines of a thousand that are no events
    #[arg(long, default_value_t = 1)]
    broken: u32,
    /// A network with its AS, like 192.0.2.0/24=AS64500; may be repeated. Default: what the registry holds
    #[arg(long, value_name = "PREFIX=AS")]
    network: Vec<String>,
    /// Where to write it; a folder takes the name that the feed would give. Default: standard output
    #[arg(long, value_name = "PATH")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Ingest {
    #[command(flatten)]
    place: Place,
    /// The files; `-` for standard input
    #[arg(required = true)]
    file: Vec<PathBuf>,
    /// The feed that it is of
    #[arg(long, value_name = "NAME")]
    feed: String,
    /// Its name, where it is not that of the one file: it may tell the report type
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
            What::Synth(synthetic) => synthetic.run().await,
        }
    }
}

impl Ingest {
    async fn run(self) -> Result<(), Ended> {
        if self.name.is_some() && self.file.len() > 1 {
            return Err(Ended { code: 2, text: "--name is for one file".into() });
        }
        let app = App::open(self.place.settings()?).await?;
        let done = self.take_all(&app).await;
        app.db.close().await;
        let (feed, receipts) = done?;
        if self.json {
            let site = super::serve::site(&app);
            let files: Vec<_> = receipts.iter().map(|one| events::receipt(&site, &feed, &one.file)).collect();
            say(&json!({ "feed": feed, "new": receipts.iter().filter(|one| one.new).count(), "files": files }).to_string());
            return Ok(());
        }
        for one in &receipts {
            let known = if one.new { "kept" } else { "known already" };
            say(&format!("{}: {known}, file {} of the feed {feed}, {} bytes, sha256 {}", one.file.name, one.file.number, one.file.size, one.file.sha256));
        }
        Ok(())
    }

    async fn take_all(&self, app: &App) -> Result<(String, Vec<events::Receipt>), Ended> {
        let missing = || Ended { code: 2, text: format!("There is no feed “{}”: add it in the console, under Events.", self.feed) };
        let feed = match events::by_name(&mut app.db.read().await?, &self.feed).await {
            Err(Error::NotFound) => return Err(missing()),
            found => found.map_err(bad)?,
        };
        let mut receipts = Vec::new();
        for file in &self.file {
            receipts.extend(self.take(app, &feed, file).await?);
        }
        Ok((feed.name, receipts))
    }

    async fn take(&self, app: &App, feed: &events::Feed, file: &Path) -> Result<Vec<events::Receipt>, Ended> {
        let mut arriving = Arriving::new(&app.blobs, app.profile.events.max_file_bytes);
        let fault = |error: std::io::Error| Ended { code: 2, text: format!("{}: {error}", file.display()) };
        let mut input: Box<dyn Read> =
            if file.as_os_str() == "-" { Box::new(std::io::stdin().lock()) } else { Box::new(std::fs::File::open(file).map_err(fault)?) };
        let mut buffer = vec![0; 256 * 1024];
        loop {
            let count = input.read(&mut buffer).map_err(fault)?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            arriving.push(bytes).map_err(bad)?;
        }
        let own = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let pieces = arriving.finish(self.name.as_deref().unwrap_or(&own)).map_err(bad)?;
        events::arrive(app, &Who::Operator, feed, pieces, "command").await.map_err(bad)
    }
}

fn bad(error: Error) -> Ended {
    Ended { code: if matches!(error, Error::Invalid(_) | Error::Conflict(_)) { 1 } else { 2 }, text: error.to_string() }
}

impl Synthetic {
    async fn run(self) -> Result<(), Ended> {
        let bad = |text: String| Ended { code: 2, text };
        let networks =
            if self.network.is_empty() { self.registered().await? } else { self.network.iter().map(|text| network(text)).collect::<Result<_, _>>()? };
        if networks.is_empty() {
            return Err(bad("The registry holds no network: name some with --network PREFIX=AS".into()));
        }
        let day = self.day.unwrap_or_else(|| constituency::days::day(::store::Clock::System.now()).yesterday().unwrap_or_default());
        let day = constituency::days::starts(Some(day))?.as_microsecond();
        let synth = Synth { seed: self.seed, rows: self.rows, repeats: self.repeats, broken: self.broken, day, networks };
        let tables = Tables::built_in();
        let path = self.out.as_ref().map(|path| if path.is_dir() { path.join(synth.file_name(&self.kind)) } else { path.clone() });
        let written = match &path {
            Some(path) => {
                let file = std::fs::File::create(path).map_err(|error| bad(format!("{}: {error}", path.display())))?;
                let mut out = std::io::BufWriter::with_capacity(1 << 20, file);
                let written = synth.write(&tables, &self.kind, &mut out)?;
                std::io::Write::flush(&mut out)?;
                written
            }
            None => synth.write(&tables, &self.kind, &mut std::io::BufWriter::with_capacity(1 << 20, std::io::stdout().lock()))?,
        };
        let written = written.ok_or_else(|| bad(format!("There is no report type “{}”", self.kind)))?;
        if let Some(path) = path {
            say(&format!(
                "{}: {} bytes, {} events, {} repeated, {} lines that are none",
                path.display(),
                written.bytes,
                written.events,
                written.repeats,
                written.broken
            ));
        }
        Ok(())
    }

    /// The networks of the registry, each with an AS of its holder.
    async fn registered(&self) -> Result<Vec<(Prefix, Asn)>, Ended> {
        let app = App::open(self.place.settings()?).await?;
        let registry = constituency::registry(&mut app.db.read().await?).await;
        app.db.close().await;
        Ok(events::networks(&registry?))
    }
}

fn network(text: &str) -> Result<(Prefix, Asn), Ended> {
    let read = text.split_once('=').and_then(|(prefix, asn)| Some((prefix.parse().ok()?, asn.parse().ok()?)));
    read.ok_or_else(|| Ended { code: 2, text: format!("“{text}” is no network with its AS, like 192.0.2.0/24=AS64500") })
}
