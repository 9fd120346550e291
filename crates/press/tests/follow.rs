//! What a newer version of somebody else's document leaves of what was made here of the one before.

use csaf::advisory::{Measure, Product, Release, Remediation, Score, Statuses, Threat, ThreatCategory, Vulnerability};
use formats::label::Tlp;
use press::follow::follow;
use press::{Content, Kind};

fn product(release: &str) -> Product {
    let (vendor, name) = ("Example Vendor".into(), "Example Gateway".into());
    Product { id: format!("P-{release}"), vendor, name, release: Release::Version(release.into()), cpe: None, purl: None }
}

/// An advisory of these releases, all of them hit.
fn advisory(releases: &[&str], words: &str) -> Content {
    let ids: Vec<String> = releases.iter().map(|release| format!("P-{release}")).collect();
    let mut content = Content::new(Kind::Advisory, "en", Tlp::Clear);
    content.products = releases.iter().copied().map(product).collect();
    content.vulnerabilities = vec![Vulnerability {
        cve: Some("CVE-2026-30011".into()),
        title: Some(words.into()),
        statuses: Statuses { known_affected: ids.clone(), ..Statuses::default() },
        scores: vec![Score { vector: "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into(), products: vec!["P-7.1".into()], source: None }],
        remediations: vec![
            Remediation { category: Measure::VendorFix, details: "Install 7.3.".into(), url: None, products: ids, date: None },
            Remediation { category: Measure::Workaround, details: "Unplug 7.1.".into(), url: None, products: vec!["P-7.1".into()], date: None },
        ],
        threats: vec![Threat { category: ThreatCategory::ExploitStatus, details: "Seen.".into(), products: Vec::new(), date: None }],
        ..Vulnerability::default()
    }];
    content
}

#[test]
fn a_product_that_is_theirs_no_more_is_gone_from_a_vulnerability_that_stays_ours() {
    let (before, now) = (advisory(&["7.1", "7.2"], "Commands"), advisory(&["7.2"], "Commands"));
    let (content, kept) = follow(&before, &now, &advisory(&["7.1", "7.2"], "Commands in attachments, as we call it"));
    assert_eq!(kept, ["vulnerability CVE-2026-30011"]);
    assert_eq!(content.products, [product("7.2")]);
    let one = content.vulnerabilities.first().expect("it is there");
    assert_eq!(one.statuses.known_affected, ["P-7.2"]);
    let helps: Vec<(&str, &[String])> = one.remediations.iter().map(|help| (help.details.as_str(), help.products.as_slice())).collect();
    // What was of that product alone would be of all of them without it.
    assert_eq!(helps, [("Install 7.3.", &["P-7.2".to_owned()][..])]);
    assert!(one.scores.is_empty());
    // What was said of no product in particular still is.
    assert_eq!(one.threats.len(), 1);
}
