//! Measures finding beside a raw `memmem` scan in the same run: `cargo bench --bench find`, or
//! for other queries `cargo bench --bench find -- QUERY…`.
//!
//! Prints two tables: 100,000 persons alone, and with 100,000 cases whose request texts have 300
//! characters. `own` is the scan over the very text that the index holds, `typed` the one over a
//! text that holds names with their pinyin, which a scan without readings would need.

use std::collections::HashSet;
use std::hint::black_box;
use std::time::Instant;

use anjie::domain::ids::{Kind, OfficerId, RecordRef, UnitId};
use anjie::search::Index;
use anjie::search::entry::{Entry, FieldTag, Scope};
use anjie::search::query::{Found, Query};
use anjie::spell::reading::Speller;
use memchr::memmem::Finder;

const N_ROWS: u64 = 100_000;
const ROUNDS: usize = 15;
const PAGE: usize = 40;
const BODY_CHARS: usize = 300;
/// How much longer than a raw scan of the typed text the worst query may take.
const RATIO_MAX: f64 = 4.0;

/// Surnames with how many of a thousand bear them, roughly.
const SURNAMES: [(&str, u64); 64] = [
    ("王", 72),
    ("李", 71),
    ("张", 68),
    ("刘", 54),
    ("陈", 45),
    ("杨", 31),
    ("赵", 23),
    ("黄", 22),
    ("周", 21),
    ("吴", 20),
    ("徐", 17),
    ("孙", 15),
    ("胡", 13),
    ("朱", 13),
    ("高", 12),
    ("林", 12),
    ("何", 12),
    ("郭", 11),
    ("马", 11),
    ("罗", 9),
    ("梁", 9),
    ("宋", 8),
    ("郑", 8),
    ("谢", 7),
    ("韩", 7),
    ("唐", 7),
    ("冯", 6),
    ("于", 6),
    ("董", 6),
    ("萧", 6),
    ("程", 6),
    ("曹", 6),
    ("袁", 5),
    ("邓", 5),
    ("许", 5),
    ("傅", 5),
    ("沈", 5),
    ("曾", 5),
    ("彭", 5),
    ("吕", 5),
    ("苏", 4),
    ("卢", 4),
    ("蒋", 4),
    ("蔡", 4),
    ("贾", 4),
    ("丁", 4),
    ("魏", 4),
    ("薛", 4),
    ("叶", 4),
    ("阎", 3),
    ("余", 3),
    ("潘", 3),
    ("杜", 3),
    ("戴", 3),
    ("夏", 3),
    ("钟", 3),
    ("汪", 3),
    ("田", 3),
    ("任", 3),
    ("姜", 3),
    ("单", 1),
    ("解", 1),
    ("仇", 1),
    ("尉迟", 1),
];
const GIVEN: &str =
    "伟芳三娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉玲建国华小红志海波宇俊峰";
const VILLAGES: [&str; 24] = [
    "王庄村",
    "李家店村",
    "张家庄村",
    "赵堡村",
    "刘楼村",
    "陈桥村",
    "杨树沟村",
    "黄土坡村",
    "周营村",
    "吴家湾村",
    "徐集村",
    "孙家屯村",
    "胡同村",
    "朱寨村",
    "高庙村",
    "林场社区",
    "何坪村",
    "郭家河村",
    "马营村",
    "罗山村",
    "梁村",
    "宋集村",
    "重庆路社区",
    "长乐村",
];
const MATTERS: [&str; 16] = [
    "征地补偿款未发放",
    "低保申请未获批准",
    "夜间施工噪音扰民",
    "宅基地边界纠纷",
    "村道路年久失修",
    "拖欠农民工工资",
    "自来水水质浑浊",
    "土地承包合同争议",
    "垃圾堆放影响环境",
    "危房改造补助未到位",
    "灌溉水渠堵塞",
    "拆迁安置房迟迟未交付",
    "电线老化存在隐患",
    "幼儿园收费过高",
    "养老保险缴费年限认定",
    "路灯损坏无人维修",
];
const QUERIES: [&str; 18] = [
    "w",
    "wang",
    "wangxm",
    "zs",
    "zhangsan",
    "王",
    "王小明",
    "王庄",
    "9912",
    "zs 王",
    "1",
    "123",
    "zhengdi",
    "征地 王",
    "噪音",
    "wx 9912",
    "lijiadian",
    "zhngxiao",
];

/// Chance that is the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let nth = usize::try_from(self.below(list.len() as u64)).unwrap_or(0);
        list.get(nth).copied().unwrap_or("")
    }

    fn name(&mut self) -> String {
        let mut left = self.below(SURNAMES.iter().map(|(_, weight)| weight).sum());
        let mut name = String::new();
        for (surname, weight) in SURNAMES {
            if left < weight {
                name.push_str(surname);
                break;
            }
            left -= weight;
        }
        let given: Vec<char> = GIVEN.chars().collect();
        for _ in 0..=self.below(5).min(1) {
            let nth = usize::try_from(self.below(given.len() as u64)).unwrap_or(0);
            name.extend(given.get(nth));
        }
        name
    }

    /// A text whose characters are as unevenly frequent as in real ones: about 150 different in
    /// 300, out of 3,000. `sums` are the running sums of the frequencies.
    fn body(&mut self, sums: &[f64]) -> String {
        let mut text = String::new();
        for nth in 0..BODY_CHARS {
            if nth % 100 == 50 {
                text.push_str(self.pick(&MATTERS));
            }
            let chance = self.below(1 << 30) as f64 / f64::from(1 << 30);
            let whole = sums.last().copied().unwrap_or(1.0);
            let rank = sums.partition_point(|sum| *sum < chance * whole);
            text.extend(u32::try_from(0x4e00 + rank * 6).ok().and_then(char::from_u32));
        }
        text
    }
}

fn frequencies() -> Vec<f64> {
    let mut sum = 0.0;
    let rank = (0..3_000).map(f64::from);
    rank.map(|rank| {
        sum += (rank + 2.0).powf(-1.13);
        sum
    })
    .collect()
}

struct Town {
    entries: Vec<Entry>,
    bodies: Vec<String>,
    typed: String,
    own: String,
}

fn main() {
    println!("persons only");
    let town = persons();
    measure(&town);
    println!("\npersons and cases");
    measure(&with_cases(town));
}

fn persons() -> Town {
    let (mut dice, speller) = (Dice(2026), Speller::new());
    let mut town =
        Town { entries: Vec::new(), bodies: Vec::new(), typed: String::new(), own: String::new() };
    for id in 1..=N_ROWS {
        let (name, village) = (dice.name(), dice.pick(&VILLAGES));
        let id_number = format!(
            "990101{}{:02}{:02}{:04}",
            1940 + dice.below(70),
            1 + dice.below(12),
            1 + dice.below(28),
            dice.below(10_000)
        );
        let phone = format!("1380000{:04}", dice.below(10_000));
        let line = format!("{} {village} {id_number}\n", speller.name_keys(&name).join(" "));
        town.typed.push_str(&line);
        town.own.push_str(&format!("{name}{village}{phone}{id_number}\n"));
        let scope = Scope { village: Some(UnitId(village.len() as u64)), ..Scope::default() };
        town.entries.push(Entry {
            record: RecordRef { kind: Kind::Person, id },
            scope,
            fields: vec![
                (FieldTag::Name, name),
                (FieldTag::Place, village.to_owned()),
                (FieldTag::Phone, phone),
                (FieldTag::IdNumber, id_number),
            ],
            is_over: false,
        });
    }
    town
}

fn with_cases(mut town: Town) -> Town {
    let (mut dice, speller, sums) = (Dice(99), Speller::new(), frequencies());
    for id in 1..=N_ROWS {
        let (name, village, matter) = (dice.name(), dice.pick(&VILLAGES), dice.pick(&MATTERS));
        let title = format!("关于{village}{name}反映{matter}的问题");
        let number = format!("XF-{}-{id:06}", 2016 + id % 11);
        let body = dice.body(&sums);
        let unit = dice.below(30);
        town.own.push_str(&format!("{name}{title}{village}{number}\n"));
        let titles = speller.name_keys(&title);
        let spelled: Vec<_> = titles.iter().take(3).map(String::as_str).collect();
        town.typed.push_str(&format!(
            "{} {} {village} {number}\n",
            spelled.join(" "),
            speller.name_keys(&name).join(" ")
        ));
        let scope = Scope {
            village: Some(UnitId(village.len() as u64)),
            unit: Some(UnitId(unit)),
            lead: Some(OfficerId(unit % 12)),
            handler: Some(OfficerId(unit * 4 + dice.below(4))),
            sealed: None,
        };
        town.entries.push(Entry {
            record: RecordRef { kind: Kind::Case, id },
            scope,
            fields: vec![
                (FieldTag::Name, name),
                (FieldTag::Title, title),
                (FieldTag::Place, village.to_owned()),
                (FieldTag::Number, number),
                (FieldTag::Text, body.clone()),
            ],
            // Of an old office's matters most are over.
            is_over: id % 8 != 0,
        });
        town.bodies.push(body);
    }
    town
}

fn measure(town: &Town) {
    let start = Instant::now();
    let mut index = Index::new();
    for entry in &town.entries {
        index.upsert(entry);
    }
    let memory = index.memory();
    let different = |body: &String| body.chars().collect::<HashSet<_>>().len();
    if !town.bodies.is_empty() {
        let n_different: usize = town.bodies.iter().take(1_000).map(different).sum();
        println!("different characters of a long text: {}", n_different / 1_000);
    }
    println!(
        "{} rows in {:.0} ms; rows {:.1} MB, long texts {:.1} MB; own text {:.1} MB, typed {:.1} MB",
        index.len(),
        start.elapsed().as_secs_f64() * 1e3,
        mega(memory.rows),
        mega(memory.bodies),
        mega(town.own.len()),
        mega(town.typed.len()),
    );
    println!("query        found    unread      ms  | own ms  ratio | typed ms  ratio");
    let mut worst = (0.0_f64, 0.0_f64);
    let asked: Vec<String> = std::env::args().skip(1).filter(|arg| !is_for_another(arg)).collect();
    let asked: Vec<&str> = asked.iter().map(String::as_str).collect();
    for text in if asked.is_empty() { &QUERIES } else { asked.as_slice() } {
        let mut times = [const { Vec::new() }; 3];
        let mut found = Found::default();
        let finder = Finder::new(text);
        for _ in 0..ROUNDS {
            let [ours, own, typed] = &mut times;
            ours.push(time(|| found = find(&index, town, text)));
            own.push(time(|| count(&finder, &town.own)));
            typed.push(time(|| count(&finder, &town.typed)));
        }
        let [ours, own, typed] = times.map(median);
        worst = (worst.0.max(ours / own), worst.1.max(ours / typed));
        println!(
            "{text:<10} {:>7} {:>8}  {ours:>6.3}  | {own:>6.3} {:>6.2} | {typed:>6.3}  {:>6.2}",
            found.total,
            found.n_unread,
            ours / own,
            ours / typed,
        );
    }
    let verdict = if worst.1 <= RATIO_MAX { "ok" } else { "MISS" };
    println!(
        "P3   worst ratio: {:.2} of own, {:.2} of typed (budget <= {RATIO_MAX}: {verdict})",
        worst.0, worst.1
    );
}

/// Whether an argument is cargo's, or one of the other program that `cargo bench` runs.
fn is_for_another(arg: &str) -> bool {
    let is_budget = arg.strip_prefix('P').is_some_and(|n| n.parse::<u8>().is_ok());
    arg.starts_with("--") || is_budget || arg == "room"
}

fn find(index: &Index, town: &Town, text: &str) -> Found {
    index.find(
        &Query::new(text, PAGE),
        |scope| scope.sealed.is_none(),
        |record| town.bodies.get(usize::try_from(record.id).ok()? - 1).cloned(),
    )
}

fn count(finder: &Finder, text: &str) {
    black_box(finder.find_iter(text.as_bytes()).count());
}

fn time(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_secs_f64() * 1e3
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(0.0)
}

fn mega(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
