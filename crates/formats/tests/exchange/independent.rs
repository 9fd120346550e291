//! Readers in Python.
