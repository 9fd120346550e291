//! What the lake does in a second of one core: `cargo run --release -p lake --example lake_speed FOLDER [rows] [what]`.
//! `chain`: synthetic files (of a kind) through reading, matching, comparing and writing; `big`: one file from the
//! disk, of a kind; `year`: so many rows over a year; `match`: look-ups.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::indexing_slicing,
    reason = "a measurement for the terminal"
)]

mod measure;

use formats::feed::{Decoder, Delivery, Events, Tables, synth};
use formats::net::{Asn, Prefix};
use lake::{Held, Holder, Holders, Lake, Resource, Start, Subject};
use measure::{DAY, FIRST, cpu, open, peak};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

fn main() {
    let mut args = std::env::args().skip(1);
    let folder = args.next().unwrap_or_else(|| std::env::temp_dir().join("lake-speed").display().to_string());
    let rows: u64 = args.next().map_or(2_000_000, |rows| rows.parse().unwrap());
    let what = args.next().unwrap_or_else(|| "chain".into());
    match what.as_str() {
        "match" => matching(),
        "year" => year(Path::new(&folder), rows),
        "big" => big(Path::new(&folder), rows, &args.next().unwrap_or_else(|| "scan_telnet".into())),
        _ => chain(Path::new(&folder), rows, &args.next().unwrap_or_default()),
    }
}

/// Networks as a registry has them: some 2,000 of /20, holders with several each.
fn networks() -> Vec<(Prefix, Asn)> {
    (0..2000_u32).map(|n| (Prefix::new(IpAddr::V4(Ipv4Addr::from(0x2000_0000 + n * 4096)), 20).unwrap(), Asn(64_512 + n % 500))).collect()
}

fn holders() -> Arc<Holders> {
    let nets = networks().into_iter().zip(0_i64..).map(|((prefix, _), n)| Holder {
        id: 1 + n * n % 700,
        resource: Resource::Network(prefix),
        from: 0,
        until: i64::MAX,
    });
    Arc::new(Holders::compile(1, nets))
}

fn ingest(lake: &Lake, kind: &str, file: impl std::io::Read, name: &str, number: i64, received: i64, holders: &Arc<Holders>) -> lake::Receipt {
    let tables = Tables::built_in();
    let mut sha = [0; 32];
    sha[..8].copy_from_slice(&number.to_le_bytes());
    sha[8] = kind.len() as u8;
    let mut intake = lake.intake(Start { sha, file: number, now: FIRST, nonce: number as u64 }, Arc::clone(holders)).unwrap();
    let mut decoder = Decoder::open(&tables, Some(name), Delivery { received, ..Delivery::default() }, file).unwrap();
    let (mut events, mut rejected) = (Events::default(), Vec::new());
    loop {
        let more = decoder.fill(&mut events, &mut rejected).unwrap();
        intake.take(&events).unwrap();
        events.clear();
        rejected.clear();
        if !more {
            break;
        }
    }
    intake.commit().unwrap()
}

fn chain(folder: &Path, rows: u64, only: &str) {
    let lake = open(folder);
    let holders = holders();
    let tables = Tables::built_in();
    for (number, kind) in (1..).zip(synth::KINDS).filter(|(_, kind)| kind.contains(only)) {
        let synth = synth::Synth { seed: 7 + number as u64, rows, repeats: 100, broken: 1, day: FIRST, networks: networks() };
        let mut file = Vec::new();
        synth.write(&tables, kind, &mut file).unwrap().unwrap();
        let (start, before) = (Instant::now(), cpu());
        let receipt = ingest(&lake, kind, file.as_slice(), &synth.file_name(kind), number, FIRST, &holders);
        let (wall, took) = (start.elapsed().as_secs_f64(), cpu() - before);
        let stored: u64 = receipt.data_files.iter().map(|(name, _)| std::fs::metadata(folder.join("lake").join(name)).unwrap().len()).sum();
        println!(
            "{kind:28} {:4.0} bytes a row, {:4.0} k events per core-second ({:.1} s of wall), {:5.1} bytes stored per event, {:?}, peak {} MB beside {} MB of file",
            file.len() as f64 / rows as f64,
            rows as f64 / took / 1000.0,
            wall,
            stored as f64 / receipt.counts.stored as f64,
            receipt.counts,
            peak() / 1024,
            file.len() >> 20,
        );
    }
}

/// A year of days, `rows` in all, each day one file of one kind in turn.
fn year(folder: &Path, rows: u64) {
    let lake = open(folder);
    let holders = holders();
    let tables = Tables::built_in();
    let (start, before, mut stored) = (Instant::now(), cpu(), 0);
    for day in 0..365_i64 {
        let kind = synth::KINDS[usize::try_from(day).unwrap() % synth::KINDS.len()];
        let synth = synth::Synth { seed: day as u64, rows: rows / 365, repeats: 50, broken: 1, day: FIRST + day * DAY, networks: networks() };
        let mut file = Vec::new();
        synth.write(&tables, kind, &mut file).unwrap().unwrap();
        stored += ingest(&lake, kind, file.as_slice(), &synth.file_name(kind), 1000 + day, FIRST + day * DAY, &holders).counts.stored;
    }
    println!(
        "{rows} rows of a year, {stored} stored: {:.0} s of wall, {:.0} s of CPU, with making them; peak {} MB",
        start.elapsed().as_secs_f64(),
        cpu() - before,
        peak() / 1024
    );
}

/// One file of any size, from the disk.
fn big(folder: &Path, rows: u64, kind: &str) {
    let lake = open(folder);
    let tables = Tables::built_in();
    let synth = synth::Synth { seed: 99, rows, repeats: 100, broken: 1, day: FIRST, networks: networks() };
    let path = folder.join("big.csv");
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    let written = synth.write(&tables, kind, &mut file).unwrap().unwrap();
    file.into_inner().unwrap();
    let (start, before) = (Instant::now(), cpu());
    let receipt = ingest(&lake, kind, std::fs::File::open(&path).unwrap(), &synth.file_name(kind), 1, FIRST, &holders());
    println!(
        "{} MB of file, {:?}: {:.0} k events per core-second, {:.0} s of wall, peak {} MB; {} events were in it",
        written.bytes >> 20,
        receipt.counts,
        rows as f64 / (cpu() - before) / 1000.0,
        start.elapsed().as_secs_f64(),
        peak() / 1024,
        written.events
    );
    std::fs::remove_file(path).unwrap();
}

fn matching() {
    let mut dice = 1_u64;
    let mut roll = move || {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        dice
    };
    let mut resources = Vec::new();
    for n in 0..1_200_000_i64 {
        let prefix = if n < 1_000_000 {
            // As routed: most are /24, each shorter length is half as frequent.
            Prefix::new(IpAddr::V4(Ipv4Addr::from(roll() as u32)), 24 - (roll() | 1 << 15).trailing_zeros().min(14) as u8).unwrap()
        } else {
            let high = 0x2000 | (roll() % 0x1000);
            let ip = u128::from(high << 48 | roll() >> 16) << 64;
            Prefix::new(IpAddr::V6(Ipv6Addr::from(ip)), 48 - (roll() | 1 << 25).trailing_zeros().min(24) as u8).unwrap()
        };
        resources.push(Holder { id: n % 30_000 + 1, resource: Resource::Network(prefix), from: 0, until: i64::MAX });
    }
    let within: Vec<u128> = resources
        .iter()
        .filter_map(|holder| if let Resource::Network(prefix) = &holder.resource { Some(u128::from_be_bytes(prefix.bounds().0)) } else { None })
        .collect();
    let start = Instant::now();
    let holders = Holders::compile(1, resources);
    println!("compiled {} resources in {:.2} s, peak {} MB", holders.len(), start.elapsed().as_secs_f64(), peak() / 1024);
    for family in ["v4", "v6"] {
        let asked: Vec<[u8; 16]> = (0..5_000_000)
            .map(|_| {
                // Half anywhere, half in a network that somebody holds.
                let n = roll() as usize;
                match (family, n % 2) {
                    ("v4", 0) => Ipv4Addr::from(roll() as u32).to_ipv6_mapped().octets(),
                    ("v4", _) => (within[n / 2 % 1_000_000] + u128::from(roll() % 250)).to_be_bytes(),
                    (_, 0) => (u128::from((0x2000 | (roll() % 0x1000)) << 48 | roll() >> 16) << 64).to_be_bytes(),
                    _ => (within[1_000_000 + n / 2 % 200_000] + u128::from(roll())).to_be_bytes(),
                }
            })
            .collect();
        let subjects = || asked.iter().map(|ip| Subject { ip: *ip, prefix: -1, asn: 0, domain: "", observed: FIRST, flags: 0 });
        let (start, mut sum) = (Instant::now(), 0_usize);
        holders.find_all(subjects(), |found| sum += found.len());
        let together = start.elapsed().as_secs_f64();
        let (start, mut found): (_, Vec<Held>) = (Instant::now(), Vec::new());
        for subject in subjects() {
            holders.find(subject, &mut found);
            sum -= found.len();
        }
        assert_eq!(sum, 0);
        println!("{family}: {:.1} M/s, one by one {:.1} M/s", asked.len() as f64 / together / 1e6, asked.len() as f64 / start.elapsed().as_secs_f64() / 1e6);
    }
}
