//! Search: found things of every kind, and views that somebody keeps. Reads only; what a viewer
//! may not know of is not found (invariant 4).

pub mod find;
mod store;
pub use crate::people::views;
pub mod web;
