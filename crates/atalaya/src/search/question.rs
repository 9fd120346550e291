//! What is looked for: the observables that a question names, what else is worth looking up for them, and
//! where its next page begins.

use std::net::IpAddr;

use ::store::Id;
use formats::net::Prefix;
use formats::observable::{Kind, Observable, distinct, extract};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::web::Fields;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// As typed.
    pub q: String,
    /// `report`, `case`, `message`, `organisation`, `observable`, or empty for all.
    pub kind: String,
    /// Go on below this place of the index.
    pub before: Option<i64>,
    /// Go on before this sighting: when, and where.
    pub seen_before: Option<(Timestamp, Id)>,
    /// Look for addresses as words too.
    pub as_words: bool,
    /// First and last day as typed, each perhaps empty: a report or message that came, a case in which something last
    /// happened, from the one on and until the end of the other.
    pub days: [String; 2],
    /// The same as instants: the first, and the first after.
    pub span: [Option<Timestamp>; 2],
    /// A state of reports or cases, or empty for all.
    pub state: String,
    /// What could not be read of the days.
    pub problem: String,
}

/// States of reports and cases that may be asked for, with what people call them.
pub const STATES: [(&str, &str); 6] =
    [("", "any"), ("new", "new"), ("open", "open"), ("resolved", "resolved"), ("rejected", "rejected"), ("abandoned", "abandoned")];

impl Question {
    /// What the fields of the search page ask.
    pub(super) fn read(asked: &Fields, zone: &TimeZone) -> Self {
        let mut problem = String::new();
        let mut day = |name: &str| match asked.get(name).parse::<Date>() {
            Ok(day) => Some(day),
            Err(_) if asked.get(name).is_empty() => None,
            Err(_) => {
                problem = format!("“{}” is not a date such as 2026-11-21: all days were looked at.", asked.get(name));
                None
            }
        };
        let (from, to) = (day("from"), day("to").and_then(|last| last.tomorrow().ok()));
        if problem.is_empty() && from.zip(to).is_some_and(|(from, to)| from >= to) {
            problem = "From is later than Until: no day lies between them.".to_owned();
        }
        let starts = |day: Option<Date>| day.and_then(|day| day.to_zoned(zone.clone()).ok()).map(|at| at.timestamp());
        let state = asked.get("state");
        Self {
            days: [asked.get("from").to_owned(), asked.get("to").to_owned()],
            span: [starts(from), starts(to)],
            state: STATES.iter().find(|(known, _)| *known == state).map_or("", |(known, _)| known).to_owned(),
            problem,
            q: asked.get("q").to_owned(),
            kind: asked.get("in").to_owned(),
            before: asked.get("before").parse().ok(),
            seen_before: key_of(asked.get("seen")),
            as_words: asked.has("words"),
        }
    }

    /// Whether only some days or one state are asked for.
    pub fn is_narrow(&self) -> bool {
        !self.state.is_empty() || self.span.iter().any(Option::is_some)
    }

    /// Whether a hit of this state and moment is asked for.
    pub(super) fn wants(&self, state: &str, at: Timestamp) -> bool {
        let [from, to] = self.span;
        (self.state.is_empty() || self.state == state) && from.is_none_or(|from| at >= from) && to.is_none_or(|to| at < to)
    }
}

/// The observables of a question, and whether it is nothing else.
pub(super) fn recognised(q: &str) -> (Vec<Observable>, bool) {
    let found = extract(q);
    if found.is_empty() && !q.contains(char::is_whitespace) {
        let one: Vec<Observable> = Kind::ALL.into_iter().find_map(|kind| Observable::new(kind, q).ok()).into_iter().collect();
        let exact = !one.is_empty();
        return (one, exact);
    }
    let inside = |at: usize| found.iter().any(|one| one.at.contains(&at));
    let exact = !found.is_empty() && q.char_indices().all(|(at, c)| inside(at) || !c.is_alphanumeric());
    (distinct(&found), exact)
}

/// What else is worth looking up for an observable: the networks around an address, a network or a range.
pub(super) fn around(one: &Observable) -> Vec<Observable> {
    let own: Option<Prefix> = match one.kind {
        Kind::Ip => one.value.parse::<IpAddr>().ok().map(Prefix::host),
        Kind::Cidr => one.value.parse().ok(),
        Kind::Range => return around_range(&one.value),
        _ => None,
    };
    let Some(own) = own else { return Vec::new() };
    own.covering().filter(|net| *net != own).map(|net| Observable { kind: Kind::Cidr, value: net.to_string() }).collect()
}

fn around_range(range: &str) -> Vec<Observable> {
    let ends = range.split_once('-').and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
    let Some((low, high)) = ends.map(|(low, high): (IpAddr, IpAddr)| (Prefix::host(low), Prefix::host(high))) else { return Vec::new() };
    let others: Vec<Prefix> = high.covering().collect();
    low.covering().filter(|net| others.contains(net)).map(|net| Observable { kind: Kind::Cidr, value: net.to_string() }).collect()
}

/// The key of a sighting, as an address has it.
pub(super) fn written((at, about): (Timestamp, Id)) -> String {
    format!("{}-{about}", at.as_microsecond())
}

/// A key that [`written`] wrote.
pub fn key_of(text: &str) -> Option<(Timestamp, Id)> {
    let (at, about) = text.split_once('-')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, about.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_that_is_an_address_is_one_and_words_around_it_make_it_more() {
        let values = |q: &str| recognised(q).0.iter().map(|one| one.value.clone()).collect::<Vec<_>>();
        assert_eq!(values("192[.]0[.]2[.]7"), ["192.0.2.7"]);
        assert!(recognised("192.0.2.7, AS64501").1);
        assert!(!recognised("scan from 192.0.2.7").1);
        assert_eq!(recognised("router floods"), (vec![], false));
        assert!(recognised("CVE-2026-31337").1);
    }

    #[test]
    fn around_an_address_are_its_networks() {
        let ip = Observable::new(Kind::Ip, "192.0.2.7").unwrap();
        let nets: Vec<String> = around(&ip).into_iter().map(|one| one.value).collect();
        assert!(nets.contains(&"192.0.2.0/24".to_owned()) && nets.contains(&"192.0.0.0/16".to_owned()) && nets.len() == 31);
    }
}
