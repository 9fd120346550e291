//! Documents that are not released: numbered below the first release, and valid all the same.

use crate::given::complete;
use crate::write::valid;
use csaf::advisory::Status;
use csaf::version::{Level, Scheme, next};
use csaf::write::Edition;
use proptest::prelude::*;
use proptest::sample::select;

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_draft_is_valid_and_its_first_release_too(mut advisory in complete(), scheme in select(vec![Scheme::Integer, Scheme::Semantic]), levels in prop::collection::vec(select(vec![Level::Patch, Level::Major]), 0..3)) {
        // The history of a draft is one line: what was never released has no history (test 6.1.18).
        let mut number = next(scheme, None, false, Level::None).unwrap();
        for level in levels {
            number = next(scheme, Some(&number), false, level).unwrap();
        }
        advisory.status = Status::Draft;
        advisory.revisions.truncate(1);
        advisory.revisions[0].number = number.clone();
        advisory.current_release_date = advisory.revisions[0].date;
        for edition in Edition::ALL {
            valid(&advisory, edition);
        }
        advisory.status = Status::Final;
        advisory.revisions[0].number = next(scheme, Some(&number), true, Level::None).unwrap();
        for edition in Edition::ALL {
            valid(&advisory, edition);
        }
    }
}
