//! `/account`: one's own log-in, in the console's frame or in the portal's.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;

use crate::access::Role;
use crate::people::{self, Account, Listed, Offer, account as rules, factor as factors, password};
use crate::text::{COMPLETE, Text, own_name};
use crate::web::{Ctx, Fields, Room, Shell, Site, go, page_as, show};
use crate::{Error, Result};

/// What the page shows inside either frame.
struct View {
    text: Text,
    account: Account,
    languages: Vec<(String, &'static str, bool)>,
    offer: Option<Offer>,
    codes: Vec<String>,
    error: String,
    /// The field that the error is about.
    field: &'static str,
    zone: jiff::tz::TimeZone,
    now: jiff::Timestamp,
}

impl View {
    fn say(&self, key: &str) -> String {
        self.text.say(key)
    }

    /// Browser and system in words; what it said itself when we know neither.
    fn agent(&self, session: &Listed) -> String {
        let find = |known: &[(&str, &'static str)]| known.iter().find(|(mark, _)| session.agent.contains(mark)).map(|(_, name)| *name);
        let browser = find(&[("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")]);
        let system = find(&[("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux")]);
        match (browser, system) {
            (Some(browser), Some(system)) => self.text.fill("account-browser", &[("browser", browser.to_owned()), ("system", system.to_owned())]),
            _ => session.agent.clone(),
        }
    }

    fn times(&self, session: &Listed) -> String {
        let english = self.text.shown() == COMPLETE;
        let when = |at: jiff::Timestamp| if english { show::when(at, &self.zone, self.now) } else { show::in_brief(at, &self.zone, &self.text) };
        self.text.fill("account-session-times", &[("since", when(session.created_at)), ("seen", when(session.seen_at))])
    }
}

#[derive(Template)]
#[template(path = "people/pages/account_console.html")]
struct ConsolePage {
    shell: Shell,
    view: View,
}

#[derive(Template)]
#[template(path = "people/pages/account_portal.html")]
struct PortalPage {
    site: Site,
    view: View,
}

/// What the page shows besides the account itself.
#[derive(Default)]
struct Beside {
    offer: Option<Offer>,
    codes: Vec<String>,
    error: String,
    field: &'static str,
}

/// `GET /account`
pub async fn account(ctx: Ctx) -> Result<Response> {
    render(&ctx, StatusCode::OK, Beside::default()).await
}

async fn render(ctx: &Ctx, status: StatusCode, beside: Beside) -> Result<Response> {
    let member = ctx.person()?.role == Role::Member;
    let account = people::account(&ctx.app, &ctx.who, ctx.session.as_ref()).await?;
    let text = if member { ctx.text.clone() } else { ctx.app.languages.text(COMPLETE) };
    let languages = ctx.app.languages.offered().iter().map(|tag| (tag.clone(), static_name(tag), *tag == account.language)).collect();
    let Beside { offer, codes, error, field } = beside;
    let view = View { account, languages, offer, codes, error, field, zone: ctx.zone(), now: ctx.app.now(), text };
    let title = view.say("account-title");
    if member {
        return page_as(status, &PortalPage { site: Site::new(ctx, &title), view });
    }
    let shell = Shell::new(ctx, &title, Room::Account).await?;
    page_as(status, &ConsolePage { shell, view })
}

fn static_name(tag: &str) -> &'static str {
    ["en", "es", "pt", "fr", "de", "st"].into_iter().find(|known| *known == tag).map_or("", own_name)
}

/// What a rule says, in the words of the reader: members read their own language.
fn worded(ctx: &Ctx, said: String) -> String {
    let key = match said.as_str() {
        rules::WRONG_PASSWORD => "account-error-old",
        rules::NO_NAME => "account-error-name",
        rules::NO_LANGUAGE => "account-error-language",
        rules::NOT_THE_SAME => "account-error-again",
        password::EASY => "account-error-easy",
        text if text.starts_with(password::LENGTH) => "account-error-length",
        _ => return said,
    };
    let text = if ctx.who.is_staff() { ctx.app.languages.text(COMPLETE) } else { ctx.text.clone() };
    text.fill(key, &[("least", password::SHORTEST.to_string()), ("most", password::LONGEST.to_string())])
}

/// Shows the page again with what is wrong; faults go on.
async fn refused(ctx: &Ctx, error: Error, field: &'static str, offer: Option<Offer>) -> Result<Response> {
    let status = error.status();
    let text = match error {
        Error::Invalid(text) | Error::Conflict(text) => worded(ctx, text),
        Error::TooMany => ctx.text.say("login-too-many"),
        other => return Err(other),
    };
    render(ctx, status, Beside { error: text, field, offer, codes: Vec::new() }).await
}

/// `POST /account`
pub async fn save(ctx: Ctx, fields: Fields) -> Result<Response> {
    match people::change_account(&ctx.app, &ctx.who, fields.get("name"), fields.get("language")).await {
        Ok(()) => Ok(go("/account", Some(&ctx.text.say("account-saved")))),
        Err(error) => refused(&ctx, error, "name", None).await,
    }
}

/// `POST /account/password`
pub async fn password(ctx: Ctx, fields: Fields) -> Result<Response> {
    let (old, new, again) = (fields.exact("old"), fields.exact("new"), fields.exact("again"));
    match people::change_password(&ctx.app, &ctx.who, ctx.session.as_ref(), old, new, again).await {
        Ok(()) => Ok(go("/account", Some(&ctx.text.say("account-password-changed")))),
        Err(error) => refused(&ctx, error, "old", None).await,
    }
}

fn offered(ctx: &Ctx, login: &str) -> Result<Offer> {
    factors::offer(&ctx.app, &ctx.session.as_ref().ok_or(Error::LogIn)?.hash, login)
}

/// `GET /account/factor`
pub async fn factor_page(ctx: Ctx) -> Result<Response> {
    let account = people::account(&ctx.app, &ctx.who, None).await?;
    let offer = Some(offered(&ctx, &account.login)?);
    render(&ctx, StatusCode::OK, Beside { offer, ..Beside::default() }).await
}

/// `POST /account/factor`
pub async fn factor(ctx: Ctx, fields: Fields) -> Result<Response> {
    let login = people::account(&ctx.app, &ctx.who, None).await?.login;
    let session = ctx.session.as_ref().ok_or(Error::LogIn)?;
    let set = people::set_factor(&ctx.app, &ctx.who, session, fields.exact("old"), fields.get("code")).await;
    match set.and_then(|codes| codes.ok_or_else(|| Error::invalid(ctx.text.say("enrol-wrong")))) {
        Ok(codes) => render(&ctx, StatusCode::OK, Beside { codes, ..Beside::default() }).await,
        Err(error) => refused(&ctx, error, "code", Some(offered(&ctx, &login)?)).await,
    }
}

/// `POST /account/factor/remove`
pub async fn remove(ctx: Ctx, fields: Fields) -> Result<Response> {
    match people::remove_factor(&ctx.app, &ctx.who, fields.exact("old")).await {
        Ok(()) => Ok(go("/account", Some(&ctx.text.say("account-factor-removed")))),
        Err(error) => refused(&ctx, error, "factor-old", None).await,
    }
}

/// `POST /account/codes`
pub async fn codes(ctx: Ctx, fields: Fields) -> Result<Response> {
    match people::renew_codes(&ctx.app, &ctx.who, fields.exact("old")).await {
        Ok(codes) => render(&ctx, StatusCode::OK, Beside { codes, ..Beside::default() }).await,
        Err(error) => refused(&ctx, error, "factor-old", None).await,
    }
}

/// `POST /account/sessions`
pub async fn revoke(ctx: Ctx, fields: Fields) -> Result<Response> {
    let key = Some(fields.get("session")).filter(|key| !key.is_empty());
    people::revoke_sessions(&ctx.app, &ctx.who, ctx.session.as_ref(), key).await?;
    Ok(go("/account", Some(&ctx.text.say("account-sessions-ended"))))
}
