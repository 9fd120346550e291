//! Rules, and when each is due next.

use ::store::{FromRow, Id, Reader, Row, Statement, Tx, Value, args};
use jiff::Timestamp;

use super::small;
use crate::Result;
use crate::events::notices::rule::{Rule, RuleDetails};

const RULE: &str = "select id, place, name, scope, organisation_id, feeds, kinds, types, severity, threshold, due, weekday, hour, quiet_days, csv, csv_bytes, template, language, state, \
     paused_until, pause_reason, created_at, updated_at, version from notice_rules ";

impl FromRow for Rule {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        let id = row.get()?;
        let says = RuleDetails {
            place: row.get()?,
            name: row.get()?,
            scope: row.get()?,
            organisation: row.get()?,
            feeds: row.get()?,
            kinds: row.get()?,
            types: row.get()?,
            severity: small(row)?,
            threshold: row.get()?,
            due: row.get()?,
            weekday: small(row)?,
            hour: small(row)?,
            quiet_days: row.get()?,
            csv: row.get()?,
            csv_bytes: row.get()?,
            template: row.get()?,
            language: row.get()?,
            state: row.get()?,
            paused_until: row.get::<String>()?.parse().ok(),
            pause_reason: row.get()?,
        };
        Ok(Self { id, says, created_at: row.get()?, updated_at: row.get()?, version: row.get()? })
    }
}

pub async fn rules(reader: &mut Reader) -> ::store::Result<Vec<Rule>> {
    let mut statement = Statement::new(RULE);
    statement.push("order by place, id");
    reader.select(statement).await
}

pub async fn rule(reader: &mut Reader, id: Id) -> Result<Option<Rule>> {
    let mut statement = Statement::new(RULE);
    statement.push("where id = ").bind(id);
    Ok(reader.select(statement).await?.into_iter().next())
}

pub async fn rule_named(reader: &mut Reader, name: &str) -> Result<Option<Rule>> {
    let mut statement = Statement::new(RULE);
    statement.push("where name = ").bind(name);
    Ok(reader.select(statement).await?.into_iter().next())
}

/// What a rule says, as values in the order of the columns.
fn said(one: &Rule) -> Vec<Value> {
    let says = &one.says;
    args![
        says.place,
        &says.name,
        &says.scope,
        says.organisation,
        &says.feeds,
        &says.kinds,
        &says.types,
        i64::from(says.severity),
        says.threshold,
        &says.due,
        i64::from(says.weekday),
        i64::from(says.hour),
        says.quiet_days,
        &says.csv,
        says.csv_bytes,
        &says.template,
        &says.language,
        &says.state,
        says.paused_until.map(|day| day.to_string()).unwrap_or_default(),
        &says.pause_reason,
        one.updated_at,
        one.version
    ]
}

pub async fn insert_rule(tx: &mut Tx, one: &Rule) -> Result<()> {
    let mut values = args![one.id, one.created_at];
    values.extend(said(one));
    tx.execute(
        "insert into notice_rules (id, created_at, place, name, scope, organisation_id, feeds, kinds, types, severity, threshold, due, weekday, hour, quiet_days, csv, csv_bytes, template, \
         language, state, paused_until, pause_reason, updated_at, version) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
        values,
    )
    .await?;
    Ok(())
}

/// Writes a rule over the version before; says whether that was still there.
pub async fn update_rule(tx: &mut Tx, one: &Rule) -> Result<bool> {
    let mut values = args![one.id, one.version - 1];
    values.extend(said(one));
    let touched = tx
        .execute(
            "update notice_rules set place = $3, name = $4, scope = $5, organisation_id = $6, feeds = $7, kinds = $8, types = $9, severity = $10, threshold = $11, due = $12, weekday = $13, \
             hour = $14, quiet_days = $15, csv = $16, csv_bytes = $17, template = $18, language = $19, state = $20, paused_until = $21, pause_reason = $22, updated_at = $23, version = $24 \
             where id = $1 and version = $2",
            values,
        )
        .await?;
    Ok(touched == 1)
}

/// When a rule is due next; never, if it is none that waits for a moment.
pub async fn set_turn(tx: &mut Tx, rule: Id, next: Option<Timestamp>) -> ::store::Result<()> {
    match next {
        Some(at) => {
            let text = "insert into notice_turns (rule_id, next_at) values ($1, $2) on conflict (rule_id) do update set next_at = excluded.next_at";
            tx.execute(text, args![rule, at]).await.map(drop)
        }
        None => tx.execute("delete from notice_turns where rule_id = $1", args![rule]).await.map(drop),
    }
}

pub async fn has_turn(reader: &mut Reader, rule: Id) -> ::store::Result<bool> {
    Ok(reader.value::<i64>("select 1 from notice_turns where rule_id = $1", args![rule]).await?.is_some())
}

pub async fn turns_until(reader: &mut Reader, now: Timestamp) -> ::store::Result<Vec<(Id, Timestamp)>> {
    reader.rows("select rule_id, next_at from notice_turns where next_at <= $1 order by next_at, rule_id", args![now]).await
}

pub async fn next_turn(reader: &mut Reader) -> ::store::Result<Option<Timestamp>> {
    reader.value("select next_at from notice_turns order by next_at limit 1", args![]).await
}
