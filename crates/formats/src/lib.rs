//! The words that security teams exchange, and how each is written: labels (TLP, PAP), the RSIT
//! classification, network resources (addresses, prefixes, AS numbers, domains) and observables
//! found in free text.
//!
//! Everything here is pure: no file, no socket, no clock, no randomness. The same input gives the
//! same output on every machine, which is why each module can be tested with plain tables and fed
//! to a fuzzer ([`fuzz`]). Nothing here panics on any input.

pub mod error;
pub mod feed;

pub mod fuzz;
pub mod label;
pub mod net;
pub mod observable;

pub mod rsit;

pub use error::Error;
