//! What one machine and many must answer alike: the lake in a bucket with several writers, the same
//! questions put to other engines.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "tests may fall")]
#![allow(clippy::expect_used, clippy::cast_possible_wrap, clippy::print_stdout, clippy::print_stderr, reason = "tests tell what they see")]

mod bucket;
mod cluster;
mod oracle;
#[path = "../../../atalaya/tests/all/house/postgres.rs"]
#[allow(dead_code, reason = "the program's own tests use more of it")]
mod postgres;
mod program;
mod questions;
mod spark;
mod whole;
mod wire;
mod world;
mod writers;
