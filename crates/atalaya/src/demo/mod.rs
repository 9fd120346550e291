//! A believable team at work, for looking and for measuring.
