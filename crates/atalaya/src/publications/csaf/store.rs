//! The SQL of documents.

use ::store::{FromRow, Id, Reader, Row, Tx, args};
use formats::label::Tlp;

use crate::Result;

/// The documents of a version.
#[derive(Clone, Debug)]
pub struct Document {
    /// The publication.
    pub publication: Id,
    /// Its version.
    pub version: i64,
    /// The tracking id.
    pub id: String,
    /// Its label.
    pub label: Tlp,
    /// CSAF 2.0, as it is signed.
    pub v20: Option<Vec<u8>>,
    /// CSAF 2.1.
    pub v21: Option<Vec<u8>>,
}

/// A document with its signatures, as the tree needs it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The publication.
    pub publication: Id,
    /// Its version.
    pub version: i64,
    /// The tracking id.
    pub id: String,
    /// The label.
    pub label: Tlp,
    /// CSAF 2.0 and its detached signature.
    pub v20: Option<(Vec<u8>, String)>,
    /// CSAF 2.1 and its detached signature.
    pub v21: Option<(Vec<u8>, String)>,
}

impl FromRow for Kept {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let (publication, version, id) = (row.get()?, row.get()?, row.get()?);
        // A label that cannot be read is for nobody.
        let label = row.get::<String>()?.parse().unwrap_or(Tlp::Red);
        let (v20, s20): (Option<Vec<u8>>, String) = (row.get()?, row.get()?);
        let (v21, s21): (Option<Vec<u8>>, String) = (row.get()?, row.get()?);
        Ok(Self { publication, version, id, label, v20: v20.map(|bytes| (bytes, s20)), v21: v21.map(|bytes| (bytes, s21)) })
    }
}

pub async fn insert(tx: &mut Tx, one: &Document) -> Result<()> {
    tx.execute(
        "insert into csaf_documents (publication_id, version, document_id, label, v20, v21, signature20, signature21) values ($1, $2, $3, $4, $5, $6, '', '')",
        args![one.publication, one.version, &one.id, one.label.as_str(), one.v20.clone(), one.v21.clone()],
    )
    .await?;
    Ok(())
}

impl Kept {
    /// Whether each of its documents has its signature.
    pub fn is_signed(&self) -> bool {
        [&self.v20, &self.v21].into_iter().flatten().all(|(_, signature)| !signature.is_empty())
    }
}

const KEPT: &str = "select d.publication_id, d.version, d.document_id, d.label, d.v20, d.signature20, d.v21, d.signature21 from csaf_documents d ";

/// All documents, publication by publication, the oldest version first.
pub async fn all(reader: &mut Reader) -> Result<Vec<Kept>> {
    let mut statement = ::store::Statement::new(KEPT);
    statement.push("order by d.publication_id, d.version");
    Ok(reader.select(statement).await?)
}

/// What the tree is made of, as one number: it grows with each document and each signature.
pub async fn made_of(reader: &mut Reader) -> Result<i64> {
    let text = "select count(*) + coalesce(sum(case when signature20 = '' then 0 else 1 end), 0) + coalesce(sum(case when signature21 = '' then 0 else 1 end), 0) from csaf_documents";
    Ok(reader.count(text, vec![]).await?)
}

pub async fn set_signatures(tx: &mut Tx, publication: Id, version: i64, signatures: [&str; 2]) -> Result<()> {
    let [first, second] = signatures;
    tx.execute(
        "update csaf_documents set signature20 = $3, signature21 = $4 where publication_id = $1 and version = $2",
        args![publication, version, first, second],
    )
    .await?;
    Ok(())
}
