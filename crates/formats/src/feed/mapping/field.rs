//! Where a column goes: a field of the event, how it is read, and whether only where nothing else was.

use crate::feed::normal::time::Form;

/// A field that a column can fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    Observed,
    Ended,
    Count,
    /// An address or a network, and nothing else.
    Ip,
    /// An address, a network or a name: the value tells which.
    Host,
    Port,
    Transport,
    Application,
    Domain,
    Url,
    Reverse,
    Asn,
    Country,
    PeerIp,
    PeerHost,
    PeerPort,
    PeerAsn,
    PeerCountry,
    PeerDomain,
    /// The RSIT type, which tells the class.
    Type,
    Identifier,
    Severity,
    Confidence,
    Malware,
    Cve,
    Product,
    Hash,
    Tlp,
    /// Kept by the column's name.
    Extra,
    /// Not kept, except in the file itself.
    Drop,
}

impl Field {
    pub const ALL: [Self; 30] = [
        Self::Observed,
        Self::Ended,
        Self::Count,
        Self::Ip,
        Self::Host,
        Self::Port,
        Self::Transport,
        Self::Application,
        Self::Domain,
        Self::Url,
        Self::Reverse,
        Self::Asn,
        Self::Country,
        Self::PeerIp,
        Self::PeerHost,
        Self::PeerPort,
        Self::PeerAsn,
        Self::PeerCountry,
        Self::PeerDomain,
        Self::Type,
        Self::Identifier,
        Self::Severity,
        Self::Confidence,
        Self::Malware,
        Self::Cve,
        Self::Product,
        Self::Hash,
        Self::Tlp,
        Self::Extra,
        Self::Drop,
    ];

    /// The name in mappings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Ended => "ended",
            Self::Count => "count",
            Self::Ip => "ip",
            Self::Host => "host",
            Self::Port => "port",
            Self::Transport => "transport",
            Self::Application => "application",
            Self::Domain => "domain",
            Self::Url => "url",
            Self::Reverse => "reverse",
            Self::Asn => "asn",
            Self::Country => "country",
            Self::PeerIp => "peer_ip",
            Self::PeerHost => "peer_host",
            Self::PeerPort => "peer_port",
            Self::PeerAsn => "peer_asn",
            Self::PeerCountry => "peer_country",
            Self::PeerDomain => "peer_domain",
            Self::Type => "type",
            Self::Identifier => "identifier",
            Self::Severity => "severity",
            Self::Confidence => "confidence",
            Self::Malware => "malware",
            Self::Cve => "cve",
            Self::Product => "product",
            Self::Hash => "hash",
            Self::Tlp => "tlp",
            Self::Extra => "extra",
            Self::Drop => "drop",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == name)
    }

    /// Whether an event can be about it.
    pub fn is_subject(self) -> bool {
        matches!(self, Self::Ip | Self::Host | Self::Domain | Self::Url)
    }
}

/// How the column's text is read, where there is more than one way.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Reader {
    #[default]
    Plain,
    /// Times: how they are written.
    Time(Form),
    /// `0` and `unknown` mean that there is nothing.
    Nonzero,
    /// The first of several words (between `,`, `;`, `|`).
    First,
    /// In lower case.
    Lower,
    /// A mail address: its domain, or the mailbox as a URL (`mailto:`).
    Mail,
    /// A URL without its scheme: `http` is meant.
    Bare,
}

/// One aim of a column: `observed epoch`, `malware else`, `identifier lower`.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub field: Field,
    pub reader: Reader,
    /// Only where no other column filled the field.
    pub fallback: bool,
}

impl Target {
    /// Fails with what was expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let field = Field::from_name(name).ok_or_else(|| format!("there is no field \"{name}\""))?;
        let rest = rest.trim();
        let (how, fallback) = match rest.strip_suffix("else") {
            Some(how) if how.is_empty() || how.ends_with(' ') => (how.trim(), true),
            _ => (rest, false),
        };
        let text_field = matches!(field, Field::Identifier | Field::Malware | Field::Product | Field::Application | Field::Type);
        let reader = match (how, field) {
            ("", _) => Reader::Plain,
            ("epoch", Field::Observed | Field::Ended) => Reader::Time(Form::Epoch),
            ("epoch_ms", Field::Observed | Field::Ended) => Reader::Time(Form::EpochMillis),
            (pattern, Field::Observed | Field::Ended) if pattern.contains('%') => Reader::Time(Form::Pattern(pattern.into())),
            ("nonzero", _) if text_field || field == Field::Extra => Reader::Nonzero,
            ("first", _) if text_field => Reader::First,
            ("lower", _) if text_field => Reader::Lower,
            ("mail", Field::Domain | Field::PeerDomain | Field::Url) => Reader::Mail,
            ("bare", Field::Url) => Reader::Bare,
            _ => return Err(format!("\"{name}\" is not read as \"{how}\"")),
        };
        Ok(Self { field, reader, fallback })
    }
}

#[cfg(test)]
mod tests {
    use super::{Field, Form, Reader, Target};

    #[test]
    fn targets_are_read_or_refused() {
        let target = |field, reader, fallback| Ok(Target { field, reader, fallback });
        assert_eq!(Target::parse("ip"), target(Field::Ip, Reader::Plain, false));
        assert_eq!(Target::parse("malware else"), target(Field::Malware, Reader::Plain, true));
        assert_eq!(Target::parse("identifier first else"), target(Field::Identifier, Reader::First, true));
        assert_eq!(Target::parse("observed %d.%m.%Y %H:%M"), target(Field::Observed, Reader::Time(Form::Pattern("%d.%m.%Y %H:%M".into())), false));
        for text in ["", "adress", "ip epoch", "observed fuzzy", "ip elsewhere"] {
            assert!(Target::parse(text).is_err(), "{text}");
        }
        assert!(Field::ALL.into_iter().all(|field| Field::from_name(field.as_str()) == Some(field)));
    }
}
