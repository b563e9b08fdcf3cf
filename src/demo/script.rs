//! The texts from which a made-up town is put together, read from `data/demo`.
//!
//! A file is a list of sections, `[name]`, of rows, `key = text`; `#` opens a note. A key may stand
//! several times: one of its texts is chosen.

/// The files.
const TOWN: &str = include_str!("../../data/demo/town.txt");
const NAMES: &str = include_str!("../../data/demo/name.txt");
const OPENINGS: &str = include_str!("../../data/demo/opening.txt");
const TOPICS: &str = include_str!("../../data/demo/topic.txt");
const STEPS: &str = include_str!("../../data/demo/step.txt");

/// The five files, read.
#[derive(Debug, Clone)]
pub struct Script {
    /// Names of the town, its units and its officers.
    pub town: Vec<Section>,
    /// Surnames and given names.
    pub names: Vec<Section>,
    /// Beginnings and ends of requests, and small words for them.
    pub openings: Vec<Section>,
    /// One section for each kind of request.
    pub topics: Vec<Section>,
    /// What is said at each step, and the forms of document numbers.
    pub steps: Vec<Section>,
}

/// One section of a file.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its name.
    pub name: &'static str,
    /// Its rows: key and text.
    pub rows: Vec<(&'static str, &'static str)>,
}

impl Script {
    /// Reads the files.
    pub fn read() -> Self {
        Self {
            town: parse(TOWN),
            names: parse(NAMES),
            openings: parse(OPENINGS),
            topics: parse(TOPICS),
            steps: parse(STEPS),
        }
    }
}

impl Section {
    /// The texts of a key.
    pub fn all(&self, key: &str) -> Vec<&'static str> {
        self.rows.iter().filter(|(name, _)| *name == key).map(|(_, text)| *text).collect()
    }

    /// The first text of a key; empty if it has none.
    pub fn one(&self, key: &str) -> &'static str {
        self.rows.iter().find(|(name, _)| *name == key).map_or("", |(_, text)| text)
    }
}

/// The texts of a key in the section of that name.
pub fn all(sections: &[Section], name: &str, key: &str) -> Vec<&'static str> {
    sections.iter().filter(|section| section.name == name).flat_map(|own| own.all(key)).collect()
}

/// The first text of a key in the section of that name; empty if there is none.
pub fn one(sections: &[Section], name: &str, key: &str) -> &'static str {
    sections.iter().find(|section| section.name == name).map_or("", |section| section.one(key))
}

/// A text with `{name}` replaced by values.
pub fn fill(text: &str, values: &[(&str, String)]) -> String {
    values
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
}

fn parse(text: &'static str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            sections.push(Section { name, rows: Vec::new() });
        } else if let (Some(section), Some(row)) = (sections.last_mut(), line.split_once(" = ")) {
            section.rows.push(row);
        }
    }
    sections
}

/// A text of a section of the steps, for those who hold no script.
pub fn word(section: &str, key: &str) -> Option<String> {
    let text = one(&parse(STEPS), section, key);
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{NAMES, OPENINGS, STEPS, Script, TOPICS, TOWN, fill};

    #[test]
    fn every_line_is_a_note_a_section_or_a_row() {
        for line in [TOWN, NAMES, OPENINGS, TOPICS, STEPS].iter().flat_map(|text| text.lines()) {
            let section = line.starts_with('[') && line.ends_with(']');
            assert!(line.starts_with('#') || section || line.contains(" = "), "{line}");
        }
    }

    #[test]
    fn every_topic_says_what_is_asked_and_who_answers() {
        let script = Script::read();
        for topic in &script.topics {
            for key in ["class", "unit", "case", "finding", "measure"] {
                assert!(!topic.one(key).is_empty(), "{} lacks {key}", topic.name);
            }
            for case in topic.all("case") {
                assert!(case.split(" | ").count() >= 4, "{case}");
            }
            let unit = topic.one("unit");
            let known = script.town.iter().any(|section| section.all("name").contains(&unit));
            assert!(known, "{} names an unknown unit", topic.name);
        }
    }

    #[test]
    fn a_text_is_filled_with_its_values() {
        let values = [("village", "石桥村".to_owned()), ("n", "3".to_owned())];
        assert_eq!(fill("{village}路灯{n}盏", &values), "石桥村路灯3盏");
    }
}
