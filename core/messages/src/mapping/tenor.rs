//! When a credit's drafts or undertakings fall due, read from the words of 42C or 42P.
//!
//! The grammar is small on purpose: whatever it does not contain is refused, never approximated.

use allonge_finance::Date;
use allonge_trade::Tenor;

/// What the grammar accepts, for remedies.
pub(crate) const GRAMMAR: &str = "write AT SIGHT; n DAYS AFTER (or FROM) DATE OF SHIPMENT, BILL OF LADING DATE \
    or TRANSPORT DOCUMENT DATE; n DAYS AFTER SIGHT; or a date such as ON 15 SEP 2026";

/// A tenor as it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TenorText {
    /// On demand.
    Sight,
    /// Later.
    Usance {
        /// When.
        tenor: Tenor,
        /// From which event its days count.
        counted_from: CountedFrom,
    },
}

/// The event from which days count. Document and shipment have one date: that of a dated notation of shipment
/// on the transport document where there is one, else that of its issue. UCP 600 art. 19 to 25.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CountedFrom {
    Shipment,
    BillOfLading,
    TransportDocument,
    Sight,
    /// No days are counted: the date is fixed.
    Nothing,
}

/// A text outside the grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotATenor {
    /// In which of the lines reading stopped, from 0.
    pub line: usize,
    /// At which word; none at the end of the text.
    pub word: Option<String>,
}

/// Reads the lines of 42C or 42P.
///
/// ```text
/// tenor  = ["DRAFTS" | "DRAFT"] due ["FOR" ("FULL" | "100" ("PCT" | "PERCENT") "OF") ["THE"] "INVOICE" ("VALUE" | "AMOUNT")]
/// due    = ["AT"] "SIGHT"
///        | ["AT"] days ("SIGHT" | "AFTER" "SIGHT" | ("AFTER" | "FROM") event)
///        | ["ON" | "AT"] date
/// days   = 1 to 4 digits ("DAYS" | "DAYS'" | "DAY")
/// event  = ["THE"] "DATE" "OF" ["THE"] thing | ["THE"] thing "DATE" | ["THE"] "SHIPMENT"
/// thing  = "SHIPMENT" | "BILL" "OF" "LADING" | "BILLS" "OF" "LADING" | "B/L" | "TRANSPORT" "DOCUMENT"
/// date   = 8 digits YYYYMMDD | YYYY-MM-DD | day month year, the month as a word
/// ```
///
/// Case and spacing do not matter, a line break is a space, and one full stop may end the text.
pub(crate) fn read(lines: &[String]) -> Result<TenorText, NotATenor> {
    let joined: Vec<(usize, String)> = lines
        .iter()
        .enumerate()
        .flat_map(|(line, text)| text.split_whitespace().map(move |word| (line, word.to_ascii_uppercase())))
        .collect();
    let last = joined.len().saturating_sub(1);
    let words: Vec<(usize, &str)> = joined
        .iter()
        .enumerate()
        .map(|(index, (line, word))| {
            let word = word.as_str();
            (*line, if index == last { word.strip_suffix('.').unwrap_or(word) } else { word })
        })
        .collect();
    let mut reader = Reader { words: &words, at: 0, furthest: 0 };
    let read = reader.tenor();
    read.ok_or_else(|| {
        let stopped = words.get(reader.furthest);
        NotATenor {
            line: stopped.or(words.last()).map_or(0, |(line, _)| *line),
            word: stopped.map(|(_, word)| (*word).to_owned()),
        }
    })
}

struct Reader<'a> {
    words: &'a [(usize, &'a str)],
    at: usize,
    /// The first word that no way of reading got beyond.
    furthest: usize,
}

impl<'a> Reader<'a> {
    fn tenor(&mut self) -> Option<TenorText> {
        let _ = self.word("DRAFTS") || self.word("DRAFT");
        let due = self.due()?;
        (self.whole_invoice() && self.at == self.words.len()).then_some(due)
    }

    fn due(&mut self) -> Option<TenorText> {
        let start = self.at;
        let _ = self.word("AT");
        if self.word("SIGHT") {
            return Some(TenorText::Sight);
        }
        if let Some(days) = self.days() {
            return self.counted(days);
        }
        self.at = start;
        let _ = self.word("ON") || self.word("AT");
        let date = self.date()?;
        let tenor = Tenor::Fixed { date };
        Some(TenorText::Usance { tenor, counted_from: CountedFrom::Nothing })
    }

    fn days(&mut self) -> Option<u16> {
        let start = self.at;
        let days = self.number(1, 4);
        if days.is_some() && (self.word("DAYS") || self.word("DAYS'") || self.word("DAY")) {
            return days;
        }
        self.at = start;
        None
    }

    fn counted(&mut self, days: u16) -> Option<TenorText> {
        let after = self.word("AFTER");
        if self.word("SIGHT") {
            let tenor = Tenor::AfterSight { days };
            return Some(TenorText::Usance { tenor, counted_from: CountedFrom::Sight });
        }
        if !after && !self.word("FROM") {
            return None;
        }
        let counted_from = self.event()?;
        Some(TenorText::Usance { tenor: Tenor::AfterShipment { days }, counted_from })
    }

    fn event(&mut self) -> Option<CountedFrom> {
        let _ = self.word("THE");
        if self.word("DATE") {
            if !self.word("OF") {
                return None;
            }
            let _ = self.word("THE");
            return self.thing();
        }
        let thing = self.thing()?;
        (self.word("DATE") || thing == CountedFrom::Shipment).then_some(thing)
    }

    fn thing(&mut self) -> Option<CountedFrom> {
        if self.word("SHIPMENT") {
            return Some(CountedFrom::Shipment);
        }
        if self.word("B/L") {
            return Some(CountedFrom::BillOfLading);
        }
        if self.word("BILL") || self.word("BILLS") {
            return (self.word("OF") && self.word("LADING")).then_some(CountedFrom::BillOfLading);
        }
        (self.word("TRANSPORT") && self.word("DOCUMENT")).then_some(CountedFrom::TransportDocument)
    }

    fn date(&mut self) -> Option<Date> {
        let text = self.peek()?;
        let iso = match text.len() {
            8 if digits(text) => format!("{}-{}-{}", text.get(..4)?, text.get(4..6)?, text.get(6..)?),
            _ => text.to_owned(),
        };
        if let Ok(date) = Date::parse(&iso) {
            self.advance();
            return Some(date);
        }
        let day = u8::try_from(self.number(1, 2)?).ok()?;
        let name = self.peek()?;
        let month = month(name)?;
        self.advance();
        // A day that the month lacks is reported where the year stands.
        let at = self.at;
        let year = self.number(4, 4)?;
        let date = Date::new(year, month, day).ok();
        if date.is_none() {
            self.furthest = at;
        }
        date
    }

    /// That drafts are for the whole invoice changes no date; that they are for a part would.
    fn whole_invoice(&mut self) -> bool {
        if !self.word("FOR") {
            return true;
        }
        let whole = self.word("FULL")
            || (self.word("100") && (self.word("PCT") || self.word("PERCENT")) && self.word("OF"));
        if !whole {
            return false;
        }
        let _ = self.word("THE");
        self.word("INVOICE") && (self.word("VALUE") || self.word("AMOUNT"))
    }

    fn number(&mut self, least: usize, most: usize) -> Option<u16> {
        let text = self.peek().filter(|text| digits(text) && (least..=most).contains(&text.len()))?;
        let number = text.parse().ok()?;
        self.advance();
        Some(number)
    }

    fn word(&mut self, expected: &str) -> bool {
        let is = self.peek() == Some(expected);
        if is {
            self.advance();
        }
        is
    }

    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).map(|(_, word)| *word)
    }

    fn advance(&mut self) {
        self.at += 1;
        self.furthest = self.furthest.max(self.at);
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A month by its English name, whole or its first three letters.
fn month(name: &str) -> Option<u8> {
    const MONTHS: [(&str, u8); 12] = [
        ("JANUARY", 1),
        ("FEBRUARY", 2),
        ("MARCH", 3),
        ("APRIL", 4),
        ("MAY", 5),
        ("JUNE", 6),
        ("JULY", 7),
        ("AUGUST", 8),
        ("SEPTEMBER", 9),
        ("OCTOBER", 10),
        ("NOVEMBER", 11),
        ("DECEMBER", 12),
    ];
    let names = |whole: &str| name == whole || whole.get(..3) == Some(name);
    MONTHS.iter().find(|(whole, _)| names(whole)).map(|(_, number)| *number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<TenorText, NotATenor> {
        read(&text.split('\n').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn a_tenor_of_the_grammar_is_read() {
        use CountedFrom::{BillOfLading, Nothing, Shipment, Sight, TransportDocument};
        let days = |days, counted_from| match counted_from {
            Sight => TenorText::Usance { tenor: Tenor::AfterSight { days }, counted_from },
            _ => TenorText::Usance { tenor: Tenor::AfterShipment { days }, counted_from },
        };
        let on = |date| {
            let tenor = Tenor::Fixed { date: Date::parse(date).expect("a date") };
            TenorText::Usance { tenor, counted_from: Nothing }
        };
        let table = [
            ("AT SIGHT", TenorText::Sight),
            ("SIGHT.", TenorText::Sight),
            ("Drafts at sight", TenorText::Sight),
            ("DRAFTS AT SIGHT FOR FULL INVOICE VALUE", TenorText::Sight),
            ("AT 90 DAYS AFTER DATE OF SHIPMENT", days(90, Shipment)),
            ("90 DAYS AFTER SHIPMENT", days(90, Shipment)),
            ("90 DAYS AFTER THE DATE OF\nTHE SHIPMENT", days(90, Shipment)),
            ("090 DAYS FROM SHIPMENT DATE.", days(90, Shipment)),
            ("1 DAY AFTER SHIPMENT", days(1, Shipment)),
            ("AT 120 DAYS AFTER BILL OF LADING DATE", days(120, BillOfLading)),
            ("120 DAYS FROM B/L DATE", days(120, BillOfLading)),
            ("120 DAYS AFTER DATE OF BILLS OF LADING", days(120, BillOfLading)),
            ("60 DAYS AFTER TRANSPORT DOCUMENT DATE", days(60, TransportDocument)),
            ("60 DAYS AFTER THE DATE OF TRANSPORT\nDOCUMENT", days(60, TransportDocument)),
            ("AT 90 DAYS SIGHT", days(90, Sight)),
            ("90 DAYS' SIGHT", days(90, Sight)),
            ("AT 90 DAYS AFTER SIGHT FOR 100 PCT OF\nTHE INVOICE AMOUNT", days(90, Sight)),
            ("ON 15 SEP 2026", on("2026-09-15")),
            ("5 SEPTEMBER 2026", on("2026-09-05")),
            ("AT 20260915", on("2026-09-15")),
            ("ON 2026-09-15.", on("2026-09-15")),
        ];
        for (text, expected) in table {
            assert_eq!(read_text(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn any_other_text_is_refused_where_reading_stopped() {
        let table = [
            ("", 0, None),
            ("AT", 0, None),
            ("AT MATURITY", 0, Some("MATURITY")),
            ("NINETY DAYS AFTER SIGHT", 0, Some("NINETY")),
            ("90 DAYS", 0, None),
            ("90 DAYS AFTER", 0, None),
            ("3 MONTHS AFTER SIGHT", 0, Some("MONTHS")),
            ("90.5 DAYS AFTER SIGHT", 0, Some("90.5")),
            ("-90 DAYS AFTER SIGHT", 0, Some("-90")),
            ("12345 DAYS AFTER SIGHT", 0, Some("12345")),
            ("90DAYS AFTER SIGHT", 0, Some("90DAYS")),
            ("90 DAYS BEFORE SHIPMENT", 0, Some("BEFORE")),
            ("90 DAYS AFTER\nINVOICE DATE", 1, Some("INVOICE")),
            ("90 DAYS AFTER ACCEPTANCE", 0, Some("ACCEPTANCE")),
            ("90 DAYS AFTER BILL OF LADING", 0, None),
            ("90 DAYS AFTER DATE SHIPMENT", 0, Some("SHIPMENT")),
            ("90 DAYS AFTER SIGHT OR\nSHIPMENT", 0, Some("OR")),
            ("50 PCT AT SIGHT", 0, Some("PCT")),
            ("AT SIGHT FOR 50 PCT OF INVOICE VALUE", 0, Some("50")),
            ("AT SIGHT FOR 100 PCT", 0, None),
            ("ON 31 SEP 2026", 0, Some("2026")),
            ("ON 15 SEP 26", 0, Some("26")),
            ("ON 15/09/2026", 0, Some("15/09/2026")),
            ("ON 260915", 0, Some("260915")),
            ("ON 20260931", 0, Some("20260931")),
            ("ON 15 SE 2026", 0, Some("SE")),
        ];
        for (text, line, word) in table {
            let expected = NotATenor { line, word: word.map(str::to_owned) };
            assert_eq!(read_text(text), Err(expected), "{text}");
        }
    }
}
