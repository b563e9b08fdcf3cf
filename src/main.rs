//! The program: hands over to the command line and leaves with its exit code.

use std::process::ExitCode;

use anjie::exchange::child;

fn main() -> ExitCode {
    child::run_if_asked(std::env::args_os().skip(1)).unwrap_or(ExitCode::SUCCESS)
}
