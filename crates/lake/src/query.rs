//! Questions about events. What can be asked is a list of SQL texts ([`text`]) with named parameters;
//! whose events the asker may see, and what was erased, is a condition that is put in here, from
//! numbers and never from text. A [`Statement`] can be given to any engine that speaks SQL and reads
//! Parquet.

mod filter;
pub mod text;
mod value;
mod view;

pub use filter::{After, Filter, Span};
pub use value::{Rows, Value};
pub use view::{DataFile, Statement, View};

use crate::Result;
use crate::lake::Lake;

/// Whose events somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// Everybody's, each event once.
    All,
    /// Those of some holders, as each has them.
    Holders(Vec<i64>),
}

/// By what events are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Day,
    Holder,
    Class,
    Type,
    Identifier,
    Feed,
    Kind,
    Asn,
    Country,
    Port,
    Malware,
    Severity,
    PeerAsn,
}

impl By {
    fn column(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Holder => "holder",
            Self::Class => "class",
            Self::Type => "type",
            Self::Identifier => "identifier",
            Self::Feed => "feed",
            Self::Kind => "kind",
            Self::Asn => "asn",
            Self::Country => "country",
            Self::Port => "port",
            Self::Malware => "malware",
            Self::Severity => "severity",
            Self::PeerAsn => "peer_asn",
        }
    }
}

/// What is asked.
#[derive(Debug, Clone)]
pub enum Question {
    /// Events, the newest first, with [`text::EVENT`] as columns. `after`: where the page before ended.
    Events { filter: Filter, after: Option<After>, limit: u32 },
    /// One event as each of its holders has it, by its id and day.
    Event { event: [u8; 16] },
    /// How many, by one thing, the most first (days in their order): `value`, `events`, `addresses`, `last`.
    Counts { filter: Filter, by: By, limit: u32 },
    /// How many by day and one thing: `day`, `value`, `events`.
    Histogram { filter: Filter, by: By },
    /// How many by day, class and type: `day`, `class`, `type`, `events`. What [`crate::Tally`] holds.
    Tally { filter: Filter },
    /// How many in all: `events`, `addresses`, `first`, `last`.
    Total { filter: Filter },
    /// What a holder has, before and since an instant: one row for each subject with its type, with the
    /// `state` `new`, `persisting` or `gone`. The filter's time spans both sides.
    Changes { filter: Filter, since: i64, limit: u32 },
    /// How many subjects in each state: `state`, `class`, `type`, `subjects`.
    ChangeCounts { filter: Filter, since: i64 },
    /// What nobody holds, by AS and network (/24, /48): `asn`, `network` (hexadecimal), `country`,
    /// `events`, `addresses`, `last`.
    Unmatched { filter: Filter, limit: u32 },
}

impl Lake {
    /// The table as it is now, to ask several questions of the same state.
    pub fn view(&self) -> Result<View> {
        let state = self.newest()?;
        View::new(self.inner.place.url(), &state.snapshot)
    }
}
