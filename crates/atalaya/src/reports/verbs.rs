//! What the team does with a report: judge it, give it to somebody, refer it, reject it, resolve it.

use ::store::{Id, Reader, Record, Tx, args};
use formats::label::Tlp;
use jiff::Timestamp;
use serde_json::json;

use super::KINDS;
use super::answer::{self, Words};
use super::report::{self, Report};
use super::states::{must, step};
use crate::access::{Noun, Verb, Who, require};
use crate::clocks;
use crate::profile::Asked;
use crate::profile::Referral;
use crate::text::short_line;
use crate::{App, Error, Result};

/// One change of one report by somebody of the team.
pub(super) async fn on(app: &App, who: &Who, id: Id, work: impl AsyncFnOnce(&mut Tx, Report) -> Result<()>) -> Result<()> {
    require(who, Verb::Change, Noun::Report)?;
    app.db
        .change(&who.to_string(), async |tx| {
            // Whoever writes it at this moment is waited for: none of two is sent back, and neither overlooks the other.
            tx.hold("reports", id).await?;
            let report = must(tx, id).await?;
            work(tx, report).await
        })
        .await
}

/// Gives the report to somebody of the team, or to nobody.
pub async fn assign(app: &App, who: &Who, id: Id, owner: Option<Id>) -> Result<()> {
    on(app, who, id, async |tx, report| {
        if let Some(owner) = owner {
            let role: Option<String> = tx.value("select role from people where id = $1 and state = 'active'", args![owner]).await?;
            if !role.as_deref().and_then(crate::access::Role::named).is_some_and(crate::access::Role::is_staff) {
                return Err(Error::invalid("Choose somebody of the team."));
            }
        }
        let now = tx.now();
        tx.execute("update reports set owner_id = $2, updated_at = $3, version = version + 1 where id = $1", args![id, owner, now]).await?;
        tx.record(Record::new("report.assigned", "report", id).facts(json!({ "owner": owner, "before": report.owner })));
        Ok(())
    })
    .await
}

/// What the team may write anew about a report; nothing stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The version that whoever changes it looked at.
    pub seen: Option<i64>,
    /// Its title.
    pub title: Option<String>,
    /// What it is about.
    pub kind: Option<String>,
    /// How far it may go.
    pub label: Option<Tlp>,
    /// Whether it is urgent.
    pub urgent: Option<bool>,
    /// Whether help is wanted.
    pub help: Option<bool>,
}

/// Writes the facts of a report anew: all of them, or none when somebody else was faster.
pub async fn set_facts(app: &App, who: &Who, id: Id, new: Facts) -> Result<()> {
    app.db.change(&who.to_string(), async |tx| set_facts_in(tx, app, who, id, new).await).await?;
    Ok(())
}

/// The same inside a change that does more. Says whether other promises hold now: what its cases have
/// due follows.
pub async fn set_facts_in(tx: &mut Tx, app: &App, who: &Who, id: Id, new: Facts) -> Result<bool> {
    require(who, Verb::Change, Noun::Report)?;
    let title = new.title.as_deref().map(|title| short_line(title, 200));
    if title.as_deref() == Some("") {
        return Err(Error::invalid("Give the report a title."));
    }
    if let Some(kind) = new.kind.as_deref().filter(|kind| !KINDS.contains(kind)) {
        return Err(Error::invalid(format!("“{kind}” is no kind of report.")));
    }
    let before = must(tx, id).await?;
    if new.seen.is_some_and(|seen| seen != before.version) {
        return Err(Error::conflict(format!("{} was changed by somebody else meanwhile.", before.number)));
    }
    let mut report = before.clone();
    report.title = title.unwrap_or(report.title);
    report.kind = new.kind.unwrap_or(report.kind);
    report.label = new.label.unwrap_or(report.label);
    report.urgent = new.urgent.unwrap_or(report.urgent);
    report.help = new.help.unwrap_or(report.help);
    let same =
        (&report.title, &report.kind, report.label, report.urgent, report.help) == (&before.title, &before.kind, before.label, before.urgent, before.help);
    if same {
        return Ok(false);
    }
    write_facts(tx, &before, &report).await?;
    let now_asked = (report.kind.as_str(), report.urgent, report.help);
    let other = now_asked != (before.kind.as_str(), before.urgent, before.help) && matches!(report.state.as_str(), "new" | "open");
    if other {
        let facts = clocks::Facts { event: "received", kind: report.kind.clone(), urgent: report.urgent, help: report.help };
        clocks::refit(tx, app, "report", id, &facts, report.received_at).await?;
        refresh_due(tx, id).await?;
    }
    Ok(other)
}

/// Writes what changed, and an entry for each thing that did.
async fn write_facts(tx: &mut Tx, before: &Report, report: &Report) -> Result<()> {
    let (id, now) = (report.id, tx.now());
    let text = "update reports set title = $2, kind = $3, label = $4, urgent = $5, help = $6, updated_at = $7, version = version + 1 \
                where id = $1 and version = $8";
    let values = args![id, &report.title, &report.kind, report.label.as_str(), report.urgent, report.help, now, before.version];
    if tx.execute(text, values).await? == 0 {
        return Err(Error::conflict(format!("{} was changed by somebody else just now.", report.number)));
    }
    if report.title != before.title {
        index(tx, report).await?;
        tx.record(Record::new("report.titled", "report", id).particulars(json!({ "title": report.title, "before": before.title })));
    }
    if report.kind != before.kind {
        tx.record(Record::new("report.kind_set", "report", id).facts(json!({ "kind": report.kind, "before": before.kind })));
    }
    if (report.urgent, report.help) != (before.urgent, before.help) {
        tx.record(Record::new("report.marked", "report", id).facts(json!({ "urgent": report.urgent, "help": report.help })));
    }
    if report.label != before.label {
        tx.record(Record::new("report.labelled", "report", id).facts(json!({ "label": report.label.as_str(), "before": before.label.as_str() })));
    }
    Ok(())
}

/// Puts the report into the search index anew, with all that was found in it.
async fn index(tx: &mut Tx, report: &Report) -> Result<()> {
    let mut words = format!("{}\n{} {} {}\n", report.body, report.reporter_name, report.reporter_mail, report.reporter_org);
    for seen in report::observables(tx, report.id).await? {
        words.push_str(&seen.value);
        words.push(' ');
    }
    Ok(tx.index("report", report.id, report.id, &format!("{} {}", report.number, report.title), &words).await?)
}

/// Says whether the report is ours: `in`, `out` or `unknown`, and why. Out needs a reason.
pub async fn set_scope_in(tx: &mut Tx, who: &Who, id: Id, scope: &str, reason: &str) -> Result<()> {
    require(who, Verb::Change, Noun::Report)?;
    if !["in", "out", "unknown"].contains(&scope) {
        return Err(Error::invalid("Say whether it is in scope, out of scope, or not known."));
    }
    if scope == "out" {
        need(reason, "Say why it is out of scope.")?;
    }
    let (report, now) = (must(tx, id).await?, tx.now());
    let text = "update reports set scope = $2, scope_reason = $3, updated_at = $4, version = version + 1 where id = $1";
    tx.execute(text, args![id, scope, reason.trim(), now]).await?;
    tx.record(
        Record::new("report.scoped", "report", id).facts(json!({ "scope": scope, "before": report.scope })).particulars(json!({ "reason": reason.trim() })),
    );
    Ok(())
}

/// Refers the report to whom it belongs, an entry of the profile's directory, and tells the reporter.
pub async fn refer(app: &App, who: &Who, id: Id, entry: &str, reason: &str) -> Result<()> {
    let reason = need(reason, "Say why it is not ours; the reporter will read it.")?;
    let referral = directory_entry(app, entry)?;
    on(app, who, id, async |tx, report| {
        step(tx, &report, "resolved").await?;
        tx.execute("update reports set disposition = 'referred', disposition_reason = $2, scope = 'out', scope_reason = $2 where id = $1", args![id, reason])
            .await?;
        clocks::conclude(tx, id, "referred").await?;
        refresh_due(tx, id).await?;
        let words = referral_words(app, &report, referral, reason);
        answer::say(tx, app, who, &report, words, "referral").await?;
        tx.record(Record::new("report.referred", "report", id).facts(json!({ "entry": entry })).particulars(json!({ "reason": reason })));
        Ok(())
    })
    .await
}

/// What [`refer`] would tell the reporter.
pub async fn preview_referral(reader: &mut Reader, app: &App, report: &Report, entry: &str, reason: &str) -> Result<answer::Preview> {
    let referral = directory_entry(app, entry)?;
    answer::preview_words(reader, app, report, &referral_words(app, report, referral, reason.trim()), "referral").await
}

fn directory_entry<'a>(app: &'a App, entry: &str) -> Result<&'a Referral> {
    app.profile.referrals.iter().find(|referral| referral.id == entry).ok_or_else(|| Error::invalid("Choose where it belongs."))
}

fn referral_words(app: &App, report: &Report, referral: &Referral, reason: &str) -> Words {
    let text = app.languages.text(&report.language);
    let language = text.shown().to_owned();
    let reach = [referral.url.clone(), referral.mail.clone()].into_iter().flatten().collect::<Vec<_>>().join(", ");
    let values = [
        ("number", report.number.clone()),
        ("name", referral.name.text(&language).to_owned()),
        ("covers", referral.covers.text(&language).to_owned()),
        ("reach", reach),
        ("reason", reason.to_owned()),
        ("team", app.profile.team.name.text(&language).to_owned()),
    ];
    Words { subject: text.fill("reports-referred-subject", &values), body: text.fill("reports-referred-body", &values), label: Tlp::Clear, language }
}

/// Puts the report aside: it is no report for us. [`undo_reject`] takes it back.
pub async fn reject(app: &App, who: &Who, id: Id, reason: &str) -> Result<()> {
    let reason = need(reason, "Say why it is rejected.")?;
    on(app, who, id, async |tx, report| {
        step(tx, &report, "rejected").await?;
        tx.execute("update reports set disposition = 'rejected', disposition_reason = $2 where id = $1", args![id, reason]).await?;
        let ended = clocks::give_up(tx, id, "rejected").await?;
        refresh_due(tx, id).await?;
        tx.record(
            Record::new("report.rejected", "report", id).facts(json!({ "from": report.state, "clocks": ended })).particulars(json!({ "reason": reason })),
        );
        Ok(())
    })
    .await
}

/// Takes a rejection back: the report is open again, with the clocks that the rejection ended.
pub async fn undo_reject(app: &App, who: &Who, id: Id) -> Result<()> {
    on(app, who, id, async |tx, report| {
        if report.state != "rejected" {
            return Err(Error::conflict(format!("{} is {}, not rejected.", report.number, report.state)));
        }
        if report.disposition.as_deref() == Some("case") {
            return Err(Error::conflict(format!("{} was rejected with its case: reopen the case.", report.number)));
        }
        take_back(tx, &report).await?;
        tx.record(Record::new("report.unrejected", "report", id));
        Ok(())
    })
    .await
}

/// Opens a rejected report again.
pub(super) async fn take_back(tx: &mut Tx, report: &Report) -> Result<()> {
    step(tx, report, "open").await?;
    tx.execute("update reports set disposition = null, disposition_reason = '' where id = $1", args![report.id]).await?;
    revive_rejected(tx, report.id).await?;
    refresh_due(tx, report.id).await
}

/// Lets the clocks that the last rejection ended run on.
pub(super) async fn revive_rejected(tx: &mut Tx, id: Id) -> Result<()> {
    let voided = voided_by_rejection(tx, id).await?;
    clocks::revive_these(tx, id, &voided).await
}

/// The clocks that the last rejection ended.
async fn voided_by_rejection(tx: &mut Tx, id: Id) -> Result<Vec<Id>> {
    let facts: Option<String> =
        tx.value("select facts from journal where about = $1 and noun_id = $1 and verb = 'report.rejected' order by seq desc limit 1", args![id]).await?;
    Ok(facts.as_deref().and_then(clocks::named_in).unwrap_or_default())
}

/// Takes the work on a report outside of any case up again.
pub async fn reopen(app: &App, who: &Who, id: Id) -> Result<()> {
    app.db.change(&who.to_string(), async |tx| reopen_in(tx, app, who, id, false).await).await
}

/// Takes the work up again, inside a change that does more. A promise that ended without a verdict
/// counts on from the day the report came. Whoever calls this reopens its cases too.
pub async fn reopen_in(tx: &mut Tx, app: &App, who: &Who, id: Id, in_case: bool) -> Result<()> {
    require(who, Verb::Change, Noun::Report)?;
    tx.hold("reports", id).await?;
    let report = must(tx, id).await?;
    if report.state == "new" {
        return Err(Error::conflict(format!("{} was never closed.", report.number)));
    }
    step(tx, &report, "open").await?;
    taken_up(tx, app, &report, in_case).await?;
    tx.record(Record::new("report.reopened", "report", id).facts(json!({ "from": report.state })));
    Ok(())
}

/// How it ended no longer holds, and its promises run again.
pub(super) async fn taken_up(tx: &mut Tx, app: &App, report: &Report, in_case: bool) -> Result<()> {
    forget_end(tx, report.id, in_case).await?;
    let asked = Asked { kind: &report.kind, advice: report.kind == "advice", help: report.help, urgent: report.urgent };
    let applies = |id: &str| app.profile.promises.iter().find(|promise| promise.id == id).is_none_or(|promise| promise.applies(asked));
    clocks::revive(tx, report.id, applies).await?;
    refresh_due(tx, report.id).await
}

/// How it ended no longer holds.
pub(super) async fn forget_end(tx: &mut Tx, id: Id, in_case: bool) -> Result<()> {
    let disposition = in_case.then_some("case");
    tx.execute("update reports set disposition = $2, disposition_reason = '' where id = $1", args![id, disposition]).await?;
    Ok(())
}

/// Its reporter wrote after it had ended, and waits for an answer again: what was promised counts from then, where
/// no clock runs for it still.
pub async fn asked_again_in(tx: &mut Tx, app: &App, id: Id, since: Timestamp) -> Result<()> {
    let report = must(tx, id).await?;
    let facts = clocks::Facts { event: "received", kind: report.kind, urgent: report.urgent, help: report.help };
    clocks::renew(tx, app, "report", id, &facts, since).await?;
    refresh_due(tx, id).await
}

/// Ends the secret link to the report's page: it was seen by somebody it was not meant for. The reporter is
/// reached as before, by mails without a link, until [`issue_link`] lets them carry one again. Whoever calls
/// this ends what the page led on to.
pub async fn revoke_link_in(tx: &mut Tx, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Decide, Noun::Report)?;
    let report = must(tx, id).await?;
    // No secret has this hash.
    let nobodys: [u8; 32] = tx.random();
    tx.execute("update reports set secret = $2, link_ended = 1, link_in_clear = 0 where id = $1", args![id, nobodys]).await?;
    tx.record(Record::new("report.link_revoked", "report", id).facts(json!({ "number": report.number })));
    Ok(())
}

/// Lets the next mail to the reporter carry a link to the report's page again: a new one.
pub async fn issue_link(app: &App, who: &Who, id: Id) -> Result<()> {
    on(app, who, id, async |tx, report| {
        let nobodys: [u8; 32] = tx.random();
        if tx.execute("update reports set secret = $2, link_ended = 0, link_in_clear = 0 where id = $1 and link_ended = 1", args![id, nobodys]).await? == 0 {
            return Err(Error::conflict(format!("The link to {} was not ended: the one in our mails works still.", report.number)));
        }
        tx.record(Record::new("report.link_issued", "report", id).facts(json!({ "number": report.number })));
        Ok(())
    })
    .await
}

/// Keeps the report's own copy of its earliest clock true, for lists.
pub async fn refresh_due(tx: &mut Tx, id: Id) -> Result<()> {
    let due = clocks::of(tx, id).await?.iter().filter(|clock| clock.state == "running").map(|clock| clock.due_at).min();
    tx.execute("update reports set due_at = $2 where id = $1", args![id, due]).await?;
    Ok(())
}

fn need<'t>(text: &'t str, says: &str) -> Result<&'t str> {
    let text = text.trim();
    if text.is_empty() { Err(Error::invalid(says)) } else { Ok(text) }
}
