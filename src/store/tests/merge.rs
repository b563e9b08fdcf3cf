//! A unit of work reads what it wrote over what is there, as if it were one sorted table.

use std::ops::ControlFlow;

use proptest::collection::{btree_map, vec};
use proptest::prelude::{Strategy, any, proptest};
use proptest::prop_assert_eq;

use crate::store::fault::Fault;
use crate::store::key::{Order, Space, Span};
use crate::store::read::Read;
use crate::store::tests::desk::empty_ledger;

fn key() -> impl Strategy<Value = Vec<u8>> {
    vec(0_u8..4, 0..4)
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn a_scan_through_a_change_equals_one_sorted_table(
        below in btree_map(key(), any::<u8>(), 0..40),
        above in vec((key(), proptest::option::of(any::<u8>())), 0..40),
        from in key(),
        to in proptest::option::of(key()),
        is_backward in any::<bool>(),
        limit in 1_usize..20,
    ) {
        let (_folder, store) = empty_ledger();
        let mut model = below.clone();
        store.write(move |work| {
            for (key, value) in below {
                work.put(Space::Setting, &key, vec![value])?;
            }
            // Neighbouring namespaces must never be seen.
            work.put(Space::Document, &[255; 3], vec![])?;
            work.put(Space::Blob, &[], vec![])
        }).unwrap();
        for (key, value) in &above {
            match value {
                Some(value) => model.insert(key.clone(), *value),
                None => model.remove(key),
            };
        }
        let within = |key: &Vec<u8>| *key >= from && to.as_ref().is_none_or(|to| key < to);
        let mut expected: Vec<_> = model
            .iter()
            .filter(|(key, _)| within(key))
            .map(|(key, value)| (key.clone(), *value))
            .collect();
        if is_backward {
            expected.reverse();
        }
        expected.truncate(limit);
        let order = if is_backward { Order::Backward } else { Order::Forward };
        let span = Span { space: Space::Setting, from: from.clone(), to };
        let first = model.get(&from).map(|value| vec![*value]);
        let (seen, got) = store.write(move |work| {
            for (key, value) in &above {
                match value {
                    Some(value) => work.put(Space::Setting, key, vec![*value])?,
                    None => work.remove(Space::Setting, key)?,
                }
            }
            let mut seen = Vec::new();
            work.scan(&span, order, &mut |key, value| {
                seen.push((key.to_vec(), value[0]));
                let is_enough = seen.len() == limit;
                Ok(if is_enough { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
            })?;
            Ok::<_, Fault>((seen, work.get(Space::Setting, &from)?))
        }).unwrap();
        prop_assert_eq!(seen, expected);
        prop_assert_eq!(got, first);
    }
}
