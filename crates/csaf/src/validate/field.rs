//! From a place in a document back to the field that the author filled in.

use crate::advisory::{Advisory, State};
use crate::write::put_before;

/// The JSON pointer in the advisory for a JSON pointer in a document that was written of it. `leaves` are
/// the places of its products ([`crate::write::leaves`]). Nothing when the place was made by the writer.
pub fn field(advisory: &Advisory, leaves: &[(String, usize)], pointer: &str) -> Option<String> {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    match steps.as_slice() {
        ["product_tree", ..] => product(leaves, pointer),
        ["vulnerabilities", index, rest @ ..] => Some(vulnerability(index, rest)),
        ["document", rest @ ..] => head(advisory, rest),
        _ => None,
    }
}

/// The product of a leaf; for a branch above it, the first product below.
fn product(leaves: &[(String, usize)], pointer: &str) -> Option<String> {
    let below = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if let Some((leaf, index)) = leaves.iter().find(|(leaf, _)| below(pointer, leaf)) {
        let part = match pointer.strip_prefix(leaf.as_str()) {
            Some("/name") if leaf.starts_with("/product_tree/full_product_names") => "/name",
            Some("/name") => "/release",
            Some("/product/product_id" | "/product_id") => "/id",
            Some(rest) if rest.ends_with("/cpe") => "/cpe",
            Some(rest) if rest.contains("/purl") => "/purl",
            _ => "",
        };
        return Some(format!("/products/{index}{part}"));
    }
    let (_, index) = leaves.iter().find(|(leaf, _)| below(leaf, pointer))?;
    let depth = pointer.matches("/branches/").count();
    let part = match (pointer.ends_with("/name"), depth) {
        (true, 1) => "/vendor",
        (true, 2) => "/name",
        _ => "",
    };
    Some(format!("/products/{index}{part}"))
}

fn vulnerability(index: &str, rest: &[&str]) -> String {
    let part = match rest {
        ["product_status", rest @ ..] => joined("statuses", rest),
        ["cwe", ..] => "/cwes/0".to_owned(),
        ["scores" | "metrics", ..] => "/scores".to_owned(),
        ["release_date" | "disclosure_date"] => "/disclosed".to_owned(),
        ["discovery_date"] => "/discovered".to_owned(),
        [list @ ("notes" | "threats" | "remediations" | "references" | "flags" | "ids" | "cwes" | "acknowledgments"), rest @ ..] => {
            joined(list, &rest.iter().take(1).copied().collect::<Vec<_>>())
        }
        [name @ ("cve" | "title"), ..] => format!("/{name}"),
        _ => String::new(),
    };
    format!("/vulnerabilities/{index}{part}")
}

fn head(advisory: &Advisory, rest: &[&str]) -> Option<String> {
    let (references, notes) = put_before(advisory);
    Some(match rest {
        ["tracking", "revision_history", rest @ ..] => joined("revisions", rest),
        ["tracking", "version"] => "/revisions".to_owned(),
        ["tracking", name @ ("id" | "status" | "initial_release_date" | "current_release_date"), ..] => format!("/{name}"),
        ["tracking", "aliases", ..] => "/aliases".to_owned(),
        ["distribution", "tlp", ..] => "/tlp".to_owned(),
        ["distribution", ..] => "/terms".to_owned(),
        ["license_expression"] => "/license".to_owned(),
        ["lang"] => "/language".to_owned(),
        ["source_lang"] => "/original/language".to_owned(),
        ["category"] => "/kind".to_owned(),
        ["title"] => "/title".to_owned(),
        ["publisher", "contact" | "contact_details", ..] => "/publisher/contact_details".to_owned(),
        ["publisher", rest @ ..] => joined("publisher", rest),
        ["acknowledgments", rest @ ..] => joined("acknowledgments", rest),
        ["references"] => "/references".to_owned(),
        ["notes"] => "/notes".to_owned(),
        ["references", index, rest @ ..] => shifted("references", index, rest, references)?,
        ["notes", index, rest @ ..] if advisory.state == State::Current => shifted("notes", index, rest, notes)?,
        ["notes", ..] => "/state".to_owned(),
        _ => return None,
    })
}

fn shifted(list: &str, index: &str, rest: &[&str], by: usize) -> Option<String> {
    let index = index.parse::<usize>().ok()?.checked_sub(by)?;
    Some(joined(&format!("{list}/{index}"), rest))
}

fn joined(head: &str, rest: &[&str]) -> String {
    rest.iter().fold(format!("/{head}"), |path, step| format!("{path}/{step}"))
}
