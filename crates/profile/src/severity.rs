//! How bad a case is, by rules that the team has declared, and the team's own sub-types.
//!
//! Rules are tried in order, and the first whose every condition holds decides. The last has no
//! condition, so there is always an answer. The rules carry a version, which a case keeps beside
//! the answer.

use formats::rsit;

use super::channels::{CASE_KINDS, REPORT_KINDS};
use super::source::{Item, Table};
use super::texts::Texts;

/// The `[severity]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Severity {
    /// Raised with every edit.
    pub version: u32,
    /// Rules with conditions, in order.
    pub rules: Vec<Rule>,
    /// The last rule, for what none of the others fits.
    pub otherwise: Rule,
}

/// One `[[severity.rule]]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rule {
    /// What a case names as the reason.
    pub id: String,
    /// What must hold.
    pub when: When,
    /// What then follows.
    pub level: Level,
}

/// Conditions of a rule. What is not set asks nothing; in a list, one hit is enough.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    /// RSIT classes (`availability`) and types (`availability/ddos`).
    pub rsit: Vec<String>,
    /// Kinds of report or case.
    pub kinds: Vec<String>,
    /// Whether the case is within the team's scope: decided so, not only not decided otherwise.
    pub in_scope: Option<bool>,
    /// The least number of systems, people or organisations known to be hit.
    pub extent_at_least: Option<u64>,
    /// Whether a party's sector is a critical one.
    pub critical_sector: Option<bool>,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Can wait for its turn.
    Low,
    /// The usual case.
    #[default]
    Medium,
    /// Goes before others.
    High,
    /// Everything else can wait.
    Critical,
}

/// What is known of a case when it is judged.
#[derive(Debug, Clone, Copy, Default)]
pub struct Situation<'a> {
    /// RSIT class, empty while unknown.
    pub class: &'a str,
    /// RSIT type, empty while unknown.
    pub rsit_type: &'a str,
    /// Kind of report or case.
    pub kind: &'a str,
    /// Whether it is within the team's scope, if that is decided.
    pub in_scope: Option<bool>,
    /// How many are hit, if known.
    pub extent: Option<u64>,
    /// Whether a party's sector is a critical one.
    pub critical_sector: bool,
}

/// A finer type of the team's own, below exactly one RSIT type: one `[[subtype]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subtype {
    /// What cases call it.
    pub id: String,
    /// What people read.
    pub title: Texts,
    /// The RSIT class.
    pub class: String,
    /// The RSIT type within it.
    pub rsit_type: String,
}

impl Level {
    /// All levels, the mildest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word for it in profiles and in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The level of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

impl When {
    /// Whether every condition holds. What is unknown fulfils none.
    pub fn holds(&self, now: &Situation<'_>) -> bool {
        let rsit = |wanted: &String| match wanted.split_once('/') {
            Some((class, rsit_type)) => class == now.class && rsit_type == now.rsit_type,
            None => wanted == now.class,
        };
        (self.rsit.is_empty() || self.rsit.iter().any(rsit))
            && (self.kinds.is_empty() || self.kinds.iter().any(|kind| kind == now.kind))
            && self.in_scope.is_none_or(|wanted| now.in_scope == Some(wanted))
            && self.extent_at_least.is_none_or(|least| now.extent.is_some_and(|extent| extent >= least))
            && self.critical_sector.is_none_or(|wanted| wanted == now.critical_sector)
    }

    fn read(table: Table<'_>) -> Self {
        let words = REPORT_KINDS.into_iter().chain(CASE_KINDS).map(|kind| (kind, kind));
        let words: Vec<_> = words.chain([("advice", "advice")]).collect();
        let (types, kinds) = (table.items("rsit"), table.items("kinds"));
        let expected = "an RSIT class such as fraud, or class and type such as fraud/phishing";
        let when = Self {
            rsit: types.iter().filter_map(|item| item.read(expected, known_rsit)).collect(),
            kinds: kinds.iter().filter_map(|item| item.one_of(&words)).map(str::to_owned).collect(),
            in_scope: table.get("in_scope").and_then(|item| item.flag()),
            extent_at_least: table.get("extent_at_least").and_then(|item| item.whole(1..=1 << 40)),
            critical_sector: table.get("critical_sector").and_then(|item| item.flag()),
        };
        table.close();
        when
    }
}

impl Severity {
    /// The rule that decides, and with it the level.
    pub fn judge(&self, now: &Situation<'_>) -> &Rule {
        self.rules.iter().find(|rule| rule.when.holds(now)).unwrap_or(&self.otherwise)
    }

    pub(super) fn read(table: Table<'_>) -> Self {
        let version = table.need("version").and_then(|item| item.whole(1..=1_000_000));
        let mut rules = Vec::new();
        let mut otherwise = None;
        for rule in table.tables("rule") {
            let before = rule.faults_so_far();
            let conditions = rule.get("when");
            let levels = Level::ALL.map(|level| (level.as_str(), level));
            let read = Rule {
                id: rule.need("id").and_then(|item| item.id()).unwrap_or_default(),
                when: conditions.as_ref().and_then(Item::table).map(When::read).unwrap_or_default(),
                level: rule.need("severity").and_then(|item| item.one_of(&levels)).unwrap_or_default(),
            };
            if otherwise.is_some() {
                rule.fault("comes after the rule without when", "that rule to be the last");
            }
            let mut known = rules.iter().chain(&otherwise);
            if known.any(|known: &Rule| known.id == read.id) {
                rule.fault(format!("has the id {:?} a second time", read.id), "an id of its own");
            }
            match conditions {
                None => otherwise = Some(read),
                Some(item) if read.when == When::default() && rule.faults_so_far() == before => {
                    item.note("has no condition", "one, or a last rule without when");
                }
                Some(_) => rules.push(read),
            }
            rule.close();
        }
        if otherwise.is_none() {
            table.fault("has no last rule without when", "one, for what no other rule fits");
        }
        table.close();
        Self { version: version.unwrap_or_default(), rules, otherwise: otherwise.unwrap_or_default() }
    }
}

impl Subtype {
    pub(super) fn read(table: Table<'_>, languages: &[String]) -> Self {
        let class = table.need("class").and_then(|item| item.text()).unwrap_or_default();
        let expected = format!("a type of the RSIT class {class:?}");
        let within = |name: &str| rsit::find(&class, name).map(|known| known.name.to_owned());
        let subtype = Self {
            id: table.need("id").and_then(|item| item.id()).unwrap_or_default(),
            title: table.need("title").map(|item| Texts::read(&item, languages)).unwrap_or_default(),
            rsit_type: table.need("type").and_then(|item| item.read(&expected, within)).unwrap_or_default(),
            class,
        };
        table.close();
        subtype
    }
}

fn known_rsit(text: &str) -> Option<String> {
    let known = match text.split_once('/') {
        Some((class, name)) => rsit::find(class, name).is_some(),
        None => rsit::types_of(text).next().is_some(),
    };
    known.then(|| text.to_owned())
}
