//! Organisations by id or by a word of their name: for lists and for search.

use ::store::{FromRow, Id, Reader, Row, Statement, Value};

use crate::Result;

/// An organisation as one line of a list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// Sector.
    pub sector: String,
    /// `registered`, `unregistered` or `outside`.
    pub status: String,
    /// Country, two letters.
    pub country: String,
}

impl FromRow for Line {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self { id: row.get()?, name: row.get()?, sector: row.get()?, status: row.get()?, country: row.get()? })
    }
}

const COLUMNS: &str = "select id, name, sector, status, country from organisations ";

/// The lines of these organisations, in no order.
pub async fn lines(reader: &mut Reader, ids: &[Id]) -> Result<Vec<Line>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(COLUMNS);
    statement.push("where id in (").bind_list(ids.iter().map(Value::from)).push(")");
    Ok(reader.select(statement).await?)
}

/// Organisations whose name has words that begin like these, by name. There are thousands of them at most.
pub async fn named(reader: &mut Reader, words: &str, limit: u32) -> Result<Vec<Line>> {
    let words: Vec<&str> = words.split_whitespace().take(6).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(COLUMNS);
    for (at, word) in words.iter().enumerate() {
        statement.push(if at == 0 { "where (" } else { " and (" });
        for (place, word) in spellings(word).iter().map(|word| escaped(word)).enumerate() {
            statement.push(if place == 0 { "lower(name) like " } else { " or lower(name) like " }).bind(format!("{word}%"));
            statement.push(" escape '\\' or lower(name) like ").bind(format!("% {word}%")).push(" escape '\\'");
        }
        statement.push(")");
    }
    statement.push(" order by name limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

/// What `lower()` may have made of a name that is spelled like this, in whatever letters: the embedded database makes small
/// letters of ASCII only, so that other capitals stay, at the beginning of words or everywhere.
pub(super) fn spellings(text: &str) -> Vec<String> {
    let small = text.to_lowercase();
    let capital = |c: char| if c.is_ascii() { c.to_string() } else { c.to_uppercase().collect() };
    let (mut initials, mut begins) = (String::new(), true);
    for c in small.chars() {
        initials.push_str(&if begins { capital(c) } else { c.to_string() });
        begins = !c.is_alphanumeric();
    }
    let mut all = vec![small.clone(), initials, small.chars().map(capital).collect()];
    all.dedup();
    all
}

/// The organisations whose names stand in one of these texts, as whole words. There are thousands of names at most.
pub async fn named_in(reader: &mut Reader, texts: &[String]) -> Result<Vec<Id>> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    let texts: Vec<String> = texts.iter().map(|text| plain(text)).collect();
    let names: Vec<(Id, String)> = reader.rows("select id, name from organisations", vec![]).await?;
    let stands = |name: &str| name.len() > 2 && texts.iter().any(|text| text.contains(name));
    Ok(names.into_iter().filter(|(_, name)| stands(&plain(name))).map(|(id, _)| id).collect())
}

/// The words of a text in small letters, each between spaces.
fn plain(text: &str) -> String {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    format!(" {} ", words.join(" "))
}

/// What `like` takes as a sign stands for itself.
pub(super) fn escaped(word: &str) -> String {
    word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}
