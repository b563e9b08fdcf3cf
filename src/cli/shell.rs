//! What the shell and its manual know of the commands, made from their tree.

use std::io::{self, Write as _};

use clap::ArgMatches;

use crate::api::refusal::{Refusal, RefusalKind};
use crate::cli::args;
use crate::cli::tell::{Outcome, Told};
use crate::locale::Lang;

/// `completions`: words for the shell to complete, on standard output.
///
/// # Errors
/// No shell is named.
pub fn completions(lang: Lang, matches: &ArgMatches) -> Outcome {
    let shell = matches
        .get_one::<clap_complete::Shell>("shell")
        .ok_or_else(|| Refusal::new(RefusalKind::Invalid, "no_such_command"))?;
    let mut out = Vec::new();
    clap_complete::generate(*shell, &mut args::tree(lang), "anjie", &mut out);
    Ok(print(&out))
}

/// `man`: the manual of all commands, on standard output.
///
/// # Errors
/// The manual cannot be made.
pub fn man(lang: Lang) -> Outcome {
    let mut tree = args::tree(lang);
    tree.build();
    let mut out = Vec::new();
    let made =
        clap_mangen::Man::new(tree.clone()).render(&mut out).and_then(|()| pages(&tree, &mut out));
    made.map_err(|_| Refusal::new(RefusalKind::Fault, "fault"))?;
    Ok(print(&out))
}

/// The synopsis and the flags of every command below one, in one manual.
fn pages(command: &clap::Command, out: &mut Vec<u8>) -> io::Result<()> {
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        let name = below.get_bin_name().unwrap_or_else(|| below.get_name()).to_owned();
        writeln!(out, ".SH {}", name.to_uppercase())?;
        let man = clap_mangen::Man::new(below.clone());
        if let Some(about) = below.get_about() {
            writeln!(out, "{about}\n.PP")?;
        }
        if below.get_subcommands().next().is_none() {
            man.render_synopsis_section(out)?;
            man.render_options_section(out)?;
        }
        pages(below, out)?;
    }
    Ok(())
}

fn print(bytes: &[u8]) -> Told {
    // A reader that has seen enough closes the pipe: that is no failure.
    let _ = io::stdout().lock().write_all(bytes);
    Told::Done
}
