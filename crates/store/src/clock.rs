//! Time, randomness and ids as parameters.
//!
//! Nothing in Atalaya asks the machine for the time or for random bytes: it asks the [`Clock`]
//! and the [`Entropy`] that the program was started with. Tests start it with a clock that
//! they turn by hand, so that "the next business day" needs no waiting.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Uuid};

/// Where "now" comes from.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock set by hand, shared by all its clones.
    Manual(Arc<Hands>),
}

/// Where the hands of a manual clock stand.
#[derive(Debug, Default)]
pub struct Hands {
    /// Microseconds since the epoch.
    at: AtomicI64,
    /// So many microseconds each look moves them on.
    step: AtomicI64,
}

impl Clock {
    /// A clock that stands still until it is set.
    pub fn manual(at: Timestamp) -> Self {
        Self::Manual(Arc::new(Hands { at: AtomicI64::new(at.as_microsecond()), ..Hands::default() }))
    }

    /// The current instant, in whole microseconds as the database keeps it.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
    pub fn now(&self) -> Timestamp {
        let micros = match self {
            Self::System => Timestamp::now().as_microsecond(),
            Self::Manual(hands) => hands.at.fetch_add(hands.step.load(Ordering::SeqCst), Ordering::SeqCst),
        };
        instant(micros)
    }

    /// Sets a manual clock; the system's clock is left alone.
    pub fn set(&self, to: Timestamp) {
        if let Self::Manual(hands) = self {
            hands.at.store(to.as_microsecond(), Ordering::SeqCst);
        }
    }

    /// From now on each look at a manual clock moves it on by so many microseconds, as the machine's moves between two looks:
    /// what has to happen in one instant is seen to take several.
    pub fn tick(&self, micros: i64) {
        if let Self::Manual(hands) = self {
            hands.step.store(micros, Ordering::SeqCst);
        }
    }
}

/// An instant from microseconds since the epoch; what lies outside the calendar becomes its edge.
pub fn instant(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(if micros < 0 { Timestamp::MIN } else { Timestamp::MAX })
}

/// Where random bytes come from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entropy;

impl Entropy {
    /// `N` bytes that nobody can guess.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's randomness")]
    pub fn bytes<const N: usize>(self) -> [u8; N] {
        let mut bytes = [0; N];
        if getrandom::fill(&mut bytes).is_err() {
            // A machine without randomness can keep no secret: stop rather than go on with zeros.
            std::process::abort();
        }
        bytes
    }
}

/// The key of a row: a UUID version 7 (RFC 9562 section 5.7), so that newer ids sort after older ones.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(pub [u8; 16]);

impl Id {
    /// A new id for the instant.
    pub fn new(at: Timestamp, entropy: Entropy) -> Self {
        let millis = u64::try_from(at.as_millisecond()).unwrap_or(0);
        let stamp = uuid::Timestamp::from_unix(NoContext, millis / 1000, u32::try_from(millis % 1000).unwrap_or(0) * 1_000_000);
        let mut bytes = *Uuid::new_v7(stamp).as_bytes();
        // The version and variant bits stay; all the rest is random.
        let random = entropy.bytes::<10>();
        for (at, (byte, fresh)) in bytes.iter_mut().skip(6).zip(random).enumerate() {
            let keep: u8 = match at {
                0 => 0xF0,
                2 => 0xC0,
                _ => 0,
            };
            *byte = (*byte & keep) | (fresh & !keep);
        }
        Self(bytes)
    }

    /// The bytes as the database keeps them.
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({self})")
    }
}

impl FromStr for Id {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Uuid::try_parse(text).map(|id| Self(*id.as_bytes())).map_err(|_| crate::Error::Shape("an id"))
    }
}

impl Serialize for Id {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
