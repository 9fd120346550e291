//! Feeds: what was put in is what another reader finds, in either format.

use crate::texts;
use formats::label::Tlp;
use formats::markdown::{self, Options};
use formats::syndication::{Alternate, Author, Category, Entry, Feed, Particulars};
use formats::text::{one_line, readable};
use formats::{atom, json_feed};
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

/// A feed whose every text is the given one.
pub fn feed(text: &str) -> Feed {
    let at = "2026-03-24T12:00:00Z".parse().unwrap();
    let page = |path: &str| format!("https://csirt.example/{path}");
    let alternate =
        |path: &str, language: Option<&str>, media: &str| Alternate { link: page(path), language: language.map(str::to_owned), media: media.to_owned() };
    let entry = |number: u32| Entry {
        id: format!("urn:uuid:0195c4a0-0000-7000-8000-{number:012}"),
        title: text.to_owned(),
        published: at,
        updated: "2026-03-25T12:00:00.5Z".parse().unwrap(),
        link: page(&format!("advisories/{number}")),
        alternates: vec![
            alternate("advisories/1/es", Some("es"), "text/html"),
            alternate("advisories/1.json", None, "application/json"),
            alternate("advisories/1.json.asc", None, "application/pgp-signature"),
            alternate("advisories/1/en", Some("en"), "text/html"),
            Alternate { link: "javascript:alert(1)".into(), language: None, media: "text/html".into() },
        ],
        categories: vec![
            Category { scheme: Some(page("severity")), term: text.to_owned(), label: Some(text.to_owned()) },
            Category { scheme: None, term: "energy".into(), label: None },
        ],
        summary: Some(text.to_owned()),
        content: Some(markdown::html(text, &Options { site: "https://csirt.example", absolute: true, ..Options::default() })),
        language: "en".into(),
        rights: Some(text.to_owned()),
        particulars: Particulars {
            kind: "advisory".into(),
            number: text.to_owned(),
            version: "1.0.0".into(),
            label: Tlp::Clear,
            severity: Some(text.to_owned()),
        },
    };
    Feed {
        id: "tag:csirt.example,2026:advisories".into(),
        title: text.to_owned(),
        subtitle: Some(text.to_owned()),
        language: "en".into(),
        updated: at,
        link: page("advisories.atom"),
        alternate: page("advisories"),
        author: Author { name: text.to_owned(), mail: Some("report@csirt.example".into()), page: Some(page("")) },
        entries: vec![entry(1), entry(2)],
    }
}

/// Path, attributes and text.
type Element = (String, Vec<(String, String)>, String);

/// Each element, as a reader that knows only XML finds them.
fn elements(xml: &[u8]) -> Vec<Element> {
    let text = std::str::from_utf8(xml).unwrap();
    let mut reader = Reader::from_str(text);
    let (mut found, mut path) = (Vec::<Element>::new(), Vec::<(String, usize)>::new());
    let attributes = |tag: &BytesStart| {
        let one = |attribute: Result<quick_xml::events::attributes::Attribute, _>| {
            let attribute = attribute.unwrap();
            (String::from_utf8(attribute.key.as_ref().to_vec()).unwrap(), attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0).unwrap().into_owned())
        };
        tag.attributes().map(one).collect::<Vec<_>>()
    };
    let name = |tag: &BytesStart| String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}"));
        let at = |path: &[(String, usize)], name: &str| path.iter().map(|(name, _)| name.as_str()).chain([name]).collect::<Vec<_>>().join("/");
        match event {
            Event::Start(tag) => {
                found.push((at(&path, &name(&tag)), attributes(&tag), String::new()));
                path.push((name(&tag), found.len() - 1));
            }
            Event::Empty(tag) => found.push((at(&path, &name(&tag)), attributes(&tag), String::new())),
            Event::Text(words) => {
                if let Some((_, at)) = path.last() {
                    found[*at].2.push_str(&words.decode().unwrap());
                }
            }
            Event::GeneralRef(name) => {
                let at = path.last().unwrap().1;
                found[at].2.push(match &*name.decode().unwrap() {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    other => panic!("&{other};"),
                });
            }
            Event::End(_) => drop(path.pop()),
            Event::Eof => return found,
            _ => {}
        }
    }
}

proptest! {
    #[test]
    fn atom_gives_back_what_was_put_in(text in texts()) {
        let feed = feed(&text);
        let found = elements(&atom::write(&feed));
        let of = |path: &str| found.iter().filter(|(at, ..)| at == path).map(|(.., text)| text.clone()).collect::<Vec<_>>();
        let line = one_line(&text);
        prop_assert_eq!(of("feed/title"), [line.clone()]);
        prop_assert_eq!(of("feed/author/name"), [line.clone()]);
        prop_assert_eq!(of("feed/author/email"), ["report@csirt.example"]);
        prop_assert_eq!(of("feed/entry/title"), [line.clone(), line.clone()]);
        prop_assert_eq!(of("feed/entry/summary"), [readable(&text), readable(&text)]);
        prop_assert_eq!(of("feed/entry/content")[0].clone(), feed.entries[0].content.clone().unwrap());
        prop_assert_eq!(of("feed/entry/id").len(), 2);
        let term = found.iter().find(|(at, ..)| at == "feed/entry/category").unwrap();
        prop_assert_eq!(&term.1[0], &("term".to_owned(), line));
    }

    #[test]
    fn json_gives_back_what_was_put_in(text in texts()) {
        let bytes = json_feed::write(&feed(&text));
        prop_assert!(!bytes.contains(&b'<'));
        let found: Value = serde_json::from_slice(&bytes).unwrap();
        let line = one_line(&text);
        prop_assert_eq!(found["title"].as_str(), Some(line.as_str()));
        let item = &found["items"][0];
        prop_assert_eq!(item["title"].as_str(), Some(line.as_str()));
        prop_assert_eq!(&item["summary"], &Value::from(readable(&text)));
        prop_assert_eq!(item["_csirt"]["number"].as_str(), Some(line.as_str()));
        prop_assert_eq!(&item["tags"], &serde_json::json!([line, "energy"]));
    }
}

#[test]
fn an_entry_has_the_links_that_a_reader_expects() {
    let found = elements(&atom::write(&feed("x")));
    let links: Vec<String> = found
        .iter()
        .filter(|(at, ..)| at == "feed/entry/link")
        .take(5)
        .map(|(_, attributes, _)| {
            attributes.iter().map(|(_, value)| value.trim_start_matches("https://csirt.example/").to_owned()).collect::<Vec<_>>().join(" ")
        })
        .collect();
    let expect = [
        "alternate text/html en advisories/1",
        "alternate text/html es advisories/1/es",
        "alternate application/json advisories/1.json",
        "alternate application/pgp-signature advisories/1.json.asc",
        // The second page in English.
        "related text/html en advisories/1/en",
    ];
    assert_eq!(links, expect);
    assert_eq!(found.iter().filter(|(at, ..)| at == "feed/entry/link").count(), 10);
}

#[test]
fn an_item_has_what_json_feed_asks_and_what_a_team_adds() {
    let found: Value = serde_json::from_slice(&json_feed::write(&feed("x"))).unwrap();
    let mut item = found["items"][0].clone();
    item["content_html"].take();
    let page = |path: &str| format!("https://csirt.example/{path}");
    let expect = serde_json::json!({
        "id": "urn:uuid:0195c4a0-0000-7000-8000-000000000001", "url": page("advisories/1"), "title": "x", "summary": "x", "content_html": null,
        "date_published": "2026-03-24T12:00:00Z", "date_modified": "2026-03-25T12:00:00Z", "language": "en", "tags": ["x", "energy"],
        "attachments": [
            {"url": page("advisories/1.json"), "mime_type": "application/json"},
            {"url": page("advisories/1.json.asc"), "mime_type": "application/pgp-signature"},
        ],
        "_csirt": {
            "kind": "advisory", "number": "x", "version": "1.0.0", "label": "TLP:CLEAR", "severity": "x", "rights": "x",
            "translations": [{"language": "es", "url": page("advisories/1/es")}, {"language": "en", "url": page("advisories/1/en")}],
        },
    });
    assert_eq!(item, expect);
    assert_eq!(found["version"], "https://jsonfeed.org/version/1.1");
    let mut short = feed("x");
    short.entries[0].content = None;
    short.entries[0].link = "javascript:x".into();
    let found: Value = serde_json::from_slice(&json_feed::write(&short)).unwrap();
    assert_eq!((&found["items"][0]["content_text"], &found["items"][0]["url"]), (&Value::from("x"), &Value::Null));
}
