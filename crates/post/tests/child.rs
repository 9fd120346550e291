//! The reading child: it reads, and when it does not, it is killed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use post::child::{Reader, Unreadable};
use post::letter::{Envelope, Limits, read_delivered, unreadable};

/// The example program, which cargo builds beside the tests.
fn program() -> PathBuf {
    let mut path = std::env::current_exe().unwrap();
    path.pop();
    path.pop();
    path.join("examples").join("child")
}

fn reader(manner: &str) -> Reader {
    let args = if manner.is_empty() { vec![] } else { vec![manner.to_owned()] };
    Reader::new(program(), args, 2)
}

const MAIL: &[u8] = b"From: a@example.org\r\nSubject: x\r\n\r\nbody\r\n";

#[tokio::test]
async fn the_child_reads_as_the_parent_would_and_lives_for_more() {
    let reader = reader("");
    let envelope = Envelope { from: Some("a@example.org".to_owned()), to: vec!["soc@csirt.example".to_owned()] };
    let expect = read_delivered(&envelope, MAIL, &Limits::default());
    let mut all = Vec::new();
    for _ in 0..20 {
        all.push(reader.read(&envelope, MAIL).await.unwrap());
    }
    assert!(all.iter().all(|letter| *letter == expect));
    let big = [b"From: a@example.org\r\nContent-Type: application/zip; name=a.zip\r\n\r\n".as_slice(), &vec![b'x'; 3 << 20]].concat();
    let letter = reader.read(&envelope, &big).await.unwrap();
    assert_eq!(letter.attachments[0].size, 3 << 20);
}

#[tokio::test]
async fn a_child_that_hangs_is_killed_in_time() {
    let reader = reader("sleep").with_patience(Duration::from_secs(1));
    let before = Instant::now();
    let error = reader.read(&Envelope::default(), MAIL).await.unwrap_err();
    assert_eq!(error, Unreadable::TookTooLong(1));
    assert!(before.elapsed() < Duration::from_secs(10));
    let letter = unreadable(MAIL, &error.to_string());
    assert_eq!((letter.subject.as_str(), letter.problems.len()), ("x", 1));
}

#[tokio::test]
async fn a_child_that_crashes_floods_or_babbles_is_told_of() {
    let read = async |manner| reader(manner).read(&Envelope::default(), MAIL).await.unwrap_err();
    assert!(matches!(read("crash").await, Unreadable::Crashed(why) if why.contains("signal")));
    assert!(matches!(read("flood").await, Unreadable::TooMuchOutput(_)));
    assert_eq!(read("garble").await, Unreadable::Garbled);
    let missing = Reader::new(PathBuf::from("/nonexistent"), vec![], 1);
    assert!(matches!(missing.read(&Envelope::default(), MAIL).await, Err(Unreadable::NotStarted(_))));
}
