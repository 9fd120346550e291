//! What was sealed can be read nowhere: not in the database, the files, a backup, the log, the memory of
//! the program; and nothing tells when it came or from where.

use std::io::Read as _;

use serde_json::json;
use store::{Blobs, Clock, Db};
use vault::blob::Hash;
use vault::key::InstanceKey;

use super::listener::{Running, operator};
use super::*;
use crate::house::{Browser, House, Server, dump, instant};

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_thirty_reports_can_be_read_where_they_are_kept_not_even_when_they_came() {
    for house in House::both().await {
        let team = team(&house).await;
        let canary = MARKER;
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
            // Before we look inside, which the disk notes.
            let times = path.metadata().unwrap();
            let bytes = std::fs::read(path).unwrap();
            for marker in [canary, "marker-browser"] {
                assert!(!bytes.windows(marker.len()).any(|window| window == marker.as_bytes()), "{marker} in {}", path.display());
            }
            if path.starts_with(house.data().join("blobs")) {
                blobs += 1;
                for time in [times.modified(), times.accessed()] {
                    assert_eq!(time.unwrap(), std::time::SystemTime::from(day), "{}", path.display());
                }
            }
        }
        assert_eq!(blobs, 30);
        assert_eq!(opened(&house.app.db, &house.app.blobs, [canary, "marker-browser"]).await, (30, [0, 0]));
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

/// All readable memory of a process, piece by piece: as good as a core of it.
fn memory(process: u32, mut look: impl FnMut(&[u8])) {
    use std::io::{Seek as _, SeekFrom};
    // One that has ended in between holds nothing any more.
    let Ok(maps) = std::fs::read_to_string(format!("/proc/{process}/maps")) else { return };
    let mut memory = std::fs::File::open(format!("/proc/{process}/mem")).unwrap();
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|rights| rights.starts_with('r')) && !line.contains("[v")) {
        let (from, to) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (from, to) = (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        if memory.seek(SeekFrom::Start(from)).is_ok() && memory.read_exact(&mut bytes).is_ok() {
            look(&bytes);
        }
    }
}

fn holds(bytes: &[u8], marker: &[u8]) -> bool {
    let (first, mut from) = (marker[0], 0);
    while let Some(at) = bytes[from..].iter().position(|byte| *byte == first) {
        if bytes[from + at..].starts_with(marker) {
            return true;
        }
        from += at + 1;
    }
    false
}

/// The program and the children that it reads with.
fn processes(program: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(format!("/proc/{program}/task")).unwrap().flatten();
    let children = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    let children: Vec<u32> = children.flat_map(|list| list.split_whitespace().map(|id| id.parse().unwrap()).collect::<Vec<_>>()).collect();
    [vec![program], children].concat()
}

/// One marker for all, so that one look is enough; with the number it is each report's own.
const MARKER: &str = "kestrel-over-the-weir";

/// What nothing may keep of who came.
const WHO: [&str; 3] = ["marker-browser/7.7", "198.51.100.77", "tlh-Latn"];

fn reporter(running: &Running) -> Browser {
    let reporter = Browser::new(running.sealed).speaking(WHO[2]);
    reporter.set_header("user-agent", WHO[0]);
    reporter.set_header("x-forwarded-for", WHO[1]);
    reporter
}

/// Sends a report whose text, file name and content hold its marker.
async fn send(running: &Running, reporter: &Browser, number: u32) {
    let canary = format!("{MARKER}-{number:05}");
    let seed = u8::try_from(number % 251).unwrap();
    let cover = json!({ "schema": "atalaya-sealed-1", "files": [{ "name": "files/001", "original": format!("{canary}.txt") }] }).to_string();
    let content = format!("{canary} {}", "and more of it ".repeat(2_000));
    let tar = pack(&[("manifest.json", cover.as_bytes()), ("report.txt", canary.as_bytes()), (&canary, content.as_bytes())]);
    let mut sealed = Vec::new();
    let (to, mut dice) = (certificates(&running.team), [seed; 32]);
    dice[..4].copy_from_slice(&number.to_be_bytes());
    seal(tar.as_slice(), &Sealing { to: &to, hidden: true, by: None, at: store::Clock::System.now() }, dice, &mut sealed).unwrap();
    if number.is_multiple_of(2) {
        let id = begin(reporter).await;
        for (number, part) in sealed.chunks(PART).enumerate() {
            let _ = put(reporter, &id, number, part).await.must(204);
        }
        let auth: [u8; 32] = Sha256::digest(dice).into();
        let _ = commit(reporter, &id, &sealed, json!({ "grade": "A", "lookup": sha(&auth), "wrapped_key": "00ff" })).await.must(200);
    } else {
        let _ = reporter.upload("/sealed/b", &[], &[("file", "report.pgp", "application/octet-stream", &sealed)]).await.must(201);
    }
}

/// Looks for the marker in all memory of these processes. What they surely hold is found: the look is not blind.
fn search(processes: &[u32], surely: &str) {
    let (mut seen, mut control) = (Vec::new(), false);
    for process in processes {
        memory(*process, |bytes| {
            if holds(bytes, MARKER.as_bytes()) {
                seen.push(*process);
            }
            control |= holds(bytes, surely.as_bytes());
        });
    }
    assert!(control, "{surely} was not found in {processes:?}: the look is blind");
    assert!(seen.is_empty(), "a canary is in the memory of {seen:?}");
}

/// Every file below a folder that holds these words.
fn holding(folder: &Path, words: &str) -> String {
    let found = Command::new("grep").args(["-raslF", words]).arg(folder).output().unwrap();
    String::from_utf8(found.stdout).unwrap()
}

/// Whatever is sealed with the instance's key, opened with it: how many blobs there are, and how many of
/// them hold each of these words. What is sealed at rest would hide any canary from a look at the files.
async fn opened<const N: usize>(db: &Db, blobs: &Blobs, words: [&str; N]) -> (usize, [usize; N]) {
    let mut reader = db.read().await.unwrap();
    let hashes: Vec<(Hash,)> = reader.rows("select body from sealed_envelopes union select hash from blobs", vec![]).await.unwrap();
    let (all, mut found) = (hashes.len(), [0; N]);
    for (hash,) in hashes {
        let in_database: Option<i64> = reader.value("select 1 from blobs where hash = $1", store::args![hash]).await.unwrap();
        let mut bytes = Vec::new();
        match in_database {
            Some(_) => bytes = blobs.get(&mut reader, hash).await.unwrap(),
            // The team was not told of it yet: its body is a file that no row of the blobs names.
            None => drop(blobs.stream(&hash).unwrap().read_to_end(&mut bytes).unwrap()),
        }
        for (count, words) in found.iter_mut().zip(words) {
            *count += usize::from(holds(&bytes, words.as_bytes()));
        }
    }
    (all, found)
}

/// The same for data that no program serves.
async fn opened_at<const N: usize>(folder: &Path, database: &str, data: &Path, words: [&str; N]) -> (usize, [usize; N]) {
    let db = Db::open(database, Clock::System).await.unwrap();
    let blobs = Blobs::open(&data.join("blobs"), InstanceKey::load(folder.join("instance.key")).unwrap()).unwrap();
    let found = opened(&db, &blobs, words).await;
    db.close().await;
    found
}

/// A mail in clear, kept beside the reports: what every look into what was kept must find.
const PLANTED: &str = "heron-on-the-sluice";

fn plant(running: &Running) {
    let mail = format!("From: a@shop.example\r\nTo: report@csirt.maluti.example\r\nSubject: in clear\r\n\r\n{PLANTED}\r\n");
    let from = format!("{PLANTED}@shop.example");
    piped(&mut operator(running.here(), &running.here().join("data"), &["mail-in", "--from", &from]), mail.as_bytes());
}

/// `ATALAYA_CANARIES`: how many reports (1,000 for the whole).
fn count() -> u32 {
    std::env::var("ATALAYA_CANARIES").ok().and_then(|count| count.parse().ok()).unwrap_or(24)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_of_sealed_reports_is_in_database_files_backup_log_or_memory() {
    let running = Running::start().await;
    let reporter = reporter(&running);
    for number in 0..count() {
        send(&running, &reporter, number).await;
    }
    let all = processes(running.process.id().unwrap());
    assert!(all.len() > 1, "the program reads in children");
    search(&all, "duty@csirt.example");
    // Who reads what strangers sent has no environment, opens nothing, and ends before it grows large.
    for child in &all[1..] {
        assert_eq!(std::fs::read(format!("/proc/{child}/environ")).unwrap(), b"");
        let limits = std::fs::read_to_string(format!("/proc/{child}/limits")).unwrap();
        for (what, most) in
            [("Max open files", "3"), ("Max file size", "0"), ("Max core file size", "0"), ("Max address space", "1073741824"), ("Max cpu time", "300")]
        {
            let line = limits.lines().find(|line| line.starts_with(what)).unwrap();
            assert_eq!(line[what.len()..].split_whitespace().next(), Some(most), "{line}");
        }
    }
    plant(&running);
    let backup = running.here().join("backup");
    let made = running.command(&["backup", backup.to_str().unwrap()]);
    assert_eq!(made.0, Some(0), "{}", made.1);
    let (folder, said) = running.stop().await;
    for words in [MARKER].iter().chain(&WHO) {
        assert!(!said.contains(words), "{words} is in the log");
        assert_eq!(holding(folder.path(), words), "", "{words}");
    }
    let mut all = Vec::new();
    files(folder.path(), &mut all);
    let kept = all.iter().filter(|path| path.is_file());
    assert!(kept.clone().filter(|path| path.starts_with(&backup)).count() > 1 && kept.count() > usize::try_from(count()).unwrap());
    assert!(holding(folder.path(), "S-20").contains("atalaya.db"), "the look at files is blind");
    assert_eq!(holding(&backup, PLANTED), "", "the backup is sealed: a look at it proves nothing");
    // So it is opened, by who has the key: the database's copy, and every blob.
    let there = folder.path().join("there");
    let restored = operator(folder.path(), &there, &["restore", backup.to_str().unwrap()]).output().unwrap();
    assert!(restored.status.success(), "{restored:?}");
    for words in [MARKER].iter().chain(&WHO) {
        assert_eq!(holding(&there, words), "", "{words} in the opened backup");
    }
    assert!(holding(&there, PLANTED).contains("atalaya.db"), "the look at the opened backup is blind");
    let database = there.join("atalaya.db");
    let (all, found) = opened_at(folder.path(), database.to_str().unwrap(), &there, [MARKER, WHO[0], WHO[1], WHO[2], PLANTED]).await;
    assert!(all > usize::try_from(count()).unwrap() && found[..4] == [0; 4] && found[4] > 0, "{all} blobs, {found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_of_sealed_reports_is_on_or_in_a_database_server() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_some() {
        return;
    }
    let server = Server::new();
    let database = server.database();
    let running = Running::on(Some(&database)).await;
    let reporter = reporter(&running);
    for number in 0..count() {
        send(&running, &reporter, number).await;
    }
    search(&processes(running.process.id().unwrap()), "duty@csirt.example");
    // The server's memory is another user's: only root may look at it.
    let root = String::from_utf8(Command::new("id").arg("-u").output().unwrap().stdout).unwrap().trim() == "0";
    if root {
        search(&server.processes(), "sealed_envelopes");
    }
    plant(&running);
    let dumped = dump(&database);
    assert!(holds(&dumped, b"COPY public.sealed_envelopes"), "the dump is blind");
    let (folder, said) = running.stop().await;
    for words in [MARKER].iter().chain(&WHO) {
        assert!(!said.contains(words) && !holds(&dumped, words.as_bytes()), "{words} is in the log or in the dump");
        assert_eq!(holding(folder.path(), words), "", "{words}");
        assert_eq!(holding(server.folder(), words), "", "{words} in data, log of writes or log of the server");
    }
    assert!(!holding(server.folder(), "sealed_envelopes").is_empty(), "the look at files is blind");
    assert!(holds(&dumped, PLANTED.as_bytes()), "the look at the dump is blind");
    let data = folder.path().join("data");
    let (all, found) = opened_at(folder.path(), &database, &data, [MARKER, WHO[0], WHO[1], WHO[2], PLANTED]).await;
    assert!(all > usize::try_from(count()).unwrap() && found[..4] == [0; 4] && found[4] > 0, "{all} blobs, {found:?}");
}
