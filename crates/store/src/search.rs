//! Full-text search behind one function: FTS5 on SQLite, `tsvector` on PostgreSQL.
//!
//! A user's words are always treated as words: what FTS5 takes as syntax (`-`, `:`, `.`) is quoted
//! away, so that addresses and host names can be typed as they are; a NUL would end the query in the
//! middle of a word.
//!
//! An address falls apart into words that stand everywhere (`198`, `51`, `100`, `20`), and who looks for
//! these in a row reads the whole index. So words with a mark between them are indexed in pairs as well
//! (`198q51`, `51q100`, `100q20`), of which one at least is rare: see [`pairs`].

use crate::read::Reader;
use crate::{FromRow, Id, Result, Row, Statement, Tx, args};

/// One document found.
#[derive(Clone, Debug)]
pub struct Hit {
    /// Order in the index: newer entries are larger.
    pub place: i64,
    /// Kind of thing.
    pub noun: String,
    /// Its id.
    pub id: Id,
    /// The report or case that decides who may see it.
    pub about: Id,
}

impl FromRow for Hit {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self { place: row.get()?, noun: row.get()?, id: row.get()?, about: row.get()? })
    }
}

impl Tx {
    /// Puts a document into the index, or replaces it.
    pub async fn index(&mut self, noun: &str, id: Id, about: Id, title: &str, body: &str) -> Result<()> {
        let body = cut(body, 200_000);
        let body = format!("{body}\n{}", pairs(&format!("{title}\n{body}")).join(" "));
        if self.is_postgres() {
            // A sequence holds no lock until the commit, as a counter would: changes do not wait for each other.
            self.execute(
                "insert into search_rows (place, noun, noun_id, about, doc) \
                 values (nextval('search_place'), $1, $2, $3, to_tsvector('simple', unaccent_words($4))) \
                 on conflict (noun, noun_id) do update set place = excluded.place, about = excluded.about, doc = excluded.doc",
                args![noun, id, about, format!("{title}\n{body}")],
            )
            .await?;
            return Ok(());
        }
        let known: Option<i64> = self.value("select place from search_rows where noun = $1 and noun_id = $2", args![noun, id]).await?;
        let place = if let Some(place) = known {
            self.execute("delete from search_fts where rowid = $1", args![place]).await?;
            place
        } else {
            let place = self.next_number("search").await?;
            self.execute("insert into search_rows (place, noun, noun_id, about) values ($1, $2, $3, $4)", args![place, noun, id, about]).await?;
            place
        };
        self.execute("insert into search_fts (rowid, title, body) values ($1, $2, $3)", args![place, title, body]).await?;
        Ok(())
    }
}

impl Tx {
    /// Takes a document out of the index.
    pub async fn unindex(&mut self, noun: &str, id: Id) -> Result<()> {
        if !self.is_postgres() {
            let text = "delete from search_fts where rowid in (select place from search_rows where noun = $1 and noun_id = $2)";
            self.execute(text, args![noun, id]).await?;
        }
        self.execute("delete from search_rows where noun = $1 and noun_id = $2", args![noun, id]).await?;
        Ok(())
    }

    /// What was indexed under one report or case stands under another from now on.
    pub async fn index_moves(&mut self, from: Id, to: Id) -> Result<()> {
        self.execute("update search_rows set about = $2 where about = $1", args![from, to]).await?;
        Ok(())
    }
}

impl Reader {
    /// Documents that hold all the words, newest first, below `before`.
    pub async fn search(&mut self, words: &str, before: Option<i64>, limit: u32) -> Result<Vec<Hit>> {
        self.matching(quoted(words), None, before, limit).await
    }

    /// [`Reader::search`] for the newest documents of one kind of thing.
    pub async fn search_nouns(&mut self, words: &str, noun: &str, limit: u32) -> Result<Vec<Hit>> {
        self.matching(quoted(words), Some(noun), None, limit).await
    }

    /// Documents that hold one of these addresses, names, hashes or numbers, whatever marks stand inside
    /// (`192[.]0[.]2[.]7`), newest first, below `before`.
    pub async fn search_values(&mut self, values: &[&str], before: Option<i64>, limit: u32) -> Result<Vec<Hit>> {
        let phrase = |value: &&str| {
            // Not everybody writes what stands in front.
            let value = value.split_once("://").map_or(*value, |(_, rest)| rest);
            let value = value.strip_prefix("CVE-").unwrap_or(value);
            let pairs = pairs(value);
            let words = if pairs.is_empty() { words(value).map(|(word, _)| word.to_owned()).collect() } else { pairs };
            format!("\"{}\"", words.join(" "))
        };
        let phrases: Vec<String> = values.iter().map(phrase).filter(|phrase| phrase.len() > 2).collect();
        self.matching(phrases.join(" OR "), None, before, limit).await
    }

    async fn matching(&mut self, query: String, noun: Option<&str>, before: Option<i64>, limit: u32) -> Result<Vec<Hit>> {
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let before = before.unwrap_or(i64::MAX);
        let mut statement = if self.is_postgres() {
            let mut statement =
                Statement::new("select r.place, r.noun, r.noun_id, r.about from search_rows r where r.doc @@ websearch_to_tsquery('simple', unaccent_words(");
            statement.bind(query).push(")) and r.place < ").bind(before);
            of_noun(&mut statement, noun);
            statement.push(" order by r.place desc limit ");
            statement
        } else {
            let mut statement =
                Statement::new("select r.place, r.noun, r.noun_id, r.about from search_fts f join search_rows r on r.place = f.rowid where search_fts match ");
            statement.bind(query).push(" and f.rowid < ").bind(before);
            of_noun(&mut statement, noun);
            statement.push(" order by f.rowid desc limit ");
            statement
        };
        statement.bind(limit);
        self.select(statement).await
    }
}

fn of_noun(statement: &mut Statement, noun: Option<&str>) {
    if let Some(noun) = noun {
        statement.push(" and r.noun = ").bind(noun);
    }
}

/// Words as a query for all of them.
fn quoted(words: &str) -> String {
    let words = words.split_whitespace().take(12).map(|word| format!("\"{}\"", word.replace(['"', '\0'], "")));
    words.filter(|word| word.len() > 2).collect::<Vec<_>>().join(" ")
}

/// The longest thing between two words that are a pair: `[dot]` is a word itself, `[.]` is not.
const BETWEEN: usize = 5;

/// Each two words that have a mark between them, as one word.
fn pairs(text: &str) -> Vec<String> {
    let mut pairs = Vec::new();
    let mut before: Option<(&str, usize)> = None;
    for (word, at) in words(text) {
        if let Some((first, end)) = before
            && let Some(between) = text.get(end..at)
            && between.len() <= BETWEEN
            && !between.chars().all(char::is_whitespace)
        {
            pairs.push(format!("{first}q{word}"));
        }
        before = Some((word, at + word.len()));
    }
    pairs
}

/// The words of a text, with their places.
fn words(text: &str) -> impl Iterator<Item = (&str, usize)> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let tail = text.get(rest..)?;
        let begin = rest + tail.find(char::is_alphanumeric)?;
        let word = text.get(begin..)?;
        let word = word.get(..word.find(|c: char| !c.is_alphanumeric()).unwrap_or(word.len()))?;
        rest = begin + word.len();
        Some((word, begin))
    })
}

fn cut(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn what_has_a_mark_between_is_a_pair_however_it_is_written() {
        for text in ["192.0.2.7", "(192[.]0[.]2[.]7)", "192 . 0 . 2 . 7", "192,0,2,7"] {
            assert_eq!(pairs(text), ["192q0", "0q2", "2q7"], "{text}");
        }
        assert_eq!(pairs("CVE-2026-31337"), ["CVEq2026", "2026q31337"]);
        assert_eq!(pairs("2001:db8::7"), ["2001qdb8", "db8q7"]);
        assert_eq!(pairs("two words, and\nmore (of them)"), ["wordsqand", "moreqof"]);
        assert!(pairs("").is_empty() && pairs("word").is_empty() && pairs("two words").is_empty() && pairs("a ------ b").is_empty());
    }
}
