//! A writer that is killed at any moment leaves a table that the next one finishes as if nothing had
//! happened.

use crate::world::{content, open, take};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

const FILES: u64 = 6;

fn numbers(file: u64) -> Vec<u64> {
    // Overlapping files, repeats within them.
    (file * 100..file * 100 + 250).chain(file * 100..file * 100 + 20).collect()
}

/// What the child does: take in all files, in small pieces. It is a test only so that this program can
/// start itself as the child.
#[test]
#[ignore = "the child of the test below"]
fn child() {
    let Ok(folder) = std::env::var("LAKE_KILL") else { return };
    let folder = Path::new(&folder);
    let lake = open(&folder.join("place"), &folder.join("scratch"), 40);
    let nonce = std::process::id();
    for file in 0..FILES {
        take(&lake, file, u64::from(nonce) << 32 | file, &numbers(file), 25);
    }
}

/// Whether a writer left something that it had not finished: rows, files or ids in its folder of work, a draft, or a data
/// file that no commit names.
fn is_half_written(folder: &Path) -> bool {
    let named = |folder: &Path| -> Vec<String> {
        let mut found = Vec::new();
        let mut open = vec![folder.to_owned()];
        while let Some(at) = open.pop() {
            for entry in std::fs::read_dir(at).into_iter().flatten().flatten() {
                if entry.path().is_dir() { open.push(entry.path()) } else { found.push(entry.path().strip_prefix(folder).unwrap().display().to_string()) }
            }
        }
        found
    };
    let place = named(&folder.join("place"));
    let commits = place
        .iter()
        .filter(|name| name.rsplit_once('.').is_some_and(|(_, ending)| ending == "json"))
        .map(|name| std::fs::read_to_string(folder.join("place").join(name)).unwrap());
    let log: String = commits.collect();
    let left = |name: &String| name.contains("draft") || (name.starts_with("day=") && !log.contains(name.as_str()));
    place.iter().any(left) || named(&folder.join("scratch")).iter().any(|name| name.starts_with("work-") || name.contains("draft"))
}

#[test]
fn killed_at_any_moment_it_holds_each_event_once() {
    let kills: usize = std::env::var("ATALAYA_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(25);
    let (other, scratch) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let plain = open(other.path(), scratch.path(), 100_000);
    let all: Vec<u64> = (0..FILES).flat_map(numbers).collect();
    take(&plain, 1, 1, &all, 1000);
    let expected = content(&plain, other.path());
    let mut dice = fastrand::Rng::with_seed(11);
    let mut folder = tempfile::tempdir().unwrap();
    let (mut killed, mut finished, mut met) = (0, 0, 0);
    while killed < kills {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "kill::child", "--ignored"]).env("LAKE_KILL", folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = child.spawn().unwrap();
        // The moment is chance, and meant to be.
        std::thread::sleep(Duration::from_micros(dice.u64(1000..60_000)));
        let alive = child.try_wait().unwrap().is_none();
        if alive {
            child.kill().unwrap();
            killed += 1;
        }
        let status = child.wait().unwrap();
        met += usize::from(alive && !status.success() && is_half_written(folder.path()));
        if status.success() {
            let scratch = folder.path().join("scratch");
            let place = folder.path().join("place");
            assert_eq!(content(&open(&place, &scratch, 40), &place), expected);
            finished += 1;
            folder = tempfile::tempdir().unwrap();
        }
    }
    let scratch = folder.path().join("scratch");
    let place = folder.path().join("place");
    let lake = open(&place, &scratch, 40);
    for file in 0..FILES {
        take(&lake, file, 7 + file, &numbers(file), 25);
    }
    assert_eq!(content(&lake, &place), expected, "after {killed} kills and {finished} finished tables");
    println!("{killed} kills, of which {met} met a write, and {finished} tables that were finished between them");
    assert!(met * 4 >= killed, "of {killed} kills {met} met a write: the others say nothing");
}
