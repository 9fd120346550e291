//! What a publication was made from.

use ::store::{Id, Reader, Record};
use serde_json::json;

use super::{store, write};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, cases, reports};

/// A case or report that a publication was made from.
#[derive(Clone, Debug)]
pub struct Source {
    /// `case` or `report`.
    pub noun: String,
    /// Its id.
    pub id: Id,
    /// Its number; empty for whoever may not know of it.
    pub number: String,
    /// Its page; empty likewise.
    pub path: String,
}

/// What it was made from; what this viewer may not know of is there without a name.
pub async fn sources(reader: &mut Reader, who: &Who, id: Id) -> Result<Vec<Source>> {
    require(who, Verb::See, Noun::Publication)?;
    let mut all = Vec::new();
    for (noun, source) in store::sources(reader, id).await? {
        let (number, path) = match noun.as_str() {
            "case" => cases::get(reader, who, source).await.map(|case| (case.number.clone(), format!("/cases/{}", case.number))),
            _ => report(reader, who, source).await.map(|number| (number.clone(), format!("/inbox/{number}"))),
        }
        .unwrap_or_default();
        all.push(Source { noun, id: source, number, path });
    }
    Ok(all)
}

/// Whether this viewer may know of all that it was made from. The program itself may: it tells nobody.
pub(super) async fn knows_all(reader: &mut Reader, who: &Who, id: Id) -> Result<bool> {
    if matches!(who, Who::Job(_) | Who::Operator) {
        return Ok(true);
    }
    Ok(sources(reader, who, id).await?.iter().all(|source| !source.number.is_empty()))
}

async fn report(reader: &mut Reader, who: &Who, id: Id) -> Result<String> {
    cases::may_see_report(reader, who, id).await?;
    Ok(reports::linked::brief(reader, id).await?.ok_or(Error::NotFound)?.number)
}

/// Says by its number that a publication was made from a case or report.
pub async fn add_source(app: &App, who: &Who, id: Id, number: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    let number = number.trim();
    let mut reader = app.db.read().await?;
    let found = match cases::find(&mut reader, who, number).await {
        Ok(case) => Some(("case", case.id)),
        Err(Error::NotFound) => cases::see::report_of_number(&mut reader, who, number).await?.map(|report| ("report", report.id)),
        Err(error) => return Err(error),
    };
    drop(reader);
    let Some((noun, source)) = found else {
        return Err(Error::invalid(format!("There is no case or report “{}”.", crate::text::short_line(number, 40))));
    };
    change(app, who, id, noun, source, true).await
}

/// Says that it was not.
pub async fn remove_source(app: &App, who: &Who, id: Id, source: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Publication)?;
    let mut reader = app.db.read().await?;
    let known = sources(&mut reader, who, id).await?.into_iter().find(|one| one.id == source && !one.number.is_empty());
    drop(reader);
    let known = known.ok_or(Error::NotFound)?;
    let noun = if known.noun == "case" { "case" } else { "report" };
    change(app, who, id, noun, source, false).await
}

/// What stood against its release may be another thing now: an approval does not last.
async fn change(app: &App, who: &Who, id: Id, noun: &'static str, source: Id, is: bool) -> Result<()> {
    app.db
        .change(&who.to_string(), async |tx| {
            let mut one = write::held(tx, id, None).await?;
            let touched = if is { store::add_source(tx, id, noun, source, &who.to_string()).await? } else { store::remove_source(tx, id, source).await? };
            if touched == 0 {
                return Ok(());
            }
            if one.is_open() {
                write::back_to_draft(&mut one, who);
            }
            store::update(tx, &one).await?;
            let verb = if is { "publication.made_from" } else { "publication.not_made_from" };
            tx.record(Record::new(verb, "publication", id).facts(json!({ "noun": noun, "source": source })));
            // The case's own story says so, too.
            tx.record(Record::new(verb, noun, source).about(source).facts(json!({ "publication": id })));
            Ok(())
        })
        .await
}
