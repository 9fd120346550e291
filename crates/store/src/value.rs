//! Values and rows: what goes into a statement and what comes out, the same for both databases.
//!
//! A row is read from left to right in the order of the select list:
//! `Ok(Case { id: row.get()?, number: row.get()? })`.

use jiff::Timestamp;

use crate::{Error, Id, Result, instant};

/// One value on its way in or out. A null keeps its type, because PostgreSQL asks for it.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A whole number; also instants (microseconds) and yes/no (1/0).
    Int(Option<i64>),
    /// A floating point number.
    Real(Option<f64>),
    /// Text.
    Text(Option<String>),
    /// Bytes; also ids and hashes.
    Bytes(Option<Vec<u8>>),
}

macro_rules! into_value {
    ($($from:ty, $arm:ident, $convert:expr;)*) => {$(
        impl From<$from> for Value {
            fn from(value: $from) -> Self {
                let convert: fn($from) -> _ = $convert;
                Self::$arm(Some(convert(value)))
            }
        }
        impl From<Option<$from>> for Value {
            fn from(value: Option<$from>) -> Self {
                let convert: fn($from) -> _ = $convert;
                Self::$arm(value.map(convert))
            }
        }
    )*};
}

into_value! {
    i64, Int, |v| v;
    i32, Int, i64::from;
    u32, Int, i64::from;
    u16, Int, i64::from;
    bool, Int, i64::from;
    usize, Int, |v| i64::try_from(v).unwrap_or(i64::MAX);
    u64, Int, |v| i64::try_from(v).unwrap_or(i64::MAX);
    Timestamp, Int, |v| v.as_microsecond();
    f64, Real, |v| v;
    String, Text, |v| v;
    &str, Text, str::to_owned;
    &String, Text, Clone::clone;
    Vec<u8>, Bytes, |v| v;
    &[u8], Bytes, <[u8]>::to_vec;
    [u8; 16], Bytes, |v| v.to_vec();
    [u8; 32], Bytes, |v| v.to_vec();
    Id, Bytes, |v| v.0.to_vec();
    &Id, Bytes, |v| v.0.to_vec();
    vault::blob::Hash, Bytes, |v| v.as_bytes().to_vec();
}

/// The values of one statement, in the order of `$1`, `$2`, ...
#[macro_export]
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::Value::from($value)),*] };
}

/// One row of an answer.
#[derive(Debug)]
pub struct Row {
    columns: std::vec::IntoIter<Value>,
}

impl Row {
    pub(crate) fn new(columns: Vec<Value>) -> Self {
        Self { columns: columns.into_iter() }
    }

    /// The next column, as what the caller needs.
    pub fn get<T: FromValue>(&mut self) -> Result<T> {
        T::from_value(self.columns.next().ok_or(Error::Shape("one more column"))?)
    }
}

/// What can be read out of a [`Value`].
pub trait FromValue: Sized {
    /// Reads the value, or says what was expected.
    fn from_value(value: Value) -> Result<Self>;
}

/// What can be read out of a [`Row`].
pub trait FromRow: Sized {
    /// Reads the row's columns from left to right.
    fn from_row(row: &mut Row) -> Result<Self>;
}

macro_rules! from_value {
    ($($to:ty, $expected:literal, $($pattern:pat => $take:expr),+;)*) => {$(
        impl FromValue for $to {
            fn from_value(value: Value) -> Result<Self> {
                match value {
                    $($pattern => $take,)+
                    _ => Err(Error::Shape($expected)),
                }
            }
        }
    )*};
}

from_value! {
    i64, "a whole number", Value::Int(Some(v)) => Ok(v);
    bool, "yes or no", Value::Int(Some(v)) => Ok(v != 0);
    u64, "a positive number", Value::Int(Some(v)) => u64::try_from(v).map_err(|_| Error::Shape("a positive number"));
    f64, "a number", Value::Real(Some(v)) => Ok(v), Value::Int(Some(v)) => {
        #[expect(clippy::cast_precision_loss, reason = "counts shown as numbers stay far below 2^52")]
        { Ok(v as f64) }
    };
    Timestamp, "an instant", Value::Int(Some(v)) => Ok(instant(v));
    String, "a text", Value::Text(Some(v)) => Ok(v);
    Vec<u8>, "bytes", Value::Bytes(Some(v)) => Ok(v);
    Id, "an id", Value::Bytes(Some(v)) => v.try_into().map(Id).map_err(|_| Error::Shape("an id of 16 bytes"));
    vault::blob::Hash, "a hash", Value::Bytes(Some(v)) => v.try_into().map(vault::blob::Hash::from_bytes).map_err(|_| Error::Shape("a hash of 32 bytes"));
    [u8; 32], "32 bytes", Value::Bytes(Some(v)) => v.try_into().map_err(|_| Error::Shape("32 bytes"));
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self> {
        match value {
            Value::Int(None) | Value::Real(None) | Value::Text(None) | Value::Bytes(None) => Ok(None),
            some => T::from_value(some).map(Some),
        }
    }
}

macro_rules! from_row_of_values {
    ($($name:ident)+) => {
        impl<$($name: FromValue),+> FromRow for ($($name,)+) {
            fn from_row(row: &mut Row) -> Result<Self> {
                Ok(($(row.get::<$name>()?,)+))
            }
        }
    };
}
from_row_of_values!(A);
from_row_of_values!(A B);
from_row_of_values!(A B C);
from_row_of_values!(A B C D);
from_row_of_values!(A B C D E);
from_row_of_values!(A B C D E F);

/// A statement put together from pieces of the program's own text and bound values.
///
/// Only `&'static str` can be pushed, so nothing that came from outside can become SQL.
#[derive(Clone, Debug, Default)]
pub struct Statement {
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
}

impl Statement {
    /// Begins a statement.
    pub fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), values: Vec::new() }
    }

    /// Adds a piece of SQL.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a value, as the next `$n`.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }

    /// Adds values separated by commas, for `in (...)`.
    pub fn bind_list(&mut self, values: impl IntoIterator<Item = Value>) -> &mut Self {
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                self.text.push(',');
            }
            self.bind(value);
        }
        self
    }
}
