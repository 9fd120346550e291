//! A run: ids in order, in a file that is written once. Filters in memory say of almost every id
//! that is not in the run that it is not; a table of the first id of each page finds the others with
//! one read.
//!
//! Each filter is for one stretch of the ids, because making one takes some 40 bytes of memory an id: so that
//! memory does not grow with the run.
//!
//! The file: pages of ids (big endian), the first ids, the filters, a footer with sizes and a checksum.

use crate::key::{self, EventId};
use crate::{Error, Result};
use std::fs::File;
use std::hash::Hasher;
use std::io::{BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use xorf::{BinaryFuse8, BinaryFuse8Ref, DmaSerializable, Filter, FilterRef};

/// Ids of a page: 4 KiB.
const PAGE: usize = 256;
const ID: usize = 16;
/// Pages of a stretch, 262,144 ids: some 10 MB while its filter is made, and of a size for which the first attempt at one
/// succeeds (it seldom does for 413,000 ids and somewhat more). Few in the tests here, so that a run of theirs has several.
const STRETCH: usize = if cfg!(test) { 4 } else { 1024 };
const MAGIC: u64 = 0x4154_4c52_554e_0003;
const FOOTER: usize = 32;

#[derive(Debug)]
pub(crate) struct Run {
    pub path: PathBuf,
    file: File,
    pub len: usize,
    firsts: Vec<EventId>,
    /// One for each stretch.
    filters: Vec<Option<Fuse>>,
}

#[derive(Debug)]
struct Fuse {
    descriptor: [u8; BinaryFuse8::DESCRIPTOR_LEN],
    fingerprints: Box<[u8]>,
}

impl Fuse {
    /// Of the hashes of one stretch, which are taken. Without one, every search reads.
    fn make(hashes: &mut Vec<u64>) -> Option<Self> {
        let filter = BinaryFuse8::try_from_iterator(hashes.iter().copied());
        hashes.clear();
        let filter = filter.ok()?;
        let mut descriptor = [0; BinaryFuse8::DESCRIPTOR_LEN];
        filter.dma_copy_descriptor_to(&mut descriptor);
        Some(Self { descriptor, fingerprints: filter.dma_fingerprints().into() })
    }

    fn contains(&self, id: EventId) -> bool {
        BinaryFuse8Ref::from_dma(&self.descriptor, &self.fingerprints).contains(&hash(id))
    }
}

/// The filter's own hash wants 64 good bits; the lower half of an id is that.
#[expect(clippy::cast_possible_truncation, reason = "the lower half is what is wanted")]
fn hash(id: EventId) -> u64 {
    id as u64
}

impl Run {
    /// Writes a run. The ids come in order and each once.
    pub fn write(path: &Path, ids: impl Iterator<Item = Result<EventId>>) -> Result<Self> {
        let failed = || path.display().to_string();
        let file = File::options().read(true).write(true).create(true).truncate(true).open(path).map_err(Error::place(failed()))?;
        let mut out = BufWriter::with_capacity(1 << 18, file);
        let (mut firsts, mut filters, mut hashes, mut last, mut len) = (Vec::new(), Vec::new(), Vec::new(), None, 0);
        for id in ids {
            let id = id?;
            if last.is_some_and(|last| last >= id) {
                return Err(Error::damaged(failed(), "ids out of order"));
            }
            last = Some(id);
            if len % PAGE == 0 {
                firsts.push(id);
            }
            len += 1;
            hashes.push(hash(id));
            if hashes.len() == STRETCH * PAGE {
                filters.push(Fuse::make(&mut hashes));
            }
            out.write_all(&id.to_be_bytes()).map_err(Error::place(failed()))?;
        }
        if !hashes.is_empty() {
            filters.push(Fuse::make(&mut hashes));
        }
        let tail = Tail { firsts, filters };
        let bytes = tail.to_bytes();
        let footer = [MAGIC, len as u64, bytes.len() as u64, check(&bytes)];
        let written = out.write_all(&bytes).and_then(|()| footer.iter().try_for_each(|word| out.write_all(&word.to_le_bytes())));
        written.map_err(Error::place(failed()))?;
        let file = out.into_inner().map_err(|error| Error::place(failed())(error.into_error()))?;
        Ok(Self { path: path.to_owned(), file, len, firsts: tail.firsts, filters: tail.filters })
    }

    /// Whether all ids are of a day.
    pub fn is_of(&self, day: i32) -> Result<bool> {
        let mut last = Vec::new();
        if let Some(page) = self.firsts.len().checked_sub(1) {
            self.load(page, &mut last)?;
        }
        let ends = [self.firsts.first(), last.last()];
        Ok(ends.into_iter().all(|id| id.is_some_and(|id| key::day_of(*id) == day)))
    }

    /// Flushes it. Until then a loss of power may take it, which costs a rebuild.
    pub fn sync(&self) -> Result<()> {
        self.file.sync_all().map_err(Error::place(self.path.display().to_string()))
    }

    /// `None`: the file is not whole.
    pub fn open(path: &Path) -> Result<Option<Self>> {
        let failed = || path.display().to_string();
        let file = File::open(path).map_err(Error::place(failed()))?;
        let size = file.metadata().map_err(Error::place(failed()))?.len();
        let mut footer = [0; FOOTER];
        let Some(at) = size.checked_sub(FOOTER as u64) else { return Ok(None) };
        file.read_exact_at(&mut footer, at).map_err(Error::place(failed()))?;
        let mut words = footer.chunks_exact(8).map(|word| u64::from_le_bytes(word.try_into().unwrap_or_default()));
        let (magic, len, tail, sum) = (words.next(), words.next().unwrap_or(0), words.next().unwrap_or(0), words.next());
        let (Ok(len), Ok(tail)) = (usize::try_from(len), usize::try_from(tail)) else { return Ok(None) };
        let whole = len.checked_mul(ID).and_then(|ids| ids.checked_add(tail)).and_then(|all| all.checked_add(FOOTER));
        if magic != Some(MAGIC) || whole.map(|whole| whole as u64) != Some(size) {
            return Ok(None);
        }
        let mut bytes = vec![0; tail];
        file.read_exact_at(&mut bytes, (len * ID) as u64).map_err(Error::place(failed()))?;
        if sum != Some(check(&bytes)) {
            return Ok(None);
        }
        Ok(Tail::of(&bytes, len).map(|Tail { firsts, filters }| Self { path: path.to_owned(), file, len, firsts, filters }))
    }

    /// Calls `found` for each of the ids, which come in order, that is in the run.
    pub fn search(&self, ids: impl Iterator<Item = EventId>, mut found: impl FnMut(EventId)) -> Result<()> {
        let mut page: Vec<EventId> = Vec::new();
        let mut loaded = usize::MAX;
        let mut stretch = 0;
        for id in ids {
            while self.firsts.get((stretch + 1) * STRETCH).is_some_and(|first| *first <= id) {
                stretch += 1;
            }
            if self.filters.get(stretch).and_then(Option::as_ref).is_some_and(|filter| !filter.contains(id)) {
                continue;
            }
            let Some(at) = self.firsts.partition_point(|first| *first <= id).checked_sub(1) else { continue };
            if at != loaded {
                self.load(at, &mut page)?;
                loaded = at;
            }
            if page.binary_search(&id).is_ok() {
                found(id);
            }
        }
        Ok(())
    }

    fn load(&self, page: usize, into: &mut Vec<EventId>) -> Result<()> {
        let from = page * PAGE;
        let ids = self.len.saturating_sub(from).min(PAGE);
        let mut bytes = [0; PAGE * ID];
        let Some(bytes) = bytes.get_mut(..ids * ID) else { return Ok(()) };
        self.file.read_exact_at(bytes, (from * ID) as u64).map_err(Error::place(self.path.display().to_string()))?;
        into.clear();
        into.extend(bytes.chunks_exact(ID).map(|id| EventId::from_be_bytes(id.try_into().unwrap_or_default())));
        Ok(())
    }

    /// All ids from `from` on, in order.
    pub fn ids(&self, from: EventId) -> Ids<'_> {
        let page = self.firsts.partition_point(|first| *first <= from).saturating_sub(1);
        Ids { run: self, page, loaded: Vec::new(), at: 0, from }
    }
}

/// See [`Run::ids`].
pub(crate) struct Ids<'a> {
    run: &'a Run,
    page: usize,
    loaded: Vec<EventId>,
    at: usize,
    from: EventId,
}

impl Iterator for Ids<'_> {
    type Item = Result<EventId>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(id) = self.loaded.get(self.at).copied() {
                self.at += 1;
                if id >= self.from {
                    return Some(Ok(id));
                }
                continue;
            }
            if self.page >= self.run.firsts.len() {
                return None;
            }
            if let Err(error) = self.run.load(self.page, &mut self.loaded) {
                self.page = usize::MAX;
                self.loaded.clear();
                return Some(Err(error));
            }
            self.page += 1;
            self.at = 0;
        }
    }
}

/// What a run keeps in memory, as it stands in the file behind the ids: each first id, then each filter's descriptor,
/// the number of its fingerprints (a word, little endian) and these.
struct Tail {
    firsts: Vec<EventId>,
    filters: Vec<Option<Fuse>>,
}

impl Tail {
    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes: Vec<u8> = self.firsts.iter().flat_map(|id| id.to_be_bytes()).collect();
        for filter in &self.filters {
            let (descriptor, fingerprints) = filter.as_ref().map_or(([0; BinaryFuse8::DESCRIPTOR_LEN], &[][..]), |one| (one.descriptor, &one.fingerprints[..]));
            bytes.extend(descriptor);
            bytes.extend((fingerprints.len() as u64).to_le_bytes());
            bytes.extend(fingerprints);
        }
        bytes
    }

    /// `None`: these are not the tail of a run of that length.
    fn of(bytes: &[u8], len: usize) -> Option<Self> {
        let pages = len.div_ceil(PAGE);
        let (head, mut rest) = bytes.split_at_checked(pages.checked_mul(ID)?)?;
        let firsts = head.chunks_exact(ID).map(|id| EventId::from_be_bytes(id.try_into().unwrap_or_default())).collect();
        let mut filters = Vec::new();
        for _ in 0..pages.div_ceil(STRETCH) {
            let descriptor;
            (descriptor, rest) = rest.split_first_chunk()?;
            let count;
            (count, rest) = rest.split_first_chunk()?;
            let fingerprints;
            (fingerprints, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*count)).ok()?)?;
            filters.push((!fingerprints.is_empty()).then(|| Fuse { descriptor: *descriptor, fingerprints: fingerprints.into() }));
        }
        rest.is_empty().then_some(Self { firsts, filters })
    }
}

/// Of what is read at the start. A page that changed on the disk afterwards is the disk's trouble.
fn check(tail: &[u8]) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(tail);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::Run;

    #[test]
    fn a_run_finds_what_is_in_it_and_nothing_else_also_after_it_was_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        for len in [0_usize, 1, 2, 255, 256, 257, 1024, 1025, 5000] {
            let path = folder.path().join(len.to_string());
            let mut dice = fastrand::Rng::with_seed(len as u64);
            let mut ids: Vec<u128> = (0..len).map(|_| dice.u128(..)).collect();
            ids.sort_unstable();
            let written = Run::write(&path, ids.iter().copied().map(Ok)).unwrap();
            let opened = Run::open(&path).unwrap().unwrap();
            for run in [written, opened] {
                let mut asked: Vec<u128> = ids.iter().step_by(3).copied().chain((0..1000).map(|_| dice.u128(..))).collect();
                asked.sort_unstable();
                let mut found = Vec::new();
                run.search(asked.into_iter(), |id| found.push(id)).unwrap();
                assert_eq!(found, ids.iter().step_by(3).copied().collect::<Vec<_>>());
                assert_eq!(run.ids(0).map(Result::unwrap).collect::<Vec<_>>(), ids);
                let from = ids.get(len / 2).copied().unwrap_or(0);
                assert_eq!(run.ids(from).map(Result::unwrap).collect::<Vec<_>>(), ids[len / 2..]);
            }
            let bytes = std::fs::read(&path).unwrap();
            std::fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
            assert!(Run::open(&path).unwrap().is_none());
        }
    }
}
