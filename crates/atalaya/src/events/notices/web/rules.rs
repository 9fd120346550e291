//! Rules: the list, one with its form, and its dry run.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use store::Id;

use crate::events::notices::{self, DryRun, Rule, RuleDetails, SEVERITIES, TEMPLATES, WEEKDAYS};
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as};
use crate::{Error, Result, constituency};

#[derive(Template)]
#[template(path = "events/notices/pages/rules.html")]
struct RulesPage {
    shell: Shell,
    here: &'static str,
    /// Each with the name of its organisation.
    rows: Vec<(Rule, String)>,
    today: jiff::civil::Date,
}

fn id_of(text: &str) -> Result<Id> {
    text.parse().map_err(|_| Error::NotFound)
}

/// `GET /events/rules`
pub async fn list(ctx: Ctx) -> Result<Response> {
    let shell = Shell::new(&ctx, "Rules for notices", Room::Events).await?;
    let mut reader = ctx.app.db.read().await?;
    let rules = notices::rules(&mut reader, &ctx.who).await?;
    let ids: Vec<Id> = rules.iter().filter_map(|rule| rule.says.organisation).collect();
    let known = constituency::known(&mut reader, &ids).await?;
    let name = |rule: &Rule| known.iter().find(|one| Some(one.id) == rule.says.organisation).map(|one| one.name.clone()).unwrap_or_default();
    let rows = rules.into_iter().map(|rule| (rule.clone(), name(&rule))).collect();
    let today = ctx.app.now().to_zoned(ctx.zone()).date();
    page(&RulesPage { shell, here: "rules", rows, today })
}

#[derive(Template)]
#[template(path = "events/notices/pages/rule_form.html")]
struct FormPage {
    shell: Shell,
    rule: Option<Rule>,
    version: i64,
    typed: RuleDetails,
    organisation: String,
    /// Value, title, whether it is chosen.
    severities: Vec<(i8, &'static str, bool)>,
    templates: [(&'static str, &'static str); 2],
    weekdays: Vec<(i8, &'static str, bool)>,
    languages: Vec<(String, String)>,
    problems: Vec<(&'static str, String)>,
}

impl FormPage {
    fn problem(&self, field: &str) -> Option<&str> {
        self.problems.iter().find(|(name, _)| *name == field).map(|(_, text)| text.as_str())
    }
}

async fn form(ctx: &Ctx, rule: Option<Rule>, typed: RuleDetails, organisation: String, problems: Vec<(&'static str, String)>) -> Result<Response> {
    let title = if rule.is_some() { "A rule for notices" } else { "Add a rule for notices" };
    let shell = Shell::new(ctx, title, Room::Events).await?;
    let languages = ctx.app.languages.offered().iter().map(|tag| (tag.clone(), crate::text::own_name(tag).to_owned())).collect();
    let version = rule.as_ref().map_or(0, |rule| rule.version);
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let severities = (0..).zip(SEVERITIES).map(|(value, (_, title))| (value, title, value == typed.severity)).collect();
    let weekdays = (0..).zip(WEEKDAYS).map(|(value, title)| (value, title, value == typed.weekday)).collect();
    let templates = TEMPLATES;
    page_as(status, &FormPage { shell, rule, version, typed, organisation, severities, templates, weekdays, languages, problems })
}

/// What was typed: what is no number is asked again, by being out of bounds.
async fn typed(ctx: &Ctx, fields: &Fields) -> Result<(RuleDetails, String, Vec<(&'static str, String)>)> {
    let text = |name| fields.get(name).to_owned();
    let number = |name: &str| fields.get(name).parse::<i64>().unwrap_or(-1);
    let small = |name: &str| fields.get(name).parse::<i8>().unwrap_or(-1);
    let name = text("organisation");
    let one = fields.get("scope") == "one";
    let organisation = if one { constituency::find_by_name(&mut ctx.app.db.read().await?, &name).await? } else { None };
    let mut problems = Vec::new();
    let paused_until = constituency::days::read(fields.get("paused_until")).unwrap_or_else(|text| {
        problems.push(("paused_until", text));
        None
    });
    let details = RuleDetails {
        place: number("place"),
        name: text("name"),
        scope: text("scope"),
        organisation: organisation.map(|one| one.id),
        feeds: text("feeds"),
        kinds: text("kinds"),
        types: text("types"),
        severity: small("severity"),
        threshold: number("threshold"),
        due: text("due"),
        weekday: small("weekday"),
        hour: small("hour"),
        quiet_days: number("quiet_days"),
        csv: text("csv"),
        csv_bytes: number("csv_bytes"),
        template: text("template"),
        language: text("language"),
        state: if fields.has("off") { "off".into() } else { "active".into() },
        paused_until,
        pause_reason: text("pause_reason"),
    }
    .tidy();
    problems.extend(details.problems());
    Ok((details, name, problems))
}

/// `GET /events/rules/new`: for all, or for the organisation that a link names.
pub async fn new(ctx: Ctx, asked: Asked) -> Result<Response> {
    let mut details = RuleDetails::fresh(&ctx.app);
    let mut name = String::new();
    if let Some(id) = asked.parsed("organisation", "an organisation")? {
        name = constituency::get(&mut ctx.app.db.read().await?, id).await?.name;
        // Its turn is before those for all whatever its place.
        (details.scope, details.organisation, details.name) = ("one".into(), Some(id), name.clone());
    }
    form(&ctx, None, details, name, Vec::new()).await
}

/// `POST /events/rules/new`
pub async fn add(ctx: Ctx, fields: Fields) -> Result<Response> {
    let (details, organisation, problems) = typed(&ctx, &fields).await?;
    if !problems.is_empty() {
        return form(&ctx, None, details, organisation, problems).await;
    }
    match notices::add_rule(&ctx.app, &ctx.who, details.clone()).await {
        Ok(id) => Ok(go(&format!("/events/rules/{id}/month"), Some("The rule is there. This is what it would have sent in the last month."))),
        Err(Error::Conflict(text)) => form(&ctx, None, details, organisation, vec![("name", text)]).await,
        Err(error) => Err(error),
    }
}

/// `GET /events/rules/{id}`
pub async fn edit(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let rule = notices::rule(&mut reader, &ctx.who, id_of(&id)?).await?;
    let organisation = match rule.says.organisation {
        Some(id) => constituency::get(&mut reader, id).await?.name,
        None => String::new(),
    };
    drop(reader);
    let says = rule.says.clone();
    form(&ctx, Some(rule), says, organisation, Vec::new()).await
}

/// `POST /events/rules/{id}`
pub async fn change(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let id = id_of(&id)?;
    let rule = notices::rule(&mut ctx.app.db.read().await?, &ctx.who, id).await?;
    let (details, organisation, problems) = typed(&ctx, &fields).await?;
    if !problems.is_empty() {
        return form(&ctx, Some(rule), details, organisation, problems).await;
    }
    let version = fields.get("version").parse().unwrap_or(0);
    match notices::change_rule(&ctx.app, &ctx.who, id, version, details.clone()).await {
        Ok(()) => Ok(go("/events/rules", Some("Saved."))),
        Err(Error::Conflict(text)) => form(&ctx, Some(rule), details, organisation, vec![("name", text)]).await,
        Err(error) => Err(error),
    }
}

#[derive(Template)]
#[template(path = "events/notices/pages/month.html")]
struct MonthPage {
    shell: Shell,
    rule: Rule,
    run: DryRun,
}

impl MonthPage {
    fn sums(&self) -> (u64, u64) {
        (self.run.months.iter().map(|month| month.notices).sum(), self.run.months.iter().map(|month| month.events).sum())
    }
}

/// `GET /events/rules/{id}/month`
pub async fn month(ctx: Ctx, Path(id): Path<String>, asked: Asked) -> Result<Response> {
    let id = id_of(&id)?;
    let rule = notices::rule(&mut ctx.app.db.read().await?, &ctx.who, id).await?;
    let shown = asked.parsed("organisation", "an organisation")?;
    let run = notices::dry_run(&ctx.app, &ctx.who, id, shown).await?;
    let shell = Shell::new(&ctx, &format!("The last month by “{}”", rule.says.name), Room::Events).await?;
    page(&MonthPage { shell, rule, run })
}
