//! The exchange folder of the clerks, and the work with its files.

use std::ops::ControlFlow;
use std::path::PathBuf;

use anjie::api::door::Ticket;
use anjie::api::print::PrintWanted;
use anjie::cli::import::folder::Shelf;
use anjie::cli::print;
use anjie::locale::Lang;
use anjie::tui::app::talk::Heard;
use anjie::tui::app::{Effect, update};
use anjie::tui::incoming::{Outcome, Work};

use super::{Desk, Office};

impl Office {
    /// The exchange folder of its clerks.
    pub fn exchange(&self) -> PathBuf {
        let folder = self.folder.path().join("exchange");
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    /// Puts a file there.
    pub fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        std::fs::write(self.exchange().join(name), bytes).unwrap();
    }
}

impl Desk {
    /// Works with the files of the exchange folder, as the program's own command line does; later
    /// if that is to wait.
    pub(super) fn work(&mut self, ticket: Ticket, work: Box<Work>) -> Vec<Effect> {
        if self.held.is_some() {
            self.held = Some(Some((ticket, work)));
            return Vec::new();
        }
        let folder = self.office.exchange();
        let program = env!("CARGO_BIN_EXE_anjie").into();
        let shelf = Shelf { folder, program, lang: self.lang };
        let mut going = Vec::new();
        let mut told = |progress| {
            going.push(progress);
            ControlFlow::Continue(())
        };
        let outcome = shelf.perform(&mut self.door, &work, &mut told);
        let going = going.into_iter().map(|progress| Ok(Outcome::Going(progress)));
        let heard = going.chain([outcome]).map(|outcome| Heard::Worked(ticket, Box::new(outcome)));
        heard.flat_map(|heard| update(&mut self.model, heard.into())).collect()
    }

    /// Prints a document into the exchange folder.
    pub(super) fn print(&mut self, wanted: &PrintWanted, lang: Lang) -> Heard {
        let folder = self.office.exchange();
        Heard::Exported(Box::new(print::into(&mut self.door, wanted, (&folder, lang))))
    }

    /// What the document of that name in the exchange folder says, without its markup.
    pub fn printed(&self, name: &str) -> String {
        let bytes = std::fs::read(self.office.exchange().join(name)).unwrap();
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        let mut part = archive.by_name("word/document.xml").unwrap();
        std::io::Read::read_to_string(&mut part, &mut text).unwrap();
        text.split('<').filter_map(|part| part.split_once('>')).map(|(_, said)| said).collect()
    }

    /// From now on work with files waits.
    pub fn holds_files(&mut self) -> &mut Self {
        self.held = Some(None);
        self
    }

    /// The work with files that waited is done.
    pub fn works_on(&mut self) -> &mut Self {
        if let Some(Some((ticket, work))) = self.held.take() {
            let effects = self.work(ticket, work);
            self.perform(effects);
        }
        self
    }
}
