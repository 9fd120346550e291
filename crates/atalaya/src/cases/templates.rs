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

/// A template's name, and what people call it.
type Named = (&'static str, &'static str);

/// The templates for those who are hit, who are the source, or who help.
const FOR_OTHERS: [Named; 7] = [
    ("ask_information", "Ask for information"),
    ("notify_source", "Tell the source"),
    ("notify_target", "Tell the target"),
    ("ask_consent", "Ask for consent"),
    ("forward_answer", "Hand on an answer"),
    ("closing", "Close the conversation"),
    ("free", "Free text"),
];

/// The templates for whoever told us of it.
const FOR_REPORTERS: [Named; 6] = [
    ("answer_reporter", "Answer the reporter"),
    ("how_it_ended", "Tell how it ended"),
    ("ask_information", "Ask for information"),
    ("ask_consent", "Ask for consent"),
    ("forward_answer", "Hand on an answer"),
    ("free", "Free text"),
];

/// The templates that fit a party, the likeliest first.
pub fn offered(reporter: bool) -> &'static [Named] {
    if reporter { &FOR_REPORTERS } else { &FOR_OTHERS }
}

/// What a template may say.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The number under which the party knows the matter.
    pub number: String,
    /// The team's name.
    pub team: String,
    /// What of this party's own was seen, one a line.
    pub rows: Vec<Observable>,
    /// An answer of somebody else, already redacted.
    pub quoted: String,
    /// Whether it goes to whoever reported: its report is what it is about.
    pub reporter: bool,
    /// The day of that report, in words.
    pub day: String,
    /// How the case ended, one of `case::OUTCOMES`; empty while nobody has said.
    pub outcome: String,
}

/// Subject and body of a template. Where there is a text for reporters, they get that one; where there
/// is one for a party of which nothing in particular was seen, it gets that one.
pub fn fill(text: &Text, template: &str, facts: &Facts) -> (String, String) {
    let known = FOR_OTHERS.iter().chain(&FOR_REPORTERS).any(|(known, _)| *known == template);
    if !known || template == "free" {
        return (String::new(), String::new());
    }
    let key = format!("template-{}", template.replace('_', "-"));
    let mut variants = Vec::new();
    if facts.reporter {
        variants.push(format!("{key}-reporter"));
    }
    if facts.rows.is_empty() {
        variants.push(format!("{key}-bare"));
    }
    let body = variants.into_iter().map(|key| format!("{key}-body")).find(|key| text.has(key)).unwrap_or_else(|| format!("{key}-body"));
    let quoted: Vec<String> = facts.quoted.lines().map(|line| format!("> {line}")).collect();
    let values = [
        ("number", facts.number.clone()),
        ("team", facts.team.clone()),
        ("rows", rows(&facts.rows)),
        ("quoted", quoted.join("\n")),
        ("day", facts.day.clone()),
        ("outcome", ended(text, &facts.outcome)),
    ];
    (text.fill(&format!("{key}-subject"), &values), text.fill(&body, &values))
}

/// How a case ended, for its reporter; a place to be filled while nobody has said.
pub fn ended(text: &Text, outcome: &str) -> String {
    text.say(&format!("ended-{}", if outcome.is_empty() { "open".into() } else { outcome.replace('_', "-") }))
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

/// Number and page under which a recipient knows the matter: a reporter its report's, everybody else
/// the case's.
#[derive(Clone, Debug)]
pub struct Known {
    /// Public number.
    pub number: String,
    /// The address of the page; none while its link is ended.
    pub page: Option<String>,
    /// Whether both are a report's.
    pub report: bool,
    /// Whether it is somebody on their own account, behind whom no organisation is known.
    pub person: bool,
    /// The highest label of what the page shows.
    pub label: Tlp,
    /// Whether the link to the page went out in a mail that anybody on its way can read.
    pub in_clear: bool,
}

/// What stands around the body.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    /// The label that counts.
    pub label: Tlp,
    /// How the recipient knows the matter.
    pub known: &'a Known,
    /// The team's name.
    pub team: &'a str,
    /// Whether an answer to the mail comes back to us.
    pub by_mail: bool,
    /// The team's zone, for wished days.
    pub zone: &'a TimeZone,
}

/// The whole text as the recipient gets it.
pub fn letter(text: &Text, around: &Around<'_>, body: &str, advice: &[Advice]) -> String {
    let mut out = format!(
        "{}\n{}\n\n",
        text.fill("letter-label", &[("label", around.label.marking().to_owned()), ("meaning", meaning(text, around.label, around.known.person))]),
        text.with(if around.known.report { "letter-report" } else { "letter-number" }, "number", &around.known.number)
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
    let reply = match (around.known.report, around.by_mail) {
        _ if around.known.page.is_none() => "letter-reply-only",
        (true, true) => "letter-follow-mail",
        (true, false) => "letter-follow-page",
        (false, true) => "letter-reply-mail",
        (false, false) => "letter-reply-page",
    };
    out.push_str(&format!("\n-- \n{}\n{}\n", around.team, text.say(reply)));
    if let Some(page) = &around.known.page {
        out.push_str(&format!("{page}\n"));
    }
    out
}

/// What a label asks of the reader, in a line (TLP 2.0); of a person on their own account in its plainest words.
pub fn meaning(text: &Text, label: Tlp, person: bool) -> String {
    let key = match label {
        Tlp::Clear => "tlp-clear",
        Tlp::Green => "tlp-green",
        Tlp::Amber => "tlp-amber",
        Tlp::AmberStrict => "tlp-amber-strict",
        Tlp::Red => "tlp-red",
    };
    text.say(&if person { format!("{key}-person") } else { key.to_owned() })
}
