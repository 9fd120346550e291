//! Search for single events: by organisation, address, type and the rest, with how many there are by day. From a
//! selection of them a case is opened.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;

use super::download;
use crate::events::{self, Feed, Form, Page, Tallied, Wanted, found, wanted};
use crate::web::chart::Bars;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result};

/// Events on a page.
const PAGE: u32 = 50;
/// Types that are told one by one.
const TYPES: usize = 12;

#[derive(Template)]
#[template(path = "events/pages/found.html")]
struct FoundPage {
    shell: Shell,
    here: &'static str,
    /// As typed.
    asked: Fields,
    wanted: Wanted,
    organisation: String,
    feeds: Vec<Feed>,
    types: Vec<(String, String)>,
    found: Page,
    tallied: Tallied,
    chart: Bars,
    problems: Vec<String>,
    /// The filter, to go on with.
    query: String,
    /// Why no case was opened.
    error: Option<String>,
}

impl FoundPage {
    /// The filter, to be sent along with what was chosen.
    fn fields(&self) -> Vec<(String, String)> {
        self.asked.0.iter().filter(|(name, value)| wanted::FIELDS.contains(&name.as_str()) && !value.trim().is_empty()).cloned().collect()
    }

    /// Whether an event was chosen before the page asked again.
    fn chose(&self, line: &found::Line) -> bool {
        self.asked.all("event").any(|event| event == line.get("event"))
    }
}

/// `GET /events/found`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    shown(&ctx, &asked, None).await
}

async fn shown(ctx: &Ctx, asked: &Fields, error: Option<String>) -> Result<Response> {
    let shell = Shell::new(ctx, "Search events", Room::Events).await?;
    let asker = found::staff(&ctx.who)?;
    let (wanted, mut problems, organisation) = wanted::read(&ctx.app, asked).await?;
    let feeds = events::list(&mut ctx.app.db.read().await?).await?;
    let after = found::after(&asker, asked.get("after")).unwrap_or_else(|error| {
        problems.push(error.to_string());
        None
    });
    // What cannot be read is no condition: all events would stand there as if they fitted.
    let (found, mut tallied) = if problems.is_empty() { found::page(&ctx.app, &ctx.who, &asker, &wanted, after, PAGE).await? } else { Default::default() };
    tallied.types.truncate(TYPES);
    let chart = bars(&tallied.days, "%-d %b");
    let types = formats::rsit::TYPES.iter().map(|known| (format!("{}/{}", known.class, known.name), known.title.to_owned())).collect();
    let status = if problems.is_empty() && error.is_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let query = wanted::query(asked);
    page_as(
        status,
        &FoundPage { shell, here: "found", asked: asked.clone(), wanted, organisation, feeds, types, found, tallied, chart, problems, query, error },
    )
}

/// Events by day, as a picture; days as `form` writes them.
pub fn bars(days: &[(Date, u64)], form: &str) -> Bars {
    Bars { bars: days.iter().map(|(day, events)| (day.strftime(form).to_string(), i64::try_from(*events).unwrap_or(i64::MAX))).collect() }
}

/// `GET /events/found.csv`, `/events/found.jsonl`, `/events/found.parquet`: all that fit.
pub async fn csv(ctx: Ctx, asked: Asked) -> Result<Response> {
    export(&ctx, &asked, Form::Csv).await
}

/// As [`csv`], as Parquet.
pub async fn parquet(ctx: Ctx, asked: Asked) -> Result<Response> {
    export(&ctx, &asked, Form::Parquet).await
}

/// As [`csv`], a JSON object a line.
pub async fn json_lines(ctx: Ctx, asked: Asked) -> Result<Response> {
    export(&ctx, &asked, Form::JsonLines).await
}

async fn export(ctx: &Ctx, asked: &Fields, form: Form) -> Result<Response> {
    let asker = found::staff(&ctx.who)?;
    let (wanted, problems, _) = wanted::read(&ctx.app, asked).await?;
    if let Some(problem) = problems.into_iter().next() {
        return Err(Error::invalid(problem));
    }
    let after = found::after(&asker, asked.get("after"))?;
    let download = found::Download::begin(&ctx.app, &ctx.who, asker, &wanted, after, form).await?;
    Ok(sent(download, form))
}

/// `GET /events/sources.csv`: the addresses of all that fit, by AS.
pub async fn sources(ctx: Ctx, asked: Asked) -> Result<Response> {
    let asker = found::staff(&ctx.who)?;
    let (wanted, problems, _) = wanted::read(&ctx.app, &asked).await?;
    if let Some(problem) = problems.into_iter().next() {
        return Err(Error::invalid(problem));
    }
    let list = events::sources_csv(&ctx.app, &asker, &wanted).await?;
    Ok(download("sources.csv", "text/csv; charset=utf-8", list.into()))
}

/// A download as a response that grows.
pub fn sent(download_of: found::Download, form: Form) -> Response {
    let pieces = futures_util::stream::unfold(Some(download_of), async |download| {
        let mut download = download?;
        match download.next().await {
            Ok(Some(bytes)) => Some((Ok(bytes), Some(download))),
            Ok(None) => None,
            // The line breaks off, so that nobody takes half for the whole.
            Err(error) => Some((Err(std::io::Error::other(error.to_string())), None)),
        }
    });
    let (name, kind) = match form {
        Form::JsonLines => ("events.jsonl", "application/x-ndjson"),
        Form::Parquet => ("events.parquet", "application/vnd.apache.parquet"),
        Form::Csv => ("events.csv", "text/csv; charset=utf-8"),
    };
    download(name, kind, axum::body::Body::from_stream(pieces))
}

/// `POST /events/found`: opens a case from the chosen events, or from all that fit where the button said so.
pub async fn open_case(ctx: Ctx, mut fields: Fields) -> Result<Response> {
    let asker = found::staff(&ctx.who)?;
    let (wanted, problems, _) = wanted::read(&ctx.app, &fields).await?;
    if let Some(problem) = problems.into_iter().next() {
        return shown(&ctx, &fields, Some(problem)).await;
    }
    let is_all = fields.get("of") == "all";
    if !is_all && fields.all("event").next().is_none() {
        return shown(&ctx, &fields, Some("Choose the events that it is about, or open it from all that fit.".into())).await;
    }
    wanted.pin(&mut fields);
    let (chosen, search): (Vec<&str>, String) = (fields.all("event").filter(|_| !is_all).collect(), wanted::query(&fields));
    match events::open_case(&ctx.app, &ctx.sends(&fields), &asker, &wanted, &chosen, fields.get("title"), &search).await {
        Ok(case) => Ok(go(&case, Some("The case is open. Its summary says which events it is about."))),
        Err(Error::Invalid(text)) => shown(&ctx, &fields, Some(text)).await,
        Err(error) => Err(error),
    }
}
