//! The `[storage]` table: where the events lie, if not in the data folder. A folder of one's own, or a bucket of
//! a service that speaks S3; its keys stand in a file of their own or in the environment, never in the profile.

use std::path::PathBuf;

use super::source::Table;

/// The `[storage]` table; without it, events are files in the data folder. Blobs are there in any case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Storage {
    /// A folder, or `s3://bucket/prefix`.
    pub events: String,
    /// The S3-compatible service.
    pub endpoint: Option<String>,
    /// The region, for services that have some.
    pub region: Option<String>,
    /// The file that holds key id and secret, as other programs read it, too; without it they are taken from the
    /// environment.
    pub credentials_file: Option<PathBuf>,
}

impl Storage {
    /// Whether events lie in a bucket.
    pub fn is_bucket(&self) -> bool {
        self.events.starts_with(BUCKET)
    }

    pub(super) fn read(table: Table<'_>) -> Self {
        let events = table.need("events");
        let storage = Self {
            events: events.as_ref().and_then(|item| item.read("a folder, or s3://bucket/prefix", place)).unwrap_or_default(),
            endpoint: table.get("endpoint").and_then(|item| item.url()),
            region: table.get("region").and_then(|item| item.text()),
            credentials_file: table.get("credentials_file").and_then(|item| item.text()).map(PathBuf::from),
        };
        if storage.is_bucket() && !cfg!(feature = "s3") {
            table.fault("names a bucket", "a folder: this program was built without buckets (cargo build --release --features s3)");
        }
        if storage.is_bucket() && table.get("endpoint").is_none() {
            table.fault("has no endpoint", "the address of the service that has the bucket");
        }
        let of_bucket = storage.endpoint.is_some() || storage.region.is_some() || storage.credentials_file.is_some();
        if !storage.is_bucket() && !storage.events.is_empty() && of_bucket {
            table.fault("says how a bucket is reached, and events lie in a folder", "events = \"s3://bucket/prefix\", or events alone");
        }
        table.close();
        storage
    }
}

const BUCKET: &str = "s3://";

/// A folder or a bucket; what looks like another address is none of both.
fn place(text: &str) -> Option<String> {
    let bucket = text.strip_prefix(BUCKET);
    let named = bucket.is_none_or(|rest| !rest.trim_matches('/').is_empty() && !rest.contains(['?', '#', '@', ' ']));
    let folder = bucket.is_some() || (!text.is_empty() && !text.contains("://"));
    (named && folder).then(|| text.trim_end_matches('/').to_owned())
}
