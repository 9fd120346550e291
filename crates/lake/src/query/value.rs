//! What goes into a statement and what comes out of it.

/// One value. Bytes are addresses and event ids.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Int(i64),
    Float(f64),
    Text(String),
    /// Microseconds since 1970, UTC.
    Time(i64),
    /// Days since 1970.
    Date(i32),
    /// Sixteen bytes.
    Bytes([u8; 16]),
}

impl Value {
    pub fn int(&self) -> Option<i64> {
        match self {
            Self::Int(value) | Self::Time(value) => Some(*value),
            Self::Date(days) => Some(i64::from(*days)),
            _ => None,
        }
    }

    pub fn text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub fn bytes(&self) -> Option<[u8; 16]> {
        if let Self::Bytes(bytes) = self { Some(*bytes) } else { None }
    }
}

/// The answer to a question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    pub names: Vec<String>,
    pub rows: Vec<Vec<Value>>,
}

impl Rows {
    /// The value of a row in a column; [`Value::Null`] where there is none.
    pub fn get(&self, row: usize, name: &str) -> &Value {
        let column = self.names.iter().position(|column| column == name);
        column.and_then(|column| self.rows.get(row)?.get(column)).unwrap_or(&Value::Null)
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
