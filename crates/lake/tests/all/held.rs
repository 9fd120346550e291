//! The events of one holder, without an engine.

use crate::world::{DAY, TODAY, holders, open, row, take};
use lake::{Erased, Held, Subject};
use std::collections::BTreeSet;
use tempfile::tempdir;

/// The numbers whose events a holder has, as a plain look-up says.
fn expected(numbers: &[u64], holder: i64, day: i64) -> BTreeSet<(i64, [u8; 16], i64)> {
    let (holders, mut found): (_, Vec<Held>) = (holders(), Vec::new());
    let mut all = BTreeSet::new();
    for number in numbers {
        let row = row(*number);
        let subject = Subject { ip: row.ip, prefix: row.prefix, asn: row.asn, domain: &row.domain, observed: row.observed, flags: row.flags };
        holders.find(subject, &mut found);
        if row.observed.div_euclid(DAY) == day && found.iter().any(|held| held.holder == holder) {
            all.insert((row.observed, row.ip, i64::from(row.port)));
        }
    }
    all
}

#[test]
fn each_holder_gets_its_events_of_a_day_and_nobody_elses() {
    let (place, scratch) = (tempdir().unwrap(), tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 700);
    let numbers: Vec<u64> = (0..3000).collect();
    take(&lake, 1, 1, &numbers[..1500], 200);
    take(&lake, 2, 2, &numbers[1000..], 333);
    for holder in 0..6 {
        for day in 0..4 {
            let day = TODAY / DAY + day;
            let mut got = BTreeSet::new();
            lake.events_of(holder, &[i32::try_from(day).unwrap()], |event| {
                assert!(got.insert((event.observed, event.ip.unwrap(), i64::from(event.port.unwrap()))), "twice");
                assert_eq!((event.feed, event.kind, event.class), ("example", "scan_dns", "vulnerable"));
                assert!(event.file == 1 || event.file == 2);
                true
            })
            .unwrap();
            if holder > 0 {
                assert_eq!(got, expected(&numbers, holder, day), "holder {holder}, day {day}");
            }
        }
    }
    let mut seen = 0;
    lake.events_of(1, &[i32::try_from(TODAY / DAY).unwrap()], |_| {
        seen += 1;
        seen < 10
    })
    .unwrap();
    assert_eq!(seen, 10, "whoever has enough is given no more");
}

#[test]
fn what_was_erased_is_not_handed_on() {
    let (place, scratch) = (tempdir().unwrap(), tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 700);
    take(&lake, 1, 1, &(0..600).collect::<Vec<u64>>(), 200);
    let ip = row(3).ip;
    let days: Vec<i32> = (0..3).map(|day| i32::try_from(TODAY / DAY + day).unwrap()).collect();
    let count = || {
        let mut of_ip = 0;
        lake.events_of(1, &days, |event| {
            of_ip += usize::from(event.ip == Some(ip));
            true
        })
        .unwrap();
        of_ip
    };
    assert_eq!(count(), 1);
    lake.erase(Erased::Addresses(ip, ip), TODAY + 10 * DAY, TODAY).unwrap();
    assert_eq!(count(), 0);
}
