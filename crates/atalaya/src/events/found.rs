//! Single events, and how many there are by day and type, for whoever may see them.
//!
//! Staff sees all. A member sees what its own organisation holds, up to the label that both it and the portal
//! may get; what is above is not counted either. Whatever is shown to a member passes the gate, and the ledger
//! says once of each content that it left.

use std::collections::BTreeMap;

use ::lake::export::{Form, Sheet, plain};
use ::lake::query::After;
use ::lake::{Filter, Question, Rows, Sight, Value};
use ::store::{Id, Reader};
use formats::label::Tlp;
use jiff::Timestamp;
use jiff::civil::Date;
use vault::blob::Hash;

use super::engine::Answers;
use super::wanted::Wanted;
use super::{lake, notices, store, upkeep};
use crate::access::{Noun, Verb, Who, require};
use crate::constituency;
use crate::release::{self, Channel, Leaving, Recipient};
use crate::{App, Error, Result};

/// Lines of a download that are read and let out at a time.
const PIECE: u32 = 20_000;
/// Days that are told one by one although nothing was seen on them, and days at most.
const LONG: i64 = 92;
const MOST_DAYS: usize = 3700;
/// The most addresses that are listed or made a case of: each is held in memory.
const ADDRESSES: usize = 1_000_000;
/// What only the team needs to know of an event.
const INNER: [&str; 6] = ["holder", "rank", "file", "line", "mapping", "flags"];

/// All labels, the lowest first.
const LABELS: [Tlp; 5] = [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red];

/// Who asks, and what it may see.
#[derive(Clone, Debug)]
pub struct Asker {
    sight: Sight,
    /// Labels that it may get; empty for all.
    labels: Vec<String>,
    /// Its organisation, if it is not the team: what is shown leaves the house.
    outside: Option<(Id, String, Tlp)>,
    channel: Channel,
}

/// The team's own people.
pub fn staff(who: &Who) -> Result<Asker> {
    require(who, Verb::See, Noun::Event)?;
    Ok(Asker { sight: Sight::All, labels: Vec::new(), outside: None, channel: Channel::Portal })
}

/// A member of an organisation, on the portal or with a token.
pub async fn member(reader: &mut Reader, app: &App, who: &Who, channel: Channel) -> Result<Asker> {
    let id = who.organisation().ok_or(Error::NotFound)?;
    let one = constituency::get(reader, id).await?;
    let ceiling = one.ceiling.min(channel.ceiling(&app.profile));
    let labels = LABELS.into_iter().filter(|label| *label <= ceiling);
    let labels = labels.map(|label| label.as_str().to_owned()).collect();
    let number = constituency::number_of(reader, id).await?;
    Ok(Asker { sight: Sight::Holders(vec![number]), labels, outside: Some((id, one.name, one.ceiling)), channel })
}

impl Asker {
    /// Its number as events name it, and its organisation, if it is not the team.
    pub(super) fn member(&self) -> Option<(i64, Id)> {
        let Sight::Holders(holders) = &self.sight else { return None };
        holders.first().copied().zip(self.outside.as_ref().map(|(id, ..)| *id))
    }

    fn filter(&self, wanted: &Wanted) -> Result<Filter> {
        Ok(Filter { labels: self.labels.clone(), ..wanted.filter()? })
    }

    /// Lets rows out to whoever is not of the team.
    async fn released(&self, app: &App, who: &Who, rows: &Rows, content: &[u8]) -> Result<()> {
        let Some((id, name, ceiling)) = self.outside.as_ref().filter(|_| !rows.is_empty()) else { return Ok(()) };
        // A label that cannot be read lets nothing out.
        let label = |row| rows.get(row, "tlp").text().and_then(|text| text.parse::<Tlp>().ok()).unwrap_or(Tlp::Red);
        let leaving = Leaving {
            to: Recipient { key: format!("organisation:{id}"), name: name.clone(), organisation: Some(*id), ceiling: *ceiling, address: String::new() },
            channel: self.channel,
            noun: "events",
            id: *id,
            about: *id,
            version: 1,
            label: (0..rows.len()).map(label).max().unwrap_or(Tlp::Clear),
            containers: Vec::new(),
            downgrade: String::new(),
            basis: "its own events".into(),
            against: Vec::new(),
            held: Vec::new(),
            protection: String::new(),
            content: Hash::of(content),
        };
        release::once(&app.db, &app.profile, who, &leaving, ()).await.map(drop)
    }
}

/// One event, as a page shows it.
#[derive(Clone, Debug)]
pub struct Line {
    /// When it was seen.
    pub observed: Timestamp,
    cells: BTreeMap<String, String>,
}

impl Line {
    pub(super) fn of(rows: &Rows, row: usize) -> Self {
        let observed = ::store::instant(rows.get(row, "observed").int().unwrap_or(0));
        let cells = rows.names.iter().map(|name| (name.clone(), plain(name, rows.get(row, name)))).filter(|(_, text)| !text.is_empty());
        Self { observed, cells: cells.collect() }
    }

    /// A column as text; empty where there is nothing.
    pub fn get(&self, name: &str) -> &str {
        self.cells.get(name).map_or("", String::as_str)
    }

    /// Its label.
    pub fn tlp(&self) -> Tlp {
        self.get("tlp").parse().unwrap_or(Tlp::Red)
    }

    /// What it is about: an address, a network or a domain.
    pub fn subject(&self) -> String {
        match (self.get("ip"), self.get("prefix"), self.get("domain")) {
            ("", _, domain) => domain.to_owned(),
            (ip, "", _) => ip.to_owned(),
            (ip, len, _) => format!("{ip}/{len}"),
        }
    }

    /// Its type in words.
    pub fn kind(&self) -> &str {
        formats::rsit::find(self.get("class"), self.get("type")).map_or_else(|| self.get("type"), |known| known.title)
    }

    /// The report that it came in, as its source calls it.
    pub fn report(&self) -> String {
        notices::reported(self.get("kind"))
    }

    /// When it was seen, as the days of the chart are counted.
    pub fn seen(&self) -> String {
        self.observed.strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// What the source says more of it, in a few words.
    pub fn details(&self) -> String {
        let mut some: Vec<&str> = Vec::new();
        for text in ["identifier", "malware", "product", "cve", "url"].map(|name| self.get(name)) {
            if !text.is_empty() && !some.iter().any(|known| known.eq_ignore_ascii_case(text)) {
                some.push(text);
            }
        }
        some.join(" · ")
    }
}

/// A page of events, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The events.
    pub lines: Vec<Line>,
    /// Where the next page begins.
    pub next: Option<String>,
}

/// How many events there are.
#[derive(Clone, Debug, Default)]
pub struct Tallied {
    /// In all.
    pub total: u64,
    /// By day, every day in its place.
    pub days: Vec<(Date, u64)>,
    /// By type, the most first: key, words, number.
    pub types: Vec<(String, String, u64)>,
}

/// Where a page ends, as an address has it.
fn cursor(after: After) -> String {
    let event: String = after.event.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{},{event},{}", ::store::instant(after.observed), after.holder)
}

/// Reads [`cursor`]: time and id of an event as the files have them, and its holder, which a member may leave out.
pub fn after(asker: &Asker, text: &str) -> Result<Option<After>> {
    if text.is_empty() {
        return Ok(None);
    }
    let own = if let Sight::Holders(holders) = &asker.sight { holders.first().copied() } else { None };
    let mut parts = text.split(',').map(str::trim);
    let observed = parts.next().and_then(|at| at.parse::<Timestamp>().ok()).map(Timestamp::as_microsecond);
    let event = parts.next().and_then(|hex| u128::from_str_radix(hex, 16).ok()).map(u128::to_be_bytes);
    let holder = own.or_else(|| parts.next().and_then(|number| number.parse().ok()));
    match (observed, event, holder) {
        (Some(observed), Some(event), Some(holder)) => Ok(Some(After { observed, event, holder })),
        _ => Err(Error::invalid("“after” is the time and the id of an event, with a comma between, as the last whole line of a download has them")),
    }
}

/// Where the rows end.
fn end(rows: &Rows) -> Option<After> {
    let last = rows.len().checked_sub(1)?;
    let (observed, holder) = (rows.get(last, "observed").int()?, rows.get(last, "holder").int()?);
    Some(After { observed, event: rows.get(last, "event").bytes()?, holder })
}

/// A page of events, and how many fit in all.
pub async fn page(app: &App, who: &Who, asker: &Asker, wanted: &Wanted, after: Option<After>, limit: u32) -> Result<(Page, Tallied)> {
    let Some(lake) = now(app).await? else { return Ok((Page::default(), tallied(wanted, ::lake::Tally::default())?)) };
    let (mut rows, tally) = lake.page(asker.filter(wanted)?, asker.sight.clone(), after, limit.saturating_add(1)).await?;
    let more = rows.len() > limit as usize;
    rows.rows.truncate(limit as usize);
    let bytes = Sheet::new(Form::JsonLines, false).write(&rows).map_err(lake::fault)?;
    asker.released(app, who, &rows, &bytes).await?;
    let next = end(&rows).filter(|_| more).map(cursor);
    Ok((Page { lines: (0..rows.len()).map(|row| Line::of(&rows, row)).collect(), next }, tallied(wanted, tally)?))
}

/// How many events fit.
pub async fn tally(app: &App, asker: &Asker, wanted: &Wanted) -> Result<Tallied> {
    let filter = asker.filter(wanted)?;
    let found = match now(app).await? {
        Some(lake) => lake.tally(filter, asker.sight.clone()).await?,
        None => ::lake::Tally::default(),
    };
    tallied(wanted, found)
}

fn tallied(wanted: &Wanted, found: ::lake::Tally) -> Result<Tallied> {
    let (mut by_day, mut by_type): (BTreeMap<i64, u64>, BTreeMap<String, u64>) = (BTreeMap::new(), BTreeMap::new());
    for ((day, class, kind), events) in found {
        *by_day.entry(day.into()).or_default() += events;
        *by_type.entry(format!("{class}/{kind}")).or_default() += events;
    }
    // Of a long time only the days between the first and the last event are told.
    let long = store::day_number(wanted.to) - store::day_number(wanted.from) > LONG;
    let ends = by_day.first_key_value().zip(by_day.last_key_value()).map(|((first, _), (last, _))| (*first, *last));
    let (from, to) = match ends.filter(|_| long) {
        Some((first, last)) => (store::day_of(first), store::day_of(last)),
        None => (wanted.from, wanted.to),
    };
    let (mut days, mut day) = (Vec::new(), from);
    while day <= to && days.len() < MOST_DAYS {
        days.push((day, by_day.get(&store::day_number(day)).copied().unwrap_or(0)));
        day = day.tomorrow().map_err(Error::fault)?;
    }
    let title = |key: &str| {
        key.split_once('/').and_then(|(class, name)| formats::rsit::find(class, name)).map_or_else(|| key.to_owned(), |known| known.title.to_owned())
    };
    let mut types: Vec<(String, String, u64)> = by_type.into_iter().map(|(key, events)| (key.clone(), title(&key), events)).collect();
    types.sort_by(|a, b| b.2.cmp(&a.2).then_with(|| a.0.cmp(&b.0)));
    Ok(Tallied { total: types.iter().map(|(_, _, events)| events).sum(), days, types })
}

/// Events and addresses of what fits, by AS.
pub(super) async fn sources(app: &App, asker: &Asker, wanted: &Wanted) -> Result<::lake::Sources> {
    let filter = asker.filter(wanted)?;
    let Some(lake) = now(app).await? else { return Ok(BTreeMap::new()) };
    lake.sources(filter, asker.sight.clone()).await
}

/// The addresses of what fits, by AS.
pub(super) async fn addresses(app: &App, asker: &Asker, wanted: &Wanted) -> Result<::lake::Addresses> {
    let filter = asker.filter(wanted)?;
    let Some(lake) = now(app).await? else { return Ok(BTreeMap::new()) };
    let found = lake.addresses(filter, asker.sight.clone(), ADDRESSES).await?;
    found.ok_or_else(|| Error::invalid(format!("What fits is of more than {ADDRESSES} addresses: narrow the search")))
}

/// The highest label of what fits.
pub(super) async fn highest(app: &App, asker: &Asker, wanted: &Wanted) -> Result<Tlp> {
    let Some(lake) = now(app).await? else { return Ok(Tlp::Clear) };
    for label in LABELS.into_iter().rev() {
        let filter = Filter { labels: vec![label.as_str().to_owned()], ..asker.filter(wanted)? };
        let question = Question::Events { filter, after: None, limit: 1 };
        if !lake.events(question, asker.sight.clone()).await?.is_empty() {
            return Ok(label);
        }
    }
    Ok(Tlp::Clear)
}

/// A download on its way: piece by piece, each let out before it is sent. Whoever breaks off goes on with `after`.
pub struct Download {
    app: App,
    who: Who,
    asker: Asker,
    lake: Option<Answers>,
    filter: Filter,
    after: Option<After>,
    sheet: Option<Sheet>,
    first: bool,
}

impl Download {
    /// Begins one.
    pub async fn begin(app: &App, who: &Who, asker: Asker, wanted: &Wanted, after: Option<After>, form: Form) -> Result<Self> {
        let (filter, lake) = (asker.filter(wanted)?, now(app).await?);
        let sheet = Some(Sheet::new(form, after.is_some()));
        Ok(Self { app: app.clone(), who: who.clone(), asker, lake, filter, after, sheet, first: true })
    }

    /// The next bytes; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>> {
        let Some(mut sheet) = self.sheet.take() else { return Ok(None) };
        let question = Question::Events { filter: self.filter.clone(), after: self.after, limit: PIECE };
        let rows = match &self.lake {
            Some(lake) => lake.events(question, self.asker.sight.clone()).await?,
            None => Rows { names: ::lake::query::text::EVENT.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() },
        };
        let bytes = if self.first || !rows.is_empty() { sheet.write(&self.outer(&rows)).map_err(lake::fault)? } else { Vec::new() };
        self.asker.released(&self.app, &self.who, &rows, &bytes).await?;
        (self.first, self.after) = (false, end(&rows).or(self.after));
        if rows.len() < PIECE as usize {
            let rest = sheet.finish().map_err(lake::fault)?;
            return Ok(Some([bytes, rest].concat()));
        }
        self.sheet = Some(sheet);
        Ok(Some(bytes))
    }

    /// The columns that whoever asks needs.
    fn outer(&self, rows: &Rows) -> Rows {
        if self.asker.outside.is_none() {
            return rows.clone();
        }
        let keeps: Vec<bool> = rows.names.iter().map(|name| !INNER.contains(&name.as_str())).collect();
        let some = |row: &Vec<Value>| row.iter().zip(&keeps).filter(|(_, keeps)| **keeps).map(|(value, _)| value.clone()).collect();
        let names = rows.names.iter().zip(&keeps).filter(|(_, keeps)| **keeps).map(|(name, _)| name.clone()).collect();
        Rows { names, rows: rows.rows.iter().map(some).collect() }
    }
}

/// The lake as it is now, if there is one.
pub(super) async fn now(app: &App) -> Result<Option<Answers>> {
    let Some(lake) = lake::reading(app).await? else { return Ok(None) };
    let app = app.clone();
    upkeep::blocking(move || {
        let view = lake.view().map_err(lake::fault)?;
        Ok(Some(Answers::new(&app, lake, view)))
    })
    .await
}
