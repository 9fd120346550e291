//! Answers on their way in: what somebody wrote back, and how it comes into the thread of a report.

use ::store::{Id, Kept, Line, Reader, Record, Tx, args};
use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::json;
use vault::blob::Hash;

use super::sightings::{self, Place, look_through};
use super::states::{must, step};
use super::{NewFile, store, verbs, verdict};
use crate::access::{Noun, Verb, Who, require};
use crate::once::AGAIN;
use crate::text::short_line;
use crate::{App, Error, Result, keys};

/// What somebody wrote back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// `mail`, `portal`, `phone`.
    pub channel: &'static str,
    /// Subject, or empty.
    pub subject: String,
    /// The new words, without what they quote.
    pub body: String,
    /// Text of attached mails: looked through like the words themselves, shown as files.
    pub attached: String,
    /// The original.
    pub raw: Option<Kept>,
    /// Its `Message-ID`.
    pub mail_message_id: Option<String>,
    /// What it answers.
    pub in_reply_to: Option<String>,
    /// Attachments.
    pub files: Vec<NewFile>,
    /// An automatic reply: shown, but nobody is woken.
    pub automatic: bool,
    /// It may be another's than the thread it came into says: ours to read, on no page until somebody made sure.
    pub doubted: bool,
    /// What was found of its mail.
    pub finds: keys::seen::Finds,
}

impl Answer {
    /// An answer that has only words.
    pub fn of(channel: &'static str, body: impl Into<String>) -> Self {
        Self {
            channel,
            subject: String::new(),
            body: body.into(),
            attached: String::new(),
            raw: None,
            mail_message_id: None,
            in_reply_to: None,
            files: Vec::new(),
            automatic: false,
            doubted: false,
            finds: keys::seen::Finds::default(),
        }
    }

    /// The text that stands in the thread: their words and nothing of ours. What we remark of a mail stands
    /// beside it (`keys::seen`), for the team alone.
    pub fn shown(&self) -> String {
        self.body.trim().replace('\0', "\u{2400}")
    }

    /// The text that is looked through for addresses: what was said, not what we say of it.
    pub fn told(&self) -> String {
        format!("{}\n{}\n{}", self.subject, self.body, self.attached).replace('\0', "\u{2400}")
    }
}

/// The newest message of a thread (`parties` or `reports`), if this answer is that very one once more ([`AGAIN`]).
pub async fn sent_before(reader: &mut Reader, thread: &'static str, id: Id, answer: &Answer) -> Result<Option<Id>> {
    let [newest, files] = if thread == "parties" {
        [
            "select id, direction, channel, body from messages where party_id = $1 and at >= $2 and state <> 'automatic' and at = (select max(at) from messages where party_id = $1)",
            "select blob from message_files where message_id = $1 order by place",
        ]
    } else {
        [
            "select id, direction, channel, body from messages where report_id = $1 and at >= $2 and state <> 'automatic' and at = (select max(at) from messages where report_id = $1)",
            "select blob from report_files where message_id = $1 order by place",
        ]
    };
    if answer.channel != "portal" {
        return Ok(None);
    }
    let since = reader.now().checked_sub(AGAIN).unwrap_or(Timestamp::MIN);
    let newest: Vec<(Id, String, String, String)> = reader.rows(newest, args![id, since]).await?;
    for (id, _, _, _) in newest.iter().filter(|(_, direction, channel, body)| direction == "in" && channel == "portal" && *body == answer.shown()) {
        let files: Vec<(Hash,)> = reader.rows(files, args![*id]).await?;
        if files.iter().map(|(hash,)| *hash).eq(answer.files.iter().map(|file| file.kept.hash)) {
            return Ok(Some(*id));
        }
    }
    Ok(None)
}

/// The label of what came in: what its sender wrote on it, and never less than the team's default.
pub fn marked(app: &App, subject: &str, text: &str) -> Tlp {
    let head = text.lines().filter(|line| !line.trim().is_empty()).take(HEAD);
    let marked = std::iter::once(subject).chain(head).filter_map(Tlp::marked_in).max();
    marked.map_or(app.profile.labels.default, |marked| marked.join(app.profile.labels.default))
}

/// So many lines at the head of a text may carry its label.
const HEAD: usize = 10;

/// Puts what the reporter wrote back into the thread. A report that was closed opens again, unless a machine wrote.
pub async fn receive_answer(tx: &mut Tx, app: &App, report: Id, answer: Answer) -> Result<Id> {
    receive(tx, app, report, answer, true).await
}

/// The same for a report that stands in a thread of a case: it stays as it ended, since somebody looks there.
pub async fn receive_placed(tx: &mut Tx, app: &App, report: Id, answer: Answer) -> Result<Id> {
    receive(tx, app, report, answer, false).await
}

async fn receive(tx: &mut Tx, app: &App, report: Id, answer: Answer, takes_up: bool) -> Result<Id> {
    // Whoever ends it at this moment waits, or is seen to have ended it.
    tx.hold("reports", report).await?;
    let report = must(tx, report).await?;
    if let Some(there) = sent_before(tx, "reports", report.id, &answer).await? {
        tx.record(Record::new("message.repeated", "message", there).about(report.id));
        return Ok(there);
    }
    let (id, now) = (tx.new_id(), tx.now());
    for kept in answer.raw.iter().chain(answer.files.iter().map(|file| &file.kept)) {
        tx.keep(kept).await?;
    }
    store::add_files(tx, report.id, Some(id), &answer.files).await?;
    let (body, told) = (answer.shown(), answer.told());
    let state = match answer {
        Answer { automatic: true, .. } => "automatic",
        Answer { doubted: true, .. } => "doubted",
        _ => "received",
    };
    let label = marked(app, &answer.subject, &answer.body);
    tx.execute(
        "insert into messages (id, report_id, direction, channel, subject, body, label, language, state, substantive, mail_message_id, in_reply_to, raw, \
         by_whom, at, version) values ($1, $2, 'in', $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12, $13, 1)",
        args![
            id,
            report.id,
            answer.channel,
            short_line(&answer.subject, 500),
            &body,
            label.as_str(),
            &report.language,
            state,
            answer.mail_message_id,
            answer.in_reply_to,
            answer.raw.map(|raw| raw.hash),
            format!("reporter:{}", report.id),
            now
        ],
    )
    .await?;
    tx.index("message", id, report.id, &answer.subject, &body).await?;
    keys::seen::keep_in(tx, id, &answer.finds).await?;
    let mut named = 0;
    if !answer.automatic {
        named = look_through(tx, &Place { about: report.id, noun: "report", message: Some(id) }, &told).await?;
        sightings::tell_cases(tx, report.id, id).await?;
    }
    let back = takes_up && !answer.automatic && matches!(report.state.as_str(), "resolved" | "rejected");
    if back {
        if report.state == "rejected" {
            verbs::take_back(tx, &report).await?;
        } else {
            step(tx, &report, "open").await?;
            let in_case = report.disposition.as_deref() == Some("case");
            if verdict::is_answered_elsewhere(&report) {
                // Its promise ended with the first report's: what is asked now is asked anew.
                verbs::forget_end(tx, report.id, in_case).await?;
            } else {
                verbs::taken_up(tx, app, &report, in_case).await?;
            }
        }
        // Whether the reporter asks again is not known before somebody made sure who wrote.
        if !answer.doubted {
            verbs::asked_again_in(tx, app, report.id, now).await?;
        }
    }
    let was = back.then(|| json!({ "state": report.state, "disposition": report.disposition }));
    let facts = json!({
        "message": id, "channel": answer.channel, "automatic": answer.automatic, "files": answer.files.len(), "observables": named, "reopened": back,
        "doubted": answer.doubted, "was": was,
    });
    let reason = if back { report.disposition_reason.as_str() } else { "" };
    tx.record(Record::new("report.answered", "report", report.id).facts(facts).particulars(json!({ "reason": reason })));
    Ok(id)
}

/// Takes a doubted answer for the reporter's own: the reporter's page shows it from now on, and what was promised to
/// who writes after the end counts from when it came. Whoever calls this looked whether the viewer may know the report.
pub async fn accept_answer(app: &App, who: &Who, report: Id, message: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Report)?;
    app.db
        .change(&who.to_string(), async |tx| {
            tx.hold("reports", report).await?;
            let at: Option<Timestamp> = tx.value("select at from messages where id = $1 and report_id = $2", args![message, report]).await?;
            let at = at.ok_or(Error::NotFound)?;
            let text = "update messages set state = 'received', version = version + 1 where id = $1 and state in ('doubted', 'refused')";
            if tx.execute(text, args![message]).await? == 0 {
                return Err(Error::conflict("There is no doubt about this answer: it stands on the reporter's page already."));
            }
            keys::seen::made_sure_in(tx, message, "the reporter").await?;
            tx.record(Record::new("message.accepted", "message", message).about(report));
            let lines = tx.journal_about(report, 500).await?;
            let fact = |line: &Line, name: &str| line.details().get(name).cloned();
            let came = lines.iter().find(|line| line.verb == "report.answered" && fact(line, "message") == Some(json!(message)));
            // Where somebody has decided meanwhile, nothing is promised any more.
            let open = must(tx, report).await?.state == "open";
            if open && came.is_some_and(|line| fact(line, "reopened") == Some(json!(true))) {
                verbs::asked_again_in(tx, app, report, at).await?;
            }
            Ok(())
        })
        .await
}

/// Somebody made sure that a doubted answer is not the reporter's: it stays where it came in, on no page but ours, and asks
/// for nothing. It can still be [accepted](accept_answer).
pub async fn refuse_answer(app: &App, who: &Who, report: Id, message: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Report)?;
    app.db
        .change(&who.to_string(), async |tx| {
            tx.hold("reports", report).await?;
            let text = "update messages set state = 'refused', version = version + 1 where id = $1 and report_id = $2 and state = 'doubted'";
            if tx.execute(text, args![message, report]).await? == 0 {
                return Err(Error::conflict("Somebody decided about this answer already."));
            }
            keys::seen::refused_in(tx, message, "the reporter").await?;
            tx.record(Record::new("message.refused", "message", message).about(report));
            Ok(())
        })
        .await
}
