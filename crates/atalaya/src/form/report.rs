//! Answers become a report: its title, its text for people, and the raw document that is kept.

use serde_json::{Value, json};

use super::Answers;
use super::questions::{self, Shape, Step};
use crate::Result;
use crate::access::Role;
use crate::reports::{NewFile, NewReport};
use crate::text::Text;
use crate::web::Ctx;

/// The report that these answers make.
pub fn of(ctx: &Ctx, answers: &Answers, files: Vec<NewFile>, key: String) -> Result<NewReport> {
    let raw = serde_json::to_vec_pretty(&document(&ctx.text, answers)).map_err(crate::Error::fault)?;
    let member = ctx.who.person().filter(|person| person.role == Role::Member);
    let fits = |name: &str| if asked(answers, name) { answers.get(name).to_owned() } else { String::new() };
    Ok(NewReport {
        channel: "form",
        kind: answers.kind().to_owned(),
        title: title(answers),
        body: body(&ctx.text, answers),
        attached: String::new(),
        language: ctx.text.wanted().to_owned(),
        urgent: !fits("urgent").is_empty(),
        help: !fits("help").is_empty(),
        reporter_name: fits("name"),
        reporter_mail: fits("mail"),
        reporter_phone: fits("phone"),
        reporter_org: fits("organisation"),
        organisation: member.and_then(|person| person.organisation),
        member: member.map(|person| person.id),
        raw: ctx.app.blobs.seal(&raw)?,
        raw_type: "application/json",
        problems: Vec::new(),
        label: None,
        idempotency: Some(key),
        mail_message_id: None,
        acknowledge: true,
        files,
    })
}

/// Whether a question is asked for this kind: changing the kind leaves old answers behind.
fn asked(answers: &Answers, name: &str) -> bool {
    questions::QUESTIONS.iter().any(|question| question.name == name && question.fits(answers.kind()))
}

/// The title given, or the first words of the description.
pub fn title(answers: &Answers) -> String {
    let given = answers.get("title");
    if !given.is_empty() {
        return given.to_owned();
    }
    let line = answers.get("description").lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    let mut short: String = line.chars().take(100).collect();
    if short.len() < line.len() {
        short.push('…');
    }
    short
}

/// What was answered, in the order asked. Who reports stands in fields of its own.
fn body(text: &Text, answers: &Answers) -> String {
    let mut body = answers.get("description").to_owned();
    for question in questions::QUESTIONS.iter().filter(|question| question.fits(answers.kind())) {
        let answer = answers.get(question.name);
        let apart = question.step == Step::Contact || ["description", "title"].contains(&question.name);
        if apart || answer.is_empty() {
            continue;
        }
        let label = question.label(text, answers.kind());
        let between = if question.shape == Shape::Words { "\n" } else { " " };
        body.push_str(&format!("\n\n{label}{between}{}", question.said(text, answer)));
    }
    body
}

/// The original of a report by form: every question as it was put, every answer as it was given.
fn document(text: &Text, answers: &Answers) -> Value {
    let mut asked = vec![json!({ "name": "kind", "question": text.say("form-title-kind"), "answer": answers.kind() })];
    for question in questions::QUESTIONS.iter().filter(|question| question.fits(answers.kind())) {
        asked.push(json!({ "name": question.name, "question": question.label(text, answers.kind()), "answer": answers.get(question.name) }));
    }
    let files: Vec<Value> =
        answers.files.iter().map(|file| json!({ "name": file.name, "media_type": file.media_type, "size": file.size, "sha256": file.hash })).collect();
    json!({ "form": 1, "language": text.shown(), "answers": asked, "files": files })
}
