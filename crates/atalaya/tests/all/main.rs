//! All tests that see the program from the outside: over HTTP, by mail, on the command line.
//! One binary, so that the program is linked once and one PostgreSQL server serves every story.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::large_stack_arrays,
    clippy::items_after_statements,
    clippy::case_sensitive_file_extension_comparisons,
    clippy::pedantic,
    clippy::needless_range_loop,
    reason = "a story that cannot go on should stop, and should read like one"
)]

mod holders;
mod house;

mod access;
mod advisories;
mod allocations;
mod api;
mod architecture;
mod asked;
mod assets;
mod audit;
mod backup;
mod blobs;
mod bounds;
mod browser;
mod came;
mod cases;
mod claims;
mod clocks;
mod constituency;
mod coverage;
mod demonstration;
mod disk;
mod distinct;
mod drafts;
mod due;
mod ended;
mod event_counts;
mod event_limits;
mod event_traces;
mod events;
mod extent;
mod feeders;
mod form;
mod found;
mod fuzz;
mod imap;
mod inside;
mod jobs;
mod joined;
mod kept;
mod kept_words;
mod kill;
mod ledger;
mod letters;
mod links;
mod mailbox;
mod mailings;
mod member;
mod messages;
mod metrics;
mod newcomer;
mod nodes;
mod notices;
mod once;
mod openpgp;
mod openpgp_broken;
mod openpgp_known;
mod openpgp_out;
mod openpgp_pages;
mod outage;
mod overtaken;
mod pace;
mod people;
mod postfix;
mod proposals;
mod provider;
mod publications;
mod readers;
mod reads;
mod registrations;
mod registry_moves;
mod rejected;
mod reporter;
mod reports;
mod sealed;
mod search;
mod serve;
mod site;
mod stale;
mod states;
mod status;
mod story;
mod stranger;
mod stumbled;
mod sure;
mod takeover;
mod texts;
mod triage;
mod untold;
mod upgrade;
mod verify;
mod walked;
mod warnings;
