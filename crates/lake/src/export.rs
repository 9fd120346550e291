//! Events as files for others: CSV for spreadsheets, JSON lines, Parquet. They are asked for page by
//! page, so that an export of any size takes the memory of a page, and each page says where the next
//! one begins.

mod sheet;

pub use sheet::{Form, Sheet, plain};

use crate::Result;
use crate::key;
use crate::query::{After, Filter, Question, Rows, Span, View};

/// Events of a page.
const PAGE: u32 = 20_000;

/// Pages of events, the newest first. `ask` puts a question to an engine.
pub struct Pages<F> {
    filter: Filter,
    after: Option<After>,
    ask: F,
    /// Days that there are files of, the last one last.
    days: Vec<i32>,
    done: bool,
}

impl<F: FnMut(&Question) -> Result<Rows>> Pages<F> {
    /// `after`: where an earlier export ended.
    pub fn new(view: &View, filter: Filter, after: Option<After>, ask: F) -> Self {
        let mut days: Vec<i32> = view.files().iter().map(|file| file.day).collect();
        days.sort_unstable();
        days.dedup();
        Self { filter, after, ask, days, done: false }
    }

    /// Where the next page begins; to be kept by who may have to go on later.
    pub fn after(&self) -> Option<After> {
        self.after
    }

    fn page(&mut self) -> Result<Option<Rows>> {
        let Span { from, mut until } = self.filter.span;
        if let Some(after) = self.after {
            until = until.min(after.observed.saturating_add(1));
        }
        // Day by day: each page looks at the files of one day only.
        while let Some(day) = self.days.last().copied() {
            let start = i64::from(day) * key::DAY;
            let span = Span { from: from.max(start), until: until.min(start + key::DAY) };
            if span.from < span.until {
                let filter = Filter { span, ..self.filter.clone() };
                let rows = (self.ask)(&Question::Events { filter, after: self.after, limit: PAGE })?;
                if let Some(last) = rows.len().checked_sub(1) {
                    self.after = place(&rows, last);
                    return Ok(Some(rows));
                }
            }
            self.days.pop();
        }
        Ok(None)
    }
}

impl<F: FnMut(&Question) -> Result<Rows>> Iterator for Pages<F> {
    type Item = Result<Rows>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let page = self.page();
        self.done = !matches!(page, Ok(Some(_)));
        page.transpose()
    }
}

fn place(rows: &Rows, row: usize) -> Option<After> {
    let observed = rows.get(row, "observed").int()?;
    let event = rows.get(row, "event").bytes()?;
    Some(After { observed, event, holder: rows.get(row, "holder").int()? })
}
