//! `atalaya import`: data from files of other programs.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use crate::access::Who;
use crate::commands::{Ended, Place, say};
use crate::constituency::allocations;
use crate::{App, Error, constituency, publications};

/// Arguments of `import`.
#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Organisations with contacts and resources from a CSV file (docs/import.md): all of it or nothing
    Constituency(Constituency),
    /// Pages for the public site from a folder, `kind/name.language.md` (docs/publishing.md)
    Content(Content),
    /// What is known to be exploited (KEV, JSON); what is published and does not say so gets a working copy that does
    Exploited(List),
    /// How likely vulnerabilities are to be exploited (EPSS, CSV, packed or not)
    Predictions(List),
    /// Addresses, a line each, whose holders asked another list of yours to be told: they are told of everything published
    Readers(Readers),
    /// What a regional registry allocated, from its list (delegated-extended)
    Allocations(Allocations),
}

#[derive(Debug, Args)]
struct Content {
    #[command(flatten)]
    place: Place,
    /// The folder
    folder: PathBuf,
    /// Publish them at once; without it they are drafts that somebody hands in
    #[arg(long)]
    publish: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Readers {
    #[command(flatten)]
    place: Place,
    /// The file
    file: PathBuf,
    /// The language in which they are written to
    #[arg(long)]
    language: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct List {
    #[command(flatten)]
    place: Place,
    /// The list
    file: PathBuf,
    /// Whose list it is, as an address that readers see
    #[arg(long)]
    source: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Allocations {
    #[command(flatten)]
    place: Place,
    /// The list
    file: PathBuf,
    /// Make an organisation of each handle that nobody has linked
    #[arg(long)]
    holders: bool,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Constituency {
    #[command(flatten)]
    place: Place,
    /// The CSV file
    file: PathBuf,
    /// Say what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Import {
    /// Ends with 1 and the faults when the file is bad; then nothing was imported.
    pub async fn run(self) -> Result<(), Ended> {
        match self.what {
            What::Constituency(asked) => asked.run().await,
            What::Allocations(asked) => asked.run().await,
            What::Content(asked) => asked.run().await,
            What::Readers(asked) => asked.run().await,
            What::Exploited(asked) => asked.run(true).await,
            What::Predictions(asked) => asked.run(false).await,
        }
    }
}

impl Constituency {
    async fn run(self) -> Result<(), Ended> {
        let asked = self;
        let bytes = std::fs::read(&asked.file).map_err(|error| Ended { code: 2, text: format!("{}: {error}", asked.file.display()) })?;
        let app = App::open(asked.place.settings()?).await?;
        let mut reader = app.db.read().await?;
        let plan = constituency::import::preview(&mut reader, &app, &Who::Operator, &bytes).await?;
        drop(reader);
        let plan = if asked.dry_run || !plan.faults.is_empty() {
            plan
        } else {
            constituency::import::import(&app, &Who::Operator, &bytes, &plan.mark())
                .await
                .map_err(|error| Ended { code: if matches!(error, Error::Invalid(_) | Error::Conflict(_)) { 1 } else { 2 }, text: error.to_string() })?
        };
        let (added, changed, unchanged) = plan.counts();
        if asked.json {
            let steps: Vec<_> =
                plan.steps.iter().map(|step| json!({ "line": step.line, "name": step.name, "what": step.what, "details": step.details })).collect();
            let faults: Vec<_> = plan.faults.iter().map(|fault| json!({ "line": fault.line, "column": fault.column, "text": fault.text })).collect();
            let imported = plan.faults.is_empty() && !asked.dry_run;
            say(&json!({ "imported": imported, "added": added, "changed": changed, "unchanged": unchanged, "lines": steps, "faults": faults }).to_string());
        }
        app.db.close().await;
        if !plan.faults.is_empty() {
            let faults: Vec<String> = plan.faults.iter().map(ToString::to_string).collect();
            return Err(Ended { code: 1, text: format!("{}\nNothing was imported.", faults.join("\n")) });
        }
        if !asked.json {
            for step in plan.steps.iter().filter(|step| step.what != "unchanged") {
                let details = if step.details.is_empty() { String::new() } else { format!(": {}", step.details.join("; ")) };
                say(&format!("line {}, {}: {}{details}", step.line, step.name, step.what));
            }
            let done = if asked.dry_run { "Nothing was changed. It would be" } else { "Imported" };
            say(&format!("{done}: {}, {changed} changed, {unchanged} as they were.", constituency::import::lines_added(added)));
        }
        Ok(())
    }
}

impl Readers {
    async fn run(self) -> Result<(), Ended> {
        let text = std::fs::read_to_string(&self.file).map_err(|error| Ended { code: 2, text: format!("{}: {error}", self.file.display()) })?;
        let app = App::open(self.place.settings()?).await?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned);
        let done = publications::readers::enlist(&app, lines, &self.language).await;
        app.db.close().await;
        let done = done.map_err(|error| Ended { code: if matches!(error, Error::Invalid(_)) { 1 } else { 2 }, text: error.to_string() })?;
        let said = || format!("{} new readers, {} skipped that have a subscription already or ended one.", done.new, done.skipped);
        say(&if self.json { json!({ "new": done.new, "skipped": done.skipped }).to_string() } else { said() });
        Ok(())
    }
}

impl List {
    async fn run(self, exploited: bool) -> Result<(), Ended> {
        let bytes = std::fs::read(&self.file).map_err(|error| Ended { code: 2, text: format!("{}: {error}", self.file.display()) })?;
        let app = App::open(self.place.settings()?).await?;
        let (who, source) = (Who::Operator, self.source.as_str());
        let taken = if exploited {
            publications::known::take_kev(&app, &who, &bytes, source).await
        } else {
            publications::known::take_epss(&app, &who, &bytes, source).await
        };
        app.db.close().await;
        let taken = taken.map_err(|error| Ended { code: if matches!(error, Error::Invalid(_)) { 1 } else { 2 }, text: error.to_string() })?;
        if self.json {
            say(&json!({ "entries": taken.entries, "new": taken.new, "changed": taken.changed, "bad": taken.bad, "proposed": taken.proposed }).to_string());
        } else {
            say(&format!("{} entries, {} new, {} with other days, {} that could not be read.", taken.entries, taken.new, taken.changed, taken.bad));
            for name in &taken.proposed {
                say(&format!("{name}: its next version is proposed, to be looked at under Publishing."));
            }
        }
        Ok(())
    }
}

impl Content {
    async fn run(self) -> Result<(), Ended> {
        let app = App::open(self.place.settings()?).await?;
        let filled = publications::fill(&app, &self.folder, self.publish).await;
        app.db.close().await;
        let filled =
            filled.map_err(|error| Ended { code: if matches!(error, Error::Invalid(_) | Error::Conflict(_)) { 1 } else { 2 }, text: error.to_string() })?;
        if self.json {
            say(&json!({ "taken": filled.taken, "there": filled.there, "published": self.publish }).to_string());
        } else {
            let as_what = if self.publish { "published" } else { "as drafts" };
            say(&format!("Taken {as_what}: {}. There already, and left as they were: {}.", filled.taken, filled.there));
        }
        Ok(())
    }
}

impl Allocations {
    async fn run(self) -> Result<(), Ended> {
        let bytes = std::fs::read(&self.file).map_err(|error| Ended { code: 2, text: format!("{}: {error}", self.file.display()) })?;
        let app = App::open(self.place.settings()?).await?;
        let done = self.take(&app, &bytes).await;
        app.db.close().await;
        let (plan, organisations) = done?;
        let (added, moved, ended, corrected) = plan.counts();
        if self.json {
            let faults: Vec<_> = plan.faults.iter().map(|fault| json!({ "line": fault.line, "text": fault.text })).collect();
            let day = plan.day.map(|day| day.to_string());
            let told = json!({
                "imported": !self.dry_run, "registry": plan.registry, "day": day, "added": added, "moved": moved, "ended": ended, "corrected": corrected,
                "unchanged": plan.unchanged, "organisations": organisations, "unlinked": plan.unlinked, "faults": faults,
            });
            say(&told.to_string());
            return Ok(());
        }
        for fault in &plan.faults {
            say(&format!("line {}: {}", fault.line, fault.text));
        }
        let done = if self.dry_run { "Nothing was changed. It would be" } else { "Imported" };
        say(&format!(
            "{done}: {added} added, {moved} moved, {ended} ended, {corrected} corrected, {} as they were; {organisations} organisations made.",
            plan.unchanged
        ));
        Ok(())
    }

    async fn take(&self, app: &App, bytes: &[u8]) -> Result<(allocations::Plan, usize), Ended> {
        let bad = |text: String| Ended { code: 1, text: format!("{text}\nNothing was imported.") };
        if self.dry_run {
            let plan = allocations::preview(&mut app.db.read().await?, &Who::Operator, bytes).await?;
            return match plan.against.clone() {
                Some(text) => Err(bad(text)),
                None => Ok((plan, 0)),
            };
        }
        match allocations::import(app, &Who::Operator, bytes, self.holders).await {
            Ok(done) => Ok((done.plan, done.organisations)),
            Err(Error::Invalid(text) | Error::Conflict(text)) => Err(bad(text)),
            Err(error) => Err(error.into()),
        }
    }
}
