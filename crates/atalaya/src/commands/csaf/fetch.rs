//! Where a provider's files come from: its server, or a folder.

use std::path::{Path, PathBuf};
use std::time::Duration;

use csaf::check::{Answer, Transport};

/// So many bytes of one file are read.
const MOST: u64 = 100 << 20;
/// So many redirects are followed (CSAF 2.1 requirement 6 allows ten).
const REDIRECTS: u32 = 10;
/// So long one request may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server or a folder.
pub enum Source {
    /// Asks the net: only what whoever runs this named, and what that leads to.
    Net(Box<ureq::Agent>, String),
    /// A folder, and the address that stands for it.
    Folder(PathBuf, String, String),
}

impl Source {
    /// An address of `provider-metadata.json`, or of a site whose well-known place has it; or a folder that holds it.
    pub fn open(place: &str) -> Result<Self, String> {
        if place.starts_with("http://") || place.starts_with("https://") {
            let agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).max_redirects(0).http_status_as_error(false).build().new_agent();
            let at = if place.ends_with("provider-metadata.json") {
                place.to_owned()
            } else {
                format!("{}/.well-known/csaf/provider-metadata.json", place.trim_end_matches('/'))
            };
            return Ok(Self::Net(Box::new(agent), at));
        }
        let folder = PathBuf::from(place);
        let file = folder.join("provider-metadata.json");
        let text = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
        let metadata: serde_json::Value = serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", file.display()))?;
        let canonical =
            metadata.get("canonical_url").and_then(serde_json::Value::as_str).ok_or_else(|| format!("{}: there is no canonical_url", file.display()))?;
        let base = canonical.strip_suffix("provider-metadata.json").ok_or_else(|| format!("{canonical} does not end in provider-metadata.json"))?;
        Ok(Self::Folder(folder, base.to_owned(), canonical.to_owned()))
    }

    /// Where the metadata is.
    pub fn metadata(&self) -> String {
        match self {
            Self::Net(_, at) | Self::Folder(_, _, at) => at.clone(),
        }
    }

    /// Gets a URL.
    pub fn get(&mut self, url: &str) -> Result<Answer, String> {
        match self {
            Self::Net(agent, _) => ask(agent, url),
            Self::Folder(folder, base, _) => look(folder, base, url),
        }
    }
}

fn ask(agent: &ureq::Agent, url: &str) -> Result<Answer, String> {
    let (mut at, mut redirects) = (url.to_owned(), 0);
    loop {
        let mut answer = agent.get(&at).call().map_err(|error| error.to_string())?;
        let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        if let (true, Some(to)) = (answer.status().is_redirection(), header("location")) {
            redirects += 1;
            if redirects > REDIRECTS {
                return Err(format!("more than {REDIRECTS} redirects"));
            }
            at = url::Url::parse(&at).and_then(|base| base.join(&to)).map_err(|error| error.to_string())?.into();
            continue;
        }
        let status = answer.status().as_u16();
        let body = answer.body_mut().with_config().limit(MOST).read_to_vec().map_err(|error| error.to_string())?;
        let over = if at.starts_with("https://") { Transport::Tls } else { Transport::Plain };
        return Ok(Answer { status, redirects, over, body });
    }
}

fn look(folder: &Path, base: &str, url: &str) -> Result<Answer, String> {
    let rest = url.strip_prefix(base).ok_or("it lies outside of the folder")?;
    let path = percent_encoding::percent_decode_str(rest).decode_utf8().map_err(|error| error.to_string())?.into_owned();
    // A path out of the folder is none of the provider's.
    if path.split('/').any(|part| part == "..") {
        return Err("it lies outside of the folder".into());
    }
    let mut file = folder.join(&path);
    if file.is_dir() {
        file.push("index.html");
    }
    let answer = |status, body| Answer { status, redirects: 0, over: Transport::Folder, body };
    match std::fs::metadata(&file) {
        Ok(about) if about.len() > MOST => Err(format!("it has more than {MOST} bytes")),
        Ok(_) => std::fs::read(&file).map(|body| answer(200, body)).map_err(|error| error.to_string()),
        Err(_) => Ok(answer(404, Vec::new())),
    }
}
