//! How many events, of what, where and whose: counts with a chart and tables, from sums alone.

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::access::{Noun, Verb, may};
use crate::constituency;
use crate::events;
use crate::events::figures::{self, By, Count, Counted, Overview};
use crate::events::notices;
use crate::web::chart::Bars;
use crate::web::fields::Asked;
use crate::web::{Ctx, Room, Shell, go, page_as};
use crate::{Error, Result};

/// Days that are shown where nobody says which.
const DAYS: i64 = 30;
/// Lines of a table.
const LINES: u32 = 15;

#[derive(Template)]
#[template(path = "events/pages/overview.html")]
struct OverviewPage {
    shell: Shell,
    here: &'static str,
    /// What is counted: as typed.
    organisation: String,
    counted: Counted,
    asn: String,
    types: Vec<(String, String)>,
    days: Vec<(Date, i64)>,
    chart: Bars,
    total: i64,
    /// About how many different addresses, where that is known.
    addresses: Option<i64>,
    /// What the table counts by, its lines, and the field that a line fills in.
    tables: Vec<(&'static str, &'static str, Vec<Count>)>,
    error: Option<String>,
    query: String,
    /// Findings that are wrong by the team's decision.
    wrong: i64,
    trouble: Option<Trouble>,
}

/// Why the events cannot be used now.
pub(super) struct Trouble {
    pub why: String,
    pub since: Timestamp,
    /// Whether who looks may say that they shall be made again.
    pub may: bool,
}

impl Trouble {
    /// That of now.
    pub async fn now(ctx: &Ctx) -> Result<Option<Self>> {
        let may = may(&ctx.who, Verb::Decide, Noun::Event);
        let known = events::trouble(&mut ctx.app.db.read().await?, &ctx.who).await?;
        Ok(known.map(|(why, since)| Self { why, since, may }))
    }
}

/// `POST /events/table`: our table is lost for good, and is made again.
pub async fn make_again(ctx: Ctx) -> Result<Response> {
    events::give_up_table(&ctx.app, &ctx.who).await?;
    Ok(go("/events/feeds", Some("All event files are read again; nobody is told anything until they are.")))
}

impl OverviewPage {
    fn share(&self, count: &Count) -> String {
        // Rounded, and what is there is never nothing.
        match (self.total, count.events.saturating_mul(200).saturating_add(self.total) / self.total.saturating_mul(2).max(1)) {
            (0, _) => String::new(),
            (_, 0) if count.events > 0 => "< 1 %".to_owned(),
            (_, share) => format!("{share} %"),
        }
    }
}

/// `GET /events`
pub async fn overview(ctx: Ctx, asked: Asked) -> Result<Response> {
    show(&ctx, &asked, "overview", None).await
}

/// `GET /events/nobodys`: events that nobody holds, most first: whom should the registry know?
pub async fn nobodys(ctx: Ctx, asked: Asked) -> Result<Response> {
    show(&ctx, &asked, "nobodys", Some(0)).await
}

async fn show(ctx: &Ctx, asked: &Asked, here: &'static str, holder: Option<i64>) -> Result<Response> {
    let title = if here == "nobodys" { "Events that nobody holds" } else { "Events" };
    let shell = Shell::new(ctx, title, Room::Events).await?;
    let today = constituency::days::day(ctx.app.now());
    let mut counted = Counted { from: today.checked_sub(Span::new().days(DAYS - 1)).unwrap_or(today), to: today, holder, ..Counted::default() };
    let (mut error, organisation) = (None, asked.get("organisation").to_owned());
    if let Err(Error::Invalid(text)) = read(ctx, asked, &mut counted).await {
        error = Some(text);
    }
    let mut reader = ctx.app.db.read().await?;
    let Overview { days, tables, addresses } = figures::overview(&mut reader, &ctx.who, &counted, LINES).await?;
    let tables = tables.into_iter().map(|(by, lines)| (field(by).0, field(by).1, lines)).collect();
    let wrong = if here == "overview" { notices::count_wrong(&mut reader, &ctx.who, counted.holder).await? } else { 0 };
    drop(reader);
    let trouble = Trouble::now(ctx).await?;
    let total = days.iter().map(|(_, events)| events).sum();
    // What is counted about is never more than what it is counted of.
    let addresses = addresses.map(|about| about.min(total));
    let chart = Bars { bars: days.iter().map(|(day, events)| (day.strftime("%-d %b").to_string(), *events)).collect() };
    let types = formats::rsit::TYPES.iter().map(|known| (format!("{}/{}", known.class, known.name), known.title.to_owned())).collect();
    let asn = counted.asn.map(|asn| format!("AS{asn}")).unwrap_or_default();
    let status = if error.is_some() { axum::http::StatusCode::UNPROCESSABLE_ENTITY } else { axum::http::StatusCode::OK };
    let query = ctx.query.clone();
    page_as(status, &OverviewPage { shell, here, organisation, counted, asn, types, days, chart, total, addresses, tables, error, query, wrong, trouble })
}

/// The field that a line of a table fills in, and the table's title.
fn field(by: By) -> (&'static str, &'static str) {
    match by {
        By::Type => ("type", "Type"),
        By::Asn => ("asn", "AS"),
        By::Country => ("country", "Country"),
        By::Holder => ("holder", "First holder"),
    }
}

/// Reads the filter; what cannot be read is told and left out.
async fn read(ctx: &Ctx, asked: &Asked, counted: &mut Counted) -> Result<()> {
    let day = |name: &str| constituency::days::read(asked.get(name)).map_err(Error::Invalid);
    if let Some(from) = day("from")? {
        counted.from = from;
    }
    if let Some(to) = day("to")? {
        counted.to = to;
    }
    if counted.to < counted.from {
        return Err(Error::invalid("The last day is before the first"));
    }
    counted.kind = asked.get("type").to_owned();
    counted.country = asked.get("country").to_uppercase();
    if asked.has("asn") {
        let asn: formats::net::Asn = asked.get("asn").parse().map_err(|_| Error::invalid(format!("“{}” is no AS number like AS64500", asked.get("asn"))))?;
        counted.asn = Some(i64::from(asn.0));
    }
    if counted.holder.is_none() && asked.has("organisation") {
        let mut reader = ctx.app.db.read().await?;
        let found = constituency::find_by_name(&mut reader, asked.get("organisation")).await?;
        let found = found.ok_or_else(|| Error::invalid(format!("There is no organisation named “{}”", asked.get("organisation"))))?;
        counted.holder = Some(constituency::number_of(&mut reader, found.id).await?);
    }
    Ok(())
}
