//! Passwords: argon2id with the parameters that OWASP names (19 MiB, two passes, one lane).

use std::sync::{Arc, LazyLock, Mutex, PoisonError, mpsc};

use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordVerifier, Version};
use tokio::sync::oneshot;

use crate::{App, Error, Result};

/// How many are worked on at once: each takes 19 MiB, and however many people come, the rest wait in line.
const AT_ONCE: usize = 2;

type Work = Box<dyn FnOnce() + Send>;

/// The line before the threads that do the work. They are threads of their own, since a thread keeps memory that it had once.
static LINE: LazyLock<mpsc::Sender<Work>> = LazyLock::new(|| {
    let (line, works) = mpsc::channel::<Work>();
    let works = Arc::new(Mutex::new(works));
    for _ in 0..AT_ONCE {
        let works = Arc::clone(&works);
        std::thread::spawn(move || {
            loop {
                let next = works.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok(work) = next else { return };
                work();
            }
        });
    }
    line
});

/// What nobody has as a password: checked when there is no such person, so that the answer takes as long.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$YXRhbGF5YSBub2JvZHk$Uiv+zwbm/9wFrTpMXu1ovJ9zd6LDjKvUgjfzUaWBVtk";
/// At least this many letters; length is what counts.
pub const SHORTEST: usize = 12;
/// Longer ones cost only time.
pub const LONGEST: usize = 256;
/// Letters of a made-up password: none that look alike. 32 of them, so 5 bits each.
const LETTERS: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz23456789-";

fn argon() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(19 * 1024, 2, 1, None).unwrap_or_default())
}

/// How the rule about the length begins.
pub const LENGTH: &str = "A password has";
/// What the rule about guessing says.
pub const EASY: &str = "This password is easy to guess; four or five unusual words make a good one";

/// The rule for new passwords.
pub fn check(password: &str, login: &str) -> Result<()> {
    let letters = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&letters) {
        return Err(Error::invalid(format!("{LENGTH} {SHORTEST} to {LONGEST} letters; four or five unusual words make a good one")));
    }
    let mut seen: Vec<char> = password.chars().collect();
    seen.sort_unstable();
    seen.dedup();
    if seen.len() < 5 || password.to_lowercase().contains(&login.to_lowercase()) {
        return Err(Error::invalid(EASY));
    }
    Ok(())
}

/// The hash to keep.
pub async fn hash(app: &App, password: &str) -> Result<String> {
    let (password, salt) = (password.to_owned(), app.db.entropy().bytes::<16>());
    let work = move || argon().hash_password_with_salt(password.as_bytes(), &salt).map(|hash| hash.to_string());
    in_line(work).await?.map_err(Error::fault)
}

/// Whether this is the password; without a hash it is not, and takes as long to say so.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool> {
    let known = hash.filter(|hash| !hash.is_empty());
    let (password, text) = (password.to_owned(), known.unwrap_or(NOBODY).to_owned());
    let work = move || PasswordHash::new(&text).is_ok_and(|hash| argon().verify_password(password.as_bytes(), &hash).is_ok());
    Ok(in_line(work).await? && known.is_some())
}

/// Does the slow work when it is its turn; for who went away meanwhile it is not done.
async fn in_line<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let (done, answer) = oneshot::channel();
    let work = move || {
        if !done.is_closed() {
            let _ = done.send(work());
        }
    };
    LINE.send(Box::new(work)).map_err(Error::fault)?;
    answer.await.map_err(Error::fault)
}

/// A password of 100 random bits in groups of five, to be typed once and changed.
pub fn generate(app: &App) -> String {
    let random: [u8; 20] = app.db.entropy().bytes();
    let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).copied().map_or('x', char::from);
    random.chunks(5).map(|five| five.iter().map(letter).collect::<String>().replace('-', "w")).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nobody_costs_what_a_real_one_costs() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let real = argon().hash_password_with_salt(b"x", b"sixteen bytes !!").unwrap();
        assert_eq!(nobody.params, real.params);
        assert_eq!((nobody.algorithm, nobody.version), (real.algorithm, real.version));
        assert_eq!(nobody.hash.unwrap().len(), real.hash.unwrap().len());
    }

    #[test]
    fn passwords_are_long_and_not_of_one_letter() {
        assert!(check("four unusual words", "nova").is_ok());
        for bad in ["short", "aaaaaaaaaaaaaaaa", "nova nova nova!", &"x".repeat(300)] {
            assert!(check(bad, "nova").is_err(), "{bad}");
        }
    }
}
