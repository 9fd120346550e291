//! Lines that cannot be events. Each is kept with the place and the reason, so that somebody can mend
//! it and hand it in again; the lines around it go on.

use std::fmt;
use std::sync::Arc;

/// How much of a rejected line is kept. The file itself is kept whole elsewhere.
pub const MAX_BYTES: usize = 64 * 1024;

/// One line that is no event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Where it begins, from 1; the header is line 1.
    pub line: u32,
    /// The column at fault, by the name in the file.
    pub column: Option<Arc<str>>,
    pub reason: Reason,
    /// The line as it stands in the file without its line end, up to [`MAX_BYTES`].
    pub bytes: Vec<u8>,
}

/// Why a line is no event. The codes are stable: they are stored and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// More or fewer fields than the header has.
    FieldCount,
    /// A quote opens and does not close, or something follows a closing quote.
    Quoting,
    /// Longer than a line may be.
    TooLong,
    /// Not the notation that the file is in (JSON, YAML, header lines).
    Syntax,
    /// A field that must be there is empty.
    Missing,
    /// The time cannot be read.
    Time,
    /// The time is before 1995 or more than a day ahead.
    TimeRange,
    /// Neither an address nor a network.
    Address,
    /// A port is a number from 0 to 65535.
    Port,
    /// Neither a name nor an address.
    Host,
    /// Neither address nor domain nor URL: nothing that the event is about.
    NoSubject,
    /// A field says something that the mapping has no word for and that must be known.
    Unknown,
}

impl Reason {
    pub const ALL: [Self; 12] = [
        Self::FieldCount,
        Self::Quoting,
        Self::TooLong,
        Self::Syntax,
        Self::Missing,
        Self::Time,
        Self::TimeRange,
        Self::Address,
        Self::Port,
        Self::Host,
        Self::NoSubject,
        Self::Unknown,
    ];

    /// The stable name in tables and figures.
    pub fn code(self) -> &'static str {
        match self {
            Self::FieldCount => "field_count",
            Self::Quoting => "quoting",
            Self::TooLong => "too_long",
            Self::Syntax => "syntax",
            Self::Missing => "missing",
            Self::Time => "time",
            Self::TimeRange => "time_range",
            Self::Address => "address",
            Self::Port => "port",
            Self::Host => "host",
            Self::NoSubject => "no_subject",
            Self::Unknown => "unknown",
        }
    }

    /// The reason of a code that [`Reason::code`] gave.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// One sentence for people.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FieldCount => "The line has more or fewer fields than the header.",
            Self::Quoting => "A quotation mark opens and does not close, or text follows a closing one.",
            Self::TooLong => "The line is longer than a line may be.",
            Self::Syntax => "The line is not written in the format of the file.",
            Self::Missing => "A field that must have a value is empty.",
            Self::Time => "The time cannot be read.",
            Self::TimeRange => "The time lies before 1995 or more than a day ahead.",
            Self::Address => "This is neither an IP address nor a network.",
            Self::Port => "A port is a number from 0 to 65535.",
            Self::Host => "This is neither a host name nor an IP address.",
            Self::NoSubject => "The line names no address, domain or URL that it is about.",
            Self::Unknown => "The field has a value that the mapping does not know.",
        })
    }
}
