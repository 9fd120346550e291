//! One condition on a row, and which groups of rows of a file can hold a row that fits.

use crate::query::Filter;
use crate::{Error, Result, schema};
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, BooleanArray, RecordBatch};
use arrow_schema::DataType;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};
use parquet::file::statistics::Statistics;
use std::fs::File;

/// A condition; a cell without a value meets none.
#[derive(Debug, Clone)]
pub(super) enum Test {
    /// Both bounds included.
    Number {
        column: &'static str,
        low: i64,
        high: i64,
    },
    /// Both bounds included.
    Bytes {
        column: &'static str,
        first: [u8; 16],
        last: [u8; 16],
    },
    Words {
        column: &'static str,
        any: Vec<String>,
    },
    /// The name, or one below it.
    Domain(String),
    /// One of these, the smallest first.
    Among {
        column: &'static str,
        any: Vec<i64>,
    },
}

impl Test {
    pub fn of(filter: &Filter) -> Vec<Self> {
        let is = |column, value: Option<i64>| value.map(|value| Self::Number { column, low: value, high: value });
        let among = |column, range: Option<([u8; 16], [u8; 16])>| range.map(|(first, last)| Self::Bytes { column, first, last });
        let any = |column, words: &Vec<String>| (!words.is_empty()).then(|| Self::Words { column, any: words.clone() });
        let all = [
            Some(Self::Number { column: "observed", low: filter.span.from, high: filter.span.until.saturating_sub(1) }),
            among("ip", filter.addresses),
            among("peer_ip", filter.peer),
            is("asn", filter.asn),
            is("port", filter.port.map(i64::from)),
            is("holder", filter.holder),
            is("holder", filter.unmatched.then_some(0)),
            filter.files.clone().map(|any| Self::Among { column: "file", any }),
            filter.severity.map(|severity| Self::Number { column: "severity", low: i64::from(severity), high: i64::MAX }),
            any("class", &filter.classes),
            any("type", &filter.types),
            any("identifier", &filter.identifiers),
            any("feed", &filter.feeds),
            any("kind", &filter.kinds),
            any("country", &filter.countries),
            any("malware", &filter.malware),
            any("tlp", &filter.labels),
            filter.domain.clone().map(Self::Domain),
        ];
        all.into_iter().flatten().collect()
    }

    pub fn column(&self) -> &'static str {
        match self {
            Self::Number { column, .. } | Self::Bytes { column, .. } | Self::Words { column, .. } | Self::Among { column, .. } => column,
            Self::Domain(_) => "domain",
        }
    }

    /// The fewer rows meet it, the earlier it is asked: the columns behind it are read of the rows that are left.
    pub fn place(&self) -> u8 {
        match self {
            Self::Bytes { .. } => 0,
            Self::Among { .. } | Self::Number { column: "holder", .. } => 1,
            Self::Words { .. } | Self::Domain(_) => 2,
            Self::Number { .. } => 3,
        }
    }

    /// Which rows meet it.
    pub fn fits(&self, batch: &RecordBatch) -> Result<BooleanArray> {
        let column = batch.column_by_name(self.column()).ok_or_else(|| Error::damaged("data file", format!("there is no column {}", self.column())))?;
        let each = |fits: &dyn Fn(usize) -> bool| (0..column.len()).map(|row| Some(column.is_valid(row) && fits(row))).collect();
        Ok(match self {
            Self::Number { low, high, .. } => {
                let numbers = numbers(column)?;
                each(&|row| numbers.get(row).is_some_and(|number| low <= number && number <= high))
            }
            Self::Among { any, .. } => {
                let numbers = numbers(column)?;
                each(&|row| numbers.get(row).is_some_and(|number| any.binary_search(number).is_ok()))
            }
            Self::Bytes { first, last, .. } => {
                let bytes = column.as_fixed_size_binary_opt().ok_or_else(|| other(self.column()))?;
                each(&|row| bytes.value(row) >= &first[..] && bytes.value(row) <= &last[..])
            }
            Self::Words { any, .. } => {
                let words = column.as_dictionary_opt::<Int32Type>().ok_or_else(|| other(self.column()))?;
                let texts = words.values().as_string_opt::<i32>().ok_or_else(|| other(self.column()))?;
                let fits: Vec<bool> = texts.iter().map(|text| text.is_some_and(|text| any.iter().any(|word| word == text))).collect();
                each(&|row| words.key(row).and_then(|key| fits.get(key)).is_some_and(|fits| *fits))
            }
            Self::Domain(name) => {
                let names = column.as_string_opt::<i32>().ok_or_else(|| other(self.column()))?;
                each(&|row| is_below(names.value(row), name))
            }
        })
    }

    /// Whether the bounds of pages say where it can be met.
    pub fn is_of_pages(&self) -> bool {
        matches!(self, Self::Bytes { column: "ip" | "peer_ip", .. })
    }

    /// Whether a page may hold a row that meets it, by its bounds.
    pub fn may_be_between(&self, least: &[u8], most: &[u8]) -> bool {
        let Self::Bytes { first, last, .. } = self else { return true };
        least <= &last[..] && &first[..] <= most
    }

    /// Whether all rows of these groups meet it, so that the column need not be read: known of numbers.
    pub fn is_met<'a>(&self, mut groups: impl Iterator<Item = &'a RowGroupMetaData>) -> bool {
        let Self::Number { column, low, high } = self else { return false };
        let place = schema::index(column);
        groups.all(|group| {
            let statistics = group.columns().get(place).and_then(ColumnChunkMetaData::statistics);
            statistics.filter(|all| all.null_count_opt() == Some(0)).and_then(bounds).is_some_and(|(least, most)| *low <= least && most <= *high)
        })
    }

    /// Whether a group of rows may hold one that meets it, by the least and greatest value of the column.
    fn may_be_in(&self, chunk: &ColumnChunkMetaData) -> bool {
        let among = |low: i64, high: i64| chunk.statistics().and_then(bounds).is_none_or(|(least, most)| least <= high && low <= most);
        match self {
            Self::Number { low, high, .. } => among(*low, *high),
            Self::Among { any, .. } => any.iter().any(|one| among(*one, *one)),
            Self::Bytes { first, last, .. } => match chunk.statistics() {
                Some(Statistics::FixedLenByteArray(values)) => {
                    values.min_opt().zip(values.max_opt()).is_none_or(|(least, most)| least.data() <= &last[..] && &first[..] <= most.data())
                }
                _ => true,
            },
            Self::Words { .. } | Self::Domain(_) => true,
        }
    }
}

/// The groups of rows that may hold a row that meets all. For one address the filter that is written with
/// each group says more than its bounds.
pub(super) fn groups(builder: &ParquetRecordBatchReaderBuilder<File>, tests: &[Test]) -> Result<Vec<usize>> {
    let mut groups = Vec::new();
    for (at, group) in builder.metadata().row_groups().iter().enumerate() {
        let mut may = true;
        for test in tests {
            let place = schema::index(test.column());
            may = may && group.columns().get(place).is_none_or(|chunk| test.may_be_in(chunk));
            if let Test::Bytes { first, last, .. } = test
                && may
                && first == last
                && let Some(filter) = builder.get_row_group_column_bloom_filter(at, place)?
            {
                may = filter.check(&first[..]);
            }
        }
        if may {
            groups.push(at);
        }
    }
    Ok(groups)
}

/// The least and the greatest of a column of numbers.
fn bounds(statistics: &Statistics) -> Option<(i64, i64)> {
    match statistics {
        Statistics::Int64(values) => values.min_opt().copied().zip(values.max_opt().copied()),
        Statistics::Int32(values) => values.min_opt().copied().map(i64::from).zip(values.max_opt().copied().map(i64::from)),
        _ => None,
    }
}

fn is_below(name: &str, domain: &str) -> bool {
    name == domain || name.strip_suffix(domain).is_some_and(|front| front.ends_with('.'))
}

fn numbers(column: &ArrayRef) -> Result<Vec<i64>> {
    Ok(match column.data_type() {
        DataType::Int64 => column.as_primitive::<Int64Type>().values().to_vec(),
        DataType::Int32 => column.as_primitive::<Int32Type>().values().iter().map(|value| i64::from(*value)).collect(),
        DataType::Int8 => column.as_primitive::<Int8Type>().values().iter().map(|value| i64::from(*value)).collect(),
        DataType::Timestamp(..) => column.as_primitive::<TimestampMicrosecondType>().values().to_vec(),
        _ => return Err(other("of numbers")),
    })
}

fn other(column: &str) -> Error {
    Error::damaged("data file", format!("the column {column} is of another kind"))
}
