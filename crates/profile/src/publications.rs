//! The `[publications]` table: who signs advisories, whether others may hand them on, how long it is known who came.

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
        Self { signer: Signer::default(), aggregators: true, registrations_kept_days: 180 }
    }
}

impl Publications {
    pub(super) fn read(table: Table<'_>) -> Self {
        let plain = Self::default();
        let signer = table.get("signer").and_then(|item| item.one_of(&[("mail-key", Signer::MailKey), ("offline", Signer::Offline)])).unwrap_or(plain.signer);
        let aggregators = table.get("aggregators").and_then(|item| item.flag()).unwrap_or(plain.aggregators);
        let registrations_kept_days = table.get("registrations_kept_days").and_then(|item| item.whole(1..=3650)).unwrap_or(plain.registrations_kept_days);
        table.close();
        Self { signer, aggregators, registrations_kept_days }
    }
}
