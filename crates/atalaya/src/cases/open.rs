//! Opening a case and linking reports to it.

use formats::label::Tlp;
use serde_json::json;
use store::{Id, Record, Tx, args};

use super::case::{Case, KINDS, VERDICTS};
use super::{parties, see, severity, states, store as rows, team};
use crate::access::{Noun, Verb, Who, require};
use crate::people::named;
use crate::reports::{linked, sightings};
use crate::{App, Error, Result, clocks, once};

/// What is known of a case when it is opened.
#[derive(Clone, Debug, Default)]
pub struct NewCase {
    /// One of [`KINDS`].
    pub kind: String,
    /// One line.
    pub title: String,
    /// A few lines, or empty.
    pub summary: String,
    /// Label; the team's default if nothing was said. Never below that of a report.
    pub label: Option<Tlp>,
    /// RSIT class, or empty.
    pub rsit_class: String,
    /// RSIT type, or empty.
    pub rsit_type: String,
    /// The team's own sub-type, or empty.
    pub subtype: String,
    /// Whether only its owner may know of it, and the group if there is one.
    pub restricted: bool,
    /// The group that may know of it, too.
    pub group: Option<Id>,
    /// The reports that it comes from.
    pub reports: Vec<Id>,
    /// Addresses and names that it is about besides: it is found by them.
    pub about: String,
    /// The selection of events that it is opened from, as the fields of an address; empty for any other case.
    pub events: String,
}

/// Opens a case.
pub async fn open(app: &App, who: &Who, new: NewCase) -> Result<Case> {
    app.db
        .change(&who.to_string(), async |tx| {
            if let Some(id) = once::made(tx, who).await? {
                let there = see::get(tx, who, id).await?;
                if there.is_open() {
                    return Ok(there);
                }
            }
            let case = open_in(tx, app, who, new).await?;
            once::makes(tx, who, case.id).await?;
            Ok(case)
        })
        .await
}

/// Opens a case inside a change that does more.
pub async fn open_in(tx: &mut Tx, app: &App, who: &Who, new: NewCase) -> Result<Case> {
    require(who, Verb::Change, Noun::Case)?;
    let title = new.title.trim();
    super::facts::check_words(title, &[&new.summary])?;
    if !KINDS.iter().any(|(kind, _)| *kind == new.kind) {
        return Err(Error::invalid("Choose what kind of case this is"));
    }
    super::facts::check_class(app, &new.rsit_class, &new.rsit_type, &new.subtype)?;
    let now = tx.now();
    let year = now.to_zoned(app.profile.calendar().zone().clone()).year();
    let place = tx.draw_number(&format!("case-{year}")).await?;
    let mut case = Case {
        id: tx.new_id(),
        number: format!("{}-{year}-{place:06}", app.profile.team.number_prefix),
        kind: new.kind,
        title: title.to_owned(),
        summary: new.summary,
        label: new.label.unwrap_or(app.profile.labels.default),
        state: "open".into(),
        phase: "triage".into(),
        verdict: None,
        confidence: None,
        rsit_class: new.rsit_class,
        rsit_type: new.rsit_type,
        subtype: new.subtype,
        severity: String::new(),
        severity_rule: String::new(),
        severity_reason: String::new(),
        owner: who.person().map(|person| person.id),
        group: new.group,
        restricted: new.restricted || new.group.is_some(),
        occurred_at: None,
        detected_at: None,
        reported_at: None,
        responded_at: None,
        contained_at: None,
        recovered_at: None,
        times_reason: String::new(),
        cause: String::new(),
        cause_cve: String::new(),
        outcome: None,
        outcome_reason: String::new(),
        waiver_by: None,
        waiver_reason: String::new(),
        merged_into: None,
        split_from: None,
        due_at: None,
        opened_at: now,
        closed_at: None,
        updated_at: now,
        version: 1,
    };
    if let Some(group) = case.group
        && !named::groups(tx).await?.iter().any(|(id, _)| *id == group)
    {
        return Err(Error::invalid("Choose a group"));
    }
    if !team::is_known_to_somebody(tx, &case).await? {
        return Err(Error::invalid("Nobody would see it: choose a group with somebody in it"));
    }
    let others = rows::cases_of_all(tx, &new.reports).await?;
    see::hold(tx, &others).await?;
    let mut linked = Vec::new();
    for id in &new.reports {
        let report = linked::brief(tx, *id).await?.ok_or(Error::NotFound)?;
        case.label = case.label.join(report.label);
        case.reported_at = Some(case.reported_at.map_or(report.received_at, |known| known.min(report.received_at)));
        let surer = case.verdict.as_deref() != Some("confirmed") && report.verdict.as_deref() == Some("confirmed");
        if (case.verdict.is_none() || surer) && VERDICTS.iter().any(|(known, _)| report.verdict.as_deref() == Some(known)) {
            (case.verdict, case.confidence) = (report.verdict.clone(), report.confidence.clone());
        }
        if !linked.iter().any(|known: &linked::Brief| known.id == report.id) {
            linked.push(report);
        }
    }
    severity::judge(tx, app, &mut case).await?;
    rows::insert(tx, &case).await?;
    if !new.events.is_empty() {
        rows::insert_selection(tx, case.id, &new.events).await?;
    }
    let numbers: Vec<&str> = linked.iter().map(|report| report.number.as_str()).collect();
    tx.record(
        Record::new("case.opened", "case", case.id)
            .facts(json!({
                "number": case.number, "kind": case.kind, "label": case.label.as_str(), "severity": case.severity, "rule": case.severity_rule,
                "class": case.class(), "reports": numbers, "restricted": case.restricted, "verdict": case.verdict, "confidence": case.confidence
            }))
            .particulars(json!({ "title": case.title })),
    );
    if !new.about.is_empty() {
        sightings::look_through(tx, &sightings::Place { about: case.id, noun: "case", message: None }, &new.about).await?;
    }
    linked.sort_unstable_by_key(|report| report.id);
    for report in &linked {
        attach(tx, app, who, &case, report).await?;
        // Whoever opens the case answers for what its reporter was promised.
        if let Some(person) = who.person().filter(|_| report.owner.is_none()) {
            linked::take_in(tx, report.id, person.id).await?;
        }
    }
    // Only now its reports and parties are known.
    severity::judge_again(tx, app, case.id).await?;
    clocks::start(tx, app, "case", case.id, &clocks::Facts::opened(&case.kind), now).await?;
    index(tx, &case).await?;
    states::refresh_due(tx, case.id).await?;
    rows::load(tx, case.id).await
}

/// Links a report to a case.
pub async fn link_report(app: &App, who: &Who, case: Id, report: Id) -> Result<()> {
    app.db.change(&who.to_string(), async |tx| link_report_in(tx, app, who, case, report).await).await
}

/// Links a report to a case, inside a change that does more.
pub async fn link_report_in(tx: &mut Tx, app: &App, who: &Who, case: Id, report: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    // Held, so that it is open still when the report is in it; and with it what the report is in already.
    see::hold_of_report_in(tx, report, &[case]).await?;
    let mut case = see::get(tx, who, case).await?;
    if case.merged_into.is_some() {
        return Err(Error::conflict("This case was merged into another one: link the report there."));
    }
    if !case.is_open() {
        return Err(Error::conflict(format!("{} is {}: reopen it first, or the report would end unread.", case.number, case.state)));
    }
    let report = linked::brief(tx, report).await?.ok_or(Error::NotFound)?;
    let raised = case.label.join(report.label);
    if raised != case.label {
        let from = case.label;
        case.label = raised;
        rows::save(tx, &mut case).await?;
        tx.record(Record::new("case.labelled", "case", case.id).facts(json!({ "from": from.as_str(), "to": raised.as_str(), "report": report.number })));
    }
    attach(tx, app, who, &case, &report).await?;
    severity::judge_again(tx, app, case.id).await?;
    states::refresh_due(tx, case.id).await?;
    let told = Record::new("case.report_linked", "case", case.id).facts(json!({ "report": report.number })).particulars(json!({ "title": report.title }));
    tx.record(told);
    rows::touch(tx, case.id).await
}

/// Takes a report out of a case. What came from it into the case stays.
pub async fn unlink_report(app: &App, who: &Who, case: Id, report: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let case = see::held(tx, who, case).await?;
            let brief = linked::brief(tx, report).await?.ok_or(Error::NotFound)?;
            if !rows::unlink(tx, case.id, report).await? {
                return Err(Error::conflict(format!("{} is not linked to this case.", brief.number)));
            }
            tx.record(Record::new("case.report_unlinked", "case", case.id).facts(json!({ "report": brief.number })));
            states::settle(tx, &case, report).await?;
            severity::judge_again(tx, app, case.id).await?;
            states::refresh_due(tx, case.id).await?;
            rows::touch(tx, case.id).await
        })
        .await
}

/// The link itself, with all that comes with it: observables, the reporter as a party, the report's state.
pub(super) async fn attach(tx: &mut Tx, app: &App, who: &Who, case: &Case, report: &linked::Brief) -> Result<()> {
    see::may_see_report(tx, who, report.id).await?;
    if !rows::link(tx, case.id, report.id).await? {
        return Err(Error::conflict(format!("{} is linked to this case already.", report.number)));
    }
    sightings::copy_sightings_in(tx, report.id, case.id).await?;
    add_reporter(tx, app, who, case, report).await?;
    states::settle(tx, case, report.id).await
}

/// The reporter becomes a party, so that we can talk with them inside the case.
async fn add_reporter(tx: &mut Tx, app: &App, who: &Who, case: &Case, report: &linked::Brief) -> Result<()> {
    // Who reported sealed is spoken with in the sealed dialogue, and would never see a page of this case.
    if report.channel == "sealed" {
        return Ok(());
    }
    let known: Option<i64> = tx.value("select 1 from parties where case_id = $1 and report_id = $2", args![case.id, report.id]).await?;
    if known.is_some() {
        return Ok(());
    }
    let said = [&report.reporter_org, &report.reporter_name, &report.reporter_mail].into_iter().find(|text| !text.is_empty());
    // Known by its address or log-in, it has the registry's name, whatever the report calls it.
    let name = said.filter(|_| report.organisation.is_none());
    let new = parties::NewParty {
        organisation: report.organisation,
        report: Some(report.id),
        name: name.cloned().unwrap_or_default(),
        alias: "the reporter".into(),
        role: "reporter".into(),
        language: Some(report.language.clone()),
        ..parties::NewParty::default()
    };
    parties::add_in(tx, app, who, case.id, new).await?;
    Ok(())
}

/// What search finds of the case itself.
pub(super) async fn index(tx: &mut Tx, case: &Case) -> Result<()> {
    let body = format!("{}\n{}\n{}\n{}\n{}", case.number, case.summary, case.cause, case.cause_cve, case.class());
    Ok(tx.index("case", case.id, case.id, &case.title, &body).await?)
}
