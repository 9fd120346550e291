//! The key file from the outside: who may read it, what is refused, and that what is derived from it
//! never changes, since old blobs, codes and checkpoints depend on it.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests may fall")]

use std::fs;
use std::os::unix::fs::PermissionsExt;

use data_encoding::HEXLOWER;
use vault::Error;
use vault::key::InstanceKey;

/// A key that guards nothing, so that what is derived from it can be written down here.
const KNOWN: &str = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";

fn written(text: &str, mode: u32) -> (tempfile::TempDir, Result<InstanceKey, Error>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    let key = InstanceKey::load(&path);
    (folder, key)
}

#[test]
fn a_new_key_is_for_its_owner_only_and_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let made = InstanceKey::create(&path).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let loaded = InstanceKey::load(&path).unwrap();
    assert_eq!(made.secret("x"), loaded.secret("x"));
    assert_eq!(made.recipient(), loaded.recipient());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
    assert!(matches!(lines[..], [line] if line.starts_with("AGE-SECRET-KEY-1")));
    assert!(!format!("{made:?}").contains("AGE-SECRET"), "{made:?}");
}

#[test]
fn a_key_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let first = InstanceKey::load_or_create(&path).unwrap();
    assert!(matches!(InstanceKey::create(&path), Err(Error::Key { .. })));
    let again = InstanceKey::load_or_create(&path).unwrap();
    assert_eq!(first.recipient(), again.recipient());
}

#[test]
fn of_many_that_start_at_once_all_have_the_same_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("key");
    let recipients: Vec<String> = std::thread::scope(|scope| {
        let start = || InstanceKey::load_or_create(&path).unwrap().recipient();
        let starts: Vec<_> = (0..16).map(|_| scope.spawn(start)).collect();
        starts.into_iter().map(|start| start.join().unwrap()).collect()
    });
    assert!(recipients.iter().all(|recipient| *recipient == recipients[0]));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_key_that_others_may_read_is_refused() {
    for mode in [0o640, 0o604, 0o644, 0o620, 0o601] {
        let error = written(KNOWN, mode).1.unwrap_err();
        assert!(error.to_string().contains("chmod 600"), "{mode:o}: {error}");
    }
    for mode in [0o600, 0o400] {
        written(KNOWN, mode).1.unwrap();
    }
}

#[test]
fn what_is_no_key_is_refused_without_showing_it() {
    let secret_typo = KNOWN.replace("Q4EGAEX", "Q4EGAEY");
    let two = format!("{KNOWN}\n{KNOWN}");
    for text in ["", "# only a comment\n", "hello", &secret_typo, &two] {
        let error = written(text, 0o600).1.unwrap_err();
        assert!(matches!(error, Error::Key { .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains("GFPYYSJZ"), "{error}");
    }
    assert!(InstanceKey::load("/nowhere/key").is_err());
}

// The expected values were computed apart from this code, from RFC 5869, RFC 2104 and RFC 8032.
#[test]
fn what_is_derived_never_changes() {
    let key = written(KNOWN, 0o600).1.unwrap();
    let hex = |bytes: [u8; 32]| HEXLOWER.encode(&bytes);
    assert_eq!(hex(key.secret("sessions")), "48f8bd10599bc65a2cc8f9bb57467f60f8942b883616dbcff74e7ed560d28341");
    assert_eq!(hex(key.mac("receipt", &[b"ab", b"c"])), "4ec851de5864e767c92517f42e8fc789d946d2c79b45280f69ebce042da7f4a2");
    assert_eq!(key.public_line("csirt.example/journal").unwrap(), "csirt.example/journal+c0568fab+AXLHkeAF1NPtW4jmLHn6Y90YO2AnspHvekyuxqF+qzGi");
}

#[test]
fn purposes_and_parts_are_kept_apart() {
    let key = written(KNOWN, 0o600).1.unwrap();
    assert_ne!(key.secret("a"), key.secret("b"));
    assert_ne!(key.mac("a", &[b"x"]), key.mac("b", &[b"x"]));
    assert_ne!(key.mac("a", &[b"ab", b"c"]), key.mac("a", &[b"a", b"bc"]));
    assert_ne!(key.mac("a", &[b"abc"]), key.mac("a", &[b"ab", b"c"]));
    assert_ne!(key.mac("a", &[]), key.mac("a", &[b""]));
}
