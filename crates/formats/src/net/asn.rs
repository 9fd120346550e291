//! Autonomous system numbers: 32 bits (RFC 6793), written `AS64501`, bare, or in two halves.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An autonomous system number. `Display` gives asplain with its letters: `AS64501` (RFC 5396).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Asn(pub u32);

impl fmt::Display for Asn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AS{}", self.0)
    }
}

/// `AS64501`, `as 64501`, `ASN64501`, `64501`, and asdot `1.10` (RFC 5396, section 2).
impl FromStr for Asn {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let bad = |why| Error::new("an AS number", text, why);
        let trimmed = text.trim();
        let letters = trimmed.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (word, rest) = trimmed.split_at(letters);
        if !["", "as", "asn"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
            return Err(bad("expected AS and a number"));
        }
        let number = rest.trim_start();
        let halves = match number.split_once('.') {
            Some((high, low)) => digits::<u16>(high).zip(digits::<u16>(low)).map(|(high, low)| (u32::from(high) << 16) | u32::from(low)),
            None => digits(number),
        };
        halves.map(Self).ok_or_else(|| bad("expected a number of at most 32 bits"))
    }
}

/// Plain digits only: the standard parser would also take a leading `+`.
fn digits<T: FromStr>(text: &str) -> Option<T> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::Asn;

    #[test]
    fn every_notation_is_read() {
        let table =
            [("AS64501", 64501), ("as 64501", 64501), ("ASN64501", 64501), ("64501", 64501), ("1.10", 65546), ("AS1.10", 65546), ("AS4294967295", u32::MAX)];
        for (text, number) in table {
            assert_eq!(text.parse::<Asn>(), Ok(Asn(number)), "{text}");
        }
        for text in ["", "AS", "AS-1", "AS+1", "4294967296", "1.65536", "1.2.3", "BS1", "AS1x", "a"] {
            assert!(text.parse::<Asn>().is_err(), "{text}");
        }
        assert_eq!(Asn(65546).to_string(), "AS65546");
    }
}
