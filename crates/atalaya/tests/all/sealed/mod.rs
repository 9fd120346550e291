//! Sealed reports, from a reporter's device to a reader's and back: what the stories share.

mod booked;
mod browser;
mod by_hand;
mod canary;
mod closed;
mod desk;
mod dialogue;
mod heads;
mod hostile;
mod keys;
mod known;
mod lies;
mod limits;
mod listener;
mod meanwhile;
mod nodes;
mod notice;
mod readers;
mod receipts;
mod rotation;
mod round;
mod times;
mod uploads;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use atalaya::App;
use atalaya::access::Who;
use atalaya::sealed::keys::{self as verbs, NewReader};
use atalaya::sealed::{self, manifest};
use jiff::{SignedDuration, Timestamp};
use post::openpgp::key::NewKey;
use post::openpgp::{Certificate, Sealing, SecretKey, seal};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::house::{Answer, Browser, House, MORNING, instant};

pub const PART: usize = 1 << 20;

/// What a browser says of a request that a page of ours makes.
pub const OURS: [(&str, &str); 1] = [("sec-fetch-site", "same-origin")];

pub struct Team {
    pub key: SecretKey,
    pub readers: Vec<SecretKey>,
}

pub fn key(name: &str, seed: u8) -> SecretKey {
    key_of(name, seed, instant("2026-11-01T00:00:00Z"))
}

pub fn key_of(name: &str, seed: u8, at: Timestamp) -> SecretKey {
    made(name, seed, at, None)
}

/// The same key as [`key`] makes it, behind a passphrase.
pub fn locked(name: &str, seed: u8, passphrase: &str) -> SecretKey {
    made(name, seed, instant("2026-11-01T00:00:00Z"), Some(passphrase))
}

fn made(name: &str, seed: u8, at: Timestamp, passphrase: Option<&str>) -> SecretKey {
    let user_id = format!("{name} <{}@csirt.example>", name.to_lowercase().replace(' ', "-"));
    let new = NewKey { user_id: &user_id, at, valid: SignedDuration::from_hours(365 * 24), passphrase };
    SecretKey::generate(&new, [seed; 32]).unwrap()
}

pub fn armored(key: &SecretKey) -> Vec<u8> {
    key.certificate().armored().unwrap().into_bytes()
}

/// A team with two readers and a recovery key, and a manifest that says so.
pub async fn team(house: &House) -> Team {
    team_of(&house.app, instant("2026-11-01T00:00:00Z")).await
}

/// The same for any program; its keys were made at this instant.
pub async fn team_of(app: &App, made: Timestamp) -> Team {
    let key = |name, seed| key_of(name, seed, made);
    let team = Team { key: key("Team", 1), readers: vec![key("Duty 1", 2), key("Duty 2", 3), key("Recovery", 4)] };
    verbs::set_team(app, &Who::Operator, &armored(&team.key)).await.unwrap();
    for (at, reader) in team.readers.iter().enumerate() {
        let new = NewReader { certificate: armored(reader), intake: "default".into(), name: String::new(), person: None, recovery: at == 2 };
        verbs::add_reader(app, &Who::Operator, new).await.unwrap();
    }
    manifest::sign(app, &Who::Operator, "default", 90, &team.key, "").await.unwrap();
    team
}

pub fn certificates(team: &Team) -> Vec<Certificate> {
    team.readers.iter().map(SecretKey::certificate).collect()
}

pub fn hex(bytes: impl AsRef<[u8]>) -> String {
    data_encoding::HEXLOWER.encode(bytes.as_ref())
}

pub fn sha(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}

/// An envelope as a browser would make it, of about this size.
pub fn envelope(team: &Team, content: &[u8], seed: u8) -> Vec<u8> {
    envelope_at(team, content, seed, instant(MORNING))
}

pub fn envelope_at(team: &Team, content: &[u8], seed: u8, at: Timestamp) -> Vec<u8> {
    let mut out = Vec::new();
    seal(content, &Sealing { to: &certificates(team), hidden: true, by: None, at }, [seed; 32], &mut out).unwrap();
    out
}

/// An answer as a reader's program makes it: sealed to the readers and to somebody else, whom nobody here knows.
pub fn reply(team: &Team, content: &[u8], seed: u8) -> Vec<u8> {
    let mut to = certificates(team);
    to.push(key("A reporter", 99).certificate());
    let mut out = Vec::new();
    seal(content, &Sealing { to: &to, hidden: true, by: None, at: instant(MORNING) }, [seed; 32], &mut out).unwrap();
    out
}

/// The second reader opens the first message and posts an answer to it; the answer's hash.
pub async fn answer(house: &House, analyst: &Browser, team: &Team, number: &str, text: &str) -> String {
    answer_with(house, analyst, team, number, &[("report.txt", text.as_bytes())]).await
}

/// The same, of these members.
pub async fn answer_with(house: &House, analyst: &Browser, team: &Team, number: &str, members: &[(&str, &[u8])]) -> String {
    let first = analyst.post(&format!("/dialogues/{number}/envelopes/1"), &[]).await.must(200).body;
    let opened = post::openpgp::open(&first, &[(&team.readers[1], "")], &[], house.app.now(), 1 << 30).unwrap();
    let cover: Json = serde_json::from_slice(&read(&unpack(&opened.content), "manifest.json")).unwrap();
    let mut to = certificates(team);
    to.push(Certificate::read_one(cover["reply_certificate"].as_str().unwrap().as_bytes()).unwrap());
    let ours = json!({ "schema": "atalaya-sealed-1", "prev": sha(&first), "files": [] }).to_string();
    let tar = pack(&[&[("manifest.json", ours.as_bytes()), ("report.json", &b"{}"[..])], members].concat());
    let (mut sealed, by) = (Vec::new(), Some((&team.readers[1], "")));
    seal(tar.as_slice(), &Sealing { to: &to, hidden: true, by, at: house.app.now() }, [9; 32], &mut sealed).unwrap();
    let files = [("envelope", "a.pgp", "application/octet-stream", sealed.as_slice())];
    let _ = analyst.upload(&format!("/dialogues/{number}/reply"), &[("label", "amber")], &files).await.must(303);
    sha(&sealed)
}

pub async fn json(browser: &Browser, path: &str, value: Json) -> Answer {
    browser.post_json(path, &[], &value).await
}

/// Begins an upload, with the work that is asked for.
pub async fn begin(browser: &Browser) -> String {
    let asked = json(browser, "/sealed/v1/uploads", json!({})).await.must(428).json();
    let challenge = data_encoding::HEXLOWER.decode(asked["challenge"].as_str().unwrap().as_bytes()).unwrap();
    let bits = u32::try_from(asked["bits"].as_u64().unwrap()).unwrap();
    let nonce = (0_u64..)
        .find(|nonce| {
            let hash = Sha256::digest([challenge.as_slice(), &nonce.to_be_bytes()].concat());
            u32::from_be_bytes(hash[..4].try_into().unwrap()).leading_zeros() >= bits
        })
        .unwrap();
    let work = json!({ "work": { "challenge": asked["challenge"], "nonce": nonce } });
    let id = json(browser, "/sealed/v1/uploads", work.clone()).await.must(201).json()["id"].as_str().unwrap().to_owned();
    let _ = json(browser, "/sealed/v1/uploads", work).await.must(428);
    id
}

pub async fn put(browser: &Browser, id: &str, number: usize, bytes: &[u8]) -> Answer {
    browser.send("PUT", &format!("/sealed/v1/uploads/{id}/{number}"), &[("x-part-sha256", &sha(bytes))], bytes).await
}

pub async fn commit(browser: &Browser, id: &str, bytes: &[u8], more: Json) -> Answer {
    let mut said = json!({ "sha256": sha(bytes), "size": bytes.len(), "parts": bytes.len().div_ceil(PART), "intake": "default", "manifest_version": 1 });
    for (name, value) in more.as_object().unwrap() {
        said[name] = value.clone();
    }
    json(browser, &format!("/sealed/v1/uploads/{id}/commit"), said).await
}

/// A report of grade A; the secret that finds it again and its number.
pub async fn report_a(browser: &Browser, bytes: &[u8], seed: u8) -> ([u8; 32], String) {
    let id = begin(browser).await;
    for (number, part) in bytes.chunks(PART).enumerate() {
        let _ = put(browser, &id, number, part).await.must(204);
    }
    let auth = [seed; 32];
    let taken = commit(browser, &id, bytes, json!({ "grade": "A", "lookup": sha(&auth), "wrapped_key": "00ff" })).await.must(200).json();
    assert_eq!(taken["sha256"], sha(bytes));
    (auth, taken["number"].as_str().unwrap().to_owned())
}

/// Turns the clock through rounds until everything that came was told.
pub async fn rounds(house: &House) {
    sealed::wake(&house.app).await.unwrap();
    for _ in 0..60 {
        house.later(31);
        house.run_jobs().await;
        let left: Vec<(i64,)> = house.rows("select count(*) from sealed_envelopes where told = 0", vec![]).await;
        if left == [(0,)] {
            return;
        }
    }
    panic!("what came was never told");
}

pub struct Gpg(tempfile::TempDir);

impl Gpg {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        piped(self.command().args(arguments), input)
    }

    /// With what another program writes.
    pub fn run_from(&self, mut other: std::process::Child, arguments: &[&str]) -> Vec<u8> {
        let output = self.command().args(arguments).stdin(other.stdout.take().unwrap()).output().unwrap();
        assert!(output.status.success() && other.wait().unwrap().success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    fn command(&self) -> Command {
        let mut command = Command::new("gpg");
        command.arg("--homedir").arg(self.0.path()).args(["--batch", "--yes", "--faked-system-time", "20261123T080000!", "--trust-model", "always"]);
        command
    }
}

impl Gpg {
    /// What is inside. gpg 2.2 ends with status 2 when a hidden reader's key other than the first opens
    /// a message, although all is well: what it says of the message counts.
    pub fn open(&self, sealed: &[u8]) -> Vec<u8> {
        let said = tempfile::NamedTempFile::new().unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), sealed).unwrap();
        let out = Command::new("gpg")
            .arg("--homedir")
            .arg(self.0.path())
            .args(["--batch", "--yes", "--faked-system-time", "20261123T080000!", "--status-file"])
            .arg(said.path())
            .arg("--decrypt")
            .arg(file.path())
            .output()
            .unwrap();
        // What a signature brings along (its salt) stands in it as bytes.
        let status = String::from_utf8_lossy(&std::fs::read(said.path()).unwrap()).into_owned();
        assert!(status.contains("DECRYPTION_OKAY") && status.contains("GOODMDC"), "{status}");
        out.stdout
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf").arg("--homedir").arg(self.0.path()).args(["--kill", "all"]).status();
    }
}

pub fn piped(command: &mut Command, input: &[u8]) -> Vec<u8> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let out = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

pub fn unpack(tar: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    piped(Command::new("tar").arg("x").current_dir(folder.path()), tar);
    folder
}

pub fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    piped(Command::new("tar").args(["--format=ustar", "-cf", "-"]).args(files.iter().map(|(name, _)| *name)).current_dir(folder.path()), b"")
}

pub fn read(folder: &tempfile::TempDir, name: &str) -> Vec<u8> {
    std::fs::read(folder.path().join(name)).unwrap()
}

/// Every file below a folder.
pub fn files(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, into);
        }
        into.push(path);
    }
}
