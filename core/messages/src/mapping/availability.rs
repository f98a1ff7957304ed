//! With whom and how a credit is available: 41a, 42C, 42M and 42P. UCP 600 art. 6(a), 6(b).

use allonge_trade::{Availability, AvailableBy, AvailableWith, Tenor};

use super::letter_of_credit::{Reading, words};
use super::problem::MappingProblemKind as Kind;
use super::tenor::{self, CountedFrom, TenorText};
use crate::fin::mt700;

impl Reading<'_> {
    /// With whom and how, and how the words of the tenor were read. UCP 600 art. 6(a), 6(b).
    pub(super) fn availability(&mut self) -> Option<(Availability, Option<String>)> {
        let credit = &self.series.credit;
        let with = match &credit.available_with {
            mt700::AvailableWith::Bank(bic) => AvailableWith::Bank { party: (*bic).into() },
            mt700::AvailableWith::Named(lines) if is_any_bank(lines) => AvailableWith::AnyBank,
            mt700::AvailableWith::Named(lines) => AvailableWith::Named { name_and_address: lines.clone() },
        };
        let (by, tenor) = self.available_by()?;
        Some((Availability { with, by }, tenor))
    }

    fn available_by(&mut self) -> Option<(AvailableBy, Option<String>)> {
        use mt700::AvailableBy::{Acceptance, DeferredPayment, MixedPayment, Negotiation, Payment};
        let by = self.series.credit.available_by;
        match by {
            Negotiation | MixedPayment => {
                let remedy = "issue it by payment, deferred payment or acceptance, or keep it off the ledger";
                let reason = format!("credits available {} are not built yet", by.as_str());
                self.add(Kind::NotBuilt, "41a", self.code_line(), reason, remedy);
                None
            }
            Payment => {
                self.exclude("42P", "says what deferred payment is, and the credit is available BY PAYMENT");
                self.exclude("42M", "says what mixed payment is, and the credit is available BY PAYMENT");
                // Drafts at sight are usual beside payment; without them payment is at sight all the same.
                let drafts = &self.series.credit.drafts_at;
                if drafts.is_empty() {
                    return Some((AvailableBy::SightPayment, None));
                }
                match self.tenor("42C", drafts)? {
                    TenorText::Sight => {
                        let note = "drafts at sight, as payment at sight has them".to_owned();
                        Some((AvailableBy::SightPayment, Some(note)))
                    }
                    TenorText::Usance { .. } => {
                        let reason = "drafts fall due later, and the credit is available BY PAYMENT";
                        let remedy = "make the credit available BY ACCEPTANCE, or the drafts AT SIGHT";
                        self.add(Kind::Contradiction, "42C", 0, reason, remedy);
                        None
                    }
                }
            }
            Acceptance => {
                self.exclude(
                    "42P",
                    "says what deferred payment is, and the credit is available BY ACCEPTANCE",
                );
                self.exclude("42M", "says what mixed payment is, and the credit is available BY ACCEPTANCE");
                let drafts = &self.series.credit.drafts_at;
                let (tenor, note) = self.usance("42C", drafts, "BY ACCEPTANCE")?;
                Some((AvailableBy::Acceptance { tenor }, Some(note)))
            }
            DeferredPayment => {
                // UCP 600 art. 2: a deferred payment undertaking knows no draft.
                self.exclude("42C", "asks for drafts, and the credit is available BY DEF PAYMENT");
                self.exclude("42M", "says what mixed payment is, and the credit is available BY DEF PAYMENT");
                let details = &self.series.credit.deferred_payment;
                let (tenor, note) = self.usance("42P", details, "BY DEF PAYMENT")?;
                Some((AvailableBy::DeferredPayment { tenor }, Some(note)))
            }
        }
    }

    fn usance(&mut self, tag: &str, lines: &[String], by: &str) -> Option<(Tenor, String)> {
        if lines.is_empty() {
            let reason = format!("the credit is available {by}, and no field {tag} says when it falls due");
            self.add(
                Kind::Missing,
                "41a",
                self.code_line(),
                reason,
                format!("add {tag}; {}", tenor::GRAMMAR),
            );
            return None;
        }
        match self.tenor(tag, lines)? {
            TenorText::Usance { tenor, counted_from } => Some((tenor, tenor_note(tenor, counted_from))),
            TenorText::Sight => {
                let reason = format!("payment is at sight, and the credit is available {by}");
                let remedy = "make the credit available BY PAYMENT, or state a tenor";
                self.add(Kind::Contradiction, tag, 0, reason, remedy);
                None
            }
        }
    }

    fn tenor(&mut self, tag: &str, lines: &[String]) -> Option<TenorText> {
        let refused = match tenor::read(lines) {
            Ok(tenor) => return Some(tenor),
            Err(refused) => refused,
        };
        let place = match refused.word {
            Some(word) => format!("from “{word}” on"),
            None => "at its end".to_owned(),
        };
        let reason = format!("“{}” names no date for certain: it is not understood {place}", lines.join(" "));
        self.add(Kind::NotUnderstood, tag, refused.line, reason, tenor::GRAMMAR);
        None
    }

    fn exclude(&mut self, tag: &str, why: &str) {
        if self.series.first.field(tag).is_some() {
            self.add(
                Kind::Contradiction,
                tag,
                0,
                format!("{tag} {why}"),
                format!("remove {tag}, or correct 41a"),
            );
        }
    }

    /// On which line of 41a its code stands: the last.
    fn code_line(&self) -> usize {
        match &self.series.credit.available_with {
            mt700::AvailableWith::Bank(_) => 1,
            mt700::AvailableWith::Named(lines) => lines.len(),
        }
    }
}

/// Whether 41D says that any bank is nominated. `ANY BANK IN CHINA` does not: some are, and it is kept as a text.
fn is_any_bank(lines: &[String]) -> bool {
    words(&lines.join(" ")) == ["ANY", "BANK"]
}

fn tenor_note(tenor: Tenor, counted_from: CountedFrom) -> String {
    let days = match tenor {
        Tenor::Fixed { date } => return format!("the fixed date {date}"),
        Tenor::AfterShipment { days } | Tenor::AfterSight { days } => days,
    };
    let event = match counted_from {
        CountedFrom::Shipment => "the date of shipment",
        // ISBP 745 B2: a dated on-board notation is the date of the bill of lading, whatever its date of issue.
        CountedFrom::BillOfLading => "the date of the bill of lading, which is taken as the date of shipment",
        CountedFrom::TransportDocument => {
            "the date of the transport document, which is taken as the date of shipment (UCP 600 art. 19 to 25)"
        }
        CountedFrom::Sight | CountedFrom::Nothing => "sight, the day on which the documents are received",
    };
    format!("{days} days after {event}; that day itself does not count (UCP 600 art. 3)")
}
