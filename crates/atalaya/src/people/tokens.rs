//! Tokens: how programs show who they are. The secret is shown once; its hash is kept.

use ::store::{Id, Reader, Record};
use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// What a token may do; so far there is one thing.
pub const SCOPE: &str = "reports";
/// What a token's secret begins with, so that one that leaked is recognised.
const MARK: &str = "atalaya_";

/// A token as the list shows it.
#[derive(Clone, Debug)]
pub struct Token {
    /// Id.
    pub id: Id,
    /// What it is for.
    pub name: String,
    /// The organisation it speaks for.
    pub organisation: Option<Id>,
    /// Since when.
    pub created_at: Timestamp,
    /// Last use, to the hour.
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Who shows this bearer token, if it is good.
pub async fn token(app: &App, bearer: &str) -> Result<Option<Who>> {
    if !bearer.starts_with(MARK) {
        return Ok(None);
    }
    let mut reader = app.db.read().await?;
    let found = store::token(&mut reader, hash(bearer), SCOPE).await?;
    drop(reader);
    let Some((id, organisation, used_at)) = found else { return Ok(None) };
    let hour = SignedDuration::from_hours(1);
    if used_at.is_none_or(|used| app.now().duration_since(used) > hour) {
        // Not of the tables that may be written silently: a use is a fact about the token.
        let who = Who::Token { id, organisation }.to_string();
        let marked = app.db.change(&who, async |tx| {
            store::use_token(tx, id).await?;
            tx.record(Record::new("token.used", "token", id));
            Ok::<_, Error>(())
        });
        // On a full disk reading goes on.
        if let Err(error) = marked.await {
            tracing::warn!(%error, "a token could not be marked as used");
        }
    }
    Ok(Some(Who::Token { id, organisation }))
}

/// All tokens, the newest first.
pub async fn tokens(reader: &mut Reader) -> Result<Vec<Token>> {
    Ok(store::tokens(reader).await?)
}

/// Makes a token; gives the secret, which is shown this once.
pub async fn add_token(app: &App, who: &Who, name: &str, organisation: Option<Id>) -> Result<String> {
    require(who, Verb::Keep, Noun::People)?;
    let name = name.trim();
    if name.is_empty() || name.len() > 100 {
        return Err(Error::invalid("Say what the token is for, in up to 100 letters"));
    }
    app.db
        .change(&who.to_string(), async |tx| {
            let secret = format!("{MARK}{}", BASE64URL_NOPAD.encode(&tx.random::<32>()));
            let id = tx.new_id();
            store::insert_token(tx, id, hash(&secret), name, who.person().map(|person| person.id), organisation, SCOPE).await?;
            tx.record(
                Record::new("token.added", "token", id).facts(json!({ "scope": SCOPE, "organisation": organisation })).particulars(json!({ "name": name })),
            );
            Ok(secret)
        })
        .await
}

/// Ends a token.
pub async fn revoke_token(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Keep, Noun::People)?;
    app.db
        .change(&who.to_string(), async |tx| {
            if !store::revoke_token(tx, id).await? {
                return Err(Error::NotFound);
            }
            tx.record(Record::new("token.revoked", "token", id));
            Ok(())
        })
        .await
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}
