//! What `doctor` says of the machine around the ledger: the exchange folder, sshd and systemd.
//!
//! What is not there is not spoken of. sshd is asked for what it would do with an account, which only
//! root may; the units are read as they lie.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::doctor::Looking;
use crate::cli::export;
use crate::link::open;

/// Where sshd lies.
const SSHD: &str = "/usr/sbin/sshd";
/// The group of the accounts that can do nothing but run the ledger.
const RESTRICTED: &str = "anjie-only";
/// Bits that let others write.
const OTHERS_WRITE: u32 = 0o022;
/// The user id of root.
const ROOT: u32 = 0;
/// There while systemd runs the machine.
const SYSTEMD: &str = "/run/systemd/system";
/// Where units lie, what an office has put there itself first.
const UNITS: [&str; 3] = ["/etc/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"];
/// What sshd must do with a restricted account, as `sshd -T` says it.
const SSHD_WANTED: [&str; 4] =
    ["disableforwarding yes", "permittunnel no", "permituserrc no", "permituserenvironment no"];

impl Looking {
    /// The machine around the ledger.
    pub(super) fn machine(&mut self) {
        self.exchange();
        if Path::new(SSHD).is_file() {
            self.sshd();
        }
        if Path::new(SYSTEMD).is_dir() {
            self.units();
        }
    }

    /// Whose the exchange folder is, and whether others can put something there.
    fn exchange(&mut self) {
        let folder = export::exchange_folder();
        if folder == Path::new(".") {
            let found = self.fill("doctor.exchange.none", &[]);
            return self.good("exchange", found);
        }
        let name = [("folder", folder.display().to_string())];
        let own = open::whoami().uid;
        // A link to a network drive or an sftp folder is what it leads to.
        let wrong = match fs::metadata(&folder) {
            Err(_) => Some("missing"),
            Ok(found) if !found.is_dir() => Some("missing"),
            Ok(found) if found.uid() != own => Some("owner"),
            Ok(found) if found.mode() & OTHERS_WRITE != 0 => Some("mode"),
            Ok(_) => None,
        };
        match wrong {
            None => {
                let found = self.fill("doctor.exchange.found", &name);
                self.good("exchange", found);
            }
            Some(wrong) => {
                let found = self.fill(&format!("doctor.exchange.{wrong}"), &name);
                let mend = self.fill(&format!("doctor.exchange.{wrong}.mend"), &name);
                self.bad("exchange", (found, mend));
            }
        }
    }

    /// Whether accounts that are to do nothing else can do nothing else.
    fn sshd(&mut self) {
        let members = fs::read_to_string("/etc/group").unwrap_or_default();
        let Some(login) = member_of(&members, RESTRICTED) else {
            let found = self.fill("doctor.sshd.nobody", &[("group", RESTRICTED.to_owned())]);
            return self.good("sshd", found);
        };
        if open::whoami().uid != ROOT {
            let found = self.fill("doctor.sshd.not_root", &[]);
            return self.good("sshd", found);
        }
        let login_args = [("login", login.clone())];
        let Some(told) = sshd_for(&login) else {
            let found = self.fill("doctor.sshd.silent", &login_args);
            let mend = self.fill("doctor.sshd.silent.mend", &[]);
            return self.bad("sshd", (found, mend));
        };
        let lacking = sshd_flaws(&told);
        if lacking.is_empty() {
            let found = self.fill("doctor.sshd.found", &login_args);
            return self.good("sshd", found);
        }
        let found = self.fill("doctor.sshd.open", &login_args);
        let args = [("lines", lacking.join("; ")), ("group", RESTRICTED.to_owned())];
        let mend = self.fill("doctor.sshd.mend", &args);
        self.bad("sshd", (found, mend));
    }

    /// Whether the units of the service are there and say what matters.
    fn units(&mut self) {
        let unit = |name: &str| {
            UNITS.iter().find_map(|at| fs::read_to_string(format!("{at}/{name}")).ok())
        };
        let (service, socket) = (unit("anjie.service"), unit("anjie.socket"));
        let (Some(service), Some(socket)) = (&service, &socket) else {
            // Who keeps a ledger alone needs neither; one of both is half an installation.
            if service.is_none() && socket.is_none() {
                let found = self.fill("doctor.units.none", &[]);
                return self.good("units", found);
            }
            let missing = if service.is_none() { "anjie.service" } else { "anjie.socket" };
            let found = self.fill("doctor.units.half", &[("unit", missing.to_owned())]);
            let mend = self.fill("doctor.units.half.mend", &[("unit", missing.to_owned())]);
            return self.bad("units", (found, mend));
        };
        let flaws = unit_flaws(service, socket);
        if flaws.is_empty() {
            let found = self.fill("doctor.units.found", &[]);
            return self.good("units", found);
        }
        let found = self.fill("doctor.units.other", &[]);
        let mend = self.fill("doctor.units.mend", &[("lines", flaws.join("; "))]);
        self.bad("units", (found, mend));
    }
}

/// The first member of a group, from the text of the groups.
fn member_of(groups: &str, name: &str) -> Option<String> {
    let line = groups.lines().find(|line| line.split(':').next() == Some(name))?;
    let members = line.split(':').nth(3)?;
    members.split(',').map(str::trim).find(|member| !member.is_empty()).map(str::to_owned)
}

/// What sshd would do with a login that comes from this machine.
fn sshd_for(login: &str) -> Option<String> {
    let told = Command::new(SSHD)
        .args(["-T", "-C", &format!("user={login},host=localhost,addr=127.0.0.1")])
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .ok()?;
    told.status.success().then(|| String::from_utf8_lossy(&told.stdout).into_owned())
}

/// The lines that sshd lacks for an account that is to do nothing but run the ledger.
fn sshd_flaws(told: &str) -> Vec<String> {
    let has = |wanted: &str| told.lines().any(|line| line.eq_ignore_ascii_case(wanted));
    let is_forced =
        told.lines().filter_map(|line| line.strip_prefix("forcecommand ")).any(|line| {
            let program = line.split_whitespace().next().unwrap_or_default();
            Path::new(program).is_absolute() && program.ends_with("/anjie")
        });
    let forced = (!is_forced).then(|| "ForceCommand /usr/bin/anjie".to_owned());
    let lacking = SSHD_WANTED.iter().filter(|wanted| !has(wanted)).map(|line| (*line).to_owned());
    forced.into_iter().chain(lacking).collect()
}

/// The lines that matter and that the units lack or have wrongly.
fn unit_flaws(service: &str, socket: &str) -> Vec<String> {
    let has = |unit: &str, wanted: &str| unit.lines().any(|line| line.trim() == wanted);
    let value = |unit: &str, name: &str| {
        let of = |line: &str| line.trim().strip_prefix(name)?.strip_prefix('=').map(str::to_owned);
        unit.lines().find_map(of)
    };
    let mut flaws = Vec::new();
    for wanted in ["Type=notify", "StandardInput=socket", "User=anjie", "UMask=0077"] {
        if !has(service, wanted) {
            flaws.push(wanted.to_owned());
        }
    }
    let program = value(service, "ExecStart").unwrap_or_default();
    if program.split_whitespace().nth(1) != Some("serve") {
        flaws.push("ExecStart=/usr/bin/anjie serve --data /var/lib/anjie".to_owned());
    }
    // In a user namespace of the service's own every clerk comes as the same nobody.
    if value(service, "PrivateUsers")
        .is_some_and(|told| !["no", "false", "0"].contains(&told.as_str()))
    {
        flaws.push("PrivateUsers=no".to_owned());
    }
    let listens = format!("ListenStream={}", open::SYSTEM_SOCKET);
    for wanted in [listens.as_str(), "SocketMode=0660"] {
        if !has(socket, wanted) {
            flaws.push(wanted.to_owned());
        }
    }
    if value(socket, "SocketGroup").is_none_or(|group| group.is_empty()) {
        flaws.push("SocketGroup=anjie-clerks".to_owned());
    }
    flaws
}

#[cfg(test)]
mod tests {
    use super::{member_of, sshd_flaws, unit_flaws};

    const SERVICE: &str = include_str!("../../../data/systemd/anjie.service");
    const SOCKET: &str = include_str!("../../../data/systemd/anjie.socket");
    const SSHD: &str = "permituserrc no\npermittunnel no\npermituserenvironment no\n\
        disableforwarding yes\nforcecommand /usr/bin/anjie\nport 22\n";

    #[test]
    fn the_units_that_are_shipped_lack_nothing() {
        assert_eq!(unit_flaws(SERVICE, SOCKET), Vec::<String>::new());
    }

    #[test]
    fn units_that_let_nobody_or_everybody_in_are_named() {
        let service = SERVICE.replace("User=anjie", "User=root\nPrivateUsers=yes");
        let socket = SOCKET.replace("SocketMode=0660", "SocketMode=0666");
        let flaws = unit_flaws(&service, &socket);
        assert_eq!(flaws, ["User=anjie", "PrivateUsers=no", "SocketMode=0660"]);
    }

    #[test]
    fn an_account_that_may_do_more_is_named_with_the_lines_that_lack() {
        assert_eq!(sshd_flaws(SSHD), Vec::<String>::new());
        let open = SSHD
            .replace("/usr/bin/anjie", "none")
            .replace("disableforwarding yes", "disableforwarding no");
        assert_eq!(sshd_flaws(&open), ["ForceCommand /usr/bin/anjie", "disableforwarding yes"]);
        assert_eq!(sshd_flaws("forcecommand anjie\n").len(), 5, "a program by name alone is any");
    }

    #[test]
    fn the_first_member_of_a_group_is_asked_about() {
        let groups = "root:x:0:\nanjie-only:x:1001:zhaomin,sunli\nanjie-clerks:x:1002:\n";
        assert_eq!(member_of(groups, "anjie-only").as_deref(), Some("zhaomin"));
        assert_eq!(member_of(groups, "anjie-clerks"), None);
        assert_eq!(member_of(groups, "anjie"), None);
    }
}
