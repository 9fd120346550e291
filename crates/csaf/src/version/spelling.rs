//! Whether a change of words is only one of spelling (section 3.1.11.2, rule 5). A wrong "yes" would
//! hide a change from readers, so the answer is "no" in doubt: the same number of words, and each that
//! differs is long, has no digit, begins with the same letter and is one slip of the pen away.
//! `affected` and `unaffected`, `now` and `not`, `4.1` and `4.2` are different words.

/// Shorter words mean something else after one slip.
const LONG: usize = 5;

/// Whether `is` is `was` with its spelling mended.
pub(super) fn only_spelling(was: &str, is: &str) -> bool {
    let (was, is): (Vec<&str>, Vec<&str>) = (was.split_whitespace().collect(), is.split_whitespace().collect());
    was.len() == is.len() && was.iter().zip(&is).all(|(was, is)| was == is || same_word(was, is))
}

fn same_word(was: &str, is: &str) -> bool {
    // Versions, ids and addresses: every character counts.
    if was.chars().chain(is.chars()).any(|c| c.is_ascii_digit() || matches!(c, '/' | '<' | '>' | '=' | '@' | '_')) {
        return false;
    }
    let letters = |word: &str| -> Vec<char> { word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    let (was, is) = (letters(was), letters(is));
    was == is || (was.len().min(is.len()) >= LONG && was.first() == is.first() && one_slip(&was, &is))
}

/// One letter added, lost or changed, or two neighbours swapped.
fn one_slip(a: &[char], b: &[char]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(a, b)| a == b).count();
    match (short.get(same..).unwrap_or_default(), long.get(same..).unwrap_or_default()) {
        ([first, second, rest @ ..], [other_first, other_second, other @ ..]) if first == other_second && second == other_first && rest == other => true,
        ([_, rest @ ..], [_, other @ ..]) if rest == other => true,
        (rest, [_, other @ ..]) => rest == other,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::only_spelling;

    #[test]
    fn a_slip_of_the_pen_is_spelling_and_another_word_is_not() {
        let mended = [
            ("an atacker may recieve it", "an attacker may receive it"),
            ("Update now", "update now."),
            ("two  spaces", "two spaces"),
            ("Aktualisirung", "Aktualisierung"),
        ];
        for (was, is) in mended {
            assert!(only_spelling(was, is), "{was} / {is}");
            assert!(only_spelling(is, was), "{is} / {was}");
        }
        let other = [
            ("it is affected", "it is unaffected"),
            ("it is now exploited", "it is not exploited"),
            ("before 4.1", "before 4.2"),
            ("affected", "not affected"),
            ("enabled", "disabled"),
            ("legal", "illegal"),
            ("see https://vendor.example/a", "see https://vendor.example/b"),
            ("typical", "atypical"),
        ];
        for (was, is) in other {
            assert!(!only_spelling(was, is), "{was} / {is}");
        }
    }
}
