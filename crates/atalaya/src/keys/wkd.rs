//! Our keys for everybody: the page that shows them, and the Web Key Directory by which mail programs
//! find them (draft-koch-openpgp-webkey-service), by both of its methods.

use ::store::Reader;
use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use post::openpgp::Certificate;
use post::openpgp::cert::directory_name;

use super::{grouped, own, store};
use crate::web::{Ctx, Site, page};
use crate::{App, Error, Result};

/// The certificates of our keys: the mail address's, the team's.
pub async fn certificates(reader: &mut Reader) -> Result<Vec<Certificate>> {
    let (mail, team) = ours(reader).await?;
    Ok(mail.into_iter().chain(team).collect())
}

/// A key of ours, as the page shows it.
struct Shown {
    fingerprint: String,
    name: String,
    expires_at: Option<Timestamp>,
    file: &'static str,
}

#[derive(Template)]
#[template(path = "keys/pages/portal.html")]
struct KeysPage {
    site: Site,
    mail: Option<Shown>,
    team: Option<Shown>,
    address: String,
}

/// `GET /openpgp`
pub async fn show(ctx: Ctx) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let (mail, team) = ours(&mut reader).await?;
    let address = ctx.app.profile.mail.as_ref().map(|mail| mail.from_address.clone()).unwrap_or_default();
    let site = Site::new(&ctx, &ctx.text.say("keys-title"));
    let shown = |cert: Certificate, file| Shown { fingerprint: grouped(&cert.fingerprint()), name: cert.name(), expires_at: cert.expires(), file };
    page(&KeysPage { site, mail: mail.map(|cert| shown(cert, "mail.asc")), team: team.map(|cert| shown(cert, "team.asc")), address })
}

/// `GET /openpgp/{file}`
pub async fn file(ctx: Ctx, Path(file): Path<String>) -> Result<Response> {
    let (mail, team) = ours(&mut ctx.app.db.read().await?).await?;
    let cert = match file.as_str() {
        "mail.asc" => mail,
        "team.asc" => team,
        _ => None,
    };
    let text = cert.ok_or(Error::NotFound)?.armored().map_err(Error::fault)?;
    let name = format!("attachment; filename=\"{file}\"");
    Ok(([(header::CONTENT_TYPE, "application/pgp-keys".to_owned()), (header::CONTENT_DISPOSITION, name)], text).into_response())
}

/// Whether there is any key of ours to show, at most a minute old: every page of the portal asks.
pub async fn any(app: &App) -> bool {
    let now = app.now();
    let known = *app.own_keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some((at, any)) = known
        && at <= now
        && now.duration_since(at) < SignedDuration::from_mins(1)
    {
        return any;
    }
    // Without a database the page that says so needs no link.
    let any = has_any(app).await.unwrap_or(false);
    *app.own_keys.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some((now, any));
    any
}

async fn has_any(app: &App) -> Result<bool> {
    let (mail, team) = ours(&mut app.db.read().await?).await?;
    Ok(mail.is_some() || team.is_some())
}

/// The mail key that is given out, and the team's certificate of sealed reports.
async fn ours(reader: &mut Reader) -> Result<(Option<Certificate>, Option<Certificate>)> {
    let read = |text: String| Certificate::read_one(text.as_bytes()).ok();
    let mail = own::current(reader).await?.and_then(|key| read(key.armored));
    Ok((mail, store::team(reader).await?.and_then(read)))
}

/// `GET /.well-known/openpgpkey/hu/{name}`: the direct method.
pub async fn direct(ctx: Ctx, Path(name): Path<String>) -> Result<Response> {
    by_name(&ctx.app, None, &name).await
}

/// `GET /.well-known/openpgpkey/{domain}/hu/{name}`: the advanced method, on the host `openpgpkey.{domain}`.
pub async fn advanced(ctx: Ctx, Path((domain, name)): Path<(String, String)>) -> Result<Response> {
    by_name(&ctx.app, Some(&domain), &name).await
}

/// `GET /.well-known/openpgpkey/policy` and `.../{domain}/policy`: there are no rules, and the file says so by being there.
pub async fn policy() -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (HeaderName::from_static("access-control-allow-origin"), "*")], "").into_response()
}

/// The key of the address whose local part has this name. Mail is for the key that opens mail: the team's
/// other one is found only under an address that the mail key does not have.
async fn by_name(app: &App, domain: Option<&str>, name: &str) -> Result<Response> {
    let (mail, team) = ours(&mut app.db.read().await?).await?;
    let speaks = |cert: &Certificate| {
        cert.mails().iter().any(|address| {
            let Some((local, host)) = address.rsplit_once('@') else { return false };
            domain.is_none_or(|domain| host.eq_ignore_ascii_case(domain)) && directory_name(local).is_ok_and(|known| known == name)
        })
    };
    let cert = mail.filter(speaks).or_else(|| team.filter(speaks)).ok_or(Error::NotFound)?;
    let bytes = cert.bytes().map_err(Error::fault)?;
    Ok(([(header::CONTENT_TYPE, "application/octet-stream"), (HeaderName::from_static("access-control-allow-origin"), "*")], bytes).into_response())
}
