//! Advisories for machines: written without knowing CSAF, judged, signed, served by label.

#![allow(unused_must_use, reason = "must() itself is the check")]

use std::process::Command;

use atalaya::access::{Role, Who};
use atalaya::{constituency, people, publications};
use csaf::validate::{self, Preset};
use formats::label::Tlp;
use store::args;

use crate::house::{Browser, House};
use crate::publications::{Piece, begin, press};

/// An advisory with a product in two releases, and a vulnerability that hits one of them.
pub async fn technical(house: &House, label: &str) -> Piece {
    let piece = begin(house, "advisory", "Example Gateway runs commands").await;
    piece.facts(&[("label", label), ("severity", "high"), ("keys", "CVE-2026-30011"), ("references", "Vendor https://vendor.example/7")]).await.must(303);
    let (products, new) = (format!("{}/products", piece.at), format!("{}/vulnerabilities/new", piece.at));
    for (which, release) in [("range", "7.0 - 7.2.3"), ("one", "7.2.4")] {
        let seen = piece.writer.get(&products).await.must(200).input("seen");
        piece
            .writer
            .post(&products, &[("seen", &seen), ("vendor", "Example Vendor"), ("name", "Example Gateway"), ("which", which), ("release", release)])
            .await
            .must(303);
    }
    let form = piece.writer.get(&new).await.must(200);
    let ids: Vec<String> = form.text().split("name=\"status-").skip(1).filter_map(|rest| rest.split('"').next()).map(|id| format!("status-{id}")).collect();
    assert_eq!(ids.len(), 2, "each product is asked for");
    let seen = form.input("seen");
    let fields = [
        ("seen", seen.as_str()),
        ("cve", "cve-2026-30011"),
        ("title", "Commands in attachments"),
        ("text", "A crafted archive makes the gateway run a command."),
        ("cwe", "78"),
        ("cvss3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
        ("cvss4", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"),
        (ids[0].as_str(), "affected"),
        (ids[1].as_str(), "fixed"),
        ("fix", "Install 7.2.4."),
        ("fix_url", "https://vendor.example/7.2.4"),
        ("workaround", "Let archives wait for a person."),
    ];
    piece.writer.post(&new, &fields).await.must(303);
    piece
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cve_of_the_form_for_vulnerabilities_is_found_and_told_wherever_one_asks_for_it() {
    for house in House::both().await {
        crate::readers::subscribed(&house, "reader@shop.example", &[("about", "CVE-2026-30011")]).await;
        crate::readers::subscribed(&house, "words@shop.example", &[("q", "cve-2026-30011")]).await;
        crate::readers::subscribed(&house, "other@shop.example", &[("about", "CVE-2026-99999")]).await;
        let piece = technical(&house, "CLEAR").await;
        piece.facts(&[("label", "CLEAR"), ("severity", "high"), ("references", "Vendor https://vendor.example/7")]).await.must(303);
        piece.out().await;
        house.run_jobs().await;
        let told = |address: &str| house.sink.to(address).len() - 1;
        assert_eq!((told("reader@shop.example"), told("words@shop.example"), told("other@shop.example")), (1, 1, 0), "on {}", house.on);
        let anybody = house.visitor();
        for list in ["/advisories?about=CVE-2026-30011", "/advisories?q=cve-2026-30011", "/feeds/latest.atom?about=CVE-2026-30011"] {
            let found = anybody.get(list).await.must(200).text();
            assert!(found.contains("Example Gateway runs commands"), "on {}: {list}", house.on);
        }
        let (atom, csv) = (anybody.get("/feeds/advisories.atom").await.must(200).text(), anybody.get("/feeds/advisories.csv").await.must(200).text());
        assert!(atom.contains("term=\"CVE-2026-30011\"") && csv.contains(",cve:CVE-2026-30011,"), "on {}: {atom} {csv}", house.on);
        let page = anybody.get("/advisories/MLT-AD-2026-0001").await.must(200).text();
        assert_eq!(page.matches("<code>CVE-2026-30011</code>").count(), 2, "on {}: what it is about, and the vulnerability", house.on);
    }
}

/// The path of its CSAF 2.0 document.
const DOCUMENT: &str = "/.well-known/csaf/white/2026/mlt-ad-2026-0001.json";

pub async fn mail_key(house: &House) {
    another_mail_key(house, [7; 32]).await;
}

async fn another_mail_key(house: &House, seed: [u8; 32]) {
    let at = house.app.now();
    let new =
        post::openpgp::key::NewKey { user_id: "Team <report@csirt.maluti.example>", at, valid: jiff::SignedDuration::from_hours(24 * 365), passphrase: None };
    let key = post::openpgp::SecretKey::generate(&new, seed).unwrap();
    atalaya::keys::own::install(&house.app, &Who::Operator, key.armored().unwrap().as_bytes(), "").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_advisory_that_was_filled_in_leaves_a_valid_signed_document_and_a_tree_around_it() {
    for house in House::both().await {
        mail_key(&house).await;
        let piece = technical(&house, "CLEAR").await;
        piece.out().await;
        let anybody = house.visitor();
        let document = anybody.get(DOCUMENT).await.must(200);
        assert_eq!(document.header("access-control-allow-origin"), Some("*"), "on {}", house.on);
        let (vary, tag) = (document.header("vary").unwrap_or_default(), document.header("etag").unwrap_or_default().to_owned());
        assert!(vary.contains("Accept-Encoding") && tag.starts_with("W/"), "on {}: {vary} {tag}", house.on);
        let again = house.visitor();
        again.set_header("if-none-match", &tag);
        again.get(DOCUMENT).await.must(304);
        let report = validate::check(&document.body, Preset::Basic);
        assert!(report.is_valid(), "on {}: {:?}", house.on, report.findings);
        let json = document.json();
        assert_eq!(json["document"]["category"], "csaf_security_advisory");
        assert_eq!(json["vulnerabilities"][0]["scores"][0]["cvss_v3"]["baseScore"], 9.8);
        let (sum, signature) = (anybody.get(&format!("{DOCUMENT}.sha512")).await.must(200), anybody.get(&format!("{DOCUMENT}.asc")).await.must(200));
        assert!(sum.text().contains("mlt-ad-2026-0001.json") && signature.text().contains("BEGIN PGP SIGNATURE"), "on {}", house.on);
        for path in [
            "provider-metadata.json",
            "white/index.txt",
            "white/changes.csv",
            "white/csaf-feed-tlp-white.json",
            "service.json",
            "v2.1/provider-metadata.json",
            "",
        ] {
            anybody.get(&format!("/.well-known/csaf/{path}")).await.must(200);
        }
        let page = anybody.get("/advisories/MLT-AD-2026-0001").await.must(200);
        for words in ["Example Vendor Example Gateway", "7.2.4", "9.8 Critical", "CWE-78", "Let archives wait for a person."] {
            assert!(page.shows(words), "on {}: {words} in {}", house.on, page.words());
        }
        // The next version has its number, and a withdrawn one says why.
        press(&piece.lead, &piece.at, "withdrawal", &[("why", "It was another product")]).await.must(303);
        let json = anybody.get(DOCUMENT).await.must(200).json();
        assert_eq!(json["document"]["tracking"]["version"], "2.0.0", "on {}", house.on);
        assert!(json.to_string().contains("It was another product"), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_standard_forbids_does_not_leave_and_its_author_is_told() {
    let house = House::sqlite().await;
    let piece = technical(&house, "CLEAR").await;
    let form = format!("{}/vulnerabilities/0", piece.at);
    let asked = piece.writer.get(&form).await.must(200);
    let seen = asked.input("seen");
    for (field, bad) in [("cve", "CVE-1"), ("cvss3", "CVSS:3.1/AV:N"), ("cwe", "CWE-99999")] {
        piece.writer.post(&form, &[("seen", &seen), (field, bad)]).await.must(422);
    }
    // All at once, and no address that a page must not lead to.
    let bad = [("seen", seen.as_str()), ("cve", "CVE-1"), ("cwe", "CWE-99999"), ("cvss3", "CVSS:3.1/AV:N"), ("fix_url", "javascript:alert(1)")];
    let told = piece.writer.post(&form, &bad).await.must(422);
    for words in ["“CVE-1” is no CVE id.", "Write the name after “CWE-99999”", "no whole CVSS vector", "“javascript:alert(1)” is no address"] {
        assert!(told.shows(words), "{words} in {}", told.words());
    }
    let products = format!("{}/products", piece.at);
    for (field, bad) in [("cpe", "cpe:2.3:a:vendor"), ("purl", "npm/left-pad")] {
        let new = [("seen", seen.as_str()), ("vendor", "Example Vendor"), ("name", "Example Gateway"), ("which", "all"), (field, bad)];
        assert!(piece.writer.post(&products, &new).await.must(422).shows(bad));
    }
    assert!(piece.writer.get(&piece.at).await.must(200).shows("It says high; the highest CVSS score in it is 9.8 (critical)"));
    // Without words about it, a security advisory has no vulnerability (test 6.1.27.5).
    piece.writer.post(&form, &[("seen", &seen), ("cve", "CVE-2026-30011")]).await.must(303);
    let page = piece.writer.get(&piece.at).await.must(200);
    assert!(page.shows("Against it") && page.shows("6.1.27"), "{}", page.words());
    press(&piece.writer, &piece.at, "hand-in", &[]).await.must(303);
    press(&piece.reader, &piece.at, "approval", &[]).await.must(409);
    // What has no vulnerability leads elsewhere; what is no advisory has none.
    let other = begin(&house, "advisory", "Example Gateway is set up badly").await;
    other.facts(&[("label", "CLEAR"), ("severity", "high")]).await.must(303);
    let page = other.writer.get(&other.at).await.must(200);
    assert!(page.shows("write an address under Facts"), "{}", page.words());
    let alert = begin(&house, "alert", "Routers").await;
    alert.writer.get(&format!("{}/products", alert.at)).await.must(200);
    alert.writer.get(&format!("{}/vulnerabilities/new", alert.at)).await.must(404);
    let guidance = begin(&house, "guidance", "The first hour").await;
    guidance.writer.get(&format!("{}/products", guidance.at)).await.must(404);
}

/// The head of the newest document, of both editions, which have to be valid.
async fn heads(house: &House, number: u8) -> [String; 2] {
    let mut heads = Vec::new();
    for folder in ["white", "v2.1/clear"] {
        let document = house.visitor().get(&format!("/.well-known/csaf/{folder}/2026/mlt-ad-2026-000{number}.json")).await.must(200);
        let report = validate::check(&document.body, Preset::Basic);
        assert!(report.is_valid(), "on {}: {folder} {number}: {:?}", house.on, report.findings);
        heads.push(document.json()["document"].to_string());
    }
    heads.try_into().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_took_its_place_is_named_as_everybody_reads_it_or_not_at_all() {
    for house in House::both().await {
        let (first, second, third) = (technical(&house, "CLEAR").await, technical(&house, "CLEAR").await, technical(&house, "AMBER").await);
        first.out().await;
        second.out().await;
        third.approved().await;
        press(&third.lead, &third.at, "release", &[]).await.must(303);
        // Under embargo.
        press(&second.lead, &second.at, "revision", &[]).await.must(303);
        second.words("en", "Zephyrgate is in it, too", "Other words.").await.must(303);
        press(&first.lead, &first.at, "supersession", &[("by", "MLT-AD-2026-0002"), ("why", "One page for all of it")]).await.must(303);
        for head in heads(&house, 1).await {
            assert!(head.contains("/advisories/MLT-AD-2026-0002") && head.contains("Example Gateway runs commands"), "on {}: {head}", house.on);
            assert!(!head.contains("Zephyrgate"), "on {}: {head}", house.on);
        }
        // What is for constituents is named to nobody else.
        press(&second.lead, &second.at, "supersession", &[("by", "MLT-AD-2026-0003"), ("why", "It goes on elsewhere")]).await.must(303);
        for head in heads(&house, 2).await {
            assert!(head.contains("It goes on elsewhere") && !head.contains("MLT-AD-2026-0003"), "on {}: {head}", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_says_nothing_of_versions_that_its_readers_did_not_get() {
    for house in House::both().await {
        let piece = technical(&house, "AMBER").await;
        piece.approved().await;
        press(&piece.lead, &piece.at, "release", &[]).await.must(303);
        let began = house.app.now();
        let facts = [("severity", "high"), ("keys", "CVE-2026-30011"), ("references", "Vendor https://vendor.example/7")];
        for (label, note) in [("AMBER", "Harbour Mills was hit"), ("CLEAR", "For everybody")] {
            house.later(60);
            press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
            piece.facts(&[&facts[..], &[("label", label), ("note", note)]].concat()).await.must(303);
            piece.approved().await;
            press(&piece.lead, &piece.at, "release", &[]).await.must(303);
        }
        for head in heads(&house, 1).await {
            let head: serde_json::Value = serde_json::from_str(&head).unwrap();
            assert!(!head.to_string().contains("Harbour Mills") && !head.to_string().contains(&began.to_string()), "on {}: {head}", house.on);
            let tracking = &head["tracking"];
            assert_eq!(tracking["initial_release_date"], tracking["current_release_date"], "on {}", house.on);
            assert_eq!(tracking["revision_history"].as_array().unwrap().len(), 3, "on {}: no number is missing", house.on);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signed_stays_known_and_what_is_unsigned_is_called_so() {
    for house in House::both().await {
        mail_key(&house).await;
        technical(&house, "CLEAR").await.out().await;
        let of = async || house.visitor().get("/.well-known/csaf/provider-metadata.json").await.must(200).json();
        let first = of().await;
        assert_eq!(first["role"], "csaf_trusted_provider", "on {}", house.on);
        let fingerprint = first["public_openpgp_keys"][0]["fingerprint"].as_str().unwrap().to_owned();
        // It ends while nobody looks: what leaves then has no signature, and the team does not say that it had.
        house.later(400 * 24 * 60);
        technical(&house, "CLEAR").await.out().await;
        assert_eq!(of().await["role"], "csaf_provider", "on {}", house.on);
        let clocks = house.login_as(Role::Lead).await.get("/clocks").await.must(200);
        assert!(clocks.shows("1 CSAF document has no signature"), "on {}: {}", house.on, clocks.words());
        // Another key in its place: it signs what waited, and the one that signed the first is given out as before.
        house.later(1);
        another_mail_key(&house, [8; 32]).await;
        assert_eq!(of().await["last_updated"], house.app.now().to_string(), "on {}: the keys are others now", house.on);
        atalaya::keys::own::remove(&house.app, &Who::Operator, &fingerprint).await.unwrap();
        house.later(1);
        technical(&house, "CLEAR").await.out().await;
        let now = of().await;
        assert_eq!((&now["role"], now["public_openpgp_keys"].as_array().unwrap().len()), (&"csaf_trusted_provider".into(), 2), "on {}: {now}", house.on);
        house.visitor().get(&format!("/.well-known/csaf/openpgp/{fingerprint}.asc")).await.must(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_for_everybody_asks_for_a_token_of_an_organisation_that_may_get_it() {
    let house = House::sqlite().await;
    let piece = technical(&house, "GREEN").await;
    piece.approved().await;
    press(&piece.lead, &piece.at, "release", &[]).await.must(303);
    let document = "/.well-known/csaf/green/2026/mlt-ad-2026-0001.json";
    let anybody = house.visitor();
    anybody.get(document).await.must(401);
    anybody.get("/.well-known/csaf/green/2026/nothing.json").await.must(401);
    assert!(!anybody.get("/.well-known/csaf/provider-metadata.json").await.must(200).text().contains("green"));
    let token = async |ceiling: Tlp| {
        let id = house.organisation(&format!("Of {}", ceiling.as_str())).await;
        house
            .app
            .db
            .change("test", async |tx| {
                tx.execute("update organisations set ceiling = $2 where id = $1", args![id, ceiling.as_str()]).await?;
                tx.record(store::Record::new("test", "organisation", id));
                Ok::<(), atalaya::Error>(())
            })
            .await
            .unwrap();
        assert!(constituency::get(&mut house.app.db.read().await.unwrap(), id).await.is_ok());
        people::add_token(&house.app, &Who::Operator, "advisories", Some(id), "advisories").await.unwrap()
    };
    let with = |token: &str| {
        let browser: Browser = house.visitor();
        browser.set_header("authorization", &format!("Bearer {token}"));
        browser
    };
    let green = token(Tlp::Green).await;
    with(&green).get(document).await.must(200);
    with(&token(Tlp::Clear).await).get(document).await.must(401);
    // Who fetched it stands in the ledger: once for each organisation and day, lists and sums not at all.
    let noted = async || house.ledger().await.into_iter().filter(|(to, _, channel, ..)| to.starts_with("organisation:") && channel == "api").count();
    with(&green).get(document).await.must(200);
    with(&green).get(&format!("{document}.sha256")).await.must(200);
    assert_eq!(noted().await, 1);
    house.later(24 * 60);
    with(&green).get(document).await.must(200);
    assert_eq!(noted().await, 2);
    with("atalaya_none").get(document).await.must(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_known_to_be_exploited_proposes_a_revision_and_its_day_stands_on_the_page() {
    for house in House::both().await {
        let piece = technical(&house, "CLEAR").await;
        piece.out().await;
        let list = br#"{"catalogVersion":"2026.11.24","vulnerabilities":[{"cveID":"CVE-2026-30011","dateAdded":"2026-11-24","dueDate":"2026-12-15"},{"cveID":"x","dateAdded":"y"}]}"#;
        let taken = publications::known::take_kev(&house.app, &Who::Operator, list, "https://example.org/kev").await.unwrap();
        assert_eq!((taken.new, taken.bad, taken.proposed), (1, 1, vec!["MLT-AD-2026-0001".to_owned()]), "on {}", house.on);
        let again = publications::known::take_kev(&house.app, &Who::Operator, list, "https://example.org/kev").await.unwrap();
        assert_eq!((again.new, again.proposed.len()), (0, 0), "on {}", house.on);
        let page = house.login_as(Role::Analyst).await.get(&piece.at).await.must(200);
        assert!(page.shows("is known to be exploited since 2026-11-24"), "on {}: {}", house.on, page.words());
        assert!(page.shows("For whoever writes.") && !page.shows("Given back"), "on {}: {}", house.on, page.words());
        assert!(page.shows("Listed as exploited: since 2026-11-24") && !page.shows("known_affected"), "on {}: {}", house.on, page.words());
        assert!(!house.visitor().get("/advisories/MLT-AD-2026-0001").await.must(200).shows("2026-11-24"), "on {}: nobody released it", house.on);
        piece.out().await;
        let page = house.visitor().get("/advisories/MLT-AD-2026-0001").await.must(200);
        assert!(page.shows("2026-11-24") && page.shows("https://example.org/kev"), "on {}: {}", house.on, page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_vulnerability_is_watched_by_itself_and_a_day_that_its_list_mends_is_taken() {
    for house in House::both().await {
        let piece = technical(&house, "CLEAR").await;
        let facts = [
            ("label", "CLEAR"),
            ("severity", "high"),
            ("exploited", "yes"),
            ("exploited_source", "our own eyes"),
            ("references", "Vendor https://vendor.example/7"),
        ];
        piece.facts(&facts).await.must(303);
        let new = format!("{}/vulnerabilities/new", piece.at);
        let form = piece.writer.get(&new).await.must(200);
        let status = format!("status-{}", form.text().split("name=\"status-").nth(1).and_then(|rest| rest.split('"').next()).unwrap());
        let fields = [("seen", form.input("seen")), ("cve", "CVE-2026-30012".into()), ("text", "Another one.".into()), (status.as_str(), "affected".into())];
        piece.writer.post(&new, &fields.each_ref().map(|(name, value)| (*name, value.as_str()))).await.must(303);
        piece.out().await;
        let take = async |source: &str, entries: &[(&str, &str)]| {
            let entry = |(cve, due): &(&str, &str)| serde_json::json!({ "cveID": cve, "dateAdded": "2026-11-24", "dueDate": due });
            let list = serde_json::json!({ "vulnerabilities": entries.iter().map(entry).collect::<Vec<_>>() }).to_string();
            let taken = publications::known::take_kev(&house.app, &Who::Operator, list.as_bytes(), source).await.unwrap();
            (taken.new, taken.changed, taken.proposed.len())
        };
        let kev = "https://example.org/kev";
        let (first, second) = (("CVE-2026-30011", "2026-12-15"), ("CVE-2026-30012", "2026-12-20"));
        assert_eq!(take(kev, &[first]).await, (1, 0, 1), "on {}: that it is exploited stands there, and not that it is listed", house.on);
        assert_eq!(take(kev, &[first]).await, (0, 0, 0), "on {}", house.on);
        piece.out().await;
        assert_eq!(take(kev, &[first, second]).await, (1, 0, 1), "on {}: the other one", house.on);
        let page = piece.writer.get(&piece.at).await.must(200);
        assert!(page.shows("CVE-2026-30012 is known to be exploited since 2026-11-24, to be dealt with by 2026-12-20"), "on {}: {}", house.on, page.words());
        assert!(!page.shows("CVE-2026-30011 is known"), "on {}: {}", house.on, page.words());
        piece.out().await;
        let (sooner, other) = (("CVE-2026-30011", "2026-11-30"), ("CVE-2026-30011", "2027-01-31"));
        assert_eq!(take("https://example.org/another", &[other]).await, (0, 0, 0), "on {}: who said it first", house.on);
        assert_eq!(take(kev, &[sooner, second]).await, (0, 1, 1), "on {}", house.on);
        assert!(piece.writer.get(&piece.at).await.must(200).shows("2026-11-30 (https://example.org/kev): its page says other days."), "on {}", house.on);
        let page = house.visitor().get(&piece.out().await).await.must(200);
        for words in ["2026-11-30", "2026-12-20", "our own eyes"] {
            assert!(page.shows(words), "on {}: {words} in {}", house.on, page.words());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_helps_is_kept_before_any_product_is_affected() {
    let house = House::sqlite().await;
    let piece = technical(&house, "CLEAR").await;
    let form = format!("{}/vulnerabilities/0", piece.at);
    let asked = piece.writer.get(&form).await.must(200);
    let (seen, ids): (String, Vec<String>) = (
        asked.input("seen"),
        asked.text().split("name=\"status-").skip(1).filter_map(|rest| rest.split('"').next()).map(|id| format!("status-{id}")).collect(),
    );
    let fields = [
        ("seen", seen.as_str()),
        ("cve", "cve-2026-30011"),
        ("text", "A crafted archive makes the gateway run a command."),
        (ids[0].as_str(), "unknown"),
        (ids[1].as_str(), "unknown"),
        ("fix", "Install 7.2.5 as soon as it is there."),
        ("fix_url", "https://vendor.example/7.2.5"),
        ("workaround", "Let archives wait for a person."),
    ];
    piece.writer.post(&form, &fields).await.must(303);
    let again = piece.writer.get(&form).await.must(200);
    assert_eq!(again.input("fix_url"), "https://vendor.example/7.2.5");
    assert!(again.text().contains("Install 7.2.5 as soon as it is there.") && again.text().contains("Let archives wait for a person."), "{}", again.text());
    // An address alone says nothing that a document could carry.
    let alone = [("seen", again.input("seen")), ("cve", "cve-2026-30011".into()), ("fix_url", "https://vendor.example/7.2.5".into())];
    let told = piece.writer.post(&form, &alone.each_ref().map(|(name, value)| (*name, value.as_str()))).await.must(422);
    assert!(told.shows("Write what the vendor's fix is"), "{}", told.words());
    // Somebody finds out, and says so alone.
    let seen = again.input("seen");
    let found = fields.map(|(name, value)| match name {
        "seen" => (name, seen.as_str()),
        _ if name == ids[0] => (name, "affected"),
        _ => (name, value),
    });
    piece.writer.post(&form, &found).await.must(303);
    let path = piece.out().await;
    let page = house.visitor().get(&path).await.must(200);
    assert!(page.shows("Install 7.2.5 as soon as it is there.") && page.shows("Let archives wait for a person."), "{}", page.words());
    for head in ["white", "v2.1/clear"] {
        let document = house.visitor().get(&format!("/.well-known/csaf/{head}/2026/mlt-ad-2026-0001.json")).await.must(200);
        let report = validate::check(&document.body, Preset::Basic);
        assert!(report.is_valid() && document.text().contains("Install 7.2.5"), "{head}: {:?}", report.findings);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_judges_documents_with_an_exit_that_says_what_it_found() {
    let house = House::sqlite().await;
    technical(&house, "CLEAR").await.out().await;
    let folder = tempfile::tempdir().unwrap();
    let good = folder.path().join("good.json");
    let text = house.visitor().get(DOCUMENT).await.must(200).text();
    std::fs::write(&good, &text).unwrap();
    let bad = folder.path().join("bad.json");
    std::fs::write(&bad, text.replace("\"version\": \"1.0.0\"", "\"version\": \"7.0.0\"")).unwrap();
    std::fs::write(folder.path().join("none.json"), "{\"document\": [").unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_atalaya")).arg("csaf").arg("validate").args(arguments).current_dir(folder.path()).output().unwrap();
        (output.status.code(), format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr)))
    };
    assert_eq!(run(&["good.json"]).0, Some(0));
    // What a mandatory test cannot decide, it advises: our document of 2.1 has ranges of releases of no known scheme.
    std::fs::write(folder.path().join("new.json"), house.visitor().get(&DOCUMENT.replace("white", "v2.1/clear")).await.must(200).text()).unwrap();
    let (code, said) = run(&["new.json"]);
    assert!(code == Some(0) && said.contains("6.1.50 advice") && !said.contains("mandatory"), "{code:?} {said}");
    assert_eq!(run(&["good.json", "--test", "6.1.16"]).0, Some(0));
    let (code, said) = run(&["bad.json", "--test", "6.1.16"]);
    assert!(code == Some(1) && said.contains("/document/tracking/version"), "{code:?} {said}");
    assert_eq!(run(&["none.json"]).0, Some(1));
    assert_eq!(run(&["good.json", "--test", "9.9.9"]).0, Some(2));
    assert_eq!(run(&["missing.json"]).0, Some(2));
    assert_eq!(run(&["good.json", "--test", "6.2.19"]).0, Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_that_is_taken_out_is_gone_from_all_that_spoke_of_it() {
    let house = House::sqlite().await;
    let piece = technical(&house, "CLEAR").await;
    let form = format!("{}/vulnerabilities/0", piece.at);
    let asked = piece.writer.get(&form).await.must(200);
    let (seen, ids): (String, Vec<String>) =
        (asked.input("seen"), asked.text().split("name=\"status-").skip(1).filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect());
    let (first, second) = (format!("status-{}", ids[0]), format!("status-{}", ids[1]));
    let fields = [
        ("seen", seen.as_str()),
        ("cve", "cve-2026-30011"),
        ("text", "A crafted archive makes the gateway run a command."),
        (first.as_str(), "affected"),
        (second.as_str(), "affected"),
        ("fix", "Install 7.2.5."),
        ("exploited", "Seen since last week."),
    ];
    piece.writer.post(&form, &fields).await.must(303);
    let products = format!("{}/products", piece.at);
    let seen = piece.writer.get(&products).await.must(200).input("seen");
    piece.writer.post(&products, &[("seen", &seen), ("remove", &ids[0])]).await.must(303);
    let page = piece.writer.get(&piece.at).await.must(200);
    assert!(!page.shows("Against it"), "{}", page.words());
    let path = piece.out().await;
    let page = house.visitor().get(&path).await.must(200);
    assert!(page.shows("7.2.4") && page.shows("Install 7.2.5.") && page.shows("Seen since last week.") && !page.shows("7.2.3"), "{}", page.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_listed_before_its_advisory_left_proposes_a_revision_within_a_day_and_once() {
    for house in House::both().await {
        let list = br#"{"catalogVersion":"2026.11.20","vulnerabilities":[{"cveID":"CVE-2026-30011","dateAdded":"2026-11-20"}]}"#;
        publications::known::take_kev(&house.app, &Who::Operator, list, "https://example.org/kev").await.unwrap();
        let piece = technical(&house, "CLEAR").await;
        piece.out().await;
        house.run_jobs().await;
        let swept = async |day: u8| {
            house.set_clock(&format!("2026-11-{day}T10:00:00+02:00"));
            let at = house.app.now();
            house.app.db.keep_house(async |tx| tx.enqueue_at("sweep_blobs", serde_json::json!({}), at, Some("sweep_blobs")).await).await.unwrap();
            house.run_jobs().await;
            house.login_as(Role::Lead).await
        };
        let lead = swept(24).await;
        let page = lead.get(&piece.at).await.must(200);
        assert!(page.shows("is known to be exploited since 2026-11-20"), "on {}: {}", house.on, page.words());
        // Who looked at it and laid it aside is not asked again every day.
        press(&lead, &piece.at, "discard", &[]).await.must(303);
        let lead = swept(25).await;
        let page = lead.get(&piece.at).await.must(200);
        assert!(!page.shows("is known to be exploited since"), "on {}: {}", house.on, page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vector_that_is_put_together_goes_into_the_form_and_nothing_typed_is_lost() {
    let house = House::sqlite().await;
    let piece = technical(&house, "CLEAR").await;
    let new = format!("{}/vulnerabilities/new", piece.at);
    let seen = piece.writer.get(&new).await.must(200).input("seen");
    let fields = [("seen", seen.as_str()), ("cve", "CVE-2026-30012"), ("text", "Another one."), ("then", "4.0")];
    let led = piece.writer.post(&new, &fields).await.must(303).location().unwrap();
    let calculator = piece.writer.get(&led).await.must(200);
    let chosen = format!("{led}&AV=N&AC=L&AT=N&PR=N&UI=N&VC=H&VI=H&VA=H&SC=N&SI=N&SA=N");
    let computed = piece.writer.get(&chosen).await.must(200);
    assert!(calculator.text().contains("name=\"for\"") && computed.shows("9.3 critical"), "{}", computed.words());
    let back = computed.links(&format!("{}/vulnerabilities/1?", piece.at)).into_iter().next().expect("a way back");
    let form = piece.writer.get(&back).await.must(200);
    assert_eq!((form.input("cve"), form.input("cvss4").starts_with("CVSS:4.0/AV:N")), ("CVE-2026-30012".to_owned(), true));
    // An address that leads nowhere is none.
    let odd = piece.writer.get("/publishing/cvss?version=4.0&for=//shop.example/x").await.must(200);
    assert!(!odd.text().contains("shop.example"), "{}", odd.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_calculator_begins_with_the_vector_that_is_there_and_proposes_none_that_is_not_whole() {
    let house = House::sqlite().await;
    let piece = technical(&house, "CLEAR").await;
    let id = piece.at.trim_start_matches("/publishing/");
    for (version, score, metric) in [("4.0", "9.3 critical", "name=\"VC\" value=\"H\" checked"), ("3.1", "9.8 critical", "name=\"C\" value=\"H\" checked")] {
        let page = piece.writer.get(&format!("/publishing/cvss?version={version}&for={id}/0")).await.must(200);
        assert!(page.shows(score) && page.text().contains(metric), "{}", page.text());
        assert!(!page.links(&format!("{}/vulnerabilities/0", piece.at)).is_empty(), "a way back that takes nothing over");
    }
    // Metrics that the calculator does not ask for go along.
    let vector = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U";
    let form = format!("{}/vulnerabilities/new", piece.at);
    let seen = piece.writer.get(&form).await.must(200).input("seen");
    let fields = [("seen", seen.as_str()), ("cve", "CVE-2026-30012"), ("text", "Another one."), ("cvss4", vector), ("then", "4.0")];
    let led = piece.writer.post(&form, &fields).await.must(303).location().unwrap();
    let page = piece.writer.get(&led).await.must(200);
    assert!(page.shows(vector) && page.text().contains("name=\"E\" value=\"U\""), "{}", page.text());
    // With nothing chosen there is neither a score nor anything to take over; so with half of it.
    for chosen in ["", "&AV=N&AC=L"] {
        let page = piece.writer.get(&format!("/publishing/cvss?version=4.0&for={id}/7{chosen}")).await.must(200);
        assert!(!page.shows("0.0 none") && !page.shows("Take it into the form"), "{}", page.words());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_standard_only_advises_is_a_hint_and_stops_nothing() {
    let house = House::sqlite().await;
    let piece = technical(&house, "CLEAR").await;
    let form = format!("{}/vulnerabilities/0", piece.at);
    let seen = piece.writer.get(&form).await.must(200).input("seen");
    // No score, no fix for what is affected: allowed, and worth a look (tests 6.2.x).
    let asked = piece.writer.get(&form).await.must(200);
    let ids: Vec<String> = asked.text().split("name=\"status-").skip(1).filter_map(|rest| rest.split('"').next()).map(|id| format!("status-{id}")).collect();
    let fields =
        [("seen", seen.as_str()), ("cve", "CVE-2026-30011"), ("text", "A crafted archive."), (ids[0].as_str(), "affected"), (ids[1].as_str(), "fixed")];
    piece.writer.post(&form, &fields).await.must(303);
    let page = piece.writer.get(&piece.at).await.must(200);
    assert!(page.shows("CSAF advises") && page.shows("6.2.") && !page.shows("Against it"), "{}", page.words());
    piece.out().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_says_what_a_version_changed_and_what_a_vector_means_and_comes_as_signed_text() {
    let path = "/advisories/MLT-AD-2026-0001";
    for house in House::both().await {
        let key = crate::openpgp::mail_key(&house).await;
        let piece = technical(&house, "CLEAR").await;
        let products = format!("{}/products", piece.at);
        let seen = piece.writer.get(&products).await.must(200).input("seen");
        let cpe = "cpe:2.3:a:vendor:gateway:7.3:*:*:*:*:*:*:*";
        let new = [("seen", seen.as_str()), ("vendor", "Example Vendor"), ("name", "Example Gateway"), ("which", "one"), ("release", "7.3"), ("cpe", cpe)];
        piece.writer.post(&products, &new).await.must(303);
        piece.out().await;
        let anybody = house.visitor();
        let first = anybody.get(path).await.must(200);
        for words in [cpe, "Attack from: the network", "Rights that the attacker needs first: none", "Effect on confidentiality, of systems behind it: none"] {
            assert!(first.shows(words), "on {}: {words} in {}", house.on, first.words());
        }
        assert!(!first.shows("What is new in the newest version"), "on {}", house.on);
        assert!(anybody.get(&format!("{path}?lang=es")).await.must(200).shows("Se ataca desde: la red"), "on {}", house.on);
        // A version for everybody, a draft of the next, and words that nobody was to read.
        press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
        piece.words("en", "Example Gateway runs commands", "Somebody sends commands by mail.").await.must(303);
        let facts =
            [("label", "CLEAR"), ("severity", "critical"), ("keys", "CVE-2026-30011"), ("note", "By mail"), ("references", "Vendor https://vendor.example/7")];
        piece.facts(&facts).await.must(303);
        piece.out().await;
        press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
        piece.words("en", "Zephyrgate runs commands", "Nobody knows yet.").await.must(303);
        let second = anybody.get(path).await.must(200);
        for words in ["What is new in the newest version", "How bad it is"] {
            assert!(second.shows(words), "on {}: {words} in {}", house.on, second.words());
        }
        assert!(second.text().contains("<ins>mail</ins>"), "on {}: {}", house.on, second.text());
        // Who takes a word out has it taken out.
        assert!(!second.text().contains("<del>") && !second.shows("to port 7547 of home routers"), "on {}: {}", house.on, second.text());
        assert!(!second.text().contains("Zephyrgate") && !second.shows("Nobody knows yet."), "on {}", house.on);
        let text = anybody.get(&second.links(&format!("{path}.txt"))[0]).await.must(200);
        assert!(text.header("content-type").is_some_and(|kind| kind.starts_with("text/plain")), "on {}", house.on);
        let gpg = crate::house::Gpg::empty();
        gpg.must(&["--import"], key.certificate().armored().unwrap().as_bytes());
        let said = String::from_utf8(gpg.must(&["--decrypt"], text.text().as_bytes())).unwrap();
        for words in ["TLP:CLEAR", "Somebody sends commands by mail.", "MLT-AD-2026-0001, version 1.1.0", "Install 7.2.4."] {
            assert!(said.contains(words), "on {}: {words} in {said}", house.on);
        }
        assert!(!said.contains("Zephyrgate"), "on {}", house.on);
        anybody.get("/advisories/MLT-AD-2026-0002.txt").await.must(404);
        // What no longer holds gives no advice, not even of before.
        press(&piece.lead, &piece.at, "withdrawal", &[("why", "It was another product")]).await.must(303);
        let ended = anybody.get(path).await.must(200);
        assert!(!ended.shows("What is new in the newest version"), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_for_constituents_stands_in_no_comparison_for_everybody() {
    let house = House::sqlite().await;
    let piece = technical(&house, "AMBER").await;
    piece.words("en", "Example Gateway runs commands", "Harbour Mills was hit.").await.must(303);
    piece.approved().await;
    press(&piece.lead, &piece.at, "release", &[]).await.must(303);
    press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
    piece.words("en", "Example Gateway runs commands", "Somebody was hit.").await.must(303);
    let facts =
        [("label", "CLEAR"), ("severity", "high"), ("keys", "CVE-2026-30011"), ("note", "For everybody"), ("references", "Vendor https://vendor.example/7")];
    piece.facts(&facts).await.must(303);
    let path = piece.out().await;
    let page = house.visitor().get(&path).await.must(200);
    assert!(page.shows("Somebody was hit.") && !page.text().contains("Harbour Mills") && !page.shows("What is new in the newest version"), "{}", page.words());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_that_was_mistyped_is_called_right_and_offered_so() {
    for house in House::both().await {
        let piece = technical(&house, "CLEAR").await;
        let products = format!("{}/products", piece.at);
        let add = async |vendor: &str, name: &str, more: (&str, &str)| {
            let seen = piece.writer.get(&products).await.must(200).input("seen");
            piece.writer.post(&products, &[("seen", &seen), ("vendor", vendor), ("name", name), ("which", "all"), more]).await.must(303);
        };
        let purl = "pkg:npm/example-gateway@7.3.0";
        add("Example Vendor", "Example Gatway", ("purl", purl)).await;
        add("Exmaple Vendor", "Example Router", ("cpe", "")).await;
        piece.out().await;
        let catalogue = "/publishing/products";
        let row = async |name: &str| {
            let page = piece.lead.get(catalogue).await.must(200).text();
            let row = page.split("<tr>").find(|row| row.contains(&format!(">{name}<"))).map(str::to_owned);
            row.and_then(|row| row.split("?product=").nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned))
        };
        let typo = row("Example Gatway").await.expect("a mistyped one");
        let form = piece.lead.get(&format!("{catalogue}?product={typo}")).await.must(200);
        assert_eq!(form.input("purl"), purl, "on {}", house.on);
        let mend = async |id: &str, vendor: &str, name: &str, purl: &str| {
            piece.writer.post(&format!("{catalogue}/{id}"), &[("vendor", vendor), ("name", name), ("purl", purl)]).await
        };
        assert!(mend(&typo, "Example Vendor", "", "").await.must(422).shows("Write who makes it"), "on {}", house.on);
        assert!(mend(&typo, "Example Vendor", "Example Gateway", "npm/x").await.must(422).shows("no package URL"), "on {}", house.on);
        // Another that is there already: they are one. One that is not: it is called so.
        mend(&typo, "Example Vendor", "Example Gateway", purl).await.must(303);
        let other = row("Example Router").await.unwrap();
        mend(&other, "Example Vendor", "Example Router", "").await.must(303);
        piece.lead.get(&format!("{catalogue}?product={typo}")).await.must(404);
        // What left under the wrong name goes on, and brings it back to nobody.
        press(&piece.lead, &piece.at, "revision", &[]).await.must(303);
        let facts = [("label", "CLEAR"), ("severity", "high"), ("keys", "CVE-2026-30011"), ("note", "More"), ("references", "Vendor https://vendor.example/7")];
        piece.facts(&facts).await.must(303);
        piece.out().await;
        let begun = begin(&house, "advisory", "Another one").await;
        let offered = begun.writer.get(&format!("{}/products", begun.at)).await.must(200).text();
        let lists = offered.split("</datalist>").take(4).collect::<String>();
        assert!(!lists.contains("Gatway") && !lists.contains("Exmaple"), "on {}: {lists}", house.on);
        assert_eq!((lists.matches("value=\"Example Gateway\"").count(), lists.matches(purl).count()), (1, 1), "on {}: {lists}", house.on);
        assert!(house.done().await.contains(&"product.mended".to_owned()), "on {}", house.on);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_looked_at_beside_its_fields_and_saved_by_nobody() {
    let house = House::sqlite().await;
    let piece = technical(&house, "CLEAR").await;
    let (form, facts) = (format!("{}/vulnerabilities/0", piece.at), format!("{}/facts", piece.at));
    let (seen, of_facts) = (piece.writer.get(&form).await.must(200).input("seen"), piece.writer.get(&facts).await.must(200).input("seen"));
    let looked = piece.writer.post(&form, &[("seen", &seen), ("cve", "CVE-1"), ("fix_url", "https://vendor.example"), ("look", "yes")]).await.must(200);
    assert_eq!((looked.links("#cve").len(), looked.links("#fix").len(), looked.input("cve")), (1, 1, "CVE-1".to_owned()), "{}", looked.words());
    // Nothing of that is kept: what the document lacks is said of it as it would be.
    let looked = piece.writer.post(&form, &[("seen", &seen), ("cve", "CVE-2026-30019"), ("look", "yes")]).await.must(200);
    assert!(looked.shows("Say what CVE-2026-30019 is: in its form, What it is. (CSAF 6.1.27.5)"), "{}", looked.words());
    let bad = [("seen", of_facts.as_str()), ("label", "CLEAR"), ("keys", "nonsense"), ("look", "yes")];
    let looked = piece.writer.post(&facts, &bad).await.must(200);
    assert_eq!((looked.links("#keys").len(), looked.links("#severity").len()), (1, 1), "{}", looked.words());
    let good = [("seen", of_facts.as_str()), ("label", "CLEAR"), ("severity", "high"), ("keys", "CVE-2026-30011"), ("look", "yes")];
    let looked = piece.writer.post(&facts, &good).await.must(200);
    assert!(looked.shows("Nothing stands against it as it is typed"), "{}", looked.words());
    let kept = piece.writer.get(&form).await.must(200);
    assert_eq!((kept.input("cve"), kept.input("seen")), ("CVE-2026-30011".to_owned(), seen), "nothing was saved");

    // The script asks the same, a moment after somebody typed.
    let mut walk = crate::browser::Walk::begin(&house).await;
    walk.become_person(&piece.writer.cookie("session").expect("a session")).await;
    walk.go(&form).await;
    let told =
        "window.told = new Promise((done) => new MutationObserver(() => done('told')).observe(document.querySelector('#found'), { childList: true })); 0";
    walk.browser.evaluate(told).await;
    walk.browser.write("#cve", "CVE-1").await;
    assert_eq!(walk.browser.evaluate("window.told").await, "told");
    walk.must_show("“CVE-1” is no CVE id.").await;
    walk.look("vulnerability-looked-at", false).await;
    walk.end();
}
