//! What holds of a publication in all languages.

use ::store::Id;
use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use formats::label::Tlp;
use press::{Change, Content, Wanted};

use super::{judged, read, refused};
use crate::publications::item::{self, Publication};
use crate::publications::write::Part;
use crate::publications::{self, forms, review};
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{Error, Result};

#[derive(Template)]
#[template(path = "publications/pages/facts.html")]
struct FactsPage {
    shell: Shell,
    one: Publication,
    content: Content,
    change: String,
    seen: String,
    refused: String,
    theirs: Vec<Change>,
    /// The note that was saved meanwhile, where it is another than what is typed.
    their_note: String,
    sectors: Vec<(String, String)>,
    labels: [Tlp; 5],
    zone: String,
    /// What stands against it; none where nobody looked.
    found: Option<Vec<Wanted>>,
}

impl FactsPage {
    async fn of(ctx: &Ctx, id: Id, typed: Option<(Content, String, String, String)>) -> Result<Self> {
        let one = item::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?;
        let now = forms::seen(&one, "facts")?;
        let (content, change, refused, theirs, their_note) = match typed {
            Some((content, change, refused, seen)) if seen != now => {
                let theirs = press::changes::between(&content, &one.content);
                let their_note = if one.note == change { String::new() } else { one.note.clone() };
                (content, change, refused, theirs, their_note)
            }
            Some((content, change, refused, _)) => (content, change, refused, Vec::new(), String::new()),
            None => (one.content.clone(), one.note.clone(), String::new(), Vec::new(), String::new()),
        };
        Ok(Self {
            shell: Shell::new(ctx, &format!("{}: facts", one.called()), Room::Publishing).await?,
            sectors: ctx.app.profile.sectors.iter().map(|sector| (sector.id.clone(), sector.title.text("en").to_owned())).collect(),
            labels: [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red],
            zone: content.meeting.as_ref().map_or_else(|| ctx.zone().iana_name().unwrap_or("UTC").to_owned(), |meeting| meeting.zone.clone()),
            content,
            change,
            seen: now,
            refused,
            theirs,
            their_note,
            found: None,
            one,
        })
    }

    /// What stands against it as it is typed.
    async fn looked(mut self, ctx: &Ctx, wrong: Vec<Wanted>) -> Result<Self> {
        let one = Publication { content: self.content.clone(), note: self.change.clone(), ..self.one.clone() };
        let wanted = review::wanted(&one, ctx.app.now());
        self.found = Some([wrong, wanted, judged::against(ctx, &one).await?].concat());
        Ok(self)
    }

    fn local(&self, pick: impl Fn(&press::Meeting) -> Option<jiff::civil::DateTime>) -> String {
        let at = self.content.meeting.as_ref().and_then(pick);
        at.map(|at| at.strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
    }

    fn starts(&self) -> String {
        self.local(|meeting| Some(meeting.starts))
    }

    fn ends(&self) -> String {
        self.local(|meeting| Some(meeting.ends))
    }

    fn closes(&self) -> String {
        self.local(|meeting| meeting.closes)
    }

    fn places(&self) -> String {
        self.content.meeting.as_ref().and_then(|meeting| meeting.places).map(|places| places.to_string()).unwrap_or_default()
    }

    fn meets(&self, what: &str) -> bool {
        self.content.meeting.as_ref().is_some_and(|meeting| match what {
            "online" => meeting.online,
            "registers" => meeting.registers,
            _ => meeting.cancelled,
        })
    }

    fn is_for(&self, audience: &str) -> bool {
        self.content.audience.iter().any(|one| one == audience)
    }

    fn keys(&self) -> String {
        self.content.keys.iter().map(press::Key::as_str).collect::<Vec<_>>().join(" ")
    }

    fn references(&self) -> String {
        self.content.references.iter().map(|one| format!("{} {}", one.title, one.url).trim().to_owned()).collect::<Vec<_>>().join("\n")
    }

    fn day(&self, day: &Option<jiff::civil::Date>) -> String {
        day.map(|day| day.to_string()).unwrap_or_default()
    }
}

/// `GET /publishing/{id}/facts`
pub async fn facts(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    page(&FactsPage::of(&ctx, read(&id)?, None).await?)
}

/// `POST /publishing/{id}/facts`
pub async fn save_facts(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let id = read(&id)?;
    let was = item::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?.content;
    let (content, wrong) = forms::facts(&fields, &was);
    let (change, seen) = (fields.exact("note").trim().to_owned(), fields.get("seen").to_owned());
    if fields.has("look") {
        return page(&FactsPage::of(&ctx, id, Some((content, change, String::new(), seen))).await?.looked(&ctx, wrong).await?);
    }
    let saved = match forms::lines(&wrong) {
        lines if lines.is_empty() => publications::save(&ctx.app, &ctx.who, id, &seen, Part::Facts(Box::new(content.clone()), change.clone())).await,
        lines => Err(Error::invalid(lines)),
    };
    let Some((status, text)) = refused(saved)? else { return Ok(go(&format!("/publishing/{id}"), Some("Saved."))) };
    page_as(status, &FactsPage::of(&ctx, id, Some((content, change, text, seen))).await?)
}
