//! The console's pages: what is in work and what is out, one publication, its forms.

use ::store::Id;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use press::{Change, Content, Kind, State, Words};

pub mod assets;
pub mod constituents;
pub mod technical;

use super::before::{Before, Reasons};
use super::item::{Asked as Wanted, Listed, Publication, Version};
use super::readers::{self, Mailing};
use super::sources::Source;
use super::write::{New, Part};
use super::{before, catalogue, forms, item, site};
use crate::text::own_name;
use crate::web::fields::Asked;
use crate::web::{Ctx, Fields, Room, Shell, go, page, page_as, show};
use crate::{Error, Result, people};

const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "publications/pages/console_list.html")]
struct ListPage {
    shell: Shell,
    of: &'static str,
    kind: Option<Kind>,
    rows: Vec<Listed>,
    next: String,
}

impl ListPage {
    fn is(&self, kind: &Kind) -> bool {
        self.kind == Some(*kind)
    }
}

/// `GET /publishing?of=work|due|all&kind=`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let of = ["due", "all"].into_iter().find(|of| *of == asked.get("of")).unwrap_or("work");
    let kind = Kind::named(asked.get("kind"));
    let after = asked.get("after").split_once('~').and_then(|(at, id)| Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?)));
    let shell = Shell::new(&ctx, "Publishing", Room::Publishing).await?;
    let wanted = Wanted { kind, of: of.to_owned(), after };
    let (rows, more) = item::list(&mut ctx.app.db.read().await?, &ctx.who, &wanted, PAGE).await?;
    let next = rows
        .last()
        .filter(|_| more)
        .map(|last| format!("/publishing?of={of}&kind={}&after={}~{}", asked.get("kind"), last.updated_at.as_microsecond(), last.id));
    page(&ListPage { shell, of, kind, rows, next: next.unwrap_or_default() })
}

#[derive(Template)]
#[template(path = "publications/pages/new.html")]
struct NewPage {
    shell: Shell,
    kind: String,
    language: String,
    title: String,
    languages: Vec<(String, String)>,
    problem: String,
}

impl NewPage {
    async fn of(ctx: &Ctx, fields: &Fields, problem: String) -> Result<Self> {
        let shell = Shell::new(ctx, "Write something", Room::Publishing).await?;
        let languages = ctx.app.languages.offered().iter().map(|tag| (tag.clone(), own_name(tag).to_owned())).collect();
        let text = |name: &str| fields.get(name).to_owned();
        Ok(Self { shell, kind: text("kind"), language: text("language"), title: text("title"), languages, problem })
    }
}

/// `GET /publishing/new`
pub async fn new(ctx: Ctx, asked: Asked) -> Result<Response> {
    page(&NewPage::of(&ctx, &asked, String::new()).await?)
}

/// `POST /publishing/new`
pub async fn add(ctx: Ctx, fields: Fields) -> Result<Response> {
    let Some(kind) = Kind::named(fields.get("kind")) else {
        return page_as(StatusCode::UNPROCESSABLE_ENTITY, &NewPage::of(&ctx, &fields, "Choose what it is.".into()).await?);
    };
    let new = New { kind, language: fields.get("language").to_owned(), title: fields.get("title").to_owned() };
    match super::add(&ctx.app, &ctx.sends(&fields), new).await {
        Ok(id) => Ok(go(&format!("/publishing/{id}"), None)),
        Err(Error::Invalid(text)) => page_as(StatusCode::UNPROCESSABLE_ENTITY, &NewPage::of(&ctx, &fields, text).await?),
        Err(error) => Err(error),
    }
}

/// A language of a publication, for the table.
struct Tongue {
    tag: String,
    name: String,
    state: State,
    title: String,
}

#[derive(Template)]
#[template(path = "publications/pages/one.html")]
struct OnePage {
    shell: Shell,
    one: Publication,
    tongues: Vec<Tongue>,
    before: Before,
    missing: Vec<press::Wanted>,
    sources: Vec<Source>,
    versions: Vec<Version>,
    /// Its mailings, and how their mails stand.
    mailings: Vec<(Mailing, Vec<(String, i64)>)>,
    /// What the working copy changes of what is out.
    changes: Vec<Change>,
    /// Names of those who wrote, and of the one who approved.
    writers: String,
    approver: String,
    /// Whether this person may do these.
    approves: bool,
    releases: bool,
    /// Why what they pressed did not go; what they typed with it.
    refused: String,
    typed: Fields,
}

impl OnePage {
    async fn of(ctx: &Ctx, id: Id, refused: String, typed: Fields) -> Result<Self> {
        let mut reader = ctx.app.db.read().await?;
        let one = item::get(&mut reader, &ctx.who, id).await?;
        let before = before::before(&mut reader, &ctx.app, &ctx.who, &one).await?;
        let versions = item::versions(&mut reader, &ctx.who, id).await?;
        let sources = super::sources(&mut reader, &ctx.who, id).await?;
        let mailings = readers::mailings(&mut reader, &ctx.who, id).await?;
        let mut names = Vec::new();
        for writer in &one.writers {
            names.push(people::describe(&mut reader, &format!("person:{writer}")).await?);
        }
        let approver = match one.approved_by {
            Some(person) => people::describe(&mut reader, &format!("person:{person}")).await?,
            None => String::new(),
        };
        drop(reader);
        let me = ctx.person()?.id;
        let may = |verb| crate::access::may(&ctx.who, verb, crate::access::Noun::Publication);
        let changes = versions.first().filter(|_| one.is_open()).map(|last| press::changes::between(&last.content, &one.content)).unwrap_or_default();
        Ok(Self {
            shell: Shell::new(ctx, one.called(), Room::Publishing).await?,
            tongues: tongues(ctx, &one.content),
            missing: if one.is_open() { one.content.wanted(ctx.app.now()) } else { Vec::new() },
            approves: may(crate::access::Verb::Decide) && !one.writers.contains(&me),
            releases: may(crate::access::Verb::Release) && !(one.wants_two() && one.approved_by == Some(me)),
            writers: names.join(", "),
            approver,
            before,
            sources,
            versions,
            mailings,
            changes,
            refused,
            typed,
            one,
        })
    }

    /// The address that a button of this page goes to.
    fn at(&self, act: &str) -> String {
        format!("/publishing/{}/{act}", self.one.id)
    }
}

fn tongues(ctx: &Ctx, content: &Content) -> Vec<Tongue> {
    let mut tags: Vec<&String> = vec![&content.original];
    tags.extend(ctx.app.languages.offered().iter().filter(|tag| **tag != content.original));
    tags.extend(content.words.keys().filter(|tag| **tag != content.original && !ctx.app.languages.offered().contains(tag)));
    let title = |tag: &str| content.words.get(tag).map(|words| words.title.clone()).unwrap_or_default();
    tags.into_iter().map(|tag| Tongue { tag: tag.clone(), name: own_name(tag).to_owned(), state: content.state(tag), title: title(tag) }).collect()
}

/// `GET /publishing/{id}`
pub async fn one(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    page(&OnePage::of(&ctx, read(&id)?, String::new(), Fields::default()).await?)
}

/// `POST /publishing/{id}/{act}`: one step on its way. What does not go is said on its page, with what was typed.
pub async fn act(ctx: Ctx, Path((id, act)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let id = read(&id)?;
    match done(&ctx, id, &act, &fields).await {
        Ok(said) => Ok(go(&format!("/publishing/{id}"), Some(said))),
        Err(Error::Invalid(text)) => page_as(StatusCode::UNPROCESSABLE_ENTITY, &OnePage::of(&ctx, id, text, fields).await?),
        Err(Error::Conflict(text)) => page_as(StatusCode::CONFLICT, &OnePage::of(&ctx, id, text, fields).await?),
        Err(error) => Err(error),
    }
}

async fn done(ctx: &Ctx, id: Id, act: &str, fields: &Fields) -> Result<&'static str> {
    let (app, who) = (&ctx.app, &ctx.who);
    let seen = fields.parsed::<i64>("edition", "an edition")?.unwrap_or(0);
    match act {
        "hand-in" => super::hand_in(app, who, id, seen).await.map(|()| "Handed in. Somebody who did not write in it reads it now."),
        "approval" => super::approve(app, who, id, seen).await.map(|()| "Approved."),
        "return" => super::send_back(app, who, id, seen, fields.get("words")).await.map(|()| "Given back."),
        "release" => super::release(app, who, id, seen).await.map(|()| "It is out."),
        "schedule" => super::schedule(app, who, id, seen, moment(ctx, fields)?).await.map(|()| "It leaves then; nobody outside knows of it before."),
        "unschedule" => super::unschedule(app, who, id, seen).await.map(|()| "It does not leave by itself."),
        "revision" => super::revise(app, who, id).await.map(|()| "The next version is in work; what is out stays as it is until you release it."),
        "discard" => super::discard(app, who, id, seen).await.map(|()| "Laid aside."),
        "withdrawal" => super::withdraw(app, who, id, seen, fields.get("why")).await.map(|()| "Withdrawn. Its page says so."),
        "supersession" => super::supersede(app, who, id, seen, fields.get("by"), fields.get("why")).await.map(|()| "Superseded. Its page leads to the other."),
        "sources" => super::add_source(app, who, id, fields.get("number")).await.map(|()| "Added. Its people and addresses are looked for in the text now."),
        "source-removal" => super::remove_source(app, who, id, read(fields.get("source"))?).await.map(|()| "Taken out."),
        "mailing" => readers::approve_mailing(app, who, read(fields.get("mailing"))?).await.map(|()| "Let go."),
        "mailing-stop" => readers::stop_mailing(app, who, read(fields.get("mailing"))?).await.map(|()| "Stopped: what is queued goes, nothing more is queued."),
        "reasons" => {
            let reasons = Reasons { lowered: fields.get("lowered").to_owned(), told: fields.get("told").to_owned(), told_of: fields.get("asked").to_owned() };
            super::excuse(app, who, id, seen, reasons).await.map(|()| "Kept; it is part of what is approved.")
        }
        _ => Err(Error::NotFound),
    }
}

/// The instant of an embargo: local to a zone that is said beside it.
fn moment(ctx: &Ctx, fields: &Fields) -> Result<Timestamp> {
    let zone = match fields.get("zone") {
        "" => ctx.zone(),
        name => jiff::tz::TimeZone::get(name)
            .map_err(|_| Error::invalid(format!("“{}” is no time zone, such as Africa/Maseru.", crate::text::short_line(name, 40))))?,
    };
    show::from_local(fields.get("at"), &zone).ok_or_else(|| Error::invalid("Say when, like 2027-05-31T09:00."))
}

pub(super) fn read(id: &str) -> Result<Id> {
    id.parse().map_err(|_| Error::NotFound)
}

#[derive(Template)]
#[template(path = "publications/pages/words.html")]
struct WordsPage {
    shell: Shell,
    one: Publication,
    tag: String,
    name: String,
    words: Words,
    /// The original beside a translation.
    original: Option<(String, Words)>,
    state: State,
    seen: String,
    refused: String,
    /// What was saved meanwhile, beside what is typed.
    theirs: Option<Words>,
    /// What of the text will not be shown as it stands.
    problems: Vec<String>,
}

impl WordsPage {
    async fn of(ctx: &Ctx, id: Id, tag: &str, typed: Option<(Words, String, String)>) -> Result<Self> {
        let one = item::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?;
        if !ctx.app.languages.offered().iter().any(|offered| offered == tag) && !one.content.words.contains_key(tag) {
            return Err(Error::NotFound);
        }
        let saved = one.content.words.get(tag).cloned().unwrap_or_default();
        let now = forms::seen(&one.content, tag)?;
        let (words, refused, stale) = match typed {
            Some((words, refused, seen)) => (words, refused, seen != now),
            None => (saved.clone(), String::new(), false),
        };
        let original = (tag != one.content.original).then(|| (own_name(&one.content.original).to_owned(), one.content.own()));
        let problems = formats::markdown::problems(&words.body).into_iter().map(|problem| format!("Line {}: {}", problem.line, problem.text)).collect();
        Ok(Self {
            shell: Shell::new(ctx, &format!("{}: {}", one.called(), own_name(tag)), Room::Publishing).await?,
            tag: tag.to_owned(),
            name: own_name(tag).to_owned(),
            state: one.content.state(tag),
            seen: now,
            theirs: stale.then_some(saved),
            original,
            words,
            refused,
            problems,
            one,
        })
    }
}

impl WordsPage {
    /// The texts of a language besides its title.
    fn parts(&self, words: &Words) -> Vec<String> {
        [&words.summary, &words.affected, &words.act, &words.place, &words.body].into_iter().filter(|text| !text.is_empty()).cloned().collect()
    }
}

/// `GET /publishing/{id}/words/{tag}`
pub async fn words(ctx: Ctx, Path((id, tag)): Path<(String, String)>) -> Result<Response> {
    page(&WordsPage::of(&ctx, read(&id)?, &tag, None).await?)
}

/// `POST /publishing/{id}/words/{tag}`
pub async fn save_words(ctx: Ctx, Path((id, tag)): Path<(String, String)>, fields: Fields) -> Result<Response> {
    let (id, words, seen) = (read(&id)?, forms::words(&fields), fields.get("seen").to_owned());
    let part = Part::Words { language: tag.clone(), words: words.clone(), translated: fields.has("translated") };
    let (status, text) = match super::save(&ctx.app, &ctx.who, id, &seen, part).await {
        Ok(()) => return Ok(go(&format!("/publishing/{id}"), Some("Saved."))),
        Err(Error::Invalid(text)) => (StatusCode::UNPROCESSABLE_ENTITY, text),
        Err(Error::Conflict(text)) => (StatusCode::CONFLICT, text),
        Err(error) => return Err(error),
    };
    page_as(status, &WordsPage::of(&ctx, id, &tag, Some((words, text, seen))).await?)
}

#[derive(Template)]
#[template(path = "publications/pages/facts.html")]
struct FactsPage {
    shell: Shell,
    one: Publication,
    content: Content,
    change: String,
    seen: String,
    refused: String,
    theirs: Vec<Change>,
    sectors: Vec<(String, String)>,
    labels: [Tlp; 5],
    zone: String,
}

use formats::label::Tlp;

impl FactsPage {
    async fn of(ctx: &Ctx, id: Id, typed: Option<(Content, String, String, String)>) -> Result<Self> {
        let one = item::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?;
        let now = forms::seen(&one.content, "facts")?;
        let (content, change, refused, theirs) = match typed {
            Some((content, change, refused, seen)) if seen != now => {
                let theirs = press::changes::between(&content, &one.content);
                (content, change, refused, theirs)
            }
            Some((content, change, refused, _)) => (content, change, refused, Vec::new()),
            None => (one.content.clone(), one.note.clone(), String::new(), Vec::new()),
        };
        Ok(Self {
            shell: Shell::new(ctx, &format!("{}: facts", one.called()), Room::Publishing).await?,
            sectors: ctx.app.profile.sectors.iter().map(|sector| (sector.id.clone(), sector.title.text("en").to_owned())).collect(),
            labels: [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red],
            zone: content.meeting.as_ref().map_or_else(|| ctx.zone().iana_name().unwrap_or("UTC").to_owned(), |meeting| meeting.zone.clone()),
            content,
            change,
            seen: now,
            refused,
            theirs,
            one,
        })
    }

    fn local(&self, pick: impl Fn(&press::Meeting) -> Option<jiff::civil::DateTime>) -> String {
        let at = self.content.meeting.as_ref().and_then(pick);
        at.map(|at| at.strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
    }

    fn starts(&self) -> String {
        self.local(|meeting| Some(meeting.starts))
    }

    fn ends(&self) -> String {
        self.local(|meeting| Some(meeting.ends))
    }

    fn meets(&self, what: &str) -> bool {
        self.content.meeting.as_ref().is_some_and(|meeting| match what {
            "online" => meeting.online,
            "registers" => meeting.registers,
            _ => meeting.cancelled,
        })
    }

    fn is_for(&self, audience: &str) -> bool {
        self.content.audience.iter().any(|one| one == audience)
    }

    fn keys(&self) -> String {
        self.content.keys.iter().map(press::Key::as_str).collect::<Vec<_>>().join(" ")
    }

    fn references(&self) -> String {
        self.content.references.iter().map(|one| format!("{} {}", one.title, one.url).trim().to_owned()).collect::<Vec<_>>().join("\n")
    }

    fn day(&self, day: &Option<jiff::civil::Date>) -> String {
        day.map(|day| day.to_string()).unwrap_or_default()
    }
}

/// `GET /publishing/{id}/facts`
pub async fn facts(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    page(&FactsPage::of(&ctx, read(&id)?, None).await?)
}

/// `POST /publishing/{id}/facts`
pub async fn save_facts(ctx: Ctx, Path(id): Path<String>, fields: Fields) -> Result<Response> {
    let id = read(&id)?;
    let was = item::get(&mut ctx.app.db.read().await?, &ctx.who, id).await?.content;
    let (content, wrong) = forms::facts(&fields, &was);
    let (change, seen) = (fields.exact("note").trim().to_owned(), fields.get("seen").to_owned());
    let saved = if wrong.is_empty() {
        super::save(&ctx.app, &ctx.who, id, &seen, Part::Facts(Box::new(content.clone()), change.clone())).await
    } else {
        Err(Error::invalid(wrong.join(" ")))
    };
    let (status, text) = match saved {
        Ok(()) => return Ok(go(&format!("/publishing/{id}"), Some("Saved."))),
        Err(Error::Invalid(text)) => (StatusCode::UNPROCESSABLE_ENTITY, text),
        Err(Error::Conflict(text)) => (StatusCode::CONFLICT, text),
        Err(error) => return Err(error),
    };
    page_as(status, &FactsPage::of(&ctx, id, Some((content, change, text, seen))).await?)
}

/// `GET /publishing/{id}/preview?lang=`: the page as it will be.
pub async fn preview(ctx: Ctx, Path(id): Path<String>) -> Result<Response> {
    let one = item::get(&mut ctx.app.db.read().await?, &ctx.who, read(&id)?).await?;
    let now = ctx.app.now();
    let item = catalogue::Item {
        id: one.id,
        kind: one.kind,
        name: if one.name.is_empty() { ctx.text.say("pub-no-number") } else { one.name.clone() },
        version: one.version + 1,
        standing: "current".into(),
        content: one.content,
        first_at: one.released_at.unwrap_or(now),
        changed_at: now,
        superseded_by: None,
        history: Vec::new(),
    };
    site::preview(&ctx, item)
}

#[derive(Template)]
#[template(path = "publications/pages/version.html")]
struct VersionPage {
    shell: Shell,
    one: Publication,
    version: Version,
    changes: Vec<Change>,
}

/// `GET /publishing/{id}/versions/{number}`: what a version changed of the one before.
pub async fn version(ctx: Ctx, Path((id, number)): Path<(String, i64)>) -> Result<Response> {
    let mut reader = ctx.app.db.read().await?;
    let one = item::get(&mut reader, &ctx.who, read(&id)?).await?;
    let versions = item::versions(&mut reader, &ctx.who, one.id).await?;
    drop(reader);
    let at = versions.iter().position(|version| version.version == number).ok_or(Error::NotFound)?;
    let version = versions.get(at).cloned().ok_or(Error::NotFound)?;
    let none = Content { open: version.content.open, ..Content::new(one.kind, &version.content.original, version.content.label) };
    let was = versions.get(at + 1).map_or(&none, |before| &before.content);
    let changes = press::changes::between(was, &version.content);
    page(&VersionPage { shell: Shell::new(&ctx, &format!("{} version {number}", one.called()), Room::Publishing).await?, one, version, changes })
}
