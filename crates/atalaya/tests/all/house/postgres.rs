//! One PostgreSQL server for the whole run, in a folder of its own, under a user of its own.
//!
//! A small shell watches a pipe that only this process holds. However the tests end, the pipe
//! closes, and the shell stops the server and removes the folder.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// A running server.
pub struct Server {
    folder: PathBuf,
    programs: PathBuf,
    keeper: Child,
}

static SERVER: OnceLock<Server> = OnceLock::new();
static DATABASES: AtomicU64 = AtomicU64::new(0);

/// The address of a new database without any schema.
pub fn empty_database() -> String {
    server().database()
}

/// The server that all stories share.
pub fn server() -> &'static Server {
    SERVER.get_or_init(Server::new)
}

/// A database as `pg_dump` writes it, which is how a team backs it up.
pub fn dump(url: &str) -> Vec<u8> {
    let output = Command::new(programs().join("pg_dump")).arg("--dbname").arg(url).output().expect("pg_dump runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Keeps the server while its standard input is open.
const KEEPER: &str = r#"
begin() {
  "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
    -c max_connections=500 -c shared_buffers=32MB -c wal_writer_delay=10s >>"$2/log" 2>&1 </dev/null &
  server=$!
}
begin "$1" "$2"
while read -r word; do
  case $word in
    # What a power cut looks like to everybody who is connected.
    crash) kill -QUIT $server; wait $server ;;
    begin) begin "$1" "$2" ;;
  esac
done
kill -INT $server
wait $server
rm -rf "$2"
"#;

impl Server {
    /// A server of one's own, for a story in which it goes away.
    pub fn new() -> Self {
        let programs = programs();
        let folder = tempfile::Builder::new().prefix("atalaya-postgres-").tempdir().expect("a temporary folder").keep();
        let root = check("id", Command::new("id").arg("-u").output()).trim() == "0";
        if root {
            check("chown", Command::new("chown").arg("postgres").arg(&folder).output());
        }
        let data = folder.join("data");
        let mut initdb = as_owner(root, &programs.join("initdb"));
        initdb.arg("--pgdata").arg(&data).args(["--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--locale", "C", "--no-sync"]);
        check("initdb", initdb.output());
        let mut keeper = as_owner(root, Path::new("/bin/sh"));
        keeper.args(["-c", KEEPER, "keeper"]).arg(&programs).arg(&folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let keeper = keeper.current_dir("/").spawn().expect("a shell starts");
        let server = Self { folder, programs, keeper };
        server.wait_until(true);
        server
    }

    /// The address of a new, empty database.
    pub fn database(&self) -> String {
        self.copy_of("template1")
    }

    /// The address of a new database that is a copy of this one.
    pub fn copy_of(&self, template: &str) -> String {
        self.database_of(&format!("house{}", DATABASES.fetch_add(1, Ordering::Relaxed)), template)
    }

    /// The address of a new database of this name, a copy of that one.
    pub fn database_of(&self, name: &str, template: &str) -> String {
        let folder = self.folder.display().to_string();
        let made = Command::new(self.programs.join("createdb")).args(["--host", &folder, "--username", "postgres", "--template", template, name]).output();
        check("createdb", made);
        format!("postgres://postgres@localhost/{name}?host={folder}")
    }

    /// Its folder: data, log.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// All its processes.
    pub fn processes(&self) -> Vec<u32> {
        let first = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).expect("it runs");
        let first = first.lines().next().expect("its number").to_owned();
        let children = std::fs::read_to_string(format!("/proc/{first}/task/{first}/children")).expect("its children");
        [first.as_str()].into_iter().chain(children.split_whitespace()).map(|id| id.parse().expect("a number")).collect()
    }

    /// Goes away in the middle of everything.
    pub fn crash(&mut self) {
        self.order("crash");
        self.wait_until(false);
    }

    /// Comes back.
    pub fn begin(&mut self) {
        self.order("begin");
        self.wait_until(true);
    }

    /// Ends all connections, and goes on.
    pub fn hang_up(&self) {
        let all = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'";
        let psql = Command::new("psql").args(["--host", &self.folder.display().to_string(), "--username", "postgres", "--command", all]).output();
        check("psql", psql);
    }

    fn order(&mut self, word: &str) {
        let input = self.keeper.stdin.as_mut().expect("the keeper listens");
        std::io::Write::write_all(input, format!("{word}\n").as_bytes()).expect("the keeper takes orders");
    }

    /// `pg_isready` asks the server itself; each try takes as long as its answer does.
    fn wait_until(&self, ready: bool) {
        let there = (0..3000).any(|_| {
            let tried = Command::new(self.programs.join("pg_isready")).arg("--quiet").arg("--host").arg(&self.folder).args(["--timeout", "5"]).status();
            tried.is_ok_and(|status| status.success() == ready)
        });
        assert!(there, "PostgreSQL did not obey: {}", std::fs::read_to_string(self.folder.join("log")).unwrap_or_default());
    }
}

/// A psql that keeps what a statement locked, until it is dropped.
pub struct Held(Child);

impl Held {
    /// Runs the statement in the database of that address.
    pub fn by(database: &str, statement: &str) -> Self {
        let mut psql = Command::new("psql");
        psql.arg(database).args(["--no-psqlrc", "--tuples-only"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut psql = psql.spawn().expect("psql starts");
        std::io::Write::write_all(psql.stdin.as_mut().expect("a pipe"), format!("{statement};\n\\echo held\n").as_bytes()).expect("psql takes orders");
        let said = std::io::BufReader::new(psql.stdout.as_mut().expect("a pipe"));
        assert!(std::io::BufRead::lines(said).map_while(Result::ok).any(|line| line == "held"), "psql did not obey: {statement}");
        Self(psql)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Returns once so many changes of this database wait for a lock.
pub fn wait_for_waiting(database: &str, how_many: usize) {
    let ask = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
    let there = (0..3000).any(|_| {
        let answer = check("psql", Command::new("psql").arg(database).args(["--no-psqlrc", "--tuples-only", "--no-align", "--command", ask]).output());
        answer.trim() == how_many.to_string()
    });
    assert!(there, "{how_many} changes were to wait for each other");
}

/// Where the server's programs are.
fn programs() -> PathBuf {
    let mut places: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin")).collect();
    places.sort();
    places.reverse();
    places.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let found = places.into_iter().find(|place| place.join("postgres").is_file() && place.join("initdb").is_file() && place.join("createdb").is_file());
    found.expect("PostgreSQL is not installed (Debian: apt-get install postgresql-15); ATALAYA_TEST_WITHOUT_POSTGRES=1 tests without it")
}

/// The server refuses to run as root: then it runs as the user `postgres`.
fn as_owner(root: bool, program: &Path) -> Command {
    let mut command = if root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid", "postgres", "--regid", "postgres", "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

fn check(what: &str, output: std::io::Result<Output>) -> String {
    let output = output.unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(output.status.success(), "{what}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
