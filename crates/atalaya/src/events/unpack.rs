//! What an archive holds. Whoever packed it may mean harm: its names, its sizes and what it says about
//! them are not believed, and what comes out is counted as it comes out.

use std::io::{Cursor, Read};

use ::store::Blobs;
use zip::ZipArchive;

use super::arrive::{Arriving, Piece};
use crate::{Error, Result};

/// Whether bytes begin as a ZIP archive does, with a file or with its end.
pub(super) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// The most files in one archive.
const FILES: usize = 200;
/// How much longer what comes out may be than what went in: tables shrink to a twentieth, bombs to a thousandth.
const GROWTH: u64 = 200;
/// So much may come out of the smallest archive.
const ROOM: u64 = 16 << 20;

/// The files of an archive, each sealed and on disk. One that is broken gives nothing: who sent it sends it again.
pub(super) fn unpack(blobs: &Blobs, archive: Vec<u8>, most: u64) -> Result<Vec<Piece>> {
    let most = most.min((archive.len() as u64).saturating_mul(GROWTH).max(ROOM));
    let broken = |error: zip::result::ZipError| Error::invalid(format!("The archive cannot be opened: {error}"));
    let mut archive = ZipArchive::new(Cursor::new(archive)).map_err(broken)?;
    if archive.len() > FILES {
        return Err(Error::invalid(format!("The archive holds more than {FILES} files")));
    }
    let (mut pieces, mut left) = (Vec::new(), most);
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).map_err(broken)?;
        let path = entry.name().map_err(broken)?.into_owned();
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        // What an operating system adds is no file of anybody's.
        if entry.is_dir() || path.starts_with("__MACOSX/") || name.is_empty() || name.starts_with('.') {
            continue;
        }
        let mut arriving = Arriving::new(blobs, left);
        let mut buffer = vec![0; 64 * 1024];
        let mut size = 0;
        loop {
            let count = entry.read(&mut buffer).map_err(|error| Error::invalid(format!("“{name}” in the archive is damaged: {error}")))?;
            let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else { break };
            size += count as u64;
            if size > left {
                return Err(Error::invalid(format!("More comes out of the archive than {most} bytes; it is not taken")));
            }
            arriving.push(bytes)?;
            if size >= 4 && arriving.is_archive() {
                return Err(Error::invalid(format!("“{name}” is an archive in an archive; send it by itself")));
            }
        }
        if size == 0 {
            continue;
        }
        left -= size;
        pieces.extend(arriving.finish(&name)?);
    }
    if pieces.is_empty() {
        return Err(Error::invalid("The archive holds no file"));
    }
    Ok(pieces)
}
