//! Lines and mail bodies off the wire. Only CRLF ends a line. In a body the dot
//! that a sender doubled is taken away after CRLF and nowhere else, so that the
//! mail kept is the mail sent, byte for byte (RFC 5321 section 4.5.2).

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// RFC 5321 section 4.5.3.1.4 asks for 512; parameters and long paths need more.
const LINE: usize = 2048;
const CHUNK: usize = 16 * 1024;

/// Bytes read ahead of what was asked for: clients send commands in one go
/// (RFC 2920).
pub struct Input<R> {
    stream: R,
    buffer: Vec<u8>,
    at: usize,
}

/// A line of the command dialogue.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    Text(Vec<u8>),
    /// Longer than allowed; read to its end and thrown away.
    TooLong,
    /// The other side is gone.
    End,
}

/// The body of a mail.
#[derive(Debug, PartialEq, Eq)]
pub enum Body {
    Whole(Vec<u8>),
    /// Larger than allowed; read to its end and thrown away.
    TooLarge,
    /// The other side is gone in the middle of it.
    Cut,
}

impl<R: AsyncRead + Unpin> Input<R> {
    pub fn new(stream: R) -> Self {
        Self { stream, buffer: Vec::new(), at: 0 }
    }

    /// Whether more commands lie ready, so that replies may wait for each other.
    pub fn has_more(&self) -> bool {
        self.at < self.buffer.len()
    }

    /// The next byte that is already here.
    fn take(&mut self) -> Option<u8> {
        let byte = self.buffer.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    /// Waits for more bytes; false at the end of the stream.
    async fn fill(&mut self) -> io::Result<bool> {
        self.buffer.clear();
        self.at = 0;
        self.buffer.reserve(CHUNK);
        Ok(self.stream.read_buf(&mut self.buffer).await? > 0)
    }

    /// The next line, without its CRLF.
    pub async fn line(&mut self) -> io::Result<Line> {
        let mut line = Vec::new();
        let mut too_long = false;
        let mut after_cr = false;
        loop {
            let Some(byte) = self.take() else {
                if self.fill().await? {
                    continue;
                }
                return Ok(Line::End);
            };
            if after_cr && byte == b'\n' {
                line.pop();
                return Ok(if too_long { Line::TooLong } else { Line::Text(line) });
            }
            after_cr = byte == b'\r';
            if line.len() < LINE {
                line.push(byte);
            } else {
                too_long = true;
            }
        }
    }

    /// The body up to `CRLF . CRLF`. The CRLF before the dot is the mail's.
    pub async fn body(&mut self, max: usize, mut alive: impl FnMut()) -> io::Result<Body> {
        let mut mail = Vec::new();
        let mut too_large = false;
        let mut state = At::LineStart;
        loop {
            let Some(byte) = self.take() else {
                if self.fill().await? {
                    alive();
                    continue;
                }
                return Ok(Body::Cut);
            };
            let (next, text): (At, &[u8]) = match (state, byte) {
                (At::LineStart, b'.') => (At::Dot, b""),
                (At::Dot, b'\r') => (At::DotCr, b""),
                (At::DotCr, b'\n') => {
                    return Ok(if too_large { Body::TooLarge } else { Body::Whole(mail) });
                }
                // The dot was doubled, or stands there alone: it is taken away.
                (At::DotCr, b'\r') => (At::Cr, b"\r\r"),
                (At::DotCr, other) => {
                    keep(&mut mail, b"\r", max, &mut too_large);
                    keep(&mut mail, &[other], max, &mut too_large);
                    state = At::Text;
                    continue;
                }
                (At::Cr, b'\n') => (At::LineStart, b"\n"),
                (_, b'\r') => (At::Cr, b"\r"),
                (_, other) => {
                    keep(&mut mail, &[other], max, &mut too_large);
                    state = At::Text;
                    continue;
                }
            };
            keep(&mut mail, text, max, &mut too_large);
            state = next;
        }
    }
}

/// Where in the mail the next byte stands.
#[derive(Debug, Clone, Copy)]
enum At {
    Text,
    Cr,
    LineStart,
    Dot,
    DotCr,
}

fn keep(mail: &mut Vec<u8>, bytes: &[u8], max: usize, too_large: &mut bool) {
    if *too_large {
        return;
    }
    if mail.len() + bytes.len() > max {
        *too_large = true;
        // Nothing of it is kept, so its memory goes back now.
        *mail = Vec::new();
        return;
    }
    mail.extend_from_slice(bytes);
}

/// Doubles dots at line starts and ends the mail: what a client sends after
/// DATA. The inverse of [`Input::body`] for a mail that ends in CRLF.
#[cfg(test)]
pub fn stuffed(mail: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut start = true;
    for (at, byte) in mail.iter().enumerate() {
        if start && *byte == b'.' {
            out.push(b'.');
        }
        out.push(*byte);
        start = mail[..=at].ends_with(b"\r\n");
    }
    out.extend_from_slice(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn body(wire: &[u8]) -> (Body, Vec<u8>) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut input = Input::new(wire);
            let body = input.body(1000, || ()).await.unwrap();
            let rest = input.buffer[input.at..].to_vec();
            (body, rest)
        })
    }

    #[test]
    fn only_crlf_dot_crlf_ends_a_mail() {
        for smuggled in ["a\n.\nb\r\n", "a\n.\r\nb\r\n", "a\r\n.\nb\r\n", "a\r.\rb\r\n", "a\r\n.\rb\r\n", "a\r\r\n"] {
            let (found, rest) = body(format!("{smuggled}.\r\nQUIT\r\n").as_bytes());
            assert!(matches!(found, Body::Whole(_)), "{smuggled:?}");
            assert_eq!(rest, b"QUIT\r\n", "{smuggled:?}");
        }
        assert_eq!(body(b".\r\nQUIT\r\n"), (Body::Whole(Vec::new()), b"QUIT\r\n".to_vec()));
        assert_eq!(body(b"abc\r\n.").0, Body::Cut);
    }

    proptest! {
        #[test]
        fn a_stuffed_mail_comes_out_as_it_was(mail in proptest::collection::vec(prop_oneof![Just(b'.'), Just(b'\r'), Just(b'\n'), Just(b'a')], 0..60)) {
            let mut mail = mail;
            mail.extend_from_slice(b"\r\n");
            prop_assert_eq!(body(&stuffed(&mail)), (Body::Whole(mail), Vec::new()));
        }
    }
}
