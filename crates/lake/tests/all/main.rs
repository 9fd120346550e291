//! The lake from the outside: what goes in, and what lies in its files then.

mod exactly_once;
mod kill;
mod upkeep;
mod world;
mod writers;
