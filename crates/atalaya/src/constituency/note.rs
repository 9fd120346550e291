//! What the team says to a member of what it decided about a claim or a wish. It leaves like anything else: through the
//! gate, with a row in the ledger.

use ::store::{Id, Reader, Tx};
use vault::blob::Hash;

use super::Organisation;
use crate::access::Who;
use crate::release::{self, Channel, Leaving, Recipient, Released};
use crate::{App, Result};

/// Lets a note out to an organisation's page, in the change that it belongs to.
pub async fn note(tx: &mut Tx, app: &App, who: &Who, organisation: Id, about: (&'static str, Id), text: &str) -> Result<Released<String>> {
    let one = super::get(tx, organisation).await?;
    release::release(tx, &app.profile, who, &leaving(app, &one, about, text), text.to_owned()).await
}

/// Whether an organisation's page may show notes now: what it may get can be less than it was.
pub async fn may_be_shown(reader: &mut Reader, app: &App, organisation: Id) -> Result<bool> {
    let one = super::get(reader, organisation).await?;
    Ok(release::weigh(&app.profile, &leaving(app, &one, ("note", organisation), "")).may_leave())
}

fn leaving(app: &App, one: &Organisation, (noun, id): (&'static str, Id), text: &str) -> Leaving {
    Leaving {
        to: Recipient {
            key: format!("organisation:{}", one.id),
            name: one.name.clone(),
            organisation: Some(one.id),
            ceiling: one.ceiling,
            address: String::new(),
        },
        channel: Channel::Portal,
        noun,
        id,
        about: one.id,
        version: 1,
        // Nobody labels a note.
        label: app.profile.labels.default,
        containers: Vec::new(),
        downgrade: String::new(),
        basis: "decision".into(),
        against: Vec::new(),
        held: Vec::new(),
        protection: String::new(),
        content: Hash::of(text.as_bytes()),
    }
}
