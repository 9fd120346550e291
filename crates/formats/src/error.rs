//! The one error of this crate: some text is not what it was read as. It says what was expected,
//! shows the text (shortened, so that a hostile megabyte does not end up in a log line) and why.

/// How much of the offending text an [`Error`] keeps, in characters.
const SHOWN: usize = 80;

/// Text that could not be read. `Display` gives one line: `"192.0.2" is not a prefix: ...`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {what}: {why}")]
pub struct Error {
    what: &'static str,
    text: String,
    why: &'static str,
}

impl Error {
    pub(crate) fn new(what: &'static str, text: &str, why: &'static str) -> Self {
        let mut shown: String = text.chars().take(SHOWN).collect();
        if shown.len() < text.len() {
            shown.push('…');
        }
        Self { what, text: shown, why }
    }

    /// What the text was read as, with its article: "a prefix", "a TLP label".
    pub fn what(&self) -> &'static str {
        self.what
    }

    /// Why it is not one, as half a sentence.
    pub fn why(&self) -> &'static str {
        self.why
    }
}

#[cfg(test)]
mod tests {
    use super::Error;

    #[test]
    fn a_long_text_is_shortened() {
        let error = Error::new("a prefix", &"x".repeat(1_000_000), "too long");
        assert!(error.to_string().len() < 200);
        assert_eq!(Error::new("a prefix", "x", "no slash").to_string(), "\"x\" is not a prefix: no slash");
    }
}
