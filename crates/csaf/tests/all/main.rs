//! The crate from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail"
)]

mod check;
mod drafts;
mod fuzz;
mod given;
mod kit;
mod lives;
mod other;
mod provider;
mod read;
mod validate;
mod version;
mod write;
