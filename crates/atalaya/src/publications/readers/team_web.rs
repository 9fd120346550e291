//! The console's page of those who asked to be told.

use askama::Template;
use axum::response::Response;
use jiff::Timestamp;

use super::super::site::Filter;
use super::Subscription;
use super::team::{self, ASKS, Count};
use super::web::words;
use crate::Result;
use crate::access::{Noun, Verb, may};
use crate::text::own_name;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, page};

/// So many stand on a page.
const PAGE: u32 = 100;
/// The states that have a list, and what they are called.
const STATES: [(&str, &str); 3] = [("active", "Told"), ("pending", "Not confirmed"), ("suspended", "Suspended")];

/// A line of a table of counts: told, silent, not confirmed, suspended, ended.
struct Line {
    name: String,
    counts: [i64; 5],
}

impl Line {
    /// `of`: how many of a count stand in this line, and how many of these are silent.
    fn of(name: &str, counts: &[Count], of: impl Fn(&Count) -> i64) -> Self {
        let sum = |state: &str| counts.iter().filter(|count| count.state == state).map(&of).sum::<i64>();
        Self { name: name.to_owned(), counts: [sum("active"), 0, sum("pending"), sum("suspended"), sum("ended")] }
    }
}

/// One of the list.
struct Row {
    one: Subscription,
    /// What it asks for.
    wants: String,
    /// Until when it is silent.
    silent: Option<Timestamp>,
    since: Timestamp,
}

#[derive(Template)]
#[template(path = "publications/pages/readers.html")]
struct ReadersPage {
    shell: Shell,
    languages: Vec<Line>,
    asks: Vec<Line>,
    /// Whether this person reads addresses.
    leads: bool,
    state: &'static str,
    rows: Vec<Row>,
    next: String,
}

impl ReadersPage {
    fn states(&self) -> [(&'static str, &'static str); 3] {
        STATES
    }

    fn is_at(&self, state: &str) -> bool {
        self.state == state
    }
}

/// `GET /publishing/readers?of=active|pending|suspended&before=`
pub async fn readers(ctx: Ctx, asked: Asked) -> Result<Response> {
    let state = STATES.into_iter().map(|(state, _)| state).find(|state| *state == asked.get("of")).unwrap_or("active");
    let leads = may(&ctx.who, Verb::Release, Noun::Publication);
    let mut reader = ctx.app.db.read().await?;
    let counts = team::counts(&mut reader, &ctx.who).await?;
    let before = asked.get("before").parse().ok();
    let (some, more) = if leads { team::list(&mut reader, &ctx.who, state, before, PAGE).await? } else { (Vec::new(), false) };
    drop(reader);
    let next = some.last().filter(|_| more).map(|last| format!("/publishing/readers?of={state}&before={}", last.id)).unwrap_or_default();
    let rows = some.into_iter().map(|one| row(&ctx, one)).collect();
    let shell = Shell::new(&ctx, "Readers", Room::Publishing).await?;
    page(&ReadersPage { shell, languages: by_language(&counts), asks: by_what(&counts), leads, state, rows, next })
}

fn by_language(counts: &[Count]) -> Vec<Line> {
    let mut tags: Vec<&str> = counts.iter().map(|count| count.language.as_str()).collect();
    tags.sort_unstable();
    tags.dedup();
    let line = |tag: &str| {
        let own: Vec<Count> = counts.iter().filter(|count| count.language == tag).cloned().collect();
        let mut line = Line::of(own_name(tag), &own, |count| count.all);
        line.counts[1] = own.iter().filter(|count| count.state == "active").map(|count| count.silent).sum();
        line
    };
    tags.into_iter().map(line).collect()
}

fn by_what(counts: &[Count]) -> Vec<Line> {
    let line = |(place, (name, _)): (usize, (&str, &str))| Line::of(name, counts, |count| count.asks.get(place).copied().unwrap_or(0));
    ASKS.into_iter().enumerate().map(line).collect()
}

fn row(ctx: &Ctx, one: Subscription) -> Row {
    let wants = words(ctx, &Filter::of(&Fields::parse(one.filter.as_bytes()), None)).join(", ");
    let silent = one.paused_until.filter(|until| *until > ctx.app.now());
    Row { wants, silent, since: one.confirmed_at.unwrap_or(one.created_at), one }
}
