//! From the engine's batches to the lake's values.

use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, UInt64Type};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use datafusion::error::DataFusionError;
use lake::{Error, Result, Value};

/// The engine's errors as one plain line.
pub(crate) trait Failed<T> {
    fn failed(self) -> Result<T>;
}

impl<T> Failed<T> for datafusion::error::Result<T> {
    fn failed(self) -> Result<T> {
        self.map_err(|error| match error.find_root() {
            DataFusionError::ResourcesExhausted(_) => Error::Engine("it needs more memory than it may use; ask for a shorter time or fewer things".into()),
            root => Error::Engine(root.strip_backtrace().lines().next().unwrap_or_default().to_owned()),
        })
    }
}

pub(crate) fn rows(batches: &[RecordBatch]) -> Result<Vec<Vec<Value>>> {
    let mut rows: Vec<Vec<Value>> = Vec::with_capacity(batches.iter().map(RecordBatch::num_rows).sum());
    for batch in batches {
        let first = rows.len();
        rows.resize_with(first + batch.num_rows(), || Vec::with_capacity(batch.num_columns()));
        for column in batch.columns() {
            for (row, values) in rows.iter_mut().skip(first).enumerate() {
                values.push(if column.is_valid(row) { value(column, row)? } else { Value::Null });
            }
        }
    }
    Ok(rows)
}

fn value(column: &dyn Array, row: usize) -> Result<Value> {
    Ok(match column.data_type() {
        DataType::Int64 => Value::Int(column.as_primitive::<Int64Type>().value(row)),
        DataType::Int32 => Value::Int(column.as_primitive::<Int32Type>().value(row).into()),
        DataType::Int16 => Value::Int(column.as_primitive::<Int16Type>().value(row).into()),
        DataType::Int8 => Value::Int(column.as_primitive::<Int8Type>().value(row).into()),
        DataType::UInt64 => Value::Int(i64::try_from(column.as_primitive::<UInt64Type>().value(row)).unwrap_or(i64::MAX)),
        DataType::Float64 => Value::Float(column.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => Value::Text(column.as_string::<i32>().value(row).to_owned()),
        DataType::Utf8View => Value::Text(column.as_string_view().value(row).to_owned()),
        DataType::Timestamp(TimeUnit::Microsecond, _) => Value::Time(column.as_primitive::<TimestampMicrosecondType>().value(row)),
        DataType::Date32 => Value::Date(column.as_primitive::<Date32Type>().value(row)),
        DataType::FixedSizeBinary(16) => Value::Bytes(column.as_fixed_size_binary().value(row).try_into().unwrap_or_default()),
        DataType::Null => Value::Null,
        other => return Err(Error::Engine(format!("an answer of the type {other}"))),
    })
}
