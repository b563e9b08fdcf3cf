//! Known ledgers, typed in as clerks type: titles, merged headers, dates of every kind, totals,
//! notes, tables beside the table. All people are made up.

use encoding_rs::GB18030;

use super::grid::{Days, Grid, Value, day, delimited, n, ods, t, xls, xlsx};

/// A file, and what must become of it.
pub struct Ledger {
    /// Its name.
    pub file: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many rows are records.
    pub n_rows: usize,
    /// The refusals: sheet, row, field, reason.
    pub refusals: Vec<(&'static str, u32, &'static str, &'static str)>,
    /// The columns that are never taken.
    pub dropped: &'static [&'static str],
}

impl Ledger {
    fn new(file: &'static str, bytes: Vec<u8>, n_rows: usize) -> Self {
        Self { file, bytes, n_rows, refusals: Vec::new(), dropped: &[] }
    }

    fn refusing(self, refusals: &[(&'static str, u32, &'static str, &'static str)]) -> Self {
        Self { refusals: refusals.to_vec(), ..self }
    }

    fn dropping(self, dropped: &'static [&'static str]) -> Self {
        Self { dropped, ..self }
    }
}

/// Texts with strokes between.
fn list(texts: &str) -> Vec<&str> {
    texts.split('|').collect()
}

/// The ledgers of every kind, with their twins.
pub fn all() -> Vec<Ledger> {
    let petitions = [bureau()];
    let screening = [screening()];
    vec![
        from_bureau("L1.xlsx", xlsx(&petitions, Days::From1900)),
        from_bureau("L1.xls", xls(&petitions)),
        from_bureau("L1.ods", ods(&petitions)),
        Ledger::new("L2.xlsx", xlsx(&villages(), Days::From1900), 4),
        Ledger::new("L2.ods", ods(&villages()), 4),
        from_screening("L3.xlsx", xlsx(&screening, Days::From1900)),
        from_screening("L3.xls", xls(&screening)),
        from_screening("L3.ods", ods(&screening)),
        from_letters("L4.csv", GB18030.encode(&delimited(&letters(), ',')).0.into_owned()),
        from_letters("L4-tab.txt", delimited(&letters(), '\t').into_bytes()),
        from_letters("L4-bom.csv", format!("\u{feff}{}", delimited(&letters(), ';')).into_bytes()),
        Ledger::new("L5.xls", xls(&[police()]), 2).dropping(&[
            "异常动态",
            "公安业务分类",
            "警种名称",
        ]),
        Ledger::new("L6.xlsx", xlsx(&[settling()], Days::From1904), 3).dropping(&["后续稳控措施"]),
        Ledger::new("L7.xlsx", xlsx(&cards(), Days::From1900), 2).dropping(&[
            "民族",
            "是否正常访",
            "稳控单位",
        ]),
        Ledger::new("L8.ods", ods(&[community()]), 3).refusing(&[(
            "矛盾纠纷",
            5,
            "people",
            "not_a_number",
        )]),
    ]
}

fn from_bureau(file: &'static str, bytes: Vec<u8>) -> Ledger {
    Ledger::new(file, bytes, 6).refusing(&[
        ("信访台账", 7, "received_on", "date_ambiguous"),
        ("信访台账", 8, "received_on", "date_ambiguous"),
        ("信访台账", 9, "closed_on", "no_such_day"),
    ])
}

/// L1: the export of a bureau, with a title, a note, line breaks in headers, totals and phantoms.
fn bureau() -> Grid {
    let head = list(
        "编号|责任\n科室|信访方式|标 题|接件时间|举报类型|类型|乡镇|转办时间|应结办\n日期|办理情况|办结时间|接件人|科室接办人|办理人",
    );
    let row = |number: &str, title: &str, (received, closed): (Value, Value)| {
        let mut cells = vec![t(number), t("土地所"), t("来 访"), t(title), received];
        let rest = ["土地", "申诉求决", "试点镇", "2024.10.16", "2024-12-14", "已现场勘察"];
        cells.extend(rest.map(t));
        cells.extend([closed, t("周强"), t("李桂芳"), t("王丽")]);
        cells
    };
    let open = || Value::Blank;
    Grid::new("信访台账")
        .texts(&["某县自然资源局信访台账（2024年度）"])
        .texts(&list("填报单位：试点镇|||||填报时间：2024年12月"))
        .texts(&head)
        .row(&row(
            "土信001",
            "\n\t\u{3000}宅基地纠纷\u{200b}",
            (day(2024, 10, 15), day(2024, 11, 2)),
        ))
        .row(&row("土信002", "道路占地", (t("２０２４．１０．１６"), t("2024年11月20日"))))
        .row(&row("土信003", "承包地界", (n(45_582.0), open())))
        .row(&row("土信004", "征地补偿", (n(1.1), open())))
        .row(&row("土信005", "界址不清", (t("24.10.15"), open())))
        .row(&row("土信006", "坟地占用", (t("2024/10/20 9:05"), t("2024.11.31"))))
        .row(&[t("合  计"), t(""), t(""), t("6件")])
        .texts(&["填表人：周强    审核人：李桂芳"])
        .merge((0, 0, 0, 14))
        .phantoms(3_000)
}

/// L2: one sheet for each village, and one with counts that is no ledger.
fn villages() -> Vec<Grid> {
    let head =
        list("序号|单位|矛盾纠纷简要情况|责任单位/责任人|化解时限|化解情况|交办督办情况|销号情况");
    let sheet = |name: &str, matters: [&str; 2]| {
        let title = format!("{name}突出矛盾纠纷台账");
        Grid::new(name)
            .texts(&[&title])
            .texts(&head)
            .texts(&[
                "1",
                "试点镇",
                matters[0],
                "民政办/周强",
                "2024年12月31日",
                "正在调解",
                "",
                "未销号",
            ])
            .texts(&[
                "2",
                "试点镇",
                matters[1],
                "水利站、王丽",
                "2024.12.31",
                "已修好",
                "",
                "已销号",
            ])
            .texts(&["3"])
            .merge((0, 0, 0, 7))
    };
    let counts =
        Grid::new("汇总").texts(&["各村件数"]).texts(&["张家庄村", "2"]).texts(&["李家沟村", "2"]);
    vec![
        sheet("张家庄村", ["两户因排水沟争执", "水渠漏水"]),
        sheet("李家沟村", ["低保评议有争议", "机井损坏"]),
        counts,
    ]
}

fn from_screening(file: &'static str, bytes: Vec<u8>) -> Ledger {
    Ledger::new(file, bytes, 4).refusing(&[("10月排查", 8, "petitioner.id_number", "digits_lost")])
}

/// L3: two rows of headers, the leader merged over several rows, numbers that became numbers.
fn screening() -> Grid {
    let row = |name: &str, id: Value, phone: Value, request: &str, lead: [&str; 2]| {
        let mut cells = vec![t(name), t("试点镇张家庄"), t("试点镇张家庄12号"), id, phone];
        cells.extend([
            t(request),
            t("已答复"),
            t("每月走访"),
            t("本月已上门"),
            t(lead[0]),
            t(lead[1]),
        ]);
        cells
    };
    let lead = ["刘建国13800138001", "周强（民政办）0317-1234567"];
    let below = ["", "周强 13800138002"];
    Grid::new("10月排查")
        .texts(&["每月排查表"])
        .texts(&list("单位（盖章）：试点镇||||||||2024年10月"))
        .texts(&list(
            "信访人|地址||身份证号|联系电话|信访诉求|目前状况|工作措施|本月工作情况|责任落实",
        ))
        .texts(&list("|户籍地址|实际居住地址|||||||包案领导及联系方式|专办工作人员及联系方式"))
        .row(&row("张小明", t("'11010519491231002x"), n(13_800_138_000.0), "低保核减", lead))
        .row(&row(
            "李　四",
            t("１１０１０５１９４９１２３１００２Ｘ"),
            t("138 0013 8000"),
            "拆迁补偿",
            below,
        ))
        .row(&row("王丽", t(""), t("电话：0317-1234567"), "修路占地", below))
        .row(&row("周强", n(110_105_194_912_310_020.0), t(""), "拖欠工资", below))
        .texts(&["合计", "4人"])
        .texts(&list("填表人：王丽|||站长：周强|||分管领导签字："))
        .merge((0, 0, 0, 10))
        .merge((2, 0, 3, 0))
        .merge((2, 1, 2, 2))
        .merge((2, 3, 3, 3))
        .merge((2, 4, 3, 4))
        .merge((2, 5, 3, 5))
        .merge((2, 6, 3, 6))
        .merge((2, 7, 3, 7))
        .merge((2, 8, 3, 8))
        .merge((2, 9, 2, 10))
        .merge((4, 9, 7, 9))
}

fn from_letters(file: &'static str, bytes: Vec<u8>) -> Ledger {
    Ledger::new(file, bytes, 4)
        .refusing(&[("", 6, "petitioner.phone", "phone_of_another")])
        .dropping(&["社会关系"])
}

/// L4: letters and visits, with rare characters, and names beside telephone numbers.
fn letters() -> Grid {
    let row = |name: &str, contact: &str, matter: &str, day: &str| {
        [
            "1",
            day,
            name,
            "试点镇",
            "",
            contact,
            "湖㳇村3组",
            "某某之子",
            matter,
            "刘建国",
            "2024-03-05",
            "转民政办办理",
            "是",
            "来访",
            "刘建国",
            "材料齐全",
        ]
        .map(str::to_owned)
    };
    let mut sheet = Grid::new("").texts(&["来信来访登记"]).texts(&list("序号|收到时间|来信来访人|单位|身份证号|联系方式|家庭住址|社会关系|主要诉求|接访人|处理时间|处理意见|是否终结|反映渠道|包案领导|备注"));
    for cells in [
        row("𠮷小明", "𠮷小明 13800138000", "路灯,\"不亮\"；水渠漏水", "2024年3月1日"),
        row("", "王䶮（0317-1234567）", "求助\n孩子上学", "2024.3.2"),
        row("李四", "李四 138 0013 8000", "低保", "二〇二四年三月三日"),
        row("周强", "王丽13800138000", "修路", "2024/3/4"),
    ] {
        let cells: Vec<&str> = cells.iter().map(String::as_str).collect();
        sheet = sheet.texts(&cells);
    }
    sheet
}

/// L5: twenty-eight columns, three of which are nobody's business.
fn police() -> Grid {
    let head = list(
        "信访件编号|姓名|身份证号|手机号码|住址|信访内容|登记时间|限办时间|信访件状态|信访形式|信访日期|问题发生地|异常动态|问题发生日期|信访人数|信访诉求|公安业务分类|登记单位|档案编号|转往处|办理方式|具体承办单位|办结状态|责任部门|办结时间|信访事项编号|警种名称|信访目的(登记单位)",
    );
    let row = |number: &str, day: &str| {
        format!(
            "{number}|王丽|440524188001010014|13800138000|东街5号|反映夜间噪音|2019/3/1 8:00:00|2019/4/30|已办结|网上信访|{day}|东街|无|2019/2/20|2人|要求处理夜间噪音|治安|县局|D-{number}|城关所|转送|城关派出所|办结|治安大队|2019-03-28||治安|申诉求决"
        )
    };
    let first = row("X2019001", "2019/2/28 11:25:05");
    let second = row("X2019002", "20190301");
    Grid::new("Sheet1").texts(&head).texts(&list(&first)).texts(&list(&second))
}

/// L6: a workbook that counts from 1904, progress as a share, numbers from formulas.
fn settling() -> Grid {
    let row = |number: f64, name: &str, (until, done): (Value, Value), result: &str| {
        let mut cells = vec![Value::Formula("ROW()", number), t(name), t("X2024-7"), t("刘建国")];
        cells.extend([t("副镇长"), t("土地所"), t("分两批兑付"), n(0.75), until, done, t(result)]);
        cells.extend([t("某措施"), t("10月已兑付一半"), t("化解中")]);
        cells
    };
    Grid::new("包案")
        .texts(&["重点事项化解（包案）表"])
        .texts(&list("化解编号|事项名称|关联信访件|包案领导姓名|包案领导职务|责任单位（首位主办）|化解方案|当前进度%|预计化解时间|实际化解时间|化解结果（成功/部分/未化解/转入司法）|后续稳控措施|动态时间线|状态|收到日期"))
        .row(
            &[row(1.0, "拆迁补偿尾款", (day(2024, 12, 31), t("")), "部分"), vec![day(2024, 5, 6)]]
                .concat(),
        )
        .row(
            &[
                row(2.0, "安置房漏水", (t("2024.11.30"), day(2024, 11, 20)), "成功"),
                vec![n(43_957.0)],
            ]
            .concat(),
        )
        .row(&[row(3.0, "水渠改道", (t(""), t("")), "未化解"), vec![t("2024年5月8日")]].concat())
        .merge((0, 0, 0, 13))
}

/// L7: a printed form on each sheet, labels beside values.
fn cards() -> Vec<Grid> {
    let card = |sheet: &str, name: &str, id: Value, day: Value| {
        let label = t;
        Grid::new(sheet)
            .texts(&["信访情况说明"])
            .row(&[label("姓名"), t(name), label("性别"), t("女"), label("民族"), t("某")])
            .row(&[label("身份证号"), id, t(""), t(""), label("现居地址"), t("东街5号")])
            .row(&[label("户籍地"), t("试点镇张家庄")])
            .row(&[label("概况"), t("反映宅基地被占，\n要求确权")])
            .row(&[label("上访时间"), day, label("到访地点"), t("县信访局")])
            .row(&[label("责任单位"), t("土地所"), label("包案领导"), t("刘建国13800138001")])
            .row(&[
                label("稳控单位"),
                t("某单位"),
                label("责任人"),
                t("周强"),
                label("是否正常访"),
                t("是"),
            ])
            .texts(&["办理"])
            .texts(&list("序列|转交办时间|去向|办理方式|接收状态|接收时间"))
            .texts(&list("1|2024-05-07|土地所|交办|已接收|2024-05-08"))
            .merge((0, 0, 0, 5))
            .merge((4, 1, 4, 5))
    };
    vec![
        card("王丽", "王 丽", t("'11010519491231002X"), day(2024, 5, 6)),
        card("李四", "李四", t(""), t("2024年5月9日")),
    ]
}

/// L8: the record of a community, with a table of counts beside it.
fn community() -> Grid {
    let head = list(
        "事件名称|事件发生\n日期|街道|社区|楼栋|房号|事件规模|事件类别|涉及人数|事件描述|涉及单位|化解时限|化解方式|化解组织|化解责任人姓名|化解责任人联系方式|化解是否成功|化解情况|考评日期|考评意见||类型|件数",
    );
    let row = |name: &str, people: Value, (kind, count): (&str, Value)| {
        let mut cells = vec![t(name), t("２０２４年８月９日"), t("城关"), t("东街社区"), t("3栋")];
        cells.extend([t("501"), t("一般"), t("邻里"), people, t("楼上漏水"), t("物业公司")]);
        cells.extend([t("2024-9-30"), t("调解"), t("社区调委会"), t("周强"), t("13800138000")]);
        cells.extend([t("是"), t("已达成协议"), t("2024.10.8"), t("满意"), t(""), t(kind), count]);
        cells
    };
    Grid::new("矛盾纠纷")
        .texts(&["矛盾纠纷排查化解记录"])
        .texts(&head)
        .row(&row("漏水纠纷", t("３人"), ("邻里", n(2.0))))
        .row(&row("停车纠纷", n(5.0), ("婚姻", n(0.0))))
        .row(&row("噪音纠纷", t("十余人"), ("合计", n(3.0))))
        .merge((0, 0, 0, 19))
        .phantoms(1_000_000)
}
