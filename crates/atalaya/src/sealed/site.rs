//! The sealed site as a service of its own: no cookie, no log of requests, no address of a visitor, and
//! a stricter policy than the portal's.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, Request};
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use data_encoding::BASE64;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha384};

use super::intake::Refused;
use super::{api_web as api, bundle, offline_web, program_web, return_web, server_web, start_web};
use crate::App;
use crate::web::assets;

/// The scripts of the form: small files without a framework, and OpenPGP.js.
#[derive(RustEmbed)]
#[folder = "assets/sealed/"]
#[include = "*.js"]
#[include = "*.mjs"]
struct Files;

/// The listener's service.
pub fn router(app: App) -> Router {
    let pages = Router::new()
        .route("/", get(start_web::start))
        .route("/b", get(program_web::own_program))
        .route("/c", get(server_web::on_server))
        .route("/return", get(return_web::back))
        .route("/assets/{file}", get(assets::file));
    let pages = pages.merge(routes()).fallback(start_web::nothing_here).layer(from_fn(harden));
    pages.with_state(app)
}

/// The same below `/sealed` of the public site, if the profile says so.
pub fn mounted(app: &App) -> Router<App> {
    if app.profile.sealed.as_ref().is_some_and(|sealed| sealed.public) { routes().layer(from_fn(harden)) } else { Router::new() }
}

fn routes() -> Router<App> {
    Router::new()
        .route("/sealed", get(start_web::start))
        .route("/sealed/b", get(program_web::own_program).post(program_web::take_message).layer(DefaultBodyLimit::disable()))
        .route("/sealed/c", get(server_web::on_server).post(server_web::take_words).layer(DefaultBodyLimit::disable()))
        .route("/sealed/b/message", get(program_web::message))
        .route("/sealed/c/message", get(server_web::message))
        .route("/sealed/return", get(return_web::back).post(return_web::open))
        .route("/sealed/return/answers", post(return_web::answers))
        .route("/sealed/return/envelope", post(return_web::envelope))
        .route("/sealed/return/file", post(return_web::file))
        .route("/sealed/return/delete", post(return_web::delete))
        .route("/sealed/leave", get(start_web::leave))
        .route("/sealed/promise", get(start_web::promise))
        .route("/sealed/offline/{file}", get(offline_web::file))
        .route("/sealed/team.asc", get(api::team))
        .route("/sealed/team/{fingerprint}", get(api::team_of))
        .route("/sealed/sums.asc", get(api::sums))
        .route("/sealed/readers/{intake}", get(api::readers))
        .route("/sealed/manifest/{intake}", get(api::manifest))
        .route("/sealed/manifest/{intake}/{version}", get(api::past_manifest))
        .route("/sealed/assets/{file}", get(file))
        .route("/sealed/v1/uploads", post(api::begin))
        .route("/sealed/v1/uploads/{id}", get(api::parts))
        .route("/sealed/v1/uploads/{id}/{number}", put(api::put))
        .route("/sealed/v1/uploads/{id}/commit", post(api::commit))
        .route("/sealed/v1/dialogue", post(api::look))
        .route("/sealed/v1/envelope", post(api::envelope))
        .route("/sealed/v1/delete", post(api::delete))
}

/// The script of a page: one file with all that it imports, and its hash (Subresource Integrity).
struct Script {
    text: String,
    integrity: String,
}

/// The pages that have a script.
const PAGES: [&str; 3] = ["form.js", "dialogue.js", "desk.js"];

static SCRIPTS: LazyLock<BTreeMap<&str, Script>> = LazyLock::new(|| {
    let all = PAGES
        .into_iter()
        .filter_map(|page| bundle::bundle(page).map_err(|error| tracing::error!(%error, "{page} cannot be put together")).ok().map(|text| (page, text)));
    all.map(|(page, text)| (page, Script { integrity: format!("sha384-{}", BASE64.encode(&Sha384::digest(&text))), text })).collect()
});

/// `GET /sealed/assets/{file}`
pub async fn file(Path(name): Path<String>) -> Result<Response, Refused> {
    let script = SCRIPTS.get(name.as_str()).ok_or(Refused::NotFound)?;
    Ok(([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], script.text.as_str()).into_response())
}

/// The address of a page's script below `base`, and its hash. Nothing for a page without a script.
pub fn script(base: &str, page: &str) -> Option<(String, String)> {
    SCRIPTS.get(page).map(|script| (format!("{base}/{page}"), script.integrity.clone()))
}

/// The names of a script and of all that it imports, what is needed first.
pub fn needed(script: &str) -> Vec<String> {
    let mut names = Vec::new();
    gather(script, &mut names);
    names
}

/// A script's text.
pub fn source(name: &str) -> Option<String> {
    Files::get(name).map(|file| String::from_utf8_lossy(&file.data).into_owned())
}

fn gather(name: &str, names: &mut Vec<String>) {
    let Some(file) = Files::get(name) else { return };
    if names.iter().any(|known| known == name) {
        return;
    }
    // OpenPGP.js is one piece; ours import by lines of the form `import … from './name';`.
    if std::path::Path::new(name).extension().is_some_and(|kind| kind == "js") {
        let text = String::from_utf8_lossy(&file.data);
        for line in text.lines().filter(|line| line.starts_with("import ")) {
            if let Some(other) = line.rsplit_once("'./").and_then(|(_, rest)| rest.strip_suffix("';")) {
                gather(other, names);
            }
        }
    }
    if !names.iter().any(|known| known == name) {
        names.push(name.to_owned());
    }
}

/// Headers that every answer carries.
async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.remove(header::SET_COOKIE);
    for (name, value) in [
        (
            "content-security-policy",
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        ),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
        ("cache-control", "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
