//! Keys of OpenPGP mail: those of the people we write with, and the mail address's own.
//!
//! *Directory*: which key speaks for which address, where it came from, who verified it and how
//! ([`directory`]). *Mail key*: the key of the team's mail address; the server holds it, sealed with the
//! instance's key, so that it can open and sign mail ([`own`]). It is no reader of sealed reports, ever.
//! *Seal*: what was found of a part of a mail: encrypted, signed, by whom ([`seen`]). *Protection*: how a
//! mail leaves ([`protect`]).

pub mod directory;
pub mod own;
pub mod protect;
pub mod ring;
pub mod seen;
mod store;
pub mod web;
pub mod wkd;

pub use directory::{Binding, Entry, Key, Source, take, take_in};
pub use own::MailKey;
pub use protect::{Choice, Plan, Protect};
pub use seen::{Line, lines};

/// A fingerprint as people compare it: in groups of four.
pub fn grouped(fingerprint: &str) -> String {
    let digits: Vec<char> = fingerprint.chars().collect();
    digits.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// An address in the spelling that the directory knows it by.
pub fn spelled(address: &str) -> String {
    address.trim().to_lowercase()
}
