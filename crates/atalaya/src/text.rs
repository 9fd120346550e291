//! Words in the reader's language (Project Fluent).
//!
//! `texts/<language>/*.ftl` hold the portal's and the mails' words. A language that the team
//! offers but that has no texts yet falls back to English, and the page says so: [`Text::shown`]
//! differs from [`Text::wanted`] then. A test asserts that all languages have the same keys.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "texts/"]
struct Files;

type Bundle = FluentBundle<FluentResource>;

/// The language that has every text.
pub const COMPLETE: &str = "en";

/// A text as one line: line breaks and runs of spaces out.
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// [`one_line`] of at most `most` characters.
pub fn short_line(text: &str, most: usize) -> String {
    let line = one_line(text);
    if line.chars().count() <= most {
        return line;
    }
    let mut cut: String = line.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Texts of all languages that the team offers.
#[derive(Clone)]
pub struct Languages {
    bundles: Arc<BTreeMap<String, Bundle>>,
    /// What the team offers, its first language first.
    offered: Vec<String>,
}

/// The texts in one reader's language.
#[derive(Clone)]
pub struct Text {
    bundles: Arc<BTreeMap<String, Bundle>>,
    wanted: String,
    shown: String,
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Text({} as {})", self.wanted, self.shown)
    }
}

impl Languages {
    /// Reads the texts that are built into the program.
    pub fn load(offered: &[String]) -> Self {
        let mut bundles: BTreeMap<String, Bundle> = BTreeMap::new();
        for path in Files::iter() {
            let Some((language, _)) = path.split_once('/') else { continue };
            let (Ok(id), Some(file)) = (language.parse(), Files::get(&path)) else { continue };
            let bundle = bundles.entry(language.to_owned()).or_insert_with(|| {
                let mut bundle = Bundle::new_concurrent(vec![id]);
                // Isolation marks would end up in mail subjects and in copied text.
                bundle.set_use_isolating(false);
                bundle
            });
            let text = String::from_utf8_lossy(&file.data).into_owned();
            let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, errors)| {
                tracing::error!(file = %path, ?errors, "a text file has faults; the rest of it is used");
                resource
            });
            bundle.add_resource_overriding(resource);
        }
        Self { bundles: Arc::new(bundles), offered: offered.to_vec() }
    }

    /// What the team offers, its first language first.
    pub fn offered(&self) -> &[String] {
        &self.offered
    }

    /// Whether there are texts in this language, so that a reader who chooses it gets it.
    pub fn has(&self, tag: &str) -> bool {
        [tag, base(tag)].iter().any(|tag| self.bundles.contains_key(*tag))
    }

    /// The team's first language.
    pub fn first(&self) -> &str {
        self.offered.first().map_or(COMPLETE, String::as_str)
    }

    /// The offered language that a tag means: that very one, or one of the same language (`pt` and `pt-BR`).
    fn offering(&self, tag: &str) -> Option<&str> {
        let tag = tag.replace('_', "-");
        let same = self.offered.iter().find(|offered| offered.eq_ignore_ascii_case(&tag));
        same.or_else(|| self.offered.iter().find(|offered| base(offered).eq_ignore_ascii_case(base(&tag)))).map(String::as_str)
    }

    /// The texts for a language, by its tag; an unknown one gives the team's first.
    pub fn text(&self, wanted: &str) -> Text {
        let wanted = self.offering(wanted).unwrap_or(self.first()).to_owned();
        let known = [wanted.as_str(), base(&wanted)].into_iter().find(|tag| self.bundles.contains_key(*tag));
        let shown = known.unwrap_or(COMPLETE).to_owned();
        Text { bundles: Arc::clone(&self.bundles), wanted, shown }
    }

    /// The offered language that an `Accept-Language` header (RFC 9110 section 12.5.4) likes best.
    pub fn accepted(&self, header: &str) -> String {
        let mut wishes: Vec<(f32, &str)> = header
            .split(',')
            .filter_map(|wish| {
                let mut parts = wish.split(';');
                let tag = parts.next()?.trim();
                let weight = parts.find_map(|part| part.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0);
                Some((weight, tag))
            })
            .collect();
        wishes.sort_by(|a, b| b.0.total_cmp(&a.0));
        wishes.iter().find_map(|(_, tag)| self.offering(tag)).unwrap_or(self.first()).to_owned()
    }
}

/// The language of a tag, without script and country (RFC 5646).
fn base(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

impl Text {
    /// The language that the reader asked for.
    pub fn wanted(&self) -> &str {
        &self.wanted
    }

    /// The language that these words are in.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// Whether the reader gets another language than asked for; the page then says so.
    pub fn is_fallback(&self) -> bool {
        self.wanted != self.shown
    }

    /// The text of a key.
    pub fn say(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// The text of a key with one value filled in.
    pub fn with(&self, key: &str, name: &str, value: impl ToString) -> String {
        self.fill(key, &[(name, value.to_string())])
    }

    /// The text of a key with values filled in.
    pub fn fill(&self, key: &str, values: &[(&str, String)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in values {
            // A count decides between singular and plural; "007" is a word and stays as it is.
            let number = value.parse::<i64>().ok().filter(|number| number.to_string() == *value);
            let value = number.map_or_else(|| FluentValue::String(Cow::Borrowed(value)), FluentValue::from);
            args.set(*name, value);
        }
        self.format(key, Some(&args))
    }

    /// Whether there is a text for this key.
    pub fn has(&self, key: &str) -> bool {
        self.bundles.get(&self.shown).is_some_and(|bundle| bundle.has_message(key))
    }

    /// What an error says: a text's key where the public may read it, a sentence elsewhere.
    pub fn told(&self, said: &str) -> String {
        if said.starts_with("error-said-") { self.say(said) } else { said.to_owned() }
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        [self.shown.as_str(), COMPLETE]
            .iter()
            .filter_map(|language| self.bundles.get(*language))
            .find_map(|bundle| {
                let pattern = bundle.get_message(key)?.value()?;
                let mut faults = Vec::new();
                Some(bundle.format_pattern(pattern, args, &mut faults).into_owned())
            })
            .unwrap_or_else(|| key.to_owned())
    }
}

/// A language's own name for itself, for the language switch.
pub fn own_name(language: &str) -> &str {
    match language {
        "en" => "English",
        "es" => "Español",
        "pt" => "Português",
        "fr" => "Français",
        "de" => "Deutsch",
        "st" => "Sesotho",
        other => other,
    }
}
