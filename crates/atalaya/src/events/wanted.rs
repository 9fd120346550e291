//! Which events are asked for: the fields of a search, a page of a member or a program's address.

use std::net::IpAddr;

use ::lake::{Filter, Span};
use formats::net::{Asn, Prefix};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span as Days, Timestamp};

use crate::constituency::{self, days};
use crate::web::Fields;
use crate::{App, Result};

/// What can be filtered by.
pub const FIELDS: [&str; 13] = ["organisation", "ip", "peer", "asn", "port", "type", "domain", "feed", "severity", "file", "from", "to", "nobodys"];

/// Days back where nobody says which, and for one address.
const MONTH: i64 = 29;
const YEAR: i64 = 365;
/// Years back for a file: whatever it tells of.
const LONG: i64 = 40;
/// The last minute that is named belongs to what is asked.
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Which events are meant; what is empty is no condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// First day, UTC.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// From this instant on, where somebody says which.
    pub since: Option<Timestamp>,
    /// Until before this one: the minute that was named is the last.
    pub until: Option<Timestamp>,
    /// The number of a holder; 0 for nobody.
    pub holder: Option<i64>,
    /// An address or a network.
    pub network: Option<Prefix>,
    /// The other side: an address or a network.
    pub peer: Option<Prefix>,
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
    /// Event files, by number; `Some` of none fits nothing.
    pub files: Option<Vec<i64>>,
}

impl Wanted {
    /// As the lake is asked.
    pub(super) fn filter(&self) -> Result<Filter> {
        let from = self.since.map_or_else(|| days::starts(Some(self.from)), Ok)?.as_microsecond();
        let until = self.until.map_or_else(|| days::starts(self.to.tomorrow().ok()), Ok)?.as_microsecond();
        let (class, kind) = self.kind.split_once('/').unwrap_or(("", &self.kind));
        let list = |word: &str| if word.is_empty() { Vec::new() } else { vec![word.to_owned()] };
        Ok(Filter {
            addresses: self.network.map(|network| network.bounds()),
            peer: self.peer.map(|network| network.bounds()),
            asn: self.asn,
            port: self.port,
            holder: self.holder.filter(|holder| *holder != 0),
            unmatched: self.holder == Some(0),
            files: self.files.clone(),
            classes: list(class),
            types: list(kind),
            feeds: list(&self.feed),
            domain: Some(self.domain.clone()).filter(|domain| !domain.is_empty()),
            severity: self.severity,
            ..Filter::new(Span { from, until })
        })
    }

    /// The first day, or the first minute where somebody says which; read again it is the same.
    pub fn first(&self) -> String {
        self.since.map_or_else(|| self.from.to_string(), minute)
    }

    /// The last day or minute.
    pub fn last(&self) -> String {
        self.until.map_or_else(|| self.to.to_string(), |until| minute(until - MINUTE))
    }

    /// Writes its days into the fields, so that they say the same tomorrow.
    pub(super) fn pin(&self, asked: &mut Fields) {
        asked.set("from", self.first());
        asked.set("to", self.last());
    }

    /// The first minute, for a field of a form.
    pub fn first_minute(&self) -> String {
        self.since.map_or_else(|| format!("{}T00:00", self.from), minute)
    }

    /// The last minute.
    pub fn last_minute(&self) -> String {
        self.until.map_or_else(|| format!("{}T23:59", self.to), |until| minute(until - MINUTE))
    }

    /// Reads the fields of a page or of a program's address; what cannot be read is told and left out.
    /// Without a day: the last thirty, for one address the last year, for a file whenever its events were.
    pub fn read(asked: &Fields, now: Timestamp) -> (Self, Vec<String>) {
        let today = days::day(now);
        let mut problems = Vec::new();
        let mut told = |text: String| problems.push(text);
        let mut wanted = Self { to: today, ..Self::default() };
        for (name, place) in [("ip", &mut wanted.network), ("peer", &mut wanted.peer)] {
            *place = network(asked.get(name));
            if asked.has(name) && place.is_none() {
                told(format!("“{}” is no address or network like 192.0.2.1 or 192.0.2.0/24", asked.get(name)));
            }
        }
        let is_one = [wanted.network, wanted.peer].into_iter().flatten().any(|network| network.bounds().0 == network.bounds().1);
        let back = if asked.has("file") { Days::new().years(LONG) } else { Days::new().days(if is_one { YEAR } else { MONTH }) };
        let [from, to] = ["from", "to"].map(|name| moment(asked.get(name)).map_err(&mut told).unwrap_or_default());
        wanted.to = to.0.unwrap_or(today);
        wanted.from = from.0.unwrap_or_else(|| wanted.to.checked_sub(back).unwrap_or(wanted.to));
        (wanted.since, wanted.until) = (from.1, to.1.map(|last| last + MINUTE));
        if wanted.to < wanted.from || wanted.since.zip(wanted.until).is_some_and(|(since, until)| until <= since) {
            told("The end is before the beginning".into());
            (wanted.to, wanted.until) = (wanted.from, None);
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
        wanted.files = asked
            .parsed("file", "the number of a file")
            .unwrap_or_else(|error| {
                told(error.to_string());
                None
            })
            .map(|file| vec![file]);
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

fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A day, or a minute (`2026-11-23T14:30`), which is UTC if it names no zone.
fn moment(text: &str) -> Result<(Option<Date>, Option<Timestamp>), String> {
    if !text.contains(':') {
        return days::read(text).map(|day| (day, None));
    }
    let in_utc = |at: DateTime| at.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let at = text.parse::<Timestamp>().ok().or_else(|| text.parse::<DateTime>().ok().and_then(in_utc));
    let at = at.filter(|at| (1980..=9000).contains(&days::day(*at).year())).map(|at| ::store::instant(at.as_second().div_euclid(60) * 60_000_000));
    at.map(|at| (Some(days::day(at)), Some(at))).ok_or_else(|| format!("“{text}” is no day or minute: write it like 2026-11-23 or 2026-11-23T14:30, UTC"))
}

fn network(text: &str) -> Option<Prefix> {
    match text.parse::<IpAddr>() {
        Ok(address) => Some(Prefix::host(address)),
        Err(_) => text.parse().ok(),
    }
}
