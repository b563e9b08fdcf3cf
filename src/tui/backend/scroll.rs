//! Finds rows that only moved, so that the terminal moves them instead of being told them again.
//!
//! A move is tried where whole rows are found again elsewhere; rows that also changed a little (the
//! marker of the selected one) may move with them. It is taken if it saves bytes after all.

use crate::tui::backend::grid::{Grid, Scroll, Spot, Way};

/// The bytes of the sequences of a move, and of going on from there.
const MOVE_COST: i32 = 24;

/// The bytes of going to a run of changed spots.
const RUN_COST: i32 = 5;

/// The bytes of taking another pen.
const PEN_COST: i32 = 7;

/// The bytes of erasing the rest of a row.
const ERASE_COST: i32 = 3;

/// The move of rows that saves most on the way from one grid to another, if any saves something.
pub fn best_scroll(from: &Grid, to: &Grid) -> Option<Scroll> {
    let height = i32::from(to.size().height);
    let costs: Vec<i32> = (0..height).map(|y| cost(row(from, y), row(to, y))).collect();
    if costs.iter().sum::<i32>() <= MOVE_COST {
        return None;
    }
    let shift = likely_shift(from, to, &costs)?;
    let blank = vec![Spot::BLANK; usize::from(to.size().width)];
    let blank_costs: Vec<i32> = (0..height).map(|y| cost(&blank, row(to, y))).collect();
    let gains: Vec<i32> = (0..height)
        .zip(&costs)
        .map(|(y, before)| {
            let is_inside = (0..height).contains(&(y + shift));
            if is_inside { before - cost(row(from, y + shift), row(to, y)) } else { 0 }
        })
        .collect();
    best_region(shift, &sums(&gains), &losses(&blank_costs, &costs))
}

/// The shift at which the costliest rows are found again: row `y` was at `y + shift`.
fn likely_shift(from: &Grid, to: &Grid, costs: &[i32]) -> Option<i32> {
    let height = i32::from(to.size().height);
    // A row that costs nothing gains nothing by being found elsewhere.
    let costly: Vec<(i32, i32)> =
        (0..height).zip(costs.iter().copied()).filter(|(_, cost)| *cost > 0).collect();
    let found = |shift: i32| -> i32 {
        let is_same =
            |y: i32| (0..height).contains(&(y + shift)) && row(from, y + shift) == row(to, y);
        costly.iter().filter(|(y, _)| is_same(*y)).map(|(_, cost)| cost).sum()
    };
    let shifts = (1 - height..height).filter(|shift| *shift != 0);
    let best = shifts.map(|shift| (found(shift), -shift.abs(), shift)).max()?;
    (best.0 > 0).then_some(best.2)
}

/// The rows whose move saves most, given running sums of what each saves and of what each costs if
/// it is left blank.
fn best_region(shift: i32, gains: &[i32], losses: &[i32]) -> Option<Scroll> {
    let height = i32::try_from(gains.len()).ok()? - 1;
    let n_rows = shift.abs();
    let between = |sums: &[i32], from: i32, to: i32| -> i32 {
        let at = |index: i32| usize::try_from(index).ok().and_then(|index| sums.get(index));
        at(to).zip(at(from)).map_or(0, |(to, from)| to - from)
    };
    let mut best = (MOVE_COST, None);
    for start in 0..height {
        for end in start + 1..=height {
            // The rows that move, with those that the move leaves blank.
            let (top, bottom) =
                if shift > 0 { (start, end + n_rows) } else { (start - n_rows, end) };
            if top < 0 || bottom > height {
                continue;
            }
            let blank = if shift > 0 { (end, bottom) } else { (top, start) };
            let saved = between(gains, start, end) - between(losses, blank.0, blank.1);
            if saved > best.0 {
                best = (saved, Some((top, bottom)));
            }
        }
    }
    let (top, end) = best.1?;
    Some(Scroll {
        top: u16::try_from(top).ok()?,
        end: u16::try_from(end).ok()?,
        n_rows: u16::try_from(n_rows).ok()?,
        way: if shift > 0 { Way::Up } else { Way::Down },
    })
}

fn losses(blank_costs: &[i32], costs: &[i32]) -> Vec<i32> {
    let losses: Vec<i32> =
        blank_costs.iter().zip(costs).map(|(blank, cost)| blank - cost).collect();
    sums(&losses)
}

/// Running sums, with a zero before the first.
fn sums(numbers: &[i32]) -> Vec<i32> {
    let mut sum = 0;
    let running = numbers.iter().map(|number| {
        sum += number;
        sum
    });
    std::iter::once(0).chain(running).collect()
}

/// About how many bytes turn one row into another.
fn cost(from: &[Spot], to: &[Spot]) -> i32 {
    let n_drawn = to.iter().rposition(|spot| *spot != Spot::BLANK).map_or(0, |at| at + 1);
    let mut cost = 0;
    let mut last: Option<(usize, &Spot)> = None;
    for (x, (was, is)) in from.iter().zip(to).enumerate().take(n_drawn) {
        if was == is {
            continue;
        }
        match last {
            Some((at, _)) if at + 1 == x => {}
            Some(_) | None => cost += RUN_COST,
        }
        if last.is_some_and(|(_, before)| !is.is_half() && before.pen != is.pen) {
            cost += PEN_COST;
        }
        cost += i32::try_from(is.bytes().len()).unwrap_or_default();
        last = Some((x, if is.is_half() { last.map_or(is, |(_, before)| before) } else { is }));
    }
    let n_erased = from.iter().skip(n_drawn).filter(|spot| **spot != Spot::BLANK).count();
    if n_erased > 0 {
        cost += RUN_COST + ERASE_COST;
    }
    cost
}

fn row(grid: &Grid, y: i32) -> &[Spot] {
    u16::try_from(y).map(|y| grid.row(y)).unwrap_or_default()
}
