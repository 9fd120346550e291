//! One item's page, as readers see it and as a preview shows it before.

use std::sync::Arc;

use askama::Template;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use formats::markdown;
use press::{Content, Kind, Meeting, State};

use super::super::catalogue::{Item, Kept, catalogue};
use super::super::registrations::Door;
use super::super::{csaf, particulars};
use super::changed::{Changed, changed};
use super::{answer, answer_of, html, kind_at, plain};
use crate::text::{Text, own_name};
use crate::web::{Ctx, Site, page_as, show};
use crate::{Error, Result};

/// What a page shows of an item, in the reader's language.
#[derive(Clone, Debug)]
pub struct Shown {
    /// What it is.
    pub kind: Kind,
    /// Number or word.
    pub name: String,
    /// Its number, or empty for what is called by its title.
    pub number: String,
    /// Its page.
    pub path: String,
    /// The language of the words.
    pub language: String,
    /// Title.
    pub title: String,
    /// What it is.
    pub summary: String,
    /// Who is affected.
    pub affected: String,
    /// What to do.
    pub act: String,
    /// The rest, as HTML that is ours.
    pub body: String,
    /// How the reader's language stands.
    pub state: State,
    /// The original's language, by its own name.
    pub original: String,
    /// The languages there are: tag, own name, state, whether it is this one.
    pub languages: Vec<(String, String, State, bool)>,
    /// What holds in all languages.
    pub content: Content,
    /// When and where, in words: day and time, zone, place.
    pub takes_place: Option<(String, String, String)>,
}

impl Shown {
    /// What a reader of this language sees; `None` for what has no words at all.
    pub fn of(ctx: &Ctx, item: &Item) -> Option<Self> {
        Self::of_content(ctx, item.kind, &item.name, &item.content)
    }

    /// The same of what is not out yet.
    pub fn of_content(ctx: &Ctx, kind: Kind, name: &str, content: &Content) -> Option<Self> {
        let wanted = ctx.text.wanted();
        let (words, language) = content.said(wanted)?;
        let options = markdown::Options { heading: 2, anchor: "s-", site: &ctx.app.profile.web.public_url, absolute: false };
        let languages = content.words.keys().filter(|tag| content.state(tag) != State::Missing);
        Some(Self {
            kind,
            name: name.to_owned(),
            number: if kind.letters().is_some() { name.to_owned() } else { String::new() },
            path: format!("/{}/{name}", kind.path()),
            language: language.to_owned(),
            title: words.title.clone(),
            summary: words.summary.clone(),
            affected: words.affected.clone(),
            act: words.act.clone(),
            body: markdown::html(&words.body, &options),
            state: content.state(wanted),
            original: own_name(&content.original).to_owned(),
            languages: languages.map(|tag| (tag.clone(), own_name(tag).to_owned(), content.state(tag), tag == language)).collect(),
            takes_place: content.meeting.as_ref().map(|meeting| takes_place(&ctx.text, meeting, &words.place)),
            content: content.clone(),
        })
    }

    /// The address of the list that it stands in.
    pub fn list(&self) -> String {
        format!("/{}", self.kind.path())
    }

    /// The tone of its severity.
    pub fn severity(&self) -> &'static str {
        self.content.severity.name()
    }

    /// What it is about, as people write it.
    pub fn about(&self) -> Vec<String> {
        particulars::about(&self.content)
    }
}

/// Day and time, zone, and place of something.
pub fn takes_place(text: &Text, meeting: &Meeting, place: &str) -> (String, String, String) {
    let day = |at: jiff::civil::DateTime| {
        let zone = jiff::tz::TimeZone::get(&meeting.zone).unwrap_or(jiff::tz::TimeZone::UTC);
        meeting.zoned(at).map(|zoned| show::day(zoned.timestamp(), &zone, text)).unwrap_or_default()
    };
    let clock = |at: jiff::civil::DateTime| format!("{:02}:{:02}", at.hour(), at.minute());
    let when = if meeting.starts.date() == meeting.ends.date() {
        format!("{}, {}–{}", day(meeting.starts), clock(meeting.starts), clock(meeting.ends))
    } else {
        format!("{}, {} – {}, {}", day(meeting.starts), clock(meeting.starts), day(meeting.ends), clock(meeting.ends))
    };
    let place = if meeting.online && place.is_empty() { text.say("pub-online") } else { place.to_owned() };
    (when, meeting.zone.replace('_', " "), place)
}

#[derive(Template)]
#[template(path = "publications/pages/item.html")]
struct ItemPage {
    site: Site,
    shown: Shown,
    item: Arc<Item>,
    /// It is no page yet, but what will be one.
    preview: bool,
    /// What it says of registering, if it stands in the calendar.
    door: Option<Door>,
    /// It is for constituents, on a page of the portal.
    inside: bool,
    /// The day on which it is shown.
    today: jiff::civil::Date,
    /// Where programs read it: what each document is called, and its address.
    csaf: Vec<(&'static str, String)>,
    /// What its newest version changed of the one before.
    changed: Vec<Changed>,
}

impl ItemPage {
    fn of(ctx: &Ctx, item: Arc<Item>) -> Result<Self> {
        let shown = Shown::of(ctx, &item).ok_or(Error::NotFound)?;
        let today = ctx.app.now().to_zoned(ctx.zone()).date();
        Ok(Self { site: Site::new(ctx, &shown.title), shown, item, preview: false, door: None, inside: false, today, csaf: Vec::new(), changed: Vec::new() })
    }

    /// The day by which somebody was to look at it again, once that is over.
    fn overdue(&self) -> Option<jiff::civil::Date> {
        self.shown.content.review.filter(|day| self.item.is_current() && *day < self.today)
    }

    /// How others name it.
    fn cite(&self) -> String {
        if self.shown.number.is_empty() { self.site.team.clone() } else { format!("{}, {}", self.site.team, self.shown.number) }
    }

    /// Whose document it was taken over from.
    fn origin(&self) -> Option<String> {
        let of = self.shown.content.origin.as_ref()?;
        Some(self.site.text.fill("csaf-taken", &[("publisher", of.publisher.clone()), ("id", of.id.clone()), ("version", of.version.clone())]))
    }

    fn products(&self) -> Vec<particulars::Shown> {
        particulars::products(&self.shown.content)
    }

    /// What a vector says, in words.
    fn decoded(&self, vector: &str) -> Vec<(String, String)> {
        particulars::decoded(&self.site.text, vector)
    }

    /// Version, score in words, vector.
    fn scores(&self, one: &::csaf::advisory::Vulnerability) -> Vec<(String, String, String)> {
        particulars::scores(&self.site.text, one)
    }

    fn help(&self, help: &::csaf::advisory::Remediation) -> &'static str {
        particulars::help(help)
    }

    /// Where its form goes.
    fn register(&self) -> String {
        format!("{}/registration", self.shown.path)
    }

    fn is_first(&self, version: i64) -> bool {
        version == 1
    }
}

/// `GET /alerts/{name}` and so on; `{name}.txt` is the same as text.
pub async fn item(ctx: Ctx, headers: HeaderMap, Path(name): Path<String>) -> Result<Response> {
    let kind = kind_at(&ctx.path)?;
    let (name, is_text) = name.strip_suffix(".txt").map_or((name.as_str(), false), |name| (name, true));
    let item = catalogue(&ctx.app).await?.get(kind, name).cloned().ok_or(Error::NotFound)?;
    if is_text {
        return answer(&ctx, &headers, async |_| plain::text(&ctx, &item).await).await;
    }
    let door = Door::of(&ctx, &item).await?;
    let counted = door.as_ref().map(Door::counted).unwrap_or_default();
    answer_of(&ctx, &headers, &counted, async |_| shown(&ctx, item, door).await).await
}

/// The same page when a registration was not taken: with what was typed, and why.
pub fn refused(ctx: &Ctx, item: Arc<Item>, door: Option<Door>, status: StatusCode) -> Result<Response> {
    page_as(status, &ItemPage { door, ..ItemPage::of(ctx, item)? })
}

/// The page of an item.
async fn shown(ctx: &Ctx, item: Arc<Item>, door: Option<Door>) -> Result<Kept> {
    let page = ItemPage { door, ..ItemPage::of(ctx, Arc::clone(&item))? };
    let csaf = if item.kind == Kind::Advisory { csaf::links(&ctx.app, &item, &page.shown.language).await? } else { Vec::new() };
    let changed = changed(ctx, &item, &page.shown.language).await?;
    Ok(html(&ItemPage { csaf, changed, ..page })?.header("last-modified", show::http_date(item.changed_at)))
}

/// The page of an item that is not out yet.
pub(super) fn before(ctx: &Ctx, item: Item, door: Option<Door>) -> Result<Kept> {
    let mut page = ItemPage { door, preview: true, ..ItemPage::of(ctx, Arc::new(item))? };
    // Its languages lead to the preview itself.
    page.shown.path.clear();
    html(&page)
}

/// The page of an item for constituents. Programs of theirs read its document with a token, which a browser has not.
pub(super) fn inside(ctx: &Ctx, item: Item) -> Result<Kept> {
    let mut page = ItemPage { inside: true, ..ItemPage::of(ctx, Arc::new(item))? };
    page.shown.path = format!("/member/publications{}", page.item.path());
    html(&page)
}
