//! Live pages: tells the browser that something of a kind changed; the page fetches itself again.
//!
//! Only the names of topics go out, so a change that a viewer may not see gives nothing away but
//! "something changed".

use std::convert::Infallible;
use std::time::Duration;

use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::stream::{Stream, unfold};

use crate::web::Ctx;

/// `GET /live`: server-sent events.
pub async fn stream(ctx: Ctx) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let watch = ctx.app.db.watch();
    let (seen, ending) = (*watch.borrow(), ctx.app.stop.subscribe());
    let events = unfold((ctx, watch, ending, seen), async |(ctx, mut watch, mut ending, seen)| {
        tokio::select! {
            newer = watch.wait_for(|head| *head > seen) => drop(newer.ok()?),
            // The program ends, and so does the page's stream; the browser asks again by itself.
            _ = ending.wait_for(|stop| *stop) => return None,
        }
        // What comes in a burst is told once.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut reader = ctx.app.db.read().await.ok()?;
        let lines = reader.journal_after(seen, 200).await.ok()?;
        drop(reader);
        let seen = lines.last().map_or(seen, |line| line.seq);
        let mut topics: Vec<&str> = lines.iter().map(|line| topic(&line.noun)).collect();
        topics.sort_unstable();
        topics.dedup();
        let names: Vec<String> = topics.iter().map(|name| format!("\"{name}\"")).collect();
        Some((Ok(Event::default().data(format!("{{\"topics\":[{}]}}", names.join(",")))), (ctx, watch, ending, seen)))
    });
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(25)))
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
