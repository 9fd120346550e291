//! A journal that stands, and every way that we know to make it fall: whoever changes a byte, drops,
//! swaps, adds or rewrites entries is found, and the first entry touched is named.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fall")]

use proptest::prelude::*;
use vault::entry::{Entry, FIRST, MAX_BYTES, Particulars, Record, Why, commit, verify_chain};
use vault::key::InstanceKey;
use vault::log::{Checkpoint, root_of};

const ORIGIN: &str = "csirt.example/journal";

struct Journal {
    key: InstanceKey,
    vkey: String,
    records: Vec<Record>,
    notes: Vec<String>,
}

impl Journal {
    /// `count` entries, every third with particulars, and a checkpoint at each of the sizes.
    fn of(count: u64, checkpoints: &[u64]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = InstanceKey::create(folder.path().join("key")).unwrap();
        let vkey = key.public_line(ORIGIN).unwrap();
        let mut records: Vec<Record> = (FIRST..=count).map(record).collect();
        chain(&mut records);
        let mut journal = Self { key, vkey, records, notes: Vec::new() };
        journal.notes = checkpoints.iter().map(|&size| journal.note(size)).collect();
        journal
    }

    fn note(&self, size: u64) -> String {
        let leaves = self.records.iter().take(usize::try_from(size).unwrap()).map(|r| r.leaf);
        let checkpoint = Checkpoint { origin: ORIGIN.into(), size, root: root_of(leaves) };
        checkpoint.sign(&self.key).unwrap()
    }

    fn fault(&self) -> (u64, Why) {
        let fault = verify_chain(self.records.clone(), &self.notes, &self.vkey).unwrap_err();
        (fault.seq, fault.why)
    }
}

fn record(seq: u64) -> Record {
    let particulars = seq.is_multiple_of(3).then(|| Particulars { salt: vec![seq.to_le_bytes()[0]; 32], text: format!(r#"{{"name":"Person {seq}"}}"#) });
    Record {
        seq,
        at: 1_767_225_600_000_000 + i64::try_from(seq).unwrap(),
        who: format!("user-{}", seq % 4),
        verb: "open".into(),
        noun: "case".into(),
        noun_id: seq.to_be_bytes().to_vec(),
        facts: format!(r#"{{"number":"ATL-2026-{seq:06}"}}"#),
        commitment: particulars.as_ref().map_or([0; 32], |p| commit(&p.salt, &p.text)),
        previous: [0; 32],
        leaf: [0; 32],
        particulars,
    }
}

/// Joins the entries to each other, as an honest writer does and as a forger would.
fn chain(records: &mut [Record]) {
    let mut last = [0; 32];
    for record in records {
        record.previous = last;
        record.leaf = record.entry().leaf();
        last = record.leaf;
    }
}

/// Changes one byte of what is stored for an entry; the place is counted through all its columns.
fn tamper(record: &mut Record, place: prop::sample::Index, flip: u8) {
    let text = |text: &mut String, at: usize| {
        let mut bytes = std::mem::take(text).into_bytes();
        // Stays ASCII, so stays text.
        bytes[at] = if bytes[at] == b'#' { b'!' } else { b'#' };
        *text = String::from_utf8(bytes).unwrap();
    };
    let lengths = [
        8,
        8,
        record.who.len(),
        record.verb.len(),
        record.noun.len(),
        record.noun_id.len(),
        record.facts.len(),
        32,
        32,
        32,
        record.particulars.as_ref().map_or(0, |p| p.salt.len()),
        record.particulars.as_ref().map_or(0, |p| p.text.len()),
    ];
    let mut at = place.index(lengths.iter().sum());
    let mut column = 0;
    while at >= lengths[column] {
        at -= lengths[column];
        column += 1;
    }
    match column {
        0 => record.seq ^= u64::from(flip) << (8 * at),
        1 => record.at ^= i64::from(flip) << (8 * at),
        2 => text(&mut record.who, at),
        3 => text(&mut record.verb, at),
        4 => text(&mut record.noun, at),
        5 => record.noun_id[at] ^= flip,
        6 => text(&mut record.facts, at),
        7 => record.commitment[at] ^= flip,
        8 => record.previous[at] ^= flip,
        9 => record.leaf[at] ^= flip,
        10 => record.particulars.as_mut().unwrap().salt[at] ^= flip,
        _ => text(&mut record.particulars.as_mut().unwrap().text, at),
    }
}

#[test]
fn an_untouched_journal_stands() {
    let journal = Journal::of(10, &[7, 0, 4, 7]);
    let summary = verify_chain(journal.records.clone(), &journal.notes, &journal.vkey).unwrap();
    assert_eq!((summary.size, summary.checkpoints, summary.signed, summary.erased), (10, 4, 7, 0));
    assert_eq!(summary.root, root_of(journal.records.iter().map(|r| r.leaf)));

    let empty = verify_chain(Vec::new(), &journal.notes[..0], &journal.vkey).unwrap();
    assert_eq!(empty.size, 0);
}

#[test]
fn erased_particulars_leave_the_chain_standing() {
    let mut journal = Journal::of(10, &[10]);
    journal.records[2].particulars = None;
    let summary = verify_chain(journal.records, &journal.notes, &journal.vkey).unwrap();
    assert_eq!(summary.erased, 1);
}

#[test]
fn a_missing_a_doubled_and_a_swapped_entry_are_named() {
    let mut journal = Journal::of(9, &[]);
    journal.records.remove(4);
    assert_eq!(journal.fault(), (5, Why::Gap { found: 6 }));

    let mut journal = Journal::of(9, &[]);
    journal.records.insert(4, journal.records[3].clone());
    assert_eq!(journal.fault(), (5, Why::Gap { found: 4 }));

    let mut journal = Journal::of(9, &[]);
    journal.records.swap(2, 5);
    assert_eq!(journal.fault(), (3, Why::Gap { found: 6 }));

    let mut journal = Journal::of(9, &[]);
    journal.records.remove(0);
    assert_eq!(journal.fault(), (1, Why::Gap { found: 2 }));
}

#[test]
fn a_rewritten_entry_with_a_fresh_hash_no_longer_joins() {
    let mut journal = Journal::of(9, &[]);
    journal.records[3].facts = "{}".into();
    journal.records[3].leaf = journal.records[3].entry().leaf();
    assert_eq!(journal.fault(), (5, Why::Previous));
}

#[test]
fn a_wholly_rewritten_journal_is_caught_by_what_was_signed() {
    let mut journal = Journal::of(9, &[3, 8]);
    journal.records[5].facts = "{}".into();
    chain(&mut journal.records);
    // Entries 1 to 3 are still those signed; from 4 on nothing vouches for them.
    assert_eq!(journal.fault(), (4, Why::Root { size: 8 }));
}

#[test]
fn a_journal_cut_short_is_caught_by_what_was_signed() {
    let mut journal = Journal::of(9, &[3, 8]);
    journal.records.truncate(6);
    assert_eq!(journal.fault(), (7, Why::CutShort { size: 8 }));
}

#[test]
fn a_checkpoint_that_we_did_not_sign_is_named_where_it_stands() {
    let mut journal = Journal::of(9, &[3]);
    let forger = Journal::of(9, &[]);
    journal.notes.push(forger.note(6));
    let (seq, why) = journal.fault();
    assert_eq!(seq, 6);
    assert!(matches!(why, Why::Checkpoint(_)), "{why}");

    journal.notes.pop();
    journal.notes.push("nonsense".into());
    let (seq, why) = journal.fault();
    assert_eq!(seq, 10);
    assert!(matches!(why, Why::Checkpoint(_)), "{why}");
}

#[test]
fn the_bytes_of_an_entry_do_not_change_between_versions() {
    let entry = Entry { seq: 1, at: -2, who: "w", verb: "é", noun: "", noun_id: &[0xff], facts: "{}", commitment: [3; 32], previous: [4; 32] };
    let mut expect = vec![1, 0, 0, 0, 0, 0, 0, 0, 1];
    expect.extend([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe]);
    expect.extend([0, 0, 0, 1, b'w', 0, 0, 0, 2, 0xc3, 0xa9, 0, 0, 0, 0]);
    expect.extend([0, 0, 0, 1, 0xff, 0, 0, 0, 2, b'{', b'}']);
    expect.extend([3; 32]);
    expect.extend([4; 32]);
    assert_eq!(entry.bytes(), expect);
}

#[test]
fn an_entry_too_long_for_a_bundle_does_not_fit() {
    let mut long = record(1);
    assert!(long.entry().fits());
    let spare = MAX_BYTES - long.entry().bytes().len();
    long.facts.push_str(&" ".repeat(spare));
    assert!(long.entry().fits());
    long.facts.push(' ');
    assert!(!long.entry().fits());
}

proptest! {
    #[test]
    fn one_changed_byte_names_its_entry(
        count in 1_u64..24,
        pick: prop::sample::Index,
        place: prop::sample::Index,
        flip in 1_u8..=255,
        checkpoints in prop::collection::vec(0_u64..24, 0..3),
    ) {
        let sizes: Vec<u64> = checkpoints.into_iter().filter(|&size| size <= count).collect();
        let mut journal = Journal::of(count, &sizes);
        let victim = pick.index(journal.records.len());
        tamper(&mut journal.records[victim], place, flip);
        prop_assert_eq!(journal.fault().0, FIRST + victim as u64);
    }

    #[test]
    fn no_two_entries_have_the_same_bytes(
        one in ("[ab]{0,3}", "[ab]{0,3}", "[ab]{0,3}", "[ab]{0,3}", "[ab]{0,3}"),
        two in ("[ab]{0,3}", "[ab]{0,3}", "[ab]{0,3}", "[ab]{0,3}", "[ab]{0,3}"),
    ) {
        type Texts = (String, String, String, String, String);
        let bytes = |(who, verb, noun, id, facts): &Texts| {
            let noun_id = id.as_bytes();
            let none = [0; 32];
            Entry { seq: 1, at: 0, who, verb, noun, noun_id, facts, commitment: none, previous: none }
                .bytes()
        };
        prop_assert_eq!(bytes(&one) == bytes(&two), one == two);
    }
}
