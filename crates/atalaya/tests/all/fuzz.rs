//! Bounded, repeatable mutation of what operators and analysts hand in: the same bytes in every run. The folder
//! `fuzz/` runs the same entry points without an end.

use atalaya::fuzz;

fn mutated(seed: &[u8], words: &[&str], dice: &mut fastrand::Rng) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.usize(0..5) {
        let at = dice.usize(0..=bytes.len());
        let to = (at + dice.usize(0..40)).min(bytes.len());
        match dice.u8(0..5) {
            0 => drop(bytes.splice(at..at, words[dice.usize(0..words.len())].bytes())),
            1 if at < bytes.len() => bytes[at] = dice.u8(..),
            2 => bytes.truncate(at.max(1)),
            3 => drop(bytes.drain(at..to)),
            _ => {
                let piece = bytes[at..to].to_vec();
                drop(bytes.splice(at..at, piece));
            }
        }
    }
    bytes
}

fn run(seed: &str, words: &[&str], rounds: usize, holds: fn(&[u8]) -> bool) {
    let mut dice = fastrand::Rng::with_seed(0x5eed);
    assert!(holds(seed.as_bytes()), "the seed itself");
    for round in 0..rounds {
        let bytes = mutated(seed.as_bytes(), words, &mut dice);
        assert!(holds(&bytes), "round {round}: {:?}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn no_mutated_table_breaks_the_import() {
    let seed = "name,sector,status,asn,prefixes\n\"Vodalink, Ltd\",mobile,registered,AS64501,203.0.113.0/24 2001:db8::/32\r\nNorlink,internet,outside,,\n";
    run(seed, &["\"", ",", ";", "\t", "\r", "\n", "\u{feff}", "\"\"", "name", "\0", "é"], 5000, fuzz::sheet);
}

#[test]
fn no_mutated_list_of_a_registry_breaks_the_import() {
    let seed = "2|lacnic|20261123|3|19870101|20261122|-0300\nlacnic|*|ipv4|*|1|summary\nlacnic|UY|ipv4|203.0.113.0|192|20050101|allocated|h1\n\
                lacnic|BR|ipv6|2001:db8::|32|20050101|assigned|h2\nlacnic|BR|asn|64500|4|20050101|allocated|h2\nlacnic||ipv4|198.51.100.0|256||available|\n";
    run(seed, &["|", "\n", "#", "4294967295", "0", "129", "-1", "255.255.255.255", "ffff::", "\0", "é", "allocated", "|||||||"], 5000, fuzz::allocations);
}

#[test]
fn no_mutated_profile_breaks_the_reader() {
    let words = ["[[calendar]]\n", "[", "]", "=", "\"", "\n", "{", "}", "9999999999999999999", "-1", "25:00-26:00", "2027-02-30", "zone", "[a.b]\n", "\0"];
    run(include_str!("profile.toml"), &words, 300, fuzz::profile);
}

#[test]
fn no_instant_breaks_the_calendar() {
    run("twelve bytes", &["\0\0\0\0", "\u{7f}\u{7f}\u{7f}\u{7f}"], 2000, fuzz::calendar);
}

#[test]
fn no_mutated_label_breaks_the_reader() {
    run("TLP:AMBER+STRICT", &["TLP:", "PAP:", "RED", "+", " ", "white", "CLEAR", "é"], 5000, fuzz::label);
}
