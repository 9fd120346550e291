//! The answers between two pages: one row under the hash of the visitor's random token.
//!
//! They live for an hour after the last touch. Once sent, the row holds the receipt instead, so
//! that a second press of the button shows the same receipt.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::{Reader, Result, Tx, args};
use vault::blob::Hash;

use super::Answers;

/// How long answers are kept after the last touch.
pub const KEPT: SignedDuration = SignedDuration::from_hours(1);

/// The answers of a token, if they are still kept.
pub async fn load(reader: &mut Reader, token: &[u8; 32]) -> Result<Option<Answers>> {
    let since = reader.now() - KEPT;
    let fields: Option<String> = reader.value("select fields from form_answers where token = $1 and updated_at > $2", args![*token, since]).await?;
    fields.as_deref().map(read).transpose()
}

/// The answers of a token, held against everybody else until the change ends; made if they are not there.
pub async fn hold(tx: &mut Tx, token: &[u8; 32]) -> Result<Answers> {
    let (now, empty) = (tx.now(), write(&Answers::default())?);
    tx.execute(
        "insert into form_answers (token, fields, updated_at) values ($1, $2, $3) on conflict (token) do update set updated_at = excluded.updated_at",
        args![*token, empty, now],
    )
    .await?;
    let fields: Option<String> = tx.value("select fields from form_answers where token = $1", args![*token]).await?;
    read(&fields.ok_or(store::Error::Shape("the answers just written"))?)
}

/// Writes answers that are held.
pub async fn put(tx: &mut Tx, token: &[u8; 32], answers: &Answers) -> Result<()> {
    tx.execute("update form_answers set fields = $2 where token = $1", args![*token, write(answers)?]).await?;
    tidy_later(tx).await
}

/// Forgets the answers of a token.
pub async fn remove(tx: &mut Tx, token: &[u8; 32]) -> Result<()> {
    tx.execute("delete from form_answers where token = $1", args![*token]).await.map(drop)
}

/// The hashes of all files that wait, whoever's they are.
pub async fn waiting(reader: &mut Reader) -> Result<Vec<Hash>> {
    let mut hashes = Vec::new();
    for (fields,) in reader.rows::<(String,)>("select fields from form_answers", vec![]).await? {
        hashes.extend(read(&fields)?.files.into_iter().map(|file| file.hash));
    }
    Ok(hashes)
}

/// Forgets what nobody touched for an hour; gives it back, with what is left.
pub async fn expire(tx: &mut Tx) -> Result<(Vec<Answers>, Vec<Answers>)> {
    let since = tx.now() - KEPT;
    let rows: Vec<(String, Timestamp)> = tx.rows("select fields, updated_at from form_answers order by updated_at", vec![]).await?;
    tx.execute("delete from form_answers where updated_at <= $1", args![since]).await?;
    let (mut gone, mut left) = (Vec::new(), Vec::new());
    for (fields, at) in rows {
        if at <= since { gone.push(read(&fields)?) } else { left.push(read(&fields)?) }
    }
    Ok((gone, left))
}

/// Somebody comes and tidies when the answers' hour is over: one job for each quarter of an hour.
async fn tidy_later(tx: &mut Tx) -> Result<()> {
    let quarter = tx.now().as_second() / 900;
    let at = tx.now() + KEPT + SignedDuration::from_mins(16);
    tx.enqueue_at("tidy_form", json!({}), at, Some(&format!("tidy_form:{quarter}"))).await
}

fn read(fields: &str) -> Result<Answers> {
    serde_json::from_str(fields).map_err(|_| store::Error::Shape("answers as JSON"))
}

fn write(answers: &Answers) -> Result<String> {
    serde_json::to_string(answers).map_err(|_| store::Error::Shape("answers as JSON"))
}
