//! Where the ledger is: flags, environment, defaults.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use chrono::NaiveDate;
use clap::ArgMatches;

use crate::link::open;

/// The options of a start without a command, with the variables that stand for them.
const OPTIONS: [(&str, &str); 4] = [
    ("data", "ANJIE_DATA"),
    ("socket", "ANJIE_SOCKET"),
    ("today", "ANJIE_TODAY"),
    ("lang", "ANJIE_LANG"),
];

/// The folder of the demo, beside that of the ledger.
const DEMO: &str = "anjie-demo";

/// Where the ledger is and how it is to be reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The ledger's folder.
    pub data: PathBuf,
    /// Whether the folder was named, so that no other ledger may answer in its place.
    pub named: bool,
    /// The socket that was named.
    pub socket: Option<PathBuf>,
    /// The day to which a trial ledger is to be moved first.
    pub today: Option<NaiveDate>,
}

impl Place {
    /// The place of a start without a command, as flags and environment name it; none if anything
    /// else is said, or said wrongly: then the tree of commands judges it. The tree of a hundred
    /// commands takes longer to make than all else before the first picture.
    pub fn of_bare_start(
        args: &[OsString],
        env: impl Fn(&str) -> Option<OsString>,
    ) -> Option<Self> {
        let mut words = args.iter().skip(1).map(|arg| arg.to_str());
        let mut given: BTreeMap<&str, &str> = BTreeMap::new();
        while let Some(word) = words.next() {
            let flag = word?.strip_prefix("--")?;
            let (name, value) = match flag.split_once('=') {
                Some(pair) => pair,
                None => (flag, words.next()??),
            };
            let is_plain = OPTIONS.iter().any(|(own, _)| *own == name)
                && !value.is_empty()
                && !value.starts_with('-');
            if !is_plain || given.insert(name, value).is_some() {
                return None;
            }
        }
        let mut values = [const { None }; OPTIONS.len()];
        for ((name, variable), place) in OPTIONS.iter().zip(&mut values) {
            *place = match (given.get(name), env(variable)) {
                (Some(value), _) => Some((*value).to_owned()),
                (None, None) => None,
                (None, Some(value)) => {
                    Some(value.into_string().ok().filter(|value| !value.is_empty())?)
                }
            };
        }
        let [data, socket, today, _lang] = values;
        Some(Self::at(data, socket, today))
    }

    fn at(data: Option<String>, socket: Option<String>, today: Option<String>) -> Self {
        let named = data.map(PathBuf::from);
        Self {
            named: named.is_some(),
            data: named.unwrap_or_else(|| data_home().join("anjie")),
            socket: socket.map(PathBuf::from),
            today: today.and_then(|day| day.parse().ok()),
        }
    }

    /// The place that flags and environment name.
    pub fn of(matches: &ArgMatches) -> Self {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        Self::at(text("data"), text("socket"), text("today"))
    }

    /// The demo's place for somebody who has no ledger yet.
    pub fn beside_demo(&self) -> Self {
        Self { data: data_home().join(DEMO), named: true, ..self.clone() }
    }

    /// The place as the doors know it.
    pub fn link(&self) -> open::Place {
        open::Place { data: self.data.clone(), named: self.named, socket: self.socket.clone() }
    }

    /// Whether there is a ledger, or a server that answers for one. A socket that was named, or the
    /// machine's own, counts even while nobody answers there: no other ledger is offered then.
    pub fn is_there(&self) -> bool {
        let link = self.link();
        link.has_only_socket() || link.has_ledger() || link.is_served()
    }

    /// The demo's place: a folder of its own, unless one was named.
    pub fn demo(matches: &ArgMatches) -> Self {
        let place = Self::of(matches);
        let data = if place.named { place.data } else { data_home().join(DEMO) };
        Self { data, named: true, ..place }
    }
}

/// The folder for data of the user's programs (XDG Base Directory Specification).
fn data_home() -> PathBuf {
    let absolute =
        |name: &str| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    absolute("XDG_DATA_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".local").join("share")))
        .unwrap_or_else(|| PathBuf::from("."))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::Place;
    use crate::cli::args;
    use crate::locale::Lang;

    fn bare(words: &str) -> Option<Place> {
        let args: Vec<OsString> = words.split(' ').map(OsString::from).collect();
        Place::of_bare_start(&args, |_| None)
    }

    #[test]
    fn a_start_without_a_command_goes_where_the_tree_of_commands_says() {
        for words in [
            "anjie",
            "anjie --data /tmp/a",
            "anjie --data=/tmp/a --socket /tmp/s --lang en",
            "anjie --today 2026-10-21 --data=/tmp/a=b",
            "anjie --today never",
        ] {
            let matches = args::tree(Lang::En).try_get_matches_from(words.split(' ')).unwrap();
            assert_eq!(bare(words), Some(Place::of(&matches)), "{words}");
        }
    }

    #[test]
    fn whatever_else_is_said_is_judged_by_the_tree_of_commands() {
        for words in [
            "anjie due",
            "anjie --json",
            "anjie --help",
            "anjie -h",
            "anjie --data",
            "anjie --data=",
            "anjie --data --socket",
            "anjie --data /tmp/a --data /tmp/b",
            "anjie --data /tmp/a due",
            "anjie --nothing x",
            "anjie -- due",
            "anjie ",
        ] {
            assert_eq!(bare(words), None, "{words}");
        }
        let empty = |_: &str| Some(OsString::new());
        assert_eq!(Place::of_bare_start(&["anjie".into()], empty), None);
    }

    #[test]
    fn the_environment_names_what_the_flags_leave_out() {
        let args: Vec<OsString> = ["anjie", "--data", "/tmp/a"].map(OsString::from).to_vec();
        let env = |name: &str| Some(OsString::from(format!("/{name}")));
        let place = Place::of_bare_start(&args, env).unwrap();
        assert_eq!(place.data.to_str(), Some("/tmp/a"));
        assert_eq!(place.socket.unwrap().to_str(), Some("/ANJIE_SOCKET"));
    }
}
