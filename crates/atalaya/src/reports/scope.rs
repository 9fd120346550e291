//! Whether something is ours: the team engages when its constituency is the target, the source or
//! an intermediary, and refers on what is not.

/// What somebody is in a case.
pub const ROLES: [&str; 5] = ["target", "source", "intermediary", "reporter", "other"];

/// What a report or case is to the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// A constituent is in it.
    In,
    /// Everybody in it is known, and nobody is a constituent.
    Out,
    /// Nobody is known to be the target, the source or an intermediary.
    Unknown,
}

impl Scope {
    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
            Self::Unknown => "unknown",
        }
    }
}

/// Whether an organisation of this status is served: registered or not, it counts the same here;
/// who comes first under load is another question.
pub fn is_constituent(status: &str) -> bool {
    matches!(status, "registered" | "unregistered")
}

/// Judges by roles and statuses, in pairs. One constituent that is target, source or intermediary
/// is enough; being the reporter or somebody else in it never is.
pub fn judge<'a>(parties: impl IntoIterator<Item = (&'a str, &'a str)>) -> Scope {
    let mut verdict = Scope::Unknown;
    for (role, status) in parties {
        if matches!(role, "target" | "source" | "intermediary") {
            if is_constituent(status) {
                return Scope::In;
            }
            verdict = Scope::Out;
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_constituent_that_is_target_source_or_intermediary_brings_a_case_into_scope() {
        for role in ROLES {
            for status in ["registered", "unregistered", "outside"] {
                let engaged = matches!(role, "target" | "source" | "intermediary");
                let expected = match (engaged, is_constituent(status)) {
                    (true, true) => Scope::In,
                    (true, false) => Scope::Out,
                    (false, _) => Scope::Unknown,
                };
                assert_eq!(judge([(role, status)]), expected, "{role} {status}");
                assert_eq!(judge([("target", "outside"), (role, status)]) == Scope::In, engaged && status != "outside");
                assert_eq!(judge([("source", "registered"), (role, status)]), Scope::In);
            }
        }
        assert_eq!(judge([]), Scope::Unknown);
    }
}
