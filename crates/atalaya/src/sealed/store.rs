//! Sealed reports in SQL.

use store::{FromRow, Id, Reader, Result, Row, Statement, Tx, args};
use vault::blob::Hash;

use super::keys::Cert;
use super::manifest::Manifest;
use super::offline::Signed;
use super::{Dialogue, Envelope};

const CERTS: &str = "select fingerprint, intake, armored, name, purpose, person_id, expires_at from sealed_certs where removed_at is null";

pub async fn certs(reader: &mut Reader, intake: Option<&str>) -> Result<Vec<Cert>> {
    let mut statement = Statement::new(CERTS);
    if let Some(intake) = intake {
        statement.push(" and intake = ").bind(intake);
    }
    statement.push(" order by purpose, name, fingerprint");
    reader.select(statement).await
}

pub async fn add_cert(tx: &mut Tx, cert: &Cert) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into sealed_certs (fingerprint, intake, armored, name, purpose, person_id, expires_at, added_at) values ($1, $2, $3, $4, $5, $6, $7, $8) \
         on conflict (fingerprint, intake) do update set armored = excluded.armored, name = excluded.name, purpose = excluded.purpose, \
         person_id = excluded.person_id, expires_at = excluded.expires_at, removed_at = null",
        args![&cert.fingerprint, &cert.intake, &cert.armored, &cert.name, &cert.purpose, cert.person, cert.expires_at, now],
    )
    .await
    .map(drop)
}

pub async fn remove_team(tx: &mut Tx) -> Result<()> {
    let now = tx.now();
    tx.execute("update sealed_certs set removed_at = $1 where purpose = 'team' and removed_at is null", args![now]).await.map(drop)
}

pub async fn remove_cert(tx: &mut Tx, cert: &Cert) -> Result<()> {
    let now = tx.now();
    tx.execute("update sealed_certs set removed_at = $3 where fingerprint = $1 and intake = $2", args![&cert.fingerprint, &cert.intake, now]).await.map(drop)
}

pub async fn newest_version(reader: &mut Reader, intake: &str) -> Result<Option<i64>> {
    reader.value("select version from sealed_manifests where intake = $1 order by version desc limit 1", args![intake]).await
}

pub async fn manifest(reader: &mut Reader, intake: &str, version: i64) -> Result<Option<String>> {
    reader.value("select text from sealed_manifests where intake = $1 and version = $2", args![intake, version]).await
}

pub async fn add_manifest(tx: &mut Tx, manifest: &Manifest, text: &str, from: jiff::Timestamp, to: jiff::Timestamp) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into sealed_manifests (intake, version, text, not_before, not_after, made_at) values ($1, $2, $3, $4, $5, $6)",
        args![&manifest.intake, manifest.version, text, from, to, now],
    )
    .await
    .map(drop)
}

const DIALOGUE: &str = "select d.id, d.number, d.intake, d.grade, d.wrapped_key, d.day, d.state, d.answered_day, d.case_id, d.owner_id, d.warned, d.warned_on, d.delete_on \
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
        })
    }
}

const ENVELOPE: &str = "select e.id, e.dialogue_id, e.place, e.way, e.hash, e.head, e.body, e.size, e.bucket, e.manifest_version, e.day, e.told, e.read_day from sealed_envelopes e ";

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
            day: row.get()?,
            told: row.get()?,
            read_day: row.get()?,
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
        "update sealed_dialogues set state = $2, answered_day = $3, case_id = $4, owner_id = $5, warned = $6, warned_on = $7, delete_on = $8 where id = $1",
        args![
            dialogue.id,
            &dialogue.state,
            dialogue.answered_day.clone(),
            dialogue.case,
            dialogue.owner,
            dialogue.warned,
            dialogue.warned_on.clone(),
            dialogue.delete_on.clone()
        ],
    )
    .await
    .map(drop)
}

pub async fn add_envelope(tx: &mut Tx, envelope: &Envelope) -> Result<()> {
    tx.execute(
        "insert into sealed_envelopes (id, dialogue_id, place, way, hash, head, body, size, bucket, manifest_version, day, told) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
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
            envelope.told
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

/// Those that the team was told of, the newest first, of these intakes.
pub async fn list(reader: &mut Reader, intakes: &[String], done: bool, before: Option<&str>, limit: u32) -> Result<Vec<Dialogue>> {
    if intakes.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(DIALOGUE);
    statement.push(if done { "where d.state in ('closed', 'deleted', 'unsealed', 'kept')" } else { "where d.state in ('new', 'open')" });
    statement.push(" and d.intake in (").bind_list(intakes.iter().map(Into::into)).push(")");
    if let Some(before) = before {
        statement.push(" and d.number < ").bind(before);
    }
    statement.push(" order by d.number desc limit ").bind(i64::from(limit));
    reader.select(statement).await
}

/// Those that are a case by now and whose last message is the reporter's: at most 50, in no order.
pub async fn waiting_cases(reader: &mut Reader, intakes: &[String]) -> Result<Vec<Dialogue>> {
    if intakes.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new(DIALOGUE);
    statement.push("where d.state in ('kept', 'unsealed') and d.intake in (").bind_list(intakes.iter().map(Into::into));
    statement.push(
        ") and exists (select 1 from sealed_envelopes e where e.dialogue_id = d.id and e.told = 1 and e.way = 'in' \
         and not exists (select 1 from sealed_envelopes o where o.dialogue_id = d.id and o.way = 'out' and o.place > e.place)) limit 50",
    );
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

/// How many wait unopened, whether the team was told or not.
pub async fn count_unopened(reader: &mut Reader, most: u32) -> Result<i64> {
    reader
        .count("select count(*) from (select 1 as one from sealed_dialogues where state in ('arrived', 'new') limit $1) waiting", args![i64::from(most) + 1])
        .await
}

/// Reports and bytes of one day.
pub async fn of_day(reader: &mut Reader, day: &str) -> Result<(i64, i64)> {
    let reports = reader.count("select count(*) from sealed_dialogues where day = $1", args![day]).await?;
    let bytes: Option<i64> =
        reader.value("select cast(coalesce(sum(size), 0) as bigint) from sealed_envelopes where day = $1 and way = 'in'", args![day]).await?;
    Ok((reports, bytes.unwrap_or(0)))
}

pub async fn envelopes(reader: &mut Reader, dialogue: Id) -> Result<Vec<Envelope>> {
    let mut statement = Statement::new(ENVELOPE);
    statement.push("where e.dialogue_id = ").bind(dialogue).push(" order by e.place");
    reader.select(statement).await
}

/// The sizes of what the team was told of in each of these dialogues, as far as they are said, summed up.
pub async fn sizes(reader: &mut Reader, dialogues: &[Id]) -> Result<Vec<(Id, i64)>> {
    if dialogues.is_empty() {
        return Ok(Vec::new());
    }
    let mut statement = Statement::new("select e.dialogue_id, cast(sum(e.bucket) as bigint) from sealed_envelopes e where e.told = 1 and e.dialogue_id in (");
    statement.bind_list(dialogues.iter().map(Into::into)).push(") group by e.dialogue_id");
    reader.select(statement).await
}

/// What the team was not told of yet.
pub async fn untold(reader: &mut Reader, limit: u32) -> Result<Vec<Envelope>> {
    let mut statement = Statement::new(ENVELOPE);
    statement.push("where e.told = 0 order by e.dialogue_id, e.place limit ").bind(i64::from(limit));
    reader.select(statement).await
}

pub async fn tell(tx: &mut Tx, envelope: Id) -> Result<()> {
    tx.execute("update sealed_envelopes set told = 1 where id = $1", args![envelope]).await.map(drop)
}

pub async fn read(tx: &mut Tx, dialogue: Id, place: i64, day: &str) -> Result<()> {
    tx.execute("update sealed_envelopes set read_day = $3 where dialogue_id = $1 and place = $2 and read_day is null", args![dialogue, place, day])
        .await
        .map(drop)
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

/// Number and place of what the team was told of in an intake and what was wrapped for an older manifest than
/// this one: at most 1,000, in no order.
pub async fn wrapped_before(reader: &mut Reader, intake: &str, version: i64) -> Result<Vec<(String, i64)>> {
    reader
        .rows(
            "select d.number, e.place from sealed_dialogues d join sealed_envelopes e on e.dialogue_id = d.id \
             where d.intake = $1 and d.state in ('new', 'open', 'kept', 'unsealed', 'closed') and e.told = 1 and e.manifest_version < $2 \
             and not exists (select 1 from sealed_heads h where h.envelope_id = e.id and h.manifest_version >= $2) limit 1000",
            args![intake, version],
        )
        .await
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

/// What reporters deleted and the journal does not know of yet.
pub async fn deleted_quietly(reader: &mut Reader) -> Result<Vec<Dialogue>> {
    let mut statement = Statement::new(DIALOGUE);
    statement.push("where d.state = 'gone' order by d.number limit 200");
    reader.select(statement).await
}

/// The page that the team signed for an intake and a language.
pub async fn page(reader: &mut Reader, intake: &str, language: &str) -> Result<Option<Signed>> {
    let mut statement = Statement::new("select version, page, signature from sealed_pages where intake = ");
    statement.bind(intake).push(" and language = ").bind(language);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// Intake, language and manifest of all signed pages.
pub async fn pages(reader: &mut Reader) -> Result<Vec<(String, String, i64)>> {
    reader.rows("select intake, language, version from sealed_pages order by intake, language", args![]).await
}

pub async fn add_page(tx: &mut Tx, intake: &str, language: &str, signed: &Signed) -> Result<()> {
    let now = tx.now();
    tx.execute(
        "insert into sealed_pages (intake, language, version, page, signature, made_at) values ($1, $2, $3, $4, $5, $6) \
         on conflict (intake, language) do update set version = excluded.version, page = excluded.page, signature = excluded.signature, made_at = excluded.made_at",
        args![intake, language, signed.version, signed.page, &signed.signature, now],
    )
    .await
    .map(drop)
}

/// The newest list of check sums.
pub async fn sums(reader: &mut Reader) -> Result<Option<String>> {
    reader.value("select text from sealed_sums order by made_at desc limit 1", args![]).await
}

pub async fn add_sums(tx: &mut Tx, text: &str) -> Result<()> {
    let now = tx.now();
    tx.execute("insert into sealed_sums (made_at, text) values ($1, $2) on conflict (made_at) do update set text = excluded.text", args![now, text])
        .await
        .map(drop)
}

/// Takes everything of a dialogue away but its number; says which blobs were its own.
pub async fn purge(tx: &mut Tx, dialogue: Id, state: &str) -> Result<Vec<Hash>> {
    let hashes: Vec<(Hash,)> = tx.rows("select body from sealed_envelopes where dialogue_id = $1", args![dialogue]).await?;
    tx.execute("delete from sealed_heads where envelope_id in (select id from sealed_envelopes where dialogue_id = $1)", args![dialogue]).await?;
    tx.execute("delete from sealed_envelopes where dialogue_id = $1", args![dialogue]).await?;
    let nobody: [u8; 32] = tx.random();
    tx.execute("update sealed_dialogues set state = $2, lookup = $3, wrapped_key = null, delete_on = null where id = $1", args![dialogue, state, nobody])
        .await?;
    let hashes: Vec<Hash> = hashes.into_iter().map(|(hash,)| hash).collect();
    for hash in &hashes {
        tx.forget(*hash).await?;
    }
    Ok(hashes)
}
