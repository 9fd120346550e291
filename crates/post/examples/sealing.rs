//! How fast OpenPGP seals and opens here, in MiB per second of computing:
//! `cargo run --release -p post --example sealing [MiB]`

use std::error::Error;

use jiff::{SignedDuration, Timestamp};
use post::openpgp::key::NewKey;
use post::openpgp::{Certificate, Sealing, SecretKey, open, seal};

/// As many as a small team has on duty, and one for recovery.
const READERS: u8 = 5;
const TIMES: u32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let mib: u32 = std::env::args().nth(1).map_or(Ok(256), |mib| mib.parse())?;
    #[expect(clippy::disallowed_methods, reason = "nothing here is kept")]
    let now = Timestamp::now();
    let new = NewKey { user_id: "Reader <reader@csirt.example>", at: now, valid: SignedDuration::from_hours(24), passphrase: None };
    let keys: Vec<SecretKey> = (0..READERS).map(|seed| SecretKey::generate(&new, [seed; 32])).collect::<Result<_, _>>()?;
    let to: Vec<Certificate> = keys.iter().map(SecretKey::certificate).collect();
    // Nothing that could be compressed.
    let content: Vec<u8> = (0..u64::from(mib) << 20).map(|at| at.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes()[2]).collect();
    let mut message = Vec::new();
    for _ in 0..TIMES {
        message = Vec::with_capacity(content.len() + content.len() / 100 + 65_536);
        let sealing = Sealing { to: &to, hidden: true, by: None, at: now };
        measured("seal", mib, || Ok(seal(content.as_slice(), &sealing, [7; 32], &mut message)?))?;
    }
    // The last reader's key is tried last, as it happens to most readers.
    let mine: Vec<(&SecretKey, &str)> = keys.last().map(|key| (key, "")).into_iter().collect();
    for _ in 0..TIMES {
        measured("open", mib, || {
            let opened = open(&message, &mine, &[], now, u64::MAX - 1)?;
            if opened.content == content { Ok(()) } else { Err("what came out is not what went in".into()) }
        })?;
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "this is what it is for")]
fn measured(what: &str, mib: u32, work: impl FnOnce() -> Result<(), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    let before = computed()?;
    work()?;
    let spent = computed()? - before;
    println!("{what}: {mib} MiB in {spent:.2} s of computing, {:.0} MiB per CPU-second", f64::from(mib) / spent);
    Ok(())
}

/// Seconds of computing of this process so far (Linux, proc(5)): its user's and the system's.
fn computed() -> Result<f64, Box<dyn Error>> {
    let line = std::fs::read_to_string("/proc/self/stat")?;
    // The name in brackets may hold spaces; the numbers begin after it, with the state.
    let mut fields = line.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11);
    let mut ticks = || fields.next().and_then(|field| field.parse::<f64>().ok()).ok_or("no time of this process");
    // USER_HZ is 100 on every Linux that this program is built for.
    Ok((ticks()? + ticks()?) / 100.0)
}
