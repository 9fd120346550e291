//! The listener of its own: nothing but the sealed site, no cookie, no log of who came.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use atalaya::access::{Role, Who};
use atalaya::people;
use store::Clock;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Child;

use super::*;
use crate::house::{Browser, Sink};
use crate::kill::{open_at, profile, program_at};

/// The real program with a sealed listener of its own.
pub struct Running {
    pub process: Child,
    pub site: SocketAddr,
    pub sealed: SocketAddr,
    pub team: Team,
    folder: TempDir,
    said: tokio::task::JoinHandle<String>,
    _sink: Sink,
}

impl Running {
    pub async fn start() -> Self {
        Self::on(None).await
    }

    /// The same on a database server.
    pub async fn on(database: Option<&str>) -> Self {
        let (folder, sink) = (tempfile::tempdir().unwrap(), Sink::start().await);
        let here = folder.path();
        let text = profile(&sink)
            .replace("[sealed]\npublic = true", "[sealed]\nlisten = \"127.0.0.2:0\"\nmax_per_day = 100000\nmax_unopened = 100000")
            .replace("require_totp = true", "require_totp = false");
        let text = database.map_or_else(|| text.clone(), |url| format!("{text}\n[database]\nurl = \"{url}\"\n"));
        std::fs::write(here.join("atalaya.toml"), text).unwrap();
        let app = open_at(here, here.join("data"), Clock::System).await;
        let made = app.now() - SignedDuration::from_hours(24);
        let team = team_of(&app, made).await;
        app.db.close().await;
        drop(app);
        let log = std::fs::File::create(here.join("log")).unwrap();
        let mut command = program_at(here, &here.join("data"), "serve");
        let mut process = command
            .args(["--listen", "127.0.0.1:0", "--lmtp", "127.0.0.1:0"])
            .env("RUST_LOG", "debug,sqlx=warn")
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let (mut site, mut sealed, mut said) = (None, None, String::new());
        while site.is_none() || sealed.is_none() {
            let line = lines.next_line().await.unwrap().unwrap_or_else(|| panic!("it did not start: {}", std::fs::read_to_string(here.join("log")).unwrap()));
            said += &line;
            let address = line.split_once("http://").map(|(_, address)| address.parse().unwrap());
            if line.contains("Sealed reports") { sealed = address } else { site = address.or(site) }
        }
        let said = tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                said += &line;
            }
            said
        });
        Self { process, site: site.unwrap(), sealed: sealed.unwrap(), team, folder, said, _sink: sink }
    }

    pub fn here(&self) -> &Path {
        self.folder.path()
    }

    /// A command of the operator's, beside the running program: exit code and all that it said.
    pub fn command(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let output = operator(self.here(), &self.here().join("data"), arguments).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    }

    /// A line of what the system says of the program's process (proc(5), `status`), in KiB.
    pub fn kib(&self, name: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id().unwrap())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap().to_owned();
        line.trim_matches([':', ' ', '\t']).split(' ').next().unwrap().parse().unwrap()
    }

    /// Ends it; all that it wrote to its log and to whoever started it.
    pub async fn stop(mut self) -> (TempDir, String) {
        let id = self.process.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.process.wait().await.unwrap().success());
        let log = std::fs::read_to_string(self.here().join("log")).unwrap();
        let said = self.said.await.unwrap();
        (self.folder, format!("{said}\n{log}"))
    }
}

/// A command of the operator's of the program that lives in this folder, over these data.
pub fn operator(here: &Path, data: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_atalaya"));
    command.args(arguments).arg("--profile").arg(here.join("atalaya.toml")).arg("--data").arg(data);
    command.env("ATALAYA_KEY", here.join("instance.key"));
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listener_of_its_own_has_the_sealed_site_and_nothing_else_and_tells_nobody_who_came() {
    let running = Running::start().await;
    let reporter = Browser::new(running.sealed);
    reporter.set_header("user-agent", "marker-browser/7.7");
    reporter.set_header("x-forwarded-for", "198.51.100.77");
    for path in [
        "/",
        "/b",
        "/c",
        "/return",
        "/sealed",
        "/sealed/promise",
        "/sealed/leave",
        "/sealed/team.asc",
        "/sealed/manifest/default.json.asc",
        "/assets/atalaya.css",
    ] {
        let answer = reporter.get(path).await.must(200);
        assert!(answer.header("set-cookie").is_none(), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert!(answer.header("content-security-policy").is_some_and(|policy| policy.contains("require-trusted-types-for")), "{path}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    }
    for path in [
        "/login",
        "/inbox",
        "/cases",
        "/dialogues",
        "/status",
        "/report",
        "/member",
        "/journal",
        "/metrics",
        "/healthz",
        "/api/v1/reports",
        "/.well-known/security.txt",
        "/sealed/offline/..%2F..%2Finstance.key",
        "/sealed/assets/..%2FSHA384SUMS",
    ] {
        let answer = reporter.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.header("set-cookie").is_none() && !answer.text().contains("marker-browser"), "{path}");
    }
    assert!([403, 404, 405].contains(&reporter.post("/login", &[("login", "x"), ("password", "y")]).await.status));
    let sealed = envelope_at(&running.team, b"hello", 150, Clock::System.now());
    let _ = reporter.upload("/sealed/b", &[], &[("file", "marker-name.pgp", "application/octet-stream", &sealed)]).await.must(201);
    // The ordinary site does not carry it.
    let site = Browser::new(running.site);
    for path in ["/sealed", "/sealed/b", "/sealed/c", "/sealed/return", "/sealed/v1/dialogue", "/sealed/team.asc"] {
        assert_eq!(site.get(path).await.status, 404, "{path}");
    }
    let (_folder, said) = running.stop().await;
    for marker in ["marker-browser", "198.51.100.77", "marker-name", "/sealed/b", "/sealed/promise", "/return"] {
        assert!(!said.contains(marker), "{marker} in the log:\n{said}");
    }
}

/// Passes on what the sealed site says, with other bytes or headers at the paths of this end.
async fn meddler(site: SocketAddr, end: &'static str, header: &'static str, more: &'static str) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut lines = BufReader::new(&mut stream).lines();
            let asked = lines.next_line().await.unwrap().unwrap_or_default();
            let browser = Browser::new(site);
            while let Some(line) = lines.next_line().await.unwrap().filter(|line| !line.is_empty()) {
                if let Some((_, secret)) = line.split_once("session=") {
                    browser.set_cookie("session", secret);
                }
            }
            let path = asked.split(' ').nth(1).unwrap_or_default();
            let answer = browser.get(path).await;
            let hit = path.ends_with(end) || path.split('?').next().is_some_and(|path| path.ends_with(end));
            let body = [answer.body.as_slice(), if hit { more.as_bytes() } else { b"" }].concat();
            let kept = answer.headers.iter().filter(|(name, _)| ["content-security-policy", "location"].contains(&name.as_str()));
            let kept: String = kept.map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let head =
                format!("HTTP/1.1 {} OK\r\n{kept}{}content-length: {}\r\nconnection: close\r\n\r\n", answer.status, if hit { header } else { "" }, body.len());
            let _ = stream.write_all(&[head.as_bytes(), &body].concat()).await;
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_from_outside_sees_whether_what_is_served_is_what_the_team_signed() {
    let running = Running::start().await;
    let print = running.team.key.certificate().fingerprint();
    let look = async |site: SocketAddr, print: &str| {
        let mut command = tokio::process::Command::new("sh");
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/check-sealed.sh")).args([format!("http://{site}/"), print.to_owned()]);
        let output = command.output().await.unwrap();
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let nothing = look(running.sealed, &print).await;
    assert!(nothing.0 == Some(2) && nothing.1.contains("nothing to compare with"), "{nothing:?}");
    let key = running.here().join("team.key");
    std::fs::write(&key, running.team.key.armored().unwrap()).unwrap();
    let signed = running.command(&["keys", "sums", "sign", "--key", key.to_str().unwrap()]);
    assert_eq!(signed.0, Some(0), "{}", signed.1);
    let good = look(running.sealed, &print).await;
    assert!(good.0 == Some(0) && good.1.contains("files are what the team signed on 20"), "{good:?}");
    let spaced: String = print.chars().enumerate().flat_map(|(at, c)| [(at % 4 == 0).then_some(' '), Some(c.to_ascii_lowercase())]).flatten().collect();
    assert_eq!(look(running.sealed, &spaced).await.0, Some(0));
    let other = look(running.sealed, &key_of("Team", 9, Clock::System.now()).certificate().fingerprint()).await;
    assert!(other.0 == Some(1) && other.1.contains("not signed by"), "{other:?}");
    for (end, header, more) in [
        ("/form.js", "", "\n"),
        ("/dialogue.js", "", "\n"),
        ("/desk.js", "", "\n"),
        ("/console.js", "", "\n"),
        ("/sealed", "", "<p>"),
        ("/", "", "<p>"),
        ("/return", "", "<p>"),
        ("/b", "", "<p>"),
        ("/sealed/c", "", "<p>"),
        ("/sealed/promise", "", "<p>"),
        ("?lang=es", "", "<p>"),
        (concat!("/atalaya.css?", env!("CARGO_PKG_VERSION")), "", " "),
        ("&lang=es", "refresh: 0; url=https://elsewhere.example/\r\n", ""),
        ("/default.json.asc", "", "x"),
        ("/atalaya.css", "", " "),
    ] {
        let found = look(meddler(running.sealed, end, header, more).await, &print).await;
        assert!(found.0 == Some(1) && found.1.lines().filter(|line| line.contains(end)).count() >= 1, "{end}: {found:?}");
    }
    let forged = look(meddler(running.sealed, "/sums.asc", "", "").await, &print).await;
    assert_eq!(forged.0, Some(0), "what is passed on as it is counts");
    // A new manifest, and the list is an old one: whoever looks is alarmed, and so is the team before that.
    assert_eq!(running.command(&["keys", "check"]).0, Some(0));
    assert_eq!(running.command(&["keys", "manifest", "sign", "--key", key.to_str().unwrap()]).0, Some(0));
    let old = look(running.sealed, &print).await;
    assert!(old.0 == Some(1) && old.1.contains("/sealed?intake=default&lang=en: not what the team signed"), "{old:?}");
    let check = running.command(&["keys", "check"]);
    assert!(check.0 == Some(1) && check.1.contains("is not what the signed list of check sums says"), "{check:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_whether_the_console_runs_the_scripts_that_the_team_signed_and_no_other() {
    let running = Running::start().await;
    let print = running.team.key.certificate().fingerprint();
    let key = running.here().join("team.key");
    std::fs::write(&key, running.team.key.armored().unwrap()).unwrap();
    assert_eq!(running.command(&["keys", "sums", "sign", "--key", key.to_str().unwrap()]).0, Some(0));
    // A reader's log-in, and a report to look at.
    let app = open_at(running.here(), running.here().join("data"), Clock::System).await;
    let new = people::NewPerson { name: "Reader".into(), mail: None, role: Role::Analyst, organisation: None, language: "en".into(), login: "reader".into() };
    let person = people::add(&app, &Who::Operator, new).await.unwrap();
    let cookie = format!("session={}", people::begin_session(&app, person, "full", "test").await.unwrap());
    app.db.close().await;
    let look = async |console: SocketAddr, cookie: &str| {
        let mut command = tokio::process::Command::new("sh");
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/check-sealed.sh")).args([format!("http://{}", running.sealed), print.clone()]);
        command.env("COOKIE", cookie).env("CONSOLE", format!("http://{console}")).env("PAGES", "/dialogues/readers /dialogues");
        let output = command.output().await.unwrap();
        (output.status.code(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
    };
    let good = look(running.site, &cookie).await;
    assert!(good.0 == Some(0) && good.1.contains("the console runs the scripts that the team signed, and no other"), "{good:?}");
    for (end, header, more, says) in [
        ("/dialogues/assets/desk.js", "", "\n", "/dialogues/assets/desk.js: not what the team signed"),
        ("/assets/console.js", "", "\n", concat!("/assets/console.js?", env!("CARGO_PKG_VERSION"), ": not what the team signed")),
        ("/dialogues/readers", "", "<script src=\"/assets/other.js\"></script>", "/dialogues/readers: it runs or embeds something else"),
        ("/dialogues", "", "<SCRIPT\nasync>steal()</SCRIPT>", "/dialogues: it runs or embeds something else"),
        ("/dialogues", "", "<iframe src=\"/dialogues/copy\">", "/dialogues: it runs or embeds something else"),
        ("/dialogues", "", "<meta/http-equiv=refresh content=\"0;url=https://elsewhere.example/\">", "/dialogues: it runs or embeds something else"),
        ("/dialogues/readers", "", "<div id=sealed-desk data-team=0123ABCD>", "/dialogues/readers: it names another team's key"),
        ("/dialogues", "content-security-policy: script-src 'unsafe-inline'\r\n", "", "/dialogues: its policy is not the one that we know"),
    ] {
        let found = look(meddler(running.site, end, header, more).await, &cookie).await;
        assert!(found.0 == Some(1) && found.1.contains(says), "{says}: {found:?}");
    }
    // What the scripts say of the team to people is no key.
    let words = meddler(running.site, "/dialogues/readers", "", "<div id=\"sealed-words\" hidden data-team=\"The team\">").await;
    let said = look(words, &cookie).await;
    assert_eq!(said.0, Some(0), "{said:?}");
    let stranger = look(running.site, "session=none").await;
    assert!(stranger.0 == Some(1) && stranger.1.contains("/dialogues/assets/desk.js: "), "{stranger:?}");
}
