//! A case from a selection of events: its summary says what they are, by AS, and where they are found again; those of their
//! addresses that were seen most are seen in the case, so that whoever looks for one of them finds it. The list of all
//! addresses is made anew from the search: what was erased is not in it, and it lies nowhere else.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::net::Ipv6Addr;

use ::store::Id;
use formats::label::Tlp;

use super::concerned;
use super::found::{self, Asker, Line};
use super::holders;
use super::wanted::{self, Wanted};
use crate::access::Who;
use crate::cases::{self, NewCase};
use crate::web::Fields;
use crate::{App, Error, Result};

/// The most events that a case is opened from: of each its address is held in memory.
const MOST: u64 = 5_000_000;
/// AS that are told one by one.
const TOLD: usize = 25;
/// Addresses that are seen in the case.
const SEEN: usize = 500;

/// What a case is opened from.
#[derive(Debug)]
struct Selection {
    events: u64,
    /// Events and addresses by AS.
    sources: BTreeMap<i64, (u64, u64)>,
    /// Types, with how many of each.
    types: BTreeMap<String, u64>,
    label: Tlp,
    /// Addresses, those with the most events first.
    addresses: Vec<String>,
}

/// Opens a case from the events that fit, or from the chosen ones of them only. Returns its path. `search`: where
/// the selection is found again, as the fields of an address.
pub async fn open_case(app: &App, who: &Who, asker: &Asker, wanted: &Wanted, chosen: &[&str], title: &str, search: &str) -> Result<String> {
    let selection = if chosen.is_empty() { all(app, asker, wanted).await? } else { some(app, chosen).await? };
    if selection.events == 0 {
        return Err(Error::invalid("No event fits: there is nothing to open a case from"));
    }
    let kind = selection.types.iter().max_by_key(|(_, events)| **events).map(|(kind, _)| kind.clone()).unwrap_or_default();
    let (class, kind) = kind.split_once('/').filter(|(class, name)| formats::rsit::find(class, name).is_some()).unwrap_or_default();
    let new = NewCase {
        kind: "incident".into(),
        title: title.to_owned(),
        summary: summary(&selection, wanted, !chosen.is_empty(), search),
        label: Some(selection.label.max(app.profile.labels.default)),
        rsit_class: class.to_owned(),
        rsit_type: kind.to_owned(),
        about: selection.addresses.join("\n"),
        events: holders::remembered(search, chosen),
        ..NewCase::default()
    };
    Ok(cases::open(app, who, new).await?.path())
}

/// A search that something is written from.
#[derive(Clone, Debug)]
pub struct Search {
    /// Its fields as an address has them, with its days: they say the same tomorrow.
    pub query: String,
    /// The highest label of what fits now.
    pub label: Tlp,
    /// The organisations whose events fit now, those with the most first, up to [`HOLDERS`].
    pub holders: Vec<Id>,
    /// Of how many organisations they are in all.
    pub of: usize,
}

/// So many organisations whose events fit are named one by one.
pub const HOLDERS: usize = 300;

/// The search that an address of the page of events, or its fields, speak of.
pub async fn search(app: &App, who: &Who, address: &str) -> Result<Search> {
    let asker = found::staff(who)?;
    let mut asked = Fields::parse(address.split_once('?').map_or(address, |(_, query)| query).as_bytes());
    let (wanted, problems, _) = wanted::read(app, &asked).await?;
    if let Some(problem) = problems.first() {
        return Err(Error::invalid(problem.clone()));
    }
    wanted.pin(&mut asked);
    if found::tally(app, &asker, &wanted).await?.total == 0 {
        return Err(Error::invalid("No event fits this search."));
    }
    let (holders, of) = concerned::holders(app, wanted.filter()?, HOLDERS).await?;
    Ok(Search { query: wanted::query(&asked), label: found::highest(app, &asker, &wanted).await?, holders, of })
}

/// All that fit.
async fn all(app: &App, asker: &Asker, wanted: &Wanted) -> Result<Selection> {
    let tallied = found::tally(app, asker, wanted).await?;
    if tallied.total > MOST {
        return Err(Error::invalid(format!("{} events fit, which is more than a case is about: narrow the search", tallied.total)));
    }
    let types = tallied.types.into_iter().map(|(key, _, events)| (key, events)).collect();
    let (sources, label) = (found::sources(app, asker, wanted).await?, found::highest(app, asker, wanted).await?);
    let seen = found::addresses(app, asker, wanted).await?.into_iter().map(|((_, ip), (events, _))| (shown(ip), events));
    Ok(Selection { events: tallied.total, sources, types, label, addresses: most_seen(seen) })
}

fn most_seen(addresses: impl Iterator<Item = (String, u64)>) -> Vec<String> {
    let mut all: Vec<(String, u64)> = addresses.collect();
    all.sort_by(|a, b| (Reverse(a.1), &a.0).cmp(&(Reverse(b.1), &b.0)));
    all.truncate(SEEN);
    all.into_iter().map(|(address, _)| address).collect()
}

fn shown(ip: [u8; 16]) -> String {
    Ipv6Addr::from(ip).to_canonical().to_string()
}

/// The addresses of all that fit, by AS, as CSV.
pub async fn sources_csv(app: &App, asker: &Asker, wanted: &Wanted) -> Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["asn", "address", "events", "last_seen"]).map_err(Error::fault)?;
    for ((asn, ip), (events, last)) in found::addresses(app, asker, wanted).await? {
        let asn = if asn == 0 { String::new() } else { format!("AS{asn}") };
        out.write_record([asn, shown(ip), events.to_string(), ::store::instant(last).to_string()]).map_err(Error::fault)?;
    }
    out.into_inner().map_err(Error::fault)
}

/// These only: each is looked up by its id.
async fn some(app: &App, chosen: &[&str]) -> Result<Selection> {
    let mut selection = Selection { events: 0, sources: BTreeMap::new(), types: BTreeMap::new(), label: Tlp::Clear, addresses: Vec::new() };
    let mut addresses: HashMap<(i64, String), u64> = HashMap::new();
    let Some(lake) = found::now(app).await? else { return Ok(selection) };
    for id in chosen.iter().take(500) {
        let event = u128::from_str_radix(id, 16).map_err(|_| Error::invalid("Choose events of the list"))?.to_be_bytes();
        let rows = lake.event(event).await?;
        let Some(line) = (!rows.is_empty()).then(|| Line::of(&rows, 0)) else { continue };
        let asn = line.get("asn").parse().unwrap_or(0);
        let (events, known) = selection.sources.entry(asn).or_default();
        *events += 1;
        if !line.get("ip").is_empty() {
            let seen = addresses.entry((asn, line.get("ip").to_owned())).or_default();
            *known += u64::from(*seen == 0);
            *seen += 1;
        }
        *selection.types.entry(format!("{}/{}", line.get("class"), line.get("type"))).or_default() += 1;
        selection.label = selection.label.max(line.get("tlp").parse().unwrap_or(Tlp::Red));
        selection.events += 1;
    }
    selection.addresses = most_seen(addresses.into_iter().map(|((_, address), events)| (address, events)));
    Ok(selection)
}

fn summary(selection: &Selection, wanted: &Wanted, chosen: bool, search: &str) -> String {
    let mut text = String::new();
    let addresses: u64 = selection.sources.values().map(|(_, addresses)| addresses).sum();
    let which = if chosen { "chosen from" } else { "all of" };
    let _ = writeln!(text, "{} events of {addresses} addresses, {which} {} to {} (UTC).", selection.events, wanted.first(), wanted.last());
    let mut types: Vec<_> = selection.types.iter().collect();
    types.sort_by_key(|(_, events)| std::cmp::Reverse(**events));
    for (kind, events) in types.into_iter().take(5) {
        let title = kind.split_once('/').and_then(|(class, name)| formats::rsit::find(class, name)).map_or(kind.as_str(), |known| known.title);
        let _ = writeln!(text, "{title}: {events}");
    }
    let mut sources: Vec<_> = selection.sources.iter().collect();
    sources.sort_by_key(|(asn, (events, _))| (std::cmp::Reverse(*events), **asn));
    for (asn, (events, addresses)) in sources.iter().take(TOLD) {
        let name = if **asn == 0 { "no AS known".to_owned() } else { format!("AS{asn}") };
        let _ = writeln!(text, "{name}: {events} events, {addresses} addresses");
    }
    if let Some(rest) = sources.len().checked_sub(TOLD).filter(|rest| *rest > 0) {
        let _ = writeln!(text, "and {rest} more AS");
    }
    let _ = writeln!(text, "Found again: /events/found?{search}");
    if !chosen {
        let _ = writeln!(text, "All addresses by AS: /events/sources.csv?{search}");
    }
    text.trim_end().to_owned()
}
