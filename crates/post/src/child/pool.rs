//! The parent's side: keeps some children alive, hands each one thing at a time, and kills one that
//! takes too long or says too much.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::frame;

/// After so many things a child makes room for a fresh one.
const MANY: usize = 1000;

/// Children of this program. There is one pool for all who ask, so that hostile input never takes more
/// than this many processes.
#[derive(Debug)]
pub struct Pool {
    program: PathBuf,
    args: Vec<String>,
    room: Semaphore,
    idle: Mutex<Vec<Running>>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    input: ChildStdin,
    output: ChildStdout,
    asked: usize,
}

/// What a child said, and the bytes that came out.
pub(super) struct Answer {
    pub said: Vec<u8>,
    pub bytes: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failed {
    TookTooLong(u64),
    Crashed(String),
    TooMuchOutput(usize),
    TooMuchInput(usize),
    Garbled,
    NotStarted(String),
}

impl Pool {
    /// Nothing is started before the first question.
    pub fn new(program: PathBuf, args: Vec<String>, workers: usize) -> Self {
        Self { program, args, room: Semaphore::new(workers.max(1)), idle: Mutex::new(Vec::new()) }
    }

    /// Asks a child; waits while all are busy.
    pub(super) async fn ask(&self, order: &frame::Order, bytes: &[u8], patience: Duration) -> Result<Answer, Failed> {
        if bytes.len() > frame::REQUEST {
            return Err(Failed::TooMuchInput(frame::REQUEST));
        }
        let order = serde_json::to_vec(order).map_err(|_| Failed::Garbled)?;
        let _place = self.room.acquire().await;
        let mut running = match self.take_idle() {
            Some(running) => running,
            None => self.start()?,
        };
        let fresh = running.asked == 0;
        let mut outcome = self.try_with(&mut running, &order, bytes, patience).await;
        if !fresh && matches!(outcome, Err(Failed::Crashed(_))) {
            // It may have died of what came before; this gets a child of its own.
            running = self.start()?;
            outcome = self.try_with(&mut running, &order, bytes, patience).await;
        }
        // After a failure the child is dropped, and dropping kills it.
        let answer = outcome?;
        if running.asked < MANY {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(running);
        }
        Ok(answer)
    }

    /// A child of one's own, which ends afterwards: what it was told is in no process that reads what
    /// somebody else wrote.
    pub(super) fn alone(&self) -> Alone<'_> {
        Alone { running: None, place: None, pool: self }
    }

    fn take_idle(&self) -> Option<Running> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn start(&self) -> Result<Running, Failed> {
        let failed = |why: String| Failed::NotStarted(why);
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
        Ok(Running { child, input, output, asked: 0 })
    }

    async fn try_with(&self, running: &mut Running, order: &[u8], bytes: &[u8], patience: Duration) -> Result<Answer, Failed> {
        // A second for each MiB more: a large mail on a busy machine is no attack, and what a child may compute is limited apart.
        let patience = patience + Duration::from_secs(bytes.len() as u64 >> 20);
        match timeout(patience, running.exchange(order, bytes)).await {
            Ok(Ok(answer)) => {
                running.asked += 1;
                Ok(answer)
            }
            Ok(Err(Failure::TooMuch)) => {
                running.kill().await;
                Err(Failed::TooMuchOutput(frame::ANSWER))
            }
            Ok(Err(Failure::Broken)) => Err(Failed::Crashed(running.kill().await)),
            Err(_) => {
                running.kill().await;
                Err(Failed::TookTooLong(patience.as_secs()))
            }
        }
    }
}

/// Whoever asks a child of its own, one thing after the other. It takes its place with the first question; the child ends
/// before the place is free.
pub(super) struct Alone<'p> {
    running: Option<Running>,
    place: Option<SemaphorePermit<'p>>,
    pool: &'p Pool,
}

impl Alone<'_> {
    /// Asks. What broke on an earlier question does not break this one: it gets a fresh child.
    pub(super) async fn ask(&mut self, order: &frame::Order, bytes: &[u8], patience: Duration) -> Result<Answer, Failed> {
        if bytes.len() > frame::REQUEST {
            return Err(Failed::TooMuchInput(frame::REQUEST));
        }
        let order = serde_json::to_vec(order).map_err(|_| Failed::Garbled)?;
        if self.place.is_none() {
            self.place = self.pool.room.acquire().await.ok();
        }
        if let Some(mut running) = self.running.take() {
            match self.pool.try_with(&mut running, &order, bytes, patience).await {
                // It may have died of what came before.
                Err(Failed::Crashed(_)) => {}
                outcome => {
                    self.running = outcome.is_ok().then_some(running);
                    return outcome;
                }
            }
        }
        let mut running = self.pool.start()?;
        let answer = self.pool.try_with(&mut running, &order, bytes, patience).await?;
        self.running = Some(running);
        Ok(answer)
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
    async fn exchange(&mut self, order: &[u8], bytes: &[u8]) -> Result<Answer, Failure> {
        for piece in [order, bytes] {
            self.input.write_all(&frame::length(piece)?).await?;
            self.input.write_all(piece).await?;
        }
        self.input.flush().await?;
        Ok(Answer { said: self.frame().await?, bytes: self.frame().await? })
    }

    async fn frame(&mut self) -> Result<Vec<u8>, Failure> {
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
