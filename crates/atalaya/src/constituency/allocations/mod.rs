//! A regional registry's list of who got which numbers: allocations with the days of their validity.
//!
//! The list names holders by an opaque id, a *handle*. [`link`] says which organisation a handle is;
//! from then on the organisation's resources follow the list. [`import`] is done as it was shown by
//! [`preview`], in one change with one entry in the journal, however long the list is.

mod covering;
mod plan;
pub mod read;
mod store;
pub mod web;

use ::store::{Id, Reader, Record, Tx};
use jiff::Timestamp;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{organisation, registry, store as registered};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

pub use covering::{Covering, Given, covering};
pub use plan::{Change, Plan};

/// One value as the registry gave it to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allocation {
    /// Id.
    pub id: Id,
    /// `asn` or `prefix`.
    pub kind: String,
    /// Canonical value.
    pub value: String,
    /// The holder's handle.
    pub handle: String,
    /// Two letters, or empty.
    pub country: String,
    /// `allocated` or `assigned`.
    pub status: String,
    /// First instant.
    pub from: Timestamp,
    /// First instant after.
    pub to: Option<Timestamp>,
}

/// What an import did or would do.
#[derive(Clone, Debug)]
pub struct Done {
    /// What changes.
    pub plan: Plan,
    /// Organisations made for handles that nobody knew.
    pub organisations: usize,
}

impl Done {
    /// What was done, as a line.
    pub fn in_words(&self) -> String {
        let (added, moved, ended, corrected) = self.plan.counts();
        format!("Imported: {added} added, {moved} moved, {ended} ended, {corrected} corrected; {} organisations made.", self.organisations)
    }
}

/// What a list would change. Nothing is written.
pub async fn preview(reader: &mut Reader, who: &Who, bytes: &[u8]) -> Result<Plan> {
    require(who, Verb::Change, Noun::Organisation)?;
    plan::plan(reader, read::read(bytes)).await
}

/// Imports a list. `holders` also makes an organisation of each handle that nobody has linked.
pub async fn import(app: &App, who: &Who, bytes: &[u8], holders: bool) -> Result<Done> {
    app.db
        .change(&who.to_string(), async |tx| {
            let plan = preview(tx, who, bytes).await?;
            if let Some(against) = &plan.against {
                return Err(Error::invalid(against.clone()));
            }
            for change in &plan.changes {
                apply(tx, &plan, change).await?;
            }
            let organisations = if holders { name_holders(tx, app, &plan).await? } else { 0 };
            let moved = follow(tx, &plan.registry).await?;
            if plan.changes.is_empty() && organisations == 0 && moved == 0 {
                return Ok(Done { plan, organisations });
            }
            registry::moved_on(tx).await?;
            let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
            let (added, moved_on, ended, corrected) = plan.counts();
            let facts = json!({
                "registry": plan.registry, "day": plan.day.map(|day| day.to_string()), "sha256": hash, "added": added, "moved": moved_on, "ended": ended,
                "corrected": corrected, "unread": plan.faults.len(), "organisations": organisations, "resources": moved,
            });
            tx.record(Record::new("allocations.imported", "import", tx.new_id()).facts(facts));
            Ok(Done { plan, organisations })
        })
        .await
}

async fn apply(tx: &mut Tx, plan: &Plan, change: &Change) -> Result<()> {
    if let Some(before) = &change.before {
        match &change.now {
            Some(now) if now.id == before.id => return store::correct_allocation(tx, now).await,
            _ => store::end_allocation(tx, before.id, plan.at).await?,
        }
    }
    if let Some(now) = &change.now {
        store::insert_allocation(tx, &plan.registry, now, &plan.day.map(|day| day.to_string()).unwrap_or_default()).await?;
    }
    Ok(())
}

/// Makes an organisation of each handle that nobody knows: outside the constituency until somebody looks.
async fn name_holders(tx: &mut Tx, app: &App, plan: &Plan) -> Result<usize> {
    let sector = app.profile.sectors.first().map(|sector| sector.id.clone()).unwrap_or_default();
    let mut made = 0;
    for (handle, country) in store::unknown_handles(tx, &plan.registry).await? {
        let name = format!("{} {handle}", plan.registry);
        let id = match registered::organisation_named(tx, &name).await? {
            Some(known) => known.id,
            None => organisation::insert(tx, app, &name, &sector, "unregistered", &country).await?,
        };
        store::link_handle(tx, &plan.registry, &handle, id).await?;
        made += 1;
    }
    Ok(made)
}

/// Makes the resources of every linked organisation what the list says. Says how many changed.
async fn follow(tx: &mut Tx, registry: &str) -> Result<u64> {
    let mut changed = store::end_resources_of_list(tx, registry).await?;
    let mut theirs = std::collections::BTreeSet::new();
    for (organisation, allocation) in store::unheld_allocations(tx, registry).await? {
        let one = super::Resource {
            id: tx.new_id(),
            organisation,
            kind: allocation.kind,
            value: allocation.value,
            valid_from: allocation.from,
            valid_to: allocation.to,
            source: registry.to_owned(),
        };
        registered::insert_resource(tx, &one).await?;
        theirs.insert(organisation);
        changed += 1;
    }
    for organisation in theirs {
        organisation::index(tx, organisation).await?;
    }
    Ok(changed)
}

/// Says that an organisation is the holder behind a handle: what the registry gave it becomes its resources.
pub async fn link(app: &App, who: &Who, organisation: Id, registry: &str, handle: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Organisation)?;
    let (registry, handle) = (registry.trim().to_lowercase(), handle.trim().to_owned());
    app.db
        .change(&who.to_string(), async |tx| {
            organisation::get(tx, organisation).await?;
            if !store::is_handle(tx, &registry, &handle).await? {
                return Err(Error::invalid(format!("The lists of “{registry}” that were imported have no “{handle}”")));
            }
            if let Some(other) = store::holder_of(tx, &registry, &handle).await? {
                let name = organisation::get(tx, other).await?.name;
                return if other == organisation { Ok(()) } else { Err(Error::conflict(format!("“{handle}” is linked to {name}: end that first"))) };
            }
            store::link_handle(tx, &registry, &handle, organisation).await?;
            let resources = follow(tx, &registry).await?;
            registry::moved_on(tx).await?;
            tx.record(
                Record::new("handle.linked", "organisation", organisation).facts(json!({ "registry": registry, "handle": handle, "resources": resources })),
            );
            organisation::index(tx, organisation).await
        })
        .await
}

/// Ends the link of a handle. What it gave the organisation is taken away again.
pub async fn unlink(app: &App, who: &Who, organisation: Id, registry: &str, handle: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Organisation)?;
    app.db
        .change(&who.to_string(), async |tx| {
            if !store::unlink_handle(tx, registry, handle, organisation).await? {
                return Err(Error::NotFound);
            }
            let resources = store::drop_resources_of_handle(tx, organisation, registry, handle).await?;
            registry::moved_on(tx).await?;
            tx.record(
                Record::new("handle.unlinked", "organisation", organisation).facts(json!({ "registry": registry, "handle": handle, "resources": resources })),
            );
            organisation::index(tx, organisation).await
        })
        .await
}

/// The handles of an organisation: registry and handle.
pub async fn handles_of(reader: &mut Reader, organisation: Id) -> Result<Vec<(String, String)>> {
    store::handles_of(reader, organisation).await
}

/// The registries whose lists were imported, with the day of the newest list.
pub async fn lists(reader: &mut Reader) -> Result<Vec<(String, String)>> {
    store::lists(reader).await
}
