//! A page of events and their counts, read in one pass, against each by itself.

use crate::world::{DAY, TODAY, open, row, start, take};
use lake::query::After;
use lake::{Erased, Filter, Question, Sight, Span};
use std::sync::mpsc;
use std::time::Duration;
use tempfile::tempdir;

fn filters() -> Vec<Filter> {
    let all = Filter::new(Span { from: TODAY, until: TODAY + 3 * DAY });
    let ip = row(300).ip;
    vec![
        all.clone(),
        Filter { addresses: Some((ip, ip)), ..all.clone() },
        Filter { addresses: Some((row(256).ip, row(511).ip)), ..all.clone() },
        Filter { span: Span { from: TODAY + DAY / 3, until: TODAY + DAY + 400_000_000 }, ..all.clone() },
        Filter { holder: Some(3), port: Some(4), ..all.clone() },
        Filter { domain: Some("example.net".into()), types: vec!["weak-crypto".into()], ..all.clone() },
        Filter { countries: vec!["AT".into(), "SI".into()], asn: Some(64_502), ..all.clone() },
        Filter { unmatched: true, ..all.clone() },
        Filter { peer: Some((ip, ip)), ..all },
    ]
}

#[test]
fn a_page_with_its_counts_is_what_both_say_alone_whatever_is_asked() {
    let (place, scratch) = (tempdir().unwrap(), tempdir().unwrap());
    let lake = open(place.path(), scratch.path(), 700);
    let numbers: Vec<u64> = (0..3000).collect();
    take(&lake, 1, 1, &numbers[..1500], 200);
    take(&lake, 2, 2, &numbers[1000..], 333);
    for erased in [false, true] {
        if erased {
            lake.erase(Erased::Addresses(row(300).ip, row(340).ip), TODAY + 2 * DAY, TODAY).unwrap();
            lake.erase(Erased::Holder(2), TODAY + 10 * DAY, TODAY).unwrap();
        }
        let view = lake.view().unwrap();
        let mut most = 0;
        for (at, filter) in filters().into_iter().enumerate() {
            for sight in [Sight::All, Sight::Holders(vec![1, 3]), Sight::Holders(Vec::new())] {
                let mut after = None;
                for _ in 0..3 {
                    let question = Question::Events { filter: filter.clone(), after, limit: 20 };
                    let alone = (lake.events(&view, &question, &sight).unwrap(), lake.tally(&view, &filter, &sight).unwrap());
                    let page = lake.page(&view, &filter, &sight, after, 20).unwrap();
                    assert_eq!(page, alone, "filter {at}, {sight:?}, erased: {erased}, after {after:?}");
                    most = most.max(page.1.values().sum::<u64>());
                    let Some(last) = page.0.len().checked_sub(1) else { break };
                    let cell = |name| page.0.get(last, name);
                    let event = cell("event").bytes().unwrap();
                    after = Some(After { observed: cell("observed").int().unwrap(), event, holder: cell("holder").int().unwrap() });
                }
            }
        }
        assert!(most > 2000, "{most} events at most");
    }
}

/// Whether a thread sleeps in an `openat`.
fn waits_to_open(thread: &str) -> bool {
    let told = |of: &str| std::fs::read_to_string(format!("/proc/{thread}/{of}")).unwrap_or_default();
    let sleeps = || told("stat").rsplit(')').next().is_some_and(|rest| rest.trim().starts_with('S'));
    // x86_64 and aarch64 number it so.
    let opens = || matches!(told("syscall").split(' ').next(), Some("257" | "56"));
    (0..20).all(|_| sleeps() && opens())
}

#[test]
fn while_a_cold_node_waits_for_a_days_files_its_questions_are_answered() {
    let (place, warm, cold) = (tempdir().unwrap(), tempdir().unwrap(), tempdir().unwrap());
    take(&open(place.path(), warm.path(), 700), 1, 1, &[0, 3, 6], 10);
    let lake = open(place.path(), cold.path(), 700);
    // A file that comes as slowly as it gets: a pipe that nobody writes to.
    let path = place.path().join(lake.data_files().unwrap().into_keys().next().unwrap());
    std::fs::rename(&path, path.with_extension("aside")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let (tell, told) = mpsc::channel();
    let intake = std::thread::spawn({
        let lake = lake.clone();
        move || {
            tell.send(std::fs::read_link("/proc/thread-self").unwrap().display().to_string()).unwrap();
            let mut intake = start(&lake, 2, 2);
            intake.take(&crate::world::batch(&[0, 9])).unwrap();
            intake.commit()
        }
    });
    let thread = told.recv().unwrap();
    while !waits_to_open(&thread) {
        assert!(!intake.is_finished(), "it did not wait");
        std::thread::yield_now();
    }
    let (tell, told) = mpsc::channel();
    std::thread::spawn({
        let lake = lake.clone();
        move || tell.send(lake.view().unwrap().files().len())
    });
    assert_eq!(told.recv_timeout(Duration::from_secs(20)), Ok(1), "a page waits for what an intake fetches");
    // Nothing comes of the file that was a pipe; once it is there, the same file goes in.
    drop(std::fs::File::options().write(true).open(&path).unwrap());
    intake.join().unwrap().unwrap_err();
    std::fs::rename(path.with_extension("aside"), &path).unwrap();
    assert_eq!(take(&lake, 2, 3, &[0, 9], 10).counts.stored, 1);
}
