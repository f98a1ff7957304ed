//! A presentation: documents on their way from the presenter to an examined result.

use allonge_crypto::Hash;
use allonge_finance::{Calendar, Date, Money, PartyId, Timestamp};
use allonge_ledger::{AccountId, Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::deadline::Deadline;
use crate::identifier::{ClaimId, PresentationId};
use crate::registry::{
    DOCUMENTS_INVALID, EXAMINATION_OPEN, EXAMINATION_OVER, NOTICE_ALREADY_GIVEN, NOTICE_EMPTY,
    PRESENTATION_DECIDED, PRESENTATION_REFUSED, REFUSAL_PRECLUDED, TENOR_OUT_OF_BOUNDS, WAIVER_NOT_SOUGHT,
};
use crate::rulebook::EXAMINATION;
use crate::terms::{MAX_TENOR_DAYS, Tenor, check_line, check_lines};

/// Documents in one presentation.
pub const MAX_DOCUMENTS: usize = 200;
/// Characters of a document's title.
pub const MAX_TITLE_LENGTH: usize = 140;
/// Characters of a media type (RFC 6838 allows 127 on either side of the slash; nobody uses them).
pub const MAX_MEDIA_TYPE_LENGTH: usize = 127;
/// Characters of a covering schedule's reference.
pub const MAX_COVERING_REFERENCE_LENGTH: usize = 35;
/// Discrepancies in one notice: the lines of field 77J of an MT734.
pub const MAX_DISCREPANCIES: usize = 70;
/// Characters of one discrepancy.
pub const MAX_DISCREPANCY_LENGTH: usize = 350;

/// A presentation under a letter of credit.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Presentation {
    /// Which presentation.
    pub id: PresentationId,
    /// What became of it.
    pub state: PresentationState,
    /// Who presented, and is paid.
    pub presenter: PartyId,
    /// How much is drawn.
    pub amount: Money,
    /// The presenter's account that is to be paid.
    pub account: AccountId,
    /// The reference of the presenter's covering schedule, at most 35 characters.
    pub covering_reference: String,
    /// When and how the goods were shipped, as the transport document says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shipment: Option<Shipment>,
    /// The documents, 1 to 200.
    pub documents: Vec<Document>,
    /// When it entered the ledger.
    pub presented_at: Timestamp,
    /// The day of presentation, as a date at the issuing bank.
    pub presented_on: Date,
    /// Whether the issuing bank was open then. If not, the documents count as received on the first banking
    /// day following, since it need not accept them earlier (UCP 600 art. 33).
    pub in_banking_hours: bool,
    /// That the issuing bank asked the applicant to waive discrepancies, and what came of it: UCP 600 art. 16(b).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiver: Option<Waiver>,
}

impl Stored for Presentation {
    type Id = PresentationId;
    const KIND: u8 = 0x41;
}

/// What became of a presentation.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum PresentationState {
    /// The issuing bank examines the documents.
    Examining {
        /// By when it must honour, accept or refuse: UCP 600 art. 14(b), 16(d).
        deadline: Deadline,
    } = 0,
    /// The issuing bank refused; the documents are at the presenter's disposal.
    Refused {
        /// Its single notice.
        notice: RefusalNotice,
    } = 1,
    /// The issuing bank found that it complies and undertook to pay at maturity: UCP 600 art. 15(a).
    Accepted {
        /// The claim that came of it.
        claim: ClaimId,
        /// When.
        at: Timestamp,
    } = 2,
    /// The issuing bank gave no notice in time, so it counts as complying: UCP 600 art. 16(f).
    DeemedComplying {
        /// The claim that came of it.
        claim: ClaimId,
        /// The deadline that had passed.
        deadline: Deadline,
        /// Who invoked the preclusion.
        invoked_by: PartyId,
        /// When.
        at: Timestamp,
    } = 3,
    /// The issuing bank found that it complies and paid at sight: UCP 600 art. 15(a).
    Honoured {
        /// The account that paid.
        from: AccountId,
        /// When.
        at: Timestamp,
    } = 4,
}

/// A document, known by the hash of its content.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Document {
    /// What it is called, at most 140 characters: `COMMERCIAL INVOICE`.
    pub title: String,
    /// SHA-256 of its content, as `sha256sum` prints it.
    pub sha256: Hash,
    /// The length of its content in bytes.
    pub length: u64,
    /// Its media type, at most 127 characters: `application/pdf`.
    pub media_type: String,
    /// How many originals are presented.
    pub originals: u16,
    /// How many copies are presented.
    pub copies: u16,
}

/// When goods were shipped, and which part of the transport document says so. UCP 600 art. 19 to 25.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Shipment {
    /// The date of shipment.
    pub date: Date,
    /// What evidences it.
    pub evidence: ShipmentEvidence,
}

/// Which part of a transport document evidences the date of shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ShipmentEvidence {
    /// A dated notation that goods are on board: UCP 600 art. 19(a)(ii), 20(a)(ii), 21(a)(ii), 22(a)(ii).
    OnBoardNotation = 0,
    /// The date on which the transport document was issued: art. 19(a)(ii), 20(a)(ii), 23(a)(iii).
    DateOfIssuance = 1,
    /// A dated stamp or notation of dispatch, taking in charge, receipt or pick-up: art. 19(a)(ii), 23(a)(iii),
    /// 24(a)(ii), 25(a)(ii).
    DispatchOrReceipt = 2,
}

/// That an issuing bank approached the applicant for a waiver, of its own choice. It does not lengthen the time for examining.
/// UCP 600 art. 16(b).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Waiver {
    /// What it asks to waive, 1 to 70 of at most 350 characters.
    pub discrepancies: Vec<String>,
    /// When it asked.
    pub sought_at: Timestamp,
    /// When the applicant waived them. The issuing bank still decides by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived_at: Option<Timestamp>,
}

/// The single notice by which a bank refuses. UCP 600 art. 16(c).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RefusalNotice {
    /// Every discrepancy for which it refuses, 1 to 70 of at most 350 characters: art. 16(c)(ii).
    pub discrepancies: Vec<String>,
    /// What it does with the documents: art. 16(c)(iii).
    pub disposal: Disposal,
    /// When it was given.
    pub at: Timestamp,
}

/// What a refusing bank does with the documents (77B of an MT734). UCP 600 art. 16(c)(iii).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Disposal {
    /// It holds them for the presenter's instructions (`HOLD`): 16(c)(iii)(a).
    Hold = 0,
    /// It holds them until the applicant waives and it agrees, or the presenter instructs (`NOTIFY`):
    /// 16(c)(iii)(b).
    HoldForWaiver = 1,
    /// It returns them (`RETURN`): 16(c)(iii)(c).
    Return = 2,
    /// It acts on instructions received before (`PREVINST`): 16(c)(iii)(d).
    PriorInstructions = 3,
}

/// What a presenter hands over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lodgement {
    /// Who presents.
    pub presenter: PartyId,
    /// How much is drawn.
    pub amount: Money,
    /// The account to pay.
    pub account: AccountId,
    /// The reference of the covering schedule.
    pub covering_reference: String,
    /// When and how goods were shipped.
    pub shipment: Option<Shipment>,
    /// The documents.
    pub documents: Vec<Document>,
}

impl Presentation {
    /// The documents have reached the issuing bank, whose calendar is `examination`, and it examines them.
    /// UCP 600 art. 14(b): five banking days following the day of presentation.
    pub(crate) fn lodge(
        id: PresentationId,
        lodgement: Lodgement,
        now: Timestamp,
        examination: &Calendar,
        findings: &mut Findings,
    ) -> Result<Presentation, Error> {
        findings.judge(&DOCUMENTS_INVALID, are_documents(&lodgement.documents))?;
        check_line("covering_reference", &lodgement.covering_reference, MAX_COVERING_REFERENCE_LENGTH)?;
        let today = examination.local_date(now)?;
        let in_banking_hours =
            examination.is_banking_day(today)? && now <= examination.close_of_business(today)?;
        // UCP 600 art. 33: received on the first banking day following, so counting starts one day later.
        let banking_days = EXAMINATION.days.saturating_add(u8::from(!in_banking_hours));
        let deadline = Deadline::after(today, banking_days, examination)?;
        Ok(Presentation {
            id,
            state: PresentationState::Examining { deadline },
            presenter: lodgement.presenter,
            amount: lodgement.amount,
            account: lodgement.account,
            covering_reference: lodgement.covering_reference,
            shipment: lodgement.shipment,
            documents: lodgement.documents,
            presented_at: now,
            presented_on: today,
            in_banking_hours,
            waiver: None,
        })
    }

    /// The issuing bank undertakes to pay at maturity. UCP 600 art. 15(a).
    pub(crate) fn accept(
        mut self,
        now: Timestamp,
        examination: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.check_can_be_honoured(now, examination, findings)?;
        let claim = ClaimId::new(self.id.clone());
        self.state = PresentationState::Accepted { claim, at: now };
        Ok(self)
    }

    /// The issuing bank pays at sight. UCP 600 art. 15(a).
    pub(crate) fn honour(
        mut self,
        from: AccountId,
        now: Timestamp,
        examination: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.check_can_be_honoured(now, examination, findings)?;
        self.state = PresentationState::Honoured { from, at: now };
        Ok(self)
    }

    /// The issuing bank refuses in its single notice. UCP 600 art. 16(c), 16(d).
    pub(crate) fn refuse(
        mut self,
        discrepancies: Vec<String>,
        disposal: Disposal,
        now: Timestamp,
        examination: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&NOTICE_ALREADY_GIVEN, self.has_no_notice_yet())?;
        findings.judge(&REFUSAL_PRECLUDED, self.can_still_be_refused(now, examination))?;
        findings.judge(&PRESENTATION_DECIDED, self.is_undecided())?;
        findings.judge(&NOTICE_EMPTY, states_discrepancies(&discrepancies))?;
        check_lines("discrepancies", &discrepancies, MAX_DISCREPANCIES, MAX_DISCREPANCY_LENGTH)?;
        self.state =
            PresentationState::Refused { notice: RefusalNotice { discrepancies, disposal, at: now } };
        Ok(self)
    }

    /// The issuing bank approaches the applicant for a waiver, inside the time that it has. UCP 600 art. 16(b).
    pub(crate) fn seek_waiver(
        mut self,
        discrepancies: Vec<String>,
        now: Timestamp,
        examination: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.check_can_be_honoured(now, examination, findings)?;
        findings.judge(&NOTICE_EMPTY, states_discrepancies(&discrepancies))?;
        check_lines("discrepancies", &discrepancies, MAX_DISCREPANCIES, MAX_DISCREPANCY_LENGTH)?;
        self.waiver = Some(Waiver { discrepancies, sought_at: now, waived_at: None });
        Ok(self)
    }

    /// The applicant waives what it was asked to. UCP 600 art. 16(b).
    pub(crate) fn waive(mut self, now: Timestamp, findings: &mut Findings) -> Result<Self, Error> {
        let asked = self.waiver.as_mut().filter(|waiver| waiver.waived_at.is_none());
        let judged = match asked {
            Some(waiver) => {
                waiver.waived_at = Some(now);
                Ok(())
            }
            None => Err(WAIVER_NOT_SOUGHT.error().with("presentation", &self.id)),
        };
        findings.judge(&WAIVER_NOT_SOUGHT, judged)?;
        Ok(self)
    }

    /// No notice was given in time, so the presentation counts as complying. UCP 600 art. 16(f).
    pub(crate) fn preclude(
        mut self,
        invoked_by: PartyId,
        now: Timestamp,
        examination: &Calendar,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&PRESENTATION_REFUSED, self.is_not_refused())?;
        findings.judge(&PRESENTATION_DECIDED, self.is_undecided())?;
        let deadline = findings.judge(&EXAMINATION_OPEN, self.deadline_that_passed(now, examination))?;
        let claim = ClaimId::new(self.id.clone());
        self.state = PresentationState::DeemedComplying { claim, deadline, invoked_by, at: now };
        Ok(self)
    }

    /// When a claim of this presentation matures, before it is moved to a banking day. "After" excludes the
    /// day: UCP 600 art. 3. Sight is the day on which the documents count as received.
    pub(crate) fn maturity(&self, tenor: Tenor, examination: &Calendar) -> Result<Date, Error> {
        let (from, days) = match tenor {
            Tenor::Fixed { date } => return Ok(date),
            Tenor::AfterShipment { days } => (self.shipment.map(|shipment| shipment.date), days),
            Tenor::AfterSight { days } => (Some(self.received_on(examination)?), days),
        };
        from.and_then(|from| from.plus_days(i32::from(days))).ok_or_else(|| {
            TENOR_OUT_OF_BOUNDS
                .error()
                .with("tenor", format_args!("of {days} days"))
                .with("limit", MAX_TENOR_DAYS)
        })
    }

    fn received_on(&self, examination: &Calendar) -> Result<Date, Error> {
        if self.in_banking_hours {
            return Ok(self.presented_on);
        }
        Ok(examination.add_banking_days(self.presented_on, 1)?)
    }

    fn check_can_be_honoured(
        &self,
        now: Timestamp,
        examination: &Calendar,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        findings.judge(&PRESENTATION_REFUSED, self.is_not_refused())?;
        findings.judge(&EXAMINATION_OVER, self.is_examined_in_time(now, examination))?;
        findings.judge(&PRESENTATION_DECIDED, self.is_undecided())
    }

    /// UCP 600 art. 16(c): a single notice.
    fn has_no_notice_yet(&self) -> Result<(), Error> {
        match &self.state {
            PresentationState::Refused { notice } => {
                Err(NOTICE_ALREADY_GIVEN.error().with("presentation", &self.id).with("at", notice.at))
            }
            _ => Ok(()),
        }
    }

    /// UCP 600 art. 16(d), 16(f): notice by close of the fifth banking day; afterwards the bank is precluded.
    fn can_still_be_refused(&self, now: Timestamp, examination: &Calendar) -> Result<(), Error> {
        let precluded = |deadline: &Deadline| {
            Err(REFUSAL_PRECLUDED.error().with("presentation", &self.id).with("deadline", deadline.date()))
        };
        match &self.state {
            PresentationState::Examining { deadline } if deadline.has_passed(now, examination)? => {
                precluded(deadline)
            }
            PresentationState::DeemedComplying { deadline, .. } => precluded(deadline),
            _ => Ok(()),
        }
    }

    /// UCP 600 art. 14(b): the bank has five banking days to determine whether documents comply.
    fn is_examined_in_time(&self, now: Timestamp, examination: &Calendar) -> Result<(), Error> {
        let over = |deadline: &Deadline| {
            Err(EXAMINATION_OVER.error().with("presentation", &self.id).with("deadline", deadline.date()))
        };
        match &self.state {
            PresentationState::Examining { deadline } if deadline.has_passed(now, examination)? => {
                over(deadline)
            }
            PresentationState::DeemedComplying { deadline, .. } => over(deadline),
            _ => Ok(()),
        }
    }

    /// UCP 600 art. 16(f): nobody is precluded before the deadline has passed.
    fn deadline_that_passed(&self, now: Timestamp, examination: &Calendar) -> Result<Deadline, Error> {
        match &self.state {
            PresentationState::Examining { deadline } if !deadline.has_passed(now, examination)? => {
                Err(EXAMINATION_OPEN.error().with("presentation", &self.id).with("deadline", deadline.date()))
            }
            PresentationState::Examining { deadline }
            | PresentationState::DeemedComplying { deadline, .. } => {
                Ok(deadline.clone().settled(examination)?)
            }
            PresentationState::Refused { notice } => Err(self.refused(notice)),
            PresentationState::Accepted { at, .. } | PresentationState::Honoured { at, .. } => {
                Err(self.decided(*at))
            }
        }
    }

    /// UCP 600 art. 16(c): refused documents are at the presenter's disposal.
    fn is_not_refused(&self) -> Result<(), Error> {
        match &self.state {
            PresentationState::Refused { notice } => Err(self.refused(notice)),
            _ => Ok(()),
        }
    }

    /// UCP 600 art. 15(a): what was found complying is honoured, and that stands.
    fn is_undecided(&self) -> Result<(), Error> {
        match &self.state {
            PresentationState::Accepted { at, .. }
            | PresentationState::DeemedComplying { at, .. }
            | PresentationState::Honoured { at, .. } => Err(self.decided(*at)),
            PresentationState::Examining { .. } | PresentationState::Refused { .. } => Ok(()),
        }
    }

    fn refused(&self, notice: &RefusalNotice) -> Error {
        PRESENTATION_REFUSED.error().with("presentation", &self.id).with("at", notice.at)
    }

    fn decided(&self, at: Timestamp) -> Error {
        PRESENTATION_DECIDED.error().with("presentation", &self.id).with("at", at)
    }
}

/// UCP 600 art. 16(c)(ii): each discrepancy is stated.
fn states_discrepancies(discrepancies: &[String]) -> Result<(), Error> {
    NOTICE_EMPTY.unless(!discrepancies.is_empty(), |refusal| refusal.with("limit", MAX_DISCREPANCIES))
}

/// UCP 600 art. 2: a presentation is of documents.
pub(crate) fn are_documents(documents: &[Document]) -> Result<(), Error> {
    let refuse = |reason: &str| Err(DOCUMENTS_INVALID.error().with("reason", reason));
    if documents.is_empty() {
        return refuse("none");
    }
    if documents.len() > MAX_DOCUMENTS {
        return refuse("more_than_200");
    }
    for document in documents {
        check_line("documents.title", &document.title, MAX_TITLE_LENGTH)?;
        check_line("documents.media_type", &document.media_type, MAX_MEDIA_TYPE_LENGTH)?;
        if document.originals == 0 && document.copies == 0 {
            return refuse("neither_original_nor_copy");
        }
    }
    Ok(())
}
