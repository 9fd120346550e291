//! Entry points for fuzzing. Each takes any bytes, must return, and checks what
//! must hold whatever came in.

use crate::address::{ThreadKey, check, normalise, tags_in_subject};
use crate::imap::{wire::Wire, words};
use crate::letter::{Envelope, Letter, Limits, read_delivered, unreadable};
use crate::lmtp::Command;
use crate::quote::new_part;

/// Reads the bytes as a mail; false if the letter is not fit to be shown.
pub fn letter(bytes: &[u8]) -> bool {
    let limits = Limits { size: 1024 * 1024, parts: 50, depth: 8, ..Limits::default() };
    let letter = read_delivered(&Envelope::default(), bytes, &limits);
    let (new, quoted) = new_part(&letter.text);
    let whole = format!("{new}{quoted}") == letter.text || format!("{quoted}{new}") == letter.text;
    whole && fit(&letter) && fit(&unreadable(bytes, "fuzz"))
}

fn fit(letter: &Letter) -> bool {
    let line = |text: &str| !text.chars().any(char::is_control);
    let html = letter.html.as_deref().unwrap_or("").to_ascii_lowercase();
    line(&letter.subject)
        && letter.subject.chars().count() <= 500
        && letter.problems.iter().all(|problem| line(problem))
        && letter.attachments.iter().all(|file| line(&file.name) && !file.name.contains(['/', '\\']))
        && !["<script", "<img", "<a ", "<style", " href=", " src=", " style="].iter().any(|bad| in_tag(&html, bad))
}

/// Whether this stands in a tag: in text it is harmless, there `<` is escaped.
fn in_tag(html: &str, bad: &str) -> bool {
    if bad.starts_with('<') {
        return html.contains(bad);
    }
    html.split('<').skip(1).filter_map(|rest| rest.split('>').next()).any(|tag| tag.contains(bad))
}

/// Parses the bytes as a line of LMTP; false if an unsafe address came through.
pub fn lmtp_line(bytes: &[u8]) -> bool {
    match Command::parse(bytes) {
        // A sender may be anything that is one line; nothing is ever written to it unchecked.
        Ok(Command::Mail { from: Some(path), .. }) => path.len() <= 1000 && !path.chars().any(char::is_control),
        Ok(Command::Rcpt { to: path }) => path == "postmaster" || check(&path).is_ok(),
        Ok(_) => true,
        Err(complaint) => complaint.reply().starts_with('5'),
    }
}

/// Checks the bytes as an address; false if something unsafe passed.
pub fn address(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let key = ThreadKey::new([1; 32]);
    let forged = key.thread_of_address(&text).is_some() || key.thread_of_message_id(&text).is_some();
    let _ = tags_in_subject(&text, "ATL");
    let safe = check(&text).is_err() || !text.chars().any(char::is_control);
    let stable = normalise(&text).map_or(true, |once| normalise(&once) == Ok(once.clone()));
    !forged && safe && stable
}

/// Reads the bytes as what a hosted mailbox answers; false if more came through than there was room for, or
/// something that is no line.
pub fn imap(bytes: &[u8]) -> bool {
    const ROOM: usize = 4096;
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().build() else { return false };
    runtime.block_on(async {
        let stream = tokio::io::join(std::io::Cursor::new(bytes.to_vec()), tokio::io::sink());
        let (mut wire, mut room, mut came) = (Wire::new(Box::new(stream)), ROOM, 0);
        while let Ok(response) = wire.response(&mut room).await {
            came += response.text.chars().count() + response.literals.iter().map(Vec::len).sum::<usize>();
            let _ = words::number_after::<u64>(&response.text, "UID");
            let _ = words::is_about(&response.text, 1);
            let safe = |line: &str| line.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_control());
            let shown = words::shown(&response.text);
            if shown.chars().any(char::is_control) || !safe(&words::quoted(&response.text)) || !words::plain(&response.text).is_none_or(|text| safe(&text)) {
                return false;
            }
            came += response.bytes().map_or(0, |bytes| bytes.len());
        }
        // Each byte may stand in the text or in a literal, and once more in what was asked for.
        came <= 2 * ROOM
    })
}
