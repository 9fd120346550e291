//! What is wrong with a table of mappings, and where.

use std::fmt;

/// One mistake: `shadowserver.toml:12: type.scan_rdp.fields.ip: there is no field "adress"`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file as it was named to the reader.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// The key at fault, as a path; empty when the file is no TOML.
    pub at: String,
    pub why: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, at, why } = self;
        if at.is_empty() { write!(f, "{file}:{line}: {why}") } else { write!(f, "{file}:{line}: {at}: {why}") }
    }
}

impl std::error::Error for Problem {}

/// The file under the reader's eyes and what was found wrong with it.
pub(super) struct Notes<'a> {
    pub file: &'a str,
    pub text: &'a str,
    pub found: Vec<Problem>,
}

impl Notes<'_> {
    /// Notes a mistake at a byte of the text.
    pub fn note(&mut self, byte: usize, at: impl Into<String>, why: impl Into<String>) {
        let line = self.text.bytes().take(byte).filter(|b| *b == b'\n').count() + 1;
        self.found.push(Problem { file: self.file.to_owned(), line, at: at.into(), why: why.into() });
    }
}
