//! Puts the modules of a page into one script: one hash in the page pins all of it, in every browser that
//! knows Subresource Integrity, and the page that works from disk is one file.
//!
//! There is no parser here, since our modules keep two rules (a test checks them): an import is one
//! line, `import { a, b } from './x.js';` or `import * as x from './x.js';`, and what is exported is
//! declared with `export` at the line's begin. OpenPGP.js is one file that ends in its list of exports.

use super::site;
use crate::{Error, Result};

/// The script that runs `entry` with all that it needs.
pub fn bundle(entry: &str) -> Result<String> {
    let mut script = String::from("'use strict';\nconst modules = {};\n");
    for name in site::needed(entry) {
        let source = site::source(&name).ok_or_else(|| Error::fault(format!("{name} is not there")))?;
        let body = if std::path::Path::new(&name).extension().is_some_and(|kind| kind == "mjs") { foreign(&source)? } else { ours(&source)? };
        script.push_str(&format!("modules[\"{name}\"] = (() => {{\n{body}\n}})();\n"));
    }
    // These would end the script element, or begin a comment in it.
    let lower = script.to_ascii_lowercase();
    if lower.contains("</script") || lower.contains("<!--") { Err(Error::fault("a module holds what ends a script element")) } else { Ok(script) }
}

fn ours(source: &str) -> Result<String> {
    let other = |line: &str| Error::fault(format!("an import or export of another form: {line}"));
    let (mut body, mut names) = (String::new(), Vec::new());
    for line in source.lines() {
        if let Some(import) = line.strip_prefix("import ") {
            let (what, name) = import.strip_suffix("';").and_then(|import| import.split_once(" from './")).ok_or_else(|| other(line))?;
            let what = what.strip_prefix("* as ").unwrap_or(what);
            body.push_str(&format!("const {what} = modules[\"{name}\"];\n"));
        } else if let Some(declared) = line.strip_prefix("export ") {
            names.push(declared_name(declared).ok_or_else(|| other(line))?);
            body.push_str(&format!("{declared}\n"));
        } else {
            body.push_str(&format!("{line}\n"));
        }
    }
    Ok(format!("{body}return {{ {} }};", names.join(", ")))
}

/// The name of `async function* name(…`, `class name …`, `const name = …`.
fn declared_name(declared: &str) -> Option<&str> {
    let rest = declared.strip_prefix("async ").unwrap_or(declared);
    let rest = ["function* ", "function ", "class ", "const "].iter().find_map(|word| rest.strip_prefix(word))?;
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$')?;
    rest.get(..end).filter(|name| !name.is_empty())
}

// The library asks for what it needs of the browser as soon as it runs. It runs when it is first used:
// by then a page has said what is missing.
fn foreign(source: &str) -> Result<String> {
    let other = || Error::fault("the library ends in another way");
    let (body, last) = source.rsplit_once("export{").ok_or_else(other)?;
    let (list, _) = last.split_once('}').ok_or_else(other)?;
    let names: Vec<(&str, &str)> = list.split(',').map(|one| one.trim().split_once(" as ").unwrap_or((one.trim(), one.trim()))).collect();
    let all: Vec<String> = names.iter().map(|(inside, outside)| format!("{outside}: {inside}")).collect();
    let each: Vec<String> = names.iter().map(|(_, outside)| format!("get {outside}() {{ return all().{outside}; }}")).collect();
    let (all, each) = (all.join(", "), each.join(", "));
    Ok(format!("let held;\nconst all = () => (held ??= run());\nfunction run() {{\n{body}\nreturn {{ {all} }};\n}}\nreturn {{ {each} }};"))
}
