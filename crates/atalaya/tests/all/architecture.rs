//! The arrows of ARCHITECTURE.md, between the crates and between the rooms.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand};

/// Which of our crates a crate may use.
const CRATES: &[(&str, &[&str])] = &[
    ("formats", &[]),
    ("vault", &[]),
    ("post", &["formats"]),
    ("profile", &["formats"]),
    ("csaf", &["formats"]),
    ("press", &["formats", "csaf"]),
    ("lake", &["formats"]),
    ("engine", &["lake"]),
    ("cluster", &["lake"]),
    ("scale", &[]),
    ("store", &["vault"]),
    ("atalaya", &["formats", "vault", "post", "press", "csaf", "profile", "store", "lake", "engine", "cluster"]),
];

/// Whose verbs a room may call.
const ROOMS: &[(&str, &[&str])] = &[
    ("people", &[]),
    ("keys", &["people"]),
    ("constituency", &["people", "keys"]),
    ("clocks", &[]),
    ("outbox", &["constituency", "keys"]),
    ("reports", &["constituency", "clocks", "outbox", "people", "keys"]),
    ("cases", &["reports", "constituency", "clocks", "outbox", "people", "keys"]),
    ("events", &["constituency", "cases", "outbox", "people", "keys"]),
    ("mailbox", &["reports", "cases", "outbox", "constituency", "keys", "events", "publications"]),
    ("publications", &["reports", "cases", "constituency", "clocks", "people", "keys", "outbox", "events"]),
    ("form", &["reports", "clocks", "publications"]),
    ("status", &["reports", "cases", "clocks"]),
    ("member", &["reports", "cases", "constituency", "events", "publications"]),
    ("search", &["reports", "cases", "constituency", "people"]),
    ("roster", &["people", "constituency", "events"]),
    ("triage", &["reports", "cases", "mailbox", "clocks", "constituency", "people", "keys"]),
    ("api", &["reports", "people", "events"]),
    ("sealed", &["reports", "cases", "clocks", "outbox", "people", "keys"]),
];

/// They look at everything, and change nothing of other rooms, or drive the whole program.
const ANY: &[&str] = &["journal", "due", "metrics", "fuzz", "commands", "demo", "bench"];

/// What every room may use: frame, words, rights, gate, team, business time, the program's parts.
const SHARED: &[&str] =
    &["web", "text", "access", "release", "profile", "calendar", "error", "once", "named", "app", "routes", "jobs", "App", "Error", "Result", "VERSION"];

/// Files of the frame that put the program together, and so know the rooms.
const TOP: &[&str] = &["routes.rs", "jobs.rs", "app.rs", "lib.rs", "main.rs", "release.rs"];

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

#[test]
fn crates_use_each_other_as_the_map_says_and_only_the_store_knows_a_database() {
    let metadata = MetadataCommand::new().no_deps().other_options(vec!["--offline".into()]).exec().expect("cargo metadata");
    let ours: BTreeSet<String> = CRATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let found: BTreeSet<String> = metadata.packages.iter().map(|package| package.name.to_string()).collect();
    assert_eq!(found, ours, "a crate has no row in this test and in ARCHITECTURE.md");
    for package in &metadata.packages {
        let (_, allowed) = CRATES.iter().find(|(name, _)| *name == package.name.as_str()).expect("a row");
        for dependency in package.dependencies.iter().filter(|dependency| dependency.kind == DependencyKind::Normal) {
            let name = dependency.name.as_str();
            assert!(!ours.contains(name) || allowed.contains(&name), "{} may not use {name}", package.name);
            assert!(!["sqlx", "rusqlite"].contains(&name) || package.name.as_str() == "store", "{} uses a database driver; only store may", package.name);
            assert!(name != "datafusion" || package.name.as_str() == "engine", "{} uses the query engine; only engine may", package.name);
        }
    }
}

#[test]
fn rooms_call_only_the_rooms_that_the_map_lets_them() {
    let mut wrong = Vec::new();
    let known: BTreeSet<&str> = ROOMS.iter().map(|(name, _)| *name).chain(ANY.iter().copied()).chain(SHARED.iter().copied()).collect();
    for (room, files) in rooms() {
        if ANY.contains(&room.as_str()) || SHARED.contains(&room.as_str()) {
            continue;
        }
        let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            wrong.push(format!("the room {room} has no row in this test and in ARCHITECTURE.md"));
            continue;
        };
        for (file, text) in files {
            for used in used(&text) {
                let fine = used == room || SHARED.contains(&used.as_str()) || allowed.contains(&used.as_str()) || !known.contains(used.as_str());
                if !fine {
                    wrong.push(format!("{}: {room} may not use {used}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_arrows_between_rooms_go_round_in_no_circle() {
    fn walk<'a>(room: &'a str, way: &mut Vec<&'a str>) {
        assert!(!way.contains(&room), "{} -> {room}", way.join(" -> "));
        way.push(room);
        for next in ROOMS.iter().find(|(name, _)| *name == room).map_or(&[][..], |(_, next)| next) {
            walk(next, way);
        }
        way.pop();
    }
    for (room, _) in ROOMS {
        walk(room, &mut Vec::new());
    }
}

#[test]
fn nobody_reaches_into_the_tables_of_another_room() {
    let mut wrong = Vec::new();
    for (_, files) in rooms() {
        for (file, text) in files {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name == "mod.rs" && text.lines().any(|line| line.trim_start().starts_with("pub mod store") || line.trim_start().starts_with("pub use store::")) {
                wrong.push(format!("{}: a room's SQL is private", file.display()));
            }
            if ["sqlx::", "rusqlite::"].iter().any(|driver| code(&text).contains(driver)) {
                wrong.push(format!("{}: SQL drivers stay in the crate store", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_map_of_the_rooms_in_architecture_md_is_this_one() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for (room, allowed) in ROOMS {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{room}` |"))).unwrap_or_else(|| panic!("ARCHITECTURE.md has no row for {room}"));
        let cell = row.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
        let said: BTreeSet<&str> = cell.split('`').skip(1).step_by(2).collect();
        assert_eq!(said, allowed.iter().copied().collect(), "the row of {room} in ARCHITECTURE.md");
    }
}

/// The rooms with their files: a folder, or a file of its own.
fn rooms() -> BTreeMap<String, Vec<(PathBuf, String)>> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(source()).expect("src").flatten() {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if TOP.contains(&name.as_str()) {
            continue;
        }
        let mut files = Vec::new();
        gather(&path, &mut files);
        all.insert(name.trim_end_matches(".rs").to_owned(), files);
    }
    all
}

fn gather(path: &Path, into: &mut Vec<(PathBuf, String)>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder").flatten() {
            gather(&entry.path(), into);
        }
    } else if path.extension().is_some_and(|end| end == "rs") {
        into.push((path.to_owned(), std::fs::read_to_string(path).expect("a file")));
    }
}

/// The text without its comments.
fn code(text: &str) -> String {
    text.lines().map(|line| if line.trim_start().starts_with("//") { "" } else { line }).collect::<Vec<_>>().join("\n")
}

/// The first names after each `crate::`, also out of `crate::{a, b::c}`.
fn used(text: &str) -> BTreeSet<String> {
    let word = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let mut found = BTreeSet::new();
    for rest in code(text).split("crate::").skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            found.insert(word(rest));
            continue;
        };
        let (mut depth, mut item) = (1, String::new());
        for c in list.chars() {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            if depth == 0 || (c == ',' && depth == 1) {
                found.insert(word(&item));
                item.clear();
            } else {
                item.push(c);
            }
            if depth == 0 {
                break;
            }
        }
    }
    found.remove("");
    found
}
