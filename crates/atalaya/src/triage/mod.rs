//! The inbox and the page of a report.
