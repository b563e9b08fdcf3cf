//! NOTE TO THE HELPER OF THIS WORKTREE: the lead is writing src/cli/ (all of it: mod.rs, args, open,
//! outputs, demo/init/import wiring) and src/main.rs in main right now. Do NOT write src/cli here. Finish
//! src/demo (commit it as soon as it compiles), then docs/ (GLOSSARY, ARCHITECTURE, CONTRIBUTING, fields.md and
//! limits.md as pure render functions in src/demo's neighbour `src/cli/docs.rs` ONLY), .ci/run, LICENSE, README,
//! tidy. Do not commit this note: run `git checkout src/cli/mod.rs` once you have read it.
