//! The commands of the shell, as a tree of clap commands with texts from the catalogue.
//!
//! The flags of an order are the fields of its form, so that the field table stays the only list.

mod lists;

use clap::{Arg, ArgAction, Command, value_parser};

use crate::cli::words::{ORDERS, value_name};
use crate::domain::act::Act;
use crate::domain::field::FieldKind;
use crate::domain::form;
use crate::domain::ids::Kind;
use crate::domain::schema::Field;
use crate::link::start;
use crate::locale::{self, Lang};

/// Groups of commands that have no order of their own.
const GROUPS: &[&str] = &[
    "plan", "task", "duty", "figure", "case", "receipt", "person", "roster", "meeting", "decision",
    "unit", "officer", "clerk", "office", "view",
];

/// The whole tree.
pub fn tree(lang: Lang) -> Command {
    let maker = Maker { lang };
    let mut root = maker
        .command("anjie", "")
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_subcommand(true)
        .subcommand_required(false)
        .arg(maker.option("data", "DIR").global(true).env("ANJIE_DATA").hide_env_values(true))
        .arg(maker.option("socket", "PATH").global(true).env("ANJIE_SOCKET").hide_env_values(true))
        .arg(maker.option("lang", "zh|en").global(true).env("ANJIE_LANG"))
        .arg(maker.option("today", "YYYY-MM-DD").global(true).env("ANJIE_TODAY"))
        .arg(maker.flag("json").global(true));
    for command in maker.plain() {
        root = root.subcommand(command);
    }
    for group in GROUPS {
        root = root.subcommand(maker.group(group));
    }
    maker.headed(root)
}

fn hidden_flag(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue).hide(true)
}

struct Maker {
    lang: Lang,
}

impl Maker {
    fn text(&self, key: &str) -> String {
        locale::text(self.lang, key)
    }

    /// A command whose text stands under `shell.about.PATH`.
    fn command(&self, name: &'static str, path: &str) -> Command {
        let key = if path.is_empty() { "anjie".to_owned() } else { path.replace(' ', ".") };
        Command::new(name)
            .about(self.text(&format!("shell.about.{key}")))
            .help_template(self.text("shell.help_template"))
            .disable_help_flag(true)
            .disable_version_flag(true)
            .arg(
                Arg::new("help")
                    .short('h')
                    .long("help")
                    .action(ArgAction::Help)
                    .help(self.text("shell.arg.help")),
            )
    }

    /// Puts the headings of the lists in the language of the texts.
    fn headed(&self, command: Command) -> Command {
        command
            .subcommand_help_heading(self.text("shell.heading.commands"))
            .mut_args(|arg| {
                let word = if arg.is_positional() { "arguments" } else { "options" };
                arg.help_heading(self.text(&format!("shell.heading.{word}")))
            })
            .mut_subcommands(|command| self.headed(command))
    }

    fn option(&self, name: &'static str, value: &'static str) -> Arg {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .allow_hyphen_values(true)
            .help(self.text(&format!("shell.arg.{name}")))
    }

    fn flag(&self, name: &'static str) -> Arg {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(self.text(&format!("shell.arg.{name}")))
    }

    fn word(&self, name: &'static str, value: &'static str) -> Arg {
        Arg::new(name)
            .value_name(value)
            .required(true)
            .help(self.text(&format!("shell.arg.{name}")))
    }

    fn number(&self, name: &'static str) -> Arg {
        self.option(name, "N").value_parser(value_parser!(u32))
    }

    fn plain(&self) -> Vec<Command> {
        vec![
            self.command("demo", "demo")
                .arg(self.option("write", "DIR"))
                .arg(self.number("cases"))
                .arg(self.number("persons"))
                .arg(self.option("seed", "S").value_parser(value_parser!(u64))),
            self.command("init", "init")
                .arg(self.option("town", "NAME").required(true))
                .arg(self.number("population").required(true))
                .arg(self.option("code", "CODE"))
                .arg(self.option("admin", "LOGIN"))
                .arg(self.flag("trial"))
                .arg(self.option("plan", "NAME"))
                .arg(self.option("year", "YEAR").value_parser(value_parser!(i32))),
            self.command("serve", "serve")
                .arg(self.option("idle-exit", "SECONDS").value_parser(value_parser!(u64)))
                .arg(self.number("per-account"))
                // For the terminal program, which starts a server by itself; no person needs it.
                .arg(hidden_flag(start::BACKGROUND)),
            self.command("look", "look"),
            self.command("status", "status"),
            self.import(),
            self.export(),
            self.paper(),
            self.report(),
            self.count(),
            self.attach(),
            self.dossier(),
            self.compare(),
            self.taking_back("undo"),
            self.taking_back("redo"),
            self.command("find", "find")
                .arg(self.word("text", "TEXT").num_args(1..))
                .arg(self.option("kind", "KIND"))
                .arg(self.number("limit")),
            self.command("like", "like")
                .arg(self.option("name", "NAME"))
                .arg(self.option("phone", "NUMBER"))
                .arg(self.option("id-number", "NUMBER"))
                .arg(self.option("village", "UNIT"))
                .arg(self.option("text", "TEXT"))
                .arg(
                    self.option("among", "matters|persons")
                        .value_parser(["matters", "persons"])
                        .conflicts_with_all(["name", "phone", "id-number", "village", "text"]),
                ),
            self.due(),
            self.command("days", "days")
                .arg(self.word("from", "FROM"))
                .arg(self.word("length", "LENGTH"))
                .arg(self.flag("explain")),
            self.law(),
            self.settings(),
            self.calendar(),
            self.command("check", "check"),
            self.backup(),
            self.command("restore", "restore")
                .arg(self.word("file", "FILE"))
                .arg(self.word("into", "DIR").required(false))
                .arg(self.option("identity", "KEYFILE").required(true)),
            self.command("recover", "recover")
                .arg(self.option("admin", "LOGIN"))
                .arg(self.option("identity", "KEYFILE").conflicts_with("admin")),
            self.command("doctor", "doctor"),
            self.journal(),
            self.access(),
            self.command("completions", "completions")
                .arg(self.word("shell", "SHELL").value_parser(value_parser!(clap_complete::Shell))),
            self.command("man", "man"),
            self.command("docs", "docs").arg(self.word("folder", "DIR")),
        ]
    }

    fn backup(&self) -> Command {
        let verify = self
            .command("verify", "backup verify")
            .arg(self.word("file", "FILE"))
            .arg(self.option("identity", "KEYFILE").required(true));
        self.command("backup", "backup")
            .args_conflicts_with_subcommands(true)
            .subcommand_negates_reqs(true)
            .arg(self.word("file", "FILE").help(self.text("shell.arg.backup-file")))
            .arg(self.option("to", "KEY").action(ArgAction::Append).required(true))
            .subcommand(self.command("list", "backup list"))
            .subcommand(verify)
            .subcommand(self.command("key", "backup key").arg(self.word("file", "FILE")))
    }

    fn journal(&self) -> Command {
        let list = self.logged(self.command("list", "journal list"));
        let list = list.arg(self.option("case", "CASE")).arg(self.option("day", "DATE"));
        self.command("journal", "journal")
            .subcommand_required(true)
            .subcommand(list)
            .subcommand(self.command("verify", "journal verify"))
            .subcommand(self.command("head", "journal head"))
    }

    fn access(&self) -> Command {
        self.command("access", "access")
            .subcommand_required(true)
            .subcommand(self.logged(self.command("list", "access list")))
    }

    /// The filters that both logs have.
    fn logged(&self, command: Command) -> Command {
        command
            .arg(self.option("person", "PERSON"))
            .arg(self.option("clerk", "LOGIN"))
            .arg(self.option("act", "ACT"))
            .arg(self.option("from-day", "DATE").long("from"))
            .arg(self.option("to-day", "DATE").long("to"))
            .arg(self.number("limit"))
    }

    /// A command on one's own changes.
    fn taking_back(&self, name: &'static str) -> Command {
        self.command(name, name).arg(self.flag("dry-run")).arg(self.option("change", "ID"))
    }

    fn import(&self) -> Command {
        let undo = self
            .command("undo", "import undo")
            .arg(self.word("batch", "BATCH"))
            .arg(self.flag("dry-run"));
        let import = self.command("import", "import").subcommand_required(true).subcommand(undo);
        let cases = self.importing("cases", "import cases");
        let cases = cases
            .arg(self.option("as", "open|history").value_parser(["open", "history"]))
            .arg(self.option("received-on", "DATE"));
        import
            .subcommand(cases)
            .subcommand(self.importing("units", "import units"))
            .subcommand(self.importing("officers", "import officers"))
            .subcommand(self.importing("persons", "import persons"))
    }

    /// A command that takes a file in.
    fn importing(&self, name: &'static str, path: &str) -> Command {
        let map = self.option("map", "HEADER=FIELD").visible_alias("column");
        self.command(name, path)
            .arg(self.word("file", "FILE"))
            .arg(self.option("sheet", "NAME"))
            .arg(self.flag("dry-run"))
            .arg(self.flag("update"))
            .arg(map.action(ArgAction::Append))
            .arg(self.option("save", "NAME"))
            .arg(self.option("mapping", "NAME"))
            .arg(self.option("rejects", "OUT.xlsx").visible_alias("refused"))
    }

    fn group(&self, name: &'static str) -> Command {
        let mut group = self.command(name, name).subcommand_required(true);
        match name {
            "case" => group = self.case(group),
            "person" => {
                let show = self.command("show", "person show").arg(self.word("record", "PERSON"));
                let list = self
                    .command("list", "person list")
                    .arg(self.option("unit", "UNIT"))
                    .arg(self.option("text", "TEXT"))
                    .arg(self.number("limit"));
                group = group.subcommand(show).subcommand(list);
            }
            "roster" => group = self.roster(group),
            "view" => group = self.view(group),
            "meeting" => group = self.meeting(group),
            "decision" => group = self.decision(group),
            "plan" => group = self.plan(group),
            "task" => group = self.task(group),
            "duty" => group = self.duty(group),
            "figure" => {
                let list = self
                    .command("list", "figure list")
                    .arg(self.option("year", "YEAR").value_parser(value_parser!(i32)));
                group = group.subcommand(list);
            }
            "clerk" => group = group.subcommand(self.command("list", "clerk list")),
            "unit" => {
                let show = self.command("show", "unit show").arg(self.word("record", "UNIT"));
                group = group.subcommand(self.command("list", "unit list")).subcommand(show);
            }
            "officer" => {
                let holdings = self
                    .command("holdings", "officer holdings")
                    .arg(self.word("record", "OFFICER"))
                    .arg(self.option("to", "OFFICER"))
                    .arg(self.option("output", "FILE").short('o'));
                group = group.subcommand(self.command("list", "officer list")).subcommand(holdings);
            }
            _ => {}
        }
        for (path, act) in ORDERS {
            if let [head, tail] = path
                && *head == name
            {
                group = group.subcommand(self.order(tail, *act, &path.join(" ")));
            }
        }
        group
    }

    fn decision(&self, group: Command) -> Command {
        let list = self
            .command("list", "decision list")
            .arg(
                Arg::new("decisions")
                    .long("part")
                    .value_name("owed|done")
                    .value_parser(["owed", "done"])
                    .help(self.text("shell.arg.decisions")),
            )
            .arg(self.option("officer", "OFFICER"))
            .arg(self.option("on", "DATE"))
            .args(self.clear());
        group.subcommand(list)
    }

    fn meeting(&self, group: Command) -> Command {
        let [output, force] = self.printed();
        // What goes out as a file names nobody: names in clear are for the eyes of the meeting.
        let [clear, masked] = self.clear();
        let list = self.command("list", "meeting list").args([
            clear.conflicts_with("output"),
            masked,
            output.required(false),
            force,
        ]);
        let minutes = self
            .command("minutes", "meeting minutes")
            .arg(self.option("on", "DATE"))
            .args(self.clear());
        group.subcommand(list).subcommand(minutes)
    }

    /// Whether names are in clear or masked, which is the default.
    fn clear(&self) -> [Arg; 2] {
        [self.flag("clear"), self.flag("masked").conflicts_with("clear")]
    }

    fn plan(&self, group: Command) -> Command {
        let load = self
            .command("load", "plan load")
            .arg(Arg::new("file").value_name("FILE").help(self.text("shell.arg.template-file")))
            .arg(self.option("template", "NAME"))
            .arg(self.option("year", "YEAR").value_parser(value_parser!(i32)));
        let page = self
            .command("page", "plan page")
            .arg(self.option("village", "VILLAGE").alias("unit").required(true))
            .arg(self.option("output", "FILE").short('o'));
        group.subcommand(self.command("show", "plan show")).subcommand(load).subcommand(page)
    }

    fn task(&self, group: Command) -> Command {
        let show = self.command("show", "task show").arg(self.word("record", "TASK"));
        let list = self
            .command("list", "task list")
            .arg(self.number("phase"))
            .arg(self.option("village", "VILLAGE"))
            .arg(self.option("state", "STATE"))
            .arg(self.option("officer", "OFFICER"))
            .arg(
                Arg::new("code")
                    .long("code")
                    .value_name("CODE")
                    .help(self.text("shell.arg.code-of-task")),
            )
            .arg(self.flag("late"));
        group.subcommand(show).subcommand(list)
    }

    fn duty(&self, group: Command) -> Command {
        let of = |command: Command| {
            let code = Arg::new("duty-code").long("code").value_name("CODE");
            command
                .arg(code.help(self.text("shell.arg.code-of-duty")))
                .arg(self.option("period", "PERIOD"))
        };
        let list = of(self.command("list", "duty list"))
            .arg(self.option("village", "VILLAGE"))
            .arg(self.flag("owed"));
        let show = self.command("show", "duty show").arg(self.word("record", "DUTY"));
        let remind = of(self.command("remind", "duty remind"));
        group
            .subcommand(list)
            .subcommand(show)
            .subcommand(remind)
            .subcommand(self.forms_out())
            .subcommand(self.form_back())
    }

    fn assign(&self) -> Command {
        self.command("assign", "case assign")
            .arg(self.word("record", "CASE").num_args(1..))
            .arg(self.option("lead", "OFFICER"))
            .arg(self.option("unit", "UNIT"))
            .arg(self.option("handler", "OFFICER"))
            .arg(self.option("class", "TEXT"))
            .arg(self.option("agreed-on", "DATE"))
            .arg(self.option("on", "DATE"))
            .arg(self.option("text", "TEXT"))
    }

    fn order(&self, name: &'static str, act: Act, path: &str) -> Command {
        let mut command = self.command(name, path);
        if act.on().is_some() && !matches!(act.on(), Some(Kind::Office | Kind::Plan)) {
            command = command.arg(self.word("record", "RECORD"));
        }
        for field in form::typed(act) {
            // `case correct CASE STEP`, `clerk add LOGIN`: what it is about stands without a flag.
            if let Some((shown, key)) = bare_word(act, field.name()) {
                let help = self.text(key);
                let arg = Arg::new(field.name()).value_name(shown).required(true).help(help);
                command = command.arg(arg);
                continue;
            }
            let help = self.text(&format!("field.{}", field.key));
            let mut arg = Arg::new(field.name())
                .long(flag_name(field))
                .value_name(value_name(field.kind))
                // A day may be `-7` and a text anything; a word of a list never begins so, and
                // must not take the next option for itself.
                .allow_hyphen_values(!is_word(field.kind))
                .help(help);
            if let FieldKind::OneOf(choice) = field.kind {
                arg = arg.help(format!(
                    "{}: {}",
                    self.text(&format!("field.{}", field.key)),
                    choice.words.join(" | ")
                ));
            }
            if matches!(field.kind, FieldKind::Links(_)) {
                arg = arg.action(ArgAction::Append);
            }
            arg = match field.key {
                "register.sealed" => arg.num_args(0..=1).default_missing_value("yes"),
                "register.readers" | "route.readers" => arg.visible_alias("reader"),
                "clerk.roles" => arg.visible_alias("role"),
                _ => arg,
            };
            command = command.arg(arg);
        }
        command
    }
}

/// How a field that is given without a flag is shown, and the key of its text.
fn bare_word(act: Act, name: &str) -> Option<(&'static str, &'static str)> {
    match (act, name) {
        (Act::CorrectStep, "step") => Some(("STEP", "field.correct.step")),
        (Act::AddClerk, "login") => Some(("LOGIN", "field.clerk.login")),
        _ => None,
    }
}

/// Whether a field takes one of some words, none of which begins with a hyphen.
const fn is_word(kind: FieldKind) -> bool {
    matches!(kind, FieldKind::Flag | FieldKind::OneOf(_) | FieldKind::SomeOf(_))
}

/// The flag of a field: its name, with hyphens.
fn flag_name(field: &Field) -> String {
    field.name().replace('_', "-")
}
