//! Tests of the store with a made-up record, from inside, because some damage the file on purpose.

mod age;
mod desk;
mod ledger;
mod lists;
mod merge;
mod proof;
mod remake;
mod whole;
