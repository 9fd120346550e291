//! The program itself, as a team runs it: built with buckets and clusters, begun by its command line, asked over
//! HTTP like a browser asks.

use crate::bucket::{Bucket, KEYS, SECRET};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take until what was handed in is stored: longer than the program waits before it takes over what
/// a dead node had begun.
const PATIENCE: Duration = Duration::from_mins(7);

/// What was never used before the tests and is nobody's afterwards.
const PASSWORD: &str = "a long password for a test";

/// An installation: folder, profiles, key, and maybe a database server's database.
pub struct House {
    folder: tempfile::TempDir,
    database: Option<String>,
}

/// What went in.
#[derive(Clone, Copy, Default)]
pub struct Fed {
    pub files: u64,
    pub events: u64,
}

impl House {
    /// An empty one whose events lie in the bucket; its registry has two organisations, one feed is known, and an
    /// analyst can log in.
    pub fn begin(bucket: &Bucket, database: Option<String>) -> Self {
        let house = Self { folder: tempfile::tempdir().unwrap(), database };
        let keys = format!("[default]\naws_access_key_id = {}\naws_secret_access_key = {SECRET}\n", KEYS[0]);
        std::fs::write(house.folder.path().join("bucket.keys"), keys).unwrap();
        house.profile("own.toml", bucket, "");
        let list = house.folder.path().join("members.csv");
        let text = "name,sector,prefixes,asn\nNorth Cable,internet,198.18.0.0/24 2001:db8:1::/48,AS64501\nSouth Wave,internet,198.18.1.0/24,AS64502\n";
        std::fs::write(&list, text).unwrap();
        house.run(&["import", "constituency", list.to_str().unwrap()], "");
        house.run(&["user", "add", "analyst", "--role", "analyst", "--password-stdin"], PASSWORD);
        house
    }

    /// Writes a profile: an example team's, with the bucket and some lines more.
    pub fn profile(&self, name: &str, bucket: &Bucket, more: &str) {
        let keys = self.folder.path().join("bucket.keys");
        let storage = format!(
            "[storage]\nevents = \"{}\"\nendpoint = \"{}\"\nregion = \"us-east-1\"\ncredentials_file = \"{}\"\n",
            bucket.url,
            bucket.endpoint(),
            keys.display()
        );
        let team = include_str!("../../../../profiles/sector.toml");
        std::fs::write(self.folder.path().join(name), format!("{team}\n{storage}\n{more}")).unwrap();
    }

    /// A node that serves with a profile.
    pub fn serve(&self, profile: &str) -> Node {
        let log = self.folder.path().join(format!("{profile}.log"));
        let log = std::fs::File::options().create(true).append(true).open(log).unwrap();
        let mut command = self.command(&["serve", "--listen", "127.0.0.1:0", "--lmtp", "127.0.0.1:0"], profile);
        let mut process = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| line.unwrap().strip_prefix("Atalaya listens on http://")?.parse().ok());
        // Whatever else it says is read, so that it never waits for us.
        std::thread::spawn(move || lines.for_each(drop));
        let mut node = Node { process, address: address.unwrap_or_else(|| panic!("it did not start: {}", self.log(profile))), session: String::new() };
        let entered = node.post("/login", &format!("login=analyst&password={}", PASSWORD.replace(' ', "+")));
        node.session = entered.header("set-cookie").split(';').next().unwrap().to_owned();
        assert_eq!(entered.status, 303, "{}", entered.body);
        node
    }

    pub fn log(&self, profile: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(format!("{profile}.log"))).unwrap_or_default()
    }

    /// Makes a file up and hands it in beside the running nodes.
    pub fn feed(&self, fed: &mut Fed, rows: u64) {
        // Far apart, so that no two files tell of the same address.
        let (seed, rows, out) = ((1000 * (fed.files + 1)).to_string(), rows.to_string(), self.folder.path().display().to_string());
        let said = self.run(&["feed", "synth", "--seed", &seed, "--rows", &rows, "--out", &out], "");
        // "PATH: 123 bytes, 95 events, 4 repeated, 1 lines that are none"
        let events = said.split(", ").find_map(|part| part.strip_suffix(" events")).unwrap_or_else(|| panic!("{said}"));
        fed.events += events.parse::<u64>().unwrap();
        fed.files += 1;
        let file = said.split(": ").next().unwrap();
        self.run(&["feed", "ingest", file, "--feed", "sensor"], "");
    }

    fn command(&self, words: &[&str], profile: &str) -> Command {
        let program = std::env::var("ATALAYA").expect("ATALAYA names the program, built with s3 and spark: ./test cluster sees to it");
        let mut all = Command::new("setpriv");
        all.args(["--pdeathsig", "KILL", &program]).args(words);
        all.env("ATALAYA_PROFILE", self.path(profile)).env("ATALAYA_DATA", self.path("data")).env("ATALAYA_KEY", self.path("instance.key"));
        if let Some(database) = &self.database {
            all.env("ATALAYA_DATABASE", database);
        }
        all.env("RUST_LOG", "warn").env_remove("AWS_ACCESS_KEY_ID").env_remove("AWS_SECRET_ACCESS_KEY");
        all
    }

    /// A command beside the running nodes; what it says.
    fn run(&self, words: &[&str], input: &str) -> String {
        let mut child = self.command(words, "own.toml").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{input}").unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{words:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Whether the program keeps events in its own folder.
    pub fn has_a_lake_of_its_own(&self) -> bool {
        self.path("data").join("events").exists()
    }
}

/// A running node, and the analyst who is logged in there.
pub struct Node {
    process: Child,
    address: SocketAddr,
    session: String,
}

pub struct Answer {
    pub status: u16,
    head: String,
    pub body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.head.lines().filter_map(|line| line.split_once(": ")).find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

impl Node {
    pub fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.0\r\nhost: {}\r\naccept: text/html\r\ncookie: {}\r\n\r\n", self.address, self.session))
    }

    pub fn post(&self, path: &str, form: &str) -> Answer {
        let (address, session, length) = (self.address, &self.session, form.len());
        self.send(&format!(
            "POST {path} HTTP/1.0\r\nhost: {address}\r\norigin: http://{address}\r\ncookie: {session}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{form}"
        ))
    }

    fn send(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_mins(4))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        assert!(!body.contains(SECRET));
        Answer { status, head: head.to_owned(), body: body.to_owned() }
    }

    /// A page that must be there.
    pub fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        answer.body
    }

    /// Waits until all files are stored.
    pub fn wait_until_stored(&self, fed: Fed) {
        let until = Instant::now() + PATIENCE;
        for number in 1..=fed.files {
            loop {
                let page = self.page(&format!("/events/files/{number}"));
                assert!(!page.contains("class=\"chip critical\""), "file {number}: {page}");
                if page.contains("class=\"chip ok\">stored<") {
                    break;
                }
                assert!(Instant::now() < until, "file {number} is not stored");
                std::thread::sleep(Duration::from_millis(100));
            }
        }
    }

    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
