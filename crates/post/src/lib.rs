//! Mail in and out. A mail comes in over LMTP ([`lmtp`]) or is fetched from a hosted
//! mailbox ([`imap`]), is read in a killable child process ([`child`]) into a [`letter::Letter`], and finds its thread
//! by a signed Message-ID or reply address ([`address`]). A mail goes out as
//! the bytes that [`compose`] writes, through the smarthost ([`smtp`]).
//!
//! The crate knows no database, asks no clock and draws no random number: time
//! and random bytes are parameters. Whatever a stranger sends, reading it ends
//! in a letter: what could not be read is named in one line of `problems`.

pub mod address;
pub mod child;
pub mod compose;
pub mod fuzz;
pub mod imap;
pub mod letter;
pub mod lmtp;
pub mod openpgp;
pub mod quote;
pub mod smtp;
mod tls;
