//! The keys of sealed reports, so that a demonstration can take and open them. As everywhere else, the
//! reader's secret key stays outside of the installation: in a file that whoever looks at it is told of.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use jiff::SignedDuration;
use post::openpgp::SecretKey;
use post::openpgp::key::NewKey;

use crate::access::Who;
use crate::sealed::keys::{self, NewReader};
use crate::sealed::{manifest, offline};
use crate::{App, Error, Result};

/// A demonstration is looked at again after years.
const DAYS: i64 = 3650;

/// Makes the team's key and a reader's, and signs who reads; the reader's secret key goes into `file`.
pub async fn readers(app: &App, file: &Path) -> Result<()> {
    let Some(sealed) = &app.profile.sealed else { return Ok(()) };
    let (team, reader) = (key(app, "Demonstration team", "team@demo.example")?, key(app, "Demonstration reader", "reader@demo.example")?);
    let who = Who::Operator;
    keys::set_team(app, &who, public(&team)?.as_bytes()).await?;
    for intake in &sealed.intakes {
        let new = NewReader { certificate: public(&reader)?.into_bytes(), intake: intake.id.clone(), name: "Duty".into(), person: None, recovery: false };
        keys::add_reader(app, &who, new).await?;
        manifest::sign(app, &who, &intake.id, DAYS, &team, "").await?;
        for language in app.languages.offered().iter().filter(|language| app.languages.has(language)) {
            offline::sign(app, &who, &intake.id, language, &team, "").await?;
        }
    }
    let secret = reader.armored().map_err(Error::fault)?;
    let mut file = std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(file).map_err(Error::fault)?;
    file.write_all(secret.as_bytes()).and_then(|()| file.sync_all()).map_err(Error::fault)
}

fn key(app: &App, name: &str, mail: &str) -> Result<SecretKey> {
    let user_id = format!("{name} <{mail}>");
    let new = NewKey { user_id: &user_id, at: app.now(), valid: SignedDuration::from_hours(DAYS * 24), passphrase: None };
    SecretKey::generate(&new, app.db.entropy().bytes()).map_err(Error::fault)
}

fn public(key: &SecretKey) -> Result<String> {
    key.certificate().armored().map_err(Error::fault)
}
