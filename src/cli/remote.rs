//! The program as the only thing that an account may run: `ssh host anjie export cases -`.
//!
//! sshd then starts it as a login shell or by `ForceCommand`, and says in a variable what was asked
//! for. Only what reads and writes to standard output is let through; no path is.

use std::ffi::OsString;

/// The variable in which sshd says what was asked for.
pub const ORIGINAL: &str = "SSH_ORIGINAL_COMMAND";
/// The most bytes of such a command.
const COMMAND_MAX: usize = 4_096;
/// What may be asked for from afar: the first words of a command.
const ALLOWED: &[&[&str]] = &[&["export"], &["paper"], &["status"], &["due"], &["days"], &["find"]];
/// Options that name a path, a ledger or a day.
const BARRED: [&str; 5] = ["--form", "--data", "--socket", "--today", "--force"];

/// The arguments that hold; none if what was asked for is not let through.
pub fn arguments(args: Vec<OsString>, original: Option<&str>) -> Option<Vec<OsString>> {
    let is_forced = args.len() == 1 || is_shell_call(&args);
    let program = args.first().cloned().into_iter().collect::<Vec<_>>();
    match original.map(str::trim).filter(|command| !command.is_empty()) {
        Some(command) if is_forced => {
            let words = words(command)?;
            let own = words.split_first().filter(|(first, _)| is_own(first));
            let asked = own.map_or(words.as_slice(), |(_, rest)| rest);
            if asked.is_empty() {
                return Some(program);
            }
            let asked = is_allowed(asked).then_some(asked)?;
            Some(program.into_iter().chain(asked.iter().map(OsString::from)).collect())
        }
        Some(_) | None if is_shell_call(&args) => Some(program),
        Some(_) | None => Some(args),
    }
}

/// Whether a login shell was asked to run this program: that is the program's own start.
fn is_shell_call(args: &[OsString]) -> bool {
    let [_, flag, command] = args else { return false };
    flag == "-c" && command.to_str().is_some_and(is_own)
}

fn is_own(word: &str) -> bool {
    word.rsplit('/').next() == Some("anjie")
}

fn is_allowed(words: &[String]) -> bool {
    let begins = |allowed: &&&[&str]| {
        allowed.len() <= words.len() && allowed.iter().zip(words).all(|(own, word)| own == word)
    };
    let is_barred = |word: &String| {
        BARRED.iter().any(|own| word == own || word.starts_with(&format!("{own}=")))
    };
    if !ALLOWED.iter().any(|allowed| begins(&allowed)) || words.iter().any(is_barred) {
        return false;
    }
    // The only file from afar is standard output. Nothing stands before it but what it is of, or
    // the value of an option would be taken for the file.
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_flag = |word: &str| word.starts_with('-');
    match words.as_slice() {
        ["export", subject, file, ..] => !is_flag(subject) && *file == "-",
        ["paper", paper, case, "-o", "-", rest @ ..] => {
            let names_file = |word: &&str| word.starts_with("--out") || is_short(word);
            !is_flag(paper) && !is_flag(case) && !rest.iter().any(names_file)
        }
        ["export" | "paper", ..] => false,
        _ => true,
    }
}

/// Whether a word is an option of one letter, with or without its value.
fn is_short(word: &str) -> bool {
    word.starts_with('-') && !word.starts_with("--")
}

/// The words of a command, with the quotes that shells know; none if a quote is not closed, or if
/// there is anything that a shell would act on.
fn words(command: &str) -> Option<Vec<String>> {
    if command.len() > COMMAND_MAX {
        return None;
    }
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for char in command.chars() {
        match (quote, char) {
            (Some(open), char) if char == open => quote = None,
            (Some(_), char) => word.get_or_insert_default().push(char),
            (None, '"' | '\'') => {
                quote = Some(char);
                word.get_or_insert_default();
            }
            (None, char) if char.is_whitespace() => words.extend(word.take()),
            (None, ';' | '|' | '&' | '<' | '>' | '$' | '`' | '\\' | '*' | '?' | '(' | ')') => {
                return None;
            }
            (None, char) => word.get_or_insert_default().push(char),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::arguments;

    fn asked(args: &[&str], original: Option<&str>) -> Option<Vec<String>> {
        let args = args.iter().map(OsString::from).collect();
        let held = arguments(args, original)?;
        Some(held.into_iter().map(|word| word.into_string().unwrap()).collect())
    }

    #[test]
    fn a_forced_command_is_the_programs_start_or_goes_to_standard_output() {
        let forced = ["anjie", "-c", "/usr/bin/anjie"];
        assert_eq!(asked(&forced, None).unwrap(), ["anjie"]);
        let export = "anjie export cases - --purpose '月 报' --to 区信访局";
        let words = ["anjie", "export", "cases", "-", "--purpose", "月 报", "--to", "区信访局"];
        assert_eq!(asked(&forced, Some(export)).unwrap(), words);
        assert_eq!(asked(&["anjie"], Some(export)).unwrap(), words);
        let paper = "anjie paper acceptance 2026-12 -o - --allow-empty";
        let words = ["anjie", "paper", "acceptance", "2026-12", "-o", "-", "--allow-empty"];
        assert_eq!(asked(&forced, Some(paper)).unwrap(), words);
        assert_eq!(asked(&["anjie"], Some("anjie")).unwrap(), ["anjie"]);
        // Whoever has a shell of their own says what they want themselves.
        assert_eq!(asked(&["anjie", "check"], Some("x")).unwrap(), ["anjie", "check"]);
    }

    #[test]
    fn nothing_else_is_let_through_from_afar() {
        for command in [
            "anjie export cases /home/li/.ssh/authorized_keys",
            "anjie export --lang - cases /home/li/notes.csv --purpose x --to y",
            "anjie export --json - cases /home/li/notes.csv",
            "anjie export cases - --form /etc/shadow",
            "anjie export cases - --data=/tmp/x",
            "anjie export cases - > .bashrc",
            "anjie export cases -; id",
            "anjie paper list",
            "anjie paper templates /home/li",
            "anjie paper acceptance 12 -o /home/li/.bashrc",
            "anjie paper acceptance 12 -o - -o/home/li/.bashrc",
            "anjie paper acceptance 12 -o - --output=/home/li/.bashrc",
            "anjie paper load notes.docx --as acceptance",
            "anjie serve",
            "anjie case register --name x",
            "sh",
            "anjie export cases - --purpose 'open",
        ] {
            assert_eq!(asked(&["anjie"], Some(command)), None, "{command}");
        }
    }
}
