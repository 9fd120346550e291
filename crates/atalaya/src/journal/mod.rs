//! The audit page and the disclosure ledger.
