//! `atalaya csaf`: documents and providers judged by the standard; the team's own tree, and the signatures that are made
//! elsewhere.

mod fetch;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use csaf::check::{self, Outcome, Outside, Verdict};
use csaf::validate::{self, Preset};
use post::openpgp::{Certificate, verify_detached};
use serde_json::json;

use crate::access::Who;
use crate::commands::{Ended, Place, say};
use crate::publications::csaf as documents;
use crate::{App, Error};

/// Arguments of `csaf`.
#[derive(Debug, Args)]
pub struct Csaf {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Judge a document of CSAF 2.0 or 2.1: 0 clean, 1 something found, 3 that test is not implemented
    Validate(Validate),
    /// Judge a provider by requirements 1 to 20, at its address or in a folder: 0 nothing against it, 1 something is
    Check(Check),
    /// Write the team's own tree into a new folder, whole, and put it in the place of the old one
    Export(Export),
    /// Write the documents that wait for a signature into a folder
    Unsigned(Folder),
    /// Take the signatures (NAME.json.asc) that lie in a folder
    Signatures(Folder),
}

#[derive(Debug, Args)]
struct Validate {
    /// The document
    file: PathBuf,
    /// Only this test of the standard: 6.1.27.4, or schema
    #[arg(long)]
    test: Option<String>,
    /// How much is asked: schema, basic (mandatory tests), extended (optional ones), full (informative ones)
    #[arg(long, default_value = "basic", value_parser = preset)]
    preset: Preset,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Check {
    /// The address of `provider-metadata.json`, or a folder that holds it
    place: String,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Export {
    #[command(flatten)]
    place: Place,
    /// The folder; what it held before is in `FOLDER.before`
    folder: PathBuf,
    /// Leave out what is not for everybody
    #[arg(long)]
    public: bool,
}

#[derive(Debug, Args)]
struct Folder {
    #[command(flatten)]
    place: Place,
    /// The folder
    folder: PathBuf,
}

fn preset(text: &str) -> Result<Preset, String> {
    match text {
        "schema" => Ok(Preset::Schema),
        "basic" => Ok(Preset::Basic),
        "extended" => Ok(Preset::Extended),
        "full" => Ok(Preset::Full),
        _ => Err("one of schema, basic, extended, full".into()),
    }
}

impl Csaf {
    /// Ends with what is bad about what was asked.
    pub async fn run(self) -> Result<(), Ended> {
        match self.what {
            What::Validate(asked) => asked.run(),
            What::Check(asked) => asked.run(),
            What::Export(asked) => asked.run().await,
            What::Unsigned(asked) => asked.write().await,
            What::Signatures(asked) => asked.take().await,
        }
    }
}

fn usage(text: impl Into<String>) -> Ended {
    Ended { code: 2, text: text.into() }
}

fn read(path: &Path) -> Result<Vec<u8>, Ended> {
    std::fs::read(path).map_err(|error| usage(format!("{}: {error}", path.display())))
}

impl Validate {
    fn run(self) -> Result<(), Ended> {
        let bytes = read(&self.file)?;
        let report = match &self.test {
            Some(id) => validate::test(&bytes, id),
            None => validate::check(&bytes, self.preset),
        };
        if let Some(id) = report.unknown.first() {
            return Err(usage(format!("{id} is no test of this edition of the standard.")));
        }
        let lines: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
        if self.json {
            let findings: Vec<_> = report
                .findings
                .iter()
                .map(|one| json!({ "test": one.test, "group": one.group.as_str(), "blocks": one.blocks, "pointer": one.pointer, "text": one.words }))
                .collect();
            let edition = report.edition.map(csaf::write::Edition::as_str);
            say(&json!({ "version": edition, "valid": report.is_valid(), "findings": findings, "not_implemented": report.not_implemented, "skipped": report.skipped }).to_string());
        }
        match self.test.filter(|id| report.not_implemented.contains(id)) {
            Some(id) => Err(Ended { code: 3, text: format!("Test {id} is not implemented: it says nothing.") }),
            None if !report.findings.is_empty() => Err(Ended { code: 1, text: if self.json { String::new() } else { lines.join("\n") } }),
            None if !report.skipped.is_empty() => {
                Err(Ended { code: 1, text: format!("The document is out of form: {} could not run.", report.skipped.join(", ")) })
            }
            None => {
                if !self.json {
                    say("Nothing found.");
                }
                Ok(())
            }
        }
    }
}

impl Check {
    fn run(self) -> Result<(), Ended> {
        let mut source = fetch::Source::open(&self.place).map_err(usage)?;
        let metadata = source.metadata();
        let mut fetch = |url: &str| source.get(url);
        let mut outside = Outside { fetch: &mut fetch, verify: &mut verify, fingerprint: &mut fingerprint };
        let verdicts = check::check(&metadata, &mut outside);
        let role = check::role(&verdicts).map(csaf::provider::Role::as_str);
        let bad = verdicts.iter().any(|verdict| matches!(verdict.outcome, Outcome::NotMet(_)));
        if self.json {
            say(&json!({ "role": role, "requirements": verdicts.iter().map(told).collect::<Vec<_>>() }).to_string());
        } else {
            let lines: Vec<String> = verdicts.iter().map(ToString::to_string).collect();
            say(&format!(
                "{}\n{}",
                lines.join("\n"),
                role.map_or("It is not even a publisher.".to_owned(), |role| format!("As far as can be judged from here: {role}"))
            ));
        }
        if bad { Err(Ended { code: 1, text: String::new() }) } else { Ok(()) }
    }
}

fn told(verdict: &Verdict) -> serde_json::Value {
    let (outcome, why) = match &verdict.outcome {
        Outcome::Met => ("met", Vec::new()),
        Outcome::NotMet(places) => ("not met", places.iter().map(|place| format!("{}: {}", place.url, place.words)).collect()),
        Outcome::Unjudged(why) => ("cannot be judged", vec![why.clone()]),
    };
    json!({ "number": verdict.number, "title": verdict.title, "outcome": outcome, "why": why })
}

/// Whether one of these keys made this signature.
fn verify(bytes: &[u8], signature: &str, keys: &[String]) -> Result<(), String> {
    let certificates: Vec<Certificate> = keys.iter().filter_map(|key| Certificate::read(key.as_bytes()).ok()).flatten().collect();
    let verdicts = verify_detached(bytes, signature.as_bytes(), &certificates, store::Clock::System.now()).map_err(|error| error.to_string())?;
    match verdicts.iter().find(|verdict| !verdict.good) {
        _ if verdicts.iter().any(|verdict| verdict.good) => Ok(()),
        Some(bad) => Err(bad.why.clone()),
        None => Err("there is no signature in it".into()),
    }
}

fn fingerprint(key: &str) -> Result<String, String> {
    let certificates = Certificate::read(key.as_bytes()).map_err(|error| error.to_string())?;
    certificates.first().map(Certificate::fingerprint).ok_or_else(|| "there is no key in it".to_owned())
}

fn failed(error: Error) -> Ended {
    Ended { code: if matches!(error, Error::Invalid(_) | Error::Conflict(_)) { 1 } else { 2 }, text: error.to_string() }
}

impl Export {
    async fn run(self) -> Result<(), Ended> {
        let app = App::open(self.place.settings()?).await?;
        let mut reader = app.db.read().await.map_err(Error::from).map_err(failed)?;
        let keys = documents::ours(&mut reader).await.map_err(failed)?;
        let files = documents::build(&mut reader, &app.profile, keys).await;
        drop(reader);
        app.db.close().await;
        let files: Vec<_> = files.map_err(failed)?.into_iter().filter(|file| !self.public || file.label == formats::label::Tlp::Clear).collect();
        let fault = |error: std::io::Error| usage(format!("{}: {error}", self.folder.display()));
        let (new, before) = (self.folder.with_extension("new"), self.folder.with_extension("before"));
        for old in [&new, &before] {
            if old.exists() {
                std::fs::remove_dir_all(old).map_err(fault)?;
            }
        }
        for file in &files {
            let path = new.join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap_or(&new)).map_err(fault)?;
            std::fs::write(path, &file.bytes).map_err(fault)?;
        }
        // A reader sees the one or the other, never half.
        if self.folder.exists() {
            std::fs::rename(&self.folder, &before).map_err(fault)?;
        }
        std::fs::rename(&new, &self.folder).map_err(fault)?;
        say(&format!("{} files in {}.", files.len(), self.folder.display()));
        Ok(())
    }
}

impl Folder {
    async fn write(self) -> Result<(), Ended> {
        let app = App::open(self.place.settings()?).await?;
        let waiting = match app.db.read().await {
            Ok(mut reader) => documents::unsigned(&mut reader, &Who::Operator).await,
            Err(error) => Err(error.into()),
        };
        app.db.close().await;
        let waiting = waiting.map_err(failed)?;
        std::fs::create_dir_all(&self.folder).map_err(|error| usage(format!("{}: {error}", self.folder.display())))?;
        for one in &waiting {
            std::fs::write(self.folder.join(&one.name), &one.bytes).map_err(|error| usage(format!("{}: {error}", one.name)))?;
        }
        say(&format!("{} documents wait for a signature, in {}. Sign each: gpg --armor --detach-sign NAME.json", waiting.len(), self.folder.display()));
        Ok(())
    }

    async fn take(self) -> Result<(), Ended> {
        let app = App::open(self.place.settings()?).await?;
        let done = self.take_into(&app).await;
        app.db.close().await;
        say(&format!("{} signatures taken.", done?));
        Ok(())
    }

    async fn take_into(&self, app: &App) -> Result<usize, Ended> {
        let entries = std::fs::read_dir(&self.folder).map_err(|error| usage(format!("{}: {error}", self.folder.display())))?;
        let mut taken = 0;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(document) = name.strip_suffix(".asc") else { continue };
            let signature = String::from_utf8_lossy(&read(&entry.path())?).into_owned();
            documents::take_signature(app, &Who::Operator, document, &signature).await.map_err(failed)?;
            taken += 1;
        }
        Ok(taken)
    }
}
