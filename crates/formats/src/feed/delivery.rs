//! What is known of a file before it is read: who delivered it, when, and under which label.

use crate::label::Tlp;
use std::sync::Arc;

/// How a file came.
#[derive(Debug, Clone, Default)]
pub struct Delivery {
    /// The feed's name; empty: the mapping's.
    pub feed: Arc<str>,
    /// When it came, in microseconds since 1970. A file that is read again has the same time, so that it
    /// gives the same events.
    pub received: i64,
    /// The label of all that the feed delivers; an event with a higher one keeps it.
    pub tlp: Option<Tlp>,
}
