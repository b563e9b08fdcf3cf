//! The commands that list and show, and those of what an office loads and sets.

use clap::{Arg, ArgAction, Command, value_parser};

use crate::cli::args::Maker;
use crate::domain::attachment::Matter;
use crate::domain::cut::{Dimension, Measure};
use crate::domain::export::Subject;
use crate::domain::listing::List;
use crate::exchange::export::{Encoded, FileFormat};

impl Maker {
    pub(super) fn case(&self, group: Command) -> Command {
        let show = self.command("show", "case show").arg(self.word("record", "CASE"));
        let list = self
            .command("list", "case list")
            .arg(self.option("stage", "STAGE"))
            .arg(self.option("text", "TEXT"))
            .arg(self.flag("mine"))
            .arg(self.flag("late"))
            .arg(self.option("sort", "COLUMN").allow_hyphen_values(true))
            .arg(self.option("only", "COLUMN=VALUE").action(ArgAction::Append))
            .arg(self.option("view", "NAME"))
            .arg(self.number("limit"));
        let why = self
            .command("why", "case why")
            .arg(self.word("record", "CASE"))
            .arg(self.option("clock", "LIMIT"));
        let group = group.subcommand(show).subcommand(list).subcommand(why);
        group.subcommand(self.assign())
    }

    /// `due`: narrowed and put in order as the list of deadlines is.
    pub(super) fn due(&self) -> Command {
        self.command("due", "due").args(self.filters(Subject::Deadlines))
    }

    /// `compare`: the ledger beside an export of the state system.
    pub(super) fn compare(&self) -> Command {
        self.command("compare", "compare")
            .arg(self.word("file", "FILE"))
            .arg(self.option("sheet", "NAME"))
            .args(self.printed().map(|arg| arg.required(false)))
            .args(self.said())
    }

    /// `duty send`: forms out to the villages.
    pub(super) fn forms_out(&self) -> Command {
        let folder = self.option("output", "FOLDER").short('o').required(true);
        let code = self.word("code", "CODE").help(self.text("shell.arg.code-of-duty"));
        self.command("send", "duty send")
            .arg(code)
            .arg(self.option("period", "PERIOD"))
            .arg(self.option("village", "VILLAGE"))
            .arg(folder.help(self.text("shell.arg.form-folder")))
            .args(self.said())
    }

    /// `duty take`: a form that came back.
    pub(super) fn form_back(&self) -> Command {
        let without = self.option("without", "N,N").value_parser(value_parser!(u64));
        self.command("take", "duty take")
            .arg(self.word("file", "FILE"))
            .arg(self.flag("dry-run").conflicts_with("yes"))
            .arg(self.flag("yes"))
            .arg(self.option("manner", "WORD"))
            .arg(self.option("place", "TEXT").help(self.text("field.report_duty.place")))
            .arg(without.value_delimiter(',').action(ArgAction::Append))
            .arg(self.option("part-of", "N=CASE").action(ArgAction::Append))
            .arg(self.option("of-person", "N=PERSON").action(ArgAction::Append))
    }

    pub(super) fn roster(&self, group: Command) -> Command {
        let show = self.command("show", "roster show").arg(self.word("record", "ENTRY"));
        let list = self
            .command("list", "roster list")
            .arg(self.option("part", "open|late|approval|review|pending|ended"))
            .arg(self.option("sort", "COLUMN").allow_hyphen_values(true))
            .arg(self.option("only", "COLUMN=VALUE").action(ArgAction::Append))
            .arg(self.option("view", "NAME"))
            .arg(self.option("unit", "UNIT"))
            .arg(self.option("text", "TEXT"))
            .arg(self.flag("mine"))
            .arg(self.number("limit"))
            .arg(self.option("on", "DAY").conflicts_with_all(["part", "sort", "text", "limit"]));
        let notice = self.command("notice", "roster notice").arg(self.word("record", "ENTRY")).arg(
            Arg::new("whom")
                .long("to")
                .value_name("person|lead")
                .value_parser(["person", "lead"])
                .help(self.text("shell.arg.whom")),
        );
        group.subcommand(show).subcommand(list).subcommand(notice)
    }

    pub(super) fn paper(&self) -> Command {
        let named = |name: &'static str, path: &str| {
            self.command(name, path).arg(self.word("paper", "NAME"))
        };
        let list =
            self.command("list", "paper list").arg(self.word("case", "CASE").required(false));
        let templates =
            self.command("templates", "paper templates").arg(self.word("folder", "DIR"));
        let load = self
            .command("load", "paper load")
            .arg(self.word("file", "FILE").help(self.text("shell.arg.docx")))
            .arg(self.option("as-paper", "NAME").long("as").required(true));
        let numbers = self
            .command("numbers", "paper numbers")
            .arg(self.option("year", "YEAR").value_parser(value_parser!(i32)));
        let void = self
            .command("void", "paper void")
            .arg(self.word("record", "CASE"))
            .arg(self.word("number", "NUMBER"))
            .arg(self.option("why", "TEXT").required(true));
        let skip = named("skip", "paper skip")
            .arg(self.number("until-serial").long("until").required(true))
            .arg(self.option("why", "TEXT").required(true));
        let leads = self
            .command("leads", "paper leads")
            .arg(self.word("officers", "OFFICER").required(false).num_args(0..))
            .args(self.printed())
            .args(self.said())
            .arg(self.flag("sealed"));
        let [output, force] = self.printed();
        let reminder = self
            .command("reminder", "paper reminder")
            .arg(self.word("officers", "OFFICER").required(false).num_args(0..))
            .arg(self.flag("everything").long("all").conflicts_with("officers"))
            .args([output.required(false), force]);
        self.command("paper", "paper")
            .args_conflicts_with_subcommands(true)
            .subcommand_negates_reqs(true)
            .arg(self.word("paper", "NAME"))
            .arg(self.word("record", "CASE"))
            .arg(self.option("output", "FILE").short('o').help(self.text("shell.arg.paper-file")))
            .arg(self.flag("force"))
            .arg(self.flag("allow-empty"))
            .arg(self.option("set", "LABEL=TEXT").action(ArgAction::Append))
            .arg(self.option("reason", "TEXT"))
            .arg(self.option("person", "PERSON"))
            .arg(self.option("again", "NUMBER"))
            .subcommand(list)
            .subcommand(leads)
            .subcommand(reminder)
            .subcommand(templates)
            .subcommand(load)
            .subcommand(named("drop", "paper drop"))
            .subcommand(numbers)
            .subcommand(void)
            .subcommand(skip)
    }

    /// `dossier`: the whole files of cases, named or drawn from a list.
    pub(super) fn dossier(&self) -> Command {
        let output = self.option("output", "DIR").short('o').required(true);
        let record = self.word("record", "CASE").num_args(1..).required(false);
        self.command("dossier", "dossier")
            .arg(record.required_unless_present("random"))
            .arg(output.help(self.text("shell.arg.dossier-folder")))
            .arg(self.number("random").conflicts_with("record"))
            .arg(
                self.option("seed", "S")
                    .value_parser(value_parser!(u64))
                    .requires("random")
                    .help(self.text("shell.arg.draw-seed")),
            )
            .args(self.filters(Subject::Cases).into_iter().map(|arg| arg.requires("random")))
            .arg(self.option("purpose", "TEXT"))
            .arg(
                Arg::new("recipient")
                    .long("to")
                    .value_name("WHOM")
                    .help(self.text("shell.arg.recipient")),
            )
            .arg(self.flag("sealed"))
    }

    /// `attach`: the scans and evidence of a case.
    pub(super) fn attach(&self) -> Command {
        let of = |name: &'static str, path: &str| {
            self.command(name, path).arg(self.word("record", "CASE"))
        };
        let numbered = |name: &'static str, path: &str| {
            let number = self.word("attachment", "N").value_parser(value_parser!(u32));
            of(name, path).arg(number)
        };
        let words = Matter::CHOICE.words.join("|");
        let what = Arg::new("what").long("what").value_name("WORD");
        let what = what.help(format!("{}: {words}", self.text("shell.arg.what")));
        let add = of("add", "attach add")
            .arg(self.word("file", "FILE").help(self.text("shell.arg.attached-file")))
            .arg(what)
            .arg(self.option("as-name", "NAME").long("name"))
            .arg(self.option("note", "TEXT"))
            .arg(self.number("step"));
        let get = numbered("get", "attach get")
            .arg(self.word("file", "FILE").help(self.text("shell.arg.out")));
        let remove =
            numbered("remove", "attach remove").arg(self.option("why", "TEXT").required(true));
        self.command("attach", "attach")
            .subcommand_required(true)
            .subcommand(add)
            .subcommand(of("list", "attach list"))
            .subcommand(get)
            .subcommand(remove)
    }

    pub(super) fn view(&self, group: Command) -> Command {
        let lists = List::CHOICE.words;
        let list = || self.option("list", "LIST").value_parser(lists.to_vec());
        let named = |name: &'static str, key: &str| {
            self.command(name, key).arg(self.word("view-name", "NAME")).arg(list())
        };
        group
            .subcommand(self.command("list", "view list").arg(list()))
            .subcommand(named("show", "view show"))
            .subcommand(named("remove", "view remove"))
    }

    pub(super) fn law(&self) -> Command {
        self.command("law", "law")
            .subcommand_required(true)
            .subcommand(self.command("list", "law list"))
            .subcommand(
                self.command("load", "law load")
                    .arg(
                        self.word("file", "FILE")
                            .required(false)
                            .required_unless_present("built-in"),
                    )
                    .arg(self.option("built-in", "NAME")),
            )
            .subcommand(self.command("drop", "law drop").arg(self.word("norm", "NORM")))
    }

    pub(super) fn settings(&self) -> Command {
        self.command("settings", "settings")
            .subcommand_required(true)
            .subcommand(self.command("list", "settings list"))
            .subcommand(
                self.command("set", "settings set")
                    .arg(self.word("setting", "NAME"))
                    .arg(self.word("value", "VALUE").allow_hyphen_values(true)),
            )
    }

    pub(super) fn calendar(&self) -> Command {
        self.command("calendar", "calendar")
            .subcommand_required(true)
            .subcommand(
                self.command("show", "calendar show")
                    .arg(self.word("year", "YEAR").value_parser(value_parser!(i32))),
            )
            .subcommand(self.command("load", "calendar load").arg(self.word("file", "FILE")))
    }

    /// `export`: what the lists have to narrow and sort, and where it goes.
    pub(super) fn export(&self) -> Command {
        let mut group = self.command("export", "export").subcommand_required(true);
        for subject in Subject::ALL {
            let word = subject.word();
            let command = self.command(word, &format!("export {word}"));
            let command = command.arg(self.word("file", "FILE").help(self.text("shell.arg.out")));
            let command = command.args(self.filters(*subject));
            group = group.subcommand(command.args(self.goes_out()));
        }
        group
    }

    /// The filters of the list of a subject.
    fn filters(&self, subject: Subject) -> Vec<Arg> {
        let listed = || {
            vec![
                self.option("sort", "COLUMN").allow_hyphen_values(true),
                self.option("only", "COLUMN=VALUE").action(ArgAction::Append),
                self.option("view", "NAME"),
            ]
        };
        let code = Arg::new("code").long("code").value_name("CODE");
        let own = match subject {
            Subject::Cases => vec![
                self.option("stage", "STAGE"),
                self.option("text", "TEXT"),
                self.flag("mine"),
                self.flag("late"),
            ],
            Subject::Roster => vec![
                self.option("part", "open|late|approval|review|pending|ended"),
                self.option("unit", "UNIT"),
                self.option("text", "TEXT"),
                self.flag("mine"),
            ],
            Subject::Deadlines => vec![
                self.option("until", "DATE"),
                self.flag("late"),
                self.option("unit", "UNIT"),
                self.option("officer", "OFFICER"),
                self.option("text", "TEXT"),
                self.flag("mine"),
            ],
            Subject::Persons => vec![self.option("unit", "UNIT"), self.option("text", "TEXT")],
            Subject::Tasks => vec![
                self.number("phase"),
                self.option("village", "VILLAGE"),
                self.option("state", "STATE"),
                self.option("officer", "OFFICER"),
                code.help(self.text("shell.arg.code-of-task")),
                self.flag("late"),
            ],
            Subject::Units | Subject::Officers => Vec::new(),
        };
        let lists = subject.list().map(|_| listed()).unwrap_or_default();
        own.into_iter().chain(lists).collect()
    }

    /// In which columns and form it goes out, what for and to whom.
    fn goes_out(&self) -> Vec<Arg> {
        let [purpose, recipient] = self.said();
        vec![
            purpose,
            recipient,
            self.option("columns", "COLUMN,COLUMN"),
            self.option("with", "COLUMN,COLUMN"),
            self.option("reason", "TEXT"),
            self.flag("sealed"),
            self.option("format", "xlsx|csv|json").value_parser(FileFormat::WORDS),
            self.encoded(),
            self.option("form", "THEIRS.xlsx"),
            self.option("sheet", "NAME").requires("form").help(self.text("shell.arg.form-sheet")),
            self.flag("force"),
        ]
    }

    /// In which encoding text with commas goes out.
    fn encoded(&self) -> Arg {
        self.option("encoding", "utf-8|gb18030|gbk").value_parser(Encoded::WORDS)
    }

    /// `report KIND`: as text, or as a file with `-o`.
    pub(super) fn report(&self) -> Command {
        let mut group = self.command("report", "report").subcommand_required(true);
        for word in ["weekly", "monthly", "quarterly", "self-inspection", "annual"] {
            let [output, force] = self.printed();
            let command = self.command(word, &format!("report {word}"));
            let command = command.arg(self.option("until", "DATE").allow_hyphen_values(true));
            let command = command.args([output.required(false), force]).args(self.said());
            group = group.subcommand(command);
        }
        group
    }

    /// `count`: a count on demand, and the figures that were given of such counts.
    pub(super) fn count(&self) -> Command {
        let [output, force] = self.printed();
        let output = output
            .value_name("FILE.docx|FILE.xlsx|FILE.csv")
            .help(self.text("shell.arg.count-file"));
        let [_, to] = self.said();
        let give = self.command("give", "count give").args(self.counted()).args([
            to.required(true),
            self.option("on", "DATE"),
            self.option("counted", "N"),
            self.option("note", "TEXT"),
        ]);
        let number = self.word("figure", "NUMBER").value_parser(value_parser!(u64));
        self.command("count", "count")
            .args_conflicts_with_subcommands(true)
            .args(self.counted())
            .args([output.required(false), force])
            .args(self.said())
            .arg(self.encoded())
            .subcommand(give)
            .subcommand(
                self.command("list", "count list")
                    .arg(self.option("year", "YEAR").value_parser(value_parser!(i32))),
            )
            .subcommand(self.command("show", "count show").arg(number))
    }

    /// Of which days, by what, and what is counted.
    fn counted(&self) -> [Arg; 5] {
        let columns: Vec<&str> = Dimension::CHOICE.words.iter().copied().chain(["none"]).collect();
        [
            self.option("period", "2026-10|2026-Q4|2026|DAY..DAY|month"),
            self.option("rows", "WORD").value_parser(Dimension::CHOICE.words.to_vec()),
            self.option("by", "WORD").value_parser(columns),
            self.option("measure", "WORD").value_parser(Measure::CHOICE.words.to_vec()),
            self.option("view", "NAME"),
        ]
    }

    /// What for and to whom something goes out.
    fn said(&self) -> [Arg; 2] {
        let to = Arg::new("recipient").long("to").value_name("WHOM");
        [self.option("purpose", "TEXT"), to.help(self.text("shell.arg.recipient"))]
    }

    /// The file of a document.
    pub(super) fn printed(&self) -> [Arg; 2] {
        let output = self.option("output", "FILE.docx|FILE.xlsx").short('o').required(true);
        [output.help(self.text("shell.arg.print-file")), self.flag("force")]
    }
}
