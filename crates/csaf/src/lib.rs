//! x

pub mod advisory;
pub mod check;
#[cfg(feature = "validate")]
mod judge;
pub mod json;
mod name;
pub mod provider;
pub mod read;
pub mod translate;
#[cfg(feature = "validate")]
pub mod validate;
pub mod version;
pub mod withdraw;
pub mod write;

pub use name::file_name;
