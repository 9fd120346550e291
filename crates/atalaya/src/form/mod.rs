//! The public report form.
//!
//! Anybody reports here, without an account and without JavaScript, one question a page. Answers
//! are kept under a random token ([`store`]) while they are given; [`send`] makes one report of
//! them, however often the button is pressed.

pub mod home;
mod page;
pub mod questions;
mod report;
mod store;
pub mod web;

use std::collections::BTreeMap;

use ::store::Tx;
use data_encoding::HEXLOWER;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use vault::blob::Hash;

use self::questions::{Question, Step};
use crate::reports::{self, NewFile};
use crate::text::Text;
use crate::web::{Ctx, Fields, throttle, upload};
use crate::{App, Error, Result};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What a visitor has answered so far.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Answers {
    /// Answers by the name of their question.
    pub fields: BTreeMap<String, String>,
    /// Files that wait in sealed storage; they have rows of their own.
    #[serde(skip)]
    pub files: Vec<Waiting>,
    /// The receipt, once it was sent; the answers are gone then.
    pub sent: Option<Sent>,
}

/// A file between two pages.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Tells it from the others.
    pub id: u32,
    /// Its name, made safe.
    pub name: String,
    /// Media type as the browser said.
    pub media_type: String,
    /// SHA-256 of its bytes.
    pub hash: Hash,
    /// Bytes.
    pub size: u64,
}

/// What is left when a report was sent.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Sent {
    /// The report's id.
    pub id: ::store::Id,
    /// Its number.
    pub number: String,
    /// The secret of the status link, readable with the visitor's token only.
    secret: String,
}

/// The random token in a visitor's cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A new one.
    pub fn new(app: &App) -> Self {
        Self(HEXLOWER.encode(&app.db.entropy().bytes::<32>()))
    }

    /// The one a browser sent.
    pub fn sent(text: &str) -> Option<Self> {
        (text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| Self(text.to_owned()))
    }

    /// For the cookie.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the database knows of it.
    fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Hides a short secret, or shows it again: a one-time pad that only the token's holder can make.
    fn veil(&self, secret: &[u8]) -> Vec<u8> {
        let pad = Sha256::digest(format!("receipt {}", self.0));
        secret.iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect()
    }
}

impl Answers {
    /// The answer to a question; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The kind of report; empty before it was chosen.
    pub fn kind(&self) -> &str {
        self.get("kind")
    }

    /// What is still wrong on a page: the question and the words for it.
    pub fn wrong(&self, step: Step, app: &App, text: &Text) -> Vec<(&'static str, String)> {
        if step == Step::Kind {
            let known = kinds(app).any(|kind| kind == self.kind());
            return if known { Vec::new() } else { vec![("kind", text.say("form-error-kind"))] };
        }
        questions::of(step, self.kind()).filter_map(|question: &Question| Some((question.name, question.wrong(text, self.get(question.name))?))).collect()
    }

    /// The first page that something is missing or wrong on.
    pub fn unfinished(&self, app: &App, text: &Text) -> Option<Step> {
        questions::steps(self.kind()).iter().copied().find(|step| !self.wrong(*step, app, text).is_empty())
    }

    fn take(&mut self, step: Step, fields: &Fields) {
        if step == Step::Kind {
            self.put("kind", fields.get("kind").chars().take(40).collect());
            return;
        }
        // The hour was over while this page was filled in: its own answers stay with what they are about.
        if self.kind().is_empty() {
            self.put("kind", fields.get("kind").chars().take(40).collect());
        }
        let kind = self.kind().to_owned();
        for question in questions::of(step, &kind) {
            // One character too many is kept, so that the answer stays too long; no more, whatever was sent.
            self.put(question.name, question.clean(fields.get(question.name)).chars().take(question.limit + 1).collect());
        }
    }

    /// What was too long to be kept stands on the page as it was typed.
    fn show(&mut self, step: Step, fields: &Fields) {
        let kind = self.kind().to_owned();
        for question in questions::of(step, &kind) {
            if self.get(question.name).chars().count() > question.limit {
                self.put(question.name, question.clean(fields.get(question.name)));
            }
        }
    }

    fn put(&mut self, name: &str, answer: String) {
        if answer.is_empty() {
            self.fields.remove(name);
        } else {
            self.fields.insert(name.to_owned(), answer);
        }
    }
}

/// The kinds that the form offers.
pub fn kinds(app: &App) -> impl Iterator<Item = &str> {
    app.profile.intake.kinds.iter().map(String::as_str).chain([questions::ADVICE])
}

/// The answers that a visitor gave so far, unless their hour is over.
pub async fn answers(app: &App, token: Option<&Token>) -> Result<Option<Answers>> {
    let Some(token) = token else { return Ok(None) };
    Ok(store::load(&mut app.db.read().await?, &token.hash()).await?)
}

/// Keeps what was typed on a page, as far as there is room. Says what is known now and, for a new visitor,
/// under which token.
pub async fn keep(ctx: &Ctx, token: Option<Token>, step: Step, fields: &Fields) -> Result<(Token, Answers)> {
    let app = &ctx.app;
    // Only the receipt says that something is safe: until then, whoever loses a page to a power cut has it in the browser.
    let kept = app.db.jot(async |tx| {
        if let Some(token) = &token
            && let Some(mut answers) = store::hold_open(tx, &token.hash()).await?
        {
            answers.take(step, fields);
            store::put(tx, &token.hash(), &answers).await?;
            return Ok(Some((token.clone(), answers)));
        }
        if !may_begin(tx, ctx).await? {
            return Ok(None);
        }
        let (token, mut answers) = (Token::new(app), Answers::default());
        answers.take(step, fields);
        store::begin(tx, &token.hash(), &answers).await?;
        Ok(Some((token, answers)))
    });
    let (token, mut answers) = kept.await?.ok_or(Error::TooMany)?;
    answers.show(step, fields);
    Ok((token, answers))
}

/// A visitor begins. Beginnings are limited too, at some distance: they fill a table.
async fn may_begin(tx: &mut Tx, ctx: &Ctx) -> ::store::Result<bool> {
    let most = ctx.app.profile.intake.max_per_hour_and_address.saturating_mul(10);
    Ok(throttle::count_in(tx, &ctx.app, &format!("form-begun:{}", throttle::network(ctx.from)), HOUR).await? <= i64::from(most))
}

async fn change(app: &App, token: &Token, work: impl FnOnce(&mut Answers)) -> Result<Answers> {
    let hash = token.hash();
    let kept = app
        .db
        .keep_house(async |tx: &mut Tx| {
            let mut answers = store::hold(tx, &hash).await?;
            work(&mut answers);
            store::put(tx, &hash, &answers).await?;
            store::put_files(tx, &hash, &answers.files).await?;
            Ok(answers)
        })
        .await?;
    Ok(kept)
}

/// How many more files may come, and how large each may be.
pub fn room(app: &App, answers: &Answers) -> upload::Limits {
    let most = usize::try_from(app.profile.intake.max_files).unwrap_or(usize::MAX);
    upload::Limits { files: most.saturating_sub(answers.files.len()), bytes: app.profile.intake.max_file_bytes }
}

/// Adds files that came in whole.
pub async fn attach(ctx: &Ctx, token: &Token, files: Vec<upload::File<vault::blob::Writer>>) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let intake = &ctx.app.profile.intake;
    let most = intake.max_per_hour_and_address.saturating_mul(intake.max_files);
    // Many networks together may not fill the disk with what is never sent either.
    let of_all = ("form-files".to_owned(), intake.max_per_hour.saturating_mul(intake.max_files));
    let limits = [(format!("form-files:{}", throttle::network(ctx.from)), most), of_all];
    for _ in &files {
        throttle::allow_all(&ctx.app, &limits, HOUR).await?;
    }
    let finished = upload::on_disk(move || {
        let finish = |file: upload::File<vault::blob::Writer>| -> Result<Waiting> {
            let (hash, size) = file.writer.finish()?;
            Ok(Waiting { id: 0, name: file.name, media_type: file.media_type, hash, size })
        };
        files.into_iter().map(finish).collect::<Result<Vec<_>>>()
    })
    .await?;
    let most = usize::try_from(intake.max_files).unwrap_or(usize::MAX);
    change(&ctx.app, token, |answers| {
        for file in finished {
            let id = answers.files.iter().map(|file| file.id).max().unwrap_or(0) + 1;
            if answers.files.len() < most {
                answers.files.push(Waiting { id, ..file });
            }
        }
    })
    .await?;
    Ok(())
}

/// Takes a file away again.
pub async fn detach(app: &App, token: &Token, id: u32) -> Result<()> {
    let mut gone = Vec::new();
    change(app, token, |answers| {
        gone = answers.files.extract_if(.., |file| file.id == id).collect();
    })
    .await?;
    clear(app, hashes(&gone)).await
}

fn hashes(files: &[Waiting]) -> Vec<Hash> {
    files.iter().map(|file| file.hash).collect()
}

/// Forgets everything that a visitor answered.
pub async fn forget(app: &App, token: &Token) -> Result<()> {
    let hash = token.hash();
    let before = answers(app, Some(token)).await?;
    app.db.keep_house(async |tx| store::remove(tx, &hash).await).await?;
    clear(app, before.map(|answers| hashes(&answers.files)).unwrap_or_default()).await
}

/// The job: forgets what nobody touched for an hour.
pub async fn tidy(app: &App) -> Result<()> {
    let (gone, any) = app.db.keep_house(store::expire).await?;
    if !any {
        // Nobody is at it: whatever a crash left between a file and its row can go.
        let uploads = app.uploads.clone();
        return upload::on_disk(move || {
            for hash in uploads.list() {
                uploads.remove(&hash?)?;
            }
            Ok(())
        })
        .await;
    }
    clear(app, gone).await
}

/// Removes waiting files, unless somebody else's waiting file has the same bytes.
async fn clear(app: &App, files: Vec<Hash>) -> Result<()> {
    let mut over = Vec::new();
    let mut reader = app.db.read().await?;
    for hash in files {
        if !store::waits(&mut reader, hash).await? {
            over.push(hash);
        }
    }
    drop(reader);
    let uploads = app.uploads.clone();
    upload::on_disk(move || {
        for hash in &over {
            uploads.remove(hash)?;
        }
        Ok(())
    })
    .await
}

/// How sending ended.
#[derive(Debug)]
pub enum Ended {
    /// The report is safe.
    Sent,
    /// Something is missing on this page.
    Missing(Step),
    /// There is nothing to send: the hour was over.
    Nothing,
}

/// Makes one report of the answers. Pressed twice, it is still one.
pub async fn send(ctx: &Ctx, token: &Token) -> Result<Ended> {
    let app = &ctx.app;
    let mut reader = app.db.read().await?;
    let Some(answers) = store::load(&mut reader, &token.hash()).await? else { return Ok(Ended::Nothing) };
    if answers.sent.is_some() {
        drop(reader);
        app.db.flushed().await?;
        return Ok(Ended::Sent);
    }
    if let Some(step) = answers.unfinished(app, &ctx.text) {
        return Ok(Ended::Missing(step));
    }
    let intake = &app.profile.intake;
    let from = format!("form-sent:{}", throttle::network(ctx.from));
    let limits = [(from, intake.max_per_hour_and_address), ("form-sent".to_owned(), intake.max_per_hour)];
    throttle::has_room(&mut reader, app, &limits, HOUR).await?;
    drop(reader);
    if !answers.files.is_empty() {
        // Files are copied before anything is counted: pressing many times at once copies them so many times and no more.
        let presses = intake.max_per_hour_and_address.saturating_mul(4);
        throttle::allow(app, &format!("form-carried:{}", throttle::network(ctx.from)), presses, HOUR).await?;
    }
    let files = carry_over(app, &answers.files).await?;
    let new = report::of(ctx, &answers, files, format!("form:{}", HEXLOWER.encode(&token.hash())))?;
    app.db
        .change(&ctx.who.to_string(), async |tx| {
            // Whoever presses twice waits here for the first press.
            let held = store::hold(tx, &token.hash()).await?;
            if held.sent.is_some() {
                return Ok(());
            }
            let receipt = reports::receive_in(tx, app, new).await?;
            let secret = HEXLOWER.encode(&token.veil(receipt.secret.as_bytes()));
            let sent = Sent { id: receipt.id, number: receipt.number, secret };
            store::put(tx, &token.hash(), &Answers { sent: Some(sent), ..Answers::default() }).await?;
            if !held.files.is_empty() {
                store::put_files(tx, &token.hash(), &[]).await?;
            }
            throttle::spend_in(tx, app, &limits, HOUR).await
        })
        .await?;
    clear(app, hashes(&answers.files)).await?;
    Ok(Ended::Sent)
}

/// Number and secret of what was sent.
pub fn receipt(token: &Token, sent: &Sent) -> Result<(String, String)> {
    let veiled = HEXLOWER.decode(sent.secret.as_bytes()).map_err(Error::fault)?;
    Ok((sent.number.clone(), String::from_utf8(token.veil(&veiled)).map_err(Error::fault)?))
}

/// Moves files from where they waited to where reports keep theirs.
async fn carry_over(app: &App, files: &[Waiting]) -> Result<Vec<NewFile>> {
    let (app, files) = (app.clone(), files.to_vec());
    upload::on_disk(move || {
        let carry = |file: Waiting| -> Result<NewFile> {
            if !app.uploads.has(&file.hash)? {
                return Err(Error::conflict(format!("“{}” did not stay with us. Take it out and add it again.", file.name)));
            }
            let mut copy = app.blobs.upload();
            std::io::copy(&mut app.uploads.reader(&file.hash)?, &mut copy).map_err(|error| vault::Error::io("keep a file", error))?;
            Ok(NewFile { name: file.name, media_type: file.media_type, kept: copy.finish()? })
        };
        files.into_iter().map(carry).collect()
    })
    .await
}
