//! gpg with a key ring of its own.

use std::io::Write as _;
use std::process::{Command, Stdio};

/// gpg with a key ring of its own, whose clock stands at the tests' now.
pub struct Gpg(pub tempfile::TempDir);

impl Gpg {
    pub fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub fn run(&self, arguments: &[&str], input: &[u8]) -> (bool, Vec<u8>, String) {
        let mut child = Command::new("gpg")
            .arg("--homedir")
            .arg(self.0.path())
            .args([
                "--batch",
                "--yes",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                "correct horse",
                "--faked-system-time",
                // It stands still, or a key would begin after its first use.
                "20261122T100000!",
                "--trust-model",
                "always",
            ])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        let writer = std::thread::spawn(move || {
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        (output.status.success(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
    }

    pub fn must(&self, arguments: &[&str], input: &[u8]) -> Vec<u8> {
        let (good, out, said) = self.run(arguments, input);
        assert!(good, "gpg {arguments:?}: {said}");
        out
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf").arg("--homedir").arg(self.0.path()).args(["--kill", "all"]).status();
    }
}
