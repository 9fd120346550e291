//! What the newest version of something says that the one before did not, for readers: of versions that everybody could read, in the
//! words of one language. What a version took out is not shown: it may have been taken out because nobody should read it.

use formats::diff::{self, Line, State};
use press::{Change, Content};

use super::super::catalogue::{self, Item};
use super::super::particulars;
use crate::Result;
use crate::text::Text;
use crate::web::Ctx;

/// Something that says something else now.
pub struct Changed {
    /// What it is called.
    pub name: String,
    /// The language of its words, where that is not the reader's.
    pub language: String,
    /// The lines with something new, without what went.
    pub lines: Vec<Line>,
}

/// What is new in the version that is out, in the order of the page; nothing of a first version, and of what no longer holds.
pub async fn changed(ctx: &Ctx, item: &Item, language: &str) -> Result<Vec<Changed>> {
    if item.history.len() < 2 || !item.is_current() {
        return Ok(Vec::new());
    }
    let versions = catalogue::versions_now(&mut ctx.app.db.read().await?, &ctx.app, item.id).await?;
    let mut versions = versions.into_iter().skip_while(|version| version.version != item.version);
    let (Some(now), Some(before)) = (versions.next(), versions.next()) else { return Ok(Vec::new()) };
    let changes = press::changes::between(&before.content, &now.content);
    let here = changes.into_iter().filter(|change| change.language.is_empty() || change.language == language);
    Ok(here.filter_map(|change| said(&ctx.text, change, &before.content, &now.content)).collect())
}

/// A change in a reader's words. What only the team works with, and the label, which was one for everybody, are no news.
fn said(text: &Text, change: Change, before: &Content, now: &Content) -> Option<Changed> {
    let both = |say: &dyn Fn(&Content) -> String| (say(before), say(now));
    let (key, (was, is)) = match change.part {
        "severity" => ("pub-how-bad", both(&|of| text.say(&format!("pub-severity-{}", of.severity.name())))),
        "open" => ("pub-state", both(&|of| text.say(if of.open { "pub-state-open" } else { "pub-state-closed" }))),
        "exploited" => ("pub-exploited", both(&|of| particulars::exploited(text, of))),
        "keys" => ("pub-about", both(&|of| particulars::about(of).join(", "))),
        "review" => ("pub-review", (change.was, change.is)),
        "meeting" => ("pub-when", both(&|of| of.meeting.as_ref().map(|meeting| when(text, meeting)).unwrap_or_default())),
        "title" => ("pub-title", (change.was, change.is)),
        "summary" => ("pub-what", (change.was, change.is)),
        "affected" => ("pub-affected", (change.was, change.is)),
        "act" => ("pub-act", (change.was, change.is)),
        "place" => ("pub-where", (change.was, change.is)),
        "text" => ("pub-text", (change.was, change.is)),
        "references" => ("pub-references", (change.was, change.is)),
        "origin" => ("csaf-origin", (change.was, change.is)),
        "credits" => ("pub-credits", (change.was, change.is)),
        "products" => ("pub-products", (change.was, change.is)),
        "vulnerability" => ("pub-vulnerability", (change.was, change.is)),
        _ => return None,
    };
    let name = if change.of.is_empty() { text.say(key) } else { format!("{}: {}", text.say(key), change.of) };
    // The particulars of a vulnerability are called as the standard calls them.
    let language = if change.part == "vulnerability" { "en".to_owned() } else { change.language };
    let lines: Vec<Line> = diff::lines(&was, &is).into_iter().filter_map(new_in).collect();
    (!lines.is_empty()).then_some(Changed { name, language, lines })
}

fn new_in(mut line: Line) -> Option<Line> {
    line.pieces.retain(|piece| piece.state != State::Gone);
    line.pieces.iter().any(|piece| piece.state == State::New).then_some(line)
}

fn when(text: &Text, meeting: &press::Meeting) -> String {
    let (when, zone, _) = super::takes_place(text, meeting, "");
    let cancelled = if meeting.cancelled { format!(", {}", text.say("pub-cancelled")) } else { String::new() };
    format!("{when} ({zone}){cancelled}")
}
