//! The table at one version, and how a question becomes a statement about its files.

use super::filter::Filter;
use super::text::{self, Dialect};
use super::{By, Question, Sight, Value};
use crate::key;
use crate::log::{Add, Denied, Snapshot};
use crate::{Error, Result, schema};
use std::sync::Arc;

/// The table at one version.
#[derive(Debug, Clone)]
pub struct View {
    pub version: i64,
    place: String,
    files: Vec<DataFile>,
    denied: Arc<[Denied]>,
}

/// A live data file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataFile {
    /// Relative to the place.
    pub path: String,
    pub size: u64,
    pub rows: u64,
    /// Days since 1970.
    pub day: i32,
    /// Least and greatest holder in it.
    pub holders: (i64, i64),
}

/// What an engine is asked: a text over one table `lake` made of these files, with named parameters.
#[derive(Debug, Clone)]
pub struct Statement {
    pub sql: String,
    /// By name, without the colon.
    pub parameters: Vec<(String, Value)>,
    pub place: String,
    pub files: Vec<DataFile>,
}

/// Parameters as they are given out.
#[derive(Debug, Default)]
pub(super) struct Parameters(Vec<(String, Value)>);

impl Parameters {
    /// Takes a value and says how the text names it.
    pub fn add(&mut self, value: Value) -> String {
        let name = format!("p{}", self.0.len());
        let named = format!(":{name}");
        self.0.push((name, value));
        named
    }

    fn named(&mut self, name: &str, value: Value) {
        self.0.push((name.to_owned(), value));
    }
}

impl View {
    pub(crate) fn new(place: String, snapshot: &Snapshot) -> Result<Self> {
        let files = snapshot.files.values().filter_map(|add| DataFile::of(add)).collect();
        Ok(Self { version: snapshot.version, place, files, denied: snapshot.denied()?.into() })
    }

    /// The live files, in the order of days.
    pub fn files(&self) -> &[DataFile] {
        &self.files
    }

    /// A question as a statement for an engine.
    pub fn statement(&self, question: &Question, sight: &Sight, dialect: Dialect) -> Result<Statement> {
        let mut to = Parameters::default();
        let filter = self.filter(question)?;
        let mut conditions = filter.condition(&mut to);
        let mut by = ("", String::new());
        let (text, limit) = match question {
            Question::Events { after, limit, .. } => {
                if let Some(after) = after {
                    to.named("after", Value::Time(after.observed));
                    to.named("after_event", Value::Bytes(after.event));
                    to.named("after_holder", Value::Int(after.holder));
                    conditions = format!("{conditions} AND {}", text::AFTER);
                }
                (text::EVENTS, *limit)
            }
            Question::Event { event } => {
                to.named("event", Value::Bytes(*event));
                (text::ONE, 0)
            }
            Question::Counts { by: what, limit, .. } => {
                let order = if *what == By::Day { "value" } else { "events DESC, value NULLS LAST" };
                by = (what.column(), order.to_owned());
                (text::COUNTS, *limit)
            }
            Question::Histogram { by: what, .. } => {
                by.0 = what.column();
                (text::HISTOGRAM, 0)
            }
            Question::Tally { .. } => (text::TALLY, 0),
            Question::Total { .. } => (text::TOTAL, 0),
            Question::Changes { since, limit, .. } => {
                to.named("since", Value::Time(*since));
                (text::CHANGES, *limit)
            }
            Question::ChangeCounts { since, .. } => {
                to.named("since", Value::Time(*since));
                (text::CHANGE_COUNTS, 0)
            }
            Question::Unmatched { limit, .. } => (text::UNMATCHED, *limit),
        };
        let (seen, sight_condition) = self.seen(question, sight, &mut to);
        let events = text::fill(text::SEEN, &[("seen", &seen), ("sight", &sight_condition)], dialect);
        let words = [
            ("events", events.as_str()),
            ("filter", &conditions),
            ("columns", &text::EVENT.join(", ")),
            ("by", by.0),
            ("order", &by.1),
            ("limit", &limit.to_string()),
        ];
        let sql = text::fill(text, &words, dialect);
        let files = self.touched(&filter, sight);
        Ok(Statement { sql, parameters: to.0, place: self.place.clone(), files })
    }

    /// The files that can hold an answer.
    pub(crate) fn touched(&self, filter: &Filter, sight: &Sight) -> Vec<DataFile> {
        self.files.iter().filter(|file| touches(file, filter, sight)).cloned().collect()
    }

    /// What was erased.
    pub(crate) fn denied(&self) -> &[Denied] {
        &self.denied
    }

    /// The filter of a question, with what the question itself says.
    pub(crate) fn filter(&self, question: &Question) -> Result<Filter> {
        let filter = match question {
            Question::Events { filter, .. }
            | Question::Counts { filter, .. }
            | Question::Histogram { filter, .. }
            | Question::Tally { filter }
            | Question::Total { filter }
            | Question::Changes { filter, .. }
            | Question::ChangeCounts { filter, .. } => filter.clone(),
            Question::Unmatched { filter, .. } => Filter { unmatched: true, ..filter.clone() },
            Question::Event { event } => {
                let day = i64::from(key::day_of(key::EventId::from_be_bytes(*event)));
                Filter::new(super::Span { from: day * key::DAY, until: (day + 1) * key::DAY })
            }
        };
        if filter.span.from >= filter.span.until {
            return Err(Error::Question("the time ends before it begins".into()));
        }
        Ok(filter)
    }

    /// The columns as they may be seen, and which rows.
    fn seen(&self, question: &Question, sight: &Sight, to: &mut Parameters) -> (String, String) {
        let mut all = vec![match sight {
            // An event is asked for as each of its holders has it.
            Sight::All if matches!(question, Question::Event { .. }) => "rank >= 0".to_owned(),
            Sight::All => match self.filter(question) {
                // By holder, each has its own row.
                Ok(filter) if filter.holder.is_some() => "rank >= 0".to_owned(),
                _ => "rank = 0".to_owned(),
            },
            Sight::Holders(holders) if holders.is_empty() => "holder = -1".to_owned(),
            Sight::Holders(holders) => {
                let list: Vec<String> = holders.iter().map(|holder| to.add(Value::Int(*holder))).collect();
                format!("holder IN ({})", list.join(", "))
            }
        }];
        let mut peers = Vec::new();
        for denied in self.denied.iter() {
            let before = to.add(Value::Time(denied.before));
            if let Some(holder) = denied.holder {
                all.push(format!("(holder <> {} OR observed >= {before})", to.add(Value::Int(holder))));
            }
            if let Some((first, last)) = denied.addresses() {
                let (first, last) = (to.add(Value::Bytes(first)), to.add(Value::Bytes(last)));
                all.push(format!("(ip IS NULL OR ip < {first} OR ip > {last} OR observed >= {before})"));
                peers.push(format!("(peer_ip >= {first} AND peer_ip <= {last} AND observed < {before})"));
            }
        }
        let column = |name: &&str| match *name {
            "peer_ip" if !peers.is_empty() => format!("CASE WHEN {} THEN NULL ELSE peer_ip END AS peer_ip", peers.join(" OR ")),
            name => name.to_owned(),
        };
        (text::EVENT.iter().map(column).collect::<Vec<_>>().join(", "), all.join(" AND "))
    }
}

/// Whether a file may hold what is asked.
fn touches(file: &DataFile, filter: &Filter, sight: &Sight) -> bool {
    let days = key::day(filter.span.from)..=key::day(filter.span.until.saturating_sub(1));
    let has = |holder: i64| file.holders.0 <= holder && holder <= file.holders.1;
    let seen = match sight {
        Sight::All => true,
        Sight::Holders(holders) => holders.iter().any(|holder| has(*holder)),
    };
    days.contains(&file.day) && seen && filter.holder.is_none_or(has) && (!filter.unmatched || has(0))
}

impl DataFile {
    pub(crate) fn of(add: &Add) -> Option<Self> {
        let day = add.partition_values.get(schema::DAY)?.as_deref().and_then(key::parse_date)?;
        let stats: serde_json::Value = add.stats.as_deref().and_then(|stats| serde_json::from_str(stats).ok()).unwrap_or_default();
        let holder = |which: &str, other: i64| stats.get(which).and_then(|values| values.get("holder")).and_then(serde_json::Value::as_i64).unwrap_or(other);
        Some(Self {
            path: add.path.clone(),
            size: u64::try_from(add.size).unwrap_or(0),
            rows: stats.get("numRecords").and_then(serde_json::Value::as_u64).unwrap_or(0),
            day,
            holders: (holder("minValues", i64::MIN), holder("maxValues", i64::MAX)),
        })
    }
}
