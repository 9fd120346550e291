//! The journal: what was done, by whom, in the order of the commits, chained by hash.
//!
//! Each entry is a leaf of an RFC 6962 log and names the leaf before it. `facts` are hashed in
//! clear; `particulars` (names, addresses, free text) are committed to by a salted hash only, so
//! that erasing them leaves the chain whole. Audit page, live updates, outbox, custody and
//! figures all read this one table.

use serde_json::Value as Json;
use vault::entry::{Entry, commit};

use crate::read::Reader;
use crate::{Error, FromRow, Id, Result, Row, Statement, Tx, Value, args};

/// What a verb says about itself.
#[derive(Clone, Debug)]
pub struct Record {
    pub(crate) verb: String,
    pub(crate) noun: &'static str,
    pub(crate) id: Id,
    pub(crate) about: Option<Id>,
    pub(crate) facts: Json,
    pub(crate) particulars: Option<Json>,
}

impl Record {
    /// `verb` in the past, like `case.closed`; `noun` and `id` of what changed.
    pub fn new(verb: &str, noun: &'static str, id: Id) -> Self {
        Self { verb: verb.to_owned(), noun, id, about: None, facts: Json::Object(serde_json::Map::new()), particulars: None }
    }

    /// The report or case on whose timeline this stands, when it is not the noun itself.
    #[must_use]
    pub fn about(mut self, id: Id) -> Self {
        self.about = Some(id);
        self
    }

    /// What is hashed in clear: no name, address or free text.
    #[must_use]
    pub fn facts(mut self, facts: Json) -> Self {
        self.facts = facts;
        self
    }

    /// What may have to be erased one day.
    #[must_use]
    pub fn particulars(mut self, particulars: Json) -> Self {
        self.particulars = Some(particulars);
        self
    }
}

/// One entry as the journal keeps it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Place in the order of commits, from 1, without gaps.
    pub seq: u64,
    /// When.
    pub at: jiff::Timestamp,
    /// Who: `person:<id>`, `reporter`, `party:<id>`, `mail`, `job`, `operator`, ...
    pub who: String,
    /// What was done.
    pub verb: String,
    /// Kind of thing it was done to.
    pub noun: String,
    /// Its id.
    pub id: Id,
    /// The report or case on whose timeline it stands.
    pub about: Id,
    /// Hashed in clear, as JSON text.
    pub facts: String,
    /// Salt of the commitment; gone when erased.
    pub salt: Option<Vec<u8>>,
    /// Particulars as JSON text; gone when erased.
    pub particulars: Option<String>,
    /// SHA-256 of salt and particulars.
    pub commitment: [u8; 32],
    /// Leaf of the entry before.
    pub previous: [u8; 32],
    /// This entry's leaf.
    pub leaf: [u8; 32],
}

impl Line {
    /// Facts and particulars as one JSON object, for showing.
    pub fn details(&self) -> Json {
        let mut all: Json = serde_json::from_str(&self.facts).unwrap_or_default();
        let more = self.particulars.as_deref().and_then(|text| serde_json::from_str::<Json>(text).ok());
        if let (Some(all), Some(Json::Object(more))) = (all.as_object_mut(), more) {
            all.extend(more);
        }
        all
    }
}

impl Line {
    /// The entry as the vault verifies it.
    pub fn sealed(&self) -> vault::entry::Record {
        let mut subject = self.id.0.to_vec();
        subject.extend_from_slice(&self.about.0);
        vault::entry::Record {
            seq: self.seq,
            at: self.at.as_microsecond(),
            who: self.who.clone(),
            verb: self.verb.clone(),
            noun: self.noun.clone(),
            noun_id: subject,
            facts: self.facts.clone(),
            commitment: self.commitment,
            previous: self.previous,
            leaf: self.leaf,
            particulars: self.salt.clone().zip(self.particulars.clone()).map(|(salt, text)| vault::entry::Particulars { salt, text }),
        }
    }
}

impl FromRow for Line {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            seq: row.get()?,
            at: row.get()?,
            who: row.get()?,
            verb: row.get()?,
            noun: row.get()?,
            id: row.get()?,
            about: row.get()?,
            facts: row.get()?,
            salt: row.get()?,
            particulars: row.get()?,
            commitment: row.get()?,
            previous: row.get()?,
            leaf: row.get()?,
        })
    }
}

/// The select list that [`Line`] reads.
const COLUMNS: &str = "select seq, at, who, verb, noun, noun_id, about, facts, salt, particulars, commitment, previous, leaf from journal ";

/// A part of the journal; what is left out asks nothing.
#[derive(Clone, Debug, Default)]
pub struct JournalPart {
    /// Entries about this report or case.
    pub about: Option<Id>,
    /// Entries of this one, as the journal writes it.
    pub who: Option<String>,
    /// Entries with this verb.
    pub verb: Option<String>,
    /// Entries from the one instant on and before the other.
    pub between: Option<(jiff::Timestamp, jiff::Timestamp)>,
}

impl JournalPart {
    /// The statement for a page. Each condition has an index in the order of the list; days become numbers,
    /// so that they fit to any of these.
    pub fn statement(&self, within: (u64, u64), before: u64, limit: usize) -> Statement {
        let mut statement = Statement::new(COLUMNS);
        statement.push("where seq < ").bind(before.min(within.1.saturating_add(1)));
        if let Some((from, to)) = self.between {
            statement.push(" and seq >= ").bind(within.0).push(" and at >= ").bind(from).push(" and at < ").bind(to);
        }
        if let Some(about) = self.about {
            statement.push(" and about = ").bind(about);
        }
        if let Some(who) = &self.who {
            statement.push(" and who = ").bind(who);
        }
        if let Some(verb) = &self.verb {
            statement.push(" and verb = ").bind(verb);
        }
        statement.push(" order by seq desc limit ").bind(limit);
        statement
    }
}

const INSERT: &str = "insert into journal (seq, at, who, verb, noun, noun_id, about, facts, salt, particulars, commitment, previous, leaf) values ";

/// So many lines go in with one statement: few enough that the statements of a program are few.
const LINES_AT_ONCE: usize = 4;

/// Writes the records of a transaction, chained after the newest entry. Called at commit, while
/// nobody else can commit, so that the numbers follow the order of the commits.
pub(crate) async fn append(tx: &mut Tx) -> Result<u64> {
    // On a server, from here to the commit one change at a time, so that the journal's numbers follow the commits.
    let newest = if tx.is_postgres() { "select seq, leaf from journal_newest()" } else { "select seq, leaf from journal order by seq desc limit 1" };
    let (mut seq, mut previous) = tx.row::<(u64, [u8; 32])>(newest, vec![]).await?.unwrap_or((0, [0; 32]));
    let records = std::mem::take(&mut tx.records);
    let at = tx.now();
    let mut lines = Vec::with_capacity(records.len());
    for record in records {
        seq += 1;
        let facts = record.facts.to_string();
        let particulars = record.particulars.map(|json| json.to_string());
        let salt = particulars.as_ref().map(|_| tx.random::<16>());
        let commitment = match (&salt, &particulars) {
            (Some(salt), Some(text)) => commit(salt, text),
            _ => [0; 32],
        };
        let about = record.about.unwrap_or(record.id);
        let mut subject = record.id.0.to_vec();
        subject.extend_from_slice(&about.0);
        let entry =
            Entry { seq, at: at.as_microsecond(), who: &tx.who, verb: &record.verb, noun: record.noun, noun_id: &subject, facts: &facts, commitment, previous };
        if !entry.fits() {
            return Err(Error::Misplaced(format!("the facts of {} are too long for the journal", record.verb)));
        }
        let leaf = entry.leaf();
        lines.push(args![
            seq,
            at,
            tx.who.clone(),
            record.verb,
            record.noun,
            record.id,
            about,
            facts,
            salt.map(|salt| salt.to_vec()),
            particulars,
            commitment,
            previous,
            leaf
        ]);
        previous = leaf;
    }
    // Several with one statement, because all others wait meanwhile.
    for some in lines.chunks(LINES_AT_ONCE) {
        let mut insert = Statement::new(INSERT);
        for (place, line) in some.iter().enumerate() {
            insert.push(if place == 0 { "(" } else { ", (" }).bind_list(line.clone()).push(")");
        }
        tx.run(insert).await?;
    }
    Ok(seq)
}

impl Reader {
    /// The number of the newest entry, 0 when there is none.
    pub async fn journal_head(&mut self) -> Result<u64> {
        Ok(self.value("select seq from journal order by seq desc limit 1", vec![]).await?.unwrap_or(0))
    }

    /// Entries after `seq`, oldest first.
    pub async fn journal_after(&mut self, seq: u64, limit: u32) -> Result<Vec<Line>> {
        let mut statement = Statement::new(COLUMNS);
        statement.push("where seq > ").bind(seq).push(" order by seq limit ").bind(limit);
        self.select(statement).await
    }

    /// Entries of a part of the journal before `seq`, newest first: the audit page.
    pub async fn journal_part(&mut self, part: &JournalPart, before: u64, limit: usize) -> Result<Vec<Line>> {
        let Some(within) = self.within(part).await? else { return Ok(Vec::new()) };
        self.select(part.statement(within, before, limit)).await
    }

    /// The first and last number of the part's days, if anything happened on them.
    async fn within(&mut self, part: &JournalPart) -> Result<Option<(u64, u64)>> {
        let Some((from, to)) = part.between else { return Ok(Some((0, u64::MAX >> 1))) };
        let ends: Option<(Option<u64>, Option<u64>)> = self.row("select min(seq), max(seq) from journal where at >= $1 and at < $2", args![from, to]).await?;
        Ok(ends.and_then(|(first, last)| first.zip(last)))
    }

    /// What the journal has entries of, in order. Reads one entry of each.
    pub async fn journal_verbs(&mut self) -> Result<Vec<String>> {
        let text = "with recursive verbs (verb) as (select min(verb) from journal union all \
                    select (select min(j.verb) from journal j where j.verb > verbs.verb) from verbs where verbs.verb is not null) \
                    select verb from verbs where verb is not null";
        Ok(self.rows::<(String,)>(text, vec![]).await?.into_iter().map(|(verb,)| verb).collect())
    }

    /// The timeline of a report or case: its newest `limit` entries, oldest first. That somebody looked (`case.read`,
    /// `thread.read`) stands in the journal and is no step of the work.
    pub async fn journal_about(&mut self, about: Id, limit: u32) -> Result<Vec<Line>> {
        let mut statement = Statement::new(COLUMNS);
        statement.push("where about = ").bind(about).push(" and verb not like '%.read' order by seq desc limit ").bind(limit);
        let mut lines = self.select(statement).await?;
        lines.reverse();
        Ok(lines)
    }

    /// The first entry with this verb of each of these reports or cases, in no order: their clocks may have been written
    /// down before it.
    pub async fn journal_firsts(&mut self, about: &[Id], verb: &str) -> Result<Vec<Line>> {
        if about.is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = Statement::new(COLUMNS);
        statement.push("where about in (").bind_list(about.iter().map(Value::from)).push(") and verb = ").bind(verb);
        let mut lines: Vec<Line> = self.select(statement).await?;
        lines.sort_by_key(|line| (line.about, line.seq));
        lines.dedup_by_key(|line| line.about);
        Ok(lines)
    }

    /// The first entry with this verb of a report or case.
    pub async fn journal_first(&mut self, about: Id, verb: &str) -> Result<Option<Line>> {
        Ok(self.journal_firsts(&[about], verb).await?.into_iter().next())
    }
}
