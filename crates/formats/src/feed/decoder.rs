//! The decoder: bytes of a file in, batches of events out. It reads in blocks, so that memory does not
//! grow with the file, and every line that is no blank ends as events or as rejected.

mod objects;
mod recognise;
mod records;

use super::block::Block;
use super::csv;
use super::delivery::Delivery;
use super::events::{Events, Source};
use super::fill::{Refused, Scratch};
use super::json::{Cells, Layout, Paths};
use super::mapping::{Format, Mapping, Tables};
use super::plan::{Held, MAX_COLUMNS, Plan};
use super::record::Span;
use super::rejected::{MAX_BYTES, Reason, Rejected};
use super::row::Row;
use super::{fields, idea};
use std::io::{self, Read};
use std::sync::Arc;

/// How many bytes of rejected lines are gathered before they are handed on.
const MAX_REJECTED: usize = 8 << 20;

/// Why a file is not read, or not any further.
#[derive(Debug, thiserror::Error)]
pub enum Stop {
    #[error(transparent)]
    Held(#[from] Held),
    #[error(transparent)]
    Read(#[from] io::Error),
}

/// What became of a file so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines read, those of the header among them.
    pub lines: u64,
    /// Records that became events, and the events that they became (a message can be several).
    pub records: u64,
    pub events: u64,
    /// Records that became [`Rejected`].
    pub rejected: u64,
    /// Lines that are no record: blank, comments, a header that comes again.
    pub blank: u64,
}

/// A file on its way to events.
#[derive(Debug)]
pub struct Decoder<R> {
    block: Block<R>,
    plan: Plan,
    delivery: Delivery,
    source: Source,
    state: State,
    tally: Tally,
    row: Row,
    scratch: Scratch,
    cells: Vec<Span>,
    mended: String,
    object: Cells,
}

/// How the file goes on.
#[derive(Debug)]
enum State {
    Csv,
    Json(Layout, Paths),
    Idea(Layout),
    /// One document, which is in `object`.
    Document,
    /// Inside a line that is too long, up to its end; then as before.
    Skipping(Box<State>),
    Done,
}

impl<R: Read> Decoder<R> {
    /// Begins a file whose mapping its name tells (without folders), or its columns.
    pub fn open(tables: &Tables, name: Option<&str>, delivery: Delivery, input: R) -> Result<Self, Stop> {
        let mut block = begin(input, recognise::LOOK)?;
        let mapping = recognise::mapping(tables, name, &mut block)?;
        Self::start(mapping, delivery, block)
    }

    /// Begins a file whose mapping is known.
    pub fn with(mapping: &Arc<Mapping>, delivery: Delivery, input: R) -> Result<Self, Stop> {
        Self::start(Arc::clone(mapping), delivery, begin(input, 3)?)
    }

    fn start(mapping: Arc<Mapping>, delivery: Delivery, mut block: Block<R>) -> Result<Self, Stop> {
        let mut tally = Tally::default();
        let mut object = Cells::default();
        let (plan, state) = match mapping.format {
            Format::Csv => (header(&mapping, &mut block, &mut tally)?, State::Csv),
            Format::Json => {
                let layout = objects::begin(&mapping, &mut block)?;
                let names: Vec<&str> = mapping.fields.keys().map(String::as_str).collect();
                let paths = Paths::new(names.iter().copied());
                let all = Arc::new(Mapping { required: Vec::new(), ..(*mapping).clone() });
                (Plan::meet(&all, &names)?, State::Json(layout, paths))
            }
            Format::Idea => (Plan::meet(&mapping, &idea::COLUMNS)?, State::Idea(objects::begin(&mapping, &mut block)?)),
            Format::Fields => {
                let fields = fields::read(&objects::whole(&mut block)?);
                let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
                object.clear(fields.len());
                fields.iter().enumerate().for_each(|(column, (_, value))| object.set(column, value));
                (Plan::meet(&mapping, &names)?, State::Document)
            }
        };
        let feed = if delivery.feed.is_empty() { Arc::clone(&mapping.feed) } else { Arc::clone(&delivery.feed) };
        let source = Source { feed, kind: Arc::clone(&mapping.kind), mapping: mapping.version, key: Arc::clone(&mapping.key) };
        let (row, scratch) = (Row::default(), Scratch::default());
        Ok(Self { block, plan, delivery, source, state, tally, row, scratch, cells: Vec::new(), mended: String::new(), object })
    }

    /// What all events of the file share.
    pub fn source(&self) -> &Source {
        &self.source
    }

    /// The plan, which counts the columns that nobody named.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Reads on until the batch is full or the file ends; whether there may be more. Both lists are
    /// appended to; the caller empties them before it calls again.
    pub fn fill(&mut self, events: &mut Events, rejected: &mut Vec<Rejected>) -> io::Result<bool> {
        events.source.clone_from(&self.source);
        let mut weight = 0;
        let mut seen = rejected.len();
        while weight < MAX_REJECTED && !events.is_full() {
            match &self.state {
                State::Done => return Ok(false),
                State::Skipping(_) => self.skip()?,
                State::Csv => self.next_record(events, rejected)?,
                State::Json(..) | State::Idea(_) if events.has_room(idea::MAX_SUBJECTS) => self.next_object(events, rejected)?,
                State::Json(..) | State::Idea(_) => return Ok(true),
                State::Document => self.document(events, rejected),
            }
            weight += rejected.get(seen..).unwrap_or_default().iter().map(|one| one.bytes.len() + 100).sum::<usize>();
            seen = rejected.len();
        }
        Ok(true)
    }

    /// Goes on to the end of a line that is too long.
    fn skip(&mut self) -> io::Result<()> {
        if self.block.window().is_empty() && !self.block.at_end() {
            self.block.more()?;
        }
        let window = self.block.window();
        let next = csv::line(window, self.block.at_end()).map(|(_, next)| next);
        self.block.consume(next.unwrap_or(window.len()));
        if next.is_some()
            && let State::Skipping(before) = std::mem::replace(&mut self.state, State::Done)
        {
            self.state = *before;
            self.tally.lines += 1;
        }
        Ok(())
    }

    fn document(&mut self, events: &mut Events, rejected: &mut Vec<Rejected>) {
        self.state = State::Done;
        self.tally.lines += 1;
        let record = self.object.record();
        match self.plan.fill(&record, &self.delivery, 1, &mut self.scratch, &mut self.row) {
            Ok(()) => {
                events.push(&self.row);
                self.tally.records += 1;
                self.tally.events += 1;
            }
            Err(refused) => {
                self.tally.rejected += 1;
                rejected.push(refuse(refused, 1, self.block.window()));
            }
        }
    }
}

/// The beginning of a file, so much of it at least, without a byte order mark.
fn begin<R: Read>(input: R, bytes: usize) -> Result<Block<R>, Stop> {
    let mut block = Block::new(input);
    while block.window().len() < bytes && !block.at_end() {
        block.more()?;
    }
    if block.window().starts_with(b"\xef\xbb\xbf") {
        block.consume(3);
    }
    if block.window().is_empty() { Err(Held::Empty.into()) } else { Ok(block) }
}

/// The plan by the header of a CSV file, or by the one that the mapping declares.
fn header<R: Read>(mapping: &Arc<Mapping>, block: &mut Block<R>, tally: &mut Tally) -> Result<Plan, Stop> {
    if !mapping.header.is_empty() {
        let names: Vec<&str> = mapping.header.iter().map(String::as_str).collect();
        return Ok(Plan::meet(mapping, &names)?);
    }
    let mut cells = Vec::new();
    loop {
        let (window, last) = (block.window(), block.at_end());
        if window.is_empty() && last {
            return Err(Held::Empty.into());
        }
        if mapping.comment.is_some() && window.first().copied() == mapping.comment {
            let Some((_, next)) = csv::line(window, last) else {
                longer(block)?;
                continue;
            };
            block.consume(next);
            tally.lines += 1;
            tally.blank += 1;
            continue;
        }
        match csv::split(window, last, mapping.delimiter, &mut cells) {
            csv::Split::Blank { next } => {
                block.consume(next);
                tally.lines += 1;
                tally.blank += 1;
            }
            csv::Split::More => longer(block)?,
            csv::Split::Broken if cells.len() >= MAX_COLUMNS => return Err(Held::TooManyColumns.into()),
            csv::Split::Broken => return Err(Held::Unrecognised.into()),
            csv::Split::Record { end, next, lines } => {
                let text = String::from_utf8_lossy(window.get(..end).unwrap_or_default()).into_owned();
                csv::split(text.as_bytes(), true, mapping.delimiter, &mut cells);
                let mut mended = String::new();
                csv::mend(&text, &mut cells, &mut mended);
                let record = super::record::Record { text: &text, mended: &mended, spans: &cells, more: &[] };
                let names: Vec<&str> = (0..cells.len()).map(|column| record.get(column)).collect();
                let plan = Plan::meet(mapping, &names)?;
                block.consume(next);
                tally.lines += lines as u64;
                return Ok(plan);
            }
        }
    }
}

/// A longer window, up to what a header may have.
fn longer<R: Read>(block: &mut Block<R>) -> Result<(), Stop> {
    if block.window().len() >= csv::MAX_RECORD {
        return Err(Held::Unrecognised.into());
    }
    Ok(block.more()?)
}

fn refuse((column, reason): Refused, line: u64, bytes: &[u8]) -> Rejected {
    let bytes = bytes.get(..bytes.len().min(MAX_BYTES)).unwrap_or_default().to_vec();
    Rejected { line: u32::try_from(line).unwrap_or(u32::MAX), column, reason, bytes }
}

fn plainly(reason: Reason) -> Refused {
    (None, reason)
}
