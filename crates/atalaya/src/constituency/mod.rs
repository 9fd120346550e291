//! Organisations that the team serves or knows: contacts and the resources they hold.
//!
//! Validity is counted in whole days, in UTC: the same file gives the same answer in every time
//! zone. A start that nobody knows is kept as [`days::UNKNOWN`] and matches every earlier date.

pub mod allocations;
pub mod assets;
mod contact;
pub mod days;
mod form;
pub mod forms_web;
pub mod found;
pub mod import;
mod lookup;
pub mod note;
mod organisation;
pub mod proposals;
mod reach;
mod registry;
mod resource;
mod spans;
mod store;
pub mod web;

use ::store::{Id, Reader, Statement, Value};

use crate::Result;

pub use contact::{
    Contact, ContactDetails, FUNCTIONS, REACHES, add_contact, add_contact_in, change_contact, change_contact_in, clear_bounce, contact, contact_by_mail,
    mark_bounced,
};
pub use lookup::{Match, holders_inside, owners, read_asked};
pub use organisation::{Details, Organisation, STATUSES, Wanted, add, add_holding, add_in, change, change_in, find_by_name, get, list, page_of, these};
pub use reach::{Choice, Known, choose, choose_for, contacts_at, contacts_of, known};
pub use registry::{Holding, Numbered, Registry, number_of, numbered, registry, registry_version};
pub use resource::{
    Held, Resource, add_resource, add_resource_in, canonical, change_resource, change_resource_in, every_resource_of, held_statement, remove_resource,
    resource, resources_held,
};
pub use spans::{span, span_prefixes};

/// Something that a form has to ask again: which field, and one plain line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Name of the field.
    pub field: &'static str,
    /// What is wrong and what is expected.
    pub text: String,
}

impl Problem {
    pub(crate) fn new(field: &'static str, text: impl Into<String>) -> Self {
        Self { field, text: text.into() }
    }
}

/// The rule of a verb that was given problems: the first one is its answer.
fn refuse(problems: Vec<Problem>) -> Result<()> {
    match problems.into_iter().next() {
        Some(problem) => Err(crate::Error::invalid(problem.text)),
        None => Ok(()),
    }
}

/// The sectors of the organisations that are parties of a case.
pub async fn sectors_of_parties(reader: &mut Reader, case: Id) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = reader
        .rows("select distinct o.sector from parties p join organisations o on o.id = p.organisation_id where p.case_id = $1", ::store::args![case])
        .await?;
    Ok(rows.into_iter().map(|(sector,)| sector).collect())
}

/// Country and sector, each perhaps empty, of the organisations that are hit in a case: its targets, and those of
/// these names, in whatever letters.
pub async fn places_of(reader: &mut Reader, case: Id, names: &[&str]) -> Result<Vec<(String, String)>> {
    let mut statement =
        Statement::new("select o.country, o.sector from parties p join organisations o on o.id = p.organisation_id where p.role = 'target' and p.case_id = ");
    statement.bind(case).push(" limit 1000");
    let mut places: Vec<(String, String)> = reader.select(statement).await?;
    if !names.is_empty() {
        let mut statement = Statement::new("select country, sector from organisations where lower(name) in (");
        statement.bind_list(names.iter().flat_map(|name| [found::spellings(name), vec![name.to_ascii_lowercase()]].concat()).map(Value::from)).push(")");
        places.extend(reader.select::<(String, String)>(statement).await?);
    }
    Ok(places)
}
