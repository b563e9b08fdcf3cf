//! How a server begins and ends, by itself, in order, or killed.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anjie::api::door::Door;
use anjie::api::refusal::{Refusal, RefusalKind};
use anjie::api::reply::Reply;
use anjie::api::request::{CaseQuery, Request};

use crate::desk::{Ledger, Server, register, server, status, until};

const N_KILLS: u128 = 20;

fn n_cases(door: &mut dyn Door) -> u64 {
    match door.call(Request::Cases(CaseQuery { most: 200, ..Default::default() })).unwrap() {
        Reply::Cases(page) => u64::try_from(page.rows.len()).unwrap(),
        other => panic!("{other:?} is no list"),
    }
}

fn mode(path: &Path) -> u32 {
    path.symlink_metadata().unwrap().permissions().mode() & 0o777
}

/// Kills the server at another moment of an order each time: before it is read, while it is being
/// written, after it is on disk, after it was answered.
fn kill_after(ledger: &Ledger, moment: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < moment {
        thread::yield_now();
    }
    ledger.kill_server();
}

#[test]
fn an_order_whose_answer_was_lost_is_done_once() {
    let ledger = Ledger::new();
    let mut door = ledger.live();
    let (mut n_lost, mut n_done_unheard) = (0, 0);
    for id in 1..=N_KILLS {
        let order = register(id, "张三", "村道损坏");
        let moment = Duration::from_micros(u64::try_from(id).unwrap() * 300);
        let mut answer = thread::scope(|scope| {
            scope.spawn(|| kill_after(&ledger, moment));
            door.call(order.clone())
        });
        if let Err(refusal) = &answer {
            assert!(
                matches!(refusal.kind, RefusalKind::Unknown | RefusalKind::Closed),
                "{refusal:?}"
            );
            n_lost += 1;
            n_done_unheard += u128::from(n_cases(door.as_mut()) == u64::try_from(id).unwrap());
            answer = door.call(order.clone());
        }
        assert!(matches!(answer, Ok(Reply::Done(_))), "{answer:?}");
        // Whatever was heard, asking again does nothing more.
        assert_eq!(call_again(door.as_mut(), order), answer);
        assert_eq!(u128::from(n_cases(door.as_mut())), id);
    }
    println!("{n_lost} of {N_KILLS} answers were lost, {n_done_unheard} of them done all the same");
    let Reply::Check(view) = door.call(Request::Check).unwrap() else { panic!("no check") };
    assert!(view.good, "{view:?}");
}

/// Calls until there is an answer: the server may have been killed just after the last one.
fn call_again(door: &mut dyn Door, order: Request) -> Result<Reply, Refusal> {
    match door.call(order.clone()) {
        Err(refusal) if refusal.kind == RefusalKind::Unknown => door.call(order),
        answer => answer,
    }
}

#[test]
fn after_a_loss_a_query_says_so_and_the_next_call_is_answered() {
    let ledger = Ledger::new();
    let mut door = ledger.live();
    let news = door.notices();
    door.call(Request::Greet).unwrap();
    ledger.kill_server();
    assert!(news.recv().is_err(), "the end of the news tells of the loss");
    door.call(Request::Greet).unwrap();
    let news = door.notices();
    door.call(register(1, "张三", "村道损坏")).unwrap();
    assert!(!news.recv().unwrap().touched.is_empty());
}

#[test]
fn terminals_that_are_opened_at_once_share_one_server() {
    let ledger = Ledger::new();
    let doors: Vec<Result<Box<dyn Door>, Refusal>> = thread::scope(|scope| {
        let opening: Vec<_> = (0..5).map(|_| scope.spawn(|| ledger.try_live())).collect();
        opening.into_iter().map(|door| door.join().unwrap()).collect()
    });
    let mut doors: Vec<_> = doors.into_iter().map(Result::unwrap).collect();
    for door in &mut doors {
        assert_eq!(status(door.as_mut()).connections, Some(5));
    }
}

#[test]
fn a_server_without_clients_leaves() {
    let ledger = Ledger::new();
    let mut server = ledger.serve_until_idle(1);
    assert_eq!(server.exit_code(), 0);
    assert!(!ledger.socket().exists());
    ledger.brief().call(Request::Greet).unwrap();
}

#[test]
fn a_server_with_a_client_stays() {
    let ledger = Ledger::new();
    let mut server = ledger.serve_until_idle(1);
    let mut door = ledger.live();
    let alike = ledger.copy();
    let mut other = alike.serve_until_idle(1);
    // The other one has waited just as long, and left.
    assert_eq!(other.exit_code(), 0);
    assert!(server.is_running());
    door.call(Request::Greet).unwrap();
    drop(door);
    assert_eq!(server.exit_code(), 0);
}

#[test]
fn a_second_server_is_refused_politely() {
    let ledger = Ledger::new();
    let mut first = ledger.serve();
    let refusal = Server::start(&mut server(&ledger.data(), None)).unwrap_err();
    assert_eq!((refusal.kind, &*refusal.key), (RefusalKind::Closed, "refusal.already_open"));
    assert!(first.is_running());
    ledger.live().call(Request::Greet).unwrap();
}

#[test]
fn a_server_that_is_told_to_end_finishes_and_leaves_the_ledger_whole() {
    let ledger = Ledger::new();
    let server = ledger.serve();
    let mut door = ledger.live();
    door.call(register(1, "张三", "村道损坏")).unwrap();
    assert_eq!(server.terminate(), 0);
    assert!(!ledger.socket().exists());
    let mut alone = ledger.brief();
    assert_eq!(n_cases(alone.as_mut()), 1);
}

#[test]
fn a_socket_is_closed_to_others_whatever_the_umask() {
    let ledger = Ledger::new();
    let served = server(&ledger.data(), None);
    let mut command = Command::new("sh");
    command.args(["-c", "umask 000; exec \"$0\" \"$@\""]);
    command.arg(served.get_program()).args(served.get_args());
    command.envs(served.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let _server = Server::start(&mut command).unwrap();
    let socket = ledger.socket();
    assert_eq!(mode(&socket), 0o600);
    assert_eq!(mode(socket.parent().unwrap()), 0o700);
    assert_eq!(mode(&socket.with_extension("sock.lock")), 0o600);
}

#[test]
fn the_group_of_a_folder_comes_in_only_where_somebody_said_so() {
    for (folder_mode, socket_mode) in [(0o755, 0o600), (0o2750, 0o660), (0o700, 0o600)] {
        let ledger = Ledger::new();
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(folder_mode)).unwrap();
        let socket = folder.path().join("clerks.sock");
        let _server = ledger.serve_at(&socket).unwrap();
        assert_eq!(mode(&socket), socket_mode, "{folder_mode:o}");
    }
}

#[test]
fn a_socket_is_not_put_where_others_may_put_one() {
    let ledger = Ledger::new();
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o777)).unwrap();
    let refusal = ledger.serve_at(&folder.path().join("clerks.sock")).unwrap_err();
    assert_eq!(refusal.key, "refusal.wrong_mode");
}

#[test]
fn why_a_server_does_not_start_is_told() {
    let ledger = Ledger::none();
    assert_eq!(ledger.try_live().err().unwrap().key, "refusal.no_ledger");
    std::fs::create_dir(ledger.data()).unwrap();
    std::fs::set_permissions(ledger.data(), PermissionsExt::from_mode(0o700)).unwrap();
    assert_eq!(ledger.try_live().err().unwrap().key, "refusal.no_ledger");
    let damaged = Ledger::new();
    std::fs::write(damaged.data().join("office.redb"), "no ledger at all").unwrap();
    assert_eq!(damaged.try_live().err().unwrap().key, "refusal.not_a_ledger");
}

#[test]
fn a_named_socket_at_which_nobody_listens_is_not_passed_over() {
    let ledger = Ledger::new();
    let mut place = ledger.place();
    place.socket = Some(ledger.data().join("nobody.sock"));
    let refusal = anjie::link::open::brief_door(&place).err().unwrap();
    assert_eq!((refusal.kind, &*refusal.key), (RefusalKind::Closed, "refusal.closed"));
}

#[test]
fn a_one_shot_command_waits_for_another_and_leaves_the_ledger_free() {
    let ledger = Ledger::new();
    let mut first = ledger.brief();
    first.call(register(1, "张三", "村道损坏")).unwrap();
    thread::scope(|scope| {
        let second = scope.spawn(|| n_cases(ledger.brief().as_mut()));
        drop(first);
        assert_eq!(second.join().unwrap(), 1);
    });
    let mut served = ledger.live();
    assert_eq!(n_cases(served.as_mut()), 1);
}

#[test]
fn a_path_longer_than_a_sockets_address_is_served_too() {
    let ledger = Ledger::new();
    let folder = ledger.data().join("very-long-name-of-a-folder".repeat(5));
    let place = anjie::link::open::Place { socket: Some(folder.join("a.sock")), ..ledger.place() };
    let socket = place.socket.clone().unwrap();
    let _server = ledger.serve_at(&socket).unwrap();
    let mut door = anjie::link::open::live_door(&place).unwrap();
    until("it is served", || status(door.as_mut()).connections == Some(1));
}

#[test]
fn the_program_serves_itself() {
    let ledger = Ledger::new();
    let program = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anjie"));
        command.env_remove("ANJIE_SOCKET").env_remove("ANJIE_TODAY");
        command.arg("--data").arg(ledger.data());
        command
    };
    let mut serving = program();
    serving.args(["serve", "--background", "--idle-exit", "600"]);
    let server = Server::start(&mut serving).unwrap();
    let status = program().args(["status", "--json"]).output().unwrap();
    assert!(status.status.success());
    let view: serde_json::Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(view["connections"], 1);
    assert_eq!(program().arg("serve").output().unwrap().status.code(), Some(69));
    assert_eq!(server.terminate(), 0);
}
