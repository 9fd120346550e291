//! Which organisation fetched what is not for everybody: a line of the ledger for each version and day, whoever of them asks
//! how often.

use ::store::{Id, Reader, args};
use formats::label::Tlp;
use jiff::Timestamp;
use vault::blob::Hash;

use crate::access::Who;
use crate::constituency::Organisation;
use crate::release::{self, Channel, Leaving, Recipient};
use crate::{App, Error, Result};

/// Notes that a program of an organisation fetched a document, unless the ledger has it for today. The gate weighs it once more.
pub async fn note(app: &App, who: &Who, organisation: &Organisation, (publication, version): (Id, i64), label: Tlp, bytes: &[u8]) -> Result<()> {
    let leaving = Leaving {
        to: Recipient {
            key: format!("organisation:{}", organisation.id),
            name: organisation.name.clone(),
            organisation: Some(organisation.id),
            ceiling: organisation.ceiling,
            address: String::new(),
        },
        channel: Channel::Api,
        noun: "publication",
        id: publication,
        about: publication,
        version,
        label,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "fetched by token".into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: String::new(),
        content: Hash::of(bytes),
    };
    if is_noted(&mut app.db.read().await?, &leaving, begin(app, app.now())?).await? {
        return Ok(());
    }
    app.db
        .change(&who.to_string(), async |tx| {
            tx.alone(&format!("fetched:{publication}:{}", leaving.to.key)).await?;
            let since = begin(app, tx.now())?;
            if !is_noted(tx, &leaving, since).await? {
                release::release(tx, &app.profile, who, &leaving, ()).await?;
            }
            Ok(())
        })
        .await
}

/// When the team's day began.
fn begin(app: &App, now: Timestamp) -> Result<Timestamp> {
    let zone = app.profile.calendar().zone().clone();
    now.to_zoned(zone.clone()).date().to_zoned(zone).map(|begin| begin.timestamp()).map_err(Error::fault)
}

async fn is_noted(reader: &mut Reader, leaving: &Leaving, since: Timestamp) -> Result<bool> {
    let text =
        "select count(*) from (select 1 from ledger where recipient = $1 and at >= $2 and noun_id = $3 and version = $4 and channel = 'api' limit 1) one";
    Ok(reader.count(text, args![&leaving.to.key, since, leaving.id, leaving.version]).await? > 0)
}
