//! Publications: alerts, advisories, guidance, the calendar, and the site's own pages.
//!
//! What is being written is a working copy that nobody outside sees; what was released is a version that never changes.
//! Everything public is read from the [`catalogue`], which knows versions only.

pub mod before;
pub mod catalogue;
pub mod csaf;
pub mod forms;
pub mod inside;
mod item;
pub mod known;
mod particulars;
pub mod products;
mod publish;
pub mod readers;
pub mod registrations;
mod review;
pub mod site;
mod sources;
mod start;
mod store;
pub mod warnings;
pub mod web;
mod write;

use ::store::Reader;

use crate::Result;
use crate::access::{Noun, Verb, Who, may};
use crate::app::Guides;

pub use catalogue::{Item, Memory, catalogue};
pub use item::{Listed, Publication, Version, get, list, versions};
pub use publish::{publish_due, release, schedule, supersede, unschedule, withdraw};
pub use review::{approve, hand_in, send_back};
pub use sources::{Source, add_source, remove_source, source_named, sources};
pub use start::{Filled, fill, is_empty};
pub use write::{New, Part, add, discard, excuse, revise, save};

/// Figures of fewer than this say nothing, and might say too much of one.
pub const ENOUGH: u64 = 10;

/// At start: what is public is known before the first page, and digests go on.
pub async fn wake(app: &crate::App) -> Result<()> {
    csaf::tell_of_old(app).await?;
    catalogue(app).await?;
    readers::digest_begin(app).await
}

/// Where the guidance for each type of RSIT stands that has some.
pub async fn guides(app: &crate::App) -> Result<Guides> {
    let (catalogue, site) = (catalogue(app).await?, app.profile.web.public_url.trim_end_matches('/'));
    let page = |known: &formats::rsit::RsitType| {
        Some((format!("{}/{}", known.class, known.name), format!("{site}{}", catalogue.guidance(known.class, known.name)?.path())))
    };
    Ok(formats::rsit::TYPES.iter().filter_map(page).collect())
}

/// How many wait for somebody to read them.
pub async fn count_to_read(reader: &mut Reader, who: &Who) -> Result<i64> {
    if may(who, Verb::Decide, Noun::Publication) { store::count_to_read(reader).await } else { Ok(0) }
}
