//! Bytes as terminals send them, whole and in pieces; and pastes that would be commands.

use crossterm::event::{Event, MouseButton, MouseEventKind};
use proptest::prelude::{ProptestConfig, any, prop, prop_assert, prop_assert_eq, proptest};

use crate::tui::decode::{Decoder, PASTE_BYTES_MAX};
use crate::tui::key::Key;

fn told(pieces: &[&[u8]]) -> Vec<String> {
    let mut decoder = Decoder::default();
    for piece in pieces {
        decoder.feed(piece);
    }
    while decoder.is_waiting() {
        decoder.settle();
    }
    names(&mut decoder)
}

fn names(decoder: &mut Decoder) -> Vec<String> {
    std::iter::from_fn(|| decoder.next_event())
        .map(|event| match event {
            Event::Key(key) => Key::from_event(&key).map_or("none".into(), |key| key.to_string()),
            Event::Paste(text) => format!("paste {text:?}"),
            Event::FocusGained | Event::FocusLost | Event::Mouse(_) | Event::Resize(..) => {
                format!("{event:?}")
            }
        })
        .collect()
}

#[test]
fn keys_of_every_kind_of_terminal_are_understood() {
    let pairs: [(&[u8], &str); 32] = [
        (b"a", "a"),
        ("征".as_bytes(), "征"),
        ("𠮷".as_bytes(), "𠮷"),
        (b"\r", "enter"),
        (b"\n", "enter"),
        (b"\t", "tab"),
        (b"\x7f", "backspace"),
        (b"\x08", "backspace"),
        (b"\x10", "ctrl-p"),
        (b"\0", "ctrl-space"),
        (b"\x1f", "ctrl-_"),
        (b"\x1b", "esc"),
        (b"\x1bb", "alt-b"),
        (b"\x1b[A", "up"),
        (b"\x1bOA", "up"),
        (b"\x1b[1;5D", "ctrl-left"),
        (b"\x1b[1;3C", "ctrl-right"),
        (b"\x1b[1;2B", "down"),
        (b"\x1b[Z", "backtab"),
        (b"\x1b[3~", "delete"),
        (b"\x1b[5~", "pgup"),
        (b"\x1b[1~", "home"),
        (b"\x1bOF", "end"),
        (b"\x1bOP", "f1"),
        (b"\x1b[11~", "f1"),
        (b"\x1b[[B", "f2"),
        (b"\x1b[15~", "f5"),
        (b"\x1b[17~", "f6"),
        (b"\x1b[24~", "f12"),
        (b"\x1b[1;2P", "f1"),
        (b"\x1b[34~", "f20"),
        (b"\xff", "\u{fffd}"),
    ];
    for (bytes, name) in pairs {
        assert_eq!(told(&[bytes]), [name], "{bytes:?}");
    }
}

#[test]
fn an_arrow_split_over_packets_is_still_an_arrow() {
    assert_eq!(told(&[b"\x1b", b"[A"]), ["up"]);
    assert_eq!(told(&[b"\x1b[", b"A"]), ["up"]);
    assert_eq!(told(&[b"\x1b", b"[", b"1;5", b"C", b"x"]), ["ctrl-right", "x"]);
    assert_eq!(told(&[b"\xe5", b"\xbe", b"\x81"]), ["征"]);
}

#[test]
fn an_arrow_whose_rest_comes_late_types_no_letters() {
    let mut decoder = Decoder::default();
    decoder.feed(b"\x1b");
    decoder.settle();
    decoder.feed(b"[A");
    assert_eq!(names(&mut decoder), ["esc", "up"]);
    decoder.feed(b"\x1b");
    decoder.settle();
    decoder.feed(b"[");
    decoder.feed(b"A");
    assert_eq!(names(&mut decoder), ["esc", "[", "A"]);
}

#[test]
fn escape_and_the_next_key_in_one_packet_are_both_heard() {
    assert_eq!(told(&[b"\x1b\x1b[A"]), ["esc", "up"]);
    assert_eq!(told(&[b"\x1b\r"]), ["esc", "enter"]);
    assert_eq!(told(&["\x1b张".as_bytes()]), ["esc", "张"]);
    assert_eq!(told(&[b"\x1b["]), ["alt-["]);
}

#[test]
fn a_pasted_letter_presses_no_key() {
    assert_eq!(
        told(&[b"a\x1b[200~q\rdd\x1b[A\x1b[201~b"]),
        ["a", "paste \"q\\rdd\\u{1b}[A\"", "b"]
    );
    assert_eq!(told(&[b"\x1b[20", b"0~x\x1b[2", b"01", b"~"]), ["paste \"x\""]);
}

#[test]
fn the_end_mark_inside_a_paste_does_not_let_the_rest_be_typed() {
    assert_eq!(told(&[b"\x1b[200~a\x1b[201~q\rq\x1b[201~"]), ["paste \"aq\\rq\""]);
    assert_eq!(told(&[b"\x1b[200~a\x1b[201~q", b"q\x1b[201~z"]), ["paste \"aqq\"", "z"]);
    assert_eq!(
        told(&[b"\x1b[200~a\x1b[201~q\x1b[200~b\x1b[201~"]),
        ["paste \"a\"", "q", "paste \"b\""]
    );
}

#[test]
fn an_endless_paste_is_kept_up_to_its_limit() {
    let mut decoder = Decoder::default();
    decoder.feed(b"\x1b[200~");
    for _ in 0..500 {
        decoder.feed(&[b'x'; 1000]);
    }
    decoder.feed(b"\x1b[201~");
    decoder.settle();
    let Some(Event::Paste(text)) = decoder.next_event() else { panic!("no paste") };
    assert_eq!(text.len(), PASTE_BYTES_MAX);
}

#[test]
fn the_wheel_and_a_click_are_understood_and_other_reports_skipped() {
    let mut decoder = Decoder::default();
    decoder.feed(b"\x1b[<64;10;5M\x1b[<0;1;1M\x1b[<0;1;1m\x1b[<35;7;7M\x1b[?1;2c\x1b[I");
    let mut kinds = Vec::new();
    while let Some(Event::Mouse(mouse)) = decoder.next_event() {
        kinds.push((mouse.kind, mouse.column, mouse.row));
    }
    let click = MouseEventKind::Down(MouseButton::Left);
    assert_eq!(kinds, [(MouseEventKind::ScrollUp, 9, 4), (click, 0, 0)]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_in_any_pieces_come_to_an_end(
        bytes in prop::collection::vec(
            prop::sample::select(b"\x1b[[OAa;1259~<Mm\r\xe5\xbe\x81\xff\x00".to_vec()), 0..60,
        ),
        piece in 1_usize..9,
    ) {
        let pieces: Vec<&[u8]> = bytes.chunks(piece).collect();
        let mut decoder = Decoder::default();
        for piece in pieces {
            decoder.feed(piece);
        }
        for _ in 0..bytes.len() + 2 {
            decoder.settle();
        }
        prop_assert!(!decoder.is_waiting());
    }

    #[test]
    fn how_bytes_are_split_does_not_matter(
        text in "[a-z征地补𠮷]{0,20}", piece in 1_usize..5, esc in any::<bool>(),
    ) {
        let text = if esc { format!("\x1b[A{text}\x1b[3~") } else { text };
        let pieces: Vec<&[u8]> = text.as_bytes().chunks(piece).collect();
        prop_assert_eq!(told(&pieces), told(&[text.as_bytes()]));
    }

    #[test]
    fn nothing_pasted_becomes_a_key(bytes in prop::collection::vec(
        prop::sample::select(vec!["\x1b", "[201~", "\x1b[201~", "q", "\r", "征", "[A"]), 0..20,
    )) {
        let text = bytes.concat();
        let sent = format!("\x1b[200~{text}\x1b[201~");
        let events = told(&[sent.as_bytes()]);
        prop_assert_eq!(events.len(), 1);
        prop_assert!(events[0].starts_with("paste"));
    }
}
