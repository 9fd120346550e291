//! The words that messages begin with, in the party's language, and the exact text that leaves.
//!
//! [`fill`] gives a subject and a body to go on from. [`letter`] puts the label's line, the number,
//! the recommendations and the team's footer around what somebody wrote: it is the one place where
//! the text of a message is made, for the gate's page and for the mail alike.

use formats::label::Tlp;
use formats::observable::{Kind, Observable, defang};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::text::Text;

/// The templates, with what people call them.
pub const TEMPLATES: [(&str, &str); 7] = [
    ("ask_information", "Ask for information"),
    ("notify_source", "Tell the source"),
    ("notify_target", "Tell the target"),
    ("ask_consent", "Ask for consent"),
    ("forward_answer", "Hand on an answer"),
    ("closing", "Close the conversation"),
    ("free", "Free text"),
];

/// What a template may say.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The case's number.
    pub number: String,
    /// The team's name.
    pub team: String,
    /// What of this party's own was seen, one a line.
    pub rows: Vec<Observable>,
    /// An answer of somebody else, already redacted.
    pub quoted: String,
}

/// Subject and body of a template.
pub fn fill(text: &Text, template: &str, facts: &Facts) -> (String, String) {
    let key = template.replace('_', "-");
    if !TEMPLATES.iter().any(|(known, _)| *known == template) || template == "free" {
        return (String::new(), String::new());
    }
    let quoted: Vec<String> = facts.quoted.lines().map(|line| format!("> {line}")).collect();
    let values = [
        ("number", facts.number.clone()),
        ("team", facts.team.clone()),
        ("rows", if facts.rows.is_empty() { text.say("template-no-rows") } else { rows(&facts.rows) }),
        ("quoted", quoted.join("\n")),
    ];
    (text.fill(&format!("template-{key}-subject"), &values), text.fill(&format!("template-{key}-body"), &values))
}

/// Observables as lines that nobody clicks by accident.
fn rows(rows: &[Observable]) -> String {
    let lines: Vec<String> = rows
        .iter()
        .map(|one| match one.kind {
            Kind::Ip | Kind::Cidr | Kind::Range => format!("- {}", one.value),
            _ => format!("- {}", defang(one)),
        })
        .collect();
    lines.join("\n")
}

/// A recommendation as a message carries it.
#[derive(Clone, Debug)]
pub struct Advice {
    /// Kind, one of `recommendations::KINDS`.
    pub kind: String,
    /// What we advise.
    pub text: String,
    /// By when we wish it.
    pub wish_at: Option<Timestamp>,
    /// Where its addressee answers.
    pub link: String,
}

/// What stands around the body.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    /// The label that counts.
    pub label: Tlp,
    /// The case's number.
    pub number: &'a str,
    /// The team's name.
    pub team: &'a str,
    /// What the team is there for.
    pub scope: &'a str,
    /// The address of the party's page.
    pub page: &'a str,
    /// Whether an answer to the mail comes back to us.
    pub by_mail: bool,
    /// The team's zone, for wished days.
    pub zone: &'a TimeZone,
}

/// The whole text as the recipient gets it.
pub fn letter(text: &Text, around: &Around<'_>, body: &str, advice: &[Advice]) -> String {
    let mut out = format!(
        "{}\n{}\n\n",
        text.fill("letter-label", &[("label", around.label.marking().to_owned()), ("meaning", meaning(text, around.label))]),
        text.with("letter-number", "number", around.number)
    );
    out.push_str(body.trim());
    out.push('\n');
    if !advice.is_empty() {
        out.push_str(&format!("\n{}\n{}\n", text.say("letter-recommendations"), text.say("not-binding")));
        for (at, one) in advice.iter().enumerate() {
            let kind = text.say(&format!("recommendation-{}", one.kind.replace('_', "-")));
            out.push_str(&format!("\n{}. {} ({kind})\n", at + 1, one.text.trim()));
            if let Some(wish) = one.wish_at {
                let day = wish.to_zoned(around.zone.clone()).date().to_string();
                out.push_str(&format!("   {}\n", text.with("recommendation-wish", "day", day)));
            }
            out.push_str(&format!("   {} {}\n", text.say("recommendation-answer-here"), one.link));
        }
    }
    out.push_str(&format!("\n-- \n{}\n{}\n", around.team, around.scope));
    out.push_str(&text.say(if around.by_mail { "letter-reply-mail" } else { "letter-reply-page" }));
    out.push_str(&format!("\n{}\n", around.page));
    out
}

/// What a label asks of the reader, in a line (TLP 2.0).
pub fn meaning(text: &Text, label: Tlp) -> String {
    text.say(match label {
        Tlp::Clear => "tlp-clear",
        Tlp::Green => "tlp-green",
        Tlp::Amber => "tlp-amber",
        Tlp::AmberStrict => "tlp-amber-strict",
        Tlp::Red => "tlp-red",
    })
}
