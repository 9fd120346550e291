//! The console's pages of sealed reports: the list, and one dialogue.

use std::collections::HashMap;

use ::store::{Id, Reader};
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use formats::label::Tlp;
use jiff::Timestamp;

use super::{Dialogue, Envelope, desk, keys, manifest, page, site, store};
use crate::clocks::{self, Clock};
use crate::profile::Profile;
use crate::reports::KINDS;
use crate::text::COMPLETE;
use crate::web::fields::Asked;
use crate::web::{Ctx, Room, Shell, page as shown, page_as};
use crate::{App, Error, Result, cases, people};

struct Row {
    dialogue: Dialogue,
    size: String,
    /// The weakest of its messages'.
    grade: String,
    due: Option<Timestamp>,
    owner: String,
}

#[derive(Template)]
#[template(path = "sealed/pages/list.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
    done: bool,
    next: Option<String>,
    alarms: Vec<String>,
}

pub(super) async fn alarms(app: &App) -> Result<Vec<String>> {
    let (endings, mut lines) = keys::endings(&mut app.db.read().await?, app).await?;
    lines.extend(endings.into_iter().map(|ending| {
        let on = ending.at.strftime("%-d %B %Y");
        match ending.days {
            ..0 => format!("{} ended on {on}: nothing can be sealed to it.", ending.what),
            days => format!("{} ends on {on}, in {days} days.", ending.what),
        }
    }));
    Ok(lines)
}

async fn rows(reader: &mut Reader, dialogues: Vec<Dialogue>) -> Result<Vec<Row>> {
    let ids: Vec<Id> = dialogues.iter().map(|dialogue| dialogue.id).collect();
    let sizes: HashMap<Id, (i64, String)> = store::sizes(reader, &ids).await?.into_iter().map(|(id, bytes, grade)| (id, (bytes, grade))).collect();
    let clocks = clocks::of_many(reader, &ids).await?;
    let names = people::names(reader, &dialogues.iter().filter_map(|dialogue| dialogue.owner).collect::<Vec<_>>()).await?;
    let row = |dialogue: Dialogue| Row {
        size: crate::web::show::size(sizes.get(&dialogue.id).and_then(|(bytes, _)| u64::try_from(*bytes).ok()).unwrap_or(0)),
        grade: sizes.get(&dialogue.id).map_or_else(|| dialogue.grade.clone(), |(_, grade)| grade.clone()),
        due: clocks.iter().filter(|clock| clock.about == dialogue.id && clock.state == "running").map(|clock| clock.due_at).min(),
        owner: dialogue.owner.and_then(|owner| names.get(&owner).cloned()).unwrap_or_default(),
        dialogue,
    };
    Ok(dialogues.into_iter().map(row).collect())
}

async fn owner(reader: &mut Reader, dialogue: &Dialogue) -> Result<String> {
    match dialogue.owner {
        Some(owner) => people::name_of(reader, owner).await,
        None => Ok(String::new()),
    }
}

/// `GET /dialogues`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let (done, before) = (asked.has("done"), Some(asked.get("before")).filter(|before| !before.is_empty()));
    let shell = Shell::new(&ctx, "Sealed", Room::Sealed).await?;
    let alarms = alarms(&ctx.app).await?;
    let mut reader = ctx.app.db.read().await?;
    let mut found = desk::list(&mut reader, &ctx.app, &ctx.who, done, before).await?;
    let next = (found.len() > 50).then(|| found.get(49).map(|last| last.number.clone())).flatten();
    found.truncate(50);
    let rows = rows(&mut reader, found).await?;
    drop(reader);
    shown(&ListPage { shell, rows, done, next, alarms })
}

#[derive(Template)]
#[template(path = "sealed/pages/desk.html")]
struct DeskPage {
    shell: Shell,
    profile: Profile,
    dialogue: Dialogue,
    envelopes: Vec<Envelope>,
    /// Those whose keys were wrapped anew.
    rewrapped: Vec<Id>,
    owner: String,
    mine: bool,
    deletes: bool,
    case: Option<String>,
    clocks: Vec<Clock>,
    story: Vec<(Timestamp, String)>,
    old: usize,
    keys: (String, i64, u64),
    labels: Vec<String>,
    groups: Vec<(Id, String)>,
    kinds: Vec<String>,
    words: Vec<(String, String)>,
    problem: String,
    text: crate::text::Text,
}

impl DeskPage {
    fn pinned(&self) -> Option<(String, String)> {
        site::script("/dialogues/assets", "desk.js")
    }

    fn say(&self, key: &str) -> String {
        self.text.say(key)
    }

    /// The weakest of the messages' grades: what the server could have read of it all.
    fn weakest(&self) -> &str {
        self.envelopes.iter().map(|envelope| envelope.grade.as_str()).max().filter(|grade| !grade.is_empty()).unwrap_or(&self.dialogue.grade)
    }

    fn said(grade: &str) -> &'static str {
        match grade {
            "A" => "sealed on the reporter's device",
            "B" => "encrypted by the reporter",
            _ => "sealed on our server, which could have read it",
        }
    }
}

fn told(verb: &str) -> &str {
    match verb {
        "sealed.received" => "it was found in the arrivals",
        "sealed.added" => "the reporter added a message",
        "sealed.opened" => "took a message out to open it",
        "sealed.assigned" => "took it or handed it back",
        "sealed.answered" => "posted an answer",
        "sealed.rewrapped" => "wrapped a key anew",
        "sealed.kept_sealed" => "made a case that keeps it sealed",
        "sealed.unsealed" => "unsealed parts of it into a case",
        "sealed.closed" => "closed it",
        "sealed.deleted" => "it was deleted",
        "sealed.file_missing" => "the file of the message is missing: it cannot be opened unless a backup has it",
        "sealed.deletion_warned" => "warned of its deletion",
        other => other,
    }
}

pub(super) async fn desk_page(ctx: &Ctx, number: &str, failed: Option<Error>) -> Result<Response> {
    let shell = Shell::new(ctx, number, Room::Sealed).await?;
    let mut reader = ctx.app.db.read().await?;
    let (dialogue, envelopes) = desk::of_number(&mut reader, &ctx.app, &ctx.who, number).await?;
    let owner = owner(&mut reader, &dialogue).await?;
    // A case that this viewer may not know of is none.
    let case = match dialogue.case {
        Some(case) => cases::get(&mut reader, &ctx.who, case).await.ok().map(|case| case.number),
        None => None,
    };
    let mut lines = reader.journal_about(dialogue.id, 200).await?;
    lines.retain(|line| line.noun == "sealed" && line.verb.starts_with("sealed."));
    let names = people::describe_all(&mut reader, lines.iter().map(|line| line.who.as_str())).await?;
    let who = |line: &::store::Line| names.get(&line.who).cloned().unwrap_or_default();
    let place =
        |line: &::store::Line| line.details().get("place").and_then(serde_json::Value::as_i64).map_or_else(String::new, |place| format!(" (message {place})"));
    let story = lines.iter().map(|line| (line.at, format!("{}: {}{}", who(line), told(&line.verb), place(line)))).collect();
    let clocks = clocks::of(&mut reader, dialogue.id).await?;
    let old = desk::to_rewrap(&mut reader, &ctx.app, &ctx.who, number).await?;
    let rewrapped = store::head_versions(&mut reader, &envelopes.iter().map(|envelope| envelope.id).collect::<Vec<_>>()).await?;
    let team = keys::team(&mut reader).await?.map(|team| team.fingerprint).unwrap_or_default();
    let version = manifest::newest(&mut reader, &dialogue.intake).await?.map_or(0, |published| published.manifest.version);
    let groups = people::groups(&mut reader).await?.into_iter().map(|group| (group.id, group.name)).collect();
    drop(reader);
    let (status, problem) = failed.map_or((StatusCode::OK, String::new()), |error| (error.status(), error.to_string()));
    let text = ctx.app.languages.text(COMPLETE);
    let desk = DeskPage {
        profile: ctx.app.profile.clone(),
        mine: dialogue.owner.is_some() && dialogue.owner == ctx.who.person().map(|person| person.id),
        // What became a case stays as its evidence.
        deletes: dialogue.case.is_none() && crate::access::may(&ctx.who, crate::access::Verb::Decide, crate::access::Noun::Sealed),
        labels: Tlp::ALL.iter().map(|label| label.as_str().to_owned()).collect(),
        kinds: KINDS.iter().map(|kind| (*kind).to_owned()).collect(),
        words: page::words(&text),
        old: old.len(),
        keys: (team, version, ctx.app.profile.sealed.as_ref().map_or(0, |sealed| sealed.max_bytes)),
        shell,
        dialogue,
        envelopes,
        rewrapped: rewrapped.into_iter().map(|(envelope, _)| envelope).collect(),
        owner,
        case,
        clocks,
        story,
        groups,
        problem,
        text,
    };
    page_as(status, &desk)
}

/// `GET /dialogues/{number}`
pub async fn one(ctx: Ctx, Path(number): Path<String>) -> Result<Response> {
    desk_page(&ctx, &number, None).await
}
