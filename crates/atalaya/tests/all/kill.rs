//! The program is killed again and again while four kinds of senders hand items in. What was
//! acknowledged is there afterwards, once; what was sent again is not there twice.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use atalaya::app::Settings;
use atalaya::profile::Profile;
use atalaya::{App, jobs};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Clock, Error, Record, args};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::sync::watch;

use crate::house::{Browser, Sink, new_database};

/// Who hands in, and how many at the same time.
const SENDERS: [&str; 6] = ["api", "api", "lmtp", "lmtp", "form", "pipe"];
/// From this item on every so many-th mail carries a file too large to lie in the database.
const LARGE_EVERY: u64 = 9;

/// Addresses that no other test listens on: whoever still knocks at a killed program's port finds nobody
/// else there.
const ALONE: [&str; 2] = ["127.0.9.9:0", "127.0.9.10:0"];

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
pub struct Program {
    pub process: Child,
    pub place: (SocketAddr, SocketAddr),
}

/// The program with a folder's profile, data and key.
pub fn program(folder: &Path, command: &str) -> Command {
    program_at(folder, &folder.join("data"), command)
}

/// With the data somewhere else.
pub fn program_at(folder: &Path, data: &Path, command: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_atalaya"));
    program.arg(command).arg("--profile").arg(folder.join("atalaya.toml")).arg("--data").arg(data);
    program.arg("--key").arg(folder.join("instance.key")).env("RUST_LOG", "warn").kill_on_drop(true);
    program
}

impl Program {
    /// Starts it and waits until it listens; `None` when it was killed before that.
    pub async fn start(folder: &Path, killed_after: Option<Duration>) -> Option<Self> {
        Self::of(program(folder, "serve"), folder, killed_after).await
    }

    /// The same with a command of one's own.
    pub async fn of(command: Command, folder: &Path, killed_after: Option<Duration>) -> Option<Self> {
        Self::at(command, folder, killed_after, "127.0.0.1:0").await
    }

    /// The same, on another address.
    pub async fn at(mut command: Command, folder: &Path, killed_after: Option<Duration>, place: &str) -> Option<Self> {
        let log = std::fs::File::options().create(true).append(true).open(folder.join("log")).expect("a log");
        let mut process = command.args(["--listen", place, "--lmtp", place]).stdout(Stdio::piped()).stderr(log).spawn().expect("the program starts");
        let mut lines = BufReader::new(process.stdout.take().expect("a pipe")).lines();
        let listening = async {
            let (mut http, mut lmtp) = (None, None);
            while http.is_none() || lmtp.is_none() {
                let line = lines.next_line().await.expect("its output").unwrap_or_else(|| panic!("it did not start: {}", last_words(folder)));
                if let Some((_, address)) = line.split_once("http://") {
                    http = address.parse().ok();
                } else if line.contains("LMTP") {
                    lmtp = line.rsplit_once(' ').and_then(|(_, address)| address.parse().ok());
                }
            }
            http.zip(lmtp).expect("two addresses")
        };
        let Some(patience) = killed_after else { return Some(Self { place: listening.await, process }) };
        if let Ok(place) = tokio::time::timeout(patience, listening).await {
            Some(Self { process, place })
        } else {
            process.kill().await.expect("it is killed");
            None
        }
    }

    /// Ends it as a power cut does.
    pub async fn kill(mut self) {
        self.process.kill().await.expect("it is killed");
    }

    /// Asks it to end, and waits.
    pub async fn stop(mut self) {
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
pub fn profile(sink: &Sink) -> String {
    let text = include_str!("profile.toml");
    let text = text
        .replace("max_per_hour_and_address = 20", "max_per_hour_and_address = 1000000")
        .replace("max_per_hour = 1000\n", "max_per_hour = 1000000\nmax_per_minute_and_token = 1000000\n");
    text.replace("\n[web]", &format!("\n[mail.smarthost]\nhost = \"127.0.0.1\"\nport = {}\ntls = \"none\"\n\n[web]", sink.port))
}

pub async fn open(folder: &Path, clock: Clock) -> App {
    open_at(folder, folder.join("data"), clock).await
}

/// With the data somewhere else.
pub async fn open_at(folder: &Path, data: PathBuf, clock: Clock) -> App {
    let profile = Profile::load(&folder.join("atalaya.toml")).expect("the profile");
    let program = Some(PathBuf::from(env!("CARGO_BIN_EXE_atalaya")));
    let database = profile.database.as_ref().map(|database| database.url.clone());
    let settings = Settings { profile, data, key: folder.join("instance.key"), database, clock, program };
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

/// The form: the questions once, then the last button until the receipt comes.
async fn fill_in(address: SocketAddr, item: &str, answers: &mut Option<String>) -> Option<String> {
    let browser = Browser::new(address);
    if let Some(cookie) = answers {
        browser.set_cookie("answers", cookie)
    } else {
        let kind = browser.try_post("/report", &[("kind", "outage")]).await?;
        let told = browser.try_post("/report/tell", &[("title", item), ("description", "Nothing works at 203.0.113.4.")]).await?;
        if kind.status != 303 || told.status != 303 {
            return None;
        }
        *answers = browser.cookie("answers");
    }
    let sent = browser.try_post("/report/check", &[]).await?;
    if sent.status != 303 {
        return None;
    }
    assert_eq!(sent.location().as_deref(), Some("/report/received"), "the answers to {item} were lost");
    let receipt = browser.try_send("GET", "/report/received", &[], b"").await?;
    (receipt.status == 200).then(|| receipt.between("class=\"number\">", "<").trim().to_owned())
}

/// A program's token.
pub async fn token(app: &App) -> String {
    let secret = "atalaya_kill";
    let hash: [u8; 32] = Sha256::digest(secret.as_bytes()).into();
    let added = app.db.change("operator", async |tx| {
        let (id, now) = (tx.new_id(), tx.now());
        tx.execute("insert into tokens (id, hash, name, scope, created_at) values ($1, $2, 'a sensor', 'reports', $3)", args![id, hash, now]).await?;
        tx.record(Record::new("token.added", "token", id));
        Ok::<_, Error>(())
    });
    added.await.expect("a token is added");
    secret.to_owned()
}

/// How often the program is killed: a few times with every test run, 200 times when asked.
fn kills(few: u32) -> u32 {
    std::env::var("ATALAYA_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_any_moment_it_loses_nothing_acknowledged_and_doubles_nothing() {
    killed_again_and_again(None, ALONE[0], kills(25)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_beside_its_database_server_it_loses_and_doubles_nothing_either() {
    if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_none() {
        let database = tokio::task::spawn_blocking(new_database).await.unwrap();
        killed_again_and_again(Some(database), ALONE[1], kills(8)).await;
    }
}

#[expect(clippy::print_stdout, reason = "whoever runs it with more kills wants the counts")]
async fn killed_again_and_again(database: Option<String>, alone: &str, kills: u32) {
    let seed = std::env::var("ATALAYA_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_123);
    let mut dice = fastrand::Rng::with_seed(seed);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let here = folder.path();
    let sink = Sink::start().await;
    let server = database.map(|url| format!("\n[database]\nurl = \"{url}\"\n")).unwrap_or_default();
    std::fs::write(here.join("atalaya.toml"), profile(&sink) + server.as_str()).unwrap();
    let app = open(here, Clock::System).await;
    let token = token(&app).await;
    let now = app.now();
    app.db.close().await;
    drop(app);

    let (place, watched) = watch::channel(None);
    let field = Arc::new(Field {
        folder: here.to_owned(),
        place: watched,
        token,
        over: AtomicBool::new(false),
        acknowledged: AtomicU64::new(0),
        told: Mutex::default(),
        again: AtomicU64::new(0),
    });
    let senders: Vec<_> = (0..SENDERS.len()).map(|sender| tokio::spawn(send(Arc::clone(&field), sender))).collect();
    let (mut killed, mut at_start) = (0, 0);
    while killed < kills {
        // Now and then it dies before it listens; else in the middle of what comes in.
        let early = dice.u32(0..8) == 0;
        let patience = early.then(|| Duration::from_millis(dice.u64(0..400)));
        if let Some(program) = Program::at(program(here, "serve"), here, patience, alone).await {
            place.send_replace(Some(program.place));
            let enough = field.acknowledged.load(Ordering::Relaxed) + dice.u64(1..25);
            while field.acknowledged.load(Ordering::Relaxed) < enough {
                assert!(senders.iter().all(|sender| !sender.is_finished()), "a sender gave up");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            tokio::time::sleep(Duration::from_micros(dice.u64(0..40_000))).await;
            place.send_replace(None);
            program.kill().await;
        } else {
            at_start += 1;
        }
        killed += 1;
    }
    field.over.store(true, Ordering::Relaxed);
    let last = Program::at(program(here, "serve"), here, None, alone).await.expect("it starts");
    place.send_replace(Some(last.place));
    for sender in senders {
        sender.await.expect("a sender ends");
    }
    last.stop().await;

    // A job whose worker was killed stays taken until its lease is over: tomorrow it is.
    let tomorrow = now + jiff::SignedDuration::from_hours(24);
    let app = open(here, Clock::manual(tomorrow)).await;
    jobs::drain(&app).await.expect("the jobs run");
    let told = field.told.lock().unwrap().clone();
    compare(&app, &told).await;
    app.db.close().await;
    let output = program_at(here, &here.join("data"), "verify").output().await.expect("the program runs");
    assert!(output.status.success(), "seed {seed}: {}", String::from_utf8_lossy(&output.stderr));
    println!(
        "seed {seed}: killed {killed} times ({at_start} while starting), {} items acknowledged, {} sent again; {}",
        told.len(),
        field.again.load(Ordering::Relaxed),
        String::from_utf8_lossy(&output.stdout).trim()
    );
}

/// Every item that was acknowledged is there once, with the number that was told and the bytes that were sent.
async fn compare(app: &App, told: &BTreeMap<String, String>) {
    let mut reader = app.db.read().await.unwrap();
    let rows: Vec<(String, String, String, vault::blob::Hash)> =
        reader.rows("select title, number, channel, raw from reports order by title", args![]).await.unwrap();
    let mut kept: BTreeMap<String, Vec<(String, String, vault::blob::Hash)>> = BTreeMap::new();
    for (title, number, channel, raw) in rows {
        kept.entry(title).or_default().push((number, channel, raw));
    }
    for (item, number) in told {
        let found = kept.get(item).unwrap_or_else(|| panic!("{item} was acknowledged and is lost"));
        assert_eq!(found.len(), 1, "{item} is there more than once: {found:?}");
        let (kept_number, channel, raw) = &found[0];
        assert!(number.is_empty() || number == kept_number, "{item} was told {number} and is {kept_number}");
        if channel == "mail" {
            let n = item.rsplit_once('-').and_then(|(_, n)| n.parse().ok()).unwrap();
            assert!(app.blobs.get(&mut reader, *raw).await.unwrap() == mail(item, n), "{item} is not as it was sent");
        }
    }
    assert_eq!(kept.keys().collect::<Vec<_>>(), told.keys().collect::<Vec<_>>(), "nothing else came");
    let open: Vec<(String, i64)> = reader.rows("select kind, attempts from jobs where kind = 'read_mail'", args![]).await.unwrap();
    assert_eq!(open, [], "mails that nobody read");
}
