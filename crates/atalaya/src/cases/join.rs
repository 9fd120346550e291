//! Merging, splitting and linking cases, so that nothing of either is lost.

use serde_json::json;
use store::{Id, Reader, Record, Tx, args};

use super::case::{CONFIDENCES, Case, VERDICTS, word};
use super::facts::{TIMES, times};
use super::open::{NewCase, open_in};
use super::parties::{self, NewParty, Party};
use super::{extent, see, severity, states, store as rows};
use crate::access::{Noun, Verb, Who, require};
use crate::reports::sightings;
use crate::web::show;
use crate::{App, Error, Result, clocks, once};

/// Merges a case into another, which keeps everything of both.
pub async fn merge(app: &App, who: &Who, source: Id, target: Id) -> Result<()> {
    require(who, Verb::Decide, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            see::hold(tx, &[source, target]).await?;
            let mut source = see::get(tx, who, source).await?;
            let mut target = see::get(tx, who, target).await?;
            may_merge(&source, &target)?;
            let mut reports = rows::reports(tx, source.id).await?;
            reports.sort_unstable();
            move_all(tx, source.id, target.id).await?;
            sightings::join_sightings_in(tx, source.id, target.id).await?;
            extent::join_in(tx, who, target.id, source.id).await?;
            keep_words(tx, app, who, &source, &target).await?;
            target.label = target.label.join(source.label);
            target.opened_at = target.opened_at.min(source.opened_at);
            for (ours, theirs) in [
                (&mut target.occurred_at, source.occurred_at),
                (&mut target.detected_at, source.detected_at),
                (&mut target.reported_at, source.reported_at),
                (&mut target.responded_at, source.responded_at),
            ] {
                *ours = (*ours).into_iter().chain(theirs).min();
            }
            // Both together began with the first, and are over with the last.
            for (ours, theirs) in [(&mut target.contained_at, source.contained_at), (&mut target.recovered_at, source.recovered_at)] {
                *ours = (*ours).into_iter().chain(theirs).max();
            }
            if target.times_reason.trim().is_empty() {
                target.times_reason.clone_from(&source.times_reason);
            }
            rows::save(tx, &mut target).await?;
            // Whatever was merged into the source lives on in the target too, one step away.
            tx.execute("update cases set merged_into = $2 where merged_into = $1", args![source.id, target.id]).await?;
            tx.index_moves(source.id, target.id).await?;
            source.state = "resolved".into();
            source.merged_into = Some(target.id);
            source.closed_at = Some(tx.now());
            rows::save(tx, &mut source).await?;
            rows::share_secrecy(tx, &target).await?;
            clocks::hand_over(tx, source.id, target.id).await?;
            let facts = json!({ "source": source.number, "target": target.number, "reports": reports.len() });
            tx.record(Record::new("case.merged_away", "case", source.id).facts(facts.clone()));
            tx.record(Record::new("case.merged", "case", target.id).facts(facts).particulars(json!({ "title": source.title, "summary": source.summary })));
            for report in reports {
                states::settle(tx, &target, report).await?;
            }
            severity::judge_again(tx, app, target.id).await?;
            states::refresh_due(tx, target.id).await
        })
        .await
}

/// Whether a case may be merged into another.
pub fn may_merge(source: &Case, target: &Case) -> Result<()> {
    // Only those who know of both may know of the whole: the same group, or for lack of one the same owner.
    let secrecy = |case: &Case| (case.restricted, case.group, if case.restricted && case.group.is_none() { case.owner } else { None });
    if source.id == target.id {
        return Err(Error::conflict("A case cannot be merged into itself."));
    }
    if source.merged_into.is_some() || target.merged_into.is_some() {
        return Err(Error::conflict("One of these cases was merged already."));
    }
    if !target.is_open() {
        return Err(Error::conflict(format!("{} is {}: reopen it first.", target.number, target.state)));
    }
    if secrecy(source) != secrecy(target) {
        return Err(Error::conflict("These cases are not known to the same people: merging would tell somebody too much."));
    }
    Ok(())
}

async fn move_all(tx: &mut Tx, source: Id, target: Id) -> Result<()> {
    let last: Option<i64> = tx.value("select place from tasks where case_id = $1 order by place desc limit 1", args![target]).await?;
    tx.execute("update tasks set place = place + $2 where case_id = $1", args![source, last.unwrap_or(0)]).await?;
    for text in [
        "insert into case_reports (case_id, report_id, at) select $2, report_id, at from case_reports where case_id = $1 on conflict (case_id, report_id) do nothing",
        "insert into watchers (case_id, person_id) select $2, person_id from watchers where case_id = $1 on conflict (case_id, person_id) do nothing",
        "insert into case_links (case_id, other_id, kind) select $2, other_id, kind from case_links where case_id = $1 and other_id <> $2 on conflict (case_id, other_id) do nothing",
        "insert into case_links (case_id, other_id, kind) select case_id, $2, kind from case_links where other_id = $1 and case_id <> $2 on conflict (case_id, other_id) do nothing",
        "update parties set case_id = $2, asked_at = null where case_id = $1",
        "update messages set case_id = $2 where case_id = $1",
        "update tasks set case_id = $2 where case_id = $1",
        "update recommendations set case_id = $2 where case_id = $1",
        "update notes set about = $2 where about = $1",
    ] {
        tx.execute(text, args![source, target]).await?;
    }
    tx.execute("delete from case_reports where case_id = $1", args![source]).await?;
    Ok(())
}

/// What the source said of itself lives on as a note, since its own page now leads to the target.
async fn keep_words(tx: &mut Tx, app: &App, who: &Who, source: &Case, target: &Case) -> Result<()> {
    let mut body = format!("Merged from {}: {}", source.number, source.title);
    let sure = source.confidence.as_deref().map(|sure| format!(", {} confidence", word(&CONFIDENCES, sure).to_lowercase())).unwrap_or_default();
    let verdict = source.verdict.as_deref().map(|verdict| format!("{}{sure}", word(&VERDICTS, verdict).to_lowercase())).unwrap_or_default();
    for (name, text) in [
        ("Summary", source.summary.as_str()),
        ("Class", source.class().as_str()),
        ("Verdict", verdict.as_str()),
        ("Cause", source.cause.as_str()),
        ("CVE", source.cause_cve.as_str()),
        ("Times", times_in_words(app, source).as_str()),
        ("Order of the times", source.times_reason.as_str()),
    ] {
        if !text.trim().is_empty() {
            body.push_str(&format!("\n\n{name}: {}", text.trim()));
        }
    }
    let (id, now) = (tx.new_id(), tx.now());
    let by = who.person().map(|person| person.id).or(target.owner).unwrap_or(target.id);
    tx.execute("insert into notes (id, about, body, by_whom, at, version) values ($1, $2, $3, $4, $5, 1)", args![id, target.id, &body, by, now]).await?;
    tx.index("note", id, target.id, "", &body).await?;
    Ok(())
}

/// `detected 2026-11-20 10:00, contained 2026-11-21 12:00`, by the team's clock; what is not known is left out.
fn times_in_words(app: &App, case: &Case) -> String {
    let zone = app.profile.calendar().zone().clone();
    let known = TIMES.into_iter().zip(times(case)).filter_map(|(name, at)| Some(format!("{name} {}", show::local(at?, &zone).replace('T', " "))));
    known.collect::<Vec<_>>().join(", ")
}

/// What of a case may go along into one that is split off: its name in the form, and what people call it.
pub const ALONG: [(&str, &str); 5] = [
    ("summary", "The summary"),
    ("times", "The times, with the reason for their order"),
    ("cause", "The cause"),
    ("links", "The links to other cases"),
    ("extent", "The extent"),
];

/// What goes into a new case of its own.
#[derive(Clone, Debug, Default)]
pub struct Split {
    /// Title of the new case.
    pub title: String,
    /// Reports that belong to it too.
    pub reports: Vec<Id>,
    /// Parties that are asked there too, each in a new thread.
    pub parties: Vec<Id>,
    /// What of the case goes along: names of [`ALONG`].
    pub along: Vec<String>,
}

impl Split {
    fn takes(&self, part: &str) -> bool {
        self.along.iter().any(|along| along == part)
    }
}

/// Splits a case: a new one of the same kind, label and secrecy, linked to this one.
pub async fn split(app: &App, who: &Who, id: Id, split: Split) -> Result<Case> {
    require(who, Verb::Decide, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            if let Some(made) = once::made(tx, who).await? {
                return see::get(tx, who, made).await;
            }
            let case = see::held(tx, who, id).await?;
            states::must_be_open(&case)?;
            let linked = rows::reports(tx, id).await?;
            if split.reports.iter().any(|report| !linked.contains(report)) {
                return Err(Error::invalid("Choose among the reports of this case"));
            }
            let new = NewCase {
                kind: case.kind.clone(),
                title: split.title.clone(),
                summary: if split.takes("summary") { case.summary.clone() } else { String::new() },
                label: Some(case.label),
                rsit_class: case.rsit_class.clone(),
                rsit_type: case.rsit_type.clone(),
                subtype: case.subtype.clone(),
                restricted: case.restricted,
                group: case.group,
                reports: split.reports.clone(),
                about: String::new(),
                events: String::new(),
            };
            let fresh = open_in(tx, app, who, new).await?;
            tx.execute("update cases set split_from = $2 where id = $1", args![fresh.id, id]).await?;
            take_along(tx, app, who, &split, &case, fresh.id).await?;
            for party in parties::of(tx, &case).await?.iter().filter(|party| split.parties.contains(&party.id)) {
                copy_party(tx, app, who, party, fresh.id).await?;
            }
            join(tx, id, fresh.id, "split").await?;
            tx.record(
                Record::new("case.split", "case", id).facts(json!({ "into": fresh.number, "reports": split.reports.len(), "parties": split.parties.len() })),
            );
            tx.record(Record::new("case.split_off", "case", fresh.id).facts(json!({ "from": case.number })));
            rows::touch(tx, id).await?;
            once::makes(tx, who, fresh.id).await?;
            rows::load(tx, fresh.id).await
        })
        .await
}

/// What is known of the case and was ticked is known of the new one, too.
async fn take_along(tx: &mut Tx, app: &App, who: &Who, split: &Split, from: &Case, to: Id) -> Result<()> {
    let mut fresh = rows::load(tx, to).await?;
    if split.takes("times") {
        let slots =
            [&mut fresh.occurred_at, &mut fresh.detected_at, &mut fresh.reported_at, &mut fresh.responded_at, &mut fresh.contained_at, &mut fresh.recovered_at];
        for (slot, at) in slots.into_iter().zip(times(from)) {
            *slot = at.or(*slot);
        }
        fresh.times_reason.clone_from(&from.times_reason);
    }
    if split.takes("cause") {
        fresh.cause.clone_from(&from.cause);
        fresh.cause_cve.clone_from(&from.cause_cve);
    }
    rows::save(tx, &mut fresh).await?;
    if split.takes("links") {
        for other in linked_cases(tx, who, from.id).await? {
            if join(tx, to, other.id, "related").await? {
                told(tx, "case.linked", to, other.id).await?;
            }
        }
    }
    if split.takes("extent") {
        extent::join_in(tx, who, to, from.id).await?;
    }
    severity::judge_again(tx, app, to).await
}

/// Says on both timelines what became of the link between two cases.
async fn told(tx: &mut Tx, verb: &str, one: Id, other: Id) -> Result<()> {
    for (here, there) in [(one, other), (other, one)] {
        tx.record(Record::new(verb, "case", here).facts(json!({ "case": there })));
        rows::touch(tx, here).await?;
    }
    Ok(())
}

/// The same party in the new case: a thread of its own, which begins empty.
async fn copy_party(tx: &mut Tx, app: &App, who: &Who, party: &Party, to: Id) -> Result<()> {
    let there: Option<i64> = match party.report {
        Some(report) => tx.value("select 1 from parties where case_id = $1 and report_id = $2", args![to, report]).await?,
        None => None,
    };
    if there.is_some() {
        return Ok(());
    }
    let new = NewParty {
        organisation: party.organisation,
        contact: party.contact,
        report: party.report,
        name: party.name.clone(),
        alias: party.alias.clone(),
        role: party.role.clone(),
        mail: party.mail.clone(),
        phone: party.phone.clone(),
        language: Some(party.language.clone()),
        reach: party.reach.clone(),
        ceiling: Some(party.ceiling),
        checked: party.checked,
    };
    parties::add_in(tx, app, who, to, new).await?;
    Ok(())
}

/// Links two cases that have to do with each other.
pub async fn link_cases(app: &App, who: &Who, one: Id, other: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (one, other) = (see::get(tx, who, one).await?, see::get(tx, who, other).await?);
            if one.id == other.id {
                return Err(Error::conflict("A case cannot be linked to itself."));
            }
            if !join(tx, one.id, other.id, "related").await? {
                return Err(Error::conflict("These cases are linked already."));
            }
            told(tx, "case.linked", one.id, other.id).await
        })
        .await
}

/// Takes the link between two cases back.
pub async fn unlink_cases(app: &App, who: &Who, one: Id, other: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (one, other) = (see::get(tx, who, one).await?, see::get(tx, who, other).await?);
            let text = "delete from case_links where case_id = $1 and other_id = $2 or case_id = $2 and other_id = $1";
            if tx.execute(text, args![one.id, other.id]).await? == 0 {
                return Err(Error::conflict("These cases are not linked."));
            }
            told(tx, "case.unlinked", one.id, other.id).await
        })
        .await
}

async fn join(tx: &mut Tx, one: Id, other: Id, kind: &'static str) -> Result<bool> {
    let mut added = 0;
    for (here, there) in [(one, other), (other, one)] {
        added += tx
            .execute(
                "insert into case_links (case_id, other_id, kind) values ($1, $2, $3) on conflict (case_id, other_id) do nothing",
                args![here, there, kind],
            )
            .await?;
    }
    Ok(added > 0)
}

/// The cases linked to one, that this viewer may know of.
pub async fn linked_cases(reader: &mut Reader, who: &Who, id: Id) -> Result<Vec<Case>> {
    let mut statement = store::Statement::new(super::case::COLUMNS);
    statement.push("join case_links l on l.other_id = c.id where l.case_id = ").bind(id).push(" and ");
    see::push_visible(&mut statement, who);
    statement.push(" order by c.number limit 50");
    Ok(reader.select(statement).await?)
}

/// The cases that were merged into one.
pub(super) async fn merged_into(reader: &mut Reader, id: Id) -> Result<Vec<Id>> {
    let rows: Vec<(Id,)> = reader.rows("select id from cases where merged_into = $1 order by id limit 50", args![id]).await?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
