//! A standing: what an organisation is known to have been told of, and how that is kept, sealed in one piece.

use std::io::{BufRead, BufReader, BufWriter, Read, Write};

use ::store::{Blobs, Kept, Reader};
use formats::label::Tlp;
use serde::{Deserialize, Serialize};
use vault::blob::Hash;

use super::group::Finding;
use super::key::Key;
use super::words::Words;
use crate::events::upkeep::blocking;
use crate::{App, Error, Result};

/// What an organisation was told of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Known {
    /// As it stood then.
    pub finding: Finding,
    /// All its events up to this arrival were told.
    pub told_to: i64,
    /// Whether it was told as gone.
    pub gone: bool,
    /// Whether it is another's now.
    #[serde(default)]
    pub left: bool,
    /// Whether the last notice told it as new.
    #[serde(default)]
    pub fresh: bool,
}

impl Known {
    /// Whether it is there still, and the organisation's.
    pub fn is_there(&self) -> bool {
        !self.gone && !self.left
    }

    /// Takes another in that was one of its own when every port made a difference.
    fn unite(&mut self, other: Self) {
        if other.finding.last > self.finding.last {
            let before = std::mem::replace(&mut self.finding, other.finding);
            self.finding.unite(&before);
        } else {
            self.finding.unite(&other.finding);
        }
        // What came of either since it was told is new to one of them: better told once more than not at all.
        self.told_to = self.told_to.min(other.told_to);
        (self.gone, self.left, self.fresh) = (self.gone && other.gone, self.left && other.left, self.fresh && other.fresh);
    }
}

/// One of many, in the order of keys.
pub fn find<'a>(known: &'a [Known], key: &Key) -> Option<&'a Known> {
    known.binary_search_by(|one| one.finding.key.cmp(key)).ok().and_then(|at| known.get(at))
}

/// The first line of a standing, which no other has.
#[derive(Serialize, Deserialize)]
struct Head {
    holder: i64,
    turn: i64,
    /// How many findings of each label, the lowest first, are there still; nothing in those of before.
    #[serde(default)]
    open: Vec<usize>,
}

/// How many of each label are there still.
fn count(known: &[Known]) -> Vec<usize> {
    Tlp::ALL.map(|label| known.iter().filter(|known| known.finding.tlp == label && known.is_there()).count()).into()
}

/// Seals its first line, then a line for each finding, as they come: there may be a million. It waits for the disk.
pub fn sealed(blobs: &Blobs, holder: i64, turn: i64, known: &[Known]) -> Result<Kept> {
    let mut out = BufWriter::new(blobs.upload());
    serde_json::to_writer(&mut out, &Head { holder, turn, open: count(known) }).map_err(Error::fault)?;
    for one in known {
        out.write_all(b"\n").map_err(Error::fault)?;
        serde_json::to_writer(&mut out, one).map_err(Error::fault)?;
    }
    let out = out.into_inner().map_err(|error| Error::fault(error.into_error()))?;
    Ok(out.finish()?)
}

/// The findings, each once, in the order of keys. They are read line by line: their text is longer than they are.
pub async fn known(app: &App, reader: &mut Reader, list: Option<Hash>) -> Result<Vec<Known>> {
    let Some(list) = list else { return Ok(Vec::new()) };
    let sealed = app.blobs.open_stream(reader, list).await?;
    blocking(move || opened(BufReader::new(sealed))).await
}

fn opened(sealed: BufReader<impl Read>) -> Result<Vec<Known>> {
    let (mut all, mut words): (Vec<Known>, Words) = Default::default();
    for line in sealed.split(b'\n').skip(1) {
        let mut one: Known = serde_json::from_slice(&line.map_err(Error::fault)?).map_err(Error::fault)?;
        one.finding.key = one.finding.key.normal();
        words.share(&mut one.finding);
        all.push(one);
    }
    if !all.is_sorted_by(|one, next| one.finding.key < next.finding.key) {
        all.sort_by(|one, other| one.finding.key.cmp(&other.finding.key));
        all = united(all);
    }
    Ok(all)
}

/// Each once, of such as were several when every port made a difference.
fn united(all: Vec<Known>) -> Vec<Known> {
    let mut once: Vec<Known> = Vec::with_capacity(all.len());
    for one in all {
        match once.last_mut().filter(|last| last.finding.key == one.finding.key) {
            Some(last) => last.unite(one),
            None => once.push(one),
        }
    }
    once
}

/// How many are there still, of those that may leave to somebody: up to which label.
pub async fn count_open(app: &App, reader: &mut Reader, list: Option<Hash>, most: Tlp) -> Result<usize> {
    let Some(list) = list else { return Ok(0) };
    let mut sealed = BufReader::new(app.blobs.open_stream(reader, list).await?);
    let mut head = Vec::new();
    sealed.read_until(b'\n', &mut head).map_err(Error::fault)?;
    let head: Head = serde_json::from_slice(&head).map_err(Error::fault)?;
    // Of another list of labels it is counted anew.
    let open = if head.open.len() == Tlp::ALL.len() { head.open } else { count(&known(app, reader, Some(list)).await?) };
    Ok(Tlp::ALL.iter().zip(open).filter(|(label, _)| **label <= most).map(|(_, count)| count).sum())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests may fall")]

    use std::io::BufReader;

    use super::opened;

    /// A line of a list that was written when every port made a difference, and had no counts.
    fn line(port: u16, told_to: i64, identifier: &str) -> String {
        let ip = [[0; 10].as_slice(), &[255, 255, 203, 0, 113, 7]].concat();
        serde_json::json!({
            "finding": {
                "key": {
                    "class": "malicious-code", "type": "infected-system", "ip": ip, "prefix": -1, "domain": "", "url": "", "port": port, "transport": "tcp",
                    "identifier": identifier, "feed": "feed", "report": "event4_sinkhole",
                },
                "severity": 3, "first": 100 + i64::from(port), "last": 200 + i64::from(port), "events": 2, "sightings": 3, "asn": 64500, "tlp": "TLP:AMBER",
                "malware": "", "cve": "", "arrivals": [1, told_to],
            },
            "told_to": told_to, "gone": false,
        })
        .to_string()
    }

    #[test]
    fn what_was_several_when_every_port_made_a_difference_is_one_and_in_its_place() {
        let list = [r#"{"holder":7,"turn":3}"#.to_owned(), line(1, 9, "b"), line(2, 5, "a"), line(3, 4, "b")].join("\n");
        let known = opened(BufReader::new(list.as_bytes())).unwrap();
        let some: Vec<_> = known.iter().map(|one| (&*one.finding.key.nature.identifier, one.finding.events, one.finding.first, one.told_to)).collect();
        assert_eq!(some, [("a", 2, 102, 5), ("b", 4, 101, 4)]);
    }
}
