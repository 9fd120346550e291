//! How the instance is run: sessions of the staff, and the database.

use std::fmt;

use super::source::{Item, Table};

/// The `[staff]` table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staff {
    /// Whether everybody needs a second factor.
    pub require_totp: bool,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u32,
    /// Hours after which a session ends in any case.
    pub absolute_hours: u32,
}

/// The `[database]` table; without it, the embedded database is used.
#[derive(Clone, PartialEq, Eq)]
pub struct Database {
    /// `postgres://user:password@host/name`.
    pub url: String,
}

impl Default for Staff {
    fn default() -> Self {
        Self { require_totp: true, idle_minutes: 30, absolute_hours: 12 }
    }
}

/// Without the address, because a password may stand in it.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").finish_non_exhaustive()
    }
}

impl Staff {
    pub(super) fn read(table: Table<'_>) -> Self {
        let plain = Self::default();
        let idle = table.get("idle_minutes");
        let staff = Self {
            require_totp: table.get("require_totp").and_then(|item| item.flag()).unwrap_or(plain.require_totp),
            idle_minutes: idle.as_ref().and_then(|item| item.whole(1..=10_080)).unwrap_or(plain.idle_minutes),
            absolute_hours: table.get("absolute_hours").and_then(|item| item.whole(1..=720)).unwrap_or(plain.absolute_hours),
        };
        if staff.idle_minutes > staff.absolute_hours * 60 {
            table.fault("ends idle sessions after all sessions", "idle_minutes within absolute_hours");
        }
        table.close();
        staff
    }
}

impl Database {
    pub(super) fn read(table: Table<'_>) -> Option<Self> {
        let url = table.need("url");
        let known = |text: &str| text.starts_with("postgres://") || text.starts_with("postgresql://");
        let text = url.as_ref().and_then(Item::text);
        if let Some(item) = &url
            && text.as_deref().is_some_and(|text| !known(text))
        {
            // The value itself is not repeated: it may hold a password.
            item.note("is no address of a database", "postgres://user@host/name, or no [database] at all");
        }
        table.close();
        text.filter(|text| known(text)).map(|url| Self { url })
    }
}
