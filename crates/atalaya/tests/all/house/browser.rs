//! A browser as small as a test needs: cookies, forms with their `Origin`, uploads; redirects are
//! shown, not followed, until the story says so.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Mutex;

use serde_json::Value as Json;
use store::Id;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A browser with its cookies.
pub struct Browser {
    address: SocketAddr,
    cookies: Mutex<BTreeMap<String, String>>,
    headers: Mutex<BTreeMap<String, String>>,
    person: Mutex<Option<Id>>,
}

/// What the program answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    asked: String,
}

impl Browser {
    pub fn new(address: SocketAddr) -> Self {
        let headers = BTreeMap::from([("accept".to_owned(), "text/html".to_owned())]);
        Self { address, cookies: Mutex::default(), headers: Mutex::new(headers), person: Mutex::default() }
    }

    /// The person whom the house logged in here.
    pub fn person(&self) -> Id {
        self.person.lock().unwrap().expect("somebody is logged in")
    }

    pub(super) fn set_person(&self, id: Id) {
        *self.person.lock().unwrap() = Some(id);
    }

    /// Puts a cookie into the jar.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.into(), value.into());
    }

    /// A cookie's value.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Takes a cookie away.
    pub fn forget(&self, name: &str) {
        self.cookies.lock().unwrap().remove(name);
    }

    /// Sends a header with every request from now on; an empty value takes it away.
    pub fn set_header(&self, name: &str, value: &str) {
        let mut headers = self.headers.lock().unwrap();
        if value.is_empty() {
            headers.remove(name)
        } else {
            headers.insert(name.into(), value.into())
        };
    }

    /// Speaks another language.
    #[must_use]
    pub fn speaking(self, language: &str) -> Self {
        self.set_header("accept-language", language);
        self
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], b"").await
    }

    /// `POST` of a form from our own page.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let origin = format!("http://{}", self.address);
        self.send("POST", path, &[("origin", &origin), ("content-type", "application/x-www-form-urlencoded")], form(fields).as_bytes()).await
    }

    /// `POST` of JSON with more headers, as a program does it.
    pub async fn post_json(&self, path: &str, headers: &[(&str, &str)], json: &Json) -> Answer {
        let mut all = vec![("content-type", "application/json")];
        all.extend_from_slice(headers);
        self.send("POST", path, &all, json.to_string().as_bytes()).await
    }

    /// `POST` of a form with files: field, name, media type, bytes.
    pub async fn upload(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &str, &[u8])]) -> Answer {
        let boundary = "a-line-that-no-file-holds-7d1";
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
        }
        for (field, name, kind, bytes) in files {
            let head = format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: {kind}\r\n\r\n");
            body.extend(head.bytes().chain(bytes.iter().copied()).chain(*b"\r\n"));
        }
        body.extend(format!("--{boundary}--\r\n").bytes());
        let (origin, kind) = (format!("http://{}", self.address), format!("multipart/form-data; boundary={boundary}"));
        self.send("POST", path, &[("origin", &origin), ("content-type", &kind)], &body).await
    }

    /// Goes where a redirect points, as often as it points somewhere.
    pub async fn follow(&self, mut answer: Answer) -> Answer {
        for _ in 0..10 {
            let Some(to) = answer.location() else { return answer };
            answer = self.get(&to).await;
        }
        panic!("{} goes round in circles", answer.asked);
    }

    /// Any request.
    pub async fn send(&self, method: &str, path: &str, more: &[(&str, &str)], body: &[u8]) -> Answer {
        self.try_send(method, path, more, body).await.unwrap_or_else(|| panic!("{method} {path}: no answer"))
    }

    /// `POST` of a form to a program that may go away; `None` when no whole answer came.
    pub async fn try_post(&self, path: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        let origin = format!("http://{}", self.address);
        self.try_send("POST", path, &[("origin", &origin), ("content-type", "application/x-www-form-urlencoded")], form(fields).as_bytes()).await
    }

    /// Any request to a program that may go away; `None` when no whole answer came.
    pub async fn try_send(&self, method: &str, path: &str, more: &[(&str, &str)], body: &[u8]) -> Option<Answer> {
        let mut headers = self.headers.lock().unwrap().clone();
        headers.insert("host".into(), self.address.to_string());
        headers.insert("connection".into(), "close".into());
        headers.insert("content-length".into(), body.len().to_string());
        let jar: Vec<String> = self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !jar.is_empty() {
            headers.insert("cookie".into(), jar.join("; "));
        }
        headers.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let path = path.split('#').next().unwrap();
        let path = path.strip_prefix(&format!("http://{}", self.address)).unwrap_or(path);
        let mut request = format!("{method} {path} HTTP/1.1\r\n");
        for (name, value) in &headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        let mut stream = TcpStream::connect(self.address).await.ok()?;
        let mut raw = Vec::new();
        // A refusal may come before all of a large body was taken; the answer is read all the same.
        let sent = stream.write_all(request.as_bytes()).await;
        let _ = sent.and(stream.write_all(body).await);
        let _ = stream.read_to_end(&mut raw).await;
        let answer = Answer::read(&raw, format!("{method} {path}"))?;
        self.keep_cookies(&answer);
        Some(answer)
    }

    fn keep_cookies(&self, answer: &Answer) {
        let mut jar = self.cookies.lock().unwrap();
        for (_, line) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = line.split(';').next().unwrap().split_once('=').expect("a cookie has a name");
            if line.contains("Max-Age=0") || value.is_empty() {
                jar.remove(name);
            } else {
                jar.insert(name.into(), value.into());
            }
        }
    }
}

impl Answer {
    fn read(raw: &[u8], asked: String) -> Option<Self> {
        let end = raw.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8_lossy(&raw[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok()).expect("a status line");
        let headers: Vec<(String, String)> =
            lines.filter_map(|line| line.split_once(':')).map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
        let body = &raw[end + 4..];
        let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        Some(Self { status, headers, body: if chunked { whole(body) } else { body.to_vec() }, asked })
    }

    /// Stops the story unless the status is this one.
    #[allow(clippy::must_use_candidate, clippy::return_self_not_must_use, reason = "it has asserted already")]
    #[track_caller]
    pub fn must(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}\n{}", self.asked, self.status, self.words());
        self
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The words of a page, without tags and doubled space.
    pub fn words(&self) -> String {
        let (mut out, mut inside) = (String::new(), false);
        for c in self.text().chars() {
            match c {
                '<' => inside = true,
                '>' => (inside, ()) = (false, out.push(' ')),
                c if !inside => out.push(c),
                _ => {}
            }
        }
        let out = out.replace("&#38;", "&").replace("&amp;", "&").replace("&#39;", "'").replace("&#34;", "\"").replace("&lt;", "<").replace("&gt;", ">");
        out.replace("&#60;", "<").replace("&#62;", ">").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The body as JSON.
    #[track_caller]
    pub fn json(&self) -> Json {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{} answered no JSON ({error}): {}", self.asked, self.text()))
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Where a redirect points.
    pub fn location(&self) -> Option<String> {
        self.header("location").map(str::to_owned)
    }

    /// Whether the page shows these words.
    pub fn shows(&self, words: &str) -> bool {
        self.words().contains(words) || self.text().contains(words)
    }

    /// What stands in the body between two marks, the first time.
    #[track_caller]
    pub fn between(&self, before: &str, after: &str) -> String {
        let text = self.text();
        let found = text.split_once(before).and_then(|(_, rest)| rest.split_once(after)).map(|(found, _)| found.to_owned());
        found.unwrap_or_else(|| panic!("{}: nothing between {before:?} and {after:?} in\n{text}", self.asked))
    }

    /// The value of an `<input name=...>`.
    #[track_caller]
    pub fn input(&self, name: &str) -> String {
        let text = self.text();
        let mark = format!("name=\"{name}\"");
        let tag = text.split('<').find(|tag| tag.starts_with("input") && tag.contains(&mark));
        let tag = tag.unwrap_or_else(|| panic!("{}: no input {name:?}", self.asked));
        tag.split_once("value=\"").and_then(|(_, rest)| rest.split_once('"')).map(|(value, _)| value.to_owned()).unwrap_or_default()
    }

    /// Every `href` of the page that begins with this.
    pub fn links(&self, begin: &str) -> Vec<String> {
        let text = self.text();
        let all = text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        all.filter(|link| link.starts_with(begin)).map(|link| link.replace("&#38;", "&").replace("&amp;", "&")).collect()
    }
}

/// Names and values as `application/x-www-form-urlencoded`.
fn form(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect::<Vec<_>>().join("&")
}

/// A chunked body (RFC 9112 section 7.1) put together.
fn whole(mut rest: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let Some(end) = rest.windows(2).position(|two| two == b"\r\n") {
        let size = std::str::from_utf8(&rest[..end]).ok().and_then(|text| usize::from_str_radix(text.split(';').next()?, 16).ok()).unwrap_or(0);
        let chunk = &rest[end + 2..];
        if size == 0 || chunk.len() < size {
            out.extend_from_slice(if size == 0 { b"" } else { chunk });
            break;
        }
        out.extend_from_slice(&chunk[..size]);
        rest = chunk.get(size + 2..).unwrap_or_default();
    }
    out
}
