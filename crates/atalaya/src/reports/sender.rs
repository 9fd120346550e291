//! Which organisation a report is from: what its way in shows, and what somebody made sure of.
//!
//! A mail's answer goes to the mailbox that it names, whoever wrote it. What is typed into a form proves nothing, and
//! whoever typed it reads our answers on the report's page: an address of a contact there is a claim.

use ::store::{Id, Reader, Record, Tx};
use serde_json::json;

use super::states::must;
use super::{NewReport, Report};
use crate::access::{Noun, Verb, Who, require};
use crate::constituency::{self, Contact};
use crate::{App, Error, Result};

/// The organisation that a new report is from, as far as its way in shows it.
pub(super) async fn organisation(reader: &mut Reader, new: &NewReport) -> Result<Option<Id>> {
    match (new.organisation, new.channel) {
        (None, "mail") => Ok(constituency::contact_by_mail(reader, &new.reporter_mail).await?.map(|contact| contact.organisation)),
        (known, _) => Ok(known),
    }
}

/// The contact whose address a report names, while nobody has made sure that it is from them.
pub async fn claimed(reader: &mut Reader, report: &Report) -> Result<Option<Contact>> {
    if report.organisation.is_some() || report.reporter_mail.is_empty() {
        return Ok(None);
    }
    constituency::contact_by_mail(reader, &report.reporter_mail).await
}

/// Somebody made sure that the report is from the contact whose address it names. Parties that it became before keep what
/// was known of them then. `seen` is the organisation that the page named.
pub async fn vouch(app: &App, who: &Who, id: Id, seen: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Report)?;
    app.db
        .change(&who.to_string(), async |tx| {
            tx.hold("reports", id).await?;
            let report = must(tx, id).await?;
            let contact = claimed(tx, &report).await?.filter(|contact| contact.organisation.to_string() == seen);
            let contact = contact.ok_or_else(|| Error::conflict("There is nothing to make sure of, or something else: look at the report once more."))?;
            set(tx, id, contact.organisation).await?;
            tx.record(Record::new("report.vouched", "report", id).facts(json!({ "organisation": contact.organisation, "contact": contact.id })));
            Ok(())
        })
        .await
}

async fn set(tx: &mut Tx, id: Id, organisation: Id) -> Result<()> {
    let now = tx.now();
    let text = "update reports set organisation_id = $2, updated_at = $3, version = version + 1 where id = $1";
    tx.execute(text, ::store::args![id, organisation, now]).await?;
    Ok(())
}
