//! The catalogue of products: vendor and name of each that an advisory spoke of, as forms offer them. What was mistyped is called otherwise, or
//! is another product that is there already; what left under the wrong name keeps its words.

use ::store::{FromRow, Id, Reader, Record, Row, Statement, Tx, args};
use csaf::advisory::{Product, is_cpe, is_purl};
use serde_json::json;

use crate::access::{Noun, Verb, Who, require};
use crate::text::{one_line, short_line};
use crate::{App, Error, Result};

/// So many are offered.
const OFFERED: u32 = 2000;

/// A product of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Id.
    pub id: Id,
    /// Who makes it.
    pub vendor: String,
    /// What it is called.
    pub name: String,
    /// CPE 2.3 of some release; empty where nobody said.
    pub cpe: String,
    /// Package URL of some release; empty where nobody said.
    pub purl: String,
}

impl FromRow for Known {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { id: row.get()?, vendor: row.get()?, name: row.get()?, cpe: row.get()?, purl: row.get()? })
    }
}

const COLUMNS: &str = "select id, vendor, name, cpe, purl from products ";

/// What forms offer, by vendor and name.
pub async fn offered(reader: &mut Reader) -> Result<Vec<Known>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where becomes is null order by vendor, name limit ").bind(OFFERED);
    Ok(reader.select(statement).await?)
}

/// One of them.
pub async fn one(reader: &mut Reader, id: Id) -> Result<Known> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where becomes is null and id = ").bind(id);
    reader.select(statement).await?.into_iter().next().ok_or(Error::NotFound)
}

/// Notes the products of an advisory in the catalogue.
pub(super) async fn note(tx: &mut Tx, products: &[Product]) -> Result<()> {
    for product in products {
        let (id, name) = (tx.new_id(), |name: &Option<String>| name.clone().unwrap_or_default());
        let text = "insert into products (id, vendor, name, cpe, purl) values ($1, $2, $3, $4, $5) on conflict (vendor, name) do update set \
                    cpe = case when excluded.cpe = '' then products.cpe else excluded.cpe end, \
                    purl = case when excluded.purl = '' then products.purl else excluded.purl end";
        tx.execute(text, args![id, &product.vendor, &product.name, name(&product.cpe), name(&product.purl)]).await?;
    }
    Ok(())
}

/// Says what a product is called: a name that is there already makes them one. The wrong name is offered no more.
pub async fn mend(app: &App, who: &Who, id: Id, right: Known) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    let right = checked(right)?;
    app.db
        .change(&who.to_string(), async |tx| {
            tx.alone("products").await?;
            let was = one(tx, id).await?;
            let there: Option<Id> = tx.value("select id from products where vendor = $1 and name = $2", args![&right.vendor, &right.name]).await?;
            let now = there.unwrap_or_else(|| tx.new_id());
            let text = if there.is_some() {
                "update products set cpe = $4, purl = $5, becomes = null where id = $1 and vendor = $2 and name = $3"
            } else {
                "insert into products (id, vendor, name, cpe, purl) values ($1, $2, $3, $4, $5)"
            };
            tx.execute(text, args![now, &right.vendor, &right.name, &right.cpe, &right.purl]).await?;
            if now != id {
                tx.execute("update products set becomes = $2 where id = $1", args![id, now]).await?;
            }
            let facts = json!({ "vendor": was.vendor, "name": was.name, "is": [right.vendor, right.name] });
            tx.record(Record::new("product.mended", "product", id).facts(facts));
            Ok(())
        })
        .await
}

/// Refuses what a form of an advisory would not take either.
fn checked(right: Known) -> Result<Known> {
    let (vendor, name) = (one_line(&right.vendor), one_line(&right.name));
    if vendor.is_empty() || name.is_empty() {
        return Err(Error::invalid("Write who makes it, and what it is called."));
    }
    let (cpe, purl) = (one_line(&right.cpe), one_line(&right.purl));
    if !cpe.is_empty() && !is_cpe(&cpe) {
        return Err(Error::invalid(format!("“{}” is no whole CPE 2.3 name, such as cpe:2.3:a:vendor:product:7.2:*:*:*:*:*:*:*.", short_line(&cpe, 80))));
    }
    if !purl.is_empty() && !is_purl(&purl) {
        return Err(Error::invalid(format!("“{}” is no package URL, such as pkg:npm/name@1.2.3.", short_line(&purl, 80))));
    }
    Ok(Known { vendor, name, cpe, purl, ..right })
}
