//! What is written is valid, whatever was to be written.

use crate::given::{complete, everything, information, product};
use csaf::advisory::{Advisory, Cwe, Epss, PublisherCategory, Release, Score};
use csaf::validate::{self, Preset, Report};
use csaf::write::{self, Edition, Severity};
use formats::label::Tlp;
use proptest::prelude::*;
use serde_json::Value;

/// No finding of the schema or a mandatory test, on the bytes as others get them.
pub fn valid(advisory: &Advisory, edition: Edition) -> Report {
    let bytes = write::bytes(advisory, edition);
    let report = validate::check(&bytes, Preset::Basic);
    let found: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
    assert!(report.is_valid(), "{edition}: {found:#?}\n{}", String::from_utf8_lossy(&bytes));
    report
}

fn at(advisory: &Advisory, edition: Edition, pointer: &str) -> Value {
    write::document(advisory, edition).pointer(pointer).cloned().unwrap_or_default()
}

#[test]
fn an_advisory_with_everything_is_valid_in_both_editions() {
    for advisory in [everything(), information()] {
        let report = valid(&advisory, Edition::V20);
        assert_eq!(report.not_implemented, Vec::<String>::new());
        valid(&advisory, Edition::V21);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_complete_advisory_is_valid_in_both_editions(advisory in complete()) {
        for edition in Edition::ALL {
            valid(&advisory, edition);
            prop_assert_eq!(write::bytes(&advisory, edition), write::bytes(&advisory.clone(), edition));
        }
        let kept = serde_json::to_string(&advisory).unwrap();
        prop_assert_eq!(serde_json::from_str::<Advisory>(&kept).unwrap(), advisory);
    }
}

#[test]
fn the_tree_goes_from_vendor_to_product_to_release() {
    let tree = at(&everything(), Edition::V20, "/product_tree/branches/0");
    assert_eq!(tree["name"], "Example Networks");
    let names: Vec<&str> = tree["branches"].as_array().unwrap().iter().map(|branch| branch["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Core Router", "Edge Router"]);
    assert_eq!(tree["branches"][0]["branches"][0]["name"], "vers:all/*");
    assert_eq!(tree["branches"][1]["branches"][0]["category"], "product_version_range");
    assert_eq!(tree["branches"][1]["branches"][1]["product"]["name"], "Example Networks Edge Router 4.2.1");
    let pointers = write::leaves(&everything());
    for (pointer, index) in pointers {
        assert_eq!(at(&everything(), Edition::V21, &format!("{pointer}/product/product_id")), everything().products[index].id);
    }
}

#[test]
fn the_editions_differ_where_the_standard_says_so() {
    let mut advisory = everything();
    advisory.publisher.category = PublisherCategory::Multiplier;
    let (old, new) = (write::document(&advisory, Edition::V20), write::document(&advisory, Edition::V21));
    assert_eq!((&old["$schema"], &new["$schema"]), (&Value::Null, &Value::from(Edition::V21.schema())));
    assert_eq!(old.pointer("/document/distribution/tlp/label").unwrap(), "WHITE");
    assert_eq!(new.pointer("/document/distribution/tlp/label").unwrap(), "CLEAR");
    assert_eq!(old.pointer("/document/publisher/category").unwrap(), "other");
    assert_eq!(new.pointer("/document/publisher/category").unwrap(), "multiplier");
    let (old, new) = (&old["vulnerabilities"][0], &new["vulnerabilities"][0]);
    assert_eq!(old["cwe"]["id"], "CWE-787");
    assert_eq!(new["cwes"][1]["version"], "4.17");
    assert_eq!(old["scores"][0]["cvss_v3"]["baseScore"], 9.8);
    assert_eq!(new["metrics"][0]["content"]["cvss_v4"]["baseSeverity"], "CRITICAL");
    assert_eq!(new["metrics"][1]["content"]["epss"]["probability"], "0.94210");
    assert_eq!(old["release_date"], new["disclosure_date"]);
    assert_eq!((&old["metrics"], &new["scores"]), (&Value::Null, &Value::Null));
    // What 2.0 has no property for is still told.
    let notes = old["notes"].to_string();
    assert!(notes.contains("CVSS:4.0/AV:N") && notes.contains("CWE-306"), "{notes}");
    let threats = old["threats"].to_string();
    assert!(threats.contains("exploit_status") && threats.contains("2026-03-23"), "{threats}");
}

#[test]
fn a_label_that_an_edition_lacks_keeps_its_limit() {
    let mut advisory = everything();
    advisory.tlp = Tlp::AmberStrict;
    advisory.terms = Some("Only by phone.".to_owned());
    let old = at(&advisory, Edition::V20, "/document/distribution");
    assert_eq!((&old["tlp"]["label"], &old["text"]), (&Value::from("AMBER"), &Value::from("TLP:AMBER+STRICT\nOnly by phone.")));
    assert_eq!(at(&advisory, Edition::V21, "/document/distribution/tlp/label"), "AMBER+STRICT");
    valid(&advisory, Edition::V20);
    valid(&advisory, Edition::V21);
}

#[test]
fn keys_are_sorted() {
    fn sorted(value: &Value) {
        match value {
            Value::Object(fields) => {
                assert!(fields.keys().is_sorted(), "{:?}", fields.keys().collect::<Vec<_>>());
                fields.values().for_each(sorted);
            }
            Value::Array(items) => items.iter().for_each(sorted),
            _ => {}
        }
    }
    for edition in Edition::ALL {
        let bytes = write::bytes(&everything(), edition);
        sorted(&serde_json::from_slice(&bytes).unwrap());
        assert!(bytes.ends_with(b"}\n"));
    }
}

#[test]
fn a_vector_becomes_its_score() {
    let table = [
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", Some((98, Severity::Critical))),
        ("CVSS:3.0/AV:L/AC:H/PR:H/UI:R/S:U/C:N/I:N/A:N", Some((0, Severity::None))),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", Some((93, Severity::Critical))),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U", Some((81, Severity::High))),
        ("CVSS:3.1/AV:N", None),
        ("AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", None),
        ("CVSS:3.1", None),
        ("", None),
    ];
    for (vector, expect) in table {
        assert_eq!(write::rating(vector), expect, "{vector}");
    }
}

#[test]
fn wrong_content_is_written_and_then_found() {
    let mut advisory = everything();
    advisory.vulnerabilities[0].scores = vec![Score { vector: "CVSS:3.1/AV:X".to_owned(), products: Vec::new(), source: None }];
    advisory.vulnerabilities[0].statuses.known_affected.push("P-9999".to_owned());
    advisory.vulnerabilities[0].cwes[0] = Cwe { id: "CWE-787".to_owned(), name: "Wrong name".to_owned(), version: "4.17".to_owned() };
    advisory.products[1].release = Release::Version("before 4.2".to_owned());
    let report = validate::check(&write::bytes(&advisory, Edition::V20), Preset::Basic);
    let tests: Vec<&str> = report.blocking().map(|finding| finding.test.as_str()).collect();
    for test in ["6.1.1", "6.1.8", "6.1.11", "6.1.31"] {
        assert!(tests.contains(&test) || tests.contains(&"schema"), "{test} not in {tests:?}");
    }
}

#[test]
fn metrics_of_one_source_stand_together() {
    let mut advisory = everything();
    let one = &mut advisory.vulnerabilities[0];
    one.scores[1].source = Some("https://epss.example/data".to_owned());
    one.epss = Some(Epss {
        probability: "1".to_owned(),
        percentile: ".5".to_owned(),
        date: "2026-03-02".parse().unwrap(),
        source: "https://epss.example/data".to_owned(),
    });
    let metrics = at(&advisory, Edition::V21, "/vulnerabilities/0/metrics");
    assert_eq!(metrics.as_array().unwrap().len(), 2);
    assert_eq!(metrics[1]["content"]["epss"]["probability"], "1.0");
    assert_eq!(metrics[1]["content"]["epss"]["percentile"], "0.5");
    assert!(metrics[1]["content"]["cvss_v4"].is_object());
    valid(&advisory, Edition::V21);
}

/// Quick enough to be made while somebody types, also for the largest advisories that vendors write.
#[test]
fn thousands_of_products_are_written_in_linear_time() {
    let mut large = everything();
    let ids: Vec<String> = (0..20_000).map(|n| format!("X-{n}")).collect();
    large.products.extend(ids.iter().map(|id| product(id, "Switch", Release::Version(id.clone()))));
    large.vulnerabilities[0].statuses.known_affected.extend(ids);
    // What looks at every pair takes 400 million steps here, and minutes.
    assert!(write::bytes(&large, Edition::V21).len() > 1_000_000);
    assert_eq!(csaf::version::difference(&large, &large).changes, []);
    assert_eq!(csaf::version::difference(&everything(), &large).changes.len(), 40_000);
}
