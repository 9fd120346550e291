//! A request's body must come forward, and an answer must be taken. Whoever holds a place in the listener uses it: a slow line may
//! bring a large file in its own time, a line that says a letter a minute may not stay.

use std::io::{Error, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::BoxError;
use axum::body::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until};

/// How long nothing of a body may come.
const SILENCE: Duration = Duration::from_mins(1);
/// So long a body may take however little comes.
const GRACE: Duration = Duration::from_mins(2);
/// Bytes a second, from its beginning on, that keep a body alive after that: less than the slowest modem.
const SLOWEST: u64 = 500;

/// Until when the next piece of a body must come, of which so many bytes came until now.
fn until(began: Instant, now: Instant, bytes: u64) -> Instant {
    (now + SILENCE).min(began + GRACE + Duration::from_secs(bytes / SLOWEST))
}

/// A body that ends with an error when it comes too slowly.
pub struct Paced {
    body: Incoming,
    began: Option<Instant>,
    bytes: u64,
    /// Runs while a piece is waited for; whoever takes pieces slowly is ourselves.
    wait: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    /// Nothing has come of it yet.
    pub fn new(body: Incoming) -> Self {
        Self { body, began: None, bytes: 0, wait: None }
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let now = Instant::now();
        let began = *this.began.get_or_insert(now);
        if let Poll::Ready(came) = Pin::new(&mut this.body).poll_frame(context) {
            this.wait = None;
            let bytes = came.as_ref().and_then(|came| came.as_ref().ok()).and_then(Frame::data_ref).map_or(0, Bytes::len);
            this.bytes += u64::try_from(bytes).unwrap_or(u64::MAX);
            return Poll::Ready(came.map(|came| came.map_err(Into::into)));
        }
        let wait = this.wait.get_or_insert_with(|| Box::pin(sleep_until(until(began, now, this.bytes))));
        wait.as_mut().poll(context).map(|()| Some(Err("the body came too slowly".into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A connection that ends when its other end takes nothing of an answer for too long.
pub struct Taken {
    stream: TcpStream,
    /// Runs while the other end takes nothing.
    wait: Option<Pin<Box<Sleep>>>,
}

impl Taken {
    /// Nothing waits yet.
    pub fn new(stream: TcpStream) -> Self {
        Self { stream, wait: None }
    }

    fn patiently<T>(&mut self, context: &mut Context<'_>, wrote: Poll<std::io::Result<T>>) -> Poll<std::io::Result<T>> {
        if wrote.is_ready() {
            self.wait = None;
            return wrote;
        }
        let wait = self.wait.get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + SILENCE)));
        wait.as_mut().poll(context).map(|()| Err(Error::new(ErrorKind::TimedOut, "nothing of the answer was taken")))
    }
}

impl AsyncRead for Taken {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Taken {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.patiently(context, wrote)
    }

    fn poll_write_vectored(mut self: Pin<&mut Self>, context: &mut Context<'_>, pieces: &[IoSlice<'_>]) -> Poll<std::io::Result<usize>> {
        let wrote = Pin::new(&mut self.stream).poll_write_vectored(context, pieces);
        self.patiently(context, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a body of which so many bytes come every so many seconds is let come to its end.
    fn ends_well(bytes: u64, every: u64, size: u64) -> bool {
        let began = Instant::now();
        let (mut now, mut came) = (began, 0);
        while came < size {
            let next = now + Duration::from_secs(every);
            if until(began, now, came) < next {
                return false;
            }
            (now, came) = (next, came + bytes);
        }
        true
    }

    #[test]
    fn slow_lines_bring_large_files_and_nobody_stays_for_a_letter_a_minute() {
        assert!(ends_well(600, 1, 25 << 20), "twelve hours, but it comes");
        assert!(ends_well(64 << 10, 50, 25 << 20), "in bursts");
        assert!(ends_well(10, 1, 1000), "a short answer over a bad line");
        assert!(!ends_well(1, 50, 1000));
        assert!(!ends_well(100, 1, 1 << 20));
        assert!(!ends_well(25 << 20, 61, 25 << 20), "silence");
    }
}
