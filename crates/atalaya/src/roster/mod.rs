//! The roster: the page where leads see everybody with a log-in, and admins keep people, groups
//! and tokens. It has no verbs of its own: it calls those of `people`, and names organisations
//! with `constituency` and feeds with `events`.

pub mod web;
