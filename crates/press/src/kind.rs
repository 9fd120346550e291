//! What kinds of publication there are.

use serde::{Deserialize, Serialize};

/// The kind of a publication. Kinds are never shown together without saying which is which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Act now: short, and open until it is over.
    #[default]
    Alert,
    /// Vulnerabilities in products.
    Advisory,
    /// What to do, without a date, looked at again now and then.
    Guidance,
    /// Training, a talk, an exercise: a date, a place.
    Calendar,
    /// A question of the FAQ and its answer.
    Question,
    /// A word of the glossary.
    Term,
    /// What the team does for whom.
    Service,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Alert, Self::Advisory, Self::Guidance, Self::Calendar, Self::Question, Self::Term, Self::Service];
    /// What is published; the rest are pages of the site.
    pub const PUBLISHED: [Self; 4] = [Self::Alert, Self::Advisory, Self::Guidance, Self::Calendar];

    /// The name in the database, in forms and in texts.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alert => "alert",
            Self::Advisory => "advisory",
            Self::Guidance => "guidance",
            Self::Calendar => "calendar",
            Self::Question => "question",
            Self::Term => "term",
            Self::Service => "service",
        }
    }

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The list's address on the public site, without a slash; the same word names the folder of starting content.
    pub fn path(self) -> &'static str {
        match self {
            Self::Alert => "alerts",
            Self::Advisory => "advisories",
            Self::Guidance => "guidance",
            Self::Calendar => "calendar",
            Self::Question => "faq",
            Self::Term => "glossary",
            Self::Service => "services",
        }
    }

    /// The kind whose list stands at that address.
    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.path() == path)
    }

    /// What stands between the team's prefix and the year in its numbers; a kind without it is called by its title.
    pub fn letters(self) -> Option<&'static str> {
        match self {
            Self::Alert => Some("AL"),
            Self::Advisory => Some("AD"),
            Self::Calendar => Some("EV"),
            Self::Guidance | Self::Question | Self::Term | Self::Service => None,
        }
    }

    /// Whether it is a page of the site, and no news.
    pub fn is_page(self) -> bool {
        !Self::PUBLISHED.contains(&self)
    }

    /// Whether how bad it is is said of it.
    pub fn has_severity(self) -> bool {
        matches!(self, Self::Alert | Self::Advisory)
    }

    /// Whether it answers what is it, who is hit, what to do.
    pub fn has_brief(self) -> bool {
        self.has_severity()
    }

    /// Whether a day is named on which somebody looks at it again.
    pub fn has_review(self) -> bool {
        matches!(self, Self::Guidance | Self::Question | Self::Term | Self::Service)
    }
}
