//! Whether a translation still says what its original says.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::content::{Content, Words};

/// How a language of a publication stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It was written in it.
    Original,
    /// Translated from what the original says now.
    Current,
    /// The original says something else now.
    Outdated,
    /// A machine translated it.
    Machine,
    /// There is none.
    Missing,
}

impl State {
    /// The name in texts and style.
    pub fn name(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Current => "current",
            Self::Outdated => "outdated",
            Self::Machine => "machine",
            Self::Missing => "missing",
        }
    }
}

/// What identifies the words of an original: 16 hexadecimal digits of SHA-256. The order of its parts is part of it.
pub fn fingerprint(words: &Words) -> String {
    let mut hash = Sha256::new();
    for part in [&words.title, &words.summary, &words.affected, &words.act, &words.body, &words.place] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    HEXLOWER.encode(digest.first_chunk::<8>().unwrap_or(&[0; 8]))
}

impl Content {
    /// How a language stands.
    pub fn state(&self, tag: &str) -> State {
        let Some(words) = self.words.get(tag).filter(|words| !words.title.is_empty()) else { return State::Missing };
        if tag == self.original {
            State::Original
        } else if words.of != fingerprint(&self.own()) {
            State::Outdated
        } else if words.machine {
            State::Machine
        } else {
            State::Current
        }
    }

    /// Says that this language is a translation of what the original says now.
    pub fn translated(&mut self, tag: &str) {
        let of = fingerprint(&self.own());
        if let Some(words) = self.words.get_mut(tag) {
            words.of = of;
        }
    }
}
