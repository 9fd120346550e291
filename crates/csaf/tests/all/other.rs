//! What we write, judged by a library that shares no code with us: `@secvisogram/csaf-validator-lib`.
//! `tests/outside.sh` installs it and sets `CSAF_JUDGE` to the folder with its `node_modules`. Without it
//! the test says so and passes.

use crate::given::{at, complete, everything, information, link};
use csaf::advisory::Advisory;
use csaf::translate::{Translation, id, texts, translate};
use csaf::withdraw::{supersede, withdraw};
use csaf::write::{self, Edition};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::path::Path;
use std::process::Command;

/// Every kind of document in every state, and a hundred of any shape.
fn advisories() -> Vec<Advisory> {
    let now = at("2026-09-01T12:00:00Z");
    let mut all = vec![everything(), information()];
    let mut runner = TestRunner::deterministic();
    for _ in 0..100 {
        all.push(complete().new_tree(&mut runner).unwrap().current());
    }
    let mut more = Vec::new();
    for advisory in all.iter().take(12) {
        more.push(withdraw(advisory, "It was wrong.", "Withdrawn", now).unwrap());
        more.push(supersede(advisory, &link("EX-2026-9", "https://csirt.example/EX-2026-9"), "One for two.", "Superseded", now).unwrap());
        let language = if advisory.language == "fr" { "de" } else { "fr" };
        let by = Translation {
            language: language.to_owned(),
            id: id(&advisory.id, language),
            original: "https://csirt.example/o.json".to_owned(),
            words: "Original".to_owned(),
            texts: texts(advisory).into_iter().collect(),
        };
        more.push(translate(advisory, &by, now).0);
    }
    all.extend(more);
    all
}

#[test]
fn another_library_calls_valid_what_we_write() {
    let Some(judge) = std::env::var_os("CSAF_JUDGE") else {
        eprintln!("left out: CSAF_JUDGE names no folder with another validator (tests/outside.sh installs it)");
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("written");
    let _ = std::fs::remove_dir_all(&folder);
    for edition in Edition::ALL {
        let folder = folder.join(edition.as_str());
        std::fs::create_dir_all(&folder).unwrap();
        for (n, advisory) in advisories().iter().enumerate() {
            std::fs::write(folder.join(format!("{n:03}.json")), write::bytes(advisory, edition)).unwrap();
        }
        // Something that has to be found, so that a judge that finds nothing is noticed.
        let mut broken = everything();
        broken.vulnerabilities[0].statuses.known_affected.push("P-9999".to_owned());
        std::fs::write(folder.join("broken.json"), write::bytes(&broken, edition)).unwrap();
    }
    // The distribution too: its metadata has a schema of its own.
    for file in crate::provider::tree().files {
        let path = folder.join("tree").join(file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, file.body.bytes().unwrap()).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge.mjs");
    // Modules are found beside the script that asks for them.
    let beside = Path::new(&judge).join("judge.mjs");
    std::fs::copy(script, &beside).unwrap();
    let output = Command::new("node").arg(&beside).arg(&folder).arg(std::env::var_os("CSAF_KIT").unwrap_or_default()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
}
