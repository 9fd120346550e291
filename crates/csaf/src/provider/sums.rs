//! Hashes (requirement 18): two of them, in lower case, with the file's name after two spaces so that
//! `sha256sum -c` reads them.

use sha2::{Digest, Sha256, Sha512};

/// The content of a `.sha256` file.
pub fn sha256(bytes: &[u8], name: &str) -> String {
    line(&Sha256::digest(bytes), name)
}

/// The content of a `.sha512` file.
pub fn sha512(bytes: &[u8], name: &str) -> String {
    line(&Sha512::digest(bytes), name)
}

fn line(digest: &[u8], name: &str) -> String {
    let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{digits}  {name}\n")
}
