//! What is due: the running clocks and the open tasks that a viewer may see, and how the team's
//! promises were kept. Reads only; holding a clock is a verb of `clocks`, reached through here so
//! that need to know is checked first.

mod store;
pub mod web;

use ::store::{Id, Reader};
use jiff::{SignedDuration, Timestamp};

use crate::access::Who;
use crate::{App, Error, Result, cases, clocks};

/// One line of the page: a clock or a task.
#[derive(Clone, Debug)]
pub struct Due {
    /// Id of the clock; nothing for a task.
    pub clock: Option<Id>,
    /// The promise's id, or the task's title.
    pub what: String,
    /// When.
    pub due_at: Timestamp,
    /// `running` or `paused`; `open` for a task.
    pub state: String,
    /// Number of the report or case.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Who it is with; empty when nobody has it.
    pub owner: String,
}

impl Due {
    /// The page of the report or case.
    pub fn path(&self) -> String {
        let room = if self.number.starts_with("R-") { "inbox" } else { "cases" };
        format!("/{room}/{}", self.number)
    }

    /// Class of the row.
    pub fn is_late(&self, now: &Timestamp) -> bool {
        self.due_at < *now && self.state != "paused"
    }
}

/// How many clocks are late or due within a day, that this viewer may see; counted up to 1001.
pub async fn count(reader: &mut Reader, who: &Who) -> Result<i64> {
    let now = reader.now();
    let until = now.checked_add(SignedDuration::from_hours(24)).unwrap_or(now);
    Ok(store::count_clocks(reader, who, until).await?)
}

/// Clocks and tasks by due instant, the earliest first.
pub async fn list(reader: &mut Reader, who: &Who, mine: bool) -> Result<Vec<Due>> {
    let mut all = store::clocks(reader, who, mine).await?;
    all.extend(store::tasks(reader, who, mine).await?);
    all.sort_by_key(|due| due.due_at);
    Ok(all)
}

/// Whether this viewer may touch the clock; a clock of a case that they may not see does not exist.
pub async fn may_touch(app: &App, who: &Who, clock: Id) -> Result<()> {
    let mut reader = app.db.read().await?;
    let clock = clocks::get(&mut reader, clock).await?.ok_or(Error::NotFound)?;
    if clock.noun == "case" {
        cases::get(&mut reader, who, clock.about).await?;
    }
    cases::may_see_report(&mut reader, who, clock.about).await?;
    Ok(())
}
