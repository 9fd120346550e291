//! Mails built in code, so that each says what it is made to test.

use std::fmt::Write;

/// A mail with a sender, these header fields and this body.
pub fn mail(headers: &str, body: &str) -> Vec<u8> {
    format!("From: a@example.org\r\n{headers}\r\n\r\n{body}").into_bytes()
}

/// A multipart of so many small text parts.
pub fn parts(count: usize) -> Vec<u8> {
    let mut body = String::new();
    for at in 0..count {
        let kind = if at == 0 { "text/plain" } else { "text/csv" };
        let _ = write!(body, "--b\r\nContent-Type: {kind}\r\n\r\npart {at}\r\n");
    }
    body.push_str("--b--\r\n");
    mail("Content-Type: multipart/mixed; boundary=b", &body)
}

/// Multiparts so deep, with text before and after.
pub fn nested(depth: usize) -> Vec<u8> {
    let mut inner = String::from("Content-Type: text/plain\r\n\r\ninnermost\r\n");
    for at in 0..depth {
        inner = format!("Content-Type: multipart/mixed; boundary=n{at}x\r\n\r\n--n{at}x\r\n{inner}\r\n--n{at}x--\r\n");
    }
    let body = format!("--b\r\n\r\nbefore\r\n--b\r\n{inner}--b\r\n\r\nafter\r\n--b--\r\n");
    mail("Content-Type: multipart/mixed; boundary=b", &body)
}
