//! What was sealed can be read nowhere: not in the database, the files, a backup, the log, the memory of
//! the program; and nothing tells when it came or from where.

use serde_json::json;

use super::listener::Running;
use super::*;
use crate::house::{Browser, House, instant};

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

/// All readable memory of a process, piece by piece: as good as a core of it.
fn memory(process: u32, mut look: impl FnMut(&[u8])) {
    use std::io::{Read as _, Seek as _, SeekFrom};
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
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

/// `ATALAYA_CANARIES`: how many reports (1,000 for the whole).
#[tokio::test(flavor = "multi_thread")]
async fn no_canary_of_sealed_reports_is_in_database_files_backup_log_or_memory() {
    let count: u32 = std::env::var("ATALAYA_CANARIES").ok().and_then(|count| count.parse().ok()).unwrap_or(24);
    let running = Running::start().await;
    let reporter = Browser::new(running.sealed);
    // One marker for all, so that one look is enough; with the number it is each report's own.
    let marker = "kestrel-over-the-weir";
    for number in 0..count {
        let canary = format!("{marker}-{number:05}");
        let seed = u8::try_from(number % 251).unwrap();
        let cover = json!({ "schema": "atalaya-sealed-1", "files": [{ "name": "files/001", "original": format!("{canary}.txt") }] }).to_string();
        let content = format!("{canary} {}", "and more of it ".repeat(2_000));
        let tar = pack(&[("manifest.json", cover.as_bytes()), ("report.txt", canary.as_bytes()), (&canary, content.as_bytes())]);
        let mut sealed = Vec::new();
        let (to, mut dice) = (certificates(&running.team), [seed; 32]);
        dice[..4].copy_from_slice(&number.to_be_bytes());
        seal(tar.as_slice(), &Sealing { to: &to, hidden: true, by: None, at: store::Clock::System.now() }, dice, &mut sealed).unwrap();
        if number % 2 == 0 {
            let id = begin(&reporter).await;
            for (number, part) in sealed.chunks(PART).enumerate() {
                let _ = put(&reporter, &id, number, part).await.must(204);
            }
            let auth: [u8; 32] = Sha256::digest(dice).into();
            let _ = commit(&reporter, &id, &sealed, json!({ "grade": "A", "lookup": sha(&auth), "wrapped_key": "00ff" })).await.must(200);
        } else {
            let _ = reporter.upload("/sealed/b", &[], &[("file", "report.pgp", "application/octet-stream", &sealed)]).await.must(201);
        }
    }
    let (mut seen, mut control) = (Vec::new(), false);
    let all = processes(running.process.id().unwrap());
    assert!(all.len() > 1, "the program reads in children");
    for process in all {
        memory(process, |bytes| {
            if holds(bytes, marker.as_bytes()) {
                seen.push(process);
            }
            control |= holds(bytes, b"duty@csirt.example");
        });
    }
    assert!(control, "what the program surely holds was not found: the look is blind");
    assert!(seen.is_empty(), "a canary is in the memory of {seen:?}");
    let backup = running.here().join("backup");
    let mut command = Command::new(env!("CARGO_BIN_EXE_atalaya"));
    command.arg("backup").arg("--profile").arg(running.here().join("atalaya.toml")).arg("--data").arg(running.here().join("data"));
    assert!(command.arg("--key").arg(running.here().join("instance.key")).arg(&backup).output().unwrap().status.success());
    let (folder, said) = running.stop().await;
    assert!(!said.contains(marker), "a canary is in the log");
    let mut all = Vec::new();
    files(folder.path(), &mut all);
    let all: Vec<_> = all.iter().filter(|path| path.is_file()).collect();
    assert!(all.iter().filter(|path| path.starts_with(&backup)).count() > 1 && all.len() > usize::try_from(count).unwrap());
    for path in all {
        assert!(!holds(&std::fs::read(path).unwrap(), marker.as_bytes()), "a canary is in {}", path.display());
    }
}
