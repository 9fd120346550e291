//! A registry changed: events that lie in the lake already get the holders that they have by it. Only
//! what a changed resource covers is looked at; events that move are written anew with their files, in
//! one commit that says what moved.

use crate::data::{self, Batches, Names, PIECE, Spill, Written, merge, write_all};
use crate::erase::{Look, without};
use crate::holders::{Held, Holder, Holders, Subject, Via};
use crate::key::{self, EventId};
use crate::lake::{Folder, Lake, files_of};
use crate::log::{Add, Denied};
use crate::rewrite::{Rewrite, Rewritten, day_of};
use crate::rows::{Narrow, holding_columns, matching_columns};
use crate::{Error, Result, schema};
use arrow_array::{Array, BooleanArray, RecordBatch, UInt32Array};
use arrow_select::filter::filter_record_batch;
use arrow_select::take::take_record_batch;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

/// Batches with moved rows that are held in memory.
const WAITING: usize = 16;

/// Events that are no longer one holder's and are another's; 0 is nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Move {
    pub from: i64,
    pub to: i64,
    pub events: u64,
}

/// What a rematch changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rematch {
    /// Events with other holders than before.
    pub events: u64,
    pub moves: Vec<Move>,
    /// Of the files that were asked for ([`Change::telling`]): whose events they have by a changed resource, also where
    /// these had their holder already. So who died before taking note is told the same again.
    pub gained: BTreeSet<Gained>,
    /// `None`: nothing moved.
    pub rewritten: Option<Rewritten>,
}

/// Events of a file on a day that a holder has by a resource that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gained {
    pub holder: i64,
    /// In days since 1970.
    pub day: i32,
    /// The event file's number.
    pub file: i64,
}

/// What a registry change is about: the new registry, and where it differs from the old one.
pub struct Change {
    new: Holders,
    differs: Holders,
    /// The days on which one of these is held at all.
    days: RangeInclusive<i32>,
    news: FxHashSet<i64>,
}

impl Change {
    /// `version` is the new registry's. The order of resources means nothing.
    pub fn between(old: &[Holder], version: i64, new: &[Holder]) -> Self {
        let set = |holders: &[Holder]| -> HashSet<Holder> { holders.iter().cloned().collect() };
        let (before, after) = (set(old), set(new));
        let differs: Vec<Holder> = before.symmetric_difference(&after).cloned().collect();
        let first = differs.iter().map(|one| key::day(one.from)).min().unwrap_or(i32::MAX);
        let last = differs.iter().map(|one| key::day(one.until.saturating_sub(1))).max().unwrap_or(i32::MIN);
        Self {
            differs: Holders::compile(version, differs),
            days: first..=last,
            new: Holders::compile(version, new.iter().cloned()),
            news: FxHashSet::default(),
        }
    }

    /// Event files of which it is wanted who gained what.
    #[must_use]
    pub fn telling(mut self, files: impl IntoIterator<Item = i64>) -> Self {
        self.news.extend(files);
        self
    }
}

type Owners = Vec<(i8, i64)>;

/// What happens in one day.
#[derive(Default)]
struct Day {
    /// Events of which a row is wrong or missing.
    moved: FxHashSet<EventId>,
    /// Of events with several holders: how many there should be, and which rows are right.
    partly: FxHashMap<EventId, (usize, u128)>,
    /// The holders that moved events have now.
    owners: FxHashMap<EventId, Owners>,
    /// Whose events are of which file by a changed resource.
    gained: FxHashSet<(i64, i64)>,
}

impl Lake {
    /// Gives stored events the holders of a changed registry. `nonce`: random. It can be repeated: what
    /// is right stays as it is.
    pub fn rematch(&self, change: &Change, now: i64, nonce: u64) -> Result<Rematch> {
        const TRIES: u32 = 20;
        for attempt in 0..TRIES {
            let folder = self.folder()?;
            let names = Names::new(nonce ^ u64::from(attempt) << 56);
            let snapshot = self.newest()?.snapshot.clone();
            let whose = Whose { holders: &change.new, denied: &snapshot.denied()? };
            let days: BTreeSet<i32> = snapshot.files.values().filter_map(|add| day_of(add)).filter(|day| change.days.contains(day)).collect();
            let mut moves: BTreeMap<(i64, i64), u64> = BTreeMap::new();
            let (mut old, mut new, mut events, mut gained) = (Vec::new(), Vec::new(), 0, BTreeSet::new());
            for day in days {
                let files: Vec<Arc<Add>> = files_of(&snapshot, day).cloned().collect();
                let mut found = self.look(&files, change, &whose)?;
                gained.extend(std::mem::take(&mut found.gained).into_iter().map(|(holder, file)| Gained { holder, day, file }));
                events += found.moved.len() as u64;
                let (from, to) = self.move_day(day, &files, &whose, found, &Work { folder: &folder, names: &names, now }, &mut moves)?;
                old.extend(from);
                new.extend(to);
            }
            if old.is_empty() {
                return Ok(Rematch { gained, ..Rematch::default() });
            }
            let moves: Vec<Move> = moves.into_iter().map(|((from, to), events)| Move { from, to, events }).collect();
            let told: Vec<Value> = moves.iter().map(|of| serde_json::json!([of.from, of.to, of.events])).collect();
            let about = Map::from_iter([("holders".to_owned(), Value::from(change.new.version())), ("moved".to_owned(), Value::Array(told))]);
            let rewritten = self.rewrite(Rewrite { operation: "UPDATE", now, old, new, changes: true, denied: Some(whose.denied), about })?;
            if rewritten.is_some() {
                return Ok(Rematch { events, moves, gained, rewritten });
            }
        }
        Err(Error::Contended(TRIES))
    }

    /// Finds the events of a day whose rows are not as they should be. Erased rows are none.
    fn look(&self, files: &[Arc<Add>], change: &Change, whose: &Whose<'_>) -> Result<Day> {
        let mut day = Day::default();
        let (mut found, mut changed): (Vec<Held>, Vec<Held>) = (Vec::new(), Vec::new());
        for add in files {
            for batch in without(data::read(self.file(add)?, Some(&matching_columns()))?, whose.denied) {
                let batch = batch?;
                let rows = Narrow::of(&batch)?;
                for row in 0..batch.num_rows() {
                    let subject = rows.subject(row);
                    change.differs.find(subject, &mut changed);
                    if changed.is_empty() {
                        continue;
                    }
                    whose.should_be(subject, &mut found);
                    if change.news.contains(&rows.file(row)) {
                        let by_it = found.iter().filter(|held| changed.iter().any(|one| one.holder == held.holder));
                        day.gained.extend(by_it.map(|held| (held.holder, rows.file(row))));
                    }
                    let (event, rank) = (rows.event(row), usize::try_from(rows.rank(row)).unwrap_or(usize::MAX));
                    let right = found.get(rank).is_some_and(|held| held.holder == rows.holder(row) && held.via == rows.via(row));
                    if !right {
                        day.moved.insert(event);
                    } else if found.len() > 1 {
                        day.partly.entry(event).or_insert((found.len(), 0)).1 |= 1 << rank.min(127);
                    }
                }
            }
        }
        for (event, (count, rows)) in std::mem::take(&mut day.partly) {
            if rows.count_ones() as usize != count.min(128) {
                day.moved.insert(event);
            }
        }
        Ok(day)
    }

    /// Writes the files of moved events anew. Returns which go and which come.
    fn move_day(
        &self,
        day: i32,
        files: &[Arc<Add>],
        whose: &Whose<'_>,
        mut found: Day,
        work: &Work<'_>,
        moves: &mut BTreeMap<(i64, i64), u64>,
    ) -> Result<(Vec<Arc<Add>>, Vec<Written>)> {
        if found.moved.is_empty() {
            return Ok((Vec::new(), Vec::new()));
        }
        let mut touched = Vec::new();
        for add in files {
            let mut here = false;
            for batch in data::read(self.file(add)?, Some(&holding_columns()))? {
                let batch = batch?;
                let (look, rows) = (Look::at(&batch)?, Narrow::holdings(&batch)?);
                for row in 0..batch.num_rows() {
                    let event = rows.event(row);
                    if !found.moved.contains(&event) {
                        continue;
                    }
                    // What was erased of it goes now as well: ranks are given without it, and are not to close up once more.
                    here = true;
                    if !look.is_hidden(row, whose.denied) {
                        found.owners.entry(event).or_default().push((rows.rank(row), rows.holder(row)));
                    }
                }
            }
            if here {
                touched.push(Arc::clone(add));
            }
        }
        let mut written = Vec::new();
        let moved = Arc::new(found.moved);
        for (at, add) in touched.iter().enumerate() {
            let aside = work.folder.path.join(format!("{day}-{at}"));
            std::fs::create_dir_all(&aside).map_err(Error::place(aside.display().to_string()))?;
            let mut spill = Spill::default();
            let (mut held, mut waiting) = (Vec::new(), Vec::new());
            for batch in without(data::read(self.file(add)?, None)?, whose.denied) {
                waiting.extend(moved_rows(&batch?, whose, &moved, &found.owners, moves, &mut held)?);
                if waiting.len() >= WAITING {
                    put_aside(&mut spill, &aside, day, std::mem::take(&mut waiting))?;
                }
            }
            put_aside(&mut spill, &aside, day, waiting)?;
            let moved = Arc::clone(&moved);
            let rest: Batches = Box::new(data::read(self.file(add)?, None)?.map(move |batch| {
                let batch = batch?;
                let stays: Vec<bool> = data::ids(&batch)?.map(|event| !moved.contains(&event)).collect();
                filter_record_batch(&batch, &BooleanArray::from(stays)).map_err(Error::from)
            }));
            let mut streams = spill.take(day)?;
            streams.push(rest);
            let rows = usize::try_from(add.rows()).unwrap_or(usize::MAX);
            written.extend(write_all(work.folder, day, rows, work.now, streams, work.names)?);
        }
        Ok((touched, written))
    }
}

/// Puts sorted batches aside as one sorted stream.
fn put_aside(spill: &mut Spill, folder: &Path, day: i32, batches: Vec<RecordBatch>) -> Result<()> {
    if batches.is_empty() {
        return Ok(());
    }
    let streams = batches.into_iter().map(|batch| -> Batches { Box::new(std::iter::once(Ok(batch))) }).collect();
    let mut pieces = Vec::new();
    merge(streams, PIECE, |batch| {
        pieces.push(batch);
        Ok(())
    })?;
    let pieces: Batches = Box::new(pieces.into_iter().map(Ok));
    spill.put(folder, std::iter::once((day, pieces)))
}

struct Work<'a> {
    folder: &'a Folder,
    names: &'a Names,
    now: i64,
}

/// Whose events are: by a registry, and without whom was erased.
struct Whose<'a> {
    holders: &'a Holders,
    denied: &'a [Denied],
}

impl Whose<'_> {
    /// The holders that an event should have; nobody is a holder too. Whoever was erased at its time is none, and what
    /// others have stays theirs or becomes nobody's.
    fn should_be(&self, subject: Subject<'_>, found: &mut Vec<Held>) {
        self.holders.find(subject, found);
        found.retain(|held| !self.denied.iter().any(|denied| denied.holder == Some(held.holder) && subject.observed < denied.before));
        if found.is_empty() {
            found.push(Held { holder: 0, via: Via::None });
        }
    }
}

/// The new rows of moved events, in the order of the table, from each event's first row that is there.
fn moved_rows(
    batch: &RecordBatch,
    whose: &Whose<'_>,
    moved: &FxHashSet<EventId>,
    owners: &FxHashMap<EventId, Owners>,
    moves: &mut BTreeMap<(i64, i64), u64>,
    held: &mut Vec<Held>,
) -> Result<Option<RecordBatch>> {
    let rows = Narrow::of(batch)?;
    let mut placed: Vec<(i64, i64, u32, i8, Via)> = Vec::new();
    for (row, number) in (0..batch.num_rows()).zip(0_u32..) {
        let event = rows.event(row);
        let owners = owners.get(&event).map_or(&[][..], Vec::as_slice);
        if !moved.contains(&event) || owners.iter().any(|(rank, _)| *rank < rows.rank(row)) {
            continue;
        }
        let subject = rows.subject(row);
        whose.should_be(subject, held);
        count(owners, held, moves);
        placed.extend((0..=i8::MAX).zip(held.iter()).map(|(rank, held)| (held.holder, subject.observed, number, rank, held.via)));
    }
    if placed.is_empty() {
        return Ok(None);
    }
    placed.sort_unstable_by_key(|(holder, observed, number, rank, _)| (*holder, *observed, *number, *rank));
    let numbers: UInt32Array = placed.iter().map(|(_, _, number, ..)| *number).collect();
    let taken = take_record_batch(batch, &numbers)?;
    let mut columns = taken.columns().to_vec();
    let mut put = |name: &str, column| {
        if let Some(place) = columns.get_mut(schema::index(name)) {
            *place = column;
        }
    };
    put("holder", Arc::new(placed.iter().map(|(holder, ..)| *holder).collect::<arrow_array::Int64Array>()));
    put("rank", Arc::new(placed.iter().map(|(_, _, _, rank, _)| *rank).collect::<arrow_array::Int8Array>()));
    put("via", Arc::new(placed.iter().map(|(.., via)| via.as_str()).collect::<arrow_array::DictionaryArray<arrow_array::types::Int32Type>>()));
    Ok(Some(RecordBatch::try_new(schema::arrow(), columns.into_iter().map(|column| column as Arc<dyn Array>).collect())?))
}

/// Notes who lost an event and who gained it.
fn count(owners: &[(i8, i64)], now: &[Held], moves: &mut BTreeMap<(i64, i64), u64>) {
    let before: BTreeSet<i64> = owners.iter().map(|(_, holder)| *holder).collect();
    let after: BTreeSet<i64> = now.iter().map(|held| held.holder).collect();
    let (lost, gained): (Vec<i64>, Vec<i64>) = (before.difference(&after).copied().collect(), after.difference(&before).copied().collect());
    for at in 0..lost.len().max(gained.len()) {
        let of = |list: &[i64]| list.get(at).copied().unwrap_or(0);
        *moves.entry((of(&lost), of(&gained))).or_default() += 1;
    }
}
