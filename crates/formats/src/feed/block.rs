//! A file in blocks: what was read and not yet used, as one slice. Memory is bounded by the longest
//! record that a decoder waits for.

use std::io::{self, Read};

/// How much is read at once.
const STEP: usize = 256 * 1024;

#[derive(Debug)]
pub(super) struct Block<R> {
    input: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    at_end: bool,
}

impl<R: Read> Block<R> {
    pub fn new(input: R) -> Self {
        Self { input, buffer: Vec::new(), start: 0, end: 0, at_end: false }
    }

    /// What was read and not yet consumed.
    pub fn window(&self) -> &[u8] {
        self.buffer.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether the window reaches to the end of the file.
    pub fn at_end(&self) -> bool {
        self.at_end
    }

    pub fn consume(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
    }

    /// Makes the window longer, unless the file has ended.
    pub fn more(&mut self) -> io::Result<()> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        // In proportion to what is waited for, so that looking at a long record again and again costs in
        // proportion to its length, however small the pieces come.
        let enough = self.end + self.end / 4 + 1;
        let room = self.end + STEP.max(self.end);
        if self.buffer.len() < room {
            self.buffer.resize(room, 0);
        }
        while self.end < enough && !self.at_end {
            let Some(free) = self.buffer.get_mut(self.end..room) else { break };
            match self.input.read(free) {
                Ok(0) => self.at_end = true,
                Ok(read) => self.end = (self.end + read).min(room),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
