//! A record becomes a row: each cell is read by its column's step, what nobody took goes to `extra`,
//! and at the end it is decided whether the row is an event.

mod cells;

use self::cells::{is_nothing, join, take};
use super::delivery::Delivery;
use super::mapping::{Field, Reader};
use super::normal::time::{AHEAD, EARLIEST};
use super::normal::{address, name, text};
use super::plan::Plan;
use super::record::Record;
use super::rejected::Reason;
use super::row::{Row, flag};
use crate::label::Tlp;
use std::sync::Arc;

/// The longest `extra`, in bytes.
pub const MAX_EXTRA: usize = 16 * 1024;

/// Why a record is no event, and the column at fault.
pub(super) type Refused = (Option<Arc<str>>, Reason);

/// What became of a cell.
enum Took {
    /// It is in the row.
    Yes,
    /// It is not for this field: somebody else's, or `extra`'s.
    No,
    /// It should have been for this field and could not be read.
    Unread,
    /// The record is no event.
    Refuse(Reason),
}

/// What a row is filled with besides the record; kept from row to row for its memory.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// One bit a field: what a cell filled (a constant does not count).
    filled: u32,
    /// By column, whether somebody took its cell.
    taken: Vec<bool>,
    /// A URL without scheme and host, and its column.
    path: String,
    path_column: usize,
    text: String,
}

impl Plan {
    /// Fills `row` from the record, or says why it is no event.
    pub(super) fn fill(&mut self, record: &Record, delivery: &Delivery, line: i32, scratch: &mut Scratch, row: &mut Row) -> Result<(), Refused> {
        row.reset(&self.mapping.constants);
        row.line = line;
        scratch.filled = 0;
        scratch.path.clear();
        scratch.taken.clear();
        scratch.taken.resize(self.columns.len(), false);
        for step in &self.steps {
            let written = record.get(step.column).trim_ascii();
            if written.is_empty() {
                continue;
            }
            let Some(column) = self.columns.get_mut(step.column) else { continue };
            let cell = match &column.words {
                Some(words) if step.translated => words.get(&written.to_lowercase()).map_or(written, String::as_str),
                _ => written,
            };
            let took = match step.field {
                Field::Extra => Took::No,
                Field::Drop => Took::Yes,
                _ => take(step, cell, &self.mapping.zone, scratch, row),
            };
            let taken = scratch.taken.get_mut(step.column);
            match took {
                Took::Yes => taken.into_iter().for_each(|taken| *taken = true),
                Took::Refuse(reason) => return Err((Some(Arc::clone(&column.name)), reason)),
                Took::No | Took::Unread => {
                    // What was meant for a field and is not in it may be told apart later.
                    if matches!(took, Took::Unread) {
                        row.flags |= flag::UNREAD;
                    }
                    let explicit = step.field == Field::Extra;
                    let nothing = step.reader == Reader::Nonzero && is_nothing(written);
                    if !nothing && (explicit || step.last && !taken.is_some_and(|taken| *taken)) {
                        column.unknown.iter_mut().for_each(|times| *times += 1);
                        extra(&column.key, written, row);
                        scratch.taken.get_mut(step.column).into_iter().for_each(|taken| *taken = true);
                    }
                }
            }
        }
        for (name, raw) in record.more {
            self.count_unknown(record.at(*name));
            extra_json(record.at(*name), record.at(*raw), row);
        }
        self.apply_rules(record, scratch, row);
        self.finish(delivery, scratch, row)
    }

    fn apply_rules(&self, record: &Record, scratch: &Scratch, row: &mut Row) {
        for (column, rule) in &self.rules {
            let cell = record.get(*column);
            let has = |word: &str| word.trim().eq_ignore_ascii_case(&rule.has);
            if !has(cell) && !cell.split([',', ';', '|', ' ']).any(has) {
                continue;
            }
            if !rule.r#type.is_empty() {
                row.class.clone_from(&rule.class);
                row.r#type.clone_from(&rule.r#type);
            }
            if !rule.identifier.is_empty() {
                row.identifier.clone_from(&rule.identifier);
            }
            if rule.severity >= 0 && !scratch.has(Field::Severity) {
                row.severity = rule.severity;
            }
        }
    }

    fn finish(&self, delivery: &Delivery, scratch: &mut Scratch, row: &mut Row) -> Result<(), Refused> {
        if !scratch.path.is_empty()
            && !join(scratch, row)
            && let Some(column) = self.columns.get(scratch.path_column)
        {
            extra(&column.key, &scratch.path, row);
        }
        if !row.domain.is_empty() && row.registrable.is_empty() {
            name::registrable(&row.domain, &mut row.registrable);
        }
        if address::is_shared(row.ip) {
            row.flags |= flag::PRIVATE;
        }
        if address::is_shared(row.peer_ip) {
            row.flags |= flag::PEER_PRIVATE;
        }
        if let Some(label) = delivery.tlp {
            let label = row.tlp.parse::<Tlp>().map_or(label, |own| own.join(label));
            row.tlp.clear();
            row.tlp.push_str(label.as_str());
        }
        if !row.extra.is_empty() {
            row.extra.push('}');
        }
        if row.observed == Row::NO_TIME && self.mapping.undated {
            row.observed = delivery.received;
            row.flags |= flag::UNDATED;
        }
        let column =
            |field| self.steps.iter().find(|step| step.field == field).and_then(|step| self.columns.get(step.column)).map(|column| Arc::clone(&column.name));
        if row.observed == Row::NO_TIME {
            return Err((column(Field::Observed), Reason::Missing));
        }
        if row.observed < EARLIEST || row.observed > delivery.received.saturating_add(AHEAD) {
            return Err((column(Field::Observed), Reason::TimeRange));
        }
        if row.ip == Row::NO_IP && row.domain.is_empty() && row.url.is_empty() {
            return Err((self.steps.iter().find(|step| step.field.is_subject()).and_then(|step| column(step.field)), Reason::NoSubject));
        }
        Ok(())
    }
}

impl Scratch {
    fn has(&self, field: Field) -> bool {
        self.filled & (1 << field as u32) != 0
    }

    /// Marks a field as filled; whether it was not before.
    fn fill(&mut self, field: Field) -> bool {
        let bit = 1 << field as u32;
        let free = self.filled & bit == 0;
        self.filled |= bit;
        free
    }
}

/// Appends a value to `extra` by the key of its column.
fn extra(key: &str, cell: &str, row: &mut Row) {
    if row.extra.len() + key.len() + cell.len().min(text::MAX_TEXT) > MAX_EXTRA {
        row.flags |= flag::EXTRA_CUT;
        return;
    }
    row.extra.push(if row.extra.is_empty() { '{' } else { ',' });
    row.extra.push_str(key);
    row.flags |= text::json(cell, &mut row.extra);
}

/// Appends what is JSON already.
fn extra_json(name: &str, raw: &str, row: &mut Row) {
    if raw == "null" {
        return;
    }
    if row.extra.len() + name.len() + raw.len() > MAX_EXTRA {
        row.flags |= flag::EXTRA_CUT;
        return;
    }
    row.extra.push(if row.extra.is_empty() { '{' } else { ',' });
    row.flags |= text::json(name, &mut row.extra);
    row.extra.push(':');
    row.flags |= text::compact(raw, &mut row.extra);
}
