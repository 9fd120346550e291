//! The team's own tree as files, and the signatures that are made elsewhere.

use std::path::PathBuf;

use clap::Args;

use super::{failed, read, usage};
use crate::access::Who;
use crate::commands::{Ended, Place, say};
use crate::publications::csaf::{self as documents, Unsigned};
use crate::{App, Error};

/// Arguments of `csaf export`.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    place: Place,
    /// The folder; what it held before is in `FOLDER.before`
    folder: PathBuf,
    /// Leave out what is not for everybody
    #[arg(long)]
    public: bool,
}

/// Arguments of `csaf unsigned` and `csaf signatures`.
#[derive(Debug, Args)]
pub struct Folder {
    #[command(flatten)]
    place: Place,
    /// The folder
    folder: PathBuf,
}

impl Export {
    /// Writes the tree.
    pub async fn run(self) -> Result<(), Ended> {
        let app = App::open(self.place.settings()?).await?;
        let done = self.write(&app).await;
        app.db.close().await;
        say(&format!("{} files in {}.", done?, self.folder.display()));
        Ok(())
    }

    /// Gives how many files there are.
    async fn write(&self, app: &App) -> Result<usize, Ended> {
        documents::tell_of_old(app).await.map_err(failed)?;
        let mut reader = app.db.read().await.map_err(Error::from).map_err(failed)?;
        let keys = documents::ours(&mut reader).await.map_err(failed)?;
        let files = documents::listing(&mut reader, &app.profile, keys).await.map_err(failed)?;
        let files: Vec<_> = files.into_iter().filter(|(file, _)| !self.public || file.label == formats::label::Tlp::Clear).collect();
        let fault = |error: std::io::Error| usage(format!("{}: {error}", self.folder.display()));
        let (new, before) = (self.folder.with_extension("new"), self.folder.with_extension("before"));
        for old in [&new, &before] {
            if old.exists() {
                std::fs::remove_dir_all(old).map_err(fault)?;
            }
        }
        for (file, place) in &files {
            let path = new.join(&file.path);
            std::fs::create_dir_all(path.parent().unwrap_or(&new)).map_err(fault)?;
            let bytes = match (file.body.bytes(), place) {
                (None, Some(place)) => documents::bytes(&mut reader, place).await.map_err(failed)?,
                (bytes, _) => bytes.unwrap_or_default().to_vec(),
            };
            std::fs::write(path, bytes).map_err(fault)?;
        }
        // A reader sees the one or the other, never half.
        if self.folder.exists() {
            std::fs::rename(&self.folder, &before).map_err(fault)?;
        }
        std::fs::rename(&new, &self.folder).map_err(fault)?;
        Ok(files.len())
    }
}

impl Folder {
    /// Writes what waits.
    pub async fn write(self) -> Result<(), Ended> {
        let app = App::open(self.place.settings()?).await?;
        let waiting = waiting(&app).await;
        app.db.close().await;
        let waiting = waiting.map_err(failed)?;
        std::fs::create_dir_all(&self.folder).map_err(|error| usage(format!("{}: {error}", self.folder.display())))?;
        for one in &waiting {
            std::fs::write(self.folder.join(&one.name), &one.bytes).map_err(|error| usage(format!("{}: {error}", one.name)))?;
        }
        say(&format!("{} documents wait for a signature, in {}. Sign each: gpg --armor --detach-sign NAME.json", waiting.len(), self.folder.display()));
        Ok(())
    }

    /// Takes what lies there.
    pub async fn take(self) -> Result<(), Ended> {
        let app = App::open(self.place.settings()?).await?;
        let done = self.take_into(&app).await;
        app.db.close().await;
        say(&format!("{} signatures taken.", done?));
        Ok(())
    }

    async fn take_into(&self, app: &App) -> Result<usize, Ended> {
        documents::tell_of_old(app).await.map_err(failed)?;
        let entries = std::fs::read_dir(&self.folder).map_err(|error| usage(format!("{}: {error}", self.folder.display())))?;
        let mut taken = 0;
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(document) = name.strip_suffix(".asc") else { continue };
            let signature = String::from_utf8_lossy(&read(&entry.path())?).into_owned();
            documents::take_signature(app, &Who::Operator, document, &signature).await.map_err(failed)?;
            taken += 1;
        }
        Ok(taken)
    }
}

async fn waiting(app: &App) -> crate::Result<Vec<Unsigned>> {
    documents::tell_of_old(app).await?;
    documents::unsigned(&mut app.db.read().await?, &Who::Operator).await
}
