//! What the team knows of products and vulnerabilities besides its own words: ids and names that hold in all advisories, and the lists
//! that the operator supplies: what is known to be exploited (KEV), how likely it is to be (EPSS).

use std::io::Read as _;

use ::store::{Id, Reader, Record, Statement, Tx, args};
use csaf::advisory::{Epss, Kev, Release, Vulnerability};
use data_encoding::HEXUPPER;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::item::Publication;
use super::{store, write};
use crate::access::Who;
use crate::{App, Error, Result};

/// The weaknesses that are seen most: id and name as the list has them (CWE 4.18).
pub const WEAKNESSES: &[(&str, &str)] = &[
    ("CWE-20", "Improper Input Validation"),
    ("CWE-22", "Improper Limitation of a Pathname to a Restricted Directory ('Path Traversal')"),
    ("CWE-77", "Improper Neutralization of Special Elements used in a Command ('Command Injection')"),
    ("CWE-78", "Improper Neutralization of Special Elements used in an OS Command ('OS Command Injection')"),
    ("CWE-79", "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')"),
    ("CWE-89", "Improper Neutralization of Special Elements used in an SQL Command ('SQL Injection')"),
    ("CWE-94", "Improper Control of Generation of Code ('Code Injection')"),
    ("CWE-119", "Improper Restriction of Operations within the Bounds of a Memory Buffer"),
    ("CWE-125", "Out-of-bounds Read"),
    ("CWE-190", "Integer Overflow or Wraparound"),
    ("CWE-200", "Exposure of Sensitive Information to an Unauthorized Actor"),
    ("CWE-269", "Improper Privilege Management"),
    ("CWE-287", "Improper Authentication"),
    ("CWE-306", "Missing Authentication for Critical Function"),
    ("CWE-352", "Cross-Site Request Forgery (CSRF)"),
    ("CWE-400", "Uncontrolled Resource Consumption"),
    ("CWE-416", "Use After Free"),
    ("CWE-434", "Unrestricted Upload of File with Dangerous Type"),
    ("CWE-476", "NULL Pointer Dereference"),
    ("CWE-502", "Deserialization of Untrusted Data"),
    ("CWE-787", "Out-of-bounds Write"),
    ("CWE-798", "Use of Hard-coded Credentials"),
    ("CWE-862", "Missing Authorization"),
    ("CWE-863", "Incorrect Authorization"),
    ("CWE-918", "Server-Side Request Forgery (SSRF)"),
];

/// A metric: code, name, values with what they mean.
pub type Metric = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The base metrics of CVSS 3.1 (specification section 2).
pub const CVSS3: &[Metric] = &[
    ("AV", "Attack vector", &[("N", "Network"), ("A", "Adjacent"), ("L", "Local"), ("P", "Physical")]),
    ("AC", "Attack complexity", &[("L", "Low"), ("H", "High")]),
    ("PR", "Privileges required", &[("N", "None"), ("L", "Low"), ("H", "High")]),
    ("UI", "User interaction", &[("N", "None"), ("R", "Required")]),
    ("S", "Scope", &[("C", "Changed"), ("U", "Unchanged")]),
    ("C", "Confidentiality", &[("H", "High"), ("L", "Low"), ("N", "None")]),
    ("I", "Integrity", &[("H", "High"), ("L", "Low"), ("N", "None")]),
    ("A", "Availability", &[("H", "High"), ("L", "Low"), ("N", "None")]),
];

/// The base metrics of CVSS 4.0 (specification section 2).
pub const CVSS4: &[Metric] = &[
    ("AV", "Attack vector", &[("N", "Network"), ("A", "Adjacent"), ("L", "Local"), ("P", "Physical")]),
    ("AC", "Attack complexity", &[("L", "Low"), ("H", "High")]),
    ("AT", "Attack requirements", &[("N", "None"), ("P", "Present")]),
    ("PR", "Privileges required", &[("N", "None"), ("L", "Low"), ("H", "High")]),
    ("UI", "User interaction", &[("N", "None"), ("P", "Passive"), ("A", "Active")]),
    ("VC", "Confidentiality of the vulnerable system", &[("H", "High"), ("L", "Low"), ("N", "None")]),
    ("VI", "Integrity of the vulnerable system", &[("H", "High"), ("L", "Low"), ("N", "None")]),
    ("VA", "Availability of the vulnerable system", &[("H", "High"), ("L", "Low"), ("N", "None")]),
    ("SC", "Confidentiality of systems behind it", &[("H", "High"), ("L", "Low"), ("N", "None")]),
    ("SI", "Integrity of systems behind it", &[("H", "High"), ("L", "Low"), ("N", "None")]),
    ("SA", "Availability of systems behind it", &[("H", "High"), ("L", "Low"), ("N", "None")]),
];

/// The id of a product: the same for the same vendor, name and release, in all advisories.
pub fn product_id(vendor: &str, name: &str, release: &Release) -> String {
    let mut hash = Sha256::new();
    for part in [vendor, name, release.category(), release.name()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    format!("P-{}", HEXUPPER.encode(digest.first_chunk::<6>().unwrap_or(&[0; 6])))
}

/// Vendor and name of each product that everybody reads of: what is offered outside the team.
pub async fn public_products(app: &App) -> Result<Vec<(String, String)>> {
    let catalogue = super::catalogue(app).await?;
    let all = catalogue.items.iter().flat_map(|item| item.content.products.iter().map(|one| (one.vendor.clone(), one.name.clone())));
    let all: std::collections::BTreeSet<(String, String)> = all.collect();
    Ok(all.into_iter().take(2000).collect())
}

/// Adds what the lists say of a vulnerability with a CVE id.
pub async fn enrich(reader: &mut Reader, one: &mut Vulnerability) -> Result<()> {
    let Some(cve) = one.cve.clone() else { return Ok(()) };
    let kev: Option<(String, String, String)> = reader.row("select added, due, source from known_exploited where cve = $1", args![&cve]).await?;
    if let Some((added, due, source)) = kev
        && let Ok(added) = added.parse::<Date>()
    {
        one.kev = Some(Kev { added, due: due.parse().ok(), source, words: one.kev.as_ref().and_then(|kev| kev.words.clone()) });
    }
    let epss: Option<(String, String, String, String)> =
        reader.row("select probability, percentile, day, source from exploit_predictions where cve = $1", args![&cve]).await?;
    if let Some((probability, percentile, date, source)) = epss
        && let Ok(date) = date.parse::<Date>()
    {
        one.epss = Some(Epss { probability, percentile, date, source });
    }
    Ok(())
}

/// The list of what is known to be exploited, as its owner writes it (KEV, JSON).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    #[serde(default)]
    catalog_version: String,
    vulnerabilities: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(rename = "cveID")]
    cve: String,
    date_added: String,
    #[serde(default)]
    due_date: String,
}

/// What became of a list.
#[derive(Debug, Default)]
pub struct Taken {
    /// So many entries it has.
    pub entries: usize,
    /// So many of them are new here.
    pub new: usize,
    /// So many say another day than the same list said before.
    pub changed: usize,
    /// So many were no entry.
    pub bad: usize,
    /// Publications whose next version is proposed because of it.
    pub proposed: Vec<String>,
}

/// Takes a list of what is known to be exploited; `source` says whose it is. What is published already and says nothing of it
/// gets a working copy that does, for somebody to look at.
pub async fn take_kev(app: &App, who: &Who, bytes: &[u8], source: &str) -> Result<Taken> {
    let list: Listed = serde_json::from_slice(bytes).map_err(|error| Error::invalid(format!("This is no list of exploited vulnerabilities: {error}")))?;
    let mut taken = Taken { entries: list.vulnerabilities.len(), ..Taken::default() };
    for part in list.vulnerabilities.chunks(500) {
        let some = app.db.change(&who.to_string(), async |tx| put_kev(tx, part, source, &list.catalog_version).await).await?;
        (taken.new, taken.changed, taken.bad) = (taken.new + some.new, taken.changed + some.changed, taken.bad + some.bad);
    }
    taken.proposed = watch(app, who, false).await?;
    Ok(taken)
}

/// What one list says of a CVE is its owner's to mend; what another said first stays.
async fn put_kev(tx: &mut Tx, entries: &[Entry], source: &str, version: &str) -> Result<Taken> {
    let mut taken = Taken::default();
    for entry in entries {
        let cve = press::Key::read(&entry.cve).and_then(|key| key.cve().map(str::to_owned));
        let (Some(cve), Ok(added)) = (cve, entry.date_added.parse::<Date>()) else {
            taken.bad += 1;
            continue;
        };
        let due = entry.due_date.parse::<Date>().map(|day| day.to_string()).unwrap_or_default();
        let values = args![&cve, added.to_string(), &due, source];
        let text = "insert into known_exploited (cve, added, due, source) values ($1, $2, $3, $4) on conflict (cve) do nothing";
        if tx.execute(text, values.clone()).await? > 0 {
            taken.new += 1;
            continue;
        }
        let text = "update known_exploited set added = $2, due = $3 where cve = $1 and source = $4 and (added <> $2 or due <> $3)";
        taken.changed += usize::from(tx.execute(text, values).await? > 0);
    }
    if taken.new + taken.changed > 0 {
        let id = tx.new_id();
        let facts = json!({ "source": source, "version": version, "new": taken.new, "changed": taken.changed });
        tx.record(Record::new("exploited.listed", "list", id).facts(facts));
    }
    Ok(taken)
}

/// Takes the scores of a day (EPSS, CSV as it is published, packed or not).
pub async fn take_epss(app: &App, who: &Who, bytes: &[u8], source: &str) -> Result<Taken> {
    let text = unpacked(bytes)?;
    let mut taken = Taken::default();
    let first = text.lines().next().unwrap_or_default();
    let day = first.split("score_date:").nth(1).and_then(|rest| rest.get(..10)).and_then(|day| day.parse::<Date>().ok());
    let day = day.ok_or_else(|| Error::invalid("The first line does not say score_date: this is no list of EPSS."))?.to_string();
    let rows: Vec<(String, String, String)> = text
        .lines()
        .skip(2)
        .filter_map(|line| {
            let mut cells = line.split(',');
            let cve = press::Key::read(cells.next()?)?.cve().map(str::to_owned)?;
            let (probability, percentile) = (cells.next()?.trim(), cells.next()?.trim());
            let share = |text: &str| text.parse::<f64>().is_ok_and(|share| (0.0..=1.0).contains(&share));
            (share(probability) && share(percentile)).then(|| (cve, probability.to_owned(), percentile.to_owned()))
        })
        .collect();
    taken.bad = text.lines().skip(2).filter(|line| !line.trim().is_empty()).count() - rows.len();
    taken.entries = rows.len();
    for part in rows.chunks(2000) {
        app.db
            .change(&who.to_string(), async |tx| {
                for (cve, probability, percentile) in part {
                    let text = "insert into exploit_predictions (cve, probability, percentile, day, source) values ($1, $2, $3, $4, $5) on conflict (cve) do update set \
                                probability = excluded.probability, percentile = excluded.percentile, day = excluded.day, source = excluded.source";
                    tx.execute(text, args![cve, probability, percentile, &day, source]).await?;
                }
                let id = tx.new_id();
                tx.record(Record::new("predictions.taken", "list", id).facts(json!({ "source": source, "day": day, "entries": part.len() })));
                Ok::<(), Error>(())
            })
            .await?;
    }
    Ok(taken)
}

/// The text of a file that may be packed (gzip). What unpacks to more than this is no list.
fn unpacked(bytes: &[u8]) -> Result<String> {
    const MOST: u64 = 200 << 20;
    let mut text = String::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        flate2::read::GzDecoder::new(bytes)
            .take(MOST)
            .read_to_string(&mut text)
            .map_err(|error| Error::invalid(format!("The file does not unpack: {error}")))?;
    } else {
        text = String::from_utf8(bytes.to_vec()).map_err(|_| Error::invalid("The file is no text."))?;
    }
    Ok(text)
}

/// Once a day: what was published since a list was taken is looked at, too.
pub async fn look_again(app: &App) -> Result<()> {
    watch(app, &Who::Job("sweep_blobs"), true).await.map(drop)
}

/// Looks through what is published for what the list says is exploited and the page does not. Each such gets a working copy
/// that says so; what is in work already says it too, with a line about it. `once`: nothing of a version of which somebody was told before, who may
/// have laid that aside.
async fn watch(app: &App, who: &Who, once: bool) -> Result<Vec<String>> {
    let mut proposed = Vec::new();
    let ids: Vec<(Id,)> =
        app.db.read().await?.rows("select id from publications where standing = 'current' and kind in ('alert', 'advisory') order by id", vec![]).await?;
    for (id,) in ids {
        // Most have no news, and nobody else waits for that to be found out.
        let mut reader = app.db.read().await?;
        let has_news = match store::get(&mut reader, id).await? {
            Some(one) => !news(&mut reader, &one, once).await?.is_empty(),
            None => false,
        };
        drop(reader);
        if !has_news {
            continue;
        }
        let done = app.db.change(&who.to_string(), async |tx| propose(tx, who, id, once).await).await;
        match done {
            Ok(Some(name)) => proposed.push(name),
            Ok(None) => {}
            Err(error) if error.is_general() => return Err(error),
            Err(error) => tracing::warn!(%error, %id, "no revision could be proposed"),
        }
    }
    Ok(proposed)
}

/// What the list knows of a vulnerability that the page does not say.
struct News {
    cve: String,
    added: Date,
    source: String,
    /// The same in words.
    words: String,
}

impl News {
    fn of(vulnerability: Option<&Vulnerability>, cve: String, (added, due): (Date, Option<Date>), source: String) -> Self {
        let until = due.map(|due| format!(", to be dealt with by {due}")).unwrap_or_default();
        let differs = vulnerability.and_then(|one| one.kev.as_ref()).is_some_and(|kev| (kev.added, kev.due) != (added, due));
        let page = if differs { "its page says other days" } else { "its page does not say so yet" };
        let words = format!("{cve} is known to be exploited since {added}{until} ({source}): {page}.");
        Self { cve, added, source, words }
    }
}

/// Judged for each CVE: that of a vulnerability by what stands beside it, one that is only named by what the publication says.
async fn news(reader: &mut Reader, one: &Publication, once: bool) -> Result<Vec<News>> {
    if one.stage == "scheduled" {
        return Ok(Vec::new());
    }
    let (says, mut all) = (one.content.exploited.state == "yes", Vec::new());
    for (cve, added, due, source) in listed(reader, one).await? {
        let (Ok(added), due) = (added.parse::<Date>(), due.parse::<Date>().ok()) else { continue };
        let vulnerability = one.content.vulnerabilities.iter().find(|one| one.cve.as_deref() == Some(&cve));
        let is_said = vulnerability.is_none_or(|one| one.kev.as_ref().is_some_and(|kev| (kev.added, kev.due) == (added, due)));
        if !says || !is_said {
            all.push(News::of(vulnerability, cve, (added, due), source));
        }
    }
    let is_told = once && !all.is_empty() && was_proposed(reader, one).await?;
    Ok(if is_told { Vec::new() } else { all })
}

/// Whether its newest version has had a proposal already.
async fn was_proposed(reader: &mut Reader, one: &Publication) -> Result<bool> {
    let text = "select seq from journal where about = $1 and verb = 'publication.proposed' and at >= $2 limit 1";
    Ok(reader.value::<i64>(text, args![one.id, one.released_at]).await?.is_some())
}

async fn propose(tx: &mut Tx, who: &Who, id: Id, once: bool) -> Result<Option<String>> {
    let mut one = write::held(tx, id, None).await?;
    let news = news(tx, &one, once).await?;
    let Some(first) = news.first() else { return Ok(None) };
    if !one.is_open() {
        one.writers = Vec::new();
        let cves: Vec<&str> = news.iter().map(|one| one.cve.as_str()).collect();
        one.note = format!("Known to be exploited: {}.", cves.join(", "));
    }
    if one.content.exploited.state != "yes" {
        one.content.exploited = press::Exploited { state: "yes".into(), source: first.source.clone(), on: Some(first.added) };
    }
    for vulnerability in &mut one.content.vulnerabilities {
        enrich(tx, vulnerability).await?;
    }
    // An approval was of words that do not say it.
    write::back_to_draft(&mut one, who);
    for News { words, .. } in &news {
        one.tell(words);
    }
    store::update(tx, &one).await?;
    write::note(tx, "publication.proposed", &one);
    Ok(Some(one.name.clone()))
}

/// Those of its CVE ids that the list has, the first listed first: id, day, until when, source.
async fn listed(reader: &mut Reader, one: &Publication) -> Result<Vec<(String, String, String, String)>> {
    let cves: Vec<String> = one.content.cves().map(str::to_owned).collect();
    if cves.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select cve, added, due, source from known_exploited where cve in (");
    statement.bind_list(cves.iter().map(::store::Value::from)).push(") order by added, cve");
    Ok(reader.select(statement).await?)
}
