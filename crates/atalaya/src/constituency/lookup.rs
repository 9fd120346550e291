//! Who held this then? Every match with its reason, most specific first.
//!
//! Each observable becomes the keys under which a holder could be registered (every prefix around
//! an address, every name above a name), and one question per kind fetches the holders of all keys
//! of all observables together.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::net::IpAddr;

use ::store::{Id, Reader};
use formats::net::{Prefix, domain};
use formats::observable::{Kind, Observable};
use jiff::Timestamp;

use super::{days, spans, store};
use crate::Result;

/// How many keys go into one statement; both databases take more.
const AT_ONCE: usize = 8000;

/// An organisation that holds what was observed, with the reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Place of the observable in the list asked for.
    pub observable: usize,
    /// The organisation.
    pub organisation: Id,
    /// Its name.
    pub name: String,
    /// `registered`, `unregistered` or `outside`.
    pub status: String,
    /// The resource that matched, as text (`203.0.113.0/24`, `AS64501`, `a.example`).
    pub resource: String,
    /// Why, in words: `prefix 203.0.113.0/24 held since 2024-02-01`.
    pub reason: String,
    /// 0 for the most specific match of this observable, then 1, ...
    pub place: i64,
}

/// Keys of one kind, from the most specific on.
type Keys = BTreeMap<&'static str, BTreeSet<String>>;

/// Who held each of these at that date: every match with its reason, most specific first.
pub async fn owners(reader: &mut Reader, observables: &[Observable], at: Timestamp) -> Result<Vec<Match>> {
    let asked: Vec<Vec<Key>> = observables.iter().map(keys).collect();
    let mut wanted = Keys::new();
    for key in asked.iter().flatten() {
        wanted.entry(key.kind).or_default().insert(key.value.clone());
    }
    let mut holders: HashMap<(&'static str, String), Vec<store::Holder>> = HashMap::new();
    for (kind, values) in wanted {
        let values: Vec<String> = values.into_iter().collect();
        for some in values.chunks(AT_ONCE) {
            for holder in store::holders(reader, kind, some, at).await? {
                holders.entry((kind, holder.value.clone())).or_default().push(holder);
            }
        }
    }
    let mut found = Vec::new();
    for (observable, keys) in asked.iter().enumerate() {
        let mut seen = HashSet::new();
        let mut place = 0;
        for key in keys {
            for holder in holders.get(&(key.kind, key.value.clone())).into_iter().flatten() {
                if !seen.insert((holder.organisation, &holder.value)) {
                    continue;
                }
                found.push(Match {
                    observable,
                    organisation: holder.organisation,
                    name: holder.name.clone(),
                    status: holder.status.clone(),
                    resource: holder.value.clone(),
                    reason: reason(key, holder),
                    place,
                });
                place += 1;
            }
        }
    }
    Ok(found)
}

/// Who held only a part of this network or range at that date, by address, so many at the most. No report matches
/// by these: what is said of a whole network is not said of each in it.
pub async fn holders_inside(reader: &mut Reader, observable: &Observable, at: Timestamp, most: usize) -> Result<Vec<Match>> {
    let mut parts: Vec<Match> = Vec::new();
    // The pieces of a range stand in the order of their addresses.
    for piece in pieces(observable) {
        let left = most.saturating_sub(parts.len());
        if left == 0 {
            break;
        }
        for (_, holder) in spans::inside(reader, &piece, at, left).await? {
            let reason = format!("part: prefix {}{}", holder.value, held_in_words(&holder));
            let store::Holder { organisation, name, status, value, .. } = holder;
            parts.push(Match { observable: 0, organisation, name, status, resource: value, reason, place: 0 });
        }
    }
    Ok(parts)
}

/// The networks that a network or range consists of.
fn pieces(observable: &Observable) -> Vec<Prefix> {
    match observable.kind {
        Kind::Cidr => observable.value.parse().into_iter().collect(),
        Kind::Range => {
            let ends = observable.value.split_once('-').and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
            ends.map(|(low, high)| Prefix::from_range(low, high)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}

fn reason(key: &Key, holder: &store::Holder) -> String {
    let held = held_in_words(holder);
    let noun = if key.kind == "asn" { String::new() } else { format!("{} ", key.kind) };
    format!("{}{noun}{}{held}", if key.inside { "inside " } else { "" }, key.value)
}

fn held_in_words(holder: &store::Holder) -> String {
    match days::held(holder.from, holder.to) {
        held if held.is_empty() => String::new(),
        held => format!(" held{held}"),
    }
}

/// A key under which a holder may be registered.
struct Key {
    kind: &'static str,
    value: String,
    /// What was observed is a network and lies inside.
    inside: bool,
}

/// The keys of one observable, most specific first.
fn keys(observable: &Observable) -> Vec<Key> {
    let value = observable.value.as_str();
    match observable.kind {
        Kind::Ip | Kind::Cidr => value.parse::<Prefix>().map(|prefix| around(&[prefix], observable.kind == Kind::Cidr)).unwrap_or_default(),
        Kind::Range => {
            let ends = value.split_once('-').and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
            ends.map(|(low, high)| around(&Prefix::from_range(low, high), true)).unwrap_or_default()
        }
        Kind::Domain => above(value),
        Kind::Url | Kind::Mail => host(value),
        Kind::Asn => vec![Key { kind: "asn", value: value.to_owned(), inside: false }],
        Kind::Md5 | Kind::Sha1 | Kind::Sha256 | Kind::Cve => Vec::new(),
    }
}

/// Every prefix around any of the pieces, the longest first, each once.
fn around(pieces: &[Prefix], network: bool) -> Vec<Key> {
    let mut all: Vec<Prefix> = pieces.iter().flat_map(Prefix::covering).collect();
    all.sort_by_key(|prefix| (u8::MAX - prefix.len(), *prefix));
    all.dedup();
    let whole = pieces.len() == 1;
    all.into_iter().map(|prefix| Key { kind: "prefix", value: prefix.to_string(), inside: network && !(whole && pieces.contains(&prefix)) }).collect()
}

/// The name and every name above it. Unlike [`domain::suffixes`] this goes on above what can be
/// registered: a government may hold all of its `gov.` branch, and says so in the registry.
fn above(name: &str) -> Vec<Key> {
    let Ok(name) = domain::normalise(name) else { return Vec::new() };
    let key = |value: String| Key { kind: "domain", value, inside: false };
    std::iter::successors(Some(name.as_str()), |name| name.split_once('.').map(|(_, above)| above))
        .flat_map(|name| {
            // Written into the registry before there was one form for names of other scripts.
            let letters = Some(domain::in_letters(name)).filter(|letters| letters != name);
            std::iter::once(key(name.to_owned())).chain(letters.map(key))
        })
        .collect()
}

/// The host of a URL or mail address: a name or an address.
fn host(value: &str) -> Vec<Key> {
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or(six),
        None => host.split(':').next().unwrap_or(host),
    };
    match host.parse::<IpAddr>() {
        Ok(address) => around(&[Prefix::host(address)], false),
        Err(_) => above(host),
    }
}

/// Reads what was typed into the look-up box: an address, network, range, AS number, URL, mail address or name.
pub fn read_asked(text: &str) -> Option<Observable> {
    [Kind::Ip, Kind::Cidr, Kind::Range, Kind::Asn, Kind::Url, Kind::Mail, Kind::Domain]
        .into_iter()
        .filter(|kind| *kind != Kind::Asn || text.trim().starts_with(|c: char| c.eq_ignore_ascii_case(&'a')) || text.trim().parse::<u32>().is_ok())
        .find_map(|kind| Observable::new(kind, text).ok())
}
