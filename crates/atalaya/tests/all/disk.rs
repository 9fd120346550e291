//! A disk without room: what is new is refused in plain words, what was kept can be read, and once there
//! is room again everything goes on without a restart.
//!
//! Two disks are tried: a real small one (a file system in memory that only this program sees), and
//! a limit on how large a file may grow, which needs nothing from the machine and is what a quota looks like.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use atalaya::access::{Role, Who};
use atalaya::people::{self, NewPerson};
use serde_json::json;
use store::{Clock, args};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::house::{Browser, Lmtp, Sink};
use crate::kill::{Program, open_at, profile, program_at, token};
use crate::verify::verify;

/// How the disk is made small.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Disk {
    /// A mount of its own.
    Small,
    /// No file may grow beyond a size.
    Limited,
}

/// Blocks of 512 bytes that a file may have on a limited disk.
const BLOCKS: u32 = 6000;

/// Runs a program on the small disk.
fn on(disk: Disk, folder: &Path, command: &Command) -> Command {
    let mut outer = match disk {
        Disk::Small => {
            let mut outer = Command::new("unshare");
            outer.args(if is_root() { &["--mount"][..] } else { &["--user", "--map-root-user", "--mount"] });
            outer.args(["sh", "-c", "mount -t tmpfs -o size=6m none \"$1/disk\" && cp -r \"$1/data\" \"$1/disk\" && shift && exec \"$@\"", "sh"]).arg(folder);
            outer
        }
        Disk::Limited => {
            let mut outer = Command::new("sh");
            let limit = format!("cp -r \"$1/data\" \"$1/disk\" && shift && trap '' XFSZ && ulimit -S -f {BLOCKS} && exec \"$@\"");
            outer.args(["-c", &limit, "sh"]).arg(folder);
            outer
        }
    };
    let inner = command.as_std();
    outer.arg(inner.get_program()).args(inner.get_args()).kill_on_drop(true);
    outer
}

fn is_root() -> bool {
    std::process::Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// Whether this machine lets us mount something that nobody else sees.
async fn may_mount(folder: &Path) -> bool {
    std::fs::create_dir_all(folder.join("data")).unwrap();
    let status = on(Disk::Small, folder, &Command::new("true")).stdout(Stdio::null()).stderr(Stdio::null()).status().await;
    status.is_ok_and(|status| status.success())
}

/// `atalaya mail-in` beside the server, on the same disk.
async fn mail_in(disk: Disk, folder: &Path, server: u32, raw: &[u8]) -> Option<i32> {
    let inner = program_at(folder, &folder.join("disk/data"), "mail-in");
    let mut command = if disk == Disk::Small {
        let mut outer = Command::new("nsenter");
        outer.args(["--target", &server.to_string(), "--mount"]).args(if is_root() { &[][..] } else { &["--user", "--preserve-credentials"] });
        outer
    } else {
        let mut outer = Command::new("sh");
        outer.args(["-c", &format!("trap '' XFSZ; ulimit -S -f {BLOCKS}; exec \"$@\""), "sh"]);
        outer
    };
    command.arg(inner.as_std().get_program()).args(inner.as_std().get_args());
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut input = process.stdin.take().unwrap();
    let _ = input.write_all(raw).await;
    drop(input);
    process.wait().await.unwrap().code()
}

/// A copy of what the program wrote, to look at after it ended: a small disk ends with it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (here, there) = (entry.path(), to.join(entry.file_name()));
        if here.is_dir() {
            copy(&here, &there);
        } else if !here.display().to_string().ends_with("-shm") {
            std::fs::copy(&here, &there).unwrap();
        }
    }
}

fn report(n: usize) -> serde_json::Value {
    json!({ "kind": "intrusion", "title": format!("Report {n}"), "description": "It came from 198.51.100.7. ".repeat(400), "reporter": { "mail": "" } })
}

fn letter(n: usize, lines: usize) -> Vec<u8> {
    format!("From: desk@shop.example\r\nTo: report@csirt.maluti.example\r\nSubject: Mail {n}\r\n\r\n{}\r\n", "It is down.\r\n".repeat(lines)).into_bytes()
}

async fn fill_and_free(disk: Disk, here: &Path) {
    let sink = Sink::start().await;
    let text = profile(&sink);
    // Without sealed reports, whose round would make room in the middle of the story.
    let text = text.split("\n[sealed]").next().unwrap();
    std::fs::write(here.join("atalaya.toml"), text).unwrap();
    std::fs::create_dir_all(here.join("disk")).unwrap();
    let app = open_at(here, here.join("data"), Clock::System).await;
    let secret = token(&app).await;
    let new = NewPerson { name: "An analyst".into(), mail: None, role: Role::Analyst, organisation: None, language: "en".into(), login: "analyst".into() };
    let person = people::add(&app, &Who::Operator, new).await.unwrap();
    let session = people::begin_session(&app, person, "full", "test").await.unwrap();
    app.db.close().await;
    drop(app);

    let mut serve = program_at(here, &here.join("disk/data"), "serve");
    let running = Program::of(on(disk, here, serve.env("RUST_LOG", "warn")), here, None).await.expect("it starts");
    let id = running.process.id().unwrap();
    // The small disk is seen through the process that has it.
    let seen: PathBuf = if disk == Disk::Small { format!("/proc/{id}/root{}", here.join("disk").display()).into() } else { here.join("disk") };

    let (http, lmtp) = running.place;
    let bearer = format!("Bearer {secret}");
    let headers = [("authorization", bearer.as_str())];
    let program = Browser::new(http);
    let analyst = Browser::new(http);
    analyst.set_cookie("session", &session);

    let mut acknowledged = vec![program.post_json("/api/v1/reports", &headers, &report(0)).await.must(201).json()["number"].as_str().unwrap().to_owned()];
    let known = acknowledged[0].clone();
    // Somebody else takes the room.
    let ballast = seen.join("ballast");
    if disk == Disk::Small {
        let mut file = std::fs::File::create(&ballast).unwrap();
        while std::io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}
    }
    // What has room in the files as they are is still taken, and then no more.
    let (mut n, mut refused) = (0, 0);
    while refused < 30 {
        n += 1;
        assert!(n < 2000, "the disk does not fill");
        let answer = program.post_json("/api/v1/reports", &headers, &report(n)).await;
        if answer.status == 201 {
            refused = 0;
            acknowledged.push(answer.json()["number"].as_str().unwrap().to_owned());
        } else {
            assert_eq!((answer.status, answer.json()["error"].as_str()), (507, Some("full")), "{}", answer.text());
            refused += 1;
        }
    }

    // A mail needs less room than a report: what it was promised is kept, until there is none for it either.
    let mut mta = Lmtp::connect(lmtp).await;
    let (mut mails, mut refused) = (0, 0);
    while refused < 30 {
        n += 1;
        assert!(n < 4000, "the disk does not fill");
        let answers = mta.deliver("desk@shop.example", &["report@csirt.maluti.example"], &letter(n, 1)).await;
        if answers[0].starts_with("250") {
            (mails, refused) = (mails + 1, 0);
        } else {
            assert!(answers[0].starts_with("452"), "{answers:?}");
            refused += 1;
        }
    }

    // Every way in says so in its own words.
    let page = analyst.post("/cases", &[("kind", "incident"), ("title", "Typed while the disk was full"), ("summary", &"Long words. ".repeat(1600))]).await;
    assert_eq!(page.status, 507, "{}", page.text());
    assert!(page.text().contains("storage is full") && page.text().contains("value=\"Typed while the disk was full\""), "{}", page.text());
    assert_eq!(mail_in(disk, here, id, &letter(0, 3000)).await, Some(75));
    let large = json!({ "kind": "data", "title": "Large", "description": "x", "files": [{ "name": "a.bin", "content": "QUFB".repeat(2_500_000) }] });
    assert_eq!(program.post_json("/api/v1/reports", &headers, &large).await.status, 507);

    // Reading goes on.
    for path in ["/inbox", "/cases", "/search?q=Report", "/clocks", "/", "/readyz", &format!("/inbox/{known}")] {
        assert_eq!(analyst.get(path).await.status, 200, "{path}");
    }

    // There is room again.
    if disk == Disk::Small {
        std::fs::remove_file(&ballast).unwrap();
    } else {
        let freed = Command::new("prlimit").args(["--pid", &id.to_string(), "--fsize=unlimited"]).status().await.unwrap();
        assert!(freed.success());
    }
    acknowledged.push(program.post_json("/api/v1/reports", &headers, &report(n + 1)).await.must(201).json()["number"].as_str().unwrap().to_owned());
    let _ = analyst.post("/cases", &[("kind", "incident"), ("title", "Sent again")]).await.must(303);
    let answers = mta.deliver("desk@shop.example", &["report@csirt.maluti.example"], &letter(0, 3000)).await;
    assert!(answers[0].starts_with("250"), "{answers:?}");

    // As a loss of power would leave it: nothing moves from one file to another while it is copied.
    let after = here.join("after");
    let stands_still = || std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap().contains(") T ");
    assert!(Command::new("kill").args(["-STOP", &id.to_string()]).status().await.unwrap().success());
    while !stands_still() {
        tokio::task::yield_now().await;
    }
    copy(&seen.join("data"), &after);
    assert!(Command::new("kill").args(["-CONT", &id.to_string()]).status().await.unwrap().success());
    running.stop().await;
    let output = verify(&after, &here.join("instance.key"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let app = open_at(here, after, Clock::System).await;
    let kept: Vec<(String,)> =
        app.db.read().await.unwrap().rows("select number from reports where channel = 'api' order by received_at, number", args![]).await.unwrap();
    assert_eq!(kept.into_iter().map(|(number,)| number).collect::<Vec<_>>(), acknowledged, "what was acknowledged, once, and nothing else");
    let kept: Vec<(i64,)> = app.db.read().await.unwrap().rows("select count(*) from mails", args![]).await.unwrap();
    assert_eq!(kept, [(mails + 1,)]);
    app.db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_what_is_new_keeps_reading_and_goes_on_when_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("disk")).unwrap();
    if may_mount(folder.path()).await {
        fill_and_free(Disk::Small, folder.path()).await;
    } else {
        println!("skipped: this machine lets nobody mount a small disk; the limit on files is tried instead");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_on_files_is_a_full_disk_too() {
    let folder = tempfile::tempdir().unwrap();
    fill_and_free(Disk::Limited, folder.path()).await;
}
