//! What abuse events cost: a file handed in by `atalaya feed ingest` until every line of it is stored, matched and known
//! once (`feed_chain`), the same for one that is pushed by HTTP (`feed_push`), and the pages that are asked most of what
//! is stored then. `per_second` of the first two is lines per CPU-second of the serving process and of the command,
//! `bytes` what one stored event takes on the disk, `rss_mb` the most memory that the serving process had, the times are
//! those of a file.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::{Duration, Instant};

use ::lake::query::text::Dialect;
use ::lake::{Filter, Question, Sight, Span, Statement};
use formats::feed::Tables;
use formats::feed::synth::Synth;
use formats::net::{Asn, Prefix};
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::{Ask, Client, Figure, Reply, Server, cpu_of_ended, measure, millis, round, whole};
use crate::access::{Role, Who};
use crate::constituency::{self, Details, Held, days};
use crate::events::{self, FeedDetails};
use crate::people::{self, NewPerson};
use crate::{App, Error, Result};

/// The feed that the files are of.
const FEED: &str = "bench";
/// Lines of a file at most.
const LINES: u64 = 1_000_000;
/// Report types, one a file: their lines have some 140 to 190 bytes.
const KINDS: [&str; 4] = ["scan_telnet", "scan_ntpmonitor", "scan_dns", "blocklist"];
/// Organisations, each with two networks of those that RFC 2544 keeps for measuring: 198.18.0.0/15.
const HOLDERS: u16 = 256;
/// An address of the first of them.
const ADDRESS: Ipv4Addr = Ipv4Addr::new(198, 18, 0, 7);

/// What the measured requests need to know.
pub struct World {
    /// The same data beside the server: where its files of events lie.
    app: App,
    database: &'static str,
    today: Date,
    /// The member's organisation, as events name it.
    holder: i64,
    token: String,
    staff: String,
    member: String,
    /// Arguments of a command that works on the same data.
    place: Vec<String>,
}

/// How a file comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By `atalaya feed ingest`.
    Command,
    /// By HTTP.
    Push,
}

/// The registry, the feed, and who asks; what is there from before is taken. `place`: arguments of a command on the same data.
pub async fn world(app: &App, staff: &str, place: Vec<String>) -> Result<World> {
    let mut first = None;
    for number in 0..HOLDERS {
        let name = format!("Bench network {number}");
        let known = constituency::find_by_name(&mut app.db.read().await?, &name).await?;
        let id = match known {
            Some(one) => one.id,
            None => add_holder(app, name, number).await?,
        };
        first = first.or(Some(id));
    }
    if let Err(Error::NotFound) = events::by_name(&mut app.db.read().await?, FEED).await {
        let details = FeedDetails { name: FEED.into(), title: "Bench".into(), every_hours: 0, ..FeedDetails::fresh(app) };
        events::add(app, &Who::Operator, details).await?;
    }
    let login = format!("bench-member-{}", app.now().as_microsecond());
    let language = app.languages.first().to_owned();
    let person = NewPerson { login, name: "Bench".into(), mail: None, role: Role::Member, organisation: first, language };
    let member = people::add(app, &Who::Operator, person).await?;
    let member = people::begin_session(app, member, "full", "bench").await?;
    let token = people::add_token(app, &Who::Operator, "bench feed", None, "feeds").await?;
    let holder = match first {
        Some(id) => constituency::number_of(&mut app.db.read().await?, id).await?,
        None => 0,
    };
    let (staff, member) = (staff.to_owned(), format!("session={member}"));
    Ok(World { app: app.clone(), database: app.db.name(), today: days::day(app.now()), holder, token, staff, member, place })
}

async fn add_holder(app: &App, name: String, number: u16) -> Result<::store::Id> {
    let sector = app.profile.sectors.first().map(|sector| sector.id.clone()).unwrap_or_default();
    app.db
        .change(&Who::Operator.to_string(), async |tx| {
            let id = constituency::add_in(tx, app, &Who::Operator, Details { name, sector, ..Details::fresh(&app.profile) }).await?;
            for network in [2 * number, 2 * number + 1] {
                let held = Held { kind: "prefix".into(), value: network_of(network).to_string(), from: None, to: None, source: "bench" };
                constituency::add_resource_in(tx, &Who::Operator, id, held).await?;
            }
            Ok(id)
        })
        .await
}

fn network_of(number: u16) -> Prefix {
    let [high, low] = number.to_be_bytes();
    // Of 198.18.0.0/15, so that two bytes are enough.
    Prefix::new(IpAddr::V4(Ipv4Addr::new(198, 18 + (high & 1), low, 0)), 24).unwrap_or_else(|_| Prefix::host(Ipv4Addr::UNSPECIFIED.into()))
}

/// Takes in so many events, in files whose days are spread over the last year, and says what one cost.
pub async fn chain(server: &Server, world: &World, rows: u64, way: Way) -> io::Result<Figure> {
    // What is pushed is not what the command brought.
    let (what, seed) = if way == Way::Command { ("feed_chain", 0) } else { ("feed_push", 1000) };
    let rows = if way == Way::Command { rows } else { rows.min(LINES) };
    let files = rows.div_ceil(LINES).max(1);
    let (mut times, mut spent) = (Vec::new(), Duration::ZERO);
    for number in 0..files {
        let back = i64::try_from(1 + number * 364 / files).unwrap_or(1) + i64::from(way == Way::Push);
        let (name, file) = synthetic(world, seed + number, LINES.min(rows - number * LINES), back, 1)?;
        let (took, cpu) = deliver(server, world, &name, &file, way).await?;
        times.push(took);
        spent += cpu;
    }
    let stored = files_of(world).await?;
    let (size, events): (u64, u64) = stored.iter().fold((0, 0), |(size, events), file| (size + file.size, events + file.rows));
    times.sort_unstable();
    let at = |place: usize| times.get(place).copied().unwrap_or_default();
    let n = usize::try_from(rows).unwrap_or(usize::MAX);
    Ok(Figure {
        what: what.into(),
        database: world.database,
        size: i64::try_from(rows).unwrap_or(i64::MAX),
        n,
        cpu_ms: millis(spent) / whole(n),
        wall_p50_ms: round(millis(at(times.len() / 2))),
        wall_p99_ms: round(millis(at(times.len() - 1))),
        bytes: usize::try_from(size / events.max(1)).unwrap_or(0),
        per_second: round(whole(n) / spent.as_secs_f64().max(0.001)),
        rss_mb: round(server.most_memory()?),
    })
}

/// An event file of a day so many days back: its name, by which its type is known, and its bytes. `number`: which one of a
/// run, by which its type and lines are chosen; `broken`: how many lines of a thousand are no events.
fn synthetic(world: &World, number: u64, rows: u64, back: i64, broken: u32) -> io::Result<(String, Vec<u8>)> {
    let day = world.today.checked_sub(jiff::Span::new().days(back)).map_err(io::Error::other)?;
    let synth = Synth {
        seed: u64::from(world.today.day_of_year().unsigned_abs()) + number,
        rows,
        repeats: 50,
        broken,
        day: days::starts(Some(day)).map_err(io::Error::other)?.as_microsecond(),
        networks: (0..2 * HOLDERS).map(|n| (network_of(n), Asn(64_512 + u32::from(n) % 500))).collect(),
    };
    let kind = KINDS.get(usize::try_from(number).unwrap_or(0) % KINDS.len()).copied().unwrap_or_default();
    let mut file = Vec::new();
    synth.write(&Tables::built_in(), kind, &mut file)?.ok_or_else(|| io::Error::other("no such report type"))?;
    Ok((synth.file_name(kind), file))
}

/// The data files that hold what is stored now.
async fn files_of(world: &World) -> io::Result<Vec<::lake::query::DataFile>> {
    Ok(view_of(world).await?.files().to_vec())
}

async fn view_of(world: &World) -> io::Result<::lake::query::View> {
    let lake = events::lake::reading(&world.app).await.map_err(io::Error::other)?;
    lake.ok_or_else(|| io::Error::other("nothing was stored"))?.view().map_err(io::Error::other)
}

/// Hands a file in and waits until it is stored: how long that took, and the CPU time of all that worked on it.
async fn deliver(server: &Server, world: &World, name: &str, file: &[u8], way: Way) -> io::Result<(Duration, Duration)> {
    // Where a command finds it; its name tells the report type.
    let path = std::env::temp_dir().join(format!("atalaya-bench-{}-{name}", std::process::id()));
    if way == Way::Command {
        tokio::fs::write(&path, file).await?;
    }
    let (begin, before) = (Instant::now(), server.cpu()? + cpu_of_ended()?);
    let told = match way {
        Way::Command => ingest(world, &path, name).await,
        Way::Push => push(server, world, name, file).await,
    };
    if way == Way::Command {
        tokio::fs::remove_file(&path).await?;
    }
    let sha = told?.pointer("/files/0/sha256").and_then(Json::as_str).unwrap_or_default().to_owned();
    stored(server, world, &sha).await?;
    Ok((begin.elapsed(), (server.cpu()? + cpu_of_ended()?).saturating_sub(before)))
}

async fn ingest(world: &World, path: &Path, name: &str) -> io::Result<Json> {
    let mut command = tokio::process::Command::new(std::env::current_exe()?);
    command.args(["feed", "ingest", "--feed", FEED, "--json", "--name", name]).args(&world.place).arg(path);
    let output = command.env("RUST_LOG", "error").output().await?;
    if !output.status.success() {
        return Err(io::Error::other(format!("feed ingest: {}", String::from_utf8_lossy(&output.stderr))));
    }
    serde_json::from_slice(&output.stdout).map_err(io::Error::other)
}

async fn push(server: &Server, world: &World, name: &str, file: &[u8]) -> io::Result<Json> {
    let mut client = Client::connect(server.address).await?;
    answered(&client.post(&format!("/api/v1/feeds/{FEED}/files?name={name}"), &authorization(world), file).await?)
}

fn authorization(world: &World) -> String {
    format!("Authorization: Bearer {}\r\n", world.token)
}

async fn stored(server: &Server, world: &World, sha: &str) -> io::Result<()> {
    loop {
        server.rest().await?;
        // A connection of its own: the server does not keep one open for as long as a file may take.
        let mut client = Client::connect(server.address).await?;
        let told = answered(&client.get_with(&format!("/api/v1/feeds/{FEED}/files/{sha}"), &authorization(world)).await?)?;
        match told.get("state").and_then(Json::as_str) {
            Some("stored") => return Ok(()),
            Some("received" | "reading") => tokio::time::sleep(Duration::from_secs(1)).await,
            _ => return Err(io::Error::other(format!("the event file was not stored: {told}"))),
        }
    }
}

/// What people ask: a member for its last seven days, an analyst for one address over a year, and for the days and
/// types of a year, which are sums.
pub async fn queries(server: &Server, world: &World, n: usize, wants: impl Fn(&str) -> bool) -> io::Result<Vec<Figure>> {
    let size = files_of(world).await?.iter().map(|file| file.rows).sum::<u64>();
    let place = (world.database, i64::try_from(size).unwrap_or(i64::MAX));
    let back = |days: i64| world.today.checked_sub(jiff::Span::new().days(days)).map_err(io::Error::other);
    let mut figures = Vec::new();
    for (what, path, cookies) in [
        ("query_member_week", format!("/member/events?from={}&to={}", back(6)?, world.today), &world.member),
        ("query_address_year", format!("/events/found?ip={ADDRESS}&from={}&to={}", back(364)?, world.today), &world.staff),
        ("query_year_by_type", format!("/events?from={}&to={}", back(364)?, world.today), &world.staff),
    ] {
        if wants(what) {
            let cookies = cookies.clone();
            let ask = move |_| Ask::Get(path.clone(), cookies.clone());
            measure(server, what, place, 3, 1, ask.clone()).await?;
            figures.push(measure(server, what, place, n, 1, ask).await?);
        }
    }
    Ok(figures)
}

/// The same three, asked of DuckDB over the same files, and an event file that it reads, sorts and writes: a yardstick.
/// It has no sums and counts the events themselves.
pub async fn duckdb(world: &World, python: &Path) -> io::Result<Vec<Figure>> {
    let everything = Question::Total { filter: Filter::new(Span { from: 0, until: i64::MAX / 2 }) };
    let view = view_of(world).await?;
    let Statement { place, files, .. } = view.statement(&everything, &Sight::All, Dialect::Spark).map_err(io::Error::other)?;
    let folder = place.strip_prefix("file://").ok_or_else(|| io::Error::other("DuckDB is measured over a folder only"))?;
    let size = files.iter().map(|file| file.rows).sum::<u64>();
    let csv = std::env::temp_dir().join(format!("atalaya-bench-{}.csv", std::process::id()));
    // It takes no line that is none.
    let (_, file) = synthetic(world, 0, LINES, 1, 0)?;
    tokio::fs::write(&csv, file).await?;
    let asked = json!({
        "files": files.iter().map(|file| format!("{folder}/{}", file.path)).collect::<Vec<_>>(),
        "ip": ADDRESS.to_ipv6_mapped().octets().map(|byte| format!("{byte:02x}")).concat(),
        "holder": world.holder,
        "today": world.today.to_string(),
        "csv": csv,
        "rows": LINES,
    });
    let output = tokio::process::Command::new(python).args(["-c", include_str!("duckdb.py"), &asked.to_string()]).output().await;
    tokio::fs::remove_file(&csv).await?;
    let output = output?;
    if !output.status.success() {
        return Err(io::Error::other(format!("{}: {}", python.display(), String::from_utf8_lossy(&output.stderr))));
    }
    let told = String::from_utf8_lossy(&output.stdout).lines().map(serde_json::from_str).collect::<Result<Vec<Json>, _>>();
    Ok(told.map_err(io::Error::other)?.iter().map(|told| figure(told, i64::try_from(size).unwrap_or(i64::MAX))).collect())
}

/// What DuckDB's script told of one question. `size`: of how many events.
fn figure(told: &Json, size: i64) -> Figure {
    let number = |name: &str| told.get(name).and_then(Json::as_f64);
    let count = |name: &str| told.get(name).and_then(Json::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
    let p50 = number("p50").unwrap_or(0.0);
    Figure {
        what: format!("{}_duckdb", told.get("what").and_then(Json::as_str).unwrap_or_default()),
        database: "duckdb",
        size,
        n: count("n"),
        cpu_ms: number("cpu_ms").unwrap_or(0.0),
        wall_p50_ms: round(p50),
        wall_p99_ms: round(number("p99").unwrap_or(0.0)),
        bytes: count("bytes"),
        per_second: round(number("per_second").unwrap_or(1000.0 / p50.max(0.001))),
        rss_mb: round(number("rss_mb").unwrap_or(0.0)),
    }
}

fn answered(reply: &Reply) -> io::Result<Json> {
    if reply.status >= 400 {
        return Err(io::Error::other(format!("status {}: {}", reply.status, reply.text())));
    }
    serde_json::from_slice(&reply.body).map_err(io::Error::other)
}
