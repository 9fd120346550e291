//! Sealed reports, from a reporter's device to a reader's and back.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use atalaya::access::{Role, Who};
use atalaya::sealed::keys::{self, NewReader};
use atalaya::sealed::{self, manifest};
use jiff::SignedDuration;
use post::openpgp::key::NewKey;
use post::openpgp::{Certificate, Sealing, SecretKey, open, open_session_key, reseal_head, seal};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::house::{Answer, Browser, House, MORNING, instant};

const PART: usize = 1 << 20;

struct Team {
    key: SecretKey,
    readers: Vec<SecretKey>,
}

fn key(name: &str, seed: u8) -> SecretKey {
    let user_id = format!("{name} <{}@csirt.example>", name.to_lowercase().replace(' ', "-"));
    let new = NewKey { user_id: &user_id, at: instant("2026-11-01T00:00:00Z"), valid: SignedDuration::from_hours(365 * 24), passphrase: None };
    SecretKey::generate(&new, [seed; 32]).unwrap()
}

fn armored(key: &SecretKey) -> Vec<u8> {
    key.certificate().armored().unwrap().into_bytes()
}

/// A team with two readers and a recovery key, and a manifest that says so.
async fn team(house: &House) -> Team {
    let team = Team { key: key("Team", 1), readers: vec![key("Duty 1", 2), key("Duty 2", 3), key("Recovery", 4)] };
    keys::set_team(&house.app, &Who::Operator, &armored(&team.key)).await.unwrap();
    for (at, reader) in team.readers.iter().enumerate() {
        let new = NewReader { certificate: armored(reader), intake: "default".into(), name: String::new(), person: None, recovery: at == 2 };
        keys::add_reader(&house.app, &Who::Operator, new).await.unwrap();
    }
    manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.unwrap();
    team
}

fn certificates(team: &Team) -> Vec<Certificate> {
    team.readers.iter().map(SecretKey::certificate).collect()
}

fn hex(bytes: impl AsRef<[u8]>) -> String {
    data_encoding::HEXLOWER.encode(bytes.as_ref())
}

fn sha(bytes: &[u8]) -> String {
    hex(Sha256::digest(bytes))
}

/// An envelope as a browser would make it, of about this size.
fn envelope(team: &Team, content: &[u8], seed: u8) -> Vec<u8> {
    let mut out = Vec::new();
    seal(content, &Sealing { to: &certificates(team), hidden: true, by: None, at: instant(MORNING) }, [seed; 32], &mut out).unwrap();
    out
}

async fn json(browser: &Browser, path: &str, value: Json) -> Answer {
    browser.post_json(path, &[], &value).await
}

/// Begins an upload, with the work that is asked for.
async fn begin(browser: &Browser) -> String {
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

async fn put(browser: &Browser, id: &str, number: usize, bytes: &[u8]) -> Answer {
    browser.send("PUT", &format!("/sealed/v1/uploads/{id}/{number}"), &[("x-part-sha256", &sha(bytes))], bytes).await
}

async fn commit(browser: &Browser, id: &str, bytes: &[u8], more: Json) -> Answer {
    let mut said = json!({ "sha256": sha(bytes), "size": bytes.len(), "parts": bytes.len().div_ceil(PART), "intake": "default", "manifest_version": 1 });
    for (name, value) in more.as_object().unwrap() {
        said[name] = value.clone();
    }
    json(browser, &format!("/sealed/v1/uploads/{id}/commit"), said).await
}

/// A report of grade A; the secret that finds it again and its number.
async fn report_a(browser: &Browser, bytes: &[u8], seed: u8) -> ([u8; 32], String) {
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
async fn rounds(house: &House) {
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

struct Gpg(tempfile::TempDir);

impl Gpg {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn run(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let mut command = Command::new("gpg");
        command.arg("--homedir").arg(self.0.path()).args(["--batch", "--yes", "--faked-system-time", "20261123T080000", "--trust-model", "always"]);
        piped(command.args(arguments), input)
    }
}

impl Gpg {
    /// What is inside. gpg 2.2 ends with status 2 when a hidden reader's key other than the first opens
    /// a message, although all is well: what it says of the message counts.
    fn open(&self, sealed: &[u8]) -> Vec<u8> {
        let said = tempfile::NamedTempFile::new().unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), sealed).unwrap();
        let out = Command::new("gpg")
            .arg("--homedir")
            .arg(self.0.path())
            .args(["--batch", "--yes", "--faked-system-time", "20261123T080000", "--status-file"])
            .arg(said.path())
            .arg("--decrypt")
            .arg(file.path())
            .output()
            .unwrap();
        let status = std::fs::read_to_string(said.path()).unwrap();
        assert!(status.contains("DECRYPTION_OKAY") && status.contains("GOODMDC"), "{status}");
        out.stdout
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf").arg("--homedir").arg(self.0.path()).args(["--kill", "all"]).status();
    }
}

fn piped(command: &mut Command, input: &[u8]) -> Vec<u8> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stdin, input) = (child.stdin.take().unwrap(), input.to_vec());
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let out = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
    out.stdout
}

fn unpack(tar: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    piped(Command::new("tar").arg("x").current_dir(folder.path()), tar);
    folder
}

fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    piped(Command::new("tar").args(["--format=ustar", "-cf", "-"]).args(files.iter().map(|(name, _)| *name)).current_dir(folder.path()), b"")
}

fn read(folder: &tempfile::TempDir, name: &str) -> Vec<u8> {
    std::fs::read(folder.path().join(name)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn without_script_or_program_the_server_seals_a_reader_opens_it_with_gpg_and_the_answer_comes_back() {
    for house in House::both().await {
        let (team, gpg, reporter) = (team(&house).await, Gpg::new(), house.visitor());
        let arrived =
            reporter.upload("/sealed/c", &[("text", "The director takes bribes.")], &[("files", "proof.txt", "text/plain", b"in cash")]).await.must(201);
        let receipt = arrived.between("id=\"receipt\" translate=\"no\">", "<");
        assert_eq!(receipt.len(), 34, "{}", arrived.words());
        assert!(arrived.header("set-cookie").is_none());
        let analyst = house.login_as(Role::Analyst).await;
        assert!(!analyst.get("/dialogues").await.must(200).shows("S-2026-000001"), "it shows before the round");
        rounds(&house).await;
        // Rounds may take longer than a session lasts.
        let analyst = house.login(analyst.person()).await;
        assert!(analyst.get("/dialogues").await.must(200).shows("S-2026-000001"));
        let mails = house.sink.mails();
        assert_eq!(mails.len(), 1, "one notice");

        gpg.run(&["--import"], team.readers[1].armored().unwrap().as_bytes());
        let sealed = analyst.post("/dialogues/S-2026-000001/envelopes/1", &[]).await.must(200);
        let opened = unpack(&gpg.open(&sealed.body));
        assert_eq!(read(&opened, "report.txt"), b"The director takes bribes.");
        assert_eq!(read(&opened, "files/001"), b"in cash");
        let cover: Json = serde_json::from_slice(&read(&opened, "manifest.json")).unwrap();
        assert_eq!((&cover["grade"], &cover["files"][0]["original"]), (&json!("C"), &json!("proof.txt")));
        assert!(house.done().await.contains(&"sealed.opened".to_owned()));

        let mut to = certificates(&team);
        to.push(Certificate::read_one(cover["reply_certificate"].as_str().unwrap().as_bytes()).unwrap());
        let tar = pack(&[("report.txt", b"Thank you. Which year?"), ("manifest.json", b"{\"schema\":\"atalaya-sealed-1\"}")]);
        let (mut answer, by) = (Vec::new(), Some((&team.readers[1], "")));
        seal(tar.as_slice(), &Sealing { to: &to, hidden: true, by, at: house.app.now() }, [9; 32], &mut answer).unwrap();
        let posted =
            analyst.upload("/dialogues/S-2026-000001/reply", &[("label", "amber")], &[("envelope", "a.pgp", "application/octet-stream", &answer)]).await;
        let _ = posted.must(303);
        let states: Vec<(String,)> = house.rows("select state from clocks", vec![]).await;
        assert!(!states.is_empty() && states.iter().all(|(state,)| state == "kept"), "{states:?}");

        let page = reporter.post("/sealed/return", &[("code", &receipt.to_lowercase())]).await.must(200);
        for words in ["Thank you. Which year?", "Duty 2"] {
            assert!(page.shows(words), "{words} on {}: {}", house.on, page.words());
        }
        let page = reporter.upload("/sealed/c", &[("code", &receipt), ("text", "In 2019.")], &[]).await.must(200);
        assert!(page.shows("arrived"));
        rounds(&house).await;
        let analyst = house.login(analyst.person()).await;
        let more = analyst.post("/dialogues/S-2026-000001/envelopes/3", &[]).await.must(200);
        let opened = unpack(&gpg.open(&more.body));
        assert_eq!(read(&opened, "report.txt"), b"In 2019.");
        let cover: Json = serde_json::from_slice(&read(&opened, "manifest.json")).unwrap();
        assert_eq!(cover["prev"], sha(&answer));

        let fields = [("title", "Bribes"), ("text", "Bribes in 2019"), ("label", "red"), ("kind", "other")];
        let case = analyst.upload("/dialogues/S-2026-000001/unseal", &fields, &[("file", "proof.txt", "text/plain", b"in cash")]).await;
        assert!(case.status == 200 || case.status == 303, "{}", case.words());
        assert!(house.done().await.contains(&"sealed.unsealed".to_owned()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reporter_encrypted_is_taken_as_a_file_or_pasted_and_nothing_else_is() {
    for house in House::both().await {
        let (team, gpg, reporter) = (team(&house).await, Gpg::new(), house.visitor());
        gpg.run(&["--import"], reporter.get("/sealed/readers/default.asc").await.must(200).text().as_bytes());
        gpg.run(&["--import"], reporter.get("/sealed/team.asc").await.must(200).text().as_bytes());
        gpg.run(&["--verify"], reporter.get("/sealed/manifest/default.json.asc").await.must(200).text().as_bytes());
        let duty = team.readers[0].certificate().fingerprint();
        let tar = pack(&[("report.txt", b"by gpg")]);
        let binary = gpg.run(&["--encrypt", "-R", &duty], &tar);
        let pasted = String::from_utf8(gpg.run(&["--encrypt", "--armor", "-r", &duty], b"pasted")).unwrap();
        let page = reporter.upload("/sealed/b", &[], &[("file", "report.pgp", "application/octet-stream", &binary)]).await.must(201);
        assert!(page.shows(&sha(&binary)));
        let receipt = page.between("id=\"receipt\" translate=\"no\">", "<");
        let _ = reporter.upload("/sealed/b", &[("message", &pasted), ("code", &receipt)], &[]).await.must(201);
        let _ = reporter.upload("/sealed/b", &[], &[("file", "report.pgp", "application/octet-stream", &binary)]).await.must(409);

        let stranger = key("Stranger", 9);
        gpg.run(&["--import"], &armored(&stranger));
        let foreign = gpg.run(&["--encrypt", "-r", &stranger.certificate().fingerprint()], b"not for you");
        gpg.run(&["--import"], team.readers[0].armored().unwrap().as_bytes());
        let signed = gpg.run(&["--sign"], b"signed only");
        let cut = &binary[..binary.len() - 7];
        let certificate = armored(&team.key);
        for (what, bytes) in [("foreign", &foreign[..]), ("signed", &signed), ("cut", cut), ("clear", b"plain words"), ("key", &certificate), ("empty", b"")] {
            let answer = reporter.upload("/sealed/b", &[], &[("file", "x.pgp", "application/octet-stream", bytes)]).await;
            assert_eq!(answer.status, 422, "{what}: {}", answer.words());
        }
        rounds(&house).await;
        let analyst = house.login_as(Role::Analyst).await;
        let out = gpg.open(&analyst.post("/dialogues/S-2026-000001/envelopes/1", &[]).await.must(200).body);
        assert_eq!(read(&unpack(&out), "report.txt"), b"by gpg");
        assert_eq!(gpg.open(&analyst.post("/dialogues/S-2026-000001/envelopes/2", &[]).await.must(200).body), b"pasted");
        let page = reporter.post("/sealed/return", &[("code", &receipt)]).await.must(200);
        assert!(page.shows("S-2026-000001"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_arrive_in_any_order_and_number_and_the_whole_is_what_was_sent() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    for (seed, size) in [(10, 0), (11, 1), (12, PART - 1000), (13, PART), (14, PART + 1), (15, 3 * PART)] {
        let content = vec![seed; size];
        let bytes = envelope(&team, &content, seed);
        let (auth, _) = report_a(&reporter, &bytes, seed).await;
        let back = json(&reporter, "/sealed/v1/envelope", json!({ "auth": hex(auth), "place": 1 })).await.must(200).body;
        assert!(back == bytes, "{size} came back as another");
        assert_eq!(open(&back, &[(&team.readers[0], "")], &[], instant(MORNING), 10 << 20).unwrap().content, content);
    }
    let bytes = envelope(&team, &vec![7; 2 * PART + 5], 20);
    let id = begin(&reporter).await;
    let parts: Vec<&[u8]> = bytes.chunks(PART).collect();
    let _ = put(&reporter, &id, 2, parts[2]).await.must(204);
    let _ = put(&reporter, &id, 0, parts[1]).await.must(204);
    let first = json!({ "grade": "A", "lookup": sha(&[20; 32]), "wrapped_key": "00" });
    let _ = commit(&reporter, &id, &bytes, first.clone()).await.must(400);
    assert_eq!(reporter.get(&format!("/sealed/v1/uploads/{id}")).await.must(200).json()["parts"], json!([0, 2]));
    let _ = put(&reporter, &id, 1, parts[1]).await.must(204);
    let _ = commit(&reporter, &id, &bytes, first.clone()).await.must(400);
    let wrong = [("x-part-sha256", sha(b"other"))];
    assert_eq!(reporter.send("PUT", &format!("/sealed/v1/uploads/{id}/0"), &[(wrong[0].0, &wrong[0].1)], parts[0]).await.status, 422);
    let _ = put(&reporter, &id, 0, parts[0]).await.must(204);
    let one = commit(&reporter, &id, &bytes, first.clone()).await.must(200).json();
    let two = commit(&reporter, &id, &bytes, first).await.must(200).json();
    assert_eq!(one, two, "the same commit twice is one report");
    let _ = put(&reporter, &"0".repeat(32), 0, b"x").await.must(410);
    let idle = begin(&reporter).await;
    let _ = put(&reporter, &idle, 0, b"left behind").await.must(204);
    sealed::wake(&house.app).await.unwrap();
    house.later(100);
    house.run_jobs().await;
    assert!(std::fs::read_dir(house.data().join("uploads/sealed")).unwrap().next().is_none(), "idle uploads are swept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialogue_goes_on_in_its_order_and_a_wrong_code_looks_like_an_unknown_one() {
    for house in House::both().await {
        let (team, reporter) = (team(&house).await, house.visitor());
        let first = envelope(&team, b"first", 30);
        let (auth, number) = report_a(&reporter, &first, 30).await;
        let second = envelope(&team, b"second", 31);
        for (prev, status) in [(sha(b"another"), 409), (sha(&first), 200)] {
            let id = begin(&reporter).await;
            let _ = put(&reporter, &id, 0, &second).await.must(204);
            let _ = commit(&reporter, &id, &second, json!({ "auth": hex(auth), "prev": prev })).await.must(status);
        }
        let dialogue = json(&reporter, "/sealed/v1/dialogue", json!({ "auth": hex(auth) })).await.must(200).json();
        assert_eq!((&dialogue["number"], &dialogue["wrapped_key"], dialogue["envelopes"].as_array().unwrap().len()), (&json!(number), &json!("00ff"), 2));
        let wrong = json(&reporter, "/sealed/v1/dialogue", json!({ "auth": hex([1; 32]) })).await.must(404);
        let _ = json(&reporter, "/sealed/v1/delete", json!({ "auth": hex(auth) })).await.must(204);
        let gone = json(&reporter, "/sealed/v1/dialogue", json!({ "auth": hex(auth) })).await.must(404);
        assert_eq!(wrong.text(), gone.text());
        let one = reporter.post("/sealed/return", &[("code", "0000-0000-0000-0000-0000-0000-0000")]).await;
        let other = reporter.post("/sealed/return", &[("code", "not a code")]).await;
        assert_eq!((one.status, one.words()), (other.status, other.words()));
        let left: Vec<(i64,)> = house.rows("select count(*) from sealed_envelopes", vec![]).await;
        assert_eq!(left, [(0,)]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_or_forged_manifest_is_refused_and_heads_are_wrapped_anew_for_new_readers() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let bytes = envelope(&team, b"for all of you", 40);
    let (_, number) = report_a(&reporter, &bytes, 40).await;
    rounds(&house).await;
    let forger = key("Team", 50);
    assert!(manifest::sign(&house.app, &Who::Operator, "default", 90, &forger, "").await.is_err());
    let draft = manifest::draft(&mut house.app.db.read().await.unwrap(), &house.app, "default", 90).await.unwrap();
    let forged = post::openpgp::sign_cleartext(&draft.text().unwrap(), &forger, "", house.app.now(), [1; 32]).unwrap();
    assert!(manifest::publish(&house.app, &Who::Operator, &forged).await.is_err());
    let shown = reporter.get("/sealed/manifest/default.json.asc").await.must(200).text();
    assert!(manifest::verify(&shown.replace("Duty 1", "Duty 7"), &String::from_utf8(armored(&team.key)).unwrap(), house.app.now()).is_err());

    let new = key("Duty 3", 51);
    let reader = NewReader { certificate: armored(&new), intake: "default".into(), name: String::new(), person: None, recovery: false };
    keys::add_reader(&house.app, &Who::Operator, reader).await.unwrap();
    keys::remove_reader(&house.app, &Who::Operator, "default", &team.readers[0].certificate().fingerprint()).await.unwrap();
    let second = manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.unwrap().manifest;
    manifest::sign(&house.app, &Who::Operator, "default", 90, &team.key, "").await.unwrap();
    let id = begin(&reporter).await;
    let late = envelope(&team, b"too old", 41);
    let _ = put(&reporter, &id, 0, &late).await.must(204);
    let first = json!({ "grade": "A", "lookup": sha(&[41; 32]), "wrapped_key": "00", "manifest_version": 1 });
    let _ = commit(&reporter, &id, &late, first).await.must(409);

    let analyst = house.login_as(Role::Analyst).await;
    let heads = analyst.get(&format!("/dialogues/{number}/heads")).await.must(200).json();
    let (from, to) = (heads["heads"][0]["head"].as_str().unwrap(), heads["heads"][0]["post"].as_str().unwrap());
    let mut probe = analyst.get(from).await.must(200).body;
    probe.extend([0xD2, 1, 1]);
    let session = open_session_key(&probe, &team.readers[1], "").unwrap();
    let head = reseal_head(&session, &second.certificates().unwrap(), true, house.app.now(), [5; 32]).unwrap();
    let _ = analyst.post_json(to, &[("sec-fetch-site", "same-origin")], &json!({ "head": hex(&head[..head.len() - 1]) })).await.must(422);
    let _ = analyst.post_json(to, &[("sec-fetch-site", "same-origin")], &json!({ "head": hex(&head), "manifest_version": 3 })).await.must(200);
    let out = analyst.post(&format!("/dialogues/{number}/envelopes/1"), &[]).await.must(200).body;
    assert_eq!(open(&out, &[(&new, "")], &[], house.app.now(), 1 << 20).unwrap().content, b"for all of you");
    assert!(open(&out, &[(&team.readers[0], "")], &[], house.app.now(), 1 << 20).is_err());
    assert_eq!(analyst.get(&format!("/dialogues/{number}/heads")).await.must(200).json()["heads"], json!([]));
}

/// Every file below a folder.
fn files(folder: &Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, into);
        }
        into.push(path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_thirty_reports_can_be_read_where_they_are_kept_not_even_when_they_came() {
    for house in House::both().await {
        let team = team(&house).await;
        let canary = "kestrel-over-the-weir";
        let reporter = house.visitor().speaking("es");
        reporter.set_header("user-agent", "marker-browser/7.7");
        for seed in 60..90 {
            house.later(7);
            let tar = pack(&[("report.txt", canary.as_bytes()), (canary, &vec![seed; 150_000])]);
            let bytes = envelope(&team, &tar, seed);
            if seed % 2 == 0 {
                report_a(&reporter, &bytes, seed).await;
            } else {
                let _ = reporter.upload("/sealed/b", &[], &[("file", canary, "application/octet-stream", &bytes)]).await.must(201);
            }
        }
        let day = instant("2026-11-23T00:00:00+02:00");
        for table in ["sealed_dialogues", "sealed_envelopes"] {
            let (text, instants): (&'static str, i64) = match table {
                "sealed_dialogues" => ("select d.day, d.state, d.grade, d.number from sealed_dialogues d where d.day = '2026-11-23'", 30),
                _ => ("select e.day, e.way, e.way, e.day from sealed_envelopes e where e.day = '2026-11-23'", 30),
            };
            let rows: Vec<(String, String, String, String)> = house.rows(text, vec![]).await;
            assert_eq!(i64::try_from(rows.len()).unwrap(), instants, "{table}");
        }
        let mut all = Vec::new();
        files(&house.data(), &mut all);
        let mut blobs = 0;
        for path in all.iter().filter(|path| path.is_file()) {
            let bytes = std::fs::read(path).unwrap();
            for marker in [canary, "marker-browser"] {
                assert!(!bytes.windows(marker.len()).any(|window| window == marker.as_bytes()), "{marker} in {}", path.display());
            }
            if path.starts_with(house.data().join("blobs")) {
                blobs += 1;
                assert_eq!(path.metadata().unwrap().modified().unwrap(), std::time::SystemTime::from(day), "{}", path.display());
            }
        }
        assert_eq!(blobs, 30);
        let quiet: Vec<String> = house.done().await.into_iter().filter(|verb| verb.starts_with("sealed.")).collect();
        assert!(quiet.is_empty(), "the journal knows nothing at the moment of arrival: {quiet:?}");
        rounds(&house).await;
        for line in house.journal().await {
            let said = format!("{line:?}");
            assert!(!said.contains(canary) && !said.contains("marker-browser") && !said.contains("127.0.0.1"), "{said}");
        }
        let dated: Vec<(i64,)> = house.rows("select b.created_at from blobs b where b.hash in (select e.body from sealed_envelopes e)", vec![]).await;
        assert!(dated.len() == 30 && dated.iter().all(|(at,)| *at == day.as_microsecond()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_opens_is_deleted_after_two_warnings_and_no_sooner() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let bytes = envelope(&team, b"unread", 95);
    report_a(&reporter, &bytes, 95).await;
    rounds(&house).await;
    let count = async |verb: &str| house.done().await.iter().filter(|done| *done == verb).count();
    for day in 0..181 {
        house.later(24 * 60);
        house.run_jobs().await;
        let warned = count("sealed.deletion_warned").await;
        assert!(count("sealed.deleted").await == 0 || day >= 178, "day {day}");
        assert!(warned <= 2 && (warned == 0 || day >= 148), "{warned} warnings on day {day}");
    }
    house.later(3 * 24 * 60);
    house.run_jobs().await;
    assert_eq!((count("sealed.deletion_warned").await, count("sealed.deleted").await), (2, 1));
    let mut all = Vec::new();
    files(&house.data().join("blobs"), &mut all);
    let lead = house.login_as(Role::Lead).await;
    assert!(lead.get("/dialogues/S-2026-000001").await.must(200).shows("was deleted"));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_holders_of_keys_know_of_a_dialogue_once_keys_are_somebodys() {
    let house = House::sqlite().await;
    let (team, reporter) = (team(&house).await, house.visitor());
    let (_, number) = report_a(&reporter, &envelope(&team, b"need to know", 97), 97).await;
    rounds(&house).await;
    let holder = house.person(Role::Analyst, None).await;
    let other = house.login_as(Role::Admin).await;
    assert_eq!(other.get(&format!("/dialogues/{number}")).await.status, 200);
    let new = NewReader { certificate: armored(&team.readers[0]), intake: "default".into(), name: "Duty 1".into(), person: Some(holder), recovery: false };
    keys::add_reader(&house.app, &Who::Operator, new).await.unwrap();
    assert_eq!(other.get(&format!("/dialogues/{number}")).await.status, 404);
    assert!(!other.get("/dialogues").await.must(200).shows(&number) && !other.get("/clocks").await.must(200).shows(&number));
    let holder = house.login(holder).await;
    assert_eq!(holder.get(&format!("/dialogues/{number}")).await.status, 200);
    assert!(holder.get("/clocks").await.must(200).shows(&number));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_makes_keys_that_gpg_reads_and_says_what_ends_soon() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    let atalaya = |arguments: &[&str]| {
        let data = file("data");
        Command::new(env!("CARGO_BIN_EXE_atalaya"))
            .arg("keys")
            .args(["--data", &data, "--profile", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/all/profile.toml")])
            .args(arguments)
            .output()
            .unwrap()
    };
    std::fs::write(file("phrase"), "correct horse\n").unwrap();
    for name in ["team", "duty"] {
        let (secret, public, mail) = (file(name), file(&format!("{name}.asc")), format!("{name}@csirt.example"));
        let made = atalaya(&[
            "new",
            "--name",
            name,
            "--mail",
            &mail,
            "--days",
            "365",
            "--passphrase-file",
            &file("phrase"),
            "--out",
            &secret,
            "--certificate",
            &public,
        ]);
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(atalaya(&["check"]).status.code(), Some(1));
    assert!(atalaya(&["team", "--import", &file("team.asc")]).status.success());
    assert!(atalaya(&["reader", "add", "--certificate", &file("duty.asc"), "--name", "Duty 1"]).status.success());
    let signed = atalaya(&["manifest", "sign", "--key", &file("team"), "--passphrase-file", &file("phrase"), "--days", "91"]);
    assert!(signed.status.success(), "{}", String::from_utf8_lossy(&signed.stderr));
    let checked = atalaya(&["check"]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let home = tempfile::tempdir().unwrap();
    let gpg = |arguments: &[&str], input: &[u8]| {
        piped(
            Command::new("gpg")
                .arg("--homedir")
                .arg(home.path())
                .args(["--batch", "--pinentry-mode", "loopback", "--passphrase", "correct horse"])
                .args(arguments),
            input,
        )
    };
    gpg(&["--import", &file("team")], b"");
    let said = gpg(&["--verify", "--status-fd", "1"], &signed.stdout);
    assert!(String::from_utf8_lossy(&said).contains("GOODSIG"));
    assert!(atalaya(&["manifest", "sign", "--key", &file("team"), "--passphrase-file", &file("phrase"), "--days", "20"]).status.success());
    assert_eq!(atalaya(&["check"]).status.code(), Some(1), "what ends within 30 days is pressing");
    let _ = Command::new("gpgconf").arg("--homedir").arg(home.path()).args(["--kill", "all"]).status();
}
