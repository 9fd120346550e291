//! What a list is asked for: the same words for pages, feeds and subscriptions.

use jiff::tz::TimeZone;
use press::affected::fold;
use press::{Key, Kind, Severity, State};

use super::super::catalogue::Item;
use crate::web::Fields;

/// What is asked for. What is empty asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Kinds; empty for all that are published.
    pub kinds: Vec<Kind>,
    /// Words that must stand in it.
    pub words: String,
    /// At least so bad.
    pub severity: Severity,
    /// `yes`, `no` or empty.
    pub exploited: String,
    /// A sector of the team.
    pub sector: String,
    /// What it is about: a key as people write it.
    pub about: String,
    /// Vendor or product, or a part of their names.
    pub product: String,
    /// A language in which it is written.
    pub written: String,
    /// The year in which it first left.
    pub year: String,
    /// `open`, `closed`, `withdrawn`, or empty.
    pub state: String,
}

impl Filter {
    /// Reads it from a query or a form.
    pub fn of(fields: &Fields, kind: Option<Kind>) -> Self {
        let text = |name: &str| fields.get(name).chars().take(200).collect::<String>();
        let kinds = match kind {
            Some(kind) => vec![kind],
            None => fields.all("kind").filter_map(Kind::named).filter(|kind| !kind.is_page()).collect(),
        };
        Self {
            kinds,
            words: text("q"),
            severity: Severity::named(fields.get("severity")).unwrap_or_default(),
            exploited: text("exploited"),
            sector: text("sector"),
            about: text("about"),
            product: text("product"),
            // `language` is that of whoever asks: the mails of a subscription.
            written: text("in"),
            year: text("year"),
            state: text("state"),
        }
    }

    /// The query that asks for the same, without a kind that the path names; empty when nothing is asked.
    pub fn query(&self, with_kinds: bool) -> String {
        let mut pairs = url::form_urlencoded::Serializer::new(String::new());
        if with_kinds {
            for kind in &self.kinds {
                pairs.append_pair("kind", kind.name());
            }
        }
        let severity = if self.severity == Severity::None { "" } else { self.severity.name() };
        let all = [
            ("q", self.words.as_str()),
            ("severity", severity),
            ("exploited", &self.exploited),
            ("sector", &self.sector),
            ("about", &self.about),
            ("product", &self.product),
            ("in", &self.written),
            ("year", &self.year),
            ("state", &self.state),
        ];
        for (name, value) in all.into_iter().filter(|(_, value)| !value.is_empty()) {
            pairs.append_pair(name, value);
        }
        pairs.finish()
    }

    /// Whether anything is asked besides the kind.
    pub fn asks(&self) -> bool {
        !self.query(false).is_empty()
    }

    /// Whether anything is asked besides kind and words.
    pub fn asks_more(&self) -> bool {
        Self { words: String::new(), ..self.clone() }.asks()
    }

    /// Whether an item is what is asked for; `language` is that of whoever asks.
    pub fn fits(&self, item: &Item, language: &str, zone: &TimeZone) -> bool {
        let content = &item.content;
        let kind = if self.kinds.is_empty() { !item.kind.is_page() } else { self.kinds.contains(&item.kind) };
        let state = match self.state.as_str() {
            "open" => item.is_current() && content.open,
            "closed" => item.is_current() && !content.open,
            "withdrawn" => !item.is_current(),
            _ => true,
        };
        let year = || item.first_at.to_zoned(zone.clone()).year().to_string();
        kind && state
            && content.severity >= self.severity
            && (self.exploited.is_empty() || content.exploited.state == self.exploited)
            && (self.sector.is_empty() || content.sectors.is_empty() || content.sectors.contains(&self.sector))
            && (self.year.is_empty() || self.year == year())
            && (self.about.is_empty() || self.is_about(item))
            && (self.written.is_empty() || content.state(&self.written) != State::Missing)
            && (self.product.is_empty() || self.names_product(item))
            && (self.words.is_empty() || self.says(item, language))
    }

    fn is_about(&self, item: &Item) -> bool {
        let Some(key) = Key::read(&self.about) else { return false };
        item.content.about().iter().any(|own| *own == key || own.as_str().starts_with(&format!("{key}/")))
    }

    /// Whether one of its products is called like this: without regard to case, spaces and hyphens.
    fn names_product(&self, item: &Item) -> bool {
        let wanted = fold(&self.product);
        item.content.products.iter().any(|product| fold(&product.full_name()).contains(&wanted))
    }

    /// Whether all words stand in what this reader sees of it.
    fn says(&self, item: &Item, language: &str) -> bool {
        let Some((words, _)) = item.content.said(language) else { return false };
        let about = item.content.about().iter().map(Key::as_str).collect::<Vec<_>>().join(" ");
        let text = [item.name.as_str(), &words.title, &words.summary, &words.affected, &words.act, &words.body, &about].join("\n").to_lowercase();
        self.words.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}
