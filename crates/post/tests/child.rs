//! The reading child: it reads, and when it does not, it is killed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use post::child::{Opener, Pool, Reader, Unopened, Unreadable};
use post::letter::{Envelope, Limits, read_delivered, unreadable};
use post::openpgp::key::NewKey;
use post::openpgp::{Error, Purpose, Reason, Sealing, SecretKey, seal, sign_cleartext};

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

/// Of a running child of ours that gave its rights away: whether the kernel lets it make the calls alone that reading needs.
fn filtered() -> Vec<bool> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let of = |name: &str| std::fs::read_to_string(entry.path().join(name)).unwrap_or_default();
        let (status, limits) = (of("status"), of("limits"));
        let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim).unwrap_or_default().to_owned();
        let files = limits.lines().find_map(|line| line.strip_prefix("Max open files")).and_then(|rest| rest.split_whitespace().next());
        if field("PPid:") == std::process::id().to_string() && files == Some("3") {
            all.push(field("Seccomp:") == "2" && field("NoNewPrivs:") == "1");
        }
    }
    all
}

#[tokio::test]
async fn a_child_may_make_no_calls_but_those_that_reading_needs() {
    let reader = reader("");
    reader.read(&Envelope::default(), MAIL).await.unwrap();
    let found = filtered();
    assert!(found.contains(&true), "no child is behind the filter: {found:?}");
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

fn opener(manner: &str) -> Opener {
    let args = if manner.is_empty() { vec![] } else { vec![manner.to_owned()] };
    Opener::over(Arc::new(Pool::new(program(), args, 2))).with_patience(Duration::from_secs(20))
}

#[tokio::test]
async fn the_child_opens_and_judges_openpgp_and_lives_for_more() {
    let (opener, now) = (opener(""), "2026-11-22T10:00:00Z".parse().unwrap());
    let new = NewKey {
        user_id: "Duty <duty@csirt.example>",
        at: "2026-11-01T00:00:00Z".parse().unwrap(),
        valid: jiff::SignedDuration::from_hours(9_000),
        passphrase: None,
    };
    let key = SecretKey::generate(&new, [7; 32]).unwrap();
    let cert = key.certificate().armored().unwrap();
    let card = opener.certificate(cert.as_bytes(), now).await.unwrap();
    assert_eq!((card.fingerprint.as_str(), card.must(Purpose::Encrypt)), (key.certificate().fingerprint().as_str(), Ok(())));
    let late = opener.certificate(cert.as_bytes(), "2029-01-01T00:00:00Z".parse().unwrap()).await.unwrap();
    assert!(late.must(Purpose::Sign).unwrap_err().to_string().contains("expired on"));
    let mut sealed = Vec::new();
    let sealing = Sealing { to: &[key.certificate()], hidden: true, by: Some((&key, "")), at: now };
    seal(vec![5; 3 << 20].as_slice(), &sealing, [1; 32], &mut sealed).unwrap();
    let mine = || vec![(key.armored().unwrap(), String::new())];
    let mut apart = opener.apart();
    for _ in 0..3 {
        let opened = apart.open(&sealed, mine(), vec![cert.clone()], now, 4 << 20).await.unwrap();
        assert!(opened.content == vec![5; 3 << 20] && opened.verdicts[0].good);
        assert_eq!(opener.survey(&sealed).await.unwrap().to, [None]);
    }
    assert_eq!(opener.apart().open(&sealed, mine(), vec![], now, 1 << 20).await.unwrap_err(), Unopened::Wrong(Error::TooLarge(1 << 20)));
    assert_eq!(opener.survey(b"plain words").await.unwrap_err(), Unopened::Wrong(Error::Outside(Reason::Other)));
    let signed = sign_cleartext("a list\n", &key, "", now, [2; 32]).unwrap();
    let (text, verdicts) = opener.clear(&signed, vec![cert], now).await.unwrap();
    assert!(text.starts_with("a list") && verdicts[0].good);
}

#[tokio::test]
async fn an_opener_that_hangs_crashes_floods_or_babbles_says_so_in_one_line() {
    // Only who hangs is waited for to the end.
    let patience = |manner| Duration::from_secs(if manner == "sleep" { 1 } else { 30 });
    let ask = async |manner| opener(manner).with_patience(patience(manner)).survey(b"x").await.unwrap_err();
    for (manner, expected) in [("sleep", Unopened::TooSlow(1)), ("crash", Unopened::Killed), ("flood", Unopened::TooBig), ("garble", Unopened::Killed)] {
        let error = ask(manner).await;
        assert_eq!(error, expected, "{manner}");
        assert!(!error.to_string().contains('\n'));
    }
    // Who opens several things in one child gets a fresh one for the next.
    let broken = opener("crash");
    let mut apart = broken.apart();
    for _ in 0..2 {
        assert_eq!(apart.open(b"x", vec![], vec![], "2026-11-22T10:00:00Z".parse().unwrap(), 100).await.unwrap_err(), Unopened::Killed);
    }
    let missing = Opener::over(Arc::new(Pool::new(PathBuf::from("/nonexistent"), vec![], 1)));
    assert!(matches!(missing.survey(b"x").await, Err(Unopened::NotStarted(_))));
}
