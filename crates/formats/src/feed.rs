//! Event files: what feeds deliver about abuse and exposure, line by line, becomes rows of one shape.
//!
//! [`Events`] is a batch of rows, column by column. How a file's columns become fields is data, not code.

pub mod events;
pub mod rejected;
pub mod row;
pub mod texts;
pub mod words;

pub use events::{Events, KeyPart, MAX_ROWS, Source};
pub use rejected::{Reason, Rejected};
pub use row::{Role, Row, flag};
pub use texts::Texts;
pub use words::Words;
