//! What a publication is about, in the field's own words.

use std::fmt;

use formats::rsit;
use serde::{Deserialize, Serialize};

/// What something is about: `rsit:fraud/phishing` or a whole class `rsit:fraud` (RSIT), `cve:CVE-2026-0001` (CVE),
/// `attack:T1566` or `attack:T1566.001` (MITRE ATT&CK).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Key(String);

impl Key {
    /// Reads a key; CVE and ATT&CK ids may stand without what names them. `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
        match scheme.to_ascii_lowercase().as_str() {
            "rsit" => is_rsit(rest).then(|| Self(format!("rsit:{rest}"))),
            "cve" => cve(rest),
            "attack" => attack(rest),
            "" => cve(rest).or_else(|| attack(rest)).or_else(|| (rest.contains('/') && is_rsit(rest)).then(|| Self(format!("rsit:{rest}")))),
            _ => None,
        }
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `rsit`, `cve` or `attack`, and what comes after it.
    pub fn parts(&self) -> (&str, &str) {
        self.0.split_once(':').unwrap_or(("", &self.0))
    }

    /// The CVE id, if it is one.
    pub fn cve(&self) -> Option<&str> {
        self.0.strip_prefix("cve:")
    }

    /// Whether it is about this type of RSIT: by its very name, or by its class.
    pub fn covers(&self, class: &str, name: &str) -> bool {
        let Some(own) = self.0.strip_prefix("rsit:") else { return false };
        own == class || own.split_once('/') == Some((class, name))
    }
}

fn is_rsit(text: &str) -> bool {
    match text.split_once('/') {
        Some((class, name)) => rsit::find(class, name).is_some(),
        None => rsit::types_of(text).next().is_some(),
    }
}

/// `CVE-2026-0001`: four digits or more (CVE numbering rules).
fn cve(text: &str) -> Option<Key> {
    let upper = text.to_ascii_uppercase();
    let (year, number) = upper.strip_prefix("CVE-")?.split_once('-')?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let good = year.len() == 4 && (4..=19).contains(&number.len()) && digits(year) && digits(number);
    good.then(|| Key(format!("cve:{upper}")))
}

/// `T1566` or `T1566.001`.
fn attack(text: &str) -> Option<Key> {
    let upper = text.to_ascii_uppercase();
    let rest = upper.strip_prefix('T')?;
    let (main, sub) = rest.split_once('.').map_or((rest, None), |(main, sub)| (main, Some(sub)));
    let digits = |part: &str, count| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    let good = digits(main, 4) && sub.is_none_or(|sub| digits(sub, 3));
    good.then(|| Key(format!("attack:{upper}")))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Key {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::read(&text).ok_or_else(|| format!("“{text}” is no RSIT type, CVE or ATT&CK id"))
    }
}

impl From<Key> for String {
    fn from(key: Key) -> Self {
        key.0
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn keys_are_read_as_people_write_them_and_nothing_else_is() {
        let read = |text: &str| Key::read(text).map(|key| key.to_string());
        assert_eq!(read("cve-2026-12345").as_deref(), Some("cve:CVE-2026-12345"));
        assert_eq!(read(" T1566.001 ").as_deref(), Some("attack:T1566.001"));
        assert_eq!(read("rsit:fraud").as_deref(), Some("rsit:fraud"));
        assert_eq!(read("fraud/phishing").as_deref(), Some("rsit:fraud/phishing"));
        for bad in ["", "fraud", "fraud/fishing", "CVE-26-1", "T15", "T1566.1", "x:y", "rsit:", "cve:CVE-2026-<b>"] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_class_covers_its_types() {
        let class = Key::read("rsit:fraud").expect("a class");
        let one = Key::read("rsit:fraud/phishing").expect("a type");
        assert!(class.covers("fraud", "phishing") && class.covers("fraud", "masquerade"));
        assert!(one.covers("fraud", "phishing") && !one.covers("fraud", "masquerade"));
    }
}
