//! Counts of events, from the sums that each data file brings: no page that counts reads events.
//!
//! Over all holders each event counts once, under its first holder. What is asked for one holder
//! counts all that it holds, whoever holds it, too.

use ::store::{FromRow, Statement};
use ::store::{Reader, Row};
use jiff::civil::Date;

use super::store;
use crate::access::{Noun, Verb, Who, may};
use crate::{Error, Result, constituency};

/// Which events are counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// First day, UTC.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// One holder only; 0 for those that nobody holds.
    pub holder: Option<i64>,
    /// One RSIT type only.
    pub kind: String,
    /// One AS only.
    pub asn: Option<i64>,
    /// One country only.
    pub country: String,
}

impl Counted {
    /// Whether all events of the days are counted, or all that nobody holds.
    fn is_everything(&self) -> bool {
        matches!(self.holder, None | Some(0)) && self.kind.is_empty() && self.asn.is_none() && self.country.is_empty()
    }
}

/// By what they are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// RSIT class and type.
    Type,
    /// AS number.
    Asn,
    /// Country.
    Country,
    /// First holder.
    Holder,
}

/// A count: its name, its key for a link, and the number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// As people read it.
    pub name: String,
    /// As a filter takes it.
    pub key: String,
    /// Events.
    pub events: i64,
}

/// A day and its events.
pub(super) struct OfDay(pub i64, pub i64);

impl FromRow for OfDay {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self(row.get()?, row.get()?))
    }
}

/// Staff count everything, a member what it holds; nobody anything else.
fn allowed(who: &Who, counted: &Counted, own: Option<i64>) -> Result<()> {
    if may(who, Verb::See, Noun::Event) || (own.is_some() && counted.holder == own) { Ok(()) } else { Err(Error::NotFound) }
}

/// The number of whoever asks, if it is a member.
pub async fn own_number(reader: &mut Reader, who: &Who) -> Result<Option<i64>> {
    match who.organisation() {
        Some(id) => constituency::number_of(reader, id).await.map(Some),
        None => Ok(None),
    }
}

/// What a page of counts shows.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// Every day of the span in its place.
    pub days: Vec<(Date, i64)>,
    /// The most frequent, most first, each by what they are counted; none by holder where one holder is counted.
    pub tables: Vec<(By, Vec<Count>)>,
    /// About how many different addresses, where the sketches say that: not of one type or country.
    pub addresses: Option<i64>,
}

/// All of a page of counts. `limit`: lines of each table.
pub async fn overview(reader: &mut Reader, who: &Who, counted: &Counted, limit: u32) -> Result<Overview> {
    let own = own_number(reader, who).await?;
    allowed(who, counted, own)?;
    let addresses = addresses(reader, counted).await?;
    let bys = [By::Type, By::Asn, By::Country, By::Holder].into_iter().filter(|by| *by != By::Holder || counted.holder.is_none());
    if !counted.is_everything() {
        let days = by_day(reader, who, counted).await?;
        let mut tables = Vec::new();
        for by in bys {
            tables.push((by, top(reader, who, counted, by, limit).await?));
        }
        return Ok(Overview { days, tables, addresses });
    }
    let (days, totals) = store::totals(reader, counted.from, counted.to).await?;
    // All events, or nobody's.
    let pick = |(all, nobodys): (u64, u64)| i64::try_from(if counted.holder.is_some() { nobodys } else { all }).unwrap_or(i64::MAX);
    let mut tables = Vec::new();
    for by in bys {
        let found: Vec<(String, i64)> = match by {
            By::Type => totals.types.iter().map(|(key, total)| (key.clone(), pick(*total))).collect(),
            By::Asn => totals.asns.iter().map(|(key, total)| (key.to_string(), pick(*total))).collect(),
            By::Country => totals.countries.iter().map(|(key, total)| (key.clone(), pick(*total))).collect(),
            By::Holder => totals.holders.iter().map(|(key, total)| (key.to_string(), pick(*total))).collect(),
        };
        tables.push((by, counts(reader, by, most(found, limit)).await?));
    }
    let days = spread(counted, days.into_iter().map(|(day, total)| OfDay(day, pick(total))))?;
    Ok(Overview { days, tables, addresses })
}

/// The most first; of equal ones by key, as the database has it.
fn most(mut found: Vec<(String, i64)>, limit: u32) -> Vec<(String, i64)> {
    found.retain(|(_, events)| *events > 0);
    found.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    found
}

/// About how many different addresses (within some 2 %), where sketches say that.
async fn addresses(reader: &mut Reader, counted: &Counted) -> Result<Option<i64>> {
    let is_by_both = counted.holder.is_some() && counted.asn.is_some();
    if !counted.kind.is_empty() || !counted.country.is_empty() || is_by_both {
        return Ok(None);
    }
    let sketches = store::sketches(reader, counted).await?;
    let about = ::lake::rollup::distinct(sketches.iter().map(Vec::as_slice)).map_err(super::lake::fault)?;
    #[expect(clippy::cast_possible_truncation, reason = "a number of addresses")]
    Ok(Some(about.round() as i64))
}

/// Events by day, every day of the span in its place.
pub async fn by_day(reader: &mut Reader, who: &Who, counted: &Counted) -> Result<Vec<(Date, i64)>> {
    let own = own_number(reader, who).await?;
    allowed(who, counted, own)?;
    let found: Vec<OfDay> = reader.select(by_day_statement(counted)).await?;
    spread(counted, found.into_iter())
}

fn spread(counted: &Counted, found: impl Iterator<Item = OfDay>) -> Result<Vec<(Date, i64)>> {
    let mut found = found.peekable();
    let mut all = Vec::new();
    let mut day = counted.from;
    while day <= counted.to && all.len() < 3700 {
        let number = store::day_number(day);
        let events = found.next_if(|OfDay(at, _)| *at == number).map_or(0, |OfDay(_, events)| events);
        all.push((day, events));
        day = day.tomorrow().map_err(Error::fault)?;
    }
    Ok(all)
}

/// The statement behind [`by_day`], for the test that it reads sums of days where it can.
pub fn by_day_statement(counted: &Counted) -> Statement {
    store::by_day(counted)
}

/// The most frequent, most first.
pub async fn top(reader: &mut Reader, who: &Who, counted: &Counted, by: By, limit: u32) -> Result<Vec<Count>> {
    let own = own_number(reader, who).await?;
    allowed(who, counted, own)?;
    let found = store::top(reader, counted, by, limit).await?;
    counts(reader, by, found).await
}

/// What was counted, with names.
async fn counts(reader: &mut Reader, by: By, found: Vec<(String, i64)>) -> Result<Vec<Count>> {
    if by != By::Holder {
        return Ok(found.into_iter().map(|(key, events)| Count { name: named(by, &key), key, events }).collect());
    }
    let numbers: Vec<i64> = found.iter().filter_map(|(key, _)| key.parse().ok()).collect();
    let known = constituency::numbered(reader, &numbers).await?;
    let of = |key: &str| key.parse().ok().and_then(|number: i64| known.iter().find(|one| one.number == number)).map(|one| one.name.clone());
    Ok(found.into_iter().map(|(key, events)| Count { name: of(&key).unwrap_or_else(|| "nobody".into()), key, events }).collect())
}

fn named(by: By, key: &str) -> String {
    match by {
        By::Type => {
            key.split_once('/').and_then(|(class, name)| formats::rsit::find(class, name)).map_or_else(|| key.to_owned(), |known| known.title.to_owned())
        }
        By::Asn if key == "0" => "not known".into(),
        By::Asn if key == "-1" => "others".into(),
        By::Asn => format!("AS{key}"),
        _ if key.is_empty() => "not known".into(),
        _ => key.to_owned(),
    }
}
