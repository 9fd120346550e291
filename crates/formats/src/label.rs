//! The two labels that travel with information: TLP says who may see it, PAP what may be done with
//! it. Both are ordered by restriction, so two labelled things put together carry the higher label
//! ([`Tlp::join`]). That order, and nothing else, decides what a recipient may get.
//!
//! TLP is version 2.0 of the FIRST standard (2022); PAP is the Permissible Actions Protocol as the
//! MISP taxonomy gives it. Both called their lowest level WHITE once, which is still read as CLEAR.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Traffic Light Protocol 2.0: how far information may be shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Tlp {
    /// No limit on disclosure.
    Clear,
    /// The recipient's community.
    Green,
    /// The recipient's organisation and its clients, on a need-to-know basis.
    Amber,
    /// The recipient's organisation only.
    AmberStrict,
    /// The individual recipients only.
    Red,
}

impl Tlp {
    /// Every level, the least restricted first.
    pub const ALL: [Self; 5] = [Self::Clear, Self::Green, Self::Amber, Self::AmberStrict, Self::Red];

    /// The level alone: `AMBER+STRICT`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "CLEAR",
            Self::Green => "GREEN",
            Self::Amber => "AMBER",
            Self::AmberStrict => "AMBER+STRICT",
            Self::Red => "RED",
        }
    }

    /// The label as TLP 2.0 wants it on documents and in subjects: `TLP:AMBER+STRICT`.
    pub fn marking(self) -> &'static str {
        match self {
            Self::Clear => "TLP:CLEAR",
            Self::Green => "TLP:GREEN",
            Self::Amber => "TLP:AMBER",
            Self::AmberStrict => "TLP:AMBER+STRICT",
            Self::Red => "TLP:RED",
        }
    }

    /// The style sheet's class. AMBER+STRICT shares AMBER's colour (TLP 2.0, section 4).
    pub fn css(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Green => "green",
            Self::Amber | Self::AmberStrict => "amber",
            Self::Red => "red",
        }
    }

    /// The label of two things put together: the more restricted one.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        self.max(other)
    }

    /// The most restricted label that a line of somebody's text carries: `TLP:AMBER`, in any case
    /// and with spaces around the colon. Words after it are words.
    pub fn marked_in(line: &str) -> Option<Self> {
        let line: Vec<char> = line.chars().map(|c| c.to_ascii_uppercase()).collect();
        let level = |from: usize| {
            let rest = line.get(from..)?;
            let rest: String = rest.iter().skip_while(|c| c.is_whitespace()).collect();
            let rest = rest.strip_prefix(':')?.trim_start();
            let word: String = rest.chars().take_while(char::is_ascii_alphabetic).collect();
            match word.as_str() {
                "CLEAR" | "WHITE" => Some(Self::Clear),
                "GREEN" => Some(Self::Green),
                "AMBER" => {
                    let after = rest.strip_prefix("AMBER").unwrap_or_default().trim_start();
                    let strict = after.strip_prefix('+').is_some_and(|more| more.trim_start().starts_with("STRICT"));
                    Some(if strict { Self::AmberStrict } else { Self::Amber })
                }
                "RED" => Some(Self::Red),
                _ => None,
            }
        };
        let begins = |at: usize| at.checked_sub(1).and_then(|before| line.get(before)).is_none_or(|c| !c.is_alphanumeric());
        (0..line.len()).filter(|at| line.get(*at..*at + 3) == Some(&['T', 'L', 'P']) && begins(*at)).filter_map(|at| level(at + 3)).max()
    }
}

/// Permissible Actions Protocol: what a recipient may do with information.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Pap {
    /// Anything.
    Clear,
    /// Active actions, such as blocking traffic from and to the target.
    Green,
    /// Passive cross-checks, such as asking a third party's service.
    Amber,
    /// Only what nobody outside can notice, such as reading one's own logs.
    Red,
}

impl Pap {
    /// Every level, the least restricted first.
    pub const ALL: [Self; 4] = [Self::Clear, Self::Green, Self::Amber, Self::Red];

    /// The level alone: `AMBER`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "CLEAR",
            Self::Green => "GREEN",
            Self::Amber => "AMBER",
            Self::Red => "RED",
        }
    }

    /// The label as written beside a TLP label: `PAP:AMBER`.
    pub fn marking(self) -> &'static str {
        match self {
            Self::Clear => "PAP:CLEAR",
            Self::Green => "PAP:GREEN",
            Self::Amber => "PAP:AMBER",
            Self::Red => "PAP:RED",
        }
    }

    /// The style sheet's class.
    pub fn css(self) -> &'static str {
        match self {
            Self::Clear => "clear",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }

    /// The label of two things put together: the more restricted one.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        self.max(other)
    }
}

/// What a labelled thing carries. A missing PAP means that its source stated none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Label {
    pub tlp: Tlp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pap: Option<Pap>,
}

impl Label {
    /// A label without PAP.
    pub fn of(tlp: Tlp) -> Self {
        Self { tlp, pap: None }
    }

    /// The label of two things put together. A stated PAP outweighs none, because the thing that
    /// carries the statement is part of the whole.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self { tlp: self.tlp.join(other.tlp), pap: self.pap.max(other.pap) }
    }
}

impl From<Tlp> for Label {
    fn from(tlp: Tlp) -> Self {
        Self::of(tlp)
    }
}

/// `TLP:AMBER`, or `TLP:AMBER PAP:GREEN`.
impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tlp.marking())?;
        match self.pap {
            Some(pap) => write!(f, " {}", pap.marking()),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Tlp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Pap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// With or without `TLP:`, in any case; `WHITE` is TLP 1.0's word for CLEAR.
impl FromStr for Tlp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // As we write it ourselves: asked of each line of an event file.
        if let Some(known) = Self::ALL.into_iter().find(|tlp| tlp.as_str() == text) {
            return Ok(known);
        }
        let level = level(text, "TLP:");
        if level == "WHITE" {
            return Ok(Self::Clear);
        }
        let known = Self::ALL.into_iter().find(|tlp| tlp.as_str() == level);
        known.ok_or_else(|| Error::new("a TLP label", text, "expected CLEAR, GREEN, AMBER, AMBER+STRICT or RED"))
    }
}

/// With or without `PAP:`, in any case; `WHITE` is the older word for CLEAR.
impl FromStr for Pap {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let level = level(text, "PAP:");
        if level == "WHITE" {
            return Ok(Self::Clear);
        }
        let known = Self::ALL.into_iter().find(|pap| pap.as_str() == level);
        known.ok_or_else(|| Error::new("a PAP label", text, "expected CLEAR, GREEN, AMBER or RED"))
    }
}

fn level(text: &str, scheme: &str) -> String {
    let upper = text.trim().to_ascii_uppercase();
    upper.strip_prefix(scheme).map_or(upper.as_str(), str::trim).to_owned()
}

impl TryFrom<String> for Tlp {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Tlp> for String {
    fn from(tlp: Tlp) -> Self {
        tlp.as_str().to_owned()
    }
}

impl TryFrom<String> for Pap {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Pap> for String {
    fn from(pap: Pap) -> Self {
        pap.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Label, Pap, Tlp};
    use proptest::prelude::*;

    #[test]
    fn every_spelling_is_read() {
        let table = [
            ("CLEAR", Tlp::Clear),
            ("TLP:CLEAR", Tlp::Clear),
            ("white", Tlp::Clear),
            ("tlp:white", Tlp::Clear),
            ("Green", Tlp::Green),
            ("tlp:amber", Tlp::Amber),
            ("TLP: AMBER", Tlp::Amber),
            (" TLP:Amber+Strict ", Tlp::AmberStrict),
            ("RED", Tlp::Red),
        ];
        for (text, expect) in table {
            assert_eq!(text.parse::<Tlp>(), Ok(expect), "{text}");
        }
        for text in ["", "TLP:", "PAP:RED", "BLUE", "AMBER STRICT", "TLP:TLP:RED"] {
            assert!(text.parse::<Tlp>().is_err(), "{text}");
        }
        for tlp in Tlp::ALL {
            assert_eq!(tlp.marking().parse::<Tlp>(), Ok(tlp));
            assert_eq!(tlp.marking(), format!("TLP:{tlp}"));
        }
        for pap in Pap::ALL {
            assert_eq!(pap.marking().parse::<Pap>(), Ok(pap));
            assert_eq!(pap.marking(), format!("PAP:{pap}"));
        }
        assert_eq!("pap:white".parse::<Pap>(), Ok(Pap::Clear));
    }

    #[test]
    fn the_order_is_the_order_of_restriction() {
        assert!(Tlp::ALL.is_sorted() && Pap::ALL.is_sorted());
        assert!(Tlp::Amber < Tlp::AmberStrict && Tlp::AmberStrict < Tlp::Red);
        let label = Label { tlp: Tlp::Green, pap: None };
        assert_eq!(label.join(Label { tlp: Tlp::Clear, pap: Some(Pap::Red) }).to_string(), "TLP:GREEN PAP:RED");
    }

    fn labels() -> impl Strategy<Value = Label> {
        let tlp = proptest::sample::select(Tlp::ALL.to_vec());
        let pap = proptest::option::of(proptest::sample::select(Pap::ALL.to_vec()));
        (tlp, pap).prop_map(|(tlp, pap)| Label { tlp, pap })
    }

    proptest! {
        #[test]
        fn join_is_a_lattice(a in labels(), b in labels(), c in labels()) {
            prop_assert_eq!(a.join(a), a);
            prop_assert_eq!(a.join(b), b.join(a));
            prop_assert_eq!(a.join(b).join(c), a.join(b.join(c)));
            prop_assert!(a.join(b).tlp >= a.tlp && a.join(b).pap >= a.pap);
            prop_assert_eq!(a.join(b).tlp == a.tlp, b.tlp <= a.tlp);
        }
    }
}
