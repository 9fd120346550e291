//! Whether a product that somebody runs is one that an advisory calls affected.
//!
//! Names are compared as people write them: without regard to case, spaces and hyphens, and whether the vendor stands in the
//! product's name, too. Releases are compared where both are plain numbers with dots; everything else is for a person to
//! decide ([`Hit::Unclear`]), since each vendor counts in its own way.

use std::cmp::Ordering;

use csaf::advisory::{Product, Release, Vulnerability};
use serde::{Deserialize, Serialize};

use crate::Content;

/// How a release that somebody runs stands to those that are affected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hit {
    /// It is one of them.
    Inside,
    /// It is none of them.
    Outside,
    /// A person has to look.
    Unclear,
}

/// What somebody runs; what is not known is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Runs {
    /// Who makes it.
    pub vendor: String,
    /// What it is called.
    pub name: String,
    /// Its release, as its owner writes it.
    pub version: String,
    /// CPE 2.3.
    pub cpe: String,
    /// Package URL.
    pub purl: String,
}

/// By what products are the same; an empty key is like no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Vendor and product.
    pub name: String,
    /// Part, vendor and product of the CPE name.
    pub cpe: String,
    /// Type, namespace and name of the package URL.
    pub purl: String,
}

/// What an advisory says of a product that somebody runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// How its release stands.
    pub hit: Hit,
    /// The affected releases, as readers write them.
    pub affected: Vec<String>,
}

/// A name as it is compared: small letters, without spaces, hyphens and underscores.
pub fn fold(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_')).flat_map(char::to_lowercase).collect()
}

impl Keys {
    /// The keys of a product.
    pub fn of(vendor: &str, name: &str, cpe: &str, purl: &str) -> Self {
        let (vendor, name) = (fold(vendor), fold(name));
        let bare = name.strip_prefix(&vendor).filter(|rest| !rest.is_empty()).unwrap_or(&name);
        let name = if bare.is_empty() { String::new() } else { format!("{vendor}/{bare}") };
        Self { name, cpe: cpe_key(cpe), purl: purl_key(purl) }
    }

    fn meets(&self, other: &Self) -> bool {
        [(&self.name, &other.name), (&self.cpe, &other.cpe), (&self.purl, &other.purl)].into_iter().any(|(own, theirs)| !own.is_empty() && own == theirs)
    }
}

impl From<&Product> for Keys {
    fn from(product: &Product) -> Self {
        Self::of(&product.vendor, &product.name, product.cpe.as_deref().unwrap_or_default(), product.purl.as_deref().unwrap_or_default())
    }
}

/// `cpe:2.3:a:vendor:product:…` without what comes after the product (NISTIR 7695 section 6.2); a name that leaves vendor or
/// product open is no key.
fn cpe_key(cpe: &str) -> String {
    let lower = cpe.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("cpe:2.3:") else { return String::new() };
    let parts: Vec<&str> = rest.split(':').take(3).collect();
    if parts.len() == 3 && parts.iter().all(|part| !matches!(*part, "" | "*" | "-")) { parts.join(":") } else { String::new() }
}

/// `pkg:type/namespace/name` without version, qualifiers and path (Package URL specification).
fn purl_key(purl: &str) -> String {
    let lower = purl.to_ascii_lowercase();
    let bare = lower.split(['?', '#']).next().unwrap_or_default();
    // A namespace may begin with an @ of its own: the version is behind the last one, in the last part.
    let (before, last) = bare.rsplit_once('/').unwrap_or(("", bare));
    let last = last.split('@').next().unwrap_or_default();
    if bare.starts_with("pkg:") && !before.is_empty() && !last.is_empty() { format!("{before}/{last}") } else { String::new() }
}

impl Content {
    /// The keys of all products that are affected, or may be.
    pub fn concerning(&self) -> Vec<Keys> {
        self.products.iter().filter(|product| self.may_be_affected(product)).map(Keys::from).collect()
    }

    /// What it says of a product that somebody runs; nothing where it does not name it.
    pub fn concern(&self, runs: &Runs) -> Option<Concern> {
        let keys = Keys::of(&runs.vendor, &runs.name, &runs.cpe, &runs.purl);
        let named: Vec<&Product> = self.products.iter().filter(|product| Keys::from(*product).meets(&keys)).collect();
        if named.is_empty() {
            return None;
        }
        let affected: Vec<&Product> = named.into_iter().filter(|product| self.may_be_affected(product)).collect();
        let hits: Vec<Hit> = affected.iter().map(|product| within(&product.release, &runs.version)).collect();
        let hit = [Hit::Inside, Hit::Unclear].into_iter().find(|hit| hits.contains(hit)).unwrap_or(Hit::Outside);
        Some(Concern { hit, affected: affected.into_iter().map(|product| written(&product.release)).collect() })
    }

    /// Whether a product is affected, or nothing says that it is not.
    fn may_be_affected(&self, product: &Product) -> bool {
        let speaks = |one: &&Vulnerability| {
            let statuses = &one.statuses;
            [&statuses.fixed, &statuses.known_not_affected, &statuses.under_investigation].into_iter().any(|list| list.contains(&product.id))
                || statuses.affected().contains(&product.id)
        };
        let hits = |one: &Vulnerability| one.statuses.affected().contains(&product.id) || one.statuses.under_investigation.contains(&product.id);
        let mut speaking = self.vulnerabilities.iter().filter(speaks).peekable();
        speaking.peek().is_none() || speaking.any(hits)
    }
}

/// A release as readers write it: `all`, `4.2`, `>=7.0 <=7.2.3`.
pub fn written(release: &Release) -> String {
    match release {
        Release::Any => "*".to_owned(),
        Release::Named => String::new(),
        Release::Version(text) => text.clone(),
        Release::Range(text) => bare(text).replace('|', " "),
    }
}

/// A range without its scheme and type.
fn bare(range: &str) -> &str {
    range.strip_prefix("vers:").and_then(|rest| rest.split_once('/')).map_or(range, |(_, bare)| bare)
}

/// How a release stands to those that are meant.
pub fn within(release: &Release, version: &str) -> Hit {
    let version = version.trim();
    match release {
        Release::Any => Hit::Inside,
        // Which release is meant stands in the name, for people.
        Release::Named => Hit::Unclear,
        _ if version.is_empty() => Hit::Unclear,
        Release::Version(one) => same(one, version),
        Release::Range(range) => in_range(bare(range), version),
    }
}

fn same(one: &str, version: &str) -> Hit {
    if fold(one) == fold(version) {
        return Hit::Inside;
    }
    match compared(version, one) {
        Some(Ordering::Equal) => Hit::Inside,
        Some(_) => Hit::Outside,
        None => Hit::Unclear,
    }
}

/// Single releases, or one span; what has more parts is for a person.
fn in_range(range: &str, version: &str) -> Hit {
    if range == "*" {
        return Hit::Inside;
    }
    let (mut bounds, mut single) = (Vec::new(), Vec::new());
    for part in range.split('|').map(str::trim) {
        let found = [">=", "<=", ">", "<", "!="].into_iter().find_map(|sign| part.strip_prefix(sign).map(|rest| (sign, rest.trim())));
        match found {
            Some(("!=", _)) => return Hit::Unclear,
            Some(bound) => bounds.push(bound),
            None => single.push(part.trim_start_matches('=').trim()),
        }
    }
    let lower = bounds.iter().filter(|(sign, _)| sign.starts_with('>')).count();
    if lower > 1 || bounds.len() - lower > 1 || (!bounds.is_empty() && !single.is_empty()) {
        return Hit::Unclear;
    }
    if bounds.is_empty() {
        let hits: Vec<Hit> = single.into_iter().map(|one| same(one, version)).collect();
        return [Hit::Inside, Hit::Unclear].into_iter().find(|hit| hits.contains(hit)).unwrap_or(Hit::Outside);
    }
    let mut inside = true;
    for (sign, bound) in bounds {
        let Some(order) = compared(version, bound) else { return Hit::Unclear };
        inside &= match sign {
            ">=" => order.is_ge(),
            "<=" => order.is_le(),
            ">" => order.is_gt(),
            _ => order.is_lt(),
        };
    }
    if inside { Hit::Inside } else { Hit::Outside }
}

/// Numbers with dots, the missing ones zero; nothing else can be put in order without its vendor.
fn compared(one: &str, other: &str) -> Option<Ordering> {
    let (one, other) = (numbers(one)?, numbers(other)?);
    let at = |numbers: &[u64], place: usize| numbers.get(place).copied().unwrap_or(0);
    Some((0..one.len().max(other.len())).map(|place| at(&one, place).cmp(&at(&other, place))).find(|order| order.is_ne()).unwrap_or(Ordering::Equal))
}

fn numbers(text: &str) -> Option<Vec<u64>> {
    let text = text.trim().trim_start_matches(['v', 'V']);
    text.split('.').map(|part| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()).collect()
}

#[cfg(test)]
mod tests {
    use csaf::advisory::{Product, Release, Vulnerability};

    use super::{Hit, Keys, Runs, fold, within};
    use crate::Content;

    #[test]
    fn releases_are_compared_where_they_are_numbers_and_left_to_a_person_elsewhere() {
        let range = |text: &str| Release::Range(text.into());
        let one = |text: &str| Release::Version(text.into());
        for (release, version, hit) in [
            (range("vers:generic/>=7.0|<=7.2.3"), "7.2.3", Hit::Inside),
            (range("vers:generic/>=7.0|<=7.2.3"), "7", Hit::Inside),
            (range("vers:generic/>=7.0|<=7.2.3"), "7.2.4", Hit::Outside),
            (range("vers:generic/>=7.0|<=7.2.3"), "7.10", Hit::Outside),
            (range("vers:generic/<7.2"), "v7.1.99", Hit::Inside),
            (range("vers:generic/<7.2"), "7.2.0", Hit::Outside),
            (range("vers:generic/*"), "anything", Hit::Inside),
            (range("vers:generic/1.0|2.0"), "2", Hit::Inside),
            (range("vers:generic/1.0|2.0"), "3", Hit::Outside),
            (range("vers:generic/<7.2"), "7.x", Hit::Unclear),
            (range("vers:generic/<7.2"), "7.1-p3", Hit::Unclear),
            (range("vers:generic/<7.2"), "", Hit::Unclear),
            (range("vers:generic/<1.0|>2.0|<3.0"), "2.5", Hit::Unclear),
            (range("all before the summer"), "7.1", Hit::Unclear),
            (one("7.2"), "7.2.0", Hit::Inside),
            (one("15.4(3)M"), "15.4(3)m", Hit::Inside),
            (one("15.4(3)M"), "15.4(4)M", Hit::Unclear),
            (one("7.2"), "7.3", Hit::Outside),
            (one("7.2"), "99999999999999999999999.1", Hit::Unclear),
            (Release::Any, "", Hit::Inside),
        ] {
            assert_eq!(within(&release, version), hit, "{release:?} {version}");
        }
    }

    #[test]
    fn names_are_the_same_however_people_write_them() {
        assert_eq!(fold("  Example-Gate way "), "examplegateway");
        let keys = |vendor: &str, name: &str| Keys::of(vendor, name, "", "").name;
        assert_eq!(keys("Example Vendor", "EXAMPLE VENDOR Gateway"), keys("example-vendor", "gateway"));
        assert_eq!(keys("nginx", "nginx"), "nginx/nginx");
        assert_ne!(keys("GNU", "C++"), keys("GNU", "C"));
        let cpe = |text: &str| Keys::of("", "", text, "").cpe;
        assert_eq!(cpe("cpe:2.3:a:Example:Gateway:7.2.3:*:*:*:*:*:*:*"), "a:example:gateway");
        assert_eq!((cpe("cpe:2.3:a:*:gateway:1"), cpe("nothing")), (String::new(), String::new()));
        let purl = |text: &str| Keys::of("", "", "", text).purl;
        assert_eq!(purl("pkg:npm/%40scope/name@1.2?arch=x"), purl("pkg:npm/%40scope/name"));
        assert_eq!((purl("pkg:npm/@scope/name@1.2"), purl("x"), purl("pkg:/@1")), ("pkg:npm/@scope/name".to_owned(), String::new(), String::new()));
    }

    #[test]
    fn what_is_fixed_concerns_nobody_and_what_nobody_spoke_of_does() {
        let product = |id: &str, release: Release| Product {
            id: id.into(),
            vendor: "Example".into(),
            name: "Gateway".into(),
            release,
            cpe: Some("cpe:2.3:a:example:gateway:*".into()),
            purl: None,
        };
        let mut content = Content {
            products: vec![product("old", Release::Range("vers:generic/<7.2.4".into())), product("new", Release::Version("7.2.4".into()))],
            ..Content::default()
        };
        let runs = |version: &str| Runs { vendor: "EXAMPLE".into(), name: "example gateway".into(), version: version.into(), ..Runs::default() };
        assert_eq!(content.concern(&runs("7.2.4")).map(|concern| concern.hit), Some(Hit::Inside), "named, and no vulnerability speaks of it");
        let mut vulnerability = Vulnerability::default();
        vulnerability.statuses.known_affected = vec!["old".into()];
        vulnerability.statuses.fixed = vec!["new".into()];
        content.vulnerabilities = vec![vulnerability];
        let concern = |runs: &Runs| content.concern(runs).map(|concern| (concern.hit, concern.affected));
        assert_eq!(concern(&runs("7.2.4")), Some((Hit::Outside, vec!["<7.2.4".to_owned()])));
        assert_eq!(concern(&runs("7.1")), Some((Hit::Inside, vec!["<7.2.4".to_owned()])));
        let by_cpe = Runs { vendor: "Ex".into(), name: "GW".into(), cpe: "cpe:2.3:a:example:gateway:7.1:*".into(), ..Runs::default() };
        assert_eq!(concern(&by_cpe).map(|(hit, _)| hit), Some(Hit::Unclear));
        assert_eq!(concern(&Runs { vendor: "Other".into(), ..runs("7.1") }), None);
        assert_eq!(concern(&Runs::default()), None, "an empty key is like no other");
        assert_eq!(content.concerning().len(), 1);
    }
}
