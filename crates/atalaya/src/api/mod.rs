//! The programming interface.
