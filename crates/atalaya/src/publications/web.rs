//! The console's pages: what is in work and what is out, one publication, its forms.

use std::collections::HashMap;

use ::store::Id;
use askama::Template;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use formats::label::Tlp;
use jiff::Timestamp;
use press::{Change, Content, Kind, State};

pub mod assets;
pub mod constituents;
mod cvss;
mod facts;
mod judged;
mod preview;
pub mod products;
mod takeover;
pub mod technical;
mod words;

pub use cvss::cvss;
pub use facts::{facts, save_facts};
pub use preview::{channels, preview, version};
pub use takeover::{ask as takeover, take as take_over};
pub use words::{save_words, words};

use super::before::{Before, Reasons};
use super::item::{Asked as Wanted, Listed, Publication, Version};
use super::readers::{self, Mailing, Reach};
use super::registrations::{self, Counts};
use super::sources::Source;
use super::write::New;
use super::{before, csaf, item, review};
use crate::release::Channel;
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
    /// The number of the case or report that all of it was made from.
    from: String,
    rows: Vec<Listed>,
    /// Names of those who wrote in them.
    writers: HashMap<Id, String>,
    /// Who looks, if that is somebody who reads what others wrote.
    reads: Option<Id>,
    next: String,
}

impl ListPage {
    /// Whether it waits to be read, by this person among others.
    fn waits(&self, row: &Listed) -> bool {
        row.stage == "review" && self.reads.is_some_and(|me| !row.writers.contains(&me))
    }

    fn written_by(&self, row: &Listed) -> String {
        row.writers.iter().filter_map(|writer| self.writers.get(writer)).cloned().collect::<Vec<_>>().join(", ")
    }

    fn is(&self, kind: &Kind) -> bool {
        self.kind == Some(*kind)
    }
}

/// `GET /publishing?of=work|due|all&kind=&from=`
pub async fn list(ctx: Ctx, asked: Asked) -> Result<Response> {
    let from = asked.get("from").trim().to_owned();
    let of = ["due", "all"].into_iter().find(|of| *of == asked.get("of")).unwrap_or(if from.is_empty() { "work" } else { "all" });
    let kind = Kind::named(asked.get("kind"));
    let after = asked.get("after").split_once('~').and_then(|(at, id)| Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?)));
    let shell = Shell::new(&ctx, "Publishing", Room::Publishing).await?;
    let mut reader = ctx.app.db.read().await?;
    let source = if from.is_empty() { None } else { Some(super::source_named(&mut reader, &ctx.who, &from).await?) };
    let wanted = Wanted { kind, of: of.to_owned(), from: source, after };
    let (rows, more) = item::list(&mut reader, &ctx.who, &wanted, PAGE).await?;
    let mut writers = HashMap::new();
    for writer in rows.iter().flat_map(|row| &row.writers) {
        if !writers.contains_key(writer) {
            writers.insert(*writer, people::describe(&mut reader, &format!("person:{writer}")).await?);
        }
    }
    drop(reader);
    let reads = Some(ctx.person()?.id).filter(|_| crate::access::may(&ctx.who, crate::access::Verb::Decide, crate::access::Noun::Publication));
    let next = rows.last().filter(|_| more).map(|last| {
        format!("/publishing?of={of}&kind={}&from={from}&after={}~{}", kind.map_or("", |kind| kind.name()), last.updated_at.as_microsecond(), last.id)
    });
    page(&ListPage { shell, of, kind, from, rows, writers, reads, next: next.unwrap_or_default() })
}

#[derive(Template)]
#[template(path = "publications/pages/new.html")]
struct NewPage {
    shell: Shell,
    kind: String,
    language: String,
    title: String,
    /// The number of the case or report that it is made from.
    from: String,
    languages: Vec<(String, String)>,
    /// The label that is chosen, of all there are.
    label: Tlp,
    labels: [Tlp; 5],
    problem: String,
}

impl NewPage {
    async fn of(ctx: &Ctx, fields: &Fields, problem: String) -> Result<Self> {
        let shell = Shell::new(ctx, "Write something", Room::Publishing).await?;
        let languages = ctx.app.languages.offered().iter().map(|tag| (tag.clone(), own_name(tag).to_owned())).collect();
        let text = |name: &str| fields.get(name).to_owned();
        let label = fields.get("label").parse().unwrap_or(ctx.app.profile.labels.default);
        Ok(Self {
            shell,
            label,
            labels: Tlp::ALL,
            kind: text("kind"),
            language: text("language"),
            title: text("title"),
            from: text("from"),
            languages,
            problem,
        })
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
    let new = New {
        kind,
        language: fields.get("language").to_owned(),
        title: fields.get("title").to_owned(),
        label: fields.get("label").parse().ok(),
        from: fields.get("from").to_owned(),
    };
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
    /// What the standard advises, which nobody has to follow.
    hints: Vec<String>,
    /// With which reasons the version that is out left although something was asked about.
    excuses: Vec<String>,
    missing: Vec<press::Wanted>,
    sources: Vec<Source>,
    versions: Vec<Version>,
    /// Its mailings, and how their mails stand.
    mailings: Vec<(Mailing, Vec<(String, i64)>)>,
    /// To how many readers a mail goes when it leaves for everybody.
    reach: Option<Reach>,
    /// How many registered for it, if it stands in the calendar and anybody can or did.
    registered: Option<Counts>,
    /// What the working copy changes of what is out.
    changes: Vec<Change>,
    /// What its next version will be called, and why; of an advisory.
    numbered: Option<csaf::Numbered>,
    /// The versions of somebody else's document that it was taken from, and when.
    origins: Vec<(String, Timestamp)>,
    /// Who gave it back, by name; empty where the program says something.
    said_by: String,
    /// When it leaves, in full: in the team's time, and in the zone in which that was typed.
    leaves: String,
    /// The time zones that there are, the team's first.
    zones: Vec<String>,
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
        let mut before = before::before(&mut reader, &ctx.app, &ctx.who, &one).await?;
        // What stands against it comes first.
        before.weighed.checks.sort_by_key(|check| match check.state {
            "stop" => 0,
            "held" => 1,
            _ => 2,
        });
        let hints = csaf::hints(&mut reader, &ctx.app, &one).await?;
        let excuses = if before.knows && !one.is_open() { item::excuses(&mut reader, &ctx.who, &one).await? } else { Vec::new() };
        let versions = item::versions(&mut reader, &ctx.who, id).await?;
        let sources = super::sources(&mut reader, &ctx.who, id).await?;
        let mailings = readers::mailings(&mut reader, &ctx.who, id).await?;
        let registered = registrations::team::about(&mut reader, &ctx.who, &one, versions.first()).await?;
        let mut names = Vec::new();
        for writer in &one.writers {
            names.push(people::describe(&mut reader, &format!("person:{writer}")).await?);
        }
        let approver = match one.approved_by {
            Some(person) => people::describe(&mut reader, &format!("person:{person}")).await?,
            None => String::new(),
        };
        let said_by = if one.said_by.is_empty() { String::new() } else { people::describe(&mut reader, &one.said_by).await? };
        let origins = csaf::takeover::origins(&mut reader, &ctx.who, &one).await?;
        let advisory = one.is_open() && one.kind == Kind::Advisory;
        let numbered = if advisory { Some(csaf::coming(&mut reader, &ctx.app, &one).await?.0) } else { None };
        drop(reader);
        let reach = reach(ctx, &one, &versions, &before).await?;
        let me = ctx.person()?.id;
        let may = |verb| crate::access::may(&ctx.who, verb, crate::access::Noun::Publication);
        let changes = versions.first().filter(|_| one.is_open()).map(|last| press::changes::between(&last.content, &one.content)).unwrap_or_default();
        Ok(Self {
            shell: Shell::new(ctx, one.called(), Room::Publishing).await?,
            tongues: tongues(ctx, &one.content),
            missing: if one.is_open() { review::wanted(&one, ctx.app.now()) } else { Vec::new() },
            leaves: one.publish_at.map(|at| leaves(ctx, at, &one.publish_zone)).unwrap_or_default(),
            zones: zones(&ctx.zone()),
            said_by,
            approves: may(crate::access::Verb::Decide) && !one.writers.contains(&me),
            releases: may(crate::access::Verb::Release) && !(one.wants_two() && one.approved_by == Some(me)),
            writers: names.join(", "),
            approver,
            before,
            hints,
            excuses,
            sources,
            versions,
            mailings,
            reach,
            registered,
            changes,
            numbered,
            origins,
            refused,
            typed,
            one,
        })
    }

    /// Whether handing it in would only bring it back. Whoever may not know of all its sources cannot tell, and hands it in.
    fn is_stopped(&self) -> bool {
        self.before.knows && !self.before.weighed.may_leave()
    }

    /// Whether everybody can read it: what is for constituents has no public page.
    fn is_public(&self) -> bool {
        self.versions.first().is_some_and(|newest| newest.channel == Channel::Public.name())
    }

    /// The address that a button of this page goes to.
    fn at(&self, act: &str) -> String {
        format!("/publishing/{}/{act}", self.one.id)
    }
}

/// Day, time and zone, and the same in the zone in which it was typed if that is another.
fn leaves(ctx: &Ctx, at: Timestamp, typed: &str) -> String {
    let ours = show::in_full(at, &ctx.zone(), &ctx.text);
    let other = jiff::tz::TimeZone::get(typed).ok().filter(|zone| zone.iana_name() != ctx.zone().iana_name());
    other.map_or_else(|| ours.clone(), |zone| format!("{ours}; typed as {}", show::in_full(at, &zone, &ctx.text)))
}

/// All time zones, ours and UTC first.
fn zones(ours: &jiff::tz::TimeZone) -> Vec<String> {
    let first = [ours.iana_name().unwrap_or("UTC").to_owned(), "UTC".to_owned()];
    let mut all: Vec<String> = Vec::new();
    for zone in first.into_iter().chain(jiff::tz::db().available().map(|zone| zone.to_string())) {
        if !all.contains(&zone) {
            all.push(zone);
        }
    }
    all
}

/// To how many readers a mail goes with the release; nothing where none goes, or nobody releases it yet.
async fn reach(ctx: &Ctx, one: &Publication, versions: &[Version], before: &Before) -> Result<Option<Reach>> {
    let is_near = matches!(one.stage.as_str(), "review" | "approved" | "scheduled") && !one.kind.is_page();
    if !is_near || before.leaving.channel != Channel::Public || ctx.app.profile.mail.is_none() {
        return Ok(None);
    }
    readers::reach(&ctx.app, &preview::called(ctx, one, versions, String::new())).await.map(Some)
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
    let done = done(&ctx, id, &act, &fields).await;
    let said = *done.as_ref().unwrap_or(&"");
    match refused(done)? {
        None => Ok(go(&format!("/publishing/{id}"), Some(said))),
        Some((status, text)) => page_as(status, &OnePage::of(&ctx, id, text, fields).await?),
    }
}

/// What a page says of what did not go, and how it is answered; nothing of what went. Other errors have pages of their own.
fn refused<T>(done: Result<T>) -> Result<Option<(StatusCode, String)>> {
    match done {
        Ok(_) => Ok(None),
        Err(Error::Invalid(text)) => Ok(Some((StatusCode::UNPROCESSABLE_ENTITY, text))),
        Err(Error::Conflict(text)) => Ok(Some((StatusCode::CONFLICT, text))),
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
            let lowered_of = fields.get("contained").parse().ok();
            let reasons =
                Reasons { lowered: fields.get("lowered").to_owned(), lowered_of, told: fields.get("told").to_owned(), told_of: fields.get("asked").to_owned() };
            super::excuse(app, who, id, seen, reasons).await.map(|()| "Kept; it is part of what is approved.")
        }
        _ => Err(Error::NotFound),
    }
}

/// The instant of an embargo: local to a zone that is said beside it, which comes with it.
fn moment<'a>(ctx: &Ctx, fields: &'a Fields) -> Result<(Timestamp, &'a str)> {
    let zone = match fields.get("zone") {
        "" => ctx.zone(),
        name => jiff::tz::TimeZone::get(name)
            .map_err(|_| Error::invalid(format!("“{}” is no time zone, such as Africa/Maseru.", crate::text::short_line(name, 40))))?,
    };
    show::from_local(fields.get("at"), &zone).map(|at| (at, fields.get("zone"))).ok_or_else(|| Error::invalid("Say when, like 2027-05-31T09:00."))
}

pub(super) fn read(id: &str) -> Result<Id> {
    id.parse().map_err(|_| Error::NotFound)
}
