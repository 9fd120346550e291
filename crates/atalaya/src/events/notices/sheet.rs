//! The list of a notice as CSV: one line for each finding, for spreadsheets and programs alike.

use std::io::Write;

use jiff::Timestamp;

use super::compare::Line;
use super::rule::severity;
use crate::{Error, Result};

const COLUMNS: [&str; 18] = [
    "state",
    "address",
    "domain",
    "url",
    "port",
    "transport",
    "type",
    "identifier",
    "severity",
    "since",
    "first_seen",
    "last_seen",
    "events",
    "asn",
    "malware",
    "cve",
    "feed",
    "report",
];

/// Writes the list. Instants are UTC. The port is the service's; of a machine that went out to others, that of its last
/// sighting.
pub fn write(lines: &[Line], to: impl Write) -> Result<()> {
    let mut out = csv::Writer::from_writer(to);
    out.write_record(COLUMNS).map_err(Error::fault)?;
    for line in lines {
        let (finding, key, nature) = (&line.finding, &line.finding.key, &line.finding.key.nature);
        let (port, transport) = finding.from.as_ref().map_or((key.port, &nature.transport), |(port, transport)| (*port, transport));
        let cells: [String; 18] = [
            line.state.name().into(),
            finding.address(),
            key.domain.to_string(),
            key.url.to_string(),
            if port < 0 { String::new() } else { port.to_string() },
            transport.to_string(),
            finding.path(),
            nature.identifier.to_string(),
            severity(finding.severity).to_lowercase(),
            instant(line.since),
            instant(finding.first),
            instant(finding.last),
            finding.sightings.to_string(),
            if finding.asn == 0 { String::new() } else { format!("AS{}", finding.asn) },
            finding.malware.to_string(),
            finding.cve.to_string(),
            nature.feed.to_string(),
            nature.report.to_string(),
        ];
        out.write_record(cells.map(|cell| crate::web::show::cell(&cell))).map_err(Error::fault)?;
    }
    out.flush().map_err(Error::fault)
}

/// Writes on to another, and keeps a copy as long as that is short enough to be attached.
pub struct Copied<W> {
    to: W,
    most: usize,
    copy: Option<Vec<u8>>,
}

impl<W: Write> Copied<W> {
    /// `most`: bytes of the copy; `None`: it is not wanted.
    pub fn new(to: W, most: Option<usize>) -> Self {
        Self { to, most: most.unwrap_or(0), copy: most.map(|_| Vec::new()) }
    }

    /// What was written to, and the copy if it is whole.
    pub fn into_parts(self) -> (W, Option<Vec<u8>>) {
        (self.to, self.copy)
    }
}

impl<W: Write> Write for Copied<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let count = self.to.write(bytes)?;
        match (&mut self.copy, bytes.get(..count)) {
            (Some(copy), Some(written)) if copy.len() + count <= self.most => copy.extend_from_slice(written),
            _ => self.copy = None,
        }
        Ok(count)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}

fn instant(micros: i64) -> String {
    Timestamp::from_microsecond(micros).map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
