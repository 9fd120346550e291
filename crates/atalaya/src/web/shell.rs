//! The frame around a page: [`Shell`] for the console, [`Site`] for the portal.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::access::{Noun, Role, Verb, may};
use crate::clocks::Turn;
use crate::profile::{Door, Sealed};
use crate::text::Text;
use crate::web::{Ctx, show};
use crate::{Result, cases, due, events, people, publications, reports, sealed};

/// The rooms of the console's side list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Reports that wait.
    Inbox,
    /// Sealed reports.
    Sealed,
    /// Cases.
    Cases,
    /// What is due.
    Clocks,
    /// Tasks.
    Tasks,
    /// Feeds and what they deliver.
    Events,
    /// Alerts, advisories, guidance, the calendar.
    Publishing,
    /// Organisations.
    Constituency,
    /// Journal and ledger.
    Journal,
    /// People and tokens.
    People,
    /// One's own settings.
    Account,
    /// Search results.
    Search,
}

/// One line of the side list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which room.
    pub room: Room,
    /// Where.
    pub path: &'static str,
    /// Icon in the sprite.
    pub icon: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The key after `g`.
    pub key: &'static str,
    /// What waits there; empty when nothing does.
    pub count: String,
    /// What came in there and nobody has read; empty when nothing did.
    pub new: String,
    /// Whether the count is urgent.
    pub due: bool,
    /// A line above it.
    pub rule: bool,
}

/// The console's frame.
#[derive(Clone, Debug)]
pub struct Shell {
    /// Title of the page.
    pub title: String,
    /// The room it stands in.
    pub room: Room,
    /// The rooms that this person may enter.
    pub rooms: Vec<Entry>,
    /// Who is logged in.
    pub name: String,
    /// Their role.
    pub role: &'static str,
    /// The team's short name.
    pub team: String,
    /// What case numbers begin with.
    pub prefix: String,
    /// One line left by the page before.
    pub said: Option<String>,
    /// Now.
    pub now: Timestamp,
    /// The team's zone.
    pub zone: TimeZone,
    /// The path asked for, for forms that come back here.
    pub path: String,
    /// The query asked for.
    pub query: String,
    /// The page that this person starts on.
    pub home: &'static str,
    /// Whether they may search.
    pub finds: bool,
    /// Whether the page may ask what changed.
    pub live: bool,
    /// The newest number of the journal that it may know of.
    pub head: u64,
}

impl Shell {
    /// The frame for a page of a room.
    pub async fn new(ctx: &Ctx, title: &str, room: Room) -> Result<Self> {
        let person = ctx.person()?;
        let mut reader = ctx.app.db.read().await?;
        let staff = person.role.is_staff();
        let (waiting, open, due, answers) = if staff {
            (
                reports::count_waiting(&mut reader).await?,
                cases::count_open(&mut reader, &ctx.who).await?,
                due::count(&mut reader, &ctx.who).await?,
                cases::list::count_unread(&mut reader, &ctx.who).await?,
            )
        } else {
            (0, 0, 0, 0)
        };
        let answers = match answers {
            0 => String::new(),
            1..=100 => format!("{answers} new"),
            _ => "100+ new".into(),
        };
        let sealed = if staff { sealed::count_new(&mut reader, &ctx.app, &ctx.who).await? } else { 0 };
        let alarms = if staff { events::count_alarms(&mut reader, &ctx.who).await? } else { 0 };
        let reading = if staff { publications::count_to_read(&mut reader, &ctx.who).await? } else { 0 };
        let counted = |count: i64| match count {
            0 => String::new(),
            1..=100 => count.to_string(),
            _ => "100+".into(),
        };
        let all = [
            (Room::Inbox, "/inbox", "inbox", "Inbox", "i", counted(waiting), false, Noun::Report),
            (Room::Cases, "/cases", "folder-open", "Cases", "c", counted(open), false, Noun::Case),
            (Room::Tasks, "/tasks", "list-checks", "Tasks", "t", String::new(), false, Noun::Case),
            (Room::Clocks, "/clocks", "clock", "Clocks", "l", if due > 0 { format!("{} due", counted(due)) } else { String::new() }, true, Noun::Clock),
            (Room::Sealed, "/dialogues", "lock", "Sealed", "s", counted(sealed), false, Noun::Sealed),
            (Room::Events, "/events/feeds", "rss", "Events", "e", counted(alarms), true, Noun::Event),
            (Room::Publishing, "/publishing", "megaphone", "Publishing", "u", counted(reading), false, Noun::Publication),
            (Room::Constituency, "/constituency", "building-2", "Constituency", "o", String::new(), false, Noun::Organisation),
            (Room::Journal, "/journal", "scroll-text", "Journal", "j", String::new(), false, Noun::Journal),
            (Room::People, "/people", "settings", "People", "p", String::new(), false, Noun::People),
        ];
        let rooms = all
            .into_iter()
            .filter(|entry| may(&ctx.who, Verb::See, entry.7) && (entry.0 != Room::Sealed || ctx.app.profile.sealed.is_some()))
            .enumerate()
            .map(|(place, (room, path, icon, name, key, count, due, _))| Entry {
                room,
                path,
                icon,
                name,
                key,
                count,
                new: if room == Room::Cases { answers.clone() } else { String::new() },
                due,
                rule: place > 0 && matches!(room, Room::Constituency | Room::Journal),
            })
            .collect();
        Ok(Self {
            title: title.to_owned(),
            room,
            rooms,
            name: person.name.clone(),
            role: person.role.name(),
            prefix: ctx.app.profile.team.number_prefix.clone(),
            team: ctx.app.profile.team.short_name.text("en").to_owned(),
            said: ctx.said.clone(),
            now: ctx.app.now(),
            zone: ctx.zone(),
            path: ctx.path.clone(),
            query: ctx.query.clone(),
            home: people::home_of(person.role),
            finds: may(&ctx.who, Verb::See, Noun::Search),
            live: may(&ctx.who, Verb::See, Noun::Report),
            head: ctx.head,
        })
    }

    /// `10:31` today, else with the day.
    pub fn when(&self, at: &Timestamp) -> String {
        show::when(*at, &self.zone, self.now)
    }

    /// Which of several clocks of one promise it is, before what it says; empty when there is one.
    pub fn turn(&self, turn: Turn) -> String {
        match turn {
            Turn::Only => String::new(),
            Turn::First => "the first time: ".into(),
            Turn::Again(at) => format!("asked again {}: ", self.when(&at)),
        }
    }

    /// For `<time datetime>`.
    pub fn iso(&self, at: &Timestamp) -> String {
        show::iso(*at, &self.zone)
    }

    /// For `<input type="datetime-local">`; empty when there is no instant.
    pub fn local(&self, at: &Option<Timestamp>) -> String {
        at.map(|at| show::local(at, &self.zone)).unwrap_or_default()
    }

    /// Time left until an instant, or passed since.
    pub fn left(&self, until: &Timestamp) -> String {
        let micros = until.as_microsecond() - self.now.as_microsecond();
        if micros < 0 { format!("{} late", show::span(micros)) } else { format!("{} left", show::span(micros)) }
    }

    /// The city of the team's zone and the time there.
    pub fn wall_clock(&self) -> String {
        let city = self.zone.iana_name().and_then(|name| name.rsplit('/').next()).unwrap_or("UTC").replace('_', " ");
        format!("{city} {}", show::when(self.now, &self.zone, self.now))
    }
}

/// The portal's frame: public pages and those of members.
#[derive(Clone, Debug)]
pub struct Site {
    /// Title of the page.
    pub title: String,
    /// Words in the reader's language.
    pub text: Text,
    /// The team's name in the reader's language.
    pub team: String,
    /// Who established the team, for the footer.
    pub established: String,
    /// Address for reports by mail.
    pub mail: String,
    /// Whether there are keys of ours to show.
    pub keys: bool,
    /// Whom to call now with what cannot wait; empty when there is nobody.
    pub phone: String,
    /// When the office opens again, if it is closed now.
    pub opens: Option<Timestamp>,
    /// Where sealed reports are taken, if the team takes any.
    pub sealed: Option<Door>,
    /// The other languages: tag and own name.
    pub languages: Vec<(String, String)>,
    /// The language that the address asks for.
    pub chosen: Option<String>,
    /// The lists that have something: address, key of the text.
    pub lists: Vec<(String, String)>,
    /// The same for the foot of the page.
    pub pages: Vec<(String, String)>,
    /// Where the site stands, without a slash at the end.
    pub site: String,
    /// Where to come back to after switching the language.
    pub path: String,
    /// A member is logged in: their name.
    pub member: Option<String>,
    /// Somebody of the team is logged in: the page that they start on.
    pub staff: Option<&'static str>,
    /// One line left by the page before.
    pub said: Option<String>,
    /// Now.
    pub now: Timestamp,
    /// The team's zone.
    pub zone: TimeZone,
}

impl Site {
    /// The frame for a portal page. The title is a finished text.
    pub fn new(ctx: &Ctx, title: &str) -> Self {
        let team = &ctx.app.profile.team;
        let language = ctx.text.wanted();
        let person = ctx.who.person();
        let opens = ctx.app.profile.calendar().opens_after(ctx.app.now());
        Self {
            title: title.to_owned(),
            team: team.name.text(language).to_owned(),
            established: team.established_by.text(language).to_owned(),
            mail: team.report_address.clone(),
            keys: ctx.keys,
            phone: team.phone_now(opens.is_none()).map(|texts| texts.text(language).to_owned()).unwrap_or_default(),
            opens,
            sealed: ctx.app.profile.sealed.as_ref().and_then(Sealed::door),
            languages: ctx
                .app
                .languages
                .offered()
                .iter()
                // The switch promises a page in that language. Who asks for another by the browser's setting gets
                // the team's own words in it, and the rest marked as what it is.
                .filter(|tag| *tag != ctx.text.shown() && ctx.app.languages.has(tag))
                .map(|tag| (tag.clone(), crate::text::own_name(tag).to_owned()))
                .collect(),
            text: ctx.text.clone(),
            chosen: ctx.chosen.clone(),
            lists: listed(ctx, false),
            pages: listed(ctx, true),
            site: ctx.app.profile.web.public_url.trim_end_matches('/').to_owned(),
            path: if ctx.query.is_empty() { ctx.path.clone() } else { format!("{}?{}", ctx.path, ctx.query) },
            member: person.filter(|person| person.role == Role::Member).map(|person| person.name.clone()),
            staff: person.filter(|person| person.role != Role::Member).map(|person| people::home_of(person.role)),
            said: ctx.said.clone(),
            now: ctx.app.now(),
            zone: ctx.zone(),
        }
    }

    /// Whether this page stands at a path or below it.
    pub fn is_at(&self, path: &str) -> bool {
        self.path.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    }

    /// A page of ours in the language that this one was asked for.
    pub fn to(&self, path: impl AsRef<str>) -> String {
        let path = path.as_ref();
        match &self.chosen {
            Some(tag) => format!("{path}{}lang={tag}", if path.contains('?') { '&' } else { '?' }),
            None => path.to_owned(),
        }
    }

    /// The whole address of a page of ours.
    pub fn url(&self, path: impl AsRef<str>) -> String {
        format!("{}{}", self.site, path.as_ref())
    }

    /// Where this page stands in another language: pages that everybody can read say so in their address, the others
    /// in a cookie.
    pub fn switch(&self, tag: &str) -> String {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let shared = ["/report", "/status", "/party", "/answer", "/member", "/login", "/account"].iter().all(|own| !self.is_at(own));
        if !shared {
            let back = percent_encoding::utf8_percent_encode(&self.path, percent_encoding::NON_ALPHANUMERIC);
            return format!("/language/{tag}?back={back}");
        }
        let kept = query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("lang="));
        format!("{path}?{}", kept.map(str::to_owned).chain([format!("lang={tag}")]).collect::<Vec<_>>().join("&"))
    }

    /// The text of a key.
    pub fn say(&self, key: &str) -> String {
        self.text.say(key)
    }

    /// The text of a key that ends with a name.
    pub fn named(&self, prefix: &str, name: impl AsRef<str>) -> String {
        self.text.say(&format!("{prefix}{}", name.as_ref()))
    }

    /// The text of a key with one value.
    pub fn with(&self, key: &str, name: &str, value: impl ToString) -> String {
        self.text.with(key, name, value)
    }

    /// Date and time in full, with the zone.
    pub fn when(&self, at: &Timestamp) -> String {
        show::in_full(*at, &self.zone, &self.text)
    }

    /// Date and time, for tables.
    pub fn brief(&self, at: &Timestamp) -> String {
        show::in_brief(*at, &self.zone, &self.text)
    }

    /// The day alone.
    pub fn day(&self, at: &Timestamp) -> String {
        show::day(*at, &self.zone, &self.text)
    }

    /// For `<time datetime>`.
    pub fn iso(&self, at: &Timestamp) -> String {
        show::iso(*at, &self.zone)
    }
}

/// The lists of the public site, or its pages, that have something.
fn listed(ctx: &Ctx, pages: bool) -> Vec<(String, String)> {
    let kinds = ctx.app.publications.kinds().into_iter().filter(|kind| kind.is_page() == pages);
    kinds.map(|kind| (format!("/{}", kind.path()), format!("nav-{}", kind.path()))).collect()
}
