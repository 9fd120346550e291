//! Rows as bytes of a file. Addresses are written as people write them, instants as RFC 3339, days as
//! ISO 8601. In CSV a text that a spreadsheet would take for a formula gets an apostrophe before it.

use crate::key;
use crate::query::{Rows, Value};
use crate::{Error, Result};
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

/// What kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Csv,
    JsonLines,
    Parquet,
}

/// A file that grows with each page. What it hands out is to be sent on at once.
pub struct Sheet {
    form: Form,
    parquet: Option<ArrowWriter<Vec<u8>>>,
    begun: bool,
}

impl Sheet {
    /// `go_on`: the file goes on where one ended, so that CSV has no second header. Parquet has no
    /// middle to go on from: it is a file of its own.
    pub fn new(form: Form, go_on: bool) -> Self {
        Self { form, parquet: None, begun: go_on }
    }

    /// The bytes of a page.
    pub fn write(&mut self, rows: &Rows) -> Result<Vec<u8>> {
        match self.form {
            Form::Csv => self.csv(rows),
            Form::JsonLines => json_lines(rows),
            Form::Parquet => self.row_group(rows),
        }
    }

    /// The last bytes.
    pub fn finish(self) -> Result<Vec<u8>> {
        self.parquet.map_or(Ok(Vec::new()), |mut parquet| {
            parquet.finish()?;
            Ok(std::mem::take(parquet.inner_mut()))
        })
    }

    fn csv(&mut self, rows: &Rows) -> Result<Vec<u8>> {
        let bad = |error: csv::Error| Error::damaged("CSV", error);
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        if !std::mem::replace(&mut self.begun, true) {
            out.write_record(&rows.names).map_err(bad)?;
        }
        for row in &rows.rows {
            let cells = rows.names.iter().zip(row).map(|(name, value)| harmless(plain(name, value), value));
            out.write_record(cells).map_err(bad)?;
        }
        out.into_inner().map_err(|error| Error::damaged("CSV", error))
    }

    fn row_group(&mut self, rows: &Rows) -> Result<Vec<u8>> {
        // A file without a row is a file all the same: its columns stand in it.
        if rows.is_empty() && self.parquet.is_some() {
            return Ok(Vec::new());
        }
        let columns = rows.names.iter().enumerate().map(|(at, name)| (name.as_str(), column(name, rows, at), true));
        let batch = RecordBatch::try_from_iter_with_nullable(columns)?;
        let parquet = match &mut self.parquet {
            Some(parquet) => parquet,
            none => {
                let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::try_new(3)?)).build();
                none.insert(ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties))?)
            }
        };
        parquet.write(&batch)?;
        parquet.flush()?;
        Ok(std::mem::take(parquet.inner_mut()))
    }
}

/// Columns of whole numbers stay numbers, everything else becomes text: the same columns in each page.
fn column(name: &str, rows: &Rows, at: usize) -> ArrayRef {
    let values = rows.rows.iter().map(|row| row.get(at).unwrap_or(&Value::Null));
    if crate::schema::is_number(name) {
        Arc::new(values.map(Value::int).collect::<Int64Array>())
    } else {
        Arc::new(values.map(|value| (*value != Value::Null).then(|| plain(name, value))).collect::<StringArray>())
    }
}

fn json_lines(rows: &Rows) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    for row in &rows.rows {
        let cells = rows.names.iter().zip(row).filter(|(_, value)| **value != Value::Null).map(|(name, value)| {
            let value = match value {
                Value::Int(number) => (*number).into(),
                Value::Float(number) => (*number).into(),
                // What the mapping did not name is an object already.
                Value::Text(text) if name == "extra" => serde_json::from_str(text).unwrap_or_else(|_| text.as_str().into()),
                other => plain(name, other).into(),
            };
            (name.clone(), value)
        });
        let line: serde_json::Map<String, serde_json::Value> = cells.collect();
        serde_json::to_writer(&mut out, &line).map_err(|error| Error::damaged("JSON", error))?;
        out.push(b'\n');
    }
    Ok(out)
}

/// A value as text, as the column of this name is written.
pub fn plain(name: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Time(micros) => jiff::Timestamp::from_microsecond(*micros).map(|at| at.to_string()).unwrap_or_default(),
        Value::Date(day) => key::date(*day),
        Value::Bytes(bytes) if name.ends_with("ip") => address(*bytes).to_string(),
        Value::Bytes(bytes) => crate::lake::hex(bytes),
    }
}

fn address(bytes: [u8; 16]) -> IpAddr {
    Ipv6Addr::from(bytes).to_canonical()
}

fn harmless(text: String, value: &Value) -> String {
    let formula = matches!(value, Value::Text(_)) && text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula { format!("'{text}") } else { text }
}
