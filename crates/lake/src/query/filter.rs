//! Which events are meant: a time, and conditions that all hold.

use super::Value;
use super::view::Parameters;
use crate::key;

/// From one instant until before another, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    pub from: i64,
    pub until: i64,
}

/// Where a page of events ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct After {
    pub observed: i64,
    pub event: [u8; 16],
    /// The same event may be there once for each of several holders.
    pub holder: i64,
}

/// Conditions on events; what is `None` or empty is no condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    pub span: Span,
    /// First and last address, both included.
    pub addresses: Option<([u8; 16], [u8; 16])>,
    pub peer: Option<([u8; 16], [u8; 16])>,
    pub asn: Option<i64>,
    pub port: Option<i32>,
    pub holder: Option<i64>,
    /// Only what nobody holds.
    pub unmatched: bool,
    /// One of these event files, the smallest number first; `Some` of none: no event at all.
    pub files: Option<Vec<i64>>,
    pub classes: Vec<String>,
    pub types: Vec<String>,
    pub identifiers: Vec<String>,
    pub feeds: Vec<String>,
    pub kinds: Vec<String>,
    pub countries: Vec<String>,
    pub malware: Vec<String>,
    /// A domain or one of its parents.
    pub domain: Option<String>,
    /// At least this severe.
    pub severity: Option<i8>,
    /// Labels (`CLEAR`, `GREEN`, ...).
    pub labels: Vec<String>,
}

impl Filter {
    /// All events of a time.
    pub fn new(span: Span) -> Self {
        Self {
            span,
            addresses: None,
            peer: None,
            asn: None,
            port: None,
            holder: None,
            unmatched: false,
            files: None,
            classes: Vec::new(),
            types: Vec::new(),
            identifiers: Vec::new(),
            feeds: Vec::new(),
            kinds: Vec::new(),
            countries: Vec::new(),
            malware: Vec::new(),
            domain: None,
            severity: None,
            labels: Vec::new(),
        }
    }

    /// The condition, its values as parameters.
    pub(super) fn condition(&self, to: &mut Parameters) -> String {
        let (from, until) = (self.span.from, self.span.until);
        let mut all = vec![
            format!("day >= {}", to.add(Value::Date(key::day(from)))),
            format!("day <= {}", to.add(Value::Date(key::day(until.saturating_sub(1))))),
            format!("observed >= {}", to.add(Value::Time(from))),
            format!("observed < {}", to.add(Value::Time(until))),
        ];
        for (column, range) in [("ip", self.addresses), ("peer_ip", self.peer)] {
            match range {
                // Equality is what a bloom filter answers.
                Some((first, last)) if first == last => all.push(format!("{column} = {}", to.add(Value::Bytes(first)))),
                Some((first, last)) => {
                    all.push(format!("{column} >= {}", to.add(Value::Bytes(first))));
                    all.push(format!("{column} <= {}", to.add(Value::Bytes(last))));
                }
                None => (),
            }
        }
        let numbers = [("asn", self.asn), ("port", self.port.map(i64::from)), ("holder", self.holder)];
        for (column, value) in numbers {
            all.extend(value.map(|value| format!("{column} = {}", to.add(Value::Int(value)))));
        }
        all.extend(self.files.as_ref().map(|files| match files.as_slice() {
            [] => "file = -1".to_owned(),
            files => format!("file IN ({})", files.iter().map(|file| to.add(Value::Int(*file))).collect::<Vec<_>>().join(", ")),
        }));
        all.extend(self.severity.map(|severity| format!("severity >= {}", to.add(Value::Int(i64::from(severity))))));
        if self.unmatched {
            all.push("holder = 0".to_owned());
        }
        let words = [("class", &self.classes), ("type", &self.types), ("identifier", &self.identifiers), ("feed", &self.feeds)];
        for (column, words) in words.into_iter().chain([("kind", &self.kinds), ("country", &self.countries), ("malware", &self.malware), ("tlp", &self.labels)])
        {
            if !words.is_empty() {
                let list: Vec<String> = words.iter().map(|word| to.add(Value::Text(word.clone()))).collect();
                all.push(format!("{column} IN ({})", list.join(", ")));
            }
        }
        if let Some(domain) = &self.domain {
            let same = format!("domain = {}", to.add(Value::Text(domain.clone())));
            // Names hold no sign of a pattern as they are normalised; one that does finds nothing more than itself,
            // and an engine that knows `\` as such a sign refuses none.
            all.push(if domain.contains(['%', '_', '\\']) { same } else { format!("({same} OR domain LIKE {})", to.add(Value::Text(format!("%.{domain}")))) });
        }
        all.join(" AND ")
    }
}
