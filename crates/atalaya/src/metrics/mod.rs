//! Figures for the operator's own watch (Prometheus text format): how much came in, what waits, what is late.
//! Numbers only, no name, no address. Whoever has a token of the team's own may ask.

mod store;

use std::fmt::Write as _;

use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use crate::access::Who;
use crate::commands::backup;
use crate::web::Ctx;
use crate::web::ctx::header_text;
use crate::{App, Error, Result, people};

/// `GET /metrics`
pub async fn metrics(ctx: Ctx, headers: HeaderMap) -> Result<Response> {
    if !may_ask(&ctx, &headers).await? {
        return Err(Error::NotFound);
    }
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text(&ctx.app).await?).into_response())
}

/// Where a request comes from says nothing: a proxy on this machine forwards a stranger's, with or without a word of it.
async fn may_ask(ctx: &Ctx, headers: &HeaderMap) -> Result<bool> {
    let (scheme, bearer) = header_text(headers, header::AUTHORIZATION.as_str()).split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Ok(false);
    }
    // A token that speaks for an organisation is not the team's own.
    Ok(matches!(people::token(&ctx.app, bearer.trim(), "reports").await?, Some(Who::Token { organisation: None, .. })))
}

/// Everything, as one text.
async fn text(app: &App) -> Result<String> {
    let now = app.now();
    let mut reader = app.db.read().await?;
    let mut out = Page(String::new());
    out.kind("atalaya_info", "gauge", "The running version and its database.");
    out.line(&format!("atalaya_info{{version=\"{}\",database=\"{}\"}}", crate::VERSION, app.db.name()), 1);
    for (name, noun, help) in [("atalaya_reports_total", "report", "Reports received."), ("atalaya_cases_total", "case", "Cases opened.")] {
        out.kind(name, "counter", help);
        out.line(name, store::numbered(&mut reader, noun).await?);
    }
    out.kind("atalaya_reports_waiting", "gauge", "Reports that wait in the inbox, counted up to 101.");
    out.line("atalaya_reports_waiting", crate::reports::count_waiting(&mut reader).await?);
    out.kind("atalaya_jobs", "gauge", "Jobs by state; a dead one waits for a person.");
    for state in ["ready", "running", "dead"] {
        out.line(&format!("atalaya_jobs{{state=\"{state}\"}}"), store::jobs(&mut reader, state).await?);
    }
    out.kind("atalaya_outbox_waiting", "gauge", "Mails that wait to be sent, counted up to 10001.");
    out.line("atalaya_outbox_waiting", store::outbox(&mut reader).await?);
    out.kind("atalaya_clocks_running", "gauge", "Promises that run, counted up to 10001.");
    out.line("atalaya_clocks_running", store::clocks(&mut reader, Timestamp::MAX).await?);
    out.kind("atalaya_clocks_overdue", "gauge", "Promises that run and are late, counted up to 10001.");
    out.line("atalaya_clocks_overdue", store::clocks(&mut reader, now).await?);
    out.kind("atalaya_journal_entries", "counter", "Entries of the journal.");
    out.line("atalaya_journal_entries", i64::try_from(reader.journal_head().await?).unwrap_or(i64::MAX));
    // Without a backup there is no line: an alarm on its absence rings then.
    if let Some(at) = last_backup(app) {
        out.kind("atalaya_last_backup_timestamp_seconds", "gauge", "When `atalaya backup` last ended well.");
        out.line("atalaya_last_backup_timestamp_seconds", at.as_second());
    }
    Ok(out.0)
}

fn last_backup(app: &App) -> Option<Timestamp> {
    std::fs::read_to_string(app.data.join(backup::LAST)).ok()?.trim().parse().ok()
}

struct Page(String);

impl Page {
    fn kind(&mut self, name: &str, kind: &str, help: &str) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn line(&mut self, name: &str, value: i64) {
        let _ = writeln!(self.0, "{name} {value}");
    }
}
