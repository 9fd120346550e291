//! Mails that stay in the hosted folder because they are too large or cannot be had. A person must
//! know of each, so something stands in for it: the header, as far as there is one, with a line
//! that says where the mail itself is. The same mail always gets the same stand-in.

/// Fields that would say something untrue of the one line.
const OF_THE_BODY: [&str; 3] = ["content-type", "content-transfer-encoding", "mime-version"];

/// Stands in for a mail of which only the header was fetched.
pub fn too_large(header: &[u8], folder: &str, size: usize) -> Vec<u8> {
    let words =
        format!("This mail is larger than what is taken: {} MB ({size} bytes). It was left in the folder \"{folder}\" of the mailbox, unmarked.", size >> 20);
    with_line(header, &words)
}

/// Stands in for a mail that the server does not hand out.
pub fn unfetched(folder: &str, uid: u32, user: &str, why: &str) -> Vec<u8> {
    let header = format!("From: {user}\r\nSubject: A mail that cannot be fetched\r\n");
    let header = if user.contains('@') { header } else { "Subject: A mail that cannot be fetched\r\n".to_owned() };
    with_line(
        header.as_bytes(),
        &format!("The mail with the number (UID) {uid} in the folder \"{folder}\" cannot be fetched, {why}. It was left there, unmarked."),
    )
}

fn with_line(header: &[u8], words: &str) -> Vec<u8> {
    let mut raw = Vec::with_capacity(header.len() + 512);
    for line in header.split_inclusive(|byte| *byte == b'\n') {
        if line.trim_ascii().is_empty() {
            break;
        }
        let name = line.split(|byte| *byte == b':').next().unwrap_or_default().to_ascii_lowercase();
        if OF_THE_BODY.iter().any(|field| field.as_bytes() == name) {
            raw.extend_from_slice(b"X-Left-");
        }
        raw.extend_from_slice(line);
    }
    if !raw.is_empty() && !raw.ends_with(b"\n") {
        raw.extend_from_slice(b"\r\n");
    }
    raw.extend_from_slice(
        format!("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{words}\r\n").as_bytes(),
    );
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stand_in_keeps_the_header_and_says_where_the_mail_is() {
        let header = b"From: a@shop.example\r\nContent-Type: multipart/mixed;\r\n boundary=b\r\nSubject: Large\r\n\r\n";
        let text = String::from_utf8_lossy(&too_large(header, "INBOX", 60 << 20)).into_owned();
        assert!(text.starts_with("From: a@shop.example\r\nX-Left-Content-Type: multipart/mixed;\r\n boundary=b\r\nSubject: Large\r\nMIME-Version"), "{text}");
        assert!(text.contains("60 MB (62914560 bytes)") && text.contains("\"INBOX\""), "{text}");
        let text = String::from_utf8_lossy(&too_large(b"Subject: cut off", "INBOX", 1)).into_owned();
        assert!(text.starts_with("Subject: cut off\r\nMIME-Version"), "{text}");
    }
}
