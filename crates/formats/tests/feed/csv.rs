//! Tables with a header: what is good goes on, what is broken costs its own line.

use super::{RECEIVED, delivery, finish, open, read};
use formats::feed::{Decoder, Events, Reason, Tables, flag};

const HEADER: &str = "\"timestamp\",\"ip\",\"port\",\"protocol\",\"hostname\",\"tag\",\"asn\",\"geo\",\"banner\"\n";

fn telnet(rows: &str) -> super::Outcome {
    read("scan_telnet", format!("{HEADER}{rows}"))
}

#[test]
fn every_line_of_a_mixed_file_ends_in_one_state() {
    // Good lines between lines of every kind of damage.
    let damage: [(&str, Reason); 12] = [
        ("\"2026-03-24 01:00:00\",\"192.0.2.1\",23", Reason::FieldCount),
        ("\"2026-03-24 01:00:00\",\"192.0.2.1\",23,tcp,,,,,login,and more", Reason::FieldCount),
        ("\"2026-03-24 01:00:00\",\"192.0.2.1,23,tcp,,,,,", Reason::Quoting),
        ("\"2026-03-24 01:00:00\",\"192.0.2.1\"x,23,tcp,,,,,", Reason::Quoting),
        (",192.0.2.1,23,tcp,,,,,", Reason::Missing),
        ("24.03.2026 01:00,192.0.2.1,23,tcp,,,,,", Reason::Time),
        ("1994-12-31 23:59:59,192.0.2.1,23,tcp,,,,,", Reason::TimeRange),
        ("2026-03-26 01:00:00,192.0.2.1,23,tcp,,,,,", Reason::TimeRange),
        ("2026-03-24 01:00:00,192.0.2.256,23,tcp,,,,,", Reason::Address),
        ("2026-03-24 01:00:00,192.0.2.1,65536,tcp,,,,,", Reason::Port),
        ("2026-03-24 01:00:00,,23,tcp,,,,,", Reason::NoSubject),
        ("2026-03-24 01:00:00,0.0.0.0,23,tcp,,,,,", Reason::NoSubject),
    ];
    let mut file = String::new();
    let mut expect = Vec::new();
    for (round, (line, reason)) in damage.iter().cycle().take(damage.len() * 50).enumerate() {
        file.push_str(&format!("2026-03-24 00:00:00,192.0.2.{},23,tcp,,,,,\n{line}\n", round % 250 + 1));
        expect.push((u32::try_from(3 + 2 * round).unwrap(), *reason));
    }
    let outcome = telnet(&file);
    assert_eq!(outcome.reasons(), expect);
    let rounds = expect.len() as u64;
    assert_eq!((outcome.tally.events, outcome.tally.rejected, outcome.tally.lines), (rounds, rounds, 1 + 2 * rounds));
    for one in &outcome.rejected {
        let line = file.lines().nth(one.line as usize - 2).unwrap();
        assert_eq!(one.bytes, line.as_bytes(), "a rejected line is kept as it stands");
    }
    let at_fault: Vec<_> = outcome.rejected.iter().take(12).map(|one| one.column.as_deref().unwrap_or("")).collect();
    assert_eq!(at_fault, ["", "", "", "", "timestamp", "timestamp", "timestamp", "timestamp", "ip", "port", "ip", "ip"]);
}

#[test]
fn a_rejected_line_is_read_when_it_was_mended() {
    let outcome = telnet("2026-03-24 01:00:00,192.0.2.1,2e3,tcp,,,,,\n");
    let mended = String::from_utf8(outcome.rejected[0].bytes.clone()).unwrap().replace("2e3", "23");
    assert_eq!(telnet(&mended).events.port, [23]);
}

#[test]
fn quoted_cells_hold_line_ends_quotes_and_delimiters() {
    let outcome = telnet("2026-03-24 01:00:00,192.0.2.1,23,tcp,,\"a,b\",,,\"line one\r\nline \"\"two\"\"\"\r\n2026-03-24 01:00:00,192.0.2.2,23,tcp,,,,,x\r\n");
    assert_eq!(outcome.events.identifier.get(0), "a,b");
    assert_eq!(outcome.events.extra.get(0), r#"{"banner":"line one\r\nline \"two\""}"#);
    assert_eq!((outcome.events.line.as_slice(), outcome.tally.lines), (&[2, 4][..], 4));
}

#[test]
fn bytes_that_are_no_text_are_replaced_and_said() {
    let mut file = HEADER.as_bytes().to_vec();
    file.extend(b"2026-03-24 01:00:00,192.0.2.1,23,tcp,,a\0b\x1b,,,caf\xe9 \"x\"\n2026-03-24 01:00:00,192.0.2.2,23,tcp,,,,,\n");
    let outcome = read("scan_telnet", file);
    assert_eq!(outcome.events.flags[0] & (flag::CONTROL | flag::NOT_UTF8), flag::CONTROL | flag::NOT_UTF8);
    assert_eq!((outcome.events.identifier.get(0), outcome.events.extra.get(0)), ("ab", "{\"banner\":\"caf\u{fffd} \\\"x\\\"\"}"));
    assert_eq!((outcome.events.len(), outcome.events.flags[1] & flag::NOT_UTF8), (2, 0));
}

#[test]
fn a_line_without_end_costs_itself_only() {
    let long = "x".repeat(3 << 20);
    let row = "2026-03-24 01:00:00,192.0.2.1,23,tcp,,,,,\n";
    let outcome = telnet(&format!("{row}{long}\n{row}\"{long}\n{row}"));
    assert_eq!(outcome.reasons(), [(3, Reason::TooLong), (5, Reason::TooLong)]);
    assert_eq!((outcome.events.len(), outcome.rejected[0].bytes.len()), (3, 64 * 1024));
    // A mark that opens before a megabyte of good lines closes nowhere near.
    let many = row.repeat(40_000);
    let outcome = telnet(&format!("\"open\n{many}"));
    assert_eq!((outcome.reasons(), outcome.events.len()), (vec![(2, Reason::Quoting)], 40_000));
}

#[test]
fn blank_lines_a_mark_of_byte_order_and_a_second_header_are_no_rows() {
    let row = "2026-03-24 01:00:00,192.0.2.1,23,tcp,,,,,\n";
    let outcome = read("scan_telnet", format!("\u{feff}\n{HEADER}{row}\n\r\n{HEADER}{row}").as_bytes());
    assert_eq!((outcome.events.len(), outcome.tally.blank, outcome.tally.lines), (2, 4, 7));
    assert_eq!(outcome.events.line, [3, 7]);
}

#[test]
fn a_file_without_a_last_line_end_is_whole() {
    for (end, events) in [
        ("2026-03-24 01:00:00,192.0.2.1,23,tcp,,,,,", 1),
        ("2026-03-24 01:00:00,192.0.2.1,23,tcp,,,,,\"x\"", 1),
        ("2026-03-24 01:00:00,192.0.2.1,23,tcp,,,,,\"x", 0),
    ] {
        let outcome = telnet(end);
        assert_eq!((outcome.events.len(), outcome.rejected.len()), (events, 1 - events), "{end}");
    }
}

#[test]
fn columns_at_the_end_that_nobody_reads_may_be_missing() {
    let outcome = telnet(
        "2026-03-24 01:00:00,192.0.2.1,23,tcp,,telnet,64500,AT\n2026-03-24 01:00:00,192.0.2.1,23,tcp,,telnet,64500\n2026-03-24 01:00:00,192.0.2.1,23,tcp,,telnet,64500,AT",
    );
    assert_eq!((outcome.events.len(), outcome.events.flags[0] & flag::SHORT), (1, flag::SHORT));
    // One column less is read, and what stops in the middle of a line was not ended on purpose.
    assert_eq!(outcome.reasons(), [(3, Reason::FieldCount), (4, Reason::FieldCount)]);
}

#[test]
fn columns_come_in_any_order_and_new_ones_are_counted() {
    let file = "New,PORT,Banner,ip,Timestamp,\n1,23,hello,192.0.2.1,2026-03-24 01:00:00,y\n,23,,192.0.2.1,2026-03-24 01:00:00,\n";
    let outcome = read("scan_telnet", file);
    assert_eq!(outcome.events.extra.get(0), r#"{"New":"1","Banner":"hello","column_6":"y"}"#);
    assert_eq!(outcome.unknown, [("New".to_owned(), 1), ("column_6".to_owned(), 1)]);
    assert_eq!((outcome.events.port[1], outcome.events.extra.get(1)), (23, ""));
}

#[test]
fn a_file_that_nobody_can_read_for_sure_is_held() {
    let tables = Tables::built_in();
    let name = Some("2026-03-24-scan_telnet-example-asn.csv");
    let held = |name, file| open(&tables, name, file).err();
    assert_eq!(held(name, "timestamp,port\n"), Some("missing_columns"));
    assert_eq!(held(name, "timestamp,ip,port,ip\n"), Some("duplicate_column"));
    assert_eq!(held(name, ""), Some("empty"));
    assert_eq!(held(Some("2026-03-24-scan_novelty-example-asn.csv"), "timestamp,ip,port\n"), Some("unknown_kind"));
    assert_eq!(held(Some("list.txt"), "timestamp,ip,port\n"), Some("unrecognised"));
    assert_eq!(held(name, &format!("timestamp,ip,port{}\n", ",x".repeat(5000))), Some("too_many_columns"));
    let Err(formats::feed::Stop::Held(held)) = Decoder::open(&tables, name, delivery(), "timestamp,tag\n".as_bytes()) else { panic!() };
    assert_eq!(held.to_string(), "The file lacks what its mapping must have: ip, port.");
}

#[test]
fn batches_are_bounded_and_go_on_where_the_last_ended() {
    let row = "2026-03-24 01:00:00,192.0.2.1,23,tcp,,,,,\n";
    let file = format!("{HEADER}{}", row.repeat(150_000));
    let tables = Tables::built_in();
    let mut decoder = Decoder::with(tables.get("scan_telnet").unwrap(), delivery(), file.as_bytes()).unwrap();
    let (mut events, mut rejected, mut sizes) = (Events::default(), Vec::new(), Vec::new());
    while decoder.fill(&mut events, &mut rejected).unwrap() || !events.is_empty() {
        sizes.push((events.len(), events.line[0]));
        events.clear();
    }
    assert_eq!(sizes, [(65_536, 2), (65_536, 65_538), (18_928, 131_074)]);
    assert_eq!((&*decoder.source().feed, &*decoder.source().kind, decoder.source().mapping), ("shadowserver", "scan_telnet", 20_260_324));
}

#[test]
fn the_time_of_arrival_decides_what_lies_ahead() {
    let day = 86_400_000_000;
    let tables = Tables::built_in();
    let file = format!("{HEADER}2026-03-25 12:00:00,192.0.2.1,23,tcp,,,,,\n");
    for (received, events) in [(RECEIVED, 1), (RECEIVED - 1, 0), (RECEIVED + day, 1)] {
        let delivery = formats::feed::Delivery { received, ..delivery() };
        let outcome = finish(Decoder::with(tables.get("scan_telnet").unwrap(), delivery, file.as_bytes()).unwrap());
        assert_eq!(outcome.events.len(), events);
    }
}

#[test]
fn a_batch_ends_before_its_broken_lines_fill_the_memory() {
    let tables = Tables::built_in();
    let file = format!("{HEADER}{}", "broken\n".repeat(400_000));
    let mut decoder = Decoder::with(tables.get("scan_telnet").unwrap(), delivery(), file.as_bytes()).unwrap();
    let (mut events, mut rejected) = (Events::new(decoder.source().clone()), Vec::new());
    let mut most = 0;
    let mut all = 0;
    while decoder.fill(&mut events, &mut rejected).unwrap() {
        most = most.max(rejected.len());
        all += rejected.len();
        rejected.clear();
    }
    assert_eq!(all + rejected.len(), 400_000);
    assert!(most < 100_000, "{most} broken lines in one batch");
}
