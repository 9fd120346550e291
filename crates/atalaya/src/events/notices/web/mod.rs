//! The console's pages about notices: what was told, what is held, the rules and their dry runs.

mod claims;
mod notices;
mod rules;
mod untold;

pub use claims::{decide as decide_claim, list as claims};
pub use notices::{again, csv, list as notices, one as notice};
pub use rules::{add, change, edit, list as rules, month, new};
pub use untold::{list as untold, look_again};

/// A severity's class on a page; the least have no colour.
pub fn class(level: i8) -> &'static str {
    match level {
        4 => "critical",
        3 => "high",
        2 => "medium",
        _ => "",
    }
}
