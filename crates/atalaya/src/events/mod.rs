//! Abuse events: who delivers them, the files they come in, and the lines that were none.
//!
//! A file is kept before anything is done with it ([`keep`]); the job [`read_events`] reads it by the
//! feed's mapping, and what becomes of it stands beside it: stored, held as a whole with one alarm, or
//! failed. A line that cannot be an event waits to be mended or dropped. Single events are looked up with [`found`];
//! what becomes of those that are stored is [`rematch_events`], [`tidy_events`] and [`erase`]. `docs/events.md` tells
//! the walk.

mod arrive;
mod concerned;
pub mod coverage;
mod desk;
mod engine;
mod erase;
mod feed;
mod fetch;
pub mod figures;
mod file;
pub mod folder;
pub mod found;
mod holders;
pub mod lake;
mod mail;
mod mentions;
pub mod notices;
mod place;
mod read;
mod reject;
mod sample;
mod selection;
mod store;
mod table;
mod unpack;
mod upkeep;
mod wanted;
pub mod web;

pub use ::lake::export::Form;
pub use arrive::{Arriving, Piece, Receipt, arrive, keep_in, receipt};
pub use concerned::{Sighting, Sought, concerned};
pub use erase::{Erasure, Whose, erase, erase_events, erased_networks, erasures};
pub use feed::{Feed, FeedDetails, Standing, add, by_name, change, get, list, look_at_columns, standing, standings};
pub use fetch::{Fetched, fetch};
pub use file::{
    Asked, EventFile, count_alarms, drop_file, file, file_of_feed, list as files, list_statement, newest, number_of, original, read_again, text_of_state,
};
pub use found::{Download, Page, Tallied};
pub use holders::{Held as HeldBy, Holders, add_holders, holders_of_case};
pub use mail::{ByMail, fetched, of_mail, take_in};
pub use mentions::mentions;
pub use read::{give_up, read_events};
pub use reject::{Reject, WantedRejects, correct, correct_all, count_open, drop_all, drop_rejects, rejected, rejects_statement};
pub use sample::{Sample, networks, sample};
pub use selection::{HOLDERS, Search, open_case, search, sources_csv};
pub use table::{MAKE_AGAIN, give_up_table, trouble};
pub use upkeep::{rematch_events, tidy_events, wake};
pub use wanted::{FIELDS, Wanted, query};
