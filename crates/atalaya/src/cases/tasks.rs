//! Tasks: what is still to be done in a case, by whom, until when.

use jiff::Timestamp;
use serde_json::json;
use store::{FromRow, Id, Reader, Record, Row, Statement, Tx, args};

use super::{Case, see, states, store as rows, team};
use crate::access::{Noun, Verb, Who, require};
use crate::people::named;
use crate::{App, Error, Result, once};

/// A task.
#[derive(Clone, Debug)]
pub struct Task {
    /// Id.
    pub id: Id,
    /// The case.
    pub case: Id,
    /// What is to be done.
    pub title: String,
    /// By whom.
    pub owner: Option<Id>,
    /// With which party.
    pub party: Option<Id>,
    /// Until when.
    pub due_at: Option<Timestamp>,
    /// `open` or `done`.
    pub state: String,
    /// Its place in the list.
    pub place: i64,
    /// When it was done.
    pub done_at: Option<Timestamp>,
}

impl FromRow for Task {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            case: row.get()?,
            title: row.get()?,
            owner: row.get()?,
            party: row.get()?,
            due_at: row.get()?,
            state: row.get()?,
            place: row.get()?,
            done_at: row.get()?,
        })
    }
}

const COLUMNS: &str = "select id, case_id, title, owner_id, party_id, due_at, state, place, done_at from tasks ";

/// A task on its way in.
#[derive(Clone, Debug, Default)]
pub struct NewTask {
    /// What is to be done.
    pub title: String,
    /// By whom.
    pub owner: Option<Id>,
    /// With which party.
    pub party: Option<Id>,
    /// Until when.
    pub due_at: Option<Timestamp>,
}

/// The tasks of a case, in their order.
pub async fn tasks(reader: &mut Reader, case: Id) -> Result<Vec<Task>> {
    let mut statement = Statement::new(COLUMNS);
    statement.push("where case_id = ").bind(case).push(" order by place limit 500");
    Ok(reader.select(statement).await?)
}

/// An open task as the list over all cases shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Id.
    pub id: Id,
    /// What is to be done.
    pub title: String,
    /// By whom.
    pub owner: Option<Id>,
    /// Their name; empty when it is nobody's.
    pub owner_name: String,
    /// With which party; empty when with none.
    pub party: String,
    /// Until when.
    pub due_at: Option<Timestamp>,
    /// Number of the case.
    pub number: String,
    /// Its title.
    pub case_title: String,
}

impl FromRow for Listed {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            title: row.get()?,
            owner: row.get()?,
            owner_name: row.get::<Option<String>>()?.unwrap_or_default(),
            party: row.get::<Option<String>>()?.unwrap_or_default(),
            due_at: row.get()?,
            number: row.get()?,
            case_title: row.get()?,
        })
    }
}

/// The most tasks on the list.
pub const MOST: usize = 200;

/// The open tasks of the open cases that this viewer may see, what is due first; one's own, or everybody's.
pub async fn open_tasks(reader: &mut Reader, who: &Who, mine: bool) -> Result<Vec<Listed>> {
    require(who, Verb::See, Noun::Case)?;
    let mut all = Vec::new();
    // What has no date comes last, whatever a database thinks of the order of nothing.
    for (dated, order) in [(" and t.due_at is not null and ", " order by t.due_at limit 200"), (" and t.due_at is null and ", " limit 200")] {
        let mut statement = Statement::new(
            "select t.id, t.title, t.owner_id, o.name, p.name, t.due_at, c.number, c.title from tasks t join cases c on c.id = t.case_id \
             left join people o on o.id = t.owner_id left join parties p on p.id = t.party_id where t.state = 'open' and c.state = 'open'",
        );
        if mine && let Some(person) = who.person() {
            statement.push(" and t.owner_id = ").bind(person.id);
        }
        statement.push(dated);
        see::push_visible(&mut statement, who);
        statement.push(order);
        all.extend(reader.select::<Listed>(statement).await?);
    }
    all.truncate(MOST);
    Ok(all)
}

/// Adds a task at the end of the list.
pub async fn add_task(app: &App, who: &Who, case: Id, new: NewTask) -> Result<Id> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let case = see::held(tx, who, case).await?;
            states::must_be_open(&case)?;
            let title = new.title.trim();
            if title.is_empty() {
                return Err(Error::invalid("Say what is to be done"));
            }
            if let Some(party) = new.party {
                let ours: Option<i64> = tx.value("select 1 from parties where id = $1 and case_id = $2", args![party, case.id]).await?;
                ours.ok_or_else(|| Error::invalid("Choose a party of this case"))?;
            }
            may_own(tx, &case, new.owner).await?;
            // Once it was done, the same may be to do anew.
            if let Some(made) = once::made(tx, who).await?
                && tasks(tx, case.id).await?.iter().any(|task| task.id == made && task.state == "open")
            {
                return Ok(made);
            }
            let last: Option<i64> = tx.value("select place from tasks where case_id = $1 order by place desc limit 1", args![case.id]).await?;
            let id = tx.new_id();
            tx.execute(
                "insert into tasks (id, case_id, title, owner_id, party_id, due_at, state, place, done_at, version) \
                 values ($1, $2, $3, $4, $5, $6, 'open', $7, null, 1)",
                args![id, case.id, title, new.owner, new.party, new.due_at, last.unwrap_or(0) + 1],
            )
            .await?;
            tx.record(
                Record::new("task.added", "task", id)
                    .about(case.id)
                    .facts(json!({ "owner": new.owner, "due": new.due_at }))
                    .particulars(json!({ "title": title })),
            );
            changed(tx, case.id).await?;
            once::makes(tx, who, id).await?;
            Ok(id)
        })
        .await
}

/// Marks a task done, or takes it up again.
pub async fn finish_task(app: &App, who: &Who, id: Id, done: bool) -> Result<()> {
    on_task(app, who, id, async |tx, task| {
        let now = tx.now();
        let state = if done { "done" } else { "open" };
        if task.state == state {
            return Err(Error::conflict(if done { "Somebody marked this task done already." } else { "This task is open already." }));
        }
        tx.execute("update tasks set state = $2, done_at = $3, version = version + 1 where id = $1", args![task.id, state, done.then_some(now)]).await?;
        let verb = if done { "task.done" } else { "task.reopened" };
        tx.record(Record::new(verb, "task", task.id).about(task.case).particulars(json!({ "title": task.title })));
        changed(tx, task.case).await
    })
    .await
}

/// Gives a task to somebody, until a time.
pub async fn hand_task(app: &App, who: &Who, id: Id, owner: Option<Id>, due_at: Option<Timestamp>) -> Result<()> {
    on_task(app, who, id, async |tx, task| {
        if owner != task.owner {
            let case = see::get(tx, who, task.case).await?;
            may_own(tx, &case, owner).await?;
        }
        tx.execute("update tasks set owner_id = $2, due_at = $3, version = version + 1 where id = $1", args![task.id, owner, due_at]).await?;
        tx.record(
            Record::new("task.handed", "task", task.id)
                .about(task.case)
                .facts(json!({ "owner": owner, "due": due_at }))
                .particulars(json!({ "title": task.title })),
        );
        changed(tx, task.case).await
    })
    .await
}

/// Moves a task one place up or down.
pub async fn move_task(app: &App, who: &Who, id: Id, up: bool) -> Result<()> {
    on_task(app, who, id, async |tx, task| {
        let all = tasks(tx, task.case).await?;
        let other = if up { all.iter().rev().find(|other| other.place < task.place) } else { all.iter().find(|other| other.place > task.place) };
        let Some(other) = other else { return Ok(()) };
        tx.execute("update tasks set place = $2 where id = $1", args![task.id, other.place]).await?;
        tx.execute("update tasks set place = $2 where id = $1", args![other.id, task.place]).await?;
        tx.record(Record::new("task.moved", "task", task.id).about(task.case).facts(json!({ "up": up })));
        Ok(())
    })
    .await
}

/// A task is given to somebody of the team who may know of its case.
async fn may_own(tx: &mut Tx, case: &Case, owner: Option<Id>) -> Result<()> {
    let Some(owner) = owner else { return Ok(()) };
    if !named::staff(tx).await?.iter().any(|(id, _)| *id == owner) {
        return Err(Error::invalid("Choose somebody of the team"));
    }
    if !team::is_known_to(tx, case, owner).await? {
        return Err(Error::invalid("This case is restricted, and whom you chose may not know of it"));
    }
    Ok(())
}

async fn on_task(app: &App, who: &Who, id: Id, work: impl AsyncFnOnce(&mut Tx, &Task) -> Result<()>) -> Result<()> {
    require(who, Verb::Change, Noun::Case)?;
    app.db
        .change(&who.to_string(), async |tx| {
            let mut statement = Statement::new(COLUMNS);
            statement.push("where id = ").bind(id);
            let task: Task = tx.select(statement.clone()).await?.into_iter().next().ok_or(Error::NotFound)?;
            see::held(tx, who, task.case).await?;
            // Read again: two who do something with it at once do it in turn.
            let task: Task = tx.select(statement).await?.into_iter().next().ok_or(Error::NotFound)?;
            work(tx, &task).await
        })
        .await
}

async fn changed(tx: &mut Tx, case: Id) -> Result<()> {
    states::refresh_due(tx, case).await?;
    rows::touch(tx, case).await
}
