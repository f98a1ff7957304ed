//! Hostile input: whatever is done to a message, the answer is a valid message or its faults.

#![allow(clippy::expect_used, reason = "helpers of tests stand outside their functions")]

use allonge_finance::Bic;
use allonge_messages::fin::{self, FinMessage, MessageBuilder, StandardsRelease};

const USANCE: &[u8] = include_bytes!("../../../tests/vectors/fin/mt700_usance.fin");

/// xorshift64*, so that a seed replays.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    /// Below `bound`, which is not 0.
    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).expect("small");
        usize::try_from(self.next() % bound).expect("small")
    }

    fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    if bytes.is_empty() {
        bytes.push(b'{');
    }
    let at = random.below(bytes.len());
    match random.below(8) {
        0 => bytes[at] ^= 1 << random.below(8),
        1 => drop(bytes.remove(at)),
        2 => bytes.insert(at, random.next().to_le_bytes()[0]),
        3 => bytes.truncate(at),
        4 => {
            let piece = random
                .pick(&["{", "}", ":", "-}", "\r\n", "\n:20:", "/", ",", "{4:\r\n", "\r", "}{", "//", "é"]);
            bytes.splice(at..at, piece.bytes());
        }
        5 => {
            let mut lines: Vec<Vec<u8>> = bytes.split(|&b| b == b'\n').map(<[u8]>::to_vec).collect();
            let (a, b) = (random.below(lines.len()), random.below(lines.len()));
            lines.swap(a, b);
            *bytes = lines.join(&b'\n');
        }
        6 => {
            let end = (at + random.below(200)).min(bytes.len());
            let copy = bytes[at..end].to_vec();
            let to = random.below(bytes.len());
            bytes.splice(to..to, copy);
        }
        _ => {
            let end = (at + random.below(60)).min(bytes.len());
            bytes.drain(at..end);
        }
    }
}

#[test]
fn ten_thousand_mutations_give_a_valid_message_or_its_faults() {
    let seed = 0x00a1_1049_e700;
    let mut random = Random(seed);
    let (mut valid, mut refused) = (0, 0);
    for round in 0..10_000 {
        let mut bytes = USANCE.to_vec();
        for _ in 0..=random.below(3) {
            mutate(&mut bytes, &mut random);
        }
        match fin::parse(&bytes, StandardsRelease::Sr2025) {
            Ok(message) => {
                valid += 1;
                assert_eq!(message.format(), bytes, "seed {seed:#x}, round {round}");
                if round % 10 == 0 {
                    let built = message.content().build().expect("valid content builds");
                    assert_eq!(built.fields(), message.fields(), "seed {seed:#x}, round {round}");
                    assert_eq!(FinMessage::from_json(&message.to_json()).as_ref(), Ok(&message));
                }
            }
            Err(error) => {
                refused += 1;
                let lines = bytes.iter().filter(|&&b| b == b'\n').count() + 1;
                for fault in error.faults() {
                    assert!(fault.line >= 1 && fault.column >= 1, "seed {seed:#x}, round {round}");
                    assert!(
                        usize::try_from(fault.line).is_ok_and(|line| line <= lines),
                        "seed {seed:#x}, {round}"
                    );
                }
                assert!(!error.faults().is_empty(), "seed {seed:#x}, round {round}");
            }
        }
    }
    assert!(valid > 100 && refused > 1_000, "both kinds occur: {valid} valid, {refused} refused");
}

#[test]
fn mutated_json_gives_a_valid_message_or_its_faults() {
    let json = fin::parse(USANCE, StandardsRelease::Sr2025).expect("the sample is valid").to_json();
    let mut random = Random(0x7e57_1503);
    for _ in 0..500 {
        let mut bytes = json.clone().into_bytes();
        mutate(&mut bytes, &mut random);
        if let Ok(text) = std::str::from_utf8(&bytes) {
            let _ = FinMessage::from_json(text);
        }
    }
}

#[test]
fn a_built_message_reads_back_as_itself() {
    let mut random = Random(0x0b01_2345);
    let (from, to) = (Bic::parse("SYNBCNBJ").expect("a BIC"), Bic::parse("SYNADEFF123").expect("a BIC"));
    let words = ["TEA", "TANJIN", "(INCOTERMS 2020)", "+", "1,000.00", "A/B", "it's", "?"];
    for _ in 0..500 {
        let mut line = || (0..=random.below(4)).map(|_| random.pick(&words)).collect::<Vec<_>>().join(" ");
        let text = format!("{}\n{}", line(), line());
        let amount = ["USD1250000,", "EUR0,01", "JPY7,", "BHD1,5", "CNY99999999999,99"][random.below(5)];
        let message = MessageBuilder::new(StandardsRelease::Sr2025, "700", &from, &to)
            .user_reference("REF1")
            .field("27", "1/2")
            .field("40A", random.pick(&["IRREVOCABLE", "IRREVOCABLE TRANSFERABLE"]))
            .field("20", &format!("LC{}", random.below(1_000_000)))
            .field("31C", "260302")
            .field("40E", random.pick(&["UCP LATEST VERSION", "OTHR", "OTHR/ISP98"]))
            .field("31D", "260630BEIJING")
            .field("50", "SAMPLE IMPORT\nTIANJIN")
            .field("59", random.pick(&["SAMPLE GMBH", "/DE1\nSAMPLE GMBH"]))
            .field("32B", amount)
            .field("41D", random.pick(&["ANY BANK\nBY NEGOTIATION", "ANY BANK\nIN\nCHINA\nBY PAYMENT"]))
            .field("45A", &text)
            .field("49", "CONFIRM")
            .field("58A", random.pick(&["SYNADEFF", "/D/1\nSYNADEFF123", "//CH1\nSYNADEFFXXX"]))
            .field("57B", random.pick(&["/1", "HAMBURG", "/C/1\nHAMBURG"]))
            .build()
            .expect("valid fields");
        assert_eq!(fin::parse(&message.format(), StandardsRelease::Sr2025).as_ref(), Ok(&message));
        let rebuilt = message.content().build().expect("valid content");
        assert_eq!(rebuilt.content(), message.content());
        assert_eq!(
            rebuilt.content().build().as_ref(),
            Ok(&rebuilt),
            "canonical form is its own canonical form"
        );
    }
}
