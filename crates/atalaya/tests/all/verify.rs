//! `atalaya verify`: whatever one byte is changed behind the program's back, the record is named.

use std::path::Path;
use std::process::{Command, Output};

use atalaya::access::Who;
use atalaya::journal;
use atalaya::reports::{self, NewFile};

use crate::house::House;
use crate::reports::told;

/// `atalaya verify` over an installation.
pub fn verify(data: &Path, key: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_atalaya"));
    command.arg("verify").args(["--profile", "/nonexistent", "--json", "--data"]).arg(data).arg("--key").arg(key);
    command.output().expect("the program runs")
}

/// Runs SQL behind the program's back, as whoever gets at the file could.
pub fn tamper(data: &Path, sql: &str) -> String {
    let output = Command::new("sqlite3").arg(data.join("atalaya.db")).arg(format!("pragma busy_timeout = 10000; {sql}")).output();
    let output = output.expect("sqlite3 runs (Debian: apt-get install sqlite3)");
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    // The first line is what the pragma answered.
    String::from_utf8_lossy(&output.stdout).lines().skip(1).collect()
}

#[track_caller]
fn sound(house: &House) {
    let output = verify(&house.data(), &house.key());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}

#[track_caller]
fn names(house: &House, record: &str) {
    let output = verify(&house.data(), &house.key());
    let (out, error) = (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
    assert_eq!(output.status.code(), Some(1), "{out}{error}");
    assert!(error.contains(&format!("Not sound: {record}: ")), "{record} is not named: {error}");
    let answer: serde_json::Value = serde_json::from_str(&out).expect("one JSON object");
    assert_eq!((&answer["sound"], &answer["record"]), (&false.into(), &record.into()));
}

/// A house with a few reports; the second has a large file, which lies outside of the database.
async fn house() -> House {
    let house = House::sqlite().await;
    let app = &house.app;
    for n in 0..4 {
        let large: Vec<u8> = (0..300_000_u32).flat_map(u32::to_le_bytes).take(200_000).collect();
        let file = NewFile { name: "dump.bin".into(), media_type: "application/octet-stream".into(), kept: app.blobs.seal(&large).unwrap() };
        let files = if n == 1 { vec![file] } else { vec![] };
        reports::receive(app, &Who::Public, reports::NewReport { files, ..told(app, "form", &format!("Report {n}"), "It is 192.0.2.7.", "desk@shop.example") })
            .await
            .unwrap();
    }
    journal::seal(app).await.unwrap();
    sound(&house);
    house
}

/// SQL that puts the next letter in place of one.
fn next_letter(column: &str, place: u32, of: &str) -> String {
    format!("{column} = substr({column}, 1, {place} - 1) || char(unicode(substr({column}, {place}, 1)) + 1) || substr({column}, {place} + 1) where {of}")
}

#[tokio::test(flavor = "multi_thread")]
async fn one_changed_byte_of_a_journal_entry_is_named() {
    let house = house().await;
    let data = house.data();
    let one = tamper(&data, "select max(seq) from journal where particulars is not null");
    for column in ["facts", "particulars", "who", "verb", "noun"] {
        let kept = tamper(&data, &format!("select hex({column}) from journal where seq = {one}"));
        tamper(&data, &format!("update journal set {}", next_letter(column, 3, &format!("seq = {one}"))));
        names(&house, &format!("journal entry {one}"));
        tamper(&data, &format!("update journal set {column} = cast(x'{kept}' as text) where seq = {one}"));
        sound(&house);
    }
    tamper(&data, "update journal set at = at + 1 where seq = 2");
    names(&house, "journal entry 2");
    tamper(&data, "update journal set at = at - 1 where seq = 2");
    sound(&house);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_that_lost_an_entry_is_found_out() {
    let house = house().await;
    tamper(&house.data(), "delete from journal where seq = (select max(seq) from journal)");
    assert_eq!(verify(&house.data(), &house.key()).status.code(), Some(1), "an entry was cut off at the end");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_changed_byte_of_a_blob_is_named_wherever_it_lies() {
    let house = house().await;
    let data = house.data();
    // Inside the database.
    let hash = tamper(&data, "select lower(hex(hash)) from blobs where place = 'row' limit 1");
    let sealed = tamper(&data, &format!("select hex(sealed) from blobs where hash = x'{hash}'"));
    let mut changed = sealed.clone().into_bytes();
    let last = changed.len() - 1;
    changed[last] = if changed[last] == b'0' { b'1' } else { b'0' };
    tamper(&data, &format!("update blobs set sealed = x'{}' where hash = x'{hash}'", String::from_utf8(changed).unwrap()));
    names(&house, &format!("blob {hash}"));
    tamper(&data, &format!("update blobs set sealed = x'{sealed}' where hash = x'{hash}'"));
    sound(&house);
    // In a file.
    let hash = tamper(&data, "select lower(hex(hash)) from blobs where place = 'file' limit 1");
    let file = find(&data.join("blobs"), &hash);
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&file, &bytes).unwrap();
    names(&house, &format!("blob {hash}"));
    std::fs::remove_file(&file).unwrap();
    names(&house, &format!("blob {hash}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_that_is_gone_with_its_row_is_named() {
    let house = house().await;
    let data = house.data();
    let hash = tamper(&data, "select lower(hex(raw)) from reports order by number limit 1");
    tamper(&data, &format!("delete from blobs where hash = x'{hash}'"));
    names(&house, &format!("blob {hash}"));
}

#[test]
fn verify_makes_no_database_where_there_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let output = verify(folder.path(), &folder.path().join("instance.key"));
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "{}", String::from_utf8_lossy(&output.stderr));
}

/// The file whose path spells a hash.
fn find(folder: &Path, hash: &str) -> std::path::PathBuf {
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.display().to_string().replace('/', "").contains(&hash[4..]) {
                return path;
            }
        }
    }
    panic!("no file for blob {hash}")
}
