//! Sealed reports in SQL.

use store::{FromRow, Id, Reader, Result, Row, Statement, Tx, args};
use vault::blob::Hash;

use super::{Dialogue, Envelope};
use crate::access::Who;
use crate::named;

const DIALOGUE: &str = "select d.id, d.number, d.intake, d.grade, d.wrapped_key, d.day, d.state, d.answered_day, d.case_id, d.owner_id, d.warned, d.warned_on, d.delete_on, d.waits \
     from sealed_dialogues d ";

impl FromRow for Dialogue {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.get()?,
            number: row.get()?,
            intake: row.get()?,
            grade: row.get()?,
            wrapped_key: row.get()?,
            day: row.get()?,
            state: row.get()?,
            answered_day: row.get()?,
            case: row.get()?,
            owner: row.get()?,
            warned: row.get()?,
            warned_on: row.get()?,
            delete_on: row.get()?,
            waits: row.get()?,
        })
    }
}

const ENVELOPE: &str = "select e.id, e.dialogue_id, e.place, e.way, e.hash, e.head, e.body, e.size, e.bucket, e.manifest_version, e.sealed_to, e.day, e.told, e.grade from sealed_envelopes e ";

impl FromRow for Envelope {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.get()?,
            dialogue: row.get()?,
            place: row.get()?,
            way: row.get()?,
            hash: row.get()?,
            head: row.get()?,
            body: row.get()?,
            size: row.get()?,
            bucket: row.get()?,
            manifest_version: row.get()?,
            sealed_to: row.get()?,
            day: row.get()?,
            told: row.get()?,
            grade: row.get()?,
        })
    }
}

pub async fn add_dialogue(tx: &mut Tx, dialogue: &Dialogue, lookup: [u8; 32]) -> Result<()> {
    tx.execute(
        "insert into sealed_dialogues (id, number, intake, grade, lookup, wrapped_key, day, state, warned, delete_on) values ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9)",
        args![
            dialogue.id,
            &dialogue.number,
            &dialogue.intake,
            &dialogue.grade,
            lookup,
            dialogue.wrapped_key.clone(),
            &dialogue.day,
            &dialogue.state,
            dialogue.delete_on.clone()
        ],
    )
    .await
    .map(drop)
}

/// Writes what changes of a dialogue.
pub async fn save(tx: &mut Tx, dialogue: &Dialogue) -> Result<()> {
    tx.execute(
        "update sealed_dialogues set state = $2, answered_day = $3, case_id = $4, owner_id = $5, warned = $6, warned_on = $7, delete_on = $8, waits = $9 where id = $1",
        args![
            dialogue.id,
            &dialogue.state,
            dialogue.answered_day.clone(),
            dialogue.case,
            dialogue.owner,
            dialogue.warned,
            dialogue.warned_on.clone(),
            dialogue.delete_on.clone(),
            dialogue.waits
        ],
    )
    .await
    .map(drop)
}

pub async fn add_envelope(tx: &mut Tx, envelope: &Envelope) -> Result<()> {
    tx.execute(
        "insert into sealed_envelopes (id, dialogue_id, place, way, hash, head, body, size, bucket, manifest_version, day, told, sealed_to, grade) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        args![
            envelope.id,
            envelope.dialogue,
            envelope.place,
            &envelope.way,
            envelope.hash,
            envelope.head.clone(),
            envelope.body,
            envelope.size,
            envelope.bucket,
            envelope.manifest_version,
            &envelope.day,
            envelope.told,
            envelope.sealed_to,
            &envelope.grade
        ],
    )
    .await
    .map(drop)
}

pub async fn by_lookup(reader: &mut Reader, lookup: [u8; 32]) -> Result<Option<Dialogue>> {
    let mut statement = Statement::new(DIALOGUE);
    statement.push("where d.lookup = ").bind(lookup);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn by_number(reader: &mut Reader, number: &str) -> Result<Option<Dialogue>> {
    let mut statement = Statement::new(DIALOGUE);
    statement.push("where d.number = ").bind(number);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn dialogue(reader: &mut Reader, id: Id) -> Result<Option<Dialogue>> {
    let mut statement = Statement::new(DIALOGUE);
    statement.push("where d.id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// The dialogue as it is, and as it stays until this change ends.
pub async fn held(tx: &mut Tx, id: Id) -> Result<Option<Dialogue>> {
    tx.hold("sealed_dialogues", id).await?;
    dialogue(tx, id).await
}

/// Those that the team was told of, the newest first, of these intakes. What is a case by now is done, until its
/// reporter waits for an answer again.
pub async fn list(reader: &mut Reader, intakes: &[String], done: bool, before: Option<&str>, limit: u32) -> Result<Vec<Dialogue>> {
    if intakes.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(DIALOGUE);
    let which =
        if done { "where d.state in ('closed', 'deleted', 'unsealed', 'kept') and d.waits = 0" } else { "where (d.state in ('new', 'open') or d.waits = 1)" };
    statement.push(which);
    statement.push(" and d.intake in (").bind_list(intakes.iter().map(Into::into)).push(")");
    if let Some(before) = before {
        statement.push(" and d.number < ").bind(before);
    }
    statement.push(" order by d.number desc limit ").bind(i64::from(limit));
    reader.select(statement).await
}

/// Which of these dialogues belong to these intakes.
pub async fn of_intakes(reader: &mut Reader, intakes: &[String], dialogues: &[Id]) -> Result<Vec<Id>> {
    if intakes.is_empty() || dialogues.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select id from sealed_dialogues where intake in (");
    statement.bind_list(intakes.iter().map(Into::into)).push(") and id in (").bind_list(dialogues.iter().map(Into::into)).push(")");
    Ok(reader.select::<(Id,)>(statement).await?.into_iter().map(|(id,)| id).collect())
}

pub async fn count_new(reader: &mut Reader, intakes: &[String]) -> Result<i64> {
    if intakes.is_empty() {
        return Ok(0);
    }
    let mut statement = Statement::new("select count(*) from (select 1 as one from sealed_dialogues d where d.state = 'new' and d.intake in (");
    statement.bind_list(intakes.iter().map(Into::into)).push(") limit 101) waiting");
    let rows: Vec<(i64,)> = reader.select(statement).await?;
    Ok(rows.first().map_or(0, |row| row.0))
}

/// How many wait unopened, whether the team was told or not: of all, or of those that cost their reporters no work.
pub async fn count_unopened(reader: &mut Reader, free: bool, most: u32) -> Result<i64> {
    let text = if free {
        "select count(*) from (select 1 as one from sealed_dialogues where state in ('arrived', 'new') and grade <> 'A' limit $1) waiting"
    } else {
        "select count(*) from (select 1 as one from sealed_dialogues where state in ('arrived', 'new') limit $1) waiting"
    };
    reader.count(text, args![i64::from(most) + 1]).await
}

/// What came on one day: of all, and of it what cost its reporters no work.
#[derive(Clone, Copy, Debug, Default)]
pub struct Day {
    pub reports: i64,
    pub free_reports: i64,
    pub bytes: i64,
    pub free_bytes: i64,
}

pub async fn of_day(reader: &mut Reader, day: &str) -> Result<Day> {
    let text = "select count(*), cast(coalesce(sum(case when grade <> 'A' then 1 else 0 end), 0) as bigint) from sealed_dialogues where day = $1";
    let (reports, free_reports): (i64, i64) = reader.row(text, args![day]).await?.unwrap_or_default();
    let text = "select cast(coalesce(sum(e.size), 0) as bigint), cast(coalesce(sum(case when e.grade <> 'A' then e.size else 0 end), 0) as bigint) \
         from sealed_envelopes e where e.day = $1 and e.way = 'in'";
    let (bytes, free_bytes): (i64, i64) = reader.row(text, args![day]).await?.unwrap_or_default();
    Ok(Day { reports, free_reports, bytes, free_bytes })
}

pub async fn envelopes(reader: &mut Reader, dialogue: Id) -> Result<Vec<Envelope>> {
    let mut statement = Statement::new(ENVELOPE);
    statement.push("where e.dialogue_id = ").bind(dialogue).push(" order by e.place");
    reader.select(statement).await
}

/// Of what the team was told of in each of these dialogues: the sizes as far as they are said, summed up, and the weakest grade.
pub async fn sizes(reader: &mut Reader, dialogues: &[Id]) -> Result<Vec<(Id, i64, String)>> {
    if dialogues.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement =
        Statement::new("select e.dialogue_id, cast(sum(e.bucket) as bigint), max(e.grade) from sealed_envelopes e where e.told = 1 and e.dialogue_id in (");
    statement.bind_list(dialogues.iter().map(Into::into)).push(") group by e.dialogue_id");
    reader.select(statement).await
}

/// What the team was not told of yet.
pub async fn untold(reader: &mut Reader, limit: u32) -> Result<Vec<Envelope>> {
    let mut statement = Statement::new(ENVELOPE);
    statement.push("where e.told = 0 order by e.dialogue_id, e.place limit ").bind(i64::from(limit));
    reader.select(statement).await
}

/// Whether an envelope is there and the team was not told of it.
pub async fn waits_to_be_told(reader: &mut Reader, envelope: Id) -> Result<bool> {
    Ok(reader.value::<i64>("select 1 from sealed_envelopes where id = $1 and told = 0", args![envelope]).await?.is_some())
}

/// Whether a dialogue has something that the team was not told of.
pub async fn has_untold(reader: &mut Reader, dialogue: Id) -> Result<bool> {
    Ok(reader.value::<i64>("select 1 from sealed_envelopes where told = 0 and dialogue_id = $1 limit 1", args![dialogue]).await?.is_some())
}

pub async fn tell(tx: &mut Tx, envelope: Id) -> Result<()> {
    tx.execute("update sealed_envelopes set told = 1 where id = $1", args![envelope]).await.map(drop)
}

/// The newest head of an envelope, if it was wrapped anew, with its manifest's version.
pub async fn head(reader: &mut Reader, envelope: Id) -> Result<Option<(Vec<u8>, i64)>> {
    reader.row("select head, manifest_version from sealed_heads where envelope_id = $1 order by manifest_version desc limit 1", args![envelope]).await
}

/// The manifest's version of the newest head of each of these envelopes that was wrapped anew.
pub async fn head_versions(reader: &mut Reader, envelopes: &[Id]) -> Result<Vec<(Id, i64)>> {
    if envelopes.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select envelope_id, max(manifest_version) from sealed_heads where envelope_id in (");
    statement.bind_list(envelopes.iter().map(Into::into)).push(") group by envelope_id");
    reader.select(statement).await
}

/// What the team was told of in an intake, and what was wrapped for an older manifest than this one.
const WRAPPED_BEFORE: &str = "from sealed_dialogues d join sealed_envelopes e on e.dialogue_id = d.id \
     where d.state in ('new', 'open', 'kept', 'unsealed', 'closed') and e.told = 1 and d.intake = ";

fn wrapped_before(what: &'static str, intake: &str, version: i64) -> Statement {
    let mut statement = Statement::new(what);
    statement.push(WRAPPED_BEFORE).bind(intake).push(" and e.sealed_to < ").bind(version);
    statement.push(" and not exists (select 1 from sealed_heads h where h.envelope_id = e.id and h.manifest_version >= ").bind(version).push(")");
    statement
}

/// How many there are.
pub async fn count_wrapped_before(reader: &mut Reader, intake: &str, version: i64) -> Result<i64> {
    let counted: Vec<(i64,)> = reader.select(wrapped_before("select count(*) ", intake, version)).await?;
    Ok(counted.first().map_or(0, |row| row.0))
}

/// Number and place of those behind this one, in that order.
pub async fn list_wrapped_before(reader: &mut Reader, intake: &str, version: i64, behind: &(String, i64), limit: u32) -> Result<Vec<(String, i64)>> {
    let mut statement = wrapped_before("select d.number, e.place ", intake, version);
    statement.push(" and (d.number > ").bind(behind.0.as_str()).push(" or d.number = ").bind(behind.0.as_str());
    statement.push(" and e.place > ").bind(behind.1).push(") order by d.number, e.place limit ").bind(i64::from(limit));
    reader.select(statement).await
}

pub async fn add_head(tx: &mut Tx, envelope: Id, head: &[u8], version: i64, who: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into sealed_heads (envelope_id, head, manifest_version, made_at, by_whom) values ($1, $2, $3, $4, $5) \
         on conflict (envelope_id, manifest_version) do update set head = excluded.head, made_at = excluded.made_at, by_whom = excluded.by_whom",
        args![envelope, head, version, now, who],
    )
    .await
    .map(drop)
}

/// Dialogues whose day to warn or to delete has come: those to delete before a day.
pub async fn ending(reader: &mut Reader, before: &str, limit: u32) -> Result<Vec<Dialogue>> {
    let mut statement = Statement::new(DIALOGUE);
    statement.push("where d.delete_on is not null and d.state in ('new', 'open', 'closed') and d.delete_on <= ").bind(before);
    statement.push(" order by d.delete_on, d.number limit ").bind(i64::from(limit));
    reader.select(statement).await
}

/// What reporters deleted before this day and the journal does not know of yet.
pub async fn deleted_quietly(reader: &mut Reader, before: &str) -> Result<Vec<Dialogue>> {
    let mut statement = Statement::new(DIALOGUE);
    statement.push("where d.state = 'gone' and (d.gone_day is null or d.gone_day < ").bind(before).push(") order by d.number limit 200");
    reader.select(statement).await
}

/// The day on which its reporter deleted it; none once the journal has it.
pub async fn note_gone(tx: &mut Tx, dialogue: Id, day: Option<&str>) -> Result<()> {
    tx.execute("update sealed_dialogues set gone_day = $2 where id = $1", args![dialogue, day.map(str::to_owned)]).await.map(drop)
}

/// The condition that a viewer may know of what belongs to this intake (a column, null for what is no sealed report): for
/// those who hold a key of it, or for all if nobody's own key is among them.
pub fn push_known(statement: &mut Statement, who: &Who, intake: &'static str) {
    let Some(person) = who.person() else {
        statement.push("1 = 1");
        return;
    };
    statement
        .push("(")
        .push(intake)
        .push(" is null or not exists (select 1 from sealed_certs h where h.removed_at is null and h.person_id is not null and h.intake = ")
        .push(intake);
    statement
        .push(") or exists (select 1 from sealed_certs h where h.removed_at is null and h.intake = ")
        .push(intake)
        .push(" and h.person_id = ")
        .bind(person.id)
        .push("))");
}

/// Takes everything of a dialogue away but its number; says which blobs were its own.
pub async fn purge(tx: &mut Tx, dialogue: Id, state: &str) -> Result<Vec<Hash>> {
    tx.hold("sealed_dialogues", dialogue).await?;
    let hashes: Vec<(Hash,)> = tx.rows("select body from sealed_envelopes where dialogue_id = $1", args![dialogue]).await?;
    tx.execute("delete from sealed_heads where envelope_id in (select id from sealed_envelopes where dialogue_id = $1)", args![dialogue]).await?;
    tx.execute("delete from sealed_envelopes where dialogue_id = $1", args![dialogue]).await?;
    let nobody: [u8; 32] = tx.random();
    tx.execute(
        "update sealed_dialogues set state = $2, lookup = $3, wrapped_key = null, delete_on = null, waits = 0 where id = $1",
        args![dialogue, state, nobody],
    )
    .await?;
    let mut hashes: Vec<Hash> = hashes.into_iter().map(|(hash,)| hash).collect();
    // The same bytes may be a file of an ordinary report: what others name stays, and whoever is about to name it is
    // waited for.
    tx.hold_blobs(&hashes).await?;
    let held = named::held(tx, &hashes).await?;
    hashes.retain(|hash| !held.contains(hash));
    for hash in &hashes {
        tx.forget(*hash).await?;
    }
    Ok(hashes)
}
