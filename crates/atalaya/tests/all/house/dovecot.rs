//! A real Dovecot of one's own: the hosted mailbox of the tests.

use std::net::{IpAddr, Ipv4Addr, TcpListener};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use atalaya::profile::{Imap, Tls};
use tempfile::TempDir;

/// Whose mailbox it is.
pub const USER: &str = "report@csirt.maluti.example";
/// The password that opens it.
pub const SECRET: &str = "pässwörd \"quoted\"";

/// A server with one mailbox (Maildir), until it is dropped.
pub struct Dovecot {
    pub host: IpAddr,
    /// TLS from the first byte.
    pub implicit: u16,
    /// STARTTLS.
    pub plain: u16,
    folder: TempDir,
    process: Option<Child>,
    mails: u32,
}

impl Dovecot {
    /// Starts one.
    pub async fn start() -> Self {
        Self::able_to("").await
    }

    /// Starts one that can do only this; all if it is empty.
    pub async fn able_to(abilities: &str) -> Self {
        // An address that no other server listens on: its ports stay its own while it is down.
        static NEXT: AtomicU8 = AtomicU8::new(1);
        let [_, low] = (std::process::id() % 65_536).try_into().map(u16::to_be_bytes).expect("two bytes");
        let host = IpAddr::from(Ipv4Addr::new(127, 30, low, NEXT.fetch_add(1, Ordering::Relaxed)));
        let port = || TcpListener::bind((host, 0)).and_then(|listener| listener.local_addr()).expect("a free port").port();
        let folder = tempfile::Builder::new().prefix("atalaya-dovecot-").permissions(PermissionsExt::from_mode(0o755)).tempdir().expect("a folder");
        let dovecot = Self { host, implicit: port(), plain: port(), folder, process: None, mails: 0 };
        for part in ["mail/new", "mail/cur", "mail/tmp"] {
            std::fs::create_dir_all(dovecot.at(part)).expect("a folder");
        }
        for part in ["mail", "mail/new", "mail/cur", "mail/tmp"] {
            std::fs::set_permissions(dovecot.at(part), PermissionsExt::from_mode(0o777)).expect("its owner");
        }
        dovecot.write(abilities);
        let mut dovecot = dovecot;
        dovecot.again().await;
        dovecot
    }

    fn write(&self, abilities: &str) {
        let (host, here) = (self.host, self.folder.path().display());
        let request = format!(
            "[req]\ndistinguished_name = dn\nx509_extensions = ext\nprompt = no\n[dn]\nCN = {host}\n[ext]\nbasicConstraints = critical,CA:FALSE\nsubjectAltName = IP:{host}\n"
        );
        std::fs::write(self.at("request"), request).expect("a file");
        let made = Command::new("openssl")
            .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"])
            .args(["-keyout", "key.pem", "-out", "cert.pem", "-config", "request"])
            .current_dir(self.folder.path())
            .output()
            .expect("openssl runs (Debian: apt-get install openssl)");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        std::fs::write(self.at("users"), format!("{USER}:{{PLAIN}}{SECRET}\n")).expect("a file");
        std::fs::write(self.at("secret"), format!("{SECRET}\n")).expect("a file");
        // Root starts it as Debian does; anybody else starts all of it as themselves.
        let id = |what: &str| String::from_utf8_lossy(&Command::new("id").arg(what).output().expect("id runs").stdout).trim().to_owned();
        let owner = match id("-u").as_str() {
            "0" => "uid=65534 gid=65534".to_owned(),
            uid => format!("uid={uid} gid={}", id("-g")),
        };
        let account = if id("-u") == "0" {
            String::new()
        } else {
            format!("default_internal_user = {0}\ndefault_login_user = {0}\ndefault_internal_group = {1}\nfirst_valid_uid = 1\n", id("-un"), id("-gn"))
        };
        let abilities = if abilities.is_empty() { String::new() } else { format!("imap_capability = {abilities}\n") };
        let (implicit, plain) = (self.implicit, self.plain);
        let settings = format!(
            "base_dir = {here}/run\nlog_path = {here}/log\nprotocols = imap\nlisten = {host}\nssl = required\nssl_cert = <{here}/cert.pem\n\
             ssl_key = <{here}/key.pem\nmail_location = maildir:{here}/mail\nauth_failure_delay = 0\nauth_verbose = yes\n{account}{abilities}\
             passdb {{\n driver = passwd-file\n args = {here}/users\n}}\nuserdb {{\n driver = static\n args = {owner} home={here}/mail\n}}\n\
             service imap-login {{\n chroot =\n inet_listener imap {{\n port = {plain}\n }}\n inet_listener imaps {{\n port = {implicit}\n ssl = yes\n }}\n}}\n\
             service anvil {{\n chroot =\n}}\nservice stats {{\n chroot =\n}}\n"
        );
        std::fs::write(self.at("dovecot.conf"), settings).expect("a file");
    }

    /// Starts it where it was.
    pub async fn again(&mut self) {
        let mut command = Command::new("dovecot");
        command.arg("-F").arg("-c").arg(self.at("dovecot.conf")).stdin(Stdio::null());
        let errors = std::fs::File::create(self.at("errors")).expect("a file");
        let search = format!("{}:/usr/sbin", std::env::var("PATH").unwrap_or_default());
        self.process = Some(command.env("PATH", search).stderr(errors).spawn().expect("Dovecot is installed (Debian: apt-get install dovecot-imapd)"));
        let address = (self.host, self.implicit);
        self.until("Dovecot listens", async || tokio::net::TcpStream::connect(address).await.is_ok()).await;
    }

    /// Ends it; who is connected loses the connection.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = Command::new("kill").args(["-TERM", &process.id().to_string()]).status();
            let _ = process.wait();
        }
    }

    /// Lets it forget its numbers: the same mails under another UIDVALIDITY. It must not run.
    pub fn forget(&self) {
        for entry in std::fs::read_dir(self.at("mail")).expect("the mailbox").flatten() {
            if entry.file_name().to_string_lossy().starts_with("dovecot") {
                std::fs::remove_file(entry.path()).expect("a file of its own");
            }
        }
    }

    /// The way in, as a profile has it.
    pub fn way(&self) -> Imap {
        Imap {
            host: self.host.to_string(),
            port: self.implicit,
            tls: Tls::Implicit,
            user: USER.into(),
            password_file: self.at("secret"),
            folder: "INBOX".into(),
            moved_to: None,
            authority: Some(self.at("cert.pem")),
            poll_seconds: 60,
        }
    }

    /// Puts a mail into the mailbox, as a delivery does.
    pub fn deliver(&mut self, raw: &[u8]) {
        self.put(raw, "new", "");
    }

    /// Puts a mail there that somebody has seen.
    pub fn deliver_seen(&mut self, raw: &[u8]) {
        self.put(raw, "cur", ":2,S");
    }

    fn put(&mut self, raw: &[u8], part: &str, marks: &str) {
        self.mails += 1;
        let name = format!("{}.M{}P1.mx", 1_700_000_000 + self.mails, self.mails);
        std::fs::write(self.at("mail/tmp").join(&name), raw).expect("a mail");
        std::fs::rename(self.at("mail/tmp").join(&name), self.at("mail").join(part).join(format!("{name}{marks}"))).expect("a delivery");
    }

    /// How many mails lie in the mailbox, and how many of them are marked as seen.
    pub fn lies(&self) -> (usize, usize) {
        lies(&self.at("mail"))
    }

    /// The same for the folder beside it, if there is one.
    pub fn lies_beside(&self) -> Option<(usize, usize)> {
        let mut entries = std::fs::read_dir(self.at("mail")).expect("the mailbox").flatten();
        entries.find(|entry| entry.file_name().to_string_lossy().starts_with('.')).map(|entry| lies(&entry.path()))
    }

    /// How often its log says this.
    pub fn said(&self, what: &str) -> usize {
        std::fs::read_to_string(self.at("log")).unwrap_or_default().matches(what).count()
    }

    /// Waits for what happens outside of this process.
    pub async fn until(&self, what: &str, so: impl AsyncFn() -> bool) {
        for _ in 0..1200 {
            if so().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let read = |file: &str| std::fs::read_to_string(self.at(file)).unwrap_or_default();
        panic!("{what}: not within a minute\n{}\n{}", read("errors"), read("log"));
    }

    /// A file of its own.
    pub fn at(&self, part: &str) -> PathBuf {
        self.folder.path().join(part)
    }
}

fn lies(folder: &Path) -> (usize, usize) {
    let names = |part: &str| std::fs::read_dir(folder.join(part)).into_iter().flatten().flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let all: Vec<String> = names("new").chain(names("cur")).collect();
    let seen = all.iter().filter(|name| name.split_once(":2,").is_some_and(|(_, marks)| marks.contains('S'))).count();
    (all.len(), seen)
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
    }
}
