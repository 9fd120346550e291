//! Event files: what feeds deliver about abuse and exposure, line by line, becomes rows of one shape.
//!
//! A [`Decoder`] reads a file by a [`mapping::Mapping`], which says how the file's columns become the
//! fields of an event and which is data, not code. It fills [`Events`], a batch of rows column by column;
//! a line that cannot be an event becomes a [`Rejected`] with the reason, and the rest goes on; a file that
//! nobody can read for sure is [`Held`] as a whole. `feed/mapping/README.md` describes mappings.
//!
//! Nothing here reads files or clocks: bytes come from the `Read` that is handed in, the time with the
//! [`Delivery`].

mod block;
mod csv;
mod decoder;
mod delivery;
pub mod events;
mod fields;
mod fill;
mod idea;
mod json;
pub mod mapping;
pub mod normal;
mod plan;
mod record;
pub mod rejected;
pub mod row;
pub mod synth;
pub mod texts;
pub mod words;

pub use decoder::{Decoder, Stop, Tally};
pub use delivery::Delivery;
pub use events::{Events, KeyPart, MAX_ROWS, Source};
pub use fields::feedback_report;
pub use mapping::{Mapping, Tables};
pub use plan::{Held, Plan};
pub use rejected::{MAX_BYTES, Reason, Rejected};
pub use row::{Role, Row, flag};
pub use texts::Texts;
pub use words::Words;
