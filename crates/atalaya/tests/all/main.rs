//! All tests that see the program from the outside: over HTTP, by mail, on the command line.
//! One binary, so that the program is linked once and one PostgreSQL server serves every story.

mod house;

mod cases;
mod api;
mod constituency;
mod kill;
mod mailbox;
mod people;
mod reports;
mod texts;
mod verify;
