//! Laws of what a publication says.

use std::collections::BTreeMap;

use formats::label::Tlp;
use press::{Content, Key, Kind, Reference, Severity, State, Words, changes, front};
use proptest::prelude::*;

fn words() -> impl Strategy<Value = Words> {
    ("[a-zñ ]{0,12}", "\\PC{0,30}", "\\PC{0,10}", "\\PC{0,10}", "\\PC{0,60}", any::<bool>()).prop_map(|(title, summary, affected, act, body, machine)| Words {
        title,
        summary,
        affected,
        act,
        body,
        machine,
        ..Words::default()
    })
}

fn content() -> impl Strategy<Value = Content> {
    let kind = proptest::sample::select(Kind::ALL.to_vec());
    let severity = proptest::sample::select(Severity::ALL.to_vec());
    let languages = proptest::collection::btree_map("en|es|pt|fr", words(), 1..4);
    (kind, severity, languages, any::<bool>(), proptest::collection::vec("\\PC{0,12}", 0..3)).prop_map(|(kind, severity, words, open, credits)| {
        let original = words.keys().next().cloned().unwrap_or_default();
        let references = vec![Reference { title: "The vendor's".into(), url: "https://vendor.example/".into() }];
        Content { kind, severity, words, open, credits, references, original, keys: Key::read("T1566").into_iter().collect(), ..Content::default() }
    })
}

proptest! {
    #[test]
    fn what_is_kept_is_what_was_said(content in content()) {
        let text = serde_json::to_string(&content).expect("it can be written");
        prop_assert_eq!(&serde_json::from_str::<Content>(&text).expect("it can be read"), &content);
    }

    #[test]
    fn two_versions_differ_exactly_where_something_else_is_said(one in content(), other in content()) {
        prop_assert!(changes::between(&one, &one).is_empty());
        let shown = |content: &Content| {
            let words: BTreeMap<_, _> = content.words.iter().map(|(tag, words)| (tag.clone(), Words { machine: false, of: String::new(), ..words.clone() })).filter(|(_, words)| *words != Words::default()).collect();
            (content.severity, words, content.open, content.credits.clone(), content.original.clone())
        };
        prop_assert_eq!(changes::between(&one, &other).is_empty(), shown(&one) == shown(&other));
    }

    #[test]
    fn a_translation_is_current_until_its_original_says_something_else(content in content(), more in "[a-z]{1,5}") {
        let mut content = content;
        let original = content.original.clone();
        content.words.entry("st".into()).or_insert_with(|| Words { title: "Temoso".into(), ..Words::default() });
        prop_assume!(original != "st" && !content.own().title.is_empty());
        prop_assert_eq!(content.state("st"), State::Outdated);
        content.translated("st");
        prop_assert_eq!(content.state("st"), State::Current);
        content.words.entry(original).and_modify(|words| words.body.push_str(&more));
        prop_assert_eq!(content.state("st"), State::Outdated);
        prop_assert_eq!(content.state("xx"), State::Missing);
    }

    #[test]
    fn whatever_stands_in_a_file_it_is_read_or_refused_with_one_line(text in "(\\+\\+\\+\n)?\\PC{0,80}(\n\\+\\+\\+\n)?\\PC{0,40}") {
        if let Err(line) = front::read(Kind::Guidance, "en", &text) {
            prop_assert!(!line.contains('\n') && !line.is_empty());
        }
    }
}

#[test]
fn files_of_one_thing_become_its_original_and_translations() {
    let english = "+++\ntitle = \"Phishing\"\nkeys = [\"rsit:fraud/phishing\"]\nreview = \"2027-05-31\"\n+++\n## Right now\n\nBreathe.\n";
    let spanish = "+++\r\ntitle = \"Suplantación\"\r\n+++\r\nRespire.\r\n";
    let read = |language: &str, text: &str| front::read(Kind::Guidance, language, text).expect("a page");
    let speaks = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
    let both = front::gather(vec![read("en", english), read("es", spanish)], &speaks(&["es", "en"])).expect("one thing").expect("in a language");
    assert_eq!((both.original.as_str(), both.state("es"), both.review.map(|day| day.to_string()).as_deref()), ("en", State::Current, Some("2027-05-31")));
    // A team that does not speak the original's language has what holds in all of them all the same.
    let one = front::gather(vec![read("en", english), read("es", spanish)], &speaks(&["es"])).expect("one thing").expect("in a language");
    assert_eq!((one.original.as_str(), one.keys.len(), one.words.len()), ("es", 1, 1));
    assert!(front::gather(vec![read("en", english)], &speaks(&["st"])).expect("one thing").is_none());
    for bad in ["", "title = \"x\"", "+++\ntitle = 1\n+++\nx", "+++\ntitle = \"x\"\nkeys = [\"rsit:nothing\"]\n+++\n", "+++\n+++\n"] {
        assert!(front::read(Kind::Guidance, "en", bad).is_err(), "{bad}");
    }
}

#[test]
fn what_was_taken_over_follows_and_what_was_written_here_stays() {
    let made = |title: &str, summary: &str, urls: &[&str]| {
        let mut content = Content::new(Kind::Advisory, "en", Tlp::Clear);
        let words = content.words.entry("en".into()).or_default();
        (words.title, words.summary) = (title.into(), summary.into());
        content.references = urls.iter().map(|url| Reference { title: String::new(), url: (*url).into() }).collect();
        content
    };
    let before = made("A", "short", &["https://a.example/", "https://b.example/", "https://c.example/"]);
    let now = made("A 2", "longer", &["https://a.example/", "https://d.example/"]);
    let mut ours = made("A", "our words", &["https://own.example/", "https://b.example/", "https://c.example/"]);
    ours.references[2].title = "Ours".into();
    ours.label = Tlp::Green;
    let (out, kept) = press::follow::follow(&before, &now, &ours);
    assert_eq!((out.title(), out.own().summary.as_str(), out.label), ("A 2", "our words", Tlp::Green));
    let urls: Vec<&str> = out.references.iter().map(|one| one.url.as_str()).collect();
    // Of ours: our own stays, theirs that they took out goes unless somebody worked on it; what was taken out here stays out.
    assert_eq!(urls, ["https://own.example/", "https://c.example/", "https://d.example/"]);
    assert_eq!(kept, ["summary", "reference https://c.example/"]);
    assert_eq!(press::follow::follow(&before, &now, &before), (now, vec![]));
}
