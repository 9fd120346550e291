//! The technical part, as lines that people read: what is there of a product or vulnerability, a line each, and of two versions
//! the lines alone that differ.

use std::collections::BTreeSet;

use csaf::advisory::{Measure, Product, ThreatCategory, Vulnerability};
use serde_json::Value;

use super::Change;
use crate::content::Content;

/// The products that came and went. One that is called otherwise by machines now is another line.
pub(super) fn products(before: &Content, now: &Content) -> Option<Change> {
    let all = |content: &Content| content.products.iter().map(product).collect::<Vec<_>>();
    change("products", String::new(), &all(before), &all(now))
}

fn product(one: &Product) -> String {
    let names: Vec<&str> = [&one.cpe, &one.purl].into_iter().flatten().map(String::as_str).collect();
    if names.is_empty() { one.full_name() } else { format!("{} ({})", one.full_name(), names.join(", ")) }
}

/// Each vulnerability that came, went or says something else.
pub(super) fn vulnerabilities(before: &Content, now: &Content) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut left: Vec<&Vulnerability> = before.vulnerabilities.iter().collect();
    for (place, one) in now.vulnerabilities.iter().enumerate() {
        // By name, else by its place: one that was given another name is still the one that it was.
        let same = left.iter().position(|was| !called(was).is_empty() && called(was) == called(one));
        let same = same.or_else(|| {
            let there = before.vulnerabilities.get(place)?;
            let goes_on = now.vulnerabilities.iter().any(|other| called(other) == called(there));
            left.iter().position(|was| std::ptr::eq(*was, there) && !goes_on)
        });
        let was = same.map(|at| left.remove(at));
        let (said, is) = (was.map(|was| lines(was, before)).unwrap_or_default(), lines(one, now));
        let shown = change("vulnerability", called(one), &said, &is);
        // What no line says is said to be there.
        let other = || was.filter(|was| *was != one).map(|_| change("vulnerability", called(one), &[BEFORE.into()], &[OTHER.into()]));
        changes.extend(shown.or_else(|| other().flatten()));
    }
    changes.extend(left.into_iter().filter_map(|gone| change("vulnerability", called(gone), &lines(gone, before), &[])));
    changes
}

const BEFORE: &str = "Particulars: as before";
const OTHER: &str = "Particulars: others (whom a help is for, where a score is from, a date)";

fn called(one: &Vulnerability) -> String {
    one.cve.clone().or_else(|| one.title.clone()).unwrap_or_default()
}

/// The lines of each that the other has not; nothing where there are none.
fn change(part: &'static str, of: String, was: &[String], is: &[String]) -> Option<Change> {
    let only = |lines: &[String], other: &[String]| lines.iter().filter(|line| !other.contains(line)).cloned().collect::<Vec<_>>().join("\n");
    let (gone, came) = (only(was, is), only(is, was));
    (gone != came).then(|| Change { part, of, language: String::new(), was: gone, is: came })
}

/// All that is said of a vulnerability.
fn lines(one: &Vulnerability, content: &Content) -> Vec<String> {
    let named = |ids: &[String]| {
        let name = |id: &String| content.products.iter().find(|product| product.id == *id).map_or_else(|| id.clone(), Product::full_name);
        ids.iter().map(name).collect::<BTreeSet<_>>()
    };
    let mut lines = Vec::new();
    let mut say = |name: &str, words: &str| {
        if !words.trim().is_empty() {
            lines.push(format!("{name}: {}", words.split_whitespace().collect::<Vec<_>>().join(" ")));
        }
    };
    say("CVE id", one.cve.as_deref().unwrap_or_default());
    say("Called", one.title.as_deref().unwrap_or_default());
    one.notes.iter().for_each(|note| say("What it is", &note.text));
    one.cwes.iter().for_each(|cwe| say("Weakness", &format!("{} {}", cwe.id, cwe.name)));
    for score in &one.scores {
        let rating = csaf::write::rating(&score.vector);
        let words = rating.map(|(tenths, severity)| format!("{}.{} {}, ", tenths / 10, tenths % 10, severity.name())).unwrap_or_default();
        say("Score", &format!("{words}{}", score.vector));
    }
    let statuses = &one.statuses;
    for (name, ids) in [
        ("Affected", &statuses.known_affected),
        ("Affected first", &statuses.first_affected),
        ("Affected last", &statuses.last_affected),
        ("Fixed", &statuses.fixed),
        ("Fixed first", &statuses.first_fixed),
        ("Not affected", &statuses.known_not_affected),
        ("Being looked into", &statuses.under_investigation),
        ("Recommended", &statuses.recommended),
    ] {
        for product in named(ids) {
            say(name, &product);
        }
    }
    for help in &one.remediations {
        say(measure(help.category), &format!("{} {}", help.details, help.url.as_deref().unwrap_or_default()));
    }
    for threat in &one.threats {
        let name = match threat.category {
            ThreatCategory::ExploitStatus => "Known of attacks",
            ThreatCategory::Impact => "What it does",
            ThreatCategory::TargetSet => "Used against",
        };
        say(name, &threat.details);
    }
    one.references.iter().for_each(|read| say("To read", &format!("{} {}", read.summary, read.url)));
    if let Some(kev) = &one.kev {
        say("Listed as exploited", &format!("since {}, {}", kev.added, kev.source));
    }
    if let Some(epss) = &one.epss {
        say("How likely it is to be exploited (EPSS)", &format!("{} on {}, {}", epss.probability, epss.date, epss.source));
    }
    lines.extend(rest(one));
    lines
}

fn measure(of: Measure) -> &'static str {
    match of {
        Measure::VendorFix => "The vendor's fix",
        Measure::OptionalPatch => "A patch that need not be taken",
        Measure::Workaround => "What helps until then",
        Measure::Mitigation => "What lowers the risk",
        Measure::FixPlanned => "A fix will come",
        Measure::NoFixPlanned => "No fix will come",
        Measure::NoneAvailable => "No fix so far",
    }
}

/// What no form asks for and documents of others bring, by its name in the model.
fn rest(one: &Vulnerability) -> Vec<String> {
    let Ok(Value::Object(fields)) = serde_json::to_value(one) else { return Vec::new() };
    let more = ["ids", "flags", "acknowledgments", "discovered", "disclosed"];
    fields.iter().filter(|(name, _)| more.contains(&name.as_str())).map(|(name, value)| format!("{name}: {}", flat(value))).collect()
}

fn flat(value: &Value) -> String {
    match value {
        Value::Array(all) => all.iter().map(flat).collect::<Vec<_>>().join("; "),
        Value::Object(fields) => fields.values().map(flat).collect::<Vec<_>>().join(" "),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
