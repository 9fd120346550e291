//! Why an organisation is told: of the organisation itself, and never of another.

use formats::label::Tlp;
use formats::observable::{Kind, Observable, defang};
use jiff::Timestamp;
use press::Hit;
use serde::{Deserialize, Serialize};

use crate::events;
use crate::text::Text;

/// Why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Reason {
    /// The publication's rule names it.
    Rule,
    /// It was told of an earlier version, or before this one was out.
    Before,
    /// Somebody of the team added it.
    Chosen,
    /// It declared that it runs a product.
    Declared {
        /// Vendor, product and release, as it declared them.
        product: String,
        /// The affected releases, as the publication writes them.
        affected: String,
        /// How its release stands to them.
        hit: Hit,
    },
    /// Something of its own was seen.
    Seen(Sighting),
}

/// Reasons that are one line for the team: what was seen, and each.
type Same<'a> = (Option<(&'a str, &'a str)>, Vec<&'a Reason>);

/// Something that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    /// `cve`, `product` or `type`.
    pub what: String,
    /// Which one.
    pub name: String,
    /// An address, a network or a domain.
    pub subject: String,
    /// When last.
    pub last: Timestamp,
    /// How often.
    pub events: u64,
    /// The highest label of these events.
    pub label: Tlp,
}

impl From<events::Sighting> for Reason {
    fn from(one: events::Sighting) -> Self {
        Self::Seen(Sighting { what: one.what.into(), name: one.name, subject: one.subject, last: one.last, events: one.events, label: one.label })
    }
}

impl Reason {
    /// The label that it carries by itself.
    pub fn label(&self) -> Tlp {
        if let Self::Seen(seen) = self { seen.label } else { Tlp::Clear }
    }

    /// Whether it speaks for telling: a release that is not affected does not.
    pub fn speaks_for(&self) -> bool {
        !matches!(self, Self::Declared { hit: Hit::Outside, .. })
    }

    /// For the team.
    pub fn for_team(&self) -> String {
        match self {
            Self::Rule => "the rule names it".into(),
            Self::Before => "was told before".into(),
            Self::Chosen => "added by hand".into(),
            Self::Declared { product, affected, hit } => {
                let stands = match hit {
                    Hit::Inside => "affected",
                    Hit::Outside => "not affected",
                    Hit::Unclear => "please compare",
                };
                format!("declared {product}: {stands} (affected: {affected})")
            }
            Self::Seen(seen) => {
                let name = if seen.what == "type" { title(&seen.name) } else { seen.name.clone() };
                let last = day(seen.last);
                let times = if seen.events == 1 { "once".to_owned() } else { format!("{} times", seen.events) };
                format!("{name} seen at {} until {last} UTC, {times}, {}", seen.subject, seen.label.marking())
            }
        }
    }

    /// Several for the team: a line each, and behind it one by one what it puts together. What was seen at several places
    /// is one line.
    pub fn in_short(all: &[Self]) -> Vec<(String, Vec<String>)> {
        let mut lines: Vec<Same<'_>> = Vec::new();
        for one in all {
            let what = if let Self::Seen(seen) = one { Some((seen.what.as_str(), seen.name.as_str())) } else { None };
            match lines.iter_mut().find(|(known, _)| what.is_some() && *known == what) {
                Some((_, same)) => same.push(one),
                None => lines.push((what, vec![one])),
            }
        }
        lines.into_iter().map(|(what, same)| Self::line(what, &same)).collect()
    }

    fn line(what: Option<(&str, &str)>, same: &[&Self]) -> (String, Vec<String>) {
        let each: Vec<String> = same.iter().map(|one| one.for_team()).collect();
        let last = same.iter().filter_map(|one| if let Self::Seen(seen) = one { Some(seen.last) } else { None }).max();
        match (what, last) {
            (Some((what, name)), Some(last)) if same.len() > 1 => {
                let name = if what == "type" { title(name) } else { name.to_owned() };
                (format!("{name} seen at {} places, last on {} UTC", same.len(), day(last)), each)
            }
            _ => (each.join("; "), Vec::new()),
        }
    }

    /// For the organisation, in its language.
    pub fn for_organisation(&self, text: &Text) -> String {
        match self {
            Self::Rule => text.say("warn-rule"),
            Self::Before => text.say("warn-before"),
            Self::Chosen => text.say("warn-chosen"),
            Self::Declared { product, affected, hit } => {
                let said = text.fill("warn-declared", &[("product", product.clone()), ("affected", affected.clone())]);
                if *hit == Hit::Inside { said } else { format!("{said} {}", text.say("warn-compare")) }
            }
            Self::Seen(seen) => {
                let key = format!("rsit-{}", seen.name);
                let name = match seen.what.as_str() {
                    "type" if text.has(&key) => text.say(&key),
                    "type" => text.say("rsit-other"),
                    _ => seen.name.clone(),
                };
                text.fill("warn-seen", &[("name", name), ("subject", broken(&seen.subject)), ("day", day(seen.last)), ("times", seen.events.to_string())])
            }
        }
    }
}

/// The day of an event is that of UTC, as the lake and the lists have it.
fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn title(name: &str) -> String {
    formats::rsit::TYPES.iter().find(|known| known.name == name).map_or_else(|| name.to_owned(), |known| known.title.to_owned())
}

/// So that nobody clicks by accident.
fn broken(subject: &str) -> String {
    let kinds = [Kind::Ip, Kind::Cidr, Kind::Domain];
    kinds.into_iter().find_map(|kind| Observable::new(kind, subject).ok()).map_or_else(|| subject.replace('.', "[.]"), |one| defang(&one))
}
