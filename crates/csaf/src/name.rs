//! The name of a document's file (CSAF 2.0, section 5.1).

/// The file name for a tracking id: lower case, each run of other characters than `+`, `-`, letters and
/// digits as one `_`, and `.json`. Different ids may have the same name; [`crate::provider`] refuses that.
pub fn file_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len() + 5);
    // Full Unicode lower case first, as the standard's regular expression comes second: a Kelvin sign
    // becomes a k.
    for c in id.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '+' | '-') {
            name.push(c);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    name.push_str(".json");
    name
}
