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
/// Bits by which a program runs as somebody else than who starts it.
const SET_ID: u32 = 0o6000;
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
        self.program();
        self.exchange();
        if Path::new(SSHD).is_file() {
            self.sshd();
        }
        if Path::new(SYSTEMD).is_dir() {
            self.units();
        }
    }

    /// Whose the program is that runs, and whether it lends anybody an account.
    fn program(&mut self) {
        let Ok(program) = std::env::current_exe() else { return };
        let Ok(found) = fs::metadata(&program) else { return };
        let name = [("program", program.display().to_string())];
        self.told("program", &name, program_flaw((found.uid(), found.mode()), open::whoami().uid));
    }

    /// Says of a thing that it was found, or what is wrong with it and how that is mended.
    fn told(&mut self, what: &'static str, args: &[(&str, String)], wrong: Option<&str>) {
        let Some(wrong) = wrong else {
            let found = self.fill(&format!("doctor.{what}.found"), args);
            return self.good(what, found);
        };
        let found = self.fill(&format!("doctor.{what}.{wrong}"), args);
        let mend = self.fill(&format!("doctor.{what}.{wrong}.mend"), args);
        self.bad(what, (found, mend));
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
        self.told("exchange", &name, wrong);
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
        let mut lacking = sshd_flaws(&told);
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        lacking.extend(shell_flaw(&accounts, &login));
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
            let own = UNITS.iter().find_map(|at| fs::read_to_string(format!("{at}/{name}")).ok());
            own.map(|own| own + "\n" + &drop_ins(name))
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

/// What is wrong with a program of that owner and mode, for an account of that number.
fn program_flaw((owner, mode): (u32, u32), own: u32) -> Option<&'static str> {
    if mode & SET_ID != 0 {
        Some("set_id")
    } else if owner != ROOT && owner != own {
        Some("owner")
    } else {
        (mode & OTHERS_WRITE != 0).then_some("mode")
    }
}

/// What an office adds to a unit: the texts of its drop-ins, in the order in which they count.
fn drop_ins(name: &str) -> String {
    let mut found: Vec<(String, String)> = Vec::new();
    // What lies in an earlier folder stands in place of a file of its name in a later one.
    for at in UNITS.iter().rev() {
        for entry in fs::read_dir(format!("{at}/{name}.d")).into_iter().flatten().flatten() {
            let file = entry.file_name().to_string_lossy().into_owned();
            if !file.ends_with(".conf") {
                continue;
            }
            let Ok(text) = fs::read_to_string(entry.path()) else { continue };
            found.retain(|(other, _)| *other != file);
            found.push((file, text));
        }
    }
    found.sort();
    found.into_iter().map(|(_, text)| text + "\n").collect()
}

/// What is to be done where the login shell of an account is another program than this.
fn shell_flaw(accounts: &str, login: &str) -> Option<String> {
    let line = accounts.lines().find(|line| line.split(':').next() == Some(login))?;
    let shell = line.split(':').nth(6).unwrap_or_default();
    (!shell.ends_with("/anjie")).then(|| format!("usermod -s /usr/bin/anjie {login}"))
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
    let value = |name: &str| {
        let mut lines = told.lines().map(str::to_ascii_lowercase);
        lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned))
    };
    // A key that lies in the home is the account's own to change, and with it what may be run.
    let is_apart = value("authorizedkeysfile").is_some_and(|files| {
        files.split_whitespace().all(|file| file.starts_with('/') && !file.contains("%h"))
    });
    let keys = (!is_apart).then(|| "AuthorizedKeysFile /etc/ssh/anjie-keys/%u".to_owned());
    // Without it a terminal that was pulled out keeps its place for hours.
    let is_asked = value("clientaliveinterval").is_some_and(|seconds| seconds != "0");
    let alive = (!is_asked).then(|| "ClientAliveInterval 15".to_owned());
    let lacking = SSHD_WANTED.iter().filter(|wanted| !has(wanted)).map(|line| (*line).to_owned());
    forced.into_iter().chain(lacking).chain(keys).chain(alive).collect()
}

/// The lines that matter and that the units lack or have wrongly.
fn unit_flaws(service: &str, socket: &str) -> Vec<String> {
    let has = |unit: &str, wanted: &str| unit.lines().any(|line| line.trim() == wanted);
    let value = |unit: &str, name: &str| {
        let of = |line: &str| line.trim().strip_prefix(name)?.strip_prefix('=').map(str::to_owned);
        // The last line counts: a drop-in says otherwise than the unit.
        unit.lines().rev().find_map(of)
    };
    let says = |unit: &str, wanted: &str| {
        wanted
            .split_once('=')
            .is_some_and(|(name, told)| value(unit, name).as_deref() == Some(told))
    };
    let mut flaws = Vec::new();
    for wanted in ["Type=notify", "StandardInput=socket", "User=anjie", "UMask=0077"] {
        if !says(service, wanted) {
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
    if !has(socket, &listens) {
        flaws.push(listens);
    }
    if !says(socket, "SocketMode=0660") {
        flaws.push("SocketMode=0660".to_owned());
    }
    if value(socket, "SocketGroup").is_none_or(|group| group.is_empty()) {
        flaws.push("SocketGroup=anjie-clerks".to_owned());
    }
    flaws
}

#[cfg(test)]
mod tests {
    use super::{member_of, program_flaw, shell_flaw, sshd_flaws, unit_flaws};

    const SERVICE: &str = include_str!("../../../data/systemd/anjie.service");
    const SOCKET: &str = include_str!("../../../data/systemd/anjie.socket");
    const SSHD: &str = "permituserrc no\npermittunnel no\npermituserenvironment no\n\
        disableforwarding yes\nforcecommand /usr/bin/anjie\nport 22\nclientaliveinterval 15\n\
        authorizedkeysfile /etc/ssh/anjie-keys/%u\n";

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
        assert_eq!(sshd_flaws("forcecommand anjie\n").len(), 7, "a program by name alone is any");
    }

    #[test]
    fn keys_in_the_home_and_a_line_that_is_never_asked_are_named() {
        let home = SSHD
            .replace("/etc/ssh/anjie-keys/%u", ".ssh/authorized_keys")
            .replace("clientaliveinterval 15", "clientaliveinterval 0");
        let wanted = ["AuthorizedKeysFile /etc/ssh/anjie-keys/%u", "ClientAliveInterval 15"];
        assert_eq!(sshd_flaws(&home), wanted);
        let home = SSHD.replace("/etc/ssh/anjie-keys/%u", "%h/keys");
        assert_eq!(sshd_flaws(&home), ["AuthorizedKeysFile /etc/ssh/anjie-keys/%u"]);
    }

    #[test]
    fn a_drop_in_counts_more_than_the_unit() {
        let service = SERVICE.to_owned() + "\n[Service]\nUser=root\n";
        assert_eq!(unit_flaws(&service, SOCKET), ["User=anjie"]);
    }

    #[test]
    fn a_program_that_lends_an_account_or_is_anybodys_is_named() {
        assert_eq!(program_flaw((0, 0o100_755), 1000), None);
        assert_eq!(program_flaw((1000, 0o100_755), 1000), None);
        assert_eq!(program_flaw((0, 0o104_755), 1000), Some("set_id"));
        assert_eq!(program_flaw((1001, 0o100_755), 1000), Some("owner"));
        assert_eq!(program_flaw((0, 0o100_777), 1000), Some("mode"));
    }

    #[test]
    fn an_account_with_another_shell_is_named() {
        let accounts = "zhaomin:x:1001:1001::/home/zhaomin:/bin/bash\n\
            sunli:x:1002:1002::/home/sunli:/usr/bin/anjie\n";
        let mend = shell_flaw(accounts, "zhaomin");
        assert_eq!(mend.as_deref(), Some("usermod -s /usr/bin/anjie zhaomin"));
        assert_eq!(shell_flaw(accounts, "sunli"), None);
    }

    #[test]
    fn the_guide_sets_up_what_is_shipped_and_replaces_nothing_under_a_live_socket() {
        let guide = include_str!("../../../docs/OPERATING.md");
        let backup = include_str!("../../../data/systemd/anjie-backup.service");
        assert!(backup.lines().any(|line| line == "User=anjie-backup"));
        // In a user namespace of its own it would come to the server as nobody.
        assert!(!backup.contains("PrivateUsers"));
        for told in ["anjie-backup.timer", "anjie-backup.service", "/etc/anjie/backup.env"] {
            assert!(guide.contains(told), "{told}");
        }
        assert!(backup.contains("/etc/anjie/backup.env") && backup.contains("/srv/backup"));
        let upgrade = guide.split_once("## Upgrade").map_or("", |(_, upgrade)| upgrade);
        let stops = upgrade.find("systemctl stop anjie.socket anjie.service");
        assert!(stops.is_some() && stops < upgrade.find("install -m 0755 anjie"));
    }

    #[test]
    fn the_first_member_of_a_group_is_asked_about() {
        let groups = "root:x:0:\nanjie-only:x:1001:zhaomin,sunli\nanjie-clerks:x:1002:\n";
        assert_eq!(member_of(groups, "anjie-only").as_deref(), Some("zhaomin"));
        assert_eq!(member_of(groups, "anjie-clerks"), None);
        assert_eq!(member_of(groups, "anjie"), None);
    }
}
