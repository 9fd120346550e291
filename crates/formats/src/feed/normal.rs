//! Normal forms: one spelling for each value, whatever the feed wrote, so that the same thing is found
//! by plain equality. Each reader takes a trimmed text and gives the value or nothing; none allocates
//! for what feeds usually write.

pub mod address;
pub mod name;
pub mod text;
pub mod time;
pub mod url;
pub mod value;
