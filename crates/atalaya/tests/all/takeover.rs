//! Documents of others: looked at, taken over as drafts that say whose they were, followed when their publisher has a newer one.

#![allow(unused_must_use, reason = "must() itself is the check")]

use std::process::Command;

use atalaya::access::Role;
use csaf::advisory::{
    Advisory, Credit, Cwe, Kind, Measure, Note, NoteCategory, Product, Publisher, PublisherCategory, Reference, ReferenceCategory, Release, Remediation,
    Revision, Score, State, Status, Statuses, Vulnerability,
};
use csaf::validate::{self, Preset};
use csaf::write::{self, Edition};
use formats::label::Tlp;
use serde_json::{Value, json};

use crate::house::{Answer, Browser, House};
use crate::publications::{Piece, press};

const AT: &str = "/publishing/takeover";

/// What a vendor published: one product hit, one that is made of two; each version fixes one release more.
fn vendors(version: usize) -> Advisory {
    let at = |day: usize| format!("2026-11-{:02}T08:00:00Z", day).parse().unwrap();
    let product = |id: &str, release: &str| Product {
        id: id.into(),
        vendor: "Example Vendor".into(),
        name: "Example Gateway".into(),
        release: Release::Version(release.into()),
        cpe: None,
        purl: None,
    };
    let note = |category, text: &str| Note { category, title: None, audience: None, text: text.into() };
    let fixed: Vec<Product> = (1..=version).map(|n| product(&format!("CSAFPID-000{}", n + 1), &format!("7.2.{}", n + 3))).collect();
    let revisions: Vec<Revision> =
        (1..=version).map(|n| Revision { number: n.to_string(), date: at(n), summary: format!("Release {n} of the vendor") }).collect();
    Advisory {
        id: "VND-2026-7".into(),
        aliases: Vec::new(),
        kind: Kind::SecurityAdvisory,
        state: State::Current,
        language: "en-GB".into(),
        original: None,
        title: "Example Gateway runs commands".into(),
        notes: vec![
            note(NoteCategory::Summary, "A crafted archive makes the gateway run a command."),
            note(NoteCategory::Details, "The unpacker passes names to a shell."),
        ],
        tlp: Tlp::Clear,
        terms: None,
        license: None,
        publisher: Publisher {
            name: "Example Vendor PSIRT".into(),
            namespace: "https://vendor.example".into(),
            category: PublisherCategory::Vendor,
            contact_details: None,
            issuing_authority: None,
        },
        products: std::iter::once(product("CSAFPID-0001", "7.2.3")).chain(fixed.clone()).collect(),
        vulnerabilities: vec![Vulnerability {
            cve: Some("CVE-2026-30011".into()),
            title: Some("Commands in attachments".into()),
            cwes: vec![Cwe {
                id: "CWE-78".into(),
                name: "Improper Neutralization of Special Elements used in an OS Command ('OS Command Injection')".into(),
                version: "4.18".into(),
            }],
            notes: vec![note(NoteCategory::Description, "A crafted archive makes the gateway run a command.")],
            statuses: Statuses {
                known_affected: vec!["CSAFPID-0001".into()],
                fixed: fixed.iter().map(|product| product.id.clone()).collect(),
                ..Statuses::default()
            },
            scores: vec![Score { vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into(), products: Vec::new(), source: None }],
            remediations: vec![Remediation {
                category: Measure::VendorFix,
                details: format!("Install 7.2.{}.", version + 3),
                url: Some("https://vendor.example/fix".into()),
                products: vec!["CSAFPID-0001".into()],
                date: None,
            }],
            ..Vulnerability::default()
        }],
        references: vec![
            Reference { category: ReferenceCategory::Same, summary: "This document".into(), url: "https://vendor.example/csaf/vnd-2026-7.json".into() },
            Reference { category: ReferenceCategory::External, summary: "More".into(), url: "https://vendor.example/more".into() },
        ],
        acknowledgments: vec![Credit { names: vec!["Ana Ejemplo".into()], summary: Some("found it".into()), ..Credit::default() }],
        status: Status::Final,
        initial_release_date: at(1),
        current_release_date: at(version),
        revisions,
    }
}

/// The vendor's document with a product that is made of two.
fn document(version: usize) -> Value {
    let mut whole: Value = serde_json::from_slice(&write::bytes(&vendors(version), Edition::V20)).unwrap();
    whole["product_tree"]["full_product_names"] = json!([{ "name": "Example Unpacker 3", "product_id": "CSAFPID-0100" }]);
    whole["product_tree"]["relationships"] = json!([{
        "category": "default_component_of", "product_reference": "CSAFPID-0100", "relates_to_product_reference": "CSAFPID-0001",
        "full_product_name": { "name": "Example Unpacker 3 as part of Example Gateway 7.2.3", "product_id": "CSAFPID-0101" }
    }]);
    let list = whole["vulnerabilities"][0]["product_status"]["known_affected"].as_array_mut().unwrap();
    list.push("CSAFPID-0101".into());
    whole["vulnerabilities"][0]["scores"][0]["products"] = json!(["CSAFPID-0001", "CSAFPID-0101"]);
    whole
}

async fn look(who: &Browser, document: &[u8]) -> Answer {
    who.upload(AT, &[("text", ""), ("url", "")], &[("file", "vnd.json", "application/json", document)]).await
}

/// Looks at a document and presses the button below it.
async fn take(who: &Browser, document: &Value) -> Answer {
    let looked = look(who, document.to_string().as_bytes()).await.must(200);
    let kept = looked.input("kept");
    who.upload(AT, &[("kept", &kept), ("url", "")], &[]).await
}

async fn piece(house: &House, document: &Value) -> Piece {
    let (writer, reader, lead) = (house.login_as(Role::Analyst).await, house.login_as(Role::Analyst).await, house.login_as(Role::Lead).await);
    let at = take(&writer, document).await.must(303).location().expect("its page");
    Piece { at, writer, reader, lead }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_of_somebody_else_becomes_a_draft_that_says_whose_it_was_and_leaves_as_our_own() {
    for house in House::both().await {
        let analyst = house.login_as(Role::Analyst).await;
        let looked = look(&analyst, document(1).to_string().as_bytes()).await.must(200);
        for words in
            ["Example Vendor PSIRT", "VND-2026-7", "CSAF 2.0", "4 products", "1 vulnerability", "It becomes a draft of ours", "/product_tree/relationships"]
        {
            assert!(looked.shows(words), "on {}: {words} in {}", house.on, looked.words());
        }
        let none: Vec<(i64,)> = house.rows("select count(*) from publications", vec![]).await;
        assert_eq!(none, [(0,)], "on {}: looking makes nothing", house.on);

        let piece = piece(&house, &document(1)).await;
        let page = piece.writer.get(&piece.at).await.must(200);
        for words in [
            "Taken over from",
            "VND-2026-7",
            "https://vendor.example/csaf/vnd-2026-7.json",
            "Example Vendor Example Gateway 7.2.3",
            "Its version will be 1.0.0",
        ] {
            assert!(page.shows(words), "on {}: {words} in {}", house.on, page.words());
        }
        assert!(piece.writer.get(&format!("{}/products", piece.at)).await.must(200).shows("Example Unpacker 3 as part of Example Gateway 7.2.3"));
        piece.out().await;

        let written = house.visitor().get("/.well-known/csaf/white/2026/mlt-ad-2026-0001.json").await.must(200);
        let report = validate::check(&written.body, Preset::Basic);
        assert!(report.is_valid(), "on {}: {:?}", house.on, report.findings);
        let head = &written.json()["document"];
        assert_eq!((&head["tracking"]["id"], &head["tracking"]["version"]), (&json!("MLT-AD-2026-0001"), &json!("1.0.0")), "on {}", house.on);
        assert_eq!(head["tracking"]["aliases"], json!(["VND-2026-7"]), "on {}", house.on);
        assert_eq!(head["tracking"]["initial_release_date"], "2026-11-23T08:00:00Z", "on {}: its own history", house.on);
        assert_eq!((&head["publisher"]["category"], &head["references"][0]["url"]), (&json!("other"), &json!("https://vendor.example/csaf/vnd-2026-7.json")));
        let newer = house.visitor().get("/.well-known/csaf/v2.1/clear/2026/mlt-ad-2026-0001.json").await.must(200).json();
        assert_eq!(newer["document"]["publisher"]["category"], "multiplier", "on {}", house.on);
        let page = house.visitor().get("/advisories/MLT-AD-2026-0001").await.must(200);
        for words in ["First published by", "Example Vendor PSIRT: VND-2026-7, version 1", "Ana Ejemplo: found it", "The unpacker passes names to a shell."] {
            assert!(page.shows(words), "on {}: {words} in {}", house.on, page.words());
        }
        let raw: Vec<(Vec<u8>,)> = house.rows("select raw from publication_origins", vec![]).await;
        assert_eq!(raw.len(), 1, "on {}: the bytes as they came are kept", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_version_proposes_the_next_version_of_the_same_publication_and_loses_no_word_of_ours() {
    for house in House::both().await {
        let piece = piece(&house, &document(1)).await;
        let at = format!("{}/words/en", piece.at);
        let form = piece.writer.get(&at).await.must(200);
        let seen = form.input("seen");
        let words = [
            ("seen", seen.as_str()),
            ("title", "Example Gateway runs commands"),
            ("summary", "Archives run commands."),
            ("affected", "Gateways."),
            ("act", "Install 7.2.4 at once."),
            ("body", "Ours."),
        ];
        piece.writer.post(&at, &words).await.must(303);
        piece.out().await;
        // The same once more leads to what was made of it.
        let again = look(&piece.writer, document(1).to_string().as_bytes()).await.must(200);
        assert!(again.shows("there is nothing to take over"), "on {}: {}", house.on, again.words());
        assert_eq!(take(&piece.writer, &document(1)).await.must(303).location().as_deref(), Some(piece.at.as_str()), "on {}", house.on);

        let looked = look(&piece.writer, document(2).to_string().as_bytes()).await.must(200);
        assert!(looked.shows("This one proposes its next version"), "on {}: {}", house.on, looked.words());
        assert_eq!(take(&piece.writer, &document(2)).await.must(303).location().as_deref(), Some(piece.at.as_str()), "on {}", house.on);
        let count: Vec<(i64,)> = house.rows("select count(*) from publications", vec![]).await;
        assert_eq!(count, [(1,)], "on {}", house.on);
        let page = piece.writer.get(&piece.at).await.must(200);
        for words in ["has version 2 of VND-2026-7", "ours stayed: what to do", "Release 2 of the vendor", "Its version will be 2.0.0", "/products/"] {
            assert!(page.shows(words), "on {}: {words} in {}", house.on, page.words());
        }
        let out = house.visitor().get("/advisories/MLT-AD-2026-0001").await.must(200);
        assert!(!out.shows("7.2.5"), "on {}: nobody released it", house.on);
        piece.out().await;
        let out = house.visitor().get("/advisories/MLT-AD-2026-0001").await.must(200);
        for words in ["7.2.5", "Archives run commands.", "Install 7.2.4 at once.", "VND-2026-7, version 2", "2.0.0"] {
            assert!(out.shows(words), "on {}: {words} in {}", house.on, out.words());
        }
        // What comes after a newer one is not taken.
        let older = look(&piece.writer, document(1).to_string().as_bytes()).await.must(200);
        assert!(older.shows("Version 2 became") && older.shows("there is nothing to take over"), "on {}: {}", house.on, older.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_document_is_said_line_by_line_with_its_place_and_nothing_is_made() {
    let house = House::sqlite().await;
    let analyst = house.login_as(Role::Analyst).await;
    let with = |pointer: &str, value: Value| {
        let mut whole = document(1);
        *whole.pointer_mut(pointer).unwrap() = value;
        whole.to_string().into_bytes()
    };
    let mut deep = b"{\"document\": ".to_vec();
    deep.extend(std::iter::repeat_n(b'[', 100_000));
    let mut draft = document(1);
    draft["document"]["tracking"]["status"] = json!("draft");
    draft["document"]["tracking"]["version"] = json!("0");
    draft["document"]["tracking"]["revision_history"][0]["number"] = json!("0");
    let cases: [(Vec<u8>, &str); 9] = [
        (b"{\"document\": {\"title\": nul".to_vec(), "/document/title:"),
        (deep, "lie in each other"),
        (b"{\"document\": {\"title\": \"a\", \"title\": \"b\"}}".to_vec(), "/document/title: this key stands twice"),
        (b"[]".to_vec(), "/document/csaf_version"),
        (with("/vulnerabilities/0/product_status/known_affected/0", json!("CSAFPID-9999")), "/vulnerabilities/0/product_status/known_affected/0"),
        (with("/document/tracking/version", json!("7")), "6.1.16"),
        (draft.to_string().into_bytes(), "/document/tracking/status: its publisher has not released it"),
        (with("/document/publisher/namespace", json!("https://csirt.maluti.example")), "/document/publisher/namespace: this document is ours"),
        (with("/document/title", json!("")), "schema /document/title"),
    ];
    for (bytes, line) in cases {
        let refused = look(&analyst, &bytes).await.must(422);
        assert!(refused.shows(line) && refused.shows("nothing was taken over"), "{line} in {}", refused.words());
    }
    let large = look(&analyst, &vec![b' '; (15 << 20) + 1]).await.must(422);
    assert!(large.shows("15 MB"), "{}", large.words());
    analyst.upload(AT, &[("text", "")], &[]).await.must(422);
    analyst.upload(AT, &[("url", "javascript:alert(1)")], &[("file", "v.json", "application/json", document(1).to_string().as_bytes())]).await.must(422);
    // Nobody goes on with bytes that they did not look at.
    let kept = look(&analyst, document(1).to_string().as_bytes()).await.must(200).input("kept");
    house.login_as(Role::Analyst).await.upload(AT, &[("kept", &kept)], &[]).await.must(404);
    analyst.upload(AT, &[("kept", &format!("{}{}", "0".repeat(64), &kept[64..]))], &[]).await.must(404);
    house.login_as(Role::Auditor).await.get(AT).await.must(404);
    let none: Vec<(i64,)> = house.rows("select count(*) from publications", vec![]).await;
    assert_eq!(none, [(0,)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_publisher_labelled_never_goes_further_here() {
    let house = House::sqlite().await;
    let mut amber = document(1);
    amber["document"]["distribution"]["tlp"]["label"] = json!("AMBER");
    let piece = piece(&house, &amber).await;
    let lowered = piece.facts(&[("label", "CLEAR"), ("severity", "high")]).await.must(422);
    assert!(lowered.shows("labelled it TLP:AMBER"), "{}", lowered.words());
    piece.facts(&[("label", "RED"), ("severity", "high")]).await.must(303);
    // What nobody labelled begins as everything here does, and may be made public.
    let mut none = document(1);
    none["document"]["tracking"]["id"] = json!("VND-2026-8");
    none["document"].as_object_mut().unwrap().remove("distribution");
    let at = take(&piece.writer, &none).await.must(303).location().unwrap();
    let facts = piece.writer.get(&format!("{at}/facts")).await.must(200);
    assert!(facts.text().contains("<option value=\"AMBER\" selected>"), "{}", facts.words());
    let seen = facts.input("seen");
    piece.writer.post(&format!("{at}/facts"), &[("seen", &seen), ("label", "CLEAR"), ("severity", "high")]).await.must(303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_publisher_takes_back_is_told_to_whoever_has_made_something_of_it() {
    let house = House::sqlite().await;
    let piece = piece(&house, &document(1)).await;
    piece.out().await;
    let gone = csaf::withdraw::withdraw(&vendors(1), "It was another product.", "Withdrawn", "2026-11-20T08:00:00Z".parse().unwrap()).unwrap();
    let gone: Value = serde_json::from_slice(&write::bytes(&gone, Edition::V21)).unwrap();
    take(&piece.writer, &gone).await.must(303);
    let page = piece.writer.get(&piece.at).await.must(200);
    assert!(page.shows("It took it back") && page.shows("Example Vendor Example Gateway 7.2.3"), "{}", page.words());
    let mut unknown = gone;
    unknown["document"]["tracking"]["id"] = json!("VND-2026-99");
    assert!(look(&piece.writer, unknown.to_string().as_bytes()).await.must(422).shows("nothing of ours was made of it"));
    // What is to leave by itself is not changed under who said so.
    press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
    press(&piece.reader, &piece.at, "approval", &[]).await.must(303);
    press(&piece.lead, &piece.at, "schedule", &[("at", "2026-11-25T09:00")]).await.must(303);
    let refused = take(&piece.writer, &document(3)).await.must(409);
    assert!(refused.shows("is to leave by itself"), "{}", refused.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_takes_documents_over_and_says_of_each_what_became_of_it() {
    let house = House::sqlite().await;
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let (good, bad) = (file("good.json", document(1).to_string()), file("bad.json", "{}".into()));
    let profile = file("atalaya.toml", include_str!("profile.toml").into());
    let run = |files: &[&std::path::Path]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_atalaya"));
        program.args(["csaf", "import", "--profile"]).arg(&profile).arg("--data").arg(house.data()).arg("--key").arg(house.key());
        let output = program.args(files).env_remove("ATALAYA_DATABASE").output().unwrap();
        (output.status.code(), format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
    };
    let (code, said) = run(&[&bad, &good]);
    assert!(
        code == Some(1) && said.contains("bad.json: schema /document/csaf_version") && said.contains("good.json: a draft (/publishing/"),
        "{code:?} {said}"
    );
    let (code, said) = run(&[&good]);
    assert!(code == Some(0) && said.contains("it is there already as Example Gateway runs commands"), "{code:?} {said}");
    let page = house.login_as(Role::Analyst).await.get("/publishing").await.must(200);
    assert!(page.shows("Example Gateway runs commands"), "{}", page.words());
}
