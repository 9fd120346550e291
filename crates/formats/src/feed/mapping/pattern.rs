//! The form of a file name: text as it stands, `*` for anything, `{date}` for `2026-03-24`, and
//! `{kind}` for the report type.

/// A form such as `{date}-{kind}-*.csv`. Names are compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Any,
    Date,
    Kind,
}

impl Pattern {
    /// Fails on a brace that opens no known word.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let next = rest.find(['{', '*']).unwrap_or(rest.len());
            let (plain, tail) = rest.split_at(next);
            if !plain.is_empty() {
                pieces.push(Piece::Text(plain.to_ascii_lowercase()));
            }
            rest = if tail.is_empty() {
                tail
            } else if let Some(tail) = tail.strip_prefix('*') {
                pieces.push(Piece::Any);
                tail
            } else if let Some(tail) = tail.strip_prefix("{date}") {
                pieces.push(Piece::Date);
                tail
            } else if let Some(tail) = tail.strip_prefix("{kind}") {
                pieces.push(Piece::Kind);
                tail
            } else {
                return Err("expected {date} or {kind} after the brace");
            };
        }
        if pieces.iter().filter(|piece| **piece == Piece::Any).count() > 4 {
            return Err("more than four *");
        }
        Ok(Self(pieces))
    }

    /// Whether it says where the report type stands.
    pub fn names_kind(&self) -> bool {
        self.0.contains(&Piece::Kind)
    }

    /// Whether the name has this form; and the report type in lower case, if the form has one.
    pub fn matches(&self, name: &str) -> Option<String> {
        let name = name.to_ascii_lowercase();
        let mut kind = String::new();
        fits(&self.0, &name, &mut kind).then_some(kind)
    }
}

fn fits(pieces: &[Piece], rest: &str, kind: &mut String) -> bool {
    let Some((piece, pieces)) = pieces.split_first() else { return rest.is_empty() };
    match piece {
        Piece::Text(text) => rest.strip_prefix(text.as_str()).is_some_and(|rest| fits(pieces, rest, kind)),
        Piece::Any if pieces.is_empty() => true,
        Piece::Any => rest.char_indices().any(|(at, _)| rest.get(at..).is_some_and(|rest| fits(pieces, rest, kind))),
        Piece::Date => rest.split_at_checked(10).is_some_and(|(date, rest)| is_date(date) && fits(pieces, rest, kind)),
        // A report type has no hyphen and no dot, so that there is one place where it ends.
        Piece::Kind => {
            let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let (name, rest) = rest.split_at(end);
            name.clone_into(kind);
            end > 0 && fits(pieces, rest, kind)
        }
    }
}

fn is_date(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, b)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() })
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn names_tell_their_type() {
        let table = [
            ("{date}-{kind}-*.csv", "2015-01-01-dns_openresolver-sample-asn.csv", Some("dns_openresolver")),
            ("{date}-{kind}-*.csv", "2020-04-03-scan_ics-sample-asn-delayed.CSV", Some("scan_ics")),
            ("{date}-{kind}-*.csv", "2024-07-04-scan_dns-123-sample-asn.csv", Some("scan_dns")),
            ("{date}-{kind}-*.csv", "2024-07-04-scan_dns.csv", None),
            ("{date}-{kind}-*.csv", "2024-7-4-scan_dns-x.csv", None),
            ("{kind}.csv", "scan_rdp.csv", Some("scan_rdp")),
            ("{kind}.csv", "scan-rdp.csv", None),
            ("hosts-*-of-*.txt", "hosts-1-of-2.txt", Some("")),
            ("hosts*", "hosts", Some("")),
            ("a*b", "a", None),
        ];
        for (pattern, name, kind) in table {
            assert_eq!(Pattern::parse(pattern).unwrap().matches(name).as_deref(), kind, "{pattern} {name}");
        }
        assert!(Pattern::parse("{year}").is_err() && Pattern::parse("a{").is_err() && Pattern::parse("*****").is_err());
    }
}
