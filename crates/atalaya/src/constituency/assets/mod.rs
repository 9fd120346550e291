//! Assets: the products that an organisation says it runs, so that it is told of what concerns them. The organisation enters
//! them itself, or the team does for it; both see who did.

mod store;

use ::store::{Id, Reader, Record};
use jiff::Timestamp;
use press::affected::Keys;
use press::{Concern, Content, Runs};
use serde_json::json;

use crate::access::{Noun, Verb, Who, require};
use crate::text::one_line;
use crate::{App, Error, Result, once};

/// So many an organisation may declare.
pub const MOST: i64 = 1000;

/// A product that an organisation runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Id.
    pub id: Id,
    /// Whose.
    pub organisation: Id,
    /// What it is.
    pub runs: Runs,
    /// Who declared it, as the journal writes it.
    pub by_whom: String,
    /// When.
    pub at: Timestamp,
}

impl Asset {
    /// `Example Vendor Gateway 7.2.3`.
    pub fn called(&self) -> String {
        [&self.runs.vendor, &self.runs.name, &self.runs.version].into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }

    /// What a publication says of it.
    pub fn concern(&self, content: &Content) -> Option<Concern> {
        content.concern(&self.runs)
    }
}

/// What was typed, as one line each, and every line that has to be asked again: the key of a text.
pub fn read(runs: Runs) -> Result<Runs> {
    let Runs { vendor, name, version, cpe, purl } = runs;
    let runs = Runs { vendor: one_line(&vendor), name: one_line(&name), version: one_line(&version), cpe: one_line(&cpe), purl: one_line(&purl) };
    let bounds = [(&runs.vendor, 100), (&runs.name, 200), (&runs.version, 100), (&runs.cpe, 300), (&runs.purl, 500)];
    let keys = keys(&runs);
    match () {
        () if runs.vendor.is_empty() || runs.name.is_empty() || keys.name.is_empty() => Err(Error::invalid("error-said-asset-name")),
        () if bounds.into_iter().any(|(text, most)| text.chars().count() > most || text.chars().any(is_unseen)) => Err(Error::invalid("error-said-asset-long")),
        () if !runs.cpe.is_empty() && (keys.cpe.is_empty() || !is_plain(&runs.cpe)) => Err(Error::invalid("error-said-asset-cpe")),
        () if !runs.purl.is_empty() && (keys.purl.is_empty() || !is_plain(&runs.purl)) => Err(Error::invalid("error-said-asset-purl")),
        () => Ok(runs),
    }
}

/// Characters that nobody sees, and those that turn the text around them.
fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn keys(runs: &Runs) -> Keys {
    Keys::of(&runs.vendor, &runs.name, &runs.cpe, &runs.purl)
}

/// The team may for everybody, a member for its own organisation; for anybody else it is not there.
fn may(who: &Who, verb: Verb, organisation: Id) -> Result<()> {
    let noun = if who.organisation() == Some(organisation) { Noun::Membership } else { Noun::Organisation };
    require(who, verb, noun)
}

/// What an organisation runs, by name.
pub async fn assets(reader: &mut Reader, who: &Who, organisation: Id) -> Result<Vec<Asset>> {
    may(who, Verb::See, organisation)?;
    store::of(reader, organisation, MOST).await
}

/// Whatever anybody runs that one of these keys names.
pub async fn running(reader: &mut Reader, who: &Who, keys: &[Keys]) -> Result<Vec<Asset>> {
    require(who, Verb::See, Noun::Organisation)?;
    store::running(reader, keys).await
}

/// Says that an organisation runs a product.
pub async fn declare(app: &App, who: &Who, organisation: Id, runs: Runs) -> Result<Id> {
    may(who, Verb::Change, organisation)?;
    let runs = read(runs)?;
    app.db
        .change(&who.to_string(), async |tx| {
            if let Some(there) = once::made(tx, who).await? {
                return Ok(there);
            }
            tx.hold("organisations", organisation).await?;
            super::get(tx, organisation).await?;
            if store::count(tx, organisation).await? >= MOST {
                return Err(Error::invalid("error-said-asset-many"));
            }
            let one = Asset { id: tx.new_id(), organisation, runs: runs.clone(), by_whom: who.to_string(), at: tx.now() };
            if !store::insert(tx, &one, &keys(&one.runs)).await? {
                return Err(Error::invalid("error-said-asset-there"));
            }
            note(tx, "asset.declared", &one);
            once::makes(tx, who, one.id).await?;
            Ok(one.id)
        })
        .await
}

/// Says that an organisation runs it no longer.
pub async fn end(app: &App, who: &Who, organisation: Id, id: Id) -> Result<()> {
    may(who, Verb::Change, organisation)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let one = store::get(tx, id).await?.filter(|one| one.organisation == organisation).ok_or(Error::NotFound)?;
            store::delete(tx, id).await?;
            note(tx, "asset.ended", &one);
            Ok(())
        })
        .await
}

fn note(tx: &mut ::store::Tx, verb: &str, one: &Asset) {
    tx.record(Record::new(verb, "asset", one.id).about(one.organisation).facts(json!({})).particulars(json!({ "name": one.called() })));
}
