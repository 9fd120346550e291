//! `atalaya bench`: prints what each action costs, one JSON object a line.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;
use store::{Clock, args};

use crate::access::{Role, Who};
use crate::app::Settings;
use crate::bench::events::Way;
use crate::bench::{Ask, Figure, Server, events, measure, prefixes, publishing, sealing};
use crate::commands::{Ended, Place, say};
use crate::people::{self, NewPerson};
use crate::{App, demo};

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub struct Bench {
    #[command(flatten)]
    place: Place,
    /// How many cases to measure on; made first if the data hold fewer
    #[arg(long, default_value_t = 2000)]
    size: usize,
    /// How often each action is done
    #[arg(short, default_value_t = 400)]
    n: usize,
    /// How many abuse events to take in and to look for: in files of a million lines, their days spread over a year
    #[arg(long, default_value_t = 1_000_000)]
    events: u64,
    /// Ask DuckDB about the same events, too: a Python that has it
    #[arg(long, value_name = "PYTHON")]
    duckdb: Option<PathBuf>,
    /// How many readers an advisory is mailed to, from its first word on; 0 for none
    #[arg(long, default_value_t = 10_000)]
    readers: usize,
    /// Measure only what has this in its name
    #[arg(long)]
    only: Option<String>,
    /// Print one JSON object a line (the default prints a table)
    #[arg(long)]
    json: bool,
}

/// What the measured requests need to know.
struct Known {
    database: &'static str,
    size: i64,
    session: String,
    /// Several, since each may call only so often in a minute.
    tokens: Vec<String>,
    case: String,
    crowded: String,
    address: String,
    recipient: String,
    form_most: usize,
    events: Option<events::World>,
}

impl Bench {
    /// Fills, serves, measures.
    pub async fn run(self) -> Result<(), Ended> {
        let settings = self.place.settings()?;
        let events =
            self.events > 0 && ["feed_chain", "feed_push", "query_member_week", "query_address_year", "query_year_by_type"].iter().any(|what| self.wants(what));
        let known = prepare(settings.clone(), self.size, events.then(|| place(&settings, &self.place.profile))).await?;
        let server = Server::start(&self.arguments(&settings, &self.place.profile)).await?;
        let (cpu, memory) = (server.cpu()?, server.memory()?);
        // What the filling left to do is nobody's action.
        server.rest().await?;
        self.print(&Figure {
            what: "start".into(),
            database: known.database,
            size: known.size,
            n: 1,
            cpu_ms: cpu.as_secs_f64() * 1000.0,
            wall_p50_ms: server.start.as_secs_f64() * 1000.0,
            wall_p99_ms: server.start.as_secs_f64() * 1000.0,
            bytes: 0,
            per_second: 0.0,
            rss_mb: memory,
        });
        self.pages(&server, &known).await?;
        self.intake(&server, &known).await?;
        if let Some(world) = &known.events {
            self.events(&server, world).await?;
        }
        server.stop().await?;
        if self.readers > 0 && self.wants("publishing") {
            let scene = publishing::scene(&settings, &self.place.profile, self.readers).await?;
            let server = Server::start(&self.arguments(&settings, &scene.profile)).await?;
            self.print(&publishing::publish(&server, &scene, (known.database, known.size)).await?);
            server.stop().await?;
        }
        for figure in prefixes(known.database, |what| self.wants(what))? {
            self.print(&figure);
        }
        let key = vault::key::InstanceKey::load(self.place.key_file())?;
        for figure in sealing(&key, (known.database, known.size), Clock::System.now(), |what| self.wants(what))? {
            self.print(&figure);
        }
        Ok(())
    }

    /// What event files cost and what is asked of them most; without files, of what is stored.
    async fn events(&self, server: &Server, world: &events::World) -> Result<(), Ended> {
        if self.wants("feed_chain") {
            self.print(&events::chain(server, world, self.events, Way::Command).await?);
            if !self.json {
                say("               (IntelMQ, which most teams read such files with, was measured with 1,173 events per CPU-second)");
            }
        }
        if self.wants("feed_push") {
            self.print(&events::chain(server, world, self.events, Way::Push).await?);
        }
        for figure in events::queries(server, world, 20, |what| self.wants(what)).await? {
            self.print(&figure);
        }
        if let Some(python) = &self.duckdb {
            for figure in events::duckdb(world, python).await?.iter().filter(|figure| self.wants(&figure.what)) {
                self.print(figure);
            }
        }
        Ok(())
    }

    fn arguments(&self, settings: &Settings, profile: &Path) -> Vec<String> {
        let mut all = place(settings, profile);
        all.extend(["--listen", "127.0.0.1:0", "--lmtp", "127.0.0.1:0"].map(str::to_owned));
        all
    }

    fn wants(&self, what: &str) -> bool {
        self.only.as_deref().is_none_or(|only| what.contains(only))
    }

    fn print(&self, figure: &Figure) {
        if self.json {
            say(&serde_json::to_string(figure).unwrap_or_default());
        } else {
            let Figure { what, database, size, cpu_ms, wall_p50_ms, wall_p99_ms, bytes, per_second, rss_mb, .. } = figure;
            say(&format!(
                "{what:<25} {database:<10} of {size:>8}  {cpu_ms:>9.4} ms CPU  p50 {wall_p50_ms:>8.3} ms  p99 {wall_p99_ms:>8.3} ms  {bytes:>7} B  {per_second:>8.0}/s  {rss_mb:>6.1} MB"
            ));
        }
    }

    /// What people look at, one at a time.
    async fn pages(&self, server: &Server, known: &Known) -> Result<(), Ended> {
        let session = &known.session;
        for (what, path, cookies) in [
            ("triage_list", "/inbox".to_owned(), session),
            ("case_list", "/cases".to_owned(), session),
            ("case_page", format!("/cases/{}", known.case), session),
            ("case_page_100", format!("/cases/{}", known.crowded), session),
            ("search_words", "/search?q=phishing+page".to_owned(), session),
            ("search_ip", format!("/search?q={}", known.address), session),
            ("portal_page", "/".to_owned(), &String::new()),
        ] {
            if !self.wants(what) || path.ends_with("/cases/") {
                continue;
            }
            let cookies = cookies.clone();
            // The first answers fill caches, as the first minute of a day does.
            let ask = move |_| Ask::Get(path.clone(), cookies.clone());
            measure(server, what, (known.database, known.size), 20, 1, ask.clone()).await?;
            self.print(&measure(server, what, (known.database, known.size), self.n, 1, ask).await?);
        }
        self.public(server, known).await
    }

    /// What everybody looks at when something has happened: many at once, each page as it was made before.
    async fn public(&self, server: &Server, known: &Known) -> Result<(), Ended> {
        for (what, path) in [("public_home", "/"), ("public_list", "/latest"), ("public_item", "/guidance/phishing")] {
            if self.wants(what) {
                let ask = move |_| Ask::Get(path.to_owned(), String::new());
                measure(server, what, (known.database, known.size), 20, 1, ask).await?;
                self.print(&measure(server, what, (known.database, known.size), self.n.max(20_000), 16, ask).await?);
            }
        }
        Ok(())
    }

    /// What comes in, from sixteen at once; each is on disk when it is answered.
    async fn intake(&self, server: &Server, known: &Known) -> Result<(), Ended> {
        let place = (known.database, known.size);
        if self.wants("intake_api") {
            let tokens = known.tokens.clone();
            let ask = move |turn: usize| {
                let body = json!({
                    "kind": "other", "title": format!("Scanner seen at 198.51.100.{}", turn % 250), "description": format!("Probe {turn} from 198.51.100.{} to host-{turn}.example", turn % 250),
                    "reporter": { "mail": "sensor@reporters.example" }
                });
                let token = tokens.get(turn % tokens.len().max(1)).map(String::as_str).unwrap_or_default();
                let headers =
                    format!("Authorization: Bearer {token}\r\nContent-Type: application/json\r\nIdempotency-Key: bench-{turn}-{}\r\n", std::process::id());
                Ask::Post("/api/v1/reports".into(), headers, body.to_string().into_bytes())
            };
            self.print(&measure(server, "intake_api", place, self.n * 5, 16, ask).await?);
        }
        if self.wants("intake_form") {
            // As many as the team's profile takes from the public in an hour.
            let n = self.n.min(known.form_most);
            let run = std::process::id();
            let ask = move |turn: usize| {
                let from = format!("198.18.{}.{}", turn / 250 % 250, turn % 250 + 1);
                Ask::Form(from, format!("Probe+{turn}+of+{run}+from+198.51.100.{}+to+host-{turn}.example", turn % 250))
            };
            self.print(&measure(server, "intake_form", place, n, 16, ask).await?);
        }
        if self.wants("intake_mail") && server.mail.is_some() {
            let to = known.recipient.clone();
            let ask = move |turn: usize| {
                let id = std::process::id();
                let mail = format!(
                    "From: Sensor <sensor@reporters.example>\r\nTo: <{to}>\r\nSubject: Scanner {turn} at 198.51.100.{}\r\nMessage-ID: <{turn}.{id}@reporters.example>\r\n\
                     Auto-Submitted: auto-generated\r\n\r\nProbe {turn} from 198.51.100.{} to host-{turn}.example\r\n",
                    turn % 250,
                    turn % 250
                );
                Ask::Mail(to.clone(), mail.into_bytes())
            };
            self.print(&measure(server, "intake_mail", place, self.n * 5, 16, ask).await?);
        }
        Ok(())
    }
}

/// Arguments of a command that works on these data.
fn place(settings: &Settings, profile: &Path) -> Vec<String> {
    let mut all = vec!["--profile".to_owned(), profile.display().to_string(), "--data".into(), settings.data.display().to_string()];
    all.extend(["--key".into(), settings.key.display().to_string()]);
    if let Some(url) = &settings.database {
        all.extend(["--database".into(), url.clone()]);
    }
    all
}

/// Fills the data up to the size and makes a log-in and a token to measure with.
async fn prepare(settings: Settings, size: usize, with_events: Option<Vec<String>>) -> Result<Known, Ended> {
    let now = Clock::System.now();
    let app = App::open(Settings { clock: Clock::manual(now), ..settings }).await?;
    let count = app.db.read().await?.count("select count(*) from cases", vec![]).await?;
    let missing = size.saturating_sub(usize::try_from(count).unwrap_or(0));
    let login = format!("bench-{}", now.as_microsecond());
    let person = NewPerson { login, name: "Bench".into(), mail: None, role: Role::Lead, organisation: None, language: app.languages.first().to_owned() };
    let person = people::add(&app, &Who::Operator, person).await?;
    if missing > 0 {
        demo::fill(&app, &[person], missing, |made| {
            if made % 10_000 == 0 {
                tracing::info!(made, of = missing, "cases made");
            }
        })
        .await?;
    }
    let session = people::begin_session(&app, person, "full", "bench").await?;
    let mut tokens = Vec::new();
    for n in 0..50 {
        tokens.push(people::add_token(&app, &Who::Operator, &format!("bench {n}"), None, "reports").await?);
    }
    let mut reader = app.db.read().await?;
    let number = "select c.number from cases c join case_reports r on r.case_id = c.id order by c.updated_at desc limit 1";
    let case: String = reader.value(number, vec![]).await?.unwrap_or_default();
    let crowded: Option<String> =
        reader.value("select c.number from cases c join parties p on p.case_id = c.id group by c.number having count(*) >= 100 limit 1", vec![]).await?;
    let address: Option<String> =
        reader.value("select o.value from observables o where o.kind = $1 and o.value like '1%' order by o.value limit 1", args!["ip"]).await?;
    let size = reader.count("select count(*) from cases", vec![]).await?;
    drop(reader);
    let session = format!("session={session}");
    let events = match with_events {
        Some(place) => Some(events::world(&app, &session, place).await?),
        None => None,
    };
    let known = Known {
        database: app.db.name(),
        size,
        session,
        tokens,
        case,
        crowded: crowded.unwrap_or_default(),
        address: address.unwrap_or_default(),
        recipient: app.profile.team.report_address.clone(),
        form_most: usize::try_from(app.profile.intake.max_per_hour).unwrap_or(usize::MAX) * 9 / 10,
        events,
    };
    // Whoever measures events looks at their files later, which the database knows.
    if known.events.is_none() {
        app.db.close().await;
    }
    Ok(known)
}
