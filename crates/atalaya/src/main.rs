//! The program `atalaya`: reads the command line and calls a command.

use std::process::ExitCode;

fn main() -> ExitCode {
    atalaya::commands::run()
}
