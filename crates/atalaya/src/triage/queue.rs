//! The list on the left: which reports, in which order, and the addresses that lead there.

use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use store::{Id, Reader};

use crate::access::{Person, Who};
use crate::reports::{self, Asked, Row};
use crate::web::Fields;
use crate::{Result, cases, constituency};

/// Rows on a page.
const PAGE: u32 = 50;

/// What the address asks for; what is empty matches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Empty: what waits. Else `new`, `open`, `resolved`, `rejected` or `all`.
    pub state: String,
    /// `form`, `mail`, `api`, `phone`.
    pub channel: String,
    /// Kind.
    pub kind: String,
    /// `urgent` or `help`.
    pub flag: String,
    /// `me` or `nobody`.
    pub owner: String,
    /// A verdict, or `none`.
    pub verdict: String,
    /// The beginning of an organisation's name.
    pub organisation: String,
    /// Words.
    pub q: String,
    /// `oldest`, or newest first.
    pub order: String,
}

impl Query {
    /// From the fields of an address.
    pub fn read(fields: &Fields) -> Self {
        let get = |name: &str| fields.get(name).to_owned();
        Self {
            state: get("state"),
            channel: get("channel"),
            kind: get("kind"),
            flag: get("flag"),
            owner: get("owner"),
            verdict: get("verdict"),
            organisation: get("organisation"),
            q: get("q"),
            order: get("order"),
        }
    }

    fn pairs(&self) -> [(&'static str, &str); 9] {
        [
            ("state", &self.state),
            ("channel", &self.channel),
            ("kind", &self.kind),
            ("flag", &self.flag),
            ("owner", &self.owner),
            ("verdict", &self.verdict),
            ("organisation", &self.organisation),
            ("q", &self.q),
            ("order", &self.order),
        ]
    }

    /// How many filters narrow the list; the order is none.
    pub fn filters(&self) -> usize {
        self.pairs().iter().filter(|(name, value)| *name != "order" && !value.is_empty()).count()
    }

    /// The same list the other way round.
    #[must_use]
    pub fn turned(&self) -> Self {
        let order = if self.order == "oldest" { String::new() } else { "oldest".to_owned() };
        Self { order, ..self.clone() }
    }

    /// What an address has after the path: empty, or `?...`.
    pub fn tail(&self) -> String {
        let text = self.to_string();
        if text.is_empty() { text } else { format!("?{text}") }
    }

    async fn asked(&self, reader: &mut Reader, person: &Person) -> Result<Option<Asked>> {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let mut asked = Asked {
            state: some(&self.state).filter(|state| state != "all"),
            waiting: self.state.is_empty(),
            channel: some(&self.channel),
            kind: some(&self.kind),
            verdict: some(&self.verdict),
            urgent: self.flag == "urgent",
            help: self.flag == "help",
            owner: (self.owner == "me").then_some(person.id),
            unowned: self.owner == "nobody",
            text: self.q.clone(),
            oldest: self.order == "oldest",
            limit: PAGE + 1,
            ..Asked::default()
        };
        if !self.organisation.is_empty() {
            match constituency::found::named(reader, &self.organisation, 1).await?.first() {
                Some(line) => asked.organisation = Some(line.id),
                None => return Ok(None),
            }
        }
        Ok(Some(asked))
    }
}

impl std::fmt::Display for Query {
    /// As an address has it: the same list is always the same text.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut first = true;
        for (name, value) in self.pairs().iter().filter(|(_, value)| !value.is_empty()) {
            let and = if first { "" } else { "&" };
            write!(f, "{and}{name}={}", utf8_percent_encode(value, NON_ALPHANUMERIC))?;
            first = false;
        }
        Ok(())
    }
}

/// A view that somebody kept.
#[derive(Clone, Debug)]
pub struct View {
    /// Id.
    pub id: Id,
    /// Name.
    pub name: String,
    /// What follows `?`.
    pub query: String,
}

/// The list, ready for the page.
#[derive(Clone, Debug)]
pub struct Queue {
    /// What was asked for.
    pub query: Query,
    /// Its rows.
    pub rows: Vec<Row>,
    /// How many wait in all, up to 101.
    pub waiting: i64,
    /// Address of the next page.
    pub next: Option<String>,
    /// Whether this is not the first page.
    pub later: bool,
    /// This person's views.
    pub views: Vec<View>,
}

impl Queue {
    /// Reads a page of the list.
    pub async fn read(reader: &mut Reader, person: &Person, fields: &Fields) -> Result<Self> {
        let query = Query::read(fields);
        let before = place(fields.get("after"));
        let mut rows = match query.asked(reader, person).await? {
            Some(asked) => {
                let who = Who::Person(person.clone());
                reports::list(reader, &Asked { before, ..asked }, |s| cases::push_visible_report(s, &who, "r.id")).await?
            }
            None => Vec::new(),
        };
        let more = rows.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
        rows.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
        let last = rows.last().filter(|_| more);
        let next = last.map(|row| {
            let and = if query == Query::default() { "" } else { "&" };
            format!("/inbox?{query}{and}after={}.{}", row.received_at.as_microsecond(), row.id)
        });
        let views = crate::people::views::list(reader, person, "inbox").await?;
        let views = views.into_iter().map(|view| View { id: view.id, name: view.name, query: view.query }).collect();
        Ok(Self { waiting: reports::count_waiting(reader).await?, later: before.is_some(), query, rows, next, views })
    }

    /// `12`, or `100+`.
    pub fn count(&self) -> String {
        if self.waiting > 100 { "100+".into() } else { self.waiting.to_string() }
    }

    /// What stands over the list: how many wait, or how many fit the filters.
    pub fn heading(&self) -> String {
        let more = if self.next.is_some() || self.later { "+" } else { "" };
        match (self.query.filters(), self.rows.len()) {
            (0, _) => format!("{} waiting", self.count()),
            (_, 0) => "None found".into(),
            (_, found) => format!("{found}{more} found"),
        }
    }

    /// Whether this view is the list that is shown.
    pub fn is(&self, query: &str) -> bool {
        self.query.to_string() == query
    }
}

/// Where a page goes on: instant and id of the row before.
fn place(text: &str) -> Option<(Timestamp, Id)> {
    let (at, id) = text.split_once('.')?;
    Some((Timestamp::from_microsecond(at.parse().ok()?).ok()?, id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_reads_back_what_it_writes() {
        let text = "state=all&organisation=Caf%C3%A9%20%26%20Co&order=oldest";
        let query = Query::read(&Fields::parse(text.as_bytes()));
        assert_eq!(query.to_string(), text);
        assert_eq!(query.filters(), 2);
        assert_eq!(query.turned().turned(), query);
        assert_eq!(Query::default().tail(), "");
    }
}
