//! The SQL of documents. Lists read what is said of them and leave the bytes where they are.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, args};
use csaf::provider::Sums;
use csaf::write::Edition;
use formats::label::Tlp;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Which documents: those of a version in a language.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The publication.
    pub publication: Id,
    /// Its version.
    pub version: i64,
    /// The language of a translation; empty for the original.
    pub language: String,
}

/// What lists say of a document, as it left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its title.
    pub title: String,
    /// What it is, in two lines.
    pub summary: String,
    /// Its language.
    pub language: String,
    /// Sectors of the profile, by their ids.
    pub sectors: Vec<String>,
    /// Who makes its products.
    pub vendors: Vec<String>,
    /// When the first version left.
    pub first_at: Timestamp,
    /// When this one did.
    pub at: Timestamp,
    /// The sums of the 2.0 document.
    pub v20: Option<Sums>,
    /// Of the 2.1 document.
    pub v21: Option<Sums>,
}

/// The documents of a version as they leave.
#[derive(Clone, Debug)]
pub struct Document {
    /// Which.
    pub key: Key,
    /// The tracking id.
    pub id: String,
    /// Its label.
    pub label: Tlp,
    /// What lists say.
    pub told: Told,
    /// CSAF 2.0, as it is signed.
    pub v20: Option<Vec<u8>>,
    /// CSAF 2.1.
    pub v21: Option<Vec<u8>>,
}

/// A document as lists have it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Which.
    pub key: Key,
    /// The tracking id.
    pub id: String,
    /// The label.
    pub label: Tlp,
    /// What lists say of it; none for what left before there was a list, until the program has started.
    pub told: Option<Told>,
    /// The detached signatures of both editions; empty where there is none.
    pub signatures: [String; 2],
}

impl Listed {
    /// The sums of an edition's file; none where there is no such file.
    pub fn sums(&self, edition: Edition) -> Option<&Sums> {
        let told = self.told.as_ref()?;
        match edition {
            Edition::V20 => told.v20.as_ref(),
            Edition::V21 => told.v21.as_ref(),
        }
    }

    /// The signature of an edition's file; empty where there is none.
    pub fn signature(&self, edition: Edition) -> &str {
        let [old, new] = &self.signatures;
        if edition == Edition::V20 { old } else { new }
    }

    /// How many signatures are missing.
    pub fn wanting(&self) -> usize {
        Edition::ALL.into_iter().filter(|edition| self.sums(*edition).is_some() && self.signature(*edition).is_empty()).count()
    }
}

impl FromRow for Listed {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let key = Key { publication: row.get()?, version: row.get()?, language: row.get()? };
        let id = row.get()?;
        // A label that cannot be read is for nobody.
        let label = row.get::<String>()?.parse().unwrap_or(Tlp::Red);
        let told = serde_json::from_str(&row.get::<String>()?).ok();
        Ok(Self { key, id, label, told, signatures: [row.get()?, row.get()?] })
    }
}

pub async fn insert(tx: &mut Tx, one: &Document) -> Result<()> {
    let wanting = i64::from(one.v20.is_some()) + i64::from(one.v21.is_some());
    tx.execute(
        "insert into csaf_documents (publication_id, version, language, document_id, label, told, wanting, signature20, signature21, v20, v21) \
         values ($1, $2, $3, $4, $5, $6, $7, '', '', $8, $9)",
        args![
            one.key.publication,
            one.key.version,
            &one.key.language,
            &one.id,
            one.label.as_str(),
            serde_json::to_string(&one.told).map_err(Error::fault)?,
            wanting,
            one.v20.clone(),
            one.v21.clone()
        ],
    )
    .await?;
    Ok(())
}

const LISTED: &str = "select d.publication_id, d.version, d.language, d.document_id, d.label, d.told, d.signature20, d.signature21 from csaf_documents d ";

/// All documents without their bytes, publication by publication, the oldest version first.
pub async fn listed(reader: &mut Reader) -> Result<Vec<Listed>> {
    let mut statement = Statement::new(LISTED);
    statement.push("order by d.publication_id, d.version, d.language");
    Ok(reader.select(statement).await?)
}

/// Those that lack a signature.
pub async fn wanting(reader: &mut Reader) -> Result<Vec<Listed>> {
    let mut statement = Statement::new(LISTED);
    statement.push("where d.wanting > 0 order by d.publication_id, d.version, d.language");
    Ok(reader.select(statement).await?)
}

/// Those of a version.
pub async fn of_version(reader: &mut Reader, publication: Id, version: i64) -> Result<Vec<Listed>> {
    let mut statement = Statement::new(LISTED);
    statement.push("where d.publication_id = ").bind(publication).push(" and d.version = ").bind(version).push(" order by d.language");
    Ok(reader.select(statement).await?)
}

/// The languages in which a publication left documents of their own.
pub async fn languages(reader: &mut Reader, publication: Id) -> Result<Vec<String>> {
    let text = "select distinct language from csaf_documents where publication_id = $1 and language <> '' order by language";
    Ok(reader.rows::<(String,)>(text, args![publication]).await?.into_iter().map(|(language,)| language).collect())
}

/// The bytes of an edition.
pub async fn body(reader: &mut Reader, key: &Key, edition: Edition) -> Result<Option<Vec<u8>>> {
    let text = match edition {
        Edition::V20 => "select v20 from csaf_documents where publication_id = $1 and version = $2 and language = $3",
        Edition::V21 => "select v21 from csaf_documents where publication_id = $1 and version = $2 and language = $3",
    };
    let found: Option<Option<Vec<u8>>> = reader.value(text, args![key.publication, key.version, &key.language]).await?;
    Ok(found.flatten())
}

/// What the tree is made of, as one number: it grows with each document and each signature.
pub async fn made_of(reader: &mut Reader) -> Result<i64> {
    Ok(reader.count("select count(*) * 4 - cast(coalesce(sum(wanting), 0) as BIGINT) from csaf_documents", vec![]).await?)
}

/// When the first version of anything left: since then the settings can have changed.
pub async fn began(reader: &mut Reader) -> Result<Timestamp> {
    let at: Option<Option<Timestamp>> = reader.value("select min(at) from publication_versions", vec![]).await?;
    Ok(at.flatten().unwrap_or(Timestamp::UNIX_EPOCH))
}

/// Writes the signatures of a document down.
pub async fn set_signatures(tx: &mut Tx, one: &Listed) -> Result<()> {
    let [first, second] = &one.signatures;
    tx.execute(
        "update csaf_documents set signature20 = $4, signature21 = $5, wanting = $6 where publication_id = $1 and version = $2 and language = $3",
        args![one.key.publication, one.key.version, &one.key.language, first, second, i64::try_from(one.wanting()).unwrap_or(0)],
    )
    .await?;
    Ok(())
}

/// Keeps the public half of a key that signed a document.
pub async fn note_signer(tx: &mut Tx, fingerprint: &str, armored: &str, at: Timestamp) -> Result<()> {
    let text = "insert into csaf_signers (fingerprint, armored, at) values ($1, $2, $3) on conflict (fingerprint) do update set armored = excluded.armored";
    tx.execute(text, args![fingerprint, armored, at]).await.map(drop)?;
    Ok(())
}

/// Fingerprint and public half of each key that ever signed a document, the newest first, and since when it does.
pub async fn signers(reader: &mut Reader) -> Result<Vec<(String, String, Timestamp)>> {
    Ok(reader.rows("select fingerprint, armored, at from csaf_signers order by at desc, fingerprint", vec![]).await?)
}

/// Documents of which nothing is told yet.
pub async fn untold(reader: &mut Reader, limit: u32) -> Result<Vec<Listed>> {
    let mut statement = Statement::new(LISTED);
    statement.push("where d.told = '' order by d.publication_id, d.version limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

pub async fn tell(tx: &mut Tx, key: &Key, told: &Told) -> Result<()> {
    let told = serde_json::to_string(told).map_err(Error::fault)?;
    let text = "update csaf_documents set told = $4 where publication_id = $1 and version = $2 and language = $3";
    tx.execute(text, args![key.publication, key.version, &key.language, told]).await.map(drop)?;
    Ok(())
}

/// Every publication with the languages in which it left documents of their own for everybody.
pub async fn all_languages(reader: &mut Reader) -> Result<Vec<(Id, String)>> {
    Ok(reader
        .rows("select distinct publication_id, language from csaf_documents where language <> '' and label = 'CLEAR' order by publication_id, language", vec![])
        .await?)
}
