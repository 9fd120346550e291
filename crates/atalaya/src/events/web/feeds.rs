//! Feeds: how all of them stand, one of them, its settings with a preview on a sample.

use std::path::PathBuf;

use askama::Template;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::Response;
use formats::label::Tlp;

use super::overview::Trouble;
use crate::events::{self, Arriving, Asked, EventFile, Feed, FeedDetails, Sample, Standing};
use crate::web::show::counted;
use crate::web::upload::{self, Limits};
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{Error, Result};

/// The most bytes of a sample.
const SAMPLE: u64 = 1 << 20;
/// Files on a feed's page.
const FILES: u32 = 20;

#[derive(Template)]
#[template(path = "events/pages/feeds.html")]
struct FeedsPage {
    shell: Shell,
    here: &'static str,
    all: Vec<Standing>,
    /// Held or failed files, silent feeds, open lines, feeds whose columns changed: each with its colour.
    figures: [(String, &'static str, &'static str, String); 4],
    trouble: Option<Trouble>,
    /// What lies in the drop folder and is of no feed: some names, and how many there are.
    strays: (Vec<String>, usize),
    drop: Option<PathBuf>,
}

/// What lies in the drop folder and is of no feed. A folder that cannot be read says so in the log, at each look.
async fn strays(ctx: &Ctx, all: &[Standing]) -> Result<(Vec<String>, usize)> {
    let Some(drop) = ctx.app.profile.events.drop.clone() else { return Ok((Vec::new(), 0)) };
    let names: Vec<String> = all.iter().map(|one| one.feed.name.clone()).collect();
    let found = upload::on_disk(move || events::folder::strays(&drop, &names.iter().map(String::as_str).collect::<Vec<_>>())).await;
    Ok(found.unwrap_or_default())
}

/// `GET /events/feeds`
pub async fn list(ctx: Ctx) -> Result<Response> {
    let shell = Shell::new(&ctx, "Feeds", Room::Events).await?;
    let mut all = events::standings(&mut ctx.app.db.read().await?, &ctx.who).await?;
    all.sort_by_key(|one| (one.feed.state == "paused", one.is_well(), one.alarms == 0, !one.silent, one.open == 0, one.drift.is_empty()));
    let sum = |of: &dyn Fn(&Standing) -> i64| counted(all.iter().map(of).sum::<i64>());
    let figures = [
        (sum(&|one| one.alarms), "files held or failed", "critical", "/events/files?alarms=1".to_owned()),
        (sum(&|one| i64::from(one.silent)), "feeds are silent", "high", String::new()),
        (some_or_more(all.iter().map(|one| one.open)), "lines rejected", "high", "/events/rejected".to_owned()),
        (sum(&|one| i64::from(!one.drift.is_empty())), "feeds with new columns", "", String::new()),
    ];
    let (trouble, strays) = (Trouble::now(&ctx).await?, strays(&ctx, &all).await?);
    let drop = ctx.app.profile.events.drop.clone();
    page(&FeedsPage { shell, here: "feeds", all, figures, trouble, strays, drop })
}

/// The sum of counts that end at a thousand: of more it is known that there are more.
fn some_or_more(counts: impl Iterator<Item = i64> + Clone) -> String {
    let more = if counts.clone().any(|count| count > 1000) { "+" } else { "" };
    format!("{}{more}", counted(counts.map(|count| count.min(1000)).sum::<i64>()))
}

#[derive(Template)]
#[template(path = "events/pages/feed.html")]
struct FeedPage {
    shell: Shell,
    one: Standing,
    files: Vec<EventFile>,
    drop: String,
    api: String,
    error: Option<String>,
}

async fn shown(ctx: &Ctx, name: &str, error: Option<String>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let feed = events::by_name(&mut reader, name).await?;
    let files = events::files(&mut reader, &ctx.who, &Asked { feed: Some(feed.id), limit: FILES, ..Asked::default() }).await?;
    let one = events::standing(&mut reader, &ctx.who, feed).await?;
    drop(reader);
    let shell = Shell::new(ctx, &one.feed.title, Room::Events).await?;
    let drop = ctx.app.profile.events.drop.as_ref().map(|folder| folder.join(&one.feed.name).display().to_string()).unwrap_or_default();
    let api = format!("{}/api/v1/feeds/{}/files", ctx.app.profile.web.public_url, one.feed.name);
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &FeedPage { shell, one, files, drop, api, error })
}

/// `GET /events/feeds/{feed}`
pub async fn feed(ctx: Ctx, Path(name): Path<String>) -> Result<Response> {
    shown(&ctx, &name, None).await
}

/// `POST /events/feeds/{feed}/files`: an analyst hands a file in.
pub async fn take(ctx: Ctx, Path(name): Path<String>, form: Multipart) -> Result<Response> {
    match taken(&ctx, &name, form).await {
        Ok(0) => Ok(go(&format!("/events/feeds/{name}"), Some("These bytes were here already: nothing changed."))),
        Ok(new) => Ok(go(&format!("/events/feeds/{name}"), Some(&format!("Kept: {new} files wait to be read.")))),
        Err(Error::Invalid(text) | Error::Conflict(text)) => shown(&ctx, &name, Some(text)).await,
        Err(error) => Err(error),
    }
}

/// Takes the file of a form in. How many files it is that were not here.
async fn taken(ctx: &Ctx, name: &str, form: Multipart) -> Result<usize> {
    let feed = events::by_name(&mut ctx.app.db.read().await?, name).await?;
    let (blobs, most) = (ctx.app.blobs.clone(), ctx.app.profile.events.max_file_bytes);
    let taken = upload::take(form, Limits { files: 1, bytes: most }, || Ok(Arriving::new(&blobs, most))).await?;
    let file = taken.files.into_iter().next().ok_or_else(|| Error::invalid("Choose a file"))?;
    let pieces = upload::on_disk(move || file.writer.finish(&file.name)).await?;
    let receipts = events::arrive(&ctx.app, &ctx.who, &feed, pieces, "console").await?;
    Ok(receipts.iter().filter(|one| one.new).count())
}

/// `POST /events/feeds/{feed}/columns`: somebody has looked at the new columns.
pub async fn columns(ctx: Ctx, Path(name): Path<String>) -> Result<Response> {
    events::look_at_columns(&ctx.app, &ctx.who, &name).await?;
    Ok(go(&format!("/events/feeds/{name}"), Some("The columns that came so far are known now.")))
}

#[derive(Template)]
#[template(path = "events/pages/feed_form.html")]
struct FormPage {
    shell: Shell,
    /// The feed that is changed, if it is not a new one.
    feed: Option<Feed>,
    version: i64,
    typed: FeedDetails,
    labels: [Tlp; 5],
    kinds: Vec<(String, String)>,
    problems: Vec<(&'static str, String)>,
    sample: Option<Sample>,
}

impl FormPage {
    fn problem(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str())
    }
}

async fn form(ctx: &Ctx, feed: Option<Feed>, typed: FeedDetails, problems: Vec<(&'static str, String)>, sample: Option<Sample>) -> Result<Response> {
    let title = if feed.is_some() { "Settings of a feed" } else { "Add a feed" };
    let shell = Shell::new(ctx, title, Room::Events).await?;
    let mut kinds: Vec<(String, String)> = formats::feed::Tables::built_in().iter().map(|mapping| (mapping.kind.to_string(), mapping.title.clone())).collect();
    kinds.sort();
    let labels = [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red];
    let version = feed.as_ref().map_or(0, |feed| feed.version);
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_as(status, &FormPage { shell, feed, version, typed, labels, kinds, problems, sample })
}

fn typed(ctx: &Ctx, fields: &Fields) -> FeedDetails {
    let text = |name| fields.get(name).to_owned();
    FeedDetails {
        name: text("name"),
        title: text("title"),
        kind: text("kind"),
        mapping: fields.exact("mapping").to_owned(),
        label: fields.get("label").parse().unwrap_or(ctx.app.profile.labels.default),
        mail_from: text("mail_from"),
        mail_to: text("mail_to"),
        // What is no number is asked again, by being out of bounds.
        every_hours: if fields.has("every_hours") { fields.get("every_hours").parse().unwrap_or(-1) } else { 0 },
        state: if fields.has("paused") { "paused".into() } else { "active".into() },
        note: text("note"),
    }
    .tidy()
}

/// `GET /events/feeds/new`
pub async fn new(ctx: Ctx) -> Result<Response> {
    let details = FeedDetails::fresh(&ctx.app);
    form(&ctx, None, details, Vec::new(), None).await
}

/// `POST /events/feeds/new`
pub async fn add(ctx: Ctx, fields: Fields) -> Result<Response> {
    let details = typed(&ctx, &fields);
    let problems = details.problems();
    if !problems.is_empty() {
        return form(&ctx, None, details, problems, None).await;
    }
    match events::add(&ctx.app, &ctx.who, details.clone()).await {
        Ok(_) => Ok(go(&format!("/events/feeds/{}", details.name), Some("The feed is there: give its program a token, or put files in."))),
        Err(Error::Conflict(text)) => form(&ctx, None, details, vec![("name", text)], None).await,
        Err(error) => Err(error),
    }
}

/// `GET /events/feeds/{feed}/edit`
pub async fn edit(ctx: Ctx, Path(name): Path<String>) -> Result<Response> {
    let feed = events::by_name(&mut ctx.app.db.read().await?, &name).await?;
    let details = FeedDetails::from(&feed);
    form(&ctx, Some(feed), details, Vec::new(), None).await
}

/// `POST /events/feeds/{feed}/edit`
pub async fn change(ctx: Ctx, Path(name): Path<String>, fields: Fields) -> Result<Response> {
    let feed = events::by_name(&mut ctx.app.db.read().await?, &name).await?;
    let details = FeedDetails { name: feed.name.clone(), ..typed(&ctx, &fields) };
    let problems = details.problems();
    if !problems.is_empty() {
        return form(&ctx, Some(feed), details, problems, None).await;
    }
    let version = fields.get("version").parse().unwrap_or(0);
    match events::change(&ctx.app, &ctx.who, feed.id, version, details.clone()).await {
        Ok(()) => Ok(go(&format!("/events/feeds/{name}"), Some("Saved. Files that are held can be read again."))),
        Err(Error::Conflict(text)) => form(&ctx, Some(feed), details, vec![("title", text)], None).await,
        Err(error) => Err(error),
    }
}

/// `POST /events/samples`: what these settings make of a sample. Nothing is saved.
pub async fn preview(ctx: Ctx, sent: Multipart) -> Result<Response> {
    let taken = upload::take(sent, Limits { files: 1, bytes: SAMPLE }, || Ok(Vec::new())).await?;
    let (details, feed) = (typed(&ctx, &taken.fields), feed_of(&ctx, taken.fields.get("of")).await?);
    let pasted = taken.fields.exact("sample").to_owned();
    let (name, bytes) = taken.files.into_iter().next().map_or_else(|| (String::new(), pasted.into_bytes()), |file| (file.name, file.writer));
    if bytes.is_empty() {
        return form(&ctx, feed, details, vec![("sample", "Choose or paste a sample of up to 1 MB".into())], None).await;
    }
    match events::sample(&details, &name, &bytes, ctx.app.now()) {
        Ok(sample) => form(&ctx, feed, details, Vec::new(), Some(sample)).await,
        Err(Error::Invalid(text)) => form(&ctx, feed, details, vec![("mapping", text)], None).await,
        Err(error) => Err(error),
    }
}

/// The feed that a form is about, if there is one.
async fn feed_of(ctx: &Ctx, name: &str) -> Result<Option<Feed>> {
    match events::by_name(&mut ctx.app.db.read().await?, name).await {
        Err(Error::NotFound) => Ok(None),
        found => found.map(Some),
    }
}
