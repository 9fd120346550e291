//! Live pages: tells the browser that something of a kind changed; the page fetches itself again.
//!
//! Each message has the number of the journal that it tells up to. A page knows how far the journal was when it was made, and
//! who asks says from where on: nothing between a page and its line, or between two lines, is missed.
//!
//! Only the names of topics go out, so a change that a viewer may not see gives nothing away but
//! "something changed".

use std::convert::Infallible;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{Stream, unfold};
use serde_json::json;
use tokio::sync::watch;

use crate::web::Ctx;
use crate::web::fields::Asked;

/// Whoever was away for longer is told of this many steps only: that is enough to fetch anew.
const BACK: u64 = 1000;

/// What one browser hears: from which number of the journal on, and until the program ends.
struct Listener {
    ctx: Ctx,
    watch: watch::Receiver<u64>,
    ending: watch::Receiver<bool>,
    seen: u64,
}

/// `GET /live?since=`: server-sent events. A line that broke says itself what came last (`Last-Event-ID`).
pub async fn stream(ctx: Ctx, headers: HeaderMap, asked: Asked) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let watch = ctx.app.db.watch();
    let (head, ending) = (*watch.borrow(), ctx.app.stop.subscribe());
    let last = headers.get("last-event-id").and_then(|id| id.to_str().ok()).unwrap_or(asked.get("since"));
    let seen = last.parse().unwrap_or(head).max(head.saturating_sub(BACK));
    let events = unfold(Listener { ctx, watch, ending, seen }, async |mut listener| {
        let topics = listener.next().await?;
        Some((Ok(Event::default().id(listener.seen.to_string()).data(json!({ "topics": topics }).to_string())), listener))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(25)))
}

impl Listener {
    /// The topics of what was committed since; none once the program ends.
    async fn next(&mut self) -> Option<Vec<&'static str>> {
        tokio::select! {
            newer = self.watch.wait_for(|head| *head > self.seen) => drop(newer.ok()?),
            // The program ends, and so does the page's stream; the browser asks again by itself.
            _ = self.ending.wait_for(|stop| *stop) => return None,
        }
        // What comes in a burst is told once.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let lines = self.ctx.app.db.read().await.ok()?.journal_after(self.seen, 200).await.ok()?;
        self.seen = lines.last().map_or(self.seen, |line| line.seq);
        let mut topics: Vec<&str> = lines.iter().filter(|line| line.verb != "case.read").map(|line| topic(&line.noun)).collect();
        topics.sort_unstable();
        topics.dedup();
        Some(topics)
    }
}

fn topic(noun: &str) -> &'static str {
    match noun {
        "report" | "mail" => "inbox",
        "clock" => "clocks",
        "sealed" => "sealed",
        "feed" | "event_file" | "event_rejects" | "notice" | "notice_rule" | "event_notice" | "event_claim" => "events",
        "organisation" | "contact" | "resource" | "proposal" => "constituency",
        "person" | "group" | "token" => "people",
        _ => "cases",
    }
}
