//! What one machine and many must answer alike: the lake in a bucket with several writers, the same
//! questions put to other engines.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "tests may fall")]
#![allow(clippy::expect_used, clippy::cast_possible_wrap, clippy::print_stdout, clippy::print_stderr, reason = "tests tell what they see")]

mod bucket;
mod cluster;
mod oracle;
mod questions;
mod spark;
mod wire;
mod world;
mod writers;
