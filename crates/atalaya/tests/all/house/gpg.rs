//! gpg with a key ring of its own, whose clock stands at the stories' morning.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// A person with gpg.
pub struct Gpg(tempfile::TempDir);

/// `MORNING` as gpg spells it, standing still: how long a key takes to make says nothing about when it begins.
const CLOCK: &str = "20261123T080000!";

impl Gpg {
    /// Without any key.
    pub fn empty() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    /// With a key of this user id, as `gpg --quick-generate-key` makes it.
    pub fn of(user_id: &str) -> Self {
        let gpg = Self::empty();
        gpg.make(user_id, "2y");
        gpg
    }

    /// One key more: Ed25519 to sign, Curve25519 to encrypt to.
    pub fn make(&self, user_id: &str, valid: &str) {
        self.must(&["--quick-generate-key", user_id, "ed25519", "cert,sign", valid], b"");
        let listed = String::from_utf8(self.must(&["--with-colons", "--list-keys", user_id], b"")).expect("a list");
        let print = listed.lines().find(|line| line.starts_with("fpr:")).and_then(|line| line.split(':').nth(9)).expect("a fingerprint").to_owned();
        self.must(&["--quick-add-key", &print, "cv25519", "encr", valid], b"");
    }

    /// The folder with its keys.
    pub fn home(&self) -> &Path {
        self.0.path()
    }

    /// Fingerprint of the first key of a user id.
    pub fn fingerprint(&self, user: &str) -> String {
        let listed = String::from_utf8(self.must(&["--with-colons", "--list-keys", user], b"")).expect("a list");
        listed.lines().find(|line| line.starts_with("fpr:")).and_then(|line| line.split(':').nth(9)).expect("a fingerprint").to_owned()
    }

    /// The public key, armored.
    pub fn export(&self, user: &str) -> Vec<u8> {
        self.must(&["--armor", "--export", user], b"")
    }

    /// Runs it: whether it went well, what it wrote, what it said.
    pub fn run(&self, arguments: &[&str], input: &[u8]) -> (bool, Vec<u8>, String) {
        let mut child = Command::new("gpg")
            .arg("--homedir")
            .arg(self.home())
            .args(["--batch", "--yes", "--pinentry-mode", "loopback", "--passphrase", "", "--faked-system-time", CLOCK, "--trust-model", "always"])
            .args(["--status-fd", "2"])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("gpg");
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = input.to_vec();
        let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
        let output = child.wait_with_output().expect("gpg ends");
        writer.join().expect("the writer ends");
        (output.status.success(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// The same, which must go well.
    pub fn must(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let (good, out, said) = self.run(arguments, input);
        assert!(good, "gpg {arguments:?}: {said}");
        out
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf").arg("--homedir").arg(self.home()).args(["--kill", "all"]).status();
    }
}
