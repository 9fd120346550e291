//! A place in an object store that speaks S3. "Only if the name is free" is a conditional PUT, which
//! the store must honour; large files go up in parts. The store's client wants an executor; it has one
//! of its own, so that everybody else here can simply wait.

use super::Entry;
use crate::{Error, Result};
use object_store::aws::{AmazonS3, AmazonS3Builder, S3ConditionalPut};
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, RetryConfig, WriteMultipart};
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::runtime::{Handle, Runtime};

/// Bytes of a part.
const PART: usize = 8 << 20;

/// Parts on the way at a time.
const AT_ONCE: usize = 4;

/// How often a request is sent again, and for how long in all: somebody waits for a page.
const TRIES: usize = 5;
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Store {
    client: AmazonS3,
    executor: Handle,
    /// What the executor runs on; there until the store goes.
    runtime: Option<Runtime>,
    url: String,
    prefix: String,
    secrets: Secrets,
}

/// What no error may say: some services quote the key's id, or the whole request, when they refuse a key.
#[derive(Clone, Default)]
struct Secrets(Vec<String>);

impl Secrets {
    fn of(options: &[(String, String)]) -> Self {
        let names = ["aws_access_key_id", "aws_secret_access_key", "aws_session_token"];
        Self(options.iter().filter(|(name, value)| names.contains(&name.as_str()) && !value.is_empty()).map(|(_, value)| value.clone()).collect())
    }

    fn without(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "[key]"))
    }

    /// An error of the client about a name in the place, in words that anybody may read.
    fn failed(&self, path: &str) -> impl FnOnce(object_store::Error) -> Error {
        let (path, secrets) = (path.to_owned(), self.clone());
        move |error| Error::place(path)(io::Error::other(secrets.without(&said(&error))))
    }
}

/// An error with its reasons, each once.
fn said(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut why = error.source();
    while let Some(reason) = why {
        let reason_text = reason.to_string();
        if !text.contains(&reason_text) {
            text = format!("{text}: {reason_text}");
        }
        why = reason.source();
    }
    text
}

/// Without the client, which holds the keys.
impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Whoever lets go of the last lake may stand in async code, where an executor must not be waited for.
impl Drop for Store {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Store {
    pub fn open(url: &str, options: &[(String, String)]) -> Result<Self> {
        let parsed = url::Url::parse(url).map_err(|error| Error::Question(format!("{url}: {error}")))?;
        let retry = RetryConfig { max_retries: TRIES, retry_timeout: PATIENCE, ..RetryConfig::default() };
        let mut builder = AmazonS3Builder::new().with_url(url).with_conditional_put(S3ConditionalPut::ETagMatch).with_retry(retry);
        for (name, value) in options {
            let key = name.parse().map_err(|_| Error::Question(format!("{name} is no option of an object store")))?;
            builder = builder.with_config(key, value);
        }
        let client = builder.build().map_err(|error| Error::Question(Secrets::of(options).without(&format!("{url}: {error}"))))?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_name("object-store").enable_all().build();
        let runtime = runtime.map_err(Error::place(url))?;
        Ok(Self {
            client,
            executor: runtime.handle().clone(),
            runtime: Some(runtime),
            url: url.trim_end_matches('/').to_owned(),
            prefix: parsed.path().trim_matches('/').to_owned(),
            secrets: Secrets::of(options),
        })
    }

    pub fn url(&self) -> String {
        self.url.clone()
    }

    fn key(&self, path: &str) -> Key {
        Key::from(format!("{}/{path}", self.prefix).trim_start_matches('/'))
    }

    pub fn list(&self, folder: &str, after: Option<&str>) -> Result<Vec<Entry>> {
        use futures_util::TryStreamExt;
        let prefix = self.key(folder);
        let found = self.executor.block_on(async {
            match after {
                Some(after) => self.client.list_with_offset(Some(&prefix), &self.key(after)).try_collect::<Vec<_>>().await,
                None => self.client.list(Some(&prefix)).try_collect::<Vec<_>>().await,
            }
        });
        let strip = if self.prefix.is_empty() { 0 } else { self.prefix.len() + 1 };
        let entry = |about: object_store::ObjectMeta| {
            let path = about.location.as_ref().get(strip..)?.to_owned();
            Some(Entry { path, size: about.size, modified: about.last_modified.timestamp_millis() })
        };
        Ok(found.map_err(self.secrets.failed(folder))?.into_iter().filter_map(entry).collect())
    }

    pub fn read(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let read = self.executor.block_on(async { self.client.get(&self.key(path)).await?.bytes().await });
        match read {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.secrets.failed(path)(error)),
        }
    }

    pub fn has(&self, path: &str) -> Result<bool> {
        match self.executor.block_on(self.client.head(&self.key(path))) {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(self.secrets.failed(path)(error)),
        }
    }

    pub fn create(&self, path: &str, bytes: &[u8]) -> Result<bool> {
        let key = self.key(path);
        let put = self.client.put_opts(&key, bytes.to_vec().into(), PutMode::Create.into());
        match self.executor.block_on(put) {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. } | object_store::Error::Precondition { .. }) => self.is_ours(path, bytes),
            Err(error) => Err(self.secrets.failed(path)(error)),
        }
    }

    /// The client repeats a request whose answer was lost; the second then meets what the first wrote.
    fn is_ours(&self, path: &str, bytes: &[u8]) -> Result<bool> {
        Ok(self.read(path)?.as_deref() == Some(bytes))
    }

    pub fn put(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let key = self.key(path);
        let put = self.client.put(&key, bytes.to_vec().into());
        self.executor.block_on(put).map(|_| ()).map_err(self.secrets.failed(path))
    }

    pub fn adopt(&self, local: &Path, path: &str) -> Result<()> {
        let name = local.display().to_string();
        let mut file = File::open(local).map_err(Error::place(name.as_str()))?;
        self.executor.block_on(async {
            let upload = self.client.put_multipart(&self.key(path)).await.map_err(self.secrets.failed(path))?;
            let mut upload = WriteMultipart::new_with_chunk_size(upload, PART);
            let mut part = vec![0; PART];
            loop {
                let read = file.read(&mut part).map_err(Error::place(name.as_str()))?;
                let Some(bytes) = part.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
                upload.wait_for_capacity(AT_ONCE).await.map_err(self.secrets.failed(path))?;
                upload.write(bytes);
            }
            upload.finish().await.map(|_| ()).map_err(self.secrets.failed(path))
        })?;
        std::fs::remove_file(local).map_err(Error::place(name))
    }

    /// Copies a data file into a file without a name: it goes when it is closed.
    pub fn file(&self, path: &str, scratch: &Path) -> Result<File> {
        use futures_util::TryStreamExt;
        static COUNT: AtomicU64 = AtomicU64::new(0);
        // A process beside ours counts as we do: who finds a name taken takes the next.
        let (mut file, name) = loop {
            let name = scratch.join(format!("fetched-{}", COUNT.fetch_add(1, Ordering::Relaxed)));
            match File::options().read(true).write(true).create_new(true).open(&name) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => (),
                opened => break (opened.map_err(Error::place(name.display().to_string()))?, name),
            }
        };
        let shown = name.display().to_string();
        std::fs::remove_file(&name).map_err(Error::place(shown.as_str()))?;
        self.executor.block_on(async {
            let mut parts = self.client.get(&self.key(path)).await.map_err(self.secrets.failed(path))?.into_stream();
            while let Some(part) = parts.try_next().await.map_err(self.secrets.failed(path))? {
                file.write_all(&part).map_err(Error::place(shown.as_str()))?;
            }
            Ok::<_, Error>(())
        })?;
        file.seek(SeekFrom::Start(0)).map_err(Error::place(shown))?;
        Ok(file)
    }

    pub fn delete(&self, path: &str) -> Result<()> {
        match self.executor.block_on(self.client.delete(&self.key(path))) {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(self.secrets.failed(path)(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_key_is_quoted_in_no_error() {
        let options = [("aws_access_key_id", "AKIDEXAMPLE"), ("aws_secret_access_key", "wJalrXUtnFEMI"), ("aws_region", "eu-1")];
        let options: Vec<(String, String)> = options.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let answer = "<Error><Code>InvalidAccessKeyId</Code><AWSAccessKeyId>AKIDEXAMPLE</AWSAccessKeyId><StringToSign>wJalrXUtnFEMI</StringToSign></Error>";
        let refused = object_store::Error::Generic { store: "S3", source: answer.into() };
        let said = Secrets::of(&options).failed("_delta_log")(refused).to_string();
        assert!(said.contains("InvalidAccessKeyId") && said.contains("[key]"), "{said}");
        assert!(!said.contains("AKIDEXAMPLE") && !said.contains("wJalrXUtnFEMI"), "{said}");
    }
}
