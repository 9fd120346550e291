//! How fast event files are read: `cargo run --release -p formats --example feed_speed [rows] [kind]`.
//! Prints rows and bytes a second of one core, for a file in memory.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods, reason = "a measurement for the terminal")]

use formats::feed::{Decoder, Delivery, Events, Tables, synth};
use std::time::Instant;

fn main() {
    let mut args = std::env::args().skip(1);
    let rows: u64 = args.next().map_or(1_000_000, |rows| rows.parse().unwrap());
    let kinds: Vec<String> = args.next().map_or_else(|| synth::KINDS.iter().map(|kind| (*kind).to_owned()).collect(), |kind| vec![kind]);
    let tables = Tables::built_in();
    let networks = [("192.0.2.0/24", 64500), ("198.18.0.0/15", 64501), ("2001:db8::/32", 64502)];
    let networks = networks.iter().map(|(prefix, asn)| (prefix.parse().unwrap(), formats::net::Asn(*asn))).collect();
    let day = 1_774_310_400_000_000;
    let synth = synth::Synth { seed: 7, rows, repeats: 100, broken: 1, day, networks };
    for kind in kinds {
        let mut file = Vec::new();
        let start = Instant::now();
        let written = synth.write(&tables, &kind, &mut file).unwrap().unwrap();
        let made = start.elapsed().as_secs_f64();
        let mut best = f64::MAX;
        for _ in 0..3 {
            let start = Instant::now();
            let mut decoder =
                Decoder::open(&tables, Some(&synth.file_name(&kind)), Delivery { received: day, ..Delivery::default() }, file.as_slice()).unwrap();
            let (mut events, mut rejected, mut seen) = (Events::default(), Vec::new(), 0);
            loop {
                let more = decoder.fill(&mut events, &mut rejected).unwrap();
                seen += events.len() + rejected.len();
                events.clear();
                rejected.clear();
                if !more {
                    break;
                }
            }
            assert_eq!(seen as u64, rows);
            best = best.min(start.elapsed().as_secs_f64());
        }
        #[allow(clippy::cast_precision_loss, reason = "a rate")]
        let (rows, bytes) = (rows as f64, written.bytes as f64);
        println!(
            "{kind:28} {:4.0} bytes a row, made {:5.2} M rows/s, read {:5.2} M rows/s, {:4.0} MB/s",
            bytes / rows,
            rows / made / 1e6,
            rows / best / 1e6,
            bytes / best / 1e6
        );
    }
}
