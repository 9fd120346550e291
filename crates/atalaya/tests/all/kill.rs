//! The program is killed again and again while four kinds of senders hand items in. What was
//! acknowledged is there afterwards, once; what was sent again is not there twice.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya::access::{Role, Who};
use atalaya::app::Settings;
use atalaya::people::{self, NewPerson};
use atalaya::profile::Profile;
use atalaya::{App, jobs};
use serde_json::json;
use store::{Clock, Id, args};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::house::{Browser, Sink};
use crate::verify::verify;

/// Who hands in, and how many at the same time.
const SENDERS: [&str; 6] = ["api", "api", "lmtp", "lmtp", "form", "pipe"];
/// From this item on every so many-th mail carries a file too large to lie in the database.
const LARGE_EVERY: u64 = 9;

/// Where the program answers now: HTTP, LMTP. `None` while it is down.
type Place = Option<(SocketAddr, SocketAddr)>;

/// What the senders know: which item got which answer.
struct Field {
    folder: PathBuf,
    place: watch::Receiver<Place>,
    token: String,
    over: AtomicBool,
    acknowledged: AtomicU64,
    /// Item -> what we were told: a number, or nothing.
    told: Mutex<BTreeMap<String, String>>,
    /// How often something had to be sent again.
    again: AtomicU64,
}

/// A running program.
struct Program {
    process: Child,
    place: (SocketAddr, SocketAddr),
}

fn program(folder: &Path, command: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_atalaya"));
    program.arg(command).arg("--profile").arg(folder.join("atalaya.toml")).arg("--data").arg(folder.join("data"));
    program.arg("--key").arg(folder.join("instance.key")).env("RUST_LOG", "warn").kill_on_drop(true);
    program
}

impl Program {
    /// Starts it and waits until it listens; `None` when it was killed before that.
    async fn start(folder: &Path, killed_after: Option<Duration>) -> Option<Self> {
        let log = std::fs::File::options().create(true).append(true).open(folder.join("log")).expect("a log");
        let mut command = program(folder, "serve");
        let mut process = command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(log).spawn().expect("the program starts");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let listening = async {
            let mut address = async |before: &str| {
                let line = lines.next_line().await.expect("its output").unwrap_or_else(|| panic!("it did not start: {}", last_words(folder)));
                line.rsplit_once(before).and_then(|(_, address)| address.parse().ok()).unwrap_or_else(|| panic!("it said {line}"))
            };
            (address("http://").await, address(" ").await)
        };
        let Some(patience) = killed_after else { return Some(Self { place: listening.await, process }) };
        match tokio::time::timeout(patience, listening).await {
            Ok(place) => Some(Self { process, place }),
            Err(_) => {
                process.kill().await.expect("it is killed");
                None
            }
        }
    }

    async fn kill(mut self) {
        self.process.kill().await.expect("it is killed");
    }

    /// Asks it to end, and waits.
    async fn stop(mut self) {
        let id = self.process.id().expect("it runs").to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.expect("kill runs").success());
        let ended = self.process.wait().await.expect("it ends");
        assert!(ended.success(), "{ended}");
    }
}

fn last_words(folder: &Path) -> String {
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().rev().take(20).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

/// The team of the tests, without limits for how much may come in.
fn profile(sink: &Sink) -> String {
    let text = include_str!("profile.toml");
    let text = text.replace("max_per_hour_and_address = 20", "max_per_hour_and_address = 1000000").replace("max_per_hour = 1000\n", "max_per_hour = 1000000\n");
    text.replace("\n[web]", &format!("\n[mail.smarthost]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n\n[web]", sink.port))
}

async fn open(folder: &Path) -> App {
    let profile = Profile::load(&folder.join("atalaya.toml")).expect("the profile");
    let program = Some(PathBuf::from(env!("CARGO_BIN_EXE_atalaya")));
    let settings = Settings { profile, data: folder.join("data"), key: folder.join("instance.key"), database: None, clock: Clock::System, program };
    App::open(settings).await.expect("it opens")
}

/// Sends items of one kind until the test is over, each again and again until it was acknowledged.
async fn send(field: Arc<Field>, sender: usize) {
    let kind = SENDERS[sender];
    let mut place = field.place.clone();
    let mut n = 0;
    while !field.over.load(Ordering::Relaxed) {
        let item = format!("item-{kind}-{sender}-{n:05}");
        let mut form = None;
        loop {
            let Some((http, lmtp)) = *place.wait_for(Option::is_some).await.expect("the test goes on") else { continue };
            let told = match kind {
                "api" => api(http, &field.token, &item).await,
                "lmtp" => hand_over(lmtp, &mail(&item, n)).await.unwrap_or_default(),
                "pipe" => pipe(&field.folder, &mail(&item, n)).await,
                _ => fill_in(http, &item, &mut form).await,
            };
            if let Some(number) = told {
                field.told.lock().unwrap().insert(item, number);
                field.acknowledged.fetch_add(1, Ordering::Relaxed);
                break;
            }
            field.again.fetch_add(1, Ordering::Relaxed);
            tokio::task::yield_now().await;
        }
        n += 1;
    }
}

/// A mail about an item; some carry a large file.
fn mail(item: &str, n: u64) -> Vec<u8> {
    let mut raw = format!(
        "From: Desk <desk@shop.example>\r\nTo: report@csirt.maluti.example\r\nSubject: {item}\r\nMessage-ID: <{item}@shop.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=part\r\n\r\n--part\r\nContent-Type: text/plain\r\n\r\nSeen at 192.0.2.{}.\r\n",
        n % 250
    );
    if n % LARGE_EVERY == LARGE_EVERY - 1 {
        raw.push_str("--part\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"dump.bin\"\r\n\r\n");
        for line in 0..4000 {
            raw.push_str(&format!("{item} {line:06} ................................\r\n"));
        }
    }
    raw.push_str("--part--\r\n");
    raw.into_bytes()
}

/// LMTP by a client that takes a broken connection for what it is: no answer.
async fn hand_over(address: SocketAddr, raw: &[u8]) -> std::io::Result<Option<String>> {
    let mut stream = BufReader::new(TcpStream::connect(address).await?);
    let mut wire = b"LHLO mta.example\r\nMAIL FROM:<desk@shop.example>\r\nRCPT TO:<report@csirt.maluti.example>\r\nDATA\r\n".to_vec();
    stream.write_all(&wire).await?;
    let mut line = String::new();
    while !line.starts_with("354") {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(None);
        }
    }
    wire.clear();
    wire.extend_from_slice(raw);
    wire.extend_from_slice(b".\r\n");
    stream.write_all(&wire).await?;
    line.clear();
    stream.read_line(&mut line).await?;
    Ok(line.starts_with("250").then(String::new))
}

/// `atalaya mail-in` beside the server, as a mail server's pipe.
async fn pipe(folder: &Path, raw: &[u8]) -> Option<String> {
    let mut command = program(folder, "mail-in");
    command.args(["--to", "report@csirt.maluti.example"]).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut process = command.spawn().expect("the program starts");
    let mut input = process.stdin.take().expect("a pipe");
    let _ = input.write_all(raw).await;
    drop(input);
    let ended = process.wait().await.expect("it ends");
    assert!(ended.success() || ended.code() == Some(75), "mail-in: {ended}");
    ended.success().then(String::new)
}

/// `POST /api/v1/reports` with the item as idempotency key.
async fn api(address: SocketAddr, token: &str, item: &str) -> Option<String> {
    let body = json!({ "kind": "intrusion", "title": item, "description": "Seen at 198.51.100.7.", "reporter": { "mail": "desk@shop.example" } });
    let headers = [("authorization", format!("Bearer {token}")), ("idempotency-key", item.to_owned()), ("content-type", "application/json".to_owned())];
    let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = Browser::new(address).try_send("POST", "/api/v1/reports", &headers, body.to_string().as_bytes()).await?;
    match answer.status {
        200 | 201 => Some(answer.json()["number"].as_str().expect("a number").to_owned()),
        500.. => None,
        status => panic!("the API answered {status}: {}", answer.text()),
    }
}
