//! What a case has hit: sets of assets, accounts, data, organisations and countries, each edit a
//! version of its own, so that what was known when can be told later.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Id, Reader, Record, args};

use super::{see, severity, store as rows};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, constituency};

/// Kinds of things hit, with the words for one and for several.
pub const KINDS: [(&str, &str, &str); 5] = [
    ("asset", "system", "systems"),
    ("account", "account", "accounts"),
    ("data", "set of data", "sets of data"),
    ("organisation", "organisation", "organisations"),
    ("country", "country", "countries"),
];

/// One thing, or so many of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// One of [`KINDS`].
    pub kind: String,
    /// What it is.
    pub name: String,
    /// How many of it.
    pub count: u64,
}

/// A version of the extent.
#[derive(Clone, Debug, Default)]
pub struct Extent {
    /// 0 while nothing is known.
    pub version: i64,
    /// What was hit.
    pub items: Vec<Item>,
    /// When it was written down.
    pub at: Option<Timestamp>,
}

impl Extent {
    /// How many of a kind.
    fn total(&self, kind: &str) -> u64 {
        self.items.iter().filter(|item| item.kind == kind).fold(0, |sum, item| sum.saturating_add(item.count))
    }

    /// The number that severity rules ask about: the largest of systems, accounts and organisations.
    pub fn hit(&self) -> Option<u64> {
        (self.version > 0).then(|| ["asset", "account", "organisation"].into_iter().map(|kind| self.total(kind)).max().unwrap_or(0))
    }

    /// `4 organisations · 2 countries`; empty while nothing is known.
    pub fn words(&self) -> String {
        let parts: Vec<String> = KINDS
            .iter()
            .filter_map(|(kind, one, many)| {
                let total = self.total(kind);
                (total > 0).then(|| format!("{total} {}", if total == 1 { one } else { many }))
            })
            .collect();
        parts.join(" · ")
    }

    /// The names of a kind.
    fn names(&self, kind: &'static str) -> impl Iterator<Item = &str> {
        self.items.iter().filter(move |item| item.kind == kind).map(|item| item.name.trim())
    }

    /// One line each, as the form shows and reads them: `organisation: Norlink`, `asset: CPE routers x 37`.
    pub fn lines(&self) -> String {
        let line =
            |item: &Item| if item.count == 1 { format!("{}: {}", item.kind, item.name) } else { format!("{}: {} x {}", item.kind, item.name, item.count) };
        self.items.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Reads the form's lines. A line that cannot be read is named by its number.
pub fn parse(text: &str) -> Result<Vec<Item>> {
    let mut items: Vec<Item> = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let wrong = || Error::invalid(format!("Line {}: write asset, account, data, organisation or country, a colon and a name", place + 1));
        let (kind, rest) = line.split_once(':').ok_or_else(wrong)?;
        let kind = kind.trim().to_lowercase();
        if !KINDS.iter().any(|(known, _, _)| *known == kind) {
            return Err(wrong());
        }
        let (name, count) = match rest.rsplit_once(" x ") {
            Some((name, count)) if count.trim().parse::<u64>().is_ok() => (name.trim(), count.trim().parse().unwrap_or(1)),
            _ => (rest.trim(), 1),
        };
        if name.is_empty() {
            return Err(wrong());
        }
        // A set: the same thing named twice stands once, with the larger number.
        match items.iter_mut().find(|item| item.kind == kind && item.name.eq_ignore_ascii_case(name)) {
            Some(known) => known.count = known.count.max(count),
            None => items.push(Item { kind, name: name.to_owned(), count }),
        }
    }
    Ok(items)
}

/// How far a case reaches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// More than one country is touched.
    pub borders: bool,
    /// More than one sector is touched.
    pub sectors: bool,
}

/// How far a case reaches, by all that is known at this moment: countries that its extent names, and country and
/// sector of whom the registry knows among the organisations that the extent names and the parties that are targets.
pub async fn reach(reader: &mut Reader, case: Id, extent: &Extent) -> Result<Reach> {
    let named: Vec<&str> = extent.names("organisation").take(NAMED).collect();
    let known = constituency::places_of(reader, case, &named).await?;
    // A country that is written out is compared with no code: “Lesotho” and LS are one.
    let codes = extent.names("country").filter(|name| name.len() == 2).map(str::to_ascii_uppercase);
    let countries: BTreeSet<String> = known.iter().map(|(country, _)| country.to_ascii_uppercase()).chain(codes).filter(|code| !code.is_empty()).collect();
    let sectors: BTreeSet<&str> = known.iter().map(|(_, sector)| sector.as_str()).filter(|sector| !sector.is_empty()).collect();
    Ok(Reach { borders: countries.len() > 1 || extent.total("country") > 1, sectors: sectors.len() > 1 })
}

/// So many names of an extent are looked up in the registry.
const NAMED: usize = 200;

/// All versions, the newest first, each with who wrote it; of more than two hundred the newest.
pub async fn versions(reader: &mut Reader, case: Id) -> Result<Vec<(Extent, String)>> {
    let text = "select version, items, at, by_whom from extents where case_id = $1 order by version desc limit 200";
    let rows: Vec<(i64, String, Timestamp, String)> = reader.rows(text, args![case]).await?;
    let read = |(version, items, at, by): (i64, String, Timestamp, String)| {
        Ok((Extent { version, items: serde_json::from_str(&items).map_err(Error::fault)?, at: Some(at) }, by))
    };
    rows.into_iter().map(read).collect()
}

/// The newest version.
pub async fn latest(reader: &mut Reader, case: Id) -> Result<Extent> {
    let row: Option<(i64, String, Timestamp)> =
        reader.row("select version, items, at from extents where case_id = $1 order by version desc limit 1", args![case]).await?;
    let Some((version, items, at)) = row else { return Ok(Extent::default()) };
    Ok(Extent { version, items: serde_json::from_str(&items).map_err(Error::fault)?, at: Some(at) })
}

/// Writes a new version. `base` is the version that was looked at.
pub async fn set_extent(app: &App, who: &Who, id: Id, base: i64, items: Vec<Item>) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let case = see::here(tx, who, id).await?;
            let was = latest(tx, id).await?;
            if was.version != base {
                return Err(Error::conflict("Somebody else changed the extent while you did."));
            }
            if was.items == items {
                return Err(Error::invalid("Nothing changed"));
            }
            write_in(tx, who, id, base + 1, &items).await?;
            severity::judge_again(tx, app, case.id).await?;
            rows::touch(tx, id).await
        })
        .await
}

/// Puts another case's extent together with this one's: the union of both sets.
pub(super) async fn join_in(tx: &mut store::Tx, who: &Who, into: Id, from: Id) -> Result<()> {
    let (mut ours, theirs) = (latest(tx, into).await?, latest(tx, from).await?);
    let before = ours.items.clone();
    for item in theirs.items {
        // As where one set names a thing twice: it stands once, with the larger number.
        match ours.items.iter_mut().find(|known| known.kind == item.kind && known.name.eq_ignore_ascii_case(&item.name)) {
            Some(known) => known.count = known.count.max(item.count),
            None => ours.items.push(item),
        }
    }
    if ours.items != before {
        write_in(tx, who, into, ours.version + 1, &ours.items).await?;
    }
    Ok(())
}

async fn write_in(tx: &mut store::Tx, who: &Who, case: Id, version: i64, items: &[Item]) -> Result<()> {
    let (row, now) = (tx.new_id(), tx.now());
    let text = serde_json::to_string(items).map_err(Error::fault)?;
    tx.execute(
        "insert into extents (id, case_id, version, items, at, by_whom) values ($1, $2, $3, $4, $5, $6)",
        args![row, case, version, text, now, who.to_string()],
    )
    .await?;
    let words = Extent { version, items: items.to_vec(), at: None }.words();
    tx.record(Record::new("case.extent", "case", case).facts(json!({ "version": version, "extent": words })).particulars(json!({ "items": items })));
    Ok(())
}
