//! What can go wrong between us and a cluster, by what there is to do.

use spark_connect_core::SparkError;
use std::fmt;
use std::time::Duration;

/// gRPC's codes for what goes wrong on the way: cancelled, unknown, internal, unavailable. A cluster's own
/// refusal may have such a code as well, but says more.
const ON_THE_WAY: [i32; 4] = [1, 2, 13, 14];

/// As much of a cluster's words as a person reads.
const SHOWN: usize = 300;

#[derive(Debug)]
pub(crate) enum Trouble {
    /// The cluster understood, and cannot or will not.
    No(String),
    /// There is no way to it.
    Away(String),
    /// It no longer knows what was asked: it was started anew, or closed our session.
    Lost(String),
    /// Somebody called it off.
    Cancelled,
    /// It took longer than it may.
    Slow(Duration),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::No(why) => write!(f, "{why}"),
            Self::Away(why) => write!(f, "it is not reached ({why}); ask again once it is there"),
            Self::Lost(why) => write!(f, "it lost the question more than once ({why}); ask again"),
            Self::Cancelled => write!(f, "the question was called off"),
            Self::Slow(time) => write!(f, "it took longer than {} s; ask again, or for a shorter time", time.as_secs()),
        }
    }
}

impl From<SparkError> for Trouble {
    fn from(error: SparkError) -> Self {
        let text = error.message();
        let line = first_line(&text);
        let about = |what: &str| error.error_class.contains(what) || error.message.contains(what) || text.contains(what);
        if about("OPERATION_CANCELED") || about("JOB_CANCELLED") {
            Self::Cancelled
        } else if about("INVALID_HANDLE") {
            Self::Lost(line)
        } else if about("INVALID_CURSOR.DISCONNECTED") || (error.grpc_details.is_none() && error.grpc_code.is_some_and(|code| ON_THE_WAY.contains(&code))) {
            Self::Away(line)
        } else {
            Self::No(line)
        }
    }
}

/// The first line, without what follows of traces.
fn first_line(text: &str) -> String {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("it gave no reason").chars().take(SHOWN).collect()
}
