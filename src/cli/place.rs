//! Where the ledger is: flags, environment, defaults.

use std::env;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::ArgMatches;

use crate::link::open;

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
    /// The place that flags and environment name.
    pub fn of(matches: &ArgMatches) -> Self {
        let named = matches.get_one::<String>("data").map(PathBuf::from);
        Self {
            named: named.is_some(),
            data: named.unwrap_or_else(|| data_home().join("anjie")),
            socket: matches.get_one::<String>("socket").map(PathBuf::from),
            today: matches.get_one::<String>("today").and_then(|day| day.parse().ok()),
        }
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
        let is_machines = !self.named && Path::new(open::SYSTEM_SOCKET).exists();
        let link = self.link();
        self.socket.is_some() || is_machines || link.has_ledger() || link.is_served()
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
