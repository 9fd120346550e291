//! The reporter's words with what was recognised in them marked. Pieces of text only: the page
//! escapes each, so nothing in a report becomes markup.

use formats::observable::extract;

/// A piece of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// As it was written.
    pub text: String,
    /// What it was recognised as (`IP address`); empty for plain words.
    pub kind: &'static str,
}

/// How much of a text a page shows; the original has all of it.
const SHOWN: usize = 60_000;

/// The pieces of a text in order, and whether the page shows only its beginning.
pub fn pieces(text: &str) -> (Vec<Piece>, bool) {
    let mut end = text.len().min(SHOWN);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let shown = text.get(..end).unwrap_or_default();
    let (mut out, mut done) = (Vec::new(), 0);
    for found in extract(shown) {
        // A host inside of a URL is found too; the outer one is marked.
        if found.at.start < done {
            continue;
        }
        push(&mut out, shown.get(done..found.at.start), "");
        push(&mut out, shown.get(found.at.clone()), found.observable.kind.title());
        done = found.at.end;
    }
    push(&mut out, shown.get(done..), "");
    (out, end < text.len())
}

fn push(out: &mut Vec<Piece>, text: Option<&str>, kind: &'static str) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        out.push(Piece { text: text.to_owned(), kind });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_put_together_are_the_text_and_each_observable_is_one_of_them() {
        let text = "From 192.0.2.10 to hxxp://evil[.]example/x <b>ünd</b> AS64501.";
        let (pieces, cut) = pieces(text);
        assert!(!cut);
        assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<String>(), text);
        let marked: Vec<_> = pieces.iter().filter(|piece| !piece.kind.is_empty()).map(|piece| piece.text.as_str()).collect();
        assert_eq!(marked, ["192.0.2.10", "hxxp://evil[.]example/x", "AS64501"]);
    }

    #[test]
    fn a_very_long_text_is_cut_between_characters() {
        let (pieces, cut) = pieces(&"é".repeat(SHOWN));
        assert!(cut);
        assert_eq!(pieces.iter().map(|piece| piece.text.len()).sum::<usize>(), SHOWN);
    }
}
