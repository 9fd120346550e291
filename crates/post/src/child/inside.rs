//! The child's side: it gives away what it does not need, then answers until
//! its input ends.

use std::io;

use rlimit::{Resource, setrlimit};

use super::frame;
use crate::letter::read_delivered;
use crate::openpgp::{ask, look};

const ADDRESS_SPACE: u64 = 1024 * 1024 * 1024;
/// Seconds of computing in the life of one child; most of what it is asked takes milliseconds.
const CPU: u64 = 300;

/// Runs the child: standard input to standard output, until the input ends. Call
/// it first thing in `main`, before any thread or runtime is started.
pub fn run_child() -> io::Result<()> {
    confine()?;
    let (mut input, mut output) = (io::stdin().lock(), io::stdout().lock());
    while let Some(order) = frame::read(&mut input, frame::REQUEST)? {
        let Some(raw) = frame::read(&mut input, frame::REQUEST)? else {
            break;
        };
        let order: frame::Order = serde_json::from_slice(&order)?;
        let (said, bytes) = match order {
            frame::Order::Mail { envelope, limits } => (serde_json::to_vec(&read_delivered(&envelope, &raw, &limits))?, Vec::new()),
            frame::Order::OpenMail { envelope, limits, ring, now } => (serde_json::to_vec(&look::mail(&envelope, &raw, &ring, now, &limits))?, Vec::new()),
            frame::Order::OpenPgp(ask) => {
                let (said, bytes) = ask::answer(&ask, &raw).map_or_else(|error| (Err(error), Vec::new()), |(said, bytes)| (Ok(said), bytes));
                (serde_json::to_vec(&said)?, bytes)
            }
        };
        drop(raw);
        frame::write(&mut output, &said)?;
        frame::write(&mut output, &bytes)?;
    }
    Ok(())
}

/// Takes from this process what it never needs. What is open stays open.
fn confine() -> io::Result<()> {
    setrlimit(Resource::CORE, 0, 0)?;
    setrlimit(Resource::AS, ADDRESS_SPACE, ADDRESS_SPACE)?;
    setrlimit(Resource::CPU, CPU, CPU + 5)?;
    setrlimit(Resource::FSIZE, 0, 0)?;
    setrlimit(Resource::NOFILE, 3, 3)?;
    // Binds everyone but root, whom a service should not run as.
    setrlimit(Resource::NPROC, 0, 0)
}
