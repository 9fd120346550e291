//! What is done to a lake that events lie in: small files become large, days go, subjects are erased,
//! holders change. Each time the table is what it would be if it had come so.

use crate::world::{self, TODAY, batch, content, holders, open, row, rows, take};
use arrow_array::cast::AsArray;
use arrow_array::types::TimestampMicrosecondType;
use lake::{Change, Erased, Holder, Holders, Lake, Move, Resource, Rollup, Start};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

const DAY: i32 = 20_700;

fn bytes(place: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for day in
        std::fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("day="))
    {
        files.extend(
            std::fs::read_dir(&day)
                .unwrap()
                .map(|entry| format!("{}/{}", day.file_name().unwrap().to_str().unwrap(), entry.unwrap().file_name().to_str().unwrap())),
        );
    }
    files.sort();
    files
}

/// The sums of all data files together.
fn sums<'a>(rollups: impl Iterator<Item = &'a Rollup>) -> BTreeMap<(i64, bool, String, i64), u64> {
    let mut all = BTreeMap::new();
    for cell in rollups.flat_map(|rollup| &rollup.cells) {
        *all.entry((cell.holder, cell.first, cell.r#type.clone(), cell.asn)).or_default() += cell.events;
    }
    all
}

fn all_sums(lake: &Lake) -> BTreeMap<(i64, bool, String, i64), u64> {
    let rollups: Vec<Rollup> = lake.data_files().unwrap().keys().map(|path| lake.rollup(path).unwrap().unwrap()).collect();
    sums(rollups.iter())
}

#[test]
fn small_files_become_one_sorted_file_and_nothing_else_changes() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 64);
    for file in 0..6 {
        take(&lake, file, file, &(file * 90..file * 90 + 120).collect::<Vec<_>>(), 50);
    }
    let (before, counted) = (content(&lake, place.path()), all_sums(&lake));
    assert_eq!(lake.scattered(DAY).unwrap(), BTreeMap::new(), "today is left alone");
    let scattered = lake.scattered(DAY + 3).unwrap();
    assert_eq!(scattered.len(), 3);
    for (day, files) in scattered {
        let done = lake.compact(day, TODAY, 77).unwrap().unwrap();
        assert_eq!((done.removed.len(), done.added.len()), (files, 1));
    }
    assert_eq!(lake.data_files().unwrap().len(), 3);
    assert_eq!(content(&lake, place.path()), before);
    assert_eq!(all_sums(&lake), counted);
    for batch in rows(&lake, place.path()) {
        let holders = batch.column_by_name("holder").unwrap().as_primitive::<arrow_array::types::Int64Type>();
        let observed = batch.column_by_name("observed").unwrap().as_primitive::<TimestampMicrosecondType>();
        assert!(holders.values().iter().zip(observed.values()).is_sorted());
    }
    assert_eq!(take(&lake, 50, 50, &(0..200).collect::<Vec<_>>(), 50).counts.stored, 0, "what was in before is in still");
    // Another writer, who was not there, finds the same.
    let elsewhere = tempfile::tempdir().unwrap();
    let other = open(place.path(), elsewhere.path(), 64);
    assert_eq!(take(&other, 51, 51, &(0..700).collect::<Vec<_>>(), 50).counts.stored, 700 - 570);
    // The bytes of the small files go when nobody can need them any more.
    assert_eq!(lake.vacuum(TODAY).unwrap(), 0);
    let live: Vec<String> = lake.data_files().unwrap().into_keys().collect();
    assert!(bytes(place.path()).len() > live.len());
    lake.vacuum(i64::MAX).unwrap();
    assert_eq!(bytes(place.path()), live);
}

#[test]
fn what_two_rewrite_at_once_is_rewritten_once() {
    let place = tempfile::tempdir().unwrap();
    let scratches = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [one, two] = scratches.each_ref().map(|scratch| open(place.path(), scratch.path(), 64));
    for file in 0..4 {
        take(&one, file, file, &(file * 50..file * 50 + 60).collect::<Vec<_>>(), 50);
    }
    let before = content(&one, place.path());
    let results: Vec<bool> = [one.clone(), two]
        .into_iter()
        .zip(1..)
        .map(|(lake, nonce)| std::thread::spawn(move || (DAY..DAY + 3).map(|day| lake.compact(day, TODAY, nonce).unwrap().is_some()).collect::<Vec<_>>()))
        .collect::<Vec<_>>()
        .into_iter()
        .flat_map(|thread| thread.join().unwrap())
        .collect();
    assert_eq!(results.iter().filter(|done| **done).count(), 3);
    assert_eq!(content(&one, place.path()), before);
}

#[test]
fn old_days_go() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 64);
    let first = take(&lake, 1, 1, &(0..300).collect::<Vec<_>>(), 50);
    let gone = lake.drop_before(DAY + 1, TODAY).unwrap().unwrap();
    let of_day: BTreeSet<&String> = first.data_files.iter().map(|(path, _)| path).filter(|path| path.starts_with("day=2026-09-04")).collect();
    assert_eq!(gone.removed.iter().collect::<BTreeSet<_>>(), of_day);
    let left = content(&lake, place.path());
    assert_eq!(left.iter().filter(|(_, rank, ..)| *rank == 0).count(), 200);
    assert!(lake.drop_before(DAY + 1, TODAY).unwrap().is_none());
    lake.vacuum(i64::MAX).unwrap();
    assert!(bytes(place.path()).iter().all(|path| !path.starts_with("day=2026-09-04")));
}

#[test]
fn an_erased_address_is_in_no_file_after_and_neither_where_it_was_the_other_side() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 64);
    let mut intake = crate::world::start(&lake, 1, 1);
    let mut events = batch(&(0..200).collect::<Vec<_>>());
    let secret = row(7).ip;
    events.peer_ip[20] = secret;
    events.peer_ip[21] = row(8).ip;
    intake.take(&events).unwrap();
    intake.commit().unwrap();
    let before = all_sums(&lake);
    lake.erase(Erased::Addresses(secret, secret), i64::MAX, TODAY).unwrap();
    let done = lake.expunge(TODAY, 5, |_| false).unwrap();
    assert_eq!(done.rewritten.iter().map(|of| of.removed.len()).sum::<usize>(), 2, "the files of two days held it");
    let mut count = 0;
    for batch in rows(&lake, place.path()) {
        for name in ["ip", "peer_ip"] {
            let column = batch.column_by_name(name).unwrap().as_fixed_size_binary();
            assert!(column.iter().flatten().all(|ip| ip != &secret[..]), "{name}");
        }
        count += batch.num_rows();
    }
    // It was in the AS as well.
    assert_eq!(count as u64 + 2, before.values().sum::<u64>());
    let again = lake.expunge(TODAY, 6, |_| false).unwrap();
    assert!(again.rewritten.is_empty(), "it is done");
    let all: Vec<String> = lake.data_files().unwrap().into_keys().collect();
    assert_eq!(again.clear.iter().cloned().collect::<std::collections::BTreeSet<_>>(), all.into_iter().collect());
    // What is known to be clear is not read: not even where it is not there.
    let [first, ..] = again.clear.as_slice() else { panic!("no file") };
    let aside = place.path().join("aside");
    std::fs::rename(place.path().join(first), &aside).unwrap();
    assert!(lake.expunge(TODAY, 6, |_| false).is_err());
    assert!(lake.expunge(TODAY, 6, |path| again.clear.iter().any(|clear| clear == path)).unwrap().clear.is_empty());
    std::fs::rename(&aside, place.path().join(first)).unwrap();
    lake.vacuum(i64::MAX).unwrap();
    for path in bytes(place.path()) {
        let bytes = std::fs::read(place.path().join(path)).unwrap();
        assert!(!bytes.windows(16).any(|window| window == secret));
    }
    // A holder's rows.
    lake.erase(Erased::Holder(2), TODAY + 86_400_000_000, TODAY).unwrap();
    lake.expunge(TODAY, 7, |_| false).unwrap();
    let left: Vec<i64> = rows(&lake, place.path())
        .iter()
        .flat_map(|batch| {
            let holders = batch.column_by_name("holder").unwrap().as_primitive::<arrow_array::types::Int64Type>().values().to_vec();
            let observed = batch.column_by_name("observed").unwrap().as_primitive::<TimestampMicrosecondType>().values().to_vec();
            holders.into_iter().zip(observed).filter(|(holder, _)| *holder == 2).map(|(_, observed)| observed)
        })
        .collect();
    assert!(left.iter().all(|observed| *observed >= TODAY + 86_400_000_000));
}

fn registry(change: u8) -> Vec<Holder> {
    let whole = |id, resource| Holder { id, resource, from: 0, until: i64::MAX };
    let network = |text: &str| Resource::Network(text.parse().unwrap());
    let mut all = vec![
        whole(1, network("198.18.0.0/15")),
        whole(2, network("198.18.1.0/24")),
        whole(3, Resource::Domain("example.net".into())),
        whole(4, Resource::Asn(64_502)),
    ];
    match change {
        1 => all[1] = whole(5, network("198.18.1.0/24")),
        2 => all.push(whole(6, network("198.18.0.0/25"))),
        3 => drop(all.remove(0)),
        4 => all.push(Holder { id: 7, resource: network("198.18.0.0/16"), from: TODAY + 86_400_000_000, until: TODAY + 2 * 86_400_000_000 }),
        5 => all.truncate(0),
        _ => (),
    }
    all
}

#[test]
fn after_a_change_of_the_registry_the_table_is_as_if_it_had_come_after_it() {
    for change in 1..=5 {
        let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let lake = open(place.path(), scratch.path(), 64);
        let numbers: Vec<u64> = (0..600).collect();
        take(&lake, 1, 1, &numbers, 100);
        lake.compact(DAY, TODAY, 3).unwrap();
        let (old, new) = (registry(0), registry(change));
        let change = Change::between(&old, 2, &new);
        let done = lake.rematch(&change, TODAY, 4).unwrap();
        assert!(done.events > 0);
        let (other, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let plain = open(other.path(), scratch.path(), 1000);
        let mut intake = plain.intake(Start { sha: [1; 32], file: 1, now: TODAY, nonce: 1 }, Arc::new(Holders::compile(2, new.clone()))).unwrap();
        intake.take(&batch(&numbers)).unwrap();
        intake.commit().unwrap();
        assert_eq!(content(&lake, place.path()), content(&plain, other.path()));
        assert_eq!(all_sums(&lake), all_sums(&plain));
        let added: u64 = done.rewritten.unwrap().added.iter().flat_map(|(_, rollup)| &rollup.cells).filter(|cell| cell.first).map(|cell| cell.events).sum();
        assert!(added <= 600);
        assert_eq!(lake.rematch(&change, TODAY, 5).unwrap(), lake::Rematch::default(), "once is enough");
        assert_eq!(take(&lake, 2, 2, &numbers, 100).counts.stored, 0);
    }
}

/// What is in the table of each event: its holders, the first first.
fn owners(lake: &Lake, place: &Path) -> BTreeMap<Vec<u8>, Vec<i64>> {
    let mut all: BTreeMap<Vec<u8>, Vec<i64>> = BTreeMap::new();
    for (event, rank, holder, _) in content(lake, place) {
        let holders = all.entry(event).or_default();
        assert_eq!(holders.len(), usize::try_from(rank).unwrap(), "ranks follow on each other from 0");
        holders.push(holder);
    }
    all
}

#[test]
fn what_others_have_outlives_an_erasure_and_the_changes_of_the_registry_after_it() {
    for change in [1, 3, 5] {
        for (expunged, compacted) in [(true, false), (false, false), (true, true), (false, true)] {
            let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            // The rows of an event lie in several files where a day has more than one full file.
            let lake = open(place.path(), scratch.path(), if compacted { 4 } else { 64 });
            let numbers: Vec<u64> = (0..600).collect();
            take(&lake, 1, 1, &numbers, 100);
            if compacted {
                lake.compact(DAY, TODAY, 9).unwrap();
                assert!(bytes(place.path()).len() > 8, "several files");
            }
            let before = owners(&lake, place.path());
            lake.erase(Erased::Holder(2), TODAY + 86_400_000_000, TODAY).unwrap();
            if expunged {
                lake.expunge(TODAY, 3, |_| false).unwrap();
                let left = owners(&lake, place.path());
                assert_eq!(left.len(), before.len(), "the neighbour has them still");
                assert!(left.iter().all(|(event, holders)| before[event].iter().filter(|holder| holders.contains(holder)).eq(holders)));
            }
            lake.rematch(&Change::between(&registry(0), 2, &registry(change)), TODAY, 4).unwrap();
            lake.expunge(TODAY, 5, |_| false).unwrap();
            let left = owners(&lake, place.path());
            assert_eq!(left.keys().collect::<Vec<_>>(), before.keys().collect::<Vec<_>>(), "change {change}, expunged {expunged}, compacted {compacted}");
            let (other, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let plain = open(other.path(), scratch.path(), 1000);
            let mut intake = plain.intake(Start { sha: [1; 32], file: 1, now: TODAY, nonce: 1 }, Arc::new(Holders::compile(2, registry(change)))).unwrap();
            intake.take(&batch(&numbers)).unwrap();
            intake.commit().unwrap();
            plain.erase(Erased::Holder(2), TODAY + 86_400_000_000, TODAY).unwrap();
            plain.expunge(TODAY, 6, |_| false).unwrap();
            let should = owners(&plain, other.path());
            // What others had and only the erased one would have now is nobody's.
            assert!(left.iter().all(|(event, holders)| should.get(event).map_or(&[0][..], Vec::as_slice) == holders));
            let sum: u64 = all_sums(&lake).iter().filter(|((_, first, ..), _)| *first).map(|(_, events)| events).sum();
            assert_eq!(sum, 600, "each is in the sums over all");
        }
    }
}

#[test]
fn what_was_erased_is_not_nobodys_after_a_change_of_the_registry() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 64);
    let only = [Holder { id: 2, resource: Resource::Network("198.18.0.0/15".parse().unwrap()), from: 0, until: i64::MAX }];
    let mut intake = lake.intake(Start { sha: [1; 32], file: 1, now: TODAY, nonce: 1 }, Arc::new(Holders::compile(1, only.clone()))).unwrap();
    intake.take(&batch(&(0..300).collect::<Vec<_>>())).unwrap();
    intake.commit().unwrap();
    lake.erase(Erased::Holder(2), i64::MAX, TODAY).unwrap();
    // Nothing is left of it that could be given to somebody, before the bytes are gone and after.
    assert_eq!(lake.rematch(&Change::between(&only, 2, &[]), TODAY, 4).unwrap(), lake::Rematch::default());
    lake.expunge(TODAY, 5, |_| false).unwrap();
    assert_eq!(lake.rematch(&Change::between(&only, 2, &[]), TODAY, 6).unwrap(), lake::Rematch::default());
    assert!(content(&lake, place.path()).is_empty());
}

#[test]
fn a_rematch_says_what_moved() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 64);
    assert_eq!(holders().len(), 4);
    take(&lake, 1, 1, &(0..512).collect::<Vec<_>>(), 100);
    let moved = lake.rematch(&Change::between(&registry(0), 2, &registry(1)), TODAY, 4).unwrap();
    assert_eq!((moved.events, moved.moves), (256, vec![Move { from: 2, to: 5, events: 256 }]));
    let moved = lake.rematch(&Change::between(&registry(1), 3, &[]), TODAY, 5).unwrap();
    assert_eq!(moved.events, 512);
    assert!(moved.moves.contains(&Move { from: 1, to: 0, events: 512 }), "{:?}", moved.moves);
}

#[test]
fn of_days_on_which_nothing_changed_no_file_is_read() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 64);
    take(&lake, 1, 1, &(0..300).collect::<Vec<_>>(), 50);
    let day = |at: i64| format!("day={}", ["2026-09-04", "2026-09-05", "2026-09-06"][usize::try_from(at).unwrap()]);
    for path in lake.data_files().unwrap().keys().filter(|path| !path.starts_with(&day(1))) {
        std::fs::remove_file(place.path().join(path)).unwrap();
    }
    let new = Holder { id: 7, resource: Resource::Network("198.18.0.0/15".parse().unwrap()), from: TODAY + world::DAY, until: TODAY + 2 * world::DAY };
    let moved = lake.rematch(&Change::between(&[], 2, &[new]), TODAY, 4).unwrap();
    assert_eq!(moved.events, 100);
}

#[test]
fn a_text_that_names_an_erased_address_is_shown_to_nobody_and_goes_with_it() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 64);
    let mut events = batch(&[]);
    let texts = |url: &str, reverse: &str, extra: &str| formats::feed::Row { url: url.into(), reverse: reverse.into(), extra: extra.into(), ..row(600) };
    for (line, one) in (1..).zip([
        texts("http://198.18.0.7:8080/a", "a.example", "{\"note\":\"seen with 198.18.0.77\"}"),
        texts("http://b.example/", "198.18.0.7", "{\"from\":\"::ffff:198.18.0.7\"}"),
        texts("http://c.example/?to=198.18.0.8", "c.example", "{\"of\":\"198[.]18[.]0[.]7\"}"),
    ]) {
        events.push(&formats::feed::Row { line, port: line, ..one });
    }
    let mut intake = crate::world::start(&lake, 1, 1);
    intake.take(&events).unwrap();
    intake.commit().unwrap();
    let secret = row(7).ip;
    lake.erase(Erased::Addresses(secret, secret), i64::MAX, TODAY).unwrap();
    let shown = |lake: &lake::Lake| -> Vec<[String; 3]> {
        let filter = lake::Filter::new(lake::Span { from: TODAY, until: TODAY + 3 * 86_400_000_000 });
        let rows = lake.events(&lake.view().unwrap(), &lake::Question::Events { filter, after: None, limit: 10 }, &lake::Sight::All).unwrap();
        let mut found: Vec<[String; 3]> =
            (0..rows.len()).map(|at| ["url", "reverse", "extra"].map(|name| rows.get(at, name).text().unwrap_or_default().to_owned())).collect();
        found.sort();
        found
    };
    let left = [["", "a.example", "{\"note\":\"seen with 198.18.0.77\"}"], ["http://b.example/", "", ""], ["http://c.example/?to=198.18.0.8", "c.example", ""]];
    assert_eq!(shown(&lake), left, "at once");
    assert_eq!(lake.expunge(TODAY, 5, |_| false).unwrap().rewritten.len(), 1);
    assert_eq!(shown(&lake), left);
    let texts: Vec<String> = rows(&lake, place.path())
        .iter()
        .flat_map(|batch| ["url", "reverse", "extra"].map(|name| format!("{:?}", batch.column_by_name(name).unwrap())))
        .collect();
    assert!(!texts.concat().contains("198.18.0.7:") && !texts.concat().contains("[.]"), "{texts:?}");
    assert!(lake.expunge(TODAY, 6, |_| false).unwrap().rewritten.is_empty(), "it is done");
}
