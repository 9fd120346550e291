//! The listener of its own: nothing but the sealed site, no cookie, no log of who came.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Stdio;

use store::Clock;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
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
        let (folder, sink) = (tempfile::tempdir().unwrap(), Sink::start().await);
        let here = folder.path();
        let text = profile(&sink)
            .replace("[sealed]\npublic = true", "[sealed]\nlisten = \"127.0.0.2:0\"\nmax_per_day = 100000\nmax_unopened = 100000")
            .replace("require_totp = true", "require_totp = false");
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
