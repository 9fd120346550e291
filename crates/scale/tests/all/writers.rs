//! Several writers on one bucket: a commit is a name that is given once, so none loses anything, none
//! doubles anything, and one that dies leaves nothing half.

use crate::bucket::{Bucket, KEYS, SECRET, options};
use crate::world::{DAY, TODAY, all, engine, open, take};
use lake::{Erased, Lake, Question, Rows, Sight};
use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use tempfile::tempdir;

/// What a writer brings in a file: something of its own, and what the others bring as well.
fn numbers(writer: i64, file: i64) -> impl Iterator<Item = i64> {
    (0..150).chain(1000 * (writer + 1) + 40 * file..1000 * (writer + 1) + 40 * (file + 1))
}

/// All events as the engine reads them from a place, without the file and line that they came in.
fn events(lake: &Lake, options: Vec<(String, String)>) -> Rows {
    let scratch = tempdir().unwrap();
    let question = Question::Events { filter: all(), after: None, limit: 100_000 };
    let view = lake.view().unwrap();
    let mut rows = engine(scratch.path(), options).ask(&view, &question, &Sight::All).unwrap();
    let own = lake.events(&view, &question, &Sight::All).unwrap();
    assert_eq!(own, rows, "read straight from the bucket");
    let kept: Vec<bool> = rows.names.iter().map(|name| name != "file" && name != "line").collect();
    let keep = |row: Vec<_>| row.into_iter().zip(&kept).filter(|(_, kept)| **kept).map(|(value, _)| value).collect();
    rows.rows = rows.rows.into_iter().map(keep).collect();
    rows
}

/// The same in a folder, brought by one writer at once.
fn plain(numbers: BTreeSet<i64>) -> Rows {
    let (place, scratch) = (tempdir().unwrap(), tempdir().unwrap());
    let lake = open(place.path().to_str().unwrap(), Vec::new(), scratch.path(), 100_000).unwrap();
    take(&lake, 1, 1, numbers.into_iter()).unwrap();
    events(&lake, Vec::new())
}

#[test]
fn two_writers_race_and_each_event_is_in_the_bucket_once() {
    const FILES: i64 = 8;
    let bucket = Bucket::start();
    let writers: Vec<_> = (0..2_i64)
        .map(|writer| {
            let (url, options) = (bucket.url.clone(), bucket.options(KEYS[writer as usize]));
            std::thread::spawn(move || {
                let scratch = tempdir().unwrap();
                let lake = open(&url, options, scratch.path(), 64).unwrap();
                let each = (0..FILES).map(|file| 100 * writer + file).map(|file| take(&lake, file, file as u64, numbers(writer, file % 100)).unwrap());
                each.map(|receipt| receipt.counts.stored).sum::<u64>()
            })
        })
        .collect();
    let stored: u64 = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
    assert_eq!(stored, 150 + 2 * 8 * 40);
    let scratch = tempdir().unwrap();
    let lake = open(&bucket.url, bucket.options(KEYS[0]), scratch.path(), 64).unwrap();
    assert_eq!(lake.refresh().unwrap(), 2 * FILES, "each file is one commit");
    let expected = (0..2).flat_map(|writer| (0..FILES).flat_map(move |file| numbers(writer, file))).collect();
    assert_eq!(events(&lake, bucket.options(KEYS[0])), plain(expected));
}

/// What the killed writer does. It is a test only so that this program can start itself as the child.
#[test]
#[ignore = "the child of the test below"]
fn child() {
    let (Ok(endpoint), Ok(scratch)) = (std::env::var("SCALE_ENDPOINT"), std::env::var("SCALE_SCRATCH")) else { return };
    let lake = open("s3://events/lake", options(&endpoint, KEYS[1]), scratch.as_ref(), 64).unwrap();
    for file in 0..FILES_OF_CHILD {
        take(&lake, 500 + file, u64::from(std::process::id()) << 32 | file as u64, numbers(5, file)).unwrap();
    }
}

const FILES_OF_CHILD: i64 = 2;

#[test]
fn a_writer_killed_at_each_of_its_writes_beside_another_leaves_a_table_that_it_finishes_later() {
    let bucket = Bucket::start();
    let scratches = [tempdir().unwrap(), tempdir().unwrap()];
    let lake = open(&bucket.url, bucket.options(KEYS[0]), scratches[0].path(), 64).unwrap();
    let mut killed = 0;
    loop {
        bucket.forget();
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "writers::child", "--ignored"]).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = child.env("SCALE_ENDPOINT", bucket.endpoint()).env("SCALE_SCRATCH", scratches[1].path()).spawn().unwrap();
        let mut writes = 0;
        let ended = std::thread::scope(|scope| {
            // The other goes on meanwhile.
            scope.spawn(|| take(&lake, 600 + killed, 600 + killed as u64, numbers(6, killed)).unwrap());
            loop {
                match bucket.hear_within(std::time::Duration::from_millis(50)) {
                    Some(heard) => writes += i64::from(heard.key == KEYS[1] && heard.writes),
                    None if child.try_wait().unwrap().is_some() => break true,
                    None => (),
                }
                if writes > killed {
                    child.kill().unwrap();
                    break false;
                }
            }
        });
        if ended {
            assert!(child.wait().unwrap().success());
            break;
        }
        child.wait().unwrap();
        killed += 1;
    }
    assert!(killed >= 4, "it was killed {killed} times only");
    let all: BTreeSet<i64> = (0..FILES_OF_CHILD).flat_map(|file| numbers(5, file)).chain((0..=killed).flat_map(|file| numbers(6, file))).collect();
    assert_eq!(events(&lake, bucket.options(KEYS[0])), plain(all.clone()));
    // What the dead left behind goes.
    let live = lake.data_files().unwrap().len();
    assert!(bucket.count("day=") > live, "the dead left files behind");
    lake.vacuum(i64::MAX).unwrap();
    assert_eq!(bucket.count("day="), live);
    assert_eq!(events(&lake, bucket.options(KEYS[0])), plain(all));
}

#[test]
fn a_bucket_is_compacted_erased_and_let_go_like_a_folder() {
    let bucket = Bucket::start();
    let (folder, scratches) = (tempdir().unwrap(), [tempdir().unwrap(), tempdir().unwrap()]);
    let places = [(bucket.url.clone(), bucket.options(KEYS[0])), (folder.path().to_str().unwrap().to_owned(), Vec::new())];
    assert!(Lake::find(&places[0].0, &places[0].1).unwrap().is_none(), "asking begins nothing");
    let answers = [0, 1].map(|at| {
        let (place, options) = places[at].clone();
        let lake = open(&place, options.clone(), scratches[at].path(), 64).unwrap();
        for file in 0..3 {
            take(&lake, file, file as u64, numbers(0, file)).unwrap();
        }
        let days = lake.scattered(i32::MAX).unwrap();
        assert!(!days.is_empty());
        for day in days.into_keys() {
            lake.compact(day, TODAY, 90 + day as u64).unwrap();
        }
        let gone = crate::world::ip(9);
        lake.erase(Erased::Addresses(gone, gone), i64::MAX, TODAY).unwrap();
        lake.expunge(TODAY, 77, |_| false).unwrap();
        lake.drop_before((TODAY / DAY) as i32 + 1, TODAY).unwrap();
        lake.vacuum(i64::MAX).unwrap();
        assert!(Lake::find(&place, &options).unwrap().is_some());
        events(&lake, options)
    });
    assert!(!answers[0].is_empty());
    assert_eq!(answers[0], answers[1]);
    let scratch = tempdir().unwrap();
    let lake = open(&bucket.url, bucket.options(KEYS[1]), scratch.path(), 64).unwrap();
    assert_eq!(bucket.count("day="), lake.data_files().unwrap().len());
}

#[test]
fn a_bucket_that_is_away_or_shut_is_said_plainly_and_its_keys_are_in_no_text() {
    let bucket = Bucket::start();
    let scratch = tempdir().unwrap();
    let wrong = bucket.options("nobody");
    let shut = open(&bucket.url, wrong, scratch.path(), 64).unwrap_err();
    let lake = open(&bucket.url, bucket.options(KEYS[0]), scratch.path(), 64).unwrap();
    let shown = format!("{lake:?}");
    drop(bucket);
    let away = take(&lake, 1, 1, 0..10).unwrap_err();
    for error in [&shut, &away] {
        assert!(matches!(error, lake::Error::Place { .. }), "{error}");
    }
    for text in [shown, format!("{shut} {shut:?}"), format!("{away} {away:?}")] {
        assert!(!text.contains(SECRET), "{text}");
    }
}
