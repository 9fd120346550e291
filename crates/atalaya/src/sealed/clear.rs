//! Grade C: the server seals for a reporter who has neither script nor program, and opens the answers
//! for the moment of one page. What was typed is in memory only, and overwritten when it was sealed.

use jiff::{SignedDuration, Timestamp};
use post::child::Apart;
use post::openpgp::key::NewKey;
use post::openpgp::{self, Sealing, SecretKey};
use serde_json::json;
use tokio::sync::SemaphorePermit;
use zeroize::Zeroizing;

use super::dialogue::{self, Opened};
use super::inside::{Cover, Listed, Member};
use super::intake::{Place, Refused, Taken};
use super::manifest::{self, Manifest};
use super::nameless::nameless;
use super::receipt::{Receipt, Secrets};
use super::uploads::By;
use super::{Envelope, bodies, inside, instance_bytes, intake, sha256};
use crate::{App, Error};

/// The most bytes of an answer that are opened for a page.
const ANSWER: u64 = 64 << 20;
/// When all reply keys say they were made: it tells nothing.
const MADE: &str = "2013-05-14T00:00:00Z";

/// What was typed.
#[derive(Default)]
pub struct Typed {
    /// The text.
    pub text: Zeroizing<String>,
    /// Names and bytes.
    pub files: Vec<(String, Zeroizing<Vec<u8>>)>,
    /// Language of the page.
    pub language: String,
}

impl Typed {
    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.text.trim().is_empty() && self.files.is_empty()
    }

    /// Bytes of all of it.
    fn size(&self) -> u64 {
        self.text.len() as u64 + self.files.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>()
    }
}

/// Seals a first report; the receipt was made here, and the page says what that means.
pub async fn report(app: &App, intake: &str, typed: Typed, receipt: &Receipt) -> Result<Taken, Refused> {
    let sealed = intake::settings(app)?;
    let secrets = receipt.derive(&instance_bytes(app));
    let lookup = intake::lookup_of(&secrets.auth);
    // What is sent again because its answer was lost cannot be compared: nobody here opens what was sealed.
    if intake::is_used(app, lookup).await? {
        return Err(Refused::Conflict("sealed-error-receipt-used"));
    }
    intake::room_for(app, &sealed, By::Free, true, typed.size()).await?;
    let manifest = intake::sealed_to(app, intake, None).await?.manifest;
    let made: Timestamp = MADE.parse().map_err(Error::fault)?;
    let new = NewKey { user_id: "reporter", at: made, valid: SignedDuration::ZERO, passphrase: None };
    let key = SecretKey::generate(&new, app.db.entropy().bytes())?;
    let secret = Zeroizing::new(key.armored()?);
    let wrapped_key = secrets.wrap(&secret, app.db.entropy().bytes());
    if wrapped_key.is_none() {
        return Err(Refused::Fault(Error::fault("the reply key could not be wrapped")));
    }
    let cover = Cover { reply_certificate: key.certificate().armored()?, ..Cover::default() };
    seal(app, &manifest, cover, typed, Place::First { grade: "C", lookup, wrapped_key }).await
}

/// Seals one more message of a dialogue.
pub async fn answer(app: &App, receipt: &Receipt, typed: Typed) -> Result<Taken, Refused> {
    let sealed = intake::settings(app)?;
    intake::room_for(app, &sealed, By::Free, false, typed.size()).await?;
    let opened = dialogue::open(app, &receipt.derive(&instance_bytes(app)).auth).await?;
    let manifest = intake::sealed_to(app, &opened.dialogue.intake, None).await?.manifest;
    let shown = opened.shown();
    let cover = Cover { prev: opened.last(), own: shown.inward.last.clone(), shown, ..Cover::default() };
    let prev = Some(cover.prev.clone());
    seal(app, &manifest, cover, typed, Place::Later { grade: "C", dialogue: Box::new(opened.dialogue), prev }).await
}

async fn seal(app: &App, manifest: &Manifest, cover: Cover, typed: Typed, place: Place) -> Result<Taken, Refused> {
    let sealed = intake::settings(app)?;
    let _one_of_few = app.sealed.sealing.acquire().await.map_err(Error::fault)?;
    let (members, to, at) = (members(cover, typed)?, manifest.certificates()?, app.now());
    let (seed, file) = (app.db.entropy().bytes(), nameless(app, By::Free).await?);
    let file = tokio::task::spawn_blocking(move || {
        let mut file = file;
        let sealing = Sealing { to: &to, hidden: true, by: None, at };
        openpgp::seal(inside::pack(members)?, &sealing, seed, std::io::BufWriter::new(&mut file))?;
        file.rewind()?;
        Ok::<_, Refused>(file)
    });
    let file = file.await.map_err(Error::fault)??;
    let came = bodies::keep(app, file, manifest, intake::most(&sealed)).await?;
    intake::note(app, &came, manifest, &place).await
}

/// The members of the tar, in the order that everybody writes them.
fn members(mut cover: Cover, typed: Typed) -> Result<Vec<Member>, Refused> {
    let mut files: Vec<Member> = Vec::new();
    for (original, bytes) in typed.files {
        let name = format!("files/{:03}", files.len() + 1);
        cover.files.push(Listed { name: name.clone(), original, size: bytes.len() as u64, sha256: data_encoding::HEXLOWER.encode(&sha256(&bytes)) });
        files.push((name, bytes));
    }
    cover.schema = "atalaya-sealed-1".into();
    cover.grade = "C".into();
    cover.language = typed.language;
    let text = Zeroizing::new(typed.text.as_bytes().to_vec());
    let report = json!({ "kind": "other", "answers": { "text": typed.text.as_str() } });
    let mut members = vec![
        ("manifest.json".to_owned(), Zeroizing::new(serde_json::to_vec_pretty(&cover).map_err(Error::fault)?)),
        ("report.json".to_owned(), Zeroizing::new(serde_json::to_vec_pretty(&report).map_err(Error::fault)?)),
        ("report.txt".to_owned(), text),
    ];
    members.extend(files);
    Ok(members)
}

/// An answer as the page shows it.
#[derive(Debug, Default)]
pub struct Answer {
    /// Its place.
    pub place: i64,
    /// The text; empty when it could not be opened.
    pub text: String,
    /// Names and sizes of its files.
    pub files: Vec<(String, usize)>,
    /// Who signed it, if a reader of the manifest did.
    pub signer: Option<String>,
    /// Why nothing is shown; the text's key.
    pub problem: Option<&'static str>,
}

/// What can be said of the answers of a dialogue before any is opened: those to a key of the reporter's own never are here.
pub fn unopened(opened: &Opened) -> Vec<Answer> {
    let out = opened.envelopes.iter().filter(|envelope| envelope.way == "out" && opened.dialogue.wrapped_key.is_none());
    out.map(|envelope| Answer { place: envelope.place, problem: Some("sealed-answer-yours"), ..Answer::default() }).collect()
}

/// The answers of a dialogue, opened with the reply key one after the other: of their files, nothing but name and size is
/// held longer than that.
pub async fn answers(app: &App, opened: &Opened, secrets: &Secrets) -> Result<Vec<Answer>, Refused> {
    let out: Vec<&Envelope> = opened.envelopes.iter().filter(|envelope| envelope.way == "out").collect();
    if out.is_empty() {
        return Ok(Vec::new());
    }
    let _one_of_few = one_of_few(app).await?;
    let (mut answers, mut opener) = (Vec::new(), app.opener.apart());
    for envelope in out {
        answers.push(of(app, &mut opener, opened, envelope, secrets).await?.0);
    }
    Ok(answers)
}

/// Name and bytes of one file of an answer. No other answer is opened for it.
pub async fn file(app: &App, opened: &Opened, secrets: &Secrets, place: i64, at: usize) -> Result<(String, Vec<u8>), Refused> {
    let envelope = opened.at(place)?;
    if envelope.way != "out" {
        return Err(Refused::NotFound);
    }
    let _one_of_few = one_of_few(app).await?;
    let (_, files) = of(app, &mut app.opener.apart(), opened, envelope, secrets).await?;
    files.into_iter().nth(at).ok_or(Refused::NotFound)
}

/// Sealed and open, an answer is in memory: only for so many readers at once. Asked for before a child is, and held until
/// it has ended: whoever waits for one of both holds none of the other that somebody before waits for.
async fn one_of_few(app: &App) -> Result<SemaphorePermit<'_>, Refused> {
    Ok(app.sealed.opening.acquire().await.map_err(Error::fault)?)
}

/// Names and bytes.
type Files = Vec<(String, Vec<u8>)>;

async fn of(app: &App, opener: &mut Apart<'_>, opened: &Opened, envelope: &Envelope, secrets: &Secrets) -> Result<(Answer, Files), Refused> {
    let mut answer = Answer { place: envelope.place, ..Answer::default() };
    let Some(key) = opened.dialogue.wrapped_key.as_ref().and_then(|wrapped| secrets.unwrap(wrapped)) else {
        answer.problem = Some("sealed-answer-yours");
        return Ok((answer, Vec::new()));
    };
    let signers = match manifest::of_version(&mut app.db.read().await?, &opened.dialogue.intake, envelope.manifest_version).await? {
        Some(published) => published.manifest.readers.into_iter().map(|reader| reader.certificate).collect(),
        None => Vec::new(),
    };
    let files = match dialogue::bytes_of(app, envelope, ANSWER).await {
        Ok(bytes) => open(app, opener, &mut answer, &key, bytes, signers).await?,
        Err(Refused::TooLarge) => {
            answer.problem = Some("sealed-answer-large");
            Vec::new()
        }
        Err(Refused::Conflict(missing)) => {
            answer.problem = Some(missing);
            Vec::new()
        }
        Err(other) => return Err(other),
    };
    answer.files = files.iter().map(|(name, bytes)| (name.clone(), bytes.len())).collect();
    Ok((answer, files))
}

async fn open(app: &App, opener: &mut Apart<'_>, answer: &mut Answer, key: &str, bytes: Vec<u8>, signers: Vec<String>) -> Result<Files, Refused> {
    // In a process for this reporter alone: what breaks in there is one answer that could not be opened, and the key ends
    // with the page.
    let opened = opener.open(&bytes, vec![(key.to_owned(), String::new())], signers, app.now(), ANSWER).await;
    let Ok(opened) = opened else {
        answer.problem = Some("sealed-answer-unreadable");
        return Ok(Vec::new());
    };
    drop(bytes);
    answer.signer = opened.verdicts.iter().find(|verdict| verdict.good).map(|verdict| verdict.name.clone());
    let content = Zeroizing::new(opened.content);
    let members = inside::unpack(&content);
    let cover: Cover = members.get("manifest.json").and_then(|json| serde_json::from_slice(json).ok()).unwrap_or_default();
    answer.text = match members.get("report.txt") {
        Some(text) => String::from_utf8_lossy(text).into_owned(),
        // Somebody answered with gpg and no tar: the text is all there is.
        None if members.is_empty() => String::from_utf8_lossy(&content).into_owned(),
        None => String::new(),
    };
    let mut files = Vec::new();
    for (name, bytes) in members.iter().filter(|(name, _)| name.starts_with("files/")) {
        let original = cover.files.iter().find(|file| file.name == *name).map_or(name.as_str(), |file| file.original.as_str());
        files.push((post::letter::safe_name(original, 120), bytes.to_vec()));
    }
    Ok(files)
}
