//! Entry points for fuzzers: bytes in, nothing out, and an assertion fails where a promise of this
//! crate is broken. A bounded run over mutated seeds is part of the ordinary tests.

use crate::diff;
use crate::feed::mapping::Format;
use crate::feed::{Decoder, Delivery, Events, KeyPart, Reason, Row, Tables, normal};
use crate::markdown;
use crate::net::{Asn, Prefix, domain};
use crate::observable::{Observable, defang, distinct, extract_capped, fang};
use crate::security_txt;
use crate::text::readable;
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::io::Read;

/// Free text: spans lie in the text and in order, the cap holds, values are canonical.
///
/// # Panics
/// When one of these promises is broken.
pub fn observable(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let cap = 50;
    let (found, truncated) = extract_capped(&text, cap);
    let known = distinct(&found);
    assert!(known.len() <= cap, "more than the cap");
    assert!(!truncated || known.len() == cap, "truncated below the cap");
    let mut last = 0;
    for one in &found {
        assert!(one.at.start >= last, "out of order: {one:?}");
        assert!(one.at.start < one.at.end, "empty: {one:?}");
        assert!(text.get(one.at.clone()).is_some(), "not on characters: {one:?}");
        last = one.at.start;
    }
    for observable in known {
        assert_eq!(fang(&defang(&observable)), observable.value, "defanged beyond repair");
        let again = Observable::new(observable.kind, &observable.value);
        assert_eq!(again.as_ref(), Ok(&observable), "not canonical");
    }
}

/// Network resources: what is read is written and read again as the same thing.
///
/// # Panics
/// When it is not.
pub fn net(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(prefix) = text.parse::<Prefix>() {
        assert_eq!(prefix.to_string().parse(), Ok(prefix));
        assert!(prefix.covering().all(|wider| wider.covers(&prefix)));
        let (low, high) = prefix.bounds();
        assert!(low <= high);
    }
    if let Ok(asn) = text.parse::<Asn>() {
        assert_eq!(asn.to_string().parse(), Ok(asn));
    }
    if let Ok(name) = domain::normalise(&text) {
        assert_eq!(domain::normalise(&name).as_ref(), Ok(&name));
        assert_eq!(domain::suffixes(&name).first(), Some(&name));
    }
}

/// Event files: the first byte says what the rest is read as. However the bytes come in pieces, each
/// line ends as blank, event or rejected, the counts add up, and what is kept has its normal form.
///
/// # Panics
/// When it is not so.
pub fn feed(data: &[u8]) {
    const KINDS: [Option<&str>; 9] = [
        None,
        Some("scan_telnet"),
        Some("event4_sinkhole"),
        Some("malware_url"),
        Some("compromised_website"),
        Some("xarf"),
        Some("xarf2"),
        Some("arf"),
        Some("idea"),
    ];
    let Some((first, file)) = data.split_first() else { return };
    let kind = KINDS.get(usize::from(*first) % KINDS.len()).copied().flatten();
    let whole = read_feed(kind, file, usize::MAX);
    assert_eq!(whole, read_feed(kind, file, 1 + usize::from(*first) / 16), "read in pieces it is something else");
}

/// What a file became: a line, a key and `extra` for each event, then line and reason of the rejected.
type Outcome = Result<(Vec<(i32, Vec<u8>, String)>, Vec<(u32, Reason)>), String>;

fn read_feed(kind: Option<&str>, file: &[u8], piece: usize) -> Outcome {
    let tables = Tables::built_in();
    let received = 1_774_310_400_000_000;
    let delivery = Delivery { received, ..Delivery::default() };
    let input = Pieces { rest: file, piece };
    let decoder = match kind.and_then(|kind| tables.get(kind)) {
        Some(mapping) => Decoder::with(mapping, delivery, input),
        None => Decoder::open(&tables, None, delivery, input),
    };
    let mut decoder = decoder.map_err(|stop| stop.to_string())?;
    let (mut events, mut rejected) = (Events::default(), Vec::new());
    while decoder.fill(&mut events, &mut rejected).map_err(|error| error.to_string())? {}
    let tally = decoder.tally();
    assert_eq!((tally.events, tally.rejected), (events.len() as u64, rejected.len() as u64), "the counts do not add up");
    if decoder.plan().mapping().format == Format::Csv {
        let body = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
        let lines = body.split_inclusive(|b| *b == b'\n').count() as u64;
        let states = 1 + tally.records + tally.rejected + tally.blank;
        assert_eq!(tally.lines, lines, "a line was lost");
        assert!(if body.contains(&b'"') { states <= lines } else { states == lines }, "a line has no state or two: {tally:?}");
    }
    let mut found = Vec::new();
    events.source.key = KeyPart::ALL.into();
    for row in 0..events.len() {
        check_event(&events, row, received);
        let mut key = Vec::new();
        events.key(row, &mut key);
        found.push((events.line.get(row).copied().unwrap_or(0), key, events.extra.get(row).to_owned()));
    }
    Ok((found, rejected.iter().map(|one| (one.line, one.reason)).collect()))
}

fn check_event(events: &Events, row: usize, received: i64) {
    let (domain, url, extra) = (events.domain.get(row), events.url.get(row), events.extra.get(row));
    let observed = events.observed.get(row).copied().unwrap_or_default();
    assert!((normal::time::EARLIEST..=received + normal::time::AHEAD).contains(&observed), "no time: {observed}");
    assert!(extra.is_empty() || serde_json::from_str::<HashMap<String, &RawValue>>(extra).is_ok(), "no JSON: {extra:?}");
    for name in [domain, events.reverse.get(row), events.peer_domain.get(row)].into_iter().filter(|name| name.is_ascii() && !name.is_empty()) {
        assert_eq!(domain::normalise(name).as_deref(), Ok(name), "no canonical name");
    }
    assert!(domain.ends_with(events.registrable.get(row)), "registrable elsewhere: {domain}");
    if !url.is_empty() {
        let mut again = String::new();
        assert!(normal::url::url(url, &mut again).is_some() && again == url, "no canonical URL: {url:?}");
    }
    let known = |ip: [u8; 16]| ip == Row::NO_IP || normal::address::network(&normal::address::ip(ip).to_string()).map(|one| one.ip) == Some(ip);
    assert!(events.ip.get(row).copied().is_some_and(known) && events.peer_ip.get(row).copied().is_some_and(known), "no canonical address");
    let cve = events.cve.get(row);
    let mut set = String::new();
    assert!(cve.is_empty() || normal::value::cves(cve, &mut set) && set == cve, "no canonical set: {cve}");
}

/// Bytes that come a few at a time.
struct Pieces<'a> {
    rest: &'a [u8],
    piece: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, to: &mut [u8]) -> std::io::Result<usize> {
        let length = self.piece.min(to.len());
        let (mut piece, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        self.rest = rest;
        piece.read(to)
    }
}

/// A table of mappings: it is read, or refused with mistakes that lie in the file.
///
/// # Panics
/// When it is neither.
pub fn mapping(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Err(problems) = Tables::default().add("table.toml", &text) {
        let lines = text.lines().count().max(1) + 1;
        assert!(!problems.is_empty() && problems.iter().all(|problem| (1..=lines).contains(&problem.line) && !problem.why.is_empty()), "{problems:?}");
    }
}

/// A text for publication: what comes out is readable, nests no deeper than it may, and holds no tag of the text's own.
///
/// # Panics
/// When it is not so.
pub fn publication(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let html = markdown::html(&text, &markdown::Options::default());
    assert_eq!(readable(&html), html, "unreadable");
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("href=\"java"), "a tag of its own: {html}");
    assert_eq!(html.matches("<blockquote>").count(), html.matches("</blockquote>").count(), "a quotation stays open: {html}");
    let mail = markdown::plain(&text, "https://csirt.example");
    assert!(mail.lines().all(|line| !line.ends_with(' ') && !line.starts_with("From ") && !line.starts_with("--")), "a line of the mail's own: {mail}");
    assert!(markdown::summary(&text, 100).chars().count() <= 100 && markdown::problems(&text).len() <= 100);
}

/// Two texts, divided by the first NUL: both come back from what changed between them.
///
/// # Panics
/// When one does not.
pub fn difference(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (old, new) = text.split_once('\0').unwrap_or((&text, ""));
    let lines = diff::lines(old, new);
    let without = |state: diff::State| lines.iter().filter(|line| line.state != state).map(diff::Line::text).collect::<String>();
    assert!(without(diff::State::New) == old && without(diff::State::Gone) == new, "a text is lost: {lines:?}");
}

/// A `security.txt`: findings lie in the file, in the order of lines, and one without a signature is never fine.
///
/// # Panics
/// When it is not so.
pub fn security_txt(data: &[u8]) {
    let found = security_txt::check(data, jiff::Timestamp::UNIX_EPOCH, Some("https://csirt.example/.well-known/security.txt"));
    let lines = data.split(|byte| *byte == b'\n').count();
    assert!(found.iter().filter_map(|finding| finding.line).is_sorted() && found.iter().all(|finding| finding.line.is_none_or(|line| line <= lines)));
    assert!(!found.is_empty() || String::from_utf8_lossy(data).contains("-----BEGIN PGP SIGNATURE-----"), "no finding");
}
