//! Triage: the inbox, and what one decides about a report there.
//!
//! The room has no noun of its own. It shows reports ([`queue`], [`opened`]), says what an act
//! would do before it is done ([`acts`]), and calls the verbs of `reports` and `cases`.

pub mod acts;
mod call;
mod files;
mod marked;
mod opened;
mod place;
pub mod queue;
mod sheet;
mod told;
pub mod web;

pub use call::{call, take_call};
pub use files::{answer_file, answer_page, download, mail_file, mails, original, original_file, original_page};
pub use place::{place, put, take_back};
pub use sheet::{answer, batch, referral, rejection};
pub use told::verdict as said;
