//! From the cluster's batches to the lake's values.

use crate::trouble::Trouble;
use arrow_array::cast::AsArray;
use arrow_array::types::{Date32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatch};
use arrow_schema::{DataType, TimeUnit};
use lake::{Rows, Value};

pub(crate) fn rows(batches: &[RecordBatch]) -> Result<Rows, Trouble> {
    let names = batches.first().map(|batch| batch.schema().fields().iter().map(|field| field.name().clone()).collect());
    let mut all = Rows { names: names.unwrap_or_default(), rows: Vec::new() };
    for batch in batches {
        let first = all.rows.len();
        all.rows.resize_with(first + batch.num_rows(), || Vec::with_capacity(batch.num_columns()));
        for column in batch.columns() {
            for (row, values) in all.rows.iter_mut().skip(first).enumerate() {
                values.push(if column.is_valid(row) { value(column, row)? } else { Value::Null });
            }
        }
    }
    Ok(all)
}

fn value(column: &dyn Array, row: usize) -> Result<Value, Trouble> {
    Ok(match column.data_type() {
        DataType::Int64 => Value::Int(column.as_primitive::<Int64Type>().value(row)),
        DataType::Int32 => Value::Int(column.as_primitive::<Int32Type>().value(row).into()),
        DataType::Int16 => Value::Int(column.as_primitive::<Int16Type>().value(row).into()),
        DataType::Int8 => Value::Int(column.as_primitive::<Int8Type>().value(row).into()),
        DataType::Float64 => Value::Float(column.as_primitive::<Float64Type>().value(row)),
        DataType::Utf8 => Value::Text(column.as_string::<i32>().value(row).to_owned()),
        DataType::LargeUtf8 => Value::Text(column.as_string::<i64>().value(row).to_owned()),
        DataType::Timestamp(TimeUnit::Microsecond, _) => Value::Time(column.as_primitive::<TimestampMicrosecondType>().value(row)),
        DataType::Date32 => Value::Date(column.as_primitive::<Date32Type>().value(row)),
        DataType::Binary => bytes(column.as_binary::<i32>().value(row))?,
        DataType::LargeBinary => bytes(column.as_binary::<i64>().value(row))?,
        DataType::Null => Value::Null,
        other => return Err(Trouble::No(format!("it answered with the type {other}"))),
    })
}

/// Addresses and ids have sixteen bytes.
fn bytes(of: &[u8]) -> Result<Value, Trouble> {
    of.try_into().map(Value::Bytes).map_err(|_| Trouble::No(format!("it answered with {} bytes where sixteen belong", of.len())))
}
