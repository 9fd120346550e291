//! Which pages of a file can hold a row that fits (Parquet's page index, apache/parquet-format `PageIndex.md`): the others are
//! neither unpacked nor looked at.

use super::test::Test;
use crate::schema;
use parquet::arrow::arrow_reader::{RowSelection, RowSelector};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::page_index::column_index::ColumnIndexMetaData;

/// The rows of these groups, one behind the other, that stand in pages which may hold what fits. `None`: nobody knows, or all do.
pub(super) fn selection(metadata: &ParquetMetaData, groups: &[usize], tests: &[Test]) -> Option<RowSelection> {
    let mut all: Option<RowSelection> = None;
    for test in tests.iter().filter(|test| test.is_of_pages()) {
        let mut selectors = Vec::new();
        for group in groups {
            selectors.extend(of_group(metadata, *group, test)?);
        }
        let selection = RowSelection::from(selectors);
        all = Some(match all {
            Some(all) => all.intersection(&selection),
            None => selection,
        });
    }
    all
}

fn of_group(metadata: &ParquetMetaData, group: usize, test: &Test) -> Option<Vec<RowSelector>> {
    let place = schema::index(test.column());
    let rows = usize::try_from(metadata.row_groups().get(group)?.num_rows()).ok()?;
    let pages = metadata.offset_index()?.get(group)?.get(place)?.page_locations();
    let ColumnIndexMetaData::FIXED_LEN_BYTE_ARRAY(bounds) = metadata.column_index()?.get(group)?.get(place)? else { return None };
    if bounds.num_pages() != pages.len() as u64 {
        return None;
    }
    let begins = |page: usize| pages.get(page).map_or(Some(rows), |page| usize::try_from(page.first_row_index).ok());
    let mut selectors = Vec::new();
    for page in 0..pages.len() {
        let count = begins(page + 1)?.checked_sub(begins(page)?)?;
        // A page of nothing but absent values has no bounds, and nothing that fits.
        let may = !bounds.is_null_page(page) && test.may_be_between(bounds.min_value(page)?, bounds.max_value(page)?);
        selectors.push(if may { RowSelector::select(count) } else { RowSelector::skip(count) });
    }
    Some(selectors)
}
