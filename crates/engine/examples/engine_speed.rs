//! How long questions take: `cargo run --release -p engine --example engine_speed FOLDER`, over what
//! `lake_speed FOLDER rows year` made.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "a measurement for the terminal"
)]

#[path = "../../lake/examples/measure/mod.rs"]
mod measure;

use engine::{Engine, Limits};
use lake::query::By;
use lake::query::text::Dialect;
use lake::{Filter, Question, Sight, Span};
use measure::{DAY, cpu, open, peak};
use std::path::Path;
use std::time::{Duration, Instant};

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let explain = std::env::args().nth(2);
    let folder = Path::new(&folder);
    let start = Instant::now();
    let (lake, scratch) = (open(folder), folder.join("scratch"));
    let limits = Limits { threads: 2, memory: 1 << 30, time: Duration::from_mins(10), scratch: &scratch };
    let engine = Engine::new(&limits, Vec::new()).unwrap();
    let view = lake.view().unwrap();
    let rows: u64 = view.files().iter().map(|file| file.rows).sum();
    println!("opened {} files with {rows} rows in {:.0} ms", view.files().len(), start.elapsed().as_secs_f64() * 1000.0);
    let last = view.files().iter().map(|file| i64::from(file.day)).max().unwrap_or(0) * DAY + DAY;
    let year = Filter::new(Span { from: last - 365 * DAY, until: last });
    let week = Filter::new(Span { from: last - 7 * DAY, until: last });
    let month = Filter::new(Span { from: last - 30 * DAY, until: last });
    let some = engine.ask(&view, &Question::Events { filter: week.clone(), after: None, limit: 1 }, &Sight::All).unwrap();
    let ip = some.get(0, "ip").bytes().unwrap();
    let holder = some.get(0, "holder").int().unwrap();
    let mut last_ip = ip;
    last_ip[15] = 255;
    let mut first_ip = ip;
    first_ip[15] = 0;
    let member = Sight::Holders(vec![holder]);
    let questions = [
        ("a member's last 7 days, 100 newest", Question::Events { filter: week.clone(), after: None, limit: 100 }, member.clone()),
        ("a member's last 7 days by type", Question::Counts { filter: week.clone(), by: By::Type, limit: 20 }, member.clone()),
        ("one address over a year", Question::Events { filter: Filter { addresses: Some((ip, ip)), ..year.clone() }, after: None, limit: 10_000 }, Sight::All),
        (
            "one /24 over a year",
            Question::Events { filter: Filter { addresses: Some((first_ip, last_ip)), ..year.clone() }, after: None, limit: 10_000 },
            Sight::All,
        ),
        ("a member's changes in a month", Question::ChangeCounts { filter: month.clone(), since: last - 7 * DAY }, member.clone()),
        ("the 100 newest of all in a week", Question::Events { filter: week.clone(), after: None, limit: 100 }, Sight::All),
        ("top 20 holders of a month", Question::Counts { filter: month.clone(), by: By::Holder, limit: 20 }, Sight::All),
        ("sources of a day by AS", Question::Counts { filter: Filter::new(Span { from: last - DAY, until: last }), by: By::Asn, limit: 50 }, Sight::All),
        ("unmatched of a week", Question::Unmatched { filter: week, limit: 100 }, Sight::All),
        ("days and types of a year, from the events", Question::Histogram { filter: year, by: By::Type }, Sight::All),
    ];
    for (name, question, sight) in questions {
        let mut times = Vec::new();
        let before = cpu();
        let mut found = 0;
        for _ in 0..3 {
            let start = Instant::now();
            found = engine.ask(&view, &question, &sight).unwrap().len();
            times.push(start.elapsed().as_secs_f64() * 1000.0);
        }
        let took = (cpu() - before) / 3.0 * 1000.0;
        println!("{name:45} first {:7.1} ms, then {:7.1} ms; {took:6.0} ms of CPU; {found} rows; peak {} MB", times[0], times[2], peak() / 1024);
        if explain.as_deref().is_some_and(|part| name.contains(part)) {
            println!("{}", engine.explain(&view.statement(&question, &sight, Dialect::DataFusion).unwrap()).unwrap());
        }
    }
}
