//! The page that seals without a network: one file with scripts, style, the team's key and a manifest,
//! signed by the team beside it, so that whoever has it needs to trust no server.

use ::store::{FromRow, Reader, Record, Row};
use askama::Template;
use data_encoding::BASE64;
use post::openpgp::{self, SecretKey};
use serde_json::json;
use sha2::{Digest, Sha384};
use vault::blob::Hash;

use super::{bundle, keys, manifest, page, published, today};
use crate::access::{Noun, Verb, Who, require};
use crate::text::Text;
use crate::web::assets;
use crate::{App, Error, Result};

#[derive(Template)]
#[template(path = "sealed/pages/offline.html")]
struct Offline {
    text: Text,
    style: String,
    script: String,
    team: String,
    team_key: String,
    manifest: String,
    intake: String,
    version: i64,
    most: u64,
    /// Where the sealed file is handed in, if reporters have an address for it.
    site: Option<String>,
}

/// Bytes of all files together: the sealed whole lies in the browser's memory before it can be saved.
const MOST: u64 = 256 << 20;

impl Offline {
    fn say(&self, key: &str) -> String {
        self.text.say(key)
    }

    fn words(&self) -> Vec<(String, String)> {
        page::words(&self.text)
    }

    /// A source expression for the policy (CSP 3, section 2.3.1).
    fn hash(&self, text: &str) -> String {
        format!("sha384-{}", BASE64.encode(&Sha384::digest(text.as_bytes())))
    }
}

/// A page that the team signed.
#[derive(Clone, Debug)]
pub struct Signed {
    /// The manifest that it holds.
    pub version: i64,
    /// Its bytes, among the blobs.
    pub page: Hash,
    /// The signature beside it, in armor.
    pub signature: String,
}

impl FromRow for Signed {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { version: row.get()?, page: row.get()?, signature: row.get()? })
    }
}

/// The page that takes what was sealed elsewhere.
fn handed_in(app: &App) -> Option<String> {
    let sealed = app.profile.sealed.as_ref()?;
    let site = sealed.url.as_deref().or_else(|| sealed.public.then_some(app.profile.web.public_url.as_str()))?;
    Some(format!("{}/sealed/b", site.trim_end_matches('/')))
}

/// The page as the team would sign it today. The same installation makes the same bytes until keys,
/// manifest or program change.
pub async fn draft(reader: &mut Reader, app: &App, intake: &str, language: &str) -> Result<String> {
    keys::known_intake(app, intake)?;
    if !app.languages.offered().iter().any(|tag| tag == language) {
        return Err(Error::invalid(format!("{language}: the profile offers {}", app.languages.offered().join(", "))));
    }
    let team = keys::team(reader).await?.ok_or_else(|| Error::conflict("There is no team certificate yet."))?;
    let published = manifest::current(reader, app, intake).await?;
    let published = published.ok_or_else(|| Error::conflict(format!("There is no manifest of “{intake}” that is valid today.")))?;
    let page = Offline {
        text: app.languages.text(language),
        style: assets::text("atalaya.css").ok_or_else(|| Error::fault("there is no style"))?,
        script: bundle::bundle("offline.js")?,
        team: team.fingerprint,
        team_key: team.armored,
        manifest: published.text,
        intake: intake.to_owned(),
        version: published.manifest.version,
        most: MOST,
        site: handed_in(app),
    };
    if page.style.contains("</style") {
        return Err(Error::fault("the style holds what ends a style element"));
    }
    Ok(page.render()?)
}

/// Drafts, signs and publishes at once, for a team key that is at hand.
pub async fn sign(app: &App, who: &Who, intake: &str, language: &str, key: &SecretKey, passphrase: &str) -> Result<Signed> {
    let page = draft(&mut app.db.read().await?, app, intake, language).await?;
    let seed = app.db.entropy().bytes();
    let signature = openpgp::sign_detached(page.as_bytes(), key, passphrase, app.now(), seed).map_err(|error| Error::invalid(error.to_string()))?;
    publish(app, who, intake, language, page.as_bytes(), signature.as_bytes()).await
}

/// Publishes a page with the signature that was made beside it, here or elsewhere.
pub async fn publish(app: &App, who: &Who, intake: &str, language: &str, page: &[u8], signature: &[u8]) -> Result<Signed> {
    require(who, Verb::Keep, Noun::Sealed)?;
    let mut reader = app.db.read().await?;
    let team = keys::team(&mut reader).await?.ok_or_else(|| Error::conflict("There is no team certificate yet."))?;
    let ours = draft(&mut reader, app, intake, language).await?;
    let version = manifest::current(&mut reader, app, intake).await?.map_or(0, |published| published.manifest.version);
    drop(reader);
    if ours.as_bytes() != page {
        return Err(Error::invalid("This is not the page that is made here now: draft it again and sign that."));
    }
    let verdicts = app.opener.detached(page, signature, vec![team.armored], app.now()).await.map_err(|error| Error::invalid(error.to_string()))?;
    match verdicts.first() {
        Some(verdict) if verdict.good => {}
        Some(verdict) => return Err(Error::invalid(format!("The signature does not count: {}.", verdict.why))),
        None => return Err(Error::invalid("There is no signature.")),
    }
    let kept = app.blobs.seal(page)?;
    let signed = Signed { version, page: kept.hash, signature: String::from_utf8_lossy(signature).into_owned() };
    app.db
        .change(&who.to_string(), async |tx| {
            tx.keep(&kept).await?;
            published::add_page(tx, intake, language, &signed).await?;
            let facts = json!({ "intake": intake, "language": language, "version": version, "sha256": kept.hash.to_string() });
            tx.record(Record::new("sealed_page.signed", "manifest", tx.new_id()).facts(facts));
            Ok::<_, Error>(())
        })
        .await?;
    Ok(signed)
}

/// The signed page of an intake and a language, while its manifest is valid.
pub async fn offered(reader: &mut Reader, app: &App, intake: &str, language: &str) -> Result<Option<Signed>> {
    let Some(signed) = published::page(reader, intake, language).await? else { return Ok(None) };
    let held = manifest::of_version(reader, intake, signed.version).await?;
    Ok(held.filter(|published| published.manifest.is_for(today(app))).map(|_| signed))
}

/// The bytes of a signed page.
pub async fn bytes(reader: &mut Reader, app: &App, signed: &Signed) -> Result<Vec<u8>> {
    Ok(app.blobs.get(reader, signed.page).await?)
}
