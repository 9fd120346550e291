//! The `[publications]` table: who signs advisories, whether others may hand them on, who is told without asking, how long it is
//! known who came.

use super::source::Table;

/// The `[publications]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publications {
    /// Who signs the documents of advisories.
    pub signer: Signer,
    /// Whether aggregators may list and mirror them (CSAF 2.0 section 7.1.7).
    pub aggregators: bool,
    /// So many days after something took place it is known who registered for it.
    pub registrations_kept_days: u16,
    /// Which constituents are told of an alert or advisory without asking, as long as nobody says otherwise for it.
    pub constituents: Told,
}

/// Which constituents are told of a publication without asking.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Told {
    /// None.
    #[default]
    Nobody,
    /// All that are registered.
    All,
    /// Those of the sectors that it is for; all, if it names none.
    Sectors,
}

impl Told {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Nobody, Self::All, Self::Sectors];

    /// The name in the profile, in forms and in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Nobody => "none",
            Self::All => "all",
            Self::Sectors => "sectors",
        }
    }

    /// What has this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// Who signs the documents of advisories.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Signer {
    /// The key of the mail address, which the server holds, at release.
    #[default]
    MailKey,
    /// A key that is elsewhere: documents wait for their signature before they are in the tree.
    Offline,
}

impl Default for Publications {
    fn default() -> Self {
        Self { signer: Signer::default(), aggregators: true, registrations_kept_days: 180, constituents: Told::default() }
    }
}

impl Publications {
    pub(super) fn read(table: Table<'_>) -> Self {
        let plain = Self::default();
        let signer = table.get("signer").and_then(|item| item.one_of(&[("mail-key", Signer::MailKey), ("offline", Signer::Offline)])).unwrap_or(plain.signer);
        let aggregators = table.get("aggregators").and_then(|item| item.flag()).unwrap_or(plain.aggregators);
        let registrations_kept_days = table.get("registrations_kept_days").and_then(|item| item.whole(1..=3650)).unwrap_or(plain.registrations_kept_days);
        let constituents = table.get("constituents").and_then(|item| item.one_of(&Told::ALL.map(|one| (one.name(), one)))).unwrap_or(plain.constituents);
        table.close();
        Self { signer, aggregators, registrations_kept_days, constituents }
    }
}
