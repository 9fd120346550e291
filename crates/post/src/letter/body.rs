//! The text of a mail and its attachments. The text is what a mail program
//! would show first; what it would show as a file is an attachment. Text that
//! claims a character set nobody knows is still shown, with a problem line.

use std::collections::BTreeMap;

use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::weight::too_heavy;
use super::{Letter, Limits, attach, cut, html};

/// Fills in text, HTML and attachments.
pub fn fill(letter: &mut Letter, message: &Message<'_>, limits: &Limits) {
    let pages = pages(message, limits, &mut letter.problems);
    for part in parts(message, &both(message)) {
        note(part, letter);
    }
    let mut text = Vec::new();
    for id in &message.text_body {
        match message.parts.get(*id as usize).map(|part| &part.body) {
            Some(PartType::Text(plain)) => text.push(plain.to_string()),
            Some(PartType::Html(_)) => text.extend(pages.get(id).map(|page| html::text_of(page))),
            _ => {}
        }
    }
    letter.html = whole_page(message, &pages);
    letter.text = text.join("\n\n").replace("\r\n", "\n");
    if letter.text.trim().is_empty()
        && let Some(page) = &letter.html
    {
        letter.text = html::text_of(page);
    }
    attachments(letter, message, limits);
    clean_text(letter, limits);
}

fn parts<'a, 'x>(message: &'a Message<'x>, ids: &[u32]) -> Vec<&'a MessagePart<'x>> {
    ids.iter().filter_map(|id| message.parts.get(*id as usize)).collect()
}

/// The parts that are shown as text or as page, each once.
fn both(message: &Message<'_>) -> Vec<u32> {
    let mut ids = [message.text_body.as_slice(), &message.html_body].concat();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The HTML parts, made harmless. All of them together are read up to the limit.
fn pages(message: &Message<'_>, limits: &Limits, problems: &mut Vec<String>) -> BTreeMap<u32, String> {
    let mut room = limits.text;
    let mut pages = BTreeMap::new();
    for id in both(message) {
        let Some(PartType::Html(page)) = message.parts.get(id as usize).map(|part| &part.body) else { continue };
        let mut page = page.replace('\0', "");
        if cut(&mut page, room) {
            let line = format!("The HTML is larger than {} bytes; the rest was not read.", limits.text);
            tell(problems, line);
        }
        room -= page.len();
        if too_heavy(&page) {
            tell(problems, "The HTML is too intricate; only its text is shown.".to_owned());
        }
        pages.insert(id, html::harmless(&page));
    }
    pages
}

/// The page of a mail that has any; plain pieces between are kept as they are.
fn whole_page(message: &Message<'_>, pages: &BTreeMap<u32, String>) -> Option<String> {
    if !message.html_body.iter().any(|id| pages.contains_key(id)) {
        return None;
    }
    let plain = |id: &u32| match message.parts.get(*id as usize).map(|part| &part.body) {
        Some(PartType::Text(text)) => Some(format!("<pre>{}</pre>", html::escaped(&text.replace('\0', "")))),
        _ => None,
    };
    let pieces = message.html_body.iter().filter_map(|id| pages.get(id).cloned().or_else(|| plain(id)));
    Some(pieces.collect::<Vec<_>>().join("<hr>"))
}

fn attachments(letter: &mut Letter, message: &Message<'_>, limits: &Limits) {
    for part in parts(message, &message.attachments) {
        if letter.attachments.len() >= limits.parts {
            tell(&mut letter.problems, format!("Only the first {} attachments were read.", limits.parts));
            break;
        }
        let file = attach::of_part(message, part, limits);
        if part.is_encoding_problem {
            let line = format!("The attachment \"{}\" is damaged; it is kept as it came.", file.name);
            tell(&mut letter.problems, line);
        }
        letter.attachments.push(file);
    }
}

/// Says what is wrong with a text part, once.
fn note(part: &MessagePart<'_>, letter: &mut Letter) {
    let (PartType::Text(text) | PartType::Html(text)) = &part.body else {
        return;
    };
    let charset = part.content_type().and_then(|claimed| claimed.attribute("charset"));
    let known = charset.is_none_or(|name| {
        let plain = ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|known| name.eq_ignore_ascii_case(known));
        plain || charset_decoder(name.as_bytes()).is_some()
    });
    if !known {
        let shown = super::one_line(charset.unwrap_or(""), 40);
        tell(&mut letter.problems, format!("The character set \"{shown}\" is not known; the text was read as UTF-8."));
    } else if text.contains('\u{fffd}') {
        tell(&mut letter.problems, "The text has characters that could not be decoded.".to_owned());
    }
    if part.is_encoding_problem {
        tell(&mut letter.problems, "The text is damaged; it is shown as it came.".to_owned());
    }
}

fn clean_text(letter: &mut Letter, limits: &Limits) {
    if letter.text.contains('\0') {
        letter.text.retain(|c| c != '\0');
        letter.problems.push("NUL bytes were taken out of the text.".to_owned());
    }
    letter.text.retain(|c| !c.is_control() || c == '\n' || c == '\t');
    if cut(&mut letter.text, limits.text) {
        tell(&mut letter.problems, format!("The text is larger than {} bytes; the rest is in the raw mail.", limits.text));
    }
}

fn tell(problems: &mut Vec<String>, line: String) {
    if !problems.contains(&line) {
        problems.push(line);
    }
}
