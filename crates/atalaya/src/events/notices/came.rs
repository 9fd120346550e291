//! What came for an organisation after one arrival: for a program that fetches what is new, whenever it was seen.

use std::collections::BTreeSet;

use ::store::Reader;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{round, store};
use crate::events::store::day_of;
use crate::{Error, Result};

/// As many files are named at once; what came in more is fetched in parts.
const FILES: usize = 1_000;

/// Where events lie that came after one arrival.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// The files that brought them, by number, the smallest first.
    pub files: Vec<i64>,
    /// The first and the last day that they tell of.
    pub days: Option<(Date, Date)>,
    /// The arrival up to which that is all.
    pub to: i64,
    /// Whether more is there already.
    pub more: bool,
}

/// Where a holder's events lie that came after an arrival, or became its own, and up to another where one is named: what was
/// broken off goes on with the same. An arrival that is longer ago than is remembered is refused.
pub(in crate::events) async fn came(reader: &mut Reader, now: Timestamp, holder: i64, after: i64, to: Option<i64>) -> Result<Came> {
    if after < store::arrival_before(reader, now - round::KEPT).await? {
        return Err(Error::invalid(
            "What came so long ago is found by its days alone: fetch it with from and to, and go on with the arrival that the answer names",
        ));
    }
    let newest = store::newest_known(reader).await?;
    let mut to = to.map_or(newest, |to| to.min(newest));
    let mut places = store::came_of(reader, holder, after, to).await?;
    let numbers: BTreeSet<i64> = places.iter().map(|(number, ..)| *number).collect();
    if let Some(last) = numbers.iter().nth(FILES - 1).copied().filter(|_| numbers.len() > FILES) {
        places.retain(|(number, ..)| *number <= last);
        to = last;
    }
    let files: BTreeSet<i64> = places.iter().map(|(_, _, file)| *file).collect();
    let days = places.iter().map(|(_, day, _)| *day);
    let days = days.clone().min().zip(days.max()).map(|(first, last)| (day_of(first), day_of(last)));
    let more = to < newest && !store::came_of(reader, holder, to, newest).await?.is_empty();
    Ok(Came { files: files.into_iter().collect(), days, to, more })
}

/// The newest arrival: what came up to it is there.
pub(in crate::events) async fn newest(reader: &mut Reader) -> Result<i64> {
    Ok(store::newest_known(reader).await?)
}

/// Whether files that were read once are being read again: what is not there now would never be asked for again.
pub(in crate::events) async fn is_half_filled(reader: &mut Reader) -> Result<bool> {
    Ok(store::is_half_filled(reader).await?)
}
