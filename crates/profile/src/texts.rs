//! Words for people, in each of the team's languages.
//!
//! In a profile, a plain string is the same in every language (a name, a number), and a table has
//! one string per language: `title.en = "Post"`. The first of the team's languages is the one that
//! everything must be said in; what another one lacks is shown in the first, and the page marks it.

use unic_langid::LanguageIdentifier;

use super::source::{Item, Table};

/// One text in one or more languages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Texts {
    /// Language and text, in the order of the team's languages; an empty language means all.
    said: Vec<(String, String)>,
}

impl Texts {
    /// The text in `lang`, or in the team's first language, with the language that it is in, so
    /// that a page can say `lang="en"` on what it had to fall back to.
    pub fn get<'a>(&'a self, lang: &'a str) -> (&'a str, &'a str) {
        let asked = self.said.iter().find(|(known, _)| known == lang || known.is_empty());
        match asked.or(self.said.first()) {
            Some((known, text)) if known.is_empty() => (text, lang),
            Some((known, text)) => (text, known),
            None => ("", lang),
        }
    }

    /// The text in `lang` or the first language, for where no mark is needed.
    pub fn text<'a>(&'a self, lang: &'a str) -> &'a str {
        self.get(lang).0
    }

    /// Whether the text exists in `lang` itself.
    pub fn has(&self, lang: &str) -> bool {
        self.said.iter().any(|(known, _)| known == lang || known.is_empty())
    }

    /// Reads a text; the first of `languages` must be among the table's.
    pub(super) fn read(item: &Item<'_>, languages: &[String]) -> Self {
        if !item.is_table() {
            let said = item.text().map(|text| (String::new(), text));
            return Self { said: said.into_iter().collect() };
        }
        let Some(table) = item.table() else {
            return Self::default();
        };
        let place = |lang: &str| languages.iter().position(|known| known == lang);
        let mut said = Vec::new();
        for (lang, item) in table.entries() {
            match place(lang) {
                Some(at) => said.extend(item.text().map(|text| (at, lang.to_owned(), text))),
                None => item.note("is in no language of the team", languages.join(", ")),
            }
        }
        said.sort_unstable();
        if said.first().is_none_or(|(at, ..)| *at != 0) {
            let first = languages.first().map(String::as_str).unwrap_or_default();
            table.fault("lacks the team's first language", first);
        }
        Self { said: said.into_iter().map(|(_, lang, text)| (lang, text)).collect() }
    }

    /// Reads a text that every language of the team must have, such as the team's own name.
    pub(super) fn read_complete(item: &Item<'_>, languages: &[String]) -> Self {
        let texts = Self::read(item, languages);
        for lang in languages.iter().skip(1).filter(|lang| !texts.has(lang)) {
            item.note(format!("is missing in {lang:?}"), "one in each of the team's languages");
        }
        texts
    }
}

/// The languages of the profile, the default first.
pub(super) fn languages(root: &Table<'_>) -> Vec<String> {
    let Some(list) = root.need("languages") else {
        return Vec::new();
    };
    let mut languages: Vec<String> = Vec::new();
    let items = list.list();
    for item in &items {
        let tag = |text: &str| text.parse::<LanguageIdentifier>().ok().map(|tag| tag.to_string());
        let Some(lang) = item.read("a language tag (BCP 47) such as pt-BR", tag) else {
            continue;
        };
        if languages.contains(&lang) {
            item.fault("each language once");
        } else {
            languages.push(lang);
        }
    }
    if items.is_empty() {
        list.fault("at least one language, the default first");
    }
    languages
}
