//! The public report form.
