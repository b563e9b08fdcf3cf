//! A server under a service manager: handed its socket, and telling how it is.

use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixDatagram, UnixListener};
use std::process::Command;
use std::time::Duration;

use crate::trial::Trial;

/// No machine is slower than this.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the server says next.
fn heard(manager: &UnixDatagram) -> String {
    let mut said = [0; 256];
    let n = manager.recv(&mut said).unwrap();
    String::from_utf8_lossy(&said[..n]).trim().to_owned()
}

#[test]
fn the_service_manager_hears_that_the_server_is_ready_lives_and_leaves() {
    let trial = Trial::with_ledger();
    let manager = UnixDatagram::bind(trial.home().join("manager.sock")).unwrap();
    manager.set_read_timeout(Some(PATIENCE)).unwrap();
    let socket = trial.home().join("clerks.sock");
    let listener = UnixListener::bind(&socket).unwrap();
    let mut command = trial.command(&["serve"]);
    command.stdin(OwnedFd::from(listener));
    command.env("NOTIFY_SOCKET", trial.home().join("manager.sock"));
    command.env("WATCHDOG_USEC", "200000");
    let mut server = command.spawn().unwrap();
    assert_eq!(heard(&manager), "READY=1");
    assert_eq!(heard(&manager), "WATCHDOG=1");
    assert_eq!(heard(&manager), "WATCHDOG=1");
    let said = trial.run(&["status", "--json", "--socket", socket.to_str().unwrap()]);
    assert_eq!(said.code, 0, "{}", said.err);
    let ended = Command::new("kill").arg(server.id().to_string()).status().unwrap();
    assert!(ended.success());
    while heard(&manager) != "STOPPING=1" {}
    assert!(server.wait().unwrap().success());
}
