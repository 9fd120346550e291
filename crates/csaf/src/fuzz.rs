//! Entry points for fuzzers: bytes in, nothing out, and an assertion fails where a promise of this crate
//! is broken. A bounded run over mutated seeds is part of the ordinary tests.

use crate::advisory::Advisory;
use crate::write::{Edition, bytes};
use crate::{json, read, version};
use std::cmp::Ordering;

/// A document of others: what is said of it is on one line, and pointers are pointers.
///
/// # Panics
/// When one of these promises is broken.
pub fn document(data: &[u8]) {
    match read::read(data) {
        Ok((summary, problems)) => {
            assert!(problems.iter().all(|problem| problem.pointer.starts_with('/')), "no pointer: {problems:?}");
            let links = summary.references.iter().chain(summary.vulnerabilities.iter().flat_map(|one| &one.references));
            for link in links {
                assert!(!link.url.to_ascii_lowercase().starts_with("javascript:"), "a link that runs: {link:?}");
            }
        }
        Err(broken) => assert!(!broken.to_string().contains('\n'), "more than a line: {broken}"),
    }
    #[cfg(feature = "validate")]
    for finding in crate::validate::check(data, crate::validate::Preset::Full).findings {
        assert!(!finding.to_string().contains('\n'), "more than a line: {finding}");
        assert!(finding.pointer.is_empty() || finding.pointer.starts_with('/'), "no pointer: {finding}");
    }
}

/// An advisory of our model, however wrong: it is written, differs from itself in nothing, and what was
/// written is read.
///
/// # Panics
/// When one of these promises is broken.
pub fn advisory(data: &[u8]) {
    let Ok(advisory) = serde_json::from_slice::<Advisory>(data) else { return };
    assert_eq!(version::difference(&advisory, &advisory).level, version::Level::None);
    for edition in Edition::ALL {
        let written = bytes(&advisory, edition);
        assert_eq!(written, bytes(&advisory, edition), "other bytes the second time");
        assert!(json::parse(&written).is_ok(), "what we write is JSON that we read");
    }
}

/// Version numbers: the next one comes later.
///
/// # Panics
/// When it does not.
pub fn number(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Some(scheme) = version::Scheme::of(&text) else { return };
    for level in [version::Level::Patch, version::Level::Minor, version::Level::Major] {
        if let Ok(next) = version::next(scheme, Some(&text), true, level) {
            assert_eq!(version::precedence(&text, &next), Some(Ordering::Less), "{text} then {next}");
        }
    }
}
