//! Tokens: how programs show who they are. The secret is shown once; its hash is kept.

use ::store::{Id, Reader, Record};
use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::store;
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result, once};

/// What a token may do, each with a few words for people. One token does one thing.
pub const SCOPES: [(&str, &str); 4] = [
    ("reports", "Hand in reports and ask how they stand"),
    ("feeds", "Deliver event files"),
    ("events", "Fetch the events of its organisation"),
    ("advisories", "Fetch advisories (CSAF) that are not for everybody"),
];
/// In place of a feed's name: every feed.
pub const EVERY_FEED: &str = "*";
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
    /// One of [`SCOPES`].
    pub scope: String,
    /// Names of the feeds that it delivers to; none for every feed.
    pub feeds: Vec<String>,
    /// Since when.
    pub created_at: Timestamp,
    /// Last use, to the hour.
    pub used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Who shows this bearer token, if it is good for this.
pub async fn token(app: &App, bearer: &str, scope: &str) -> Result<Option<Who>> {
    if !bearer.starts_with(MARK) {
        return Ok(None);
    }
    let mut reader = app.db.read().await?;
    let found = store::token(&mut reader, hash(bearer), scope).await?;
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

/// Whether a token may deliver to a feed.
pub async fn may_deliver(reader: &mut Reader, who: &Who, feed: &str) -> Result<bool> {
    let Who::Token { id, .. } = who else { return Ok(false) };
    Ok(store::token_feeds(reader, *id).await?.is_some_and(|feeds| feeds.is_empty() || feeds.iter().any(|one| one == feed)))
}

/// A token that is to be made.
#[derive(Clone, Debug, Default)]
pub struct NewToken<'a> {
    /// What it is for.
    pub name: &'a str,
    /// The organisation that it speaks for.
    pub organisation: Option<Id>,
    /// One of [`SCOPES`].
    pub scope: &'a str,
    /// Names of the feeds that it delivers to, if it delivers; [`EVERY_FEED`] for all, also those to come.
    pub feeds: Vec<&'a str>,
}

/// Makes a token that is bound to no feed; gives the secret, which is shown this once.
pub async fn add_token(app: &App, who: &Who, name: &str, organisation: Option<Id>, scope: &str) -> Result<String> {
    let feeds = if scope == "feeds" { vec![EVERY_FEED] } else { Vec::new() };
    make_token(app, who, NewToken { name, organisation, scope, feeds }).await
}

/// Makes a token; gives the secret, which is shown this once.
pub async fn make_token(app: &App, who: &Who, new: NewToken<'_>) -> Result<String> {
    let NewToken { name, organisation, scope, feeds } = new;
    require(who, Verb::Keep, Noun::People)?;
    let name = name.trim();
    if name.is_empty() || name.len() > 100 {
        return Err(Error::invalid("Say what the token is for, in up to 100 letters"));
    }
    if !SCOPES.iter().any(|(known, _)| *known == scope) {
        return Err(Error::invalid("Choose what the token is for"));
    }
    if ["events", "advisories"].contains(&scope) && organisation.is_none() {
        return Err(Error::invalid("A token that fetches events or advisories speaks for an organisation: name it"));
    }
    if scope == "feeds" && organisation.is_some() {
        return Err(Error::invalid("A token that delivers event files is the team's own: leave the organisation empty"));
    }
    if scope != "feeds" && !feeds.is_empty() {
        return Err(Error::invalid("Feeds are for a token that delivers event files: choose that, or no feed"));
    }
    if scope == "feeds" && feeds.is_empty() {
        return Err(Error::invalid("Choose the feeds that the token delivers to"));
    }
    let is_bound = scope == "feeds" && !feeds.contains(&EVERY_FEED);
    let feeds = if is_bound { feeds.join(" ") } else { String::new() };
    app.db
        .change(&who.to_string(), async |tx| {
            if let Some(made) = once::made(tx, who).await?
                && store::tokens(tx).await?.iter().any(|token| token.id == made && token.revoked_at.is_none())
            {
                return Err(Error::conflict(
                    "This token was made already, and its secret was shown then, this once. If it is lost, end the token and make another.",
                ));
            }
            let secret = format!("{MARK}{}", BASE64URL_NOPAD.encode(&tx.random::<32>()));
            let id = tx.new_id();
            store::insert_token(tx, id, hash(&secret), name, who.person().map(|person| person.id), organisation, scope, &feeds).await?;
            let facts = json!({ "scope": scope, "organisation": organisation, "feeds": feeds });
            tx.record(Record::new("token.added", "token", id).facts(facts).particulars(json!({ "name": name })));
            once::makes(tx, who, id).await?;
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
