//! Who the team is: what its pages, its mails and its RFC 2350 document say about it.

use super::forms;
use super::source::{Item, Table};
use super::texts::Texts;

/// The `[team]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The full name, in every language.
    pub name: Texts,
    /// The short name, for subjects and page heads.
    pub short_name: Texts,
    /// The organisation that the team is part of.
    pub host: Texts,
    /// What the team is there for (RFC 2350, 3.1).
    pub mandate: Texts,
    /// For whom it is there (RFC 2350, 3.2).
    pub community: Texts,
    /// By what law or decision it exists (RFC 2350, 3.4).
    pub established_by: Texts,
    /// ISO 3166-1, two letters.
    pub country: String,
    /// Where letters go, one line (RFC 2350, 2.2).
    pub address: Option<Texts>,
    /// The office's telephone, as people write it.
    pub phone: Option<String>,
    /// Whom to call when it cannot wait, as a sentence with the number.
    pub urgent_phone: Option<Texts>,
    /// The same for when the office is closed, if that is another.
    pub night_phone: Option<Texts>,
    /// Where reports by mail go.
    pub report_address: String,
    /// What case numbers begin with: the `ATL` of `ATL-2026-000123`.
    pub number_prefix: String,
    /// The team's own site, without a slash at its end.
    pub website: String,
}

/// A field of activity of the organisations that the team knows: one `[[sector]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sector {
    /// What organisations and referrals call it.
    pub id: String,
    /// What people read.
    pub title: Texts,
    /// Whether an outage there is felt by everybody; severity rules may ask.
    pub critical: bool,
}

/// Where a report belongs that is not the team's: one `[[referral]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Referral {
    /// What a case calls it.
    pub id: String,
    /// The name of the team or authority.
    pub name: Texts,
    /// What it is there for, as half a sentence.
    pub covers: Texts,
    /// Its site.
    pub url: Option<String>,
    /// Its mail address.
    pub mail: Option<String>,
    /// The countries (ISO 3166-1) it is there for; none means all.
    pub countries: Vec<String>,
    /// The sectors it is there for; none means all.
    pub sectors: Vec<String>,
}

impl Team {
    pub(super) fn read(table: Table<'_>, languages: &[String]) -> Self {
        let texts = |key| table.need(key).map(|item| Texts::read(&item, languages));
        let complete = |key| table.need(key).map(|item| Texts::read_complete(&item, languages));
        let optional = |key| table.get(key).map(|item| Texts::read(&item, languages));
        let prefix = |text: &str| forms::number_prefix(text);
        let expected = "2 to 8 capital letters and digits, a letter first";
        let team = Self {
            name: complete("name").unwrap_or_default(),
            short_name: complete("short_name").unwrap_or_default(),
            host: texts("host").unwrap_or_default(),
            mandate: texts("mandate").unwrap_or_default(),
            community: texts("community").unwrap_or_default(),
            established_by: texts("established_by").unwrap_or_default(),
            country: table.need("country").and_then(|item| item.country()).unwrap_or_default(),
            address: optional("address"),
            phone: table.get("phone").and_then(|item| item.text()),
            urgent_phone: optional("urgent_phone"),
            night_phone: optional("night_phone"),
            report_address: table.need("report_address").and_then(|item| item.mail_address()).unwrap_or_default(),
            number_prefix: table.need("number_prefix").and_then(|item| item.read(expected, prefix)).unwrap_or_default(),
            website: table.need("website").and_then(|item| item.url()).unwrap_or_default(),
        };
        table.close();
        team
    }
}

impl Team {
    /// Whom to call with what cannot wait, as long as the office is open or while it is closed.
    pub fn phone_now(&self, open: bool) -> Option<&Texts> {
        if open { self.urgent_phone.as_ref() } else { self.night_phone.as_ref().or(self.urgent_phone.as_ref()) }
    }
}

impl Sector {
    pub(super) fn read(table: Table<'_>, languages: &[String]) -> Self {
        let sector = Self {
            id: table.need("id").and_then(|item| item.id()).unwrap_or_default(),
            title: table.need("title").map(|item| Texts::read(&item, languages)).unwrap_or_default(),
            critical: table.get("critical").and_then(|item| item.flag()).unwrap_or(false),
        };
        table.close();
        sector
    }
}

impl Referral {
    /// Whether a report about this country and sector belongs there. What is not known about the
    /// report excludes a referral that is there for some only.
    pub fn fits(&self, country: Option<&str>, sector: Option<&str>) -> bool {
        let within = |list: &[String], known: Option<&str>| list.is_empty() || known.is_some_and(|known| list.iter().any(|id| id == known));
        within(&self.countries, country) && within(&self.sectors, sector)
    }

    pub(super) fn read(table: Table<'_>, languages: &[String], sectors: &[Sector]) -> Self {
        let texts = |key| table.need(key).map(|item| Texts::read(&item, languages));
        let known = |text: &str| sectors.iter().any(|sector| sector.id == text).then(|| text.to_owned());
        let countries = table.items("countries");
        let wanted = table.items("sectors");
        let referral = Self {
            id: table.need("id").and_then(|item| item.id()).unwrap_or_default(),
            name: texts("name").unwrap_or_default(),
            covers: texts("covers").unwrap_or_default(),
            url: table.get("url").and_then(|item| item.url()),
            mail: table.get("mail").and_then(|item| item.mail_address()),
            countries: countries.iter().filter_map(Item::country).collect(),
            sectors: wanted.iter().filter_map(|item| item.read("the id of a [[sector]]", known)).collect(),
        };
        if table.get("url").or(table.get("mail")).is_none() {
            table.fault("cannot be reached", "url or mail");
        }
        table.close();
        referral
    }
}
