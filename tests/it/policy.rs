//! The whole table of permissions, written out to be read.

use std::fmt::Write;

use anjie::domain::act::Act;
use anjie::domain::choice::Role;
use anjie::domain::policy::{Link, Verdict, cell};

/// One line an act, one column a role, one letter a tie: `+` may, `-` may not, `.` may not know.
fn matrix() -> String {
    let mut text = String::from("ties: whole other village lead handler\n");
    for act in Act::ALL {
        let _ = write!(text, "{:<18}", act.word());
        for role in Role::ALL {
            let letters: String = Link::ALL
                .iter()
                .map(|link| match cell(*role, *act, *link) {
                    Verdict::Allow => '+',
                    Verdict::Deny => '-',
                    Verdict::Hidden => '.',
                })
                .collect();
            let _ = write!(text, " {}:{letters}", role.word());
        }
        text.push('\n');
    }
    text
}

#[test]
fn the_table_of_permissions_is_the_one_that_was_agreed() {
    let path = format!("{}/tests/data/permissions.txt", env!("CARGO_MANIFEST_DIR"));
    let now = matrix();
    // With `PERMISSIONS=write` the table is written instead, to be read before it is agreed to.
    if std::env::var_os("PERMISSIONS").is_some_and(|word| word == "write") {
        std::fs::write(&path, &now).unwrap();
    }
    let agreed = std::fs::read_to_string(&path).unwrap();
    for (agreed, now) in agreed.lines().zip(now.lines()) {
        assert_eq!(agreed, now);
    }
    assert_eq!(agreed.lines().count(), now.lines().count());
}

#[test]
fn a_village_clerk_knows_of_nothing_outside_the_village() {
    for act in Act::ALL {
        for link in [Link::Other, Link::Lead, Link::Handler] {
            assert_eq!(cell(Role::Village, *act, link), Verdict::Hidden, "{}", act.word());
        }
    }
}

#[test]
fn a_viewer_and_an_auditor_change_nothing() {
    for act in Act::ALL.iter().filter(|act| act.nature() == anjie::domain::act::Nature::Change) {
        for link in Link::ALL {
            assert_ne!(cell(Role::Viewer, *act, link), Verdict::Allow, "{}", act.word());
            assert_ne!(cell(Role::Auditor, *act, link), Verdict::Allow, "{}", act.word());
        }
    }
}
