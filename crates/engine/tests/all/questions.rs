//! Every question once, against the same worked out by hand.

use crate::world::{DAY, TODAY, World, all, holders_of, ip, world};
use formats::feed::Row;
use lake::export::{Form, Pages, Sheet};
use lake::query::{After, By};
use lake::{Error, Filter, Question, Rows, Sight, Span, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What the engine answers; single events are read without it as well, and come out the same.
fn ask(world: &World, question: &Question, sight: &Sight) -> Rows {
    let view = world.lake.view().unwrap();
    let answer = world.engine.ask(&view, question, sight).unwrap();
    if matches!(question, Question::Events { .. } | Question::Event { .. }) {
        assert_eq!(world.lake.events(&view, question, sight).unwrap(), answer, "{question:?} {sight:?}");
    }
    answer
}

fn lines(rows: &Rows) -> Vec<i64> {
    (0..rows.len()).map(|row| rows.get(row, "line").int().unwrap()).collect()
}

/// The rows that a condition keeps, the newest first, as the question for events gives them.
fn expected(world: &World, keep: impl Fn(&Row) -> bool) -> BTreeSet<i64> {
    world.rows.iter().filter(|row| keep(row)).map(|row| i64::from(row.line)).collect()
}

#[test]
fn events_come_the_newest_first_with_every_column_and_page_by_page() {
    let world = world(2000);
    let whole = ask(&world, &Question::Events { filter: all(), after: None, limit: 10_000 }, &Sight::All);
    assert_eq!(whole.len(), 2000);
    let times: Vec<i64> = (0..whole.len()).map(|row| whole.get(row, "observed").int().unwrap()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b));
    for row in 0..whole.len() {
        let of = &world.rows[usize::try_from(whole.get(row, "line").int().unwrap()).unwrap()];
        assert_eq!(whole.get(row, "observed"), &Value::Time(of.observed));
        assert_eq!(whole.get(row, "day"), &Value::Date(i32::try_from(of.observed / DAY).unwrap()));
        assert_eq!(whole.get(row, "ip"), &if of.ip == Row::NO_IP { Value::Null } else { Value::Bytes(of.ip) });
        assert_eq!(whole.get(row, "asn"), &if of.asn == 0 { Value::Null } else { Value::Int(of.asn) });
        assert_eq!(whole.get(row, "malware"), &if of.malware.is_empty() { Value::Null } else { Value::Text(of.malware.clone()) });
        assert_eq!(whole.get(row, "extra"), &Value::Text(of.extra.clone()));
        assert_eq!(whole.get(row, "holder").int(), Some(holders_of(of.ip).first().copied().unwrap_or(0)));
        assert_eq!(whole.get(row, "feed").text(), Some("example"));
        assert_eq!(whole.get(row, "role").text(), Some("subject"));
    }
    let mut paged = Vec::new();
    let mut after = None;
    loop {
        let page = ask(&world, &Question::Events { filter: all(), after, limit: 333 }, &Sight::All);
        let Some(last) = page.len().checked_sub(1) else { break };
        let value = |name| page.get(last, name);
        after = Some(After { observed: value("observed").int().unwrap(), event: value("event").bytes().unwrap(), holder: value("holder").int().unwrap() });
        paged.extend(lines(&page));
    }
    assert_eq!(paged, lines(&whole));
}

#[test]
fn each_filter_keeps_what_it_says() {
    let world = world(2000);
    let check = |name: &str, filter: Filter, keep: &dyn Fn(&Row) -> bool| {
        let found = ask(&world, &Question::Events { filter, after: None, limit: 10_000 }, &Sight::All);
        let expected = expected(&world, keep);
        assert!(!expected.is_empty(), "{name}");
        assert_eq!(lines(&found).into_iter().collect::<BTreeSet<_>>(), expected, "{name}");
        assert_eq!(found.len(), expected.len(), "{name}");
    };
    let span = Span { from: TODAY + DAY + 3_000_000_000, until: TODAY + 2 * DAY + 5_000_000_000 };
    check("time", Filter { span, ..all() }, &|row| span.from <= row.observed && row.observed < span.until);
    check("address", Filter { addresses: Some((ip(9), ip(9))), ..all() }, &|row| row.ip == ip(9));
    check("network", Filter { addresses: Some((ip(256), ip(511))), ..all() }, &|row| row.ip >= ip(256) && row.ip <= ip(511));
    check("peer", Filter { peer: Some((ip(0), ip(100))), ..all() }, &|row| row.peer_ip != Row::NO_IP && row.peer_ip <= ip(100));
    check("AS", Filter { asn: Some(64_501), ..all() }, &|row| row.asn == 64_501);
    check("port", Filter { port: Some(2), ..all() }, &|row| row.port == 2);
    check("file", Filter { files: Some(vec![2]), ..all() }, &|row| (700..1400).contains(&row.line));
    check("files", Filter { files: Some(vec![1, 2, 9]), ..all() }, &|row| row.line < 1400);
    check("type", Filter { types: vec!["weak-crypto".into(), "none".into()], ..all() }, &|row| row.r#type == "weak-crypto");
    check("country", Filter { countries: vec!["CZ".into()], ..all() }, &|row| row.country == "CZ");
    check("severity", Filter { severity: Some(3), ..all() }, &|row| row.severity >= 3);
    check("odd text", Filter { malware: vec!["it's \\ \"odd\"; --".into()], ..all() }, &|row| !row.malware.is_empty());
    check("domain", Filter { domain: Some("example.net".into()), ..all() }, &|row| !row.domain.is_empty());
    check("one domain", Filter { domain: Some("host-11.example.net".into()), ..all() }, &|row| row.line == 11);
    check("unmatched", Filter { unmatched: true, ..all() }, &|row| holders_of(row.ip).is_empty());
    check("holder", Filter { holder: Some(2), ..all() }, &|row| holders_of(row.ip).contains(&2));
    let nothing = Filter { span: Span { from: 5, until: 5 }, ..all() };
    let view = world.lake.view().unwrap();
    assert!(matches!(world.engine.ask(&view, &Question::Total { filter: nothing }, &Sight::All), Err(Error::Question(_))));
}

#[test]
fn whoever_holds_something_sees_that_and_nothing_else() {
    let world = world(1500);
    for (sight, holders) in [(vec![1], vec![1]), (vec![2], vec![2]), (vec![], vec![]), (vec![3], vec![]), (vec![3, 1], vec![1])] {
        let question = Question::Events { filter: all(), after: None, limit: 10_000 };
        let found = ask(&world, &question, &Sight::Holders(sight));
        let expected = expected(&world, |row| holders_of(row.ip).iter().any(|holder| holders.contains(holder)));
        assert_eq!(lines(&found).into_iter().collect::<BTreeSet<_>>(), expected);
        assert!((0..found.len()).all(|row| holders.contains(&found.get(row, "holder").int().unwrap())));
    }
    // A filter cannot reach beyond the sight.
    let other = Question::Events { filter: Filter { holder: Some(2), ..all() }, after: None, limit: 10 };
    assert!(ask(&world, &other, &Sight::Holders(vec![1])).is_empty());
    let total = ask(&world, &Question::Total { filter: all() }, &Sight::Holders(vec![1]));
    let expected = world.rows.iter().filter(|row| holders_of(row.ip).contains(&1)).count();
    assert_eq!(total.get(0, "events").int(), i64::try_from(expected).ok());
}

#[test]
fn an_event_is_found_by_its_id_with_all_its_holders() {
    let world = world(300);
    let some = ask(&world, &Question::Events { filter: Filter { addresses: Some((ip(9), ip(9))), ..all() }, after: None, limit: 1 }, &Sight::All);
    let event = some.get(0, "event").bytes().unwrap();
    let found = ask(&world, &Question::Event { event }, &Sight::All);
    let holders: Vec<i64> = (0..found.len()).map(|row| found.get(row, "holder").int().unwrap()).collect();
    assert_eq!(holders, [1, 2]);
    assert_eq!(found.get(1, "via").text(), Some("ip"));
    assert_eq!(ask(&world, &Question::Event { event }, &Sight::Holders(vec![2])).len(), 1);
    assert!(ask(&world, &Question::Event { event }, &Sight::Holders(vec![7])).is_empty());
}

#[test]
fn counts_and_histograms_add_up() {
    let world = world(2000);
    let counts = ask(&world, &Question::Counts { filter: all(), by: By::Asn, limit: 10 }, &Sight::All);
    let mut by_hand: BTreeMap<i64, (i64, BTreeSet<[u8; 16]>)> = BTreeMap::new();
    for row in &world.rows {
        let entry = by_hand.entry(row.asn).or_default();
        entry.0 += 1;
        if row.ip != Row::NO_IP {
            entry.1.insert(row.ip);
        }
    }
    assert_eq!(counts.len(), 4);
    for row in 0..counts.len() {
        let (events, addresses) = &by_hand[&counts.get(row, "value").int().unwrap_or(0)];
        assert_eq!(counts.get(row, "events"), &Value::Int(*events));
        assert_eq!(counts.get(row, "addresses").int(), i64::try_from(addresses.len()).ok());
    }
    let own = world.lake.tally(&world.lake.view().unwrap(), &all(), &Sight::All).unwrap();
    let sources = world.lake.sources(&world.lake.view().unwrap(), &all(), &Sight::All).unwrap();
    let by_as = by_hand.iter().map(|(asn, (events, addresses))| (*asn, (events.unsigned_abs(), addresses.len() as u64)));
    assert_eq!(sources, by_as.collect());
    let histogram = ask(&world, &Question::Histogram { filter: all(), by: By::Type }, &Sight::All);
    let mut days: BTreeMap<(i64, String), i64> = BTreeMap::new();
    world.rows.iter().for_each(|row| *days.entry((row.observed / DAY, row.r#type.clone())).or_default() += 1);
    let found: Vec<((i64, String), i64)> = (0..histogram.len())
        .map(|row| {
            let get = |name| histogram.get(row, name);
            ((get("day").int().unwrap(), get("value").text().unwrap().to_owned()), get("events").int().unwrap())
        })
        .collect();
    assert_eq!(found, days.into_iter().collect::<Vec<_>>());
    let own: Vec<((i64, String), i64)> = own.into_iter().map(|((day, _, kind), events)| ((day.into(), kind), events.try_into().unwrap())).collect();
    assert_eq!(own, found, "and the same without an engine");
    for by in [By::Day, By::Holder, By::Class, By::Type, By::Identifier, By::Feed, By::Kind, By::Country, By::Port, By::Malware, By::Severity, By::PeerAsn] {
        let counts = ask(&world, &Question::Counts { filter: all(), by, limit: 1000 }, &Sight::All);
        let sum: i64 = (0..counts.len()).map(|row| counts.get(row, "events").int().unwrap()).sum();
        assert_eq!(sum, 2000, "{by:?}");
    }
}

/// Holder, address, port, type and name.
type Seen = (i64, [u8; 16], i64, String, String);

#[test]
fn what_is_new_what_persists_and_what_is_gone() {
    let world = world(2000);
    let since = TODAY + 2 * DAY;
    let question = |limit| Question::Changes { filter: all(), since, limit };
    let found = ask(&world, &question(10_000), &Sight::Holders(vec![2]));
    let mut by_hand: BTreeMap<Seen, (bool, bool)> = BTreeMap::new();
    for row in world.rows.iter().filter(|row| holders_of(row.ip).contains(&2)) {
        let entry = by_hand.entry((0, row.ip, row.port.into(), row.r#type.clone(), row.identifier.clone())).or_default();
        if row.observed < since { entry.0 = true } else { entry.1 = true }
    }
    assert_eq!(found.len(), by_hand.len());
    let mut states: BTreeMap<String, usize> = BTreeMap::new();
    for row in 0..found.len() {
        let get = |name| found.get(row, name);
        let text = |name| get(name).text().unwrap().to_owned();
        let key = (0, get("ip").bytes().unwrap(), get("port").int().unwrap_or(-1), text("type"), text("identifier"));
        let state = match by_hand[&key] {
            (false, true) => "new",
            (true, false) => "gone",
            _ => "persisting",
        };
        assert_eq!(get("state").text(), Some(state));
        *states.entry(state.into()).or_default() += 1;
    }
    assert!(states.len() == 3, "{states:?}");
    let counts = ask(&world, &Question::ChangeCounts { filter: all(), since }, &Sight::Holders(vec![2]));
    let mut sums: BTreeMap<String, usize> = BTreeMap::new();
    for row in 0..counts.len() {
        *sums.entry(counts.get(row, "state").text().unwrap().into()).or_default() += usize::try_from(counts.get(row, "subjects").int().unwrap()).unwrap();
    }
    assert_eq!(sums, states);
}

#[test]
fn what_nobody_holds_is_a_list_by_network() {
    let world = world(2000);
    let found = ask(&world, &Question::Unmatched { filter: all(), limit: 100 }, &Sight::All);
    let expected = world.rows.iter().filter(|row| holders_of(row.ip).is_empty()).count();
    let sum: i64 = (0..found.len()).map(|row| found.get(row, "events").int().unwrap()).sum();
    assert_eq!(usize::try_from(sum).unwrap(), expected);
    let networks: BTreeSet<Option<&str>> = (0..found.len()).map(|row| found.get(row, "network").text()).collect();
    assert_eq!(networks, BTreeSet::from([None, Some("00000000000000000000ffffc61203")]));
}

#[test]
fn an_export_goes_on_where_it_ended() {
    let world = world(2000);
    let view = world.lake.view().unwrap();
    let sight = Sight::Holders(vec![2]);
    let pages = |filter: Filter, after| Pages::new(&view, filter, after, |question: &Question| world.engine.ask(&view, question, &sight));
    let whole: Vec<Rows> = pages(all(), None).map(Result::unwrap).collect();
    assert!(whole.len() >= 5, "a page for each day at least");
    let mut sheet = Sheet::new(Form::Csv, false);
    let text: Vec<u8> = whole.iter().flat_map(|rows| sheet.write(rows).unwrap()).collect();
    // The same in two parts.
    let mut first = pages(all(), None);
    let mut sheet = Sheet::new(Form::Csv, false);
    let mut parts = sheet.write(&first.next().unwrap().unwrap()).unwrap();
    let mut sheet = Sheet::new(Form::Csv, true);
    for rows in pages(all(), first.after()) {
        parts.extend(sheet.write(&rows.unwrap()).unwrap());
    }
    assert_eq!(parts, text);
    let text = String::from_utf8(text).unwrap();
    let expected = world.rows.iter().filter(|row| holders_of(row.ip).contains(&2)).count();
    assert_eq!(text.lines().count(), expected + 1);
    assert!(text.contains(",198.18.") && text.contains(",2026-") && text.starts_with("event,holder,"));
    let mut sheet = Sheet::new(Form::JsonLines, false);
    let json: Vec<u8> = whole.iter().flat_map(|rows| sheet.write(rows).unwrap()).collect();
    let numbers: BTreeSet<i64> = json
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice::<serde_json::Value>(line).unwrap()["extra"]["number"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, crate::questions::expected(&world, |row| holders_of(row.ip).contains(&2)));
    let mut sheet = Sheet::new(Form::Parquet, false);
    let mut parquet: Vec<u8> = whole.iter().flat_map(|rows| sheet.write(rows).unwrap()).collect();
    parquet.extend(sheet.finish().unwrap());
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}
