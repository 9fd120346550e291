//! The folder of one label in one edition: documents by year with their hashes and signatures
//! (requirements 11, 18, 19), `index.txt` and `changes.csv` (12, 13), and its feeds (15, 17).

use super::feed::{self, Entry, Feed};
use super::{Body, Document, Files, label_word, put, put_body, sums};
use crate::file_name;
use crate::write::Edition;
use formats::label::Tlp;
use jiff::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// What stands in one folder.
pub(super) struct Folder<'a> {
    pub edition: Edition,
    pub tlp: Tlp,
    pub base: &'a str,
    pub newest_first: &'a [&'a Document],
    pub changed: Timestamp,
}

/// A criterion: its word in file names, its words for readers, and the ids of the documents by value.
type Subset<'a> = (&'static str, &'static str, BTreeMap<String, BTreeSet<&'a str>>);

impl Folder<'_> {
    pub(super) fn write(&self, files: &mut Files, feeds: &mut Vec<Feed>, unsigned: &mut Vec<String>, sign: &mut dyn FnMut(&str, &Body) -> Option<String>) {
        let folder = self.path();
        let mut entries = Vec::new();
        let mut listed: Vec<String> = Vec::new();
        let mut changes = String::new();
        for document in self.newest_first {
            let Some(body) = document.body(self.edition) else { continue };
            let name = file_name(&document.id);
            let path = super::path(self.edition, self.tlp, document.initial_release_date, &document.id);
            let below = path.trim_start_matches(&folder).to_owned();
            let signature = sign(&path, body);
            let has = body.sums();
            put_body(files, path.clone(), body.clone(), self.tlp);
            put(files, format!("{path}.sha256"), sums::line(&has.sha256, &name).into_bytes(), self.tlp);
            put(files, format!("{path}.sha512"), sums::line(&has.sha512, &name).into_bytes(), self.tlp);
            let signed = signature.is_some();
            match signature {
                Some(armored) => put(files, format!("{path}.asc"), armored.into_bytes(), self.tlp),
                None => unsigned.push(path.clone()),
            }
            let at = document.current_release_date;
            changes.push_str(&match self.edition {
                Edition::V20 => format!("\"{below}\",\"{at}\"\n"),
                Edition::V21 => format!("{below},{at}\n"),
            });
            listed.push(below);
            entries.push(Entry { document, path, signed });
        }
        // By name, newest year first, so that the file changes in one place when one document is added.
        listed.sort_by(|a, b| b.cmp(a));
        put(files, format!("{folder}index.txt"), listed.iter().map(|path| format!("{path}\n")).collect::<String>().into_bytes(), self.tlp);
        put(files, format!("{folder}changes.csv"), changes.into_bytes(), self.tlp);
        self.feeds(files, feeds, &entries);
    }

    /// The summary feed with all documents of the label, then one for each language, sector and vendor.
    fn feeds(&self, files: &mut Files, feeds: &mut Vec<Feed>, entries: &[Entry<'_>]) {
        let label = label_word(self.edition, self.tlp);
        let slug = label.to_lowercase();
        let folder = self.path();
        let all: Vec<&Entry<'_>> = entries.iter().collect();
        let summary = format!("All documents labelled TLP:{label}");
        let mut made = vec![(format!("{folder}csaf-feed-tlp-{slug}.json"), summary, all)];
        for (kind, title, terms) in self.subsets() {
            for (term, has) in terms {
                let some: Vec<&Entry<'_>> = entries.iter().filter(|entry| has.contains(entry.document.id.as_str())).collect();
                let path = format!("{folder}csaf-feed-{kind}-{}.json", file_name(&term).trim_end_matches(".json"));
                // Two words may give one name, such as with and without an accent. The number of the
                // feed keeps them apart.
                let taken = made.iter().any(|(known, _, _)| *known == path);
                let path = if taken { format!("{}-{}.json", path.trim_end_matches(".json"), made.len()) } else { path };
                made.push((path, format!("{title}: {term} (TLP:{label})"), some));
            }
        }
        for (path, summary, entries) in made {
            let feed = Feed { path, summary, tlp: self.tlp, updated: feed::updated(&entries, self.changed) };
            put(files, feed.path.clone(), feed::bytes(&feed, self.base, self.edition, &entries), self.tlp);
            feeds.push(feed);
        }
        let category = format!("{folder}category-csaf-feed-tlp-{slug}.json");
        put(files, category, feed::categories(entries), self.tlp);
    }

    /// The criteria of requirement 17 that a reader filters by, each with its values and their documents.
    fn subsets(&self) -> [Subset<'_>; 3] {
        let by = |words: &dyn Fn(&Document) -> Vec<String>| {
            let mut found: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
            for document in self.newest_first {
                for word in words(document) {
                    found.entry(word).or_default().insert(&document.id);
                }
            }
            found
        };
        [
            ("language", "Documents in the language", by(&|one| one.language.iter().cloned().collect())),
            ("sector", "Documents for the sector", by(&|one| one.sectors.clone())),
            ("vendor", "Documents about products of", by(&|one| one.vendors.clone())),
        ]
    }

    fn path(&self) -> String {
        super::folder(self.edition, self.tlp)
    }
}
