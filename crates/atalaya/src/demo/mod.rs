//! A believable team at work, for looking at and for measuring.

mod scale;

pub use scale::fill;
