//! Circles of prerequisites: tasks that wait for themselves, directly or through others.
//!
//! A task that only waits for a circle stands in none: what is named is what must be changed.

use std::collections::{BTreeMap, BTreeSet};

/// The circles among tasks and what each of them waits for, at most so many.
pub fn circles(mut open: BTreeMap<usize, BTreeSet<usize>>, most: usize) -> Vec<Vec<usize>> {
    let mut waiting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, needs) in &open {
        needs.iter().for_each(|need| waiting.entry(*need).or_default().push(*place));
    }
    let is_free = |(_, needs): &(&usize, &BTreeSet<usize>)| needs.is_empty();
    let mut free: Vec<usize> = open.iter().filter(is_free).map(|(at, _)| *at).collect();
    let mut circles = Vec::new();
    loop {
        // Taken out one after the other when nothing is left that they wait for.
        while let Some(place) = free.pop() {
            open.remove(&place);
            for waiter in waiting.remove(&place).unwrap_or_default() {
                if let Some(needs) = open.get_mut(&waiter)
                    && needs.remove(&place)
                    && needs.is_empty()
                {
                    free.push(waiter);
                }
            }
        }
        let circle = circle_in(&open);
        if circle.is_empty() || circles.len() == most {
            return circles;
        }
        // As if it were done, so that another circle is found too.
        free.clone_from(&circle);
        circles.push(circle);
    }
}

/// The tasks of one circle, each before the one that it waits for. All that are left wait, so that
/// going on from any of them to what it waits for leads into a circle.
fn circle_in(open: &BTreeMap<usize, BTreeSet<usize>>) -> Vec<usize> {
    let mut way: Vec<usize> = Vec::new();
    let mut places: BTreeMap<usize, usize> = BTreeMap::new();
    let mut next = open.keys().next().copied();
    while let Some(at) = next {
        if let Some(first) = places.insert(at, way.len()) {
            return way.split_off(first);
        }
        way.push(at);
        next = open.get(&at).and_then(|needs| needs.first().copied());
    }
    Vec::new()
}
