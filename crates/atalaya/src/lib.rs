//! Atalaya: a CSIRT in one binary.
//!
//! `routes.rs` lists every route, `access.rs` who may take it, `release.rs` the one gate out,
//! `jobs.rs` what is done later. Each folder is a room with the verbs of its noun in `mod.rs`, its SQL in
//! `store.rs` (private) and its pages in `web.rs` and `pages/`.

pub mod access;
pub mod api;
pub mod app;
pub mod bench;
pub mod cases;
pub mod clocks;
pub mod commands;
pub mod constituency;
pub mod demo;
pub mod due;
pub mod error;
pub mod events;
pub mod form;
pub mod fuzz;
pub mod jobs;
pub mod journal;
pub mod keys;
pub mod mailbox;
pub mod member;
pub mod metrics;
pub mod named;
pub mod once;
pub mod outbox;
pub mod people;
pub mod publications;
pub mod release;
pub mod reports;
pub mod roster;
pub mod routes;
pub mod sealed;
pub mod search;
pub mod status;
pub mod text;
pub mod triage;
pub mod web;

pub use ::profile;
pub use ::profile::calendar;
pub use app::App;
pub use error::{Error, Result};

/// The program's version; pages name their files with it, so that a new version is fetched anew.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
