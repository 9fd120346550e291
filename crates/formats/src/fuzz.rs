//! Entry points for fuzzers: bytes in, nothing out, and an assertion fails where a promise of this
//! crate is broken. A bounded run over mutated seeds is part of the ordinary tests.

use crate::net::{Asn, Prefix, domain};
use crate::observable::{Observable, defang, distinct, extract_capped, fang};

/// Free text: spans lie in the text and in order, the cap holds, values are canonical.
///
/// # Panics
/// When one of these promises is broken.
pub fn observable(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let cap = 50;
    let (found, truncated) = extract_capped(&text, cap);
    let known = distinct(&found);
    assert!(known.len() <= cap, "more than the cap");
    assert!(!truncated || known.len() == cap, "truncated below the cap");
    let mut last = 0;
    for one in &found {
        assert!(one.at.start >= last, "out of order: {one:?}");
        assert!(one.at.start < one.at.end, "empty: {one:?}");
        assert!(text.get(one.at.clone()).is_some(), "not on characters: {one:?}");
        last = one.at.start;
    }
    for observable in known {
        assert_eq!(fang(&defang(&observable)), observable.value, "defanged beyond repair");
        let again = Observable::new(observable.kind, &observable.value);
        assert_eq!(again.as_ref(), Ok(&observable), "not canonical");
    }
}

/// Network resources: what is read is written and read again as the same thing.
///
/// # Panics
/// When it is not.
pub fn net(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(prefix) = text.parse::<Prefix>() {
        assert_eq!(prefix.to_string().parse(), Ok(prefix));
        assert!(prefix.covering().all(|wider| wider.covers(&prefix)));
        let (low, high) = prefix.bounds();
        assert!(low <= high);
    }
    if let Ok(asn) = text.parse::<Asn>() {
        assert_eq!(asn.to_string().parse(), Ok(asn));
    }
    if let Ok(name) = domain::normalise(&text) {
        assert_eq!(domain::normalise(&name).as_ref(), Ok(&name));
        assert_eq!(domain::suffixes(&name).first(), Some(&name));
    }
}
