//! How bad a case is: by the team's declared rules, or by a person who says why.

use serde_json::json;
use store::{Id, Reader, Record};

use super::case::Case;
use super::{extent, see, states, store as rows};
use crate::access::{Noun, Verb, Who, require};
use crate::profile::{Level, Situation};
use crate::reports::scope::Scope;
use crate::{App, Error, Result};

/// What `severity_rule` says when a person decided.
pub const OVERRIDE: &str = "override";

/// Judges a case by the rules, unless a person overrode them. Says whether anything changed.
pub(super) async fn judge(reader: &mut Reader, app: &App, case: &mut Case) -> Result<bool> {
    if case.severity_rule == OVERRIDE {
        return Ok(false);
    }
    let in_scope = decided(states::scope_of(reader, case.id).await?);
    let known = Known::of(reader, app, case).await?;
    let rules = &app.profile.severity;
    let rule = rules.judge(&known.situation(case, in_scope));
    let (severity, name) = (rule.level.as_str(), format!("{}@{}", rule.id, rules.version));
    let changed = case.severity != severity || case.severity_rule != name;
    case.severity = severity.to_owned();
    case.severity_rule = name;
    Ok(changed)
}

/// What the rules would say of a case once it is decided whether it is ours, in words; empty when that is
/// decided, or changes nothing. Until then no rule holds that asks for it.
pub async fn undecided(reader: &mut Reader, app: &App, case: &Case) -> Result<String> {
    if case.severity_rule == OVERRIDE || states::scope_of(reader, case.id).await? != Scope::Unknown {
        return Ok(String::new());
    }
    let known = Known::of(reader, app, case).await?;
    let mut says = String::new();
    for (ours, when) in [(true, "If it is"), (false, "If it is not")] {
        let rule = app.profile.severity.judge(&known.situation(case, Some(ours)));
        if rule.level.as_str() != case.severity {
            says.push_str(&format!(" {when}, the rule {} makes it {}.", rule.id.replace(['-', '_'], " "), rule.level.as_str()));
        }
    }
    Ok(if says.is_empty() { says } else { format!("Whether the case is ours is not decided yet.{says}") })
}

fn decided(scope: Scope) -> Option<bool> {
    match scope {
        Scope::In => Some(true),
        Scope::Out => Some(false),
        Scope::Unknown => None,
    }
}

/// What rules look at besides the case itself and its scope.
struct Known {
    extent: Option<u64>,
    critical: bool,
}

impl Known {
    async fn of(reader: &mut Reader, app: &App, case: &Case) -> Result<Self> {
        Ok(Self { extent: extent::latest(reader, case.id).await?.hit(), critical: critical(reader, app, case.id).await? })
    }

    fn situation<'a>(&self, case: &'a Case, in_scope: Option<bool>) -> Situation<'a> {
        Situation { class: &case.rsit_class, rsit_type: &case.rsit_type, kind: &case.kind, in_scope, extent: self.extent, critical_sector: self.critical }
    }
}

/// Whether a party stands in a sector whose outage everybody feels.
async fn critical(reader: &mut Reader, app: &App, id: Id) -> Result<bool> {
    let sectors = crate::constituency::sectors_of_parties(reader, id).await?;
    Ok(app.profile.sectors.iter().any(|sector| sector.critical && sectors.contains(&sector.id)))
}

/// It was decided whether a report is ours: its cases are judged again.
pub async fn judge_report_in(tx: &mut store::Tx, app: &App, report: Id) -> Result<()> {
    for case in rows::cases_of_all(tx, &[report]).await? {
        judge_again(tx, app, case).await?;
    }
    Ok(())
}

/// Judges again after something changed that rules look at, and says so on the timeline.
pub(super) async fn judge_again(tx: &mut store::Tx, app: &App, id: Id) -> Result<()> {
    let mut case = rows::load(tx, id).await?;
    let was = case.severity.clone();
    if judge(tx, app, &mut case).await? {
        rows::save(tx, &mut case).await?;
        if was != case.severity {
            tx.record(Record::new("case.judged", "case", id).facts(json!({ "from": was, "to": case.severity, "rule": case.severity_rule })));
        }
    }
    Ok(())
}

/// A person decides otherwise than the rules, with a reason; an empty level gives the rules back their say.
pub async fn set_severity(app: &App, who: &Who, id: Id, level: &str, reason: &str) -> Result<()> {
    require(who, Verb::Decide, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut case = see::held(tx, who, id).await?;
            let was = case.severity.clone();
            let reason = reason.trim();
            if level.is_empty() {
                case.severity_rule = String::new();
                case.severity_reason = String::new();
                judge(tx, app, &mut case).await?;
            } else {
                let level = Level::parse(level).ok_or_else(|| Error::invalid("Choose a severity"))?;
                if reason.is_empty() {
                    return Err(Error::invalid("Say why the rule does not fit"));
                }
                case.severity = level.as_str().to_owned();
                case.severity_rule = OVERRIDE.into();
                case.severity_reason = reason.to_owned();
            }
            rows::save(tx, &mut case).await?;
            tx.record(
                Record::new("case.judged", "case", id)
                    .facts(json!({ "from": was, "to": case.severity, "rule": case.severity_rule }))
                    .particulars(json!({ "reason": reason })),
            );
            Ok(())
        })
        .await
}
