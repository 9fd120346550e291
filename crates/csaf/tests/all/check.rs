//! The requirements, judged over what we build and over what was broken on purpose.

use crate::provider::{BASE, document, served, settings, signature, tree};
use csaf::check::{Answer, Outcome, Outside, Transport, Verdict, check, role};
use csaf::provider::{Body, Role, build};
use formats::label::Tlp;
use std::collections::BTreeMap;

type Site = BTreeMap<String, (Vec<u8>, Tlp)>;

/// Our site on the network, with what lies around the tree.
fn site() -> Site {
    let mut site = served(&tree());
    let security = format!("Contact: mailto:cert@csirt.example\nCSAF: {BASE}provider-metadata.json\nCSAF: {BASE}v2.1/provider-metadata.json\n");
    site.insert("https://csirt.example/.well-known/security.txt".to_owned(), (security.into_bytes(), Tlp::Clear));
    site
}

fn verdicts(site: &Site, url: &str, over: Transport) -> Vec<Verdict> {
    let mut fetch = |url: &str| {
        let listed = site.get(url).or_else(|| site.get(&format!("{url}index.html")));
        let answer = |status, body| Answer { status, redirects: 0, over, body };
        match listed {
            Some((_, label)) if *label > Tlp::Clear && over == Transport::Tls => Ok(answer(401, Vec::new())),
            Some((body, _)) => Ok(answer(200, body.clone())),
            None if over == Transport::Folder => Err("no such file".to_owned()),
            None => Ok(answer(404, Vec::new())),
        }
    };
    let mut verify = |bytes: &[u8], armored: &str, keys: &[String]| {
        if armored == signature(&Body::Here(bytes.to_vec())) && keys.len() == 1 { Ok(()) } else { Err("bad signature".to_owned()) }
    };
    let mut fingerprint = |_: &str| Ok("0123456789ABCDEF0123456789ABCDEF01234567".to_owned());
    check(url, &mut Outside { fetch: &mut fetch, verify: &mut verify, fingerprint: &mut fingerprint })
}

fn not_met(verdicts: &[Verdict]) -> Vec<u8> {
    verdicts.iter().filter(|verdict| matches!(verdict.outcome, Outcome::NotMet(_))).map(|verdict| verdict.number).collect()
}

fn shown(verdicts: &[Verdict]) -> String {
    verdicts.iter().map(|verdict| format!("{verdict}\n")).collect()
}

#[test]
fn what_we_build_fulfils_all_that_a_trusted_provider_owes() {
    for url in [format!("{BASE}provider-metadata.json"), format!("{BASE}v2.1/provider-metadata.json")] {
        let verdicts = verdicts(&site(), &url, Transport::Tls);
        // One of 8, 9 and 10 is needed; the record in DNS is not ours to build.
        assert_eq!(not_met(&verdicts), [10], "{}", shown(&verdicts));
        assert!(verdicts.iter().all(|verdict| !matches!(verdict.outcome, Outcome::Unjudged(_))), "{}", shown(&verdicts));
        assert_eq!(role(&verdicts), Some(Role::TrustedProvider));
    }
}

#[test]
fn a_folder_says_what_it_cannot_show() {
    let site = served(&tree());
    let verdicts = verdicts(&site, &format!("{BASE}provider-metadata.json"), Transport::Folder);
    let unjudged: Vec<u8> = verdicts.iter().filter(|verdict| matches!(verdict.outcome, Outcome::Unjudged(_))).map(|verdict| verdict.number).collect();
    assert_eq!(unjudged, [3, 5, 6, 8, 10], "{}", shown(&verdicts));
    assert_eq!(not_met(&verdicts), Vec::<u8>::new());
}

/// A change to the site, and the requirement that it breaks.
fn broken(number: u8, change: impl Fn(&mut Site)) {
    let mut site = site();
    change(&mut site);
    let verdicts = verdicts(&site, &format!("{BASE}provider-metadata.json"), Transport::Tls);
    assert!(not_met(&verdicts).contains(&number), "{number}: {}", shown(&verdicts));
}

fn replace(site: &mut Site, path: &str, from: &str, to: &str) {
    let (bytes, _) = site.get_mut(&format!("{BASE}{path}")).unwrap_or_else(|| panic!("{path}"));
    let text = String::from_utf8(bytes.clone()).unwrap();
    assert!(text.contains(from), "{path} has no {from}");
    *bytes = text.replace(from, to).into_bytes();
}

#[test]
fn each_requirement_can_be_missed() {
    let one = "white/2026/ex-2026-0001.json";
    let feed = "white/csaf-feed-tlp-white.json";
    broken(1, |site| replace(site, one, "\"vers:all/*\"", "\"\""));
    broken(2, |site| replace(site, one, "EX-2026-0001", "EX-2026-0009"));
    broken(3, |site| {
        replace(site, "provider-metadata.json", "https://csirt.example/.well-known/csaf/white/csaf-feed-tlp-white.json", "http://csirt.example/feed.json");
    });
    broken(4, |site| site.get_mut(&format!("{BASE}{one}")).unwrap().1 = Tlp::Green);
    broken(5, |site| site.values_mut().for_each(|(_, label)| *label = Tlp::Clear));
    broken(7, |site| replace(site, "provider-metadata.json", "csaf_trusted_provider", "csaf_best_provider"));
    broken(7, |site| replace(site, "provider-metadata.json", "\"WHITE\"", "\"CLEAR\""));
    broken(8, |site| drop(site.remove("https://csirt.example/.well-known/security.txt")));
    broken(9, |site| replace(site, "provider-metadata.json", "https://csirt.example\"", "\""));
    broken(11, |site| replace(site, one, "\"initial_release_date\": \"2026", "\"initial_release_date\": \"2025"));
    broken(12, |site| replace(site, "white/index.txt", "2026/ex-2026-0001.json\n", ""));
    broken(12, |site| replace(site, "white/index.txt", "ex-2026-0001", "ex-2026-0010"));
    broken(13, |site| replace(site, "white/changes.csv", "\"", ""));
    broken(13, |site| replace(site, "white/changes.csv", "2026-03-02T09:30:00Z", "2029-03-02T09:30:00Z"));
    broken(14, |site| drop(site.remove(&format!("{BASE}white/index.html"))));
    broken(15, |site| replace(site, feed, "\"term\": \"csaf\"", "\"term\": \"vex\""));
    broken(15, |site| replace(site, feed, "\"updated\": \"2026-03-02T09:30:00Z\"", "\"updated\": \"2026-03-03T09:30:00Z\""));
    broken(18, |site| replace(site, &format!("{one}.sha512"), "  ex", "0  ex"));
    broken(18, |site| {
        site.remove(&format!("{BASE}{one}.sha512"));
        site.remove(&format!("{BASE}{one}.sha256"));
    });
    broken(19, |site| drop(site.remove(&format!("{BASE}{one}.asc"))));
    broken(19, |site| replace(site, &format!("{one}.asc"), "-----BEGIN PGP SIGNATURE-----\n", "-----BEGIN PGP SIGNATURE-----\nx"));
    broken(20, |site| replace(site, "openpgp/0123456789ABCDEF0123456789ABCDEF01234567.asc", "PUBLIC", "PRIVATE"));
}

#[test]
fn redirects_and_missing_tls_are_seen() {
    let site = site();
    let mut redirected = |url: &str| {
        site.get(url).map_or_else(|| Err("404".to_owned()), |(body, _)| Ok(Answer { status: 200, redirects: 1, over: Transport::Plain, body: body.clone() }))
    };
    let outside =
        &mut Outside { fetch: &mut redirected, verify: &mut |_, _, _| Ok(()), fingerprint: &mut |_| Ok("0123456789ABCDEF0123456789ABCDEF01234567".to_owned()) };
    let verdicts = check(&format!("{BASE}provider-metadata.json"), outside);
    assert!([3, 6, 9].iter().all(|number| not_met(&verdicts).contains(number)), "{}", shown(&verdicts));
    assert_eq!(role(&verdicts), None);
}

#[test]
fn a_provider_without_metadata_or_with_nonsense_gets_verdicts() {
    for body in [&b"nonsense"[..], b"[]", b"{\"distributions\": [null, {\"rolie\": {\"feeds\": [7, {\"url\": \"ftp://x\"}]}}]}"] {
        let mut fetch = |_: &str| Ok(Answer { status: 200, redirects: 0, over: Transport::Tls, body: body.to_vec() });
        let outside = &mut Outside { fetch: &mut fetch, verify: &mut |_, _, _| Ok(()), fingerprint: &mut |_| Err("no key".to_owned()) };
        let verdicts = check("https://bad.example/provider-metadata.json", outside);
        assert_eq!(verdicts.len(), 20);
        assert!(not_met(&verdicts).contains(&7), "{}", shown(&verdicts));
    }
}

#[test]
fn an_unsigned_tree_is_a_provider_and_no_trusted_one() {
    let tree = build(&[document("EX-2026-0001", Tlp::Clear, 0)], &settings(), &mut |_, _| None).unwrap();
    let verdicts = verdicts(&served(&tree), &format!("{BASE}provider-metadata.json"), Transport::Folder);
    assert_eq!(not_met(&verdicts), [19], "{}", shown(&verdicts));
    assert_eq!(role(&verdicts), Some(Role::Provider));
}
