//! Measures what has a budget.
