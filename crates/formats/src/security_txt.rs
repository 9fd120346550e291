//! `security.txt` (RFC 9116): where to report what somebody found, at `/.well-known/security.txt`. Written from
//! the team's profile and signed elsewhere; [`check`] reads the own file before it expires, or a constituent's.

mod check;
mod finding;

pub use check::check;
pub use finding::{Code, Finding, Grade};

use crate::Error;
use crate::text::{Link, encoded, is_left_out};
use jiff::Timestamp;

/// The media type to serve it as (section 3).
pub const MEDIA: &str = "text/plain; charset=utf-8";

/// The fields, in their order of preference where several may stand (section 2.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityTxt {
    /// `mailto:`, `https:` or `tel:`; one at least, the preferred one first.
    pub contacts: Vec<String>,
    /// When it must no longer be believed; less than a year ahead.
    pub expires: Timestamp,
    /// Keys: `https:`, `openpgp4fpr:` or `dns:`.
    pub encryption: Vec<String>,
    pub acknowledgments: Vec<String>,
    /// Language tags (RFC 5646), all equally preferred.
    pub languages: Vec<String>,
    /// Where this file lies; a signed one must say so.
    pub canonical: Vec<String>,
    pub policy: Vec<String>,
    pub hiring: Vec<String>,
    /// The `provider-metadata.json` of the CSAF provider (CSAF 2.0, section 7.1.8).
    pub csaf: Vec<String>,
}

impl SecurityTxt {
    /// The text to be signed and served: lines end with a line feed.
    ///
    /// # Errors
    /// If there is no contact, or an address has not the scheme that its field wants. Nothing is left out of this
    /// file in silence: who reports would go elsewhere.
    pub fn write(&self) -> Result<String, Error> {
        if self.contacts.is_empty() {
            return Err(Error::new("a security.txt", "", "it has no contact"));
        }
        let mut out = String::new();
        put(&mut out, "Contact", &self.contacts, &["mailto:", "tel:"])?;
        out.push_str(&format!("Expires: {}\n", self.expires.strftime("%Y-%m-%dT%H:%M:%SZ")));
        put(&mut out, "Encryption", &self.encryption, &["openpgp4fpr:", "dns:"])?;
        put(&mut out, "Acknowledgments", &self.acknowledgments, &[])?;
        if !self.languages.is_empty() {
            if let Some(wrong) = self.languages.iter().find(|tag| !is_language(tag)) {
                return Err(Error::new("a language tag", wrong, "it has other characters or lengths"));
            }
            out.push_str(&format!("Preferred-Languages: {}\n", self.languages.join(", ")));
        }
        put(&mut out, "Canonical", &self.canonical, &[])?;
        put(&mut out, "Policy", &self.policy, &[])?;
        put(&mut out, "Hiring", &self.hiring, &[])?;
        put(&mut out, "CSAF", &self.csaf, &[])?;
        Ok(out)
    }
}

fn put(out: &mut String, name: &str, values: &[String], schemes: &[&str]) -> Result<(), Error> {
    for value in values {
        let other = schemes.iter().any(|scheme| value.starts_with(scheme) && value.len() > scheme.len());
        let whole = !value.contains(|c: char| c.is_whitespace() || is_left_out(c)) && encoded(value) == *value;
        let web = matches!(Link::new(value), Some(Link::Web(href)) if href.starts_with("https://"));
        if !whole || !(web || other) {
            return Err(Error::new("an address for security.txt", value, "it must begin with https: or, for some fields, another scheme, and have no spaces"));
        }
        out.push_str(&format!("{name}: {value}\n"));
    }
    Ok(())
}

/// Whether a text has the form of a language tag (RFC 5646, section 2.1): a language and parts of 1 to 8.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default();
    let part = |part: &str| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric());
    (2..=8).contains(&language.len()) && language.chars().all(|c| c.is_ascii_alphabetic()) && parts.all(part)
}

#[cfg(test)]
mod tests {
    use super::SecurityTxt;

    fn own() -> SecurityTxt {
        SecurityTxt {
            contacts: vec!["mailto:report@csirt.example".into(), "https://csirt.example/report".into()],
            expires: "2027-01-31T00:00:00Z".parse().unwrap(),
            encryption: vec!["https://csirt.example/key.asc".into()],
            acknowledgments: vec![],
            languages: vec!["en".into(), "pt-BR".into()],
            canonical: vec!["https://csirt.example/.well-known/security.txt".into()],
            policy: vec![],
            hiring: vec![],
            csaf: vec!["https://csirt.example/.well-known/csaf/provider-metadata.json".into()],
        }
    }

    #[test]
    fn the_fields_stand_in_the_order_of_the_standard() {
        let expect = "Contact: mailto:report@csirt.example\nContact: https://csirt.example/report\nExpires: 2027-01-31T00:00:00Z\nEncryption: https://csirt.example/key.asc\nPreferred-Languages: en, pt-BR\nCanonical: https://csirt.example/.well-known/security.txt\nCSAF: https://csirt.example/.well-known/csaf/provider-metadata.json\n";
        assert_eq!(own().write().unwrap(), expect);
    }

    #[test]
    fn an_address_that_is_none_is_refused() {
        let contacts =
            ["", "report@csirt.example", "http://csirt.example", "mailto:", "mailto:a@b.example\nExpires: x", "https://a.example/ b", "javascript:x"];
        for contact in contacts {
            assert!(SecurityTxt { contacts: vec![contact.into()], ..own() }.write().is_err(), "{contact:?}");
        }
        assert!(SecurityTxt { contacts: vec![], ..own() }.write().is_err());
        assert!(SecurityTxt { policy: vec!["mailto:a@b.example".into()], ..own() }.write().is_err());
        assert!(SecurityTxt { languages: vec!["en\nx: y".into()], ..own() }.write().is_err());
    }
}
