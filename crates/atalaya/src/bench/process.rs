//! The program under measurement, in a process of its own.

use std::io;
use std::net::SocketAddr;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A serving process. It ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    /// Where it answers HTTP.
    pub address: SocketAddr,
    /// Where it takes mail, if it does.
    pub mail: Option<SocketAddr>,
    /// How long it took from start to listening.
    pub start: Duration,
    child: Child,
    pid: u32,
}

impl Server {
    /// Starts `atalaya serve` with these arguments and waits until it says where it listens.
    pub async fn start(arguments: &[String]) -> io::Result<Self> {
        let begin = Instant::now();
        let mut child =
            Command::new(std::env::current_exe()?).arg("serve").args(arguments).env("RUST_LOG", "warn").stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let pid = child.id().ok_or_else(|| io::Error::other("the server ended at once"))?;
        let output = child.stdout.take().ok_or_else(|| io::Error::other("no output to read"))?;
        let mut lines = BufReader::new(output).lines();
        let (mut address, mut mail) = (None, None);
        while let Some(line) = lines.next_line().await? {
            if let Some(at) = line.strip_prefix("Atalaya listens on http://").and_then(|text| text.parse().ok()) {
                address = Some(at);
                break;
            }
            if let Some(at) = line.rsplit("LMTP on ").next().and_then(|text| text.parse().ok()) {
                mail = Some(at);
            }
        }
        let address = address.ok_or_else(|| io::Error::other("the server ended before it listened"))?;
        let start = begin.elapsed();
        // Whatever else it says is read, so that it never waits for us.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { address, mail, start, child, pid })
    }

    /// CPU time of the process and its children so far.
    pub fn cpu(&self) -> io::Result<Duration> {
        cpu_of(self.pid)
    }

    /// Waits until the work that was left for later is done: receipts, and mails that are read after
    /// they were kept. Their time belongs to what was asked.
    pub async fn rest(&self) -> io::Result<()> {
        let mut before = self.cpu()?;
        loop {
            tokio::time::sleep(Duration::from_millis(250)).await;
            let now = self.cpu()?;
            if now.saturating_sub(before) <= Duration::from_millis(10) {
                return Ok(());
            }
            before = now;
        }
    }

    /// Resident memory in megabytes (proc(5), `VmRSS`).
    pub fn memory(&self) -> io::Result<f64> {
        self.megabytes("VmRSS:")
    }

    /// The most resident memory that it had so far (`VmHWM`).
    pub fn most_memory(&self) -> io::Result<f64> {
        self.megabytes("VmHWM:")
    }

    fn megabytes(&self, what: &str) -> io::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix(what)).unwrap_or_default();
        let kib: f64 = line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0.0);
        Ok(kib / 1024.0)
    }

    /// Ends the process as an operator would.
    pub async fn stop(mut self) -> io::Result<()> {
        let _ = Command::new("kill").arg(self.pid.to_string()).status().await?;
        self.child.wait().await.map(drop)
    }
}

/// CPU time of the children of this process that ended, the serving one not among them (Linux, proc(5)).
pub fn cpu_of_ended() -> io::Result<Duration> {
    let line = std::fs::read_to_string("/proc/self/stat")?;
    let fields = line.rsplit(')').next().unwrap_or_default().split_whitespace().skip(13).take(2);
    let ticks: u64 = fields.filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 10))
}

/// CPU time of a process and its children so far (Linux, proc(5)).
pub fn cpu_of(process: u32) -> io::Result<Duration> {
    let mut ticks = 0;
    for entry in std::fs::read_dir("/proc")? {
        let Some(pid) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        let Ok(line) = std::fs::read_to_string(format!("/proc/{pid}/stat")) else { continue };
        // The name in brackets may hold spaces; the numbers begin after it, with the state.
        let fields: Vec<&str> = line.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
        let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        if pid == process {
            ticks += number(11) + number(12) + number(13) + number(14);
        } else if number(1) == u64::from(process) {
            ticks += number(11) + number(12);
        }
    }
    // USER_HZ is 100 on every Linux that this program is built for.
    Ok(Duration::from_millis(ticks * 10))
}
