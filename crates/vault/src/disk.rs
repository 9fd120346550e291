//! Writing so that it survives a power cut: a file is written under a temporary name, synced, given
//! its name, and then the folder is synced. A temporary file is locked by its writer for as long as
//! it writes, so a later start can tell a leftover from one that is being written, without a clock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Error, Result};

/// A temporary file's name; the file is removed when this is dropped, unless it was moved away.
pub struct Temp {
    path: PathBuf,
    moved: bool,
}

impl Temp {
    /// Makes a new file in `folder`, readable by its owner only, and locks it.
    pub fn create(folder: &Path) -> Result<(Self, File)> {
        static COUNTER: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = COUNTER.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!(".atalaya-part-{}-{number}", std::process::id()));
            let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
            let file = match made {
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => continue,
                other => other.map_err(Error::at("create", &path))?,
            };
            // Between the two calls a starting process may have taken the file for a leftover:
            // then it holds the lock, or the name is gone, and we take another one.
            if matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
                continue;
            }
            let links = file.metadata().map_err(Error::at("look at", &path))?.nlink();
            if links > 0 {
                return Ok((Self { path, moved: false }, file));
            }
        }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives the file its lasting name, in place of what was there.
    pub fn rename(mut self, to: &Path) -> Result<()> {
        fs::rename(&self.path, to).map_err(Error::at("move a finished file to", to))?;
        self.moved = true;
        sync_folder_of(to)
    }

    /// Gives the file its lasting name if nothing has that name yet; false if something has.
    pub fn link_new(self, to: &Path) -> Result<bool> {
        match fs::hard_link(&self.path, to) {
            Ok(()) => sync_folder_of(to).map(|()| true),
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(e) => Err(Error::at("name a finished file", to)(e)),
        }
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        if !self.moved {
            // If this fails the next start clears it away.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// Removes the temporary files in `folder` that nobody is writing any more.
pub fn clear_leftovers(folder: &Path) -> Result<()> {
    for found in fs::read_dir(folder).map_err(Error::at("list", folder))? {
        let path = found.map_err(Error::at("list", folder))?.path();
        let named = path.file_name().and_then(|n| n.to_str());
        if !named.is_some_and(|n| n.starts_with(".atalaya-part-")) {
            continue;
        }
        // A file that vanishes under us was finished or dropped by its writer.
        if let Ok(file) = File::open(&path)
            && file.try_lock().is_ok()
        {
            match fs::remove_file(&path) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::at("remove the leftover", &path)(e));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// Opens a file for reading without the file system noting when: what is read must not tell. Only a file's owner may
/// ask for that (open(2), `O_NOATIME`); whoever is none reads all the same.
pub fn open_unnoted(path: &Path) -> io::Result<File> {
    #[cfg(target_os = "linux")]
    {
        let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::CLOEXEC | rustix::fs::OFlags::NOATIME;
        match rustix::fs::open(path, flags, rustix::fs::Mode::empty()) {
            Ok(file) => return Ok(file.into()),
            Err(rustix::io::Errno::PERM) => {}
            Err(error) => return Err(error.into()),
        }
    }
    File::open(path)
}

/// Syncs the folder that holds `path`, so that the name itself survives a power cut.
pub fn sync_folder_of(path: &Path) -> Result<()> {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => sync_folder(folder),
        _ => sync_folder(Path::new(".")),
    }
}

pub fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(Error::at("sync the folder", folder))
}
