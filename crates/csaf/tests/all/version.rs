//! The numbers of versions, and what makes them move.

use crate::given::{complete, everything, link, product};
use csaf::advisory::{Advisory, Release, Status};
use csaf::version::{Error, Level, Scheme, difference, next, precedence};
use proptest::prelude::*;
use std::cmp::Ordering;

/// Scheme, newest number, whether it is released, what changed, and what comes of it.
type Step = (Scheme, Option<&'static str>, bool, Level, Result<&'static str, Error>);

#[test]
fn the_next_number_follows_from_the_level() {
    use Level::{Major, Minor, None as Nothing, Patch};
    use Scheme::{Integer, Semantic};
    let table: &[Step] = &[
        (Integer, None, false, Nothing, Ok("0")),
        (Integer, None, true, Nothing, Ok("1")),
        (Integer, Some("0"), false, Major, Ok("0")),
        (Integer, Some("0"), true, Nothing, Ok("1")),
        (Integer, Some("4"), true, Patch, Ok("5")),
        (Integer, Some("4"), false, Patch, Ok("5")),
        (Integer, Some("4"), true, Nothing, Err(Error::Nothing)),
        (Integer, Some("1.0.0"), true, Patch, Err(Error::Scheme("1.0.0".to_owned()))),
        (Semantic, None, false, Nothing, Ok("0.1.0")),
        (Semantic, None, true, Nothing, Ok("1.0.0")),
        (Semantic, Some("0.1.0"), false, Major, Ok("0.2.0")),
        (Semantic, Some("0.1.0"), false, Minor, Ok("0.1.1")),
        (Semantic, Some("0.1.7"), false, Patch, Ok("0.1.8")),
        (Semantic, Some("0.9.4"), true, Nothing, Ok("1.0.0")),
        (Semantic, Some("1.4.3"), true, Major, Ok("2.0.0")),
        (Semantic, Some("1.4.3"), true, Minor, Ok("1.5.0")),
        (Semantic, Some("1.4.3"), true, Patch, Ok("1.4.4")),
        (Semantic, Some("1.9.0+21AF26D3"), true, Minor, Ok("1.10.0")),
        (Semantic, Some("1.4.3"), true, Nothing, Err(Error::Nothing)),
        (Semantic, Some("7"), true, Patch, Err(Error::Scheme("7".to_owned()))),
        (Semantic, Some("01.0.0"), true, Patch, Err(Error::Number("01.0.0".to_owned()))),
        (Integer, Some("18446744073709551615"), true, Patch, Err(Error::Full("18446744073709551615".to_owned()))),
    ];
    for (scheme, last, released, level, expect) in table {
        assert_eq!(next(*scheme, *last, *released, *level), expect.clone().map(str::to_owned), "{scheme:?} {last:?} {released} {level}");
    }
}

#[test]
fn numbers_have_the_precedence_of_the_standard() {
    let rising =
        ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "2.0.0", "2.1.0", "2.1.1"];
    for pair in rising.windows(2) {
        assert_eq!(precedence(pair[0], pair[1]), Some(Ordering::Less), "{pair:?}");
        assert_eq!(precedence(pair[1], pair[0]), Some(Ordering::Greater), "{pair:?}");
    }
    assert_eq!(precedence("1.0.0+a", "1.0.0+b"), Some(Ordering::Equal));
    assert_eq!(precedence("9", "10"), Some(Ordering::Less));
    for bad in ["1.16.13.14-Cor", "1.0.0-x-y-z.–", "1.0.0+21AF26D3—-117B344092BD", "2.5.20+3f93da6b+7cc", "3.20.0-00", "", "-1", "1.0", "01"] {
        assert_eq!(Scheme::of(bad), None, "{bad}");
    }
}

/// What a change to the advisory weighs, and where it is said to be.
fn changed(change: impl Fn(&mut Advisory), level: Level, path: &str) {
    let was = everything();
    let mut is = was.clone();
    change(&mut is);
    let difference = difference(&was, &is);
    assert_eq!(difference.level, level, "{:#?}", difference.changes);
    assert!(difference.changes.iter().any(|change| change.path == path), "{path}: {:#?}", difference.changes);
}

type Edit = fn(&mut Advisory);

#[test]
fn what_needs_a_new_comparison_is_major() {
    let major: [(Edit, &str); 7] = [
        (|a| a.products.insert(0, product("P-0004", "Edge Router", Release::Version("3.0".to_owned()))), "/products/P-0004"),
        (|a| a.products[0].release = Release::Any, "/products/P-0001/release"),
        (|a| a.products[1].cpe = None, "/products/P-0002/cpe"),
        (|a| a.vulnerabilities.clear(), "/vulnerabilities/CVE-2026-10001"),
        (|a| a.vulnerabilities[0].statuses.last_affected.push("P-0001".to_owned()), "/vulnerabilities/CVE-2026-10001/statuses/last_affected/P-0001"),
        (|a| a.vulnerabilities[0].statuses.known_affected.clear(), "/vulnerabilities/CVE-2026-10001/statuses/known_affected/P-0001"),
        (|a| a.vulnerabilities[0].statuses.fixed.clear(), "/vulnerabilities/CVE-2026-10001/statuses/fixed/P-0002"),
    ];
    for (change, path) in major {
        changed(change, Level::Major, path);
    }
}

#[test]
fn other_content_is_minor_and_spelling_is_patch() {
    changed(|a| a.vulnerabilities[0].statuses.fixed.push("P-0003".to_owned()), Level::Minor, "/vulnerabilities/CVE-2026-10001/statuses/fixed/P-0003");
    changed(
        |a| a.vulnerabilities[0].scores[0].vector = "CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".to_owned(),
        Level::Minor,
        "/vulnerabilities/CVE-2026-10001/scores/CVSS:3.1/vector",
    );
    changed(|a| a.references.insert(0, link("New", "https://new.example/")), Level::Minor, "/references/https:~1~1new.example~1");
    changed(|a| a.vulnerabilities[0].epss = None, Level::Minor, "/vulnerabilities/CVE-2026-10001/epss");
    changed(|a| a.title = "Example Networks Edge Router: takeover with login".to_owned(), Level::Minor, "/title");
    changed(|a| a.title = "Example Networks Edge Router: takeovr without login".to_owned(), Level::Patch, "/title");
    changed(|a| a.status = Status::Interim, Level::Minor, "/status");
}

#[test]
fn history_dates_and_the_end_of_a_draft_are_no_change() {
    let mut was = everything();
    was.status = Status::Draft;
    let mut is = everything();
    is.revisions.clear();
    is.current_release_date = is.initial_release_date;
    assert_eq!(difference(&was, &is).level, Level::None);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_differs_from_itself_and_order_does_not_count_for_weight(a in complete(), b in complete()) {
        prop_assert_eq!(difference(&a, &a).level, Level::None);
        let (there, back) = (difference(&a, &b), difference(&b, &a));
        prop_assert_eq!(there.changes.len(), back.changes.len());
    }
}
