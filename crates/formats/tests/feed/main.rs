//! Event files from the outside: bytes go in, events and rejected lines come out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod csv;
mod documents;
mod laws;
mod mappings;
mod shadowserver;
mod synth;

use formats::feed::normal::address;
use formats::feed::{Decoder, Delivery, Events, Reason, Rejected, Row, Stop, Tables, Tally};

/// 2026-03-24 12:00 UTC, when all files of these tests came.
const RECEIVED: i64 = 1_774_353_600_000_000;

fn delivery() -> Delivery {
    Delivery { received: RECEIVED, ..Delivery::default() }
}

/// What a file became.
struct Outcome {
    events: Events,
    rejected: Vec<Rejected>,
    tally: Tally,
    unknown: Vec<(String, u64)>,
}

impl Outcome {
    fn ip(&self, row: usize) -> String {
        shown(self.events.ip[row])
    }

    fn peer_ip(&self, row: usize) -> String {
        shown(self.events.peer_ip[row])
    }

    /// Line and reason of each rejected line.
    fn reasons(&self) -> Vec<(u32, Reason)> {
        self.rejected.iter().map(|one| (one.line, one.reason)).collect()
    }
}

fn shown(ip: [u8; 16]) -> String {
    if ip == Row::NO_IP { String::new() } else { address::ip(ip).to_string() }
}

fn finish(mut decoder: Decoder<&[u8]>) -> Outcome {
    let (mut events, mut rejected) = (Events::default(), Vec::new());
    while decoder.fill(&mut events, &mut rejected).unwrap() {}
    Outcome { tally: decoder.tally(), unknown: decoder.plan().unknown(), events, rejected }
}

/// Reads a file by the mapping of this report type.
fn read(kind: &str, file: impl AsRef<[u8]>) -> Outcome {
    read_by(&Tables::built_in(), kind, file)
}

fn read_by(tables: &Tables, kind: &str, file: impl AsRef<[u8]>) -> Outcome {
    finish(Decoder::with(tables.get(kind).unwrap(), delivery(), file.as_ref()).unwrap())
}

/// Reads a file by its name or its beginning; the code when it is held.
fn open(tables: &Tables, name: Option<&str>, file: &str) -> Result<Outcome, &'static str> {
    match Decoder::open(tables, name, delivery(), file.as_bytes()) {
        Ok(decoder) => Ok(finish(decoder)),
        Err(Stop::Held(held)) => Err(held.code()),
        Err(Stop::Read(error)) => panic!("{error}"),
    }
}
