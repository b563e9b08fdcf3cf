//! In which lists a case stands.

use serde_json::json;

use crate::domain::case::Case;
use crate::domain::ids::UnitId;
use crate::store::tables::{Facet, facets};

#[test]
fn a_matter_about_the_village_that_has_it_stands_once_in_the_list_of_that_unit() {
    let case = json!({
        "id": 1, "version": 1, "number": "1", "title": "t", "request": "r", "people": 1,
        "level": "town", "received_on": "2026-08-01", "cycle": 1, "last_step": 0,
        "village": 7, "about_unit": 7,
    });
    for unit in [json!(7), json!(null), json!(8)] {
        let mut case = case.clone();
        case["unit"] = unit;
        let case: Case = serde_json::from_value(case).unwrap();
        let own = facets(&case).into_iter().filter(|facet| *facet == Facet::Unit(UnitId(7)));
        assert_eq!(own.count(), 1, "{:?}", case.unit);
        assert!(!facets(&case).contains(&Facet::Village(UnitId(7))), "its account reads it");
    }
}
