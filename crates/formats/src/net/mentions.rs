//! Whether a text names an address that is meant, however it stands there: bare, in a URL, with a port, as part of a
//! network, or made harmless (`198[.]51[.]100[.]7`).

use crate::observable::fang;
use std::net::IpAddr;

/// Groups of an address at most, the empty ones at its ends included.
const GROUPS: usize = 9;

/// Whether a text names an address that is meant, or a network that begins with one.
pub fn mentions(text: &str, is_meant: impl Fn(IpAddr) -> bool) -> bool {
    let whole;
    let text = if text.contains(['[', '(', '{', '\\']) {
        whole = fang(text);
        &whole
    } else {
        text
    };
    let words = text.split(|c: char| !(c.is_ascii_hexdigit() || matches!(c, '.' | ':')));
    words.filter(|word| word.len() > 1).any(|word| is_in(word.trim_end_matches('.'), &is_meant))
}

/// A word that is an address as a whole is no other one; else one may stand in it behind a colon, before one, or between two.
fn is_in(word: &str, is_meant: &impl Fn(IpAddr) -> bool) -> bool {
    if let Ok(address) = word.parse::<IpAddr>() {
        return is_meant(address.to_canonical());
    }
    let ends: Vec<usize> = word.match_indices(':').map(|(at, _)| at).chain([word.len()]).collect();
    let starts = std::iter::once(0).chain(word.match_indices(':').map(|(at, _)| at + 1));
    starts.enumerate().any(|(at, start)| {
        let pieces = ends.iter().skip(at).take(GROUPS).filter_map(|end| word.get(start..*end));
        // The longest: the beginning of an address is often one, too.
        let address = pieces.rev().find_map(|piece| piece.trim_end_matches('.').parse::<IpAddr>().ok());
        address.is_some_and(|address| is_meant(address.to_canonical()))
    })
}
