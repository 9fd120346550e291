//! x

pub mod advisory;
pub mod json;
#[cfg(feature = "validate")]
mod judge;
#[cfg(feature = "validate")]
pub mod validate;
pub mod version;
pub mod withdraw;
pub mod write;
