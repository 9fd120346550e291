//! What keeps strangers from taking disk and machine from others: all of it in memory, for everybody together, since
//! nobody here has an address.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::Semaphore;

use super::intake::Refused;
use super::sha256;
use super::uploads::Uploads;
use crate::App;
use crate::profile::Sealed;

/// How long it takes to look up a code.
pub const LOOK: Duration = Duration::from_millis(20);
/// How long it takes to look up a code and make a page of it, or to open what was answered, in a child process.
pub const OPEN: Duration = Duration::from_millis(250);
/// How many reports the server seals at the same time.
const AT_ONCE: usize = 3;
/// How many forms with words and files it holds in memory at the same time, until they are sealed.
const HELD: usize = 8;
/// How many answers it opens at the same time.
const OPENED: usize = 4;

/// What the room holds in memory.
#[derive(Debug)]
pub struct Memory {
    pub(super) uploads: Uploads,
    pub(super) sealing: Semaphore,
    pub(super) held: Semaphore,
    pub(super) opening: Semaphore,
    begun: Bucket,
    encrypted: Bucket,
    typed: Bucket,
    tried: Bucket,
    used: Mutex<HashSet<(u32, String)>>,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            uploads: Uploads::default(),
            sealing: Semaphore::new(AT_ONCE),
            held: Semaphore::new(HELD),
            opening: Semaphore::new(OPENED),
            begun: Bucket::default(),
            encrypted: Bucket::default(),
            typed: Bucket::default(),
            tried: Bucket::default(),
            used: Mutex::default(),
        }
    }
}

/// Tokens that come back with time.
#[derive(Debug, Default)]
struct Bucket(Mutex<Option<(Timestamp, f64)>>);

impl Bucket {
    /// Takes one token, if there is one.
    fn take(&self, now: Timestamp, most: f64, per_second: f64) -> bool {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (since, tokens) = held.unwrap_or((now, most));
        let passed = now.duration_since(since).as_secs_f64().max(0.0);
        let tokens = passed.mul_add(per_second, tokens).min(most);
        let good = tokens >= 1.0;
        *held = Some((now, if good { tokens - 1.0 } else { tokens }));
        good
    }
}

/// How something comes. Each way has tokens of its own: who empties those of one that costs nothing takes nothing from
/// the others.
#[derive(Clone, Copy, Debug)]
pub enum Way {
    /// Grade A, after work.
    Browser,
    /// Grade B.
    Program,
    /// Grade C.
    Server,
}

/// One more upload.
pub fn begin(app: &App, sealed: &Sealed, way: Way) -> Result<(), Refused> {
    let hour = f64::from(sealed.uploads_per_hour);
    let bucket = match way {
        Way::Browser => &app.sealed.begun,
        Way::Program => &app.sealed.encrypted,
        Way::Server => &app.sealed.typed,
    };
    if bucket.take(app.now(), (hour / 4.0).max(10.0), hour / 3600.0) { Ok(()) } else { Err(Refused::TooMany) }
}

/// One more try of a code. Nobody guesses 128 bits: this is for the machine, and far from what people do, so that nobody
/// who tries without end keeps others from coming back.
pub fn attempt(app: &App, sealed: &Sealed) -> Result<(), Refused> {
    let minute = f64::from(sealed.tries_per_minute);
    if app.sealed.tried.take(app.now(), minute, minute / 60.0) { Ok(()) } else { Err(Refused::TooMany) }
}

/// Answers for a code no sooner than after this time, whatever comes of it: whoever watches the clock
/// learns nothing of whether it leads anywhere.
pub async fn evenly<T>(time: Duration, work: impl Future<Output = T>) -> T {
    tokio::join!(work, tokio::time::sleep(time)).0
}

/// What a browser did so that it may upload: a number whose hash behind our challenge begins with zeros.
#[derive(Debug, Deserialize)]
pub struct Work {
    challenge: String,
    nonce: u64,
}

/// A challenge: the hour, random bytes, and a mac by which we know it again. Nothing of it is kept
/// until it is used.
pub fn challenge(app: &App) -> String {
    let mut bytes = hour(app).to_be_bytes().to_vec();
    bytes.extend(app.db.entropy().bytes::<12>());
    let mac = app.key.mac("sealed work", &[&bytes]);
    bytes.extend(mac.iter().take(16));
    HEXLOWER.encode(&bytes)
}

fn hour(app: &App) -> u32 {
    u32::try_from(app.now().as_second() / 3600).unwrap_or(0)
}

impl Work {
    /// Whether it was done, for a challenge of ours that is not old and was not used before.
    pub fn is_done(&self, app: &App, sealed: &Sealed) -> bool {
        let Ok(challenge) = HEXLOWER.decode(self.challenge.as_bytes()) else { return false };
        let Some((said, mac)) = challenge.split_at_checked(16) else { return false };
        let ours = app.key.mac("sealed work", &[said]);
        let of_hour = said.get(..4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes);
        let fresh = hour(app).checked_sub(of_hour).is_some_and(|age| age < 2);
        let text = [challenge.as_slice(), &self.nonce.to_be_bytes()].concat();
        if !fresh || ours.get(..16) != Some(mac) || zeros(&sha256(&text)) < sealed.work_bits {
            return false;
        }
        let mut seen = app.sealed.used.lock().unwrap_or_else(PoisonError::into_inner);
        seen.retain(|(hour, _)| of_hour.saturating_sub(*hour) < 3);
        seen.insert((of_hour, self.challenge.clone()))
    }
}

/// How many zero bits a hash begins with.
pub(super) fn zeros(hash: &[u8]) -> u32 {
    let whole = hash.iter().take_while(|byte| **byte == 0).count();
    u32::try_from(whole).unwrap_or(0) * 8 + hash.get(whole).map_or(0, |byte| byte.leading_zeros())
}
