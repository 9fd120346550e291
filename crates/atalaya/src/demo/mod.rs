//! A believable team at work, for looking at and for measuring.
//!
//! Everything is made through the same verbs that pages, mail and programs use, with a clock that
//! walks from twelve days ago to now: what the demonstration shows, a team can do by hand.

mod cast;
mod feeds;
mod life;
mod publishing;
mod readers;
mod scale;
mod stories;
mod stories_government;
mod stories_registry;
mod world;

pub use life::live;
pub use readers::readers;
pub use scale::fill;
pub use world::{LOGINS, PASSWORD, is_one, owners};
