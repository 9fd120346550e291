//! The words that security teams exchange, and how each is written: labels (TLP, PAP), the RSIT
//! classification, network resources (addresses, prefixes, AS numbers, domains), observables found in
//! free text, and what a team publishes: texts, feeds, calendars, `security.txt` and what changed in them.
//!
//! Everything here is pure: no file, no socket, no clock, no randomness. The same input gives the
//! same output on every machine, which is why each module can be tested with plain tables and fed
//! to a fuzzer ([`fuzz`]). Nothing here panics on any input.

pub mod atom;
pub mod diff;
pub mod error;
pub mod feed;

pub mod fuzz;
pub mod icalendar;
pub mod json_feed;
pub mod label;
pub mod markdown;
pub mod net;
pub mod observable;

pub mod rsit;
pub mod security_txt;
pub mod syndication;
pub mod text;
mod xml;

pub use error::Error;
