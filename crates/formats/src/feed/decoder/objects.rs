//! The objects of a JSON file, and documents that are read in one piece.

use super::{Decoder, State, Stop, plainly, refuse};
use crate::feed::block::Block;
use crate::feed::events::Events;
use crate::feed::fill::Refused;
use crate::feed::json::{self, Layout, Next};
use crate::feed::mapping::Mapping;
use crate::feed::plan::Held;
use crate::feed::rejected::{Reason, Rejected};
use crate::feed::row::flag;
use crate::feed::{csv, fields, idea};
use std::io::{self, Read};
use std::sync::Arc;

/// In how much of a file what the mapping requires must have been seen once.
const LOOK: usize = 64 * 1024;

/// The layout of a file, which has at its beginning what the mapping requires.
pub(super) fn begin<R: Read>(mapping: &Arc<Mapping>, block: &mut Block<R>) -> Result<Layout, Stop> {
    let layout = loop {
        match json::layout(block.window(), block.at_end()) {
            Some(layout) => break layout,
            None => longer(block)?,
        }
    };
    let missing = loop {
        let missing = missing(mapping, layout, block);
        let seen = first(layout, block).is_some();
        if block.at_end() || seen && (missing.is_empty() || block.window().len() > LOOK) {
            break missing;
        }
        longer(block)?;
    };
    if missing.is_empty() { Ok(layout) } else { Err(Held::MissingColumns(missing).into()) }
}

/// A longer window, up to what one object may have.
pub(super) fn longer<R: Read>(block: &mut Block<R>) -> Result<(), Stop> {
    if block.window().len() >= json::MAX_OBJECT {
        return Err(Held::TooLong.into());
    }
    Ok(block.more()?)
}

/// The whole rest of a file as text.
pub(super) fn whole<R: Read>(block: &mut Block<R>) -> Result<String, Stop> {
    while !block.at_end() {
        if block.window().len() > fields::MAX_DOCUMENT {
            return Err(Held::TooLong.into());
        }
        block.more()?;
    }
    Ok(String::from_utf8_lossy(block.window()).into_owned())
}

/// The first object of the window.
pub(super) fn first<R: Read>(layout: Layout, block: &Block<R>) -> Option<&str> {
    objects(layout, block.window(), block.at_end()).next()
}

/// The object of the next line; a blank line is told as a broken one of no length.
fn next_line(window: &[u8], last: bool) -> Next {
    match csv::line(window, last) {
        None => Next::More,
        Some((_, 0)) => Next::Done,
        Some((end, _)) if window.iter().take(end).all(u8::is_ascii_whitespace) => Next::Broken { skip: 0, end: 0, reason: Reason::Syntax },
        Some((end, _)) => Next::Object { skip: 0, end },
    }
}

/// The objects that are wholly in the window.
fn objects(layout: Layout, window: &[u8], last: bool) -> impl Iterator<Item = &str> {
    let mut rest = window;
    std::iter::from_fn(move || {
        loop {
            let (from, end) = match layout {
                Layout::Lines => csv::line(rest, last).filter(|(_, next)| *next > 0).map(|(end, next)| (0..end, next))?,
                Layout::Stream => match json::next(rest, last) {
                    Next::Object { skip, end } => (skip..skip + end, skip + end),
                    Next::Broken { skip, end, .. } => (0..0, (skip + end).max(1)),
                    Next::More | Next::Done => return None,
                },
            };
            let object = rest.get(from).and_then(|bytes| std::str::from_utf8(bytes).ok());
            rest = rest.get(end..).unwrap_or_default();
            if let Some(object) = object.filter(|object| object.trim_start().starts_with('{')) {
                return Some(object);
            }
        }
    })
}

fn missing<R: Read>(mapping: &Mapping, layout: Layout, block: &Block<R>) -> Vec<String> {
    // A list of nothing lacks nothing.
    let mut missing = Vec::new();
    for (at, object) in objects(layout, block.window(), block.at_end()).enumerate() {
        if at == 0 {
            missing.clone_from(&mapping.required);
        }
        if missing.is_empty() {
            break;
        }
        let names = json::names(object);
        missing.retain(|wanted| !names.iter().any(|name| name.eq_ignore_ascii_case(wanted)));
    }
    missing
}

impl<R: Read> Decoder<R> {
    /// Reads what stands next: an object, what is none, or more of the file.
    pub(super) fn next_object(&mut self, events: &mut Events, rejected: &mut Vec<Rejected>) -> io::Result<()> {
        let (window, last) = (self.block.window(), self.block.at_end());
        let layout = match &self.state {
            State::Json(layout, _) | State::Idea(layout) => *layout,
            _ => return Ok(()),
        };
        let found = if layout == Layout::Stream { json::next(window, last) } else { next_line(window, last) };
        match found {
            Next::Done => self.state = State::Done,
            Next::More if window.len() >= json::MAX_OBJECT => self.reject(plainly(Reason::TooLong), rejected),
            Next::More => self.block.more()?,
            Next::Broken { end: 0, .. } if layout == Layout::Lines => {
                let next = csv::line(window, last).map_or(0, |(_, next)| next);
                self.block.consume(next);
                self.tally.lines += 1;
                self.tally.blank += 1;
            }
            Next::Broken { skip, end, reason } => {
                self.pass(skip);
                self.refuse_object(plainly(reason), end, rejected);
                self.pass(end);
            }
            Next::Object { skip, end } => {
                self.pass(skip);
                self.object(end, events, rejected);
                self.pass(end);
                if layout == Layout::Lines {
                    let next = csv::line(self.block.window(), last).map_or(0, |(_, next)| next);
                    self.pass(next);
                }
            }
        }
        Ok(())
    }

    /// Consumes bytes and counts the lines that end in them.
    fn pass(&mut self, bytes: usize) {
        let passed = self.block.window().get(..bytes).unwrap_or_default();
        self.tally.lines += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.block.consume(bytes);
    }

    fn object(&mut self, end: usize, events: &mut Events, rejected: &mut Vec<Rejected>) {
        let text = String::from_utf8_lossy(self.block.window().get(..end).unwrap_or_default());
        let flags = if matches!(text, std::borrow::Cow::Owned(_)) { flag::NOT_UTF8 } else { 0 };
        let text = text.into_owned();
        let refused = match &self.state {
            State::Idea(_) => self.message(&text, flags, events),
            State::Json(_, paths) if !self.object.read(&text, paths) => Some(plainly(Reason::Syntax)),
            _ => self.take(flags, events),
        };
        match refused {
            None => self.tally.records += 1,
            Some(refused) => self.refuse_object(refused, end, rejected),
        }
    }

    /// Makes an event of the record in `object`.
    fn take(&mut self, flags: i32, events: &mut Events) -> Option<Refused> {
        let line = self.line();
        let record = self.object.record();
        let filled = self.plan.fill(&record, &self.delivery, line, &mut self.scratch, &mut self.row);
        filled.err().or_else(|| {
            self.row.flags |= flags;
            events.push(&self.row);
            self.tally.events += 1;
            None
        })
    }

    /// Makes an event of each subject of a message. What is wrong with one of them does not lose another.
    fn message(&mut self, text: &str, flags: i32, events: &mut Events) -> Option<Refused> {
        let message = match idea::Message::read(text) {
            Ok(message) => message,
            Err((field, reason)) => return Some((field.map(Into::into), reason)),
        };
        let (line, before) = (self.line(), events.len());
        let mapping = Arc::clone(self.plan.mapping());
        let is_known = |name: &str| mapping.words.get("RSIT").is_some_and(|words| words.contains_key(&name.to_lowercase()));
        let mut refused = None;
        let Self { object, plan, delivery, scratch, row, .. } = self;
        let made = message.records(object, &is_known, &mut |cells, role| match plan.fill(&cells.record(), delivery, line, scratch, row) {
            Ok(()) => {
                row.role = role;
                row.flags |= flags;
                events.push(row);
            }
            Err(why) => refused = refused.take().or(Some(why)),
        });
        self.tally.events += (events.len() - before) as u64;
        made.err().map(plainly).or(refused)
    }

    fn line(&self) -> i32 {
        i32::try_from(self.tally.lines + 1).unwrap_or(i32::MAX)
    }

    fn refuse_object(&mut self, refused: Refused, end: usize, rejected: &mut Vec<Rejected>) {
        self.tally.rejected += 1;
        rejected.push(refuse(refused, self.tally.lines + 1, self.block.window().get(..end).unwrap_or_default()));
    }
}
