//! The encoding of a text file, and its text piece by piece.
//!
//! A byte-order mark decides; else strict UTF-8; else GB18030, which holds all that Chinese
//! offices write. What the encoding does not know is replaced and counted, never dropped.

use std::io::{Error, Read, Seek, SeekFrom};

use encoding_rs::{DecoderResult, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

/// How many bytes are read at a time.
const PIECE: usize = 64 << 10;

/// The encoding of a file, and how many bytes of mark stand before its text.
#[derive(Debug, Clone, Copy)]
pub struct Decoding {
    encoding: &'static Encoding,
    n_mark: u64,
}

impl Decoding {
    /// Finds the encoding of a file.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn detect(file: &mut (impl Read + Seek)) -> Result<Self, Error> {
        file.seek(SeekFrom::Start(0))?;
        let mut head = Vec::new();
        file.take(3).read_to_end(&mut head)?;
        if let Some((encoding, n_mark)) = Encoding::for_bom(&head) {
            return Ok(Self { encoding, n_mark: n_mark as u64 });
        }
        file.seek(SeekFrom::Start(0))?;
        let encoding = if is_utf8(file)? { UTF_8 } else { GB18030 };
        Ok(Self { encoding, n_mark: 0 })
    }

    /// The encoding's name.
    pub fn name(self) -> &'static str {
        if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            return "UTF-16";
        }
        self.encoding.name()
    }
}

fn is_utf8(file: &mut impl Read) -> Result<bool, Error> {
    let mut buffer = vec![0_u8; PIECE];
    let mut n_kept = 0;
    loop {
        let n_read = file.read(buffer.get_mut(n_kept..).unwrap_or_default())?;
        let n_filled = n_kept + n_read;
        if n_read == 0 {
            // A character cut off by the end of the file is none.
            return Ok(n_filled == 0);
        }
        match std::str::from_utf8(buffer.get(..n_filled).unwrap_or_default()) {
            Ok(_) => n_kept = 0,
            Err(error) if error.error_len().is_some() => return Ok(false),
            Err(error) => {
                buffer.copy_within(error.valid_up_to()..n_filled, 0);
                n_kept = n_filled - error.valid_up_to();
            }
        }
    }
}

/// The text of a file, piece by piece.
pub struct Decoded<F> {
    file: F,
    decoder: encoding_rs::Decoder,
    bytes: Vec<u8>,
    text: String,
    n_replaced: u64,
    ended: bool,
}

impl<F: Read + Seek> Decoded<F> {
    /// Begins at the first character behind the mark.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn new(mut file: F, decoding: Decoding) -> Result<Self, Error> {
        file.seek(SeekFrom::Start(decoding.n_mark))?;
        Ok(Self {
            file,
            decoder: decoding.encoding.new_decoder_without_bom_handling(),
            bytes: vec![0; PIECE],
            text: String::with_capacity(4 * PIECE),
            n_replaced: 0,
            ended: false,
        })
    }

    /// The next piece of the text, or none at its end.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn next_piece(&mut self) -> Result<Option<&str>, Error> {
        if self.ended {
            return Ok(None);
        }
        let n_read = self.file.read(&mut self.bytes)?;
        self.ended = n_read == 0;
        self.text.clear();
        let mut rest = self.bytes.get(..n_read).unwrap_or_default();
        loop {
            // Three bytes of text for each byte are enough for every encoding of the list.
            self.text.reserve(3 * rest.len() + 16);
            let (result, n_taken) =
                self.decoder.decode_to_string_without_replacement(rest, &mut self.text, self.ended);
            rest = rest.get(n_taken..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    self.text.push(char::REPLACEMENT_CHARACTER);
                    self.n_replaced += 1;
                }
            }
        }
        Ok(Some(&self.text))
    }

    /// How many characters the encoding did not know so far.
    pub fn n_replaced(&self) -> u64 {
        self.n_replaced
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{Decoded, Decoding};

    fn read(bytes: &[u8]) -> (String, &'static str, u64) {
        let mut file = Cursor::new(bytes);
        let decoding = Decoding::detect(&mut file).unwrap();
        let mut decoded = Decoded::new(file, decoding).unwrap();
        let mut text = String::new();
        while let Some(piece) = decoded.next_piece().unwrap() {
            text.push_str(piece);
        }
        (text, decoding.name(), decoded.n_replaced())
    }

    #[test]
    fn a_text_is_read_in_every_encoding_that_offices_write() {
        let utf8 = "\u{feff}张家庄".as_bytes();
        assert_eq!(read(utf8), ("张家庄".to_owned(), "UTF-8", 0));
        assert_eq!(read("张家庄".as_bytes()), ("张家庄".to_owned(), "UTF-8", 0));
        let gbk = b"\xd5\xc5\xbc\xd2\xd7\xaf";
        assert_eq!(read(gbk), ("张家庄".to_owned(), "gb18030", 0));
        let wide: Vec<u8> = "\u{feff}张家庄".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&wide), ("张家庄".to_owned(), "UTF-16", 0));
    }

    #[test]
    fn what_the_encoding_does_not_know_is_replaced_and_counted() {
        let (text, name, n_replaced) = read(b"\xd5\xc5\xff\xbc\xd2");
        assert_eq!((text.as_str(), name, n_replaced), ("张\u{fffd}家", "gb18030", 1));
    }

    #[test]
    fn a_long_text_whose_characters_lie_across_the_pieces_is_whole() {
        let long = "a".to_owned() + &"张家庄".repeat(40_000);
        assert!(read(long.as_bytes()).0 == long);
        let (gbk, ..) = encoding_rs::GB18030.encode(&long);
        assert!(read(&gbk).0 == long);
    }
}
