//! The questions of the form: data, in the order asked.
//!
//! A question belongs to one step (one page) and perhaps to some kinds of report only. Everything
//! else, the pages, the check before sending, the text of the report and its raw document, walks
//! over this one table.

use crate::text::Text;

/// One page of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// What happened.
    Kind,
    /// In the reporter's own words, with what the kind makes worth asking.
    Tell,
    /// When and where.
    When,
    /// Attachments.
    Files,
    /// Urgent, help wanted.
    Urgency,
    /// Who reports, if they want to say.
    Contact,
}

use Step::{Contact, Files, Kind, Tell, Urgency, When};

impl Step {
    /// The name in the address and in the keys of the texts.
    pub fn slug(self) -> &'static str {
        match self {
            Kind => "kind",
            Tell => "tell",
            When => "when",
            Files => "files",
            Urgency => "urgency",
            Contact => "contact",
        }
    }

    /// The step of that name.
    pub fn named(slug: &str) -> Option<Self> {
        [Kind, Tell, When, Files, Urgency, Contact].into_iter().find(|step| step.slug() == slug)
    }

    /// Its address.
    pub fn path(self) -> String {
        if self == Kind { "/report".into() } else { format!("/report/{}", self.slug()) }
    }
}

/// The kind for "I only have a question".
pub const ADVICE: &str = "advice";

/// The steps that a kind of report takes. Who only asks is not asked when and how urgent.
pub fn steps(kind: &str) -> &'static [Step] {
    if kind == ADVICE { &[Kind, Tell, Files, Contact] } else { &[Kind, Tell, When, Files, Urgency, Contact] }
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line.
    Line,
    /// Several lines.
    Words,
    /// One of these.
    Choice(&'static [&'static str]),
    /// Yes, or not said.
    Tick,
    /// A mail address.
    Mail,
    /// A telephone number.
    Phone,
}

/// One question.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// Name of the field, and of its texts: `form-q-<name>`.
    pub name: &'static str,
    /// The page it stands on.
    pub step: Step,
    /// Asked for these kinds only; none means all.
    pub kinds: &'static [&'static str],
    /// How it is answered.
    pub shape: Shape,
    /// The most characters.
    pub limit: usize,
    /// `autocomplete` (WCAG 2.2, 1.3.5).
    pub known_as: &'static str,
}

const YES_NO: Shape = Shape::Choice(&["yes", "no", "unsure"]);

const fn ask(name: &'static str, step: Step, kinds: &'static [&'static str], shape: Shape, limit: usize) -> Question {
    Question { name, step, kinds, shape, limit, known_as: "off" }
}

const fn about_you(name: &'static str, shape: Shape, limit: usize, known_as: &'static str) -> Question {
    Question { name, step: Contact, kinds: &[], shape, limit, known_as }
}

/// All of them. Only the kind and the description must be answered.
pub const QUESTIONS: &[Question] = &[
    ask("description", Tell, &[], Shape::Words, 20_000),
    ask("title", Tell, &[], Shape::Line, 200),
    ask("pretends", Tell, &["impersonation"], Shape::Line, 500),
    ask("used", Tell, &["impersonation"], Shape::Words, 4000),
    ask("fell", Tell, &["impersonation"], YES_NO, 10),
    ask("systems", Tell, &["intrusion"], Shape::Words, 4000),
    ask("service", Tell, &["outage"], Shape::Line, 500),
    ask("ongoing", Tell, &["intrusion", "outage"], YES_NO, 10),
    ask("since", Tell, &["outage"], Shape::Line, 200),
    ask("data", Tell, &["data"], Shape::Words, 4000),
    ask("people", Tell, &["data"], Shape::Line, 200),
    ask("product", Tell, &["weakness"], Shape::Words, 4000),
    ask("told", Tell, &["weakness"], YES_NO, 10),
    ask("noticed", When, &[], Shape::Line, 200),
    ask("where", When, &[], Shape::Line, 500),
    ask("involved", When, &["intrusion", "outage", "data", "weakness", "other"], Shape::Words, 10_000),
    ask("urgent", Urgency, &[], Shape::Tick, 10),
    ask("help", Urgency, &[], Shape::Tick, 10),
    ask("wanted", Urgency, &[], Shape::Words, 4000),
    about_you("name", Shape::Line, 200, "name"),
    about_you("mail", Shape::Mail, 254, "email"),
    about_you("phone", Shape::Phone, 60, "tel"),
    about_you("organisation", Shape::Line, 200, "organization"),
];

/// The class and type of RSIT that a kind of report most often turns out to be: whose guidance is worth reading before anybody
/// has looked at the report.
pub fn commonly(kind: &str) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        "impersonation" => ("fraud", "phishing"),
        "intrusion" => ("intrusions", "system-compromise"),
        "outage" => ("availability", "ddos"),
        "data" => ("information-content-security", "data-leak"),
        "weakness" => ("vulnerable", "potentially-unwanted-accessible"),
        _ => return None,
    })
}

/// The questions of a step for a kind of report.
pub fn of(step: Step, kind: &str) -> impl Iterator<Item = &'static Question> + use<'_> {
    QUESTIONS.iter().filter(move |question| question.step == step && question.fits(kind))
}

impl Question {
    /// Whether this kind of report is asked.
    pub fn fits(&self, kind: &str) -> bool {
        steps(kind).contains(&self.step) && (self.kinds.is_empty() || self.kinds.contains(&kind))
    }

    /// The question, in words; some are asked differently for a kind.
    pub fn label(&self, text: &Text, kind: &str) -> String {
        worded(text, &format!("form-q-{}", self.name), kind)
    }

    /// The line under it, or nothing.
    pub fn hint(&self, text: &Text, kind: &str) -> String {
        let key = format!("form-q-{}-hint", self.name);
        if text.has(&key) || text.has(&format!("{key}-{kind}")) { worded(text, &key, kind) } else { String::new() }
    }

    /// An answer as a person reads it.
    pub fn said(&self, text: &Text, answer: &str) -> String {
        match self.shape {
            Shape::Choice(_) if !answer.is_empty() => text.say(&format!("form-a-{answer}")),
            Shape::Tick => text.say(if answer.is_empty() { "form-a-no" } else { "form-a-yes" }),
            _ => answer.to_owned(),
        }
    }

    /// What is wrong with an answer, in words.
    pub fn wrong(&self, text: &Text, answer: &str) -> Option<String> {
        if answer.chars().count() > self.limit {
            return Some(text.with("form-error-long", "limit", self.limit));
        }
        let good = match self.shape {
            Shape::Words if self.name == "description" => !answer.is_empty(),
            _ if answer.is_empty() => true,
            Shape::Choice(offered) => offered.contains(&answer),
            Shape::Mail => is_mail(answer),
            _ => true,
        };
        (!good).then(|| text.say(&format!("form-error-{}", self.name)))
    }

    /// An answer as it is kept: without what no database and no screen can bear.
    pub fn clean(&self, answer: &str) -> String {
        let many = self.shape == Shape::Words;
        let kept = |c: char| match c {
            '\n' | '\t' if many => c,
            '\n' | '\t' | '\r' => ' ',
            c if c.is_control() => '\u{fffd}',
            c => c,
        };
        answer.replace("\r\n", "\n").chars().map(kept).collect::<String>().trim().to_owned()
    }
}

/// `key-kind` if there is such a text, else `key`.
pub fn worded(text: &Text, key: &str, kind: &str) -> String {
    let special = format!("{key}-{kind}");
    text.say(if text.has(&special) { &special } else { key })
}

/// Whether it may be a mail address: strict enough to catch a slip, and no stricter.
fn is_mail(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| !part.is_empty() && !part.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;\"()[]\\".contains(c));
    plain(local) && plain(domain) && domain.contains('.') && post::address::check(text).is_ok()
}
