//! The states of a report: `new -> open | resolved | rejected`, `open -> resolved | rejected`, and
//! back to `open` from the two ends. Any other step is refused. How it moves with its cases: `linked`.

use ::store::{Id, Tx, args};

use super::report::{self, Report};
use crate::{Error, Result};

/// The lawful steps.
pub(super) fn leads_to(from: &str, to: &str) -> bool {
    matches!((from, to), ("new", "open" | "resolved" | "rejected") | ("open", "resolved" | "rejected") | ("resolved" | "rejected", "open"))
}

/// Takes one step, or says why it is none.
pub(super) async fn step(tx: &mut Tx, report: &Report, to: &str) -> Result<()> {
    if !leads_to(&report.state, to) {
        return Err(Error::conflict(format!("{} is {}; it cannot become {to} from there.", report.number, report.state)));
    }
    let in_case = report.disposition.as_deref() == Some("case");
    if in_case && to != "open" {
        return Err(Error::conflict(format!("{} is worked on in a case: it ends with its cases.", report.number)));
    }
    let now = tx.now();
    // Its state, and whether a case works on it, stand in the condition too: on a server another change may have been faster.
    let moved = tx
        .execute(
            "update reports set state = $2, updated_at = $3, version = version + 1 where id = $1 and state = $4 \
             and case when disposition = 'case' then 1 else 0 end = $5",
            args![report.id, to, now, &report.state, in_case],
        )
        .await?;
    if moved == 0 {
        return Err(Error::conflict(format!("{} was changed by somebody else just now. Load the page again.", report.number)));
    }
    Ok(())
}

/// The report, or nothing there.
pub(super) async fn must(tx: &mut Tx, id: Id) -> Result<Report> {
    report::get(tx, id).await?.ok_or(Error::NotFound)
}

#[cfg(test)]
mod tests {
    use super::leads_to;

    #[test]
    fn a_report_takes_the_lawful_steps_and_no_other() {
        let lawful =
            [("new", "open"), ("new", "resolved"), ("new", "rejected"), ("open", "resolved"), ("open", "rejected"), ("resolved", "open"), ("rejected", "open")];
        for from in ["new", "open", "resolved", "rejected"] {
            for to in ["new", "open", "resolved", "rejected"] {
                assert_eq!(leads_to(from, to), lawful.contains(&(from, to)), "{from} -> {to}");
            }
        }
    }
}
