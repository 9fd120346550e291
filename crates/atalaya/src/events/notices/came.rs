//! What came for an organisation after one arrival: for a program that fetches what is new, whenever it was seen.

use std::collections::BTreeSet;

use ::store::Reader;
use jiff::Timestamp;
use jiff::civil::Date;

use super::{round, store};
use crate::events::store::day_of;
use crate::{Error, Result};

/// As many files are named at once; what came in more is fetched in parts.
const FILES: usize = 5_000;

/// Where events lie that came after one arrival.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// The files that brought them, by number, the smallest first.
    pub files: Vec<i64>,
    /// The first and the last day that they tell of.
    pub days: Option<(Date, Date)>,
    /// The arrival up to which that is all.
    pub to: i64,
    /// Whether more has come since.
    pub more: bool,
}

/// Where a holder's events lie that came after an arrival, and up to another where one is named: what was broken off goes
/// on with the same. An arrival that is longer ago than is remembered is refused, and so is everything while files that
/// were read once are read again: what is passed over would never be asked for again.
pub(in crate::events) async fn came(reader: &mut Reader, now: Timestamp, holder: i64, after: i64, to: Option<i64>) -> Result<Came> {
    if store::is_half_filled(reader).await? {
        return Err(Error::Unanswered("The events are being read again from their files: ask again later".into()));
    }
    let newest = store::newest(reader).await?;
    if after > newest {
        return Err(Error::invalid(format!(
            "Nothing has the arrival {after} yet: the newest is {newest}. Fetch by days, and go on with the arrival that the answer names"
        )));
    }
    if after < store::arrival_before(reader, now - round::KEPT).await? {
        return Err(Error::invalid(
            "What came so long ago is found by its days alone: fetch it with from and to, and go on with the arrival that the answer names",
        ));
    }
    let mut to = to.map_or(newest, |to| to.min(newest));
    let mut arrivals = store::arrivals_of(reader, holder, after, to).await?;
    let whole: BTreeSet<i64> = arrivals.iter().map(|(arrival, ..)| *arrival).collect();
    let last = whole.iter().nth(FILES - 1).copied().filter(|_| whole.len() > FILES);
    if let Some(last) = last {
        arrivals.retain(|(arrival, ..)| *arrival <= last);
        to = last;
    }
    let files: BTreeSet<i64> = arrivals.iter().map(|(_, _, file, _)| *file).collect();
    let days = arrivals.iter().map(|(_, day, ..)| *day);
    let days = days.clone().min().zip(days.max()).map(|(first, last)| (day_of(first), day_of(last)));
    Ok(Came { files: files.into_iter().collect(), days, to, more: last.is_some() })
}

/// The newest arrival: what came up to it is there.
pub(in crate::events) async fn newest(reader: &mut Reader) -> Result<i64> {
    Ok(store::newest(reader).await?)
}
