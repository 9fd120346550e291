//! Readers in Python, which share no line with ours: feedparser and lxml for Atom, icalendar, html5lib, and sectxt
//! for `security.txt`. `FEED_PYTHON` names a Python that has them; `./test` sees to it.

use crate::calendars::calendar;
use crate::feeds::feed;
use crate::texts::{escaped, words};
use crate::{HOSTILE, texts};
use formats::markdown::{self, Options};
use formats::security_txt::{SecurityTxt, check};
use formats::text::{one_line, readable};
use formats::{atom, icalendar, json_feed};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};

/// How many texts are tried beside the hostile ones.
const TRIED: usize = 150;

const NOW: &str = "2026-03-24T12:00:00Z";
const AT: &str = "https://csirt.example/.well-known/security.txt";

/// Without the Python there is nothing to ask; whoever runs this must see that nothing was asked.
#[allow(clippy::explicit_write, reason = "what a macro prints, the frame of the tests keeps to itself")]
fn ask(documents: &[Value]) {
    let Ok(python) = std::env::var("FEED_PYTHON") else {
        writeln!(std::io::stderr(), "LEFT OUT: FEED_PYTHON names no Python, so no reader of another maker read {} documents", documents.len()).unwrap();
        return;
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/exchange/readers.py");
    let mut child = Command::new(python).arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("FEED_PYTHON names a Python");
    let lines: String = documents.iter().map(|document| format!("{document}\n")).collect();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()));
    let output = child.wait_with_output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let shown: String = told.lines().take(20).map(|line| line.chars().take(2_000).chain(['\n']).collect::<String>()).collect();
    assert!(output.status.success(), "{} differences:\n{shown}", told.lines().count().saturating_sub(1));
    writer.join().unwrap().unwrap();
    println!("{shown}");
}

/// The hostile texts, one by one, and some of them put together.
fn tried() -> Vec<String> {
    let mut runner = TestRunner::deterministic();
    let strategy = texts();
    let mixed = (0..TRIED).map(|_| strategy.new_tree(&mut runner).unwrap().current());
    HOSTILE.iter().map(|text| (*text).to_owned()).chain(mixed).collect()
}

fn utf8(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn readers_of_other_makers_find_what_was_put_in() {
    let mut documents = Vec::new();
    for text in tried() {
        let feed = feed(&text);
        let expect = json!({"line": one_line(&text), "text": readable(&text), "content": feed.entries[0].content, "entries": 2});
        documents.push(json!({"as": "atom", "document": utf8(atom::write(&feed)), "expect": expect}));
        documents.push(json!({"as": "json_feed", "document": utf8(json_feed::write(&feed)), "expect": expect}));
        documents.push(json!({"as": "calendar", "document": utf8(icalendar::write(&calendar(&text))), "expect": expect}));
        for source in [escaped(&text), text] {
            let html = markdown::html(&source, &Options::default());
            documents.push(json!({"as": "page", "document": html, "expect": {"words": words(&html)}}));
        }
    }
    ask(&documents);
}

#[test]
fn another_checker_finds_the_same_in_a_security_txt() {
    let own = SecurityTxt {
        contacts: vec!["mailto:report@csirt.example".into(), "tel:+1-201-555-0123".into()],
        expires: "2026-12-31T00:00:00Z".parse().unwrap(),
        encryption: vec!["https://csirt.example/key.asc".into()],
        acknowledgments: vec!["https://csirt.example/thanks".into()],
        languages: vec!["en".into(), "pt-BR".into()],
        canonical: vec![AT.into()],
        policy: vec!["https://csirt.example/policy".into()],
        hiring: vec!["https://csirt.example/jobs".into()],
        csaf: vec!["https://csirt.example/.well-known/csaf/provider-metadata.json".into()],
    };
    let own = own.write().unwrap();
    let signed = include_str!("signed.txt");
    let mut files = vec![own.clone(), own.replace('\n', "\r\n"), own.trim_end().to_owned(), signed.to_owned()];
    files.extend([format!("{signed}\n"), format!("{signed}x\n"), signed.trim_end().to_owned(), signed.replace("Canonical", "Canonica")]);
    let lines = [
        "Contact: mailto:report@csirt.example",
        "Contact: https://csirt.example/report",
        "contact: http://csirt.example/report",
        "Contact: report@csirt.example",
        "Contact : tel:1",
        "Contact:tel:1",
        "Contact:",
        "Expires: 2026-12-31T23:59:59Z",
        "Expires: 2026-03-24T11:59:59Z",
        "Expires: 2027-03-24T12:00:01Z",
        "Expires: 2027-03-24T12:00:00Z",
        "expires: 2026-12-31T23:59:59.25+02:00",
        "Expires: 2026-12-31",
        "Expires: Thu, 31 Dec 2026 23:59:59 +0000",
        "Expires: tomorrow",
        "Encryption: openpgp4fpr:5f2de5521c63a801ab59ccb603d49de44b29100f",
        "Preferred-Languages: en, es",
        "Preferred-Languages: en, e, fr, 1",
        "Canonical: https://csirt.example/.well-known/security.txt",
        "Canonical: https://elsewhere.example/.well-known/security.txt",
        "CSAF: https://csirt.example/.well-known/csaf/provider-metadata.json",
        "CSAF: https://csirt.example/csaf.json",
        "Policy: /policy",
        "Hiring: 1x:y",
        "Colour: red",
        ": x",
        "hello",
        "# a comment",
        "",
        "   ",
        "- x",
        "Acknowledgments: https://csirt.example/\u{202e}x",
    ];
    let strategy = (proptest::collection::vec(proptest::sample::select(lines.to_vec()), 0..10), prop_oneof![Just("\n"), Just("\r\n")], any::<bool>());
    let mut runner = TestRunner::deterministic();
    for _ in 0..600 {
        let (chosen, end, last) = strategy.new_tree(&mut runner).unwrap().current();
        files.push(chosen.join(end) + if last { end } else { "" });
    }
    let documents: Vec<Value> = files
        .into_iter()
        .map(|file| {
            let codes: Vec<&str> = check(file.as_bytes(), NOW.parse().unwrap(), Some(AT)).iter().map(|finding| finding.code.as_str()).collect();
            json!({"as": "security_txt", "document": file, "expect": {"now": "2026-03-24T12:00:00+00:00", "at": AT, "codes": codes}})
        })
        .collect();
    let of = |at: usize| &documents[at]["expect"]["codes"];
    assert_eq!((of(0), of(1), of(3)), (&json!(["not_signed"]), &json!(["not_signed"]), &json!([])));
    ask(&documents);
}
