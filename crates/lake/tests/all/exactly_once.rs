//! However the same events come (again, in another order, in other files, at once), the table holds
//! each of them once.

use crate::world::{batch, batch_of, content, open, row, rows, seen_by, start, take};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use formats::feed::Row;
use proptest::prelude::*;

/// One way in which events come: which, in which batches, and whether the process starts anew before.
#[derive(Debug, Clone)]
struct Delivery {
    numbers: Vec<u64>,
    size: usize,
    restart: bool,
}

fn delivery() -> impl Strategy<Value = Delivery> {
    (prop::collection::vec(0_u64..400, 0..120), 1_usize..50, any::<bool>()).prop_map(|(numbers, size, restart)| Delivery { numbers, size, restart })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_table_is_the_set_of_events_however_they_come(deliveries in prop::collection::vec(delivery(), 1..8), rows in 1_usize..100) {
        let (one, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut lake = open(one.path(), scratch.path(), rows);
        let mut seen = std::collections::BTreeSet::new();
        for (file, delivery) in (0..).zip(&deliveries) {
            if delivery.restart {
                drop(lake);
                lake = open(one.path(), scratch.path(), rows);
            }
            let receipt = take(&lake, file, file, &delivery.numbers, delivery.size);
            let new = delivery.numbers.iter().filter(|number| seen.insert(**number)).count();
            prop_assert_eq!(receipt.counts.stored, new as u64);
            prop_assert_eq!(receipt.counts.duplicate, (delivery.numbers.len() - new) as u64);
        }
        let (other, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let plain = open(other.path(), scratch.path(), 100_000);
        take(&plain, 1, 1, &seen.into_iter().collect::<Vec<_>>(), 100);
        prop_assert_eq!(content(&lake, one.path()), content(&plain, other.path()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn a_shuffled_file_gives_the_same_rows_whole(lines in prop::collection::vec((0_u64..60, 0_u8..8), 1..200), dice in any::<u64>(), size in 1_usize..50) {
        let mut shuffled = lines.clone();
        fastrand::Rng::with_seed(dice).shuffle(&mut shuffled);
        let store = |lines: &[(u64, u8)]| {
            let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let lake = open(place.path(), scratch.path(), 100_000);
            let mut intake = start(&lake, 1, 1);
            for lines in lines.chunks(size) {
                intake.take(&batch_of(lines.iter().map(|(number, of)| seen_by(*number, *of)))).unwrap();
            }
            let counts = intake.commit().unwrap().counts;
            (counts, content(&lake, place.path()))
        };
        let (counts, rows) = store(&lines);
        prop_assert_eq!(counts.stored + counts.duplicate, lines.len() as u64);
        prop_assert_eq!((counts, rows), store(&shuffled));
    }

    #[test]
    fn what_is_worse_or_seen_by_more_is_kept_in_whatever_files_and_order_it_comes(
        lines in prop::collection::vec((0_u64..20, 0_i8..5, any::<bool>()), 1..80), dice in any::<u64>(), at in 0_usize..80, rows in 1_usize..40
    ) {
        let mut shuffled = lines.clone();
        fastrand::Rng::with_seed(dice).shuffle(&mut shuffled);
        let of = |(number, severity, red): &(u64, i8, bool)| Row { severity: *severity, tlp: if *red { "RED" } else { "GREEN" }.into(), ..row(*number) };
        let store = |files: [&[(u64, i8, bool)]; 2], rows: usize| {
            let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let lake = open(place.path(), scratch.path(), rows);
            for (number, file) in (1..).zip(files) {
                let mut intake = start(&lake, number, number);
                for lines in file.chunks(rows) {
                    intake.take(&batch_of(lines.iter().map(of))).unwrap();
                }
                intake.commit().unwrap();
            }
            content(&lake, place.path())
        };
        let whole = store([&lines, &[]], 100_000);
        let different: std::collections::BTreeSet<_> = lines.iter().collect();
        prop_assert_eq!(whole.iter().filter(|(_, rank, ..)| *rank == 0).count(), different.len());
        let (one, two) = shuffled.split_at(at.min(shuffled.len()));
        prop_assert_eq!(whole, store([one, two], rows));
    }
}

#[test]
fn a_file_that_is_in_comes_in_no_second_time_and_says_what_became_of_it() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 10);
    let numbers: Vec<u64> = (0..100).chain(0..10).collect();
    let first = take(&lake, 5, 1, &numbers, 7);
    assert_eq!((first.counts.stored, first.counts.duplicate, first.before), (100, 10, false));
    let version = lake.refresh().unwrap();
    let again = take(&lake, 5, 2, &numbers, 50);
    assert_eq!(lake.refresh().unwrap(), version, "nothing is committed");
    assert!(again.before);
    assert_eq!((again.version, again.counts), (first.version, first.counts));
    let by_name = |receipt: &lake::Receipt| {
        let mut files = receipt.data_files.clone();
        files.sort_by(|a, b| a.0.cmp(&b.0));
        files
    };
    assert_eq!(by_name(&again), by_name(&first), "sums made anew are those of then");
    drop(lake);
    let lake = open(place.path(), scratch.path(), 10);
    let receipt = lake.receipt(&{
        let mut sha = [0; 32];
        sha[0] = 5;
        sha
    });
    assert_eq!(receipt.unwrap().unwrap().counts, first.counts);
}

#[test]
fn an_intake_that_is_given_up_leaves_nothing() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 10);
    let mut intake = start(&lake, 1, 1);
    intake.take(&batch(&(0..200).collect::<Vec<_>>())).unwrap();
    drop(intake);
    assert!(content(&lake, place.path()).is_empty());
    let left: Vec<_> =
        std::fs::read_dir(scratch.path()).unwrap().map(|entry| entry.unwrap().file_name()).filter(|name| name != "lock" && name != "index").collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_damaged_or_lost_set_of_event_ids_is_made_anew_from_the_files() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 50);
    take(&lake, 1, 1, &(0..300).collect::<Vec<_>>(), 50);
    for damage in [damage_one, remove_all] {
        let before = content(&lake, place.path());
        let clone = lake.clone();
        drop(clone);
        damage(&scratch.path().join("index"));
        // A new process: the old one holds its files open.
        let elsewhere = tempfile::tempdir().unwrap();
        let index = elsewhere.path().join("index");
        std::fs::create_dir_all(&index).unwrap();
        copy(&scratch.path().join("index"), &index);
        let lake = open(place.path(), elsewhere.path(), 50);
        let file = 10 + u64::from(before.len() as u32);
        let receipt = take(&lake, file + lake.refresh().unwrap() as u64, 9, &(0..300).collect::<Vec<_>>(), 50);
        assert_eq!((receipt.counts.stored, receipt.counts.duplicate), (0, 300));
        assert_eq!(content(&lake, place.path()), before);
    }
}

fn damage_one(index: &std::path::Path) {
    let day = std::fs::read_dir(index).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.is_dir()).unwrap();
    let run = std::fs::read_dir(day).unwrap().map(|entry| entry.unwrap().path()).find(|path| path.extension().is_some_and(|end| end == "run")).unwrap();
    let bytes = std::fs::read(&run).unwrap();
    std::fs::write(run, &bytes[..bytes.len() / 2]).unwrap();
}

fn remove_all(index: &std::path::Path) {
    std::fs::remove_dir_all(index).unwrap();
    std::fs::create_dir_all(index).unwrap();
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn the_rows_of_a_file_are_sorted_and_each_says_why_it_is_whose() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 64);
    let receipt = take(&lake, 1, 1, &(0..1000).collect::<Vec<_>>(), 100);
    let mut count = 0;
    for batch in rows(&lake, place.path()) {
        let holders = batch.column_by_name("holder").unwrap().as_primitive::<Int64Type>();
        let observed = batch.column_by_name("observed").unwrap().as_primitive::<TimestampMicrosecondType>();
        let order: Vec<_> = holders.values().iter().zip(observed.values()).collect();
        assert!(order.is_sorted());
        count += batch.num_rows() as u64;
    }
    assert_eq!(count, receipt.counts.rows);
    // Everybody is in the first network; a fifth has a domain and a fifth the AS.
    let cells = receipt.data_files.iter().flat_map(|(_, rollup)| &rollup.cells);
    let of = |holder: i64| cells.clone().filter(|cell| cell.holder == holder).map(|cell| cell.events).sum::<u64>();
    assert_eq!((of(1), of(2), of(3), of(4)), (1000, 256, 200, 200));
    let first: u64 = cells.clone().filter(|cell| cell.first).map(|cell| cell.events).sum();
    assert_eq!(first, 1000);
    let sketches = receipt.data_files.iter().flat_map(|(_, rollup)| &rollup.sketches).filter(|sketch| sketch.of == lake::rollup::Of::Holder(1));
    let distinct = lake::rollup::distinct(sketches.map(|sketch| sketch.bytes.as_slice())).unwrap();
    assert!((950.0..1050.0).contains(&distinct), "{distinct}");
}
