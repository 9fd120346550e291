//! The console's page of readers and manifests.

use ::store::Reader;
use askama::Template;
use axum::response::Response;

use super::desk_web::alarms;
use super::page::words;
use super::{desk, keys, manifest, site, sums};
use crate::text::{COMPLETE, Text};
use crate::web::{Ctx, Room, Shell, page};
use crate::{Result, people};

struct Intake {
    id: String,
    version: Option<i64>,
    until: String,
    readers: Vec<Listed>,
}

struct Listed {
    name: String,
    purpose: String,
    person: String,
    fingerprint: String,
    ends: String,
    current: bool,
}

#[derive(Template)]
#[template(path = "sealed/pages/readers.html")]
struct ReadersPage {
    shell: Shell,
    team: Option<keys::Cert>,
    intakes: Vec<Intake>,
    alarms: Vec<String>,
    listed: bool,
    /// How many messages not all readers of today can open.
    old: i64,
    words: Vec<(String, String)>,
    text: Text,
}

impl ReadersPage {
    fn pinned(&self) -> Option<(String, String)> {
        site::script("/dialogues/assets", "desk.js")
    }

    fn say(&self, key: &str) -> String {
        self.text.say(key)
    }
}

/// `GET /dialogues/readers`
pub async fn readers(ctx: Ctx) -> Result<Response> {
    let shell = Shell::new(&ctx, "Readers and manifest", Room::Sealed).await?;
    let mut alarms = alarms(&ctx.app).await?;
    alarms.extend(sums::outdated(&ctx.app).await?.map(|path| sums::told(&path)));
    let listed = sums::newest(&ctx.app).await?.is_some();
    let mut reader = ctx.app.db.read().await?;
    let team = keys::team(&mut reader).await?;
    let intakes = intakes(&ctx, &mut reader).await?;
    let old = desk::count_to_rewrap(&mut reader, &ctx.app, &ctx.who).await?;
    drop(reader);
    let text = ctx.app.languages.text(COMPLETE);
    page(&ReadersPage { shell, team, intakes, alarms, listed, old, words: words(&text), text })
}

/// Who reads each intake, and whether its newest manifest says so.
async fn intakes(ctx: &Ctx, reader: &mut Reader) -> Result<Vec<Intake>> {
    let mut intakes = Vec::new();
    for intake in ctx.app.profile.sealed.clone().unwrap_or_default().intakes {
        let newest = manifest::newest(reader, &intake.id).await?.map(|published| published.manifest);
        let mut readers = Vec::new();
        for one in keys::readers(reader, Some(&intake.id)).await? {
            let person = match one.person {
                Some(person) => people::name_of(reader, person).await?,
                None => "–".into(),
            };
            let ends = one.expires_at.map_or_else(|| "never".into(), |at| at.strftime("%-d %b %Y").to_string());
            let current = newest.as_ref().is_some_and(|manifest| manifest.readers.iter().any(|listed| listed.fingerprint == one.fingerprint));
            readers.push(Listed { name: one.name, purpose: one.purpose, person, fingerprint: one.fingerprint, ends, current });
        }
        let until = newest.as_ref().map(|manifest| manifest.not_after.to_string()).unwrap_or_default();
        intakes.push(Intake { id: intake.id, version: newest.map(|manifest| manifest.version), until, readers });
    }
    Ok(intakes)
}
