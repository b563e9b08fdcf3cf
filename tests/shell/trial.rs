//! The one helper: a home of its own, a ledger in it, and the program to run there.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// What a command said.
pub struct Said {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Said {
    /// The output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{} {}", self.out, self.err))
    }
}

/// A home without a ledger.
pub struct Trial {
    home: TempDir,
}

impl Trial {
    /// A new home.
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// A new home with a ledger.
    pub fn with_ledger() -> Self {
        let trial = Self::new();
        let said = trial.run(&["init", "--town", "试点镇", "--population", "50000", "--trial"]);
        assert_eq!((said.code, said.out.as_str()), (0, ""), "{}", said.err);
        trial
    }

    /// The home's folder.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The ledger's folder.
    pub fn ledger(&self) -> PathBuf {
        self.home().join("ledger")
    }

    /// The command with its arguments, to be changed further.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anjie"));
        command.args(args).env_clear().current_dir(self.home());
        command.env("HOME", self.home()).env("ANJIE_DATA", self.ledger()).env("LANG", "C.UTF-8");
        command.stdin(Stdio::null());
        command
    }

    /// Runs a command.
    pub fn run(&self, args: &[&str]) -> Said {
        said(&mut self.command(args))
    }
}

/// Runs a command to its end.
pub fn said(command: &mut Command) -> Said {
    let output = command.output().unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
