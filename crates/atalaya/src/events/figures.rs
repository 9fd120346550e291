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

/// Events by day, every day of the span in its place.
pub async fn by_day(reader: &mut Reader, who: &Who, counted: &Counted) -> Result<Vec<(Date, i64)>> {
    let own = own_number(reader, who).await?;
    allowed(who, counted, own)?;
    let found: Vec<OfDay> = reader.select(by_day_statement(counted)).await?;
    let mut found = found.into_iter().peekable();
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
        By::Asn => format!("AS{key}"),
        _ if key.is_empty() => "not known".into(),
        _ => key.to_owned(),
    }
}
