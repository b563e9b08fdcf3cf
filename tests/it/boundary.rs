//! What the ledger never holds: movements, communications, associates, beliefs, labels, scores and
//! control of persons. Fields, texts, headers of imports, the template of the campaign and the keys
//! of the JSON are read for the words of each; they stand in the list of refused columns, and here.

use std::fs;
use std::path::Path;

use anjie::domain::act::Act;
use anjie::domain::ids::Kind;
use anjie::domain::schema;
use anjie::exchange::columns::{Columns, Topic};
use anjie::exchange::ledger::{LedgerReader, Terms, TermsError};
use anjie::locale::{self, Lang};

/// Stems of Chinese, wherever they stand.
const CHINESE: &str = "\
    行踪 轨迹 动向 出行 行程 在京 去京 离镇 离村 住宿 入住 酒店 宾馆 车牌 车辆 车次 航班 购票 \
    订票 车票 机票 落脚点 实时位置 通话 通联 电话记录 聊天 群聊 发帖 帖文 社交账号 网名 昵称 社会关系 家庭成员 关系网 串联 \
    组织者 骨干 关联人 同行人 涉及人员 民族 政治面貌 党派 党籍 宗教 信仰 教派 人脸 面部 指纹 虹膜 声纹 \
    头像 人像 情绪 心理 性格 思想动态 思想状况 现实表现 预测 风险等级 风险级别 风险评估 风险评分 预警 访次 评分 得分 打分 \
    积分 扬言 缠访 闹访 非访 老户 钉子户 前科 极端 特殊人员 重点人员 稳控 管控 盯守 盯防 看护 \
    看守 值守 布控 值班 劝返 接返 拦截 训诫 息访 未成年";

/// Stems of English, at the beginning of a word.
const ENGLISH: &str = "\
    movement travel lodging vehicle whereabouts itinerary hotel flight plate communication \
    wechat chat associate relative kinship organiser organizer ringleader ethnic religio \
    politic belief portrait biometric fingerprint mood emotion predict score scoring risk \
    threat surveil watchlist agitator extremist intercept";

/// Texts with this head say in the report of an import what was left out.
const REPORT: &str = "refused_column.";

/// The stems that stand in a text.
fn barred(text: &str) -> Vec<&'static str> {
    let small = text.to_lowercase();
    let words: Vec<&str> = small.split(|char: char| !char.is_ascii_alphabetic()).collect();
    let begins = |stem: &&str| words.iter().any(|word| word.starts_with(*stem));
    let english = ENGLISH.split_whitespace().filter(begins);
    CHINESE.split_whitespace().filter(|stem| text.contains(*stem)).chain(english).collect()
}

/// Everything that is read, by where it stands.
fn texts() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let fields = Kind::ALL.into_iter().flat_map(schema::record);
    let forms = Act::ALL.iter().flat_map(|act| schema::form(*act));
    for field in fields.chain(forms) {
        found.push(("field".to_owned(), field.key.to_owned()));
    }
    for lang in [Lang::Zh, Lang::En] {
        let lines = locale::files(lang).iter().flat_map(|file| file.lines());
        for line in lines.filter(|line| !line.starts_with(REPORT)) {
            found.push((format!("text {lang:?}"), line.to_owned()));
        }
    }
    for (name, text) in [
        ("import", include_str!("../../data/import/columns.toml")),
        ("campaign", include_str!("../../data/plan/demonstration-town.toml")),
        ("town", include_str!("../../data/demo/step.txt")),
    ] {
        found.extend(text.lines().map(|line| (name.to_owned(), line.to_owned())));
    }
    found.extend(json_keys());
    found
}

/// The names of the fields of all records, requests and replies.
fn json_keys() -> Vec<(String, String)> {
    let mut keys = Vec::new();
    for room in ["src/api", "src/domain"] {
        let room = Path::new(env!("CARGO_MANIFEST_DIR")).join(room);
        let files = fs::read_dir(room).unwrap().map(|entry| entry.unwrap().path());
        // Below them lie tests alone.
        for file in files.filter(|path| path.is_file()) {
            let text = fs::read_to_string(file).unwrap();
            for line in text.lines().map(str::trim) {
                let name = line.strip_prefix("pub ").unwrap_or(line).split_once(": ");
                let Some((name, _)) = name else { continue };
                if name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
                    keys.push(("key".to_owned(), name.replace('_', " ")));
                }
            }
        }
    }
    keys
}

#[test]
fn nothing_that_the_ledger_holds_asks_or_says_is_barred() {
    let texts = texts();
    let n_keys = texts.iter().filter(|(place, _)| place == "key").count();
    assert!(texts.len() > 3_000 && n_keys > 300, "{} texts, {n_keys} keys", texts.len());
    let wrong: Vec<String> = texts
        .iter()
        .flat_map(|(place, text)| {
            barred(text).into_iter().map(move |stem| format!("{place}: {stem} in {text}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_barred_word_that_is_planted_is_found() {
    for planted in ["field.case.risk_level", "entry.mood", "下次缠访日期 = 日期", "现实表现"]
    {
        assert_eq!(barred(planted).len(), 1, "{planted}");
    }
    assert_eq!(barred("Movements and lodging"), ["movement", "lodging"]);
    assert!(barred("下次联系 contact_on").is_empty());
}

/// What must not exist, as a clerk would head a column of it.
const HEADS: &str = "\
    行踪 火车票 机票信息 住宿酒店 车辆 实时位置 在京情况 离镇时间 通话记录 电话记录 微信群聊 社交账号 \
    近期发帖 社会关系 家庭成员 串联人员 组织者 民族 宗教信仰 政治面貌 是否党员 党派 风险评分 是否扬言 \
    缠访 情绪 思想状况 稳控级别 预测 预警级别 值班看护 管控措施 照片 人脸照片 未成年子女 访次";

#[test]
fn no_column_of_what_must_not_exist_is_taken_even_if_a_clerk_maps_it() {
    let tables = Columns::built_in(Topic::Cases);
    for head in HEADS.split_whitespace() {
        let columns = vec![(head.to_owned(), "measures".to_owned())];
        let terms = Terms { columns, ..Terms::default() };
        let refused = LedgerReader::new(&tables, &terms).err();
        assert!(matches!(refused, Some(TermsError::Refused { .. })), "{head}: {refused:?}");
    }
}

#[test]
fn the_list_of_refused_columns_is_where_the_words_stand() {
    let refused = include_str!("../../data/import/refused.toml");
    let stems: Vec<&str> = CHINESE.split_whitespace().collect();
    let known = stems.iter().filter(|stem| refused.contains(**stem)).count();
    assert!(known * 4 > stems.len() * 3, "only {known} of {} are refused", stems.len());
}
