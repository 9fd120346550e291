//! Whom a publication concerns: by the products that organisations declared, and by what was seen of them.

use std::collections::BTreeMap;

use ::store::{Id, Record};
use press::{Content, Key};
use serde_json::json;

use super::super::store as publications;
use super::{Reason, Target, Warning, store};
use crate::access::{Noun, Verb, Who, require};
use crate::constituency::{self, assets};
use crate::events::{self, Sought};
use crate::{App, Error, Result};

/// So many days back events are looked through, at least and at most.
pub const DAYS: (i64, i64) = (1, 90);
/// So many things that were seen stand in one warning.
const SEEN: usize = 5;

/// Looks whom the version that is told now concerns, and proposes them; gives how many are proposed. Who was taken out stays out, and
/// who was told is not proposed again.
pub async fn search(app: &App, who: &Who, id: Id, days: i64) -> Result<usize> {
    require(who, Verb::Change, Noun::Publication)?;
    let mut reader = app.db.read().await?;
    let one = publications::get(&mut reader, id).await?.ok_or(Error::NotFound)?;
    let target = Target::of(&one);
    let content = content(&mut reader, one, target).await?;
    let mut found: BTreeMap<Id, Vec<Reason>> = BTreeMap::new();
    for asset in assets::running(&mut reader, who, &content.concerning()).await? {
        let Some(concern) = asset.concern(&content) else { continue };
        let reason = Reason::Declared { product: asset.called(), affected: concern.affected.join(", "), hit: concern.hit };
        found.entry(asset.organisation).or_default().push(reason);
    }
    drop(reader);
    for (organisation, seen) in events::concerned(app, who, sought(&content, days.clamp(DAYS.0, DAYS.1))).await? {
        found.entry(organisation).or_default().extend(seen.into_iter().take(SEEN).map(Reason::from));
    }
    // Who is outside of what the team serves hears of it as everybody does.
    let ids: Vec<Id> = found.keys().copied().collect();
    let served = constituency::these(&mut app.db.read().await?, &ids).await?;
    found.retain(|id, _| served.iter().any(|one| one.id == *id && one.status != "outside"));
    app.db
        .change(&who.to_string(), async |tx| {
            for (organisation, reasons) in &found {
                let state = if reasons.iter().any(Reason::speaks_for) { "proposed" } else { "out" };
                let warning = Warning { state: state.into(), ..Warning::proposed(tx, id, target, *organisation, reasons.clone()) };
                store::propose(tx, &warning).await?;
            }
            let facts = json!({ "version": target.version, "ahead": target.ahead, "days": days, "organisations": found.len() });
            tx.record(Record::new("publication.searched", "publication", id).facts(facts));
            Ok(found.len())
        })
        .await
}

/// What the version that is told says.
async fn content(reader: &mut ::store::Reader, one: super::Publication, target: Target) -> Result<Content> {
    if target.ahead {
        return Ok(one.content);
    }
    let versions = publications::versions(reader, one.id).await?;
    versions.into_iter().find(|version| version.version == target.version).map(|version| version.content).ok_or(Error::NotFound)
}

/// What is looked for in events: the CVE ids, the types, and the products that it names.
fn sought(content: &Content, days: i64) -> Sought {
    let types = content.keys.iter().map(Key::parts).filter(|(scheme, _)| *scheme == "rsit");
    let types = types.map(|(_, path)| path.split_once('/').unwrap_or((path, ""))).map(|(class, name)| (class.to_owned(), name.to_owned()));
    Sought {
        cves: content.cves().map(str::to_owned).collect(),
        types: types.collect(),
        products: content.products.iter().map(|product| press::affected::fold(&product.name)).collect(),
        days,
    }
}
