//! Rows that wait to be written: the columns of many batches one behind the other, words as numbers
//! into one dictionary for all of them. Rows are never moved; what is sorted is a list of places, and a
//! data file is gathered from the columns in that order, a piece at a time.

mod columns;
mod gather;
mod order;

use crate::key::EventId;
use columns::{TextColumn, WordColumn};
use formats::feed::{Events, Source};

/// One row of the table: an event as one of its holders has it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holding {
    /// Which event of the buffer.
    pub row: u32,
    /// The event's day and time, by which rows are sorted.
    pub day: i32,
    pub observed: i64,
    pub rank: i8,
    pub via: crate::holders::Via,
    pub holder: i64,
}

/// What all rows of a buffer are gathered with: where they came from.
#[derive(Debug, Default)]
pub(crate) struct Buffer {
    pub ids: Vec<EventId>,
    pub observed: Vec<i64>,
    ended: Vec<i64>,
    line: Vec<i32>,
    count: Vec<i32>,
    role: Vec<i32>,
    pub ip: Vec<[u8; 16]>,
    pub prefix: Vec<i8>,
    port: Vec<i32>,
    pub asn: Vec<i64>,
    peer_ip: Vec<[u8; 16]>,
    peer_port: Vec<i32>,
    peer_asn: Vec<i64>,
    severity: Vec<i8>,
    confidence: Vec<i8>,
    pub flags: Vec<i32>,
    /// Which of `sources` a row is of.
    source: Vec<i32>,
    sources: Vec<Source>,
    transport: WordColumn,
    application: WordColumn,
    country: WordColumn,
    peer_country: WordColumn,
    class: WordColumn,
    kind: WordColumn,
    identifier: WordColumn,
    malware: WordColumn,
    product: WordColumn,
    tlp: WordColumn,
    pub domain: TextColumn,
    registrable: TextColumn,
    url: TextColumn,
    reverse: TextColumn,
    peer_domain: TextColumn,
    cve: TextColumn,
    hash: TextColumn,
    extra: TextColumn,
}

impl Buffer {
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Bytes that it holds, roughly.
    pub fn size(&self) -> usize {
        const FIXED: usize = 180;
        let texts = [&self.domain, &self.registrable, &self.url, &self.reverse, &self.peer_domain, &self.cve, &self.hash, &self.extra];
        let words = [&self.transport, &self.application, &self.country, &self.peer_country, &self.class, &self.kind];
        let words = words.into_iter().chain([&self.identifier, &self.malware, &self.product, &self.tlp]);
        self.len() * FIXED + texts.iter().map(|column| column.size()).sum::<usize>() + words.map(WordColumn::size).sum::<usize>()
    }

    /// Takes over a batch with the ids of its rows.
    pub fn push(&mut self, events: &Events, ids: impl Iterator<Item = EventId>) {
        let source = self.sources.iter().position(|source| *source == events.source).unwrap_or_else(|| {
            self.sources.push(events.source.clone());
            self.sources.len() - 1
        });
        self.ids.extend(ids);
        self.source.resize(self.ids.len(), i32::try_from(source).unwrap_or(0));
        self.observed.extend(&events.observed);
        self.ended.extend(&events.ended);
        self.line.extend(&events.line);
        self.count.extend(&events.count);
        self.role.extend(events.role.iter().map(|role| *role as i32));
        self.ip.extend(&events.ip);
        self.prefix.extend(&events.prefix);
        self.port.extend(&events.port);
        self.asn.extend(&events.asn);
        self.peer_ip.extend(&events.peer_ip);
        self.peer_port.extend(&events.peer_port);
        self.peer_asn.extend(&events.peer_asn);
        self.severity.extend(&events.severity);
        self.confidence.extend(&events.confidence);
        self.flags.extend(&events.flags);
        self.transport.extend(&events.transport);
        self.application.extend(&events.application);
        self.country.extend(&events.country);
        self.peer_country.extend(&events.peer_country);
        self.class.extend(&events.class);
        self.kind.extend(&events.r#type);
        self.identifier.extend(&events.identifier);
        self.malware.extend(&events.malware);
        self.product.extend(&events.product);
        self.tlp.extend(&events.tlp);
        self.domain.extend(&events.domain);
        self.registrable.extend(&events.registrable);
        self.url.extend(&events.url);
        self.reverse.extend(&events.reverse);
        self.peer_domain.extend(&events.peer_domain);
        self.cve.extend(&events.cve);
        self.hash.extend(&events.hash);
        self.extra.extend(&events.extra);
    }

    /// Makes room for so many times the rows that it has: who knows that they come saves copying at each step of growth.
    pub fn reserve(&mut self, times: usize) {
        let rows = self.len() * times;
        self.ids.reserve(rows);
        self.ip.reserve(rows);
        self.peer_ip.reserve(rows);
        for column in [&mut self.observed, &mut self.ended, &mut self.asn, &mut self.peer_asn] {
            column.reserve(rows);
        }
        for column in [&mut self.line, &mut self.count, &mut self.role, &mut self.port, &mut self.peer_port, &mut self.flags, &mut self.source] {
            column.reserve(rows);
        }
        for column in [&mut self.prefix, &mut self.severity, &mut self.confidence] {
            column.reserve(rows);
        }
        self.words().into_iter().for_each(|column| column.reserve(times));
        self.texts().into_iter().for_each(|column| column.reserve(times));
    }

    fn words(&mut self) -> [&mut WordColumn; 10] {
        let [a, b, c, d] = [&mut self.transport, &mut self.application, &mut self.country, &mut self.peer_country];
        [a, b, c, d, &mut self.class, &mut self.kind, &mut self.identifier, &mut self.malware, &mut self.product, &mut self.tlp]
    }

    fn texts(&mut self) -> [&mut TextColumn; 8] {
        let [a, b, c, d] = [&mut self.domain, &mut self.registrable, &mut self.url, &mut self.reverse];
        [a, b, c, d, &mut self.peer_domain, &mut self.cve, &mut self.hash, &mut self.extra]
    }

    /// Empties it. Its memory stays for the next rows.
    pub fn clear(&mut self) {
        self.ids.clear();
        self.source.clear();
        self.sources.clear();
        for column in [&mut self.observed, &mut self.ended, &mut self.asn, &mut self.peer_asn] {
            column.clear();
        }
        for column in [&mut self.line, &mut self.count, &mut self.role, &mut self.port, &mut self.peer_port, &mut self.flags] {
            column.clear();
        }
        for column in [&mut self.prefix, &mut self.severity, &mut self.confidence] {
            column.clear();
        }
        self.ip.clear();
        self.peer_ip.clear();
        self.words().into_iter().for_each(WordColumn::clear);
        self.texts().into_iter().for_each(TextColumn::clear);
    }
}
