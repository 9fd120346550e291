//! The letter to one organisation: why it is told, what it is told, and that this is no list to leave.

use formats::label::Tlp;

use super::super::readers;
use super::Reason;
use super::subject::Subject;
use crate::App;
use crate::constituency::Organisation;
use crate::text::{Text, one_line};
use crate::web::show;

/// Subject and text, in the reader's language.
pub fn written(app: &App, subject: &Subject, organisation: &Organisation, reasons: &[Reason], text: &Text) -> (String, String) {
    let item = &subject.item;
    let title = item.content.said(text.wanted()).map(|(words, _)| one_line(&words.title)).unwrap_or_default();
    let severity =
        if item.kind.has_severity() && item.is_current() { text.say(&format!("pub-severity-{}", item.content.severity.name())) } else { String::new() };
    let version = if item.version > 1 { format!("v{}", item.called()) } else { String::new() };
    let state = readers::state(text, item);
    let head = [item.content.label.marking(), &severity, &version, &state];
    let head = format!("{}: {title}", head.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "));

    let team = app.profile.team.name.text(text.wanted()).to_owned();
    let meaning = text.say(&format!("tlp-{}", meaning(item.content.label)));
    let mut parts = vec![
        text.fill("letter-label", &[("label", item.content.label.marking().to_owned()), ("meaning", meaning)]),
        text.fill("warn-opening", &[("organisation", organisation.name.clone()), ("team", team.clone())]),
        reasons.iter().map(|reason| format!("  - {}", reason.for_organisation(text))).collect::<Vec<_>>().join("\n"),
    ];
    match subject.out_at.filter(|_| subject.ahead) {
        Some(at) => parts.push(text.with("warn-ahead-until", "when", show::in_full(at, app.profile.calendar().zone(), text))),
        None if subject.ahead => parts.push(text.say("warn-ahead")),
        None => {}
    }
    parts.push(readers::body(app, text, item, text.wanted(), &subject.page(app, text.wanted())).trim_end().to_owned());
    let address = app.profile.team.report_address.clone();
    parts.push(text.fill("warn-closing", &[("organisation", organisation.name.clone()), ("mail", address)]));
    parts.push(format!("-- \n{team}"));
    (head, format!("{}\n", parts.join("\n\n")))
}

fn meaning(label: Tlp) -> &'static str {
    match label {
        Tlp::Clear => "clear",
        Tlp::Green => "green",
        Tlp::Amber => "amber",
        Tlp::AmberStrict => "amber-strict",
        Tlp::Red => "red",
    }
}
