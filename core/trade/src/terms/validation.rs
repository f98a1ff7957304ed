//! Whether terms can be issued: limits of every text, and dates and amounts that fit each other.

use allonge_finance::{Date, Money, Rounding};
use allonge_ledger::{Error, Findings};

use super::bounds::{
    MAX_ACCOUNT_LENGTH, MAX_LINE_LENGTH, MAX_NAME_LINES, MAX_NARRATIVE_LINE_LENGTH, MAX_NARRATIVE_LINES,
    MAX_PLACE_LENGTH, check_line, check_lines,
};
use super::{
    ApplicableRules, AvailableWith, Bank, LatestShipment, LetterOfCreditTerms, MAX_TENOR_DAYS, NamedParty,
    Tenor,
};
use crate::registry::{
    CREDIT_AMOUNT_INVALID, DOMESTIC_CURRENCY, DOMESTIC_TENOR, EXPIRY_BEFORE_ISSUE, INSTALMENTS_INVALID,
    PERIOD_OUT_OF_BOUNDS, SHIPMENT_AFTER_EXPIRY, TENOR_OUT_OF_BOUNDS, TEXT_INVALID,
};
use crate::rulebook::DOMESTIC_TENOR_DAYS;

/// Characters of a place of expiry: what 31D leaves after the date.
const MAX_EXPIRY_PLACE_LENGTH: usize = 29;
/// Instalments of a credit.
const MAX_INSTALMENTS: usize = 100;
/// Lines of charges and of sender to receiver information.
const MAX_CHARGE_LINES: usize = 6;
/// Lines of instructions to the nominated bank.
const MAX_INSTRUCTION_LINES: usize = 12;
/// Lines of a period of shipment.
const MAX_PERIOD_LINES: usize = 6;
/// The longest presentation period: three digits in field 48.
const MAX_PRESENTATION_DAYS: u16 = 999;
/// The largest tolerance either way: two digits in field 39A.
const MAX_TOLERANCE_PERCENT: u8 = 99;

impl LetterOfCreditTerms {
    /// Checks everything that needs no ledger: texts, amounts, dates, tenor.
    ///
    /// Errors: `text.invalid`, `letter_of_credit.amount_invalid`, `.expiry_before_issue`,
    /// `.shipment_after_expiry`, `.tenor_out_of_bounds`, `.presentation_period_out_of_bounds`.
    pub fn validate(&self) -> Result<(), Error> {
        self.judge(&mut Findings::default())
    }

    /// As [`validate`](Self::validate), and notes what each rule found.
    pub(crate) fn judge(&self, findings: &mut Findings) -> Result<(), Error> {
        self.validate_parties()?;
        self.validate_texts()?;
        findings.judge(&CREDIT_AMOUNT_INVALID, self.has_an_amount())?;
        findings.judge(&EXPIRY_BEFORE_ISSUE, self.expires_after_its_issue())?;
        findings.judge(&SHIPMENT_AFTER_EXPIRY, self.ships_before_its_expiry())?;
        findings.judge(&PERIOD_OUT_OF_BOUNDS, self.has_a_presentation_period_within_bounds())?;
        findings.judge(&TENOR_OUT_OF_BOUNDS, self.has_a_tenor_within_bounds())?;
        findings.judge(&INSTALMENTS_INVALID, self.has_instalments_that_fit())?;
        if self.applicable_rules == ApplicableRules::ChinaDomestic2016 {
            findings.judge(&DOMESTIC_CURRENCY, self.is_in_renminbi())?;
            findings.judge(&DOMESTIC_TENOR, self.runs_for_a_year_at_most())?;
        }
        Ok(())
    }

    /// UCP 600 art. 32: instalments follow each other, and are together the amount.
    fn has_instalments_that_fit(&self) -> Result<(), Error> {
        let each = self.instalments.iter().all(|one| one.amount.is_positive() && one.from <= one.until);
        let ordered = self.instalments.is_sorted_by(|one, next| one.until < next.from);
        let sum = self
            .instalments
            .iter()
            .try_fold(Money::zero(self.amount.currency()), |sum, one| sum.checked_add(one.amount));
        let whole = self.instalments.is_empty() || sum == Ok(self.amount);
        let fits = each && ordered && whole && self.instalments.len() <= MAX_INSTALMENTS;
        INSTALMENTS_INVALID.unless(fits, |refusal| refusal.with("limit", MAX_INSTALMENTS))
    }

    /// China's measures of 2016: domestic credits are in renminbi.
    fn is_in_renminbi(&self) -> Result<(), Error> {
        let currency = self.amount.currency();
        DOMESTIC_CURRENCY.unless(currency.to_string() == "CNY", |refusal| refusal.with("currency", currency))
    }

    /// China's measures of 2016: usance is of a year at most. A fixed date counts from the date of issue.
    fn runs_for_a_year_at_most(&self) -> Result<(), Error> {
        let days = match self.availability.by.tenor() {
            Some(Tenor::AfterShipment { days } | Tenor::AfterSight { days }) => i32::from(days),
            Some(Tenor::Fixed { date }) => self.date_of_issue.days_until(date),
            None => 0,
        };
        DOMESTIC_TENOR.unless(days <= DOMESTIC_TENOR_DAYS, |refusal| {
            refusal.with("days", days).with("limit", DOMESTIC_TENOR_DAYS)
        })
    }

    /// The most that can be drawn: the amount and its tolerance upwards, rounded down to the minor unit.
    pub fn ceiling(&self) -> Result<Money, Error> {
        let plus = self.tolerance.map_or(0, |tolerance| u32::from(tolerance.plus_percent));
        self.amount.scaled_percent(plus.saturating_add(100), Rounding::Down).map_err(|source| {
            CREDIT_AMOUNT_INVALID
                .error()
                .with("amount", self.amount)
                .with("reason", "too_large_with_its_tolerance")
                .because(source)
        })
    }

    fn validate_parties(&self) -> Result<(), Error> {
        check_party("applicant", &self.applicant)?;
        check_party("beneficiary", &self.beneficiary)?;
        let banks = [
            ("applicant_bank", &self.applicant_bank),
            ("drawee", &self.drawee),
            ("requested_confirmation_party", &self.requested_confirmation_party),
            ("reimbursing_bank", &self.reimbursing_bank),
            ("advise_through_bank", &self.advise_through_bank),
        ];
        for (field, bank) in banks {
            match bank {
                None => {}
                Some(Bank::Identified { account, .. }) => check_account(field, account.as_deref())?,
                Some(Bank::Named { name_and_address, account }) => {
                    check_name(field, name_and_address)?;
                    check_account(field, account.as_deref())?;
                }
            }
        }
        match &self.availability.with {
            AvailableWith::AnyBank | AvailableWith::Bank { .. } => Ok(()),
            AvailableWith::Named { name_and_address } => check_name("availability", name_and_address),
        }
    }

    fn validate_texts(&self) -> Result<(), Error> {
        if let ApplicableRules::Other { narrative } = &self.applicable_rules {
            check_line("applicable_rules", narrative, MAX_LINE_LENGTH)?;
        }
        check_line("expiry.place", &self.expiry.place, MAX_EXPIRY_PLACE_LENGTH)?;
        let places = [
            ("shipment_places.taking_in_charge", &self.shipment_places.taking_in_charge),
            ("shipment_places.port_of_loading", &self.shipment_places.port_of_loading),
            ("shipment_places.port_of_discharge", &self.shipment_places.port_of_discharge),
            ("shipment_places.final_destination", &self.shipment_places.final_destination),
        ];
        for (field, place) in places {
            if let Some(place) = place {
                check_line(field, place, MAX_PLACE_LENGTH)?;
            }
        }
        if let Some(event) = self.presentation_period.as_ref().and_then(|period| period.event.as_ref()) {
            check_line("presentation_period.event", event, MAX_LINE_LENGTH)?;
        }
        if let Some(LatestShipment::Period { lines }) = &self.latest_shipment {
            check_some("latest_shipment", lines, MAX_PERIOD_LINES, MAX_NARRATIVE_LINE_LENGTH)?;
        }
        let short = [
            ("additional_amounts", &self.additional_amounts, MAX_NAME_LINES),
            ("payment_details", &self.payment_details, MAX_NAME_LINES),
            ("charges", &self.charges, MAX_CHARGE_LINES),
            ("sender_to_receiver", &self.sender_to_receiver, MAX_CHARGE_LINES),
        ];
        for (field, lines, most) in short {
            check_lines(field, lines, most, MAX_LINE_LENGTH)?;
        }
        let long = [
            ("goods", &self.goods, MAX_NARRATIVE_LINES),
            ("documents_required", &self.documents_required, MAX_NARRATIVE_LINES),
            ("additional_conditions", &self.additional_conditions, MAX_NARRATIVE_LINES),
            (
                "payment_conditions_for_beneficiary",
                &self.payment_conditions_for_beneficiary,
                MAX_NARRATIVE_LINES,
            ),
            ("payment_conditions_for_bank", &self.payment_conditions_for_bank, MAX_NARRATIVE_LINES),
            ("instructions_to_nominated_bank", &self.instructions_to_nominated_bank, MAX_INSTRUCTION_LINES),
        ];
        for (field, lines, most) in long {
            check_lines(field, lines, most, MAX_NARRATIVE_LINE_LENGTH)?;
        }
        Ok(())
    }

    /// UCP 600 art. 18(b).
    fn has_an_amount(&self) -> Result<(), Error> {
        let refuse = |reason: &str| {
            Err(CREDIT_AMOUNT_INVALID.error().with("amount", self.amount).with("reason", reason))
        };
        if !self.amount.is_positive() {
            return refuse("not_positive");
        }
        if !self.amount.currency().is_current_on(self.date_of_issue) {
            return refuse("currency_not_in_use_on_date_of_issue");
        }
        let within = |percent: u8| percent <= MAX_TOLERANCE_PERCENT;
        if self.tolerance.is_some_and(|given| !within(given.plus_percent) || !within(given.minus_percent)) {
            return refuse("tolerance_above_99_per_cent");
        }
        self.ceiling().map(|_| ())
    }

    /// UCP 600 art. 6(d)(i): a credit states an expiry date; it lies on or after the date of issue.
    fn expires_after_its_issue(&self) -> Result<(), Error> {
        EXPIRY_BEFORE_ISSUE.unless(self.expiry.date >= self.date_of_issue, |refusal| {
            refusal.with("expiry", self.expiry.date).with("issue", self.date_of_issue)
        })
    }

    /// UCP 600 art. 14(c): documents that evidence shipment are presented before the expiry.
    fn ships_before_its_expiry(&self) -> Result<(), Error> {
        let Some(LatestShipment::LatestDate { date }) = self.latest_shipment else { return Ok(()) };
        SHIPMENT_AFTER_EXPIRY.unless(date <= self.expiry.date, |refusal| {
            refusal.with("shipment", date).with("expiry", self.expiry.date)
        })
    }

    /// UCP 600 art. 14(c).
    fn has_a_presentation_period_within_bounds(&self) -> Result<(), Error> {
        let days = self.presentation_period.as_ref().map_or(0, |period| period.days);
        PERIOD_OUT_OF_BOUNDS.unless(days <= MAX_PRESENTATION_DAYS, |refusal| {
            refusal.with("days", days).with("limit", MAX_PRESENTATION_DAYS)
        })
    }

    /// UCP 600 art. 6(b).
    fn has_a_tenor_within_bounds(&self) -> Result<(), Error> {
        self.availability.by.tenor().map_or(Ok(()), |tenor| check_tenor(tenor, self.date_of_issue))
    }
}

fn check_tenor(tenor: Tenor, date_of_issue: Date) -> Result<(), Error> {
    let bounds = 1..=i32::from(MAX_TENOR_DAYS);
    let (days, written) = match tenor {
        Tenor::AfterShipment { days } | Tenor::AfterSight { days } => {
            (i32::from(days), format!("of {days} days"))
        }
        Tenor::Fixed { date } => (date_of_issue.days_until(date), format!("until {date}")),
    };
    if bounds.contains(&days) {
        return Ok(());
    }
    Err(TENOR_OUT_OF_BOUNDS.error().with("tenor", written).with("limit", MAX_TENOR_DAYS))
}

fn check_party(field: &'static str, party: &NamedParty) -> Result<(), Error> {
    check_name(field, &party.name_and_address)?;
    check_account(field, party.account.as_deref())
}

fn check_name(field: &'static str, lines: &[String]) -> Result<(), Error> {
    check_some(field, lines, MAX_NAME_LINES, MAX_LINE_LENGTH)
}

/// As [`check_lines`], and there is at least one.
fn check_some(field: &'static str, lines: &[String], most_lines: usize, most: usize) -> Result<(), Error> {
    if lines.is_empty() {
        return Err(TEXT_INVALID
            .error()
            .with("field", field)
            .with("reason", "no_line")
            .with("limit", most_lines));
    }
    check_lines(field, lines, most_lines, most)
}

fn check_account(field: &'static str, account: Option<&str>) -> Result<(), Error> {
    account.map_or(Ok(()), |account| check_line(field, account, MAX_ACCOUNT_LENGTH))
}
