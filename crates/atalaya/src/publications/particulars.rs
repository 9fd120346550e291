//! What a publication knows besides its words, as readers are told of it: products and what they are to its vulnerabilities, scores,
//! what helps, what to read, whom to thank, and why it no longer holds. The page shows it in tables; mails and feeds carry it as
//! Markdown in the page's order, so that whoever reads nothing but the mail misses nothing.

use csaf::advisory::{Measure, Product, Release, Remediation, Vulnerability};
use csaf::write::rating;
use press::Content;

use super::catalogue::Item;
use crate::text::{Text, one_line};

/// A product as readers see it.
pub struct Shown {
    /// Vendor and product.
    pub name: String,
    /// Its release.
    pub release: String,
    /// What it is to the first vulnerability that speaks of it: a name of `pub-is-…`.
    pub state: &'static str,
    /// What machines call it: CPE, package URL.
    pub names: Vec<String>,
}

/// Its products.
pub fn products(content: &Content) -> Vec<Shown> {
    let state = |id: &String| {
        let of = |one: &Vulnerability| {
            let lists = [
                ("affected", one.statuses.affected()),
                ("fixed", one.statuses.fixed.clone()),
                ("not", one.statuses.known_not_affected.clone()),
                ("unknown", one.statuses.under_investigation.clone()),
            ];
            lists.into_iter().find(|(_, list)| list.contains(id)).map(|(state, _)| state)
        };
        content.vulnerabilities.iter().find_map(of).unwrap_or("named")
    };
    let shown = |product: &Product| Shown {
        name: named(product),
        release: release(&product.release),
        state: state(&product.id),
        names: [&product.cpe, &product.purl].into_iter().flatten().cloned().collect(),
    };
    content.products.iter().map(shown).collect()
}

/// Vendor and product; the full name where there is nothing else.
fn named(product: &Product) -> String {
    if product.release == Release::Named { product.name.clone() } else { format!("{} {}", product.vendor, product.name) }
}

/// A release as people read it.
fn release(release: &Release) -> String {
    release.name().trim_start_matches("vers:generic/").trim_start_matches("vers:all/").replace('|', " ")
}

/// What it is about, as people write it: `CVE-2026-0001`, `T1566`, `fraud/phishing`.
pub fn about(content: &Content) -> Vec<String> {
    content.about().iter().map(|key| key.parts().1.to_owned()).collect()
}

/// A release as the team reads it in the console.
pub fn release_in_words(release: &Release) -> String {
    let text = press::affected::written(release);
    let ends = text.split_once(' ').and_then(|(from, to)| Some((from.strip_prefix(">=")?, to.strip_prefix("<=")?)));
    match (ends, text.strip_prefix("<="), text.strip_prefix('<')) {
        _ if text == "*" => "all releases".to_owned(),
        (Some((from, to)), ..) => format!("{from} – {to}"),
        (_, Some(last), _) => format!("until {last}, it included"),
        (_, _, Some(first)) => format!("before {first}"),
        _ => text,
    }
}

/// A product with its release, as the team reads it.
pub fn in_words(product: &Product) -> String {
    if product.release == Release::Named { product.full_name() } else { format!("{} {}", named(product), release_in_words(&product.release)) }
}

/// The scores of a vulnerability: version of CVSS, score with its word, vector.
pub fn scores(text: &Text, one: &Vulnerability) -> Vec<(String, String, String)> {
    let told = |score: &csaf::advisory::Score| {
        let (tenths, severity) = rating(&score.vector)?;
        let version = score.vector.trim_start_matches("CVSS:").split('/').next().unwrap_or_default().to_owned();
        let word = text.say(&format!("pub-severity-{}", severity.as_str().to_lowercase()));
        Some((version, format!("{}.{} {word}", tenths / 10, tenths % 10), score.vector.clone()))
    };
    one.scores.iter().filter_map(told).collect()
}

/// What the base metrics of a vector say: name and value, in words.
pub fn decoded(text: &Text, vector: &str) -> Vec<(String, String)> {
    let mut parts = vector.split('/');
    let is_four = parts.next() == Some("CVSS:4.0");
    parts.filter_map(|part| part.split_once(':')).filter_map(|(code, value)| metric(text, is_four, code, value)).collect()
}

/// One metric (CVSS 3.1 and 4.0, section 2); nothing of those that are no base metric.
fn metric(text: &Text, is_four: bool, code: &str, value: &str) -> Option<(String, String)> {
    let behind = is_four && matches!(code, "SC" | "SI" | "SA");
    let of = match code {
        "VC" | "SC" => "c",
        "VI" | "SI" => "i",
        "VA" | "SA" => "a",
        "AV" | "AC" | "AT" | "PR" | "UI" | "S" | "C" | "I" | "A" => code,
        _ => return None,
    };
    let said = match (code, value) {
        ("AV", "N") => "cvss-network",
        ("AV", "A") => "cvss-adjacent",
        ("AV", "L") => "cvss-local",
        ("AV", "P") => "cvss-physical",
        ("AT", "P") | ("S", "C") => "pub-yes",
        ("AT", "N") | ("S", "U") => "pub-no",
        ("UI", "R") => "cvss-needed",
        ("UI", "N") => "cvss-not-needed",
        ("UI", "P") => "cvss-passive",
        ("UI", "A") => "cvss-active",
        (_, "H") => "cvss-high",
        (_, "L") => "cvss-low",
        (_, "N") => "cvss-none",
        _ => return None,
    };
    let name = text.say(&format!("cvss-{}", of.to_lowercase()));
    Some((if behind { text.with("cvss-behind", "what", name) } else { name }, text.say(said)))
}

/// What kind of help it is: a name of `pub-help-…`.
pub fn help(help: &Remediation) -> &'static str {
    match help.category {
        Measure::VendorFix | Measure::OptionalPatch => "fix",
        Measure::Workaround | Measure::Mitigation => "workaround",
        _ => "none",
    }
}

/// Whether it is being exploited, who says so, and since when.
pub fn exploited(text: &Text, content: &Content) -> String {
    let of = &content.exploited;
    let said = match of.state.as_str() {
        "yes" => text.say("pub-yes"),
        "no" => text.say("pub-not-known-exploited"),
        _ => text.say("pub-unknown"),
    };
    let on = of.on.map(|day| day.to_string()).unwrap_or_default();
    let by: Vec<&str> = [of.source.as_str(), &on].into_iter().filter(|part| !part.is_empty()).collect();
    if by.is_empty() { said } else { format!("{said} ({})", by.join(", ")) }
}

/// Whether it is being exploited, who says so since when, and what it is about; Markdown.
pub fn facts(text: &Text, content: &Content) -> String {
    let mut lines = Vec::new();
    let exploited = if content.exploited.state.is_empty() { String::new() } else { exploited(text, content) };
    if content.kind.has_brief() && !exploited.is_empty() {
        lines.push(item(&text.say("pub-exploited"), &escaped(&exploited)));
    }
    let about = about(content);
    if content.kind.has_brief() && !about.is_empty() {
        lines.push(item(&text.say("pub-about"), &escaped(&about.join(", "))));
    }
    lines.concat()
}

/// Its products and vulnerabilities; Markdown.
pub fn technical(text: &Text, content: &Content) -> String {
    let mut out = String::new();
    for (place, Shown { name, release, state, .. }) in products(content).into_iter().enumerate() {
        if place == 0 {
            out.push_str(&heading(&text.say("pub-products")));
        }
        let called = [name, release].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        out.push_str(&format!("- {}: {}\n", escaped(&one_line(&called)), escaped(&text.say(&format!("pub-is-{state}")))));
    }
    for one in &content.vulnerabilities {
        out.push_str(&vulnerability(text, one));
    }
    out
}

fn vulnerability(text: &Text, one: &Vulnerability) -> String {
    let called: Vec<&str> = [one.cve.as_deref(), one.title.as_deref()].into_iter().flatten().collect();
    let mut out = heading(&if called.is_empty() { text.say("pub-about") } else { called.join(" ") });
    for note in &one.notes {
        out.push_str(&format!("{}\n\n", escaped(&note.text)));
    }
    for (version, score, _) in scores(text, one) {
        out.push_str(&item(&format!("CVSS {version}"), &escaped(&score)));
    }
    for cwe in &one.cwes {
        out.push_str(&item("CWE", &escaped(&format!("{} {}", cwe.id, cwe.name))));
    }
    if let Some(kev) = &one.kev {
        out.push_str(&item("KEV", &escaped(&format!("{} ({})", kev.added, kev.source))));
    }
    for measure in &one.remediations {
        let url = measure.url.as_deref().map(|url| format!(" {}", link(url))).unwrap_or_default();
        out.push_str(&item(&text.say(&format!("pub-help-{}", help(measure))), &format!("{}{url}", escaped(&one_line(&measure.details)))));
    }
    for threat in &one.threats {
        out.push_str(&item(&text.say("pub-exploited"), &escaped(&one_line(&threat.details))));
    }
    out
}

/// What to read, and whom the team thanks; Markdown.
pub fn further(text: &Text, content: &Content) -> String {
    let mut out = String::new();
    if !content.references.is_empty() {
        out.push_str(&heading(&text.say("pub-references")));
    }
    for one in &content.references {
        out.push_str(&format!("- {} {}\n", escaped(&one_line(&one.title)), link(&one.url)));
    }
    if !content.credits.is_empty() {
        out.push_str(&heading(&text.say("pub-credits")));
    }
    for line in &content.credits {
        out.push_str(&format!("- {}\n", escaped(&one_line(line))));
    }
    out
}

/// What is said of what no longer holds, in place of what it said.
pub struct Ended {
    /// That it no longer holds.
    says: String,
    /// Why.
    why: String,
    /// What took its place: the words of the link, and where it leads.
    instead: Option<(String, String)>,
}

/// What is said of something that no longer holds; nothing of what holds. `site`: the site's address.
pub fn ended(site: &str, text: &Text, item: &Item) -> Option<Ended> {
    if item.is_current() {
        return None;
    }
    let why = item.history.first().map(|past| past.note.clone()).unwrap_or_default();
    let instead =
        item.superseded_by.as_ref().map(|path| (text.say("pub-superseded-by"), format!("{}{path}?lang={}", site.trim_end_matches('/'), text.wanted())));
    Some(Ended { says: text.say(&format!("pub-{}", item.standing)), why, instead })
}

impl Ended {
    /// As lines of a mail.
    pub fn lines(&self) -> String {
        let instead = self.instead.as_ref().map(|(words, url)| format!("{words}: {url}")).unwrap_or_default();
        [self.says.as_str(), &self.why, &instead].into_iter().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    /// As Markdown.
    pub fn markdown(&self) -> String {
        let instead = self.instead.as_ref().map(|(words, url)| format!("{}: {}", escaped(words), link(url))).unwrap_or_default();
        format!("**{}**\n\n{}\n\n{instead}\n", escaped(&self.says), escaped(&self.why))
    }
}

fn heading(words: &str) -> String {
    format!("\n## {}\n\n", escaped(&one_line(words)))
}

/// A line of a list; `said` is Markdown.
fn item(name: &str, said: &str) -> String {
    format!("- **{}:** {said}\n", escaped(name))
}

/// An address that stands for itself.
fn link(url: &str) -> String {
    if url.contains(|c: char| c.is_whitespace() || c == '<' || c == '>') { escaped(&one_line(url)) } else { format!("<{url}>") }
}

/// Words that are no Markdown (CommonMark 0.31, section 2.4: any punctuation of ASCII may be escaped).
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| c.is_ascii_punctuation().then_some('\\').into_iter().chain([c])).collect()
}
