//! What the team promises in public, and how the promise is measured.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::channels::{CASE_KINDS, REPORT_KINDS};
use super::hours::{TeamCalendar, newest};
use super::source::Table;
use super::texts::Texts;
use crate::calendar::{Calendar, Due, Duration, Reading, Unit};

/// One `[[promise]]`: a public sentence and the clock behind it.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// What clocks and figures call it.
    pub id: String,
    /// The sentence that the public reads.
    pub title: Texts,
    /// Which reports and cases it is given to.
    pub applies_to: Vec<AppliesTo>,
    /// What starts its clock.
    pub anchor: Anchor,
    /// What keeps it.
    pub kept_by: KeptBy,
    /// How long the team gives itself.
    pub duration: Duration,
    /// The calendar it is counted on.
    pub calendar: Arc<Calendar>,
    /// How many in a hundred the team means to keep: a target, not a guarantee.
    pub target_percent: u8,
    /// For which reasons its clock may be held: ids of [`PauseReason`]s.
    pub pause_reasons: Vec<String>,
}

/// A named reason to hold a clock: one `[[pause_reason]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PauseReason {
    /// What promises and clocks call it.
    pub id: String,
    /// What people read.
    pub title: Texts,
}

/// What makes a promise apply. One hit of its list is enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppliesTo {
    /// Everything.
    Any,
    /// A request for advice.
    Advice,
    /// A report that asks for help.
    Help,
    /// A report that its reporter called urgent.
    Urgent,
    /// A kind of report or of case.
    Kind(String),
}

/// The event that starts a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The report was received.
    Received,
    /// The case was opened.
    Opened,
}

/// What keeps a promise: a person does, by telling whom it was given to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum KeptBy {
    /// A substantive message to the reporter; where nobody reported, to whoever is told first.
    #[default]
    Answer,
    /// A substantive message to a target, a source or an intermediary.
    Contact,
    /// The case is closed with its outcome, of which its reporters are told.
    Closing,
}

/// What is known of a report or case when its promises are looked up.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// Kind of report or case.
    pub kind: &'a str,
    /// It asks for advice.
    pub advice: bool,
    /// It asks for help.
    pub help: bool,
    /// It says that it is urgent.
    pub urgent: bool,
}

impl Promise {
    /// Whether the team gives this promise to what was asked.
    pub fn applies(&self, asked: Asked<'_>) -> bool {
        self.applies_to.iter().any(|case| match case {
            AppliesTo::Any => true,
            AppliesTo::Advice => asked.advice,
            AppliesTo::Help => asked.help,
            AppliesTo::Urgent => asked.urgent,
            AppliesTo::Kind(kind) => kind == asked.kind,
        })
    }

    /// When it has to be kept, given its anchor and the times at which its clock was held.
    pub fn due(&self, anchor: Timestamp, pauses: &[(Timestamp, Option<Timestamp>)]) -> Due {
        self.calendar.due_with_pauses(anchor, self.duration, pauses)
    }

    pub(super) fn read(table: Table<'_>, languages: &[String], calendars: &[TeamCalendar], reasons: &[PauseReason]) -> Option<Self> {
        let id = table.need("id").and_then(|item| item.id());
        let title = table.need("title").map(|item| Texts::read(&item, languages));
        let applies_to = applies_to(&table);
        let anchors = [("received", Anchor::Received), ("opened", Anchor::Opened)];
        let anchor = table.need("anchor").and_then(|item| item.one_of(&anchors));
        let kept_by = kept_by(&table, anchor);
        let amount = table.need("amount").and_then(|item| item.whole(1..=1000));
        let unit = table.need("unit").and_then(|item| item.one_of(&Unit::ALL.map(|unit| (unit.as_str(), unit))));
        let readings = Reading::ALL.map(|reading| (reading.as_str(), reading));
        let reading = table.get("reading").and_then(|item| item.one_of(&readings));
        let calendar = calendar(&table, calendars);
        let target = table.need("target_percent").and_then(|item| item.whole(1..=100));
        let known = |text: &str| reasons.iter().any(|reason| reason.id == text).then(|| text.to_owned());
        let expected = "the id of a [[pause_reason]]";
        let allowed = table.items("pause_reasons");
        let pause_reasons = allowed.iter().filter_map(|item| item.read(expected, known)).collect();
        table.close();
        let duration = Duration { amount: amount?, unit: unit?, reading: reading.unwrap_or_default() };
        Some(Self { id: id?, title: title?, applies_to, anchor: anchor?, kept_by, duration, calendar: calendar?, target_percent: target?, pause_reasons })
    }
}

impl PauseReason {
    pub(super) fn read(table: Table<'_>, languages: &[String]) -> Self {
        let reason = Self {
            id: table.need("id").and_then(|item| item.id()).unwrap_or_default(),
            title: table.need("title").map(|item| Texts::read(&item, languages)).unwrap_or_default(),
        };
        table.close();
        reason
    }
}

fn applies_to(table: &Table<'_>) -> Vec<AppliesTo> {
    let Some(item) = table.need("applies_to") else {
        return Vec::new();
    };
    let kinds: BTreeSet<_> = REPORT_KINDS.into_iter().chain(CASE_KINDS).collect();
    let list: Vec<_> = kinds.iter().copied().collect();
    let expected = format!("any, advice, help, urgent or a kind ({})", list.join(", "));
    let read = |text: &str| match text {
        "any" => Some(AppliesTo::Any),
        "advice" => Some(AppliesTo::Advice),
        "help" => Some(AppliesTo::Help),
        "urgent" => Some(AppliesTo::Urgent),
        kind => kinds.contains(kind).then(|| AppliesTo::Kind(kind.to_owned())),
    };
    let items = item.list();
    if items.is_empty() {
        item.fault("at least one entry: a promise to nobody is none");
    }
    items.iter().filter_map(|item| item.read(&expected, read)).collect()
}

/// What keeps it. A promise that counts from receipt was given to the reporter, and nobody else can be answered instead.
fn kept_by(table: &Table<'_>, anchor: Option<Anchor>) -> KeptBy {
    let ways = [("answer", KeptBy::Answer), ("contact", KeptBy::Contact), ("closing", KeptBy::Closing)];
    let Some(item) = table.get("kept_by") else { return KeptBy::default() };
    let way = item.one_of(&ways).unwrap_or_default();
    if way != KeptBy::Answer && anchor == Some(Anchor::Received) {
        item.fault("answer, for a promise that counts from receipt");
    }
    way
}

/// The calendar that the promise names, or the team's first.
fn calendar(table: &Table<'_>, calendars: &[TeamCalendar]) -> Option<Arc<Calendar>> {
    let Some(item) = table.get("calendar") else {
        let first = calendars.first()?;
        return newest(calendars, first.hours.id()).map(|calendar| Arc::clone(&calendar.hours));
    };
    let named = |id: &str| newest(calendars, id).map(|calendar| Arc::clone(&calendar.hours));
    item.read("the id of a [[calendar]]", named)
}
