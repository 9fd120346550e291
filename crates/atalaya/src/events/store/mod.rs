//! The SQL of this room, by table.

mod feeds;
mod files;
mod rejects;
mod sums;
mod table;
mod upkeep;

pub use feeds::*;
pub use files::*;
pub use rejects::*;
pub use sums::*;
pub use table::*;
pub use upkeep::*;
