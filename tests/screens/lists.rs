//! Lists as a clerk puts them: in order, narrowed, in chosen columns, saved by name; all of it
//! without a letter, and with the mouse where it is turned on.

use std::sync::Arc;

use anjie::api::reply::Reply;
use anjie::api::request::{AccessQuery, Order, Request};
use anjie::domain::act::Act;
use anjie::domain::ids::RequestId;
use anjie::domain::listing::{Column, List};
use anjie::tui::listen::Input;
use ratatui::layout::Position;

use crate::desk::{Desk, Office};

/// Clicks on the first place where a text stands.
fn click(desk: &mut Desk, text: &str) {
    let (rows, _) = desk.screen();
    let y = rows.iter().position(|row| row.contains(text)).unwrap();
    let before = rows[y].split(text).next().unwrap();
    let x = unicode_width::UnicodeWidthStr::width(before);
    let at = Position::new(u16::try_from(x).unwrap(), u16::try_from(y).unwrap());
    desk.tell(Input::Click(at).into());
}

/// How many rows the list says that it has.
fn total(desk: &Desk) -> usize {
    let (rows, _) = desk.screen();
    let digits = rows[1].rsplit_once('共').unwrap().1.chars().filter(char::is_ascii_digit);
    digits.collect::<String>().parse().unwrap()
}

#[test]
fn a_list_is_narrowed_and_put_in_order_without_a_letter() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("2 <tab>").sees("[全办]").sees("条件:在办").sees("排序:到期");
    let all = total(&desk);
    let lead = List::Cases.narrows().position(|own| own == Column::Lead).unwrap() + 1;
    desk.menu("narrow").sees("包案领导").keys(&lead.to_string()).sees("条");
    let offered = desk.drawn();
    desk.keys("2").sees("c清除");
    let head = desk.drawn().lines().nth(1).unwrap().to_owned();
    let name = head.split("条件(c清除):在办 ").nth(1).unwrap();
    let name = name.split("  ").next().unwrap().to_owned();
    let has_count =
        |line: &&str| line.contains(&name) && line.contains(&format!("{}条", total(&desk)));
    assert!(offered.lines().any(|line| has_count(&line)), "{name}\n{offered}");
    desk.menu("sort").sees("[到期]").keys("<ret>").sees("排序:到期倒序");
    desk.menu("clear").sees("条件:在办");
    assert_eq!(total(&desk), all);
}

#[test]
fn chosen_columns_are_there_again_at_the_next_start() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("2").menu("columns").sees("[x] 编号");
    // The number goes, the channel comes; it stands on the second page of the menu.
    desk.keys("1").sees("[ ] 编号").keys("0");
    let (rows, _) = desk.screen();
    let row = rows.iter().find(|row| row.contains("渠道")).unwrap();
    let digit: String = row.chars().filter(char::is_ascii_digit).collect();
    desk.keys(&digit).keys("<esc>").sees("渠道").sees_not("编号");
    let mut again = Desk::at(&office);
    again.keys("2").sees("渠道").sees_not("编号");
}

#[test]
fn a_filter_is_saved_applied_renamed_and_removed() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("2 <tab>").menu("views").sees("还没有保存过").keys("<esc>");
    let due = List::Cases.narrows().position(|own| own == Column::Due).unwrap() + 1;
    desk.menu("narrow").keys(&due.to_string()).keys("2");
    let narrowed = total(&desk);
    desk.menu("save_view").paste("常看的").keys("<f10>").sees("存为方案：已办");
    desk.keys("c").sees("条件:在办").keys("<tab>").sees("[我的]");
    desk.menu("views").sees("常看的").keys("1").sees("方案(c清除):常看的").sees("[全办]");
    assert_eq!(total(&desk), narrowed);
    desk.menu("views_list").sees("常看的").menu("edit_view").sees("常看的");
    desk.keys("<c-u>").paste("每天看的").keys("<f10>").sees("每天看的").keys("<ret>");
    desk.sees("方案(c清除):每天看的").keys("<esc>").menu("remove_view").sees("每天看的").keys("2");
    desk.sees("还没有筛选方案");
}

#[test]
fn marked_matters_go_to_the_meeting_in_one_command() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    let Ok(Reply::Meeting(before)) = desk.ask(Request::Meeting) else { panic!("no meeting") };
    desk.keys("2 <tab> <space> <space>").sees("选中2");
    desk.menu("table_many").sees("需议定").paste("请议定牵头单位").keys("<f10>");
    desk.sees("选中的上会：已办");
    let Ok(Reply::Meeting(after)) = desk.ask(Request::Meeting) else { panic!("no meeting") };
    let question = Some("请议定牵头单位".to_owned());
    let put = after.rows.iter().filter(|row| row.tabled.question == question).count();
    assert!((1..=2).contains(&put) && after.rows.len() == before.rows.len() + put);
}

#[test]
fn the_mouse_chooses_screens_rows_and_keys_where_it_is_on() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    click(&mut desk, "2事项");
    desk.sees("[2事项]");
    click(&mut desk, "F2操作");
    desk.sees("排序");
    click(&mut desk, "Esc返回");
    desk.keys("<tab>");
    let (rows, _) = desk.screen();
    let second = rows.iter().find(|row| row.starts_with("  2 ")).unwrap().clone();
    let number = second.split_whitespace().nth(1).unwrap().to_owned();
    click(&mut desk, &number);
    desk.sees("排序:到期");
    assert!(desk.screen().0.iter().any(|row| row.starts_with("> 2 ")), "{}", desk.drawn());
    click(&mut desk, &number);
    desk.sees_not("排序:到期").sees(&number);
    click(&mut desk, "3帮扶");
    desk.sees("[3帮扶]");
}

#[test]
fn the_mouse_chooses_fields_and_words_of_a_form_and_answers_a_question() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("n 欧阳青禾");
    let place = |desk: &Desk, text: &str| desk.screen().0.iter().position(|row| row.contains(text));
    click(&mut desk, "来件形式");
    assert!(desk.screen().0[place(&desk, "来件形式").unwrap()].contains('>'), "{}", desk.drawn());
    click(&mut desk, "2来信");
    desk.sees("[2来信]").sees("5:12345");
    click(&mut desk, "姓名或匿名");
    desk.keys("丽").sees("欧阳青禾丽").keys("<esc>").sees("将丢弃");
    click(&mut desk, "1 返回");
    desk.sees("欧阳青禾丽").keys("<esc>");
    click(&mut desk, "2 确定");
    desk.sees_not("欧阳青禾丽").sees("[1今日]");
}

#[test]
fn a_click_on_what_is_wrong_below_a_list_chooses_no_word() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    desk.keys("<f6> 张守田 <tab>").paste("村口的路灯坏了三个月。").keys("<f10>");
    desk.menu("stop").keys("<f10>");
    let (rows, _) = desk.screen();
    let y = rows.iter().position(|row| row.contains("! ")).unwrap();
    let before = rows[y - 1].split('2').next().unwrap();
    let x = u16::try_from(unicode_width::UnicodeWidthStr::width(before)).unwrap();
    let y = u16::try_from(y).unwrap();
    desk.tell(Input::Click(Position::new(x, y)).into());
    desk.sees_not("[2");
    desk.tell(Input::Click(Position::new(x, y - 1)).into());
    desk.sees("[2");
}

#[test]
fn a_list_goes_out_as_it_is_shown_and_the_last_purpose_and_recipient_are_offered() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("2 <tab>").menu("narrow").keys("1 2").sees("c清除");
    let shown = total(&desk);
    desk.menu("export").sees("用途").sees("去向");
    // Without a word of what for, nothing goes.
    desk.keys("<f10>").sees("用途");
    desk.paste("月报").keys("<ret>").paste("区信访局").keys("<f10>");
    desk.sees(&format!("已导出 {shown} 行")).sees("/srv/lijuan/out.xlsx");
    let query = AccessQuery { act: Some("export".to_owned()), most: 10, ..AccessQuery::default() };
    let Ok(Reply::Accesses(page)) = desk.ask(Request::Accesses(query)) else { panic!() };
    let note = |name: &str| {
        let note = page.rows[0].notes.iter().find(|(own, _)| own == name);
        note.and_then(|(_, text)| text.clone()).unwrap()
    };
    assert_eq!((page.rows.len(), page.rows[0].n_rows), (1, shown as u64));
    assert_eq!((note("purpose").as_str(), note("recipient").as_str()), ("月报", "区信访局"));
    let columns = List::Cases.usual(80).into_iter().map(Column::word);
    assert_eq!(note("columns"), columns.collect::<Vec<_>>().join(" "));
    assert!(note("rows").contains("village="), "{}", note("rows"));
    desk.menu("export").sees("月报").sees("区信访局");
    // What is typed takes the place of what is offered; after an arrow it goes on with it.
    desk.keys("9").sees_not("月报").keys("<ret> <left>").paste("甲").sees("区信访甲局");
    desk.keys("<esc> 2");
    // Today is no list that goes out, and a meeting takes nothing out.
    desk.keys("1").menu("export").sees("这一屏没有");
}

/// Stops a matter as somebody else does it.
fn stop(desk: &mut Desk, (id, case): (u128, u64)) {
    let fields =
        [("ground", "withdrawn"), ("on", "1020"), ("text", "书面撤回"), ("document", "1号")];
    let fields = fields.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let (id, fields) = (RequestId(id), fields.into());
    let order = Order { id, act: Act::Stop, on: Some(case), seen: None, fields };
    desk.ask(Request::Do(order)).unwrap();
}

#[test]
fn a_selected_row_that_somebody_takes_away_is_said_to_be_gone_and_the_nearest_is_selected() {
    let office = Arc::new(Office::empty());
    let (mut own, mut other) = (Desk::at(&office), Desk::at(&office));
    for title in ["水渠堵塞", "路灯不亮", "占道经营"] {
        own.keys("<f6> 张守田 <tab>").paste(title).keys("<f10>");
    }
    let gone = "已有改动，不在此处了";
    own.keys("2 <tab>").sees("共3").keys("<down>");
    let selected = |desk: &mut Desk| desk.keys("<ret>").drawn();
    stop(&mut other, (900, 2));
    own.hears_news().sees(gone).sees("路灯不亮").sees("共2");
    own.keys("<up>").sees_not(gone);
    own.keys("<down>");
    assert!(selected(&mut own).contains("占道经营"), "the next one is selected");
    own.keys("<esc>");
    // A row that others take away elsewhere in the list is nobody's selection.
    stop(&mut other, (901, 1));
    own.hears_news().sees("共1").sees_not(gone);
}

#[test]
fn what_one_takes_away_oneself_is_not_said_to_be_gone() {
    let office = Arc::new(Office::empty());
    let mut desk = Desk::at(&office);
    for title in ["水渠堵塞", "路灯不亮"] {
        desk.keys("<f6> 张守田 <tab>").paste(title).keys("<f10>");
    }
    desk.keys("2 <tab>").sees("共2").menu("stop");
    desk.keys("1 <tab>").keys("<ctrl-u> 1020 <tab>").paste("书面撤回");
    desk.keys("<tab>").paste("1号").keys("<f10>").sees("共1").sees("已办").sees_not("所选已被");
}

#[test]
fn what_is_marked_goes_out_alone_from_the_cases_and_from_the_roster() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("2 <tab> <space> <space>").sees("选中2");
    desk.menu("export").sees("用途").paste("月报").keys("<ret>").paste("区信访局").keys("<f10>");
    desk.sees("已导出 2 行");
    desk.keys("3 <right> <space>").sees("选中1");
    desk.menu("export").sees("月报").keys("<f10>").sees("已导出 1 行");
    desk.keys("c").sees_not("选中1");
    let query = AccessQuery { act: Some("export".to_owned()), most: 10, ..AccessQuery::default() };
    let Ok(Reply::Accesses(page)) = desk.ask(Request::Accesses(query)) else { panic!() };
    let notes = format!("{:?}", page.rows.iter().map(|row| &row.notes).collect::<Vec<_>>());
    assert!(notes.contains("marked=2") && notes.contains("marked=1"), "{notes}");
}

#[test]
fn a_class_is_set_for_all_that_is_marked_and_one_undo_takes_it_back() {
    let office = Arc::new(Office::demo());
    let mut desk = Desk::at(&office);
    desk.keys("2 <tab> <space> <space> <f5> <tab> <tab> <tab>").sees("[内容分类]").sees("未填");
    desk.keys("<ret>").paste("征地拆迁").keys("<ret>").sees("改为征地拆迁");
    desk.keys("<f5>").sees("调整原因").keys("<f10>").sees("2/2");
    desk.keys("u").sees("撤销这 2 条").sees("征地拆迁 ->");
}
