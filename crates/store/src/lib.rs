//! The database: SQLite or PostgreSQL behind one SQL text.
//!
//! This is the only crate that sees SQL drivers. Rooms of the program write their statements once,
//! with `$1`, `$2`, ...; [`Reader`] runs what reads, [`Tx`] what writes, and [`Db::change`] is the
//! only way to a transaction whose writes matter.

mod bells;
mod blobs;
mod care;
mod clock;
mod db;
mod error;
mod flush;
mod jobs;
mod journal;
mod migrate;
mod nodes;
mod numbers;
mod read;
mod run;
mod search;
mod sqlite;
mod tx;
mod value;
mod writer;

pub use blobs::{Blobs, Kept, Upload, level};
pub use clock::{Clock, Entropy, Id, instant};
pub use db::Db;
pub use error::{Error, Result};
pub use jobs::{DeadJob, Job, Lease};
pub use journal::{JournalPart, Line, Record};
pub use migrate::Migration;
pub use read::Reader;
pub use search::Hit;
pub use tx::{HOUSEKEEPING, Tx};
pub use value::{FromRow, FromValue, Row, Statement, Value};
