//! What a publication says.
//!
//! A [`Content`] is everything that a reader can come to know of a publication: words in every language, and what is
//! the same in all of them. It is one value, so that a version can be kept whole, two can be compared
//! ([`changes`]), and a preview is what will appear. What is wanted before it may leave stands in [`wanted`], whether a
//! translation still says what its original says in [`translation`], what a newer version of somebody else's document
//! changes of what was made of the one before in [`follow`], who comes to something that takes place in
//! [`registration`], whom it concerns by the products that they run in [`affected`], and how a file of starting content is read in [`front`].
//!
//! Pure: no file, no socket, no clock.

pub mod affected;
pub mod changes;
pub mod content;
pub mod follow;
pub mod front;
pub mod key;
pub mod kind;
pub mod registration;
mod slug;
pub mod translation;
pub mod wanted;

pub use affected::{Concern, Hit, Runs};
pub use changes::Change;
pub use content::{Content, Exploited, Meeting, Origin, Reference, Severity, Words};
pub use key::Key;
pub use kind::Kind;
pub use registration::{Admission, News, Places, Seat};
pub use slug::slug;
pub use translation::State;
pub use wanted::Wanted;
