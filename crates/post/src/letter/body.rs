//! The text of a mail and its attachments. The text is what a mail program
//! would show first; what it would show as a file is an attachment. Text that
//! claims a character set nobody knows is still shown, with a problem line.

use mail_parser::decoders::charsets::map::charset_decoder;
use mail_parser::{Message, MessagePart, MimeHeaders, PartType};

use super::{Letter, Limits, attach, cut, html};

/// Fills in text, HTML and attachments.
pub fn fill(letter: &mut Letter, message: &Message<'_>, limits: &Limits) {
    let texts = parts(message, &message.text_body);
    let pages = parts(message, &message.html_body);
    for part in texts.iter().chain(&pages) {
        note(part, letter);
    }
    let mut text = Vec::new();
    for part in &texts {
        match &part.body {
            PartType::Text(plain) => text.push(plain.to_string()),
            PartType::Html(page) => text.push(html::text_of(&safe_page(
                page,
                limits,
                &mut letter.problems,
            ))),
            _ => {}
        }
    }
    letter.html = page(&pages, limits, &mut letter.problems);
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
    ids.iter()
        .filter_map(|id| message.parts.get(*id as usize))
        .collect()
}

/// The HTML of a mail that has any; plain pieces between are kept as they are.
fn page(pages: &[&MessagePart<'_>], limits: &Limits, problems: &mut Vec<String>) -> Option<String> {
    if !pages
        .iter()
        .any(|part| matches!(part.body, PartType::Html(_)))
    {
        return None;
    }
    let pieces: Vec<String> = pages
        .iter()
        .filter_map(|part| match &part.body {
            PartType::Html(page) => Some(safe_page(page, limits, problems)),
            PartType::Text(text) => Some(format!(
                "<pre>{}</pre>",
                html::escaped(&text.replace('\0', ""))
            )),
            _ => None,
        })
        .collect();
    Some(pieces.join("<hr>"))
}

fn safe_page(page: &str, limits: &Limits, problems: &mut Vec<String>) -> String {
    let mut page = page.replace('\0', "");
    if cut(&mut page, limits.text) {
        tell(
            problems,
            format!(
                "The HTML is larger than {} bytes; the rest was not read.",
                limits.text
            ),
        );
    }
    html::harmless(&page)
}

fn attachments(letter: &mut Letter, message: &Message<'_>, limits: &Limits) {
    for part in parts(message, &message.attachments) {
        if letter.attachments.len() >= limits.parts {
            tell(
                &mut letter.problems,
                format!("Only the first {} attachments were read.", limits.parts),
            );
            break;
        }
        let file = attach::of_part(message, part, limits);
        if part.is_encoding_problem {
            let line = format!(
                "The attachment \"{}\" is damaged; it is kept as it came.",
                file.name
            );
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
    let charset = part
        .content_type()
        .and_then(|claimed| claimed.attribute("charset"));
    let known = charset.is_none_or(|name| {
        let plain = ["utf-8", "utf8", "us-ascii", "ascii"]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known));
        plain || charset_decoder(name.as_bytes()).is_some()
    });
    if !known {
        let shown = super::one_line(charset.unwrap_or(""), 40);
        tell(
            &mut letter.problems,
            format!("The character set \"{shown}\" is not known; the text was read as UTF-8."),
        );
    } else if text.contains('\u{fffd}') {
        tell(
            &mut letter.problems,
            "The text has characters that could not be decoded.".to_owned(),
        );
    }
    if part.is_encoding_problem {
        tell(
            &mut letter.problems,
            "The text is damaged; it is shown as it came.".to_owned(),
        );
    }
}

fn clean_text(letter: &mut Letter, limits: &Limits) {
    if letter.text.contains('\0') {
        letter.text.retain(|c| c != '\0');
        letter
            .problems
            .push("NUL bytes were taken out of the text.".to_owned());
    }
    letter
        .text
        .retain(|c| !c.is_control() || c == '\n' || c == '\t');
    if cut(&mut letter.text, limits.text) {
        tell(
            &mut letter.problems,
            format!(
                "The text is larger than {} bytes; the rest is in the raw mail.",
                limits.text
            ),
        );
    }
}

fn tell(problems: &mut Vec<String>, line: String) {
    if !problems.contains(&line) {
        problems.push(line);
    }
}
