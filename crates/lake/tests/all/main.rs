//! The lake from the outside: what goes in, and what lies in its files then.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::print_stdout,
    reason = "tests may fall"
)]

mod exactly_once;
mod found;
mod fuzz;
mod held;
mod kill;
mod upkeep;
mod world;
mod writers;
