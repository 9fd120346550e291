//! Every route: method, path, who may, handler. The console's stand here, room by room; what reporters, parties,
//! members and programs come to stands in `routes/portal.rs`.

mod portal;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{MethodFilter, MethodRouter, get as get_route, on};

use crate::access::{Noun, Verb};
use crate::cases::{compose_web, files_web, party_web, reads, said_web};
use crate::web::guard::{self, Access};
use crate::web::{assets, errors, live};
use crate::{App, due, journal, people, roster, search, triage};
use Access::{May, Public};
use Noun::{Case, Clock, Journal, Message, Report, Search};
use Verb::{Change, Release, See};

/// One route.
pub struct Route {
    /// Method.
    pub method: Method,
    /// Path with `{names}`.
    pub path: &'static str,
    /// Who may.
    pub access: Access,
    handler: MethodRouter<App>,
}

fn get<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route { method: Method::GET, path, access, handler: get_route(handler) }
}

fn post<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route { method: Method::POST, path, access, handler: on(MethodFilter::POST, handler) }
}

fn put<H: Handler<T, App>, T: 'static>(path: &'static str, access: Access, handler: H) -> Route {
    Route { method: Method::PUT, path, access, handler: on(MethodFilter::PUT, handler) }
}

/// The routes, room by room.
pub fn routes() -> Vec<Route> {
    let mut all = vec![get("/assets/{file}", Public, assets::file), get("/live", May(See, Report), live::stream)];
    all.extend(portal::routes());
    all.extend(people_routes());
    all.extend(triage_routes());
    all.extend(cases_routes());
    all.extend(messages_routes());
    all.extend(constituency_routes());
    all.extend(events_routes());
    all.extend(clocks_routes());
    all.extend(publishing_routes());
    all.extend(search_routes());
    all.extend(journal_routes());
    all.extend(sealed_routes());
    all.extend(keys_routes());
    all
}

/// Log-in, people, groups, tokens.
fn people_routes() -> Vec<Route> {
    use people::web;
    use roster::web as roster;
    let (see, change) = (May(See, Noun::Account), May(Change, Noun::Account));
    let (list, keep) = (May(See, Noun::People), May(Verb::Keep, Noun::People));
    vec![
        get("/login", Public, web::login_page),
        post("/login", Public, web::enter),
        get("/login/code", Public, web::code_page),
        post("/login/code", Public, web::code),
        get("/login/enrol", Public, web::enrol_page),
        post("/login/enrol", Public, web::enrol),
        post("/logout", Public, web::leave),
        get("/account", see, web::account),
        post("/account", change, web::save),
        post("/account/password", change, web::password),
        get("/account/factor", change, web::factor_page),
        post("/account/factor", change, web::factor),
        post("/account/factor/remove", change, web::remove),
        post("/account/codes", change, web::codes),
        post("/account/sessions", change, web::revoke),
        get("/people", list, roster::list),
        get("/people/new", keep, roster::add_page),
        post("/people/new", keep, roster::add),
        get("/people/{id}", list, roster::one),
        post("/people/{id}", keep, roster::person),
        post("/people/groups", keep, roster::group_add),
        post("/people/groups/{id}", keep, roster::group),
        post("/people/jobs/{id}", keep, roster::job_again),
        post("/people/tokens", keep, roster::token_add),
        post("/people/tokens/{id}/end", keep, roster::token_end),
    ]
}

/// The inbox.
fn triage_routes() -> Vec<Route> {
    vec![
        get("/inbox", May(See, Report), triage::web::inbox),
        get("/inbox/new", May(Change, Report), triage::call),
        post("/inbox/new", May(Change, Report), triage::take_call),
        post("/inbox/batches", May(Change, Report), triage::batch),
        get("/inbox/{number}", May(See, Report), triage::web::report),
        get("/inbox/{number}/original", May(See, Report), triage::original),
        get("/inbox/{number}/original/file", May(See, Report), triage::original_file),
        get("/inbox/{number}/original/page", May(See, Report), triage::original_page),
        post("/inbox/{number}/messages/{id}/acceptance", May(Change, Report), triage::web::accept),
        post("/inbox/{number}/messages/{id}/refusal", May(Change, Report), triage::web::refuse),
        get("/inbox/{number}/messages/{id}/file", May(See, Report), triage::answer_file),
        get("/inbox/{number}/messages/{id}/page", May(See, Report), triage::answer_page),
        get("/inbox/mails", May(See, Report), triage::mails),
        get("/inbox/mails/{id}", May(See, Report), triage::mail_file),
        get("/inbox/{number}/files/{id}", May(See, Report), triage::download),
        get("/inbox/{number}/answer", May(Change, Report), triage::answer),
        get("/inbox/{number}/referral", May(Change, Report), triage::referral),
        get("/inbox/{number}/rejection", May(Change, Report), triage::rejection),
        post("/inbox/{number}/ending", May(Change, Report), triage::web::leave_ended),
        get("/inbox/{number}/thread", May(Change, Report), triage::place),
        post("/inbox/{number}/thread", May(Release, Message), triage::put),
        post("/inbox/{number}/thread/removal", May(Release, Message), triage::take_back),
        post("/inbox/{number}/rejection/removal", May(Change, Report), triage::web::unreject),
        post("/inbox/{number}/reopening", May(Change, Report), triage::web::reopen),
        post("/inbox/{number}/cases", May(Change, Case), triage::web::open_case),
        post("/inbox/{number}/links", May(Change, Case), triage::web::link),
        post("/inbox/{number}/verdict", May(Change, Report), triage::web::verdict),
        post("/inbox/{number}/owner", May(Change, Report), triage::web::owner),
        post("/inbox/{number}/scope", May(Change, Report), triage::web::scope),
        post("/inbox/{number}/sender", May(Change, Report), triage::web::vouch),
        post("/inbox/{number}/link", May(Change, Report), triage::web::issue_link),
        post("/inbox/{number}/link/removal", May(Verb::Decide, Report), triage::web::revoke_link),
        post("/inbox/{number}/facts", May(Change, Report), triage::web::facts),
    ]
}

/// Cases.
fn cases_routes() -> Vec<Route> {
    use crate::cases::{bulk_web, web};
    let (see, change, decide) = (May(See, Noun::Case), May(Verb::Change, Noun::Case), May(Verb::Decide, Noun::Case));
    vec![
        get("/cases", see, web::list_page),
        post("/cases", change, web::create),
        post("/cases/bulk", change, bulk_web::bulk),
        post("/cases/views", May(Verb::Change, Noun::Search), web::save_view),
        post("/cases/views/{id}", May(Verb::Change, Noun::Search), web::drop_view),
        get("/cases/new", change, web::new_page),
        get("/cases/{number}", see, web::case_page),
        get("/cases/{number}/edit", change, web::edit_page),
        post("/cases/{number}/edit", change, web::edit),
        get("/cases/{number}/change", change, web::change_page),
        post("/cases/{number}/change", change, web::change),
        get("/cases/{number}/close", change, web::close_page),
        post("/cases/{number}/close", change, web::close),
        get("/cases/{number}/extent", change, web::extent_page),
        post("/cases/{number}/extent", change, web::extent),
        get("/cases/{number}/join", decide, web::join_page),
        post("/cases/{number}/merge", decide, web::merge),
        post("/cases/{number}/split", decide, web::split),
        get("/tasks", see, crate::cases::tasks_web::list),
        post("/cases/{number}/tasks", change, web::add_task),
        post("/cases/{number}/tasks/{id}", change, web::change_task),
        post("/cases/{number}/notes", change, web::add_note),
        get("/cases/{number}/notes/{id}", change, web::note_page),
        post("/cases/{number}/notes/{id}", change, web::edit_note),
        post("/drafts/{noun}/{id}", change, web::save_draft),
        post("/drafts/{noun}/{id}/removal", change, web::drop_draft),
    ]
}

/// Parties, messages, recommendations.
fn messages_routes() -> Vec<Route> {
    vec![
        get("/cases/{number}/parties", May(See, Case), party_web::new),
        post("/cases/{number}/parties", May(Change, Case), party_web::add),
        get("/cases/{number}/parties/{party}", May(See, Case), party_web::party),
        post("/cases/{number}/parties/{party}", May(Change, Case), party_web::change),
        post("/cases/{number}/parties/{party}/removal", May(Change, Case), party_web::remove),
        post("/cases/{number}/parties/{party}/ending", May(Change, Case), party_web::end),
        post("/cases/{number}/parties/{party}/ending/removal", May(Change, Case), party_web::take_up),
        post("/cases/{number}/parties/{party}/link", May(Change, Case), party_web::issue_link),
        post("/cases/{number}/parties/{party}/link/removal", May(Verb::Decide, Message), party_web::end_link),
        post("/cases/{number}/parties/{party}/consent", May(Change, Case), party_web::consent),
        post("/cases/{number}/parties/{party}/calls", May(Release, Message), said_web::call),
        post("/cases/{number}/parties/{party}/recommendations", May(Change, Message), said_web::recommend),
        post("/cases/{number}/recommendations/{id}", May(Change, Message), said_web::recommendation),
        get("/cases/{number}/parties/{party}/message", May(See, Message), compose_web::compose),
        post("/cases/{number}/parties/{party}/message", May(Change, Message), compose_web::write),
        post("/cases/{number}/parties/{party}/draft", May(Change, Message), compose_web::autosave),
        post("/cases/{number}/parties/{party}/files", May(Change, Message), compose_web::attach.layer(DefaultBodyLimit::disable())),
        post("/cases/{number}/parties/{party}/release", May(Release, Message), compose_web::release),
        post("/cases/{number}/messages/{message}/acceptance", May(Change, Message), said_web::accept),
        post("/cases/{number}/messages/{message}/refusal", May(Change, Message), said_web::refuse),
        get("/cases/{number}/messages/{message}/original", May(See, Message), files_web::original),
        get("/cases/{number}/messages/{message}/files/{file}", May(See, Message), files_web::file),
    ]
}

/// Organisations.
fn constituency_routes() -> Vec<Route> {
    use crate::constituency::proposals::web as proposals;
    use crate::constituency::{allocations, forms_web as forms, import, web};
    use crate::publications::web::assets;
    let (see, change) = (May(See, Noun::Organisation), May(Change, Noun::Organisation));
    vec![
        get("/constituency", see, web::list),
        get("/constituency/new", change, forms::new),
        post("/constituency/new", change, forms::add),
        get("/constituency/import", change, import::web::ask),
        post("/constituency/import", change, import::web::take),
        get("/constituency/allocations", change, allocations::web::ask),
        // A list is longer than other forms; it is counted while it streams in.
        post("/constituency/allocations", change, allocations::web::take.layer(DefaultBodyLimit::disable())),
        post("/constituency/{id}/handles", change, allocations::web::handle),
        get("/constituency/proposals", see, proposals::list),
        post("/constituency/proposals/{id}", change, proposals::decide),
        get("/constituency/{id}", see, web::organisation),
        get("/constituency/{id}/edit", change, forms::edit),
        post("/constituency/{id}/edit", change, forms::change),
        get("/constituency/{id}/contacts/new", change, forms::new_contact),
        post("/constituency/{id}/contacts/new", change, forms::add_contact),
        get("/constituency/{id}/contacts/{contact}", change, forms::edit_contact),
        post("/constituency/{id}/contacts/{contact}", change, forms::change_contact),
        post("/constituency/{id}/contacts/{contact}/bounce", change, forms::clear_bounce),
        get("/constituency/{id}/assets", see, assets::list),
        post("/constituency/{id}/assets", change, assets::declare),
        post("/constituency/{id}/assets/{asset}/removal", change, assets::end),
        get("/constituency/{id}/resources/new", change, forms::new_resource),
        post("/constituency/{id}/resources/new", change, forms::add_resource),
        get("/constituency/{id}/resources/{resource}", change, forms::edit_resource),
        post("/constituency/{id}/resources/{resource}", change, forms::change_resource),
        post("/constituency/{id}/resources/{resource}/removal", change, forms::remove_resource),
    ]
}

/// Feeds, event files, events, notices.
fn events_routes() -> Vec<Route> {
    use crate::events::{notices::web as notices, web};
    let (see, change) = (May(See, Noun::Event), May(Change, Noun::Event));
    vec![
        get("/events", see, web::overview),
        get("/events/nobodys", see, web::nobodys),
        get("/events/networks", see, web::networks),
        get("/events/networks.csv", see, web::networks_csv),
        post("/events/table", May(Verb::Decide, Noun::Event), web::make_again),
        get("/events/found", see, web::found::list),
        post("/events/found", change, web::found::open_case),
        get("/events/found.csv", see, web::found::csv),
        get("/events/found.jsonl", see, web::found::json_lines),
        get("/events/found.parquet", see, web::found::parquet),
        get("/events/sources.csv", see, web::found::sources),
        get("/events/erasures", see, web::erasures::list),
        post("/events/erasures", May(Verb::Decide, Noun::Event), web::erasures::erase),
        get("/events/feeds", see, web::list),
        get("/events/feeds/new", change, web::new),
        post("/events/feeds/new", change, web::add),
        get("/events/feeds/{feed}", see, web::feed),
        get("/events/feeds/{feed}/edit", change, web::edit),
        post("/events/feeds/{feed}/edit", change, web::change),
        post("/events/feeds/{feed}/columns", change, web::columns),
        post("/events/feeds/{feed}/files", change, web::take.layer(DefaultBodyLimit::disable())),
        post("/events/samples", change, web::preview),
        get("/events/files", see, web::files),
        get("/cases/{number}/holders", see, web::holders),
        post("/cases/{number}/holders", change, web::add_holders),
        get("/events/files/{number}", see, web::file),
        post("/events/files/{number}", change, web::act),
        get("/events/files/{number}/original", see, web::original),
        get("/events/notices", see, notices::notices),
        get("/events/notices/{number}", see, notices::notice),
        get("/events/notices/{number}/list", see, notices::csv),
        post("/events/held/{organisation}", change, notices::again),
        get("/events/untold", see, notices::untold),
        post("/events/untold/{organisation}", change, notices::look_again),
        get("/events/claims", see, notices::claims),
        post("/events/claims/{id}", change, notices::decide_claim),
        get("/events/rules", see, notices::rules),
        get("/events/rules/new", change, notices::new),
        post("/events/rules/new", change, notices::add),
        get("/events/rules/{id}", change, notices::edit),
        post("/events/rules/{id}", change, notices::change),
        get("/events/rules/{id}/month", see, notices::month),
        get("/events/rejected", see, web::rejects),
        post("/events/rejected", change, web::act_on_rejects),
    ]
}

/// What the team publishes.
fn publishing_routes() -> Vec<Route> {
    use crate::publications::readers::team_web::readers;
    use crate::publications::registrations::team_web;
    use crate::publications::web;
    let (see, change) = (May(See, Noun::Publication), May(Change, Noun::Publication));
    vec![
        get("/publishing", see, web::list),
        get("/publishing/new", change, web::new),
        post("/publishing/new", change, web::add),
        get("/publishing/takeover", change, web::takeover),
        post("/publishing/takeover", change, web::take_over.layer(DefaultBodyLimit::disable())),
        get("/publishing/readers", see, readers),
        get("/publishing/cvss", see, web::cvss),
        get("/publishing/products", see, web::products::list),
        post("/publishing/products/{id}", change, web::products::mend),
        get("/publishing/{id}", see, web::one),
        // The verb behind each step says who may take it.
        post("/publishing/{id}/{act}", change, web::act),
        get("/publishing/{id}/facts", change, web::facts),
        post("/publishing/{id}/facts", change, web::save_facts),
        get("/publishing/{id}/words/{tag}", change, web::words),
        post("/publishing/{id}/words/{tag}", change, web::save_words),
        get("/publishing/{id}/products", change, web::technical::products),
        post("/publishing/{id}/products", change, web::technical::save_products),
        get("/publishing/{id}/vulnerabilities/{place}", change, web::technical::vulnerability),
        post("/publishing/{id}/vulnerabilities/{place}", change, web::technical::save_vulnerability),
        get("/publishing/{id}/registrations", see, team_web::list),
        post("/publishing/{id}/registrations", change, team_web::add),
        get("/publishing/{id}/registrations.csv", see, team_web::csv),
        post("/publishing/{id}/registrations/attendance", change, team_web::attend),
        post("/publishing/{id}/registrations/{registration}/cancellation", change, team_web::cancel),
        get("/publishing/{id}/constituents", see, web::constituents::one),
        post("/publishing/{id}/constituents/{act}", change, web::constituents::act),
        get("/publishing/{id}/preview", see, web::preview),
        get("/publishing/{id}/channels", see, web::channels),
        get("/publishing/{id}/versions/{number}", see, web::version),
    ]
}

/// Promises.
fn clocks_routes() -> Vec<Route> {
    vec![
        get("/clocks", May(See, Clock), due::web::list),
        post("/clocks/{id}/pause", May(Change, Clock), due::web::pause),
        post("/clocks/{id}/resumption", May(Change, Clock), due::web::resume),
    ]
}

/// Search and saved views.
fn search_routes() -> Vec<Route> {
    vec![
        get("/search", May(See, Search), search::web::search),
        post("/views", May(Change, Search), search::web::save),
        post("/views/{id}/removal", May(Change, Search), search::web::remove),
    ]
}

/// Audit page, ledger, outgoing mail.
fn journal_routes() -> Vec<Route> {
    vec![
        get("/journal", May(See, Journal), journal::audit::journal),
        get("/ledger", May(See, Journal), journal::web::ledger),
        get("/outgoing", May(See, Noun::Outgoing), journal::web::mails),
        get("/outgoing/{id}", May(See, Noun::Outgoing), journal::web::mail),
        post("/outgoing/{id}", May(Change, Noun::Outgoing), journal::web::mail_again),
    ]
}

/// Sealed reports, as the team sees them; the reporters' side has a router of its own.
fn sealed_routes() -> Vec<Route> {
    use crate::sealed::web;
    let (see, change, decide) = (May(See, Noun::Sealed), May(Change, Noun::Sealed), May(Verb::Decide, Noun::Sealed));
    vec![
        get("/dialogues", see, web::list),
        get("/dialogues/readers", see, web::readers),
        get("/dialogues/heads", see, web::all_heads),
        get("/dialogues/team.asc", see, web::team),
        get("/dialogues/team/{fingerprint}", see, web::team_of),
        get("/dialogues/manifest/{intake}/{version}", see, web::manifest_text),
        get("/dialogues/assets/{file}", see, web::asset),
        get("/dialogues/{number}", see, web::one),
        get("/dialogues/{number}/envelopes", see, web::envelopes),
        get("/dialogues/{number}/heads", see, web::heads),
        get("/dialogues/{number}/envelopes/{place}/{part}", change, web::part),
        post("/dialogues/{number}/envelopes/{place}/{part}", change, web::new_head),
        post("/dialogues/{number}/envelopes/{place}", change, web::take_out),
        post("/dialogues/{number}/uploads", change, web::begin),
        put("/dialogues/{number}/uploads/{id}/{part}", change, web::put),
        post("/dialogues/{number}/uploads/{id}/{part}", change, web::commit),
        post("/dialogues/{number}/reply", May(Release, Message), web::reply.layer(DefaultBodyLimit::disable())),
        post("/dialogues/{number}/owner", change, web::owner),
        post("/dialogues/{number}/case", change, web::keep_sealed),
        post("/dialogues/{number}/unseal", change, web::unseal.layer(DefaultBodyLimit::disable())),
        post("/dialogues/{number}/close", change, web::close),
        post("/dialogues/{number}/removal", decide, web::delete),
    ]
}

/// Keys of OpenPGP mail: the directory, and our own for everybody.
fn keys_routes() -> Vec<Route> {
    use crate::keys::{web, wkd};
    let (see, change) = (May(See, Noun::Organisation), May(Change, Noun::Organisation));
    vec![
        get("/keys", see, web::list),
        get("/keys/new", change, web::new),
        post("/keys/new", change, web::add),
        get("/keys/{fingerprint}", see, web::one),
        get("/keys/{fingerprint}/file", see, web::file),
        post("/keys/{fingerprint}/verification", change, web::verify),
        post("/keys/{fingerprint}/removal", change, web::remove),
        get("/openpgp", Public, wkd::show),
        get("/openpgp/{file}", Public, wkd::file),
        get("/.well-known/openpgpkey/policy", Public, wkd::policy),
        get("/.well-known/openpgpkey/hu/{name}", Public, wkd::direct),
        get("/.well-known/openpgpkey/{domain}/policy", Public, wkd::policy),
        get("/.well-known/openpgpkey/{domain}/hu/{name}", Public, wkd::advanced),
    ]
}

/// The program as one service.
pub fn router(app: App) -> Router {
    let mut router = Router::new();
    for route in routes() {
        let access = route.access;
        let guarded = route.handler.layer(from_fn(move |request, next| guard::check(access, request, next)));
        router = router.route(route.path, guarded);
    }
    router
        .fallback(errors::nothing_here)
        .layer(from_fn_with_state(app.clone(), reads::noted))
        .layer(from_fn_with_state(app.clone(), errors::show))
        .layer(from_fn_with_state(app.clone(), guard::identify))
        .layer(from_fn(guard::harden))
        // Behind none of the above: it asks for no cookie and knows nobody.
        .merge(crate::sealed::mounted(&app))
        .with_state(app)
}
