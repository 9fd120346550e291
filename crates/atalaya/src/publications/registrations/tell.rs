//! A newer version of a calendar item: everybody on its list is told what it changes for them, and where there are more places
//! those who wait move up. What a person was told and the mail stand in one change, so that a death between two of them loses
//! and doubles nothing.

use std::collections::HashMap;

use ::store::{Id, Job, Tx};
use press::{Content, Seat};
use serde_json::json;

use super::super::{catalogue, item::Publication};
use super::letter::{self, Says};
use super::{admission, all, change, held, note, store};
use crate::access::Who;
use crate::release::Channel;
use crate::{App, Error, Result};

/// So many of a list one change goes through.
const STEP: u32 = 100;

/// Asks for it, in the change that releases a version. What is for constituents only has no list.
pub async fn tell_in(tx: &mut Tx, one: &Publication, channel: Channel) -> Result<()> {
    let has_list = one.kind == press::Kind::Calendar && one.version > 1 && channel == Channel::Public;
    if has_list { later(tx, one.id).await } else { Ok(()) }
}

pub(super) async fn later(tx: &mut Tx, publication: Id) -> Result<()> {
    let now = tx.now();
    Ok(tx.enqueue_at("tell_registered", json!({ "publication": publication }), now, Some(&format!("tell_registered:{publication}"))).await?)
}

/// The job.
pub async fn tell_registered(app: &App, job: &Job) -> Result<()> {
    let id: Id =
        job.payload.get("publication").and_then(|id| id.as_str()).and_then(|id| id.parse().ok()).ok_or_else(|| Error::fault("a job without a publication"))?;
    for seat in [Seat::Coming, Seat::Waiting] {
        let mut after = None;
        while let Some(last) = step(app, id, seat, after).await? {
            after = Some(last);
        }
    }
    while move_up(app, id).await? {}
    Ok(())
}

/// Tells some of them; the last one's place in the list, if there are more.
async fn step(app: &App, publication: Id, seat: Seat, after: Option<(i64, Id)>) -> Result<Option<(i64, Id)>> {
    let who = Who::Job("tell_registered");
    app.db
        .change(&who.to_string(), async |tx| {
            let item = held(tx, app, publication).await?;
            let versions = catalogue::versions_now(tx, app, publication).await?;
            let told: HashMap<i64, (&Content, bool)> =
                versions.iter().map(|version| (version.version, (&version.content, version.standing == "current"))).collect();
            let some = store::of_seat(tx, publication, seat, after, STEP).await?;
            let last = some.last().map(|one| (one.turn, one.id)).filter(|_| some.len() == STEP as usize);
            for mut one in some {
                let Some(was) = told.get(&one.told_version).filter(|(content, _)| is_ahead(content, tx.now())) else { continue };
                let Some(news) = press::registration::news(*was, (&item.content, item.is_current()), &one.language) else { continue };
                let before = letter::place_lines(&app.languages.text(&one.language), was.0);
                letter::send(tx, app, &who, &mut one, &item, &Says::News(news, before)).await?;
                store::update(tx, &one).await?;
                note(tx, "registration.told", &one);
            }
            Ok(last)
        })
        .await
}

/// What was over by then changes nothing for those who were there.
fn is_ahead(content: &Content, now: jiff::Timestamp) -> bool {
    content.meeting.as_ref().and_then(press::Meeting::instants).is_some_and(|(_, ends)| ends > now)
}

/// Gives what is free to those who wait; whether there may be more of them.
async fn move_up(app: &App, publication: Id) -> Result<bool> {
    let who = Who::Job("tell_registered");
    app.db
        .change(&who.to_string(), async |tx| {
            let item = held(tx, app, publication).await?;
            change::settle(tx, app, &who, &item, None).await?;
            let left = store::counts(tx, publication).await?.places(all(&item)).moves_up();
            Ok(left > 0 && admission(&item, tx.now()).is_ahead())
        })
        .await
}
