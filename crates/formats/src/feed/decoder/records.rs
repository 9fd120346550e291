//! The records of a CSV file. One that is refused costs its own line: where a quotation mark made
//! several lines one record, reading goes on with the second of them.

use super::{Decoder, State, plainly, refuse};
use crate::feed::csv::{self, Split};
use crate::feed::events::Events;
use crate::feed::fill::Refused;
use crate::feed::plan::MAX_COLUMNS;
use crate::feed::record::Record;
use crate::feed::rejected::{Reason, Rejected};
use crate::feed::row::flag;
use std::io::{self, Read};

impl<R: Read> Decoder<R> {
    /// Reads what stands next: a record, a blank line, or more of the file.
    pub(super) fn next_record(&mut self, events: &mut Events, rejected: &mut Vec<Rejected>) -> io::Result<()> {
        let (window, last) = (self.block.window(), self.block.at_end());
        if window.is_empty() && last {
            self.state = State::Done;
            return Ok(());
        }
        let mapping = self.plan.mapping();
        if mapping.comment.is_some() && window.first().copied() == mapping.comment {
            return self.comment(rejected);
        }
        match csv::split(window, last, mapping.delimiter, &mut self.cells) {
            Split::More if window.len() < csv::MAX_RECORD => self.block.more()?,
            Split::More => self.reject_line(Reason::TooLong, rejected),
            Split::Broken => self.reject_line(Reason::Quoting, rejected),
            Split::Blank { next } => {
                self.block.consume(next);
                self.tally.lines += 1;
                self.tally.blank += 1;
            }
            Split::Record { end, .. } if end > csv::MAX_RECORD => self.reject_line(Reason::TooLong, rejected),
            Split::Record { end, next, .. } if !self.fits(next > end) => self.reject_line(Reason::FieldCount, rejected),
            Split::Record { end, next, lines } => match self.record(end, events) {
                None => self.done(next, lines),
                Some(refused) => self.reject(refused, rejected),
            },
        }
        Ok(())
    }

    /// Whether the cells are those of the columns. A line that ends before its last columns will do, if
    /// nothing is read there and it was ended on purpose.
    fn fits(&self, ended: bool) -> bool {
        let (cells, columns) = (self.cells.len(), self.plan.columns.len());
        cells == columns || (cells < columns && cells >= self.plan.needed && ended)
    }

    fn done(&mut self, next: usize, lines: usize) {
        self.block.consume(next);
        self.tally.lines += lines as u64;
    }

    /// Makes an event of the record that `cells` tells, or says why it is none.
    fn record(&mut self, end: usize, events: &mut Events) -> Option<Refused> {
        let bytes = self.block.window().get(..end).unwrap_or_default();
        let line = i32::try_from(self.tally.lines + 1).unwrap_or(i32::MAX);
        let lossy;
        let (text, flags) = if let Ok(text) = std::str::from_utf8(bytes) {
            (text, 0)
        } else {
            lossy = String::from_utf8_lossy(bytes).into_owned();
            csv::split(lossy.as_bytes(), true, self.plan.mapping().delimiter, &mut self.cells);
            (lossy.as_str(), flag::NOT_UTF8)
        };
        if self.cells.iter().any(|cell| cell.mended) {
            csv::mend(text, &mut self.cells, &mut self.mended);
        }
        let flags = if self.cells.len() < self.plan.columns.len() { flags | flag::SHORT } else { flags };
        let record = Record { text, mended: &self.mended, spans: &self.cells, more: &[] };
        match self.plan.fill(&record, &self.delivery, line, &mut self.scratch, &mut self.row) {
            Ok(()) => {
                self.row.flags |= flags;
                events.push(&self.row);
                self.tally.records += 1;
                self.tally.events += 1;
                None
            }
            Err(_) if self.plan.columns.iter().enumerate().all(|(at, column)| record.get(at).trim().eq_ignore_ascii_case(&column.name)) => {
                self.tally.blank += 1;
                None
            }
            Err(refused) => Some(refused),
        }
    }

    fn comment(&mut self, rejected: &mut Vec<Rejected>) -> io::Result<()> {
        match csv::line(self.block.window(), self.block.at_end()) {
            Some((_, next)) => {
                self.done(next, 1);
                self.tally.blank += 1;
            }
            None if self.block.window().len() < csv::MAX_RECORD => self.block.more()?,
            None => self.reject_line(Reason::TooLong, rejected),
        }
        Ok(())
    }

    fn reject_line(&mut self, reason: Reason, rejected: &mut Vec<Rejected>) {
        let reason = if self.cells.len() >= MAX_COLUMNS { Reason::FieldCount } else { reason };
        self.reject(plainly(reason), rejected);
    }

    /// Rejects the line at which the window begins, and nothing behind it.
    pub(super) fn reject(&mut self, (column, reason): Refused, rejected: &mut Vec<Rejected>) {
        let window = self.block.window();
        let line = self.tally.lines + 1;
        self.tally.rejected += 1;
        if let Some((end, next)) = csv::line(window, self.block.at_end()) {
            // A record that is too long only because of lines behind it was opened by a quotation mark.
            let reason = if reason == Reason::TooLong && end < csv::MAX_RECORD { Reason::Quoting } else { reason };
            rejected.push(refuse((column, reason), line, window.get(..end).unwrap_or_default()));
            return self.done(next, 1);
        }
        rejected.push(refuse((column, reason), line, window));
        self.block.consume(window.len());
        let state = std::mem::replace(&mut self.state, State::Done);
        self.state = State::Skipping(Box::new(state));
    }
}
