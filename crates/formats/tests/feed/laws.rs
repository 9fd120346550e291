//! What holds for all inputs.

use super::{finish, read};
use formats::feed::normal::{address, name, text, time, url, value};
use formats::feed::{Decoder, Events, Tables};
use formats::net::{Prefix, domain};
use formats::observable::{Kind, Observable};
use proptest::collection::vec;
use proptest::prelude::*;
use std::net::{IpAddr, Ipv6Addr};

/// A cell as RFC 4180 writes it, quoted where it must be or where `quoted` says so.
fn cell(text: &str, quoted: bool) -> String {
    if quoted || text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}

/// A URL in normal form is its own, and what an observable of the same text would be.
fn stays(text: &str) -> Result<(), TestCaseError> {
    let mut once = String::new();
    if url::url(text, &mut once).is_some() {
        let mut twice = String::new();
        prop_assert!(url::url(&once, &mut twice).is_some());
        prop_assert_eq!(&once, &twice);
        if let Ok(observable) = Observable::new(Kind::Url, &once) {
            prop_assert_eq!(observable.value, once);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn a_table_comes_back_as_it_was_written(rows in vec((vec(("[a-zü\"',;\r\n ]{0,20}", any::<bool>()), 3), any::<bool>()), 1..8)) {
        let mut file = String::from("timestamp,ip,port,a,b,c\n");
        for (cells, windows) in &rows {
            let cells: Vec<_> = cells.iter().map(|(text, quoted)| cell(text, *quoted)).collect();
            file.push_str(&format!("2026-03-24,192.0.2.1,23,{}{}", cells.join(","), if *windows { "\r\n" } else { "\n" }));
        }
        let outcome = read("scan_telnet", &file);
        prop_assert_eq!(outcome.events.len(), rows.len(), "{:?}", outcome.rejected);
        for (row, (cells, _)) in rows.iter().enumerate() {
            let extra = outcome.events.extra.get(row);
            let extra: serde_json::Value = serde_json::from_str(if extra.is_empty() { "{}" } else { extra }).unwrap();
            for (name, (text, _)) in ["a", "b", "c"].iter().zip(cells) {
                prop_assert_eq!(extra[name].as_str().unwrap_or(""), text.trim_ascii());
            }
        }
    }

    #[test]
    fn whatever_comes_every_line_has_one_state(lines in vec("[-0-9.:,\"a ]{0,30}", 0..30)) {
        let file = format!("timestamp,ip,port\n{}", lines.join("\n"));
        let outcome = read("scan_telnet", &file);
        let tally = outcome.tally;
        prop_assert_eq!(tally.lines, file.split_inclusive('\n').count() as u64);
        prop_assert!(1 + tally.records + tally.rejected + tally.blank <= tally.lines);
        if !file.contains('"') {
            prop_assert_eq!(1 + tally.records + tally.rejected + tally.blank, tally.lines);
        }
    }

    #[test]
    fn batches_of_any_size_hold_the_same_events(stop in vec(any::<bool>(), 40)) {
        let tables = Tables::built_in();
        let rows: String = (0..40).map(|row| format!("2026-03-24,192.0.2.{row},23,t{}\n", row % 3)).collect();
        let file = format!("timestamp,ip,port,tag\n{rows}");
        let whole = read("scan_telnet", &file).events;
        let mut decoder = Decoder::with(tables.get("scan_telnet").unwrap(), super::delivery(), file.as_bytes()).unwrap();
        let mut events = Events::default();
        while decoder.fill(&mut events, &mut Vec::new()).unwrap() {}
        // A batch that is emptied and filled again says what a new one says.
        let mut again = events.clone();
        again.clear();
        let mut row = formats::feed::Row::default();
        for (at, stop) in stop.iter().enumerate() {
            if *stop {
                again.clear();
            }
            row.ip = whole.ip[at];
            row.identifier.clear();
            row.identifier.push_str(whole.identifier.get(at));
            again.push(&row);
            let last = again.len() - 1;
            prop_assert_eq!((again.ip[last], again.identifier.get(last)), (whole.ip[at], whole.identifier.get(at)));
        }
    }

    #[test]
    fn names_are_those_of_resources(text in "[-a-zA-Z0-9_.ü ]{0,80}") {
        let mut out = String::new();
        let read = name::name(&text, &mut out);
        let expect = domain::normalise(&text);
        // Blanks around a name are taken off before.
        prop_assume!(text.trim() == text);
        prop_assert_eq!(read.then_some(out.as_str()), expect.as_deref().ok());
        if read {
            let mut registrable = String::new();
            name::registrable(&out, &mut registrable);
            prop_assert_eq!(registrable, domain::registrable(&out).unwrap_or_default());
        }
    }

    #[test]
    fn addresses_and_networks_are_those_of_resources(bits in any::<u128>(), v4 in any::<bool>(), len in 0u8..=128) {
        let ip = if v4 { IpAddr::from(bits.to_be_bytes()[..4].first_chunk::<4>().copied().unwrap()) } else { IpAddr::V6(Ipv6Addr::from(bits)) };
        let prefix = Prefix::new(ip, len % if v4 { 33 } else { 129 }).unwrap();
        let read = address::network(&prefix.to_string()).unwrap();
        if prefix.is_host() {
            prop_assert_eq!(read.prefix, -1);
        } else {
            prop_assert_eq!((i16::from(read.prefix), read.ip), (i16::from(prefix.len()), prefix.bounds().0));
        }
        prop_assert_eq!(address::network(&ip.to_string()).map(|one| address::ip(one.ip)), Some(if ip.is_unspecified() { IpAddr::V6(Ipv6Addr::UNSPECIFIED) } else { ip.to_canonical() }));
    }

    #[test]
    fn times_are_those_of_the_calendar(seconds in 788_918_400i64..4_102_444_800, micros in 0i64..1_000_000, offset in -1439i32..1440) {
        let instant = jiff::Timestamp::from_microsecond(seconds * 1_000_000 + micros).unwrap();
        let zone = jiff::tz::Offset::from_seconds(offset * 60).unwrap().to_time_zone();
        let zoned = instant.to_zoned(zone);
        let written = zoned.strftime("%Y-%m-%dT%H:%M:%S%.6f%:z").to_string();
        prop_assert_eq!(time::read(&written, &time::Form::Written, &time::Zone::Utc), Some((instant.as_microsecond(), false)));
        let naive = zoned.strftime("%Y-%m-%d %H:%M:%S").to_string();
        let local = time::read(&naive, &time::Form::Written, &time::Zone::Utc).map(|(at, _)| at);
        prop_assert_eq!(local, Some(instant.as_microsecond() - micros + i64::from(offset) * 60_000_000));
    }

    #[test]
    fn a_url_in_normal_form_stays_and_is_an_observable(text in "(http|HTTPS|ftp)://[a-zA-Z0-9.:@\\[\\]-]{1,20}[/?#\\\\]?[ -~ü]{0,30}") {
        stays(&text)?;
    }

    /// What people break addresses with, wherever it stands.
    #[test]
    fn a_broken_url_in_normal_form_stays_and_is_an_observable(
        scheme in "(http|hxxps|h\\*\\*p|fxp)(://|\\[:\\]//|\\[://\\])",
        parts in vec("[a-z0-9.@/\"ü]|\\[|\\(|\\{|\\]|\\)|\\[\\.|\\[\\.\\]|\\(\\.\\)|\\{dot\\}|\\[at\\]|\\[@\\]|\\[:\\]|\\[/\\]|\\\\\\.| ", 1..12),
    ) {
        stays(&format!("{scheme}a{}", parts.concat()))?;
    }

    #[test]
    fn cve_sets_are_sorted_and_do_not_repeat(numbers in vec((2000u32..2030, 1000u64..200_000), 0..20)) {
        let mut set = String::new();
        for (year, number) in &numbers {
            value::cves(&format!("x cve-{year}-{number}, "), &mut set);
        }
        let mut expect = numbers.clone();
        expect.sort_unstable();
        expect.dedup();
        let expect: Vec<_> = expect.iter().map(|(year, number)| format!("CVE-{year}-{number}")).collect();
        prop_assert_eq!(set, expect.join(";"));
    }

    #[test]
    fn texts_are_clean_however_they_came(written in any::<String>()) {
        let mut once = String::new();
        let flags = text::clean(&written, &mut once);
        let mut twice = String::new();
        prop_assert_eq!((text::clean(&once, &mut twice), &twice), (0, &once));
        prop_assert!(once.len() <= text::MAX_TEXT && (flags != 0 || written.len() <= text::MAX_TEXT));
        let mut json = String::new();
        text::json(&written, &mut json);
        prop_assert!(serde_json::from_str::<String>(&json).is_ok());
    }
}

#[test]
fn a_file_of_one_line_end_is_no_event() {
    let tables = Tables::built_in();
    let outcome = finish(Decoder::with(tables.get("scan_telnet").unwrap(), super::delivery(), "timestamp,ip,port".as_bytes()).unwrap());
    assert_eq!((outcome.events.len(), outcome.tally.lines), (0, 1));
}

proptest! {
    #[test]
    fn ipv4_is_read_as_strictly_as_the_standard_library_reads_it(text in "[0-9.]{0,16}|([0-9]{1,3}\\.){3}[0-9]{1,3}|[0-2]?[0-9]?[0-9](\\.0?[0-9]{1,2}){3}") {
        let expect = text.parse::<std::net::Ipv4Addr>().ok().filter(|v4| !v4.is_unspecified());
        let read = address::network(&text).map(|one| address::ip(one.ip)).filter(|ip| !ip.is_unspecified());
        prop_assert_eq!(read, expect.map(IpAddr::V4));
    }
}
