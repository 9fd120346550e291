//! The job `read_mail`: a child process reads the mail, one change puts it where it belongs.

use ::store::{Id, Job, Kept, Record, Tx};
use post::child::Unreadable;
use post::letter::{self, Bounce, Envelope, Letter, LetterKind};
use post::openpgp::look::{Found, OpenedMail};
use post::openpgp::mail::Seal;
use post::quote;
use serde_json::json;

use super::doubts::{self, Known};
use super::place::{self, Place, Placed, Told};
use super::{pgp, store};
use crate::events::{self, ByMail};
use crate::keys::seen::Finds;
use crate::reports::{self, Answer, NewFile, NewReport};
use crate::{App, Error, Result, cases, constituency, keys, outbox};

/// So often a child that cannot be started is tried again before the mail is shown unread.
const STARTS: i64 = 5;
/// So often a mail that cannot be put anywhere is tried before it becomes a bare report.
const TRIES: i64 = 3;

/// So often a mail that took too long is read before it is shown unread.
const SLOW: i64 = 2;

/// What the original of a mail is.
const RFC822: &str = "message/rfc822";

/// A letter with its parts sealed, ready for the change that names them.
struct Read {
    mail: Id,
    envelope: Envelope,
    letter: Letter,
    raw: Kept,
    files: Vec<NewFile>,
    /// What the mails attached to it say.
    attached: String,
    /// What was found of it: encrypted, signed, by whom.
    seals: Vec<Seal>,
    /// Keys that came along.
    keys: Vec<Found>,
    /// What a feed delivers with it.
    delivers: Option<ByMail>,
}

/// So many attached mails are read, and so many bytes of their text are looked through.
const ATTACHED: usize = 10;
const ATTACHED_BYTES: usize = 200_000;

/// Reads one mail and puts it where it belongs.
pub async fn read_mail(app: &App, job: &Job) -> Result<()> {
    let mail: Id = job.payload.get("mail").and_then(|id| id.as_str()).and_then(|id| id.parse().ok()).ok_or_else(|| Error::fault("a job without a mail"))?;
    let mut reader = app.db.read().await?;
    let Some((blob, envelope)) = store::waiting(&mut reader, mail).await? else { return Ok(()) };
    let raw = app.blobs.get(&mut reader, blob).await?;
    drop(reader);
    let letter = match app.reader.read(&envelope, &raw).await {
        Ok(letter) => letter,
        // Our own trouble, not the mail's: it may pass.
        Err(Unreadable::NotStarted(why)) if job.attempts < STARTS => return Err(Error::Fault(why)),
        // A busy machine makes a harmless mail slow, too; a harmful one is slow again.
        Err(why @ Unreadable::TookTooLong(_)) if job.attempts < SLOW => return Err(Error::Fault(why.to_string())),
        Err(why) => letter::unreadable(&raw, &why.to_string()),
    };
    let plain = letter.clone();
    let opened = match pgp::opened(app, &envelope, &raw, letter).await {
        Ok(opened) => opened,
        Err(Unreadable::NotStarted(why)) if job.attempts < STARTS => return Err(Error::Fault(why)),
        Err(why @ Unreadable::TookTooLong(_)) if job.attempts < SLOW => return Err(Error::Fault(why.to_string())),
        // What could be read without opening anything stays.
        Err(why) => OpenedMail { letter: Letter { problems: [plain.problems, vec![why.to_string()]].concat(), ..plain }, ..OpenedMail::default() },
    };
    let attached = attached(app, &opened.letter).await;
    let (delivers, refused) = delivers(app, &envelope, &opened.letter).await?;
    let mut read = Read { attached, delivers, ..seal(app, mail, envelope, opened, raw).await? };
    read.letter.problems.extend(refused);
    let bare = bare(&read);
    let error = match app.db.change("mail", async |tx| settle(tx, app, read).await).await {
        Ok(()) => return Ok(()),
        // Where there is no room or no database, trying once more is all that can be done.
        Err(error @ (Error::Full | Error::Away(_) | Error::Unanswered(_))) => return Err(error),
        Err(error) if job.attempts < TRIES => return Err(error),
        Err(error) => error,
    };
    tracing::error!(%error, %mail, "a mail cannot be processed; it becomes a report with nothing but its original");
    app.db
        .change("mail", async |tx| {
            if store::waiting(tx, mail).await?.is_some() {
                let receipt = reports::receive_in(tx, app, bare).await?;
                settled(tx, mail, ("report", Some(receipt.id), format!("could not be processed: {error}"))).await?;
            }
            Ok(())
        })
        .await
}

/// What a mail brings for a feed, if it is one's; or why it is not taken as such. What cannot be taken, an archive that
/// does not open for one, is no reason to lose the mail: it becomes a report, and a person sees it. So does one in the
/// name of a feed that anybody may have written: our mail server vouches for the sender, or the feed has an address of
/// ours that the world does not know.
async fn delivers(app: &App, envelope: &Envelope, letter: &Letter) -> Result<(Option<ByMail>, Option<String>)> {
    if place::is_forged(letter) || letter.attachments.is_empty() {
        return Ok((None, None));
    }
    let Some(feed) = events::of_mail(&mut app.db.read().await?, letter, &envelope.to).await? else { return Ok((None, None)) };
    let is_secret = !feed.mail_to.is_empty() && !feed.mail_to.eq_ignore_ascii_case(&app.profile.team.report_address);
    if !is_secret && !place::is_vouched_for(letter) {
        let why = "It came as a delivery of the feed “{feed}”, and our mail server did not confirm its sender, so that anybody may have written it: \
                   no event was taken from it. If it is real, hand its files in on the feed's page.";
        return Ok((None, Some(why.replace("{feed}", &feed.name))));
    }
    let (blobs, most, attachments) = (app.blobs.clone(), app.profile.events.max_file_bytes, letter.attachments.clone());
    let fetched = tokio::task::spawn_blocking(move || events::fetched(&blobs, most, &attachments)).await.map_err(Error::fault)?;
    match fetched {
        Ok(pieces) if pieces.is_empty() => Ok((None, None)),
        Ok(pieces) => Ok((Some(ByMail { feed, pieces }), None)),
        Err(Error::Invalid(why)) => {
            tracing::warn!(feed = %feed.name, %why, "a mail of a feed cannot be taken as one");
            Ok((None, None))
        }
        Err(error) => Err(error),
    }
}

/// A report that has only what can hardly be wrong: who wrote, and the original. What made the
/// mail stumble stands in a line that nothing is looked for in.
fn bare(read: &Read) -> NewReport {
    let from = read.letter.from.clone().or_else(|| read.envelope.from.as_deref().map(letter::Address::bare)).unwrap_or_default();
    let subject: String = read.letter.subject.chars().take(200).collect();
    NewReport {
        title: "A mail that could not be processed".to_owned(),
        reporter_name: from.name.unwrap_or_default(),
        reporter_mail: from.mail,
        problems: vec!["This mail could not be processed; the original has all of it.".to_owned(), format!("Its subject: {subject}")],
        ..NewReport::of("mail", read.raw.clone(), RFC822)
    }
}

/// What a mail says that somebody forwards as a file. One that cannot be read is a file all the same.
async fn attached(app: &App, letter: &Letter) -> String {
    let mut text = String::new();
    for file in letter.attachments.iter().filter(|file| file.media_type == RFC822).take(ATTACHED) {
        if let Ok(inner) = app.reader.read(&Envelope::default(), &file.content).await {
            text.push_str(&format!("{}\n{}\n", inner.subject, inner.text));
        }
        text.truncate(text.floor_char_boundary(ATTACHED_BYTES));
    }
    text
}

async fn seal(app: &App, mail: Id, envelope: Envelope, opened: OpenedMail, raw: Vec<u8>) -> Result<Read> {
    let OpenedMail { mut letter, seals, keys } = opened;
    let blobs = app.blobs.clone();
    let attachments = std::mem::take(&mut letter.attachments);
    let work = move || -> ::store::Result<(Kept, Vec<NewFile>)> {
        let files = attachments.into_iter().map(|file| Ok(NewFile { name: file.name, media_type: file.media_type, kept: blobs.seal(&file.content)? }));
        Ok((blobs.seal(&raw)?, files.collect::<::store::Result<_>>()?))
    };
    let (raw, files) = tokio::task::spawn_blocking(work).await.map_err(Error::fault)??;
    Ok(Read { mail, envelope, letter, raw, files, attached: String::new(), seals, keys, delivers: None })
}

async fn settle(tx: &mut Tx, app: &App, read: Read) -> Result<()> {
    let mail = read.mail;
    if store::waiting(tx, mail).await?.is_none() {
        return Ok(());
    }
    if let LetterKind::Bounce(bounce) = &read.letter.kind {
        let ended = bounce_back(tx, app, bounce).await?;
        // What does not say of which mail it speaks is told by whose address it came to.
        let nameless = bounce.original_message_id.is_none();
        let known = ended.1.is_some() || (!nameless && place::find(app, tx, &read.envelope, &read.letter).await?.place == Place::Nowhere);
        if known {
            return settled(tx, mail, ended).await;
        }
    }
    let mut placed = place::find(app, tx, &read.envelope, &read.letter).await?;
    pgp::learn(tx, app, &read.letter, &read.keys).await?;
    let mut answers = None;
    if let Place::Told(told) = placed.place {
        if let Some(ended) = by_itself(tx, &told, &read.letter).await? {
            return settled(tx, mail, ended).await;
        }
        // What a person answers to a notice is a report like any other, and says which notice it answers.
        placed.place = Place::Nowhere;
        answers = Some(told);
    }
    let ended = put(tx, app, placed, read, answers).await?;
    settled(tx, mail, ended).await
}

/// What comes back by itself to what the team told is nobody's report: absences, and what could not be delivered.
async fn by_itself(tx: &mut Tx, told: &Told, letter: &Letter) -> Result<Option<Settled>> {
    let about = Some(told.about());
    if let LetterKind::Bounce(bounce) = &letter.kind {
        let says = format!("It came back: {}.", told.what());
        if let Some((_, contact)) = told.organisation().filter(|_| bounce.permanent) {
            constituency::mark_bounced(tx, contact, &says).await?;
        }
        return Ok(Some(("bounce", about, says)));
    }
    let automatic = letter.kind == LetterKind::AutoReply || letter.automatic;
    Ok(automatic.then(|| ("automatic", about, format!("an automatic answer to {}", told.what()))))
}

/// Writes down what a mail turned out to be.
async fn settled(tx: &mut Tx, mail: Id, (state, about, note): Settled) -> Result<()> {
    if !store::settle(tx, mail, state, about, &note).await? {
        // On a server another worker was faster by a hair: all of this is taken back.
        return Err(Error::conflict("this mail was read already"));
    }
    tx.record(Record::new("mail.read", "mail", mail).about(about.unwrap_or(mail)).facts(json!({ "as": state })).particulars(json!({ "note": note })));
    Ok(())
}

type Settled = (&'static str, Option<Id>, String);

async fn bounce_back(tx: &mut Tx, app: &App, bounce: &Bounce) -> Result<Settled> {
    let says: Vec<String> = bounce.recipients.iter().take(5).map(|one| format!("{}: {} {}", one.mail, one.status, one.diagnostic).trim().to_owned()).collect();
    let says = if says.is_empty() { "It came back without a reason.".to_owned() } else { says.join("; ") };
    let ours = bounce.original_message_id.as_deref().filter(|id| outbox::thread_key(app).thread_of_message_id(id).is_some());
    let about = match ours {
        Some(id) => outbox::bounced(tx, id, &says, bounce.permanent).await?,
        None => None,
    };
    let note = if about.is_some() { says } else { format!("A delivery report about a mail that is not ours. {says}") };
    Ok(("bounce", about, note))
}

async fn put(tx: &mut Tx, app: &App, Placed { place, sure }: Placed, mut read: Read, answers: Option<Told>) -> Result<Settled> {
    if let (Place::Nowhere, None, Some(by_mail)) = (&place, &answers, read.delivers.take()) {
        let (feed, receipts) = (by_mail.feed.name.clone(), events::take_in(tx, by_mail).await?);
        let first = receipts.first().map(|receipt| receipt.file.id);
        return Ok(("events", first, format!("{} event files of the feed {feed}", receipts.len())));
    }
    let letter = &read.letter;
    let automatic = letter.kind == LetterKind::AutoReply || letter.automatic;
    let state = if automatic { "automatic" } else { "answer" };
    let from = letter.from.as_ref().map(|from| from.mail.clone()).unwrap_or_default();
    let known = match &place {
        Place::Party(_, known) | Place::Report(_, known) => known.clone(),
        Place::Told(_) | Place::Nowhere => String::new(),
    };
    let unsure = place != Place::Nowhere && !sure;
    // A mail server that gives a mail back speaks for itself.
    let bounce = matches!(letter.kind, LetterKind::Bounce(_));
    let mut doubts = if bounce { Vec::new() } else { doubts::of(tx, app, letter, Known { address: &known, unsure }).await? };
    // What may be a stranger's stands on nobody's page before somebody made sure.
    let doubted = unsure || !from.eq_ignore_ascii_case(&known) || doubts.iter().any(|doubt| doubt.state == "stop");
    if place != Place::Nowhere {
        doubts.extend(unread(&read));
    }
    if let Some(told) = &answers {
        let name = match told.organisation() {
            Some((id, _)) => constituency::get(tx, id).await?.name,
            None => String::new(),
        };
        let text = match told {
            Told::Notice(notice) => format!("It answers the notice {} about the events of {name}: Events, Notices, {}.", notice.number, notice.number),
            Told::Warning(warning) => format!("It answers what {name} was told of {}: Publishing, Constituents.", warning.name),
            Told::Reader(_) => "It answers a mail to somebody who asked to be told of what is published.".into(),
        };
        doubts.push(keys::Line { state: "ok", text });
    }
    let note = match () {
        () if answers.is_some() => answers.map(|told| format!("answers {}", told.what())).unwrap_or_default(),
        () if !known.is_empty() && !from.is_empty() && !from.eq_ignore_ascii_case(&known) => format!("written from {from}"),
        () if unsure => "sender not verified".to_owned(),
        () => String::new(),
    };
    let finds = Finds { sender: pgp::sender(letter), seals: read.seals.clone(), doubts };
    Ok(match place {
        Place::Party(party, _) => {
            cases::receive_answer(tx, app, party, Answer { doubted, finds, ..answer_of(read, automatic) }).await?;
            (state, Some(party), note)
        }
        Place::Report(report, _) => {
            let answer = Answer { doubted, finds, ..answer_of(read, automatic) };
            cases::receive_for_report(tx, app, report, answer, "the reporter answered").await?;
            (state, Some(report), note)
        }
        Place::Told(_) | Place::Nowhere => {
            let receipt = reports::receive_in(tx, app, new_report(app, read)).await?;
            keys::seen::keep_in(tx, receipt.id, &finds).await?;
            ("report", Some(receipt.id), note)
        }
    })
}

/// What could not be read of an answer, beside it: a report has its own list of these.
fn unread(read: &Read) -> Vec<keys::Line> {
    // What each seal says of itself stands there anyway.
    let sealed = if read.seals.is_empty() { pgp::problems(&read.letter, &read.seals) } else { Vec::new() };
    read.letter.problems.iter().cloned().chain(sealed).map(|text| keys::Line { state: "held", text }).collect()
}

/// What a letter answers.
fn answer_of(read: Read, automatic: bool) -> Answer {
    let letter = read.letter;
    let (new, _) = quote::new_part(&letter.text);
    let body = if new.trim().is_empty() { letter.text.trim() } else { new.trim() }.to_owned();
    let in_reply_to = letter.in_reply_to.into_iter().next();
    let (subject, mail_message_id) = (letter.subject, letter.message_id);
    Answer { subject, attached: read.attached, raw: Some(read.raw), mail_message_id, in_reply_to, files: read.files, automatic, ..Answer::of("mail", body) }
}

fn new_report(app: &App, read: Read) -> NewReport {
    let Read { letter, envelope, raw, files, attached, seals, .. } = read;
    // Whoever is named by a forger gets no mail from us for it.
    let acknowledge = letter.may_be_acknowledged() && envelope.from.is_some() && !place::is_forged(&letter);
    let label = reports::marked(app, &letter.subject, &letter.text);
    let unopened = pgp::problems(&letter, &seals);
    let from = letter.from.or_else(|| envelope.from.as_deref().map(letter::Address::bare)).unwrap_or_default();
    let mut problems = letter.problems;
    problems.extend(unopened);
    NewReport {
        title: letter.subject,
        body: letter.text.trim_end().to_owned(),
        attached,
        language: letter.language.unwrap_or_default(),
        reporter_name: from.name.unwrap_or_default(),
        reporter_mail: from.mail,
        problems,
        label: Some(label),
        mail_message_id: letter.message_id,
        acknowledge,
        files,
        ..NewReport::of("mail", raw, RFC822)
    }
}
