//! Mappings: how the columns of one type of file become the fields of an event, as data. `Tables` holds
//! those that come with the program and those of files that replace or extend them; `feed/mapping/README.md`
//! describes how a file is written.

mod field;
mod pattern;
mod problem;
mod table;
mod tables;

pub use field::{Field, Reader, Target};
pub use pattern::Pattern;
pub use problem::Problem;
pub use table::Table;
pub use tables::Tables;

pub(super) use table::rsit_type;

use super::events::KeyPart;
use super::normal::time::Zone;
use super::row::Row;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What a file is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180 with a header, or another delimiter.
    #[default]
    Csv,
    /// JSON objects: one a line, one after another, or in an array. Columns are paths (`source.ip`).
    Json,
    /// `Name: value`, one a line, as in header fields (RFC 5322) and flat YAML: one event a file.
    Fields,
    /// IDEA0 messages in JSON; one event for each source.
    Idea,
}

impl Format {
    pub const ALL: [Self; 4] = [Self::Csv, Self::Json, Self::Fields, Self::Idea];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Fields => "fields",
            Self::Idea => "idea",
        }
    }
}

/// Sets constants where a column has a word: `tag` with `webshell`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    pub column: String,
    /// In lower case; one of the column's words (between `,`, `;`, `|` or spaces), or all of it.
    pub has: String,
    pub class: String,
    pub r#type: String,
    pub identifier: String,
    pub severity: i8,
}

/// How one type of file is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// The report type: `scan_rdp`.
    pub kind: Arc<str>,
    /// Its name for people.
    pub title: String,
    /// The feed's name where the deliverer gives none.
    pub feed: Arc<str>,
    /// The version of the table that it stands in.
    pub version: i32,
    pub format: Format,
    pub delimiter: u8,
    /// Lines that begin with it are no rows.
    pub comment: Option<u8>,
    /// The column names of a file without a header.
    pub header: Vec<String>,
    /// Columns that are known and go to `extra`; others do, too, and are counted.
    pub columns: Vec<String>,
    /// Without one of these columns, the file is held as a whole.
    pub required: Vec<String>,
    /// A file of unknown name with all these columns is of this type.
    pub signature: Vec<String>,
    /// File names of this type.
    pub files: Vec<Pattern>,
    pub fields: BTreeMap<String, Vec<Target>>,
    /// What the values of a column mean, by column, then by value in lower case.
    pub words: HashMap<String, HashMap<String, String>>,
    /// Every row begins as this one.
    pub constants: Row,
    pub rules: Vec<Rule>,
    pub key: Arc<[KeyPart]>,
    pub zone: Zone,
    /// An event without a time has the time at which the file came.
    pub undated: bool,
}

impl Default for Mapping {
    fn default() -> Self {
        Self {
            kind: "".into(),
            title: String::new(),
            feed: "".into(),
            version: 0,
            format: Format::Csv,
            delimiter: b',',
            comment: None,
            header: Vec::new(),
            columns: Vec::new(),
            required: Vec::new(),
            signature: Vec::new(),
            files: Vec::new(),
            fields: BTreeMap::new(),
            words: HashMap::new(),
            constants: Row::default(),
            rules: Vec::new(),
            key: KeyPart::DEFAULT.into(),
            zone: Zone::Utc,
            undated: false,
        }
    }
}
