//! `atalaya keys`: the keys of sealed reports, and the manifests that name their readers.
//!
//! Secret keys are made and used here, and never written into the data folder.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use post::openpgp::SecretKey;
use store::Id;

use super::new_key::{lock_of, new_key};
use crate::access::Who;
use crate::commands::{Ended, Place, mail_keys, say};
use crate::sealed::keys::{self, NewReader};
use crate::sealed::{manifest, offline, sums};
use crate::{App, Error, Result, people};

/// Arguments of `keys`.
#[derive(Debug, Args)]
pub struct Keys {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Make a key that gpg, sq and browsers read; needs no installation
    New {
        /// What others see: a team or a duty
        #[arg(long)]
        name: String,
        /// Mail address
        #[arg(long)]
        mail: String,
        /// Days until it ends
        #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(i64).range(1..=3650))]
        days: i64,
        /// File whose first line locks the key
        #[arg(long, value_name = "FILE", conflicts_with = "unlocked")]
        passphrase_file: Option<PathBuf>,
        /// Leave the key unlocked: whoever finds its file can use it
        #[arg(long)]
        unlocked: bool,
        /// Where the secret key goes (a new file, for you alone); standard output if left out
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Where the certificate goes, the part for others
        #[arg(long, value_name = "FILE")]
        certificate: Option<PathBuf>,
    },
    /// Show the team's certificate, or take it from a file
    Team {
        /// The certificate that signs manifests
        #[arg(long, value_name = "FILE")]
        import: Option<PathBuf>,
    },
    /// Who reads sealed reports
    Reader {
        #[command(subcommand)]
        what: Reader,
    },
    /// The signed list of readers that forms seal to
    Manifest {
        #[command(subcommand)]
        what: ManifestOf,
    },
    /// The page that seals without a network, signed by the team
    Offline {
        #[command(subcommand)]
        what: OfflineOf,
    },
    /// The check sums of all that the form consists of, signed by the team, to compare from outside
    Sums {
        #[command(subcommand)]
        what: SumsOf,
    },
    /// The key of the mail address, which the server holds; it never opens sealed reports
    Mail {
        #[command(subcommand)]
        what: mail_keys::MailKeys,
    },
    /// Other people's keys, for mail
    Directory {
        #[command(subcommand)]
        what: mail_keys::Directory,
    },
    /// Say what ends within 90 days; ends with 1 if something ended, is missing, or ends within 30
    Check,
}

#[derive(Debug, Subcommand)]
enum Reader {
    /// Take a reader's certificate; forms seal to it once a manifest is signed
    Add {
        /// The certificate (armored or binary)
        #[arg(long, value_name = "FILE")]
        certificate: PathBuf,
        /// What they read
        #[arg(long, default_value = "default")]
        intake: String,
        /// What forms call them; the certificate's own name if left out
        #[arg(long, default_value = "")]
        name: String,
        /// Whose it is, by log-in name
        #[arg(long, value_name = "LOGIN")]
        person: Option<String>,
        /// A duty reader, or a recovery key that lies in a safe
        #[arg(long, default_value = "reader")]
        role: Role,
    },
    /// Take a reader out, from the next manifest on
    Remove {
        /// Fingerprint, or its last 8 digits or more
        fingerprint: String,
        /// What they read
        #[arg(long, default_value = "default")]
        intake: String,
    },
    /// List them
    List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Role {
    Reader,
    Recovery,
}

#[derive(Debug, Subcommand)]
enum ManifestOf {
    /// Sign the next manifest with the team's key and publish it
    Sign {
        /// The team's secret key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// File whose first line unlocks it
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
        /// What the reports are about
        #[arg(long, default_value = "default")]
        intake: String,
        /// Days until it ends
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=3650))]
        days: i64,
    },
    /// Print the next manifest unsigned, to be signed elsewhere (`gpg --clearsign`)
    Draft {
        /// What the reports are about
        #[arg(long, default_value = "default")]
        intake: String,
        /// Days until it ends
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(i64).range(1..=3650))]
        days: i64,
    },
    /// Publish a manifest that was signed elsewhere
    Import {
        /// The signed text
        file: PathBuf,
    },
    /// Print the newest manifest
    Show {
        /// What the reports are about
        #[arg(long, default_value = "default")]
        intake: String,
    },
}

#[derive(Debug, Subcommand)]
enum OfflineOf {
    /// Sign the page with the team's key and publish it
    Sign {
        #[command(flatten)]
        of: Of,
        /// The team's secret key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// File whose first line unlocks it
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Print the page unsigned, to be signed elsewhere (`gpg --armor --detach-sign`)
    Draft {
        #[command(flatten)]
        of: Of,
    },
    /// Publish a page that was signed elsewhere
    Import {
        #[command(flatten)]
        of: Of,
        /// The page
        page: PathBuf,
        /// The signature beside it
        signature: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
enum SumsOf {
    /// Sign the list with the team's key and publish it
    Sign {
        /// The team's secret key
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// File whose first line unlocks it
        #[arg(long, value_name = "FILE")]
        passphrase_file: Option<PathBuf>,
    },
    /// Print the list unsigned, to be signed elsewhere (`gpg --clearsign`)
    Draft,
    /// Publish a list that was signed elsewhere
    Import {
        /// The signed text
        file: PathBuf,
    },
}

/// Which page.
#[derive(Debug, Args)]
struct Of {
    /// What the reports are about
    #[arg(long, default_value = "default")]
    intake: String,
    /// Its language
    #[arg(long, value_name = "TAG")]
    language: String,
}

impl Keys {
    /// Does what the command line says.
    pub async fn run(self) -> Result<(), Ended> {
        if let What::New { name, mail, days, passphrase_file, unlocked, out, certificate } = &self.what {
            let lock = lock_of(passphrase_file.as_deref(), *unlocked)?;
            return new_key(&self.place, name, mail, *days, lock.as_deref(), out.as_deref(), certificate.as_deref());
        }
        let app = App::open(self.place.settings()?).await?;
        let done = act(&app, self.what).await;
        app.db.close().await;
        done.map_err(|error| {
            let code = if matches!(error, Error::NotFound | Error::Invalid(_) | Error::Conflict(_)) { 1 } else { 2 };
            Ended { code, text: error.to_string() }
        })
    }
}

async fn act(app: &App, what: What) -> Result<()> {
    let who = Who::Operator;
    match what {
        What::New { .. } => Ok(()),
        What::Team { import: Some(file) } => {
            let cert = keys::set_team(app, &who, &read(&file)?).await?;
            say(&format!("The team's certificate is {} ({})", cert.fingerprint, cert.name));
            Ok(())
        }
        What::Team { import: None } => {
            let team = keys::team(&mut app.db.read().await?).await?.ok_or_else(|| Error::conflict("There is no team certificate yet."))?;
            say(&format!("{}\n{}\n{}", team.fingerprint, team.name, team.armored.trim_end()));
            Ok(())
        }
        What::Reader { what: Reader::Add { certificate, intake, name, person, role } } => {
            let person = match person {
                Some(login) => Some(by_login(app, &login).await?),
                None => None,
            };
            let new = NewReader { certificate: read(&certificate)?, intake, name, person, recovery: role == Role::Recovery };
            let cert = keys::add_reader(app, &who, new).await?;
            say(&format!("{} ({}) reads “{}” from the next manifest on", cert.name, cert.fingerprint, cert.intake));
            Ok(())
        }
        What::Reader { what: Reader::Remove { fingerprint, intake } } => {
            let cert = keys::remove_reader(app, &who, &intake, &fingerprint).await?;
            say(&format!(
                "{} ({}) is out from the next manifest on. What came in before stays open to them until a reader wraps it anew in the console.",
                cert.name, cert.fingerprint
            ));
            Ok(())
        }
        What::Reader { what: Reader::List } => {
            let all = keys::readers(&mut app.db.read().await?, None).await?;
            for one in all {
                let ends = one.expires_at.map_or_else(|| "never ends".into(), |at| at.strftime("ends %Y-%m-%d").to_string());
                say(&format!("{:12} {:8} {} {ends} {}", one.intake, one.purpose, one.fingerprint, one.name));
            }
            Ok(())
        }
        What::Manifest { what } => of_manifest(app, &who, what).await,
        What::Offline { what } => of_offline(app, &who, what).await,
        What::Sums { what } => of_sums(app, &who, what).await,
        What::Mail { what } => mail_keys::mail(app, what).await,
        What::Directory { what } => mail_keys::directory(app, what).await,
        What::Check => check(app).await,
    }
}

async fn of_manifest(app: &App, who: &Who, what: ManifestOf) -> Result<()> {
    let text = match what {
        ManifestOf::Sign { key, passphrase_file, intake, days } => {
            let (key, passphrase) = team_key(&key, passphrase_file.as_deref())?;
            manifest::sign(app, who, &intake, days, &key, &passphrase).await?.text
        }
        ManifestOf::Draft { intake, days } => manifest::draft(&mut app.db.read().await?, app, &intake, days).await?.text()?,
        ManifestOf::Import { file } => manifest::publish(app, who, &String::from_utf8_lossy(&read(&file)?)).await?.text,
        ManifestOf::Show { intake } => {
            let newest = manifest::newest(&mut app.db.read().await?, &intake).await?;
            newest.ok_or_else(|| Error::conflict(format!("There is no manifest of “{intake}” yet.")))?.text
        }
    };
    say(text.trim_end());
    Ok(())
}

async fn of_sums(app: &App, who: &Who, what: SumsOf) -> Result<()> {
    let text = match what {
        SumsOf::Draft => sums::draft(app).await?,
        SumsOf::Sign { key, passphrase_file } => {
            let (key, passphrase) = team_key(&key, passphrase_file.as_deref())?;
            sums::sign(app, who, &key, &passphrase).await?
        }
        SumsOf::Import { file } => {
            let text = String::from_utf8_lossy(&read(&file)?).into_owned();
            sums::publish(app, who, &text).await?;
            text
        }
    };
    say(text.trim_end());
    Ok(())
}

async fn of_offline(app: &App, who: &Who, what: OfflineOf) -> Result<()> {
    let (of, signed) = match what {
        OfflineOf::Draft { of } => {
            let page = offline::draft(&mut app.db.read().await?, app, &of.intake, &of.language).await?;
            return std::io::stdout().write_all(page.as_bytes()).map_err(Error::fault);
        }
        OfflineOf::Sign { of, key, passphrase_file } => {
            let (key, passphrase) = team_key(&key, passphrase_file.as_deref())?;
            let signed = offline::sign(app, who, &of.intake, &of.language, &key, &passphrase).await?;
            (of, signed)
        }
        OfflineOf::Import { of, page, signature } => {
            let signed = offline::publish(app, who, &of.intake, &of.language, &read(&page)?, &read(&signature)?).await?;
            (of, signed)
        }
    };
    say(&format!("{}  {}.{}.html (manifest {})", signed.page, of.intake, of.language, signed.version));
    Ok(())
}

async fn check(app: &App) -> Result<()> {
    let (endings, missing) = keys::endings(&mut app.db.read().await?, app).await?;
    let mut lines = missing.clone();
    for ending in &endings {
        let word = if ending.days < 0 { "ended" } else { "ends" };
        lines.push(format!("{} {word} on {} ({} days)", ending.what, ending.at.strftime("%Y-%m-%d"), ending.days));
    }
    // The mail key is none of sealed reports, but whoever runs this wants to know of it too.
    let held = crate::keys::own::current(&mut app.db.read().await?).await?;
    let (now, mut pressing) = (app.now(), false);
    if let Some((key, at)) = held.and_then(|key| key.expires_at.map(|at| (key, at))) {
        let days = keys::whole_days(at.duration_since(now));
        pressing = days <= 30;
        if days <= 90 {
            let word = if days < 0 { "ended" } else { "ends" };
            lines.push(format!("The mail key {} {word} on {} ({days} days)", key.fingerprint, at.strftime("%Y-%m-%d")));
        }
    }
    if sums::newest(app).await?.is_none() {
        lines.push("Nobody can compare the form from outside yet: `atalaya keys sums sign`".into());
    } else if let Some(path) = sums::outdated(app).await? {
        pressing = true;
        lines.push(sums::told(&path));
    }
    if pressing || !missing.is_empty() || endings.iter().any(keys::Ending::is_pressing) {
        return Err(Error::Conflict(lines.join("\n")));
    }
    say(&if lines.is_empty() { "All keys and manifests are good for 90 days and more".to_owned() } else { lines.join("\n") });
    Ok(())
}

async fn by_login(app: &App, login: &str) -> Result<Id> {
    let mut reader = app.db.read().await?;
    people::by_login(&mut reader, login).await?.ok_or_else(|| Error::invalid(format!("{login}: nobody has this log-in name")))
}

pub(super) fn read(file: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let opened = std::fs::File::open(file).and_then(|opened| opened.take(4 << 20).read_to_end(&mut bytes));
    opened.map(|_| bytes).map_err(|error| Error::invalid(format!("{}: {error}", file.display())))
}

/// The key that signs, and what unlocks it.
fn team_key(file: &Path, phrase: Option<&Path>) -> Result<(SecretKey, String)> {
    let key = SecretKey::read(&read(file)?).map_err(|error| Error::invalid(error.to_string()))?;
    match passphrase(phrase)? {
        None if key.is_locked() => Err(Error::invalid(format!("{}: the key is locked; --passphrase-file names the file that unlocks it.", file.display()))),
        phrase => Ok((key, phrase.unwrap_or_default())),
    }
}

pub(super) fn passphrase(file: Option<&Path>) -> Result<Option<String>> {
    let Some(file) = file else { return Ok(None) };
    let bytes = read(file)?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(Some(text.lines().next().unwrap_or_default().to_owned()))
}
