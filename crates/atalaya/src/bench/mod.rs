//! Measures what has a budget (blueprint section 7): the program runs as it would in service, in a
//! process of its own, and is asked over loopback. CPU is that of the serving process and its
//! children, per action; a database server's own is not in it.

mod client;
pub mod events;
mod prefixes;
mod process;
pub mod publishing;
mod sealing;

use std::time::{Duration, Instant};

use serde::Serialize;

pub use client::{Ask, Client, Reply};
pub use prefixes::prefixes;
pub use process::{Server, cpu_of, cpu_of_ended};
pub use sealing::sealing;

/// One line of the answer.
#[derive(Clone, Debug, Serialize)]
pub struct Figure {
    /// What was measured.
    pub what: String,
    /// `sqlite` or `postgresql`.
    pub database: &'static str,
    /// How many cases there are; with events, how many of those, and with prefixes, of these.
    pub size: i64,
    /// How often it was done.
    pub n: usize,
    /// CPU milliseconds per action.
    pub cpu_ms: f64,
    /// Half of the answers came within this many milliseconds.
    pub wall_p50_ms: f64,
    /// 99 in 100 did.
    pub wall_p99_ms: f64,
    /// Bytes of one answer.
    pub bytes: usize,
    /// Actions a second.
    pub per_second: f64,
    /// Resident memory of the serving process.
    pub rss_mb: f64,
}

/// Asks for something `n` times, `clients` at once, and says what it cost.
pub async fn measure<F>(server: &Server, what: &str, place: (&'static str, i64), n: usize, clients: usize, ask: F) -> std::io::Result<Figure>
where
    F: Fn(usize) -> Ask + Clone + Send + Sync + 'static,
{
    let address = if matches!(ask(0), Ask::Mail(..)) { server.mail.ok_or_else(|| std::io::Error::other("mail is not taken"))? } else { server.address };
    let cpu = server.cpu()?;
    let begin = Instant::now();
    let mut tasks = Vec::new();
    for lane in 0..clients {
        let ask = ask.clone();
        tasks.push(tokio::spawn(async move {
            let mut client = Client::connect(address).await?;
            let (mut times, mut bytes) = (Vec::new(), 0);
            for turn in (lane..n).step_by(clients) {
                let begin = Instant::now();
                let reply = client.ask(ask(turn)).await?;
                if reply.status >= 400 {
                    return Err(std::io::Error::other(format!("status {}: {}", reply.status, reply.text())));
                }
                times.push(begin.elapsed());
                bytes = reply.body.len();
            }
            Ok::<_, std::io::Error>((times, bytes))
        }));
    }
    let (mut times, mut bytes) = (Vec::new(), 0);
    for task in tasks {
        let (some, size) = task.await.map_err(std::io::Error::other)??;
        times.extend(some);
        bytes = size;
    }
    let took = begin.elapsed();
    server.rest().await?;
    let cpu = server.cpu()?.saturating_sub(cpu);
    times.sort_unstable();
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied().unwrap_or_default();
    Ok(Figure {
        what: what.to_owned(),
        database: place.0,
        size: place.1,
        n,
        cpu_ms: round(millis(cpu) / whole(n)),
        wall_p50_ms: round(millis(at(50))),
        wall_p99_ms: round(millis(at(99))),
        bytes,
        per_second: round(whole(n) / took.as_secs_f64()),
        rss_mb: round(server.memory()?),
    })
}

/// What one turn of a measurement in this process does.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// Actions, whose CPU time is told.
    actions: usize,
    /// What `per_second` counts, per CPU-second.
    units: usize,
    /// Bytes that are worked on.
    bytes: usize,
}

impl Turn {
    /// One action on so many MiB.
    fn of_mib(mib: usize) -> Self {
        Self { actions: 1, units: mib, bytes: mib << 20 }
    }
}

/// Does something a few times in this process, and says what it cost.
fn in_turns(what: &str, place: (&'static str, i64), turns: usize, turn: Turn, mut work: impl FnMut() -> crate::Result<()>) -> crate::Result<Figure> {
    let cpu = || cpu_of(std::process::id()).map_err(crate::Error::fault);
    let (before, mut times) = (cpu()?, Vec::new());
    for _ in 0..turns {
        let begin = Instant::now();
        work()?;
        times.push(begin.elapsed());
    }
    let spent = cpu()?.saturating_sub(before).max(Duration::from_millis(1));
    times.sort_unstable();
    let at = |place: usize| times.get(place).copied().unwrap_or_default();
    Ok(Figure {
        what: what.to_owned(),
        database: place.0,
        size: place.1,
        n: turns * turn.actions,
        cpu_ms: millis(spent) / whole(turns * turn.actions),
        wall_p50_ms: round(millis(at(turns / 2))),
        wall_p99_ms: round(millis(at(turns.saturating_sub(1)))),
        bytes: turn.bytes,
        per_second: round(whole(turns * turn.units) / spent.as_secs_f64()),
        rss_mb: 0.0,
    })
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[expect(clippy::cast_precision_loss, reason = "counts of a bench stay far below 2^52")]
fn whole(n: usize) -> f64 {
    n as f64
}

fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}
