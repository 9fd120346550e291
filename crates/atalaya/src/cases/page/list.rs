//! The list of cases, and the preview of what a bulk action would change.

use askama::Template;
use formats::rsit;
use store::Id;

use super::{Choice, Problem, choices, labels, people_of};
use crate::Result;
use crate::cases::case::{self, Case};
use crate::cases::list::{self, Filter, Listed};
use crate::cases::parties;
use crate::people::named;
use crate::people::views::{self, View};
use crate::reports::linked;
use crate::web::{Ctx, Fields, Room, Shell};

/// `GET /cases`.
#[derive(Template)]
#[template(path = "cases/pages/list.html")]
pub struct ListPage {
    shell: Shell,
    filter: Filter,
    rows: Vec<ListedRow>,
    next: Option<String>,
    counts: [(&'static str, &'static str, String, bool); 6],
    views: Vec<View>,
    states: Vec<Choice>,
    kinds: Vec<Choice>,
    severities: Vec<Choice>,
    classes: Vec<Choice>,
    staff: Vec<Choice>,
    labels: Vec<Choice>,
    me: String,
    problem: Problem,
}

struct ListedRow {
    case: Listed,
    owner: String,
    unread: i64,
    /// Whether a report of it is urgent, and whether help is wanted.
    urgent: bool,
    help: bool,
    /// Whether somebody wrote after its end, and nobody has said yet whether work goes on.
    asked: bool,
}

impl ListedRow {
    fn is_open(&self) -> bool {
        self.case.state == "open"
    }

    fn unread_words(&self) -> String {
        parties::unread_words(self.unread, self.is_open() || self.asked)
    }
}

impl ListPage {
    /// Reads what the list shows.
    pub async fn read(ctx: &Ctx, filter: Filter, problem: Problem) -> Result<Self> {
        let shell = Shell::new(ctx, "Cases", Room::Cases).await?;
        let person = ctx.person()?.id;
        let mut reader = ctx.app.db.read().await?;
        let (rows, next) = list::list(&mut reader, &ctx.who, &filter).await?;
        let owners: Vec<Id> = rows.iter().filter_map(|row| row.owner).collect();
        let ids: Vec<Id> = rows.iter().map(|row| row.id).collect();
        let unread = list::unread(&mut reader, &ids).await?;
        let marks = linked::marks(&mut reader, &ids).await?;
        let asked = list::asked(&mut reader, &ids).await?;
        let names = named::names(&mut reader, &owners).await?;
        let mut counts = [
            ("state=open", "Open", String::new(), false),
            ("state=open&owner=me", "Mine", String::new(), false),
            ("state=open&owner=none", "Nobody's", String::new(), false),
            ("state=open&due=late", "Overdue", String::new(), false),
            ("state=open&unread=yes", "New answers", String::new(), false),
            ("state=open&watched=yes", "Watched", String::new(), false),
        ];
        let query = filter.query();
        for (wanted, _, count, current) in &mut counts {
            *current = *wanted == query;
            let of = Filter::read(&Fields::parse(wanted.as_bytes()));
            if of.owner != "none" {
                let found = list::count(&mut reader, &ctx.who, &of).await?;
                *count = if found > 100 { "100+".into() } else { found.to_string() };
            }
        }
        let rows = rows
            .into_iter()
            .map(|case| {
                let owner = match case.owner {
                    Some(id) if id == person => "you".to_owned(),
                    Some(id) => names.get(&id).cloned().unwrap_or_default(),
                    None => String::new(),
                };
                let unread = unread.iter().find(|(id, _)| *id == case.id).map_or(0, |(_, count)| *count);
                let asked = asked.contains(&case.id);
                let (_, urgent, help) = marks.iter().find(|(id, _, _)| *id == case.id).copied().unwrap_or((case.id, false, false));
                ListedRow { case, owner, unread, urgent, help, asked }
            })
            .collect();
        Ok(Self {
            views: views::list(&mut reader, ctx.person()?, "cases").await?,
            staff: people_of(named::staff(&mut reader).await?),
            states: [("open", "Open"), ("resolved", "Resolved"), ("abandoned", "Abandoned"), ("all", "All")].map(|(a, b)| (a.into(), b.into())).into(),
            kinds: choices(&case::KINDS),
            severities: choices(&case::SEVERITIES),
            classes: choices(rsit::CLASSES),
            labels: labels(),
            me: person.to_string(),
            shell,
            filter,
            rows,
            next,
            counts,
            problem,
        })
    }
}

/// `POST /cases/bulk` before it is done: what would change.
#[derive(Template)]
#[template(path = "cases/pages/bulk.html")]
pub struct BulkPage {
    /// The frame.
    pub shell: Shell,
    /// What would be done, in words.
    pub what: String,
    /// `assign` or `label`.
    pub action: String,
    /// The chosen person or label.
    pub value: String,
    /// Case, and what would change; empty when nothing would.
    pub rows: Vec<(Case, String)>,
    /// The list to go back to.
    pub back: String,
}
