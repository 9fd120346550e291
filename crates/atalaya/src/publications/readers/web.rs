//! The pages of those who ask to be told. A link in a mail is opened by programs, too: nothing changes before a button is pressed.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::Date;

use super::super::site::Filter;
use super::{DUES, Subscription, Wish, of_key};
use crate::text::own_name;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Site, go, page, page_as, throttle};
use crate::{Error, Result};

/// So many wishes from one address of the net in an hour; and for one mailbox.
const WISHES: u32 = 20;
const MAILS: u32 = 3;
const WINDOW: SignedDuration = SignedDuration::from_hours(1);

#[derive(Template)]
#[template(path = "publications/pages/subscribe.html")]
struct AskPage {
    site: Site,
    filter: Filter,
    address: String,
    due: String,
    error: String,
    sectors: Vec<(String, String)>,
    /// In which languages mails can come: tag, own name.
    languages: Vec<(String, String)>,
    language: String,
    dues: [&'static str; 3],
}

impl AskPage {
    fn of(ctx: &Ctx, fields: &Fields, error: String) -> Self {
        let language = ctx.text.wanted();
        Self {
            site: Site::new(ctx, &ctx.text.say("subscribe-title")),
            filter: wanted(fields, language),
            address: fields.get("address").to_owned(),
            due: Some(fields.get("due")).filter(|due| !due.is_empty()).unwrap_or("at_once").to_owned(),
            error,
            sectors: ctx.app.profile.sectors.iter().map(|sector| (sector.id.clone(), sector.title.text(language).to_owned())).collect(),
            languages: languages(ctx),
            language: Some(fields.get("language"))
                .filter(|tag| !tag.is_empty())
                .or(Some(fields.get("in")).filter(|tag| !tag.is_empty()))
                .unwrap_or(language)
                .to_owned(),
            dues: DUES,
        }
    }
}

/// The languages that the team offers.
fn languages(ctx: &Ctx) -> Vec<(String, String)> {
    ctx.app.languages.offered().iter().map(|tag| (tag.clone(), own_name(tag).to_owned())).collect()
}

/// What a form asks for: who wants nothing but what is written in a language, wants the language of the mails.
fn wanted(fields: &Fields, language: &str) -> Filter {
    let filter = Filter::of(fields, None);
    if fields.has("only") { Filter { written: language.to_owned(), ..filter } } else { filter }
}

/// `GET /subscribe`: with the filter of the list that it was opened from.
pub async fn ask_page(ctx: Ctx, asked: Asked) -> Result<Response> {
    if ctx.app.profile.mail.is_none() {
        return Err(Error::NotFound);
    }
    page(&AskPage::of(&ctx, &asked, String::new()))
}

#[derive(Template)]
#[template(path = "publications/pages/subscribe_asked.html")]
struct AskedPage {
    site: Site,
}

/// `POST /subscribe`: the answer is the same, whoever asks for whom.
pub async fn ask(ctx: Ctx, fields: Fields) -> Result<Response> {
    // A field that no person sees and robots fill in.
    if fields.has("website") {
        return Ok(go("/subscribe/asked", None));
    }
    let address = fields.get("address").to_owned();
    let limits = [(format!("subscribe-from:{}", throttle::network(ctx.from)), WISHES), (format!("subscribe-to:{}", address.to_lowercase()), MAILS)];
    throttle::allow_all(&ctx.app, &limits, WINDOW).await?;
    let language = ctx.app.languages.offered().iter().find(|tag| *tag == fields.get("language")).cloned().unwrap_or_else(|| ctx.text.wanted().to_owned());
    let filter = wanted(&fields, &language);
    let wish = Wish { address, language, filter, due: fields.get("due").to_owned() };
    match super::ask(&ctx.app, wish).await {
        Ok(()) => Ok(go(&Site::new(&ctx, "").to("/subscribe/asked"), None)),
        Err(Error::Invalid(text)) => page_as(StatusCode::UNPROCESSABLE_ENTITY, &AskPage::of(&ctx, &fields, ctx.text.told(&text))),
        Err(error) => Err(error),
    }
}

/// `GET /subscribe/asked`
pub async fn asked(ctx: Ctx) -> Result<Response> {
    page(&AskedPage { site: Site::new(&ctx, &ctx.text.say("subscribe-asked-title")) })
}

#[derive(Template)]
#[template(path = "publications/pages/subscription.html")]
struct OnePage {
    site: Site,
    one: Subscription,
    key: String,
    /// What it asks for, in words.
    wants: Vec<String>,
    dues: [&'static str; 3],
    languages: Vec<(String, String)>,
    paused: String,
    error: String,
}

impl OnePage {
    async fn of(ctx: &Ctx, key: &str, error: String) -> Result<Self> {
        let one = of_key(&ctx.app, key).await?;
        let filter = Filter::of(&Fields::parse(one.filter.as_bytes()), None);
        let zone = ctx.zone();
        let paused = one.paused_until.map(|at| at.to_zoned(zone).date().to_string()).unwrap_or_default();
        Ok(Self {
            site: Site::new(ctx, &ctx.text.say("subscription-title")),
            wants: words(ctx, &filter),
            key: key.to_owned(),
            one,
            dues: DUES,
            languages: languages(ctx),
            paused,
            error,
        })
    }
}

/// What a filter asks for, in the reader's words.
pub(super) fn words(ctx: &Ctx, filter: &Filter) -> Vec<String> {
    let mut words: Vec<String> = filter.kinds.iter().map(|kind| ctx.text.say(&format!("pub-list-{}", kind.name()))).collect();
    if words.is_empty() {
        words.push(ctx.text.say("subscription-everything"));
    }
    if filter.severity != press::Severity::None {
        words.push(format!("{}: {}", ctx.text.say("pub-severity-least"), ctx.text.say(&format!("pub-severity-{}", filter.severity.name()))));
    }
    let sector = ctx.app.profile.sectors.iter().find(|sector| sector.id == filter.sector).map(|sector| sector.title.text(ctx.text.wanted()).to_owned());
    words.extend(sector);
    if !filter.written.is_empty() {
        words.push(format!("{}: {}", ctx.text.say("pub-written-in"), own_name(&filter.written)));
    }
    if !filter.product.is_empty() {
        words.push(format!("{}: {}", ctx.text.say("pub-product"), filter.product));
    }
    words.extend([&filter.words, &filter.about].into_iter().filter(|text| !text.is_empty()).cloned());
    words
}

/// `GET /subscription/{key}`
pub async fn one(ctx: Ctx, Path(key): Path<String>) -> Result<Response> {
    page(&OnePage::of(&ctx, &key, String::new()).await?)
}

/// `POST /subscription/{key}/confirmation`
pub async fn confirm(ctx: Ctx, Path(key): Path<String>) -> Result<Response> {
    super::confirm(&ctx.app, &key).await?;
    Ok(go(&format!("/subscription/{key}"), Some(&ctx.text.say("subscription-confirmed"))))
}

/// `POST /subscription/{key}/end`: by the page's button, or by a mail program's (RFC 8058), which follows nothing and
/// wants no page.
pub async fn end(ctx: Ctx, Path(key): Path<String>, fields: Fields) -> Result<Response> {
    super::end(&ctx.app, &key).await?;
    if fields.get("List-Unsubscribe") == "One-Click" {
        return Ok((StatusCode::OK, "ok\n").into_response());
    }
    Ok(go("/subscribe/ended", None))
}

#[derive(Template)]
#[template(path = "publications/pages/subscribe_ended.html")]
struct EndedPage {
    site: Site,
}

/// `GET /subscribe/ended`
pub async fn ended(ctx: Ctx) -> Result<Response> {
    page(&EndedPage { site: Site::new(&ctx, &ctx.text.say("subscription-ended")) })
}

/// `GET /subscription/{key}/end`: what a mail program opens that knows of no button.
pub async fn end_page(ctx: Ctx, Path(key): Path<String>) -> Result<Response> {
    one(ctx, Path(key)).await
}

/// `POST /subscription/{key}`
pub async fn alter(ctx: Ctx, Path(key): Path<String>, fields: Fields) -> Result<Response> {
    let until = match fields.get("paused") {
        "" => None,
        day => Some(day_after(&ctx, day).ok_or_else(|| Error::invalid("error-said-day"))?),
    };
    match super::alter(&ctx.app, &key, fields.get("due"), fields.get("language"), until).await {
        Ok(()) => Ok(go(&format!("/subscription/{key}"), Some(&ctx.text.say("subscription-changed")))),
        Err(Error::Invalid(text)) => page_as(StatusCode::UNPROCESSABLE_ENTITY, &OnePage::of(&ctx, &key, ctx.text.told(&text)).await?),
        Err(error) => Err(error),
    }
}

/// The end of a day in the team's zone.
fn day_after(ctx: &Ctx, day: &str) -> Option<Timestamp> {
    let day: Date = day.parse().ok()?;
    day.tomorrow().ok()?.to_zoned(ctx.zone()).ok().map(|zoned| zoned.timestamp())
}
