//! All tests that see the program from the outside: over HTTP, by mail, on the command line.
//! One binary, so that the program is linked once and one PostgreSQL server serves every story.

mod house;

mod api;
mod cases;
mod constituency;
mod form;
mod kill;
mod mailbox;
mod people;
mod reports;
mod status;
mod texts;
mod verify;
