//! What goes out, read by others: each document is written from hostile texts and read by a reader that knows
//! nothing of the writer. The laws are tried with readers in Rust; `independent` asks Python's.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stdout, reason = "a test may fail")]

mod calendars;
mod feeds;
mod independent;
mod texts;

use proptest::prelude::*;

/// What a stranger puts where a name was asked for.
pub const HOSTILE: &[&str] = &[
    "]]>",
    "</script>",
    "</content>",
    "<script>alert(1)</script>",
    "<![CDATA[",
    "<!--",
    "-->",
    "&amp;",
    "&#0;",
    "&lt;b&gt;",
    "\r\n",
    "\r",
    "\n\n",
    "\u{2028}",
    "\u{85}",
    "\u{b}",
    "\u{c}",
    "\0",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{202e}fdp.exe",
    "\u{2066}",
    "\u{feff}",
    "\u{fffe}",
    "\u{200f}",
    "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n",
    "\r\n ",
    "\r\nATTACH:https://evil.example/",
    "\\",
    "\\n",
    "\\\\;",
    ";",
    ",",
    ":",
    "\"",
    "'",
    "^",
    "^n",
    "^'",
    "%0D%0A",
    "=",
    "javascript:alert(1)",
    "](javascript:x)",
    "![x](y)",
    "| - |",
    "```",
    "    ",
    "\t",
    " ",
    "é",
    "\u{1f6a8}",
    "שלום",
    "日本語",
    "wordwordwordwordwordwordwordwordwordwordwordwordwordwordwordwordwordwordwordword",
    "a",
    "Z",
    "0",
];

/// Texts of hostile parts and of any characters, in turn.
pub fn texts() -> impl Strategy<Value = String> {
    let part = prop_oneof![4 => proptest::sample::select(HOSTILE).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    proptest::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}
