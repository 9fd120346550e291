//! The reporter's first page: the form that seals on the reporter's device, and the other ways.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::intake::{self, Refused};
use super::offline;
use super::page::{Frame, Keys, Plain, Tongue, failed, intakes, left, nothing, shown};
use crate::App;

#[derive(Template)]
#[template(path = "sealed/pages/start.html")]
struct Start {
    frame: Frame,
    keys: Option<Keys>,
    intakes: Vec<(String, String)>,
    kinds: Vec<String>,
    by_server: bool,
    /// Name and check sum of the page for working offline.
    offline: Option<(String, String)>,
}

async fn offline_of(app: &App, tongue: &Tongue) -> Result<Option<(String, String)>, Refused> {
    let language = tongue.text.shown();
    let signed = offline::offered(&mut app.db.read().await?, app, &tongue.intake, language).await?;
    Ok(signed.map(|signed| (format!("{}.{language}.html", tongue.intake), signed.page.to_string())))
}

/// `GET /sealed`: the form that seals on the reporter's device, and the other ways.
pub async fn start(State(app): State<App>, tongue: Tongue) -> Response {
    let (keys, sealed) = match (Keys::of(&app, &tongue.intake).await, intake::settings(&app)) {
        (Ok(keys), Ok(sealed)) => (keys, sealed),
        (Err(refused), _) | (_, Err(refused)) => return failed(&app, &tongue, &refused),
    };
    let offline = match offline_of(&app, &tongue).await {
        Ok(offline) => offline,
        Err(refused) => return failed(&app, &tongue, &refused),
    };
    let frame = Frame::new(&app, &tongue, "sealed-title", "/sealed").scripted(if keys.is_some() { "form.js" } else { "" });
    let intakes = intakes(&app, &tongue.text);
    shown(StatusCode::OK, &Start { frame, keys, intakes, kinds: app.profile.intake.kinds.clone(), by_server: sealed.by_server, offline })
}

/// `GET /sealed/leave`: nothing of the visit stays in the browser.
pub async fn leave(State(app): State<App>, tongue: Tongue) -> Response {
    let frame = Frame::new(&app, &tongue, "sealed-site-left-title", "/sealed/leave");
    let lines = vec![tongue.text.say("sealed-site-left-text")];
    left(shown(StatusCode::OK, &Plain { frame, lines, error: false }))
}

/// What a grade protects, and against whom: keys of texts.
struct Grade {
    title: &'static str,
    text: &'static str,
    against: [(&'static str, &'static str); 3],
}

#[derive(Template)]
#[template(path = "sealed/pages/promise.html")]
struct Promise {
    frame: Frame,
    keys: Option<Keys>,
    site: String,
}

impl Promise {
    fn grades(&self) -> [Grade; 3] {
        let against =
            |watcher, changer| [("sealed-promise-thief", "sealed-promise-nothing"), ("sealed-promise-watcher", watcher), ("sealed-promise-changer", changer)];
        [
            Grade { title: "sealed-grade-a", text: "sealed-grade-a-text", against: against("sealed-promise-nothing", "sealed-promise-typed") },
            Grade { title: "sealed-grade-b", text: "sealed-grade-b-text", against: against("sealed-promise-nothing", "sealed-promise-own") },
            Grade { title: "sealed-grade-c", text: "sealed-grade-c-text", against: against("sealed-promise-moment", "sealed-promise-moment") },
        ]
    }
}

/// `GET /sealed/promise`: what is protected against whom, and how to compare what we serve.
pub async fn promise(State(app): State<App>, tongue: Tongue) -> Response {
    let frame = Frame::new(&app, &tongue, "sealed-ways-title", "/sealed/promise");
    let site = app.profile.sealed.as_ref().and_then(|sealed| sealed.url.clone()).unwrap_or_else(|| app.profile.web.public_url.clone());
    match Keys::of(&app, &tongue.intake).await {
        Ok(keys) => shown(StatusCode::OK, &Promise { frame, keys, site }),
        Err(refused) => failed(&app, &tongue, &refused),
    }
}

/// Whatever else is asked for.
pub async fn nothing_here(State(app): State<App>, tongue: Tongue) -> Response {
    nothing(&app, &tongue)
}
