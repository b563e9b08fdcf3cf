//! One line at the terminal that says how far an import is, written over and over; where standard
//! error is no terminal, nothing.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::api::door::Notice;
use crate::domain::ids::RequestId;
use crate::locale::{self, Lang};

/// To the start of the line, and away with what stands behind.
const BACK: &str = "\r";
const REST_AWAY: &str = "\u{1b}[K";

/// The line; it goes away with this value.
pub struct Meter {
    lang: Lang,
    line: Option<Line>,
}

/// Where the line is written; none once it has gone away.
type Line = Arc<Mutex<Option<Box<dyn Write + Send>>>>;

impl Meter {
    /// A line at the terminal of standard error, if that is one.
    pub fn of_terminal(lang: Lang) -> Self {
        let stderr = std::io::stderr();
        if stderr.is_terminal() {
            Self::on(lang, Box::new(stderr))
        } else {
            Self { lang, line: None }
        }
    }

    fn on(lang: Lang, out: Box<dyn Write + Send>) -> Self {
        Self { lang, line: Some(Arc::new(Mutex::new(Some(out)))) }
    }

    /// Whether anybody sees it.
    pub const fn is_seen(&self) -> bool {
        self.line.is_some()
    }

    /// Says how many rows were read.
    pub fn reads(&self, n_rows: u64) {
        let said =
            locale::fill(self.lang, "shell.import.reading", &[("count", n_rows.to_string())]);
        self.line.iter().for_each(|line| say(line, &said));
    }

    /// Says how far an order is, as the server tells it, for as long as the line is there.
    pub fn follow(&self, news: Receiver<Notice>, order: RequestId) {
        let Some(line) = self.line.clone() else { return };
        let lang = self.lang;
        say(&line, &locale::text(lang, "shell.import.checking"));
        thread::spawn(move || {
            let going = news.iter().filter_map(|notice| notice.going);
            for going in going.filter(|going| going.order == order) {
                let args = [("done", going.n_done.to_string()), ("all", going.n_all.to_string())];
                let is_all = going.n_done == going.n_all;
                let key = if is_all { "shell.import.saving" } else { "shell.import.writing" };
                say(&line, &locale::fill(lang, key, &args));
            }
        });
    }
}

impl Drop for Meter {
    fn drop(&mut self) {
        if let Some(line) = &self.line {
            say(line, "");
            // Who still hears news says nothing more.
            *line.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

fn say(line: &Line, text: &str) {
    if let Some(out) = &mut *line.lock().unwrap_or_else(PoisonError::into_inner) {
        // A terminal that is gone needs no line.
        let _gone = write!(out, "{BACK}{text}{REST_AWAY}").and_then(|()| out.flush());
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};
    use std::sync::mpsc::sync_channel;
    use std::sync::{Arc, Mutex};

    use super::Meter;
    use crate::api::door::{Going, Notice};
    use crate::domain::ids::RequestId;
    use crate::locale::Lang;

    /// A terminal that is a text, and says each time that something was written on it.
    struct Paper(Arc<Mutex<String>>, std::sync::mpsc::SyncSender<()>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().push_str(std::str::from_utf8(bytes).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            let _ = self.1.send(());
            Ok(())
        }
    }

    #[test]
    fn the_line_says_how_far_one_s_own_order_is_and_goes_away() {
        let (paper, (written, writings)) = (Arc::default(), sync_channel(9));
        let meter = Meter::on(Lang::Zh, Box::new(Paper(Arc::clone(&paper), written)));
        meter.reads(1_200);
        let (tells, news) = sync_channel(9);
        meter.follow(news, RequestId(7));
        let going = |order, n_done| Going { order: RequestId(order), n_done, n_all: 500 };
        for going in [going(7, 100), going(8, 200), going(7, 500)] {
            tells.send(Notice { going: Some(going), ..Notice::default() }).unwrap();
        }
        drop(tells);
        // Reading, checking, and two of its own order.
        (0..4).for_each(|_| writings.recv().unwrap());
        drop(meter);
        let said = paper.lock().unwrap().replace("\u{1b}[K", "");
        let lines: Vec<&str> = said.split('\r').skip(1).collect();
        assert_eq!(
            lines,
            [
                "已读 1200 行",
                "正在核对各行",
                "正在写入 100/500 行，一次提交",
                "500 行已写好，正在存盘",
                ""
            ]
        );
    }
}
