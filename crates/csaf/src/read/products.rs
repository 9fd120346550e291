//! The product tree made flat (section 3.2.2): each product once, with the vendor, name and version
//! that lie on its way.

use super::{items, text};
use serde_json::Value;

/// A product of a foreign document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Its id in that document.
    pub id: String,
    /// Its full name.
    pub name: String,
    /// The names on the branches above it, where there are some.
    pub vendor: Option<String>,
    /// The product's own name.
    pub product: Option<String>,
    /// The version or range.
    pub version: Option<String>,
    /// Whether [`Found::version`] is a range.
    pub is_range: bool,
    /// Names of branches above it that are none of these: a family, an architecture, a language.
    pub more: Vec<String>,
    /// Its CPE.
    pub cpe: Option<String>,
    /// Its package URLs.
    pub purls: Vec<String>,
}

/// Every product: in branches, in the flat list, and made of others (`relationships` in 2.0,
/// `product_paths` in 2.1).
pub(super) fn flat(tree: &Value) -> Vec<Found> {
    let mut found = Vec::new();
    // The depth of the document is bounded when it is read.
    for branch in items(tree, "branches") {
        walk(branch, &Found::default(), &mut found);
    }
    let made = items(tree, "relationships").iter().chain(items(tree, "product_paths")).filter_map(|one| one.get("full_product_name"));
    for product in items(tree, "full_product_names").iter().chain(made) {
        leaf(product, &Found::default(), &mut found);
    }
    found
}

fn walk(branch: &Value, above: &Found, found: &mut Vec<Found>) {
    let mut here = above.clone();
    let name = text(branch, "name").map(str::to_owned);
    match text(branch, "category") {
        Some("vendor") => here.vendor = name,
        Some("product_name") => here.product = name,
        Some(category @ ("product_version" | "product_version_range")) => {
            here.version = name;
            here.is_range = category == "product_version_range";
        }
        _ => here.more.extend(name),
    }
    if let Some(product) = branch.get("product") {
        leaf(product, &here, found);
    }
    for below in items(branch, "branches") {
        walk(below, &here, found);
    }
}

fn leaf(product: &Value, above: &Found, found: &mut Vec<Found>) {
    let (Some(id), Some(name)) = (text(product, "product_id"), text(product, "name")) else { return };
    let helper = product.get("product_identification_helper").unwrap_or(&Value::Null);
    let purls = items(helper, "purls").iter().filter_map(Value::as_str).chain(text(helper, "purl")).map(str::to_owned).collect();
    let cpe = text(helper, "cpe").map(str::to_owned);
    found.push(Found { id: id.to_owned(), name: name.to_owned(), cpe, purls, ..above.clone() });
}
