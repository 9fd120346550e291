//! The SQL of what was taken over.

use ::store::{FromRow, Id, Reader, Row, Tx, args};
use jiff::Timestamp;
use vault::blob::Hash;

use super::Read;
use crate::Result;

/// A version of somebody's document that was taken over.
#[derive(Clone, Debug)]
pub struct Origin {
    /// What was made of it.
    pub publication: Id,
    /// Its version.
    pub version: String,
    /// When its publisher released it.
    pub released_at: Option<Timestamp>,
    /// Its bytes as they came.
    pub raw: Hash,
}

impl FromRow for Origin {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { publication: row.get()?, version: row.get()?, released_at: row.get()?, raw: row.get()? })
    }
}

/// Every version of a document that was taken.
pub async fn all(reader: &mut Reader, namespace: &str, id: &str) -> Result<Vec<Origin>> {
    let text = "select publication_id, version, released_at, raw from publication_origins where namespace = $1 and document_id = $2";
    Ok(reader.rows(text, args![namespace, id]).await?)
}

pub async fn insert(tx: &mut Tx, read: &Read, origin: &Origin, by: &str) -> Result<()> {
    let (id, now) = (tx.new_id(), tx.now());
    let text = "insert into publication_origins (id, publication_id, namespace, document_id, version, released_at, url, raw, at, by_whom) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    let url = read.content.origin.as_ref().map(|of| of.url.clone()).unwrap_or_default();
    let values = args![id, origin.publication, &read.namespace, &read.id, &origin.version, origin.released_at, url, origin.raw, now, by];
    tx.execute(text, values).await?;
    Ok(())
}

/// The versions that a publication was taken from and when, the newest first.
pub async fn of(reader: &mut Reader, publication: Id) -> Result<Vec<(String, Timestamp)>> {
    Ok(reader.rows("select version, at from publication_origins where publication_id = $1 order by at desc", args![publication]).await?)
}
