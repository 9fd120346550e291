//! Logging in, step by step: password, code or enrolment, and out again.

use askama::Template;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{local, set_cookie, with_session};
use crate::people::{self, Browser, Entered, Offer, Session, account, factor};
use crate::web::fields::Asked;
use crate::web::guard::SESSION;
use crate::web::{Ctx, Fields, Site, go, page, page_as};
use crate::{Error, Result};

#[derive(Template)]
#[template(path = "people/pages/login.html")]
struct LoginPage {
    site: Site,
    next: String,
    login: String,
    error: String,
}

#[derive(Template)]
#[template(path = "people/pages/code.html")]
struct CodePage {
    site: Site,
    next: String,
    error: String,
}

#[derive(Template)]
#[template(path = "people/pages/enrol.html")]
struct EnrolPage {
    site: Site,
    next: String,
    error: String,
    offer: Offer,
}

#[derive(Template)]
#[template(path = "people/pages/codes.html")]
struct CodesPage {
    site: Site,
    next: String,
    codes: Vec<String>,
}

/// `GET /login`
pub async fn login_page(ctx: Ctx, asked: Asked) -> Result<Response> {
    if let Ok(person) = ctx.person() {
        return Ok(go(local(asked.get("next")).unwrap_or(people::home_of(person.role)), None));
    }
    page(&LoginPage { site: site(&ctx, "login-title"), next: next(&asked), login: String::new(), error: String::new() })
}

/// `POST /login`
pub async fn enter(ctx: Ctx, headers: HeaderMap, fields: Fields) -> Result<Response> {
    let from = Browser { address: ctx.from, headers: &headers };
    match people::with_password(&ctx.app, fields.get("login"), fields.exact("password"), from).await {
        Ok(Some(entered)) => Ok(onward(&ctx, &entered, &fields)),
        refused => {
            let (status, error) = refusal(&ctx, refused.map(drop), "login-wrong")?;
            page_as(status, &LoginPage { site: site(&ctx, "login-title"), next: next(&fields), login: fields.get("login").to_owned(), error })
        }
    }
}

/// `GET /login/code`
pub async fn code_page(ctx: Ctx, asked: Asked) -> Result<Response> {
    at(&ctx, "code")?;
    page(&CodePage { site: site(&ctx, "code-title"), next: next(&asked), error: String::new() })
}

/// `POST /login/code`
pub async fn code(ctx: Ctx, headers: HeaderMap, fields: Fields) -> Result<Response> {
    let from = Browser { address: ctx.from, headers: &headers };
    match people::with_code(&ctx.app, at(&ctx, "code")?, fields.get("code"), from).await {
        Ok(Some(entered)) => Ok(onward(&ctx, &entered, &fields)),
        refused => {
            let (status, error) = refusal(&ctx, refused.map(drop), "code-wrong")?;
            page_as(status, &CodePage { site: site(&ctx, "code-title"), next: next(&fields), error })
        }
    }
}

/// `GET /login/enrol`
pub async fn enrol_page(ctx: Ctx, asked: Asked) -> Result<Response> {
    enrolment(&ctx, StatusCode::OK, next(&asked), String::new()).await
}

async fn enrolment(ctx: &Ctx, status: StatusCode, next: String, error: String) -> Result<Response> {
    let session = at(ctx, "enrol")?;
    let offer = factor::offer(&ctx.app, &session.hash, &account::login_name(&ctx.app, session).await?)?;
    page_as(status, &EnrolPage { site: site(ctx, "enrol-title"), next, error, offer })
}

/// `POST /login/enrol`
pub async fn enrol(ctx: Ctx, headers: HeaderMap, fields: Fields) -> Result<Response> {
    let from = Browser { address: ctx.from, headers: &headers };
    let Some((entered, codes)) = people::with_enrolment(&ctx.app, at(&ctx, "enrol")?, fields.get("code"), from).await? else {
        return enrolment(&ctx, StatusCode::UNPROCESSABLE_ENTITY, next(&fields), ctx.text.say("enrol-wrong")).await;
    };
    let next = local(fields.get("next")).unwrap_or(people::home_of(entered.role)).to_owned();
    let shown = page(&CodesPage { site: site(&ctx, "recovery-title"), next, codes })?;
    Ok(with_session(&ctx.app, shown, &entered))
}

/// `POST /logout`
pub async fn leave(ctx: Ctx) -> Result<Response> {
    if let Some(session) = &ctx.session {
        people::end_session(&ctx.app, session).await?;
    }
    let mut response = go("/login", Some(&ctx.text.say("logged-out"))).into_response();
    set_cookie(&ctx.app, &mut response, SESSION, "", Some(0));
    Ok(response)
}

fn site(ctx: &Ctx, title: &str) -> Site {
    Site::new(ctx, &ctx.text.say(title))
}

fn next(fields: &Fields) -> String {
    local(fields.get("next")).unwrap_or_default().to_owned()
}

/// The session, if the log-in is at this stage.
fn at<'c>(ctx: &'c Ctx, stage: &str) -> Result<&'c Session> {
    ctx.session.as_ref().filter(|session| session.stage == stage).ok_or(Error::LogIn)
}

/// To the next stage, or to where the person wanted to go.
fn onward(ctx: &Ctx, entered: &Entered, fields: &Fields) -> Response {
    let next = local(fields.get("next"));
    let to = match entered.stage {
        "full" => next.unwrap_or(people::home_of(entered.role)).to_owned(),
        stage => {
            let next = percent_encoding::utf8_percent_encode(next.unwrap_or_default(), percent_encoding::NON_ALPHANUMERIC);
            format!("/login/{stage}?next={next}")
        }
    };
    with_session(&ctx.app, go(&to, None), entered)
}

/// Status and words for a try that was wrong, or one too many; other errors go on.
fn refusal(ctx: &Ctx, refused: Result<()>, wrong: &str) -> Result<(StatusCode, String)> {
    match refused {
        Ok(()) => Ok((StatusCode::UNPROCESSABLE_ENTITY, ctx.text.say(wrong))),
        Err(Error::TooMany) => Ok((StatusCode::TOO_MANY_REQUESTS, ctx.text.say("login-too-many"))),
        Err(error) => Err(error),
    }
}
