//! Which events are asked for: the fields of a search, a page of a member or a program's address.

use std::net::IpAddr;

use ::lake::{Filter, Span};
use formats::net::{Asn, Prefix};
use jiff::Span as Days;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::constituency::{self, days};
use crate::web::Fields;
use crate::{App, Result};

/// What can be filtered by.
pub(super) const FIELDS: [&str; 12] = ["organisation", "ip", "asn", "port", "type", "domain", "feed", "severity", "file", "from", "to", "nobodys"];

/// Days back where nobody says which, and for one address.
const MONTH: i64 = 29;
const YEAR: i64 = 365;
/// Years back for a file: whatever it tells of.
const LONG: i64 = 40;

/// Which events are meant; what is empty is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// First day, UTC.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// The number of a holder; 0 for nobody.
    pub holder: Option<i64>,
    /// An address or a network.
    pub network: Option<Prefix>,
    /// AS number.
    pub asn: Option<i64>,
    /// Port.
    pub port: Option<i32>,
    /// RSIT class and type, `vulnerable/weak-crypto`.
    pub kind: String,
    /// A domain and what is below it.
    pub domain: String,
    /// A feed's name.
    pub feed: String,
    /// At least this severe: 0 to 4.
    pub severity: Option<i8>,
    /// An event file's number.
    pub file: Option<i64>,
}

impl Wanted {
    /// As the lake is asked.
    pub(super) fn filter(&self) -> Result<Filter> {
        let from = days::starts(Some(self.from))?.as_microsecond();
        let until = days::starts(self.to.tomorrow().ok())?.as_microsecond();
        let (class, kind) = self.kind.split_once('/').unwrap_or(("", &self.kind));
        let list = |word: &str| if word.is_empty() { Vec::new() } else { vec![word.to_owned()] };
        Ok(Filter {
            addresses: self.network.map(|network| network.bounds()),
            asn: self.asn,
            port: self.port,
            holder: self.holder.filter(|holder| *holder != 0),
            unmatched: self.holder == Some(0),
            file: self.file,
            classes: list(class),
            types: list(kind),
            feeds: list(&self.feed),
            domain: Some(self.domain.clone()).filter(|domain| !domain.is_empty()),
            severity: self.severity,
            ..Filter::new(Span { from, until })
        })
    }

    /// Reads the fields of a page or of a program's address; what cannot be read is told and left out.
    /// Without a day: the last thirty, for one address the last year, for a file whenever its events were.
    pub fn read(asked: &Fields, now: Timestamp) -> (Self, Vec<String>) {
        let today = days::day(now);
        let mut problems = Vec::new();
        let mut told = |text: String| problems.push(text);
        let mut wanted = Self { to: today, ..Self::default() };
        if asked.has("ip") {
            wanted.network = network(asked.get("ip"));
            if wanted.network.is_none() {
                told(format!("“{}” is no address or network like 192.0.2.1 or 192.0.2.0/24", asked.get("ip")));
            }
        }
        let is_one = wanted.network.is_some_and(|network| network.bounds().0 == network.bounds().1);
        let back = if asked.has("file") { Days::new().years(LONG) } else { Days::new().days(if is_one { YEAR } else { MONTH }) };
        let [from, to] = ["from", "to"].map(|name| days::read(asked.get(name)).map_err(&mut told).ok().flatten());
        wanted.to = to.unwrap_or(today);
        wanted.from = from.unwrap_or_else(|| wanted.to.checked_sub(back).unwrap_or(wanted.to));
        if wanted.to < wanted.from {
            told("The last day is before the first".into());
            wanted.to = wanted.from;
        }
        if asked.has("asn") {
            wanted.asn = asked.get("asn").parse::<Asn>().ok().map(|asn| i64::from(asn.0));
            if wanted.asn.is_none() {
                told(format!("“{}” is no AS number like AS64500", asked.get("asn")));
            }
        }
        if asked.has("domain") {
            wanted.domain = formats::net::domain::normalise(asked.get("domain")).unwrap_or_default();
            if wanted.domain.is_empty() {
                told(format!("“{}” is no domain like name.example", asked.get("domain")));
            }
        }
        wanted.port = asked.parsed("port", "a port").unwrap_or_else(|error| {
            told(error.to_string());
            None
        });
        wanted.severity = asked.parsed("severity", "a severity from 0 to 4").unwrap_or_else(|error| {
            told(error.to_string());
            None
        });
        wanted.file = asked.parsed("file", "the number of a file").unwrap_or_else(|error| {
            told(error.to_string());
            None
        });
        (wanted.kind, wanted.feed) = (asked.get("type").to_owned(), asked.get("feed").to_owned());
        (wanted, problems)
    }
}

/// The filter of a search, what is wrong with it, and the name of the organisation that it is about.
pub(super) async fn read(app: &App, asked: &Fields) -> Result<(Wanted, Vec<String>, String)> {
    let (mut wanted, mut problems) = Wanted::read(asked, app.now());
    let mut reader = app.db.read().await?;
    let typed = asked.get("organisation");
    let one = match typed.parse() {
        Ok(id) => constituency::get(&mut reader, id).await.ok(),
        Err(_) if typed.is_empty() => None,
        Err(_) => constituency::find_by_name(&mut reader, typed).await?,
    };
    if let Some(one) = one {
        wanted.holder = Some(constituency::number_of(&mut reader, one.id).await?);
        return Ok((wanted, problems, one.name));
    }
    if asked.get("nobodys") == "1" {
        wanted.holder = Some(0);
    }
    if !typed.is_empty() {
        problems.push(format!("There is no organisation named “{typed}”"));
    }
    Ok((wanted, problems, typed.to_owned()))
}

/// The fields of a filter as an address has them, without the place in the list.
pub fn query(asked: &Fields) -> String {
    let encode = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    let fields = asked.0.iter().filter(|(name, value)| FIELDS.contains(&name.as_str()) && !value.trim().is_empty());
    fields.map(|(name, value)| format!("{name}={}", encode(value.trim()))).collect::<Vec<_>>().join("&")
}

fn network(text: &str) -> Option<Prefix> {
    match text.parse::<IpAddr>() {
        Ok(address) => Some(Prefix::host(address)),
        Err(_) => text.parse().ok(),
    }
}
