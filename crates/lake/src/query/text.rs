//! The texts of all questions. `{events}` is the table as the asker may see it, `{filter}` the
//! conditions, `:name` a parameter. Only what DataFusion and Spark SQL both understand stands here;
//! where they spell a thing differently it is a word of the [`Dialect`].

/// Where two engines spell the same differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    DataFusion,
    Spark,
}

/// What `{word}` stands for: word, DataFusion, Spark.
const WORDS: [(&str, &str, &str); 1] = [
    // Bytes as hexadecimal digits.
    ("hex_ip", "encode(ip, 'hex')", "lower(hex(ip))"),
];

/// The columns of an event in answers.
pub const EVENT: [&str; 42] = [
    "event",
    "holder",
    "rank",
    "via",
    "day",
    "observed",
    "ended",
    "file",
    "line",
    "feed",
    "kind",
    "mapping",
    "count",
    "role",
    "ip",
    "prefix",
    "port",
    "transport",
    "application",
    "domain",
    "registrable",
    "url",
    "reverse",
    "asn",
    "country",
    "peer_ip",
    "peer_port",
    "peer_asn",
    "peer_country",
    "peer_domain",
    "class",
    "type",
    "identifier",
    "severity",
    "confidence",
    "malware",
    "cve",
    "product",
    "hash",
    "tlp",
    "flags",
    "extra",
];

pub(super) const EVENTS: &str = "SELECT {columns} FROM {events} WHERE {filter} ORDER BY observed DESC, event DESC, holder DESC LIMIT {limit}";

pub(super) const AFTER: &str = "(observed < :after OR (observed = :after AND (event < :after_event OR (event = :after_event AND holder < :after_holder))))";

pub(super) const ONE: &str = "SELECT {columns} FROM {events} WHERE {filter} AND event = :event ORDER BY rank";

pub(super) const COUNTS: &str = "SELECT {by} AS value, count(*) AS events, count(DISTINCT ip) AS addresses, max(observed) AS last \
     FROM {events} WHERE {filter} GROUP BY {by} ORDER BY {order} LIMIT {limit}";

pub(super) const HISTOGRAM: &str =
    "SELECT day, {by} AS value, count(*) AS events FROM {events} WHERE {filter} GROUP BY day, {by} ORDER BY day, value NULLS LAST";

pub(super) const TALLY: &str = "SELECT day, class, type, count(*) AS events FROM {events} WHERE {filter} \
     GROUP BY day, class, type ORDER BY day, class NULLS LAST, type NULLS LAST";

pub(super) const TOTAL: &str =
    "SELECT count(*) AS events, count(DISTINCT ip) AS addresses, min(observed) AS first, max(observed) AS last FROM {events} WHERE {filter}";

/// A subject with its type is one thing that is there, or not.
pub(super) const CHANGES: &str = "SELECT CASE WHEN before = 0 THEN 'new' WHEN now = 0 THEN 'gone' ELSE 'persisting' END AS state, \
     holder, ip, prefix, domain, port, transport, class, type, identifier, severity, first, last, events \
     FROM (SELECT holder, ip, prefix, domain, port, transport, class, type, identifier, max(severity) AS severity, \
     max(CASE WHEN observed < :since THEN 1 ELSE 0 END) AS before, max(CASE WHEN observed >= :since THEN 1 ELSE 0 END) AS now, \
     min(observed) AS first, max(observed) AS last, count(*) AS events FROM {events} WHERE {filter} \
     GROUP BY holder, ip, prefix, domain, port, transport, class, type, identifier) AS things \
     ORDER BY state, severity DESC NULLS LAST, last DESC, ip NULLS LAST, domain NULLS LAST, port NULLS LAST, identifier NULLS LAST, \
     prefix NULLS LAST, transport NULLS LAST, class NULLS LAST, type NULLS LAST, holder LIMIT {limit}";

pub(super) const CHANGE_COUNTS: &str = "SELECT CASE WHEN before = 0 THEN 'new' WHEN now = 0 THEN 'gone' ELSE 'persisting' END AS state, \
     holder, class, type, count(*) AS subjects \
     FROM (SELECT holder, ip, prefix, domain, port, transport, class, type, identifier, \
     max(CASE WHEN observed < :since THEN 1 ELSE 0 END) AS before, max(CASE WHEN observed >= :since THEN 1 ELSE 0 END) AS now \
     FROM {events} WHERE {filter} GROUP BY holder, ip, prefix, domain, port, transport, class, type, identifier) AS things \
     GROUP BY CASE WHEN before = 0 THEN 'new' WHEN now = 0 THEN 'gone' ELSE 'persisting' END, holder, class, type \
     ORDER BY holder, state, class NULLS LAST, type NULLS LAST";

pub(super) const UNMATCHED: &str = "SELECT asn, network, max(country) AS country, count(*) AS events, count(DISTINCT ip) AS addresses, max(observed) AS last \
     FROM (SELECT asn, country, ip, observed, CASE WHEN ip IS NULL THEN NULL WHEN substr({hex_ip}, 1, 24) = '00000000000000000000ffff' \
     THEN substr({hex_ip}, 1, 30) ELSE substr({hex_ip}, 1, 12) END AS network FROM {events} WHERE {filter}) AS nobodys \
     GROUP BY asn, network ORDER BY events DESC, asn NULLS LAST, network NULLS LAST LIMIT {limit}";

/// The text of the table as the asker may see it.
pub(super) const SEEN: &str = "(SELECT {seen} FROM lake WHERE {sight}) AS events";

pub(super) fn fill(text: &str, words: &[(&str, &str)], dialect: Dialect) -> String {
    let mut text = text.to_owned();
    for (word, with) in words {
        text = text.replace(&format!("{{{word}}}"), with);
    }
    for (word, datafusion, spark) in WORDS {
        text = text.replace(&format!("{{{word}}}"), if dialect == Dialect::Spark { spark } else { datafusion });
    }
    text
}
