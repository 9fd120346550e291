//! What is for constituents only, as they read it: the newest version of each publication that left through the portal, up to the
//! label that the organisation may get. Programs with a token read the same as CSAF.

use ::store::{FromRow, Id, Reader, Row, Statement};
use formats::label::Tlp;
use jiff::Timestamp;
use press::{Content, Kind};
use vault::blob::Hash;

use super::catalogue::{Item, Past};
use super::{before, store};
use crate::access::{Noun, Verb, Who, require};
use crate::constituency::{self, Organisation};
use crate::release::{self, Channel, Leaving, Recipient, Released};
use crate::{App, Error, Result};

/// Where a page of the list ends.
pub type Place = (Timestamp, Id);

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// The version's own id, for the place in the list.
    id: Id,
    /// What it is, as pages show it.
    pub item: Item,
}

impl Line {
    /// Its place in the list.
    pub fn place(&self) -> Place {
        (self.item.changed_at, self.id)
    }
}

impl FromRow for Line {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let (id, publication, kind): (Id, Id, String) = (row.get()?, row.get()?, row.get()?);
        let (name, version, standing, content, label, at): (String, i64, String, String, String, Timestamp) =
            (row.get()?, row.get()?, row.get()?, row.get()?, row.get()?, row.get()?);
        let number: String = row.get()?;
        let kind = Kind::named(&kind).ok_or(::store::Error::Shape("a kind of publication"))?;
        let content: Content = serde_json::from_str(&content).map_err(|_| ::store::Error::Shape("what a publication says"))?;
        let content = Content { label: label.parse().unwrap_or(Tlp::Red), ..content };
        let item = Item {
            id: publication,
            kind,
            name,
            version,
            standing,
            content,
            number,
            first_at: at,
            changed_at: at,
            superseded_by: None,
            translated: Vec::new(),
            history: Vec::new(),
        };
        Ok(Self { id, item })
    }
}

async fn reads(reader: &mut Reader, app: &App, who: &Who) -> Result<(Organisation, Tlp)> {
    require(who, Verb::See, Noun::Membership)?;
    let organisation = constituency::get(reader, who.organisation().ok_or(Error::NotFound)?).await?;
    let ceiling = organisation.ceiling.min(Channel::Portal.ceiling(&app.profile));
    Ok((organisation, ceiling))
}

/// The list's statement, for the list and for the test that it does not sort.
pub fn statement(ceiling: Tlp, before: Option<Place>, limit: u32) -> Statement {
    let mut statement = Statement::new(
        "select v.id, v.publication_id, p.kind, p.name, v.version, v.standing, v.content, v.label, v.at, v.number from publication_versions v \
         join publications p on p.id = v.publication_id where v.channel = 'portal' and v.version = p.version and v.label in (",
    );
    let labels = [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red].into_iter().filter(|label| *label <= ceiling);
    statement.bind_list(labels.map(|label| label.as_str().into())).push(")");
    if let Some((at, id)) = before {
        statement.push(" and (v.at, v.id) < (").bind(at).push(", ").bind(id).push(")");
    }
    statement.push(" order by v.at desc, v.id desc limit ").bind(limit);
    statement
}

/// What a member's organisation may read, the newest first.
pub async fn list(reader: &mut Reader, app: &App, who: &Who, before: Option<Place>, limit: u32) -> Result<Vec<Line>> {
    let (_, ceiling) = reads(reader, app, who).await?;
    Ok(reader.select(statement(ceiling, before, limit)).await?)
}

/// One of them. The ledger says once of each person and version that it was read.
pub async fn one(app: &App, who: &Who, kind: Kind, name: &str) -> Result<Released<Item>> {
    let mut reader = app.db.read().await?;
    let (organisation, ceiling) = reads(&mut reader, app, who).await?;
    let id = store::named(&mut reader, kind, name).await?.ok_or(Error::NotFound)?;
    let versions = store::versions(&mut reader, id).await?;
    drop(reader);
    // What is above is not there, and is not named in the history of what is.
    let newest = versions.first().filter(|one| one.channel == Channel::Portal.name() && one.label <= ceiling).ok_or(Error::NotFound)?;
    let may: Vec<_> = versions.iter().filter(|one| one.label <= ceiling).collect();
    let item = Item {
        content: Content { label: newest.label, ..newest.content.clone() },
        first_at: may.last().map_or(newest.at, |first| first.at),
        history: may.iter().copied().map(Past::from).collect(),
        ..Item::of(kind, name, newest.clone())
    };
    let content = Hash::of(format!("{} {} {}", item.version, item.standing, before::content_hash(&item.content)?).as_bytes());
    let leaving = Leaving {
        to: Recipient {
            key: who.to_string(),
            name: organisation.name,
            organisation: Some(organisation.id),
            ceiling: organisation.ceiling,
            address: String::new(),
        },
        channel: Channel::Portal,
        noun: "publication",
        id,
        about: id,
        version: item.version,
        label: newest.label,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "constituent".into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: String::new(),
        content,
    };
    release::once(&app.db, &app.profile, who, &leaving, item).await
}
