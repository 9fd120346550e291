//! A bounded run of the fuzzers' entry points over seeds that were damaged.

use crate::given::{everything, information};
use csaf::fuzz;
use csaf::write::{Edition, bytes};
use proptest::prelude::*;

fn damaged(seed: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let cut = (any::<prop::sample::Index>(), 0..9usize, prop::collection::vec(any::<u8>(), 0..4));
    (Just(seed), prop::collection::vec(cut, 0..4)).prop_map(|(mut bytes, cuts)| {
        for (at, length, by) in cuts {
            let start = at.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, by);
        }
        bytes
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_documents_break_nothing(data in prop_oneof![damaged(bytes(&everything(), Edition::V20)), damaged(bytes(&everything(), Edition::V21))]) {
        fuzz::document(&data);
    }

    #[test]
    fn damaged_advisories_break_nothing(data in prop_oneof![damaged(serde_json::to_vec(&everything()).unwrap()), damaged(serde_json::to_vec(&information()).unwrap())]) {
        fuzz::advisory(&data);
    }

    #[test]
    fn the_next_number_comes_later(data in prop_oneof!["[0-9]{1,20}", "(0|[1-9][0-9]?)(\\.(0|[1-9][0-9]?)){2}(-[a-z0-9.]{1,6})?(\\+[a-z0-9]{1,3})?"]) {
        fuzz::number(data.as_bytes());
    }
}
