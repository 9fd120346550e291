//! `atalaya backup` and `atalaya restore`: the embedded installation as one folder, without its key.
//!
//! The database is copied online and consistently, and the copy is sealed with the instance's key before
//! it goes into the folder; large blobs are sealed already and never change once they are there. They are copied before
//! the database, for what is removed meanwhile, and after it, for what came meanwhile. The key file is not part of it: who steals the backup learns how much there is, and nothing of what it says.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use store::{Blobs, Clock, Db};
use vault::key::InstanceKey;
use vault::whole;

use crate::commands::{Ended, Place, say};
use crate::{Error, app, events, journal};

/// Where the data folder says when it was last backed up; the metrics read it.
pub const LAST: &str = "last-backup";
/// What the sealed copy of the database is called in the folder.
const DATABASE: &str = "atalaya.db.age";

/// Arguments of `backup`.
#[derive(Debug, Args)]
pub struct Backup {
    #[command(flatten)]
    place: Place,
    /// The folder to make
    folder: PathBuf,
}

/// Arguments of `restore`.
#[derive(Debug, Args)]
pub struct Restore {
    #[command(flatten)]
    place: Place,
    /// The folder that `backup` made
    folder: PathBuf,
}

impl Backup {
    /// Copies while the program runs.
    pub async fn run(self) -> Result<(), Ended> {
        let Backup { place, folder } = self;
        if place.is_server()? {
            return Err(Ended { code: 2, text: "The data lie on a PostgreSQL server: back it up with pg_dump, and the blobs folder with it. What pg_dump writes can be read by anybody: seal it, for instance with age.".into() });
        }
        fs::create_dir_all(&folder)?;
        if fs::read_dir(&folder)?.next().is_some() {
            return Err(Ended { code: 2, text: format!("{} is not empty", folder.display()) });
        }
        let db = Db::open(&place.database_url()?, Clock::System).await?;
        let key = app::key_of(&db, &place.key_file(), &place.data).await?;
        let copied = copy_all(&db, &key, &place.data, &folder).await;
        db.close().await;
        let files = copied?;
        fs::File::open(&folder)?.sync_all()?;
        let at = Clock::System.now().to_string();
        fs::write(place.data.join(LAST), &at)?;
        say(&format!(
            "Backed up to {}: the database, with every small blob in it, and {files} blob files, all sealed. The key file that opens them is not among them; keep a copy of {} elsewhere.",
            folder.display(),
            place.key_file().display()
        ));
        Ok(())
    }
}

impl Restore {
    /// Copies back into an empty place and checks the whole.
    pub async fn run(self) -> Result<(), Ended> {
        let Restore { place, folder } = self;
        if place.is_server()? {
            return Err(Ended {
                code: 2,
                text: "The data lie on a PostgreSQL server: restore them with pg_restore or psql, and the blobs folder with them.".into(),
            });
        }
        let key = InstanceKey::load(place.key_file())
            .map_err(|error| Ended { code: 2, text: format!("{error}\nThe key file of the installation that was backed up is needed: put it there first.") })?;
        fs::create_dir_all(&place.data)?;
        if fs::read_dir(&place.data)?.next().is_some() {
            return Err(Ended { code: 2, text: format!("{} is not empty: restore into a new folder", place.data.display()) });
        }
        let database = place.data.join("atalaya.db");
        if !folder.join(DATABASE).exists() {
            return Err(Ended { code: 2, text: format!("{} is no folder that `atalaya backup` made: there is no {DATABASE} in it.", folder.display()) });
        }
        if let Err(error) = open_database(&key, folder.join(DATABASE), database.clone()).await {
            clear(&place.data)?;
            return Err(Ended { code: 1, text: format!("This backup is refused, nothing was restored: {error}") });
        }
        copy_blobs(&folder.join("blobs"), &place.data.join("blobs"))?;
        let db = Db::open(&database.display().to_string(), Clock::System).await?;
        let blobs = Blobs::open(&place.data.join("blobs"), key.clone())?;
        match journal::check(&db, &blobs, &key, true).await? {
            Ok(checked) => {
                // The events are in no backup: where they are not, they are made again.
                fs::write(place.data.join(events::MAKE_AGAIN), b"")?;
                say(&format!(
                    "Restored and sound: {} journal entries, {} blobs ({} of them files, the others in the database).",
                    checked.entries, checked.blobs, checked.files
                ));
                Ok(())
            }
            Err(unsound) => {
                db.close().await;
                clear(&place.data)?;
                let text = format!("This backup is refused, nothing was restored: {}: {}", unsound.record, unsound.why);
                Err(Ended { code: 1, text })
            }
        }
    }
}

/// Blob files and database. Says how many files there are.
async fn copy_all(db: &Db, key: &InstanceKey, data: &Path, folder: &Path) -> Result<u64, Ended> {
    let (from, to) = (data.join("blobs"), folder.join("blobs"));
    let before = copy_blobs(&from, &to)?;
    copy_database(db, key, data, &folder.join(DATABASE)).await?;
    Ok(before + copy_blobs(&from, &to)?)
}

/// The database as it is now, sealed. What lies in clear meanwhile lies where the database itself does.
async fn copy_database(db: &Db, key: &InstanceKey, data: &Path, to: &Path) -> Result<(), Ended> {
    let scratch = whole::Scratch::new(data).map_err(Error::from)?;
    db.copy_to(&scratch.path().display().to_string()).await?;
    let (key, to) = (key.clone(), to.to_owned());
    let sealed = tokio::task::spawn_blocking(move || whole::seal(&key, scratch.path(), to)).await.map_err(Error::fault)?;
    Ok(sealed.map_err(Error::from)?)
}

async fn open_database(key: &InstanceKey, from: PathBuf, to: PathBuf) -> crate::Result<()> {
    let key = key.clone();
    Ok(tokio::task::spawn_blocking(move || whole::open(&key, from, to)).await.map_err(Error::fault)??)
}

/// Takes away what a refused backup left in the folder, which was empty before.
fn clear(data: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(data)? {
        let path = entry?.path();
        if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
    }
    Ok(())
}

/// Copies the files of the folder of large blobs that are not there yet, flushed; what is still being written is not part
/// of it.
fn copy_blobs(from: &Path, to: &Path) -> Result<u64, Ended> {
    fs::create_dir_all(to)?;
    let mut copied = 0;
    let Ok(shelves) = fs::read_dir(from) else { return Ok(0) };
    for shelf in shelves {
        let shelf = shelf?;
        if shelf.file_name() == "tmp" || !shelf.file_type()?.is_dir() {
            continue;
        }
        let there = to.join(shelf.file_name());
        fs::create_dir_all(&there)?;
        for file in fs::read_dir(shelf.path())? {
            let file = file?;
            let target = there.join(file.file_name());
            if target.exists() {
                continue;
            }
            match fs::copy(file.path(), &target) {
                // Nothing named it any more, and it was removed meanwhile. Had the copied database named it, the restore would say so.
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                copied => copied?,
            };
            fs::File::open(&target)?.sync_all()?;
            copied += 1;
        }
        fs::File::open(&there)?.sync_all()?;
    }
    Ok(copied)
}
