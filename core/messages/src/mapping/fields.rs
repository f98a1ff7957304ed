//! What became of each field of an MT 700 and its MT 701.

use allonge_trade::{AvailableWith, LetterOfCreditTerms};

use super::letter_of_credit::{Derivations, bank, is_date_of_shipment};
use super::report::{LossReport, MappedField, MappingTreatment as Treatment};
use super::series::Series;
use crate::fin::mt700::{Institution, InstitutionIdentity};
use crate::fin::{ApplicationHeader, Field, FinMessage, HeaderTag};

/// Accounts for every field, header and trailer of the messages.
pub(crate) fn report(
    series: &Series<'_>,
    terms: &LetterOfCreditTerms,
    derivations: &Derivations,
) -> LossReport {
    let mut items = Vec::new();
    for (number, message) in (1..).zip(&series.messages) {
        let mut message = Accounting { series, terms, derivations, message, number, items: &mut items };
        message.headers();
        message.message.fields().iter().for_each(|field| message.field(field));
        message.trailers();
    }
    LossReport { items }
}

/// Which field a text of the terms comes from.
pub(crate) fn tag_of_target(target: &str) -> Option<&'static str> {
    let several: &[(&str, &str)] = &[
        ("31D", "expiry.place"),
        ("41a", "availability"),
        ("44D", "latest_shipment"),
        ("42P", "payment_details"),
        ("48", "presentation_period.event"),
    ];
    let mut all = EXACT.iter().chain(BANKS).chain(several);
    all.find(|(_, known)| *known == target).map(|(tag, _)| *tag)
}

/// The block that names the sender: 1 of a message on its way in, 2 of one on its way out.
pub(crate) fn sender_block(message: &FinMessage) -> &'static str {
    match message.content().application_header {
        ApplicationHeader::Input { .. } => "1",
        ApplicationHeader::Output { .. } => "2",
    }
}

/// Fields whose content stands in the terms as it is.
const EXACT: &[(&str, &str)] = &[
    ("20", "number"),
    ("40A", "form"),
    ("31C", "date_of_issue"),
    ("40E", "applicable_rules"),
    ("50", "applicant"),
    ("59", "beneficiary"),
    ("32B", "amount"),
    ("39A", "tolerance"),
    ("39C", "additional_amounts"),
    ("43P", "partial_shipments"),
    ("43T", "transhipment"),
    ("44A", "shipment_places.taking_in_charge"),
    ("44E", "shipment_places.port_of_loading"),
    ("44F", "shipment_places.port_of_discharge"),
    ("44B", "shipment_places.final_destination"),
    ("44C", "latest_shipment.date"),
    ("44D", "latest_shipment.lines"),
    ("45A", "goods"),
    ("46A", "documents_required"),
    ("47A", "additional_conditions"),
    ("49G", "payment_conditions_for_beneficiary"),
    ("49H", "payment_conditions_for_bank"),
    ("71D", "charges"),
    ("49", "confirmation"),
    ("78", "instructions_to_nominated_bank"),
    ("72Z", "sender_to_receiver"),
];

/// Fields that name a bank, in options A, B and D.
const BANKS: &[(&str, &str)] = &[
    ("51a", "applicant_bank"),
    ("42a", "drawee"),
    ("58a", "requested_confirmation_party"),
    ("53a", "reimbursing_bank"),
    ("57a", "advise_through_bank"),
];

/// What a field that is carried as it is does not do on the ledger.
fn exact_note(tag: &str, message: u32) -> &'static str {
    match tag {
        "20" if message > 1 => "the number of the MT 700",
        _ if message > 1 => "its lines follow those of the messages before it",
        "39C" => "words cannot be added up: the ledger's ceiling for drawings does not contain these amounts",
        "44D" => "the examining bank judges the period; the ledger does not",
        _ => "",
    }
}

struct Accounting<'a> {
    series: &'a Series<'a>,
    terms: &'a LetterOfCreditTerms,
    derivations: &'a Derivations,
    message: &'a FinMessage,
    number: u32,
    items: &'a mut Vec<MappedField>,
}

impl Accounting<'_> {
    fn headers(&mut self) {
        let sender = sender_block(self.message);
        let own = "terminal, session, sequence and priority stay with the message";
        let mut blocks = ["1", "2"];
        blocks.sort_by_key(|block| *block != sender);
        let [sender, receiver] = blocks;
        let issuing = format!("from the sender of the message, {}; {own}", self.series.sender);
        let advising = format!("from the receiver of the message, {}; {own}", self.series.receiver);
        self.add(sender, "Sender", Treatment::Derived, Some("issuing_bank"), issuing);
        if self.number == 1 {
            let (examination, payment) =
                (&self.derivations.examination_calendar, &self.derivations.payment_calendar);
            let (examination, payment) = (examination.clone(), payment.clone());
            self.add(sender, "Sender", Treatment::Derived, Some("examination_calendar"), examination);
            self.add(sender, "Sender", Treatment::Derived, Some("payment_calendar"), payment);
        }
        self.add(receiver, "Receiver", Treatment::Derived, Some("advising_bank"), advising);
        let user = self.message.content().user_header.as_deref().unwrap_or(&[]);
        self.tags("3", user, "it names the message, and the credit has a number of its own");
    }

    fn trailers(&mut self) {
        let content = self.message.content();
        let why = "it is the network's and the interface's; the ledger has signatures of its own";
        self.tags("5", content.trailer.as_deref().unwrap_or(&[]), why);
        self.tags("S", content.system_trailer.as_deref().unwrap_or(&[]), why);
    }

    fn tags(&mut self, block: &str, tags: &[HeaderTag], why: &str) {
        for HeaderTag { tag, .. } in tags {
            let name = match (block, tag.as_str()) {
                ("3", "108") => "Message User Reference",
                ("3", "121") => "Unique End-to-End Transaction Reference",
                ("3", _) => "User Header",
                _ => "Trailer",
            };
            self.add(&format!("{block}:{tag}"), name, Treatment::NotCarried, None, why);
        }
    }

    fn field(&mut self, field: &Field) {
        match field.tag.as_str() {
            "27" => self.lost(field, "the messages are whole, and the terms are one"),
            "23" => self.lost(field, "the terms have no place for the reference of a pre-advice"),
            "31D" => {
                self.exact(field, "expiry.date", "");
                self.exact(field, "expiry.place", "");
                let note = self.derivations.expiry_calendar.clone();
                self.derived(field, "expiry.calendar", note);
            }
            "41A" | "41D" => self.availability(field),
            "42C" | "42P" => {
                self.exact(field, "payment_details", "");
                let note = self.derivations.tenor.clone().unwrap_or_default();
                let usance = self.terms.availability.by.tenor().is_some();
                let target = if usance { "availability.by.tenor" } else { "availability.by" };
                self.derived(field, target, note);
            }
            "48" => self.presentation_period(field),
            tag => {
                if let Some((_, target)) = EXACT.iter().find(|(known, _)| *known == tag) {
                    return self.exact(field, target, exact_note(tag, self.number));
                }
                let digits = tag.strip_suffix(['A', 'B', 'D']);
                match BANKS.iter().find(|(known, _)| known.strip_suffix('a') == digits) {
                    Some((_, target)) => self.bank(field, target),
                    None => self.lost(field, "the terms have no place for it"),
                }
            }
        }
    }

    fn availability(&mut self, field: &Field) {
        let note = match &self.terms.availability.with {
            AvailableWith::Named { .. } => {
                "a name only: on the ledger nobody presents as this bank; the advising bank and the beneficiary do"
            }
            AvailableWith::AnyBank | AvailableWith::Bank { .. } => "",
        };
        self.exact(field, "availability.with", note);
        self.exact(field, "availability.by", "");
    }

    fn presentation_period(&mut self, field: &Field) {
        self.exact(field, "presentation_period.days", "");
        let narrative =
            self.series.credit.presentation_period.as_ref().and_then(|period| period.narrative.clone());
        match narrative {
            None => {}
            Some(event) if is_date_of_shipment(&event) => {
                let note = format!("“{event}” is what a period without an event counts from");
                self.derived(field, "presentation_period.days", note);
            }
            Some(_) => {
                let note = "the ledger cannot date this event: the examining bank judges the period";
                self.exact(field, "presentation_period.event", note);
            }
        }
    }

    fn bank(&mut self, field: &Field, target: &str) {
        let credit = &self.series.credit;
        let institution: Option<&Institution> = match target {
            "applicant_bank" => credit.applicant_bank.as_ref(),
            "drawee" => credit.drawee.as_ref(),
            "requested_confirmation_party" => credit.confirming_bank.as_ref(),
            "reimbursing_bank" => credit.reimbursing_bank.as_ref(),
            _ => credit.advise_through.as_ref(),
        };
        let by_location =
            institution.is_some_and(|it| matches!(it.identity, InstitutionIdentity::Location(_)));
        if institution.and_then(bank).is_none() {
            self.lost(field, "an account alone names no bank");
        } else if by_location {
            self.derived(field, target, "the location stands as the bank's name");
        } else {
            self.exact(field, target, "");
        }
        if field.component("debit_credit_mark").is_some() {
            self.lost(field, "the debit or credit mark of the account line has no place in the terms");
        }
    }

    fn exact(&mut self, field: &Field, target: &str, note: &str) {
        self.add(&field.tag, &field.name, Treatment::Exact, Some(target), note);
    }

    fn derived(&mut self, field: &Field, target: &str, note: impl Into<String>) {
        self.add(&field.tag, &field.name, Treatment::Derived, Some(target), note);
    }

    fn lost(&mut self, field: &Field, why: &str) {
        self.add(&field.tag, &field.name, Treatment::NotCarried, None, why);
    }

    fn add(
        &mut self,
        tag: &str,
        name: &str,
        treatment: Treatment,
        target: Option<&str>,
        note: impl Into<String>,
    ) {
        self.items.push(MappedField {
            message: self.number,
            tag: tag.to_owned(),
            name: name.to_owned(),
            treatment,
            target: target.map(str::to_owned),
            note: note.into(),
        });
    }
}
