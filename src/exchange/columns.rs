//! The tables of headers: which field a column fills, and which columns are never taken.
//!
//! Both stand in `data/import` and are built into the program. A header of the second table is
//! refused before the first is asked, and no caller can map it.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::domain::text::{Lines, clean, half_width};
use crate::exchange::value::Shape;

const COLUMNS: &str = include_str!("../../data/import/columns.toml");
const REFUSED: &str = include_str!("../../data/import/refused.toml");

/// What the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// Cases.
    Cases,
    /// Units.
    Units,
    /// Officers.
    Officers,
    /// Persons.
    Persons,
    /// What the state system says of its matters.
    State,
}

/// A field and the headers of the columns that fill it.
#[derive(Debug, Clone, Deserialize)]
pub struct FieldColumn {
    /// The field's key.
    pub key: String,
    /// How its cells are read.
    pub shape: Shape,
    /// Its headers, the better ones first.
    pub names: Vec<String>,
    /// Whether the preview says so when no column fills it.
    #[serde(default)]
    pub wanted: bool,
    /// Of a choice: the ledger's words for each value.
    #[serde(default)]
    pub words: BTreeMap<String, Vec<String>>,
    /// Of a choice: what becomes of another word.
    #[serde(default)]
    pub otherwise: Otherwise,
}

/// What becomes of a word that a choice does not know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Otherwise {
    /// The cell is refused.
    #[default]
    Refuse,
    /// The word stays.
    Keep,
    /// The word is added to a field of text.
    AddTo(String),
}

impl From<String> for Otherwise {
    fn from(word: String) -> Self {
        match word.as_str() {
            "refuse" => Self::Refuse,
            "keep" => Self::Keep,
            _ => Self::AddTo(word),
        }
    }
}

/// A column whose cells hold two fields.
#[derive(Debug, Clone, Deserialize)]
pub struct Pair {
    /// Its headers.
    pub names: Vec<String>,
    /// The keys of the two fields.
    pub fields: [String; 2],
    /// Where a cell is cut.
    pub cut: Cut,
}

/// Where a cell of two fields is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Before the first telephone number.
    Phone,
    /// At the first stroke, comma or line break.
    Stroke,
}

/// Words by which rows and sheets are told from others.
#[derive(Debug, Clone, Deserialize)]
pub struct Words {
    /// Headers of running numbers.
    pub serials: Vec<String>,
    /// Words between a name and a telephone number.
    pub phone_words: Vec<String>,
    /// Headers of a small table of counts beside the ledger.
    pub tallies: Vec<String>,
    /// Words with which totals begin.
    pub totals: Vec<String>,
    /// Words with which lines under the table begin.
    pub footers: Vec<String>,
    /// Ends of sheet names that are villages.
    pub village_endings: Vec<String>,
}

#[derive(Deserialize)]
struct File {
    case: Vec<FieldColumn>,
    unit: Vec<FieldColumn>,
    officer: Vec<FieldColumn>,
    person: Vec<FieldColumn>,
    state: Vec<FieldColumn>,
    pair: Vec<Pair>,
    table: Words,
}

#[derive(Deserialize)]
struct Refused {
    refused: Vec<Refusal>,
}

/// Columns that are not taken, for one reason.
#[derive(Debug, Clone, Deserialize)]
struct Refusal {
    reason: String,
    #[serde(default)]
    contains: Vec<String>,
    #[serde(default)]
    exact: Vec<String>,
}

/// What a header means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// It fills the field of this index; of several columns the one of the lowest rank is best.
    Field(usize, usize),
    /// It fills the two fields of the pair of this index.
    Pair(usize),
    /// It is never taken, for this reason (`refused_column.KEY` in the catalogue).
    Refused(String),
    /// It is a running number.
    Serial,
    /// The caller leaves it out.
    LeftOut,
    /// Nothing that is known.
    Unknown,
}

/// The tables for one topic.
#[derive(Debug, Clone)]
pub struct Columns {
    /// The fields, in the order of the table.
    pub fields: Vec<FieldColumn>,
    /// The columns of two fields.
    pub pairs: Vec<Pair>,
    /// Words of rows and sheets, folded.
    pub words: Words,
    refusals: Vec<Refusal>,
    names: HashMap<String, Meaning>,
}

impl Columns {
    /// The tables that are built in.
    pub fn built_in(topic: Topic) -> Self {
        Self::parse(COLUMNS, REFUSED, topic).expect("a test parses the tables that are built in")
    }

    fn parse(columns: &str, refused: &str, topic: Topic) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(columns)?;
        let refused: Refused = toml::from_str(refused)?;
        let fields = match topic {
            Topic::Cases => file.case,
            Topic::Units => file.unit,
            Topic::Officers => file.officer,
            Topic::Persons => file.person,
            Topic::State => file.state,
        };
        let has = |key: &String| fields.iter().any(|field| field.key == *key);
        let pairs = file.pair.into_iter().filter(|pair| pair.fields.iter().all(has));
        let mut tables = Self {
            pairs: pairs.collect(),
            fields,
            words: file.table,
            refusals: refused.refused,
            names: HashMap::new(),
        };
        tables.fold();
        Ok(tables)
    }

    /// Folds all words, and fills the table of names; the first of equal names wins.
    fn fold(&mut self) {
        let words = &mut self.words;
        let tallies = &mut words.tallies;
        let lists = [&mut words.serials, &mut words.totals, &mut words.footers, tallies];
        let refused = self.refusals.iter_mut().flat_map(|one| [&mut one.contains, &mut one.exact]);
        let choices = self.fields.iter_mut().flat_map(|field| field.words.values_mut());
        for word in lists.into_iter().chain(refused).chain(choices).flatten() {
            *word = fold(word);
        }
        for (index, field) in self.fields.iter().enumerate() {
            let names = field.names.iter().chain([&field.key]).enumerate();
            for (rank, name) in names {
                self.names.entry(fold(name)).or_insert(Meaning::Field(index, rank));
            }
        }
        for (index, pair) in self.pairs.iter().enumerate() {
            for name in &pair.names {
                self.names.insert(fold(name), Meaning::Pair(index));
            }
        }
        for serial in &self.words.serials {
            self.names.insert(serial.clone(), Meaning::Serial);
        }
    }

    /// What a header means, that stands alone or under the header of a group.
    pub fn meaning(&self, header: &str, group: Option<&str>) -> Meaning {
        let own = fold(header);
        let above = group.map(fold).unwrap_or_default();
        if own.is_empty() {
            return Meaning::Unknown;
        }
        for text in [&own, &above] {
            if let Some(reason) = self.refusal(text) {
                return Meaning::Refused(reason.to_owned());
            }
        }
        if above.is_empty() {
            return self.known_in_one(header, &own);
        }
        let both = self.known(&format!("{above}{own}"));
        if both != Meaning::Unknown {
            return both;
        }
        // Under a leader or a unit, a column "name" or "phone" is not the petitioner's.
        let is_others = match self.known(&above) {
            Meaning::Field(index, _) => {
                !self.fields.get(index).is_some_and(|field| field.key.starts_with("petitioner."))
            }
            Meaning::Pair(_) | Meaning::Serial | Meaning::LeftOut => true,
            Meaning::Refused(_) | Meaning::Unknown => false,
        };
        if is_others { Meaning::Unknown } else { self.known(&own) }
    }

    /// The meaning of a header without a group; the header of a known group may stand before a
    /// blank. Before an unknown word it may be anybody's name or telephone.
    fn known_in_one(&self, header: &str, own: &str) -> Meaning {
        let known = self.known(own);
        let Some((group, rest)) = in_two(header).filter(|_| known == Meaning::Unknown) else {
            return known;
        };
        // The group is not blank, so that this is asked once and not again for the rest.
        match self.meaning(rest, Some(group)) {
            refused @ Meaning::Refused(_) => refused,
            meaning if self.known(&fold(group)) != Meaning::Unknown => meaning,
            _ => known,
        }
    }

    /// Whether a text is a word that is never taken and nothing more, as labels are.
    pub fn is_refused_word(&self, text: &str) -> bool {
        let folded = fold(text);
        let mut words = self.refusals.iter().flat_map(|one| one.contains.iter().chain(&one.exact));
        words.any(|word| *word == folded)
    }

    /// The index of a field by its key.
    pub fn field(&self, key: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.key == key)
    }

    fn refusal(&self, folded: &str) -> Option<&str> {
        let refusal = self.refusals.iter().find(|refusal| {
            refusal.contains.iter().any(|word| folded.contains(word.as_str()))
                || refusal.exact.iter().any(|word| folded == word)
        });
        refusal.map(|refusal| refusal.reason.as_str())
    }

    /// The meaning of a folded header: as it is, without brackets, or of all its alternatives.
    fn known(&self, folded: &str) -> Meaning {
        let find = |name: &str| self.names.get(name).cloned();
        if let Some(meaning) = find(folded).or_else(|| find(&without_brackets(folded))) {
            return meaning;
        }
        let mut parts = folded.split(['/', '\u{3001}']).map(find);
        let Some(Some(Meaning::Field(first, rank))) = parts.next() else { return Meaning::Unknown };
        let is_same = |part| matches!(part, Some(Meaning::Field(field, _)) if field == first);
        if parts.all(is_same) { Meaning::Field(first, rank) } else { Meaning::Unknown }
    }
}

/// A header or word as it is compared: half width, small, without blanks, stars and colons.
pub fn fold(text: &str) -> String {
    let text = half_width(&clean(text, Lines::One).text).to_lowercase();
    let kept = text.chars().filter(|char| !char.is_whitespace() && !matches!(char, '*' | '_'));
    kept.collect::<String>().trim_end_matches([':', '?']).to_owned()
}

/// A header that is written in one, as its group and its own text.
pub fn in_two(header: &str) -> Option<(&str, &str)> {
    let (group, rest) = header.trim().split_once(' ')?;
    (!fold(group).is_empty() && !fold(rest).is_empty()).then_some((group, rest))
}

fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut out = String::new();
    for char in text.chars() {
        match char {
            '(' | '[' | '\u{3010}' => depth += 1,
            ')' | ']' | '\u{3011}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(char),
            _ => {}
        }
    }
    out.trim_end_matches([':', '?']).to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{COLUMNS, Columns, Meaning, Otherwise, REFUSED, Topic, fold};
    use crate::domain::choice::{Channel, Sex, UnitKind};
    use crate::exchange::value::Shape;

    const TOPICS: [Topic; 5] =
        [Topic::Cases, Topic::Units, Topic::Officers, Topic::Persons, Topic::State];

    fn field(tables: &Columns, header: &str) -> String {
        match tables.meaning(header, None) {
            Meaning::Field(index, _) => tables.fields[index].key.clone(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn the_tables_hold_together() {
        for topic in TOPICS {
            let tables = Columns::parse(COLUMNS, REFUSED, topic).unwrap();
            let keys: BTreeSet<&str> = tables.fields.iter().map(|one| one.key.as_str()).collect();
            assert_eq!(keys.len(), tables.fields.len());
            for one in &tables.fields {
                assert_eq!(one.shape == Shape::Choice, !one.words.is_empty(), "{}", one.key);
                if let Otherwise::AddTo(other) = &one.otherwise {
                    let other = tables.field(other).unwrap();
                    assert_eq!(tables.fields[other].shape, Shape::Text);
                }
                for name in &one.names {
                    let refused = matches!(tables.meaning(name, None), Meaning::Refused(_));
                    assert!(!refused, "{name} is taken and refused");
                }
            }
        }
        assert_eq!(Columns::built_in(Topic::Cases).pairs.len(), 2);
    }

    #[test]
    fn a_header_stands_in_the_table_once() {
        for topic in TOPICS {
            let mut seen = BTreeSet::new();
            for one in &Columns::built_in(topic).fields {
                for name in &one.names {
                    assert!(seen.insert(fold(name)), "{name} stands twice");
                }
            }
        }
    }

    #[test]
    fn every_usual_header_of_the_day_on_which_something_came_fills_that_day() {
        let tables = Columns::built_in(Topic::Cases);
        let came = ["来件", "收件", "收到", "来信", "来访", "来电", "上访", "反映", "投诉", "举报"];
        for header in came.iter().chain(&["接访", "登记", "受理"]) {
            for end in ["日期", "时间"] {
                let header = format!("{header}{end}");
                assert_eq!(field(&tables, &header), "received_on", "{header}");
            }
        }
        // Where a ledger has both, a matter came before it was taken on.
        let rank = |header: &str| match tables.meaning(header, None) {
            Meaning::Field(_, rank) => rank,
            other => panic!("{other:?}"),
        };
        assert!(rank("来件日期") < rank("受理日期") && rank("反映日期") < rank("登记日期"));
    }

    #[test]
    fn the_words_of_a_choice_are_those_of_the_ledger() {
        let tables = Columns::built_in(Topic::Cases);
        let known = |key: &str, words: &[&str]| {
            let one = &tables.fields[tables.field(key).unwrap()];
            assert!(one.words.keys().all(|word| words.contains(&word.as_str())), "{key}");
        };
        known("channel", Channel::CHOICE.words);
        known("petitioner.sex", Sex::CHOICE.words);
        let units = Columns::built_in(Topic::Units);
        let kinds = &units.fields[units.field("unit.kind").unwrap()];
        assert!(kinds.words.keys().all(|word| UnitKind::CHOICE.words.contains(&word.as_str())));
    }

    #[test]
    fn headers_are_found_with_line_breaks_brackets_stars_and_alternatives() {
        let tables = Columns::built_in(Topic::Cases);
        for (header, key) in [
            ("信访\n诉求", "request"),
            ("＊联系　电话（必填）：", "petitioner.phone"),
            ("信访人/来访人", "petitioner.name"),
            ("村（居）", "village"),
            ("Received On", "received_on"),
            ("petitioner.id_number", "petitioner.id_number"),
            ("当前进度％", "progress"),
            ("包案领导及联系方式", "lead"),
        ] {
            assert_eq!(field(&tables, header), key, "{header}");
        }
        assert_eq!(tables.meaning("反对数", None), Meaning::Unknown);
        assert_eq!(tables.meaning("序 号", None), Meaning::Serial);
        assert_eq!(tables.meaning("", None), Meaning::Unknown);
    }

    #[test]
    fn a_name_under_the_leaders_header_is_not_the_petitioners() {
        let tables = Columns::built_in(Topic::Cases);
        let meaning = |header, group| tables.meaning(header, Some(group));
        let lead = tables.field("lead").unwrap();
        let name = tables.field("petitioner.name").unwrap();
        assert!(matches!(meaning("姓名", "包案领导"), Meaning::Field(index, _) if index == lead));
        assert_eq!(meaning("电话", "包案领导"), Meaning::Unknown);
        assert!(matches!(meaning("姓名", "信访人"), Meaning::Field(index, _) if index == name));
        assert!(matches!(meaning("姓名", "基本信息"), Meaning::Field(index, _) if index == name));
    }

    #[test]
    fn a_name_behind_an_unknown_word_is_not_the_petitioners() {
        let tables = Columns::built_in(Topic::Cases);
        for header in ["家庭主要人口 姓名", "陪访人 姓名", "包村干部 电话", "包案领导 电话"]
        {
            assert_eq!(tables.meaning(header, None), Meaning::Unknown, "{header}");
        }
        let refused = tables.meaning("家庭主要成员 姓名", None);
        assert!(!matches!(refused, Meaning::Field(..)), "{refused:?}");
        assert_eq!(field(&tables, "地址 户籍地址"), "petitioner.address");
        assert_eq!(field(&tables, "包案领导 姓名"), "lead");
    }

    #[test]
    fn a_header_of_stars_and_blanks_alone_is_read_at_once() {
        let tables = Columns::built_in(Topic::Cases);
        let header = format!("{}x", "* ".repeat(16_383));
        assert_eq!(tables.meaning(&header, None), Meaning::Unknown);
    }

    #[test]
    fn columns_that_no_duty_asks_for_are_refused_with_a_reason() {
        let tables = Columns::built_in(Topic::Cases);
        for (header, reason) in [
            ("社会关系", "associates"),
            ("异常动态", "label"),
            ("公安业务分类", "police"),
            ("警种名称", "police"),
            ("后续稳控措施", "control"),
            ("民族", "belief"),
            ("稳控单位", "control"),
            ("是否正常访", "label"),
            ("稳控责任人", "control"),
            ("风险等级", "score"),
            ("涉及人员", "associates"),
            ("政治面貌", "belief"),
            ("行踪 轨迹", "movements"),
            ("车牌号", "movements"),
            ("微信号", "communications"),
            ("ＱＱ", "communications"),
            ("有无扬言\n行为", "label"),
            ("缠访闹访情况", "label"),
            ("特殊人员", "label"),
            ("在京/离镇状态", "movements"),
            ("上访次数", "score"),
            ("职业", "profile"),
            ("照片", "biometrics"),
        ] {
            assert_eq!(
                tables.meaning(header, None),
                Meaning::Refused(reason.to_owned()),
                "{header}"
            );
        }
        let under = tables.meaning("责任人", Some("稳控措施"));
        assert_eq!(under, Meaning::Refused("control".to_owned()));
    }
}
