//! Forms with files (RFC 7578), read as a stream.
//!
//! Files go into sealed storage as they come; memory stays the same whatever their size. Nothing
//! is finished before the whole request is in, so a line that breaks leaves nothing behind. A file
//! over the limit is read to its end and thrown away, so that the browser can still read why.

use std::io::Write;

use axum::extract::Multipart;

use crate::profile::Intake;
use crate::text::Text;
use crate::web::{Fields, Kept, show};
use crate::{Error, Result};

/// The most bytes of all fields that are no files.
const WORDS: usize = 1 << 20;
/// The most parts, empty ones included: more than any page of ours has fields and files.
const PARTS: usize = 2_000;

/// How much a request may bring.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Files.
    pub files: usize,
    /// Bytes of one file.
    pub bytes: u64,
}

/// A file that came in whole and is not yet finished.
#[derive(Debug)]
pub struct File<W> {
    /// Its name, made safe.
    pub name: String,
    /// Media type as the browser said: never trusted, never used to show it.
    pub media_type: String,
    /// Where it was written.
    pub writer: W,
    /// Its size.
    pub size: u64,
}

/// What came in.
#[derive(Debug)]
pub struct Taken<W> {
    /// All fields but files.
    pub fields: Fields,
    /// The files that were within the limits.
    pub files: Vec<File<W>>,
    /// Names of files that were too large.
    pub too_large: Vec<String>,
    /// Names of files that were too many.
    pub too_many: Vec<String>,
}

impl<W> Taken<W> {
    /// Why files were refused, a line each, in the words of a page: `<page>-error-large` and `<page>-error-many`.
    pub fn refused(&self, text: &Text, intake: &Intake, page: &str) -> Vec<String> {
        let words = |why: &str, name: &String| {
            let values = [("name", name.clone()), ("size", show::limit(intake.max_file_bytes)), ("most", intake.max_files.to_string())];
            text.fill(&format!("{page}-error-{why}"), &values)
        };
        self.too_large.iter().map(|name| words("large", name)).chain(self.too_many.iter().map(|name| words("many", name))).collect()
    }
}

/// Reads a form with files to its end. Where a file cannot be kept, the words are read all the same.
pub async fn take<W: Write>(mut form: Multipart, limits: Limits, open: impl Fn() -> Result<W>) -> Result<Taken<W>, Kept> {
    let mut taken = Taken { fields: Fields::default(), files: Vec::new(), too_large: Vec::new(), too_many: Vec::new() };
    let mut failed: Option<(Error, String)> = None;
    let mut words = 0;
    // What is thrown away has an end too.
    let mut patience = limits.bytes.saturating_mul(4).max(64 << 20);
    let mut parts = 0;
    while let Some(mut part) = form.next_field().await.map_err(broken)? {
        parts += 1;
        if parts > PARTS {
            return Err(Error::invalid("error-said-too-much").into());
        }
        let field = part.name().unwrap_or_default().to_owned();
        let Some(file_name) = part.file_name().map(str::to_owned) else {
            let mut value = Vec::new();
            while let Some(chunk) = part.chunk().await.map_err(broken)? {
                words += chunk.len();
                if words > WORDS {
                    return Err(Error::invalid("error-said-too-much").into());
                }
                value.extend_from_slice(&chunk);
            }
            taken.fields.0.push((field, String::from_utf8_lossy(&value).replace("\r\n", "\n")));
            continue;
        };
        // An empty file field comes as a file without a name and without bytes.
        let nothing = file_name.is_empty();
        let media_type: String = part.content_type().unwrap_or_default().chars().filter(char::is_ascii_graphic).take(100).collect();
        let name = post::letter::safe_name(&file_name, 120);
        let fits = taken.files.len() < limits.files;
        let mut writer = None;
        if fits && !nothing && failed.is_none() {
            match open() {
                Ok(opened) => writer = Some(opened),
                Err(error) => failed = Some((error, field.clone())),
            }
        }
        let mut size = 0_u64;
        while let Some(chunk) = part.chunk().await.map_err(broken)? {
            size += chunk.len() as u64;
            if size > limits.bytes {
                writer = None;
            }
            if let Some(opened) = &mut writer {
                if let Err(error) = opened.write_all(&chunk) {
                    (failed, writer) = (Some((unwritten(error), field.clone())), None);
                }
                continue;
            }
            let Some(left) = patience.checked_sub(chunk.len() as u64) else {
                // Enough: what came before stays good, the rest of the line is not read.
                taken.too_large.push(name);
                return whole(taken, failed);
            };
            patience = left;
        }
        match writer {
            Some(writer) => taken.files.push(File { name, media_type, writer, size }),
            None if nothing => {}
            None if !fits => taken.too_many.push(name),
            None => taken.too_large.push(name),
        }
    }
    whole(taken, failed)
}

/// What came in, or why a file of it could not be kept, with the words.
fn whole<W>(taken: Taken<W>, failed: Option<(Error, String)>) -> Result<Taken<W>, Kept> {
    match failed {
        Some((error, field)) => Err(Kept::new(error, taken.fields, &[&field])),
        None => Ok(taken),
    }
}

fn broken(error: axum::extract::multipart::MultipartError) -> Error {
    tracing::debug!(%error, "a form with files broke off");
    Error::invalid("error-said-broken")
}

fn unwritten(error: std::io::Error) -> Error {
    vault::Error::io("keep a file", error).into()
}

/// Finishes a piece of work that waits for the disk, without holding up the other visitors.
pub async fn on_disk<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::fault)?
}
