//! What is due: the running clocks and the open tasks that a viewer may see, and how the team's
//! promises were kept. Reads only; holding a clock is a verb of `clocks`, reached through here so
//! that need to know is checked first.

mod store;
pub mod web;

use ::store::{Id, Reader, Tx};
use jiff::{SignedDuration, Timestamp};

use crate::access::Who;
use crate::clocks::{self, Clock};
use crate::{App, Error, Result, cases, reports, sealed};

/// How long an answer that did not arrive is shown, unless a later one went out.
const UNDELIVERED: SignedDuration = SignedDuration::from_hours(90 * 24);

/// One line of the page: a clock, a task, an answer that did not arrive, or what was written after the end of a case.
#[derive(Clone, Debug)]
pub struct Due {
    /// Id of the clock; nothing for anything else.
    pub clock: Option<Id>,
    /// The promise's id, the task's title, the subject of the answer, or who wrote.
    pub what: String,
    /// When.
    pub due_at: Timestamp,
    /// `running` or `paused`; `open` for a task; `failed` or `bounced` for an answer that did not arrive; `asked` after the end.
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
        let room = match self.number.get(..2) {
            Some("R-") => "inbox",
            Some("S-") => "dialogues",
            _ => "cases",
        };
        format!("/{room}/{}", self.number)
    }

    /// An answer that stopped the clocks and never arrived.
    pub fn is_undelivered(&self) -> bool {
        matches!(self.state.as_str(), "failed" | "bounced")
    }

    /// What somebody wrote after the end, and nobody has said yet whether work goes on.
    pub fn is_asked(&self) -> bool {
        self.state == "asked"
    }

    /// Class of the row.
    pub fn is_late(&self, now: &Timestamp) -> bool {
        self.due_at < *now && self.state != "paused"
    }
}

/// How many clocks are late or due within a day, that this viewer may see; counted up to 101.
pub async fn count(reader: &mut Reader, who: &Who) -> Result<i64> {
    let now = reader.now();
    let until = now.checked_add(SignedDuration::from_hours(24)).unwrap_or(now);
    Ok(store::count_clocks(reader, who, until).await?)
}

/// Clocks, tasks, answers that did not arrive and what was written after the end of a case, by due instant, the earliest first.
pub async fn list(reader: &mut Reader, who: &Who, mine: bool) -> Result<Vec<Due>> {
    let mut all = store::clocks(reader, who, mine).await?;
    all.extend(store::tasks(reader, who, mine).await?);
    let since = reader.now().checked_sub(UNDELIVERED).unwrap_or(Timestamp::MIN);
    all.extend(store::undelivered(reader, who, mine, since).await?);
    all.extend(store::asked(reader, who, mine).await?);
    all.sort_by_key(|due| due.due_at);
    Ok(all)
}

/// Holds a clock for a reason that its promise allows.
pub async fn pause(app: &App, who: &Who, clock: Id, reason: &str) -> Result<()> {
    on(app, who, clock, async |tx, clock| clocks::pause(tx, app, who, clock, reason).await).await
}

/// Lets a held clock run on.
pub async fn resume(app: &App, who: &Who, clock: Id) -> Result<()> {
    on(app, who, clock, async |tx, clock| clocks::resume(tx, app, who, clock).await).await
}

/// One change of a clock, and of when its report or case is due. A clock of a case that the viewer
/// may not see does not exist.
async fn on(app: &App, who: &Who, clock: Id, work: impl AsyncFnOnce(&mut Tx, Clock) -> Result<()>) -> Result<()> {
    app.db
        .change(&who.to_string(), async |tx| {
            let found = clocks::get(tx, clock).await?.ok_or(Error::NotFound)?;
            let (about, of_case) = (found.about, found.noun == "case");
            if of_case {
                cases::held(tx, who, about).await?;
            } else {
                cases::hold_of_report_in(tx, about, &[]).await?;
            }
            cases::may_see_report(tx, who, about).await?;
            sealed::may_see(tx, app, who, about).await?;
            let clock = clocks::get(tx, clock).await?.filter(|clock| clock.about == about).ok_or(Error::NotFound)?;
            work(tx, clock).await?;
            if of_case {
                return cases::refresh_due(tx, about).await;
            }
            reports::refresh_due(tx, about).await?;
            cases::refresh_due_of_report(tx, about).await
        })
        .await
}
