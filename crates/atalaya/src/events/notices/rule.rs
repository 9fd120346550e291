//! A rule: of what an organisation hears, when, and how. Rules are rows; nothing of them is in code.
//!
//! A finding is its first rule's: first those of the organisation itself, then those for all, in their
//! order. So no two rules speak of the same thing, and an exception is a rule that stands before another.

use ::store::{Id, Reader, Record};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;

use super::group::Finding;
use super::schedule::When;
use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, constituency};

/// How bad, from the least: name and title.
pub const SEVERITIES: [(&str, &str); 5] = [("info", "Info"), ("low", "Low"), ("medium", "Medium"), ("high", "High"), ("critical", "Critical")];
/// The texts that there are: name and title.
pub const TEMPLATES: [(&str, &str); 2] = [("full", "Full: what was seen and what to do"), ("brief", "Brief: numbers and where to read more")];
/// Monday first.
pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// What a rule says; as it is typed, and as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleDetails {
    /// Its turn among the rules.
    pub place: i64,
    /// What people call it.
    pub name: String,
    /// `registered`, `known`, `one`.
    pub scope: String,
    /// The organisation, if it is for one.
    pub organisation: Option<Id>,
    /// Feeds, with spaces between; empty for all.
    pub feeds: String,
    /// Report types; empty for all.
    pub kinds: String,
    /// RSIT classes or `class/type`; empty for all.
    pub types: String,
    /// The least severity: 0 to 4.
    pub severity: i8,
    /// So many findings make a notice; fewer wait.
    pub threshold: i64,
    /// `at_once`, `daily`, `weekly`.
    pub due: String,
    /// 0 is Monday.
    pub weekday: i8,
    /// 0 to 23.
    pub hour: i8,
    /// After so many days without it, while its feed goes on, a finding is gone.
    pub quiet_days: i64,
    /// `attach`, `link`.
    pub csv: String,
    /// Bytes of a list that is attached at most.
    pub csv_bytes: i64,
    /// One of [`TEMPLATES`].
    pub template: String,
    /// Language tag; empty for the contact's.
    pub language: String,
    /// `active`, `off`.
    pub state: String,
    /// The first day on which it speaks again; none while it is not paused.
    pub paused_until: Option<Date>,
    /// Why it is paused.
    pub pause_reason: String,
}

/// A rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Id.
    pub id: Id,
    /// What it says.
    pub says: RuleDetails,
    /// Since when.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// Counts the changes.
    pub version: i64,
}

impl RuleDetails {
    /// What stands in the form of a new one.
    pub fn fresh(app: &App) -> Self {
        let notices = app.profile.events.notices.clone().unwrap_or_default();
        Self {
            place: 100,
            name: String::new(),
            scope: "registered".into(),
            organisation: None,
            feeds: String::new(),
            kinds: String::new(),
            types: String::new(),
            severity: notices.severity,
            threshold: notices.threshold,
            due: notices.due,
            weekday: notices.weekday,
            hour: notices.hour,
            quiet_days: notices.quiet_days,
            csv: notices.csv,
            csv_bytes: notices.csv_bytes,
            template: "full".into(),
            language: String::new(),
            state: "active".into(),
            paused_until: None,
            pause_reason: String::new(),
        }
    }

    /// When it speaks.
    pub fn when(&self) -> When {
        match self.due.as_str() {
            "at_once" => When::AtOnce,
            "weekly" => When::Weekly { weekday: self.weekday, hour: self.hour },
            _ => When::Daily { hour: self.hour },
        }
    }

    /// When it looks by itself, whatever came.
    pub fn looks(&self) -> When {
        match self.when() {
            When::AtOnce => When::Daily { hour: self.hour },
            when => when,
        }
    }

    /// Whether a finding is one of those that it speaks of.
    pub fn fits(&self, finding: &Finding) -> bool {
        finding.severity >= self.severity && self.wants(finding)
    }

    /// Whether it would be, however bad.
    pub fn wants(&self, finding: &Finding) -> bool {
        let nature = &finding.key.nature;
        let named = |list: &str, word: &str| list.is_empty() || list.split_whitespace().any(|one| one == word);
        let typed = self.types.is_empty()
            || self.types.split_whitespace().any(|one| one == &*nature.class || one.split_once('/') == Some((&*nature.class, &*nature.r#type)));
        named(&self.feeds, &nature.feed) && named(&self.kinds, &nature.report) && typed
    }

    /// The bytes up to which the list is attached to a mail; `None` where it never is.
    pub fn attached(&self, by_mail: bool) -> Option<usize> {
        usize::try_from(self.csv_bytes).ok().filter(|_| by_mail && self.csv == "attach")
    }

    /// Whether it says nothing on a day.
    pub fn is_paused(&self, today: Date) -> bool {
        self.paused_until.is_some_and(|until| today < until)
    }

    /// Everything that has to be asked again: field and one plain line.
    pub fn problems(&self) -> Vec<(&'static str, String)> {
        let mut problems = Vec::new();
        let mut problem = |bad: bool, field, text: &str| {
            if bad {
                problems.push((field, text.to_owned()));
            }
        };
        problem(self.name.is_empty() || self.name.chars().count() > 80, "name", "Write what people call the rule, up to 80 letters");
        problem(!(1..=10_000).contains(&self.place), "place", "Write its place as a number from 1 to 10000");
        problem(!["registered", "known", "one"].contains(&self.scope.as_str()), "scope", "Choose for whom it is");
        problem((self.scope == "one") != self.organisation.is_some(), "organisation", "Write the name of an organisation that the registry has");
        problem(!(0..=4).contains(&self.severity), "severity", "Choose the least severity");
        problem(!(1..=1_000_000).contains(&self.threshold), "threshold", "Write how many findings make a notice, 1 or more");
        problem(!["at_once", "daily", "weekly"].contains(&self.due.as_str()), "due", "Choose when it speaks");
        problem(!(0..=23).contains(&self.hour), "hour", "Write the hour as a number from 0 to 23");
        problem(!(0..=6).contains(&self.weekday), "weekday", "Choose a weekday");
        problem(!(1..=90).contains(&self.quiet_days), "quiet_days", "Write the days as a number from 1 to 90");
        problem(!["attach", "link"].contains(&self.csv.as_str()), "csv", "Choose how the list is handed over");
        problem(!(0..=10_000_000).contains(&self.csv_bytes), "csv_bytes", "Write the bytes as a number up to 10000000");
        problem(!TEMPLATES.iter().any(|(name, _)| *name == self.template), "template", "Choose a text");
        problem(self.paused_until.is_some() && self.pause_reason.is_empty(), "pause_reason", "Say why it is paused");
        for word in self.types.split_whitespace() {
            let known = formats::rsit::TYPES.iter().any(|known| known.class == word || word.split_once('/') == Some((known.class, known.name)));
            problem(!known, "types", &format!("“{word}” is neither a class nor a class/type of the taxonomy, like vulnerable or vulnerable/weak-crypto"));
        }
        problems
    }

    /// Trims what was typed.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        let words = |text: &str| text.replace([',', ';'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
        self.name = self.name.split_whitespace().collect::<Vec<_>>().join(" ");
        (self.feeds, self.kinds, self.types) = (words(&self.feeds), words(&self.kinds), words(&self.types));
        self.pause_reason = self.pause_reason.trim().to_owned();
        if self.paused_until.is_none() {
            self.pause_reason.clear();
        }
        self
    }

    /// When it speaks, for people.
    pub fn when_in_words(&self) -> String {
        match self.when() {
            When::AtOnce => format!("at once; what is gone, each business day at {}:00", self.hour),
            When::Daily { hour } => format!("each business day at {hour}:00"),
            When::Weekly { weekday, hour } => {
                let day = usize::try_from(weekday).ok().and_then(|day| WEEKDAYS.get(day)).copied().unwrap_or_default();
                format!("each {day} at {hour}:00")
            }
        }
    }

    /// What it speaks of, for people.
    pub fn what_in_words(&self) -> String {
        let mut parts = Vec::new();
        for (name, list) in [("type", &self.types), ("feed", &self.feeds), ("report", &self.kinds)] {
            if !list.is_empty() {
                parts.push(format!("{name} {}", list.replace(' ', ", ")));
            }
        }
        if self.severity > 0 {
            parts.push(format!("{} or worse", severity(self.severity).to_lowercase()));
        }
        if parts.is_empty() { "everything".into() } else { parts.join(" · ") }
    }
}

/// A severity's title.
pub fn severity(level: i8) -> &'static str {
    usize::try_from(level).ok().and_then(|at| SEVERITIES.get(at)).map_or("Info", |(_, title)| title)
}

/// All rules, in their order.
pub async fn rules(reader: &mut Reader, who: &Who) -> Result<Vec<Rule>> {
    require(who, Verb::See, Noun::Event)?;
    Ok(store::rules(reader).await?)
}

/// A rule.
pub async fn rule(reader: &mut Reader, who: &Who, id: Id) -> Result<Rule> {
    require(who, Verb::See, Noun::Event)?;
    store::rule(reader, id).await?.ok_or(Error::NotFound)
}

/// The rules that count for an organisation, in their order: its own before those for all.
pub fn of_organisation(rules: Vec<Rule>, organisation: Id, status: &str) -> Vec<Rule> {
    let counts = |rule: &Rule| {
        let says = &rule.says;
        let covers = match says.scope.as_str() {
            "one" => says.organisation == Some(organisation),
            "registered" => status == "registered",
            _ => status != "outside",
        };
        says.state == "active" && covers
    };
    let mut own: Vec<Rule> = rules.into_iter().filter(counts).collect();
    own.sort_by_key(|rule| (rule.says.organisation.is_none(), rule.says.place, rule.id));
    own
}

fn refuse(details: &RuleDetails) -> Result<()> {
    match details.problems().into_iter().next() {
        Some((_, text)) => Err(Error::invalid(text)),
        None => Ok(()),
    }
}

/// Adds a rule. What came before it and nobody was told of is its, too.
pub async fn add_rule(app: &App, who: &Who, details: RuleDetails) -> Result<Id> {
    require(who, Verb::Change, Noun::Event)?;
    let details = details.tidy();
    refuse(&details)?;
    app.db
        .change(&who.to_string(), async |tx| {
            if let Some(organisation) = details.organisation {
                constituency::get(tx, organisation).await?;
            }
            if store::rule_named(tx, &details.name).await?.is_some() {
                return Err(taken(&details.name));
            }
            let (id, now) = (tx.new_id(), tx.now());
            let one = Rule { id, says: details, created_at: now, updated_at: now, version: 1 };
            store::insert_rule(tx, &one).await?;
            super::round::turn(tx, app, &one).await?;
            tx.record(Record::new("notice_rule.added", "notice_rule", id).facts(facts(&one)).particulars(json!({ "name": one.says.name })));
            Ok(id)
        })
        .await
}

/// Changes a rule that the caller saw in this version.
pub async fn change_rule(app: &App, who: &Who, id: Id, version: i64, details: RuleDetails) -> Result<()> {
    require(who, Verb::Change, Noun::Event)?;
    let details = details.tidy();
    refuse(&details)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let before = store::rule(tx, id).await?.ok_or(Error::NotFound)?;
            if store::rule_named(tx, &details.name).await?.is_some_and(|other| other.id != id) {
                return Err(taken(&details.name));
            }
            let now = Rule { id, says: details, created_at: before.created_at, updated_at: tx.now(), version: version + 1 };
            if before.version != version || !store::update_rule(tx, &now).await? {
                return Err(Error::conflict("Somebody else has changed this rule meanwhile. Nothing of yours is lost: compare and save again."));
            }
            super::round::turn(tx, app, &now).await?;
            let particulars = json!({ "name": now.says.name, "reason": now.says.pause_reason });
            tx.record(Record::new("notice_rule.changed", "notice_rule", id).facts(facts(&now)).particulars(particulars));
            Ok(())
        })
        .await
}

fn taken(name: &str) -> Error {
    Error::conflict(format!("There is a rule named “{name}” already"))
}

fn facts(rule: &Rule) -> serde_json::Value {
    let says = &rule.says;
    json!({
        "scope": says.scope, "organisation": says.organisation, "what": says.what_in_words(), "when": says.when_in_words(), "threshold": says.threshold,
        "csv": says.csv, "template": says.template, "state": says.state, "paused_until": says.paused_until.map(|day| day.to_string()), "version": rule.version,
    })
}
