//! The commands that list and show, and those of what an office loads and sets.

use clap::{Arg, ArgAction, Command, value_parser};

use crate::cli::args::Maker;
use crate::domain::listing::List;

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
}
