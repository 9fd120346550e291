//! The lake: where abuse events lie. Parquet files by day, a Delta log that says which of them count,
//! sets of event ids that keep each event from coming in twice, the compiled registry that says whose
//! an event is, and the questions that can be asked. Who answers them (an engine in the process, or a
//! cluster) is not known here.
//!
//! `docs/events.md` tells the walk of an event file.

mod buffer;
mod data;
pub mod erase;
mod error;
pub mod export;
pub mod fuzz;
pub mod held;
pub mod holders;
mod index;
pub mod intake;
mod key;
mod lake;
mod log;
mod place;
pub mod query;
pub mod rematch;
pub mod rewrite;
pub mod rollup;
mod rows;
mod scan;
pub mod schema;
mod upkeep;

pub use erase::{Erased, Expunged};
pub use error::{Error, Result};
pub use held::Event;
pub use holders::{Held, Holder, Holders, Resource, Subject, Via};
pub use intake::{Counts, Intake, Receipt, Start};
pub use key::{EventId, Key};
pub use lake::{Lake, Settings, Table, new_id};
pub use query::{Filter, Question, Rows, Sight, Span, Statement, Value, View};
pub use rematch::{Change, Gained, Move, Rematch};
pub use rewrite::Rewritten;
pub use rollup::{Cell, Rollup, Sketch};
pub use scan::{Addresses, Sighted, Sources, Tally, source_row, tally_row};
