//! The standard's own test documents. They are not ours to keep here; `tests/outside.sh` fetches them and
//! sets `CSAF_KIT` to a folder with `20` and `21` in it. Without it these tests say so and pass.
//!
//! A document's name has its test and case: `…-6-1-27-04-12.json` is case 12 of test 6.1.27.4. Cases 11
//! to 19, 31 to 39 and so on must not be found fault with by that test, all others must.

use csaf::validate::{self, Group, Preset, Report};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How our verdicts agree with the kit's, for one group of tests.
#[derive(Default)]
struct Agreement {
    must: (usize, usize),
    must_not: (usize, usize),
    not_implemented: usize,
    wrong: Vec<String>,
}

fn kit(edition: &str) -> Option<PathBuf> {
    let Some(kit) = std::env::var_os("CSAF_KIT") else {
        eprintln!("left out: CSAF_KIT names no folder with the standard's test documents (tests/outside.sh fetches them)");
        return None;
    };
    Some(Path::new(&kit).join(edition))
}

/// The test, the number of the case and whether the test has to find something.
fn case(name: &str) -> Option<(String, bool)> {
    let numbers = name.strip_suffix(".json")?.split_once("-6-")?.1;
    let mut numbers: Vec<u32> = numbers.split('-').map(|number| number.parse().ok()).collect::<Option<_>>()?;
    let case = numbers.pop()?;
    let id = numbers.iter().fold("6".to_owned(), |id, number| format!("{id}.{number}"));
    Some((id, (case / 10) % 2 == 0))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.file_name().is_some_and(|name| case(&name.to_string_lossy()).is_some()) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Each document by its own test, and what the whole preset says of it.
fn agreement(edition: &str) -> Option<(BTreeMap<Group, Agreement>, Vec<String>)> {
    let mut groups: BTreeMap<Group, Agreement> = BTreeMap::new();
    let mut invalid_but_valid = Vec::new();
    for path in files(&kit(edition)?) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let Some((id, must)) = case(&name) else { continue };
        let bytes = std::fs::read(&path).unwrap();
        let report = validate::test(&bytes, &id);
        let group = groups.entry(Group::of(&id)).or_default();
        if !report.not_implemented.is_empty() || !report.unknown.is_empty() {
            group.not_implemented += 1;
            continue;
        }
        let found = report.findings.iter().any(|finding| finding.test == id) || !report.skipped.is_empty();
        let counted = if must { &mut group.must } else { &mut group.must_not };
        counted.1 += 1;
        if found == must {
            counted.0 += 1;
        } else {
            group.wrong.push(name.clone());
        }
        if Group::of(&id) == Group::Mandatory && check(&bytes).is_valid() == must {
            invalid_but_valid.push(name);
        }
    }
    Some((groups, invalid_but_valid))
}

fn check(bytes: &[u8]) -> Report {
    validate::check(bytes, Preset::Basic)
}

fn print(edition: &str, groups: &BTreeMap<Group, Agreement>) {
    for (group, a) in groups {
        println!(
            "CSAF {edition} {}: found {}/{} that must be found, none in {}/{} that must not; not implemented {}; wrong: {:?}",
            group.as_str(),
            a.must.0,
            a.must.1,
            a.must_not.0,
            a.must_not.1,
            a.not_implemented,
            a.wrong
        );
    }
}

#[test]
fn we_agree_with_the_test_cases_of_csaf_2_0() {
    let Some((groups, wrong_verdicts)) = agreement("20") else { return };
    print("2.0", &groups);
    let mandatory = &groups[&Group::Mandatory];
    assert_eq!((mandatory.must, mandatory.must_not, mandatory.not_implemented), ((87, 87), (60, 60), 0));
    assert_eq!(wrong_verdicts, Vec::<String>::new());
    assert!(groups.values().all(|group| group.wrong.is_empty()));
}

/// A draft, and a judge that follows it from behind: what agreed once has to agree always.
#[test]
fn we_agree_with_most_test_cases_of_csaf_2_1() {
    let Some((groups, wrong_verdicts)) = agreement("21") else { return };
    print("2.1", &groups);
    println!("CSAF 2.1 wrong verdicts of the whole preset: {wrong_verdicts:?}");
    let mandatory = &groups[&Group::Mandatory];
    assert!(mandatory.must.0 + mandatory.must_not.0 >= 588, "{:?}", mandatory.wrong);
}

#[test]
fn every_document_of_the_kit_is_read() {
    for edition in ["20", "21"] {
        let Some(kit) = kit(edition) else { return };
        for path in files(&kit) {
            let bytes = std::fs::read(&path).unwrap();
            let (summary, _) = csaf::read::read(&bytes).unwrap();
            assert!(!summary.title.is_empty(), "{}", path.display());
        }
    }
}
