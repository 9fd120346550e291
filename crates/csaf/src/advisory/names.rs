//! What machines call a product: CPE 2.3 and package URLs, as far as the schema of CSAF asks (2.0 section 3.1.3.3).

/// Whether a text is a CPE name: the formatted string of 2.3 (NISTIR 7695 section 6.2), or the URI of 2.2.
pub fn is_cpe(text: &str) -> bool {
    if let Some(rest) = text.strip_prefix("cpe:2.3:") {
        let parts = split(rest);
        return parts.len() == 11 && parts.iter().enumerate().all(|(at, part)| if at == 0 { is_part(part) } else { is_value(part) });
    }
    let Some((scheme, rest)) = text.split_once(":/") else { return false };
    let mut parts = rest.split(':');
    let part = parts.next().unwrap_or_default().to_ascii_lowercase();
    let plain = |part: &str| part.chars().all(|c| c.is_ascii_alphanumeric() || "._-~%".contains(c));
    scheme.eq_ignore_ascii_case("cpe") && ["", "a", "h", "o"].contains(&part.as_str()) && parts.clone().count() <= 6 && parts.all(plain)
}

/// The parts between colons that nothing escapes.
fn split(text: &str) -> Vec<String> {
    let (mut parts, mut escaped) = (vec![String::new()], false);
    for c in text.chars() {
        if c == ':' && !escaped {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    parts
}

fn is_part(text: &str) -> bool {
    ["a", "o", "h", "*", "-"].contains(&text)
}

/// `*`, `-`, or letters, digits, `-._` and what is escaped; `?` and `*` stand at the ends only.
fn is_value(text: &str) -> bool {
    if text == "*" || text == "-" {
        return true;
    }
    let inner = text.trim_start_matches(['?', '*']);
    let inner = match inner.trim_end_matches(['?', '*']) {
        cut if cut.ends_with('\\') => inner,
        cut => cut,
    };
    let mut escaped = false;
    let good = inner.chars().all(|c| {
        let good = if escaped { c.is_ascii_punctuation() } else { c == '\\' || c.is_ascii_alphanumeric() || "-._".contains(c) };
        escaped = c == '\\' && !escaped;
        good
    });
    good && !escaped && !inner.is_empty()
}

/// Whether a text is a package URL: `pkg:type/…/name` (purl specification; the pattern of CSAF's schema).
pub fn is_purl(text: &str) -> bool {
    let Some((kind, rest)) = text.strip_prefix("pkg:").and_then(|rest| rest.split_once('/')) else { return false };
    let begins = kind.chars().next().is_some_and(|c| c.is_ascii_alphabetic());
    let name = rest.split(['@', '?', '#']).next().unwrap_or_default();
    begins
        && kind.chars().all(|c| c.is_ascii_alphanumeric() || ".+-".contains(c))
        && name.chars().any(|c| c != '/')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

#[cfg(test)]
mod tests {
    use super::{is_cpe, is_purl};

    #[test]
    fn names_for_machines_are_told_from_what_is_none() {
        for good in [
            "cpe:2.3:a:vendor:product:7.2:*:*:*:*:*:*:*",
            "cpe:2.3:o:v\\:x:p-1:-:*:*:*:*:*:*:*",
            "cpe:/a:vendor:product:7.2",
            "cpe:2.3:*:v:p:?1*:*:*:*:*:*:*:*",
        ] {
            assert!(is_cpe(good), "{good}");
        }
        for bad in [
            "",
            "cpe:2.3:a:vendor",
            "cpe:2.3:x:v:p:1:*:*:*:*:*:*:*",
            "cpe:2.3:a:v v:p:1:*:*:*:*:*:*:*",
            "cpe:/x:v",
            "vendor product",
            "cpe:2.3:a:v:p:1:*:*:*:*:*:*:*:*",
        ] {
            assert!(!is_cpe(bad), "{bad}");
        }
        for good in ["pkg:npm/left-pad@1.3.0", "pkg:deb/debian/curl@7.50.3-1?arch=i386", "pkg:golang/example.org/x#sub"] {
            assert!(is_purl(good), "{good}");
        }
        for bad in ["", "npm/left-pad", "pkg:npm", "pkg:/left-pad", "pkg:npm/", "pkg:npm/left pad", "pkg:1npm/x"] {
            assert!(!is_purl(bad), "{bad}");
        }
    }
}
