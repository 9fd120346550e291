//! The SQL of assets.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, Value, args};
use press::Runs;
use press::affected::Keys;

use super::Asset;
use crate::Result;

const ASSET: &str = "select id, organisation_id, vendor, name, version, cpe, purl, by_whom, at from assets ";
/// Keys that go into one statement.
const AT_ONCE: usize = 200;

impl FromRow for Asset {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            organisation: row.get()?,
            runs: Runs { vendor: row.get()?, name: row.get()?, version: row.get()?, cpe: row.get()?, purl: row.get()? },
            by_whom: row.get()?,
            at: row.get()?,
        })
    }
}

pub async fn of(reader: &mut Reader, organisation: Id, limit: i64) -> Result<Vec<Asset>> {
    let mut statement = Statement::new(ASSET);
    statement.push("where organisation_id = ").bind(organisation).push(" order by name_key, version limit ").bind(limit);
    Ok(reader.select(statement).await?)
}

pub async fn get(reader: &mut Reader, id: Id) -> Result<Option<Asset>> {
    let mut statement = Statement::new(ASSET);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn count(reader: &mut Reader, organisation: Id) -> Result<i64> {
    Ok(reader.count("select count(*) from assets where organisation_id = $1", args![organisation]).await?)
}

/// Each once, whichever of its keys is among them.
pub async fn running(reader: &mut Reader, keys: &[Keys]) -> Result<Vec<Asset>> {
    let mut found: Vec<Asset> = Vec::new();
    for column in ["name_key", "cpe_key", "purl_key"] {
        let of = |keys: &Keys| match column {
            "name_key" => keys.name.clone(),
            "cpe_key" => keys.cpe.clone(),
            _ => keys.purl.clone(),
        };
        let all: Vec<String> = keys.iter().map(of).filter(|key| !key.is_empty()).collect();
        for some in all.chunks(AT_ONCE) {
            let mut statement = Statement::new(ASSET);
            // An index of keys that are not empty is taken only where the question says so.
            statement.push("where ").push(column).push(" <> '' and ").push(column).push(" in (").bind_list(some.iter().map(Value::from)).push(")");
            found.extend(reader.select::<Asset>(statement).await?);
        }
    }
    found.sort_by_key(|one| (one.organisation, one.id));
    found.dedup_by_key(|one| one.id);
    Ok(found)
}

/// Writes one down; false if it is there already.
pub async fn insert(tx: &mut Tx, one: &Asset, keys: &Keys) -> Result<bool> {
    let text = "insert into assets (id, organisation_id, vendor, name, version, cpe, purl, name_key, cpe_key, purl_key, by_whom, at) \
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing";
    let runs = &one.runs;
    let values = args![
        one.id,
        one.organisation,
        &runs.vendor,
        &runs.name,
        &runs.version,
        &runs.cpe,
        &runs.purl,
        &keys.name,
        &keys.cpe,
        &keys.purl,
        &one.by_whom,
        one.at
    ];
    Ok(tx.execute(text, values).await? > 0)
}

pub async fn delete(tx: &mut Tx, id: Id) -> Result<()> {
    tx.execute("delete from assets where id = $1", args![id]).await?;
    Ok(())
}
