//! Lines that are no events: mended and handed in again, or dropped with a reason.

use ::store::{Id, Reader};
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use formats::feed::Reason;

use crate::access::Who;
use crate::events::{self, Feed, Reject, WantedRejects};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{Error, Result};

const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "events/pages/rejects.html")]
struct RejectsPage {
    shell: Shell,
    here: &'static str,
    /// The filter, as it was asked.
    asked: Fields,
    feeds: Vec<Feed>,
    reasons: Vec<(&'static str, String)>,
    /// The line that names the columns of the file that is asked for.
    header: String,
    rows: Vec<Reject>,
    /// How many there are in all, of one feed, file or reason.
    count: i64,
    next: String,
    error: Option<String>,
    /// What was typed into lines that could not be handed in.
    typed: Fields,
}

impl RejectsPage {
    /// The line as it stands in the field: as typed before, or as it came.
    fn text(&self, row: &Reject) -> String {
        let name = format!("line-{}", row.id);
        if self.typed.has(&name) { self.typed.exact(&name).to_owned() } else { row.text() }
    }

    /// Whether the list is of one feed, file or reason: only that can be dropped as a whole.
    fn is_narrow(&self) -> bool {
        !self.asked.0.is_empty()
    }
}

/// What the list can be of; a fault is the code of a reason.
const FILTER: [&str; 3] = ["feed", "file", "fault"];

/// Where a page of a file's lines ended: line and id.
pub(super) fn behind_line(text: &str) -> Option<(i64, Id)> {
    let (line, id) = text.split_once('-')?;
    Some((line.parse().ok()?, id.parse().ok()?))
}

/// The fields of the filter alone.
fn filter(asked: &Fields) -> Fields {
    Fields(asked.0.iter().filter(|(name, value)| FILTER.contains(&name.as_str()) && !value.trim().is_empty()).cloned().collect())
}

/// The filter as an address has it.
fn query(asked: &Fields) -> String {
    let encode = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    FILTER.iter().filter(|name| asked.has(name)).map(|name| format!("{name}={}", encode(asked.get(name)))).collect::<Vec<_>>().join("&")
}

/// Of a filter that names what is not there.
fn unknown(error: Error, what: &str, name: &str) -> Error {
    if matches!(error, Error::NotFound) { Error::invalid(format!("There is no {what} {name}")) } else { error }
}

/// Which lines are meant, and the line that names the columns of their file.
async fn wanted(reader: &mut Reader, who: &Who, asked: &Fields) -> Result<(WantedRejects, String)> {
    let mut wanted = WantedRejects { open: true, limit: PAGE + 1, ..WantedRejects::default() };
    if asked.has("feed") {
        wanted.feed = Some(events::by_name(reader, asked.get("feed")).await.map_err(|error| unknown(error, "feed", asked.get("feed")))?.id);
    }
    wanted.reason = Some(asked.get("fault").to_owned()).filter(|code| !code.is_empty());
    if wanted.reason.as_ref().is_some_and(|code| Reason::from_code(code).is_none()) {
        return Err(Error::invalid(format!("There is no reason “{}”", asked.get("fault"))));
    }
    let Some(number) = asked.parsed("file", "the number of a file")? else { return Ok((wanted, String::new())) };
    let file = events::file(reader, who, number).await.map_err(|error| unknown(error, "file", &number.to_string()))?;
    if wanted.feed.is_some_and(|feed| feed != file.feed) {
        return Err(Error::invalid(format!("File {number} is of another feed")));
    }
    wanted.file = Some(file.id);
    Ok((wanted, file.header))
}

async fn shown(ctx: &Ctx, asked: Fields, error: Option<String>, typed: Fields) -> Result<Response> {
    let shell = Shell::new(ctx, "Rejected lines", Room::Events).await?;
    let mut reader = ctx.app.db.read().await?;
    let feeds = events::list(&mut reader).await?;
    let (found, error) = match wanted(&mut reader, &ctx.who, &asked).await {
        Ok(found) => (Some(found), error),
        Err(Error::Invalid(text)) => (None, Some(text)),
        Err(other) => return Err(other),
    };
    let (mut rows, mut header, mut count) = (Vec::new(), String::new(), 0);
    if let Some((wanted, columns)) = found {
        let before = asked.get("before").split_once('-').and_then(|(at, id)| Some((::store::instant(at.parse().ok()?), id.parse::<Id>().ok()?)));
        if !filter(&asked).0.is_empty() {
            count = events::count_open(&mut reader, &ctx.who, &wanted).await?;
        }
        let wanted = WantedRejects { before, after: behind_line(asked.get("after")), ..wanted };
        (rows, header) = (events::rejected(&mut reader, &ctx.who, &wanted).await?, columns);
    }
    drop(reader);
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let behind =
        |last: &Reject| if asked.has("file") { format!("after={}-{}", last.line, last.id) } else { format!("before={}-{}", last.at.as_microsecond(), last.id) };
    let next = rows.last().filter(|_| more).map(|last| format!("/events/rejected?{}&{}", query(&asked), behind(last))).unwrap_or_default();
    let reasons = Reason::ALL.into_iter().map(|reason| (reason.code(), reason.to_string())).collect();
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let asked = filter(&asked);
    page_as(status, &RejectsPage { shell, here: "rejected", asked, feeds, reasons, header, rows, count, next, error, typed })
}

/// `GET /events/rejected`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    shown(&ctx, asked.0, None, Fields::default()).await
}

/// `POST /events/rejected`: mends or drops the chosen lines, or all that the list is of.
pub async fn act(ctx: Ctx, fields: Fields) -> Result<Response> {
    let filter = filter(&fields);
    match act_on(&ctx, &fields, &filter).await {
        // What became of lines that were handed in again is seen on the page of their file.
        Ok((Some(file), said)) => Ok(go(&format!("/events/files/{file}"), Some(&said))),
        Ok((None, said)) => Ok(go(&format!("/events/rejected?{}", query(&filter)), Some(&said))),
        Err(Error::Invalid(text) | Error::Conflict(text)) => shown(&ctx, filter, Some(text), fields).await,
        Err(error) => Err(error),
    }
}

/// Says what was done, and the number of the file in which lines came in again.
async fn act_on(ctx: &Ctx, fields: &Fields, filter: &Fields) -> Result<(Option<i64>, String)> {
    let ids: Vec<Id> = fields.all("id").filter_map(|id| id.parse().ok()).collect();
    let again = |receipt: events::Receipt| (Some(receipt.file.number), "Handed in again: it is read next, and this page says what became of it.".to_owned());
    let dropped = |count: u64| (None, format!("{count} {} dropped.", if count == 1 { "line" } else { "lines" }));
    match fields.get("do") {
        "mend" => {
            let lines = ids.iter().map(|id| (*id, fields.exact(&format!("line-{id}")).as_bytes().to_vec())).collect();
            events::correct(&ctx.app, &ctx.who, lines).await.map(again)
        }
        "again" => {
            let number = filter.parsed("file", "the number of a file")?.ok_or_else(|| Error::invalid("Choose the file whose lines are handed in again"))?;
            events::correct_all(&ctx.app, &ctx.who, number).await.map(again)
        }
        "drop" => events::drop_rejects(&ctx.app, &ctx.who, ids, fields.get("reason")).await.map(|count| dropped(count as u64)),
        "drop-all" => {
            let (wanted, _) = wanted(&mut ctx.app.db.read().await?, &ctx.who, filter).await?;
            let seen = fields.parsed("seen", "a number of lines")?.ok_or_else(|| Error::invalid("Look at the lines first"))?;
            events::drop_all(&ctx.app, &ctx.who, &wanted, seen, fields.get("reason")).await.map(dropped)
        }
        _ => Err(Error::invalid("Choose whether to mend or to drop the lines")),
    }
}
