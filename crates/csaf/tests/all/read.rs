//! Documents of others: read flat, and passed on.

use crate::given::{at, complete, everything, publisher};
use csaf::advisory::{Revision, Status};
use csaf::read::{Error, Republication, read, republish};
use csaf::validate::{self, Preset};
use csaf::write::{self, Edition};
use formats::label::Tlp;
use proptest::prelude::*;
use serde_json::{Value, json};

#[test]
fn what_was_written_is_read_flat() {
    for edition in Edition::ALL {
        let (summary, problems) = read(&write::bytes(&everything(), edition)).unwrap();
        assert_eq!(problems, []);
        assert_eq!((summary.edition.as_str(), summary.id.as_str(), summary.tlp), (edition.as_str(), "EX-2026-0001", Some(Tlp::Clear)));
        assert_eq!((summary.publisher.as_str(), summary.version.as_str(), summary.status.as_str()), ("CSIRT Exemplia", "1.1.0", "final"));
        assert_eq!(summary.summary.as_deref(), Some("Update the routers now."));
        assert_eq!(summary.current_release_date, Some(at("2026-03-02T09:30:00Z")));
        let fixed = summary.products.iter().find(|product| product.id == "P-0002").unwrap();
        assert_eq!(
            (fixed.vendor.as_deref(), fixed.product.as_deref(), fixed.version.as_deref()),
            (Some("Example Networks"), Some("Edge Router"), Some("4.2.1"))
        );
        assert_eq!(fixed.purls, ["pkg:generic/example-networks/edge-router@4.2.1"]);
        let one = &summary.vulnerabilities[0];
        assert_eq!(one.cve.as_deref(), Some("CVE-2026-10001"));
        assert_eq!(one.statuses["known_affected"], ["P-0001"]);
        assert!(one.scores.iter().any(|score| score.vector.starts_with("CVSS:3.1/") && score.products == ["P-0001"]));
    }
}

#[test]
fn what_is_out_of_form_is_left_out_and_told() {
    let document = json!({
        "document": {
            "title": "A <script>alert(1)</script>", "csaf_version": "2.0", "category": "csaf_base",
            "distribution": {"tlp": {"label": "PINK"}},
            "references": [{"summary": "x", "url": "javascript:alert(1)"}, {"summary": "y", "url": "https://vendor.example/"}],
            "tracking": {"id": "X-1", "version": 7, "initial_release_date": "yesterday", "revision_history": {"number": "1"}},
        },
        "product_tree": {"relationships": [{"full_product_name": {"name": "A on B", "product_id": "R-1"}}], "branches": [7, {"category": "vendor"}]},
        "vulnerabilities": [{"product_status": {"fixed": ["P", 3]}}, null, {"cve": ["CVE-2026-10001"]}],
    });
    let (summary, problems) = read(document.to_string().as_bytes()).unwrap();
    let told: Vec<&str> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
    for pointer in [
        "/document/publisher/name",
        "/document/tracking/version",
        "/document/tracking/initial_release_date",
        "/document/distribution/tlp/label",
        "/document/references/0/url",
    ] {
        assert!(told.contains(&pointer), "{pointer} not in {told:?}");
    }
    assert_eq!((summary.tlp, summary.references.len(), summary.products.len()), (None, 1, 1));
    assert_eq!(summary.vulnerabilities[0].statuses["fixed"], ["P"]);
    assert_eq!(summary.title, "A <script>alert(1)</script>");
    assert_eq!(read(b"{\"a\": [1, nul]}").unwrap_err().pointer, "/a/1");
}

fn republication(id: Option<&str>) -> Republication {
    Republication {
        publisher: publisher(),
        id: id.map(str::to_owned),
        original: "https://vendor.example/csaf/ex-2026-0001.json".to_owned(),
        words: "The vendor's advisory".to_owned(),
        revisions: vec![Revision { number: "1".to_owned(), date: at("2026-05-01T08:00:00Z"), summary: "Republished as the vendor's version 1.1.0".to_owned() }],
        status: Status::Final,
    }
}

#[test]
fn a_republished_document_has_its_own_history_and_dates() {
    let now = at("2026-05-01T08:00:00Z");
    for edition in Edition::ALL {
        let original = write::bytes(&everything(), edition);
        let ours = republish(&original, &republication(Some("EXC-2026-7")), now).unwrap();
        let report = validate::check(&ours, Preset::Basic);
        assert!(report.is_valid(), "{:#?}", report.findings);
        let document: Value = serde_json::from_slice(&ours).unwrap();
        let head = &document["document"];
        assert_eq!(head["tracking"]["current_release_date"], "2026-05-01T08:00:00Z");
        assert_eq!(head["tracking"]["initial_release_date"], "2026-05-01T08:00:00Z");
        assert_eq!(head["tracking"]["revision_history"].as_array().unwrap().len(), 1);
        assert_eq!(head["tracking"]["aliases"], json!(["EX-C-17", "EX-2026-0001"]));
        assert_eq!(head["publisher"]["category"], if edition == Edition::V20 { "other" } else { "multiplier" });
        assert_eq!(head["references"][0]["url"], "https://vendor.example/csaf/ex-2026-0001.json");
        assert!(!head["references"].to_string().contains("\"self\""));
        let before: Value = serde_json::from_slice(&original).unwrap();
        assert_eq!((&document["vulnerabilities"], &document["product_tree"]), (&before["vulnerabilities"], &before["product_tree"]));
        let kept = republish(&original, &republication(None), now).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&kept).unwrap()["document"]["tracking"]["id"], "EX-2026-0001");
    }
}

#[test]
fn what_is_no_document_is_not_republished() {
    let now = at("2026-05-01T08:00:00Z");
    assert!(matches!(republish(b"{", &republication(None), now), Err(Error::Broken(_))));
    assert_eq!(republish(b"{}", &republication(None), now), Err(Error::Edition));
    assert_eq!(republish(b"{\"document\": {\"csaf_version\": \"2.0\"}}", &republication(None), now), Err(Error::Part("/document/tracking")));
    let mut without = republication(None);
    without.revisions.clear();
    assert_eq!(republish(&write::bytes(&everything(), Edition::V20), &without, now), Err(Error::History));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_complete_is_read_and_republished(advisory in complete()) {
        for edition in Edition::ALL {
            let bytes = write::bytes(&advisory, edition);
            let (summary, problems) = read(&bytes).unwrap();
            prop_assert_eq!(problems, vec![]);
            prop_assert_eq!(summary.products.len(), advisory.products.len());
            prop_assert_eq!(summary.vulnerabilities.len(), advisory.vulnerabilities.len());
            let ours = republish(&bytes, &republication(Some("EXC-2026-7")), at("2026-12-01T08:00:00Z")).unwrap();
            let report = validate::check(&ours, Preset::Basic);
            prop_assert!(report.is_valid(), "{:#?}", report.findings);
        }
    }

    #[test]
    fn anything_at_all_is_read_without_a_fault(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes);
    }
}
