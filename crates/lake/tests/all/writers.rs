//! Several writers on one table: each with a scratch folder of its own, none loses a commit.

use crate::world::{TODAY, batch, content, holders, open, start, take};

#[test]
fn three_writers_with_five_files_each_lose_nothing_and_double_nothing() {
    let place = tempfile::tempdir().unwrap();
    let writers: Vec<_> = (0..3_u64)
        .map(|writer| {
            let place = place.path().to_owned();
            std::thread::spawn(move || {
                let scratch = tempfile::tempdir().unwrap();
                let lake = open(&place, scratch.path(), 64);
                (0..5)
                    .map(|file| {
                        // Each brings what the others bring as well, and something of its own.
                        let numbers: Vec<u64> = (0..150).chain(1000 * (writer + 1) + 20 * file..1000 * (writer + 1) + 20 * (file + 1)).collect();
                        take(&lake, 100 * writer + file, 100 * writer + file, &numbers, 33).counts.stored
                    })
                    .sum::<u64>()
            })
        })
        .collect();
    let stored: u64 = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
    assert_eq!(stored, 150 + 3 * 5 * 20);
    let scratch = tempfile::tempdir().unwrap();
    let lake = open(place.path(), scratch.path(), 64);
    assert_eq!(lake.refresh().unwrap(), 15);
    let (other, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let plain = open(other.path(), scratch.path(), 10_000);
    let all: Vec<u64> = (0..150).chain((1..4).flat_map(|writer| 1000 * writer..1000 * writer + 100)).collect();
    take(&plain, 1, 1, &all, 100);
    assert_eq!(content(&lake, place.path()), content(&plain, other.path()));
}

#[test]
fn what_another_committed_meanwhile_is_taken_out_before_the_commit() {
    let place = tempfile::tempdir().unwrap();
    let scratches = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [ours, theirs] = scratches.each_ref().map(|scratch| open(place.path(), scratch.path(), 50));
    let mut intake = start(&ours, 1, 1);
    intake.take(&batch(&(0..400).collect::<Vec<_>>())).unwrap();
    take(&theirs, 2, 2, &(300..500).collect::<Vec<_>>(), 50);
    let receipt = intake.commit().unwrap();
    assert_eq!((receipt.counts.stored, receipt.counts.duplicate), (300, 100));
    let all = content(&ours, place.path());
    assert_eq!(all.iter().filter(|(_, rank, ..)| *rank == 0).count(), 500);
    let firsts: u64 = receipt.data_files.iter().flat_map(|(_, rollup)| &rollup.cells).filter(|cell| cell.first).map(|cell| cell.events).sum();
    assert_eq!(firsts, 300);
    // The same within one process.
    let mut one = start(&ours, 3, 3);
    let mut two = start(&ours, 4, 4);
    one.take(&batch(&(600..700).collect::<Vec<_>>())).unwrap();
    two.take(&batch(&(650..750).collect::<Vec<_>>())).unwrap();
    assert_eq!(two.commit().unwrap().counts.stored, 100);
    assert_eq!(one.commit().unwrap().counts.stored, 50);
}

#[test]
fn the_same_file_taken_in_by_two_at_once_is_in_once() {
    let place = tempfile::tempdir().unwrap();
    let scratches = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [ours, theirs] = scratches.each_ref().map(|scratch| open(place.path(), scratch.path(), 50));
    let mut one = start(&ours, 1, 1);
    let mut two = start(&theirs, 1, 2);
    one.take(&batch(&(0..200).collect::<Vec<_>>())).unwrap();
    two.take(&batch(&(0..200).collect::<Vec<_>>())).unwrap();
    let first = two.commit().unwrap();
    let second = one.commit().unwrap();
    assert!(!first.before && second.before);
    assert_eq!(second.counts, first.counts);
    assert_eq!(content(&ours, place.path()).iter().filter(|(_, rank, ..)| *rank == 0).count(), 200);
}

#[test]
fn a_reader_that_comes_late_begins_at_a_checkpoint() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 50);
    for file in 0..40 {
        take(&lake, file, file, &[file, file + 1], 50);
    }
    let log = place.path().join("_delta_log");
    assert!(log.join("00000000000000000032.checkpoint.parquet").exists());
    let before = content(&lake, place.path());
    for version in 0..32 {
        std::fs::remove_file(log.join(format!("{version:020}.json"))).unwrap();
    }
    let scratch = tempfile::tempdir().unwrap();
    let late = open(place.path(), scratch.path(), 50);
    assert_eq!(late.refresh().unwrap(), 40);
    assert_eq!(content(&late, place.path()), before);
    assert!(take(&late, 3, 99, &[3, 4], 50).before, "what was done is in the checkpoint");
    assert_eq!(take(&late, 99, 99, &[3, 4, 500], 50).counts.stored, 1);
}

#[test]
fn nothing_is_written_where_the_table_is_not_any_more() {
    let (place, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (mounted, aside) = (place.path().join("mounted"), place.path().join("aside"));
    let lake = open(&mounted, scratch.path(), 64);
    take(&lake, 1, 1, &(0..100).collect::<Vec<_>>(), 50);
    let mut begun = start(&lake, 2, 2);
    begun.take(&batch(&(100..200).collect::<Vec<_>>())).unwrap();
    // The disk is not mounted any more, and there is an empty folder instead.
    std::fs::rename(&mounted, &aside).unwrap();
    std::fs::create_dir(&mounted).unwrap();
    assert!(!lake.is_here().unwrap());
    assert!(matches!(begun.commit(), Err(lake::Error::Missing(_))));
    assert!(matches!(lake.erase(lake::Erased::Holder(2), TODAY, TODAY), Err(lake::Error::Missing(_))));
    let next = lake.intake(lake::Start { sha: [9; 32], file: 3, now: TODAY, nonce: 3 }, holders());
    assert!(matches!(next, Err(lake::Error::Missing(_))));
    assert_eq!(std::fs::read_dir(&mounted).unwrap().count(), 0, "nothing is begun there");
    std::fs::remove_dir(&mounted).unwrap();
    std::fs::rename(&aside, &mounted).unwrap();
    assert!(lake.is_here().unwrap());
    assert_eq!(take(&lake, 2, 4, &(100..200).collect::<Vec<_>>(), 50).counts.stored, 100);
}
