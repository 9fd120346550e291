//! The child's side: it gives away what it does not need, then turns frames
//! into letters until its input ends.

use std::io;

use rlimit::{Resource, setrlimit};

use super::frame;
use crate::letter::read_delivered;

const ADDRESS_SPACE: u64 = 1024 * 1024 * 1024;
/// Seconds of computing in the life of one child; a mail takes milliseconds.
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
        let letter = read_delivered(&order.envelope, &raw, &order.limits);
        drop(raw);
        frame::write(&mut output, &serde_json::to_vec(&letter)?)?;
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
