//! Keeps the parties of a case apart: what in a text would tell one of them about another.
//!
//! Pure. [`find`] reads a text against everything that may not be said in it and names each place
//! with what it gives away and why that may not be said; [`redact`] takes those places out. Letters
//! are compared without case, accents and invisible characters, spaces without their number, and
//! addresses after their defanging is undone, so that a spelling does not slip through.

use std::ops::Range;

use formats::net::Prefix;
use formats::observable::{Kind, Observable, extract_capped};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::common::is_common;
use super::phones;

/// Somebody who may not be named in the text.
#[derive(Clone, Debug, Default)]
pub struct Hidden {
    /// What the team calls them: `Norlink transit (intermediary)`.
    pub who: String,
    /// What stands in their place in a redacted text; an alias, or empty.
    pub alias: String,
    /// Their names: own, organisation's, contact's; phone numbers too.
    pub names: Vec<String>,
    /// Their mail addresses.
    pub mails: Vec<String>,
    /// Why they may not be named, as half a sentence.
    pub why: String,
}

/// An observable that this recipient is not known to know.
#[derive(Clone, Debug)]
pub struct Held {
    /// The observable.
    pub observable: Observable,
    /// Whose it is, or where it is known from, as half a sentence.
    pub by: String,
    /// How much it weighs.
    pub weight: Weight,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Never without consent: names, mail addresses, organisations.
    Stop,
    /// Only when somebody says that it may be told, and why.
    Ask,
}

/// Something in the text that would tell too much.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub weight: Weight,
    /// The words as they stand in the text.
    pub what: String,
    /// What they give away, and why that may not be said.
    pub why: String,
    /// Where.
    pub at: Range<usize>,
    /// What may stand there instead; empty when nothing better is known.
    pub instead: String,
    /// Whom or which observable it gives away.
    pub about: String,
}

/// Everything in `text` that may not be said, in the order of the text. `free` are words that are
/// the recipient's or the team's own, so that they betray nobody.
pub fn find(text: &str, hidden: &[Hidden], held: &[Held], free: &[String]) -> Vec<Finding> {
    let (plain, joined) = (Plain::of(text), Plain::of(text).joined());
    // However many there are: the last one may be the one that tells.
    let found = extract_capped(text, usize::MAX).0;
    let mut findings = Vec::new();
    let free_words = free;
    let free: Vec<Vec<char>> = free.iter().map(|word| fold(word)).filter(|word| !word.is_empty()).collect();
    for one in hidden {
        for name in &one.names {
            let own = free_words.iter().any(|word| !phones::places(word, name).is_empty());
            for at in phones::places(text, name).into_iter().filter(|_| !own) {
                push(&mut findings, text, at, Weight::Stop, format!("is a number of {}: {}.", one.who, one.why), one);
            }
            whole_name(&plain, text, name, one, &free, &mut findings);
            written_as_one(&joined, text, name, one, &mut findings);
        }
        for mail in &one.mails {
            let mail = mail.trim().to_lowercase();
            for hit in found.iter().filter(|hit| hit.observable.kind == Kind::Mail && hit.observable.value.to_lowercase() == mail) {
                push(&mut findings, text, hit.at.clone(), Weight::Stop, format!("is the mail address of {}: {}.", one.who, one.why), one);
            }
            for at in plain.places(&fold(&mail), false) {
                push(&mut findings, text, at, Weight::Stop, format!("is the mail address of {}: {}.", one.who, one.why), one);
            }
        }
    }
    let held: Vec<(&Held, Vec<Prefix>)> = held.iter().map(|one| (one, networks(&one.observable))).collect();
    for hit in &found {
        let theirs = networks(&hit.observable);
        if let Some((one, _)) = held.iter().find(|(one, ours)| touches((&one.observable, ours), (&hit.observable, &theirs))) {
            let nobody = Hidden { who: one.observable.value.clone(), ..Hidden::default() };
            push(&mut findings, text, hit.at.clone(), one.weight, format!("{}.", one.by), &nobody);
        }
    }
    findings.sort_by_key(|finding| (finding.at.start, finding.weight == Weight::Ask, finding.at.end));
    findings
}

/// The text without what was found.
pub fn redact(text: &str, findings: &[Finding], blank: &str) -> String {
    let (mut out, mut done) = (String::with_capacity(text.len()), 0);
    for finding in findings {
        if finding.at.start < done {
            // Overlaps with what is already out; its rest goes too.
            done = done.max(finding.at.end);
            continue;
        }
        out.push_str(text.get(done..finding.at.start).unwrap_or_default());
        out.push_str(if finding.instead.is_empty() { blank } else { &finding.instead });
        done = finding.at.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

fn push(findings: &mut Vec<Finding>, text: &str, at: Range<usize>, weight: Weight, why: String, one: &Hidden) {
    if findings.iter().any(|known| known.at == at && known.weight == weight) {
        return;
    }
    let what = text.get(at.clone()).unwrap_or_default().to_owned();
    findings.push(Finding { weight, what, why, at, instead: one.alias.clone(), about: one.who.clone() });
}

/// The full name anywhere; and its words, however they are written: common ones where they stand like a name.
fn whole_name(plain: &Plain, text: &str, name: &str, one: &Hidden, free: &[Vec<char>], findings: &mut Vec<Finding>) {
    let folded = fold(name);
    if folded.len() < 2 || free.contains(&folded) {
        return;
    }
    for at in plain.places(&folded, true) {
        push(findings, text, at, Weight::Stop, format!("names {}: {}.", one.who, one.why), one);
    }
    let words: Vec<&str> = name.split(|c: char| c.is_whitespace() || "-–/&,;()'’".contains(c)).filter(|word| !word.is_empty()).collect();
    if words.len() < 2 {
        return;
    }
    // Of numbers, their digits decide.
    let is_part = |word: &&&str| word.chars().count() >= PART && !word.chars().all(|letter| letter.is_ascii_digit());
    for word in words.iter().filter(is_part) {
        let folded = fold(word);
        if free.iter().any(|known| known.split(|c| !c.is_alphanumeric()).any(|part| part == folded)) {
            continue;
        }
        // A word that everybody uses is a name only where it is written like one.
        let common = is_common(&folded.iter().filter(|letter| letter.is_alphanumeric()).collect::<String>());
        for at in plain.places(&folded, true) {
            let like_a_name = text.get(at.clone()).and_then(|found| found.chars().next()).is_some_and(char::is_uppercase);
            let inside = findings.iter().any(|known| known.at.start <= at.start && at.end <= known.at.end);
            if (like_a_name || !common) && !inside {
                push(findings, text, at, Weight::Ask, format!("is part of the name of {}: {}.", one.who, one.why), one);
            }
        }
    }
}

/// A name of several words that is written as one, as in the name of a machine or an account.
fn written_as_one(joined: &Plain, text: &str, name: &str, one: &Hidden, findings: &mut Vec<Finding>) {
    let folded = fold(name);
    let letters: Vec<char> = folded.iter().copied().filter(|letter| *letter != ' ').collect();
    if letters.len() == folded.len() || letters.len() < JOINED || letters.iter().all(char::is_ascii_digit) {
        return;
    }
    for at in joined.places(&letters, false) {
        let inside = findings.iter().any(|known| known.weight == Weight::Stop && known.at.start < at.end && at.start < known.at.end);
        if !inside {
            push(findings, text, at, Weight::Ask, format!("is the name of {}, written as one word: {}.", one.who, one.why), one);
        }
    }
}

/// The shortest name that is looked for as one word.
const JOINED: usize = 8;

/// The shortest part of a name that is looked for by itself.
const PART: usize = 5;

/// Whether one observable gives the other away: the same, or an address within a network.
fn touches((held, ours): (&Observable, &[Prefix]), (found, theirs): (&Observable, &[Prefix])) -> bool {
    if held == found || (held.value.eq_ignore_ascii_case(&found.value) && !matches!(held.kind, Kind::Url)) {
        return true;
    }
    ours.iter().any(|a| theirs.iter().any(|b| a.covers(b) || b.covers(a)))
}

/// The networks that an observable stands for; none for what is no address.
pub fn networks(observable: &Observable) -> Vec<Prefix> {
    match observable.kind {
        Kind::Ip => observable.value.parse().map(Prefix::host).map(|one| vec![one]).unwrap_or_default(),
        Kind::Cidr => observable.value.parse().map(|one| vec![one]).unwrap_or_default(),
        Kind::Range => match observable.value.split_once('-') {
            Some((low, high)) => match (low.parse(), high.parse()) {
                (Ok(low), Ok(high)) => Prefix::from_range(low, high),
                _ => Vec::new(),
            },
            None => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// A text as it is compared: folded letters, each with the bytes where it stood.
struct Plain {
    letters: Vec<(char, Range<usize>)>,
}

impl Plain {
    fn of(text: &str) -> Self {
        let mut letters: Vec<(char, Range<usize>)> = Vec::with_capacity(text.len());
        for (start, letter) in text.char_indices() {
            let end = start + letter.len_utf8();
            for one in folded(letter) {
                match letters.last_mut() {
                    Some((' ', at)) if one == ' ' => at.end = end,
                    _ => letters.push((one, start..end)),
                }
            }
        }
        Self { letters }
    }

    /// Without what parts its words.
    fn joined(self) -> Self {
        Self { letters: self.letters.into_iter().filter(|(letter, _)| *letter != ' ').collect() }
    }

    /// Where the needle stands; as whole words if asked.
    fn places(&self, needle: &[char], words: bool) -> Vec<Range<usize>> {
        if needle.is_empty() {
            return Vec::new();
        }
        let joins = |letter: Option<&(char, Range<usize>)>| letter.is_some_and(|(letter, _)| letter.is_alphanumeric());
        let edge = |letter: Option<&char>| letter.is_some_and(|letter| letter.is_alphanumeric());
        self.letters
            .windows(needle.len())
            .enumerate()
            .filter(|(_, window)| window.iter().zip(needle).all(|((letter, _), wanted)| letter == wanted))
            .filter(|(at, window)| {
                let before = at.checked_sub(1).and_then(|before| self.letters.get(before));
                let after = self.letters.get(at + window.len());
                !words || !((edge(needle.first()) && joins(before)) || (edge(needle.last()) && joins(after)))
            })
            .filter_map(|(_, window)| Some(window.first()?.1.start..window.last()?.1.end))
            .collect()
    }
}

fn fold(text: &str) -> Vec<char> {
    let letters: String = Plain::of(text).letters.into_iter().map(|(letter, _)| letter).collect();
    letters.trim().chars().collect()
}

/// A letter without case, accent and width (NFKD, Unicode standard annex 15); nothing for what cannot be seen, and a space for what
/// is no letter: an apostrophe, a hyphen and a mark of emphasis are written in many ways.
fn folded(letter: char) -> Vec<char> {
    let unseen = matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    if unseen {
        return Vec::new();
    }
    let small = std::iter::once(letter).nfkd().filter(|one| !is_combining_mark(*one)).flat_map(char::to_lowercase);
    small
        .map(|one| STROKES.iter().find(|(with, _)| *with == one).map_or(one, |(_, plain)| *plain))
        .map(|one| if one.is_alphanumeric() { one } else { ' ' })
        .collect()
}

/// Letters whose stroke no decomposition takes off.
const STROKES: [(char, char); 6] = [('ø', 'o'), ('ł', 'l'), ('đ', 'd'), ('ħ', 'h'), ('ŧ', 't'), ('ı', 'i')];

#[cfg(test)]
mod tests {
    use super::*;

    fn norlink() -> Vec<Hidden> {
        vec![Hidden {
            who: "Norlink".into(),
            alias: "Alias 3".into(),
            names: vec!["Norlink Transit".into(), "José Pereira".into()],
            mails: vec!["noc@norlink.example".into()],
            why: "no consent to be named".into(),
        }]
    }

    fn weights(text: &str) -> Vec<(Weight, String)> {
        let held = [
            Held { observable: Observable { kind: Kind::Ip, value: "203.0.113.7".into() }, by: "is held by Norlink".into(), weight: Weight::Ask },
            Held { observable: Observable { kind: Kind::Domain, value: "norlink.example".into() }, by: "is held by Norlink".into(), weight: Weight::Ask },
        ];
        find(text, &norlink(), &held, &["Atalaya Transit".into()]).into_iter().map(|finding| (finding.weight, finding.what)).collect()
    }

    #[test]
    fn a_name_is_found_however_it_is_written() {
        for text in ["as Norlink Transit said", "NORLINK\n  transit", "Norl\u{200b}ink Transit.", "(norlink transit)", "ask jose pereira", "JOSÉ PEREIRA"] {
            let found = weights(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(found[0].0, Weight::Stop, "{text}");
        }
        for part in ["Norlink", "norlink", "NORLINK", "nórlink"] {
            assert_eq!(weights(&format!("by {part}, last week")), [(Weight::Ask, part.to_owned())]);
        }
        for text in ["Ｎｏｒｌｉｎｋ Transit", "norlink-transit", "Norlink **Transit**", "norlink’s: Norlink_Transit"] {
            assert!(weights(text).iter().any(|(weight, _)| *weight == Weight::Stop), "{text}");
        }
        assert_eq!(weights("see norlinktransit"), [(Weight::Ask, "norlinktransit".to_owned())]);
        for text in ["a transit network", "Transit", "norlinks", "nothing", ""] {
            assert_eq!(weights(text), [], "{text}");
        }
    }

    #[test]
    fn a_part_of_a_name_is_found_in_small_letters_unless_everybody_uses_it() {
        let found = |name: &str, text: &str| {
            let hidden = Hidden { who: "X".into(), names: vec![name.to_owned()], ..Hidden::default() };
            find(text, &[hidden], &[], &["Lioli Water Board".into()]).into_iter().map(|one| one.what).collect::<Vec<_>>()
        };
        let table: &[(&str, &str, &[&str])] = &[
            ("Maluti Telecom", "we asked maluti about it", &["maluti"]),
            ("Maluti Telecom", "maluti's telecom desk", &["maluti"]),
            ("Maluti Telecom", "see maluti-core1", &["maluti"]),
            ("Maluti Telecom", "a telecom in the mountains", &[]),
            ("Maluti Telecom", "their Telecom said", &["Telecom"]),
            ("Maluti Telecom", "marmaluti and malutis", &[]),
            ("Maluti Telecom", "MALUTI TELECOM and maluti", &["MALUTI TELECOM", "maluti"]),
            ("Basotho Savings Bank", "basotho people keep savings at a bank", &["basotho"]),
            ("First National Hosting", "first, tell your national hosting company", &[]),
            ("Compañía Eléctrica Quirón", "la compañía eléctrica avisó", &[]),
            ("Compañía Eléctrica Quirón", "dijo quiron", &["quiron"]),
            ("Banque Générale d'Alzette", "la banque générale, à alzette", &["alzette"]),
            ("Norlink-Transit (Pty)", "norlink, in transit", &["norlink"]),
            ("Stadtwerke Musterlingen", "die stadtwerke in musterlingen", &["musterlingen"]),
            ("Universität Nirgendheim", "an der universität", &[]),
            ("Grace Quiroga", "a grace period, said quiroga", &["quiroga"]),
            ("+266 22310000", "call 22310000", &["22310000"]),
            ("+266 5550 0101", "call +266-55500101 or (0) 5550.0101", &["+266-55500101", "0) 5550.0101"]),
            ("+266 5550 0101 (reception desk)", "55 50 01 01, on 2026-11-23 at 192.0.2.101", &["55 50 01 01"]),
            ("+266 5550 0101", "0101 and 2026-11-23 10:00 and 198.51.100.101:5550", &[]),
            ("+352 123456", "CVE-2024-123456, or 00352 123 456, or 12 34 56", &["00352 123 456", "12 34 56"]),
            ("5550 0101 / 5550 0102", "call 55\u{202f}50\u{2011}0101 or \u{ff15}5500102", &["55\u{202f}50\u{2011}0101", "\u{ff15}5500102"]),
            ("22310000", "order 9310000, and 8310000123", &[]),
            ("Lioli Traders", "lioli traders, or lioli", &["lioli traders"]),
            ("Norlink", "norlink", &["norlink"]),
        ];
        for (name, text, expected) in table {
            assert_eq!(found(name, text), *expected, "{name} in {text}");
        }
    }

    #[test]
    fn addresses_are_found_defanged_and_inside_networks() {
        assert_eq!(weights("write to noc[@]norlink[.]example")[0].0, Weight::Stop);
        for text in ["203.0.113.7", "203[.]0[.]113[.]7", "203.0.113.0/24", "hxxp://203.0.113[.]7/x"] {
            assert!(weights(text).iter().any(|(weight, _)| *weight == Weight::Ask), "{text}");
        }
        assert_eq!(weights("203.0.114.7 and example.org"), []);
    }

    #[test]
    fn what_was_found_goes_out_of_a_redacted_text() {
        let text = "Norlink Transit (noc@norlink.example) saw 192.0.2.1.";
        let found = find(text, &norlink(), &[], &[]);
        let out = redact(text, &found, "[held back]");
        assert_eq!(out, "Alias 3 (Alias 3) saw 192.0.2.1.");
        assert_eq!(find(&out, &norlink(), &[], &[]), []);
    }
}
