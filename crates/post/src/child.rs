//! What strangers wrote is read in a child process that can be killed: mail and OpenPGP. The parsers
//! are good, but they read what enemies write: bytes that make one loop, crash or eat memory end a
//! process that held nothing but them. The child has no environment, opens no file and starts no
//! process; its memory, its computing, its time and what it may say are bounded.
//!
//! [`Pool`] keeps a few children for all who ask; [`Reader`] asks for letters, [`Opener`] for OpenPGP.

mod frame;
mod inside;
mod opener;
mod pool;
mod reader;

pub use inside::run_child;
pub use opener::{Apart, Opener, Unopened};
pub use pool::Pool;
pub use reader::Reader;

/// Why a mail could not be read. The text is fit for a letter's `problems`;
/// [`crate::letter::unreadable`] makes a letter of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("The mail could not be read within {0} seconds.")]
    TookTooLong(u64),
    #[error("The reader crashed on this mail ({0}).")]
    Crashed(String),
    #[error("What was read of the mail is larger than {0} bytes.")]
    TooMuchOutput(usize),
    #[error("The mail is larger than {0} bytes.")]
    TooMuchInput(usize),
    #[error("What the reader said is not a letter.")]
    Garbled,
    /// Not the mail's fault: keep the raw mail and read it later.
    #[error("The reader could not be started: {0}")]
    NotStarted(String),
}
