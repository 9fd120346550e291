//! Hashes (requirement 18): two of them, in lower case, with the file's name after two spaces so that
//! `sha256sum -c` reads them.

use sha2::{Digest, Sha256, Sha512};

/// The sums of a file, as hexadecimal digits in small letters.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sums {
    /// SHA-256.
    pub sha256: String,
    /// SHA-512.
    pub sha512: String,
}

impl Sums {
    /// The sums of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self { sha256: digits(&Sha256::digest(bytes)), sha512: digits(&Sha512::digest(bytes)) }
    }
}

/// The content of a `.sha256` or `.sha512` file.
pub(super) fn line(digits: &str, name: &str) -> String {
    format!("{digits}  {name}\n")
}

fn digits(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
