//! One event while it is being read: every field of the table, with its own absent value. A reader
//! keeps one and fills it again and again, so that its texts keep their memory.

/// What the subject of an event is in what happened. The event is about the subject whatever its
/// role: it is the side whose holder is told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Role {
    /// Infected, exposed, abused: what is complained about.
    #[default]
    Subject,
    /// The other side of a connection.
    Peer,
    /// A command and control server.
    C2,
    /// What is attacked.
    Target,
    /// On the way: an open proxy, a reflector, a relay.
    Intermediary,
}

impl Role {
    pub const ALL: [Self; 5] = [Self::Subject, Self::Peer, Self::C2, Self::Target, Self::Intermediary];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Subject => "subject",
            Self::Peer => "peer",
            Self::C2 => "c2",
            Self::Target => "target",
            Self::Intermediary => "intermediary",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == name)
    }
}

/// Bits of [`Row::flags`]: what a reader did to an event, or noticed.
pub mod flag {
    /// The time had no zone and was read in the one that the mapping declares.
    pub const NAIVE_TIME: i32 = 1;
    /// Many networks use the subject's address (private, link-local, ...): kept, never matched to a holder.
    pub const PRIVATE: i32 = 1 << 1;
    /// A text was longer than 4 KiB and was cut.
    pub const CUT: i32 = 1 << 2;
    /// NUL or another control character was taken out.
    pub const CONTROL: i32 = 1 << 3;
    /// Bytes that are no UTF-8 were replaced.
    pub const NOT_UTF8: i32 = 1 << 4;
    /// A field that need not be there could not be read; it stands in `extra` as it came.
    pub const UNREAD: i32 = 1 << 5;
    /// Many networks use the peer's address.
    pub const PEER_PRIVATE: i32 = 1 << 6;
    /// `extra` would have been longer than 16 KiB; fields are missing in it.
    pub const EXTRA_CUT: i32 = 1 << 7;
    /// The source gave no time; the event has the one at which its file came.
    pub const UNDATED: i32 = 1 << 8;
    /// Columns at the end of the line are missing, none of which the mapping reads.
    pub const SHORT: i32 = 1 << 9;
}

/// One event. See [`super::Events`] for what each field holds; absent values are those of `Default`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub line: i32,
    pub observed: i64,
    pub ended: i64,
    pub count: i32,
    pub role: Role,
    pub ip: [u8; 16],
    pub prefix: i8,
    pub port: i32,
    pub transport: String,
    pub application: String,
    pub domain: String,
    pub registrable: String,
    pub url: String,
    pub reverse: String,
    pub asn: i64,
    pub country: String,
    pub peer_ip: [u8; 16],
    pub peer_port: i32,
    pub peer_asn: i64,
    pub peer_country: String,
    pub peer_domain: String,
    pub class: String,
    pub r#type: String,
    pub identifier: String,
    pub severity: i8,
    pub confidence: i8,
    pub malware: String,
    pub cve: String,
    pub product: String,
    pub hash: String,
    pub tlp: String,
    pub flags: i32,
    pub extra: String,
}

impl Row {
    /// No time.
    pub const NO_TIME: i64 = i64::MIN;
    /// No address: the unspecified one, which nobody has.
    pub const NO_IP: [u8; 16] = [0; 16];

    /// Becomes a copy of `template` and keeps the memory of its own texts.
    pub fn reset(&mut self, template: &Self) {
        let Self {
            transport,
            application,
            domain,
            registrable,
            url,
            reverse,
            country,
            peer_country,
            peer_domain,
            class,
            r#type,
            identifier,
            malware,
            cve,
            product,
            hash,
            tlp,
            extra,
            line,
            observed,
            ended,
            count,
            role,
            ip,
            prefix,
            port,
            asn,
            peer_ip,
            peer_port,
            peer_asn,
            severity,
            confidence,
            flags,
        } = self;
        (*line, *observed, *ended, *count, *role) = (template.line, template.observed, template.ended, template.count, template.role);
        (*ip, *prefix, *port, *asn) = (template.ip, template.prefix, template.port, template.asn);
        (*peer_ip, *peer_port, *peer_asn) = (template.peer_ip, template.peer_port, template.peer_asn);
        (*severity, *confidence, *flags) = (template.severity, template.confidence, template.flags);
        let texts = [
            (transport, &template.transport),
            (application, &template.application),
            (domain, &template.domain),
            (registrable, &template.registrable),
            (url, &template.url),
            (reverse, &template.reverse),
            (country, &template.country),
            (peer_country, &template.peer_country),
            (peer_domain, &template.peer_domain),
            (class, &template.class),
            (r#type, &template.r#type),
            (identifier, &template.identifier),
            (malware, &template.malware),
            (cve, &template.cve),
            (product, &template.product),
            (hash, &template.hash),
            (tlp, &template.tlp),
            (extra, &template.extra),
        ];
        for (own, from) in texts {
            own.clear();
            own.push_str(from);
        }
    }
}

impl Default for Row {
    fn default() -> Self {
        Self {
            line: 0,
            observed: Self::NO_TIME,
            ended: Self::NO_TIME,
            count: 1,
            role: Role::Subject,
            ip: Self::NO_IP,
            prefix: -1,
            port: -1,
            transport: String::new(),
            application: String::new(),
            domain: String::new(),
            registrable: String::new(),
            url: String::new(),
            reverse: String::new(),
            asn: 0,
            country: String::new(),
            peer_ip: Self::NO_IP,
            peer_port: -1,
            peer_asn: 0,
            peer_country: String::new(),
            peer_domain: String::new(),
            class: String::new(),
            r#type: String::new(),
            identifier: String::new(),
            severity: -1,
            confidence: -1,
            malware: String::new(),
            cve: String::new(),
            product: String::new(),
            hash: String::new(),
            tlp: String::new(),
            flags: 0,
            extra: String::new(),
        }
    }
}
