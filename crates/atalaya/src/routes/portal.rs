//! The routes of whoever stands outside the team: the public's pages, those of a report and of a
//! party, programs, members.

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;

use super::{Route, get, post};
use crate::access::Noun::Membership;
use crate::access::Verb::{Change, See};
use crate::web::guard::Access::{May, Public, Token};
use crate::{api, member};

/// All of them.
pub(super) fn routes() -> Vec<Route> {
    [form_routes(), site_routes(), status_routes(), party_routes(), api_routes(), member_routes()].into_iter().flatten().collect()
}

/// The home page and the public form.
fn form_routes() -> Vec<Route> {
    use crate::form::{home, web};
    vec![
        get("/", Public, home::home),
        get("/language/{tag}", Public, home::language),
        get("/robots.txt", Public, home::robots),
        get("/healthz", Public, home::healthz),
        get("/readyz", Public, home::readyz),
        get("/metrics", Public, crate::metrics::metrics),
        get("/report", Public, web::begin),
        post("/report", Public, web::answer_first),
        get("/report/check", Public, web::check),
        post("/report/check", Public, web::send),
        get("/report/received", Public, web::received),
        post("/report/forget", Public, web::forget),
        get("/report/files", Public, web::files_so_far),
        // Files are counted while they stream in; the usual limit of a body does not fit them.
        post("/report/files", Public, web::files.layer(DefaultBodyLimit::disable())),
        get("/report/{step}", Public, web::question),
        post("/report/{step}", Public, web::answer),
    ]
}

/// What is published.
fn site_routes() -> Vec<Route> {
    use crate::publications::readers::web as readers;
    use crate::publications::registrations::web as registrations;
    use crate::publications::{csaf, site};
    vec![
        get("/latest", Public, site::latest),
        get("/alerts", Public, site::list),
        get("/alerts/{name}", Public, site::item),
        get("/advisories", Public, site::list),
        get("/advisories/{name}", Public, site::item),
        get("/guidance", Public, site::list),
        get("/guidance/{name}", Public, site::item),
        get("/calendar", Public, site::list),
        get("/calendar/{name}", Public, site::item),
        post("/calendar/{name}/registration", Public, registrations::register),
        get("/registration/asked", Public, registrations::asked),
        get("/registration/{key}", Public, registrations::one),
        post("/registration/{key}/confirmation", Public, registrations::confirm),
        post("/registration/{key}/cancellation", Public, registrations::cancel),
        get("/faq", Public, site::pages),
        get("/faq/{name}", Public, site::item),
        get("/glossary", Public, site::pages),
        get("/glossary/{name}", Public, site::item),
        get("/services", Public, site::pages),
        get("/services/{name}", Public, site::item),
        get("/feeds/{file}", Public, site::feed),
        get("/subscribe", Public, readers::ask_page),
        post("/subscribe", Public, readers::ask),
        get("/subscribe/asked", Public, readers::asked),
        get("/subscribe/ended", Public, readers::ended),
        get("/subscription/{key}", Public, readers::one),
        post("/subscription/{key}", Public, readers::alter),
        post("/subscription/{key}/confirmation", Public, readers::confirm),
        get("/subscription/{key}/end", Public, readers::end_page),
        post("/subscription/{key}/end", Public, readers::end),
        get("/about", Public, site::about),
        get("/about.txt", Public, site::about_text),
        get("/.well-known/security.txt", Public, site::security_txt),
        get("/sitemap.xml", Public, site::sitemap),
        get("/.well-known/csaf/", Public, csaf::metadata_file),
        get("/.well-known/csaf/{*path}", Public, csaf::file),
    ]
}

/// Following a report.
fn status_routes() -> Vec<Route> {
    use crate::status::web;
    vec![
        get("/status", Public, web::find),
        post("/status", Public, web::enter),
        get("/status/{number}", Public, web::report),
        post("/status/{number}", Public, web::answer.layer(DefaultBodyLimit::disable())),
    ]
}

/// Those who take part in a case, and what they were recommended.
fn party_routes() -> Vec<Route> {
    use crate::cases::answer_web as web;
    vec![
        get("/party/{secret}", Public, web::party),
        post("/party/{secret}/reply", Public, web::reply.layer(DefaultBodyLimit::disable())),
        get("/party/{secret}/files/{file}", Public, web::file),
        post("/party/{secret}/recommendations/{id}", Public, web::answer_there),
        get("/answer/{secret}", Public, web::question),
        post("/answer/{secret}", Public, web::answer),
    ]
}

/// Programs.
fn api_routes() -> Vec<Route> {
    vec![
        post("/api/v1/reports", Token, api::web::post),
        get("/api/v1/reports/{number}", Token, api::web::get),
        // Event files are counted while they stream in.
        post("/api/v1/feeds/{feed}/files", Token, api::events_web::post.layer(DefaultBodyLimit::disable())),
        get("/api/v1/feeds/{feed}/files/{sha256}", Token, api::events_web::get),
        get("/api/v1/events", Token, api::events_web::fetch),
        get("/api/v1/openapi.json", Public, api::web::openapi),
    ]
}

/// The constituent's pages.
fn member_routes() -> Vec<Route> {
    vec![
        get("/member", May(See, Membership), member::web::home),
        get("/member/events", May(See, Membership), member::events_web::list),
        get("/member/events.csv", May(See, Membership), member::events_web::csv),
        get("/member/events.jsonl", May(See, Membership), member::events_web::json_lines),
        get("/member/events.parquet", May(See, Membership), member::events_web::parquet),
        get("/member/cases/{number}", May(See, Membership), member::web::case),
        get("/member/cases/{number}/{party}", May(See, Membership), member::web::thread),
        post("/member/cases/{number}/{party}/reply", May(Change, Membership), member::web::reply.layer(DefaultBodyLimit::disable())),
        get("/member/cases/{number}/{party}/files/{file}", May(See, Membership), member::web::file),
        post("/member/cases/{number}/{party}/recommendations/{id}", May(Change, Membership), member::web::answer),
        get("/member/reports/{number}", May(See, Membership), member::web::report),
        get("/member/notices", May(See, Membership), member::notices_web::list),
        get("/member/registry", May(See, Membership), member::registry_web::list),
        get("/member/registry/{kind}/{target}", May(Change, Membership), member::registry_web::ask),
        post("/member/registry/{kind}/{target}", May(Change, Membership), member::registry_web::propose),
        get("/member/assets", May(See, Membership), member::assets_web::list),
        post("/member/assets", May(Change, Membership), member::assets_web::declare),
        post("/member/assets/{id}/removal", May(Change, Membership), member::assets_web::end),
        get("/member/publications", May(See, Membership), member::publications_web::list),
        get("/member/publications/{list}/{name}", May(See, Membership), member::publications_web::one),
        get("/member/warnings/{id}", May(See, Membership), member::publications_web::warning),
        get("/member/findings", May(See, Membership), member::findings_web::list),
        get("/member/findings/{name}", May(See, Membership), member::findings_web::one),
        post("/member/findings/{name}", May(Change, Membership), member::findings_web::claim),
        get("/member/notices/{number}", May(See, Membership), member::notices_web::one),
        get("/member/notices/{number}/list", May(See, Membership), member::notices_web::csv),
        post("/member/reports/{number}", May(Change, Membership), member::web::report_reply.layer(DefaultBodyLimit::disable())),
    ]
}
