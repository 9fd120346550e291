//! The console's page of those who come to a calendar item.

use ::store::Id;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use press::{Kind, Seat};

use super::super::item::{self, Publication};
use super::super::web::read;
use super::{Counts, Registration, team, web};
use crate::text::own_name;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{Error, Result, outbox};

/// So many stand on a page.
const PAGE: u32 = 100;

/// Doors open before the beginning.
const EARLY: SignedDuration = SignedDuration::from_hours(-12);

/// One of the list, and whether mail to them came back.
struct Row {
    one: Registration,
    lost: bool,
}

#[derive(Template)]
#[template(path = "publications/pages/registrations.html")]
struct ListPage {
    shell: Shell,
    publication: Publication,
    seat: Seat,
    counts: Counts,
    /// What is known of those that were erased, and until when.
    kept: Option<(Counts, Timestamp)>,
    rows: Vec<Row>,
    next: String,
    languages: Vec<(String, String)>,
    /// Whether mails can leave: without them nobody registers.
    mails: bool,
    /// Why what was typed was not taken, and what was typed.
    refused: String,
    typed: Fields,
}

impl ListPage {
    async fn of(ctx: &Ctx, id: Id, asked: &Fields, refused: String, typed: Fields) -> Result<Self> {
        let seat = Seat::named(asked.get("of")).unwrap_or(Seat::Coming);
        let after = asked.get("after").split_once('~').and_then(|(turn, id)| Some((turn.parse().ok()?, id.parse().ok()?)));
        let mut reader = ctx.app.db.read().await?;
        let publication = Some(item::get(&mut reader, &ctx.who, id).await?).filter(|one| one.kind == Kind::Calendar).ok_or(Error::NotFound)?;
        let (counts, kept) = team::counts(&mut reader, &ctx.who, id).await?;
        let (some, more) = team::list(&mut reader, &ctx.who, (id, seat), after, PAGE).await?;
        let ids: Vec<Id> = some.iter().map(|one| one.id).collect();
        let mails = outbox::states(&mut reader, &ids).await?;
        drop(reader);
        let next = some.last().filter(|_| more).map(|last| format!("/publishing/{id}/registrations?of={}&after={}~{}", seat.name(), last.turn, last.id));
        let lost = |id: &Id| mails.get(id).is_some_and(|state| ["bounced", "failed"].contains(&state.as_str()));
        Ok(Self {
            shell: Shell::new(ctx, &format!("{}: registrations", publication.called()), Room::Publishing).await?,
            rows: some.into_iter().map(|one| Row { lost: lost(&one.id), one }).collect(),
            next: next.unwrap_or_default(),
            languages: ctx.app.languages.offered().iter().map(|tag| (tag.clone(), own_name(tag).to_owned())).collect(),
            mails: ctx.app.profile.mail.is_some(),
            publication,
            seat,
            counts,
            kept,
            refused,
            typed,
        })
    }

    fn at(&self, act: &str) -> String {
        format!("/publishing/{}/registrations{act}", self.publication.id)
    }

    /// The tabs: seat, its name, how many.
    fn tabs(&self) -> [(&'static str, &'static str, u32); 4] {
        let Counts { asked, coming, waiting, cancelled, .. } = self.counts;
        [("coming", "Coming", coming), ("waiting", "Waiting", waiting), ("asked", "Not confirmed", asked), ("cancelled", "Cancelled", cancelled)]
    }

    fn is_at(&self, seat: &str) -> bool {
        self.seat.name() == seat
    }

    /// Whether people may be coming in: from some hours before the beginning on.
    fn has_begun(&self) -> bool {
        let starts = self.publication.content.meeting.as_ref().and_then(press::content::Meeting::instants).map(|(starts, _)| starts);
        starts.is_some_and(|starts| self.shell.now.duration_since(starts) > EARLY)
    }

    fn places(&self) -> Option<u32> {
        self.publication.content.meeting.as_ref().and_then(|meeting| meeting.places)
    }
}

/// `GET /publishing/{id}/registrations?of=coming|waiting|asked|cancelled`
pub async fn list(ctx: Ctx, Path(id): Path<String>, asked: Asked) -> Result<Response> {
    page(&ListPage::of(&ctx, read(&id)?, &asked, String::new(), Fields::default()).await?)
}

/// `POST /publishing/{id}/registrations`: somebody is added.
pub async fn add(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let id = read(&id)?;
    let done = team::add(&ctx.app, &ctx.sends(&fields), id, web::wish(&ctx, &fields)).await;
    answered(&ctx, id, done, "Added.", fields).await
}

/// `POST /publishing/{id}/registrations/attendance`: the boxes of a page, each with what it was.
pub async fn attend(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let id = read(&id)?;
    let mut marks = Vec::new();
    for was in fields.all("was") {
        let (one, state) = was.split_once(' ').ok_or(Error::NotFound)?;
        let is = fields.all("attended").any(|ticked| ticked == one);
        if is != (state == "yes") {
            marks.push((read(one)?, is));
        }
    }
    let done = team::attend(&ctx.app, &ctx.who, id, &marks).await;
    answered(&ctx, id, done, "Kept who was there.", fields).await
}

/// `POST /publishing/{id}/registrations/{registration}/cancellation`
pub async fn cancel(ctx: Ctx, Path((id, registration)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let id = read(&id)?;
    let done = team::cancel(&ctx.app, &ctx.who, id, read(&registration)?).await;
    answered(&ctx, id, done, "Cancelled. A place that became free went to the first who waits.", fields).await
}

async fn answered(ctx: &Ctx, id: Id, done: Result<()>, said: &str, fields: Fields) -> Result<Response> {
    let of = Seat::named(fields.get("of")).unwrap_or(Seat::Coming).name();
    let (status, text) = match done {
        Ok(()) => return Ok(go(&format!("/publishing/{id}/registrations?of={of}"), Some(said))),
        Err(Error::Invalid(text)) => (StatusCode::UNPROCESSABLE_ENTITY, text),
        Err(Error::Conflict(text)) => (StatusCode::CONFLICT, text),
        Err(error) => return Err(error),
    };
    let asked = Fields(vec![("of".into(), of.into())]);
    page_as(status, &ListPage::of(ctx, id, &asked, ctx.app.languages.text("en").told(&text), fields).await?)
}

/// `GET /publishing/{id}/registrations.csv`
pub async fn csv(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let id = read(&id)?;
    let one = item::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?;
    let bytes = team::csv(&ctx.app, &ctx.who, id).await?;
    let name = if one.name.is_empty() { "registrations".to_owned() } else { format!("{}-registrations", one.name) };
    let disposition = HeaderValue::from_str(&format!("attachment; filename=\"{name}.csv\"")).map_err(Error::fault)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8")),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((headers, bytes).into_response())
}
