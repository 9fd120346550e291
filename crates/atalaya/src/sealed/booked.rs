//! Under which list of readers a message is booked that no page of ours sealed: as far as its outside shows it. Who wraps
//! keys again is asked for what not all of today's readers may be able to open.
//!
//! Programs may name a message's readers or hide them. Hidden ones can be counted only: of the lists with that number of
//! readers it may have been any, and the oldest of those that are not over counts, so that a reader is asked once too
//! often rather than never.

use std::collections::HashSet;

use super::manifest::{self, Manifest};
use super::today;
use crate::{App, Result};

/// The version of the list that a message to these readers was sealed to; 0 if it leaves out somebody of every list.
/// `newest`: today's list; `to`: key ids, none where they are hidden; `beside`: for how many others than readers a
/// wrapped key may be there.
pub async fn list_of(app: &App, newest: &Manifest, to: &[Option<String>], beside: usize) -> Result<i64> {
    let named: HashSet<&str> = to.iter().flatten().map(String::as_str).collect();
    let hidden = to.len() - to.iter().flatten().count();
    let (mut exact, mut roomy) = (0, 0);
    let mut reader = app.db.read().await?;
    for version in (1..=newest.version).rev() {
        let Some(list) = manifest::of_version(&mut reader, &newest.intake, version).await? else { continue };
        let mut missing = 0_usize;
        for cert in list.manifest.certificates()? {
            missing += usize::from(!cert.subkey_ids().iter().any(|id| named.contains(id.as_str())));
        }
        if missing == 0 {
            return Ok(version);
        }
        let over = version < newest.version && list.manifest.not_after < today(app);
        match hidden.checked_sub(missing) {
            Some(more) if !over && (more == 0 || more == beside) => exact = version,
            Some(_) if !over => roomy = version,
            _ => {}
        }
    }
    Ok(if exact > 0 { exact } else { roomy })
}
