//! What the reporter of a report sees.
