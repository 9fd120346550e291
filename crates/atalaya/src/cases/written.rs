//! Everything that somebody wrote, read for what would tell a party of others: the text, names of files, and the files
//! themselves as far as they are text.

use store::Reader;
use vault::blob::Hash;

use super::apart::Apart;
use super::leaks::{Finding, Weight};
use crate::text::one_line;
use crate::{App, Result};

/// A file that goes along: name, bytes, content.
pub(super) type Enclosed = (String, u64, Hash);

/// One text that is read for leaks, and where each part of it stands.
#[derive(Default)]
pub(super) struct Written {
    text: String,
    /// What a part is called, and where it ends.
    parts: Vec<(String, usize)>,
}

impl Written {
    pub(super) fn add(&mut self, name: &str, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
        self.parts.push((name.to_owned(), self.text.len()));
    }

    /// What it and the files would tell; a file that cannot be read is for a person to look into.
    pub(super) async fn find(&mut self, reader: &mut Reader, app: &App, apart: &Apart, files: &[Enclosed]) -> Result<Vec<Finding>> {
        let (mut read, mut unread) = (0, Vec::new());
        for (name, size, content) in files {
            self.add("the name of a file", name);
            match read_for_names(reader, app, (*size, *content), READ.saturating_sub(read)).await? {
                Some(content) => {
                    read += content.len();
                    self.add(&format!("the file {}", one_line(name)), &content);
                }
                None => unread.push(Finding {
                    weight: Weight::Ask,
                    what: name.clone(),
                    why: "could not be read for names and addresses: look into it yourself.".into(),
                    at: 0..0,
                    instead: String::new(),
                    // Another file of that name is another one.
                    about: content.to_string(),
                }),
            }
        }
        let mut findings = apart.find(reader, &self.text).await?;
        findings.extend(unread);
        Ok(findings)
    }

    /// A finding as one line, with the part that it stands in.
    pub(super) fn line(&self, finding: &Finding) -> String {
        let place = if finding.at.is_empty() { String::new() } else { format!(" in {}", self.place(finding.at.start)) };
        format!("“{}”{place} {}", one_line(&finding.what), finding.why)
    }

    /// The part that has the byte at this place.
    fn place(&self, at: usize) -> &str {
        self.parts.iter().find(|(_, end)| at < *end).map_or("the text", |(name, _)| name.as_str())
    }
}

/// How many bytes of attachments are read for names; what is longer is for a person to read.
const READ: usize = 512 << 10;

/// The text of an attachment; none if it is no text, or too long to be read here.
async fn read_for_names(reader: &mut Reader, app: &App, (size, content): (u64, Hash), most: usize) -> Result<Option<String>> {
    if size > u64::try_from(most).unwrap_or(u64::MAX) {
        return Ok(None);
    }
    let content = app.blobs.get(reader, content).await?;
    Ok(String::from_utf8(content).ok().filter(|text| !text.contains('\0')))
}
