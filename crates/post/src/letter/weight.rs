//! What an HTML page would cost to read. Building its tree costs size times
//! depth, and its escapes cost their number squared, so a small mail of forty
//! thousand open `<div>` or lone `&` would keep the reader busy until it is
//! killed. This look costs one pass and errs to the heavy side.

use std::collections::HashMap;

/// Deeper than any page that a person wrote.
const DEEPEST: usize = 256;

/// Elements that hold nothing, or that a next one of their kind closes.
const FLAT: [&str; 19] =
    ["area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta", "p", "param", "source", "track", "wbr", "option"];

/// More escapes than a page of accented letters has, written in the old way.
const ESCAPES: usize = 20_000;

/// Whether this page is not read as a page.
pub fn too_heavy(html: &str) -> bool {
    too_deep(html) || html.bytes().filter(|byte| *byte == b'&').count() > ESCAPES
}

fn too_deep(html: &str) -> bool {
    let lower = html.to_ascii_lowercase();
    // Within these the rules of HTML do not hold, and every element may nest.
    let foreign = lower.contains("<svg") || lower.contains("<math");
    let mut open: HashMap<&str, usize> = HashMap::new();
    let mut depth = 0;
    for tag in lower.split('<').skip(1) {
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
        if !tag.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = tag.find(|c: char| c.is_ascii_whitespace() || c == '/' || c == '>').unwrap_or(tag.len());
        let name = tag.get(..end).unwrap_or(tag);
        if closes {
            if let Some(count) = open.get_mut(name).filter(|count| **count > 0) {
                *count -= 1;
                depth -= 1;
            }
        } else if foreign || !FLAT.contains(&name) {
            *open.entry(name).or_default() += 1;
            depth += 1;
            if depth > DEEPEST {
                return true;
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{too_deep, too_heavy};

    #[test]
    fn many_escapes_are_heavy() {
        assert!(too_heavy(&"&".repeat(30_000)) && !too_heavy(&"&aacute;".repeat(10_000)));
    }

    #[test]
    fn deep_pages_are_seen_and_long_ones_are_not_deep() {
        assert!(too_deep(&"<div>".repeat(300)));
        assert!(too_deep(&"<DIV a=b></x>".repeat(300)));
        assert!(too_deep(&format!("<svg>{}", "<wbr>".repeat(300))));
        assert!(!too_deep(&"<p>a<br><img src=x><li>b".repeat(3000)));
        assert!(!too_deep(&"<table><tr><td>a</td></tr></table> < 3".repeat(3000)));
    }
}
