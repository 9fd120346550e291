//! The sheet: a CSV file as people save it from a spreadsheet, read row by row.
//!
//! `docs/import.md` describes the columns. Nothing is guessed: a column that nobody knows or a row
//! with a cell too many is a fault with its line, because what is skipped in silence is missed a
//! year later.

use std::collections::HashMap;

/// The columns, in the order of the documentation.
pub const COLUMNS: [&str; 21] = [
    "name",
    "sector",
    "status",
    "country",
    "language",
    "ceiling",
    "note",
    "asn",
    "prefixes",
    "domains",
    "from",
    "to",
    "contact_name",
    "contact_function",
    "contact_mail",
    "contact_phone",
    "contact_language",
    "contact_hours",
    "contact_reach",
    "contact_fingerprint",
    "contact_key",
];

/// Something wrong in the file: where, and what is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line in the file, from 1.
    pub line: u64,
    /// The column's name, or empty when the whole line is meant.
    pub column: String,
    /// One plain line.
    pub text: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.column.is_empty() { write!(f, "line {}: {}", self.line, self.text) } else { write!(f, "line {}, {}: {}", self.line, self.column, self.text) }
    }
}

/// One row: its line and what its cells say. Empty cells are not in it.
#[derive(Clone, Debug)]
pub struct Row {
    /// Line in the file, from 1.
    pub line: u64,
    cells: HashMap<&'static str, String>,
}

impl Row {
    /// A cell, trimmed; `None` when it says nothing.
    pub fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }
}

/// Reads a file; the rows that could be read, and what is wrong with the others.
pub fn read(bytes: &[u8]) -> (Vec<Row>, Vec<Fault>) {
    let fault = |line, column: &str, text: String| Fault { line, column: column.to_owned(), text };
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.trim_start_matches('\u{feff}'),
        Err(error) => {
            let line = 1 + bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
            let text = "This is not UTF-8. Save the sheet as “CSV UTF-8” and try again".to_owned();
            return (Vec::new(), vec![fault(u64::try_from(line).unwrap_or(1), "", text)]);
        }
    };
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(text)).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut records = reader.records();
    let mut faults = Vec::new();
    let Some(Ok(head)) = records.next() else {
        return (Vec::new(), vec![fault(1, "", "The file is empty: its first line names the columns".into())]);
    };
    let mut columns: Vec<Option<&'static str>> = Vec::new();
    for name in &head {
        let plain = name.to_lowercase().replace([' ', '-'], "_");
        let known = COLUMNS.into_iter().find(|column| *column == plain);
        if known.is_none() {
            faults.push(fault(1, name, format!("No such column. Known are: {}", COLUMNS.join(", "))));
        } else if columns.contains(&known) {
            faults.push(fault(1, name, "This column stands there twice".into()));
        }
        columns.push(known);
    }
    if !columns.contains(&Some("name")) {
        faults.push(fault(1, "name", "The column “name” is missing".into()));
    }
    let mut rows = Vec::new();
    for record in records {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                faults.push(fault(line, "", format!("This line cannot be read as CSV: {error}")));
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(str::is_empty) {
            continue;
        }
        if record.len() != columns.len() {
            faults.push(fault(line, "", format!("{} cells, but {} columns: is a quotation mark or separator missing?", record.len(), columns.len())));
            continue;
        }
        let cells = columns.iter().zip(&record).filter(|(_, cell)| !cell.is_empty()).filter_map(|(column, cell)| Some(((*column)?, cell.to_owned())));
        rows.push(Row { line, cells: cells.collect() });
    }
    (rows, faults)
}

/// Comma, or what spreadsheets use where the comma is the decimal mark.
fn delimiter(text: &str) -> u8 {
    let head = text.lines().next().unwrap_or_default();
    let count = |mark: char| head.matches(mark).count();
    [(b',', count(',')), (b';', count(';')), (b'\t', count('\t'))].into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(mark, _)| mark)
}
