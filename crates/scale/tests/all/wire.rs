//! A wire to the cluster that breaks: each connection ends after so many bytes of answers, wherever that
//! is, and the next may carry a little more.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that the first connection carries.
const FIRST: usize = 150_000;

pub struct Wire {
    port: u16,
    cuts: Arc<AtomicUsize>,
}

impl Wire {
    pub fn start(to: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (port, cuts) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let count = cuts.clone();
        std::thread::spawn(move || {
            for here in listener.incoming().flatten() {
                let Ok(there) = TcpStream::connect(("127.0.0.1", to)) else { continue };
                let (from_here, to_there) = (here.try_clone().unwrap(), there.try_clone().unwrap());
                std::thread::spawn(move || carry(from_here, to_there, usize::MAX));
                let count = count.clone();
                std::thread::spawn(move || {
                    let left = FIRST * (1 + count.load(Ordering::SeqCst));
                    if carry(there, here, left) {
                        count.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
        });
        Self { port, cuts }
    }

    pub fn address(&self) -> String {
        format!("sc://127.0.0.1:{}", self.port)
    }

    /// How often it broke.
    pub fn cuts(&self) -> usize {
        self.cuts.load(Ordering::SeqCst)
    }
}

/// Carries bytes until one side ends, or so many are over; whether it was that.
fn carry(mut from: TcpStream, mut to: TcpStream, mut left: usize) -> bool {
    let mut bytes = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        let some = read.min(left);
        left -= some;
        if to.write_all(&bytes[..some]).is_err() || left == 0 {
            break;
        }
    }
    for side in [&from, &to] {
        let _ = side.shutdown(Shutdown::Both);
    }
    left == 0
}
