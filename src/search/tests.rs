//! What the index finds, ranks and hides, and that it agrees with a plain scan.

use proptest::prelude::{Strategy, any, prop, proptest};

use crate::domain::ids::{CaseId, Kind, RecordRef, UnitId};
use crate::search::Index;
use crate::search::entry::{Entry, FieldTag, Scope};
use crate::search::find::FUZZY_BELOW;
use crate::search::query::{COUNTED_MAX, Found, Query};
use crate::search::sift::Sift;
use crate::spell::term::Grade;

fn record(kind: Kind, id: u64) -> RecordRef {
    RecordRef { kind, id }
}

fn entry(kind: Kind, id: u64, fields: &[(FieldTag, &str)]) -> Entry {
    let fields = fields.iter().map(|(tag, text)| (*tag, (*text).to_owned())).collect();
    Entry { record: record(kind, id), scope: Scope::default(), fields, is_over: false }
}

const BODY: &str = "反映人称夜间施工噪音扰民，\n多次反映无果，要求夜间停工。";

fn town() -> Vec<Entry> {
    use FieldTag::{Code, IdNumber, Name, Number, Phone, Place, Text, Title};
    vec![
        entry(Kind::Unit, 1, &[(Name, "王庄村")]),
        entry(Kind::Unit, 2, &[(Name, "重庆路社区")]),
        entry(Kind::Officer, 1, &[(Name, "王小明"), (Title, "副镇长")]),
        entry(
            Kind::Person,
            1,
            &[
                (Name, "王小明"),
                (Place, "王庄村"),
                (Phone, "13800001234"),
                (IdNumber, "11010519491231002X"),
            ],
        ),
        entry(Kind::Person, 2, &[(Name, "张华"), (Place, "李家店"), (Phone, "13800005678")]),
        entry(Kind::Person, 3, &[(Name, "单小明"), (Place, "王庄村"), (Phone, "13812340000")]),
        entry(
            Kind::Case,
            1,
            &[
                (Title, "征地补偿款未发放"),
                (Name, "张华"),
                (Place, "王庄村"),
                (Number, "XF-2026-000123"),
                (Code, "Q7K2M9"),
            ],
        ),
        entry(Kind::Case, 2, &[(Title, "工地夜间施工"), (Number, "XF-2026-001234"), (Text, BODY)]),
        entry(Kind::Case, 3, &[(Title, "道路噪音"), (Number, "XF-2025-009123")]),
    ]
}

fn index(entries: &[Entry]) -> Index {
    let mut index = Index::new();
    entries.iter().for_each(|entry| index.upsert(entry));
    index
}

fn ask(index: &Index, query: &Query) -> Found {
    index.find(query, |_| true, |record| (record.kind == Kind::Case).then(|| BODY.to_owned()))
}

fn find(text: &str) -> Found {
    ask(&index(&town()), &Query::new(text, 50))
}

fn names(found: &Found) -> Vec<String> {
    found.hits.iter().map(|hit| hit.record.to_string()).collect()
}

/// The marked pieces of the first hit.
fn marked(found: &Found) -> Vec<String> {
    let hit = &found.hits[0];
    let piece = |why: &crate::search::query::Why| {
        hit.fields[why.field].1.chars().skip(why.chars.start).take(why.chars.len()).collect()
    };
    hit.why.iter().map(piece).collect()
}

#[test]
fn a_person_is_found_however_the_name_is_typed() {
    for text in ["王小明", "wangxiaoming", "wxm", "wangxm", "王xm", "ＷＸＭ", "wangxiaom"] {
        assert_eq!(names(&find(text)), ["officer:1", "person:1"], "{text}");
    }
    assert_eq!(names(&find("张h")), ["person:2", "case:1"]);
    assert_eq!(names(&find("shanxm")), ["person:3"]);
    assert_eq!(names(&find("danxiaoming")), ["person:3"]);
}

#[test]
fn a_place_is_found_by_both_readings_of_its_name() {
    for text in ["chongqing", "zhongqing", "cql", "重庆"] {
        assert_eq!(names(&find(text)), ["unit:2"], "{text}");
    }
}

#[test]
fn a_question_as_it_is_spoken_finds_what_it_names_and_each_of_that_must_fit() {
    for text in ["王庄那件征地的", "王庄那件征地的到哪一步了？", "请问王庄村的征地补偿款怎么样了"]
    {
        assert_eq!(names(&find(text)), ["case:1"], "{text}");
    }
    assert_eq!(names(&find("李家店那件征地的")), Vec::<String>::new());
    assert_eq!(names(&find("那件的怎么样了")), Vec::<String>::new());
}

#[test]
fn what_really_holds_such_a_word_is_found_as_it_was_typed() {
    use FieldTag::{Name, Title};
    let mut entries = town();
    entries.push(entry(Kind::Unit, 7, &[(Name, "了哥山村")]));
    entries.push(entry(Kind::Case, 7, &[(Title, "征地的那户邻居占道")]));
    let index = index(&entries);
    let found = |text: &str| names(&ask(&index, &Query::new(text, 50)));
    assert_eq!(found("了哥山"), ["unit:7"]);
    assert_eq!(found("征地的那户"), ["case:7"], "as typed, and not every matter of land");
    assert_eq!(found("了哥山那个"), ["unit:7"]);
}

#[test]
fn of_equal_fits_what_is_under_way_comes_before_what_is_over() {
    use FieldTag::{Place, Title};
    let case = |id, title, is_over| {
        let fields = [(Title, title), (Place, "张家庄村")];
        Entry { is_over, ..entry(Kind::Case, id, &fields) }
    };
    let mut entries = vec![
        case(1, "征地补偿款未到账", false),
        case(2, "征地补偿", true),
        case(3, "征地补偿标准", false),
        case(4, "修路征地", false),
    ];
    for text in ["张家庄 征地", "zjz zd", "zhangjz 征地"] {
        assert_eq!(
            names(&ask(&index(&entries), &Query::new(text, 50)))[..3],
            ["case:3", "case:1", "case:2"]
        );
        let first = ask(&index(&entries), &Query::new(text, 1));
        assert_eq!(names(&first), ["case:3"], "{text}");
    }
    // It is closed and another reopened without a change of what they say.
    let mut kept = index(&entries);
    (entries[1].is_over, entries[2].is_over) = (false, true);
    entries.iter().for_each(|entry| kept.upsert(entry));
    assert_eq!(names(&ask(&kept, &Query::new("zjz zd", 3))), ["case:2", "case:1", "case:3"]);
}

#[test]
fn a_question_to_a_meeting_is_found_by_characters_and_by_pinyin_but_not_where_it_is_barred() {
    let fields = [(FieldTag::Title, "路灯不亮"), (FieldTag::Question, "是否由财政先行垫付")];
    let index = index(&[entry(Kind::Case, 7, &fields)]);
    for text in ["先行垫付", "xxdf", "caizheng"] {
        assert_eq!(names(&ask(&index, &Query::new(text, 5))), ["case:7"], "{text}");
        let barred = vec![FieldTag::Question];
        let query = Query { barred, ..Query::new(text, 5) };
        assert_eq!(ask(&index, &query).total, 0, "{text}");
    }
}

#[test]
fn all_words_must_fit_and_each_says_where() {
    let found = find("zh 征地　wangz");
    assert_eq!(names(&found), ["case:1"]);
    assert_eq!(marked(&found), ["张", "征地", "王庄"]);
    assert_eq!(names(&find("zhanghua 噪音")), Vec::<String>::new());
}

#[test]
fn digits_find_numbers_and_their_tails_come_first() {
    assert_eq!(names(&find("1234")), ["case:2", "person:1", "person:3"]);
    assert_eq!(names(&find("123")), ["case:1", "case:3", "case:2"]);
    assert_eq!(names(&find("2026-123")), ["case:1", "case:2"]);
    assert_eq!(names(&find("XF-2026-000123")), ["case:1"]);
    assert_eq!(names(&find("002x")), ["person:1"]);
    assert_eq!(names(&find("１２３１００２Ｘ")), ["person:1"]);
    assert_eq!(names(&find("q7k2")), ["case:1"]);
    assert_eq!(marked(&find("5678")), ["5678"]);
}

#[test]
fn three_digits_tell_nothing_about_a_telephone_or_an_id_number() {
    assert_eq!(names(&find("678")), Vec::<String>::new());
    assert_eq!(names(&find("02x")), Vec::<String>::new());
}

#[test]
fn the_better_fit_comes_first() {
    // The unit's name is the whole word; the place of persons is too, but a place weighs less.
    assert_eq!(names(&find("王庄村")), ["unit:1", "person:3", "person:1", "case:1"]);
    let found = find("小明");
    assert_eq!(names(&found), ["officer:1", "person:3", "person:1"]);
    assert!(found.hits.iter().all(|hit| hit.grade == Grade::Inside));
}

#[test]
fn a_word_that_only_the_request_text_holds_finds_the_case() {
    let found = find("噪音");
    assert_eq!(names(&found), ["case:3", "case:2"]);
    assert_eq!((found.total, found.n_unread), (2, 0));
    let found = find("扰民");
    assert_eq!(names(&found), ["case:2"]);
    assert_eq!(marked(&found), ["扰民"]);
    assert_eq!(names(&find("施工 扰民")), ["case:2"]);
    // Both characters are in the text, but not together.
    assert_eq!(find("反工").total, 0);
    let hit = &find("扰").hits[0];
    assert!(hit.fields.last().is_some_and(|(tag, _)| *tag == FieldTag::Text));
}

#[test]
fn texts_that_were_not_read_are_counted_apart() {
    let entries: Vec<Entry> = (0..500)
        .map(|id| entry(Kind::Case, id, &[(FieldTag::Title, "来信"), (FieldTag::Text, BODY)]))
        .collect();
    let index = index(&entries);
    let found = ask(&index, &Query::new("扰民", 50));
    assert_eq!((found.hits.len(), found.total, found.n_unread), (50, 50, 450));
    assert_eq!(found.hits[0].record.id, 499);
    let mut n_reads = 0;
    let found = index.find(
        &Query::new("扰民", 50),
        |_| true,
        |_| {
            n_reads += 1;
            Some("扰而不民".to_owned())
        },
    );
    assert_eq!((found.total, found.n_unread), (0, 500 - n_reads));
    assert_eq!(n_reads, crate::search::reader::READS_MAX);
}

#[test]
fn what_may_not_be_seen_is_neither_found_nor_counted_nor_read() {
    let mut entries = town();
    for entry in &mut entries {
        if entry.record.kind == Kind::Case {
            entry.scope.sealed = Some(CaseId(entry.record.id));
        } else if entry.record.kind == Kind::Person {
            entry.scope.village = Some(UnitId(entry.record.id));
        }
    }
    let index = index(&entries);
    for text in ["王庄", "噪音", "扰", "1234", "zh", "张家华", "w"] {
        let found = index.find(
            &Query::new(text, 50),
            |scope| scope.sealed.is_none() && scope.village != Some(UnitId(1)),
            |record| panic!("read {record}"),
        );
        assert_eq!(found.total, found.hits.len());
        assert_eq!(found.n_unread, 0);
        assert!(!names(&found).iter().any(|name| name.starts_with("case") || name == "person:1"));
    }
}

#[test]
fn a_barred_field_is_neither_searched_nor_shown() {
    let mut query = Query::new("扰民", 50);
    query.barred = vec![FieldTag::Text, FieldTag::Title, FieldTag::Phone];
    let index = index(&town());
    assert_eq!(ask(&index, &query).total, 0);
    query.text = "5678".to_owned();
    assert_eq!(ask(&index, &query).total, 0);
    query.text = "zhanghua 123".to_owned();
    let found = ask(&index, &query);
    assert_eq!(marked(&found), ["张华", "123"]);
    assert!(found.hits[0].fields.iter().all(|(tag, _)| !query.barred.contains(tag)));
}

#[test]
fn the_count_goes_on_where_the_page_ends() {
    let entries: Vec<Entry> =
        (1..=312).map(|id| entry(Kind::Person, id, &[(FieldTag::Name, "王小明")])).collect();
    let found = ask(&index(&entries), &Query::new("wxm", 50));
    assert_eq!((found.hits.len(), found.total), (50, 312));
    assert_eq!(found.hits[0].record.id, 312);
}

#[test]
fn beyond_a_thousand_it_is_only_said_that_there_are_more() {
    let entries: Vec<Entry> =
        (1..=1_001).map(|id| entry(Kind::Person, id, &[(FieldTag::Name, "王小明")])).collect();
    let index = index(&entries);
    let found = ask(&index, &Query::new("wxm", 50));
    assert_eq!((found.hits.len(), found.total, found.is_more), (50, COUNTED_MAX, true));
    let mut query = Query::new("wxm", 50);
    query.counted = 1_001;
    let found = ask(&index, &query);
    assert_eq!((found.total, found.is_more), (1_001, false));
}

proptest! {
    #[test]
    fn where_the_count_ends_does_not_change_what_is_found(
        names in prop::collection::vec("[王吴李文·无w1]{1,4}", 1..60),
        titles in prop::collection::vec("[王吴家·庄征地文w1 ]{1,12}", 1..60),
        word in "[王吴征wzjd1]{1,3}( [王w1])?",
        counted in FUZZY_BELOW..30,
    ) {
        let persons = (1..).zip(&names).map(|(id, name)| (Kind::Person, id, FieldTag::Name, name));
        let cases = (1..).zip(&titles).map(|(id, text)| (Kind::Case, id, FieldTag::Title, text));
        let all = persons.chain(cases);
        let entries: Vec<Entry> =
            all.map(|(kind, id, tag, text)| entry(kind, id, &[(tag, text.as_str())])).collect();
        let index = index(&entries);
        let whole = ask(&index, &Query::new(&word, 5));
        let mut query = Query::new(&word, 5);
        query.counted = counted;
        let found = ask(&index, &query);
        assert_eq!(found.hits, whole.hits);
        assert_eq!((found.total, found.is_more), (whole.total.min(counted), whole.total > counted));
    }
}

#[test]
fn only_the_kinds_asked_for_are_found() {
    let mut query = Query::new("wxm", 50);
    query.kinds = vec![Kind::Officer];
    assert_eq!(names(&ask(&index(&town()), &query)), ["officer:1"]);
}

#[test]
fn a_slip_of_the_hand_is_forgiven_when_nothing_fits() {
    let found = find("征补偿");
    assert_eq!(names(&found), ["case:1"]);
    assert_eq!(found.hits[0].grade, Grade::Fuzzy);
    assert_eq!(marked(&found), ["征", "补偿"]);
    assert_eq!(names(&find("zhagxyz")), Vec::<String>::new());
    assert_eq!(names(&find("zhnghua")), ["person:2", "case:1"]);
}

#[test]
fn a_changed_record_is_found_by_what_it_says_now() {
    let mut index = index(&town());
    index.upsert(&entry(Kind::Person, 2, &[(FieldTag::Name, "李华")]));
    let query = |text: &str| Query::new(text, 50);
    assert_eq!(names(&ask(&index, &query("lihua"))), ["person:2"]);
    assert_eq!(names(&ask(&index, &query("zhanghua"))), ["case:1"]);
    index.remove(record(Kind::Person, 2));
    index.remove(record(Kind::Person, 77));
    assert_eq!(ask(&index, &query("lihua")).total, 0);
    assert_eq!(index.len(), town().len() - 1);
}

#[test]
fn thousands_of_changes_leave_no_more_memory_than_one_load() {
    let fields = [(FieldTag::Name, "王小明"), (FieldTag::Text, BODY)];
    let mut changed = Index::new();
    for round in 0..40_u64 {
        for id in 0..500 {
            let mut entry = entry(Kind::Case, id, &fields);
            entry.fields.push((FieldTag::Number, format!("{round}")));
            changed.upsert(&entry);
        }
    }
    let (rows, bodies) = (changed.memory().rows, changed.memory().bodies);
    assert_eq!(changed.len(), 500);
    assert!(rows < 300_000 && bodies < 120_000, "{rows} {bodies}");
    assert_eq!(ask(&changed, &Query::new("wxm 39", 50)).total, 500);
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let kind = prop::sample::select(vec![Kind::Person, Kind::Case, Kind::Unit]);
    let tag = prop::sample::select(FieldTag::ALL.to_vec());
    let text = "[王单张小明征地补偿噪音 0-3xX－ａ]{0,8}";
    let fields = prop::collection::vec((tag, text), 0..5);
    let whole = (kind, 0_u64..12, fields, 0_u64..3, any::<bool>());
    whole.prop_map(|(kind, id, fields, village, is_over)| Entry {
        record: record(kind, id),
        scope: Scope { village: Some(UnitId(village)), ..Scope::default() },
        fields,
        is_over,
    })
}

fn text_of(entries: &[Entry], record: RecordRef) -> Option<String> {
    let entry = entries.iter().find(|entry| entry.record == record)?;
    let texts = entry.fields.iter().filter(|(tag, _)| *tag == FieldTag::Text);
    Some(texts.map(|(_, text)| text.as_str()).collect::<Vec<_>>().join("\n"))
}

proptest! {
    #[test]
    fn an_index_kept_up_to_date_answers_as_one_built_anew(
        changes in prop::collection::vec((any_entry(), prop::bool::weighted(0.2)), 0..80),
        text in "[王单张小明征地噪音zwxshan01 ]{1,6}",
        tidy_now in any::<bool>(),
    ) {
        let mut kept = Index::new();
        let mut entries: Vec<Entry> = Vec::new();
        for (entry, is_removed) in changes {
            entries.retain(|old| old.record != entry.record);
            if is_removed {
                kept.remove(entry.record);
            } else {
                kept.upsert(&entry);
                entries.push(entry);
            }
        }
        if tidy_now {
            kept.rewrite();
        }
        let built = index(&entries);
        let query = Query::new(&text, 5);
        let visible = |scope: &Scope| scope.village != Some(UnitId(2));
        let read = |record| text_of(&entries, record);
        let found = kept.find(&query, visible, read);
        assert_eq!(found, built.find(&query, visible, read));
        assert!(found.hits.iter().all(|hit| {
            let entry = entries.iter().find(|entry| entry.record == hit.record);
            entry.is_some_and(|entry| visible(&entry.scope))
        }));
    }

    #[test]
    fn an_index_of_what_passes_the_sift_answers_as_the_whole_one(
        entries in prop::collection::vec(any_entry(), 0..60),
        text in "[王单张小明征地噪音的那件zwxshan01 ]{1,6}",
    ) {
        let mut one_each: Vec<Entry> = Vec::new();
        for entry in town().into_iter().chain(entries) {
            one_each.retain(|old| old.record != entry.record);
            one_each.push(entry);
        }
        let query = Query::new(&text, 5);
        let sift = Sift::new(&query);
        let passing: Vec<Entry> =
            one_each.iter().filter(|entry| sift.may_hold(entry)).cloned().collect();
        let read = |record| text_of(&one_each, record);
        let whole = index(&one_each).find(&query, |_| true, read);
        assert_eq!(index(&passing).find(&query, |_| true, read), whole);
    }

    #[test]
    fn whatever_is_typed_gets_an_answer(text in any::<String>(), title in any::<String>()) {
        let mut entries = town();
        entries.push(entry(Kind::Case, 9, &[(FieldTag::Title, &title), (FieldTag::Text, &title)]));
        for hit in ask(&index(&entries), &Query::new(&text, 50)).hits {
            for why in hit.why {
                assert!(why.chars.end <= hit.fields[why.field].1.chars().count());
            }
        }
    }

    #[test]
    fn a_word_of_a_title_always_finds_its_case(
        title in "[征地补偿款未发放重庆乐山阿卜·3a]{1,12}",
        from in 0_usize..12,
        len in 1_usize..6,
    ) {
        let word: String = title.chars().skip(from).take(len).collect();
        let index = index(&[entry(Kind::Case, 1, &[(FieldTag::Title, &title)])]);
        if word.chars().any(char::is_alphanumeric) {
            assert_eq!(ask(&index, &Query::new(&word, 5)).total, 1);
        }
    }
}
