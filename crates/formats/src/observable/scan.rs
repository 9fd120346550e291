//! The walk over a text: at each token it asks the readers in turn, from the most telling to the
//! least (URL, mail address, IPv6, AS number, domain, then IPv4, CVE and hashes inside the token).
//! What a reader takes is passed over as a whole, so nothing is reported twice.

use super::address::{byte, cidr, from, is_no_v6, is_version, range, run as run_of, v4, v6};
use super::fang::{Mended, mend};
use super::name::{begins_name, cve, domain, hash, mail, spaced_asn, token_end, trimmed};
use super::{Found, Kind, Observable, url};
use crate::net::Asn;
use std::collections::HashSet;
use std::net::IpAddr;
use std::ops::Range;

pub(super) fn run(text: &str, cap: usize) -> (Vec<Found>, bool) {
    let mended = mend(text);
    let scan = Scan { text: &mended.text, mended: &mended, cap, found: Vec::new(), seen: HashSet::new(), truncated: false, colons_end: 0 };
    scan.walk()
}

struct Scan<'a> {
    text: &'a str,
    mended: &'a Mended,
    cap: usize,
    found: Vec<Found>,
    seen: HashSet<Observable>,
    truncated: bool,
    /// Up to here the text is hexadecimal groups that were read as a whole and are no address: the
    /// middle of a hardware address or of a fingerprint must not be tried again.
    colons_end: usize,
}

impl Scan<'_> {
    fn walk(mut self) -> (Vec<Found>, bool) {
        let mut at = 0;
        while let Some(c) = from(self.text, at).chars().next() {
            if self.truncated {
                break;
            }
            at = if begins_name(c) {
                self.token(at)
            } else if c == ':' {
                self.colons(at).unwrap_or(at + 1)
            } else {
                at + c.len_utf8()
            };
        }
        (self.found, self.truncated)
    }

    /// One token of name characters; gives the place to go on from.
    fn token(&mut self, start: usize) -> usize {
        let end = token_end(self.text, start);
        let Some(token) = self.text.get(start..end) else {
            return end;
        };
        if token.is_ascii() {
            return self.piece(start, end).max(end);
        }
        let span = trimmed(self.text, &(start..end));
        if byte(self.text, end) != Some(b'@') && self.domain(&span) {
            return end;
        }
        // Scripts without spaces run into addresses: look at the ASCII pieces.
        let mut at = start;
        while at < end {
            let piece = run_of(self.text, at, end - at, |b| b.is_ascii());
            at = if piece > at { self.piece(at, piece).max(piece) } else { run_of(self.text, at, end - at, |b| !b.is_ascii()) };
        }
        at
    }

    /// An ASCII piece of a token. What begins here may end far beyond the piece.
    fn piece(&mut self, start: usize, end: usize) -> usize {
        if let Some(url) = url::read(self.text, start) {
            self.emit(Kind::Url, url.value, start..url.end);
            if let Some((span, kind, host)) = url.host {
                self.emit(kind, host, span);
            }
            return url.end;
        }
        let lead = trimmed(self.text, &(start..end)).start;
        if let Some((value, span, host)) = mail(self.text, lead) {
            let after = span.end;
            self.emit(Kind::Mail, value, lead..after);
            self.emit(Kind::Domain, host, span);
            return after;
        }
        if byte(self.text, end) == Some(b':') {
            // Markup may stand before it: "_2001:db8::1_".
            let group = run_of(self.text, lead, end - lead, |b| b == b'_');
            let hex = run_of(self.text, group, 5, |b| b.is_ascii_hexdigit());
            if hex == end
                && let Some(after) = self.colons(group)
            {
                return after;
            }
        }
        let letters = self.text.get(start..end).unwrap_or_default();
        if let Some(after) = spaced_asn(self.text, letters, end)
            && self.asn(start..after)
        {
            return after;
        }
        let whole = trimmed(self.text, &(start..end));
        let unmarked = self.text.get(whole.clone()).unwrap_or_default();
        let unmarked = whole.end - unmarked.trim_start_matches('_').len()..whole.end;
        if self.domain(&whole) || (unmarked != whole && self.domain(&unmarked)) {
            return end;
        }
        self.atoms(start, end)
    }

    /// The parts of a piece between hyphens and underscores.
    fn atoms(&mut self, start: usize, end: usize) -> usize {
        let (mut at, mut past) = (start, end);
        while at < end {
            let stop = run_of(self.text, at, end - at, |b| b != b'-' && b != b'_');
            if let Some((value, after)) = cve(self.text, at) {
                self.emit(Kind::Cve, value, at..after);
                at = after;
                continue;
            }
            let mut span = trimmed(self.text, &(at..stop));
            let mut atom = self.text.get(span.clone()).unwrap_or_default();
            // "from 192.0.2.1.Next we": the full stop is the sentence's.
            if let Some((head, next)) = atom.rsplit_once('.')
                && next.starts_with(|c: char| c.is_ascii_uppercase())
                && v4(head).is_some()
            {
                span.end = span.start + head.len();
                atom = head;
            }
            if let Some(address) = v4(atom) {
                let after = self.address(address.into(), span);
                past = past.max(after);
                at = after.max(stop) + 1;
                continue;
            }
            if !self.asn(span.clone()) {
                self.hashes(span);
            }
            at = stop + 1;
        }
        past
    }

    fn hashes(&mut self, span: Range<usize>) {
        let mut at = span.start;
        while at < span.end {
            let stop = run_of(self.text, at, span.end - at, |b| b != b'.');
            if let Some((kind, value)) = self.text.get(at..stop).and_then(hash) {
                self.emit(kind, value, at..stop);
            }
            at = stop + 1;
        }
    }

    /// The IPv6 address that begins at `start`, if one does; gives its end.
    fn colons(&mut self, start: usize) -> Option<usize> {
        let inside = start.checked_sub(1).and_then(|before| byte(self.text, before));
        let inside = inside.is_some_and(|b| b == b':' || b.is_ascii_alphanumeric());
        let first = byte(self.text, start) == Some(b':');
        if start < self.colons_end || (first && (inside || byte(self.text, start + 1) != Some(b':'))) {
            return None;
        }
        if let Some((address, end)) = v6(self.text, start) {
            let after = self.address(address.to_canonical(), start..end);
            self.colons_end = end;
            return Some(after);
        }
        let most = self.text.len() - start;
        self.colons_end = run_of(self.text, start, most, |b| b.is_ascii_hexdigit() || b == b':');
        None
    }

    /// An address that was read at `span`, with what follows it; gives the end of all.
    fn address(&mut self, address: IpAddr, span: Range<usize>) -> usize {
        if let Some((prefix, end)) = cidr(self.text, address, span.end) {
            let (kind, value) = if prefix.is_host() { (Kind::Ip, prefix.address().to_string()) } else { (Kind::Cidr, prefix.to_string()) };
            self.emit(kind, value, span.start..end);
            return end;
        }
        if let Some((high, end)) = range(self.text, address, span.end) {
            self.emit(Kind::Range, format!("{address}-{high}"), span.start..end);
            return end;
        }
        let other = match address {
            IpAddr::V4(v4) => is_version(self.text, span.start, v4),
            IpAddr::V6(_) => is_no_v6(address, self.text.get(span.clone()).unwrap_or_default()),
        };
        if !other {
            self.emit(Kind::Ip, address.to_string(), span.clone());
        }
        span.end
    }

    fn asn(&mut self, span: Range<usize>) -> bool {
        let written = self.text.get(span.clone()).unwrap_or_default();
        let letters = written.bytes().next().is_some_and(|b| b.eq_ignore_ascii_case(&b'a'));
        if !letters || written.len() > 20 {
            return false;
        }
        match written.parse::<Asn>() {
            Ok(asn) if asn.0 > 0 => self.emit(Kind::Asn, asn.to_string(), span),
            _ => return false,
        }
        true
    }

    fn domain(&mut self, span: &Range<usize>) -> bool {
        let sure = self.mended.touches(span);
        let Some(name) = self.text.get(span.clone()).and_then(|text| domain(text, sure)) else {
            return false;
        };
        self.emit(Kind::Domain, name, span.clone());
        true
    }

    fn emit(&mut self, kind: Kind, value: String, span: Range<usize>) {
        let observable = Observable { kind, value };
        if self.truncated {
            return;
        }
        if !self.seen.contains(&observable) {
            if self.seen.len() >= self.cap {
                self.truncated = true;
                return;
            }
            self.seen.insert(observable.clone());
        }
        self.found.push(Found { observable, at: self.mended.written(&span) });
    }
}
