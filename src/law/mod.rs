//! Which deadline follows from which fact: pure, with the law and the calendar as values.

pub mod calendar;
pub mod count;
pub mod rule;
pub mod text;
