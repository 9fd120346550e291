//! Notices: what organisations are told of their events, by rules that are data.
//!
//! [`notice_round`] says who is to be told something, [`tell_organisation`] looks, compares and lets
//! one mail out through the gate. [`dry_run`] plays a rule over the last month. `docs/events.md` ("Told")
//! tells the walk.

mod arrived;
mod came;
mod claim;
mod compare;
mod dry_run;
mod findings;
mod forget;
mod gather;
mod group;
mod key;
mod knock;
mod round;
mod rule;
mod schedule;
mod send;
mod sheet;
mod standing;
mod store;
mod text;
mod told;
mod untold;
mod way;
pub mod web;
mod words;

pub(super) use arrived::{arrived, go_on, moved, news};
pub(super) use came::{came, is_half_filled, newest};
pub use claim::{Claim, claim, claims, count_claims, count_wrong, decide_claim};
pub use dry_run::{DryRun, Month, dry_run};
pub use findings::{Found, STATES, Shown, count_findings, finding, findings, kind_key};
pub(super) use forget::{begin_again, forget};
pub use round::{notice_round, wake};
pub use rule::{Rule, RuleDetails, SEVERITIES, TEMPLATES, WEEKDAYS, add_rule, change_rule, rule, rules, severity};
pub use send::tell_organisation;
pub use text::reported;
pub use told::{
    Held, Notice, NoticeThread, count_held, for_member, held, is_waiting, notice, notices, notices_statement, of_member, of_thread, pending, tell_again,
};
pub use untold::{Line as UntoldLine, Step, count_untold, look_again, untold};
