//! The lake past one machine, from outside: writers on an object store, other engines over the same
//! files. Everything stands in `tests`; nothing of the program uses this crate, and nothing but
//! `./test cluster` builds it.
