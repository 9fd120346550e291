//! The list of a notice as CSV: one line for each finding, for spreadsheets and programs alike.

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

/// The list. Instants are UTC. The port is the service's; of a machine that went out to others, that of its last sighting.
pub fn csv<'a>(lines: impl IntoIterator<Item = &'a Line>) -> Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(COLUMNS).map_err(Error::fault)?;
    for line in lines {
        let (finding, key) = (&line.finding, &line.finding.key);
        let (port, transport) = finding.from.as_ref().map_or((key.port, &key.transport), |(port, transport)| (*port, transport));
        let cells: [String; 18] = [
            line.state.name().into(),
            finding.address(),
            key.domain.to_string(),
            key.url.to_string(),
            if port < 0 { String::new() } else { port.to_string() },
            transport.to_string(),
            finding.path(),
            key.identifier.to_string(),
            severity(finding.severity).to_lowercase(),
            instant(line.since),
            instant(finding.first),
            instant(finding.last),
            finding.sightings.to_string(),
            if finding.asn == 0 { String::new() } else { format!("AS{}", finding.asn) },
            finding.malware.to_string(),
            finding.cve.to_string(),
            key.feed.to_string(),
            key.report.to_string(),
        ];
        out.write_record(cells.map(|cell| crate::web::show::cell(&cell))).map_err(Error::fault)?;
    }
    out.into_inner().map_err(Error::fault)
}

fn instant(micros: i64) -> String {
    Timestamp::from_microsecond(micros).map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
