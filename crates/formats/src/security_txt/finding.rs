//! What can be wrong with a `security.txt`, under the names that the checker `sectxt` made common, so that two
//! reports about one file can be laid side by side.

use std::fmt;

/// One thing about a file. `Display` gives a sentence, with the line where there is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub code: Code,
    /// The line, from 1; none for what is missing.
    pub line: Option<usize>,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// The standard forbids it.
    Error,
    /// The standard advises against it.
    Advice,
    /// Perhaps meant so.
    Notice,
}

/// What a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    Bom,
    Utf8,
    InvalidLine,
    EmptyKey,
    EmptyValue,
    SpaceBeforeColon,
    NoSpace,
    NoUri,
    NoHttps,
    InvalidExpiry,
    Expired,
    InvalidLanguage,
    SignedFormat,
    NoSignature,
    DataAfterSignature,
    NoLineEnd,
    LineEndsAfterSignature,
    NoContact,
    NoExpiry,
    TwoExpiries,
    TwoLanguages,
    NoCanonicalMatch,
    NoCsafFile,
    LongExpiry,
    NoEncryption,
    NotSigned,
    NoCanonical,
    TwoCsaf,
    UnknownField,
}

impl Code {
    /// The name that the tool gives it: `no_contact`.
    pub fn as_str(self) -> &'static str {
        self.parts().0
    }

    /// How much it weighs.
    pub fn grade(self) -> Grade {
        self.parts().1
    }

    /// What it means, as a sentence.
    pub fn said(self) -> &'static str {
        self.parts().2
    }

    fn parts(self) -> (&'static str, Grade, &'static str) {
        use Grade::{Advice, Error, Notice};
        match self {
            Self::Bom => ("bom_in_file", Error, "The file begins with a byte order mark."),
            Self::Utf8 => ("utf8", Error, "The file is not UTF-8."),
            Self::InvalidLine => ("invalid_line", Error, "This is neither a field nor a comment."),
            Self::EmptyKey => ("empty_key", Error, "A field has no name."),
            Self::EmptyValue => ("empty_value", Error, "A field has no value."),
            Self::SpaceBeforeColon => ("prec_ws", Error, "A space stands before the colon."),
            Self::NoSpace => ("no_space", Error, "No space follows the colon."),
            Self::NoUri => ("no_uri", Error, "The value is no address with a scheme, such as mailto: or https:."),
            Self::NoHttps => ("no_https", Error, "An address on the web must begin with https:."),
            Self::InvalidExpiry => ("invalid_expiry", Error, "The instant of expiry is not written as RFC 3339 says."),
            Self::Expired => ("expired", Error, "The file has expired: nobody may rely on it."),
            Self::InvalidLanguage => ("invalid_lang", Error, "A preferred language is no language tag."),
            Self::SignedFormat => ("signed_format_issue", Error, "Something stands before the beginning of the signed message."),
            Self::NoSignature => ("pgp_data_error", Error, "The signed message has no whole signature."),
            Self::DataAfterSignature => ("data_after_sig", Error, "Something follows the signature."),
            Self::NoLineEnd => ("no_line_separators", Error, "The last line has no end."),
            Self::LineEndsAfterSignature => ("too_many_line_separators", Error, "Empty lines follow the signature."),
            Self::NoContact => ("no_contact", Error, "There is no Contact."),
            Self::NoExpiry => ("no_expire", Error, "There is no Expires."),
            Self::TwoExpiries => ("multi_expire", Error, "Expires stands more than once."),
            Self::TwoLanguages => ("multi_lang", Error, "Preferred-Languages stands more than once."),
            Self::NoCanonicalMatch => ("no_canonical_match", Error, "The file lies elsewhere than its Canonical says."),
            Self::NoCsafFile => ("no_csaf_file", Error, "CSAF must lead to a provider-metadata.json."),
            Self::LongExpiry => ("long_expiry", Advice, "It expires more than a year ahead."),
            Self::NoEncryption => ("no_encryption", Advice, "There is a mail address, and no Encryption for mails to it."),
            Self::NotSigned => ("not_signed", Advice, "The file is not signed."),
            Self::NoCanonical => ("no_canonical", Advice, "A signed file should say where it lies (Canonical)."),
            Self::TwoCsaf => ("multiple_csaf_fields", Advice, "CSAF stands more than once."),
            Self::UnknownField => ("unknown_field", Notice, "The field is none of the standard's: perhaps its name is misspelt."),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "Line {line}: {}", self.code.said()),
            None => f.write_str(self.code.said()),
        }
    }
}
