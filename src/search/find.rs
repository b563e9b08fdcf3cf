//! The scan: masks first, then kind and scope, then the text; ranking and counting only what is
//! left.
//!
//! Rows are taken from the newest to the oldest, so that a full page is rarely improved upon and
//! most rows that fit need only be counted. Words that only a long text may hold are settled by
//! reading it, for as many as can still reach the page. Fuzzy matching comes last, for few rows,
//! when little was found.

use std::cmp::Reverse;

use crate::domain::ids::RecordRef;
use crate::search::Index;
use crate::search::arena::RowId;
use crate::search::entry::{FieldTag, Scope};
use crate::search::fit::{
    Looker, RowFit, Tags, body_score, front_score_max, inside_score_max, score,
};
use crate::search::group::GroupId;
use crate::search::query::{Found, HITS_MAX, Hit, Query, Why};
use crate::search::reader::{READS_MAX, Reader};
use crate::search::row;
use crate::search::row::Piece;
use crate::search::sight::Sight;
use crate::search::top::{Place, Top};
use crate::search::wanted::Wanted;
use crate::spell::fuzzy::Fuzzy;
use crate::spell::sieve::Answer;
use crate::spell::spoken;
use crate::spell::term::{Grade, Term};

/// Fuzzy matching runs when fewer records than this were found.
pub const FUZZY_BELOW: usize = 8;

/// The most rows that fuzzy matching looks at, the newest records first.
pub const FUZZY_ROWS_MAX: usize = 1_000;

/// The most hits that fuzzy matching adds.
pub const FUZZY_HITS_MAX: usize = 20;

// The matcher's score is made to fit below the lowest score of any other grade.
const FUZZY_SCALE: u32 = 4;
const FUZZY_FINE_MAX: u32 = 39;

impl Index {
    /// Finds what fits every word of a query among the rows that the caller lets be seen.
    ///
    /// `visible` is asked once for each scope that comes up, before anything of the row is read.
    /// `read` gives a record's long texts joined by line breaks, as they are in the store; it is
    /// called at most [`READS_MAX`] times, for visible records only. A question that finds nothing
    /// as it was typed is asked once more without the words that only ask.
    pub fn find(
        &self,
        query: &Query,
        visible: impl Fn(&Scope) -> bool,
        mut read: impl FnMut(RecordRef) -> Option<String>,
    ) -> Found {
        let found = self.find_text((query, &query.text), &visible, &mut read);
        if !found.hits.is_empty() {
            return found;
        }
        match spoken::plain(&query.text) {
            Some(plain) => self.find_text((query, &plain), &visible, &mut read),
            None => found,
        }
    }

    fn find_text(
        &self,
        (query, text): (&Query, &str),
        visible: impl Fn(&Scope) -> bool,
        read: impl FnMut(RecordRef) -> Option<String>,
    ) -> Found {
        let barred = Tags::of(&query.barred);
        let terms = Term::parse(&self.speller, text);
        let wanted: Vec<Wanted> = terms.into_iter().map(|term| self.want(term, barred)).collect();
        if wanted.is_empty() {
            return Found::default();
        }
        let mut search = Search {
            index: self,
            barred,
            kinds: query.kinds.iter().fold(0, |set, kind| set | 1 << kind.code()),
            sight: Sight::new(visible, &self.arena.groups),
            reader: Reader::new(read),
            wanted,
            counted: query.counted,
        };
        search.run(query.most.min(HITS_MAX))
    }
}

struct Search<'a, V, R> {
    index: &'a Index,
    wanted: Vec<Wanted>,
    barred: Tags,
    kinds: u16,
    sight: Sight<V>,
    reader: Reader<R>,
    // How far what fits is counted.
    counted: usize,
}

/// What a scan found.
struct Scanned {
    top: Top,
    n_sure: usize,
    // Rows that fit if their long text holds what its characters promise: the best, and all.
    pending: Top,
    n_pending: usize,
}

/// What is left of it once texts were read.
struct Settled {
    places: Vec<Place>,
    n_sure: usize,
}

/// How a row stands to the query before its fields are walked.
struct Chance {
    // No fit of the row can have more.
    score_max: u32,
    // Whether it is certain that it fits.
    is_sure: bool,
}

enum Standing {
    Sure(u32),
    Pending(u32),
}

impl<V, R> Search<'_, V, R>
where
    V: Fn(&Scope) -> bool,
    R: FnMut(RecordRef) -> Option<String>,
{
    fn run(&mut self, most: usize) -> Found {
        let mut scanned =
            Scanned { top: Top::new(most), n_sure: 0, pending: Top::new(READS_MAX), n_pending: 0 };
        self.scan(&mut scanned);
        let (scanned, n_unread) = self.settle(scanned);
        let is_more = scanned.n_sure > self.counted;
        let total = scanned.n_sure.min(self.counted);
        let mut found = Found { hits: Vec::new(), total, is_more, n_unread };
        for place in scanned.places {
            let hit = self.hit(place.row);
            found.hits.push(hit);
        }
        if !is_more && found.total + n_unread < FUZZY_BELOW {
            let loose = self.scan_loosely(most.saturating_sub(found.hits.len()));
            found.total += loose.len();
            found.hits.extend(loose);
        }
        found
    }

    fn scan(&mut self, scanned: &mut Scanned) {
        let index = self.index;
        let arena = &index.arena;
        let all = self.wanted.iter().fold(0, |mask, wanted| mask | wanted.mask);
        let has_sets = self.wanted.iter().any(Wanted::has_sets);
        // A row that fits by other than its own fields; several words may fit in several ways.
        let beside = match self.wanted.as_slice() {
            [wanted] => wanted.beside_score_max(),
            _ => u32::MAX,
        };
        let rows = (0..arena.n_rows()).zip(arena.masks()).zip(arena.group_ids());
        for ((row, mask), group) in rows.rev() {
            let may_fit = mask & all == all
                || has_sets
                    && (scanned.n_sure <= self.counted || scanned.top.takes_score(beside))
                    && self.wanted.iter().all(|w| w.may_fit((row, *mask, *group), index));
            if may_fit
                && (scanned.n_sure <= self.counted || self.may_rise((row, *group), &scanned.top))
                && self.may_see(row, *group)
            {
                self.test((row, *mask, *group), scanned);
            }
        }
    }

    /// Whether a row could come among the best: first by what lies close together for all rows,
    /// then by how its fields begin.
    fn may_rise(&self, row: (RowId, GroupId), top: &Top) -> bool {
        let arena = &self.index.arena;
        let front = arena.front(row.0);
        let takes = |score| top.takes_score(score) && top.takes(self.place(score, row.0));
        takes(self.score_max(row, |wanted| {
            front_score_max(front, wanted.term.chars().len(), wanted.spelling)
        })) && takes(self.score_max(row, |wanted| wanted.begin_score_max(arena.spoken(row.0))))
    }

    /// More than a row can be worth, by what its fields can be worth if a word begins one.
    #[inline]
    fn score_max(&self, (row, group): (RowId, GroupId), begin: impl Fn(&Wanted) -> u32) -> u32 {
        let arena = &self.index.arena;
        let begins = arena.beginnings(row);
        self.wanted.iter().fold(0_u32, |sum, wanted| {
            let most = if wanted.printed.has(row) {
                u32::MAX
            } else if begins & wanted.beginning != 0 {
                begin(wanted).max(inside_score_max())
            } else {
                inside_score_max()
            };
            sum.saturating_add(most.max(wanted.place_score(&arena.groups, group)))
        })
    }

    fn may_see(&mut self, row: RowId, group: GroupId) -> bool {
        let arena = &self.index.arena;
        if self.kinds != 0 && self.kinds >> arena.kind(row).code() & 1 == 0 {
            return false;
        }
        self.sight.sees(&arena.groups, group)
    }

    fn test(&mut self, row: (RowId, u64, GroupId), scanned: &mut Scanned) {
        let Some(chance) = self.chance(row) else { return };
        let (whole, (row, ..)) = (row, row);
        if chance.is_sure && !scanned.top.takes(self.place(chance.score_max, row)) {
            scanned.n_sure += 1;
            return;
        }
        match self.fit(whole) {
            Some(Standing::Sure(score)) => {
                scanned.n_sure += 1;
                scanned.top.offer(self.place(score, row));
            }
            Some(Standing::Pending(score)) => {
                scanned.n_pending += 1;
                scanned.pending.offer(self.place(score, row));
            }
            None => {}
        }
    }

    /// Where a row would stand with a score.
    fn place(&self, score: u32, row: RowId) -> Place {
        let arena = &self.index.arena;
        Place::of(score, arena.record(row), row).over(arena.is_over(row))
    }

    /// What a row can be worth by what is cheap to know; none if it cannot fit.
    fn chance(&mut self, row: (RowId, u64, GroupId)) -> Option<Chance> {
        let arena = &self.index.arena;
        let (row, mask, group) = row;
        let mut sum = Chance { score_max: 0, is_sure: true };
        for wanted in &mut self.wanted {
            let place = wanted.place_score(&arena.groups, group);
            let (mut score_max, mut is_sure) = (place, place > 0);
            if mask & wanted.mask == wanted.mask {
                let units = arena.spoken(row);
                let answer = wanted.sieve.look(units);
                is_sure |= answer == Answer::Yes && self.barred.is_empty();
                score_max = score_max.max(match answer {
                    Answer::No => 0,
                    _ => wanted.begin_score_max(units).max(inside_score_max()),
                });
            }
            if wanted.printed.has(row) {
                score_max = u32::MAX;
            }
            if wanted.bodies.has(row) {
                is_sure |= wanted.term.chars().len() == 1;
                score_max = score_max.max(body_score());
            }
            if score_max == 0 {
                return None;
            }
            sum.score_max = sum.score_max.saturating_add(score_max);
            sum.is_sure &= is_sure;
        }
        Some(sum)
    }

    fn fit(&self, row: (RowId, u64, GroupId)) -> Option<Standing> {
        let (mut sum, mut is_pending) = (0, false);
        for wanted in &self.wanted {
            let score = self.score(wanted, row);
            if score > 0 {
                sum += score;
            } else if wanted.bodies.has(row.0) {
                sum += body_score();
                // One character is in the text or not; several may stand apart.
                is_pending |= wanted.term.chars().len() > 1;
            } else {
                return None;
            }
        }
        Some(if is_pending { Standing::Pending(sum) } else { Standing::Sure(sum) })
    }

    /// The score of what [`Self::look`] finds, without a look where nothing can be; zero is none.
    fn score(&self, wanted: &Wanted, row: (RowId, u64, GroupId)) -> u32 {
        let arena = &self.index.arena;
        let (row, mask, group) = row;
        let mut best = wanted.place_score(&arena.groups, group);
        let Wanted { term, sieve, .. } = wanted;
        let looker = Looker { speller: &self.index.speller, term, sieve };
        if mask & wanted.mask == wanted.mask {
            let spoken = row::spoken(arena.spoken(row)).filter(|(tag, _)| !self.barred.has(*tag));
            best = best.max(looker.look(spoken).map_or(0, |fit| fit.score));
        }
        if wanted.printed.has(row) {
            let printed = arena.printed(row).filter(|(tag, _)| !self.barred.has(*tag));
            best = best.max(looker.look(printed).map_or(0, |fit| fit.score));
        }
        best
    }

    fn look(&self, wanted: &Wanted, row: RowId) -> Option<RowFit> {
        let Wanted { term, sieve, .. } = wanted;
        Looker { speller: &self.index.speller, term, sieve }.look(self.shown(row))
    }

    /// The short fields of a row that this clerk may know of.
    fn shown(&self, row: RowId) -> impl Iterator<Item = (FieldTag, Piece<'_>)> + Clone {
        let barred = self.barred;
        self.index.arena.fields(row).filter(move |(tag, _)| !barred.has(*tag))
    }

    /// Reads pending rows, the best first, while one can still reach the page; the second value
    /// is how many stay unread.
    fn settle(&mut self, scanned: Scanned) -> (Settled, usize) {
        let Scanned { mut top, mut n_sure, pending, n_pending } = scanned;
        top.cut();
        let mut n_read = 0;
        for place in pending.into_sorted() {
            if !self.reader.may_read() || !top.takes(place) {
                break;
            }
            n_read += 1;
            let open: Vec<&Term> = self
                .wanted
                .iter()
                .filter(|wanted| self.look(wanted, place.row).is_none())
                .map(|wanted| &wanted.term)
                .collect();
            if self.reader.holds(self.index.arena.record(place.row), open.into_iter()) {
                n_sure += 1;
                top.offer(place);
                top.cut();
            }
        }
        (Settled { places: top.into_sorted(), n_sure }, n_pending - n_read)
    }

    fn hit(&mut self, row: RowId) -> Hit {
        let mut hit = self.bare_hit(row, Grade::Exact);
        for wanted in &self.wanted {
            if let Some(fit) = self.look(wanted, row) {
                hit.grade = hit.grade.min(fit.grade);
                hit.why.push(Why { field: fit.field, chars: fit.chars.0..fit.chars.1 });
                continue;
            }
            hit.grade = hit.grade.min(Grade::Inside);
            if let Some(excerpt) = self.reader.excerpt(hit.record, &wanted.term) {
                hit.why.push(Why { field: hit.fields.len(), chars: excerpt.chars });
                hit.fields.push((FieldTag::Text, excerpt.text));
            }
        }
        hit
    }

    fn scan_loosely(&mut self, most: usize) -> Vec<Hit> {
        let most = most.min(FUZZY_HITS_MAX);
        if most == 0 || !self.wanted.iter().any(|wanted| Fuzzy::takes(&wanted.term)) {
            return Vec::new();
        }
        let arena = &self.index.arena;
        let mut newest = Top::new(FUZZY_ROWS_MAX);
        let rows = (0..arena.n_rows()).zip(arena.masks()).zip(arena.group_ids());
        for ((row, mask), group) in rows.rev() {
            let place = self.place(0, row);
            if newest.takes(place)
                && self.wanted.iter().all(|wanted| wanted.may_fit((row, *mask, *group), self.index))
                && self.may_see(row, *group)
            {
                newest.offer(place);
            }
        }
        let (mut fuzzy, mut top) = (Fuzzy::new(), Top::new(most));
        for place in newest.into_sorted() {
            if let Some((score, _)) = self.look_loosely(place.row, &mut fuzzy) {
                top.offer(Place { score: Reverse(score), ..place });
            }
        }
        let best = top.into_sorted().into_iter().filter_map(|place| {
            let (_, why) = self.look_loosely(place.row, &mut fuzzy)?;
            Some(Hit { why, ..self.bare_hit(place.row, Grade::Fuzzy) })
        });
        best.collect()
    }

    /// What a row is worth in which every word fits, one at least only loosely, and why.
    fn look_loosely(&self, row: RowId, fuzzy: &mut Fuzzy) -> Option<(u32, Vec<Why>)> {
        let (mut sum, mut why, mut is_loose) = (0, Vec::new(), false);
        for wanted in &self.wanted {
            if let Some(fit) = self.look(wanted, row) {
                sum += fit.score;
                why.push(Why { field: fit.field, chars: fit.chars.0..fit.chars.1 });
                continue;
            }
            if !Fuzzy::takes(&wanted.term) {
                return None;
            }
            is_loose = true;
            let looked = self.shown(row).enumerate().filter_map(|(field, (tag, piece))| {
                let Piece::Spoken(units) = piece else { return None };
                let found = fuzzy.look(&wanted.term, &self.index.speller, row::chars(units))?;
                let fine = (found.score / FUZZY_SCALE).min(FUZZY_FINE_MAX);
                Some((score(Grade::Fuzzy, tag, 0) + fine, field, found.marks))
            });
            let best = looked.max_by_key(|(score, field, _)| (*score, Reverse(*field)));
            let (score, field, marks) = best?;
            sum += score;
            why.extend(marks.into_iter().map(|chars| Why { field, chars }));
        }
        is_loose.then_some((sum, why))
    }

    fn bare_hit(&self, row: RowId, grade: Grade) -> Hit {
        let fields = self.shown(row).map(|(tag, piece)| (tag, piece.shown())).collect();
        Hit { record: self.index.arena.record(row), fields, why: Vec::new(), grade }
    }
}
