//! The command line: one file a command. Each prints for people, or with `--json` for programs, and
//! ends with 0 (done), 1 (the thing asked about is bad) or 2 (usage or fault).

pub mod backup;
mod bench;
mod csaf;
mod demo;
mod feed;
mod http;
mod import;
mod keys;
mod mail_in;
mod mail_keys;
mod new_key;
mod pace;
mod serve;
mod user;
mod verify;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use store::Clock;

use crate::app::Settings;
use crate::profile::Profile;

/// Atalaya: a CSIRT in one binary.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal, the console, the API and the mail listener
    Serve(serve::Serve),
    /// Make a demonstration: an invented team at work
    Demo(demo::Demo),
    /// Measure what each action costs
    Bench(bench::Bench),
    /// Copy the embedded installation, without its key, while it runs
    Backup(backup::Backup),
    /// Put a backup into an empty folder and check it
    Restore(backup::Restore),
    /// Add, list, disable and reset people
    User(user::User),
    /// Check that the journal and every blob are as they were written
    Verify(verify::Verify),
    /// Keep one mail from standard input, for mail servers that pipe
    MailIn(mail_in::MailIn),
    /// Import organisations from a file
    Import(import::Import),
    /// Advisories for machines: judge documents and providers, write the tree, sign elsewhere
    Csaf(csaf::Csaf),
    /// Event files: take one in, make some up
    Feed(feed::FeedCommand),
    /// The keys of sealed reports and who reads them; the keys of mail
    Keys(keys::Keys),
    /// Read what strangers sent, mail and OpenPGP, in a process that may be killed (internal)
    #[command(hide = true)]
    Opener,
}

/// What every command that opens the installation takes.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// The team profile (TOML)
    #[arg(long, global = true, value_name = "FILE", default_value = "atalaya.toml", env = "ATALAYA_PROFILE")]
    pub profile: PathBuf,
    /// The folder that holds everything but the key
    #[arg(long, global = true, value_name = "FOLDER", default_value = "atalaya-data", env = "ATALAYA_DATA")]
    pub data: PathBuf,
    /// The instance's key file; made at the first start. Default: the folder's name with `.key`, beside it
    #[arg(long, value_name = "FILE", env = "ATALAYA_KEY")]
    pub key: Option<PathBuf>,
    /// A PostgreSQL server instead of the embedded database (postgres://...)
    #[arg(long, global = true, value_name = "URL", env = "ATALAYA_DATABASE")]
    pub database: Option<String>,
}

/// Why a command ended badly: its exit code and what it says.
#[derive(Debug)]
pub struct Ended {
    /// 1 or 2.
    pub code: u8,
    /// One or several lines.
    pub text: String,
}

impl<E: std::error::Error> From<E> for Ended {
    fn from(error: E) -> Self {
        Self { code: 2, text: error.to_string() }
    }
}

impl Place {
    /// Reads the profile and says where everything is.
    pub fn settings(&self) -> Result<Settings, Ended> {
        if !self.profile.exists() {
            let text = format!("There is no profile {} here: give one with --profile FILE, or start from one of profiles/*.toml.", self.profile.display());
            return Err(Ended { code: 2, text });
        }
        let profile =
            Profile::load(&self.profile).map_err(|faults| Ended { code: 2, text: faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n") })?;
        let database = self.database.clone().or_else(|| profile.database.as_ref().map(|database| database.url.clone()));
        Ok(Settings { profile, data: self.data.clone(), key: self.key_file(), database, clock: Clock::System, program: None })
    }

    /// The instance's key file.
    pub fn key_file(&self) -> PathBuf {
        self.key.clone().unwrap_or_else(|| self.data.with_extension("key"))
    }

    /// The database's address, from the command line, the profile if there is one, or the data folder.
    pub fn database_url(&self) -> Result<String, Ended> {
        let configured = match &self.database {
            Some(url) => Some(url.clone()),
            None if self.profile.exists() => self.settings()?.database,
            None => None,
        };
        Ok(configured.unwrap_or_else(|| self.data.join("atalaya.db").display().to_string()))
    }

    /// Whether a PostgreSQL server holds the data.
    pub fn is_server(&self) -> Result<bool, Ended> {
        Ok(self.database_url()?.starts_with("postgres"))
    }
}

/// Reads the command line and does what it says.
pub fn run() -> ExitCode {
    // Whatever we write is for this user alone.
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
    let line = Line::parse();
    let ended = match line.command {
        Command::Serve(serve) => in_runtime(serve.run()),
        Command::Demo(demo) => in_runtime(demo.run()),
        Command::Bench(bench) => in_runtime(bench.run()),
        Command::User(user) => in_runtime(user.run()),
        Command::Backup(backup) => in_runtime(backup.run()),
        Command::Restore(restore) => in_runtime(restore.run()),
        Command::Verify(verify) => in_runtime(verify.run()),
        Command::MailIn(mail) => in_runtime(mail.run()),
        Command::Import(import) => in_runtime(import.run()),
        Command::Csaf(csaf) => in_runtime(csaf.run()),
        Command::Feed(feed) => in_runtime(feed.run()),
        Command::Keys(keys) => in_runtime(keys.run()),
        Command::Opener => post::child::run_child().map_err(Ended::from),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(Ended { code, text }) => {
            complain(&text);
            ExitCode::from(code)
        }
    }
}

fn in_runtime(work: impl Future<Output = Result<(), Ended>>) -> Result<(), Ended> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

#[expect(clippy::print_stderr, reason = "this is what standard error is for")]
fn complain(text: &str) {
    eprintln!("{text}");
}

/// Prints a line of a command's answer. A reader that has seen enough and went away is no fault.
pub fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
