//! The inbox's list: read along an index, a page at a time, without sorting or counting.

use ::store::{FromRow, Id, Reader, Row as Columns, Statement};
use jiff::Timestamp;

use crate::Result;

/// What is asked for. Everything left out matches all.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// A state.
    pub state: Option<String>,
    /// Only what waits for triage: new, or open outside of any case.
    pub waiting: bool,
    /// Only what is marked urgent.
    pub urgent: bool,
    /// Only where help was asked for.
    pub help: bool,
    /// The oldest first.
    pub oldest: bool,
    /// A channel.
    pub channel: Option<String>,
    /// A kind.
    pub kind: Option<String>,
    /// A verdict; `none` for those without.
    pub verdict: Option<String>,
    /// The reporter's organisation, or one that holds what was observed.
    pub organisation: Option<Id>,
    /// Whose.
    pub owner: Option<Id>,
    /// Only what nobody looks after.
    pub unowned: bool,
    /// Words that it holds.
    pub text: String,
    /// Go on after this row of the page before.
    pub before: Option<(Timestamp, Id)>,
    /// Rows on a page.
    pub limit: u32,
}

/// A report in a list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Id.
    pub id: Id,
    /// Public number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Kind.
    pub kind: String,
    /// Channel.
    pub channel: String,
    /// State.
    pub state: String,
    /// Label.
    pub label: String,
    /// Marked urgent.
    pub urgent: bool,
    /// Help was asked for.
    pub help: bool,
    /// When it came.
    pub received_at: Timestamp,
    /// Earliest clock.
    pub due_at: Option<Timestamp>,
    /// Verdict.
    pub verdict: Option<String>,
    /// Disposition.
    pub disposition: Option<String>,
    /// Reporter's name.
    pub reporter_name: String,
    /// Reporter's address.
    pub reporter_mail: String,
    /// The reporter's organisation in the registry.
    pub organisation: Option<String>,
    /// Who looks after it.
    pub owner_id: Option<Id>,
    /// Their name.
    pub owner: Option<String>,
    /// Counts changes.
    pub version: i64,
}

impl FromRow for Row {
    fn from_row(row: &mut Columns) -> ::store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            number: row.get()?,
            title: row.get()?,
            kind: row.get()?,
            channel: row.get()?,
            state: row.get()?,
            label: row.get()?,
            urgent: row.get()?,
            help: row.get()?,
            received_at: row.get()?,
            due_at: row.get()?,
            verdict: row.get()?,
            disposition: row.get()?,
            reporter_name: row.get()?,
            reporter_mail: row.get()?,
            organisation: row.get()?,
            owner_id: row.get()?,
            owner: row.get()?,
            version: row.get()?,
        })
    }
}

impl Row {
    /// Whether its time is over.
    pub fn is_late(&self, now: &Timestamp) -> bool {
        self.due_at.is_some_and(|due| due < *now)
    }

    /// What the list calls the reporter.
    pub fn reporter(&self) -> &str {
        [self.reporter_name.as_str(), self.reporter_mail.as_str()].into_iter().find(|name| !name.is_empty()).unwrap_or("anonymous")
    }
}

/// How many of an organisation's reports are looked at at once.
const HITS: u32 = 500;
/// How many of the newest reports with the words are looked at; whoever wants older ones says more, or searches.
const WITH_WORDS: u32 = 5_000;

/// What waits for triage; the index `reports_waiting` is cut to the same words. Said as a `case`,
/// because SQLite takes an `or` apart, reads two indexes and sorts.
const WAITING: &str = "case when r.state = 'new' then 1 when r.state = 'open' and coalesce(r.disposition, '') <> 'case' then 1 else 0 end = 1";

/// How many reports wait for triage; counted up to 101.
pub async fn count_waiting(reader: &mut Reader) -> Result<i64> {
    let mut s = Statement::new("select count(*) from (select 1 as one from reports r where ");
    s.push(WAITING).push(" limit 101) waiting");
    Ok(reader.select::<(i64,)>(s).await?.first().map_or(0, |(count,)| *count))
}

/// One page of reports, the newest first unless asked otherwise. `visible` adds the condition that the
/// report of the id `r.id` may be known of, so that what is hidden takes no place on the page.
pub async fn list(reader: &mut Reader, asked: &Asked, visible: impl Fn(&mut Statement)) -> Result<Vec<Row>> {
    if !asked.text.trim().is_empty() {
        let ids: Vec<Id> = reader.search_nouns(&asked.text, "report", WITH_WORDS).await?.into_iter().map(|hit| hit.id).collect();
        return if ids.is_empty() { Ok(Vec::new()) } else { Ok(reader.select(statement(asked, Some(ids), &visible)).await?) };
    }
    match asked.organisation {
        Some(organisation) => of_organisation(reader, asked, organisation, visible).await,
        None => Ok(reader.select(statement(asked, None, &visible)).await?),
    }
}

/// A page of what has to do with an organisation, in pieces along two indexes, so that nothing is sorted but a
/// piece, however much an organisation holds. Ids begin with the time: their order is that in which reports came.
async fn of_organisation(reader: &mut Reader, asked: &Asked, organisation: Id, visible: impl Fn(&mut Statement)) -> Result<Vec<Row>> {
    let (mut rows, mut from, mut asked) = (Vec::new(), asked.before.map(|(_, id)| id), asked.clone());
    while asked.limit > 0 {
        let ids = candidates(reader, organisation, from, asked.oldest).await?;
        let Some(last) = ids.last().copied() else { break };
        let found: Vec<Row> = reader.select(statement(&asked, Some(ids), &visible)).await?;
        asked.limit = asked.limit.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        rows.extend(found);
        from = Some(last);
    }
    Ok(rows)
}

/// The next reports (and cases, which are none) in which an organisation's resources were seen or that came from it.
async fn candidates(reader: &mut Reader, organisation: Id, from: Option<Id>, oldest: bool) -> Result<Vec<Id>> {
    let (beyond, order, end) = if oldest { (" > ", " order by id limit ", [0; 16]) } else { (" < ", " order by id desc limit ", [0xff; 16]) };
    let from = from.unwrap_or(Id(end));
    let mut s = Statement::new("select id from (select distinct about as id from matches where organisation_id = ");
    s.bind(organisation).push(" and about").push(beyond).bind(from).push(order).bind(HITS);
    s.push(") seen union select id from (select id from reports where organisation_id = ").bind(organisation);
    s.push(" and id").push(beyond).bind(from).push(order).bind(HITS).push(") sent").push(order).bind(HITS);
    Ok(reader.select::<(Id,)>(s).await?.into_iter().map(|(id,)| id).collect())
}

/// The condition for whoever may know of every report.
pub fn everything(statement: &mut Statement) {
    statement.push("1 = 1");
}

/// The statement of a page; its plan is what the test of lists looks at.
pub fn statement(asked: &Asked, ids: Option<Vec<Id>>, visible: impl FnOnce(&mut Statement)) -> Statement {
    let mut s = Statement::new(
        "select r.id, r.number, r.title, r.kind, r.channel, r.state, r.label, r.urgent, r.help, r.received_at, r.due_at, r.verdict, r.disposition, \
         r.reporter_name, r.reporter_mail, o.name, r.owner_id, p.name, r.version from reports r \
         left join organisations o on o.id = r.organisation_id left join people p on p.id = r.owner_id where ",
    );
    visible(&mut s);
    for (wanted, condition) in [(asked.urgent, " and r.urgent = 1"), (asked.help, " and r.help = 1")] {
        if wanted {
            s.push(condition);
        }
    }
    if asked.waiting {
        s.push(" and ").push(WAITING);
    }
    // A few reports that are known by their ids are looked up by these, and not looked for among all of that state.
    let state = if ids.is_some() { " and coalesce(r.state, '') = " } else { " and r.state = " };
    for (column, value) in [(state, &asked.state), (" and r.channel = ", &asked.channel), (" and r.kind = ", &asked.kind)] {
        if let Some(value) = value {
            s.push(column).bind(value);
        }
    }
    match asked.verdict.as_deref() {
        Some("none") => {
            s.push(" and r.verdict is null");
        }
        Some(verdict) => {
            s.push(" and r.verdict = ").bind(verdict);
        }
        None => {}
    }
    if let Some(organisation) = asked.organisation {
        s.push(" and (r.organisation_id = ").bind(organisation);
        s.push(" or exists (select 1 from matches m where m.about = r.id and m.organisation_id = ").bind(organisation).push("))");
    }
    if let Some(owner) = asked.owner {
        s.push(" and r.owner_id = ").bind(owner);
    } else if asked.unowned {
        s.push(" and r.owner_id is null");
    }
    if let Some(ids) = ids {
        s.push(" and r.id in (").bind_list(ids.into_iter().map(Into::into)).push(")");
    }
    if asked.organisation.is_some() {
        if let Some((_, id)) = asked.before {
            s.push(if asked.oldest { " and r.id > " } else { " and r.id < " }).bind(id);
        }
        s.push(if asked.oldest { " order by r.id limit " } else { " order by r.id desc limit " }).bind(asked.limit.clamp(1, 200));
        return s;
    }
    if let Some((at, id)) = asked.before {
        let [from, past, same] = if asked.oldest {
            [" and r.received_at >= ", " and (r.received_at > ", " or r.id < "]
        } else {
            [" and r.received_at <= ", " and (r.received_at < ", " or r.id > "]
        };
        s.push(from).bind(at).push(past).bind(at).push(same).bind(id).push(")");
    }
    // The one index, read from its other end.
    s.push(if asked.oldest { " order by r.received_at, r.id desc limit " } else { " order by r.received_at desc, r.id limit " });
    s.bind(asked.limit.clamp(1, 200));
    s
}
