//! A real cluster on loopback: a standalone master, two workers with one core and 1 GiB each, and a
//! Connect server, in one folder. Everything in it may be killed and started again; what is left ends
//! with the test, however that ends.

use serde_json::Value as Json;
use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything may take that a cluster does by itself.
const PATIENCE: Duration = Duration::from_mins(3);

pub struct Spark {
    folder: PathBuf,
    home: PathBuf,
    ports: Ports,
    master: Child,
    server: Child,
    workers: Vec<Worker>,
}

struct Ports {
    master: u16,
    master_page: u16,
    connect: u16,
    driver: u16,
    page: u16,
}

struct Worker {
    port: u16,
    child: Child,
}

impl Spark {
    /// Logs and work go to the folder.
    pub fn start(folder: &Path) -> Self {
        let home: PathBuf = std::env::var("SPARK_HOME").expect("SPARK_HOME names a Spark: ./test cluster sees to it").into();
        let ports = Ports { master: free(), master_page: free(), connect: free(), driver: free(), page: free() };
        let [host, port, page] = ["127.0.0.1".to_owned(), ports.master.to_string(), ports.master_page.to_string()];
        let args = ["org.apache.spark.deploy.master.Master", "--host", &host, "--port", &port, "--webui-port", &page];
        let master = begin(&home, folder, "master", "spark-class", &args);
        let mut spark = Self { server: serve(&home, folder, &ports), folder: folder.into(), home, ports, master, workers: Vec::new() };
        for _ in 0..2 {
            spark.add_worker();
        }
        spark.wait_until_ready();
        spark
    }

    /// What a client is told.
    pub fn address(&self) -> String {
        format!("sc://127.0.0.1:{}", self.ports.connect)
    }

    pub fn port(&self) -> u16 {
        self.ports.connect
    }

    pub fn add_worker(&mut self) {
        let (port, number) = (free(), self.workers.len());
        let (shown, work) = (port.to_string(), self.folder.join(format!("work-{number}")).display().to_string());
        let master = format!("spark://127.0.0.1:{}", self.ports.master);
        let args = ["org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1", "--port", &shown, "--webui-port", "0"];
        let args = [&args[..], &["--cores", "1", "--memory", "1g", "--work-dir", &work, &master]].concat();
        let child = begin(&self.home, &self.folder, &format!("worker-{port}"), "spark-class", &args);
        self.workers.push(Worker { port, child });
    }

    /// Waits until both workers compute for the Connect server.
    pub fn wait_until_ready(&self) {
        self.wait("two executors", || self.executors().len() >= 2);
        self.wait("the Connect server", || TcpStream::connect(("127.0.0.1", self.ports.connect)).is_ok());
    }

    /// Kills an executor alone; its worker will start another.
    pub fn kill_an_executor(&self) {
        let pid = self.pids(None).into_iter().next().expect("an executor");
        kill(pid);
    }

    /// Kills a worker and its executor: a machine is gone.
    pub fn kill_a_worker(&mut self) {
        let mut worker = self.workers.remove(0);
        let executors = self.pids(Some(worker.port));
        assert!(!executors.is_empty(), "the worker had an executor");
        worker.child.kill().unwrap();
        worker.child.wait().unwrap();
        executors.into_iter().for_each(kill);
    }

    pub fn kill_the_server(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
        self.pids(None).into_iter().for_each(kill);
    }

    pub fn start_the_server(&mut self) {
        self.server = serve(&self.home, &self.folder, &self.ports);
    }

    /// Waits until something is computed on each of so many executors.
    pub fn wait_until_busy(&self, executors: usize) {
        self.wait("work on the executors", || self.busy() >= executors);
    }

    pub fn wait_until_idle(&self) {
        self.wait("an idle cluster", || self.busy() == 0);
    }

    /// How many executors compute just now.
    fn busy(&self) -> usize {
        self.executors().iter().filter(|executor| executor["activeTasks"].as_i64().unwrap_or(0) > 0).count()
    }

    /// How much the cluster did for who asked it.
    pub fn jobs(&self) -> usize {
        let of = |id: String| get(self.ports.page, &format!("/api/v1/applications/{id}/jobs"));
        self.application().and_then(of).and_then(|all| Some(all.as_array()?.len())).unwrap_or(0)
    }

    fn application(&self) -> Option<String> {
        Some(get(self.ports.page, "/api/v1/applications")?.get(0)?.get("id")?.as_str()?.to_owned())
    }

    /// Executors as the Connect server's page tells them, without those that are gone and itself.
    fn executors(&self) -> Vec<Json> {
        let Some(id) = self.application() else { return Vec::new() };
        let all = get(self.ports.page, &format!("/api/v1/applications/{id}/executors")).unwrap_or_default();
        all.as_array().into_iter().flatten().filter(|one| one["id"] != "driver" && one["isActive"] == true).cloned().collect()
    }

    /// Processes of executors of this cluster, of one worker if it is named.
    fn pids(&self, worker: Option<u16>) -> Vec<u32> {
        let mut pids = Vec::new();
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
            let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            let ours = line.contains("CoarseGrainedExecutorBackend") && line.contains(&format!("@127.0.0.1:{} ", self.ports.driver));
            if ours && worker.is_none_or(|port| line.contains(&format!("Worker@127.0.0.1:{port}"))) {
                pids.push(pid);
            }
        }
        pids
    }

    fn wait(&self, what: &str, mut there: impl FnMut() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !there() {
            assert!(Instant::now() < until, "no {what}; the logs say\n{}", self.logs());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The ends of the logs.
    fn logs(&self) -> String {
        let mut all = String::new();
        for entry in std::fs::read_dir(&self.folder).unwrap().flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "log")) {
            let text = std::fs::read_to_string(entry.path()).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            all += &format!("== {}\n{}\n", entry.path().display(), lines[lines.len().saturating_sub(15)..].join("\n"));
        }
        all
    }
}

impl Drop for Spark {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("{}", self.logs());
        }
        let executors = self.pids(None);
        let children = self.workers.iter_mut().map(|worker| &mut worker.child).chain([&mut self.server, &mut self.master]);
        for child in children {
            let _ = child.kill();
            let _ = child.wait();
        }
        executors.into_iter().for_each(kill);
    }
}

fn serve(home: &Path, folder: &Path, ports: &Ports) -> Child {
    let settings = [
        format!("spark.connect.grpc.binding.port={}", ports.connect),
        "spark.connect.grpc.binding.address=127.0.0.1".into(),
        // Streams end early and often, as they do when answers are long.
        "spark.connect.execute.reattachable.senderMaxStreamSize=64k".into(),
        "spark.connect.execute.reattachable.senderMaxStreamDuration=5s".into(),
        "spark.sql.execution.arrow.maxRecordsPerBatch=200".into(),
        "spark.driver.host=127.0.0.1".into(),
        "spark.driver.bindAddress=127.0.0.1".into(),
        format!("spark.driver.port={}", ports.driver),
        "spark.executor.memory=600m".into(),
        format!("spark.ui.port={}", ports.page),
        "spark.sql.shuffle.partitions=4".into(),
        "spark.executor.heartbeatInterval=2s".into(),
        "spark.network.timeout=20s".into(),
        "spark.network.timeoutInterval=5s".into(),
    ];
    let master = format!("spark://127.0.0.1:{}", ports.master);
    let mut args = vec!["--class", "org.apache.spark.sql.connect.service.SparkConnectServer", "--master", &master];
    for setting in &settings {
        args.extend(["--conf", setting]);
    }
    args.push("spark-internal");
    begin(home, folder, "server", "spark-submit", &args)
}

/// Starts a program of Spark that ends when we do.
fn begin(home: &Path, folder: &Path, name: &str, program: &str, args: &[&str]) -> Child {
    let log = File::options().create(true).append(true).open(folder.join(format!("{name}.log"))).unwrap();
    // The Connect server is one of Spark's daemons as well, and the driver of what it is asked.
    let memory = if name == "server" { "768m" } else { "256m" };
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL"]).arg(home.join("bin").join(program)).args(args);
    command.env("SPARK_HOME", home).env("SPARK_LOCAL_IP", "127.0.0.1").env("SPARK_DAEMON_MEMORY", memory).env("SPARK_LOCAL_DIRS", folder.join("local"));
    command.env("SPARK_MASTER_OPTS", "-Dspark.worker.timeout=15").current_dir(folder);
    command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap()
}

fn kill(pid: u32) {
    let _ = Command::new("kill").args(["-9", &pid.to_string()]).stderr(Stdio::null()).status();
}

/// A port that was free a moment ago.
fn free() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A page of JSON.
fn get(port: u16, path: &str) -> Option<Json> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
    write!(stream, "GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n\r\n").ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
}
