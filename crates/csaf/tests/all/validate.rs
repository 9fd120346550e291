//! Reports: on anything that comes in, with pointers that lead somewhere.

use crate::given::{complete, everything};
use csaf::advisory::{Original, PublisherCategory};
use csaf::validate::{self, Group, Preset};
use csaf::write::{self, Edition};
use proptest::prelude::*;

fn first(bytes: &[u8]) -> String {
    let report = validate::check(bytes, Preset::Basic);
    assert!(!report.is_valid());
    report.findings[0].to_string()
}

#[test]
fn what_cannot_be_read_is_a_finding_with_its_place() {
    let table: [(&[u8], &str); 8] = [
        (b"", "schema /: EOF"),
        (b"{", "schema /: EOF"),
        (b"\xff", "schema /: expected value"),
        (b"{\"document\": {\"title\": tru}}", "schema /document/title: expected ident"),
        (b"{\"document\": {\"title\": \"a\", \"title\": \"b\"}}", "schema /document/title: this key stands twice"),
        (b"{}", "schema /document/csaf_version: 2.0 or 2.1 is expected, nothing stands there"),
        (b"{\"document\": {\"csaf_version\": \"3.0\"}}", "2.0 or 2.1 is expected, \"3.0\" stands there"),
        (b"[1] 2", "schema /: trailing"),
    ];
    for (bytes, expect) in table {
        let found = first(bytes);
        assert!(found.contains(expect) && !found.contains('\n'), "{found}");
    }
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(first(deep.as_bytes()).contains("lie in each other"), "{}", first(deep.as_bytes()));
    let wide = format!("[{}1]", "1,".repeat(csaf::json::VALUES));
    assert!(first(wide.as_bytes()).contains("values"));
    let large = vec![b' '; csaf::json::BYTES + 1];
    assert!(first(&large).contains("bytes"));
}

#[test]
fn a_hostile_key_does_not_fill_a_line() {
    let found = first(format!("{{\"{}\\n/~\": nul}}", "k".repeat(100_000)).as_bytes());
    assert!(found.len() < 400 && !found.contains('\n'), "{found}");
}

#[test]
fn one_test_is_asked_alone() {
    let mut advisory = everything();
    advisory.vulnerabilities[0].statuses.known_affected.push("P-9999".to_owned());
    let bytes = write::bytes(&advisory, Edition::V20);
    let report = validate::test(&bytes, "6.1.1");
    assert!(report.findings.iter().all(|found| (found.test.as_str(), found.group) == ("6.1.1", Group::Mandatory)));
    assert!(report.findings.iter().any(|found| found.pointer == "/vulnerabilities/0/product_status/known_affected/1"), "{report:?}");
    assert!(validate::test(&bytes, "6.1.2").findings.is_empty());
    assert_eq!(validate::test(&bytes, "6.1.99").unknown, ["6.1.99"]);
    assert_eq!(validate::test(&bytes, "6.2.19").not_implemented, ["6.2.19"]);
    assert!(validate::test(&bytes, "schema").findings.is_empty());
}

#[test]
fn a_document_out_of_form_is_not_called_valid_by_the_tests_that_could_not_run() {
    let mut document = write::document(&everything(), Edition::V20);
    document["document"]["tracking"]["version"] = 7.into();
    let bytes = document.to_string().into_bytes();
    assert!(!validate::check(&bytes, Preset::Basic).is_valid());
    let report = validate::test(&bytes, "6.1.1");
    assert!(!report.is_valid() && report.skipped == ["6.1.1"], "{report:?}");
    assert!(report.findings.iter().any(|finding| finding.pointer == "/document/tracking/version"), "{report:?}");
}

#[test]
fn a_finding_leads_to_the_field_that_the_author_filled_in() {
    let mut advisory = everything();
    advisory.vulnerabilities[0].statuses.known_affected.push("P-9999".to_owned());
    advisory.products[2].id = "P-0001".to_owned();
    advisory.revisions[0].number = "0.9.0".to_owned();
    advisory.vulnerabilities[0].cwes[0].name = "Wrong".to_owned();
    for edition in Edition::ALL {
        let report = validate::advisory(&advisory, edition, Preset::Basic);
        let field = |test: &str| {
            let fields: Vec<_> = report.findings.iter().filter(|finding| finding.test == test).filter_map(|finding| finding.field.as_deref()).collect();
            assert!(!fields.is_empty(), "{test}: {:#?}", report.findings);
            fields
        };
        assert!(field("6.1.1").contains(&"/vulnerabilities/0/statuses/known_affected/1"));
        assert!(field("6.1.2").iter().all(|field| field.starts_with("/products/")), "{:?}", field("6.1.2"));
        assert!(field("6.1.11")[0].starts_with("/vulnerabilities/0/cwes/0"));
        let model = serde_json::to_value(&advisory).unwrap();
        for field in report.findings.iter().filter_map(|finding| finding.field.as_deref()) {
            assert!(model.pointer(field).is_some(), "{field} is no field");
        }
    }
}

/// A translation and a withdrawal have a first reference and a first note that the author did not write.
#[test]
fn what_the_writer_puts_first_does_not_move_the_fields() {
    let mut advisory = everything();
    let reference = crate::given::link("Original", "https://csirt.example/o.json");
    advisory.original = Some(Original { id: "EX-1".to_owned(), language: "fr".to_owned(), version: "1".to_owned(), reference });
    advisory.publisher.category = PublisherCategory::Translator;
    advisory.references[1].url = "not a url".to_owned();
    let report = validate::advisory(&advisory, Edition::V20, Preset::Schema);
    let found = &report.findings[0];
    assert_eq!((found.pointer.as_str(), found.field.as_deref()), ("/document/references/2/url", Some("/references/1/url")), "{report:?}");
}

#[test]
fn the_presets_contain_each_other() {
    let bytes = write::bytes(&everything(), Edition::V20);
    let count = |preset| validate::check(&bytes, preset).findings.len();
    assert!(count(Preset::Schema) <= count(Preset::Basic) && count(Preset::Basic) <= count(Preset::Extended));
    assert!(count(Preset::Extended) <= count(Preset::Full));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Valid documents with one value replaced: never a panic, and always one line.
    #[test]
    fn a_damaged_document_gets_a_report(advisory in complete(), at in any::<prop::sample::Index>(), by in prop_oneof![Just("null"), Just("-1"), Just("\"\""), Just("[[]]"), Just("{}"), Just("1e400")]) {
        let text = String::from_utf8(write::bytes(&advisory, Edition::V20)).unwrap();
        let values: Vec<usize> = text.match_indices(": ").map(|(at, _)| at + 2).collect();
        let start = values[at.index(values.len())];
        let end = start + text[start..].find('\n').unwrap();
        let comma = if text[start..end].ends_with(',') { "," } else { "" };
        let damaged = format!("{}{by}{comma}{}", &text[..start], &text[end..]);
        let report = validate::check(damaged.as_bytes(), Preset::Full);
        for finding in report.findings {
            prop_assert!(!finding.to_string().contains('\n'));
        }
    }

    #[test]
    fn any_bytes_get_a_report(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!validate::check(&bytes, Preset::Basic).is_valid());
    }
}
