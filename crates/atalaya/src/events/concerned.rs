//! Whose events speak of something: of a vulnerability, a product or a type. It tells whom an alert concerns.

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv6Addr};

use ::lake::{Filter, Sighted, Span};
use ::store::Id;
use formats::label::Tlp;
use formats::net::Prefix;
use jiff::{SignedDuration, Timestamp};

use super::{found, upkeep};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Result, constituency};

/// So many different things of one holder are told one by one.
const EACH: usize = 20;

/// What is looked for: any of these.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// CVE ids.
    pub cves: Vec<String>,
    /// RSIT class and type; a whole class where the type is empty.
    pub types: Vec<(String, String)>,
    /// Products, by their names as [`press::affected::fold`] has them.
    pub products: Vec<String>,
    /// So many days back.
    pub days: i64,
}

impl Sought {
    /// What of it an event speaks of: `cve`, `product` or `type`, and its name.
    fn of<'s>(&'s self, event: &Sighted<'s>) -> Option<(&'static str, &'s str)> {
        let cve = event.cve.split(';').find(|cve| !cve.is_empty() && self.cves.iter().any(|sought| sought == cve));
        let product =
            || Some(event.product).filter(|name| !name.is_empty() && !self.products.is_empty() && self.products.contains(&press::affected::fold(name)));
        let kind = || {
            let is = |(class, name): &&(String, String)| class == event.class && (name.is_empty() || name == event.r#type);
            self.types.iter().find(is).map(|_| event.r#type)
        };
        cve.map(|cve| ("cve", cve)).or_else(|| product().map(|name| ("product", name))).or_else(|| kind().map(|name| ("type", name)))
    }

    fn is_empty(&self) -> bool {
        self.cves.is_empty() && self.types.is_empty() && self.products.is_empty()
    }
}

/// Something of an organisation that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// `cve`, `product` or `type`.
    pub what: &'static str,
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

/// What was seen of whom in the last days, by organisation, the newest first: up to twenty things of each. It reads the days' files
/// in a few columns, so it is for a button and not for a page.
pub async fn concerned(app: &App, who: &Who, sought: Sought) -> Result<Vec<(Id, Vec<Sighting>)>> {
    require(who, Verb::See, Noun::Event)?;
    let Some(answers) = found::now(app).await?.filter(|_| !sought.is_empty()) else { return Ok(Vec::new()) };
    let now = app.now();
    let from = now.checked_sub(SignedDuration::from_hours(24 * sought.days.clamp(1, 400))).unwrap_or(Timestamp::MIN);
    let filter = Filter::new(Span { from: from.as_microsecond(), until: now.as_microsecond().saturating_add(1) });
    let seen = upkeep::blocking(move || {
        let mut seen = Gathered::default();
        answers.each_sighted(&filter, |event| {
            if let Some((what, name)) = sought.of(event) {
                seen.add(event, what, name);
            }
        })?;
        Ok(seen)
    })
    .await?;
    let numbers: Vec<i64> = seen.0.keys().copied().collect();
    let mut reader = app.db.read().await?;
    let mut ids: HashMap<i64, Id> = HashMap::new();
    for some in numbers.chunks(500) {
        ids.extend(constituency::numbered(&mut reader, some).await?.into_iter().map(|one| (one.number, one.id)));
    }
    let all = seen.0.into_iter().filter_map(|(holder, things)| Some((*ids.get(&holder)?, newest(things))));
    Ok(all.collect())
}

/// Whose the events of a filter are: those with the most of them, so many at most, and how many organisations there are in all.
pub(super) async fn holders(app: &App, filter: Filter, most: usize) -> Result<(Vec<Id>, usize)> {
    let Some(answers) = found::now(app).await? else { return Ok((Vec::new(), 0)) };
    let counts = upkeep::blocking(move || {
        let mut counts: BTreeMap<i64, u64> = BTreeMap::new();
        answers.each_sighted(&filter, |event| *counts.entry(event.holder).or_default() += 1)?;
        Ok(counts)
    })
    .await?;
    let all = counts.len();
    let mut numbers: Vec<(i64, u64)> = counts.into_iter().collect();
    numbers.sort_by_key(|(number, events)| (std::cmp::Reverse(*events), *number));
    let numbers: Vec<i64> = numbers.into_iter().take(most).map(|(number, _)| number).collect();
    let known = constituency::numbered(&mut app.db.read().await?, &numbers).await?;
    Ok((known.into_iter().map(|one| one.id).collect(), all))
}

/// What makes sightings differ: kind, name, subject.
type Thing = (&'static str, String, String);

#[derive(Default)]
struct Gathered(BTreeMap<i64, BTreeMap<Thing, (i64, u64, Tlp)>>);

impl Gathered {
    fn add(&mut self, event: &Sighted<'_>, what: &'static str, name: &str) {
        let things = self.0.entry(event.holder).or_default();
        let thing = (what, name.to_owned(), subject(event));
        // What a holder has a thousand of is told by the first of them: it is concerned all the same.
        if things.len() >= EACH * 50 && !things.contains_key(&thing) {
            return;
        }
        // A label that cannot be read lets nothing out.
        let label = event.tlp.parse().unwrap_or(Tlp::Red);
        let (last, events, highest) = things.entry(thing).or_insert((event.observed, 0, label));
        *last = event.observed.max(*last);
        *events += 1;
        *highest = label.max(*highest);
    }
}

fn newest(things: BTreeMap<Thing, (i64, u64, Tlp)>) -> Vec<Sighting> {
    let each = |((what, name, subject), (last, events, label)): (Thing, (i64, u64, Tlp))| Sighting {
        what,
        name,
        subject,
        last: ::store::instant(last),
        events,
        label,
    };
    let mut all: Vec<Sighting> = things.into_iter().map(each).collect();
    all.sort_by(|a, b| b.last.cmp(&a.last).then_with(|| a.subject.cmp(&b.subject)));
    all.truncate(EACH);
    all
}

fn subject(event: &Sighted<'_>) -> String {
    let Some(ip) = event.ip else { return event.domain.to_owned() };
    let ip = IpAddr::V6(Ipv6Addr::from(ip)).to_canonical();
    let len = event.prefix.and_then(|len| u8::try_from(len).ok());
    len.and_then(|len| Prefix::new(ip, len).ok()).map_or_else(|| ip.to_string(), |network| network.to_string())
}
