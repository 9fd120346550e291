//! A transaction: the only thing that can write.
//!
//! `Db::change` makes one, hands it to the verb and commits it. A change that wrote rows and
//! recorded nothing is refused at commit (invariant 1); rows of the house-keeping tables
//! ([`HOUSEKEEPING`]) do not count.

use std::ops::{Deref, DerefMut};

use serde_json::Value as Json;

use crate::journal::Record;
use crate::numbers::{self, Numbers};
use crate::read::Reader;
use crate::{Entropy, Error, FromValue, Id, Job, Result, Statement, Value, jobs, run};

/// Tables whose rows say nothing about a report, a case or a person's act: losing one costs a
/// retry or a log-in, never knowledge (or the journal learns of it later). They may be written without a journal entry.
pub const HOUSEKEEPING: &[&str] = &[
    "jobs",
    "sessions",
    "throttles",
    "drafts",
    "sent_forms",
    "cursors",
    "search_rows",
    "search_fts",
    "checkpoints",
    "counters",
    "blobs",
    "loose_blobs",
    "form_answers",
    "form_files",
    // What comes in sealed is in the journal too, but later: the journal knows the moment, and nobody may.
    "sealed_dialogues",
    "sealed_envelopes",
    // Sums and lists that can be made again from the lake and the registry.
    "event_rollups",
    "event_days",
    "event_sketches",
    "event_data_files",
    "event_holdings",
    // Whom a run of notices has to look at, and from where on; what is told stands in the journal.
    "event_arrivals",
    "notice_turns",
    "notice_due",
    "notice_standing",
    "notice_held",
    "notice_untold",
    // How fast mails go to a domain.
    "mail_pace",
    // Since when the team's page says what it says.
    "about_texts",
];

/// An open transaction on behalf of somebody.
pub struct Tx {
    pub(crate) reader: Reader,
    pub(crate) entropy: Entropy,
    pub(crate) who: String,
    pub(crate) records: Vec<Record>,
    pub(crate) wrote: bool,
    /// The kinds of the jobs that the change leaves behind.
    pub(crate) enqueued: Vec<String>,
    /// Where numbers are drawn beside the change, if that is possible.
    pub(crate) numbers: Option<Numbers>,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("who", &self.who).finish_non_exhaustive()
    }
}

impl Deref for Tx {
    type Target = Reader;
    fn deref(&self) -> &Reader {
        &self.reader
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Reader {
        &mut self.reader
    }
}

impl Tx {
    /// A new id.
    pub fn new_id(&self) -> Id {
        Id::new(self.reader.now(), self.entropy)
    }

    /// Random bytes.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        self.entropy.bytes()
    }

    /// Runs an `insert`, `update` or `delete`; says how many rows it touched.
    pub async fn execute(&mut self, text: &'static str, values: Vec<Value>) -> Result<u64> {
        self.write(text, values).await
    }

    /// Runs a writing statement put together from pieces.
    pub async fn run(&mut self, statement: Statement) -> Result<u64> {
        self.write(&statement.text, statement.values).await
    }

    async fn write(&mut self, text: &str, values: Vec<Value>) -> Result<u64> {
        let touched = run::execute(self.reader.connection()?, text, values).await?;
        if touched > 0 && !HOUSEKEEPING.contains(&table_of(text)) {
            self.wrote = true;
        }
        Ok(touched)
    }

    /// [`Tx::execute`] that gives the first column of the first row that the statement is `returning`.
    pub async fn returned<T: FromValue>(&mut self, text: &'static str, values: Vec<Value>) -> Result<Option<T>> {
        let row = self.reader.any(text, values).await?.into_iter().next();
        if row.is_some() && !HOUSEKEEPING.contains(&table_of(text)) {
            self.wrote = true;
        }
        row.map(|mut row| row.get()).transpose()
    }

    /// Says in the journal what this change did. It commits with the change or not at all.
    pub fn record(&mut self, record: Record) {
        self.records.push(record);
    }

    /// Puts a job into the queue; it becomes visible with the commit.
    pub async fn enqueue(&mut self, kind: &str, payload: Json) -> Result<()> {
        let at = self.now();
        self.enqueue_at(kind, payload, at, None).await
    }

    /// Puts a job into the queue for an instant. A `key` that waits already is not queued twice.
    pub async fn enqueue_at(&mut self, kind: &str, payload: Json, at: jiff::Timestamp, key: Option<&str>) -> Result<()> {
        self.enqueued.push(kind.to_owned());
        jobs::enqueue(self, kind, &payload, at, key).await
    }

    /// Leaves the rest of a walk through a table to the next job, behind whatever else waits; see [`Job::walked_to`].
    pub async fn walk_on(&mut self, job: &Job, last: Id) -> Result<()> {
        let now = self.now();
        self.enqueue_at(&job.kind, serde_json::json!({ "after": last }), now, Some(&format!("{}:{last}", job.kind))).await
    }

    /// Waits until no other change that asked for the same name is under way: for a rule that
    /// reads many rows and then writes one. The embedded database has one writer anyway.
    pub async fn alone(&mut self, name: &str) -> Result<()> {
        if self.is_postgres() {
            self.reader.any("select pg_advisory_xact_lock(70618, hashtext($1))", crate::args![name]).await?;
        }
        Ok(())
    }

    /// Holds the row of that id until this change ends: whoever writes it at this moment is waited for, and what is
    /// read from here on is what they left. The embedded database has one writer anyway.
    pub async fn hold(&mut self, table: &'static str, id: Id) -> Result<()> {
        self.hold_all(table, &[id]).await
    }

    /// [`Tx::hold`] for several rows, in the order of their ids: so that two who want the same wait in turn.
    pub async fn hold_all(&mut self, table: &'static str, ids: &[Id]) -> Result<()> {
        let mut those = Statement::new("select id from ");
        those.push(table).push(" where id in (").bind_list(ids.iter().map(Value::from)).push(")");
        if ids.is_empty() { Ok(()) } else { self.hold_those(those).await }
    }

    /// [`Tx::hold`] for the rows that a statement without an order finds by their `id`.
    pub async fn hold_those(&mut self, mut those: Statement) -> Result<()> {
        if self.is_postgres() {
            those.push(" order by id for update");
            self.reader.any(&those.text, those.values).await?;
        }
        Ok(())
    }

    /// The next number of a counter, from 1, without a gap. From here to the commit, whoever wants the next one waits.
    pub async fn next_number(&mut self, counter: &str) -> Result<i64> {
        self.returned(numbers::DRAW, crate::args![counter, 1]).await?.ok_or(Error::Shape("a counter"))
    }

    /// A number of a counter that nobody else gets, from 1 and upwards: for whoever wants a name and no order. Nobody
    /// waits for it until this change ends; if the change comes to nothing, so does the number. Of one counter all
    /// numbers are drawn, or all are [`Tx::next_number`].
    pub async fn draw_number(&mut self, counter: &str) -> Result<i64> {
        match &self.numbers {
            Some(numbers) => numbers.draw(counter).await,
            None => self.next_number(counter).await,
        }
    }
}

/// The table that a writing statement names.
pub(crate) fn table_of(text: &str) -> &str {
    let mut words = text.split_whitespace();
    match words.next().map(str::to_ascii_lowercase).as_deref() {
        Some("update") => words.next().unwrap_or_default(),
        Some("insert" | "delete") => {
            words.next();
            words.next().map_or("", |word| word.split('(').next().unwrap_or(word))
        }
        _ => "",
    }
}
