//! Which mapping a file is read by: its name tells, or else what stands at its beginning.

use super::{Stop, objects};
use crate::feed::block::Block;
use crate::feed::mapping::{Format, Mapping, Tables};
use crate::feed::plan::Held;
use crate::feed::record::Record;
use crate::feed::{csv, fields, json};
use std::io::Read;
use std::sync::Arc;

/// How much of a file is looked at.
pub(super) const LOOK: usize = 64 * 1024;

pub(super) fn mapping<R: Read>(tables: &Tables, name: Option<&str>, block: &mut Block<R>) -> Result<Arc<Mapping>, Stop> {
    let by_name = name.map_or(Ok(None), |name| tables.by_name(name));
    if let Ok(Some(mapping)) = by_name {
        return Ok(Arc::clone(mapping));
    }
    let first = block.window().iter().find(|b| !b.is_ascii_whitespace()).copied();
    let found = if matches!(first, Some(b'{' | b'[')) { by_object(tables, block)? } else { by_lines(tables, block)? };
    let held = by_name.err().map_or(Held::Unrecognised, Held::UnknownKind);
    Ok(found.ok_or(held)?)
}

fn by_object<R: Read>(tables: &Tables, block: &mut Block<R>) -> Result<Option<Arc<Mapping>>, Stop> {
    loop {
        let first = json::layout(block.window(), block.at_end()).and_then(|layout| objects::first(layout, block));
        if let Some(object) = first {
            let names = json::names(object);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            return Ok(tables.by_columns(Format::Json, &names).cloned());
        }
        if block.at_end() {
            return Ok(None);
        }
        objects::longer(block)?;
    }
}

fn by_lines<R: Read>(tables: &Tables, block: &mut Block<R>) -> Result<Option<Arc<Mapping>>, Stop> {
    // The delimiters that any mapping of such files has.
    let mut delimiters: Vec<(u8, Option<u8>)> = tables
        .iter()
        .filter(|mapping| mapping.format == Format::Csv && !mapping.signature.is_empty())
        .map(|mapping| (mapping.delimiter, mapping.comment))
        .collect();
    delimiters.sort_unstable();
    delimiters.dedup();
    for (delimiter, comment) in delimiters {
        let header = header(block.window(), block.at_end(), delimiter, comment);
        let columns: Vec<&str> = header.iter().map(|name| name.trim()).collect();
        let found = tables.by_columns(Format::Csv, &columns).filter(|mapping| mapping.delimiter == delimiter && mapping.comment == comment);
        if let Some(found) = found {
            return Ok(Some(Arc::clone(found)));
        }
    }
    let window = block.window();
    let text = String::from_utf8_lossy(window.get(..window.len().min(LOOK)).unwrap_or_default());
    let fields = fields::read(&text);
    let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
    Ok(tables.by_columns(Format::Fields, &names).cloned())
}

/// The cells of the first line that is neither blank nor a comment.
fn header(window: &[u8], last: bool, delimiter: u8, comment: Option<u8>) -> Vec<String> {
    let mut rest = window;
    while let Some((end, next)) = csv::line(rest, last).filter(|(_, next)| *next > 0) {
        let line = rest.get(..end).unwrap_or_default();
        let is_comment = comment.is_some() && line.first().copied() == comment;
        if !is_comment && !line.is_empty() {
            let text = String::from_utf8_lossy(line).into_owned();
            let (mut cells, mut mended) = (Vec::new(), String::new());
            csv::split(text.as_bytes(), true, delimiter, &mut cells);
            csv::mend(&text, &mut cells, &mut mended);
            let record = Record { text: &text, mended: &mended, spans: &cells, more: &[] };
            return (0..cells.len()).map(|column| record.get(column).to_owned()).collect();
        }
        rest = rest.get(next..).unwrap_or_default();
    }
    Vec::new()
}
