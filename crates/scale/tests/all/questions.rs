//! Every question that the product asks, with every filter and every sight: what all engines must
//! answer alike, row by row.

use crate::world::{DAY, TODAY, all, ip};
use lake::query::{After, By};
use lake::{Filter, Question, Rows, Sight, Span, View};

const BY: [By; 13] =
    [By::Day, By::Holder, By::Class, By::Type, By::Identifier, By::Feed, By::Kind, By::Asn, By::Country, By::Port, By::Malware, By::Severity, By::PeerAsn];

/// Each condition alone, and some together.
fn every_filter() -> Vec<Filter> {
    vec![
        all(),
        Filter { span: Span { from: TODAY + DAY + 3_000_000_000, until: TODAY + 2 * DAY + 5_000_000_000 }, ..all() },
        Filter { addresses: Some((ip(9), ip(9))), ..all() },
        Filter { addresses: Some((ip(256), ip(511))), ..all() },
        Filter { addresses: Some((ip(26), ip(104))), ..all() },
        Filter { peer: Some((ip(1), ip(100))), ..all() },
        Filter { asn: Some(64_501), ..all() },
        Filter { port: Some(2), ..all() },
        Filter { holder: Some(2), ..all() },
        Filter { unmatched: true, ..all() },
        Filter { files: Some(vec![2]), ..all() },
        Filter { files: Some(vec![1, 2]), ..all() },
        Filter { files: Some(Vec::new()), ..all() },
        Filter { classes: vec!["availability".into()], ..all() },
        Filter { types: vec!["weak-crypto".into(), "none".into()], ..all() },
        Filter { identifiers: vec!["open-1".into()], ..all() },
        Filter { feeds: vec!["example".into()], kinds: vec!["scan_dns".into()], ..all() },
        Filter { countries: vec!["CZ".into(), "AT".into()], ..all() },
        Filter { malware: vec!["it's \\ \"odd\"; -- žluťoučký".into()], ..all() },
        Filter { domain: Some("example.net".into()), ..all() },
        Filter { domain: Some("host-11.example.net".into()), ..all() },
        Filter { domain: Some("odd_%\\name".into()), ..all() },
        Filter { severity: Some(3), ..all() },
        Filter { labels: vec!["AMBER".into()], ..all() },
        Filter { asn: Some(64_502), countries: vec!["AT".into()], severity: Some(1), ..all() },
        Filter { span: Span { from: TODAY - 9 * DAY, until: TODAY - 8 * DAY }, ..all() },
    ]
}

fn sights() -> Vec<Sight> {
    vec![Sight::All, Sight::Holders(vec![2]), Sight::Holders(vec![3, 1]), Sight::Holders(vec![])]
}

/// Every question, each with a name for who looks into a difference. `some`: an answer to begin a second page
/// behind. `filters`: with each filter and by each thing, too.
pub fn questions(some: &Rows, filters: bool) -> Vec<(String, Question, Sight)> {
    let mut asked: Vec<(Question, Sight)> = Vec::new();
    let since = TODAY + 2 * DAY;
    if filters {
        asked.extend(every_filter().into_iter().map(|filter| (Question::Events { filter, after: None, limit: 100_000 }, Sight::All)));
        for by in BY {
            asked.push((Question::Counts { filter: all(), by, limit: 1000 }, Sight::All));
            asked.push((Question::Histogram { filter: all(), by }, Sight::Holders(vec![2])));
        }
    }
    asked.push((Question::Counts { filter: all(), by: By::Port, limit: 2 }, Sight::All));
    for sight in sights() {
        asked.push((Question::Events { filter: all(), after: None, limit: 50 }, sight.clone()));
        asked.push((Question::Total { filter: all() }, sight.clone()));
        asked.push((Question::Tally { filter: all() }, sight.clone()));
        asked.push((Question::Changes { filter: all(), since, limit: 100_000 }, sight.clone()));
        asked.push((Question::ChangeCounts { filter: all(), since }, sight.clone()));
        asked.push((Question::Unmatched { filter: all(), limit: 1000 }, sight));
    }
    asked.push((Question::Changes { filter: Filter { asn: Some(64_501), ..all() }, since, limit: 7 }, Sight::All));
    for row in [0, some.len() / 2, some.len() - 1] {
        let event = some.get(row, "event").bytes().unwrap();
        let after = After { observed: some.get(row, "observed").int().unwrap(), event, holder: some.get(row, "holder").int().unwrap() };
        for sight in [Sight::All, Sight::Holders(vec![2])] {
            asked.push((Question::Events { filter: all(), after: Some(after), limit: 333 }, sight.clone()));
            asked.push((Question::Event { event }, sight));
        }
    }
    asked.into_iter().map(|(question, sight)| (format!("{question:?} as {sight:?}"), question, sight)).collect()
}

/// A page to go on behind.
pub fn some(view: &View, ask: impl Fn(&View, &Question, &Sight) -> lake::Result<Rows>) -> Rows {
    ask(view, &Question::Events { filter: all(), after: None, limit: 1000 }, &Sight::All).unwrap()
}

/// Two answers, row by row.
pub fn assert_alike(name: &str, ours: &Rows, theirs: &Rows) {
    assert_eq!(ours.names, theirs.names, "{name}");
    for (row, (our, their)) in ours.rows.iter().zip(&theirs.rows).enumerate() {
        assert_eq!(our, their, "row {row} of {name}");
    }
    assert_eq!(ours.len(), theirs.len(), "{name}");
}
