//! The SQL of notices, by table.

mod arrivals;
mod claims;
mod rules;
mod standing;
mod told;
mod untold;

pub use arrivals::*;
pub use claims::*;
pub use rules::*;
pub use standing::*;
pub use told::*;
pub use untold::*;

use ::store::Row;

/// A small number of a row.
fn small(row: &mut Row) -> ::store::Result<i8> {
    Ok(i8::try_from(row.get::<i64>()?).unwrap_or(0))
}
