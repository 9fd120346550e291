//! What abuse events cost: a file pushed by HTTP until every line of it is stored, matched and known once, and the
//! pages that are asked most of what is stored then. `per_second` of `feed_chain` is lines per CPU-second of the
//! serving process, `bytes` what one stored event takes on the disk, `rss_mb` the most memory that it had, the times
//! are those of a file.

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

use super::{Ask, Client, Figure, Reply, Server, measure, millis, round, whole};
use crate::access::{Role, Who};
use crate::constituency::{self, Details, Held, days};
use crate::events::{self, FeedDetails};
use crate::people::{self, NewPerson};
use crate::{App, Error, Result};

/// The feed that the files are of.
const FEED: &str = "bench";
/// Lines of a file at most.
const LINES: u64 = 1_000_000;
/// Report types, one a file.
const KINDS: [&str; 4] = ["scan_telnet", "scan_dns", "device_id", "event4_honeypot_brute_force"];
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
}

/// The registry, the feed, and who asks; what is there from before is taken.
pub async fn world(app: &App, staff: &str) -> Result<World> {
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
    let staff = staff.to_owned();
    Ok(World { app: app.clone(), database: app.db.name(), today: days::day(app.now()), holder, token, staff, member: format!("session={member}") })
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
pub async fn chain(server: &Server, world: &World, rows: u64) -> io::Result<Figure> {
    let files = rows.div_ceil(LINES).max(1);
    let (mut times, mut spent) = (Vec::new(), Duration::ZERO);
    for number in 0..files {
        let back = i64::try_from(1 + number * 364 / files).unwrap_or(1);
        let day = world.today.checked_sub(jiff::Span::new().days(back)).map_err(io::Error::other)?;
        let synth = Synth {
            seed: world.today.day_of_year().unsigned_abs().into(),
            rows: LINES.min(rows - number * LINES),
            repeats: 50,
            broken: 1,
            day: days::starts(Some(day)).map_err(io::Error::other)?.as_microsecond(),
            networks: (0..2 * HOLDERS).map(|n| (network_of(n), Asn(64_512 + u32::from(n) % 500))).collect(),
        };
        let kind = KINDS.get(usize::try_from(number).unwrap_or(0) % KINDS.len()).copied().unwrap_or_default();
        let mut file = Vec::new();
        synth.write(&Tables::built_in(), kind, &mut file)?.ok_or_else(|| io::Error::other("no such report type"))?;
        let (begin, before) = (Instant::now(), server.cpu()?);
        deliver(server, world, &synth.file_name(kind), &file).await?;
        spent += server.cpu()?.saturating_sub(before);
        times.push(begin.elapsed());
    }
    let stored = files_of(world).await?;
    let (size, events): (u64, u64) = stored.iter().fold((0, 0), |(size, events), file| (size + file.size, events + file.rows));
    times.sort_unstable();
    let at = |place: usize| times.get(place).copied().unwrap_or_default();
    let n = usize::try_from(rows).unwrap_or(usize::MAX);
    Ok(Figure {
        what: "feed_chain".into(),
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

/// The data files that hold what is stored now.
async fn files_of(world: &World) -> io::Result<Vec<::lake::query::DataFile>> {
    Ok(view_of(world).await?.files().to_vec())
}

async fn view_of(world: &World) -> io::Result<::lake::query::View> {
    let lake = events::lake::reading(&world.app).await.map_err(io::Error::other)?;
    lake.ok_or_else(|| io::Error::other("nothing was stored"))?.view().map_err(io::Error::other)
}

/// Pushes a file and waits until it is stored.
async fn deliver(server: &Server, world: &World, name: &str, file: &[u8]) -> io::Result<()> {
    let authorization = format!("Authorization: Bearer {}\r\n", world.token);
    let mut client = Client::connect(server.address).await?;
    let path = format!("/api/v1/feeds/{FEED}/files?name={name}");
    let told = answered(&client.post(&path, &authorization, file).await?)?;
    let sha = told.pointer("/files/0/sha256").and_then(Json::as_str).unwrap_or_default().to_owned();
    loop {
        server.rest().await?;
        // A connection of its own: the server does not keep one open for as long as a file may take.
        let mut client = Client::connect(server.address).await?;
        let told = answered(&client.get_with(&format!("/api/v1/feeds/{FEED}/files/{sha}"), &authorization).await?)?;
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

/// The same three, asked of DuckDB over the same files: a yardstick. It has no sums and counts the events themselves.
pub async fn duckdb(world: &World, python: &Path) -> io::Result<Vec<Figure>> {
    let everything = Question::Total { filter: Filter::new(Span { from: 0, until: i64::MAX / 2 }) };
    let view = view_of(world).await?;
    let Statement { place, files, .. } = view.statement(&everything, &Sight::All, Dialect::Spark).map_err(io::Error::other)?;
    let folder = place.strip_prefix("file://").ok_or_else(|| io::Error::other("DuckDB is measured over a folder only"))?;
    let size = files.iter().map(|file| file.rows).sum::<u64>();
    let asked = json!({
        "files": files.iter().map(|file| format!("{folder}/{}", file.path)).collect::<Vec<_>>(),
        "ip": ADDRESS.to_ipv6_mapped().octets().map(|byte| format!("{byte:02x}")).concat(),
        "holder": world.holder,
        "today": world.today.to_string(),
    });
    let output = tokio::process::Command::new(python).args(["-c", include_str!("duckdb.py"), &asked.to_string()]).output().await?;
    if !output.status.success() {
        return Err(io::Error::other(format!("{}: {}", python.display(), String::from_utf8_lossy(&output.stderr))));
    }
    let mut figures = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let told: Json = serde_json::from_str(line).map_err(io::Error::other)?;
        let number = |name: &str| told.get(name).and_then(Json::as_f64).unwrap_or(0.0);
        let what = format!("{}_duckdb", told.get("what").and_then(Json::as_str).unwrap_or_default());
        let size = i64::try_from(size).unwrap_or(i64::MAX);
        let n = told.get("n").and_then(Json::as_u64).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        let (cpu_ms, wall_p50_ms, wall_p99_ms) = (round(number("cpu_ms")), round(number("p50")), round(number("p99")));
        figures.push(Figure {
            what,
            database: "duckdb",
            size,
            n,
            cpu_ms,
            wall_p50_ms,
            wall_p99_ms,
            bytes: 0,
            per_second: round(1000.0 / wall_p50_ms.max(0.001)),
            rss_mb: round(number("rss_mb")),
        });
    }
    Ok(figures)
}

fn answered(reply: &Reply) -> io::Result<Json> {
    if reply.status >= 400 {
        return Err(io::Error::other(format!("status {}: {}", reply.status, reply.text())));
    }
    serde_json::from_slice(&reply.body).map_err(io::Error::other)
}
