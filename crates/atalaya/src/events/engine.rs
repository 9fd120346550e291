//! Who answers a question about events: this program, which reads the files itself, or the cluster that the
//! profile names. The rows are the same.

use ::lake::query::After;
use ::lake::{Addresses, Filter, Lake, Question, Rows, Sight, Sighted, Sources, Tally, View};

use super::{lake, upkeep};
use crate::{App, Result};

/// The lake at one moment, and who answers for it.
#[derive(Clone)]
pub(super) struct Answers {
    app: App,
    lake: Lake,
    view: View,
}

impl Answers {
    pub(super) fn new(app: &App, lake: Lake, view: View) -> Self {
        Self { app: app.clone(), lake, view }
    }

    /// Single events.
    pub(super) async fn events(&self, question: Question, sight: Sight) -> Result<Rows> {
        let own = self.clone();
        upkeep::blocking(move || match own.by_cluster(&question, &sight)? {
            Some(rows) => Ok(rows),
            None => own.lake.events(&own.view, &question, &sight).map_err(lake::fault),
        })
        .await
    }

    /// A page of events, and how many fit in all by day, class and type.
    pub(super) async fn page(&self, filter: Filter, sight: Sight, after: Option<After>, limit: u32) -> Result<(Rows, Tally)> {
        let own = self.clone();
        upkeep::blocking(move || match own.by_cluster(&Question::Events { filter: filter.clone(), after, limit }, &sight)? {
            Some(rows) => Ok((rows, own.counted(&filter, &sight)?)),
            None => own.lake.page(&own.view, &filter, &sight, after, limit).map_err(lake::fault),
        })
        .await
    }

    /// One event, as each of its holders has it. A cluster would take longer to begin.
    pub(super) async fn event(&self, event: [u8; 16]) -> Result<Rows> {
        let own = self.clone();
        upkeep::blocking(move || own.lake.events(&own.view, &Question::Event { event }, &Sight::All).map_err(lake::fault)).await
    }

    /// How many by day, class and type.
    pub(super) async fn tally(&self, filter: Filter, sight: Sight) -> Result<Tally> {
        let own = self.clone();
        upkeep::blocking(move || own.counted(&filter, &sight)).await
    }

    fn counted(&self, filter: &Filter, sight: &Sight) -> Result<Tally> {
        match self.by_cluster(&Question::Tally { filter: filter.clone() }, sight)? {
            Some(rows) => Ok((0..rows.len()).filter_map(|row| ::lake::tally_row(&rows, row)).collect()),
            None => self.lake.tally(&self.view, filter, sight).map_err(lake::fault),
        }
    }

    /// How many, and of how many addresses, by AS.
    pub(super) async fn sources(&self, filter: Filter, sight: Sight) -> Result<Sources> {
        let own = self.clone();
        let question = Question::Counts { filter: filter.clone(), by: ::lake::query::By::Asn, limit: i32::MAX.unsigned_abs() };
        upkeep::blocking(move || match own.by_cluster(&question, &sight)? {
            Some(rows) => Ok((0..rows.len()).filter_map(|row| ::lake::source_row(&rows, row)).collect()),
            None => own.lake.sources(&own.view, &filter, &sight).map_err(lake::fault),
        })
        .await
    }

    /// The addresses of what fits, by AS; none where there are more than `most`. In this process, whoever answers else.
    pub(super) async fn addresses(&self, filter: Filter, sight: Sight, most: usize) -> Result<Option<Addresses>> {
        let own = self.clone();
        upkeep::blocking(move || own.lake.addresses(&own.view, &filter, &sight, most).map_err(lake::fault)).await
    }

    /// Goes through all events of a filter, as each of their holders has them; in this process, whoever answers else. It waits
    /// for the disk.
    pub(super) fn each_sighted(&self, filter: &Filter, each: impl FnMut(&Sighted<'_>)) -> Result<()> {
        self.lake.each_sighted(&self.view, filter, each).map_err(lake::fault)
    }

    /// The cluster's answer, if there is a cluster.
    #[cfg(feature = "spark")]
    fn by_cluster(&self, question: &Question, sight: &Sight) -> Result<Option<Rows>> {
        let Some(cluster) = self.app.events.cluster(&self.app)? else { return Ok(None) };
        cluster.ask(&self.view, question, sight).map(Some).map_err(lake::fault)
    }

    #[cfg(not(feature = "spark"))]
    fn by_cluster(&self, _: &Question, _: &Sight) -> Result<Option<Rows>> {
        let _ = &self.app;
        Ok(None)
    }
}
