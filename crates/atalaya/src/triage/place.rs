//! A report that is an answer: in which case, and of which party. Two questions on one page; the second has its choices
//! once the first is answered.

use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use formats::net::domain;
use store::{Id, Reader};

use super::web::report_of;
use crate::access::Who;
use crate::cases::messages::Placed;
use crate::cases::parties::{self, Party};
use crate::cases::{self, Case};
use crate::reports::Report;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page_as};
use crate::{App, Error, Result};

#[derive(Template)]
#[template(path = "triage/pages/place.html")]
struct PlacePage {
    shell: Shell,
    report: Report,
    /// The number that was typed, or that stands in the subject.
    number: String,
    case: Option<Case>,
    parties: Vec<Party>,
    /// Whose colleague it seems to be.
    likely: Option<Id>,
    problem: Option<(&'static str, String)>,
}

impl PlacePage {
    /// Whether this field is the one to mend.
    fn bad(&self, field: &str) -> bool {
        self.problem.as_ref().is_some_and(|(bad, _)| *bad == field)
    }

    fn is_likely(&self, party: &Party) -> bool {
        self.likely == Some(party.id)
    }
}

/// `GET /inbox/{number}/thread`, with `?case=` once it is known.
pub async fn place(ctx: Ctx, Path(number): Path<String>, asked: Asked) -> Result<Response> {
    show(&ctx, report_of(&ctx, &number).await?, asked.get("case"), None).await
}

/// `POST /inbox/{number}/thread`
pub async fn put(ctx: Ctx, Path(number): Path<String>, fields: Fields) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    let Some(party) = fields.parsed("party", "a party")? else {
        return show(&ctx, report, fields.get("case"), Some(("party", "Choose whose answer it is".to_owned()))).await;
    };
    match cases::messages::place_report(&ctx.app, &ctx.who, report.id, party).await {
        Ok(Placed { case, party, held }) => {
            let page = held.map_or("The party reads it on its page.".to_owned(), |why| format!("The party's page does not show it: {why}"));
            Ok(go(&party.path(&case.number), Some(&format!("What {} says stands in this thread now. {page}", report.number))))
        }
        Err(Error::Conflict(says)) => show(&ctx, report, fields.get("case"), Some(("party", says))).await,
        Err(error) => Err(error),
    }
}

/// `POST /inbox/{number}/thread/removal`: it was somebody else's answer, or none.
pub async fn take_back(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    let report = report_of(&ctx, &number).await?;
    cases::messages::take_back(&ctx.app, &ctx.who, report.id).await?;
    Ok(go(&format!("/inbox/{number}"), Some("It stands in no thread any more, and waits here again.")))
}

async fn show(ctx: &Ctx, report: Report, typed: &str, mut problem: Option<(&'static str, String)>) -> Result<Response> {
    let shell = Shell::new(ctx, &format!("{} is an answer", report.number), Room::Inbox).await?;
    let mut reader = ctx.app.db.read().await?;
    let named = named(&ctx.app, &mut reader, &ctx.who, &report).await?;
    let case = if typed.is_empty() { named } else { found(&mut reader, &ctx.who, typed).await? };
    if case.is_none() && !typed.is_empty() {
        problem = Some(("case", format!("There is no case {typed}")));
    }
    let parties = match &case {
        Some(case) => parties::of(&mut reader, case).await?,
        None => Vec::new(),
    };
    let likely = likely(&report, &parties);
    let number = case.as_ref().map_or_else(|| typed.to_owned(), |case| case.number.clone());
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_as(status, &PlacePage { shell, report, number, case, parties, likely, problem })
}

/// The case whose number stands in a report's subject, in brackets or not, if this viewer may know of it.
pub(super) async fn named(app: &App, reader: &mut Reader, who: &Who, report: &Report) -> Result<Option<Case>> {
    let prefix = format!("{}-", app.profile.team.number_prefix);
    let words = report.title.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').map(str::to_ascii_uppercase);
    for number in words.filter(|word| word.starts_with(&prefix)).take(NAMED) {
        if let Some(case) = found(reader, who, &number).await? {
            return Ok(Some(case));
        }
    }
    Ok(None)
}

/// So many numbers of a subject are looked up.
const NAMED: usize = 3;

/// The case of a number where it lives on, or none that this viewer may know of.
async fn found(reader: &mut Reader, who: &Who, number: &str) -> Result<Option<Case>> {
    let found = match cases::find(reader, who, number).await {
        Ok(case) => {
            let id = cases::lives_in(reader, case.id).await?.id;
            cases::get(reader, who, id).await
        }
        Err(error) => Err(error),
    };
    match found {
        Ok(case) => Ok(Some(case)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The one party that writes from the same domain.
fn likely(report: &Report, parties: &[Party]) -> Option<Id> {
    let of = |mail: &str| mail.rsplit_once('@').and_then(|(_, name)| domain::registrable(name));
    let sender = of(&report.reporter_mail)?;
    let mut same = parties.iter().filter(|party| party.mail.as_deref().and_then(of).is_some_and(|theirs| theirs == sender));
    same.next().filter(|_| same.next().is_none()).map(|party| party.id)
}
