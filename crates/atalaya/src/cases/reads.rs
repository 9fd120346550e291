//! Who reads a restricted case stands in the journal: once a person, a case and an hour, whichever of its pages and
//! files were read, and those of its reports. It stands on no timeline, since it is no news of the case; and what
//! cannot be written down is not shown.

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use percent_encoding::percent_decode_str;
use serde_json::json;
use store::{Id, Reader, Record, Statement, args};

use super::see;
use crate::access::Who;
use crate::web::ctx::Visitor;
use crate::{App, Result, reports};

/// So long several looks are one reading.
const READING: SignedDuration = SignedDuration::from_hours(1);

/// Writes down who reads the pages of a restricted case, and of reports that are in such cases only. A form that comes
/// back shows them too.
pub async fn noted(State(app): State<App>, request: Request, next: Next) -> Response {
    // As the pages read it: `%43-2026-000001` is a number too.
    let path: Vec<String> = request.uri().path().split('/').map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
    let who = request.extensions().get::<Visitor>().map(|visitor| visitor.who.clone());
    let response = next.run(request).await;
    let shows = |status: StatusCode| status.is_success() || [StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY].contains(&status);
    let Some(who) = who.filter(|_| shows(response.status())) else { return response };
    let noted = match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["", "cases", number, ..] => note_case(&app, &who, number).await,
        ["", "inbox", number, ..] => note_report_of_number(&app, &who, number).await,
        _ => Ok(()),
    };
    noted.map_or_else(IntoResponse::into_response, |()| response)
}

/// Writes down that somebody reads what was written in the case, or on the report, of this number.
pub async fn note_number(app: &App, who: &Who, number: &str) -> Result<()> {
    note_case(app, who, number).await?;
    note_report_of_number(app, who, number).await
}

async fn note_case(app: &App, who: &Who, number: &str) -> Result<()> {
    let mut statement = Statement::new("select c.id, c.number from cases c where c.restricted = 1 and c.number = ");
    statement.bind(number.trim().to_ascii_uppercase());
    note(app, who, statement).await
}

async fn note_report_of_number(app: &App, who: &Who, number: &str) -> Result<()> {
    let report = reports::linked::brief_of_number(&mut app.db.read().await?, number).await?;
    match report {
        Some(report) => note_report(app, who, report.id).await,
        None => Ok(()),
    }
}

/// Writes down that somebody reads a report that is in restricted cases only, as one that is worked on or in a thread:
/// that is a reading of these cases.
pub async fn note_report(app: &App, who: &Who, report: Id) -> Result<()> {
    let mut statement = Statement::new("select c.id, c.number from cases c where c.restricted = 1 and c.id in (");
    push_cases_of(&mut statement, report);
    statement.push(") and not exists (select 1 from cases k where k.restricted = 0 and k.id in (");
    push_cases_of(&mut statement, report);
    statement.push("))");
    note(app, who, statement).await
}

fn push_cases_of(statement: &mut Statement, report: Id) {
    statement.push("select h.case_id from case_reports h where h.report_id = ").bind(report);
    statement.push(" union all select m.case_id from messages m where m.case_id is not null and m.placed_from = ").bind(report);
}

/// `cases` finds those that were read, in a table called `c`; whoever may not know of one did not read it.
async fn note(app: &App, who: &Who, mut cases: Statement) -> Result<()> {
    let Some(person) = who.person().filter(|person| person.role.is_staff()).map(|person| person.id) else { return Ok(()) };
    cases.push(" and ");
    see::push_visible(&mut cases, who);
    let mut reader = app.db.read().await?;
    let read: Vec<(Id, String)> = reader.select(cases).await?;
    let since = app.now().checked_sub(READING).unwrap_or(Timestamp::MIN);
    for (case, number) in read {
        if !lately(&mut reader, case, person, since).await? {
            write(app, who, (case, number), person, since).await?;
        }
    }
    Ok(())
}

async fn lately(reader: &mut Reader, case: Id, person: Id, since: Timestamp) -> Result<bool> {
    let there: Option<i64> = reader.value("select 1 from case_reads where case_id = $1 and person_id = $2 and at > $3", args![case, person, since]).await?;
    Ok(there.is_some())
}

async fn write(app: &App, who: &Who, (case, number): (Id, String), person: Id, since: Timestamp) -> Result<()> {
    app.db
        .change(&who.to_string(), async |tx| {
            let now = tx.now();
            // Of two looks at one moment the second finds what the first wrote.
            let text = "insert into case_reads (case_id, person_id, at) values ($1, $2, $3) \
                        on conflict (case_id, person_id) do update set at = excluded.at where case_reads.at <= $4";
            if tx.execute(text, args![case, person, now, since]).await? > 0 {
                tx.record(Record::new("case.read", "case", case).facts(json!({ "case": number })));
            }
            Ok(())
        })
        .await
}
