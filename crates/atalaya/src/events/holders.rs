//! Whose the events are that a case was opened from: those who hold the networks of the sources come into the case as its
//! parties by one press, each as if somebody had added it by hand. What nobody holds is named, so that it is not forgotten.

use std::collections::{BTreeMap, HashMap, HashSet};

use ::store::Id;

use super::wanted::{self, Wanted};
use super::{found, upkeep};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::{self, Case, parties};
use crate::web::Fields;
use crate::{App, Error, Result, constituency};

/// So many holders are named; a case with more parties is nobody's to work on.
pub const MOST: usize = 300;
/// So many AS of what nobody holds are named.
const NOBODYS: usize = 25;

/// A holder of sources.
#[derive(Clone, Debug)]
pub struct Held {
    /// The organisation.
    pub organisation: Id,
    /// Its name.
    pub name: String,
    /// Whether it is the team's: `registered`, `unregistered`, `outside`.
    pub status: String,
    /// Events of its networks.
    pub events: u64,
    /// Different addresses of them.
    pub addresses: u64,
    /// As what it takes part already; empty where it does not.
    pub part: String,
    /// How it would be written to, and why so.
    pub reach: String,
}

/// Who holds the sources of a case.
#[derive(Clone, Debug, Default)]
pub struct Holders {
    /// Those with the most events first.
    pub held: Vec<Held>,
    /// Of how many in all.
    pub of: usize,
    /// What nobody holds, by AS: its name, events, addresses; the most first.
    pub nobodys: Vec<(String, u64, u64)>,
    /// How many more AS there are of that.
    pub more: usize,
}

/// Events and addresses by holder, and of nobody by AS.
#[derive(Default)]
struct Counts {
    holders: HashMap<i64, (u64, HashSet<[u8; 16]>)>,
    nobodys: BTreeMap<i64, (u64, u64)>,
}

/// What a case remembers of the selection that it is opened from: the chosen events, or the search that found all.
pub(super) fn remembered(search: &str, chosen: &[&str]) -> String {
    if chosen.is_empty() { search.to_owned() } else { chosen.iter().map(|event| format!("event={event}")).collect::<Vec<_>>().join("&") }
}

/// A case with those who hold the networks that its events came from.
pub async fn holders_of_case(app: &App, who: &Who, number: &str) -> Result<(Case, Holders)> {
    require(who, Verb::See, Noun::Event)?;
    let mut reader = app.db.read().await?;
    let case = cases::find(&mut reader, who, number).await?;
    let searches = cases::selections_of(&mut reader, &case).await?;
    drop(reader);
    let mut counts = Counts::default();
    for search in &searches {
        count(app, who, search, &mut counts).await?;
    }
    let (of, mut numbers) = (counts.holders.len(), counts.holders.iter().map(|(holder, (events, _))| (*holder, *events)).collect::<Vec<_>>());
    numbers.sort_by_key(|(holder, events)| (std::cmp::Reverse(*events), *holder));
    numbers.truncate(MOST);
    let held = named(app, &case, &numbers, &counts).await?;
    let (nobodys, more) = by_as(counts.nobodys);
    Ok((case, Holders { held, of, nobodys, more }))
}

async fn count(app: &App, who: &Who, search: &str, counts: &mut Counts) -> Result<()> {
    let asked = Fields::parse(search.as_bytes());
    let chosen: Vec<&str> = asked.all("event").collect();
    if !chosen.is_empty() {
        return count_chosen(app, &chosen, counts).await;
    }
    let (wanted, problems, _) = wanted::read(app, &asked).await?;
    // What cannot be read is no condition: whoever has nothing to do with the case would be offered as its party.
    if let Some(problem) = problems.into_iter().next() {
        return Err(Error::conflict(format!("The search that the case was opened from cannot be read any more: {problem}. Add its parties by hand.")));
    }
    let Some(answers) = found::now(app).await? else { return Ok(()) };
    let filter = wanted.filter()?;
    let mut holders = std::mem::take(&mut counts.holders);
    counts.holders = upkeep::blocking(move || {
        answers.each_sighted(&filter, |event| {
            let (events, addresses) = holders.entry(event.holder).or_default();
            *events += 1;
            addresses.extend(event.ip);
        })?;
        Ok(holders)
    })
    .await?;
    if wanted.holder.is_none_or(|holder| holder == 0) {
        let nobodys = found::sources(app, &found::staff(who)?, &Wanted { holder: Some(0), ..wanted }).await?;
        for (asn, (events, addresses)) in nobodys {
            let known = counts.nobodys.entry(asn).or_default();
            *known = (known.0 + events, known.1 + addresses);
        }
    }
    Ok(())
}

/// Each by its id, as each of its holders has it.
async fn count_chosen(app: &App, chosen: &[&str], counts: &mut Counts) -> Result<()> {
    let Some(answers) = found::now(app).await? else { return Ok(()) };
    let mut nobodys = HashSet::new();
    for id in chosen.iter().take(500) {
        let Ok(event) = u128::from_str_radix(id, 16) else { continue };
        let rows = answers.event(event.to_be_bytes()).await?;
        for row in 0..rows.len() {
            let (holder, ip) = (rows.get(row, "holder").int().unwrap_or(0), rows.get(row, "ip").bytes());
            if holder == 0 {
                let asn = rows.get(row, "asn").int().unwrap_or(0);
                let (events, addresses) = counts.nobodys.entry(asn).or_default();
                (*events, *addresses) = (*events + 1, *addresses + u64::from(ip.is_some_and(|ip| nobodys.insert((asn, ip)))));
                continue;
            }
            let (events, addresses) = counts.holders.entry(holder).or_default();
            *events += 1;
            addresses.extend(ip);
        }
    }
    Ok(())
}

/// Who they are, whether they take part, and how they would be reached.
async fn named(app: &App, case: &Case, numbers: &[(i64, u64)], counts: &Counts) -> Result<Vec<Held>> {
    let mut reader = app.db.read().await?;
    let numbered = constituency::numbered(&mut reader, &numbers.iter().map(|(number, _)| *number).collect::<Vec<_>>()).await?;
    let ids: Vec<Id> = numbered.iter().map(|one| one.id).collect();
    let (known, contacts) = (constituency::these(&mut reader, &ids).await?, constituency::contacts_of(&mut reader, &ids).await?);
    let there = parties::of(&mut reader, case).await?;
    drop(reader);
    let of = |(number, events): &(i64, u64)| {
        let id = numbered.iter().find(|one| one.number == *number)?.id;
        let one = known.iter().find(|one| one.id == id)?;
        let own: Vec<_> = contacts.iter().filter(|contact| contact.organisation == id).cloned().collect();
        let choice = constituency::choose(&own, app.now());
        let mail = choice.contact.as_ref().and_then(|contact| contact.mail.clone());
        let part = there.iter().find(|party| party.organisation == Some(id) && party.report.is_none()).map(|party| party.role.clone());
        Some(Held {
            organisation: id,
            name: one.name.clone(),
            status: one.status.clone(),
            events: *events,
            addresses: counts.holders.get(number).map_or(0, |(_, addresses)| addresses.len() as u64),
            part: part.unwrap_or_default(),
            reach: [mail.unwrap_or_default(), choice.why].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": "),
        })
    };
    Ok(numbers.iter().filter_map(of).collect())
}

fn by_as(nobodys: BTreeMap<i64, (u64, u64)>) -> (Vec<(String, u64, u64)>, usize) {
    let name = |asn: i64| if asn == 0 { "no AS known".to_owned() } else { format!("AS{asn}") };
    let mut all: Vec<(i64, (u64, u64))> = nobodys.into_iter().collect();
    all.sort_by_key(|(asn, (events, _))| (std::cmp::Reverse(*events), *asn));
    let more = all.len().saturating_sub(NOBODYS);
    (all.into_iter().take(NOBODYS).map(|(asn, (events, addresses))| (name(asn), events, addresses)).collect(), more)
}

/// The chosen holders become parties of the case. Says how many came in, and who was left as it is and why.
pub async fn add_holders(app: &App, who: &Who, number: &str, role: &str, chosen: &[Id]) -> Result<(Case, parties::Added)> {
    require(who, Verb::See, Noun::Event)?;
    if chosen.is_empty() || chosen.len() > MOST {
        return Err(Error::invalid(format!("Choose who comes into the case, {MOST} at most")));
    }
    let case = cases::find(&mut app.db.read().await?, who, number).await?;
    let added = parties::add_organisations(app, who, case.id, role, chosen).await?;
    Ok((case, added))
}
