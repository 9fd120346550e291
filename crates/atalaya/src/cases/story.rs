//! The story of a case: its journal, in sentences that a person reads from top to bottom.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::Value as Json;
use store::{Id, Line, Reader, args};

use super::case::{Case, OUTCOMES, PHASES, VERDICTS, word};
use super::{join, lookup};
use crate::Result;
use crate::access::Who;
use crate::people::named;
use crate::reports::linked;

/// One line of the story.
#[derive(Clone, Debug)]
pub struct Event {
    /// The journal's word for it.
    pub verb: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub who: String,
    /// What they did, beginning with the verb.
    pub text: String,
    /// What they said to it, or empty.
    pub said: String,
    /// The number of the sealed dialogue that it leads to, or empty.
    pub dialogue: String,
}

/// What sentences need to know of ids.
struct Names {
    me: Option<Id>,
    people: HashMap<Id, String>,
    parties: HashMap<Id, String>,
    things: HashMap<Id, String>,
    groups: HashMap<Id, String>,
}

/// The newest events of a case, oldest first, with those of the cases merged into it.
pub async fn tell(reader: &mut Reader, who: &Who, case: &Case, most: u32) -> Result<Vec<Event>> {
    let mut lines = reader.journal_about(case.id, most).await?;
    for merged in join::merged_into(reader, case.id).await? {
        // That it was merged stands on this case's own timeline.
        lines.extend(reader.journal_about(merged, most).await?.into_iter().filter(|line| line.verb != "case.merged_away"));
    }
    lines.sort_by_key(|line| line.seq);
    let names = Names::of(reader, who, case, &lines).await?;
    Ok(lines.iter().filter_map(|line| names.event(line)).collect())
}

impl Names {
    async fn of(reader: &mut Reader, who: &Who, case: &Case, lines: &[Line]) -> Result<Self> {
        let mut people = Vec::new();
        let (mut cases, mut reports) = (Vec::new(), Vec::new());
        for line in lines {
            people.extend(line.who.strip_prefix("person:").and_then(|id| id.parse::<Id>().ok()));
            let facts: Json = serde_json::from_str(&line.facts).unwrap_or_default();
            people.extend(["owner", "to", "from"].into_iter().filter_map(|key| id_of(&facts, key)));
            cases.extend(["open", "case"].into_iter().filter_map(|key| id_of(&facts, key)));
            reports.extend((line.verb == "report.kept_open").then_some(line.id));
        }
        // A case that this viewer may not know of has no number here.
        let numbers = lookup::lines(reader, who, &cases).await?.into_iter().map(|case| (case.id, case.number));
        let mut things: HashMap<Id, String> = numbers.collect();
        things.extend(linked::briefs(reader, &reports).await?.into_iter().map(|report| (report.id, report.number)));
        people.sort_unstable();
        people.dedup();
        Ok(Self {
            me: who.person().map(|person| person.id),
            people: named::names(reader, &people).await?,
            parties: reader.rows::<(Id, String)>("select id, name from parties where case_id = $1", args![case.id]).await?.into_iter().collect(),
            groups: named::groups(reader).await?.into_iter().collect(),
            things,
        })
    }

    fn person(&self, id: Id) -> String {
        self.people.get(&id).cloned().unwrap_or_else(|| "somebody who left".into())
    }

    fn thing(&self, facts: &Json, key: &str) -> String {
        id_of(facts, key).and_then(|id| self.things.get(&id).cloned()).unwrap_or_else(|| "another case".into())
    }

    fn actor(&self, who: &str) -> String {
        match who.split_once(':') {
            Some(("person", id)) => {
                let id = id.parse::<Id>().ok();
                if id.is_some() && id == self.me { "You".into() } else { id.map_or_else(String::new, |id| self.person(id)) }
            }
            Some(("party", id)) => id.parse().ok().and_then(|id: Id| self.parties.get(&id).cloned()).unwrap_or_else(|| "A party".into()),
            Some(("reporter", _)) => "The reporter".into(),
            Some(("job", _)) => "Atalaya".into(),
            Some(("token", _)) => "A program".into(),
            _ if who == "operator" => "The operator".into(),
            _ if who == "mail" => "Mail".into(),
            _ => "A visitor".into(),
        }
    }

    fn event(&self, line: &Line) -> Option<Event> {
        let facts = line.details();
        let text = |key: &str| facts.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let told = self.sentence(line, &facts, &text)?;
        let said = if line.verb == "case.closed" && !text("waiver").is_empty() {
            [text("reason"), format!("No recommendation: {}", text("waiver"))].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
        } else {
            text("reason")
        };
        Some(Event { verb: line.verb.clone(), at: line.at, who: self.actor(&line.who), text: told, said, dialogue: text("sealed") })
    }

    /// What was done, in words. `None` for what the page shows otherwise (messages, notes) or what nobody needs to read.
    fn sentence(&self, line: &Line, facts: &Json, text: &dyn Fn(&str) -> String) -> Option<String> {
        let list = |key: &str| {
            let words: Vec<&str> = facts.get(key).and_then(Json::as_array).map(|list| list.iter().filter_map(Json::as_str).collect()).unwrap_or_default();
            words.join(", ").replace('_', " ")
        };
        let owner = |key: &str| match id_of(facts, key) {
            Some(id) if Some(id) == self.me => "you".into(),
            Some(id) => self.person(id),
            None => "nobody".into(),
        };
        Some(match line.verb.as_str() {
            "case.opened" => {
                let from = list("reports");
                let from = if from.is_empty() { String::new() } else { format!(" from {from}") };
                let class = text("class");
                let class = if class.is_empty() { String::new() } else { format!("{class}, ") };
                format!("opened {}{from}: {class}{} ({})", text("number"), text("severity"), rule(&text("rule")))
            }
            "case.closed" => {
                let outcome = text("outcome");
                let outcome = OUTCOMES.iter().find(|(name, _, _)| *name == outcome).map_or(outcome.clone(), |(_, title, _)| title.to_lowercase());
                format!("closed the case: {outcome}")
            }
            "case.abandoned" => "abandoned the case".into(),
            "case.reopened" => format!("reopened the case, which was {}", text("was")),
            "case.left_ended" => format!("left the case as it ended, after {} wrote", list("names")),
            "case.edited" => format!("changed {}", list("fields")),
            "case.labelled" => format!("changed the label from TLP:{} to TLP:{}", text("from"), text("to")),
            "case.judged" => format!("changed the severity from {} to {} ({})", text("from"), text("to"), rule(&text("rule"))),
            "case.verdict" => format!("judged: {}, confidence {}", word(&VERDICTS, &text("to")).to_lowercase(), text("confidence")),
            "case.phase" => format!("went from {} to {}", word(&PHASES, &text("from")).to_lowercase(), word(&PHASES, &text("to")).to_lowercase()),
            "case.converted" => format!("made it a case of kind {}, after {}", text("to").to_lowercase(), text("from").to_lowercase()),
            "case.assigned" => format!("gave the case to {}", owner("to")),
            "case.watched" => "watches the case".into(),
            "case.unwatched" => "no longer watches the case".into(),
            "case.restricted" => match (facts.get("restricted").and_then(Json::as_bool), id_of(facts, "group").and_then(|id| self.groups.get(&id))) {
                (Some(true), Some(group)) => format!("restricted the case to its owner and the group {group}"),
                (Some(true), None) => "restricted the case to its owner".into(),
                _ => "opened the case to the whole team".into(),
            },
            "case.extent" => format!("wrote the extent, version {}: {}", facts.get("version").and_then(Json::as_i64).unwrap_or(0), text("extent")),
            "case.report_linked" => format!("linked {}", text("report")),
            "case.report_unlinked" => format!("took {} out of the case", text("report")),
            "case.merged" => format!("merged {} into this case", text("source")),
            "case.merged_away" => format!("merged {} into {}", text("source"), text("target")),
            "case.unsealed_from" => format!("unsealed parts of {} into the case; its reporter is answered there", text("sealed")),
            "case.sealed_added" => format!("found that the reporter of {} wrote again: it is read and answered there", text("sealed")),
            "case.sealed_report" => format!("opened the case for {}, which stays sealed", text("sealed")),
            "case.split" => format!("split off {}", text("into")),
            "case.split_off" => format!("split this case off from {}", text("from")),
            "case.linked" => format!("linked {}", self.thing(facts, "case")),
            "case.unlinked" => format!("took back the link to {}", self.thing(facts, "case")),
            "report.kept_open" => {
                let report = self.things.get(&line.id).cloned().unwrap_or_else(|| "A report".into());
                format!("left {report} open: it belongs to {} too", self.thing(facts, "open"))
            }
            "task.added" => format!("added the task “{}”", text("title")),
            "task.done" => format!("finished the task “{}”", text("title")),
            "task.reopened" => format!("took the task “{}” up again", text("title")),
            "task.handed" => format!("gave the task “{}” to {}", text("title"), owner("owner")),
            "party.added" => {
                let name = text("name");
                let name = if name.is_empty() { self.parties.get(&line.id).cloned().unwrap_or_default() } else { name };
                let role = text("role");
                if role.is_empty() { format!("added {name}") } else { format!("added {name} as {role}") }
            }
            "party.link_ended" => format!("ended the secret link to the page of {}", self.parties.get(&line.id).cloned().unwrap_or_default()),
            "party.link_issued" => format!("let {} have a new secret link", self.parties.get(&line.id).cloned().unwrap_or_default()),
            "party.ended" => format!("ended the conversation with {}: {}", self.parties.get(&line.id).cloned().unwrap_or_default(), text("reason")),
            "party.taken_up" => format!("took the conversation with {} up again", self.parties.get(&line.id).cloned().unwrap_or_default()),
            "message.accepted" => {
                let party = id_of(facts, "party").and_then(|id| self.parties.get(&id).cloned()).unwrap_or_default();
                format!("made sure that an answer is from {party}")
            }
            "message.refused" => {
                let party = id_of(facts, "party").and_then(|id| self.parties.get(&id).cloned()).unwrap_or_default();
                format!("made sure that an answer is not from {party}")
            }
            "message.taken_back" => {
                let party = id_of(facts, "party").and_then(|id| self.parties.get(&id).cloned()).unwrap_or_default();
                format!("took a report out of the thread of {party} again")
            }
            "party.changed" => format!("changed what is known of {}", self.parties.get(&line.id).cloned().unwrap_or_default()),
            "recommendation.written" => "wrote a recommendation".into(),
            "recommendation.withdrawn" => "withdrew a recommendation".into(),
            "recommendation.answered" => format!("answered a recommendation: {}", text("answer").replace('_', " ")),
            "recommendation.heard" => "wrote down what was said about a recommendation".into(),
            "clock.paused" => format!("paused the clock {}", text("promise").replace('-', " ")),
            "clock.resumed" => format!("let the clock {} run again", text("promise").replace('-', " ")),
            // Shown as what they are, or of no interest to a reader.
            "released" | "task.moved" | "note.edited" | "note.added" | "case.receipt" | "clock.started" | "clock.stopped" | "clock.voided"
            | "clock.revived" | "clock.handed_over" | "thread.read" | "party.link_changed" => {
                return None;
            }
            verb if verb.starts_with("message.") || verb.starts_with("draft.") || verb.starts_with("mail.") => return None,
            verb => {
                let (noun, did) = verb.split_once('.').unwrap_or((verb, "changed"));
                let name = [text("title"), text("name")].into_iter().find(|name| !name.is_empty()).map_or_else(String::new, |name| format!(" “{name}”"));
                format!("{} a {}{name}", did.replace('_', " "), noun.replace('_', " "))
            }
        })
    }
}

/// `rule ddos, version 3`; `a person's decision`.
pub fn rule(text: &str) -> String {
    match text.split_once('@') {
        Some((rule, version)) => format!("rule {}, version {version}", rule.replace(['-', '_'], " ")),
        None if text == super::severity::OVERRIDE => "a person's decision".into(),
        None => "no rule".into(),
    }
}

fn id_of(facts: &Json, key: &str) -> Option<Id> {
    facts.get(key).and_then(Json::as_str).and_then(|text| text.parse().ok())
}
