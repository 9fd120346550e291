//! The parent's side: keeps some children alive, hands each one mail at a time,
//! and kills one that takes too long or says too much.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::{Unreadable, frame};
use crate::letter::{Envelope, Letter, Limits};

/// After so many mails a child makes room for a fresh one.
const MAILS: usize = 1000;

/// Reads mails in children of this program. Share it behind an `Arc`.
#[derive(Debug)]
pub struct Reader {
    program: PathBuf,
    args: Vec<String>,
    limits: Limits,
    patience: Duration,
    room: Semaphore,
    idle: Mutex<Vec<Running>>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    mails: usize,
}

impl Reader {
    /// Nothing is started before the first mail.
    pub fn new(program: PathBuf, args: Vec<String>, workers: usize) -> Self {
        Self { program, args, limits: Limits::default(), patience: Duration::from_secs(20), room: Semaphore::new(workers.max(1)), idle: Mutex::new(Vec::new()) }
    }

    /// How long one mail may take.
    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// How much of a mail is read.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Reads one mail; waits while all children are busy.
    pub async fn read(&self, envelope: &Envelope, raw: &[u8]) -> Result<Letter, Unreadable> {
        if raw.len() > frame::REQUEST {
            return Err(Unreadable::TooMuchInput(frame::REQUEST));
        }
        let order = frame::Order { envelope: envelope.clone(), limits: self.limits.clone() };
        let order = serde_json::to_vec(&order).map_err(|_| Unreadable::Garbled)?;
        let _place = self.room.acquire().await;
        let mut running = match self.take_idle() {
            Some(running) => running,
            None => self.start()?,
        };
        let fresh = running.mails == 0;
        let mut outcome = self.ask(&mut running, &order, raw).await;
        if !fresh && matches!(outcome, Err(Unreadable::Crashed(_))) {
            // It may have died of the mails before; this one gets a child of its own.
            running = self.start()?;
            outcome = self.ask(&mut running, &order, raw).await;
        }
        // After a failure the child is dropped, and dropping kills it.
        let bytes = outcome?;
        if running.mails < MAILS {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(running);
        }
        serde_json::from_slice(&bytes).map_err(|_| Unreadable::Garbled)
    }

    fn take_idle(&self) -> Option<Running> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn start(&self) -> Result<Running, Unreadable> {
        let failed = |why: String| Unreadable::NotStarted(why);
        let mut child = Command::new(&self.program)
            .args(&self.args)
            // Secrets live in the environment; the child needs nothing of it.
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| failed(error.to_string()))?;
        let (input, output) = (child.stdin.take(), child.stdout.take());
        let (Some(input), Some(output)) = (input, output) else {
            return Err(failed("no pipes".to_owned()));
        };
        Ok(Running { child, input, output, mails: 0 })
    }

    async fn ask(&self, running: &mut Running, order: &[u8], raw: &[u8]) -> Result<Vec<u8>, Unreadable> {
        let answer = timeout(self.patience, running.exchange(order, raw)).await;
        match answer {
            Ok(Ok(bytes)) => {
                running.mails += 1;
                Ok(bytes)
            }
            Ok(Err(Failure::TooMuch)) => {
                running.kill().await;
                Err(Unreadable::TooMuchOutput(frame::ANSWER))
            }
            Ok(Err(Failure::Broken)) => Err(Unreadable::Crashed(running.kill().await)),
            Err(_) => {
                running.kill().await;
                Err(Unreadable::TookTooLong(self.patience.as_secs()))
            }
        }
    }
}

enum Failure {
    TooMuch,
    Broken,
}

impl From<std::io::Error> for Failure {
    fn from(_: std::io::Error) -> Self {
        Self::Broken
    }
}

impl Running {
    async fn exchange(&mut self, order: &[u8], raw: &[u8]) -> Result<Vec<u8>, Failure> {
        for piece in [order, raw] {
            self.input.write_all(&frame::length(piece)?).await?;
            self.input.write_all(piece).await?;
        }
        self.input.flush().await?;
        let length = self.output.read_u32().await? as usize;
        if length > frame::ANSWER {
            return Err(Failure::TooMuch);
        }
        let mut bytes = vec![0; length];
        self.output.read_exact(&mut bytes).await?;
        Ok(bytes)
    }

    /// Ends the child and says how it ended. A child that ended by itself is
    /// given a moment, so that its own reason is the one told.
    async fn kill(&mut self) -> String {
        if let Ok(Ok(status)) = timeout(Duration::from_millis(200), self.child.wait()).await {
            return status.to_string();
        }
        let _ = self.child.start_kill();
        match timeout(Duration::from_secs(5), self.child.wait()).await {
            Ok(Ok(status)) => status.to_string(),
            _ => "it does not end".to_owned(),
        }
    }
}
