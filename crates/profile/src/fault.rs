//! What is wrong with a profile, in words an operator can act on.

use std::fmt;

/// One mistake in a profile: `sector.toml:14: zone is "Africa/Masseru", expected a time zone ...`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file as it was named to the reader.
    pub file: String,
    /// The line in it, from 1.
    pub line: usize,
    /// What stands there.
    pub found: String,
    /// What could stand there instead.
    pub expected: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, found, expected } = self;
        write!(f, "{file}:{line}: {found}, expected {expected}")
    }
}

impl std::error::Error for Fault {}
