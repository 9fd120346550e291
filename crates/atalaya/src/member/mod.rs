//! What a constituent sees of its own reports, cases and recommendations.
