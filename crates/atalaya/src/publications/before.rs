//! Before it leaves: what stands against a publication. The page shows this, approval and release decide by the very same.

use std::collections::HashMap;

use ::store::{Id, Reader};
use formats::label::Tlp;
use formats::markdown;
use press::Content;
use vault::blob::Hash;

use super::item::Publication;
use super::{csaf, sources, store};
use crate::access::Who;
use crate::cases::leaks::{Finding, Weight};
use crate::cases::{self, Sources};
use crate::release::{Channel, Check, Leaving, Recipient, Weighed, weigh};
use crate::text::one_line;
use crate::{App, Error, Result};

/// Why something may leave that would not.
#[derive(Clone, Debug, Default)]
pub struct Reasons {
    /// Why it may carry a lower label than what it was made from.
    pub lowered: String,
    /// The label of what it was made from, as its page said; none where nobody saw one.
    pub lowered_of: Option<Tlp>,
    /// Why what the leak check asks about may be said.
    pub told: String,
    /// What it asked about then, a line each.
    pub told_of: String,
}

/// A publication as it would leave.
#[derive(Clone, Debug)]
pub struct Before {
    /// What the gate is asked.
    pub leaving: Leaving,
    /// What it says.
    pub weighed: Weighed,
    /// What in its words would tell of its sources.
    pub findings: Vec<Finding>,
    /// What a reason is asked for, a line each.
    pub asked: String,
    /// The highest label among its sources.
    pub contained: Tlp,
    /// Whether this viewer may know of all of them: whoever may not cannot judge what stands against it.
    pub knows: bool,
}

/// What whoever may not know of a source hears instead of what stands in the text of it.
const UNKNOWN: &str = "It was made from something that you may not know of: somebody who may has to look at it.";

/// Weighs the working copy, for this viewer: who may not know of one of its sources reads nothing of what was found of it, and
/// lets nothing out.
pub async fn before(reader: &mut Reader, app: &App, who: &Who, one: &Publication) -> Result<Before> {
    let mut before = of_all(reader, app, one).await?;
    if !sources::knows_all(reader, who, one.id).await? {
        before.knows = false;
        before.findings = Vec::new();
        before.asked = String::new();
        before.contained = one.content.label;
        before.leaving.containers = Vec::new();
        before.leaving.held = Vec::new();
        before.leaving.against = vec![UNKNOWN.to_owned()];
        before.weighed = weigh(&app.profile, &before.leaving);
    }
    before.weighed.checks.extend(advice(&one.content));
    Ok(before)
}

async fn of_all(reader: &mut Reader, app: &App, one: &Publication) -> Result<Before> {
    let sources = of(reader, app, one.id).await?;
    let (text, parts) = gathered(&one.content, &one.note);
    let findings = sources.find(reader, &text).await?;
    let asks = findings.iter().filter(|finding| finding.weight == Weight::Ask);
    let asked = asks.map(asked_of).collect::<Vec<_>>().join("\n");
    let (mut against, mut held) = (Vec::new(), Vec::new());
    let (reason, excused) = (one.told.0.trim(), &one.told.1);
    for (finding, places) in gathered_findings(&findings, &parts) {
        let line = format!("“{}” in {} {}", one_line(&finding.what), places.join(", "), finding.why);
        let known = excused.lines().any(|line| line == asked_of(finding));
        match finding.weight {
            Weight::Ask if known && !reason.is_empty() => held.push(format!("Told all the same: {line} Reason: {}.", reason.trim_end_matches('.'))),
            Weight::Ask => against.push(format!("{line} With a reason it may leave.")),
            Weight::Stop => against.push(line),
        }
    }
    against.extend(csaf::problems(reader, app, one).await?);
    let contained = sources.labels.iter().copied().max().unwrap_or(Tlp::Clear);
    // What is written for everybody goes to everybody or nowhere: that its sources carry more does not turn it into something else.
    let channel = if one.content.label <= Channel::Public.ceiling(&app.profile) { Channel::Public } else { Channel::Portal };
    let basis = if asked.is_empty() || reason.is_empty() { "publication".to_owned() } else { format!("publication; told all the same: {reason}") };
    // What everybody has read stays for everybody: a version for fewer would leave an old page in its place that nobody looks
    // after, and its document would vanish where programs fetched it.
    if let (Channel::Portal, Some(first)) = (channel, store::first_public(reader, one.id).await?) {
        against.push(format!(
            "It is public since version {first}, and stays so: label it {}, or write what is for constituents as a publication of its own.",
            Channel::Public.ceiling(&app.profile).marking()
        ));
    }
    // A reason was given against a label: what came to carry more since wants another.
    let holds = one.lowered_from.is_some_and(|from| contained <= from);
    let downgrade = if holds { one.lowered.clone() } else { String::new() };
    let leaving = Leaving {
        to: to(app, channel),
        channel,
        noun: "publication",
        id: one.id,
        about: one.id,
        version: one.version + 1,
        label: one.content.label,
        containers: sources.labels,
        downgrade,
        basis,
        against,
        held,
        protection: String::new(),
        content: content_hash(&one.content)?,
    };
    let weighed = weigh(&app.profile, &leaving);
    Ok(Before { leaving, weighed, findings, asked, contained, knows: true })
}

/// What nobody has to follow: that the severity says something else than the scores.
fn advice(content: &Content) -> Option<Check> {
    let (tenths, highest) = content.highest_score()?;
    let says = content.severity;
    let text =
        format!("It says {}; the highest CVSS score in it is {}.{} ({}). Look whether that is meant.", says.name(), tenths / 10, tenths % 10, highest.name());
    (says != press::Severity::None && says != highest).then_some(Check { state: "held", text })
}

/// The highest label among what it was made from.
pub(super) async fn contained(reader: &mut Reader, app: &App, id: Id) -> Result<Tlp> {
    Ok(of(reader, app, id).await?.labels.into_iter().max().unwrap_or(Tlp::Clear))
}

/// Only the gate's answer.
pub(super) async fn weighed(reader: &mut Reader, app: &App, who: &Who, one: &Publication) -> Result<Weighed> {
    Ok(before(reader, app, who, one).await?.weighed)
}

/// What a few words beside something that is out already would tell of its sources: each stands against them, since
/// nobody asks for reasons when something has to be taken back.
pub(super) async fn against_words(reader: &mut Reader, app: &App, who: &Who, id: Id, words: &str) -> Result<Vec<String>> {
    if !sources::knows_all(reader, who, id).await? {
        return Ok(vec![UNKNOWN.to_owned()]);
    }
    let both = format!("{words}\n{}", markdown::plain(words, ""));
    let findings = of(reader, app, id).await?.find(reader, &both).await?;
    Ok(findings.into_iter().map(|finding| format!("“{}” in the reason {}", one_line(&finding.what), finding.why)).collect())
}

/// Whoever reads what leaves through a channel.
fn to(app: &App, channel: Channel) -> Recipient {
    let (key, name) = if channel == Channel::Public { ("public", "everybody") } else { ("constituents", "constituents") };
    Recipient { key: key.into(), name: name.into(), organisation: None, ceiling: channel.ceiling(&app.profile), address: String::new() }
}

/// What identifies the words that leave.
pub(super) fn content_hash(content: &Content) -> Result<Hash> {
    Ok(Hash::of(&serde_json::to_vec(content).map_err(Error::fault)?))
}

async fn of(reader: &mut Reader, app: &App, id: Id) -> Result<Sources> {
    let all = store::sources(reader, id).await?;
    let of = |noun: &str| all.iter().filter(|from| from.noun == noun).map(|from| from.id).collect::<Vec<Id>>();
    let holders = store::source_holders(reader, id).await?;
    let mut sources = cases::sources(reader, app, &of("case"), &of("report"), &holders).await?;
    sources.labels.extend(all.iter().filter_map(|from| from.label));
    Ok(sources)
}

/// All that people wrote as one text, and where each part of it ends. What a page makes other words of (marks, references to letters)
/// stands in it as everybody reads it, too.
fn gathered(content: &Content, note: &str) -> (String, Vec<(String, usize)>) {
    let (mut text, mut parts) = (String::new(), Vec::new());
    for (name, part) in content.written().into_iter().chain([("what it changes".to_owned(), note.to_owned())]) {
        let shown = markdown::plain(&part, "");
        for said in [Some(&part), Some(&shown).filter(|shown| **shown != part)].into_iter().flatten() {
            text.push_str(said);
            text.push('\n');
            parts.push((name.clone(), text.len()));
        }
    }
    (text, parts)
}

/// What was found, each thing once with the places where it stands. The same words are found as they were typed and as they
/// are shown, and in each language.
fn gathered_findings<'a>(findings: &'a [Finding], parts: &'a [(String, usize)]) -> Vec<(&'a Finding, Vec<&'a str>)> {
    let mut all: Vec<(&Finding, Vec<&str>)> = Vec::new();
    let mut known = HashMap::new();
    for finding in findings {
        let place = parts.iter().find(|(_, end)| finding.at.start < *end).map_or("the text", |(name, _)| name.as_str());
        let at = *known.entry((one_line(&finding.what), &finding.why, &finding.about, finding.weight == Weight::Ask)).or_insert(all.len());
        match all.get_mut(at) {
            Some((_, places)) if places.contains(&place) => {}
            Some((_, places)) => places.push(place),
            None => all.push((finding, vec![place])),
        }
    }
    all
}

/// What a reason is asked for: what is given away, by which words.
fn asked_of(finding: &Finding) -> String {
    one_line(&format!("{} {}", finding.about, finding.what))
}
