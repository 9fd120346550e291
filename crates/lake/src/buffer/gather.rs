//! From waiting rows to Arrow arrays: a list of holdings, in their order, becomes a record batch with
//! all columns of the table.

use super::columns::{TextColumn, WordColumn};
use super::{Buffer, Holding};
use crate::holders::Via;
use crate::{Error, Result, schema};
use arrow_array::types::{ArrowPrimitiveType, Int8Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, ArrayRef, DictionaryArray, FixedSizeBinaryArray, Int32Array, PrimitiveArray, RecordBatch, StringArray};
use arrow_buffer::{Buffer as Bytes, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::ArrowError;
use formats::feed::{Role, Row, Words};
use std::sync::Arc;

/// What all batches of a buffer share: its dictionaries as Arrow arrays, and which columns nobody filled.
pub(crate) struct Shared {
    words: [ArrayRef; 10],
    roles: ArrayRef,
    vias: ArrayRef,
    feeds: ArrayRef,
    kinds: ArrayRef,
    blank: Blank,
}

/// Whether no row of a column has a value: most feeds fill a third of them.
#[expect(clippy::struct_excessive_bools, reason = "one for each column that is a plain vector")]
struct Blank {
    ended: bool,
    ip: bool,
    prefix: bool,
    port: bool,
    asn: bool,
    peer_ip: bool,
    peer_port: bool,
    peer_asn: bool,
    severity: bool,
    confidence: bool,
}

type Made = std::result::Result<ArrayRef, ArrowError>;

impl Buffer {
    pub fn shared(&self) -> Shared {
        let words = |column: &WordColumn| -> ArrayRef { Arc::new(StringArray::from_iter_values(column.values.iter())) };
        let sources = |of: fn(&formats::feed::Source) -> &str| -> ArrayRef { Arc::new(StringArray::from_iter_values(self.sources.iter().map(of))) };
        Shared {
            words: [&self.transport, &self.application, &self.country, &self.peer_country, &self.class, &self.kind, &self.identifier, &self.malware]
                .map(words)
                .into_iter()
                .chain([words(&self.product), words(&self.tlp)])
                .collect::<Vec<_>>()
                .try_into()
                .unwrap_or_else(|_| std::array::from_fn(|_| words(&WordColumn::default()))),
            roles: Arc::new(StringArray::from_iter_values(Role::ALL.iter().map(|role| role.as_str()))),
            vias: Arc::new(StringArray::from_iter_values(Via::ALL.iter().map(|via| via.as_str()))),
            feeds: sources(|source| &source.feed),
            kinds: sources(|source| &source.kind),
            blank: Blank {
                ended: all(&self.ended, Row::NO_TIME),
                ip: all(&self.ip, Row::NO_IP),
                prefix: all(&self.prefix, -1),
                port: all(&self.port, -1),
                asn: all(&self.asn, 0),
                peer_ip: all(&self.peer_ip, Row::NO_IP),
                peer_port: all(&self.peer_port, -1),
                peer_asn: all(&self.peer_asn, 0),
                severity: all(&self.severity, -1),
                confidence: all(&self.confidence, -1),
            },
        }
    }

    /// The rows of these holdings, in their order, as rows of the table. `file`: which event file they
    /// are from.
    pub fn gather(&self, holdings: &[Holding], shared: &Shared, file: i64) -> Result<RecordBatch> {
        let at = Rows(holdings);
        let [transport, application, country, peer_country, class, kind, identifier, malware, product, tlp] = &shared.words;
        let blank = &shared.blank;
        let mapping: Vec<i32> = self.sources.iter().map(|source| source.mapping).collect();
        let source = |key: i32| usize::try_from(key).ok().and_then(|key| mapping.get(key).copied()).unwrap_or(0);
        let via = PrimitiveArray::from_iter_values(holdings.iter().map(|holding| holding.via as i32));
        let columns: Vec<Made> = vec![
            at.bytes(&self.ids, |id| id.to_be_bytes(), None, false),
            Ok(Arc::new(PrimitiveArray::<Int64Type>::from_iter_values(holdings.iter().map(|holding| holding.holder)))),
            Ok(Arc::new(PrimitiveArray::<Int8Type>::from_iter_values(holdings.iter().map(|holding| holding.rank)))),
            dictionary(via, &shared.vias),
            at.time(&self.observed, false),
            at.time(&self.ended, blank.ended),
            Ok(Arc::new(PrimitiveArray::<Int64Type>::from_value(file, holdings.len()))),
            at.numbers::<Int32Type>(&self.line, None, false),
            dictionary(at.keys(&self.source), &shared.feeds),
            dictionary(at.keys(&self.source), &shared.kinds),
            Ok(Arc::new(Int32Array::from_iter_values(at.of(&self.source).map(source)))),
            at.numbers::<Int32Type>(&self.count, None, false),
            dictionary(at.keys(&self.role), &shared.roles),
            at.bytes(&self.ip, |ip| *ip, Some(Row::NO_IP), blank.ip),
            at.numbers::<Int8Type>(&self.prefix, Some(-1), blank.prefix),
            at.numbers::<Int32Type>(&self.port, Some(-1), blank.port),
            at.words(&self.transport, transport),
            at.words(&self.application, application),
            at.texts(&self.domain),
            at.texts(&self.registrable),
            at.texts(&self.url),
            at.texts(&self.reverse),
            at.numbers::<Int64Type>(&self.asn, Some(0), blank.asn),
            at.words(&self.country, country),
            at.bytes(&self.peer_ip, |ip| *ip, Some(Row::NO_IP), blank.peer_ip),
            at.numbers::<Int32Type>(&self.peer_port, Some(-1), blank.peer_port),
            at.numbers::<Int64Type>(&self.peer_asn, Some(0), blank.peer_asn),
            at.words(&self.peer_country, peer_country),
            at.texts(&self.peer_domain),
            at.words(&self.class, class),
            at.words(&self.kind, kind),
            at.words(&self.identifier, identifier),
            at.numbers::<Int8Type>(&self.severity, Some(-1), blank.severity),
            at.numbers::<Int8Type>(&self.confidence, Some(-1), blank.confidence),
            at.words(&self.malware, malware),
            at.texts(&self.cve),
            at.words(&self.product, product),
            at.texts(&self.hash),
            at.words(&self.tlp, tlp),
            at.numbers::<Int32Type>(&self.flags, None, false),
            at.texts(&self.extra),
        ];
        let columns = columns.into_iter().collect::<std::result::Result<Vec<_>, _>>()?;
        RecordBatch::try_new(schema::arrow(), columns).map_err(Error::from)
    }
}

struct Rows<'a>(&'a [Holding]);

impl Rows<'_> {
    // As many values as rows, also where a row is none of the buffer: what has a known length is copied without counting.
    fn of<'a, T: Copy + Default>(&'a self, column: &'a [T]) -> impl ExactSizeIterator<Item = T> + 'a {
        self.0.iter().map(|holding| column.get(holding.row as usize).copied().unwrap_or_default())
    }

    fn numbers<T: ArrowPrimitiveType>(&self, column: &[T::Native], absent: Option<T::Native>, blank: bool) -> Made {
        if blank {
            return Ok(Arc::new(PrimitiveArray::<T>::new_null(self.0.len())));
        }
        let values: Vec<T::Native> = self.of(column).collect();
        let nulls = absent.and_then(|absent| nulls(values.iter().map(|value| *value != absent)));
        Ok(Arc::new(PrimitiveArray::<T>::try_new(ScalarBuffer::from(values), nulls)?))
    }

    fn time(&self, column: &[i64], blank: bool) -> Made {
        if blank {
            return Ok(Arc::new(PrimitiveArray::<TimestampMicrosecondType>::new_null(self.0.len()).with_timezone("UTC")));
        }
        let values: Vec<i64> = self.of(column).collect();
        let nulls = nulls(values.iter().map(|value| *value != Row::NO_TIME));
        Ok(Arc::new(PrimitiveArray::<TimestampMicrosecondType>::try_new(ScalarBuffer::from(values), nulls)?.with_timezone("UTC")))
    }

    fn bytes<T: Copy + Default>(&self, column: &[T], bytes: impl Fn(&T) -> [u8; 16], absent: Option<[u8; 16]>, blank: bool) -> Made {
        if blank {
            return Ok(Arc::new(FixedSizeBinaryArray::new_null(16, self.0.len())));
        }
        let values: Vec<[u8; 16]> = self.of(column).map(|value| bytes(&value)).collect();
        let nulls = absent.and_then(|absent| nulls(values.iter().map(|value| *value != absent)));
        Ok(Arc::new(FixedSizeBinaryArray::try_new(16, Bytes::from_vec(values.into_flattened()), nulls)?))
    }

    fn keys(&self, column: &[i32]) -> Int32Array {
        PrimitiveArray::from_iter_values(self.of(column))
    }

    fn words(&self, column: &WordColumn, values: &ArrayRef) -> Made {
        if values.is_empty() {
            return Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(Int32Array::new_null(self.0.len()), Arc::clone(values))?));
        }
        let keys: Vec<i32> = self.of(&column.keys).collect();
        let nulls = nulls(keys.iter().map(|key| *key != Words::NONE));
        // Under a null the number must be a valid one all the same.
        let keys: Vec<i32> = if nulls.is_some() { keys.into_iter().map(|key| key.max(0)).collect() } else { keys };
        dictionary(PrimitiveArray::try_new(ScalarBuffer::from(keys), nulls)?, values)
    }

    fn texts(&self, column: &TextColumn) -> Made {
        if column.is_blank() {
            return Ok(Arc::new(StringArray::new_null(self.0.len())));
        }
        let texts = || self.0.iter().map(|holding| column.get(holding.row as usize).as_bytes());
        let mut bytes = Vec::with_capacity(texts().map(<[u8]>::len).sum());
        let mut offsets = Vec::with_capacity(self.0.len() + 1);
        offsets.push(0);
        for text in texts() {
            bytes.extend_from_slice(text);
            offsets.push(i32::try_from(bytes.len()).unwrap_or(i32::MAX));
        }
        let nulls = nulls(offsets.iter().zip(offsets.iter().skip(1)).map(|(from, to)| from != to));
        Ok(Arc::new(StringArray::try_new(OffsetBuffer::new(ScalarBuffer::from(offsets)), Bytes::from_vec(bytes), nulls)?))
    }
}

fn nulls(present: impl ExactSizeIterator<Item = bool> + Clone) -> Option<NullBuffer> {
    present.clone().any(|present| !present).then(|| present.collect::<NullBuffer>())
}

fn all<T: PartialEq + Copy>(column: &[T], absent: T) -> bool {
    column.iter().all(|value| *value == absent)
}

fn dictionary(keys: Int32Array, values: &ArrayRef) -> Made {
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(values))?))
}
