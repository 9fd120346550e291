//! Names that are taken for one another: what somebody registers who wants to be mistaken for another.
//!
//! Not every name that differs by one letter is meant: only what the eye passes over (`norl1nk` for
//! `norlink`, `rn` for `m`, a letter doubled, dropped or swapped, letters of another script), a word
//! hung on with a hyphen, and the same name under another ending.

use std::collections::BTreeSet;

use super::domain::{in_letters, registrable};

/// Letters and pairs that look like others; each way round.
const ALIKE: &[(&str, &str)] = &[
    ("0", "o"),
    ("1", "l"),
    ("1", "i"),
    ("l", "i"),
    ("5", "s"),
    ("3", "e"),
    ("4", "a"),
    ("8", "b"),
    ("rn", "m"),
    ("vv", "w"),
    ("cl", "d"),
    ("nn", "m"),
    ("u", "v"),
];

/// Letters of other scripts and the Latin ones that they are taken for (Unicode TR 39, the common ones).
const SCRIPTS: &str = "аaеeоoрpсcуyхxіiјjѕsԁdһhӏlոnαaοoνvρpτtιiκkυuɑaɡg";

/// The shortest name of which variants are made: of `bt` everybody is one letter away.
const SHORTEST: usize = 4;

/// The registrable names that `name` may be meant to be taken for, itself not among them.
pub fn meant(name: &str) -> Vec<String> {
    let Some((label, ending)) = parts(name) else { return Vec::new() };
    let mut meant = BTreeSet::new();
    let plain = latin(&label);
    if plain.chars().count() >= SHORTEST {
        variants(&plain, &mut meant);
    }
    if plain != label {
        meant.insert(plain);
    }
    meant.remove(&label);
    meant.into_iter().map(|label| format!("{label}.{ending}")).collect()
}

/// Whether one of two names is taken for the other: they are different names of different holders.
pub fn are_alike(one: &str, other: &str) -> bool {
    let (Some(a), Some(b)) = (registrable(one), registrable(other)) else { return false };
    if a == b {
        return false;
    }
    let same_name = matches!((parts(one), parts(other)), (Some((a, _)), Some((b, _))) if a == b && a.chars().count() >= SHORTEST);
    same_name || meant(&a).contains(&b) || meant(&b).contains(&a)
}

/// The part that somebody chose, in its own letters, and what it stands under.
fn parts(name: &str) -> Option<(String, String)> {
    let name = registrable(name)?;
    let (label, ending) = name.split_once('.')?;
    Some((in_letters(label), ending.to_owned()))
}

/// Without accents and without letters of scripts that look like ours.
fn latin(label: &str) -> String {
    const ACCENTED: &str = "àáâãäåāăąèéêëēęěìíîïīįòóôõöøōőùúûüūůűýÿñńňçćčšśžźżłďťř";
    const PLAIN: &str = "aaaaaaaaaeeeeeeeiiiiiioooooooouuuuuuuyynnncccsszzzldtr";
    let foreign: Vec<char> = SCRIPTS.chars().collect();
    let one = |letter: char| {
        let script = foreign.chunks(2).find(|pair| pair.first() == Some(&letter)).and_then(|pair| pair.last().copied());
        script.or_else(|| ACCENTED.chars().position(|known| known == letter).and_then(|at| PLAIN.chars().nth(at))).unwrap_or(letter)
    };
    label.chars().map(one).collect()
}

fn variants(label: &str, into: &mut BTreeSet<String>) {
    let letters: Vec<char> = label.chars().collect();
    let join = |letters: &[char]| letters.iter().collect::<String>();
    for (at, letter) in letters.iter().enumerate() {
        // A letter too many, one too few of a double, two in the wrong order.
        let mut without = letters.clone();
        without.remove(at);
        into.insert(join(&without));
        let mut double = letters.clone();
        double.insert(at, *letter);
        into.insert(join(&double));
        let mut swapped = letters.clone();
        if at + 1 < swapped.len() {
            swapped.swap(at, at + 1);
            into.insert(join(&swapped));
        }
    }
    for (one, other) in ALIKE {
        for (from, to) in [(one, other), (other, one)] {
            for (at, _) in label.match_indices(from) {
                let (before, after) = (label.get(..at).unwrap_or_default(), label.get(at + from.len()..).unwrap_or_default());
                into.insert(format!("{before}{to}{after}"));
            }
            into.insert(label.replace(from, to));
        }
    }
    // `norlink-support` and `secure-norlink` speak in the name of `norlink`.
    let words: Vec<&str> = label.split('-').collect();
    if words.len() > 1 {
        into.extend(words.iter().filter(|word| word.chars().count() >= SHORTEST).map(|word| (*word).to_owned()));
        into.insert(words.concat());
    }
    into.retain(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
}

#[cfg(test)]
mod tests {
    use super::{are_alike, meant};

    #[test]
    fn what_the_eye_passes_over_is_alike() {
        let table = [
            ("norl1nk.example", "norlink.example"),
            ("n0rlink.example", "norlink.example"),
            ("norllnk.example", "norlink.example"),
            ("nor1ink.example", "norlink.example"),
            ("norlinkk.example", "norlink.example"),
            ("norilnk.example", "norlink.example"),
            ("norlin.example", "norlink.example"),
            ("norlink.test", "norlink.example"),
            ("norlink-support.example", "norlink.example"),
            ("mail.norl1nk.example", "www.norlink.example"),
            ("rnaluti.example", "maluti.example"),
            ("mаluti.example", "maluti.example"),
            ("malúti.example", "maluti.example"),
            ("vvater.example", "water.example"),
        ];
        for (one, other) in table {
            assert!(are_alike(one, other) && are_alike(other, one), "{one} {other}: {:?}", meant(one));
        }
    }

    #[test]
    fn what_is_another_name_is_none() {
        let table = [
            ("norlink.example", "norlink.example"),
            ("mail.norlink.example", "norlink.example"),
            ("basalt.example", "norlink.example"),
            ("norwind.example", "norlink.example"),
            ("bt.example", "bp.example"),
            ("abc.example", "abc.test"),
            ("", "norlink.example"),
            ("192.0.2.1", "norlink.example"),
        ];
        for (one, other) in table {
            assert!(!are_alike(one, other), "{one} {other}");
        }
        assert!(meant("norlink.example").len() < 80 && !meant("norlink.example").contains(&"norlink.example".to_owned()));
    }
}
