//! Questions to the engine over a lake with known events; each answer is worked out a second time from
//! the events themselves.

mod questions;
mod world;
