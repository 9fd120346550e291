//! Chromium, spoken to through its `DevTools` protocol over two pipes: what a person sees and does.
//!
//! Descriptors 3 and 4 carry JSON with a zero byte after each message, so no port and no
//! websocket is needed. Clicks and keys go in as real input events: what is covered or
//! outside of the page cannot be pressed.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

/// Longer than any honest page takes, even on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// Nothing but this machine exists for the browser.
const ONLY_HERE: &str = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";
const AXE: &str = include_str!("../../vendor/axe-core/axe.min.js");

/// A browser with one open page.
pub struct Chromium {
    write: ChildStdin,
    read: BufReader<ChildStdout>,
    session: Option<String>,
    last: u64,
    /// Events that nobody waited for yet.
    events: Vec<Json>,
    /// Every address that the page asked for.
    pub requests: Vec<String>,
    /// What an altered server says: the end of an address, and the body in the place of its own (`None`: 404).
    altered: Vec<(String, Option<Vec<u8>>)>,
    /// Errors that the page wrote down: scripts that failed, what the content security policy refused.
    pub complaints: Vec<String>,
    _process: Child,
    _folder: TempDir,
}

impl Chromium {
    /// Starts the browser with an empty page and no history.
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut command = Command::new("/bin/sh");
        command.args(["-c", r#"exec 3<&0 4>&1 </dev/null >/dev/null 2>&1; exec chromium "$@""#, "chromium"]);
        command.args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run"]);
        command.args(["--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions"]);
        command.args([ONLY_HERE, "--remote-debugging-pipe"]).arg(format!("--user-data-dir={}", folder.path().display())).arg("about:blank");
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn();
        let mut process = spawned.expect("Chromium starts (Debian: apt-get install chromium)");
        let (write, read) = (process.stdin.take().expect("a pipe"), BufReader::new(process.stdout.take().expect("a pipe")));
        let mut chromium = Self {
            write,
            read,
            session: None,
            last: 0,
            events: vec![],
            requests: vec![],
            altered: vec![],
            complaints: vec![],
            _process: process,
            _folder: folder,
        };
        let target = chromium.call("Target.createTarget", json!({ "url": "about:blank" })).await["targetId"].clone();
        let session = chromium.call("Target.attachToTarget", json!({ "targetId": target, "flatten": true })).await["sessionId"].clone();
        chromium.session = session.as_str().map(str::to_owned);
        for room in ["Page", "Network", "Runtime", "Log"] {
            chromium.call(&format!("{room}.enable"), json!({})).await;
        }
        chromium.dark(false).await;
        chromium
    }

    /// One command of the protocol and its result.
    #[track_caller]
    pub fn call(&mut self, method: &str, params: Json) -> impl Future<Output = Json> {
        self.last += 1;
        let mut message = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        async move {
            let mut wire = message.to_string().into_bytes();
            wire.push(0);
            self.write.write_all(&wire).await.expect("the browser listens");
            loop {
                let got = self.next().await;
                if got["id"] == message["id"] {
                    assert!(got.get("error").is_none(), "{}: {}", message["method"], got["error"]);
                    return got["result"].clone();
                }
                self.events.push(got);
            }
        }
    }

    /// Puts other bytes in the place of what the server says at addresses with this end; `None` for 404.
    pub async fn alter(&mut self, end: &str, body: Option<Vec<u8>>) {
        self.altered.push((end.to_owned(), body));
        let patterns: Vec<Json> = self.altered.iter().map(|(end, _)| json!({ "urlPattern": format!("*{end}") })).collect();
        self.call("Fetch.enable", json!({ "patterns": patterns })).await;
    }

    /// The server says again what it says.
    pub async fn restore(&mut self) {
        self.altered.clear();
        self.call("Fetch.disable", json!({})).await;
    }

    /// Answers in the place of the server.
    async fn answer(&mut self, asked: &Json) {
        let url = asked["request"]["url"].as_str().unwrap_or_default();
        let Some((end, body)) = self.altered.iter().find(|(end, _)| url.ends_with(end)) else { return };
        let kind = if end.contains("js") { "text/javascript" } else { "text/plain" };
        self.last += 1;
        let message = json!({ "id": self.last, "method": "Fetch.fulfillRequest", "sessionId": self.session, "params": {
            "requestId": asked["requestId"], "responseCode": if body.is_some() { 200 } else { 404 },
            "responseHeaders": [{ "name": "content-type", "value": kind }], "body": data_encoding::BASE64.encode(body.as_deref().unwrap_or_default()) } });
        let mut wire = message.to_string().into_bytes();
        wire.push(0);
        self.write.write_all(&wire).await.expect("the browser listens");
    }

    async fn next(&mut self) -> Json {
        let mut wire = Vec::new();
        let read = tokio::time::timeout(PATIENCE, self.read.read_until(0, &mut wire)).await;
        let size = read.expect("the browser answers in time").expect("the browser's pipe");
        assert!(size > 0, "the browser went away");
        wire.pop();
        let message: Json = serde_json::from_slice(&wire).expect("JSON");
        match message["method"].as_str() {
            Some("Fetch.requestPaused") => self.answer(&message["params"]).await,
            Some("Network.requestWillBeSent") => self.requests.extend(message["params"]["request"]["url"].as_str().map(str::to_owned)),
            Some("Runtime.exceptionThrown") => self.complaints.push(message["params"]["exceptionDetails"].to_string()),
            // An answer of 422 is a page, and shown as one; what a page needs and does not get is a fault.
            Some("Network.responseReceived") if message["params"]["type"] != "Document" && message["params"]["response"]["status"].as_u64() >= Some(400) => {
                self.complaints.push(message["params"]["response"]["url"].to_string());
            }
            Some("Log.entryAdded") if message["params"]["entry"]["level"] == "error" && message["params"]["entry"]["source"] != "network" => {
                self.complaints.push(message["params"]["entry"].to_string());
            }
            _ => {}
        }
        message
    }

    /// Waits until the page has loaded after something that leaves it.
    async fn loaded(&mut self) {
        loop {
            if let Some(place) = self.events.iter().position(|event| event["method"] == "Page.loadEventFired") {
                self.events.drain(..=place);
                return;
            }
            let event = self.next().await;
            self.events.push(event);
        }
    }

    /// Opens an address.
    pub async fn go(&mut self, url: &str) {
        self.events.clear();
        let went = self.call("Page.navigate", json!({ "url": url })).await;
        assert!(went.get("errorText").is_none(), "{url}: {}", went["errorText"]);
        self.loaded().await;
    }

    /// The value of an expression in the page; a promise is waited for.
    #[track_caller]
    pub fn evaluate(&mut self, script: &str) -> impl Future<Output = Json> {
        let script = script.to_owned();
        async move {
            let params = json!({ "expression": script, "returnByValue": true, "awaitPromise": true });
            let got = self.call("Runtime.evaluate", params).await;
            assert!(got.get("exceptionDetails").is_none(), "{script:.200}: {}", got["exceptionDetails"]);
            got["result"]["value"].clone()
        }
    }

    /// Where the page is: path and query.
    pub async fn path(&mut self) -> String {
        self.evaluate("location.pathname + location.search").await.as_str().unwrap_or_default().to_owned()
    }

    /// The words that the page shows.
    pub async fn words(&mut self) -> String {
        self.evaluate("document.body.innerText.replace(/\\s+/g, ' ')").await.as_str().unwrap_or_default().to_owned()
    }

    /// The middle of the first element that a selector finds, scrolled into view.
    async fn middle(&mut self, selector: &str) -> (f64, f64) {
        let script = format!(
            "(() => {{ const all = [...document.querySelectorAll({})]; const e = all.find(e => e.getClientRects().length) || all[0]; if (!e) return null;
             e.scrollIntoView({{ block: 'center', behavior: 'instant' }}); const r = e.getClientRects()[0] || e.getBoundingClientRect();
             return [r.left + Math.min(r.width / 2, 400), r.top + r.height / 2] }})()",
            json!(selector)
        );
        let found = self.evaluate(&script).await;
        let at = found.as_array().map(|at| (at[0].as_f64().unwrap_or(0.0), at[1].as_f64().unwrap_or(0.0)));
        let path = self.path().await;
        at.unwrap_or_else(|| panic!("nothing like {selector} on {path}"))
    }

    /// Presses what a selector finds, with the mouse.
    pub async fn press(&mut self, selector: &str) {
        let (x, y) = self.middle(selector).await;
        for kind in ["mousePressed", "mouseReleased"] {
            self.call("Input.dispatchMouseEvent", json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 })).await;
        }
    }

    /// Types one character, as from a keyboard.
    pub async fn key(&mut self, key: &str) {
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { key } else { "" };
            self.call("Input.dispatchKeyEvent", json!({ "type": kind, "key": key, "text": text, "modifiers": if key == "?" { 8 } else { 0 } })).await;
        }
    }

    /// Presses what leads to another page, and waits for that page.
    pub async fn follow(&mut self, selector: &str) {
        self.events.clear();
        self.press(selector).await;
        self.loaded().await;
    }

    /// Types a character that leads to another page, and waits for that page.
    pub async fn follow_key(&mut self, key: &str) {
        self.events.clear();
        self.key(key).await;
        self.loaded().await;
    }

    /// Types into a field, in place of what stood there.
    pub async fn write(&mut self, selector: &str, text: &str) {
        self.press(selector).await;
        self.evaluate("document.activeElement.select && document.activeElement.select()").await;
        self.call("Input.insertText", json!({ "text": text })).await;
    }

    /// Chooses an option of a `<select>` by its value.
    pub async fn choose(&mut self, selector: &str, value: &str) {
        let script = format!(
            "(() => {{ const e = document.querySelector({}); e.value = {}; e.dispatchEvent(new Event('change', {{ bubbles: true }})); return e.value }})()",
            json!(selector),
            json!(value)
        );
        assert_eq!(self.evaluate(&script).await, json!(value), "{selector}");
    }

    /// The size of the window, in CSS pixels.
    pub async fn width(&mut self, width: u32) {
        let mobile = width < 600;
        self.call("Emulation.setDeviceMetricsOverride", json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": mobile })).await;
    }

    /// A reader who prefers dark or light pages.
    pub async fn dark(&mut self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        // Without motion: colours that are on their way from one theme to the other are nobody's fault.
        let features = json!([{ "name": "prefers-color-scheme", "value": value }, { "name": "prefers-reduced-motion", "value": "reduce" }]);
        self.call("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Turns the page's scripts on or off.
    pub async fn scripts(&mut self, on: bool) {
        self.call("Emulation.setScriptExecutionDisabled", json!({ "value": !on })).await;
    }

    /// Gives the browser a cookie for our address.
    pub async fn set_cookie(&mut self, url: &str, name: &str, value: &str) {
        self.call("Network.setCookie", json!({ "url": url, "name": name, "value": value })).await;
    }

    /// The names of all cookies that it holds.
    pub async fn cookies(&mut self) -> Vec<String> {
        let got = self.call("Network.getCookies", json!({})).await;
        got["cookies"].as_array().into_iter().flatten().filter_map(|cookie| cookie["name"].as_str().map(str::to_owned)).collect()
    }

    /// The secret of the session that it holds.
    pub async fn session_cookie(&mut self) -> String {
        let got = self.call("Network.getCookies", json!({})).await;
        let mut cookies = got["cookies"].as_array().into_iter().flatten();
        let found = cookies.find(|cookie| cookie["name"] == "session").expect("somebody is logged in");
        found["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Forgets all cookies.
    pub async fn forget(&mut self) {
        self.call("Network.clearBrowserCookies", json!({})).await;
    }

    /// By how many pixels the page is wider than the window.
    pub async fn overflow(&mut self) -> i64 {
        self.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth").await.as_i64().unwrap_or(0)
    }

    /// Serious and critical violations that axe-core finds: rule, what it wants, where.
    pub async fn violations(&mut self, only_contrast: bool) -> Vec<String> {
        if self.evaluate("typeof window.axe").await == json!("undefined") {
            self.evaluate(&format!("{AXE};true")).await;
        }
        let rules = if only_contrast { "{ type: 'rule', values: ['color-contrast'] }" } else { "undefined" };
        let script = format!(
            "axe.run(document, {{ resultTypes: ['violations'], preload: false, runOnly: {rules} }}).then(r => r.violations
             .filter(v => v.impact === 'serious' || v.impact === 'critical')
             .flatMap(v => v.nodes.slice(0, 4).map(n => v.id + ' (' + v.impact + '): ' + v.help + ': ' + n.html.slice(0, 160)
               + (v.id === 'color-contrast' ? ' ' + (n.any[0] || {{}}).message : ''))))"
        );
        let found = self.evaluate(&script).await;
        found.as_array().into_iter().flatten().filter_map(|line| line.as_str().map(str::to_owned)).collect()
    }

    /// Keeps a picture of the whole page for people to look at: the window grows to the page, so that
    /// what sticks to the window's edges stands at the page's. Set the width anew afterwards.
    pub async fn picture(&mut self, file: &Path) {
        let size = self.call("Page.getLayoutMetrics", json!({})).await["cssContentSize"].clone();
        let (width, height) = (size["width"].as_f64().unwrap_or(390.0), size["height"].as_f64().unwrap_or(900.0).clamp(900.0, 6000.0));
        let window = json!({ "width": whole(width), "height": whole(height), "deviceScaleFactor": 1, "mobile": width < 600.0 });
        self.call("Emulation.setDeviceMetricsOverride", window).await;
        let got = self.call("Page.captureScreenshot", json!({ "optimizeForSpeed": true })).await;
        let bytes = data_encoding::BASE64.decode(got["data"].as_str().unwrap_or_default().as_bytes()).expect("a picture");
        std::fs::write(file, bytes).expect("the picture is kept");
    }
}

/// A length of the page in whole pixels.
fn whole(length: f64) -> Json {
    json!(format!("{length:.0}").parse::<u32>().unwrap_or(900))
}
