//! Mappings as data: what a team writes, how it extends what comes with the program, and what is said
//! about mistakes.

use super::{open, read_by, shown};
use formats::feed::{KeyPart, Reason, Role, Tables, flag};
use formats::label::Tlp;

fn with(text: &str) -> Tables {
    let mut tables = Tables::built_in();
    tables.add("ours.toml", text).unwrap();
    tables
}

const HOSTS: &str = r##"
name = "ours"
version = 7
feed = "partner"
[sets]
place = "region city"
[base.host]
required = "Zeit Quelle"
columns = "+place"
zone = "Europe/Vienna"
[base.host.fields]
Zeit = "observed %d.%m.%Y %H:%M"
Quelle = "host"
[type.hosts]
like = "host"
title = "Hosts"
delimiter = ";"
comment = "#"
files = ["hosts-*.csv"]
signature = "Zeit Quelle Grund"
type = "scanner"
severity = "medium"
confidence = 70
tlp = "GREEN"
role = "intermediary"
key = ["subject", "day"]
[type.hosts.fields]
Grund = ["type", "identifier first", "extra"]
Was = "identifier else"
[type.hosts.words.Grund]
Bot = "infected-system"
[[type.hosts.when]]
column = "Grund"
has = "Tor"
identifier = "tor exit"
severity = "info"
"##;

#[test]
fn a_team_maps_its_own_lists() {
    let tables = with(HOSTS);
    let file = "# made by hand\nZeit;Quelle;Grund;Was;region\n24.03.2026 08:00;192.0.2.1;bot;;Wien\n24.03.2026 08:00;http://A.example:8080/x;;scans;\n24.03.2026 08:00;192.0.2.5:8080;Tor, Bot;;\n";
    // Both its name and its columns tell the type.
    for name in [Some("hosts-3.csv"), Some("download"), None] {
        let outcome = open(&tables, name, file).unwrap();
        let events = &outcome.events;
        assert_eq!((&*events.source.kind, &*events.source.feed, events.source.mapping), ("hosts", "partner", 7));
        assert_eq!(events.source.key.as_ref(), [KeyPart::Subject, KeyPart::Day]);
        assert_eq!((events.r#type.get(0), events.identifier.get(0), events.extra.get(0)), ("infected-system", "bot", r#"{"Grund":"bot","region":"Wien"}"#));
        assert_eq!((events.observed[0], events.flags[0]), (1_774_335_600_000_000, flag::NAIVE_TIME), "08:00 in Vienna is 07:00 UTC");
        assert_eq!(
            (events.url.get(1), events.domain.get(1), events.r#type.get(1), events.identifier.get(1)),
            ("http://a.example:8080/x", "a.example", "scanner", "scans")
        );
        assert_eq!((shown(events.ip[2]), events.port[2], events.identifier.get(2), events.severity[2]), ("192.0.2.5".to_owned(), 8080, "tor exit", 0));
        assert_eq!((events.severity[0], events.confidence[0], events.tlp.get(0), events.role[0]), (2, 70, "GREEN", Role::Intermediary));
        assert_eq!((outcome.tally.blank, outcome.tally.lines), (1, 5));
    }
}

#[test]
fn a_type_is_extended_without_a_release() {
    let mut tables = Tables::built_in();
    let before = tables.iter().count();
    let text = "name = \"later\"\nversion = 20270101\n[type.scan_telnet]\nlike = \"scan_telnet\"\nseverity = \"high\"\ncolumns = \"novelty\"\n[type.scan_novelty]\nlike = \"scan\"\ntitle = \"Novelty\"\nseverity = \"low\"\n";
    tables.add("later.toml", text).unwrap();
    assert_eq!(tables.iter().count(), before + 1);
    let outcome = read_by(&tables, "scan_telnet", "timestamp,ip,port,novelty,banner\n2026-03-24,192.0.2.1,23,1,hello\n");
    assert_eq!((outcome.events.severity[0], outcome.events.source.mapping, outcome.unknown.len()), (3, 20_270_101, 0));
    let outcome = open(&tables, Some("2026-03-24-scan_novelty-1-asn.csv"), "timestamp,ip,port\n2026-03-24,192.0.2.1,9\n").unwrap();
    assert_eq!((outcome.events.r#type.get(0), outcome.events.severity[0]), ("vulnerable-system", 1));
}

#[test]
fn every_mistake_is_named_with_its_line() {
    let text = "name = \"bad\"\nversion = 1\nfiles = [\"{year}.csv\"]\n[base.b]\nlike = \"b\"\n[type.t]\nlike = \"nobody\"\nformat = \"xml\"\ndelimiter = \"::\"\nzone = \"Mars/Base\"\ntype = \"bad-luck\"\nseverity = \"huge\"\nconfidence = 101\ntlp = \"PURPLE\"\nrole = \"judge\"\nkey = [\"colour\"]\ncolumns = \"+nothing\"\n[type.t.fields]\nip = \"adress\"\nwhen = \"observed fuzzy\"\n[[type.t.when]]\ncolumn = \"x\"\nhas = \"y\"\ntype = \"worse\"\n[type.U]\ntype = \"scanner\"\n";
    let mut tables = Tables::default();
    let problems = tables.add("bad.toml", text).unwrap_err();
    let found: Vec<(usize, &str)> = problems.iter().map(|problem| (problem.line, problem.at.as_str())).collect();
    let expect = [
        (3, "files"),
        (5, "base.b.like"),
        (6, "type.t.fields"),
        (6, "type.t.fields"),
        (6, "type.t.type"),
        (7, "type.t.like"),
        (8, "type.t.format"),
        (9, "type.t.delimiter"),
        (10, "type.t.zone"),
        (11, "type.t.type"),
        (12, "type.t.severity"),
        (13, "type.t.confidence"),
        (14, "type.t.tlp"),
        (15, "type.t.role"),
        (16, "type.t.key"),
        (17, "type.t.columns"),
        (19, "type.t.fields.ip"),
        (20, "type.t.fields.when"),
        (21, "type.t.when"),
        (25, "type.U"),
        (25, "type.U.fields"),
        (25, "type.U.fields"),
    ];
    assert_eq!(found, expect);
    assert_eq!(problems[16].to_string(), "bad.toml:19: type.t.fields.ip: there is no field \"adress\"");
    assert_eq!(tables.iter().count(), 0, "nothing of a table with mistakes is used");
    // What is no table at all, and a key that nobody knows.
    assert_eq!(tables.add("x.toml", "name = \"a\"\nversion = 1\n[type.t\n").unwrap_err()[0].line, 3);
    let unknown = &tables.add("x.toml", "name = \"a\"\nversion = 1\n[type.t]\ntypo = 1\n").unwrap_err()[0];
    assert!(unknown.line == 4 && unknown.why.contains("typo"), "{unknown}");
}

#[test]
fn a_field_that_cannot_be_read_stays_in_extra() {
    let file = "timestamp,ip,port,asn,geo,severity,hostname,tag\n2026-03-24,192.0.2.1,23,AS-X,Austria,gigantic,not a name,\n";
    let outcome = read_by(&Tables::built_in(), "scan_telnet", file);
    assert_eq!(outcome.events.extra.get(0), r#"{"asn":"AS-X","geo":"Austria","severity":"gigantic","hostname":"not a name"}"#);
    assert_eq!((outcome.events.flags[0] & flag::UNREAD, outcome.events.severity[0], outcome.events.asn[0]), (flag::UNREAD, 2, 0));
}

#[test]
fn the_highest_label_counts() {
    let tables = with("name = \"a\"\nversion = 1\n[type.a]\ntype = \"scanner\"\n[type.a.fields]\nt = \"observed\"\nip = \"ip\"\ntlp = \"tlp\"\n");
    let file = "t,ip,tlp\n2026-03-24,192.0.2.1,\n2026-03-24,192.0.2.1,TLP:RED\n2026-03-24,192.0.2.1,white\n2026-03-24,192.0.2.1,PURPLE\n";
    let delivery = formats::feed::Delivery { tlp: Some(Tlp::Amber), ..super::delivery() };
    let outcome = super::finish(formats::feed::Decoder::with(tables.get("a").unwrap(), delivery, file.as_bytes()).unwrap());
    assert_eq!(outcome.events.tlp.iter().collect::<Vec<_>>(), ["AMBER", "RED", "AMBER"]);
    // A label that nobody understands is not taken for none.
    assert_eq!(outcome.reasons(), [(5, Reason::Unknown)]);
}

#[test]
fn a_file_without_a_header_has_the_columns_that_the_mapping_names() {
    let tables = with(
        "name = \"a\"\nversion = 1\n[type.a]\ntype = \"c2-server\"\nheader = [\"t\", \"ip\", \"what\"]\nfiles = [\"c2.txt\"]\ndelimiter = \"\\t\"\n[type.a.fields]\nt = \"observed epoch\"\nip = \"host\"\n",
    );
    let outcome = open(&tables, Some("c2.txt"), "1774339200\t192.0.2.1\tx\n1774339200\tc2.example\ty\n").unwrap();
    assert_eq!((outcome.events.line.as_slice(), outcome.events.domain.get(1)), (&[1, 2][..], "c2.example"));
}
