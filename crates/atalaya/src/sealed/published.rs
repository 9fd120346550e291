//! What the team publishes to seal to, in SQL: certificates, manifests, the page for working offline, check sums.

use store::{Reader, Result, Statement, Tx, args};

use super::keys::Cert;
use super::manifest::Manifest;
use super::offline::Signed;

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

/// The team's certificate with this fingerprint, in use or not any more.
pub async fn team_of(reader: &mut Reader, fingerprint: &str) -> Result<Option<String>> {
    reader.value("select armored from sealed_certs where fingerprint = $1 and intake = '' and purpose = 'team'", args![fingerprint]).await
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

/// Versions and texts of all manifests of an intake.
pub async fn manifests(reader: &mut Reader, intake: &str) -> Result<Vec<(i64, String)>> {
    reader.rows("select version, text from sealed_manifests where intake = $1 order by version", args![intake]).await
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
