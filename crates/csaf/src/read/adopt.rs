//! A foreign document as our own model has it, so that it can be worked on and go out as a document of
//! ours: products under our ids, vulnerabilities with what is to do about them. What the model has no
//! place for is left out and told.

use super::products::Found;
use super::summary::{self, NO_LINK, Problem, Summary, is_link, references};
use super::{items, text};
use crate::advisory::{Credit, Cwe, Flag, Identifier, Note, NoteCategory, Product, Release, Remediation, Score, Statuses, Threat, Vulnerability};
use crate::json::{self, Broken};
use crate::write::{Severity, rating};
use formats::label::Tlp;
use formats::text::{one_line, readable};
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// A foreign document to work on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adopted {
    /// What it is, as it says itself.
    pub summary: Summary,
    /// Its label; nothing when it has none. AMBER of 2.0 with the words of AMBER+STRICT is that.
    pub tlp: Option<Tlp>,
    /// Words about the whole, in its order.
    pub notes: Vec<Note>,
    /// How bad it says it is (`aggregate_severity`), else the highest of its scores.
    pub severity: Severity,
    /// Its products.
    pub products: Vec<Product>,
    /// Its vulnerabilities.
    pub vulnerabilities: Vec<Vulnerability>,
    /// Whom it thanks.
    pub acknowledgments: Vec<Credit>,
    /// Why this version was released: the words of its newest revision.
    pub change: String,
}

/// The release of the list of weaknesses that a name of CSAF 2.0 is taken to be of, which does not say it.
const CWE_VERSION: &str = "4.18";

/// The document in these bytes and what was left out of it. `id` makes the product id here of vendor, name and release.
pub fn adopt(bytes: &[u8], id: &dyn Fn(&str, &str, &Release) -> String) -> Result<(Adopted, Vec<Problem>), Broken> {
    let whole = json::parse(bytes)?;
    let (summary, mut problems) = summary::of(&whole);
    let head = whole.get("document").unwrap_or(&Value::Null);
    let (products, ids) = products(&summary.products, id);
    let mut reading = Reading { ids, groups: HashMap::new(), problems: Vec::new() };
    for group in whole.get("product_tree").map_or(&[][..], |tree| items(tree, "product_groups")) {
        if let Some(name) = text(group, "group_id") {
            let members = reading.ours(group, "product_ids");
            reading.groups.insert(name.to_owned(), members);
        }
    }
    for made in ["relationships", "product_paths"] {
        if whole.get("product_tree").is_some_and(|tree| !items(tree, made).is_empty()) {
            reading.leave(format!("/product_tree/{made}"), "products that are made of others are taken over by their full names");
        }
    }
    let vulnerabilities: Vec<Vulnerability> =
        items(&whole, "vulnerabilities").iter().enumerate().map(|(n, one)| reading.vulnerability(one, &format!("/vulnerabilities/{n}"))).collect();
    problems.extend(reading.problems);
    let scored = vulnerabilities.iter().flat_map(|one| &one.scores).filter_map(|score| rating(&score.vector)).map(|(_, severity)| severity).max();
    let said = head.pointer("/aggregate_severity/text").and_then(Value::as_str).map(str::to_lowercase);
    let newest = head.pointer("/tracking/revision_history").and_then(Value::as_array).and_then(|all| {
        // Test 6.1.14: the order of the list is not that of time in every document.
        all.iter().max_by_key(|one| text(one, "date").and_then(|date| date.parse::<Timestamp>().ok()))
    });
    let adopted = Adopted {
        tlp: label(head, summary.tlp),
        notes: notes(head),
        severity: said.as_deref().and_then(rated).or(scored).unwrap_or_default(),
        products,
        vulnerabilities,
        acknowledgments: credits(head),
        change: newest.and_then(|one| text(one, "summary")).map(one_line).unwrap_or_default(),
        summary,
    };
    Ok((adopted, problems))
}

fn label(head: &Value, tlp: Option<Tlp>) -> Option<Tlp> {
    let words = head.pointer("/distribution/text").and_then(Value::as_str).unwrap_or_default();
    let strict = words.lines().filter_map(Tlp::marked_in).max() == Some(Tlp::AmberStrict);
    if strict && tlp == Some(Tlp::Amber) { Some(Tlp::AmberStrict) } else { tlp }
}

/// The words that publishers use for how bad something is.
fn rated(word: &str) -> Option<Severity> {
    match word.trim() {
        "critical" => Some(Severity::Critical),
        "high" | "important" => Some(Severity::High),
        "medium" | "moderate" => Some(Severity::Medium),
        "low" => Some(Severity::Low),
        _ => None,
    }
}

/// The products under our ids, and our id by theirs.
fn products(found: &[Found], id: &dyn Fn(&str, &str, &Release) -> String) -> (Vec<Product>, HashMap<String, String>) {
    let (mut products, mut ids, mut taken) = (Vec::<Product>::new(), HashMap::new(), HashSet::new());
    for one in found {
        if ids.contains_key(&one.id) {
            continue;
        }
        let mut product = product(one);
        product.id = id(&product.vendor, &product.name, &product.release);
        if taken.contains(&product.id) {
            // Two that our names would not tell apart keep the name that theirs have.
            product.release = Release::Named;
            product.name = format!("{} ({})", one_line(&one.name), one_line(&one.id));
            product.id = id(&product.vendor, &product.name, &product.release);
        }
        taken.insert(product.id.clone());
        ids.insert(one.id.clone(), product.id.clone());
        products.push(product);
    }
    (products, ids)
}

fn product(found: &Found) -> Product {
    let vendor = found.vendor.as_deref().map(one_line).unwrap_or_default();
    let release = found.version.as_deref().filter(|_| found.more.is_empty()).and_then(|version| release(version, found.is_range));
    let (name, release) = match (found.product.as_deref().map(one_line), release) {
        (Some(name), Some(release)) if !vendor.is_empty() && !name.is_empty() => (name, release),
        _ => (one_line(&found.name), Release::Named),
    };
    Product { id: String::new(), vendor, name, release, cpe: found.cpe.clone(), purl: found.purls.first().cloned() }
}

/// A version as it is, a range in the form of the standard; nothing for a range in free words, which machines cannot read.
fn release(version: &str, is_range: bool) -> Option<Release> {
    let version = one_line(version);
    match version.as_str() {
        "" => None,
        _ if !is_range => Some(Release::Version(version)),
        "vers:all/*" => Some(Release::Any),
        range if range.starts_with("vers:") => Some(Release::Range(version)),
        range if range.starts_with(['<', '>']) && range.chars().any(|c| c.is_ascii_digit()) => {
            let packed: String = range.split_whitespace().collect();
            Some(Release::Range(format!("vers:generic/{packed}")))
        }
        _ => None,
    }
}

/// What reading the vulnerabilities needs.
struct Reading {
    /// Our product ids by theirs.
    ids: HashMap<String, String>,
    /// Our product ids by their group.
    groups: HashMap<String, Vec<String>>,
    problems: Vec<Problem>,
}

impl Reading {
    /// Our ids of a list of theirs, each once; what names nothing is what test 6.1.1 finds.
    fn ours(&self, value: &Value, key: &str) -> Vec<String> {
        let mut all: Vec<String> = items(value, key).iter().filter_map(Value::as_str).filter_map(|id| self.ids.get(id)).cloned().collect();
        all.sort();
        all.dedup();
        all
    }

    /// The products that something is said of, by themselves and by their groups.
    fn reach(&self, value: &Value) -> Vec<String> {
        let mut all = self.ours(value, "product_ids");
        all.extend(items(value, "group_ids").iter().filter_map(Value::as_str).filter_map(|id| self.groups.get(id)).flatten().cloned());
        all.sort();
        all.dedup();
        all
    }

    fn leave(&mut self, pointer: String, words: &'static str) {
        self.problems.push(Problem { pointer, words });
    }

    fn vulnerability(&mut self, one: &Value, at: &str) -> Vulnerability {
        let date = |key: &str| text(one, key).and_then(|date| date.parse().ok());
        let cwe = |cwe: &Value| {
            let version = text(cwe, "version").unwrap_or(CWE_VERSION).to_owned();
            Some(Cwe { id: text(cwe, "id")?.to_owned(), name: text(cwe, "name")?.to_owned(), version })
        };
        let identifier = |id: &Value| Some(Identifier { system: one_line(text(id, "system_name")?), text: one_line(text(id, "text")?) });
        if one.get("involvements").is_some() {
            self.leave(format!("{at}/involvements"), "who did what about it is not taken over");
        }
        let found = Vulnerability {
            cve: text(one, "cve").map(str::to_owned),
            ids: items(one, "ids").iter().filter_map(identifier).collect(),
            title: text(one, "title").map(one_line),
            cwes: one.get("cwe").into_iter().chain(items(one, "cwes")).filter_map(cwe).collect(),
            notes: notes(one),
            acknowledgments: credits(one),
            // What is no link was told with the summary.
            references: references(one, at, &mut Vec::new()),
            discovered: date("discovery_date"),
            disclosed: date("release_date").or_else(|| date("disclosure_date")),
            ..Vulnerability::default()
        };
        Vulnerability {
            statuses: self.statuses(one, at),
            scores: self.scores(one, at),
            remediations: self.remediations(one, at),
            threats: self.threats(one, at),
            flags: self.flags(one, at),
            ..found
        }
    }

    fn statuses(&mut self, one: &Value, at: &str) -> Statuses {
        let mut statuses = Statuses::default();
        let Some(found) = one.get("product_status") else { return statuses };
        for name in found.as_object().into_iter().flat_map(serde_json::Map::keys) {
            let list = match name.as_str() {
                "first_affected" => &mut statuses.first_affected,
                "first_fixed" => &mut statuses.first_fixed,
                "fixed" => &mut statuses.fixed,
                "known_affected" => &mut statuses.known_affected,
                "known_not_affected" => &mut statuses.known_not_affected,
                "last_affected" => &mut statuses.last_affected,
                "recommended" => &mut statuses.recommended,
                "under_investigation" => &mut statuses.under_investigation,
                _ => {
                    self.leave(format!("{at}/product_status/{}", json::step(name)), "this status is not taken over");
                    continue;
                }
            };
            *list = self.ours(found, name);
        }
        statuses
    }

    fn scores(&mut self, one: &Value, at: &str) -> Vec<Score> {
        let mut scores = Vec::new();
        for (list, n, metric) in ["scores", "metrics"].into_iter().flat_map(|list| items(one, list).iter().enumerate().map(move |(n, one)| (list, n, one))) {
            let content = metric.get("content").unwrap_or(metric);
            if content.get("cvss_v2").is_some() {
                self.leave(format!("{at}/{list}/{n}/cvss_v2"), "scores of CVSS 2.0 are not taken over");
            }
            for name in ["cvss_v3", "cvss_v4"] {
                let Some(vector) = content.get(name).and_then(|score| text(score, "vectorString")) else { continue };
                if rating(vector).is_none() {
                    self.leave(format!("{at}/{list}/{n}/{name}/vectorString"), "this is no whole CVSS vector");
                    continue;
                }
                let source = text(metric, "source").map(str::to_owned);
                scores.push(Score { vector: vector.to_owned(), products: self.ours(metric, "products"), source });
            }
        }
        scores
    }

    fn remediations(&mut self, one: &Value, at: &str) -> Vec<Remediation> {
        let mut all = Vec::new();
        for (n, help) in items(one, "remediations").iter().enumerate() {
            let (Some(category), Some(details)) = (word(help, "category"), text(help, "details")) else {
                self.leave(format!("{at}/remediations/{n}"), "a known category and details are needed here");
                continue;
            };
            let (said, date) = (text(help, "url"), text(help, "date").and_then(|date| date.parse().ok()));
            let url = said.filter(|url| is_link(url)).map(str::to_owned);
            if said.is_some() && url.is_none() {
                self.leave(format!("{at}/remediations/{n}/url"), NO_LINK);
            }
            all.push(Remediation { category, details: readable(details), url, products: self.reach(help), date });
        }
        all
    }

    fn threats(&mut self, one: &Value, at: &str) -> Vec<Threat> {
        let mut all = Vec::new();
        for (n, threat) in items(one, "threats").iter().enumerate() {
            let (Some(category), Some(details)) = (word(threat, "category"), text(threat, "details")) else {
                self.leave(format!("{at}/threats/{n}"), "a known category and details are needed here");
                continue;
            };
            let date = text(threat, "date").and_then(|date| date.parse().ok());
            all.push(Threat { category, details: readable(details), products: self.reach(threat), date });
        }
        all
    }

    fn flags(&mut self, one: &Value, at: &str) -> Vec<Flag> {
        let mut all = Vec::new();
        for (n, flag) in items(one, "flags").iter().enumerate() {
            match word(flag, "label") {
                Some(label) => all.push(Flag { label, products: self.reach(flag) }),
                None => self.leave(format!("{at}/flags/{n}/label"), "this label is not known"),
            }
        }
        all
    }
}

/// One of the standard's words as ours.
fn word<T: DeserializeOwned>(value: &Value, key: &str) -> Option<T> {
    serde_json::from_value(value.get(key)?.clone()).ok()
}

fn notes(value: &Value) -> Vec<Note> {
    let note = |note: &Value| {
        let said = readable(text(note, "text")?);
        let category = word(note, "category").unwrap_or(NoteCategory::Other);
        Some(Note { category, title: text(note, "title").map(one_line), audience: text(note, "audience").map(one_line), text: said })
    };
    items(value, "notes").iter().filter_map(note).collect()
}

fn credits(value: &Value) -> Vec<Credit> {
    let lines = |one: &Value, key: &str| items(one, key).iter().filter_map(Value::as_str).map(one_line).collect();
    let credit = |one: &Value| Credit {
        names: lines(one, "names"),
        organization: text(one, "organization").map(one_line),
        summary: text(one, "summary").map(one_line),
        urls: lines(one, "urls"),
    };
    items(value, "acknowledgments").iter().map(credit).filter(|one| *one != Credit::default()).collect()
}
