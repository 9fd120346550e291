//! A house for one story: the whole program in this process, on a free port and a fresh folder,
//! with a clock that the story turns by hand.
//!
//! ```ignore
//! for house in House::both().await {
//!     let analyst = house.login_as(Role::Analyst).await;
//!     analyst.get("/inbox").await.must(200);
//!     house.set_clock("2026-11-24T09:00:00+02:00");
//!     house.run_jobs().await;
//! }
//! ```

#![allow(dead_code, unused_imports, reason = "each story uses a part of the house")]

mod browser;
mod chromium;
mod dovecot;
mod gpg;
mod lmtp;
mod postgres;
mod schema;
mod sink;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use atalaya::access::{Role, Who};
use atalaya::app::Settings;
use atalaya::constituency::{self, ContactDetails, Details};
use atalaya::people::{self, NewPerson};
use atalaya::profile::{Profile, Smarthost, Tls};
use atalaya::{App, jobs, routes};
use formats::label::Tlp;
use store::{Clock, FromRow, Id, Line, Value};
use tempfile::TempDir;
use tokio::net::TcpListener;

pub use browser::{Answer, Browser};
pub use chromium::Chromium;
pub use dovecot::Dovecot;
pub use gpg::Gpg;
pub use lmtp::Lmtp;
pub use postgres::{Held, Server, dump, empty_database, wait_for_waiting};
pub use schema::new_database;
pub use sink::{Mail, Sink};

/// When every story begins: a Monday morning in the office of the test team.
pub const MORNING: &str = "2026-11-23T10:00:00+02:00";
/// The password of people made with [`House::person`] and a password.
pub const PASSWORD: &str = "a long enough passphrase";

/// The program under test.
pub struct House {
    pub app: App,
    /// Where it answers HTTP.
    pub address: SocketAddr,
    /// What it sent by mail.
    pub sink: Sink,
    /// `sqlite` or `postgresql`, for messages.
    pub on: &'static str,
    people: AtomicU64,
    folder: TempDir,
}

impl House {
    /// On the embedded database.
    pub async fn sqlite() -> Self {
        Self::with(|_| {}).await
    }

    /// On the embedded database, with a changed profile.
    pub async fn with(change: impl FnOnce(&mut Profile)) -> Self {
        Self::open(None, change).await
    }

    /// On a PostgreSQL server, started once for the whole run.
    pub async fn postgres() -> Self {
        Self::open(Some(new_database()), |_| {}).await
    }

    /// On this database server.
    pub async fn on(database: &str) -> Self {
        Self::open(Some(database.to_owned()), |_| {}).await
    }

    /// Another program beside this one: the same key, folder and database, a port of its own.
    pub async fn beside(&self, database: &str) -> App {
        let program = Some(PathBuf::from(env!("CARGO_BIN_EXE_atalaya")));
        let (profile, clock) = (self.app.profile.clone(), self.app.db.clock().clone());
        App::open(Settings { profile, data: self.data(), key: self.key(), database: Some(database.to_owned()), clock, program })
            .await
            .expect("another node opens")
    }

    /// The program on the same folder and embedded database, with another one for what its children do.
    pub async fn with_children(&self, program: &str) -> App {
        let (profile, clock) = (self.app.profile.clone(), self.app.db.clock().clone());
        let settings = Settings { profile, data: self.data(), key: self.key(), database: None, clock, program: Some(program.into()) };
        App::open(settings).await.expect("the program opens again")
    }

    /// The program as it is after a start with a changed profile, on the same folder and embedded database.
    pub async fn again_with(&self, change: impl FnOnce(&mut Profile)) -> App {
        let program = Some(PathBuf::from(env!("CARGO_BIN_EXE_atalaya")));
        let (mut profile, clock) = (self.app.profile.clone(), self.app.db.clock().clone());
        change(&mut profile);
        App::open(Settings { profile, data: self.data(), key: self.key(), database: None, clock, program }).await.expect("the program opens again")
    }

    /// The same story on each database.
    pub async fn both() -> Vec<Self> {
        Self::both_with(|_| {}).await
    }

    /// The same, with a changed profile.
    pub async fn both_with(change: impl Fn(&mut Profile)) -> Vec<Self> {
        let mut houses = vec![Self::with(&change).await];
        if std::env::var_os("ATALAYA_TEST_WITHOUT_POSTGRES").is_none() {
            houses.push(Self::open(Some(new_database()), &change).await);
        }
        houses
    }

    async fn open(database: Option<String>, change: impl FnOnce(&mut Profile)) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let sink = Sink::start().await;
        let mut profile = profile();
        if let Some(mail) = &mut profile.mail {
            mail.smarthost = Some(Smarthost { host: "127.0.0.1".into(), port: sink.port, tls: Tls::None, login: None });
        }
        change(&mut profile);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("its address");
        profile.web.listen = address;
        profile.web.public_url = format!("http://{address}");
        let data = folder.path().join("data");
        if database.is_none() {
            schema::begin_in(&data);
        }
        let app = App::open(Settings {
            profile,
            data,
            key: folder.path().join("instance.key"),
            database,
            clock: Clock::manual(instant(MORNING)),
            program: Some(PathBuf::from(env!("CARGO_BIN_EXE_atalaya"))),
        })
        .await
        .expect("the program opens");
        let on = app.db.name();
        let service = routes::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { app, address, sink, on, people: AtomicU64::new(0), folder }
    }

    /// The folder that holds everything but the key.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The key file.
    pub fn key(&self) -> PathBuf {
        self.folder.path().join("instance.key")
    }

    /// Turns the clock to an instant like `2026-11-23T10:00:00+02:00`.
    pub fn set_clock(&self, to: &str) {
        self.app.db.clock().set(instant(to));
    }

    /// Turns the clock on.
    pub fn later(&self, minutes: i64) {
        let now = self.app.now();
        self.app.db.clock().set(now + jiff::SignedDuration::from_mins(minutes));
    }

    /// Turns the clock on to the machine's, should that be later: what another process (`mail-in`)
    /// left for later is due then, on whatever day the tests run.
    pub fn catch_up(&self) {
        let now = self.app.now().max(Clock::System.now());
        self.app.db.clock().set(now);
    }

    /// Does all work that is due, and what that work leaves behind. None of it may fail.
    pub async fn run_jobs(&self) {
        let failed = self.try_jobs().await;
        assert!(failed.is_empty(), "on {}: jobs failed: {failed:?}", self.on);
    }

    /// The same where failing belongs to the story: says which jobs failed so far, and why.
    pub async fn try_jobs(&self) -> Vec<(String, String)> {
        jobs::drain(&self.app).await.expect("the jobs run");
        self.rows("select kind, last_error from jobs where last_error is not null order by run_at", vec![]).await
    }

    /// A browser without a log-in.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.address)
    }

    /// A browser in which a new person of this role is logged in.
    pub async fn login_as(&self, role: Role) -> Browser {
        let id = self.person(role, None).await;
        self.login(id).await
    }

    /// A browser in which this person is logged in, second factor and all.
    pub async fn login(&self, person: Id) -> Browser {
        let secret = people::begin_session(&self.app, person, "full", "test").await.expect("a session begins");
        let browser = self.visitor();
        browser.set_cookie("session", &secret);
        browser.set_person(person);
        browser
    }

    /// A new person without a password: `analyst1`, `lead2`, ...
    pub async fn person(&self, role: Role, organisation: Option<Id>) -> Id {
        let n = self.people.fetch_add(1, Ordering::Relaxed) + 1;
        let login = format!("{}{n}", role.name());
        let new = NewPerson { name: format!("{} {n}", role.name()), mail: None, role, organisation, language: "en".into(), login };
        people::add(&self.app, &Who::Operator, new).await.expect("a person is added")
    }

    /// A new organisation of the constituency.
    pub async fn organisation(&self, name: &str) -> Id {
        let details = Details {
            name: name.into(),
            sector: "internet".into(),
            status: "registered".into(),
            country: "LS".into(),
            language: "en".into(),
            ceiling: Tlp::Amber,
            note: String::new(),
        };
        constituency::add(&self.app, &Who::Operator, details).await.expect("an organisation is added")
    }

    /// A browser in which a new member of an organisation is logged in.
    pub async fn login_as_member_of(&self, organisation: Id) -> Browser {
        let id = self.person(Role::Member, Some(organisation)).await;
        self.login(id).await
    }

    /// The journal from its beginning.
    pub async fn journal(&self) -> Vec<Line> {
        self.app.db.read().await.expect("a reader").journal_after(0, 100_000).await.expect("the journal")
    }

    /// The verbs of the journal, in order: what was done.
    pub async fn done(&self) -> Vec<String> {
        self.journal().await.into_iter().map(|line| line.verb).collect()
    }

    /// The disclosure ledger, oldest first: recipient, label, channel, address, about.
    pub async fn ledger(&self) -> Vec<(String, String, String, String, Id)> {
        self.rows("select recipient, label, channel, address, about from ledger order by at, id", vec![]).await
    }

    /// Rows of the database, for what no page shows.
    pub async fn rows<T: FromRow>(&self, text: &'static str, values: Vec<Value>) -> Vec<T> {
        self.app.db.read().await.expect("a reader").rows(text, values).await.expect(text)
    }
}

/// The test team, with office hours and promises as in `profile.toml`.
pub fn profile() -> Profile {
    match Profile::parse(include_str!("profile.toml"), "profile.toml") {
        Ok(profile) => profile,
        Err(faults) => panic!("{}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")),
    }
}

/// A contact that is written to by mail, in English.
pub fn contact(name: &str, function: &str, mail: &str) -> ContactDetails {
    let (name, function, mail) = (name.into(), function.into(), mail.into());
    ContactDetails { name, function, mail, language: "en".into(), reach: "mail".into(), ..ContactDetails::default() }
}

/// An instant from its text.
pub fn instant(text: &str) -> jiff::Timestamp {
    text.parse().expect("an instant with its offset")
}
