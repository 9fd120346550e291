//! Words that many findings share, each in memory once.

use std::borrow::Borrow;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};

use super::group::Finding;
use super::key::Nature;

/// So many are remembered: what a source names differently each time shares nothing, and is not kept for it.
const MOST: usize = 1 << 16;

/// A word that costs nothing to copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(from = "Box<str>")]
pub struct Word(Arc<str>);

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl Borrow<str> for Word {
    fn borrow(&self) -> &str {
        self
    }
}

impl From<&str> for Word {
    fn from(word: &str) -> Self {
        if word.is_empty() { Self::default() } else { Self(word.into()) }
    }
}

impl From<Box<str>> for Word {
    fn from(word: Box<str>) -> Self {
        word.as_ref().into()
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self)
    }
}

/// The words and natures that came so far.
#[derive(Debug, Default)]
pub struct Words {
    single: HashSet<Word>,
    natures: HashMap<String, Arc<Nature>>,
    /// The name of the nature that is looked for.
    name: String,
}

impl Words {
    /// A word.
    pub fn word(&mut self, word: &str) -> Word {
        if word.is_empty() {
            return Word::default();
        }
        if let Some(known) = self.single.get(word) {
            return known.clone();
        }
        if self.single.len() >= MOST {
            self.single.clear();
        }
        let new: Word = word.into();
        self.single.insert(new.clone());
        new
    }

    /// A nature, by its class, type, transport, identifier, feed and report.
    pub fn nature(&mut self, of: [&str; 6]) -> Arc<Nature> {
        self.name.clear();
        for word in of {
            self.name.push_str(word);
            self.name.push('\0');
        }
        // Words with such a character in them may make the same name.
        if let Some(known) = self.natures.get(&self.name).filter(|known| known.words() == of) {
            return known.clone();
        }
        if self.natures.len() >= MOST {
            self.natures.clear();
        }
        let [class, r#type, transport, identifier, feed, report] = of.map(|word| self.word(word));
        let new = Arc::new(Nature { class, r#type, transport, identifier, feed, report });
        self.natures.insert(self.name.clone(), new.clone());
        new
    }

    /// Has a finding that was read share its words with those before.
    pub fn share(&mut self, finding: &mut Finding) {
        finding.key.nature = self.nature(finding.key.nature.words());
        finding.malware = self.word(&finding.malware);
        finding.cve = self.word(&finding.cve);
        if let Some((_, transport)) = &mut finding.from {
            *transport = self.word(transport);
        }
    }
}
