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

/// The dictionaries of a buffer as Arrow arrays, made once for all its batches.
pub(crate) struct Dictionaries {
    words: [ArrayRef; 10],
    roles: ArrayRef,
    vias: ArrayRef,
    feeds: ArrayRef,
    kinds: ArrayRef,
}

type Made = std::result::Result<ArrayRef, ArrowError>;

impl Buffer {
    pub fn dictionaries(&self) -> Dictionaries {
        let words = |column: &WordColumn| -> ArrayRef { Arc::new(StringArray::from_iter_values(column.values.iter())) };
        let sources = |of: fn(&formats::feed::Source) -> &str| -> ArrayRef { Arc::new(StringArray::from_iter_values(self.sources.iter().map(of))) };
        Dictionaries {
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
        }
    }

    /// The rows of these holdings, in their order, as rows of the table. `file`: which event file they
    /// are from.
    pub fn gather(&self, holdings: &[Holding], dictionaries: &Dictionaries, file: i64) -> Result<RecordBatch> {
        let at = Rows(holdings);
        let [transport, application, country, peer_country, class, kind, identifier, malware, product, tlp] = &dictionaries.words;
        let mapping: Vec<i32> = self.sources.iter().map(|source| source.mapping).collect();
        let source = |key: i32| usize::try_from(key).ok().and_then(|key| mapping.get(key).copied()).unwrap_or(0);
        let via = PrimitiveArray::from_iter_values(holdings.iter().map(|holding| holding.via as i32));
        let columns: Vec<Made> = vec![
            at.bytes(&self.ids, |id| id.to_be_bytes(), None),
            Ok(Arc::new(PrimitiveArray::<Int64Type>::from_iter_values(holdings.iter().map(|holding| holding.holder)))),
            Ok(Arc::new(PrimitiveArray::<Int8Type>::from_iter_values(holdings.iter().map(|holding| holding.rank)))),
            dictionary(via, &dictionaries.vias),
            at.time(&self.observed),
            at.time(&self.ended),
            Ok(Arc::new(PrimitiveArray::<Int64Type>::from_value(file, holdings.len()))),
            at.numbers::<Int32Type>(&self.line, None),
            dictionary(at.keys(&self.source), &dictionaries.feeds),
            dictionary(at.keys(&self.source), &dictionaries.kinds),
            Ok(Arc::new(Int32Array::from_iter_values(at.of(&self.source).map(source)))),
            at.numbers::<Int32Type>(&self.count, None),
            dictionary(at.keys(&self.role), &dictionaries.roles),
            at.bytes(&self.ip, |ip| *ip, Some(Row::NO_IP)),
            at.numbers::<Int8Type>(&self.prefix, Some(-1)),
            at.numbers::<Int32Type>(&self.port, Some(-1)),
            at.words(&self.transport, transport),
            at.words(&self.application, application),
            at.texts(&self.domain),
            at.texts(&self.registrable),
            at.texts(&self.url),
            at.texts(&self.reverse),
            at.numbers::<Int64Type>(&self.asn, Some(0)),
            at.words(&self.country, country),
            at.bytes(&self.peer_ip, |ip| *ip, Some(Row::NO_IP)),
            at.numbers::<Int32Type>(&self.peer_port, Some(-1)),
            at.numbers::<Int64Type>(&self.peer_asn, Some(0)),
            at.words(&self.peer_country, peer_country),
            at.texts(&self.peer_domain),
            at.words(&self.class, class),
            at.words(&self.kind, kind),
            at.words(&self.identifier, identifier),
            at.numbers::<Int8Type>(&self.severity, Some(-1)),
            at.numbers::<Int8Type>(&self.confidence, Some(-1)),
            at.words(&self.malware, malware),
            at.texts(&self.cve),
            at.words(&self.product, product),
            at.texts(&self.hash),
            at.words(&self.tlp, tlp),
            at.numbers::<Int32Type>(&self.flags, None),
            at.texts(&self.extra),
        ];
        let columns = columns.into_iter().collect::<std::result::Result<Vec<_>, _>>()?;
        RecordBatch::try_new(schema::arrow(), columns).map_err(Error::from)
    }
}

struct Rows<'a>(&'a [Holding]);

impl Rows<'_> {
    fn of<'a, T: Copy>(&'a self, column: &'a [T]) -> impl Iterator<Item = T> + 'a {
        self.0.iter().filter_map(|holding| column.get(holding.row as usize).copied())
    }

    fn numbers<T: ArrowPrimitiveType>(&self, column: &[T::Native], absent: Option<T::Native>) -> Made {
        let values: Vec<T::Native> = self.of(column).collect();
        let nulls = absent.and_then(|absent| nulls(values.iter().map(|value| *value != absent)));
        Ok(Arc::new(PrimitiveArray::<T>::try_new(ScalarBuffer::from(values), nulls)?))
    }

    fn time(&self, column: &[i64]) -> Made {
        let values: Vec<i64> = self.of(column).collect();
        let nulls = nulls(values.iter().map(|value| *value != Row::NO_TIME));
        Ok(Arc::new(PrimitiveArray::<TimestampMicrosecondType>::try_new(ScalarBuffer::from(values), nulls)?.with_timezone("UTC")))
    }

    fn bytes<T: Copy>(&self, column: &[T], bytes: impl Fn(&T) -> [u8; 16], absent: Option<[u8; 16]>) -> Made {
        let values: Vec<[u8; 16]> = self.of(column).map(|value| bytes(&value)).collect();
        let nulls = absent.and_then(|absent| nulls(values.iter().map(|value| *value != absent)));
        Ok(Arc::new(FixedSizeBinaryArray::try_new(16, Bytes::from_vec(values.into_flattened()), nulls)?))
    }

    fn keys(&self, column: &[i32]) -> Int32Array {
        PrimitiveArray::from_iter_values(self.of(column))
    }

    fn words(&self, column: &WordColumn, values: &ArrayRef) -> Made {
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
        let mut bytes = Vec::new();
        let mut offsets = Vec::with_capacity(self.0.len() + 1);
        offsets.push(0);
        for holding in self.0 {
            bytes.extend_from_slice(column.get(holding.row as usize).as_bytes());
            offsets.push(i32::try_from(bytes.len()).unwrap_or(i32::MAX));
        }
        let nulls = nulls(offsets.iter().zip(offsets.iter().skip(1)).map(|(from, to)| from != to));
        Ok(Arc::new(StringArray::try_new(OffsetBuffer::new(ScalarBuffer::from(offsets)), Bytes::from_vec(bytes), nulls)?))
    }
}

fn nulls(present: impl ExactSizeIterator<Item = bool> + Clone) -> Option<NullBuffer> {
    present.clone().any(|present| !present).then(|| present.collect::<NullBuffer>())
}

fn dictionary(keys: Int32Array, values: &ArrayRef) -> Made {
    if values.is_empty() {
        let none = DictionaryArray::<Int32Type>::try_new(Int32Array::new_null(keys.len()), Arc::clone(values))?;
        return Ok(Arc::new(none));
    }
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, Arc::clone(values))?))
}
