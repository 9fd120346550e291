//! The team profile: everything that makes an instance this team's and no other's.
//!
//! Name, mandate, languages, office hours, promises, label ceilings, channels: they are data in one
//! TOML file, and nothing of them is in code. The file is read once at start. Every mistake in it
//! is reported with its line, all at once, and a file with any mistake is refused: a team that
//! believes it has promised one business day must not run on a default. Three examples are in the
//! folder `profiles`.

pub mod calendar;
mod channels;
mod events;
mod fault;
mod forms;
mod hosted;
mod hours;
mod labels;
#[cfg(test)]
mod mistakes;
#[cfg(test)]
mod mistakes_mail;
mod operation;
mod promise;
mod publications;
mod sealed;
mod severity;
mod source;
mod storage;
mod team;
#[cfg(test)]
mod tests;
mod texts;

use std::path::Path;
use std::sync::Arc;

use toml::de::DeTable;

use self::source::{Source, Table};
use crate::calendar::Calendar;

pub use self::channels::{CASE_KINDS, Intake, Mail, REPORT_KINDS, Smarthost, Tls, Web};
pub use self::events::{Engine, Events, Notices};
pub use self::fault::Fault;
pub use self::forms::Listen;
pub use self::hosted::Imap;
pub use self::hours::{Holiday, TeamCalendar};
pub use self::labels::{Ceilings, Labels};
pub use self::operation::{Database, Staff};
pub use self::promise::{Anchor, AppliesTo, Asked, KeptBy, PauseReason, Promise};
pub use self::publications::{Publications, Signer, Told};
pub use self::sealed::{Door, MOST_WORK_BITS, Sealed, SealedIntake};
pub use self::severity::{Level, Rule, Severity, Situation, Subtype, When};
pub use self::storage::Storage;
pub use self::team::{Referral, Sector, Team};
pub use self::texts::Texts;

/// A team profile that was found free of mistakes.
#[derive(Debug, Clone, PartialEq)]
pub struct Profile {
    /// Who the team is.
    pub team: Team,
    /// The languages of its pages (BCP 47), the default first; never empty.
    pub languages: Vec<String>,
    /// Its calendars, old versions included.
    pub calendars: Vec<TeamCalendar>,
    /// What it promises.
    pub promises: Vec<Promise>,
    /// Why its clocks may be held.
    pub pause_reasons: Vec<PauseReason>,
    /// How far information may go.
    pub labels: Labels,
    /// What the report form offers.
    pub intake: Intake,
    /// Mail in and out, if there is any.
    pub mail: Option<Mail>,
    /// The web server.
    pub web: Web,
    /// Sessions of the staff.
    pub staff: Staff,
    /// Sealed reports, if the team takes them.
    pub sealed: Option<Sealed>,
    /// Event files of feeds.
    pub events: Events,
    /// What it publishes.
    pub publications: Publications,
    /// Fields of activity of the organisations it knows.
    pub sectors: Vec<Sector>,
    /// How bad a case is.
    pub severity: Severity,
    /// Its own types below those of RSIT.
    pub subtypes: Vec<Subtype>,
    /// Where other teams' reports go.
    pub referrals: Vec<Referral>,
    /// The database, if it is not the embedded one.
    pub database: Option<Database>,
    /// Where events lie, if it is not the data folder.
    pub storage: Option<Storage>,
    office: Arc<Calendar>,
}

impl Profile {
    /// Reads a profile from a file. One that cannot be read has a fault in line 0.
    pub fn load(path: &Path) -> Result<Self, Vec<Fault>> {
        let file = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| {
            let (found, expected) = (error.to_string(), "a readable file in UTF-8".to_owned());
            vec![Fault { file: file.clone(), line: 0, found, expected }]
        })?;
        Self::parse(&text, &file)
    }

    /// Reads a profile from its text; `file` is what faults call it.
    pub fn parse(text: &str, file: &str) -> Result<Self, Vec<Fault>> {
        let source = Source::new(file, text);
        let (entries, errors) = DeTable::parse_recoverable(text);
        // What follows the first mistake in the language itself is mostly its echo.
        if let Some(first) = errors.iter().min_by_key(|error| error.span().map_or(0, |span| span.start)) {
            source.note_syntax(first);
            return Err(source.into_faults());
        }
        let profile = Self::read(source.root(entries.get_ref()));
        let faults = source.into_faults();
        match profile {
            Some(profile) if faults.is_empty() => Ok(profile),
            _ => Err(faults),
        }
    }

    /// The newest version of the team's first calendar: the one for opening hours on pages and for
    /// promises that name no other.
    pub fn calendar(&self) -> &Calendar {
        &self.office
    }

    /// The calendar that an earlier deadline was made with.
    pub fn calendar_version(&self, id: &str, version: u32) -> Option<&Calendar> {
        let mut calendars = self.calendars.iter().map(|calendar| &*calendar.hours);
        calendars.find(|calendar| calendar.id() == id && calendar.version() == version)
    }

    /// The language that pages fall back to.
    pub fn default_language(&self) -> &str {
        self.languages.first().map(String::as_str).unwrap_or_default()
    }

    /// The promises that the team gives to what was asked.
    pub fn promises_for<'a>(&'a self, asked: Asked<'a>) -> impl Iterator<Item = &'a Promise> {
        self.promises.iter().filter(move |promise| promise.applies(asked))
    }

    fn read(root: Table<'_>) -> Option<Self> {
        let languages = texts::languages(&root);
        if languages.is_empty() {
            return None;
        }
        let team = root.section("team").map(|table| Team::read(table, &languages));
        let calendars = hours::calendars(&root, &languages);
        let pause_reasons = each(&root, "pause_reason", |table| PauseReason::read(table, &languages), |one| &one.id);
        let read = |table| Promise::read(table, &languages, &calendars, &pause_reasons);
        let promises = each(&root, "promise", read, |one| one.as_ref().map_or("", |promise| &promise.id));
        let sectors = each(&root, "sector", |table| Sector::read(table, &languages), |one| &one.id);
        let referrals = each(&root, "referral", |table| Referral::read(table, &languages, &sectors), |one| &one.id);
        let subtypes = each(&root, "subtype", |table| Subtype::read(table, &languages), |one| &one.id);
        let severity = root.section("severity").map(Severity::read);
        let labels = root.option("labels").map(Labels::read).unwrap_or_default();
        let intake = root.option("intake").map(|table| Intake::read(table, &languages)).unwrap_or_default();
        let report_address = team.as_ref().map(|team| team.report_address.as_str()).unwrap_or_default();
        let mail = root.option("mail").map(|table| Mail::read(table, &languages, report_address));
        let web = root.section("web").map(Web::read);
        let staff = root.option("staff").map(Staff::read).unwrap_or_default();
        let address = web.as_ref().map(|web| web.listen);
        let sealed = root.option("sealed").map(|table| Sealed::read(table, &languages, address));
        let events = root.option("events").map(Events::read).unwrap_or_default();
        let publications = root.option("publications").map(Publications::read).unwrap_or_default();
        let database = root.option("database").and_then(Database::read);
        let storage = root.option("storage").map(Storage::read);
        root.close();
        let first = calendars.first()?.hours.id();
        let office = Arc::clone(&hours::newest(&calendars, first)?.hours);
        Some(Self {
            team: team?,
            languages,
            calendars,
            promises: promises.into_iter().flatten().collect(),
            pause_reasons,
            labels,
            intake,
            mail,
            web: web?,
            staff,
            sealed,
            events,
            publications,
            sectors,
            severity: severity?,
            subtypes,
            referrals,
            database,
            storage,
            office,
        })
    }
}

/// Reads every table of a repeated `[[key]]`, each with an id of its own.
fn each<'a, T>(root: &Table<'a>, key: &'static str, read: impl Fn(Table<'a>) -> T, id: impl Fn(&T) -> &str) -> Vec<T> {
    let mut all: Vec<T> = Vec::new();
    for table in root.tables(key) {
        let place = table.get("id");
        let one = read(table);
        let twice = !id(&one).is_empty() && all.iter().any(|known| id(known) == id(&one));
        if let Some(item) = place
            && twice
        {
            item.fault("an id of its own");
        }
        all.push(one);
    }
    all
}
