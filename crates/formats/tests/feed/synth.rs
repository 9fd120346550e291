//! Synthetic files: the same from the same seed, of what was asked for, and read as what they are.

use super::read_by;
use formats::feed::Tables;
use formats::feed::synth::{KINDS, Synth};
use formats::net::{Asn, Prefix};
use std::collections::HashSet;

fn synth(seed: u64, rows: u64, broken: u32, networks: &[(&str, u32)]) -> Synth {
    let networks = networks.iter().map(|(prefix, asn)| (prefix.parse().unwrap(), Asn(*asn))).collect();
    Synth { seed, rows, repeats: 200, broken, day: 1_774_310_400_000_000, networks }
}

#[test]
fn a_file_holds_just_the_events_that_it_says() {
    let tables = Tables::built_in();
    for (seed, networks) in [(1, &[("192.0.2.0/24", 64_500), ("2001:db8::/48", 64_501)][..]), (2, &[("198.51.100.0/28", 64_502)][..])] {
        let synth = synth(seed, 4000, 50, networks);
        for kind in KINDS {
            let mut file = Vec::new();
            let written = synth.write(&tables, kind, &mut file).unwrap().unwrap();
            assert_eq!(written.bytes, file.len() as u64);
            assert_eq!(tables.by_name(&synth.file_name(kind)).unwrap().map(|mapping| &*mapping.kind), Some(kind));
            let outcome = read_by(&tables, kind, &file);
            assert_eq!((outcome.tally.rejected, outcome.tally.events), (written.broken, written.events + written.repeats), "{kind}");
            assert!(written.broken > 100 && written.repeats > 500, "{written:?}");
            let keys: HashSet<Vec<u8>> = (0..outcome.events.len())
                .map(|row| {
                    let mut key = Vec::new();
                    outcome.events.key(row, &mut key);
                    key
                })
                .collect();
            assert_eq!(keys.len() as u64, written.events, "{kind}: an event is what it says and no other");
            let prefixes: Vec<Prefix> = synth.networks.iter().map(|(prefix, _)| *prefix).collect();
            assert!((0..outcome.events.len()).all(|row| prefixes.iter().any(|prefix| prefix.contains(outcome.ip(row).parse().unwrap()))));
            let bytes = written.bytes / 4001;
            assert!((60..280).contains(&bytes), "{kind}: {bytes} bytes a row");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_file() {
    let tables = Tables::built_in();
    let file = |seed| {
        let mut file = Vec::new();
        synth(seed, 500, 10, &[("192.0.2.0/24", 64_500)]).write(&tables, "scan_dns", &mut file).unwrap();
        file
    };
    assert_eq!(file(1), file(1));
    assert_ne!(file(1), file(2));
    assert_eq!(synth(1, 1, 0, &[]).write(&tables, "nobody", &mut Vec::new()).unwrap(), None);
}
