//! The pages of the form, made from the questions and the answers so far.

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;

use super::Answers;
use super::questions::{self, Question, Shape, Step};
use crate::access::Role;
use crate::publications::site::Card;
use crate::text::Text;
use crate::web::{Ctx, Site, page_as, show, upload};
use crate::{Result, form};

/// The browser brought no answers along.
#[derive(Template)]
#[template(path = "form/pages/unknown.html")]
pub(super) struct UnknownPage {
    pub(super) site: Site,
}

/// A field on a page.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) error: String,
    pub(super) value: String,
    pub(super) shape: &'static str,
    pub(super) known_as: &'static str,
    pub(super) needed: bool,
    pub(super) options: Vec<Choice>,
}

/// One of several answers.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) hint: String,
    pub(super) chosen: bool,
}

/// A page of the form.
#[derive(Template)]
#[template(path = "form/pages/question.html")]
pub(super) struct QuestionPage {
    pub(super) site: Site,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) place: String,
    pub(super) back: String,
    pub(super) action: String,
    pub(super) checking: bool,
    pub(super) fields: Vec<Field>,
    pub(super) errors: Vec<(String, String)>,
    pub(super) notice: Option<(String, String)>,
    pub(super) started: bool,
    /// What it is about, on every page but the one that asks it: should the answers be gone by then.
    pub(super) kind: String,
}

/// The page with the files.
#[derive(Template)]
#[template(path = "form/pages/files.html")]
pub(super) struct FilesPage {
    pub(super) site: Site,
    pub(super) title: String,
    pub(super) place: String,
    pub(super) back: String,
    pub(super) checking: bool,
    pub(super) files: Vec<(u32, String, String)>,
    pub(super) limits: upload::Limits,
    pub(super) lead: String,
    pub(super) size: String,
    pub(super) errors: Vec<(String, String)>,
}

/// Everything again, before it is sent.
#[derive(Template)]
#[template(path = "form/pages/check.html")]
pub(super) struct CheckPage {
    pub(super) site: Site,
    pub(super) back: String,
    pub(super) rows: Vec<Row>,
    /// What was left out: label, and where it can still be answered.
    pub(super) left_out: Vec<(String, String)>,
    pub(super) notice: Option<(String, String)>,
    pub(super) anonymous: bool,
    pub(super) files: Vec<(String, String)>,
}

impl CheckPage {
    pub(super) fn new(ctx: &Ctx, answers: &Answers) -> Self {
        let (rows, empty): (Vec<Row>, Vec<Row>) = rows(&ctx.text, answers).into_iter().partition(|row| !row.answer.is_empty());
        let mut left_out: Vec<(String, String)> = empty.into_iter().map(|row| (row.label, row.change)).collect();
        if answers.files.is_empty() {
            left_out.push((ctx.text.say("form-check-files"), format!("{}?check=1", Step::Files.path())));
        }
        // A member reads what we write where it logs in.
        let member = ctx.who.person().is_some_and(|person| person.role == Role::Member);
        Self {
            site: Site::new(ctx, &ctx.text.say("form-check-title")),
            back: questions::steps(answers.kind()).last().map(|step| step.path()).unwrap_or_default(),
            rows,
            left_out,
            notice: ctx.capacity_notice(),
            anonymous: !member && ["mail", "phone"].iter().all(|name| answers.get(name).is_empty()),
            files: answers.files.iter().map(|file| (file.name.clone(), show::size(file.size))).collect(),
        }
    }
}

pub(super) struct Row {
    pub(super) label: String,
    pub(super) answer: String,
    pub(super) change: String,
}

/// The receipt.
#[derive(Template)]
#[template(path = "form/pages/received.html")]
pub(super) struct ReceivedPage {
    pub(super) site: Site,
    pub(super) number: String,
    pub(super) secret: String,
    pub(super) link: String,
    pub(super) promises: Vec<(String, Timestamp)>,
    pub(super) notice: Option<(String, String)>,
    /// Whether a receipt goes by mail.
    pub(super) mailed: bool,
    /// Whether it was said to be urgent.
    pub(super) urgent: bool,
    /// What can be read meanwhile.
    pub(super) guidance: Vec<Card>,
}

/// Renders a page with a question, or with several that belong together.
pub(super) fn ask(ctx: &Ctx, step: Step, answers: &Answers, checking: bool, status: StatusCode) -> Result<Response> {
    if step == Step::Files {
        return files_page(ctx, answers, checking, Vec::new(), status);
    }
    let kind = answers.kind();
    let wrong = if status == StatusCode::OK { Vec::new() } else { answers.wrong(step, &ctx.app, &ctx.text) };
    let mut fields: Vec<Field> = if step == Step::Kind {
        vec![kinds(ctx, kind)]
    } else {
        questions::of(step, kind).map(|question| field(&ctx.text, question, kind, answers.get(question.name))).collect()
    };
    for field in &mut fields {
        field.error = wrong.iter().find(|(name, _)| *name == field.name).map(|(_, text)| text.clone()).unwrap_or_default();
    }
    let title = questions::worded(&ctx.text, &format!("form-title-{}", step.slug()), kind);
    let shown = if wrong.is_empty() { title.clone() } else { ctx.text.with("form-error-page", "title", &title) };
    let errors = wrong.into_iter().map(|(name, text)| (anchor(&fields, name), text)).collect();
    let page = QuestionPage {
        site: Site::new(ctx, &shown),
        lead: questions::worded(&ctx.text, &format!("form-lead-{}", step.slug()), kind),
        place: place(&ctx.text, step, kind),
        back: back(step, kind, checking),
        action: step.path(),
        checking,
        notice: if step == Step::Kind { ctx.capacity_notice() } else { None },
        started: !answers.fields.is_empty(),
        kind: if step == Step::Kind { String::new() } else { kind.to_owned() },
        title,
        fields,
        errors,
    };
    page_as(status, &page)
}

/// The id that an error links to: the field, or the first of its choices.
pub(super) fn anchor(fields: &[Field], name: &str) -> String {
    let choices = fields.iter().any(|field| field.name == name && field.shape == "choice");
    if choices { format!("{name}-1") } else { name.to_owned() }
}

pub(super) fn place(text: &Text, step: Step, kind: &str) -> String {
    let steps = questions::steps(kind);
    let at = steps.iter().position(|known| *known == step).map_or(1, |at| at + 1);
    text.fill("form-place", &[("at", at.to_string()), ("of", steps.len().to_string())])
}

pub(super) fn back(step: Step, kind: &str, checking: bool) -> String {
    let before = questions::steps(kind).iter().take_while(|known| **known != step).last();
    match before {
        _ if checking => "/report/check".into(),
        Some(before) => before.path(),
        None => "/".into(),
    }
}

pub(super) fn kinds(ctx: &Ctx, chosen: &str) -> Field {
    let options = form::kinds(&ctx.app).map(|kind| Choice {
        value: kind.to_owned(),
        label: ctx.text.say(&format!("form-kind-{kind}")),
        hint: ctx.text.say(&format!("form-kind-{kind}-hint")),
        chosen: kind == chosen,
    });
    Field {
        name: "kind",
        label: ctx.text.say("form-title-kind"),
        options: options.collect(),
        shape: "choice",
        needed: true,
        hint: String::new(),
        error: String::new(),
        value: String::new(),
        known_as: "off",
    }
}

pub(super) fn field(text: &Text, question: &Question, kind: &str, value: &str) -> Field {
    let (shape, offered): (_, &[&str]) = match question.shape {
        Shape::Line => ("text", &[]),
        Shape::Words => ("words", &[]),
        Shape::Tick => ("tick", &[]),
        Shape::Mail => ("email", &[]),
        Shape::Phone => ("tel", &[]),
        Shape::Choice(offered) => ("choice", offered),
    };
    let choice =
        |answer: &&str| Choice { value: (*answer).to_owned(), label: text.say(&format!("form-a-{answer}")), hint: String::new(), chosen: *answer == value };
    Field {
        name: question.name,
        label: question.label(text, kind),
        hint: question.hint(text, kind),
        error: String::new(),
        value: value.to_owned(),
        shape,
        known_as: question.known_as,
        needed: question.name == "description",
        options: offered.iter().map(choice).collect(),
    }
}

pub(super) fn files_page(ctx: &Ctx, answers: &Answers, checking: bool, errors: Vec<(String, String)>, status: StatusCode) -> Result<Response> {
    let (intake, kind) = (&ctx.app.profile.intake, answers.kind());
    let title = ctx.text.say("form-title-files");
    let shown = if errors.is_empty() { title.clone() } else { ctx.text.with("form-error-page", "title", &title) };
    let page = FilesPage {
        site: Site::new(ctx, &shown),
        place: place(&ctx.text, Step::Files, kind),
        back: back(Step::Files, kind, checking),
        checking,
        files: answers.files.iter().map(|file| (file.id, file.name.clone(), show::size(file.size))).collect(),
        limits: form::room(&ctx.app, answers),
        lead: ctx.text.fill("form-lead-files", &[("most", intake.max_files.to_string()), ("size", show::limit(intake.max_file_bytes))]),
        size: show::limit(intake.max_file_bytes),
        title,
        errors,
    };
    page_as(status, &page)
}

fn rows(text: &Text, answers: &Answers) -> Vec<Row> {
    let kind = answers.kind();
    let mut rows = vec![Row { label: text.say("form-check-kind"), answer: text.say(&format!("form-kind-{kind}")), change: "/report?check=1".into() }];
    let steps = questions::steps(kind).iter();
    for question in steps.flat_map(|step| questions::of(*step, kind)) {
        let answer = question.said(text, answers.get(question.name));
        rows.push(Row { label: question.label(text, kind), answer, change: format!("{}?check=1#{}", question.step.path(), question.name) });
    }
    rows
}

/// The title of a promise in the reader's language.
pub fn promise(ctx: &Ctx, id: &str) -> String {
    let promises = &ctx.app.profile.promises;
    promises.iter().find(|promise| promise.id == id).map(|promise| promise.title.text(ctx.text.wanted()).to_owned()).unwrap_or_default()
}
