//! Finding reports, cases, messages, observables and organisations.
