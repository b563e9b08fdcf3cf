//! Before the program is built: one number for the code from which rows of index and count follow.
//!
//! A ledger notes it, so that a program whose rows may look different makes them anew. It is taken
//! from the sources, because nobody would remember to count up a number by hand.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The rooms whose code decides what rows a record has.
const ROOMS: [&str; 4] = ["src/domain", "src/law", "src/service", "src/store"];

fn main() -> io::Result<()> {
    let mut files = Vec::new();
    for room in ROOMS {
        println!("cargo::rerun-if-changed={room}");
        collect(Path::new(room), &mut files)?;
    }
    files.sort();
    let mut sum = Sum(0xcbf2_9ce4_8422_2325);
    for file in files {
        sum.add(file.to_string_lossy().as_bytes());
        sum.add(&fs::read(&file)?);
    }
    println!("cargo::rustc-env=ANJIE_ROWS_CODE={:016x}", sum.0);
    Ok(())
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// The sum of Fowler, Noll and Vo: it need not withstand anybody, only tell two sources apart.
struct Sum(u64);

impl Sum {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
