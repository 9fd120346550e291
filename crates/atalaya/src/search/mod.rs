//! Search: found things of every kind. Reads only; what a viewer
//! may not know of is not found (invariant 4).

pub mod find;
pub mod found;
pub mod question;
mod store;
pub mod web;
