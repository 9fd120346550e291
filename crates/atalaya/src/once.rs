//! A form that makes something makes it once, however often it is sent.
//!
//! Whoever goes back in the browser and presses the button again sends the same words to the same place. A mark in
//! the page would not tell that from a new form: our pages are not to be stored, so going back asks for the page
//! anew, with another mark, while the browser fills in what was typed before. So a form is known by who sent what
//! where, for an hour. A verb that makes something asks [`made`] first and says [`makes`] at the end, in its own
//! change: both happen or neither, also when the form comes twice at the same moment.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use store::{Id, Tx, args};

use crate::access::Who;
use crate::web::Fields;
use crate::{App, Result};

/// So long the same is one press of a button, or one after going back. Later it is said again.
pub const AGAIN: SignedDuration = SignedDuration::from_hours(1);

/// So many forms of the past are forgotten at once.
const FORGOTTEN: u32 = 1000;

/// A form, by who sent what where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form([u8; 32]);

impl Form {
    /// The form with these fields that this person sent to a path.
    pub fn of(person: Id, path: &str, fields: &Fields) -> Self {
        let mut hash = Sha256::new_with_prefix(person.0);
        for part in std::iter::once(path).chain(fields.0.iter().flat_map(|(name, value)| [name.as_str(), value.as_str()])) {
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        Self(hash.finalize().into())
    }
}

/// What the form by which somebody asks made when it was sent before. What that has become of meanwhile is for the
/// verb to see: what was taken back may be made anew.
pub async fn made(tx: &mut Tx, who: &Who) -> Result<Option<Id>> {
    let Some(Form(form)) = who.form() else { return Ok(None) };
    let (now, since) = (tx.now(), tx.now().checked_sub(AGAIN).unwrap_or(Timestamp::MIN));
    // The same form at the same moment waits here until this change has ended, and sees then what that made: also when
    // it was sent long ago, and begins anew.
    let text = "insert into sent_forms (form, at) values ($1, $2) on conflict (form) do update set \
                made = case when sent_forms.at > $3 then sent_forms.made else null end, at = case when sent_forms.at > $3 then sent_forms.at else $2 end";
    tx.execute(text, args![form, now, since]).await?;
    let made: Option<Option<Id>> = tx.value("select made from sent_forms where form = $1", args![form]).await?;
    Ok(made.flatten())
}

/// The form makes this.
pub async fn makes(tx: &mut Tx, who: &Who, id: Id) -> Result<()> {
    if let Some(Form(form)) = who.form() {
        let text = "insert into sent_forms (form, made, at) values ($1, $2, $3) on conflict (form) do update set made = excluded.made, at = excluded.at";
        let now = tx.now();
        tx.execute(text, args![form, id, now]).await?;
    }
    Ok(())
}

/// Forgets the forms that are known no longer, a few in each change: nobody waits for who sweeps.
pub async fn sweep(app: &App) -> Result<()> {
    let old = "delete from sent_forms where form in (select form from sent_forms where at <= $1 order by at limit $2)";
    loop {
        let gone = app
            .db
            .keep_house(async |tx| {
                let since = tx.now().checked_sub(AGAIN).unwrap_or(Timestamp::MIN);
                tx.execute(old, args![since, FORGOTTEN]).await
            })
            .await?;
        if gone < u64::from(FORGOTTEN) {
            return Ok(());
        }
    }
}
