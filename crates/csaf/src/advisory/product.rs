//! What can be vulnerable: a release of a product of a vendor, as the catalogue names it.

use serde::{Deserialize, Serialize};

/// A product in some release. The same id always means the same thing, also in another advisory, so
/// that readers can compare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// `product_id`: stable, opaque.
    pub id: String,
    /// Who makes it; one spelling for all its products.
    pub vendor: String,
    /// The product without its vendor and its version; the full name where [`Release::Named`].
    pub name: String,
    /// Which releases are meant.
    pub release: Release,
    /// A CPE 2.3 name. Not for ranges: a CPE names one release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpe: Option<String>,
    /// A package URL (purl).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purl: Option<String>,
}

/// Which releases of a product are meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Release {
    /// Every release there is, written as `vers:all/*` (CSAF 2.1, section 3.1.2.2.2).
    Any,
    /// Those that the full name says, and nothing more is known: the product stands in the flat list of the product tree
    /// (`full_product_names`, section 3.2.2.2). So come products of others' documents that are made of two, or have no version.
    Named,
    /// Exactly one: `4.2`.
    Version(String),
    /// A range: `vers:deb/>=4.0|<4.2`, or without scheme and type: `>=4.0|<4.2` (section 3.1.2.3.2).
    /// CSAF 2.0 also lets free words stand here; CSAF 2.1 does not (test 6.1.50).
    Range(String),
}

impl Release {
    /// The category of its branch in the product tree (section 3.1.2.2); of what has no branch, what it is.
    pub fn category(&self) -> &'static str {
        match self {
            Self::Named => "full_product_name",
            Self::Version(_) => "product_version",
            Self::Any | Self::Range(_) => "product_version_range",
        }
    }

    /// The name of its branch; empty for what has none.
    pub fn name(&self) -> &str {
        match self {
            Self::Any => "vers:all/*",
            Self::Named => "",
            Self::Version(name) | Self::Range(name) => name,
        }
    }
}

impl Product {
    /// The full product name, as a reader takes it in at a glance: `Example Router 4.2`. The vendor is
    /// not said twice when the product's own name begins with it.
    pub fn full_name(&self) -> String {
        if self.release == Release::Named {
            return self.name.clone();
        }
        let named = match self.name.strip_prefix(self.vendor.as_str()) {
            Some(rest) if rest.starts_with(' ') => self.name.clone(),
            _ => format!("{} {}", self.vendor, self.name),
        };
        match &self.release {
            Release::Any | Release::Named => named,
            Release::Version(version) | Release::Range(version) => format!("{named} {version}"),
        }
    }
}
