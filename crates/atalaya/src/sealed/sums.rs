//! The list of check sums: all that a browser gets from the sealed site for sealing and reading on the
//! device, and the scripts of the console's page on which a reader's key is opened, hashed as they are served and
//! signed by the team. Whoever looks from outside can compare every byte (`docs/check-sealed.sh`), and a server that
//! serves others gives itself away.

use ::store::Record;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use post::openpgp::{self, SecretKey};
use serde_json::json;
use sha2::{Digest, Sha256};
use tower::ServiceExt as _;

use super::{keys, manifest, published, site};
use crate::access::{Noun, Verb, Who, require};
use crate::{App, Error, Result};

/// The most bytes of one file.
const MOST: usize = 16 << 20;

/// What is listed: the pages that lead to sealing and reading at each address that they write, in each language, their
/// scripts, style, drawings, keys, manifests; and the two scripts of a page of the console, which sees a reader's key and
/// what it opens. Where the listener has a site of its own, its short addresses stand for the same pages.
fn paths(app: &App) -> Vec<String> {
    let sealed = app.profile.sealed.clone().unwrap_or_default();
    let mut of_intake = vec!["/sealed", "/sealed/return", "/sealed/b", "/sealed/promise"];
    if sealed.by_server {
        of_intake.push("/sealed/c");
    }
    let mut pages = Vec::new();
    // The public site has other pages at these.
    if sealed.listen.is_some() && !sealed.public {
        pages.extend(["/", "/return", "/b"]);
        pages.extend(sealed.by_server.then_some("/c"));
    }
    let mut paths: Vec<String> = of_intake.iter().chain(&pages).map(|page| (*page).to_owned()).collect();
    for intake in &sealed.intakes {
        paths.extend(of_intake.iter().map(|page| format!("{page}?intake={}", intake.id)));
    }
    for language in app.languages.offered() {
        paths.extend(of_intake.iter().chain(&pages).map(|page| format!("{page}?lang={language}")));
        for intake in &sealed.intakes {
            paths.extend(of_intake.iter().map(|page| format!("{page}?intake={}&lang={language}", intake.id)));
        }
    }
    paths.extend(sealed.intakes.iter().map(|intake| format!("/sealed/manifest/{}.json.asc", intake.id)));
    paths.extend(["form.js", "dialogue.js", "desk.js"].map(|name| format!("/sealed/assets/{name}")));
    paths.push(format!("/assets/atalaya.css?{}", crate::VERSION));
    paths.extend(["console.js", "icons.svg", "mark.svg", "favicon.svg"].map(|name| format!("/assets/{name}")));
    paths.push("/sealed/team.asc".into());
    paths
}

/// The list as of now: SHA-256 and path on each line, as `sha256sum` writes them.
pub async fn draft(app: &App) -> Result<String> {
    let (router, mut list) = (site::router(app.clone()), String::new());
    for path in paths(app) {
        let asked = Request::get(&path).body(Body::empty()).map_err(Error::fault)?;
        let answer = router.clone().oneshot(asked).await.map_err(Error::fault)?;
        if !answer.status().is_success() {
            return Err(Error::conflict(format!(
                "{path} is not served yet: there has to be [sealed] in the profile, a team certificate, and a manifest of each intake."
            )));
        }
        let bytes = to_bytes(answer.into_body(), MOST).await.map_err(Error::fault)?;
        list.push_str(&format!("{}  {path}\n", data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes))));
    }
    Ok(list)
}

/// Drafts, signs and publishes at once, for a team key that is at hand.
pub async fn sign(app: &App, who: &Who, key: &SecretKey, passphrase: &str) -> Result<String> {
    let seed = app.db.entropy().bytes();
    let text = openpgp::sign_cleartext(draft(app).await?.trim_end(), key, passphrase, app.now(), seed).map_err(|error| Error::invalid(error.to_string()))?;
    publish(app, who, &text).await?;
    Ok(text)
}

/// Publishes a list that was signed, here or elsewhere.
pub async fn publish(app: &App, who: &Who, text: &str) -> Result<()> {
    require(who, Verb::Keep, Noun::Sealed)?;
    let team = keys::team(&mut app.db.read().await?).await?.ok_or_else(|| Error::conflict("There is no team certificate yet."))?;
    let said = manifest::signed_text(app, text, &team).await?;
    if let Some(path) = differs(&said, &draft(app).await?) {
        return Err(Error::invalid(format!("{path} is served as something else than the list says: draft it again and sign that.")));
    }
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
    app.db
        .change(&who.to_string(), async |tx| {
            published::add_sums(tx, text).await?;
            tx.record(Record::new("sealed_sums.signed", "manifest", tx.new_id()).facts(json!({ "sha256": sha256, "team": team.fingerprint })));
            Ok::<_, Error>(())
        })
        .await
}

/// The newest list, signed.
pub async fn newest(app: &App) -> Result<Option<String>> {
    Ok(published::sums(&mut app.db.read().await?).await?)
}

/// What is not served as the newest list says, if there is a list.
pub async fn outdated(app: &App) -> Result<Option<String>> {
    let Some(text) = newest(app).await? else { return Ok(None) };
    let said = manifest::inside(&text).ok_or_else(|| Error::fault("a list that is none"))?;
    Ok(differs(&said, &draft(app).await?))
}

/// The line for what is outdated.
pub fn told(path: &str) -> String {
    format!("{path} is not what the signed list of check sums says, so whoever compares is alarmed: `atalaya keys sums sign`.")
}

/// The first path that only one of two lists has, or that they have differently.
fn differs(one: &str, other: &str) -> Option<String> {
    let lines = |list: &str| list.lines().map(|line| line.trim_end().to_owned()).filter(|line| !line.is_empty()).collect::<Vec<_>>();
    let (one, other) = (lines(one), lines(other));
    let lone = one.iter().find(|line| !other.contains(line)).or_else(|| other.iter().find(|line| !one.contains(line)));
    lone.map(|line| line.split_once("  ").map_or(line.as_str(), |(_, path)| path).to_owned())
}
