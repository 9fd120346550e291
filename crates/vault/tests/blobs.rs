//! Blobs from the outside: what goes in comes out, what was damaged is named, what crashed leaves
//! nothing behind, and a stock age reader opens what we sealed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fall")]

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use vault::blob::{self, Hash, Store};
use vault::key::InstanceKey;
use vault::{Error, Part};

const CHUNK: usize = 64 * 1024;
const MIB: usize = 1024 * 1024;
const SIZES: [usize; 8] = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, MIB - 1, MIB, MIB + 1];

fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let key = InstanceKey::create(folder.path().join("key")).unwrap();
    let store = Store::open(folder.path().join("blobs"), key).unwrap();
    (folder, store)
}

fn content(size: usize) -> Vec<u8> {
    (0..size).map(|n| (n.wrapping_mul(31) >> 3).to_le_bytes()[0]).collect()
}

fn files_under(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for found in fs::read_dir(folder).unwrap() {
        let path = found.unwrap().path();
        if path.is_dir() {
            files.extend(files_under(&path));
        } else {
            files.push(path);
        }
    }
    files
}

fn part(error: &Error) -> Option<Part> {
    match error {
        Error::Damaged { part, .. } => Some(*part),
        _ => None,
    }
}

#[test]
fn every_size_comes_back_whole_by_each_way() {
    let (folder, store) = store();
    let key = InstanceKey::load(folder.path().join("key")).unwrap();
    for size in SIZES {
        let plain = content(size);
        let hash = Hash::of(&plain);
        assert_eq!(store.put(&plain).unwrap(), hash, "{size}");
        assert!(store.has(&hash).unwrap());
        assert!(store.get(&hash).unwrap() == plain, "{size}");
        store.verify(&hash).unwrap();
        let mut read = Vec::new();
        store.reader(&hash).unwrap().read_to_end(&mut read).unwrap();
        assert!(read == plain, "{size}");
        let sealed = blob::seal(&key, &plain).unwrap();
        assert!(blob::open(&key, &sealed, &hash).unwrap() == plain, "{size}");
    }
    let mut expect: Vec<Hash> = SIZES.map(|size| Hash::of(&content(size))).to_vec();
    expect.sort();
    assert_eq!(store.list().collect::<Result<Vec<_>, _>>().unwrap(), expect);
}

#[test]
fn the_same_content_twice_is_one_file() {
    let (folder, store) = store();
    let first = store.put(b"once").unwrap();
    let sealed = fs::read(store.path(&first)).unwrap();
    let mut writer = store.writer().unwrap();
    writer.write_all(b"once").unwrap();
    assert_eq!(writer.finish().unwrap(), (first, 4));
    assert_eq!(store.put(b"once").unwrap(), first);
    assert_eq!(files_under(&folder.path().join("blobs")), [store.path(&first)]);
    assert_eq!(fs::read(store.path(&first)).unwrap(), sealed);
}

#[test]
fn many_may_put_the_same_content_at_once() {
    let (folder, store) = store();
    let plain = content(3 * CHUNK);
    let hashes: Vec<Hash> = std::thread::scope(|scope| {
        let puts: Vec<_> = (0..16).map(|_| scope.spawn(|| store.put(&plain).unwrap())).collect();
        puts.into_iter().map(|put| put.join().unwrap()).collect()
    });
    assert!(hashes.iter().all(|hash| *hash == Hash::of(&plain)));
    assert_eq!(files_under(&folder.path().join("blobs")).len(), 1);
    store.verify(&hashes[0]).unwrap();
}

#[test]
fn nothing_is_in_clear_on_the_disk() {
    let (folder, store) = store();
    let secret = b"the name of the person who told us";
    let mut writer = store.writer().unwrap();
    for _ in 0..10_000 {
        writer.write_all(secret).unwrap();
    }
    writer.flush().unwrap();
    let clear = |path: &std::path::PathBuf| fs::read(path).unwrap().windows(secret.len()).any(|part| part == secret);
    assert!(!files_under(folder.path()).iter().any(clear));
    writer.finish().unwrap();
    assert!(!files_under(folder.path()).iter().any(clear));
}

#[test]
fn an_unfinished_writer_leaves_nothing_behind() {
    let (folder, store) = store();
    let mut writer = store.writer().unwrap();
    writer.write_all(&content(MIB)).unwrap();
    assert_eq!(files_under(&folder.path().join("blobs")).len(), 1);
    drop(writer);
    assert_eq!(files_under(&folder.path().join("blobs")).len(), 0);
}

#[test]
fn opening_clears_what_a_crash_left_but_not_what_is_being_written() {
    let (folder, store) = store();
    let root = folder.path().join("blobs");
    let mut writer = store.writer().unwrap();
    writer.write_all(b"still coming").unwrap();
    let leftover = root.join("tmp/.atalaya-part-1-1");
    fs::write(&leftover, b"half a file").unwrap();

    let key = InstanceKey::load(folder.path().join("key")).unwrap();
    Store::open(&root, key).unwrap();
    assert!(!leftover.exists());
    let (hash, size) = writer.finish().unwrap();
    assert_eq!((store.get(&hash).unwrap().as_slice(), size), (&b"still coming"[..], 12));
}

#[test]
fn removing_is_for_good_and_says_whether_it_was_there() {
    let (_folder, store) = store();
    let hash = store.put(b"to be destroyed").unwrap();
    assert!(store.remove(&hash).unwrap());
    assert!(!store.remove(&hash).unwrap());
    assert!(!store.has(&hash).unwrap());
    assert!(matches!(store.get(&hash), Err(Error::Missing(h)) if h == hash));
    assert!(matches!(store.verify(&hash), Err(Error::Missing(h)) if h == hash));
}

#[test]
fn what_was_put_again_is_not_old_and_stays() {
    let (_folder, store) = store();
    let hour = std::time::Duration::from_hours(1);
    let made = |content: &[u8]| {
        let hash = store.put(content).unwrap();
        let file = fs::File::open(store.path(&hash)).unwrap();
        let now = file.metadata().unwrap().modified().unwrap();
        file.set_modified(now - 3 * hour).unwrap();
        (hash, now - hour)
    };
    let ((left, before), (wanted, _)) = (made(b"left behind"), made(b"wanted again"));
    let mut both = vec![left, wanted];
    both.sort();
    assert_eq!(store.old(before).unwrap(), both);
    store.put(b"wanted again").unwrap();
    assert_eq!(store.old(before).unwrap(), [left]);
    assert!(store.remove_old(&left, before).unwrap() && !store.remove_old(&wanted, before).unwrap());
    assert!(!store.has(&left).unwrap() && store.has(&wanted).unwrap());
}

#[test]
fn a_file_under_the_wrong_name_is_damaged_content() {
    let (_folder, store) = store();
    let (one, two) = (store.put(b"one").unwrap(), store.put(b"two").unwrap());
    fs::copy(store.path(&one), store.path(&two)).unwrap();
    let error = store.get(&two).unwrap_err();
    assert_eq!(part(&error), Some(Part::Content));
    assert!(error.to_string().contains(&two.to_string()), "{error}");
    assert_eq!(part(&store.verify(&two).unwrap_err()), Some(Part::Content));
}

#[test]
fn another_key_says_so() {
    let (folder, store) = store();
    let hash = store.put(b"ours").unwrap();
    let other = InstanceKey::create(folder.path().join("other")).unwrap();
    let wrong = Store::open(folder.path().join("blobs"), other).unwrap();
    assert_eq!(part(&wrong.get(&hash).unwrap_err()), Some(Part::Key));
    // And does not overwrite what the right key would still open.
    assert!(wrong.put(b"ours").is_err());
    assert_eq!(store.get(&hash).unwrap(), b"ours");
}

#[test]
fn a_seal_cut_short_anywhere_is_found() {
    let (folder, store) = store();
    let key = InstanceKey::load(folder.path().join("key")).unwrap();
    let plain = content(2 * CHUNK);
    let hash = store.put(&plain).unwrap();
    let sealed = fs::read(store.path(&hash)).unwrap();
    let payload = sealed.len() - 2 * (CHUNK + 16);
    let ends = [0, 1, 20, 100, payload - 1, payload, payload + 1, payload + CHUNK + 16, sealed.len() - 1];
    for end in ends {
        let error = blob::open(&key, &sealed[..end], &hash).unwrap_err();
        assert_eq!(part(&error), Some(Part::Seal), "cut at {end}: {error}");
    }
    let longer = [&sealed[..], b"x"].concat();
    assert_eq!(part(&blob::open(&key, &longer, &hash).unwrap_err()), Some(Part::Seal));
}

#[test]
fn a_good_copy_replaces_a_damaged_one() {
    let (_folder, store) = store();
    let plain = content(1000);
    let hash = store.put(&plain).unwrap();
    let path = store.path(&hash);
    let mut sealed = fs::read(&path).unwrap();
    *sealed.last_mut().unwrap() ^= 1;
    fs::write(&path, &sealed).unwrap();
    assert_eq!(part(&store.verify(&hash).unwrap_err()), Some(Part::Seal));
    store.put(&plain).unwrap();
    assert_eq!(store.get(&hash).unwrap(), plain);
}

#[test]
fn a_full_disk_is_recognised() {
    let full = io::Error::from(io::ErrorKind::StorageFull);
    assert!(Error::io("write", full).is_full());
    assert!(Error::io("write", io::Error::from(io::ErrorKind::QuotaExceeded)).is_full());
    assert!(!Error::io("write", io::Error::from(io::ErrorKind::NotFound)).is_full());
    // What the system itself says when there is no room.
    let said = fs::OpenOptions::new().write(true).open("/dev/full").and_then(|mut f| f.write(b"x"));
    assert!(Error::io("write", said.unwrap_err()).is_full());
}

#[test]
fn a_stock_age_reader_opens_a_blob_with_the_key_file() {
    let (folder, store) = store();
    let hash = store.put(b"readable in ten years").unwrap();
    let path = folder.path().join("key").to_str().unwrap().to_owned();
    let identities = age::IdentityFile::from_file(path).unwrap().into_identities().unwrap();
    let sealed = fs::read(store.path(&hash)).unwrap();
    let mut plain = Vec::new();
    age::Decryptor::new(&sealed[..])
        .unwrap()
        .decrypt(identities.iter().map(|identity| identity.as_ref() as &dyn age::Identity))
        .unwrap()
        .read_to_end(&mut plain)
        .unwrap();
    assert_eq!(plain, b"readable in ten years");
}

#[test]
fn a_hash_has_one_spelling_out_and_reads_both_cases() {
    let hash = Hash::of(b"");
    let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(hash.to_string(), text);
    assert_eq!(text.to_uppercase().parse::<Hash>().unwrap(), hash);
    for bad in ["", "e3", &text[1..], &format!("{text}00"), &text.replace('e', "g")] {
        assert!(bad.parse::<Hash>().is_err(), "{bad}");
    }
}

#[test]
fn writes_of_any_shape_make_the_same_blob() {
    let (_folder, store) = store();
    let shapes = prop::collection::vec(0_usize..50_000, 0..5);
    check(16, shapes, |parts| {
        let plain = content(parts.iter().sum());
        let mut writer = store.writer().unwrap();
        let mut rest = &plain[..];
        for part in parts {
            let (now, later) = rest.split_at(part);
            writer.write_all(now).unwrap();
            rest = later;
        }
        let (hash, size) = writer.finish().unwrap();
        prop_assert_eq!(hash, Hash::of(&plain));
        prop_assert_eq!(size, plain.len() as u64);
        prop_assert!(store.get(&hash).unwrap() == plain);
        Ok(())
    });
}

#[test]
fn no_flipped_bit_goes_unseen() {
    let folder = tempfile::tempdir().unwrap();
    let key = InstanceKey::create(folder.path().join("key")).unwrap();
    let flips = (any::<prop::sample::Index>(), 0_u8..8, 0_usize..400);
    check(256, flips, |(place, bit, size)| {
        let plain = content(size);
        let mut sealed = blob::seal(&key, &plain).unwrap();
        let at = place.index(sealed.len());
        sealed[at] ^= 1 << bit;
        let error = blob::open(&key, &sealed, &Hash::of(&plain)).unwrap_err();
        prop_assert!(matches!(part(&error), Some(Part::Seal | Part::Key)), "{error:?}");
        Ok(())
    });
}

/// A property over one store, which is too slow to make anew for each case.
fn check<S: Strategy>(cases: u32, values: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    TestRunner::new(ProptestConfig::with_cases(cases)).run(&values, property).unwrap();
}
