//! The list of cases: filters, pages by key, saved views, and the same thing done to many.
//!
//! Every order of the list is the order of an index, so no list sorts; a test asks the database.

use formats::label::Tlp;
use jiff::Timestamp;
use store::{FromRow, Id, Reader, Row, Statement, Value, instant};

use super::case::Case;
use super::{facts, see, team};
use crate::access::{Noun, Verb, Who, require};
use crate::web::Fields;
use crate::{App, Error, Result};

/// Cases on one page.
pub const PAGE: usize = 50;

/// What the list is asked for. Empty text asks nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// State, or `all`.
    pub state: String,
    /// Kind.
    pub kind: String,
    /// Severity.
    pub severity: String,
    /// `me`, `none`, or nothing.
    pub owner: String,
    /// RSIT class.
    pub class: String,
    /// `late`, `soon` (within a day), `any`: the list is then in the order of what is due.
    pub due: String,
    /// `yes`: only those with answers that nobody has read.
    pub unread: String,
    /// `yes`: only those that whoever asks watches.
    pub watched: String,
    /// Where the page begins: the key of the last row of the page before.
    pub after: Option<(Timestamp, Id)>,
}

impl Filter {
    /// Reads the query.
    pub fn read(asked: &Fields) -> Self {
        let text = |name: &str| asked.get(name).to_owned();
        let after = asked.get("after").split_once('-').and_then(|(at, id)| Some((instant(at.parse().ok()?), id.parse().ok()?)));
        let state = if asked.has("state") { text("state") } else { "open".into() };
        Self {
            state,
            kind: text("kind"),
            severity: text("severity"),
            owner: text("owner"),
            class: text("class"),
            due: text("due"),
            unread: text("unread"),
            watched: text("watched"),
            after,
        }
    }

    /// Whether it asks where answers are news: in open cases, and in those that ended and wait for somebody to say whether work goes on.
    fn wants_new_answers(&self) -> bool {
        !self.unread.is_empty() && self.state == "open"
    }

    /// The query that asks for the same, without the place.
    pub fn query(&self) -> String {
        let pairs = [
            ("state", &self.state),
            ("kind", &self.kind),
            ("severity", &self.severity),
            ("owner", &self.owner),
            ("class", &self.class),
            ("due", &self.due),
            ("unread", &self.unread),
            ("watched", &self.watched),
        ];
        let escape = |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        pairs.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={}", escape(value))).collect::<Vec<_>>().join("&")
    }
}

/// A row of the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Id.
    pub id: Id,
    /// Public number.
    pub number: String,
    /// One line.
    pub title: String,
    /// Label.
    pub label: Tlp,
    /// Kind.
    pub kind: String,
    /// State.
    pub state: String,
    /// Phase.
    pub phase: String,
    /// Severity.
    pub severity: String,
    /// RSIT class, or empty.
    pub class: String,
    /// RSIT type, or empty.
    pub rsit_type: String,
    /// Who has it.
    pub owner: Option<Id>,
    /// Whether few know of it.
    pub restricted: bool,
    /// What is due first.
    pub due_at: Option<Timestamp>,
    /// When anything last happened.
    pub updated_at: Timestamp,
}

impl FromRow for Listed {
    fn from_row(row: &mut Row) -> store::Result<Self> {
        Ok(Self {
            id: row.get()?,
            number: row.get()?,
            title: row.get()?,
            label: row.get::<String>()?.parse().unwrap_or(Tlp::Red),
            kind: row.get()?,
            state: row.get()?,
            phase: row.get()?,
            severity: row.get()?,
            class: row.get()?,
            rsit_type: row.get()?,
            owner: row.get()?,
            restricted: row.get()?,
            due_at: row.get()?,
            updated_at: row.get()?,
        })
    }
}

impl Listed {
    /// The key that the next page begins after.
    pub fn key(&self, by_due: bool) -> String {
        let at = if by_due { self.due_at.unwrap_or(self.updated_at) } else { self.updated_at };
        format!("{}-{}", at.as_microsecond(), self.id)
    }

    /// Whether something is overdue.
    pub fn late(&self, now: &Timestamp) -> bool {
        self.state == "open" && self.due_at.is_some_and(|due| due < *now)
    }

    /// What people call its severity.
    pub fn severity_word(&self) -> String {
        super::case::word(&super::case::SEVERITIES, &self.severity)
    }

    /// What people call its state, or the phase while it is open.
    pub fn state_word(&self) -> String {
        if self.state == "open" { super::case::word(&super::case::PHASES, &self.phase) } else { super::case::word(&super::case::STATES, &self.state) }
    }

    /// What people call its kind.
    pub fn kind_word(&self) -> String {
        super::case::word(&super::case::KINDS, &self.kind)
    }
}

/// The very statement of the list; the test that no list sorts explains it.
pub fn statement(who: &Who, filter: &Filter, now: Timestamp) -> Statement {
    let mut text = Statement::new(
        "select c.id, c.number, c.title, c.label, c.kind, c.state, c.phase, c.severity, c.rsit_class, c.rsit_type, c.owner_id, c.restricted, c.due_at, c.updated_at ",
    );
    text.push(source(filter));
    see::push_visible(&mut text, who);
    let by_due = !filter.due.is_empty();
    if by_due {
        text.push(" and c.state = 'open' and c.due_at is not null");
    } else if filter.wants_new_answers() {
        text.push(NEWS);
    } else if filter.state != "all" {
        text.push(" and c.state = ").bind(&filter.state);
    }
    match (filter.owner.as_str(), who.person()) {
        ("me", Some(person)) => {
            text.push(" and c.owner_id = ").bind(person.id);
        }
        ("none", _) => {
            text.push(" and c.owner_id is null");
        }
        _ => {}
    }
    push_watched(&mut text, who, filter);
    for (column, value) in [(" and c.kind = ", &filter.kind), (" and c.severity = ", &filter.severity), (" and c.rsit_class = ", &filter.class)] {
        if !value.is_empty() {
            text.push(column).bind(value);
        }
    }
    match filter.due.as_str() {
        "late" => {
            text.push(" and c.due_at < ").bind(now);
        }
        "soon" => {
            text.push(" and c.due_at < ").bind(now.checked_add(jiff::SignedDuration::from_hours(24)).unwrap_or(now));
        }
        _ => {}
    }
    if let Some((at, id)) = filter.after {
        let (at_column, beyond) = if by_due { (" and c.due_at >= ", " and (c.due_at > ") } else { (" and c.updated_at <= ", " and (c.updated_at < ") };
        text.push(at_column).bind(at).push(beyond).bind(at).push(" or c.id > ").bind(id).push(")");
    }
    text.push(if by_due { " order by c.due_at, c.id" } else { " order by c.updated_at desc, c.id" });
    text.push(" limit ").bind(PAGE + 1);
    text
}

/// Keeps the cases that whoever asks watches, if these are asked for.
fn push_watched(text: &mut Statement, who: &Who, filter: &Filter) {
    if let Some(person) = who.person().filter(|_| !filter.watched.is_empty()) {
        text.push(" and exists (select 1 from watchers w where w.case_id = c.id and w.person_id = ").bind(person.id).push(")");
    }
}

/// Where an answer is news.
const NEWS: &str = " and (c.state = 'open' or exists (select 1 from parties a where a.case_id = c.id and a.asked_at is not null))";

/// Which of these cases have ended and wait for somebody to say whether work goes on.
pub async fn asked(reader: &mut Reader, cases: &[Id]) -> Result<Vec<Id>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut text = Statement::new("select p.case_id from parties p where p.asked_at is not null and p.case_id in (");
    text.bind_list(cases.iter().map(Value::from)).push(")");
    Ok(reader.select::<(Id,)>(text).await?.into_iter().map(|(id,)| id).collect())
}

/// How many answers wait to be read in each of these cases that has any.
pub async fn unread(reader: &mut Reader, cases: &[Id]) -> Result<Vec<(Id, i64)>> {
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut text = Statement::new("select p.case_id, cast(sum(p.unread) as bigint) from parties p where p.unread > 0 and p.case_id in (");
    text.bind_list(cases.iter().map(Value::from)).push(") group by p.case_id");
    Ok(reader.select(text).await?)
}

/// In how many cases that are open, or that ended and wait for a decision, and that are this person's or nobody's, or that they watch, an answer waits to be read; counted up to 101.
pub async fn count_unread(reader: &mut Reader, who: &Who) -> Result<i64> {
    let Some(person) = who.person() else { return Ok(0) };
    let mut text = Statement::new("select count(*) from (select 1 as one ");
    text.push(WAITING);
    see::push_visible(&mut text, who);
    text.push(NEWS).push(" and (c.owner_id is null or c.owner_id = ").bind(person.id);
    text.push(" or exists (select 1 from watchers w where w.case_id = c.id and w.person_id = ").bind(person.id).push(")) limit 101) unread");
    Ok(reader.select::<(i64,)>(text).await?.first().map_or(0, |(count,)| *count))
}

/// What a filter looks through.
fn source(filter: &Filter) -> &'static str {
    if filter.unread.is_empty() { "from cases c where " } else { WAITING }
}

/// Answers that wait are few: it begins with them, and the cross join keeps the planner from beginning with the whole archive.
const WAITING: &str = "from (select p.case_id from parties p where p.unread > 0 union select p.case_id from parties p where p.asked_at is not null) waiting \
                       cross join cases c where c.id = waiting.case_id and ";

/// A page of the list, and the key of the next one.
pub async fn list(reader: &mut Reader, who: &Who, filter: &Filter) -> Result<(Vec<Listed>, Option<String>)> {
    require(who, Verb::See, Noun::Case)?;
    let now = reader.now();
    let mut rows: Vec<Listed> = reader.select(statement(who, filter, now)).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|last| last.key(!filter.due.is_empty()));
    Ok((rows, next))
}

/// How many cases one of the filters above the list finds; counted up to 101.
pub async fn count(reader: &mut Reader, who: &Who, filter: &Filter) -> Result<i64> {
    let mut text = Statement::new("select count(*) from (select 1 as one ");
    // What somebody watches is little: counted from there, and not through every open case.
    match who.person().filter(|_| !filter.watched.is_empty()) {
        Some(person) => {
            text.push("from watchers w cross join cases c where c.id = w.case_id and w.person_id = ").bind(person.id).push(" and ");
        }
        None => {
            text.push(source(filter));
        }
    }
    see::push_visible(&mut text, who);
    if filter.wants_new_answers() {
        text.push(NEWS);
    } else {
        text.push(" and c.state = ").bind(&filter.state);
    }
    if let ("me", Some(person)) = (filter.owner.as_str(), who.person()) {
        text.push(" and c.owner_id = ").bind(person.id);
    }
    if filter.due == "late" {
        let now = reader.now();
        text.push(" and c.due_at < ").bind(now);
    }
    text.push(" limit 101) counted");
    Ok(reader.select::<(i64,)>(text).await?.first().map_or(0, |(count,)| *count))
}

/// What is done to many cases at once.
#[derive(Clone, Debug, PartialEq)]
pub enum Bulk {
    /// Give them to somebody.
    Assign(Option<Id>),
    /// Raise their label; those that have a higher one keep it.
    Label(Tlp),
}

/// The cases that a bulk action would touch, for the preview. Those that may not be seen are not there.
pub async fn chosen(reader: &mut Reader, who: &Who, ids: &[Id]) -> Result<Vec<Case>> {
    see::get_all(reader, who, ids.get(..ids.len().min(200)).unwrap_or_default()).await
}

/// Does it, one case after the other; says how many were changed, and of each that could not be, why.
pub async fn bulk(app: &App, who: &Who, ids: &[Id], what: &Bulk) -> Result<(usize, Vec<String>)> {
    let mut reader = app.db.read().await?;
    let cases = chosen(&mut reader, who, ids).await?;
    drop(reader);
    let (mut changed, mut refused) = (0, Vec::new());
    for case in cases {
        let needed = match what {
            Bulk::Assign(owner) => case.owner != *owner,
            Bulk::Label(label) => case.label < *label,
        };
        if !needed {
            continue;
        }
        let done = match what {
            Bulk::Assign(owner) => team::assign(app, who, case.id, *owner).await,
            Bulk::Label(label) => facts::set_label(app, who, case.id, *label, "").await,
        };
        match done {
            Ok(()) => changed += 1,
            Err(error) if changed == 0 && !matches!(error, Error::Invalid(_) | Error::Conflict(_)) => return Err(error),
            Err(error) => {
                refused.push(format!("{}: {}", case.number, error.plain()));
                if error.is_general() {
                    break;
                }
            }
        }
    }
    Ok((changed, refused))
}
