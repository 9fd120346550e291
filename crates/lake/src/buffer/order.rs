//! Which of several rows that tell of one event is kept: the earliest, and of those that were seen at the
//! same time the first in the order of everything else that they say. So it does not depend on where they
//! stood in the file.

use super::Buffer;
use super::columns::{TextColumn, WordColumn};
use std::cmp::Ordering;

impl Buffer {
    /// Whether the first of two rows is kept before the second. Asked only of rows that meet.
    pub fn order(&self, a: u32, b: u32) -> Ordering {
        let (one, two) = (a as usize, b as usize);
        let long = |column: &[i64]| column.get(one).cmp(&column.get(two));
        let int = |column: &[i32]| column.get(one).cmp(&column.get(two));
        let small = |column: &[i8]| column.get(one).cmp(&column.get(two));
        let word = |column: &WordColumn| column.get(one).cmp(column.get(two));
        let text = |column: &TextColumn| column.get(one).cmp(column.get(two));
        let ip = |column: &[[u8; 16]]| column.get(one).cmp(&column.get(two));
        long(&self.observed)
            .then_with(|| long(&self.ended).then(int(&self.count)).then(int(&self.role)))
            .then_with(|| ip(&self.ip).then(small(&self.prefix)).then(int(&self.port)).then(long(&self.asn)))
            .then_with(|| ip(&self.peer_ip).then(int(&self.peer_port)).then(long(&self.peer_asn)))
            .then_with(|| small(&self.severity).then(small(&self.confidence)).then(int(&self.flags)))
            .then_with(|| {
                let words = [&self.transport, &self.application, &self.country, &self.peer_country, &self.class, &self.kind];
                let words = words.into_iter().chain([&self.identifier, &self.malware, &self.product, &self.tlp]);
                words.map(word).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            })
            .then_with(|| {
                let texts = [&self.domain, &self.registrable, &self.url, &self.reverse, &self.peer_domain, &self.cve, &self.hash, &self.extra];
                texts.into_iter().map(text).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
            })
            .then(a.cmp(&b))
    }
}
