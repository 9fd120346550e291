//! CVSS: from a vector to its numbers (sections 3.2.3.13 of CSAF 2.0 and 3.2.4.9.2 of 2.1). A vector is
//! the only thing that authors give, so score and severity always agree with it.

use super::object::Object;
use cvss_rs::v3::CvssV3;
use cvss_rs::v4_0::CvssV4;
use serde::{Deserialize, Serialize};

/// The words for a score, the same in CVSS 3.1 (section 5) and 4.0 (section 6).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// 0.0, or not said.
    #[default]
    None,
    /// 0.1 to 3.9
    Low,
    /// 4.0 to 6.9
    Medium,
    /// 7.0 to 8.9
    High,
    /// 9.0 to 10.0
    Critical,
}

impl Severity {
    /// All of them, the least first.
    pub const ALL: [Self; 5] = [Self::None, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The name in forms, texts and style: `critical`.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }

    fn of(tenths: u32) -> Self {
        match tenths {
            0 => Self::None,
            1..=39 => Self::Low,
            40..=69 => Self::Medium,
            70..=89 => Self::High,
            _ => Self::Critical,
        }
    }

    /// The word as CVSS writes it: `CRITICAL`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }
}

/// The score of a vector in tenths (98 is 9.8) and its severity: the base score of CVSS 3.0 or 3.1; for
/// CVSS 4.0, which has one score, that of the whole vector with its threat metric. Nothing when the text
/// is no such vector or a base metric is missing.
pub fn rating(vector: &str) -> Option<(u32, Severity)> {
    let score = match version(vector)? {
        "4.0" => vector.parse::<CvssV4>().ok()?.calculated_full_score()?,
        _ => vector.parse::<CvssV3>().ok()?.calculated_base_score()?,
    };
    // From 0.0 to 10.0 in steps of a tenth.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "held within 0 and 100")]
    let tenths = (score * 10.0).round().clamp(0.0, 100.0) as u32;
    Some((tenths, Severity::of(tenths)))
}

/// The version in a vector's prefix.
pub(super) fn version(vector: &str) -> Option<&'static str> {
    let rest = vector.strip_prefix("CVSS:")?;
    ["3.0", "3.1", "4.0"].into_iter().find(|known| rest.strip_prefix(known).is_some_and(|rest| rest.starts_with('/')))
}

/// The property's name (`cvss_v3`, `cvss_v4`) and the object in it. A text that is no vector is written
/// with a score of 0, so that tests 6.1.8 and 6.1.9 name it.
pub(super) fn content(vector: &str) -> (&'static str, Object) {
    let version = version(vector).unwrap_or("3.1");
    let (tenths, severity) = rating(vector).unwrap_or((0, Severity::None));
    let score = f64::from(tenths) / 10.0;
    let object = Object::new().set("baseScore", score).set("baseSeverity", severity.as_str());
    let object = object.set("vectorString", vector).set("version", version);
    (if version == "4.0" { "cvss_v4" } else { "cvss_v3" }, object)
}
