//! What many rows share: a scope and a village. A row names its group, so that a search asks
//! about each scope and looks at each village once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::domain::ids::{CaseId, OfficerId, UnitId};
use crate::search::arena::grow;
use crate::search::entry::Scope;

/// The place of a group.
pub type GroupId = u32;

/// All groups.
#[derive(Debug, Default)]
pub struct Groups {
    groups: Vec<Group>,
    // The place of each group once more, close together for the scan.
    place_of: Vec<u32>,
    places: Vec<Box<[u16]>>,
    // The group or place of a hash; of two that share one the second is found by the next hash.
    group_ids: HashMap<u64, GroupId>,
    place_ids: HashMap<u64, u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Group {
    scope: Packed,
    place: u32,
}

/// A scope in a quarter of its room, as long as no number of it is beyond four thousand million.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Packed {
    Narrow([u32; 5]),
    Wide(Box<Scope>),
}

impl Groups {
    /// The group of a scope and a place, made if there is none yet.
    pub fn id_of(&mut self, scope: &Scope, place: Option<&str>) -> GroupId {
        let units: Box<[u16]> = place.unwrap_or_default().encode_utf16().collect();
        let place = intern(&mut self.place_ids, &mut self.places, units);
        let group = Group { scope: Packed::of(scope), place };
        let id = intern(&mut self.group_ids, &mut self.groups, group);
        if id as usize == self.place_of.len() {
            self.place_of.push(place);
        }
        id
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there is no group.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The scope of a group.
    pub fn scope(&self, group: GroupId) -> Option<Scope> {
        self.groups.get(group as usize).map(|group| group.scope.unpack())
    }

    /// The number of a group's place among [`Self::places`].
    #[inline]
    pub fn place_id(&self, group: GroupId) -> usize {
        self.place_of.get(group as usize).map_or(usize::MAX, |place| *place as usize)
    }

    /// The place of a group; empty if it has none.
    pub fn place(&self, group: GroupId) -> &[u16] {
        self.places.get(self.place_id(group)).map(AsRef::as_ref).unwrap_or_default()
    }

    /// Every place once.
    pub fn places(&self) -> impl Iterator<Item = &[u16]> {
        self.places.iter().map(AsRef::as_ref)
    }

    /// How many bytes are held, roughly.
    pub fn bytes(&self) -> usize {
        let place = |place: &[u16]| size_of_val::<[u16]>(place) + size_of::<Box<[u16]>>();
        self.groups.capacity() * size_of::<Group>()
            + self.place_of.capacity() * size_of::<u32>()
            + self.group_ids.capacity() * (size_of::<(u64, GroupId)>() + 1)
            + self.places.iter().map(|own| place(own)).sum::<usize>()
    }
}

fn intern<T: Hash + PartialEq>(ids: &mut HashMap<u64, u32>, all: &mut Vec<T>, one: T) -> u32 {
    let mut hasher = DefaultHasher::new();
    one.hash(&mut hasher);
    let mut hash = hasher.finish();
    while let Some(id) = ids.get(&hash) {
        if all.get(*id as usize) == Some(&one) {
            return *id;
        }
        hash = hash.wrapping_add(1);
    }
    let id = u32::try_from(all.len()).unwrap_or(u32::MAX - 1);
    ids.insert(hash, id);
    grow(all);
    all.push(one);
    id
}

impl Packed {
    fn of(scope: &Scope) -> Self {
        let ids = [
            scope.village.map(|id| id.0),
            scope.unit.map(|id| id.0),
            scope.lead.map(|id| id.0),
            scope.handler.map(|id| id.0),
            scope.sealed.map(|id| id.0),
        ];
        // Zero is none, so every number is one more than it is.
        let narrow = ids.map(|id| id.map_or(Some(0), |id| u32::try_from(id).ok()?.checked_add(1)));
        match narrow {
            [Some(a), Some(b), Some(c), Some(d), Some(e)] => Self::Narrow([a, b, c, d, e]),
            _ => Self::Wide(Box::new(scope.clone())),
        }
    }

    fn unpack(&self) -> Scope {
        match self {
            Self::Wide(scope) => (**scope).clone(),
            Self::Narrow(ids) => {
                let [village, unit, lead, handler, sealed] =
                    ids.map(|id| id.checked_sub(1).map(u64::from));
                Scope {
                    village: village.map(UnitId),
                    unit: unit.map(UnitId),
                    lead: lead.map(OfficerId),
                    handler: handler.map(OfficerId),
                    sealed: sealed.map(CaseId),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Groups;
    use crate::domain::ids::{CaseId, OfficerId, UnitId};
    use crate::search::entry::Scope;
    use proptest::prelude::{any, prop, proptest};

    proptest! {
        #[test]
        fn a_group_gives_back_its_scope_and_place(
            numbers in prop::collection::vec(any::<Option<u64>>(), 5),
            place in ".{0,4}",
            edge in 0_u64..3,
        ) {
            let scope = Scope {
                village: numbers[0].map(UnitId),
                unit: numbers[1].map(|id| UnitId(id >> 40)),
                lead: numbers[2].map(OfficerId),
                handler: numbers[3].map(|_| OfficerId(u64::from(u32::MAX) - 1 + edge)),
                sealed: numbers[4].map(|id| CaseId(id & 0xff)),
            };
            let mut groups = Groups::default();
            let other = groups.id_of(&Scope::default(), None);
            let id = groups.id_of(&scope, Some(&place));
            assert_eq!(groups.id_of(&scope, Some(&place)), id);
            assert_eq!(groups.scope(id), Some(scope.clone()));
            assert_eq!(String::from_utf16_lossy(groups.place(id)), place);
            assert_eq!(id == other, scope == Scope::default() && groups.place(id).is_empty());
        }
    }
}
