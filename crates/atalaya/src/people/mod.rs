//! People with a log-in: sessions, second factor, groups, tokens.

mod sessions;

pub use sessions::{Session, visitor};
