//! The product tree (section 3.2.2): vendor, then product, then release. Vendors and products come in
//! the order of their names; the releases of one product stay in the order of the advisory, because
//! whoever wrote it knows that 4.9 comes before 4.10. What has nothing but a full name stands beside the branches.

use super::Edition;
use super::object::Object;
use crate::advisory::{Advisory, Product, Release};
use serde_json::Value;
use std::collections::BTreeMap;

/// The products by vendor and name, each with its place in the advisory.
type Grouped<'a> = BTreeMap<&'a str, BTreeMap<&'a str, Vec<(usize, &'a Product)>>>;

fn grouped(advisory: &Advisory) -> Grouped<'_> {
    let mut tree = Grouped::new();
    for (index, product) in advisory.products.iter().enumerate().filter(|(_, product)| product.release != Release::Named) {
        let names = tree.entry(product.vendor.as_str()).or_default();
        names.entry(product.name.as_str()).or_default().push((index, product));
    }
    tree
}

/// Products without a place among the branches, with their places in the advisory.
fn named(advisory: &Advisory) -> impl Iterator<Item = (usize, &Product)> {
    advisory.products.iter().enumerate().filter(|(_, product)| product.release == Release::Named)
}

/// The tree as an object; empty without products.
pub(super) fn tree(advisory: &Advisory, edition: Edition) -> Object {
    let vendors = grouped(advisory).into_iter().map(|(vendor, names)| {
        let names = names.into_iter().map(|(name, releases)| {
            let releases = releases.into_iter().map(|(_, product)| {
                let branch = Object::new().set("category", product.release.category()).set("name", product.release.name());
                branch.set("product", full_product_name(product, edition)).into()
            });
            branch("product_name", name, releases)
        });
        branch("vendor", vendor, names)
    });
    let flat = named(advisory).map(|(_, product)| full_product_name(product, edition).into());
    Object::new().list("branches", vendors).list("full_product_names", flat)
}

fn branch(category: &str, name: &str, below: impl Iterator<Item = Value>) -> Value {
    Object::new().set("category", category).set("name", name).list("branches", below).into()
}

/// A leaf (section 3.1.3).
fn full_product_name(product: &Product, edition: Edition) -> Object {
    let helper = Object::new().maybe("cpe", product.cpe.as_deref());
    let helper = match edition {
        Edition::V20 => helper.maybe("purl", product.purl.as_deref()),
        Edition::V21 => helper.list("purls", product.purl.iter().map(|purl| purl.as_str().into())),
    };
    Object::new().set("name", product.full_name()).set("product_id", product.id.as_str()).part("product_identification_helper", helper)
}

/// Where each product of the advisory stands in the tree: the JSON pointer of its branch, or in the flat list, and its index
/// in [`Advisory::products`].
pub fn leaves(advisory: &Advisory) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for (vendor, names) in grouped(advisory).into_values().enumerate() {
        for (name, releases) in names.into_values().enumerate() {
            for (release, (index, _)) in releases.into_iter().enumerate() {
                found.push((format!("/product_tree/branches/{vendor}/branches/{name}/branches/{release}"), index));
            }
        }
    }
    found.extend(named(advisory).enumerate().map(|(place, (index, _))| (format!("/product_tree/full_product_names/{place}"), index)));
    found
}
