//! OpenPGP (RFC 9580 and, for older keys, RFC 4880): certificates and whether they may be used
//! now, keys, sealing, opening, signing.
//!
//! No type of the library that does the mathematics stands in this interface, so that another can
//! take its place. The library knows no policy; [`policy`] is ours: what is expired, revoked, weak
//! or not meant for the purpose is refused here, with the reason. Whatever a stranger sends may make
//! the library panic: read it in the child process only ([`crate::child`]).

pub mod ask;
pub mod cert;
pub mod key;
pub mod look;
pub mod mail;
pub mod open;
pub mod policy;
pub mod protect;
pub mod seal;
pub mod sign;
pub mod survey;

pub use cert::Certificate;
pub use key::SecretKey;
pub use open::{Opened, open, open_session_key};
pub use policy::{Purpose, Standing};
pub use seal::{Sealing, reseal_head, seal, seal_body};
pub use sign::{Verdict, sign_cleartext, sign_detached, verify_cleartext, verify_detached};
pub use survey::{Reason, Survey, readers_of_head, survey, whole};

/// What went wrong, in one plain line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
pub enum Error {
    /// Its outside says that it is no encrypted message.
    #[error("{0}")]
    Outside(#[from] Reason),
    /// It is not OpenPGP, or damaged.
    #[error("{0}")]
    Unreadable(String),
    /// The certificate may not be used for this now.
    #[error("{0}")]
    Unusable(String),
    /// None of the keys at hand opens it.
    #[error("it is not encrypted to a key that is at hand")]
    NoKey,
    /// The passphrase is wrong.
    #[error("the passphrase is wrong")]
    Passphrase,
    /// It is larger than may be taken.
    #[error("what it holds is larger than {0} bytes")]
    TooLarge(u64),
    /// Reading or writing failed.
    #[error("{0}")]
    Io(String),
}

/// Result with [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    fn unreadable(what: &str, error: impl std::fmt::Display) -> Self {
        Self::Unreadable(format!("{what} could not be read: {error}"))
    }
}

/// Random numbers from bytes that the caller drew: the crate draws none itself.
fn dice(seed: [u8; 32]) -> rand::rngs::StdRng {
    rand::SeedableRng::from_seed(seed)
}

/// A name for a boundary that nobody can guess.
fn boundary(seed: [u8; 32]) -> String {
    use sha2::Digest as _;
    data_encoding::HEXLOWER.encode(sha2::Sha256::digest(seed).get(..16).unwrap_or_default())
}

/// Seconds since 1970, as OpenPGP counts them (RFC 9580 section 3.5).
fn stamp(at: jiff::Timestamp) -> pgp::types::Timestamp {
    pgp::types::Timestamp::from_secs(u32::try_from(at.as_second()).unwrap_or(u32::MAX))
}

fn instant(stamp: pgp::types::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_second(i64::from(stamp.as_secs())).unwrap_or_default()
}
