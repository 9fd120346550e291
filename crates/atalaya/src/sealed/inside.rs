//! The inside of an envelope: a POSIX tar (ustar, IEEE 1003.1), so that whoever can decrypt it can
//! unpack it. It tells no time, owner or mode, and its last member `.pad` brings it to a Padmé size.

use std::collections::{BTreeMap, VecDeque};
use std::io::Read;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::{Error, Result};

const BLOCK: usize = 512;
/// The least size.
const FLOOR: u64 = 64 * 1024;

/// The size that `size` bytes are padded to (Padmé: Nikitin and others, 2019): at most 12 % more.
pub fn padme(size: u64) -> u64 {
    if size <= FLOOR {
        return FLOOR;
    }
    let exponent = size.ilog2();
    let step = 1_u64 << (exponent - exponent.ilog2() - 1);
    size.div_ceil(step).saturating_mul(step)
}

/// `manifest.json` of an envelope.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Cover {
    /// The form of this text.
    pub schema: String,
    /// `A`, `B` or `C`.
    #[serde(default)]
    pub grade: String,
    /// Language of the text.
    #[serde(default)]
    pub language: String,
    /// Label that the writer asks for.
    #[serde(default)]
    pub label: String,
    /// Whom to seal an answer to; in the first envelope only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reply_certificate: String,
    /// SHA-256 of the newest envelope that its writer had seen, or empty.
    #[serde(default)]
    pub prev: String,
    /// SHA-256 of its writer's own before it, or empty.
    #[serde(default)]
    pub own: String,
    /// What of each side its writer was shown before it. Envelopes of before say nothing of it.
    #[serde(default)]
    pub shown: Shown,
    /// What is in `files/`.
    #[serde(default)]
    pub files: Vec<Listed>,
}

/// What the writer of an envelope was shown, of the reporter's messages and of the team's answers. Whoever reads it
/// compares: a server that hides a message from one side and lists another's hash to the other shows (`chain.js`).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Shown {
    /// The reporter's messages.
    #[serde(rename = "in")]
    pub inward: Side,
    /// The team's answers.
    #[serde(rename = "out")]
    pub outward: Side,
}

/// One side of a dialogue: how many envelopes, and SHA-256 of the last, or empty.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Side {
    pub count: usize,
    pub last: String,
}

/// A file in an envelope.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Listed {
    /// Its name in the tar: `files/001`.
    pub name: String,
    /// Its name on the writer's device.
    pub original: String,
    /// Bytes.
    pub size: u64,
    /// Its hash.
    pub sha256: String,
}

/// A member on its way in: its name and bytes.
pub type Member = (String, Zeroizing<Vec<u8>>);

enum Piece {
    Header(Vec<u8>),
    Content(Zeroizing<Vec<u8>>),
    Zeros(u64),
}

/// A tar as a stream.
pub struct Tar {
    pieces: VecDeque<Piece>,
    at: usize,
}

/// Packs members, and a `.pad` behind them.
pub fn pack(members: Vec<Member>) -> Result<Tar> {
    let mut pieces = VecDeque::new();
    let mut size = 0;
    for (name, content) in members {
        let length = content.len() as u64;
        let rest = length.next_multiple_of(BLOCK as u64) - length;
        size += BLOCK as u64 + length + rest;
        pieces.extend([Piece::Header(header(&name, length)?), Piece::Content(content), Piece::Zeros(rest)]);
    }
    let bare = size + 3 * BLOCK as u64;
    let pad = padme(bare) - bare;
    pieces.extend([Piece::Header(header(".pad", pad)?), Piece::Zeros(pad + 2 * BLOCK as u64)]);
    Ok(Tar { pieces, at: 0 })
}

impl Read for Tar {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while let Some(piece) = self.pieces.front_mut() {
            let from: &[u8] = match piece {
                Piece::Header(bytes) => bytes.get(self.at..).unwrap_or_default(),
                Piece::Content(bytes) => bytes.get(self.at..).unwrap_or_default(),
                Piece::Zeros(left) if *left > 0 => {
                    let count = usize::try_from(*left).unwrap_or(usize::MAX).min(into.len());
                    into.iter_mut().take(count).for_each(|byte| *byte = 0);
                    *left -= count as u64;
                    return Ok(count);
                }
                Piece::Zeros(_) => &[],
            };
            if from.is_empty() {
                self.pieces.pop_front();
                self.at = 0;
                continue;
            }
            let count = from.len().min(into.len());
            for (to, from) in into.iter_mut().zip(from) {
                *to = *from;
            }
            self.at += count;
            return Ok(count);
        }
        Ok(0)
    }
}

fn header(name: &str, size: u64) -> Result<Vec<u8>> {
    if name.len() > 99 || size >= 1 << 33 {
        return Err(Error::invalid("a file is too large, or its name too long"));
    }
    let mut block = vec![0_u8; BLOCK];
    let mut put = |at: usize, text: &str| {
        for (to, from) in block.iter_mut().skip(at).zip(text.bytes()) {
            *to = from;
        }
    };
    put(0, name);
    put(100, "0000600\0");
    put(108, "0000000\0");
    put(116, "0000000\0");
    put(124, &format!("{size:011o}\0"));
    put(136, "00000000000\0");
    put(148, "        ");
    put(156, "0");
    put(257, "ustar\0");
    put(263, "00");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    for (to, from) in block.iter_mut().skip(148).zip(format!("{sum:06o}\0 ").bytes()) {
        *to = from;
    }
    Ok(block)
}

/// The members of a tar; what is no plain file is left out. Stops at what it does not understand.
pub fn unpack(bytes: &[u8]) -> BTreeMap<String, &[u8]> {
    let mut members = BTreeMap::new();
    let mut at = 0_usize;
    while let Some(block) = bytes.get(at..at.saturating_add(BLOCK)) {
        let field = |from: usize, length: usize| {
            let text = block.get(from..from + length).unwrap_or_default();
            String::from_utf8_lossy(text.split(|byte| *byte == 0).next().unwrap_or_default()).trim().to_owned()
        };
        let Ok(size) = usize::from_str_radix(&field(124, 12), 8) else { break };
        let from = at + BLOCK;
        let (name, Some(content)) = (field(0, 100), bytes.get(from..from.saturating_add(size))) else { break };
        if name.is_empty() || block.get(257..262).is_none_or(|magic| magic != b"ustar") {
            break;
        }
        if matches!(field(156, 1).as_str(), "0" | "") {
            members.entry(name).or_insert(content);
        }
        at = from + size.next_multiple_of(BLOCK);
    }
    members
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

    use super::*;

    #[test]
    fn what_is_packed_comes_out_again_at_a_size_that_says_little() {
        for size in [0_usize, 1, 511, 512, 513, 60_000, 70_000, 1 << 20, (1 << 20) + 1] {
            let content: Vec<u8> = (0..size).map(|at| u8::try_from(at % 251).unwrap()).collect();
            let mut tar = Vec::new();
            pack(vec![("report.txt".into(), Zeroizing::new(b"text".to_vec())), ("files/001".into(), Zeroizing::new(content.clone()))])
                .unwrap()
                .read_to_end(&mut tar)
                .unwrap();
            assert_eq!(padme(tar.len() as u64), tar.len() as u64, "{size}");
            let members = unpack(&tar);
            assert_eq!((members["report.txt"], members["files/001"]), (&b"text"[..], &content[..]));
        }
        assert_eq!((padme(0), padme(65_537), padme(1_000_000)), (65_536, 67_584, 1_015_808));
    }
}
