//! The one thread on which the long work with events is done, a piece after the other: a file is read, days are written
//! anew.
//!
//! The C library gives threads heaps of their own (`mallopt(3)`, `M_ARENA_MAX`), and what one thread let go another cannot
//! use. On whichever thread was free, the next file took as much once more from the system as the one before had left.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

use tokio::sync::oneshot;

use crate::{Error, Result};

type Work = Box<dyn FnOnce() + Send>;

/// The thread, begun when there is work, ended with the program's house.
#[derive(Debug, Default)]
pub struct Desk {
    work: Mutex<Option<Sender<Work>>>,
}

impl Desk {
    /// Leaves work; the answer comes when it is done, and none comes if it fell.
    pub fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<oneshot::Receiver<T>> {
        let (done, answer) = oneshot::channel();
        let mut desk = self.work.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = match &*desk {
            Some(sender) => sender,
            None => desk.insert(begin()?),
        };
        // Nobody may wait for the answer any more: another worker has the job.
        let work = Box::new(move || drop(done.send(work())));
        sender.send(work).map_err(|_| Error::fault("the thread of events ended"))?;
        Ok(answer)
    }
}

fn begin() -> Result<Sender<Work>> {
    let (sender, work) = channel();
    thread::Builder::new().name("events".into()).spawn(move || go_through(&work)).map_err(Error::fault)?;
    Ok(sender)
}

/// What falls takes only itself along: whoever waits for it hears that there is no answer.
fn go_through(work: &Receiver<Work>) {
    for piece in work {
        let _ = catch_unwind(AssertUnwindSafe(piece));
    }
}
