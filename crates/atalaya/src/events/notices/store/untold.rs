//! What was not told, by reason.

use ::store::{FromRow, Id, Reader, Row, Tx, args};
use jiff::Timestamp;

use super::small;
use crate::Result;
use crate::events::notices::untold::{Unseen, Untold};

impl FromRow for Untold {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self {
            holder: row.get()?,
            organisation: row.get()?,
            why: row.get()?,
            rule: row.get()?,
            findings: row.get()?,
            severity: small(row)?,
            first: row.get()?,
            newest: row.get()?,
            since: row.get()?,
        })
    }
}

impl FromRow for Unseen {
    fn from_row(row: &mut Row) -> ::store::Result<Self> {
        Ok(Self { holder: row.get()?, events: row.get()?, since: row.get()? })
    }
}

/// What waits is what the last look says; what is left behind stays, since no later look comes back to it.
pub async fn note_untold(tx: &mut Tx, holder: i64, now: &[Untold]) -> ::store::Result<()> {
    let text = "select why, rule_id from notice_untold where holder = $1 and why in ('paused', 'early', 'few', 'moved')";
    let waited: Vec<(String, Id)> = tx.rows(text, args![holder]).await?;
    for (why, rule) in waited.iter().filter(|(why, rule)| !now.iter().any(|one| one.why == *why && one.rule == *rule)) {
        tx.execute("delete from notice_untold where holder = $1 and why = $2 and rule_id = $3", args![holder, why, *rule]).await?;
    }
    let at = tx.now();
    for one in now {
        tx.execute(
            "insert into notice_untold (holder, organisation_id, why, rule_id, findings, severity, first, newest, since, at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) \
             on conflict (holder, why, rule_id) do update set findings = excluded.findings, newest = excluded.newest, at = excluded.at, \
             severity = case when notice_untold.severity > excluded.severity and excluded.why not in ('paused', 'early', 'few', 'moved') then notice_untold.severity else excluded.severity end, \
             first = case when notice_untold.first < excluded.first then notice_untold.first else excluded.first end",
            args![one.holder, one.organisation, &one.why, one.rule, one.findings, i64::from(one.severity), one.first, one.newest, at],
        )
        .await?;
    }
    Ok(())
}

pub async fn untold(reader: &mut Reader, limit: u32) -> Result<Vec<Untold>> {
    let text =
        "select holder, organisation_id, why, rule_id, findings, severity, first, newest, since from notice_untold order by holder, why, rule_id limit $1";
    Ok(reader.rows(text, args![limit]).await?)
}

/// Organisations with findings that nobody tells by itself.
pub async fn count_untold(reader: &mut Reader) -> Result<i64> {
    let text = "select count(*) from (select distinct holder from notice_untold where why in ('no_rule', 'unwanted', 'mild', 'paused') limit 1001) u";
    Ok(reader.count(text, args![]).await?)
}

/// Holders with events behind all that a run looked at.
pub async fn unseen(reader: &mut Reader, limit: u32) -> Result<Vec<Unseen>> {
    let text = "select s.holder, cast(sum(a.events) as BIGINT), min(f.read_at) from notice_standing s \
                join event_arrivals a on a.holder = s.holder and a.arrival > s.told_to join event_files f on f.arrival = a.arrival \
                where s.newest > s.told_to and not exists (select 1 from notice_held h where h.holder = s.holder) \
                and not exists (select 1 from notice_untold u where u.holder = s.holder and u.newest >= s.newest) \
                group by s.holder order by s.holder limit $1";
    Ok(reader.rows(text, args![limit]).await?)
}

/// The first arrival of what rules left behind of a holder.
pub async fn first_left(reader: &mut Reader, holder: i64) -> Result<Option<i64>> {
    let text = "select min(first) from notice_untold where holder = $1 and why in ('no_rule', 'unwanted', 'mild')";
    Ok(reader.value::<Option<i64>>(text, args![holder]).await?.flatten())
}

/// Has a holder's arrivals from this one on looked at again; a run that is under way begins again.
pub async fn look_again(tx: &mut Tx, holder: i64, first: i64) -> Result<()> {
    let text = "update notice_standing set looked = 0, turn = turn + 1, told_to = case when told_to > $2 then $2 else told_to end where holder = $1";
    tx.execute(text, args![holder, first - 1]).await?;
    tx.execute("delete from notice_untold where holder = $1 and why in ('no_rule', 'unwanted', 'mild')", args![holder]).await?;
    Ok(())
}

/// When each rule speaks next.
pub async fn turns(reader: &mut Reader) -> Result<Vec<(Id, Timestamp)>> {
    Ok(reader.rows("select rule_id, next_at from notice_turns order by rule_id", args![]).await?)
}

/// Lets go of what is so old that nobody can look at it again.
pub async fn forget_untold(tx: &mut Tx, before: i64) -> ::store::Result<()> {
    tx.execute("delete from notice_untold where newest <= $1", args![before]).await.map(drop)
}
