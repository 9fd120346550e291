//! The one place that knows the crate that judges documents. Its interface moves with every minor
//! version, so it is pinned and nothing of it goes out of here: JSON and test ids go in, our
//! [`Finding`]s come out.

use crate::validate::{Finding, Group};
use crate::write::Edition;
use csaf_rs::csaf::raw::RawDocument;
use csaf_rs::schema::csaf2_0::schema::CommonSecurityAdvisoryFramework as Document20;
use csaf_rs::schema::csaf2_1::schema::CommonSecurityAdvisoryFramework as Document21;
use csaf_rs::validation::{TestResultStatus, Validatable, ValidationError};
use serde_json::Value;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The id under which the schema is a test.
pub(crate) const SCHEMA: &str = "schema";

/// What came of one test.
pub(crate) enum Outcome {
    /// Nothing to say.
    Passed,
    /// Something to say.
    Failed(Vec<Finding>),
    /// The standard has the test, the judge has not.
    NotImplemented,
    /// The document is too broken for it; the schema's findings say how.
    Skipped,
}

/// A document ready to be judged.
pub(crate) enum Judge {
    Old(Box<RawDocument<Document20>>),
    New(Box<RawDocument<Document21>>),
}

impl Judge {
    pub(crate) fn new(document: Value, edition: Edition) -> Self {
        match edition {
            Edition::V20 => Self::Old(Box::new(RawDocument::new(document))),
            Edition::V21 => Self::New(Box::new(RawDocument::new(document))),
        }
    }

    /// One test. A fault of the judge on a document that nobody thought of is a finding and does not end
    /// the program.
    pub(crate) fn run(&self, test: &str) -> Outcome {
        let run = || match self {
            Self::Old(document) => document.run_test(test).status,
            Self::New(document) => document.run_test(test).status,
        };
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(TestResultStatus::Success) => Outcome::Passed,
            Ok(TestResultStatus::NotFound) => Outcome::NotImplemented,
            Ok(TestResultStatus::Skipped) => Outcome::Skipped,
            Ok(TestResultStatus::Failure { errors, warnings, infos }) => {
                let errors = errors.into_iter().map(|found| finding(test, found));
                // What a mandatory test can't decide, such as a version range of an unknown type, it
                // only warns of (CSAF 2.1, test 6.1.50).
                let advice = warnings.into_iter().chain(infos).map(|found| Finding { blocks: false, ..finding(test, found) });
                Outcome::Failed(errors.chain(advice).collect())
            }
            Err(_) => Outcome::Failed(vec![Finding::new(test, "", "the judge of this test failed on the document")]),
        }
    }
}

fn finding(test: &str, found: ValidationError) -> Finding {
    Finding::new(test, &found.instance_path, &found.message)
}

/// The ids of a group of tests, in the standard's order.
pub(crate) fn tests(edition: Edition, group: Group) -> Vec<&'static str> {
    let preset = match (edition, group) {
        (_, Group::Schema) => SCHEMA,
        (_, Group::Mandatory) => "mandatory",
        (Edition::V20, Group::Optional) => "optional",
        (Edition::V21, Group::Optional) => "recommended",
        (_, Group::Informative) => "informative",
    };
    let found = match edition {
        Edition::V20 => Document20::tests_in_preset(preset),
        Edition::V21 => Document21::tests_in_preset(preset),
    };
    found.unwrap_or_default()
}
