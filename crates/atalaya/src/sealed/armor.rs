//! Armor (RFC 9580 section 6.2) turned into bytes as it streams in: what strangers send is read here,
//! line by line, in little memory.

use std::io::{self, BufRead, BufReader, Read};

use data_encoding::BASE64;
use post::openpgp::Reason;

/// The longest line; programs write 76 characters.
const LINE: u64 = 1_000;

/// A message, armored or binary, as its bytes.
pub struct Binary<R> {
    from: BufReader<R>,
    how: How,
    ready: Vec<u8>,
    at: usize,
    rest: Vec<u8>,
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    Unknown,
    Binary,
    Armor,
    End,
}

impl<R: Read> Binary<R> {
    /// Reads what may be either.
    pub fn new(from: R) -> Self {
        Self { from: BufReader::with_capacity(64 * 1024, from), how: How::Unknown, ready: Vec::new(), at: 0, rest: Vec::new() }
    }

    fn line(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let read = self.from.by_ref().take(LINE).read_until(b'\n', &mut line)?;
        if read as u64 == LINE {
            return Err(bad(Reason::Armor));
        }
        Ok((read > 0).then(|| String::from_utf8_lossy(&line).trim().to_owned()))
    }

    /// Finds the beginning: binary at once, or a head after some lines of text.
    fn begin(&mut self) -> io::Result<()> {
        if self.from.fill_buf()?.first().is_some_and(|first| first & 0x80 != 0) {
            self.how = How::Binary;
            return Ok(());
        }
        for _ in 0..100 {
            match self.line()? {
                Some(line) if line == "-----BEGIN PGP MESSAGE-----" => {
                    while self.line()?.is_some_and(|line| line.contains(':')) {}
                    self.how = How::Armor;
                    return Ok(());
                }
                Some(_) => {}
                None => break,
            }
        }
        Err(bad(Reason::Other))
    }

    fn more(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.at = 0;
        while self.ready.is_empty() && self.how == How::Armor {
            let Some(line) = self.line()? else { return Err(bad(Reason::Cut)) };
            if line.starts_with("-----END") || line.starts_with('=') {
                self.how = How::End;
                if !self.rest.is_empty() {
                    return Err(bad(Reason::Armor));
                }
                break;
            }
            self.rest.extend_from_slice(line.as_bytes());
            let whole = self.rest.len() / 4 * 4;
            let left = self.rest.split_off(whole);
            self.ready = BASE64.decode(&self.rest).map_err(|_| bad(Reason::Armor))?;
            self.rest = left;
        }
        Ok(())
    }
}

impl<R: Read> Read for Binary<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.how == How::Unknown {
            self.begin()?;
        }
        if self.how == How::Binary {
            return self.from.read(into);
        }
        if self.at >= self.ready.len() {
            self.more()?;
        }
        let from = self.ready.get(self.at..).unwrap_or_default();
        let count = from.len().min(into.len());
        for (to, from) in into.iter_mut().zip(from) {
            *to = *from;
        }
        self.at += count;
        Ok(count)
    }
}

fn bad(why: Reason) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
