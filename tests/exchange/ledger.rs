//! Ledgers with the headers, rows and lines that offices give them.

use anjie::exchange::columns::{Columns, Topic};
use anjie::exchange::ledger::{LedgerReader, Terms, TermsError};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::book::ledger;

fn fields(report: &anjie::exchange::ledger::Report) -> Vec<(&str, &str)> {
    let columns = report.mappings[0].columns.iter();
    columns.map(|column| (column.header.as_str(), column.field.as_str())).collect()
}

fn csv(text: &str) -> (anjie::exchange::ledger::Report, Vec<anjie::exchange::ledger::LedgerRow>) {
    ledger(text.as_bytes(), &Terms::default())
}

#[test]
fn a_ledger_with_a_title_merged_headers_and_totals_is_read() {
    let mut book = Workbook::new();
    let plain = Format::new();
    let sheet = book.add_worksheet();
    sheet.merge_range(0, 0, 0, 7, "某镇2024年信访台账", &plain).unwrap();
    sheet.merge_range(1, 0, 1, 7, "填报时间：2024年10月", &plain).unwrap();
    for (column, header) in [(0, "序号"), (1, "信访\n编号"), (2, "信访人"), (5, "信访\r\n诉求")]
    {
        sheet.merge_range(2, column, 3, column, header, &plain).unwrap();
    }
    sheet.merge_range(2, 3, 2, 4, "包案领导", &plain).unwrap();
    sheet.write(3, 3, "姓名").unwrap();
    sheet.write(3, 4, "电话").unwrap();
    sheet.merge_range(2, 6, 3, 6, "收到时间", &plain).unwrap();
    sheet.merge_range(2, 7, 3, 7, "民族", &plain).unwrap();
    for (row, name) in [(4, "张三"), (5, "李四")] {
        sheet.write(row, 0, row - 3).unwrap();
        sheet.write(row, 1, format!("XF-{row}")).unwrap();
        sheet.write(row, 2, name).unwrap();
        sheet.write(row, 3, "王镇长").unwrap();
        sheet.write(row, 4, 13_800_138_000_f64).unwrap();
        sheet.write(row, 5, "\n\t\u{3000}要求修路\u{200b}").unwrap();
        sheet.write(row, 6, "2024.10.15").unwrap();
        sheet.write(row, 7, "某").unwrap();
    }
    sheet.write(6, 0, 3).unwrap();
    sheet.merge_range(7, 0, 7, 1, "合 计", &plain).unwrap();
    sheet.write(7, 5, "2件").unwrap();
    sheet.merge_range(8, 0, 8, 7, "填表人：王五　　审核人：赵六", &plain).unwrap();
    let (report, rows) = ledger(&book.save_to_buffer().unwrap(), &Terms::default());

    let mapping = &report.mappings[0];
    assert_eq!(mapping.header_row, 4);
    assert_eq!(
        fields(&report),
        [
            ("信访 编号", "old_number"),
            ("信访人", "petitioner.name"),
            ("包案领导 姓名", "lead"),
            ("信访 诉求", "request"),
            ("收到时间", "received_on"),
        ]
    );
    let dropped: Vec<_> = report.dropped_columns().into_iter().collect();
    assert_eq!(dropped, [("民族".to_owned(), "belief".to_owned())]);
    let ignored: Vec<&str> = mapping.ignored.iter().map(|one| one.header.as_str()).collect();
    assert_eq!(ignored, ["序号", "包案领导 电话"]);
    assert_eq!(mapping.missing, [] as [&str; 0]);
    assert_eq!((report.n_rows, report.n_totals, report.n_footers, report.n_blank), (2, 1, 1, 1));
    assert_eq!(rows[0].row, 5);
    assert_eq!(
        rows[0].values,
        [
            ("old_number", "XF-4"),
            ("petitioner.name", "张三"),
            ("request", "要求修路"),
            ("received_on", "2024-10-15"),
            ("lead", "王镇长"),
        ]
        .map(|(field, text)| (field.to_owned(), text.to_owned()))
    );
    assert!(rows.iter().all(|row| row.problems.is_empty()));
}

#[test]
fn days_of_every_kind_in_one_column_are_read_or_refused_one_by_one() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "留言主题").unwrap();
    sheet.write(0, 1, "留言时间").unwrap();
    let texts = ["2019/2/28 11:25:05", "2024年10月15日", "2024-02-31", "24.10.15", "10.15"];
    for (row, text) in (1..).zip(texts) {
        sheet.write(row, 0, "路灯").unwrap();
        sheet.write(row, 1, text).unwrap();
    }
    let day = Format::new().set_num_format("yyyy/m/d h:mm");
    let moment = ExcelDateTime::from_ymd(2020, 1, 6).unwrap().and_hms(12, 9, 38).unwrap();
    sheet.write(6, 0, "路灯").unwrap();
    sheet.write_datetime_with_format(6, 1, moment, &day).unwrap();
    sheet.write(7, 0, "路灯").unwrap();
    sheet.write(7, 1, 45_580).unwrap();
    sheet.write(8, 0, "路灯").unwrap();
    sheet.write(8, 1, 1.1).unwrap();
    let (_, rows) = ledger(&book.save_to_buffer().unwrap(), &Terms::default());
    let days: Vec<Result<&str, &str>> = rows
        .iter()
        .map(|row| row.value("received_on").ok_or_else(|| row.problems[0].why))
        .collect();
    assert_eq!(
        days,
        [
            Ok("2019-02-28 11:25:05"),
            Ok("2024-10-15"),
            Err("no_such_day"),
            Err("date_ambiguous"),
            Err("year_missing"),
            Ok("2020-01-06 12:09:38"),
            Ok("2024-10-15"),
            Err("date_ambiguous"),
        ]
    );
    let problem = &rows[7].problems[0];
    assert_eq!((problem.column.as_str(), problem.value.as_str()), ("留言时间", "1.1"));
    assert_eq!(problem.field, "received_on");
}

#[test]
fn an_id_number_that_became_a_number_is_refused_and_never_rounded() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, header) in ["信访人", "身份证号", "手机号码", "内容"].iter().enumerate()
    {
        sheet.write(0, column as u16, *header).unwrap();
    }
    sheet.write(1, 0, "张三").unwrap();
    sheet.write_number(1, 1, 4.405_241_880_010_1e17).unwrap();
    sheet.write_number(1, 2, 13_800_138_000.0).unwrap();
    sheet.write(1, 3, "要求修路").unwrap();
    let (_, rows) = ledger(&book.save_to_buffer().unwrap(), &Terms::default());
    assert_eq!(rows[0].problems[0].why, "digits_lost");
    assert_eq!(rows[0].value("petitioner.id_number"), None);
    assert_eq!(rows[0].value("petitioner.phone"), Some("13800138000"));
}

#[test]
fn a_sheet_for_each_village_fills_the_village() {
    let mut book = Workbook::new();
    for name in ["张家庄村", "城关社区", "2024年", "东街"] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (column, text) in ["信访人", "诉求"].iter().enumerate() {
            sheet.write(0, column as u16, *text).unwrap();
            sheet.write(1, column as u16, "某").unwrap();
        }
    }
    let cover = book.add_worksheet().set_name("封面").unwrap();
    cover.write(0, 0, "某镇信访台账").unwrap();
    let terms = Terms { villages: ["东街".to_owned()].into(), ..Terms::default() };
    let (report, rows) = ledger(&book.save_to_buffer().unwrap(), &terms);
    let villages: Vec<_> = rows.iter().map(|row| row.value("village")).collect();
    assert_eq!(villages, [Some("张家庄村"), Some("城关社区"), None, Some("东街")]);
    assert_eq!(report.headless, ["封面"]);
    assert_eq!(report.n_headless, 1);
}

#[test]
fn a_column_for_the_village_is_stronger_than_the_name_of_the_sheet() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("张家庄村").unwrap();
    for (column, (header, value)) in [("诉求", "修路"), ("村", "李家沟")].iter().enumerate()
    {
        sheet.write(0, column as u16, *header).unwrap();
        sheet.write(1, column as u16, *value).unwrap();
    }
    let (report, rows) = ledger(&book.save_to_buffer().unwrap(), &Terms::default());
    assert_eq!(rows[0].value("village"), Some("李家沟"));
    assert_eq!(report.mappings[0].village, None);
}

#[test]
fn a_header_that_stands_again_in_the_middle_is_no_row() {
    let (report, rows) = csv("信访人,诉求\n张三,修路\n信访人,诉求\n李四,修桥\n");
    assert_eq!((rows.len(), report.n_headers), (2, 1));
}

#[test]
fn of_two_columns_for_one_field_the_better_is_asked_first() {
    let (_, rows) = csv("登记时间,诉求,信访日期\n2024-10-16,修路,2024-10-15\n2024-10-17,修桥,\n");
    let days: Vec<_> = rows.iter().map(|row| row.value("received_on")).collect();
    assert_eq!(days, [Some("2024-10-15"), Some("2024-10-17")]);
}

#[test]
fn texts_of_several_columns_are_joined_under_their_headers() {
    let (_, rows) =
        csv("诉求,备注,办理情况,目前状况\n修路,急,已勘察,等批复\n修桥,,,已开工\n修渠,,已办,已办\n");
    let texts: Vec<_> = rows.iter().map(|row| row.value("progress")).collect();
    assert_eq!(texts, [Some("已勘察\n目前状况: 等批复\n备注: 急"), Some("已开工"), Some("已办")]);
}

#[test]
fn a_word_that_says_closed_is_understood_and_another_is_kept_as_progress() {
    let (_, rows) =
        csv("诉求,销号情况\n修路,已销号\n修桥,未销号\n修渠,正在与施工方协商\n修井,是\n修坝,√\n");
    let closed: Vec<_> = rows.iter().map(|row| row.value("closed")).collect();
    assert_eq!(closed, [Some("yes"), Some("no"), None, Some("yes"), Some("yes")]);
    assert_eq!(rows[2].value("progress"), Some("销号情况: 正在与施工方协商"));
}

#[test]
fn words_of_channel_and_sex_become_those_of_the_ledger() {
    let (_, rows) = csv("诉求,信访形式,性别\n修路,来 访,男\n修桥,市长信箱,女\n修渠,12345热线,某\n");
    let channels: Vec<_> = rows.iter().map(|row| row.value("channel")).collect();
    assert_eq!(channels, [Some("visit"), Some("市长信箱"), Some("hotline")]);
    assert_eq!(rows[1].value("petitioner.sex"), Some("female"));
    assert_eq!(rows[2].problems[0].why, "not_in_list");
}

#[test]
fn a_column_of_unit_and_person_or_of_name_and_phone_fills_two_fields() {
    let (report, rows) = csv("信访人姓名和相关信息,信访内容,责任单位/责任人\n\
        张三 电话：13800138000,修路,农业办/王五\n李四（0317-1234567）,修桥,农业办\n");
    assert_eq!(report.mappings[0].columns.len(), 5);
    let value = |row: usize, field: &str| rows[row].value(field);
    assert_eq!(value(0, "petitioner.name"), Some("张三"));
    assert_eq!(value(0, "petitioner.phone"), Some("13800138000"));
    assert_eq!((value(0, "unit"), value(0, "handler")), (Some("农业办"), Some("王五")));
    assert_eq!(value(1, "petitioner.name"), Some("李四"));
    assert_eq!(value(1, "petitioner.phone"), Some("0317-1234567"));
    assert_eq!((value(1, "unit"), value(1, "handler")), (Some("农业办"), None));
}

#[test]
fn columns_that_no_duty_asks_for_reach_no_row() {
    let (report, rows) =
        csv("信访人,诉求,民族,车牌号,微信,有无扬言,稳控责任人,风险等级,涉及人员\n\
        张三,修路,甲,乙,丙,丁,戊,己,庚\n");
    let reasons: Vec<String> =
        report.mappings[0].dropped.iter().map(|one| one.reason.clone()).collect();
    assert_eq!(
        reasons,
        ["belief", "movements", "communications", "label", "control", "score", "associates"]
    );
    let values: Vec<&str> = rows[0].values.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(values, ["张三", "修路"]);
}

#[test]
fn a_caller_maps_a_column_or_leaves_it_out_but_never_one_that_is_refused() {
    let tables = Columns::built_in(Topic::Cases);
    let terms = |header: &str, field: &str| Terms {
        columns: vec![(header.to_owned(), field.to_owned())],
        ..Terms::default()
    };
    let text = "信访人,诉求,怎么办,点赞数\n张三,修路,派人去看,3\n";
    let (_, rows) = ledger(text.as_bytes(), &terms("怎么办", "measures"));
    assert_eq!(rows[0].value("measures"), Some("派人去看"));
    let (_, rows) = ledger(text.as_bytes(), &terms("信访人", ""));
    assert_eq!(rows[0].value("petitioner.name"), None);
    let refused = LedgerReader::new(&tables, &terms("民族", "progress")).err();
    assert!(matches!(refused, Some(TermsError::Refused { reason, .. }) if reason == "belief"));
    let unknown = LedgerReader::new(&tables, &terms("怎么办", "mood")).err();
    assert_eq!(unknown, Some(TermsError::NoSuchField("mood".to_owned())));
}

#[test]
fn a_column_without_a_header_is_named() {
    let (report, _) = csv("信访人,诉求\n张三,修路,无名\n");
    let unnamed = &report.mappings[0].ignored[0];
    assert_eq!((unnamed.index, unnamed.header.as_str()), (3, ""));
}

#[test]
fn the_message_board_of_a_city_is_read_and_its_votes_are_no_matter() {
    let (report, rows) =
        csv("留言编号,留言用户,留言主题,留言时间,留言详情,反对数,点赞数,一级分类\n\
        188006,A000102948,路灯,2019/2/28 11:25:05,\"\n\t\t\n\t\u{3000}不亮\",0,1,城乡建设\n");
    assert_eq!(
        rows[0].values,
        [
            ("old_number", "188006"),
            ("petitioner.code", "A000102948"),
            ("title", "路灯"),
            ("request", "不亮"),
            ("received_on", "2019-02-28 11:25:05"),
            ("class", "城乡建设"),
        ]
        .map(|(field, text)| (field.to_owned(), text.to_owned()))
    );
    assert!(report.mappings[0].dropped.is_empty());
    assert_eq!(report.mappings[0].ignored.len(), 2);
    assert_eq!(report.mappings[0].missing, ["petitioner.name"]);
}

#[test]
fn the_headers_of_known_ledgers_find_their_fields() {
    // Each line is the header of one kind of ledger, with the number of fields that it fills.
    for (header, n_fields) in [
        (
            "编号,责任科室,信访方式,标题,接件时间,举报类型,类型,乡镇,转办时间,应结办日期,办理情况,办结时间,接件人,科室接办人,办理人",
            14,
        ),
        ("序号,单位,矛盾纠纷简要情况,责任单位/责任人,化解时限,化解情况,交办督办情况,销号情况", 7),
        (
            "信访人,户籍地址,实际居住地址,身份证号,联系电话,信访诉求,目前状况,工作措施,本月工作情况,包案领导及联系方式,专办工作人员及联系方式",
            11,
        ),
        (
            "序号,收到时间,来信来访人,单位,身份证号,联系方式,家庭住址,社会关系,主要诉求,接访人,处理时间,处理意见,是否终结,反映渠道,包案领导,备注",
            13,
        ),
        (
            "化解编号,事项名称,关联信访件,包案领导姓名,包案领导职务,责任单位（首位主办）,化解方案,当前进度%,预计化解时间,实际化解时间,化解结果（成功/部分/未化解/转入司法）,后续稳控措施,动态时间线,状态",
            12,
        ),
        (
            "信访编号,登记日期,信访类型,信访性质,信访人姓名,信访人性别,身份证号,联系电话,联系地址,被反映人/单位,信访内容,办理状态,承办单位,办理结果,是否满意",
            15,
        ),
        (
            "排查编号,排查日期,排查单位,隐患类型(1–3级),涉及人员,涉及人数,隐患描述,风险等级,稳控责任人,化解措施,化解时限,当前状态（未化解/化解中/已化解/反弹）,登记人",
            10,
        ),
        (
            "序号或来信编号,信访类型,接件时间,信访人姓名和相关信息,信访内容,案件地点,联系电话,办理情况",
            9,
        ),
    ] {
        let row = vec!["x"; header.split(',').count()].join(",");
        let (report, _) = csv(&format!("{header}\n{row}\n"));
        assert_eq!(report.mappings[0].columns.len(), n_fields, "{header}");
    }
}

#[test]
fn a_table_whose_titles_name_what_is_never_taken_is_no_form() {
    let (report, rows) = csv("事件名称,事件发生日期,事件描述\n车辆剐蹭纠纷,2024-8-9,停车时剐蹭\n\
         子女赡养纠纷,2024-8-10,无人赡养\n婚姻纠纷,2024-8-11,要求调解\n");
    assert_eq!(report.n_rows, 3);
    let titles: Vec<_> = rows.iter().map(|row| row.value("title")).collect();
    assert_eq!(titles, [Some("车辆剐蹭纠纷"), Some("子女赡养纠纷"), Some("婚姻纠纷")]);
}

#[test]
fn a_form_loses_no_value_without_a_word_and_takes_none_under_a_refused_label() {
    let (report, rows) =
        csv("信访情况\n姓名,王丽\n电话,13800138000\n信访日期,2024-10-15\n诉求,要求解决子女入学\n\
         到访地点,县信访局\n稳控情况,责任人,周强\n办理\n甲,2024-05-07,土地所,交办\n");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].value("request"), Some("要求解决子女入学"));
    assert_eq!(rows[0].value("handler"), None);
    let mapping = &report.mappings[0];
    let dropped: Vec<&str> = mapping.dropped.iter().map(|one| one.header.as_str()).collect();
    assert_eq!(dropped, ["稳控情况", "稳控情况 责任人"]);
    let ignored: Vec<&str> = mapping.ignored.iter().map(|one| one.header.as_str()).collect();
    assert_eq!(ignored, ["到访地点"]);
    assert_eq!(report.n_footers, 2);
}
