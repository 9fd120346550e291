//! `atalaya csaf`: documents and providers judged by the standard; the team's own tree, and the signatures that are made
//! elsewhere; documents of others, taken over.

mod fetch;
mod import;
mod own;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use csaf::check::{self, Outcome, Outside, Verdict};
use csaf::validate::{self, Finding, Preset};
use post::openpgp::{Certificate, verify_detached};
use serde_json::json;

use self::import::Import;
use self::own::{Export, Folder};
use crate::Error;
use crate::commands::{Ended, say};

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
    /// Take documents of others over as drafts, or as the next version of what was made of an earlier one
    Import(Import),
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
            What::Import(asked) => asked.run().await,
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
            None if !report.findings.iter().all(Finding::is_advice) => Err(Ended { code: 1, text: if self.json { String::new() } else { lines.join("\n") } }),
            None if !report.skipped.is_empty() => {
                Err(Ended { code: 1, text: format!("The document is out of form: {} could not run.", report.skipped.join(", ")) })
            }
            None => {
                if !self.json {
                    for line in &lines {
                        say(line);
                    }
                    say(if lines.is_empty() { "Nothing found." } else { "Nothing stands against it." });
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
