//! The reading child as a program of its own, for the tests of the reader. With
//! an argument it misbehaves in the way that the argument names.

use std::io::{Read, Write};

fn main() -> std::io::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("sleep") => loop {
            std::thread::sleep(std::time::Duration::from_mins(1));
        },
        Some("crash") => std::process::abort(),
        Some("flood") => {
            let mut some = [0; 16];
            std::io::stdin().read_exact(&mut some)?;
            std::io::stdout().write_all(&[0xff; 64])?;
            std::io::stdout().flush()?;
            std::thread::sleep(std::time::Duration::from_mins(1));
            Ok(())
        }
        Some("garble") => {
            let mut some = [0; 16];
            std::io::stdin().read_exact(&mut some)?;
            std::io::stdout().write_all(&[0, 0, 0, 2, b'n', b'o', 0, 0, 0, 0])?;
            std::io::stdout().flush()
        }
        _ => post::child::run_child(),
    }
}
