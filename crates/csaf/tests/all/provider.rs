//! The distribution: every file where the standard wants it, and the same bytes each time.

use crate::given::{at, everything, publisher};
use csaf::file_name;
use csaf::provider::{Body, Document, Error, Key, Role, Settings, Tree, Unlike, addresses, build};
use csaf::write::{self, Edition};
use formats::label::Tlp;
use jiff::ToSpan;
use serde_json::Value;
use std::collections::BTreeMap;

pub const BASE: &str = "https://csirt.example/.well-known/csaf/";

pub fn settings() -> Settings {
    Settings {
        canonical_url: format!("{BASE}provider-metadata.json"),
        publisher: publisher(),
        keys: vec![Key {
            fingerprint: "0123456789abcdef0123456789abcdef01234567".to_owned(),
            armored: "-----BEGIN PGP PUBLIC KEY BLOCK-----\n…\n-----END PGP PUBLIC KEY BLOCK-----\n".to_owned(),
        }],
        role: Role::TrustedProvider,
        list_on_aggregators: true,
        mirror_on_aggregators: true,
        announced: Tlp::Red,
        changed: at("2026-01-01T00:00:00Z"),
    }
}

/// A released document, `days` after the first one.
pub fn document(id: &str, tlp: Tlp, days: i64) -> Document {
    let mut advisory = everything();
    advisory.id = id.to_owned();
    advisory.tlp = tlp;
    let later = (days * 24).hours();
    advisory.initial_release_date += later;
    advisory.current_release_date += later;
    for revision in &mut advisory.revisions {
        revision.date += later;
    }
    Document {
        id: id.to_owned(),
        title: advisory.title.clone(),
        summary: "Update the routers now.".to_owned(),
        tlp,
        language: Some(if days % 2 == 0 { "en" } else { "es" }.to_owned()),
        sectors: vec!["Energy".to_owned()],
        vendors: vec!["Example Networks".to_owned()],
        initial_release_date: advisory.initial_release_date,
        current_release_date: advisory.current_release_date,
        v20: (tlp != Tlp::AmberStrict).then(|| Body::Here(write::bytes(&advisory, Edition::V20))),
        v21: Some(Body::Here(write::bytes(&advisory, Edition::V21))),
    }
}

pub fn documents() -> Vec<Document> {
    vec![
        document("EX-2026-0001", Tlp::Clear, 0),
        document("EX-2026-0002", Tlp::Clear, 9),
        document("EX-2026-0003", Tlp::Green, 1),
        document("EX-2026-0004", Tlp::Amber, 2),
        document("EX-2026-0005", Tlp::AmberStrict, 3),
        document("EX-2027-0001", Tlp::Clear, 400),
    ]
}

pub fn signature(body: &Body) -> String {
    format!("-----BEGIN PGP SIGNATURE-----\n{}\n\n-----END PGP SIGNATURE-----\n", body.sums().sha256)
}

pub fn tree() -> Tree {
    build(&documents(), &settings(), &mut |_, body| Some(signature(body))).unwrap()
}

fn text<'a>(tree: &'a Tree, path: &str) -> &'a str {
    let file = tree.files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path} is not in {:#?}", paths(tree)));
    std::str::from_utf8(file.body.bytes().unwrap()).unwrap()
}

fn json(tree: &Tree, path: &str) -> Value {
    serde_json::from_str(text(tree, path)).unwrap()
}

fn paths(tree: &Tree) -> Vec<&str> {
    tree.files.iter().map(|file| file.path.as_str()).collect()
}

#[test]
fn names_follow_the_rule() {
    let table = [
        ("Example Company - 2019-YH3234", "example_company_-_2019-yh3234.json"),
        ("RHBA-2019:0024", "rhba-2019_0024.json"),
        ("2022_#01-A", "2022_01-a.json"),
        ("cisco-sa-20190513-secureboot", "cisco-sa-20190513-secureboot.json"),
        ("A+B", "a+b.json"),
        ("../../etc/passwd", "_etc_passwd.json"),
        ("ÑANDÚ__1", "_and_1.json"),
    ];
    for (id, expect) in table {
        assert_eq!(file_name(id), expect, "{id}");
    }
}

#[test]
fn a_document_lies_in_its_year_with_hashes_and_signature() {
    let tree = tree();
    for edition in ["white/2026/ex-2026-0001.json", "v2.1/clear/2026/ex-2026-0001.json"] {
        for extension in ["", ".sha256", ".sha512", ".asc"] {
            text(&tree, &format!("{edition}{extension}"));
        }
    }
    text(&tree, "white/2027/ex-2027-0001.json");
    let sum = text(&tree, "white/2026/ex-2026-0001.json.sha256");
    assert!(sum.ends_with("  ex-2026-0001.json\n") && sum.len() == 64 + 2 + 18, "{sum}");
    assert!(tree.unsigned.is_empty());
}

#[test]
fn indexes_are_as_each_edition_wants_them() {
    let tree = tree();
    assert_eq!(text(&tree, "white/index.txt"), "2027/ex-2027-0001.json\n2026/ex-2026-0002.json\n2026/ex-2026-0001.json\n");
    assert_eq!(text(&tree, "white/changes.csv").lines().last().unwrap(), "\"2026/ex-2026-0001.json\",\"2026-03-02T09:30:00Z\"");
    assert_eq!(text(&tree, "v2.1/clear/changes.csv").lines().last().unwrap(), "2026/ex-2026-0001.json,2026-03-02T09:30:00Z");
    assert!(text(&tree, "white/changes.csv").starts_with("\"2027/"));
}

#[test]
fn feeds_have_all_of_a_label_and_its_subsets() {
    let tree = tree();
    let feed = json(&tree, "white/csaf-feed-tlp-white.json");
    assert_eq!(feed["feed"]["entry"].as_array().unwrap().len(), 3);
    let entry = &feed["feed"]["entry"][2];
    assert_eq!(entry["content"]["src"], format!("{BASE}white/2026/ex-2026-0001.json"));
    let kinds: Vec<&str> = entry["link"].as_array().unwrap().iter().map(|link| link["rel"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["self", "hash", "hash", "signature"]);
    for path in [
        "white/csaf-feed-language-en.json",
        "white/csaf-feed-sector-energy.json",
        "white/csaf-feed-vendor-example_networks.json",
        "v2.1/amber+strict/csaf-feed-tlp-amber+strict.json",
    ] {
        assert!(!json(&tree, path)["feed"]["entry"].as_array().unwrap().is_empty(), "{path}");
    }
    assert_eq!(json(&tree, "white/csaf-feed-language-es.json")["feed"]["entry"].as_array().unwrap().len(), 1);
    let strict = json(&tree, "v2.1/amber+strict/csaf-feed-tlp-amber+strict.json");
    assert!(strict["feed"]["entry"][0]["content"]["src"].as_str().unwrap().contains("amber%2Bstrict"));
}

#[test]
fn the_metadata_names_every_feed_and_key() {
    let tree = tree();
    let old = json(&tree, "provider-metadata.json");
    assert_eq!(addresses(&settings()).unwrap(), [format!("{BASE}provider-metadata.json"), format!("{BASE}v2.1/provider-metadata.json")]);
    assert_eq!(old["canonical_url"], format!("{BASE}provider-metadata.json"));
    assert_eq!(old["last_updated"], "2027-04-06T09:30:00Z");
    assert_eq!(old["public_openpgp_keys"][0]["url"], format!("{BASE}openpgp/0123456789ABCDEF0123456789ABCDEF01234567.asc"));
    let new = json(&tree, "v2.1/provider-metadata.json");
    assert_eq!(new["canonical_url"], format!("{BASE}v2.1/provider-metadata.json"));
    assert_eq!(new["publisher"]["contact"]["details"], "cert@csirt.example");
    assert_eq!(new["distributions"][0]["directory"]["tlp_label"], "CLEAR");
}

#[test]
fn nothing_of_a_label_stands_in_a_file_of_a_lower_one() {
    let mut documents = documents();
    for (n, document) in documents.iter_mut().enumerate() {
        document.title = format!("title-{}-{n}", document.tlp);
        document.vendors = vec![format!("vendor-{}", document.tlp)];
    }
    let mut quiet = settings();
    quiet.announced = Tlp::Clear;
    let tree = build(&documents, &quiet, &mut |_, body| Some(signature(body))).unwrap();
    for file in &tree.files {
        let content = String::from_utf8_lossy(file.body.bytes().unwrap());
        for tlp in Tlp::ALL.into_iter().filter(|tlp| *tlp > file.label) {
            for mark in [format!("title-{tlp}-"), format!("vendor-{tlp}\""), format!("{}/", tlp.as_str().to_lowercase())] {
                assert!(!content.contains(&mark), "{} ({}) has {mark}", file.path, file.label);
            }
        }
        let folder = file.path.trim_start_matches("v2.1/").split('/').next().unwrap();
        let expected = match folder {
            "green" => Tlp::Green,
            "amber" => Tlp::Amber,
            "amber+strict" => Tlp::AmberStrict,
            "red" => Tlp::Red,
            _ => Tlp::Clear,
        };
        assert_eq!(file.label, expected, "{}", file.path);
    }
    // The instant of a restricted document is not in the public file either.
    let mut amber = documents.clone();
    amber.push(document("EX-2028-0001", Tlp::Amber, 800));
    let with = build(&amber, &quiet, &mut |_, _| None).unwrap();
    assert_eq!(text(&with, "provider-metadata.json"), text(&tree, "provider-metadata.json"));
}

#[test]
fn the_same_documents_give_the_same_bytes_in_any_order() {
    let mut turned = documents();
    turned.reverse();
    assert_eq!(build(&turned, &settings(), &mut |_, body| Some(signature(body))).unwrap(), tree());
    assert!(paths(&tree()).is_sorted());
}

#[test]
fn what_is_not_signed_yet_is_named_and_not_linked() {
    let tree = build(&documents(), &settings(), &mut |_, _| None).unwrap();
    assert_eq!(tree.unsigned.len(), 5 + 6);
    assert!(!paths(&tree).iter().any(|path| path.ends_with(".json.asc")));
    assert!(!text(&tree, "white/csaf-feed-tlp-white.json").contains("\"signature\""));
}

#[test]
fn an_empty_provider_still_has_its_public_feed() {
    let tree = build(&[], &settings(), &mut |_, _| None).unwrap();
    assert_eq!(json(&tree, "white/csaf-feed-tlp-white.json")["feed"]["updated"], "2026-01-01T00:00:00Z");
    assert_eq!(text(&tree, "white/index.txt"), "");
}

#[test]
fn what_would_break_the_rules_is_refused() {
    let build = |documents: &[Document], settings: &Settings| build(documents, settings, &mut |_, _| None).unwrap_err();
    let same = [document("EX 1", Tlp::Clear, 0), document("ex_1", Tlp::Green, 1)];
    assert_eq!(build(&same, &settings()), Error::SameName("EX 1".to_owned(), "ex_1".to_owned(), "ex_1.json".to_owned()));
    assert_eq!(build(&[document("***", Tlp::Clear, 0)], &settings()), Error::NoName("***".to_owned()));
    let mut strict = document("EX-1", Tlp::AmberStrict, 0);
    strict.v20 = strict.v21.clone();
    assert_eq!(build(&[strict], &settings()), Error::Strict("EX-1".to_owned()));
    for url in ["http://csirt.example/provider-metadata.json", "https://csirt.example/metadata.json", "https://csirt.example/xprovider-metadata.json"] {
        let settings = Settings { canonical_url: url.to_owned(), ..settings() };
        assert_eq!(build(&[], &settings), Error::Canonical(url.to_owned()));
    }
    let mut short = settings();
    short.keys[0].fingerprint = "ABCD".to_owned();
    assert_eq!(build(&[], &short), Error::Fingerprint("ABCD".to_owned()));
}

/// The files by URL, as a server would give them.
pub fn served(tree: &Tree) -> BTreeMap<String, (Vec<u8>, Tlp)> {
    tree.files.iter().map(|file| (format!("{BASE}{}", file.path.replace('+', "%2B")), (file.body.bytes().unwrap().to_vec(), file.label))).collect()
}

fn bytes(body: &Option<Body>) -> Option<Vec<u8>> {
    body.as_ref().and_then(Body::bytes).map(<[u8]>::to_vec)
}

#[test]
fn a_distribution_of_documents_that_lie_elsewhere_says_the_same_of_them() {
    let elsewhere = |body: Option<Body>| body.map(|body| Body::Elsewhere(body.sums()));
    let known: Vec<Document> = documents().into_iter().map(|one| Document { v20: elsewhere(one.v20), v21: elsewhere(one.v21), ..one }).collect();
    let thin = build(&known, &settings(), &mut |_, body| Some(signature(body))).unwrap();
    assert_eq!(paths(&thin), paths(&tree()));
    for (file, whole) in thin.files.iter().zip(tree().files) {
        assert_eq!(file.body.sums(), whole.body.sums(), "{}", file.path);
    }
    assert_eq!(thin.files.iter().filter(|file| file.body.bytes().is_none()).count(), 5 + 6);
}

#[test]
fn what_feeds_say_can_be_read_from_the_documents() {
    let one = document("EX-2026-0001", Tlp::Green, 0);
    let read = Document::of(bytes(&one.v20), bytes(&one.v21), vec!["Energy".to_owned()]).unwrap();
    assert_eq!(read, Document { language: Some("en".to_owned()), ..one.clone() });
    let strict = document("EX-2026-0005", Tlp::AmberStrict, 0);
    assert_eq!(Document::of(None, bytes(&strict.v21), Vec::new()).unwrap().tlp, Tlp::AmberStrict);
    assert_eq!(Document::of(bytes(&one.v20), bytes(&document("EX-2", Tlp::Green, 0).v21), Vec::new()), Err(Unlike::Differ("id")));
    assert_eq!(Document::of(bytes(&one.v20), bytes(&document("EX-2026-0001", Tlp::Clear, 0).v21), Vec::new()), Err(Unlike::Differ("label")));
    assert_eq!(Document::of(None, None, Vec::new()), Err(Unlike::Nothing));
    assert!(matches!(Document::of(Some(b"{".to_vec()), None, Vec::new()), Err(Unlike::Broken(_))));
    assert_eq!(Document::of(Some(b"{}".to_vec()), None, Vec::new()), Err(Unlike::Without("label")));
}
