//! The columns of the table `events`: names, types, and how each is written. `docs/events.md` says
//! what they hold.

use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;
use std::sync::{Arc, LazyLock};

/// The partition column: it stands in the path of a file and not in it.
pub const DAY: &str = "day";

/// Rows of a row group: small enough that a look-up reads little, large enough to compress.
const ROW_GROUP: usize = 128 * 1024;

/// What a column holds, and by that its type in Arrow, in Delta, and its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 16 bytes that never repeat.
    Id,
    /// 16 bytes of an address.
    Address,
    Long,
    /// A number that grows from row to row or nearly.
    Steps,
    Int,
    Byte,
    Time,
    /// Few different texts.
    Word,
    /// Many different texts.
    Text,
}

/// All columns but the day, in their order: name, kind, whether it may be absent.
pub const COLUMNS: [(&str, Kind, bool); 41] = [
    ("event", Kind::Id, false),
    ("holder", Kind::Long, false),
    ("rank", Kind::Byte, false),
    ("via", Kind::Word, false),
    ("observed", Kind::Time, false),
    ("ended", Kind::Time, true),
    ("file", Kind::Long, false),
    ("line", Kind::Steps, false),
    ("feed", Kind::Word, false),
    ("kind", Kind::Word, false),
    ("mapping", Kind::Int, false),
    ("count", Kind::Int, false),
    ("role", Kind::Word, false),
    ("ip", Kind::Address, true),
    ("prefix", Kind::Byte, true),
    ("port", Kind::Int, true),
    ("transport", Kind::Word, true),
    ("application", Kind::Word, true),
    ("domain", Kind::Text, true),
    ("registrable", Kind::Text, true),
    ("url", Kind::Text, true),
    ("reverse", Kind::Text, true),
    ("asn", Kind::Long, true),
    ("country", Kind::Word, true),
    ("peer_ip", Kind::Address, true),
    ("peer_port", Kind::Int, true),
    ("peer_asn", Kind::Long, true),
    ("peer_country", Kind::Word, true),
    ("peer_domain", Kind::Text, true),
    ("class", Kind::Word, true),
    ("type", Kind::Word, true),
    ("identifier", Kind::Word, true),
    ("severity", Kind::Byte, true),
    ("confidence", Kind::Byte, true),
    ("malware", Kind::Word, true),
    ("cve", Kind::Text, true),
    ("product", Kind::Word, true),
    ("hash", Kind::Text, true),
    ("tlp", Kind::Word, true),
    ("flags", Kind::Int, false),
    ("extra", Kind::Text, true),
];

/// Columns that no question is narrowed by: their least and greatest values, which nobody would look at, cost more to find
/// than the values to write.
const UNASKED: [&str; 19] = [
    "rank",
    "via",
    "ended",
    "line",
    "mapping",
    "count",
    "role",
    "prefix",
    "transport",
    "application",
    "country",
    "peer_port",
    "peer_country",
    "identifier",
    "confidence",
    "malware",
    "product",
    "tlp",
    "flags",
];

impl Kind {
    pub(crate) fn arrow(self) -> DataType {
        match self {
            Self::Id | Self::Address => DataType::FixedSizeBinary(16),
            Self::Long => DataType::Int64,
            Self::Steps | Self::Int => DataType::Int32,
            Self::Byte => DataType::Int8,
            Self::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::Word => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            Self::Text => DataType::Utf8,
        }
    }

    fn delta(self) -> &'static str {
        match self {
            Self::Id | Self::Address => "binary",
            Self::Long => "long",
            Self::Steps | Self::Int => "integer",
            Self::Byte => "byte",
            Self::Time => "timestamp",
            Self::Word | Self::Text => "string",
        }
    }
}

/// What a data file holds, as its reader gets it. Texts that repeat are dictionaries.
pub(crate) fn arrow() -> Arc<Schema> {
    static SCHEMA: LazyLock<Arc<Schema>> = LazyLock::new(|| {
        let fields = COLUMNS.iter().map(|(name, kind, absent)| Field::new(*name, kind.arrow(), *absent));
        Arc::new(Schema::new(fields.collect::<Vec<_>>()))
    });
    Arc::clone(&SCHEMA)
}

/// The place of a column in a data file.
pub(crate) fn index(name: &str) -> usize {
    COLUMNS.iter().position(|(column, ..)| *column == name).unwrap_or(COLUMNS.len())
}

/// What a column of a data file holds.
pub(crate) fn kind(name: &str) -> Option<Kind> {
    COLUMNS.iter().find(|(column, ..)| *column == name).map(|(_, kind, _)| *kind)
}

/// The schema as the Delta log writes it down.
pub(crate) fn delta() -> String {
    let field = |name: &str, kind: &str, absent: bool| serde_json::json!({ "name": name, "type": kind, "nullable": absent, "metadata": {} });
    let columns = COLUMNS.iter().map(|(name, kind, absent)| field(name, kind.delta(), *absent));
    let fields: Vec<_> = columns.chain([field(DAY, "date", false)]).collect();
    serde_json::json!({ "type": "struct", "fields": fields }).to_string()
}

/// How a file of rows is written.
pub(crate) fn properties(rows: usize) -> WriterProperties {
    // Level 3 makes files 3 in 100 smaller, for twice the time.
    let level = ZstdLevel::try_new(1).unwrap_or_default();
    let mut to = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_created_by("atalaya".into());
    for (name, kind, _) in COLUMNS {
        let column = ColumnPath::from(name);
        match kind {
            // Nothing repeats, nothing compresses, nobody asks for a range of it.
            Kind::Id => {
                to = to.set_column_dictionary_enabled(column.clone(), false).set_column_statistics_enabled(column.clone(), EnabledStatistics::None);
                to = to.set_column_compression(column, Compression::UNCOMPRESSED);
            }
            // Nobody asks for a range of texts.
            Kind::Text => to = to.set_column_statistics_enabled(column, EnabledStatistics::None),
            Kind::Steps => to = to.set_column_dictionary_enabled(column.clone(), false).set_column_encoding(column, Encoding::DELTA_BINARY_PACKED),
            _ => (),
        }
    }
    for name in UNASKED {
        to = to.set_column_statistics_enabled(ColumnPath::from(name), EnabledStatistics::None);
    }
    let ip = ColumnPath::from("ip");
    let distinct = rows.clamp(1024, ROW_GROUP) as u64;
    to.set_column_bloom_filter_enabled(ip.clone(), true).set_column_bloom_filter_fpp(ip.clone(), 0.01).set_column_bloom_filter_max_ndv(ip, distinct).build()
}

/// Whether a column of this name holds whole numbers.
pub(crate) fn is_number(name: &str) -> bool {
    let of = COLUMNS.iter().find(|(column, ..)| *column == name);
    of.is_some_and(|(_, kind, _)| matches!(kind, Kind::Long | Kind::Steps | Kind::Int | Kind::Byte))
}
