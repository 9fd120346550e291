//! The console's page of whom a publication is told to without asking: the rule, whom it concerns and why, and who was told.

use std::collections::HashMap;

use ::store::{Id, Reader};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::read;
use crate::access::{Noun, Verb, may};
use crate::constituency::{self, Organisation};
use crate::outbox;
use crate::profile::Told as Rule;
use crate::publications::item::{self, Publication};
use crate::publications::readers::{self, Mailing};
use crate::publications::warnings::{self, DAYS, Reason, Target, Warning};
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{Error, Result};

/// So many organisations stand on the page.
const SHOWN: u32 = 500;
/// Days back that are offered first.
const BACK: i64 = 30;

/// An organisation that is told, or may be.
struct Row {
    warning: Warning,
    organisation: Organisation,
    /// Why, a line each, and what stands behind it one by one.
    reasons: Vec<(String, Vec<String>)>,
    /// Who would get it, or why nobody can.
    contact: String,
    /// What the label has against it.
    above: bool,
}

#[derive(Template)]
#[template(path = "publications/pages/constituents.html")]
struct Page {
    shell: Shell,
    one: Publication,
    target: Target,
    rule: Rule,
    rows: Vec<Row>,
    counts: Vec<(String, i64)>,
    mailings: Vec<(Mailing, Vec<(String, i64)>)>,
    days: String,
    /// Whether this person may have them told, and let a mailing go.
    sends: bool,
    releases: bool,
    refused: String,
    typed: Fields,
}

impl Page {
    async fn of(ctx: &Ctx, id: Id, refused: String, typed: Fields) -> Result<Self> {
        let mut reader = ctx.app.db.read().await?;
        let one = item::get(&mut reader, &ctx.who, id).await?;
        let target = Target::of(&one);
        let rule = warnings::rule(&mut reader, &ctx.app, &one).await?;
        let all = warnings::warnings(&mut reader, &ctx.who, id, target, SHOWN).await?;
        let counts = warnings::counts(&mut reader, &ctx.who, id, target).await?;
        let mailings = readers::mailings(&mut reader, &ctx.who, id).await?;
        let rows = rows(&mut reader, ctx, &one, target, all).await?;
        drop(reader);
        let releases = may(&ctx.who, Verb::Release, Noun::Publication);
        let approved = matches!(one.stage.as_str(), "approved" | "scheduled");
        Ok(Self {
            shell: Shell::new(ctx, &format!("{}: constituents", one.called()), Room::Publishing).await?,
            sends: if target.ahead { releases && approved } else { may(&ctx.who, Verb::Decide, Noun::Publication) },
            mailings: mailings.into_iter().filter(|(mailing, _)| mailing.version == target.version && mailing.ahead == target.ahead).collect(),
            days: if typed.has("days") { typed.get("days").to_owned() } else { BACK.to_string() },
            one,
            target,
            rule,
            rows,
            counts,
            releases,
            refused,
            typed,
        })
    }

    /// The address that a button of this page goes to.
    fn at(&self, act: &str) -> String {
        format!("/publishing/{}/constituents/{act}", self.one.id)
    }

    /// How many are in a state.
    fn count(&self, state: &str) -> i64 {
        self.counts.iter().find(|(name, _)| name == state).map_or(0, |(_, count)| *count)
    }

    /// What a rule means.
    fn means(&self, rule: &Rule) -> &'static str {
        match rule {
            Rule::Nobody => "nobody who did not ask",
            Rule::All => "all registered constituents",
            Rule::Sectors => "registered constituents of the sectors that it is for",
        }
    }
}

/// Organisations, contacts and labels of all rows, asked for at once.
async fn rows(reader: &mut Reader, ctx: &Ctx, one: &Publication, target: Target, all: Vec<Warning>) -> Result<Vec<Row>> {
    let ids: Vec<Id> = all.iter().map(|warning| warning.organisation).collect();
    let known: HashMap<Id, Organisation> = constituency::these(reader, &ids).await?.into_iter().map(|one| (one.id, one)).collect();
    let contacts = constituency::contacts_of(reader, &ids).await?;
    let least = if target.ahead { one.content.label.max(ctx.app.profile.labels.default) } else { one.content.label };
    let now = reader.now();
    let row = |warning: Warning| {
        let organisation = known.get(&warning.organisation)?.clone();
        let own: Vec<_> = contacts.iter().filter(|contact| contact.organisation == organisation.id).cloned().collect();
        let choice = constituency::choose_for(&own, now, "security");
        let contact = match outbox::usable(&choice) {
            Some(contact) => [contact.name.as_str(), contact.mail.as_deref().unwrap_or("on its page")].join(", "),
            None => choice.why.clone(),
        };
        let reasons = Reason::in_short(&warning.reasons);
        Some(Row { reasons, contact, above: least > organisation.ceiling, organisation, warning })
    };
    Ok(all.into_iter().filter_map(row).collect())
}

/// `GET /publishing/{id}/constituents`
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    page(&Page::of(&ctx, read(&id)?, String::new(), Fields::default()).await?)
}

/// `POST /publishing/{id}/constituents/{act}`: what does not go is said on the page, with what was typed.
pub async fn act(ctx: Ctx, Path((id, act)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let id = read(&id)?;
    match done(&ctx, id, &act, &fields).await {
        Ok(said) => Ok(go(&format!("/publishing/{id}/constituents"), Some(&said))),
        Err(Error::Invalid(text)) => page_as(StatusCode::UNPROCESSABLE_ENTITY, &Page::of(&ctx, id, text, fields).await?),
        Err(Error::Conflict(text)) => page_as(StatusCode::CONFLICT, &Page::of(&ctx, id, text, fields).await?),
        Err(error) => Err(error),
    }
}

async fn done(ctx: &Ctx, id: Id, act: &str, fields: &Fields) -> Result<String> {
    let (app, who) = (&ctx.app, &ctx.who);
    let seen = fields.parsed::<i64>("edition", "an edition")?.unwrap_or(0);
    let ids = |name: &str| fields.all(name).map(read).collect::<Result<Vec<Id>>>();
    match act {
        "rule" => {
            let rule = Rule::named(fields.get("rule")).ok_or_else(|| Error::invalid("Choose who is told."))?;
            warnings::set_rule(app, who, id, seen, rule).await.map(|()| "Kept; it is part of what is approved.".into())
        }
        "search" => {
            let days = fields.parsed::<i64>("days", "a number of days")?.unwrap_or(BACK);
            let found = warnings::search(app, who, id, days).await?;
            Ok(if found == 0 { "Nobody declared such a product, and nothing like it was seen.".into() } else { format!("It concerns {found}.") })
        }
        "choice" => warnings::choose(app, who, id, &ids("shown")?, &ids("chosen")?).await.map(|()| "Kept.".into()),
        "addition" => warnings::add(app, who, id, fields.get("name")).await.map(|()| "Added.".into()),
        "sending" => {
            warnings::choose(app, who, id, &ids("shown")?, &ids("chosen")?).await?;
            warnings::send(app, who, id, seen, fields.has("ahead")).await.map(|()| "They are being told.".into())
        }
        "retry" => warnings::retry(app, who, id, seen, fields.has("ahead")).await.map(|()| "They are being tried again.".into()),
        "mailing" => readers::approve_mailing(app, who, read(fields.get("mailing"))?).await.map(|()| "Let go.".into()),
        "mailing-stop" => readers::stop_mailing(app, who, read(fields.get("mailing"))?).await.map(|()| "Stopped: nobody else is told.".into()),
        _ => Err(Error::NotFound),
    }
}
