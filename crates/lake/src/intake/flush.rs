//! A full buffer: what is new in it, whose it is, and where it goes.

use super::Intake;
use crate::Result;
use crate::buffer::{Buffer, Holding};
use crate::data::{self, PIECE, Written};
use crate::holders::{Holders, Subject, Via};
use crate::key::{self, EventId};

/// The share of a buffer that is worth a data file of its own before the event file is at its end.
const WORTH_A_FILE: usize = 4;

impl Intake {
    pub(super) fn flush(&mut self) -> Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let fresh = self.fresh()?;
        self.counts.stored += fresh.len() as u64;
        self.counts.duplicate += (self.buffer.len() - fresh.len()) as u64;
        self.keep_ids(&fresh)?;
        let mut holdings = find_holders(&self.buffer, &self.holders, &fresh);
        self.counts.rows += holdings.len() as u64;
        self.counts.held += holdings.iter().filter(|holding| holding.rank == 0 && holding.holder != 0).count() as u64;
        // By day, holder, time, and then as they stood in the file.
        holdings.sort_unstable_by_key(|holding| (holding.day, holding.holder, holding.observed, holding.row, holding.rank));
        self.write(&holdings)?;
        self.buffer.clear();
        Ok(())
    }

    /// The events that nobody brought before, each with the row that is kept of it, in the order of ids.
    fn fresh(&mut self) -> Result<Vec<(EventId, u32)>> {
        let buffer = &self.buffer;
        let mut all = in_order(&buffer.ids);
        all.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same && buffer.order(next.1, kept.1).is_lt() {
                kept.1 = next.1;
            }
            same
        });
        let mut known = Vec::new();
        self.pending.search(0, all.iter().map(|(id, _)| *id), |id| known.push(id))?;
        let days = || all.chunk_by(|(a, _), (b, _)| key::day_of(*a) == key::day_of(*b)).filter_map(|rows| Some((key::day_of(rows.first()?.0), rows)));
        days().try_for_each(|(day, _)| self.lake.catch_up(day))?;
        let mut state = self.lake.state();
        for (day, of_day) in days() {
            let set = self.lake.mirrored(&mut state, day)?;
            self.days.entry(day).or_insert(set.runs.mark());
            set.runs.search(0, of_day.iter().map(|(id, _)| *id), |id| known.push(id))?;
        }
        known.sort_unstable();
        let mut known = known.into_iter().peekable();
        all.retain(|(id, _)| {
            while known.next_if(|known| known < id).is_some() {}
            known.peek() != Some(id)
        });
        Ok(all)
    }

    /// Keeps the new ids: days with many of them have runs of their own, which become runs of their sets as they are.
    fn keep_ids(&mut self, fresh: &[(EventId, u32)]) -> Result<()> {
        let worth = self.lake.inner.rows / WORTH_A_FILE;
        let days = || fresh.chunk_by(|(a, _), (b, _)| key::day_of(*a) == key::day_of(*b));
        let ids = |rows: &[(EventId, u32)]| rows.iter().map(|(id, _)| Ok(*id)).collect::<Vec<_>>();
        for rows in days().filter(|rows| rows.len() >= worth) {
            self.pending.add(ids(rows).into_iter(), false)?;
        }
        self.pending.add(days().filter(|rows| rows.len() < worth).flatten().map(|(id, _)| Ok(*id)), false)
    }

    /// Days with many rows become data files, the others are put aside together.
    fn write(&mut self, holdings: &[Holding]) -> Result<()> {
        let worth = self.lake.inner.rows / WORTH_A_FILE;
        let days = || holdings.chunk_by(|a, b| a.day == b.day).filter_map(|rows| Some((rows.first()?.day, rows)));
        let shared = self.buffer.shared();
        let mut files: Vec<Written> = Vec::new();
        for (day, rows) in days().filter(|(_, rows)| rows.len() >= worth) {
            let mut writer = data::Writer::create(&self.folder.path, day, self.names.next(), rows.len())?;
            for rows in rows.chunks(data::BATCH) {
                writer.write(&self.buffer.gather(rows, &shared, self.start.file)?)?;
            }
            files.extend(writer.finish(self.start.now)?);
        }
        let file = self.start.file;
        let pieces = |rows: &[Holding]| rows.chunks(PIECE).map(|rows| self.buffer.gather(rows, &shared, file)).collect::<Vec<_>>().into_iter();
        self.spill.put(&self.folder.path, days().filter(|(_, rows)| rows.len() < worth).map(|(day, rows)| (day, pieces(rows))))?;
        self.files.extend(files);
        Ok(())
    }

    /// What was put aside becomes data files.
    pub(super) fn drain(&mut self) -> Result<()> {
        let days: Vec<i32> = self.spill.days().collect();
        for day in days {
            let rows = self.spill.rows(day);
            let streams = self.spill.take(day)?;
            let written = data::write_all(&self.folder, day, rows, self.start.now, streams, &self.names)?;
            self.files.extend(written);
        }
        Ok(())
    }
}

/// The ids in their order, each with its row. Sorted by their upper half, which is most often enough.
fn in_order(ids: &[EventId]) -> Vec<(EventId, u32)> {
    let mut places: Vec<(u64, u32)> = ids.iter().map(|id| upper(*id)).zip(0..).collect();
    places.sort_unstable();
    let mut all: Vec<(EventId, u32)> = places.iter().map(|(_, row)| (ids.get(*row as usize).copied().unwrap_or_default(), *row)).collect();
    all.chunk_by_mut(|(a, _), (b, _)| upper(*a) == upper(*b)).filter(|same| same.len() > 1).for_each(<[_]>::sort_unstable);
    all
}

fn upper(id: EventId) -> u64 {
    (id >> 64) as u64
}

fn find_holders(buffer: &Buffer, holders: &Holders, fresh: &[(EventId, u32)]) -> Vec<Holding> {
    // In the order of the file, as the columns lie.
    let mut rows: Vec<u32> = fresh.iter().map(|(_, row)| *row).collect();
    rows.sort_unstable();
    let mut holdings = Vec::with_capacity(fresh.len());
    let mut next = rows.iter().copied();
    holders.find_all(rows.iter().map(|row| subject(buffer, *row as usize)), |found| {
        let Some(row) = next.next() else { return };
        let day = buffer.ids.get(row as usize).map_or(0, |id| key::day_of(*id));
        let observed = buffer.observed.get(row as usize).copied().unwrap_or(0);
        if found.is_empty() {
            holdings.push(Holding { row, day, observed, holder: 0, rank: 0, via: Via::None });
        }
        holdings.extend((0..=i8::MAX).zip(found).map(|(rank, held)| Holding { row, day, observed, holder: held.holder, rank, via: held.via }));
    });
    holdings
}

fn subject(buffer: &Buffer, row: usize) -> Subject<'_> {
    Subject {
        ip: buffer.ip.get(row).copied().unwrap_or_default(),
        prefix: buffer.prefix.get(row).copied().unwrap_or(-1),
        asn: buffer.asn.get(row).copied().unwrap_or(0),
        domain: buffer.domain.get(row),
        observed: buffer.observed.get(row).copied().unwrap_or(0),
        flags: buffer.flags.get(row).copied().unwrap_or(0),
    }
}
