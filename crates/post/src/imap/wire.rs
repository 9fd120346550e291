//! Whole responses off the wire: a line, and the literals within it (RFC 3501 section 4.3),
//! all of it within the room that the caller gives.

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use super::{Result, Trouble};

/// What carries bytes both ways.
pub trait Stream: AsyncRead + AsyncWrite + Send + Sync + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Sync + Unpin> Stream for T {}

/// A response: its text with `{5}` where a literal of five bytes stood.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Response {
    pub text: String,
    pub literals: Vec<Vec<u8>>,
}

impl Response {
    /// The bytes of the one part that was asked for: a literal, or a quoted string (small parts).
    pub fn bytes(self) -> Option<Vec<u8>> {
        if let Some(literal) = self.literals.into_iter().next() {
            return Some(literal);
        }
        let (_, after) = self.text.split_once("BODY[")?;
        let (_, quoted) = after.split_once(" \"")?;
        let mut bytes = Vec::new();
        let mut rest = quoted.bytes();
        loop {
            match rest.next()? {
                b'"' => return Some(bytes),
                b'\\' => bytes.push(rest.next()?),
                byte => bytes.push(byte),
            }
        }
    }
}

/// A connection, line by line.
pub struct Wire {
    stream: BufReader<Box<dyn Stream>>,
}

impl Wire {
    pub fn new(stream: Box<dyn Stream>) -> Self {
        Self { stream: BufReader::new(stream) }
    }

    /// The connection itself, for TLS to begin on it. What was said ahead of TLS anybody may have
    /// said (RFC 3501 section 6.2.1).
    pub fn into_stream(self) -> Result<Box<dyn Stream>> {
        if !self.stream.buffer().is_empty() {
            return Err(Trouble::away("the server spoke before TLS began"));
        }
        Ok(self.stream.into_inner())
    }

    /// Sends one line.
    pub async fn send(&mut self, line: &str) -> Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await.map_err(gone)?;
        self.stream.flush().await.map_err(gone)
    }

    /// Waits until something came, or the connection ended. May be given up at any moment.
    pub async fn ready(&mut self) {
        let _ = self.stream.fill_buf().await;
    }

    /// Reads one response, and takes its bytes off the room.
    pub async fn response(&mut self, room: &mut usize) -> Result<Response> {
        let (mut text, mut literals) = (Vec::new(), Vec::new());
        loop {
            let mut line = Vec::new();
            let limit = u64::try_from(*room).unwrap_or(u64::MAX);
            (&mut self.stream).take(limit).read_until(b'\n', &mut line).await.map_err(gone)?;
            *room = room.saturating_sub(line.len());
            if !line.ends_with(b"\n") {
                return Err(if *room == 0 { too_much() } else { Trouble::away("the server ended the connection") });
            }
            while line.ends_with(b"\n") || line.ends_with(b"\r") {
                line.pop();
            }
            text.extend_from_slice(&line);
            let Some(size) = literal(&line) else { break };
            if size > *room {
                return Err(too_much());
            }
            *room -= size;
            // Room is made as bytes come, not as they are announced.
            let mut bytes = Vec::new();
            (&mut self.stream).take(u64::try_from(size).unwrap_or(u64::MAX)).read_to_end(&mut bytes).await.map_err(gone)?;
            if bytes.len() != size {
                return Err(Trouble::away("the server ended the connection in the middle of a mail"));
            }
            literals.push(bytes);
        }
        Ok(Response { text: String::from_utf8_lossy(&text).into_owned(), literals })
    }
}

/// The size of the literal that a line announces at its end.
fn literal(line: &[u8]) -> Option<usize> {
    let line = line.strip_suffix(b"}")?;
    let start = line.iter().rposition(|byte| *byte == b'{')?;
    std::str::from_utf8(line.get(start + 1..)?).ok()?.parse().ok()
}

fn too_much() -> Trouble {
    Trouble::away("the server sends more than was asked for")
}

fn gone(error: std::io::Error) -> Trouble {
    Trouble::away(format!("the connection broke: {error}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
    use super::*;

    async fn read(said: &[u8], mut room: usize) -> Result<Response> {
        let (ours, mut theirs) = tokio::io::duplex(1 << 16);
        theirs.write_all(said).await.unwrap();
        drop(theirs);
        Wire::new(Box::new(ours)).response(&mut room).await
    }

    #[tokio::test]
    async fn a_literal_is_read_byte_for_byte_within_its_response() {
        let response = read(b"* 1 FETCH (UID 7 BODY[]<0> {8}\r\na {3}\r\n) FLAGS ())\r\n* 2", 100).await.unwrap();
        assert_eq!(response.text, "* 1 FETCH (UID 7 BODY[]<0> {8} FLAGS ())");
        assert_eq!(response.bytes(), Some(b"a {3}\r\n)".to_vec()));
        let response = read(b"* 1 FETCH (BODY[]<0> \"a \\\"b\\\"\" UID 7)\r\n", 100).await.unwrap();
        assert_eq!(response.bytes(), Some(b"a \"b\"".to_vec()));
        assert_eq!(read(b"* 1 FETCH (BODY[]<0> NIL UID 7)\r\n", 100).await.unwrap().bytes(), None);
    }

    #[tokio::test]
    async fn a_server_that_sends_too_much_or_too_little_is_told_by_one_line() {
        let said = async |said: &[u8]| read(said, 50).await.unwrap_err().text;
        assert_eq!(said(&[b'('; 4096]).await, "the server sends more than was asked for");
        assert_eq!(said(b"* 1 FETCH (BODY[] {4000000000}\r\n").await, "the server sends more than was asked for");
        assert_eq!(said(b"* 1 FETCH (BODY[] {9}\r\nabc").await, "the server ended the connection in the middle of a mail");
        assert_eq!(said(b"* OK").await, "the server ended the connection");
        assert_eq!(said(b"").await, "the server ended the connection");
        assert_eq!(literal(b"{99999999999999999999999}"), None);
    }
}
