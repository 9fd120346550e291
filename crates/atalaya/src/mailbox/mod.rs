//! Mail that came in: a report, an answer or a bounce?
