//! A report's journal in words.

use jiff::Timestamp;
use serde_json::Value as Json;
use store::Line;

/// What an entry says happened, as the rest of a sentence that begins with who did it.
pub fn told(line: &Line) -> String {
    let details = line.details();
    let get = |name: &str| details.get(name).map_or_else(String::new, shown);
    match line.verb.as_str() {
        "report.received" => format!("handed it in, by {}", get("channel")),
        "report.acknowledged" => "sent the receipt".into(),
        "acknowledgement.held" => format!("sent no receipt: {}", get("reason")),
        "report.judged" => {
            let before = get("before");
            let was = if before.is_empty() { String::new() } else { format!(", before: {}", verdict(&before)) };
            format!("said: {}, confidence {}{was}", verdict(&get("verdict")), get("confidence"))
        }
        "report.assigned" if get("owner").is_empty() => "gave it back to nobody".into(),
        "report.assigned" => "gave it to its owner".into(),
        "report.labelled" => format!("set the label {} (was {})", get("label"), get("before")),
        "report.titled" => format!("changed the title (was “{}”)", get("before")),
        "report.marked" => "set whether it is urgent and whether help is wanted".into(),
        "report.kind_set" => format!("set the kind to {} (was {})", get("kind"), get("before")),
        "report.vouched" => "made sure that it is from the contact whose address it names".into(),
        "report.scoped" => format!("said: {}{}", scope(&get("scope")), after(": ", &get("reason"))),
        "report.closing_told" => "told the reporter that it is closed".into(),
        "report.closing_held" => format!("told nobody that it is closed: {}", get("reason")),
        "report.referred" => format!("referred it to {}{}", get("entry"), after(": ", &get("reason"))),
        "report.rejected" => format!("rejected it{}", after(": ", &get("reason"))),
        "report.unrejected" => "took the rejection back".into(),
        "report.advised" => "answered with advice".into(),
        "report.answered" => format!("wrote back, by {}", get("channel")),
        "message.accepted" => "made sure that the reporter wrote an answer".into(),
        "message.refused" => "made sure that the reporter did not write an answer".into(),
        "message.repeated" => "sent the same once more".into(),
        "report.opened" => "took it into a case".into(),
        "report.linked" => "linked it to one more case".into(),
        "report.resolved" => format!("resolved it{}", after(", answered with ", &get("with"))),
        "report.left_ended" => "left it as it had ended".into(),
        "report.placed" => "put what it says into a thread of a case".into(),
        "report.unplaced" => "took what it says out of the thread again".into(),
        "report.reopened" => "reopened it".into(),
        "report.link_revoked" => "ended the reporter's secret link".into(),
        "report.link_issued" => "let the reporter have a new secret link".into(),
        "report.returned" => "put it back into the inbox".into(),
        "report.kept_open" => "kept it open: another case still works on it".into(),
        "report.abandoned" => "closed it without a result".into(),
        "thread.read" => "read the answer".into(),
        "mail.sent" => "handed the mail over".into(),
        "mail.failed" => format!("could not deliver the mail{}", after(": ", &get("answer"))),
        "mail.bounced" => format!("got the mail back{}", after(": ", &get("answer"))),
        "mail.delayed" => format!("will try the mail again{}", after(": ", &get("answer"))),
        "released" => {
            // Of a report itself nothing leaves but what is written to who made it.
            let noun = if line.noun == "report" && get("channel") != "api" { "notice to the reporter" } else { &line.noun };
            format!("let a {noun} out, {} by {}", get("label"), get("channel"))
        }
        other => other.replace(['.', '_'], " "),
    }
}

/// A clock's entry as a sentence of its own, with the names of promises: nobody starts a clock, it starts.
pub fn clock(line: &Line, title: impl Fn(&str) -> String, when: impl Fn(&Timestamp) -> String) -> Option<String> {
    let does = line.verb.strip_prefix("clock.")?;
    let details = line.details();
    let get = |name: &str| details.get(name).map_or_else(String::new, shown);
    let due = get("due").parse().map(|due: Timestamp| format!(", due {}", when(&due))).unwrap_or_default();
    let title = title(&get("promise"));
    Some(match does {
        "started" => format!("Clock started: {title}{due}"),
        "stopped" if get("state") == "missed" => format!("Clock stopped, too late: {title}"),
        "stopped" => format!("Clock stopped in time: {title}"),
        "voided" => format!("Clock ended without a verdict: {title}{}", after(", ", &get("reason"))),
        "revived" => format!("Clock counts again: {title}{due}"),
        "handed_over" => format!("Clock handed over: {title}"),
        "paused" => format!("Clock held: {title}{}", after(", ", &get("reason"))),
        "resumed" => format!("Clock runs on: {title}{due}"),
        other => format!("Clock {}: {title}", other.replace('_', " ")),
    })
}

fn shown(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn after(sign: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{sign}{text}") }
}

/// A verdict for people.
pub fn verdict(stored: &str) -> &str {
    match stored {
        "confirmed" => "confirmed",
        "not_an_incident" => "not an incident",
        "duplicate" => "duplicate",
        "undetermined" => "undetermined",
        other => other,
    }
}

/// A scope for people.
pub fn scope(stored: &str) -> &str {
    match stored {
        "in" => "in scope",
        "out" => "out of scope",
        _ => "scope not known",
    }
}
