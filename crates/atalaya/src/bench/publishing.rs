//! What a warning costs: an advisory from its first word to its page, the feeds and its CSAF document, and to everybody who asked
//! for mail. The program runs with a smarthost of ours on loopback. `n` is the number of readers, `wall_p50_ms` the time until
//! page, feed and document are there, `wall_p99_ms` the time until the last reader has a mail, both from the first word on;
//! `cpu_ms` is the serving process's for each mail with all that came before, and `bytes` what one mail weighs.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::{Client, Figure, Reply, Server, millis, round, whole};
use crate::access::{Role, Who};
use crate::app::Settings;
use crate::people::{self, NewPerson};
use crate::publications::readers;
use crate::{App, Error, Result, keys};

/// Providers that the readers are spread over; half of all are at one.
const PROVIDERS: usize = 200;
/// Patience with what should take seconds.
const PATIENCE: Duration = Duration::from_mins(10);

/// Who writes, who lets it go, and where mails end.
#[derive(Debug)]
pub struct Scene {
    readers: usize,
    writer: String,
    reader: String,
    /// Lets the mails go, since whoever released does not.
    second: String,
    sink: Sink,
    /// The team's profile with our smarthost in it.
    pub profile: PathBuf,
}

/// People, readers, a key to sign with, and a smarthost. What is there from before is taken.
pub async fn scene(settings: &Settings, from: &Path, count: usize) -> Result<Scene> {
    let sink = Sink::start().await.map_err(Error::fault)?;
    let mut table: toml::Table = std::fs::read_to_string(from).map_err(Error::fault)?.parse().map_err(Error::fault)?;
    let mail = table.get_mut("mail").and_then(toml::Value::as_table_mut).ok_or_else(|| Error::invalid("The profile has no [mail]."))?;
    let smarthost = [("host", "127.0.0.1".into()), ("port", i64::from(sink.port).into()), ("tls", "none".into())];
    mail.insert("smarthost".into(), toml::Table::from_iter(smarthost.map(|(name, value): (&str, toml::Value)| (name.to_owned(), value))).into());
    let profile = settings.data.with_extension("bench.toml");
    std::fs::write(&profile, table.to_string()).map_err(Error::fault)?;

    let app = App::open(settings.clone()).await?;
    if keys::own::current(&mut app.db.read().await?).await?.is_none() {
        let user_id = format!("Bench <{}>", app.profile.team.report_address);
        let new = post::openpgp::key::NewKey { user_id: &user_id, at: app.now(), valid: SignedDuration::from_hours(24 * 365), passphrase: None };
        let key = post::openpgp::SecretKey::generate(&new, [7; 32]).and_then(|key| key.armored()).map_err(Error::fault)?;
        keys::own::install(&app, &Who::Operator, key.as_bytes(), "").await?;
    }
    let address = |n: usize| if n.is_multiple_of(2) { format!("reader{n}@large.example") } else { format!("reader{n}@provider{}.example", n % PROVIDERS) };
    readers::enlist(&app, (0..count).map(address), app.languages.first()).await?;
    let scene = Scene {
        readers: count,
        writer: session(&app, "writer", Role::Analyst).await?,
        reader: session(&app, "reader", Role::Lead).await?,
        second: session(&app, "second", Role::Lead).await?,
        sink,
        profile,
    };
    app.db.close().await;
    Ok(scene)
}

async fn session(app: &App, name: &str, role: Role) -> Result<String> {
    let login = format!("bench-{name}-{}", app.now().as_microsecond());
    let person = NewPerson { login, name: "Bench".into(), mail: None, role, organisation: None, language: app.languages.first().to_owned() };
    let person = people::add(app, &Who::Operator, person).await?;
    Ok(format!("session={}", people::begin_session(app, person, "full", "bench").await?))
}

/// The whole way, once.
pub async fn publish(server: &Server, scene: &Scene, place: (&'static str, i64)) -> io::Result<Figure> {
    let mut client = Client::connect(server.address).await?;
    let (begin, cpu) = (Instant::now(), server.cpu()?);
    let at = write(&mut client, &scene.writer).await?;
    press(&mut client, &scene.writer, &at, "hand-in").await?;
    press(&mut client, &scene.reader, &at, "approval").await?;
    press(&mut client, &scene.reader, &at, "release").await?;
    let page = client.get(&at, &scene.reader).await?.text();
    let path = between(&page, "href=\"/advisories/", "\"").map(|name| format!("/advisories/{name}")).ok_or_else(|| io::Error::other("no public page"))?;
    let public = client.get(&path, "").await?.text();
    let document = between(&public, "href=\"/.well-known/csaf/", "\"").ok_or_else(|| io::Error::other("no CSAF document is offered"))?;
    for part in ["/feeds/latest.atom", &format!("/.well-known/csaf/{document}")] {
        let reply = client.get(part, "").await?;
        if reply.status != 200 || !reply.text().contains("Example Gateway") {
            return Err(io::Error::other(format!("{part} does not have it (status {})", reply.status)));
        }
    }
    let out = begin.elapsed();
    let mut let_go = false;
    while scene.sink.reached() < scene.readers {
        if begin.elapsed() > PATIENCE {
            return Err(io::Error::other(format!("{} of {} readers had a mail when patience ended", scene.sink.reached(), scene.readers)));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        if !let_go {
            let page = client.get(&at, &scene.second).await?.text();
            if let Some(mailing) = input(&page, "mailing").filter(|_| page.contains("waits for a second person")) {
                post(&mut client, &scene.second, &format!("{at}/mailing"), &[("mailing", &mailing)]).await?;
                let_go = true;
            }
        }
    }
    let told = begin.elapsed();
    server.rest().await?;
    let spent = server.cpu()?.saturating_sub(cpu);
    Ok(Figure {
        what: "publishing".into(),
        database: place.0,
        size: place.1,
        n: scene.readers,
        cpu_ms: round(millis(spent) / whole(scene.readers)),
        wall_p50_ms: round(millis(out)),
        wall_p99_ms: round(millis(told)),
        bytes: scene.sink.bytes() / scene.readers.max(1),
        per_second: round(whole(scene.readers) / told.as_secs_f64()),
        rss_mb: round(server.most_memory()?),
    })
}

/// An advisory of one product and one vulnerability; its page in the console.
async fn write(client: &mut Client, who: &str) -> io::Result<String> {
    let title = "Example Gateway runs commands";
    let form = client.get("/publishing/new", who).await?.text();
    let language = between(&form, "name=\"language\"", "</select>").and_then(|select| between(&select, "value=\"", "\"")).unwrap_or_else(|| "en".into());
    let made = post(client, who, "/publishing/new", &[("kind", "advisory"), ("language", &language), ("title", title)]).await?;
    let at = made.header("location").ok_or_else(|| io::Error::other("no page of it"))?;
    let words = [
        ("title", title),
        ("summary", "A crafted archive makes the gateway run a command."),
        ("affected", "Whoever lets mail pass it."),
        ("act", "Install 7.2.4."),
        ("body", "Nothing has to be opened for it.\n\n- Look for processes that the gateway started.\n- Keep its log."),
    ];
    fill(client, who, &format!("{at}/words/{language}"), &words).await?;
    let facts = [("label", "CLEAR"), ("severity", "high"), ("keys", "CVE-2026-30011"), ("references", "Vendor https://vendor.example/7")];
    fill(client, who, &format!("{at}/facts"), &facts).await?;
    let product = [("vendor", "Example Vendor"), ("name", "Example Gateway"), ("which", "range"), ("release", "7.0 - 7.2.3")];
    fill(client, who, &format!("{at}/products"), &product).await?;
    let new = format!("{at}/vulnerabilities/new");
    let form = client.get(&new, who).await?.text();
    let status = between(&form, "name=\"status-", "\"").map(|id| format!("status-{id}")).ok_or_else(|| io::Error::other("no product is asked about"))?;
    let vulnerability = [
        ("cve", "CVE-2026-30011"),
        ("title", "Commands in attachments"),
        ("text", "A crafted archive makes the gateway run a command."),
        ("cwe", "78"),
        ("cvss3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"),
        (&status, "affected"),
        ("fix", "Install 7.2.4."),
    ];
    fill(client, who, &new, &vulnerability).await?;
    Ok(at)
}

/// Fills a form that wants to know what was seen.
async fn fill(client: &mut Client, who: &str, at: &str, fields: &[(&str, &str)]) -> io::Result<()> {
    let seen = input(&client.get(at, who).await?.text(), "seen").unwrap_or_default();
    post(client, who, at, &[&[("seen", seen.as_str())], fields].concat()).await.map(drop)
}

/// Presses a button of its page as it stands now.
async fn press(client: &mut Client, who: &str, at: &str, act: &str) -> io::Result<()> {
    let edition = input(&client.get(at, who).await?.text(), "edition").unwrap_or_default();
    post(client, who, &format!("{at}/{act}"), &[("edition", &edition)]).await.map(drop)
}

async fn post(client: &mut Client, who: &str, at: &str, fields: &[(&str, &str)]) -> io::Result<Reply> {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let headers = format!("Cookie: {who}\r\nContent-Type: application/x-www-form-urlencoded\r\n");
    let reply = client.post(at, &headers, body.as_bytes()).await?;
    if reply.status == 303 {
        return Ok(reply);
    }
    let page = reply.text();
    let said = between(&page, "role=\"alert\">", "</div>").unwrap_or_default();
    Err(io::Error::other(format!("{at} answered {}: {said}", reply.status)))
}

fn between(text: &str, from: &str, to: &str) -> Option<String> {
    text.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map(|(found, _)| found.to_owned())
}

fn input(page: &str, name: &str) -> Option<String> {
    between(page, &format!("name=\"{name}\" value=\""), "\"")
}

/// A smarthost that counts whom it was given mails for, and keeps none (RFC 5321, the least of it).
#[derive(Clone, Debug)]
struct Sink {
    port: u16,
    told: Arc<Mutex<(HashSet<String>, usize)>>,
}

impl Sink {
    async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let sink = Self { port: listener.local_addr()?.port(), told: Arc::default() };
        let one = sink.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let sink = one.clone();
                tokio::spawn(async move { sink.converse(stream).await });
            }
        });
        Ok(sink)
    }

    /// So many different addresses were told.
    fn reached(&self) -> usize {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).0.len()
    }

    fn bytes(&self) -> usize {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    async fn converse(&self, mut stream: TcpStream) -> io::Result<()> {
        let (read, mut write) = stream.split();
        let mut lines = BufReader::new(read).lines();
        write.write_all(b"220 sink.example\r\n").await?;
        let mut to = Vec::new();
        while let Some(line) = lines.next_line().await? {
            let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
                "EHLO" => "250-sink.example\r\n250 8BITMIME\r\n",
                "RCPT" => {
                    to.extend(between(&line, "<", ">"));
                    "250 ok\r\n"
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await?;
                    let mut size = 0;
                    while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                        size += line.len() + 2;
                    }
                    let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
                    told.0.extend(to.drain(..));
                    told.1 += size;
                    "250 kept\r\n"
                }
                "QUIT" => return write.write_all(b"221 bye\r\n").await,
                _ => "250 ok\r\n",
            };
            write.write_all(answer.as_bytes()).await?;
        }
        Ok(())
    }
}
