//! How bad a case is: by the team's declared rules, or by a person who says why.

use serde_json::json;
use store::{Id, Reader, Record};

use super::case::Case;
use super::{extent, see, states, store as rows};
use crate::access::{Noun, Verb, Who, require};
use crate::profile::{Level, Situation};
use crate::{App, Error, Result};

/// What `severity_rule` says when a person decided.
pub const OVERRIDE: &str = "override";

/// Judges a case by the rules, unless a person overrode them. Says whether anything changed.
pub(super) async fn judge(reader: &mut Reader, app: &App, case: &mut Case) -> Result<bool> {
    if case.severity_rule == OVERRIDE {
        return Ok(false);
    }
    let hit = extent::latest(reader, case.id).await?.hit();
    let now = Situation {
        class: &case.rsit_class,
        rsit_type: &case.rsit_type,
        kind: &case.kind,
        in_scope: states::in_scope(reader, case.id).await?,
        extent: hit,
        critical_sector: critical(reader, app, case.id).await?,
    };
    let rules = &app.profile.severity;
    let rule = rules.judge(&now);
    let (severity, name) = (rule.level.as_str(), format!("{}@{}", rule.id, rules.version));
    let changed = case.severity != severity || case.severity_rule != name;
    case.severity = severity.to_owned();
    case.severity_rule = name;
    Ok(changed)
}

/// Whether a party stands in a sector whose outage everybody feels.
async fn critical(reader: &mut Reader, app: &App, id: Id) -> Result<bool> {
    let sectors = crate::constituency::sectors_of_parties(reader, id).await?;
    Ok(app.profile.sectors.iter().any(|sector| sector.critical && sectors.contains(&sector.id)))
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
            let mut case = see::get(tx, who, id).await?;
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
