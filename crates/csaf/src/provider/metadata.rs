//! `provider-metadata.json` (requirement 7) and the ROLIE service document (requirement 16): what a
//! reader starts from. Both are public, so they name only what the settings let them name.

use super::feed::{Feed, finished, information_type};
use super::{Document, Files, Key, Settings, edition_folder, label_word, put, url};
use crate::write::{Edition, publisher};
use formats::label::Tlp;
use serde_json::{Value, json};

/// Where a key lies, for both editions.
pub(super) fn key_path(key: &Key) -> String {
    format!("openpgp/{}.asc", key.fingerprint.to_ascii_uppercase())
}

pub(super) fn write(files: &mut Files, settings: &Settings, base: &str, edition: Edition, feeds: &[Feed], documents: &[Document]) {
    let named: Vec<&Feed> = feeds.iter().filter(|feed| feed.tlp <= settings.announced.max(Tlp::Clear)).collect();
    let folder = edition_folder(edition);
    let service = format!("{folder}service.json");
    put(files, service.clone(), service_document(settings, base, &named), Tlp::Clear);

    let labels: Vec<Tlp> = Tlp::ALL.into_iter().filter(|tlp| named.iter().any(|feed| feed.tlp == *tlp)).collect();
    let mut distributions: Vec<Value> = labels.iter().map(|tlp| directory(base, edition, *tlp)).collect();
    let categories: Vec<Value> = labels.iter().map(|tlp| category_url(base, edition, *tlp).into()).collect();
    let listed: Vec<Value> = named.iter().map(|feed| described(feed, base, edition)).collect();
    distributions.push(json!({"rolie": {"feeds": listed, "services": [url(base, &service)], "categories": categories}}));

    // Also what is not announced does not move the date of the public file.
    let newest = documents.iter().filter(|one| one.tlp <= settings.announced && one.body(edition).is_some()).map(|one| one.current_release_date);
    let updated = newest.chain([settings.changed]).max().unwrap_or(settings.changed);
    let keys: Vec<Value> =
        settings.keys.iter().map(|key| json!({"fingerprint": key.fingerprint.to_ascii_uppercase(), "url": url(base, &key_path(key))})).collect();
    let path = format!("{folder}provider-metadata.json");
    let mut whole = json!({
        "canonical_url": url(base, &path),
        "distributions": distributions,
        "last_updated": updated.to_string(),
        "list_on_CSAF_aggregators": settings.list_on_aggregators,
        "metadata_version": edition.as_str(),
        "mirror_on_CSAF_aggregators": settings.mirror_on_aggregators,
        "public_openpgp_keys": keys,
        "publisher": Value::from(publisher(&settings.publisher, edition)),
        "role": settings.role.as_str(),
    });
    if let (Edition::V21, Some(fields)) = (edition, whole.as_object_mut()) {
        fields.insert("$schema".to_owned(), "https://docs.oasis-open.org/csaf/csaf/v2.1/schema/provider.json".into());
    }
    put(files, path, finished(whole), Tlp::Clear);
}

fn directory(base: &str, edition: Edition, tlp: Tlp) -> Value {
    let label = label_word(edition, tlp);
    let at = url(base, &format!("{}{}/", edition_folder(edition), label.to_lowercase()));
    match edition {
        Edition::V20 => json!({"directory_url": at}),
        Edition::V21 => json!({"directory": {"tlp_label": label, "url": at}}),
    }
}

fn category_url(base: &str, edition: Edition, tlp: Tlp) -> String {
    let slug = label_word(edition, tlp).to_lowercase();
    url(base, &format!("{}{slug}/category-csaf-feed-tlp-{slug}.json", edition_folder(edition)))
}

fn described(feed: &Feed, base: &str, edition: Edition) -> Value {
    let label = label_word(edition, feed.tlp);
    match edition {
        Edition::V20 => json!({"summary": feed.summary, "tlp_label": label, "url": url(base, &feed.path)}),
        Edition::V21 => json!({"summary": feed.summary, "tlp_label": label, "url": url(base, &feed.path), "last_updated": feed.updated.to_string()}),
    }
}

fn service_document(settings: &Settings, base: &str, feeds: &[&Feed]) -> Vec<u8> {
    let collections: Vec<Value> =
        feeds.iter().map(|feed| json!({"title": feed.summary, "href": url(base, &feed.path), "categories": {"category": [information_type()]}})).collect();
    finished(json!({"service": {"workspace": [{"title": settings.publisher.name, "collection": collections}]}}))
}
