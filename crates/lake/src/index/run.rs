//! A run: ids in order, in a file that is written once. A filter in memory says of almost every id
//! that is not in the run that it is not; a table of the first id of each page finds the others with
//! one read.
//!
//! The file: pages of ids (big endian), the filter, a footer with sizes and a checksum.

use crate::key::EventId;
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
const MAGIC: u64 = 0x4154_4c52_554e_0001;
const FOOTER: usize = 32;

#[derive(Debug)]
pub(crate) struct Run {
    pub path: PathBuf,
    file: File,
    pub len: usize,
    firsts: Vec<EventId>,
    filter: Option<Fuse>,
}

#[derive(Debug)]
struct Fuse {
    descriptor: [u8; BinaryFuse8::DESCRIPTOR_LEN],
    fingerprints: Box<[u8]>,
}

impl Fuse {
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
        let (mut firsts, mut hashes, mut last) = (Vec::new(), Vec::new(), None);
        for id in ids {
            let id = id?;
            if last.is_some_and(|last| last >= id) {
                return Err(Error::damaged(failed(), "ids out of order"));
            }
            last = Some(id);
            if hashes.len() % PAGE == 0 {
                firsts.push(id);
            }
            hashes.push(hash(id));
            out.write_all(&id.to_be_bytes()).map_err(Error::place(failed()))?;
        }
        let len = hashes.len();
        let filter = build(hashes);
        let (descriptor, fingerprints) = filter.as_ref().map_or((&[][..], &[][..]), |filter| (&filter.descriptor[..], &filter.fingerprints[..]));
        let mut footer = Vec::with_capacity(FOOTER);
        footer.extend(MAGIC.to_le_bytes());
        footer.extend((len as u64).to_le_bytes());
        footer.extend((fingerprints.len() as u64).to_le_bytes());
        footer.extend(check(&firsts, descriptor, fingerprints).to_le_bytes());
        let bytes: Vec<u8> = firsts.iter().flat_map(|id| id.to_be_bytes()).collect();
        let written = out.write_all(&bytes).and_then(|()| out.write_all(descriptor)).and_then(|()| out.write_all(fingerprints));
        written.and_then(|()| out.write_all(&footer)).map_err(Error::place(failed()))?;
        let file = out.into_inner().map_err(|error| Error::place(failed())(error.into_error()))?;
        Ok(Self { path: path.to_owned(), file, len, firsts, filter })
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
        let (magic, len, fingerprints, sum) = (words.next(), words.next().unwrap_or(0), words.next().unwrap_or(0), words.next());
        let (Ok(len), Ok(fingerprints)) = (usize::try_from(len), usize::try_from(fingerprints)) else { return Ok(None) };
        let pages = len.div_ceil(PAGE);
        let descriptor = if fingerprints == 0 { 0 } else { BinaryFuse8::DESCRIPTOR_LEN };
        let tail = pages.saturating_mul(ID).saturating_add(descriptor).saturating_add(fingerprints);
        let whole = len.checked_mul(ID).and_then(|ids| ids.checked_add(tail)).and_then(|all| all.checked_add(FOOTER));
        if magic != Some(MAGIC) || whole.map(|whole| whole as u64) != Some(size) {
            return Ok(None);
        }
        let mut bytes = vec![0; tail];
        file.read_exact_at(&mut bytes, (len * ID) as u64).map_err(Error::place(failed()))?;
        let (head, rest) = bytes.split_at(pages * ID);
        let firsts: Vec<EventId> = head.chunks_exact(ID).map(|id| EventId::from_be_bytes(id.try_into().unwrap_or_default())).collect();
        let (about, rest) = rest.split_at(descriptor);
        if sum != Some(check(&firsts, about, rest)) {
            return Ok(None);
        }
        let filter = about.try_into().ok().map(|descriptor| Fuse { descriptor, fingerprints: rest.into() });
        Ok(Some(Self { path: path.to_owned(), file, len, firsts, filter }))
    }

    /// Calls `found` for each of the ids, which come in order, that is in the run.
    pub fn search(&self, ids: impl Iterator<Item = EventId>, mut found: impl FnMut(EventId)) -> Result<()> {
        let mut page: Vec<EventId> = Vec::new();
        let mut loaded = usize::MAX;
        for id in ids.filter(|id| self.filter.as_ref().is_none_or(|filter| filter.contains(*id))) {
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

fn build(mut hashes: Vec<u64>) -> Option<Fuse> {
    // Two ids may share their lower half; the filter wants each once. Without one, every search reads.
    hashes.sort_unstable();
    hashes.dedup();
    let filter = BinaryFuse8::try_from_iterator(hashes.iter().copied()).ok()?;
    let mut descriptor = [0; BinaryFuse8::DESCRIPTOR_LEN];
    filter.dma_copy_descriptor_to(&mut descriptor);
    Some(Fuse { descriptor, fingerprints: filter.dma_fingerprints().into() })
}

/// Of what is read at the start. A page that changed on the disk afterwards is the disk's trouble.
fn check(firsts: &[EventId], descriptor: &[u8], fingerprints: &[u8]) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    for id in firsts {
        hasher.write_u128(*id);
    }
    hasher.write(descriptor);
    hasher.write(fingerprints);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::Run;

    #[test]
    fn a_run_finds_what_is_in_it_and_nothing_else_also_after_it_was_opened_again() {
        let folder = tempfile::tempdir().unwrap();
        for len in [0_usize, 1, 2, 255, 256, 257, 5000] {
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
