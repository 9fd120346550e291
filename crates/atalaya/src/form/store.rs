//! The answers between two pages: one row under the hash of the visitor's random token, and one for
//! each file that waits, so that tidying reads no answers.
//!
//! They live for an hour after the last touch. Once sent, the row holds the receipt instead, so
//! that a second press of the button shows the same receipt.

use jiff::SignedDuration;
use serde_json::json;
use store::{Error, FromRow, Reader, Result, Row, Tx, args};
use vault::blob::Hash;

use super::{Answers, Waiting};

/// How long answers are kept after the last touch.
pub const KEPT: SignedDuration = SignedDuration::from_hours(1);
/// And until somebody has tidied, at the longest.
const BETWEEN: SignedDuration = SignedDuration::from_mins(16);

impl FromRow for Waiting {
    fn from_row(row: &mut Row) -> Result<Self> {
        let id = u32::try_from(row.get::<i64>()?).map_err(|_| Error::Shape("the number of a file"))?;
        Ok(Self { id, name: row.get()?, media_type: row.get()?, hash: row.get()?, size: row.get()? })
    }
}

/// The answers of a token, if they are still kept.
pub async fn load(reader: &mut Reader, token: &[u8; 32]) -> Result<Option<Answers>> {
    let since = reader.now() - KEPT;
    let fields: Option<String> = reader.value("select fields from form_answers where token = $1 and updated_at > $2", args![*token, since]).await?;
    match fields {
        Some(fields) => Ok(Some(whole(reader, token, &fields).await?)),
        None => Ok(None),
    }
}

/// The answers of a token, held against everybody else until the change ends; made if they are not there.
pub async fn hold(tx: &mut Tx, token: &[u8; 32]) -> Result<Answers> {
    let (now, empty) = (tx.now(), write(&Answers::default())?);
    let text = "insert into form_answers (token, fields, updated_at) values ($1, $2, $3) \
         on conflict (token) do update set updated_at = excluded.updated_at returning fields";
    let fields: Option<String> = tx.returned(text, args![*token, empty, now]).await?;
    whole(tx, token, &fields.ok_or(Error::Shape("the answers just written"))?).await
}

/// [`hold`] for answers that are still being given: not those that were sent, nor those whose hour is over.
pub async fn hold_open(tx: &mut Tx, token: &[u8; 32]) -> Result<Option<Answers>> {
    let (now, since) = (tx.now(), tx.now() - KEPT);
    let text = "update form_answers set updated_at = $2 where token = $1 and updated_at > $3 returning fields";
    match tx.returned::<String>(text, args![*token, now, since]).await? {
        Some(fields) => Ok(Some(whole(tx, token, &fields).await?).filter(|answers| answers.sent.is_none())),
        None => Ok(None),
    }
}

/// The first answers under a new token.
pub async fn begin(tx: &mut Tx, token: &[u8; 32], answers: &Answers) -> Result<()> {
    let now = tx.now();
    tx.execute("insert into form_answers (token, fields, updated_at) values ($1, $2, $3)", args![*token, write(answers)?, now]).await?;
    tidy_after(tx, KEPT + BETWEEN).await
}

/// Answers with their files.
async fn whole(reader: &mut Reader, token: &[u8; 32], fields: &str) -> Result<Answers> {
    let answers: Answers = serde_json::from_str(fields).map_err(|_| Error::Shape("answers as JSON"))?;
    let files = reader.rows("select id, name, media_type, hash, size from form_files where token = $1 order by id", args![*token]).await?;
    Ok(Answers { files, ..answers })
}

/// Writes answers that are held, but for their files.
pub async fn put(tx: &mut Tx, token: &[u8; 32], answers: &Answers) -> Result<()> {
    tx.execute("update form_answers set fields = $2 where token = $1", args![*token, write(answers)?]).await.map(drop)
}

/// Writes the files of answers that are held.
pub async fn put_files(tx: &mut Tx, token: &[u8; 32], files: &[Waiting]) -> Result<()> {
    tx.execute("delete from form_files where token = $1", args![*token]).await?;
    for file in files {
        tx.execute(
            "insert into form_files (token, id, name, media_type, hash, size) values ($1, $2, $3, $4, $5, $6)",
            args![*token, file.id, &file.name, &file.media_type, file.hash, file.size],
        )
        .await?;
    }
    // The row may be a new one, if its hour ended while a file was on its way.
    if files.is_empty() { Ok(()) } else { tidy_after(tx, KEPT + BETWEEN).await }
}

/// Forgets the answers of a token.
pub async fn remove(tx: &mut Tx, token: &[u8; 32]) -> Result<()> {
    tx.execute("delete from form_answers where token = $1", args![*token]).await?;
    tx.execute("delete from form_files where token = $1", args![*token]).await.map(drop)
}

/// Whether a file of this hash waits, whoever's it is.
pub async fn waits(reader: &mut Reader, hash: Hash) -> Result<bool> {
    Ok(reader.value::<i64>("select 1 from form_files where hash = $1 limit 1", args![hash]).await?.is_some())
}

/// Forgets what nobody touched for an hour. Gives the files that were left over, and whether anybody is still at it.
pub async fn expire(tx: &mut Tx) -> Result<(Vec<Hash>, bool)> {
    let since = tx.now() - KEPT;
    tx.execute("delete from form_answers where updated_at <= $1", args![since]).await?;
    let left_over = "select distinct hash from form_files where not exists (select 1 from form_answers a where a.token = form_files.token)";
    let gone: Vec<(Hash,)> = tx.rows(left_over, vec![]).await?;
    tx.execute("delete from form_files where not exists (select 1 from form_answers a where a.token = form_files.token)", vec![]).await?;
    let any: Option<i64> = tx.value("select 1 from form_answers limit 1", vec![]).await?;
    if any.is_some() {
        // Somebody is at it, and touched the answers since somebody was to come and tidy.
        tidy_after(tx, BETWEEN).await?;
    }
    Ok((gone.into_iter().map(|(hash,)| hash).collect(), any.is_some()))
}

/// Somebody comes and tidies then, and again until nobody is at it: one job for each quarter of an hour.
async fn tidy_after(tx: &mut Tx, wait: SignedDuration) -> Result<()> {
    let at = tx.now() + wait;
    tx.enqueue_at("tidy_form", json!({}), at, Some(&format!("tidy_form:{}", at.as_second() / 900))).await
}

fn write(answers: &Answers) -> Result<String> {
    serde_json::to_string(answers).map_err(|_| Error::Shape("answers as JSON"))
}
