//! Questions to the engine over a lake with known events; each answer is worked out a second time from
//! the events themselves.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "tests may fall")]

mod questions;
mod world;
