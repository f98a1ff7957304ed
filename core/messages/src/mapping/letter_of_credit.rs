//! An MT 700 as the terms of a letter of credit.

use std::slice;

use allonge_finance::CalendarId;
use allonge_ledger::Error;
use allonge_trade::{
    ApplicableRules, Bank, ConfirmationInstruction, CreditForm, CreditId, Expiry, LatestShipment,
    LetterOfCreditTerms, NamedParty, Permission, PresentationPeriod, ShipmentPlaces, Tolerance,
};
use serde::{Deserialize, Serialize};

use super::fields;
use super::problem::{MappingError, MappingProblem, MappingProblemKind as Kind};
use super::report::LossReport;
use super::series::{Series, line_of, tag_in};
use crate::fin::FinMessage;
use crate::fin::mt700::{self, InstitutionIdentity, Mt700};

/// A credit as a message states it, ready to be issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MappedCredit {
    /// The documentary credit number (20).
    pub number: String,
    /// The terms; they have passed every check that needs no ledger.
    pub terms: LetterOfCreditTerms,
    /// What became of every field.
    pub report: LossReport,
}

/// What the caller decides because MT 700 has no field for it. Whatever is absent is derived, or refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct MappingOptions {
    /// The banking days of the place of expiry (31D).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_calendar: Option<CalendarId>,
    /// The banking days of the place where the issuing bank examines documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examination_calendar: Option<CalendarId>,
    /// The banking days of the place where the issuing bank pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_calendar: Option<CalendarId>,
}

/// Maps a credit that one MT 700 states in full.
///
/// **From the headers**: the sender is the issuing bank, the receiver the advising bank; the country of the
/// issuing bank decides by whose banking days it examines and pays (mainland China: `CN`; Hong Kong: `HK`; Japan: `JP`;
/// the United Kingdom: `CHAPS`; the United States: `FEDWIRE`; the euro area: `TARGET`). **The place of expiry** has the banking days of the country where the bank of 41A is, or which
/// 31D names; the two may not disagree. Any other country needs a choice in `options`.
///
/// **The tenor** is read from 42C or 42P: `AT SIGHT`; `n DAYS AFTER` (or `FROM`) `DATE OF SHIPMENT`,
/// `BILL OF LADING DATE` or `TRANSPORT DOCUMENT DATE`; `n DAYS AFTER SIGHT` or `n DAYS SIGHT`; a date as
/// `ON 15 SEP 2026`, `20260915` or `2026-09-15`. An addition such as `FOR FULL INVOICE VALUE` changes nothing;
/// any other text is refused.
///
/// An absent period for presentation (48) stays absent: the trade rules then apply UCP 600 art. 14(c).
///
/// # Errors
/// [`MappingError`], code `message.not_representable`: all that stands between the message and terms. Only
/// the check of the finished terms, which comes when nothing else is left, stops at its first refusal.
pub fn letter_of_credit_from_mt700(
    message: &FinMessage,
    options: &MappingOptions,
) -> Result<MappedCredit, MappingError> {
    letter_of_credit_from_messages(slice::from_ref(message), options)
}

/// Maps a credit that an MT 700 and its MT 701 state together. They may come in any order.
///
/// # Errors
/// Those of [`letter_of_credit_from_mt700`]; and `series` problems, where the messages are not exactly those
/// of one credit.
pub fn letter_of_credit_from_messages(
    messages: &[FinMessage],
    options: &MappingOptions,
) -> Result<MappedCredit, MappingError> {
    let mut problems = Vec::new();
    let Some(series) = Series::assemble(messages, &mut problems) else {
        return Err(MappingError::of(problems));
    };
    let mut reading = Reading { series: &series, options, problems };
    let read = reading.terms();
    match read {
        Some((terms, derivations)) if reading.problems.is_empty() => {
            reading.check(&terms);
            if !reading.problems.is_empty() {
                return Err(MappingError::of(reading.problems));
            }
            let report = fields::report(&series, &terms, &derivations);
            Ok(MappedCredit { number: series.credit.credit_number.clone(), terms, report })
        }
        _ => Err(MappingError::of(reading.problems)),
    }
}

/// How terms were worked out that no field states as such: the notes of the report.
#[derive(Debug)]
pub(super) struct Derivations {
    pub expiry_calendar: String,
    pub examination_calendar: String,
    pub payment_calendar: String,
    /// Of the words of 42C or 42P, if there are any.
    pub tenor: Option<String>,
}

/// The reading of a credit: its terms come of it, or its problems.
pub(super) struct Reading<'a> {
    pub series: &'a Series<'a>,
    pub options: &'a MappingOptions,
    pub problems: Vec<MappingProblem>,
}

impl Reading<'_> {
    /// The terms, unless something is in their way; then it is among the problems.
    fn terms(&mut self) -> Option<(LetterOfCreditTerms, Derivations)> {
        let credit = &self.series.credit;
        self.check_live();
        // All of them before the first `?`, so that every problem is found.
        let availability = self.availability();
        let applicable_rules = self.applicable_rules();
        let tolerance = self.tolerance();
        let presentation_period = self.presentation_period();
        let expiry_calendar = self.expiry_calendar();
        let examination_calendar =
            self.issuing_bank_calendar(&self.options.examination_calendar, "examination_calendar");
        let payment_calendar = self.issuing_bank_calendar(&self.options.payment_calendar, "payment_calendar");

        let (availability, tenor) = availability?;
        let (expiry_calendar, examination_calendar, payment_calendar) =
            (expiry_calendar?, examination_calendar?, payment_calendar?);
        let terms = LetterOfCreditTerms {
            form: match credit.form {
                mt700::FormOfCredit::Irrevocable => CreditForm::Irrevocable,
                mt700::FormOfCredit::IrrevocableTransferable => CreditForm::IrrevocableTransferable,
            },
            applicable_rules: applicable_rules?,
            issuing_bank: self.series.sender.into(),
            advising_bank: self.series.receiver.into(),
            applicant_bank: credit.applicant_bank.as_ref().and_then(bank),
            applicant: NamedParty { name_and_address: credit.applicant.clone(), account: None, party: None },
            beneficiary: NamedParty {
                name_and_address: credit.beneficiary.name_and_address.clone(),
                account: credit.beneficiary.account.clone(),
                party: None,
            },
            amount: credit.amount,
            tolerance: tolerance?,
            additional_amounts: credit.additional_amounts.clone(),
            date_of_issue: credit.date_of_issue,
            expiry: Expiry {
                date: credit.expiry_date,
                place: credit.expiry_place.clone(),
                calendar: expiry_calendar.0,
            },
            availability,
            payment_details: [credit.drafts_at.as_slice(), &credit.deferred_payment].concat(),
            drawee: credit.drawee.as_ref().and_then(bank),
            partial_shipments: credit.partial_shipments.map(permission),
            transhipment: credit.transhipment.map(permission),
            shipment_places: ShipmentPlaces {
                taking_in_charge: credit.place_of_receipt.clone(),
                port_of_loading: credit.port_of_loading.clone(),
                port_of_discharge: credit.port_of_discharge.clone(),
                final_destination: credit.place_of_delivery.clone(),
            },
            latest_shipment: latest_shipment(credit),
            // An MT700 has no field for them: 47A says them in words, which the issuing bank puts into their form.
            instalments: Vec::new(),
            goods: credit.goods.clone(),
            documents_required: credit.documents.clone(),
            additional_conditions: credit.conditions.clone(),
            payment_conditions_for_beneficiary: credit.conditions_for_beneficiary.clone(),
            payment_conditions_for_bank: credit.conditions_for_bank.clone(),
            charges: credit.charges.clone(),
            presentation_period: presentation_period?,
            confirmation: match credit.confirmation {
                mt700::Confirmation::Confirm => ConfirmationInstruction::Confirm,
                mt700::Confirmation::MayAdd => ConfirmationInstruction::MayAdd,
                mt700::Confirmation::Without => ConfirmationInstruction::Without,
            },
            requested_confirmation_party: credit.confirming_bank.as_ref().and_then(bank),
            reimbursing_bank: credit.reimbursing_bank.as_ref().and_then(bank),
            instructions_to_nominated_bank: credit.instructions.clone(),
            advise_through_bank: credit.advise_through.as_ref().and_then(bank),
            sender_to_receiver: credit.sender_to_receiver.clone(),
            examination_calendar: examination_calendar.0,
            payment_calendar: payment_calendar.0,
        };
        let derivations = Derivations {
            expiry_calendar: expiry_calendar.1,
            examination_calendar: examination_calendar.1,
            payment_calendar: payment_calendar.1,
            tenor,
        };
        Some((terms, derivations))
    }

    /// A message that was sent in training, or by or to a test address, binds nobody.
    fn check_live(&mut self) {
        let in_training = self.series.messages.iter().any(|message| {
            let trailer = message.content().trailer.as_deref().unwrap_or(&[]);
            trailer.iter().any(|entry| entry.tag == "TNG")
        });
        if in_training {
            self.add(Kind::Refused, "5", 0, "it was sent in training (TNG)", "map the live message");
        }
        if self.series.sender.is_test() || self.series.receiver.is_test() {
            self.add(Kind::Refused, "1", 0, "it is from or to a test address", "map the live message");
        }
    }

    fn applicable_rules(&mut self) -> Option<ApplicableRules> {
        match &self.series.credit.applicable_rules {
            mt700::ApplicableRules::Ucp => Some(ApplicableRules::UcpLatestVersion),
            mt700::ApplicableRules::Eucp => Some(ApplicableRules::EucpLatestVersion),
            mt700::ApplicableRules::Ucpurr => Some(ApplicableRules::UcpurrLatestVersion),
            mt700::ApplicableRules::Eucpurr => Some(ApplicableRules::EucpurrLatestVersion),
            mt700::ApplicableRules::Other(Some(narrative)) => {
                let reason =
                    format!("the ledger has no rules for {narrative} yet, and UCP 600 would not bind");
                self.add(Kind::NotBuilt, "40E", 0, reason, "issue it under UCP, or keep it off the ledger");
                None
            }
            mt700::ApplicableRules::Other(None) => {
                let reason = "OTHR says that other rules apply, and not which";
                self.add(Kind::Missing, "40E", 0, reason, "name the rules, as in OTHR/ISP LATEST VERSION");
                None
            }
        }
    }

    fn tolerance(&mut self) -> Option<Option<Tolerance>> {
        let Some(tolerance) = self.series.credit.tolerance else { return Some(None) };
        let percent = |given: u32| u8::try_from(given).ok();
        let read = percent(tolerance.plus_percent).zip(percent(tolerance.minus_percent));
        if read.is_none() {
            self.add(Kind::Refused, "39A", 0, "the tolerance is above 99 per cent", "give 0 to 99 per cent");
        }
        read.map(|(plus_percent, minus_percent)| Some(Tolerance { plus_percent, minus_percent }))
    }

    fn presentation_period(&mut self) -> Option<Option<PresentationPeriod>> {
        let Some(period) = &self.series.credit.presentation_period else { return Some(None) };
        let event = period.narrative.clone().filter(|event| !is_date_of_shipment(event));
        let days = u16::try_from(period.days).ok();
        if days.is_none() {
            self.add(Kind::Refused, "48", 0, "the period is above 999 days", "give 0 to 999 days");
        }
        days.map(|days| Some(PresentationPeriod { days, event }))
    }

    /// The checks of the trade rules that need no ledger.
    fn check(&mut self, terms: &LetterOfCreditTerms) {
        if let Err(reason) = CreditId::new(terms.issuing_bank.clone(), &self.series.credit.credit_number) {
            self.add(Kind::Refused, "20", 0, reason.to_string(), "correct the number");
        }
        if let Err(refusal) = terms.validate() {
            let tag = self.refused_tag(&refusal);
            self.add(Kind::Refused, &tag, 0, refusal.to_string(), refusal.entry().remedy);
            if let Some(problem) = self.problems.last_mut() {
                problem.code = Some(refusal.code().to_owned());
            }
        }
    }

    /// The field behind a refusal of the trade rules.
    fn refused_tag(&self, refusal: &Error) -> String {
        let credit = &self.series.credit;
        let tag = match refusal.code() {
            "letter_of_credit.amount_invalid" => "32B",
            "letter_of_credit.expiry_before_issue" => "31D",
            "letter_of_credit.shipment_after_expiry" => "44C",
            "letter_of_credit.presentation_period_out_of_bounds" => "48",
            "letter_of_credit.tenor_out_of_bounds" if credit.drafts_at.is_empty() => "42P",
            "letter_of_credit.tenor_out_of_bounds" => "42C",
            // A text that the terms refuse and the message format lets through.
            _ => {
                let target = refusal.detail("field").unwrap_or_default();
                fields::tag_of_target(target).unwrap_or("27")
            }
        };
        tag.to_owned()
    }

    /// Adds a problem on the `offset`-th line of a field of the MT 700; `41a` finds whichever option is there.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        tag: &str,
        offset: usize,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let tag = tag_in(self.series.first, tag);
        let line = line_of(self.series.first, &tag);
        let offset = u32::try_from(offset).unwrap_or(0);
        self.problems.push(MappingProblem {
            message: 1,
            tag,
            line: line.saturating_add(offset),
            kind,
            code: None,
            reason: reason.into(),
            remedy: remedy.into(),
        });
    }
}

/// A bank by its identifier, or by name. Option B with an account alone names none: the report says so.
pub(super) fn bank(institution: &mt700::Institution) -> Option<Bank> {
    let account = institution.account.clone();
    match &institution.identity {
        InstitutionIdentity::Bic(bic) => Some(Bank::Identified { party: (*bic).into(), account }),
        InstitutionIdentity::NameAndAddress(lines) => {
            Some(Bank::Named { name_and_address: lines.clone(), account })
        }
        InstitutionIdentity::Location(location) => {
            let name_and_address = vec![location.clone()?];
            Some(Bank::Named { name_and_address, account })
        }
    }
}

/// Whether the event of 48 is the date of shipment, from which the period counts anyway: UCP 600 art. 14(c).
pub(super) fn is_date_of_shipment(event: &str) -> bool {
    let event = words(event);
    let event: Vec<&str> = event.iter().map(String::as_str).filter(|word| *word != "THE").collect();
    let event = event.strip_prefix(&["DAYS"]).unwrap_or(&event);
    matches!(
        event,
        ["AFTER" | "FROM", "DATE", "OF", "SHIPMENT"]
            | ["AFTER" | "FROM", "SHIPMENT"]
            | ["AFTER" | "FROM", "SHIPMENT", "DATE"]
    )
}

pub(super) fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_ascii_uppercase).collect()
}

fn latest_shipment(credit: &Mt700) -> Option<LatestShipment> {
    match credit.latest_shipment {
        Some(date) => Some(LatestShipment::LatestDate { date }),
        None if credit.shipment_period.is_empty() => None,
        None => Some(LatestShipment::Period { lines: credit.shipment_period.clone() }),
    }
}

fn permission(permission: mt700::Permission) -> Permission {
    match permission {
        mt700::Permission::Allowed => Permission::Allowed,
        mt700::Permission::Conditional => Permission::Conditional,
        mt700::Permission::NotAllowed => Permission::NotAllowed,
    }
}
