//! The secret link to a party's page: made from what is kept of the party, ended, issued anew.
//!
//! A link that was ended stays ended. No mail carries another until somebody of the team issues
//! one: whoever reads along would have it with the very next mail.

use formats::label::Tlp;
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Id, Reader, Record, Tx};

use super::{Party, get, report_of, rows};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::templates::Known;
use crate::cases::{Case, recommendations};
use crate::keys::protect::Wish;
use crate::keys::{Choice, Protect};
use crate::{App, Error, Result, keys, release, reports};

/// The secret in the link of a party's page: 128 bits that only this installation can make, others with each turn.
pub(super) fn secret(app: &App, party: &Party) -> String {
    let turn = party.link_turn.to_be_bytes();
    // The first turn's are as they were before there were turns: such links are out already.
    let parts: &[&[u8]] = if party.link_turn == 0 { &[&party.id.0] } else { &[&party.id.0, &turn] };
    spell(app.key.mac("party's page", parts))
}

/// 26 small letters and digits for the first 128 bits.
pub(in crate::cases) fn spell(mac: [u8; 32]) -> String {
    data_encoding::BASE32_NOPAD.encode(mac.get(..16).unwrap_or(&mac)).to_ascii_lowercase()
}

/// What the database keeps of a secret.
pub(in crate::cases) fn hash_of(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.trim().to_ascii_lowercase().as_bytes()).into()
}

/// The address of a party's page; none while its link is ended.
pub fn link(app: &App, party: &Party) -> Option<String> {
    (!party.link_ended).then(|| format!("{}/party/{}", app.profile.web.public_url, secret(app, party)))
}

/// The party whose page has this secret.
pub async fn by_secret(reader: &mut Reader, secret: &str) -> Result<Party> {
    rows::party_by_secret(reader, hash_of(secret)).await?.filter(|party| !party.link_ended).ok_or(Error::NotFound)
}

/// Number and page under which a party knows the matter.
pub async fn known_as(reader: &mut Reader, app: &App, case: &Case, party: &Party) -> Result<Known> {
    Ok(match report_of(reader, party).await? {
        Some(report) => Known {
            page: reports::link(reader, app, report.id).await?,
            report: true,
            person: party.organisation.is_none() && report.org.trim().is_empty(),
            label: reports::page_label(reader, app, report.id).await?,
            in_clear: reports::link_is_in_clear(reader, report.id).await?,
            number: report.number,
        },
        None => Known {
            number: case.number.clone(),
            page: link(app, party),
            report: false,
            person: false,
            label: release::highest(reader, &app.profile, &[party.key()]).await?,
            in_clear: party.link_in_clear,
        },
    })
}

/// How a mail to a party leaves that carries the link to a page of this label; nothing where no mail may.
/// A link opens all that its page shows, so what may not go by a mail must not be linked from it either.
pub(in crate::cases) async fn by_mail(reader: &mut Reader, app: &App, party: &Party, label: Tlp, choice: Choice) -> Result<Option<Protect>> {
    let Some(address) = party.mail.as_deref().filter(|_| label <= party.ceiling) else { return Ok(None) };
    let plan = keys::protect::plan(reader, app, &Wish { address, choice, label, answers_encrypted: false }).await?;
    let fits = !plan.protect.encrypts() || label <= app.profile.labels.ceiling.mail_encrypted;
    Ok(Some(plan.protect).filter(|_| plan.against.is_empty() && fits))
}

/// Writes down that the link to the page of a party stands in a mail that anybody on its way can read.
pub(in crate::cases) async fn link_went_in_clear_in(tx: &mut Tx, party: &Party, known: &Known) -> Result<()> {
    match party.report.filter(|_| known.report) {
        Some(report) => reports::link_went_in_clear_in(tx, report).await,
        None => rows::set_link_in_clear(tx, party.id).await,
    }
}

/// Ends the link to a party's page: it was seen by somebody it was not meant for.
pub async fn end_link(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Decide, Noun::Message)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (case, mut party) = get(tx, who, id).await?;
            turn(tx, app, &mut party, true).await?;
            tx.record(Record::new("party.link_ended", "party", party.id).about(case.id).facts(json!({ "turn": party.link_turn })));
            Ok(())
        })
        .await
}

/// Lets the next message to a party carry a link again: a new one.
pub async fn issue_link(app: &App, who: &Who, id: Id) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let (case, mut party) = get(tx, who, id).await?;
            if !party.link_ended {
                return Err(Error::conflict("The link to its page was not ended: the one in our mails works still."));
            }
            turn(tx, app, &mut party, false).await?;
            tx.record(Record::new("party.link_issued", "party", party.id).about(case.id).facts(json!({ "turn": party.link_turn })));
            Ok(())
        })
        .await
}

/// Ends the link to a report's page, and with it those to the threads that this page led on to.
pub async fn end_links_of_report(app: &App, who: &Who, report: Id) -> Result<()> {
    app.db
        .change(&who.to_string(), async |tx| {
            let threads: Vec<Id> = rows::parties_of_report(tx, report).await?.into_iter().map(|party| party.id).collect();
            tx.hold_all("parties", &threads).await?;
            reports::revoke_link_in(tx, who, report).await?;
            for mut party in rows::parties_of_report(tx, report).await? {
                let ended = party.link_ended;
                turn(tx, app, &mut party, ended).await?;
                tx.record(Record::new("party.link_changed", "party", party.id).about(party.case).facts(json!({ "turn": party.link_turn })));
            }
            Ok(())
        })
        .await
}

/// The secret of every turn before opens nothing any more, nor do the links to its recommendations.
pub(super) async fn turn(tx: &mut Tx, app: &App, party: &mut Party, ended: bool) -> Result<()> {
    let before = party.link_turn;
    party.link_turn += 1;
    party.link_ended = ended;
    rows::set_link(tx, party, hash_of(&secret(app, party))).await?;
    recommendations::turn_links(tx, app, party, before).await
}

/// Whether the link to a party's page is ended.
pub(in crate::cases) async fn link_is_ended(reader: &mut Reader, party: Id) -> Result<bool> {
    rows::link_is_ended(reader, party).await
}
