//! Drafts save themselves: what somebody types stands in the database before they press the button.
//!
//! A draft belongs to a person and to a form (`noun` and id), and remembers the version of the
//! thing that the form was filled from. House-keeping: losing one costs typing, never knowledge.

use jiff::Timestamp;
use store::{Id, Reader, Tx, args};

use crate::web::Fields;
use crate::{App, Error, Result};

/// Forms that keep drafts: a case, its extent and its closing; a note, before it is kept (by the case) and after; what is
/// recommended to a party; a call, of a party or as a new report; advice on a report, and where it is referred to. A
/// message to a party has a draft of its own.
pub const NOUNS: [&str; 9] = ["case", "new-case", "extent", "closing", "note", "recommendation", "call", "answer", "refer"];

/// The id of forms that make something new.
pub const NEW: Id = Id([0; 16]);

/// Most bytes of one draft.
const MOST: usize = 200_000;

/// What somebody typed and did not send yet.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The fields.
    pub fields: Fields,
    /// Version of the thing that the form was filled from.
    pub base_version: i64,
    /// When it was saved.
    pub at: Timestamp,
}

/// Saves a draft. Fields that no person typed (`version`) are kept as the base.
pub async fn save_draft(app: &App, person: Id, noun: &str, id: Id, fields: &Fields) -> Result<Timestamp> {
    if !NOUNS.contains(&noun) {
        return Err(Error::NotFound);
    }
    let text = serde_json::to_string(&fields.0).map_err(Error::fault)?;
    if text.len() > MOST {
        return Err(Error::invalid("This is too long to be kept as a draft"));
    }
    let base: i64 = fields.get("version").parse().unwrap_or(0);
    let now = app.now();
    app.db
        .keep_house(async |tx| {
            tx.execute(
                "insert into drafts (person_id, noun, noun_id, fields, base_version, updated_at) values ($1, $2, $3, $4, $5, $6) \
                 on conflict (person_id, noun, noun_id) do update set fields = excluded.fields, base_version = excluded.base_version, updated_at = excluded.updated_at",
                args![person, noun, id, text, base, now],
            )
            .await
        })
        .await?;
    Ok(now)
}

/// The draft of a form, if this person left one.
pub async fn draft(reader: &mut Reader, person: Id, noun: &str, id: Id) -> Result<Option<Draft>> {
    let row: Option<(String, i64, Timestamp)> =
        reader.row("select fields, base_version, updated_at from drafts where person_id = $1 and noun = $2 and noun_id = $3", args![person, noun, id]).await?;
    let Some((fields, base_version, at)) = row else { return Ok(None) };
    Ok(Some(Draft { fields: Fields(serde_json::from_str(&fields).map_err(Error::fault)?), base_version, at }))
}

/// The draft was sent or thrown away.
pub async fn drop_draft_in(tx: &mut Tx, person: Id, noun: &str, id: Id) -> store::Result<()> {
    tx.execute("delete from drafts where person_id = $1 and noun = $2 and noun_id = $3", args![person, noun, id]).await?;
    Ok(())
}

/// The draft was sent or thrown away.
pub async fn drop_draft(app: &App, person: Id, noun: &str, id: Id) -> Result<()> {
    Ok(app.db.keep_house(async |tx| drop_draft_in(tx, person, noun, id).await).await?)
}
