//! Import: many organisations from one CSV file, all of it or nothing.
//!
//! A file is first held against what is known ([`preview`]); [`import`] does the same again inside
//! the change that writes, so that what was seen is what is done. The same file imported twice
//! changes nothing the second time.

mod plan;
mod sheet;
pub mod web;

use ::store::{Reader, Record};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::resource::Held;
use super::{add_contact_in, add_in, add_resource_in, change_contact_in, change_in, change_resource_in, days};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

pub use plan::{Plan, Step};
pub use sheet::{COLUMNS, Fault, read};

/// `1 line added`, `3 lines added`.
pub fn lines_added(count: usize) -> String {
    format!("{count} line{} added", if count == 1 { "" } else { "s" })
}

/// What a file would do, line by line. Nothing is written.
pub async fn preview(reader: &mut Reader, app: &App, who: &Who, bytes: &[u8]) -> Result<Plan> {
    require(who, Verb::Change, Noun::Organisation)?;
    let (rows, faults) = sheet::read(bytes);
    plan::plan(reader, &app.profile, &rows, faults).await
}

/// Imports a file in one change. A file with any fault changes nothing. `seen` is the mark of the plan that somebody looked
/// at: where it would do something else by now, that is a conflict.
pub async fn import(app: &App, who: &Who, bytes: &[u8], seen: &str) -> Result<Plan> {
    app.db
        .change(&who.to_string(), async |tx| {
            let plan = preview(tx, app, who, bytes).await?;
            if !plan.faults.is_empty() {
                let faults: Vec<String> = plan.faults.iter().map(ToString::to_string).collect();
                return Err(Error::Invalid(faults.join("\n")));
            }
            if plan.mark() != seen {
                return Err(Error::conflict("Somebody changed one of these organisations meanwhile. Nothing was imported: look at it again."));
            }
            for one in &plan.organisations {
                apply(tx, app, who, one).await?;
            }
            let (added, changed, unchanged) = plan.counts();
            if added + changed > 0 {
                let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(bytes));
                let facts = json!({ "added": added, "changed": changed, "unchanged": unchanged, "sha256": hash });
                tx.record(Record::new("constituency.imported", "import", tx.new_id()).facts(facts));
            }
            Ok(plan)
        })
        .await
}

async fn apply(tx: &mut ::store::Tx, app: &App, who: &Who, one: &plan::Planned) -> Result<()> {
    let id = match one.known {
        Some((id, version)) => {
            change_in(tx, app, who, id, version, one.details.clone()).await?;
            id
        }
        None => add_in(tx, app, who, one.details.clone()).await?,
    };
    // What ends makes room before what begins.
    for resource in one.resources.iter().filter(|resource| resource.changed()) {
        if let Some(known) = &resource.known {
            change_resource_in(tx, who, known.id, days::first(resource.from), days::last(resource.to)).await?;
        }
    }
    for resource in one.resources.iter().filter(|resource| resource.known.is_none()) {
        let (from, to) = (days::first(resource.from), days::last(resource.to));
        let held = Held { kind: resource.kind.clone(), value: resource.value.clone(), from, to, source: "import" };
        add_resource_in(tx, who, id, held).await?;
    }
    for contact in &one.contacts {
        match &contact.known {
            Some(known) => change_contact_in(tx, who, known.id, known.version, contact.details.clone()).await?,
            None => {
                add_contact_in(tx, who, id, contact.details.clone()).await?;
            }
        }
    }
    Ok(())
}
