//! Cases: what we coordinate.
//!
//! A case comes from reports, is worked on with its parties, and ends with an outcome. Every verb
//! here asks [`see`] first: a case that somebody may not know of does not exist for them.

mod after_end;
pub mod answer_web;
mod apart;
pub mod before;
pub mod bulk_web;
mod by_mail;
pub mod case;
mod change;
mod common;
pub mod compose_web;
pub mod drafts;
pub mod extent;
pub mod facts;
pub mod files_web;
mod join;
pub mod leaks;
pub mod list;
pub mod lookup;
mod message_store;
pub mod messages;
mod notes;
mod open;
mod page;
pub mod parties;
mod party_store;
pub mod party_web;
mod phones;
pub mod reads;
mod recommendation_store;
pub mod recommendations;
pub mod said_web;
pub mod see;
mod severity;
mod sources;
pub mod states;
mod store;
pub mod story;
mod suggest;
mod tasks;
pub mod tasks_web;
mod team;
pub mod templates;
pub mod web;
mod written;

pub use after_end::{answered_sealed_in, leave_ended};
pub use before::containers_of;
pub use by_mail::{party_of_report, party_of_tag, party_of_thread};
pub use case::Case;
pub use extent::set_extent;
pub use facts::{edit, set_kind, set_label, set_phase, set_verdict};
pub use join::{Split, link_cases, linked_cases, may_merge, merge, split, unlink_cases};
pub use messages::{receive_answer, receive_for_report};
pub use notes::{Note, add_note, edit_note, note, notes};
pub use open::{NewCase, link_report, link_report_in, open, open_in, unlink_report};
pub use parties::index_parties;
pub use see::{
    count_open, find, get, held, hidden_reports, hold_of_report_in, may_see, may_see_report, of_report, push_visible, push_visible_report, selections_of,
};
pub use severity::{judge_report_in, set_severity};
pub use sources::{Sources, sources};
pub use states::{
    Closing, abandon, close, close_in, has_report, lives_in, mark_responded_in, needs_recommendation, refresh_due, refresh_due_of_report, reopen,
    reopen_for_report_in, reopen_in, take_back, touch_in,
};
pub use tasks::{NewTask, Task, add_task, finish_task, hand_task, move_task, tasks};
pub use team::{assign, restrict, watch, watchers};
