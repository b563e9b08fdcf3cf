//! The tags of an XML part of a workbook, by their places in its text, so that what is not changed
//! stays byte for byte as it was.
//!
//! It knows what such parts have: tags, attributes, comments. A document with a type of its own is
//! refused, because nothing good comes of one.

/// How a tag stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It opens an element.
    Opens,
    /// It closes one.
    Closes,
    /// It is a whole element.
    Alone,
}

/// A tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag<'x> {
    /// Its name, without the prefix of its namespace.
    pub name: &'x str,
    /// The prefix with its colon; empty if it has none.
    pub prefix: &'x str,
    /// The whole tag.
    pub text: &'x str,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How it stands.
    pub stands: Stands,
}

/// The text is no XML that a workbook has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("form_is_odd")]
pub struct Odd;

/// The tags of a text, in order.
pub struct Tags<'x> {
    text: &'x str,
    at: usize,
}

impl<'x> Tags<'x> {
    /// The tags of a text.
    pub fn of(text: &'x str) -> Self {
        Self { text, at: 0 }
    }

    /// The next tag; none at the end.
    ///
    /// # Errors
    /// [`Odd`] for a tag without an end, or a document with a type of its own.
    pub fn next_tag(&mut self) -> Result<Option<Tag<'x>>, Odd> {
        loop {
            let rest = self.text.get(self.at..).ok_or(Odd)?;
            let Some(found) = rest.find('<') else { return Ok(None) };
            let (start, tag) = (self.at + found, rest.get(found..).ok_or(Odd)?);
            let skipped = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
            if let Some((begin, end)) = skipped.iter().find(|(begin, _)| tag.starts_with(begin)) {
                let length = tag.get(begin.len()..).and_then(|rest| rest.find(end)).ok_or(Odd)?;
                self.at = start + begin.len() + length + end.len();
                continue;
            }
            if tag.starts_with("<!") {
                return Err(Odd);
            }
            let end = start + length(tag).ok_or(Odd)?;
            self.at = end;
            return named(self.text.get(start..end).ok_or(Odd)?, start).map(Some).ok_or(Odd);
        }
    }
}

/// How long a tag is: to the first closing sign outside of quotes.
fn length(tag: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (_, _) => {}
        }
    }
    None
}

fn named(text: &str, start: usize) -> Option<Tag<'_>> {
    let inner = text.strip_prefix('<')?.strip_suffix('>')?;
    let (inner, stands) = match (inner.strip_prefix('/'), inner.strip_suffix('/')) {
        (Some(inner), _) => (inner, Stands::Closes),
        (None, Some(inner)) => (inner, Stands::Alone),
        (None, None) => (inner, Stands::Opens),
    };
    let whole = inner.split(|char: char| char.is_whitespace()).next()?;
    let (prefix, name) = match whole.find(':') {
        Some(colon) => whole.split_at(colon + 1),
        None => ("", whole),
    };
    (!name.is_empty()).then_some(Tag { name, prefix, text, start, end: start + text.len(), stands })
}

impl<'x> Tag<'x> {
    /// The value of an attribute, as it is written.
    pub fn get(&self, name: &str) -> Option<&'x str> {
        let (from, to) = value_of(self.text, name)?;
        self.text.get(from..to)
    }

    /// The tag with another value of an attribute; an attribute that is not there is added.
    pub fn with(&self, name: &str, value: &str) -> String {
        match value_of(self.text, name) {
            Some((from, to)) => {
                let (head, tail) = (self.text.get(..from), self.text.get(to..));
                format!("{}{value}{}", head.unwrap_or_default(), tail.unwrap_or_default())
            }
            None => {
                let end = self.text.trim_end_matches('>').trim_end_matches('/').len();
                let (head, tail) = self.text.split_at(end);
                format!("{} {name}=\"{value}\"{tail}", head.trim_end())
            }
        }
    }

    /// The tag without an attribute.
    pub fn without(&self, name: &str) -> String {
        let Some((from, to)) = value_of(self.text, name) else { return self.text.to_owned() };
        let head = self.text.get(..from.saturating_sub(name.len() + 2)).unwrap_or_default();
        format!("{}{}", head.trim_end(), self.text.get(to + 1..).unwrap_or_default())
    }
}

/// Where the value of an attribute stands within a tag.
fn value_of(tag: &str, name: &str) -> Option<(usize, usize)> {
    let bytes = tag.as_bytes();
    let mut at = bytes.iter().position(u8::is_ascii_whitespace)?;
    loop {
        while bytes.get(at)?.is_ascii_whitespace() {
            at += 1;
        }
        let begin = at;
        while !matches!(bytes.get(at)?, b'=' | b' ' | b'\t' | b'\r' | b'\n') {
            at += 1;
        }
        let own = tag.get(begin..at)?;
        while !matches!(bytes.get(at)?, b'"' | b'\'') {
            at += 1;
        }
        let quote = *bytes.get(at)?;
        let from = at + 1;
        at = from;
        while *bytes.get(at)? != quote {
            at += 1;
        }
        if own == name {
            return Some((from, at));
        }
        at += 1;
    }
}

/// A text that can stand in an element or an attribute.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(char),
        }
    }
    out
}

/// What a text of an attribute says.
pub fn unescaped(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    let mut out = text.to_owned();
    for (code, char) in pairs {
        out = out.replace(code, char);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Stands, Tags};

    #[test]
    fn tags_keep_their_places_and_comments_are_none() {
        let text = "<?xml v?><x:row r='3' note=\"a>b\"><!-- <c/> --><c r=\"A3\"/></x:row>";
        let mut tags = Tags::of(text);
        let row = tags.next_tag().unwrap().unwrap();
        assert_eq!((row.name, row.prefix, row.get("r")), ("row", "x:", Some("3")));
        assert_eq!(row.get("note"), Some("a>b"));
        assert_eq!(row.with("r", "14"), "<x:row r='14' note=\"a>b\">");
        let cell = tags.next_tag().unwrap().unwrap();
        assert_eq!(
            (cell.stands, cell.with("s", "2").as_str()),
            (Stands::Alone, "<c r=\"A3\" s=\"2\"/>")
        );
        assert_eq!(&text[cell.start..cell.end], "<c r=\"A3\"/>");
        assert_eq!(tags.next_tag().unwrap().unwrap().stands, Stands::Closes);
        assert_eq!(tags.next_tag().unwrap(), None);
    }

    #[test]
    fn a_document_with_a_type_of_its_own_and_a_tag_without_an_end_are_refused() {
        assert!(Tags::of("<!DOCTYPE x>").next_tag().is_err());
        assert!(Tags::of("<row r=\"1").next_tag().is_err());
    }
}
