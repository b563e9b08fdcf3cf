//! What lists show, are put in order by and narrowed by.

use super::{Column, List, Narrow, Sort, Value, columns_text};

#[test]
fn a_filter_is_read_as_it_was_written() {
    let mut narrow = Narrow::default();
    narrow.set(Column::Lead, Some(Value::Id(12)));
    narrow.set(Column::Stage, Some(Value::word("handling")));
    narrow.set(Column::Unit, Some(Value::Nothing));
    assert_eq!(narrow.text(), "stage=handling lead=12 unit=-");
    assert_eq!(Narrow::parse(List::Cases, &narrow.text()).unwrap(), narrow);
}

#[test]
fn a_list_is_not_narrowed_by_what_its_rows_do_not_have() {
    let odd = ["ground=hardship", "title=x", "lead", "lead=", "lead=li", "due=soonish", "stage=-"];
    for text in odd.into_iter().chain(["mood=bad", "channel=3"]) {
        assert!(Narrow::parse(List::Cases, text).is_err(), "{text}");
    }
    assert!(Narrow::parse(List::Roster, "ground=hardship whose=all").is_ok());
}

#[test]
fn an_order_is_read_as_it_was_written() {
    for list in List::ALL {
        for by in list.sorts() {
            let sort = Sort::usual(by);
            let turned = Sort { direction: sort.direction.turned(), ..sort };
            assert_eq!(Sort::parse(&sort.word()), Some(sort));
            assert_eq!(Sort::parse(&turned.word()), Some(turned));
        }
    }
    assert_eq!(Sort::parse("--due"), None);
}

#[test]
fn columns_that_a_list_does_not_have_are_left_out() {
    let columns = List::Cases.columns("title,ground,number,title,whose");
    assert_eq!(columns_text(&columns), "title,number");
}
