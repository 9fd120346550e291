//! What a team begins with: pages written beforehand, which it changes as it likes.

use std::collections::BTreeMap;
use std::path::Path;

use ::store::Tx;
use press::front::{self, Page};
use press::{Content, Kind};

use super::{item::Publication, publish, store, write};
use crate::access::Who;
use crate::profile::Profile;
use crate::{App, Error, Result};

/// What became of a folder of pages.
#[derive(Debug, Default)]
pub struct Filled {
    /// So many were taken.
    pub taken: usize,
    /// So many were there already, by kind and name.
    pub there: usize,
}

/// Takes the pages of a folder, `kind/name.language.md`: as drafts that somebody hands in, or out at once, on the word of
/// whoever runs the program. What has the name of something that is there stays as that is. A file that cannot be read
/// refuses the whole folder, with one line for each such file.
pub async fn fill(app: &App, folder: &Path, out: bool) -> Result<Filled> {
    let mut filled = Filled::default();
    let who = Who::Operator;
    for (kind, name, content) in read(&app.profile, folder)? {
        let taken = app
            .db
            .change(&who.to_string(), async |tx| {
                if store::named(tx, kind, &name).await?.is_some() {
                    return Ok::<bool, Error>(false);
                }
                let one = begin(tx, &who, &name, content.clone()).await?;
                if out {
                    publish::leave_at_start(tx, app, &who, one).await?;
                }
                Ok(true)
            })
            .await?;
        if taken { filled.taken += 1 } else { filled.there += 1 }
    }
    app.publications.forget();
    Ok(filled)
}

async fn begin(tx: &mut Tx, who: &Who, name: &str, content: Content) -> Result<Publication> {
    let id = write::add_in(tx, who, content).await?;
    let mut one = store::get(tx, id).await?.ok_or(Error::NotFound)?;
    one.name = name.to_owned();
    store::update(tx, &one).await?;
    store::get(tx, id).await?.ok_or(Error::NotFound)
}

/// Whether anything was ever written.
pub async fn is_empty(app: &App) -> Result<bool> {
    Ok(!store::any(&mut app.db.read().await?).await?)
}

fn read(profile: &Profile, folder: &Path) -> Result<Vec<(Kind, String, Content)>> {
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    if !Kind::ALL.iter().any(|kind| folder.join(kind.path()).is_dir()) {
        let wanted: Vec<String> = Kind::ALL.iter().map(|kind| format!("{}/", kind.path())).collect();
        return Err(Error::invalid(format!("{} is no folder of pages: it has none of {}.", folder.display(), wanted.join(", "))));
    }
    for kind in Kind::ALL {
        let mut pages: BTreeMap<String, Vec<Page>> = BTreeMap::new();
        for (name, language, text) in files(&folder.join(kind.path()))? {
            match front::read(kind, &language, &filled_in(profile, &language, &text)) {
                Ok(page) => pages.entry(name).or_default().push(page),
                Err(line) => wrong.push(format!("{}/{name}.{language}.md: {line}", kind.path())),
            }
        }
        for (name, pages) in pages {
            match front::gather(pages, &profile.languages) {
                Ok(content) => all.extend(content.map(|content| (kind, name, content))),
                Err(line) => wrong.push(format!("{}/{name}: {line}", kind.path())),
            }
        }
    }
    if wrong.is_empty() { Ok(all) } else { Err(Error::invalid(wrong.join("\n"))) }
}

/// The files `name.language.md` of a folder; one that is not there has none.
fn files(folder: &Path) -> Result<Vec<(String, String, String)>> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(Error::fault)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let Some((name, language)) = name.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.')) else { continue };
        let text = std::fs::read_to_string(&path).map_err(|error| Error::invalid(format!("{}: {error}", path.display())))?;
        files.push((name.to_owned(), language.to_owned(), text));
    }
    files.sort();
    Ok(files)
}

/// The team's own facts in the place of `{{team}}` and the like.
fn filled_in(profile: &Profile, language: &str, text: &str) -> String {
    let team = &profile.team;
    let urgent = team.urgent_phone.as_ref().map(|texts| texts.text(language)).unwrap_or_default();
    [
        ("{{team}}", team.name.text(language)),
        ("{{short}}", team.short_name.text(language)),
        ("{{mail}}", team.report_address.as_str()),
        ("{{phone}}", team.phone.as_deref().unwrap_or(&team.report_address)),
        ("{{urgent_phone}}", urgent),
        ("{{report}}", "/report"),
        ("{{host}}", team.host.text(language)),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (name, value)| text.replace(name, value))
}
