//! The secret link to a party's page: made from what is kept of the party, ended, issued anew.
//!
//! A link that was ended stays ended. No mail carries another until somebody of the team issues
//! one: whoever reads along would have it with the very next mail.

use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Id, Reader, Record, Tx};

use super::{Party, get, report_of, rows};
use crate::access::{Noun, Verb, Who, require};
use crate::cases::templates::Known;
use crate::cases::{Case, recommendations};
use crate::{App, Error, Result, reports};

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
            number: report.number,
        },
        None => Known { number: case.number.clone(), page: link(app, party), report: false, person: false },
    })
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
async fn turn(tx: &mut Tx, app: &App, party: &mut Party, ended: bool) -> Result<()> {
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
