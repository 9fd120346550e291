//! `atalaya keys mail` and `atalaya keys directory`: the mail address's own key, which the server holds,
//! and other people's keys.

use std::path::PathBuf;

use clap::Subcommand;
use jiff::SignedDuration;
use post::openpgp::SecretKey;
use post::openpgp::key::NewKey;

use super::keys::{passphrase, read};
use crate::access::Who;
use crate::commands::say;
use crate::keys::directory::{self, Source, Wanted};
use crate::keys::own;
use crate::{App, Error, Result};

/// What is done with the mail address's own keys.
#[derive(Debug, Subcommand)]
pub enum MailKeys {
    /// Make a key for the mail address; the server holds it, sealed with the instance's key
    New {
        /// What others see; the name in From if left out
        #[arg(long, default_value = "")]
        name: String,
        /// Days until it ends
        #[arg(long, default_value_t = 730, value_parser = clap::value_parser!(i64).range(1..=3650))]
        days: i64,
    },
    /// Take a key that was made elsewhere (Curve25519 rather than RSA: the server answers strangers)
    Import {
        /// The secret key (`gpg --export-secret-keys --armor`)
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// File whose first line unlocks it
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// List them
    List,
    /// Print the certificate, the part for others
    Export,
    /// Forget one: what is encrypted to it cannot be opened here any more
    Remove {
        /// Fingerprint, or its last 8 digits or more
        fingerprint: String,
    },
}

/// What is done with other people's keys.
#[derive(Debug, Subcommand)]
pub enum Directory {
    /// Take public keys; they stand unverified
    Import {
        /// The keys (armored or binary)
        file: PathBuf,
        /// For this address; for those in the keys if left out
        #[arg(long, default_value = "")]
        address: String,
    },
    /// List them
    List {
        /// A part of the address
        #[arg(default_value = "")]
        words: String,
    },
    /// Say that somebody compared the fingerprint with its holder
    Verify {
        /// Fingerprint
        fingerprint: String,
        /// For which address
        #[arg(long)]
        address: String,
        /// How it was compared
        #[arg(long)]
        note: String,
    },
    /// Take a key away from an address
    Remove {
        /// Fingerprint
        fingerprint: String,
        /// From which address
        #[arg(long)]
        address: String,
    },
}

/// Does what the command line says.
pub async fn mail(app: &App, what: MailKeys) -> Result<()> {
    let who = Who::Operator;
    match what {
        MailKeys::New { name, days } => {
            let team = app.profile.mail.as_ref().ok_or_else(|| Error::invalid("The profile has no [mail]"))?;
            let name = if name.trim().is_empty() { team.from_name.text(app.profile.default_language()).to_owned() } else { name };
            let user_id = format!("{} <{}>", name.trim(), team.from_address);
            let new = NewKey { user_id: &user_id, at: app.now(), valid: SignedDuration::from_hours(days * 24), passphrase: None };
            let key = SecretKey::generate(&new, app.db.entropy().bytes()).map_err(|error| Error::invalid(error.to_string()))?;
            let text = key.armored().map_err(|error| Error::invalid(error.to_string()))?;
            let held = own::install(app, &who, text.as_bytes(), "").await?;
            say(&format!("{}\n{}\n{}", held.fingerprint, held.name, held.armored.trim_end()));
        }
        MailKeys::Import { key, passphrase_file } => {
            let held = own::install(app, &who, &read(&key)?, &passphrase(passphrase_file.as_deref())?.unwrap_or_default()).await?;
            say(&format!("The server holds {} ({}) from now on. Keep your own copy in a safe place, or destroy it.", held.fingerprint, held.name));
        }
        MailKeys::List => {
            for key in own::all(&mut app.db.read().await?).await? {
                let ends = key.expires_at.map_or_else(|| "never ends".into(), |at| at.strftime("ends %Y-%m-%d").to_string());
                say(&format!("{:8} {} {ends} {} (held by the server)", key.state, key.fingerprint, key.name));
            }
        }
        MailKeys::Export => {
            let key = own::current(&mut app.db.read().await?).await?.ok_or_else(|| Error::conflict("There is no mail key yet: `atalaya keys mail new`."))?;
            say(key.armored.trim_end());
        }
        MailKeys::Remove { fingerprint } => {
            let key = own::remove(app, &who, &fingerprint).await?;
            say(&format!("{} ({}) is gone", key.fingerprint, key.name));
        }
    }
    Ok(())
}

/// Does what the command line says.
pub async fn directory(app: &App, what: Directory) -> Result<()> {
    let who = Who::Operator;
    match what {
        Directory::Import { file, address } => {
            for key in directory::take(app, &who, &read(&file)?, &address, Source::Import).await? {
                let doubt = if key.not_to.is_empty() { String::new() } else { format!(" (it {})", key.not_to) };
                say(&format!("{} {}{doubt}", key.fingerprint, key.name));
            }
        }
        Directory::List { words } => {
            let mut wanted = Wanted { words, ..Wanted::default() };
            loop {
                let rows = directory::list(&mut app.db.read().await?, &who, &wanted, 500).await?;
                for one in &rows {
                    say(&format!("{:10} {} {} {}", one.binding.state, one.key.fingerprint, one.binding.address, one.key.trouble(&app.now())));
                }
                match rows.last() {
                    Some(last) => wanted.after = (last.binding.address.clone(), last.binding.fingerprint.clone()),
                    None => break,
                }
            }
        }
        Directory::Verify { fingerprint, address, note } => directory::verify(app, &who, &fingerprint.to_uppercase(), &address, &note).await?,
        Directory::Remove { fingerprint, address } => directory::remove(app, &who, &fingerprint.to_uppercase(), &address).await?,
    }
    Ok(())
}
