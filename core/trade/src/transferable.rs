//! Transferable records: documents of title and instruments that one party controls at any time. MLETR.

use allonge_crypto::Hash;
use allonge_finance::{PartyId, Timestamp};
use allonge_ledger::{Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::document::DocumentContent;
use crate::identifier::TransferableRecordId;
use crate::registry::{
    RECORD_AMENDED_TOO_OFTEN, RECORD_ENDED, RECORD_NOT_CONTROLLER, RECORD_NOT_OFFERED_TO,
    RECORD_OFFER_EXPIRED, RECORD_OFFER_EXPIRY, RECORD_OFFER_NONE, RECORD_OFFER_OTHER, RECORD_OFFER_STANDS,
    RECORD_OFFER_TO_ONESELF, RECORD_TRANSFERRED_TOO_OFTEN,
};
use crate::rulebook::CONTROL_OFFER;

/// Amendments of one record.
pub const MAX_AMENDMENTS: usize = 100;
/// Characters of the statement by which a record takes the place of paper, or paper that of a record.
pub const MAX_STATEMENT_LENGTH: usize = 350;

const DAY_MS: i64 = 86_400_000;

/// A transferable record, the one with its id for ever: there is no second, and no copy of it transfers.
///
/// There is one controller at any height: `controller` has one value, and only the one whom an offer names takes
/// control, by accepting it. All validators execute the same transactions in one order, and a block has effect only
/// with a quorum's certificate: where a network is parted, one side at most goes on, and no title is transferred twice.
/// A state receipt proves the controller at its height to whoever has the roster.
///
/// What a record does not say of itself is whether the law that applies takes it for the document: that is for its
/// contract, and for an enactment of the Model Law.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransferableRecord {
    /// Which record: MLETR art. 10(1)(b)(i).
    pub id: TransferableRecordId,
    /// Whether it is in effect.
    pub state: TransferableState,
    /// What paper would be called so.
    pub kind: TransferableKind,
    /// Who controls it, or did when it ended: art. 11.
    pub controller: PartyId,
    /// How often control was transferred: the length of the chain of endorsements, art. 15.
    pub transfers: u32,
    /// What it says.
    pub content: DocumentContent,
    /// What it said before each amendment, the first first, at most 100: art. 16.
    pub amendments: Vec<RecordAmendment>,
    /// The statement by which it took the place of paper: art. 17.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces_paper: Option<String>,
    /// When it was issued.
    pub issued_at: Timestamp,
}

impl Stored for TransferableRecord {
    type Id = TransferableRecordId;
    const KIND: u8 = 0x5d;
}

/// What paper would be called as a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum TransferableKind {
    /// A bill of lading.
    BillOfLading = 0,
    /// A warehouse receipt.
    WarehouseReceipt = 1,
    /// A promissory note.
    PromissoryNote = 2,
    /// A bill of exchange.
    BillOfExchange = 3,
    /// An insurance certificate for cargo.
    CargoInsuranceCertificate = 4,
}

/// Whether a transferable record is in effect.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum TransferableState {
    /// It is, and its controller offers nothing.
    Controlled = 0,
    /// It is, and its controller offers something. An offer that expired is none; the time says so.
    Offered {
        /// What is offered.
        offer: RecordOffer,
        /// The last time at which it can be accepted.
        expires_at: Timestamp,
    } = 1,
    /// Its issuer performed.
    Performed {
        /// When.
        at: Timestamp,
    } = 2,
    /// Paper took its place: art. 18.
    OnPaper {
        /// The statement, at most 350 characters.
        statement: String,
        /// When.
        at: Timestamp,
    } = 3,
}

/// What a controller offers.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum RecordOffer {
    /// Control, to another party, who accepts it: art. 11(2), 15.
    Control {
        /// To whom.
        to: PartyId,
    } = 0,
    /// The record, against performance; its issuer accepts when it performs, and the record ends.
    Surrender = 1,
    /// To amend what it says; its issuer accepts: art. 16.
    Amendment {
        /// What it is to say.
        content: DocumentContent,
    } = 2,
}

/// An amendment that was made.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordAmendment {
    /// SHA-256 of what the record said before.
    pub before: Hash,
    /// Who controlled it then, and offered the amendment.
    pub controller: PartyId,
    /// When.
    pub at: Timestamp,
}

impl TransferableRecord {
    /// Whether it is in effect.
    pub fn is_in_effect(&self) -> bool {
        matches!(self.state, TransferableState::Controlled | TransferableState::Offered { .. })
    }

    /// The controller offers control, the record itself, or an amendment. Art. 11, 15, 16.
    pub(crate) fn offer(
        mut self,
        author: &PartyId,
        offer: RecordOffer,
        expires_at: Timestamp,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.check_disposable(author, now, findings)?;
        findings.judge(&RECORD_OFFER_EXPIRY, check_expiry(expires_at, now))?;
        let to_another = !matches!(&offer, RecordOffer::Control { to } if to == author);
        let judged = RECORD_OFFER_TO_ONESELF.unless(to_another, |refusal| refusal.with("party", author));
        findings.judge(&RECORD_OFFER_TO_ONESELF, judged)?;
        self.state = TransferableState::Offered { offer, expires_at };
        Ok(self)
    }

    /// The controller takes its offer back, while nobody has accepted it.
    pub(crate) fn withdraw(mut self, author: &PartyId, findings: &mut Findings) -> Result<Self, Error> {
        findings.judge(&RECORD_ENDED, self.check_in_effect())?;
        findings.judge(&RECORD_NOT_CONTROLLER, self.check_controller(author))?;
        findings.judge(&RECORD_OFFER_NONE, self.standing_offer())?;
        self.state = TransferableState::Controlled;
        Ok(self)
    }

    /// The party to whom it is offered accepts, and says what. Art. 11, 15, 16.
    pub(crate) fn accept(
        mut self,
        author: &PartyId,
        offer: &RecordOffer,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        findings.judge(&RECORD_ENDED, self.check_in_effect())?;
        let (standing, expires_at) = findings.judge(&RECORD_OFFER_NONE, self.standing_offer())?;
        let in_time = RECORD_OFFER_EXPIRED.unless(now <= expires_at, |refusal| {
            refusal.with("record", &self.id).with("expired", expires_at)
        });
        findings.judge(&RECORD_OFFER_EXPIRED, in_time)?;
        let to = match &standing {
            RecordOffer::Control { to } => to,
            RecordOffer::Surrender | RecordOffer::Amendment { .. } => self.id.issuer(),
        };
        let addressed = RECORD_NOT_OFFERED_TO
            .unless(author == to, |refusal| refusal.with("record", &self.id).with("party", author));
        findings.judge(&RECORD_NOT_OFFERED_TO, addressed)?;
        let same = RECORD_OFFER_OTHER.unless(*offer == standing, |refusal| refusal.with("record", &self.id));
        findings.judge(&RECORD_OFFER_OTHER, same)?;
        self.state = TransferableState::Controlled;
        match standing {
            RecordOffer::Control { to } => {
                self.transfers = self
                    .transfers
                    .checked_add(1)
                    .ok_or_else(|| RECORD_TRANSFERRED_TOO_OFTEN.error().with("record", &self.id))?;
                self.controller = to;
            }
            RecordOffer::Surrender => self.state = TransferableState::Performed { at: now },
            RecordOffer::Amendment { content } => {
                let room = RECORD_AMENDED_TOO_OFTEN
                    .unless(self.amendments.len() < MAX_AMENDMENTS, |refusal| {
                        refusal.with("record", &self.id).with("limit", MAX_AMENDMENTS)
                    });
                findings.judge(&RECORD_AMENDED_TOO_OFTEN, room)?;
                let before = std::mem::replace(&mut self.content, content).sha256;
                let controller = self.controller.clone();
                self.amendments.push(RecordAmendment { before, controller, at: now });
            }
        }
        Ok(self)
    }

    /// Paper takes its place, and it has no effect any more. Art. 18.
    pub(crate) fn switch_to_paper(
        mut self,
        author: &PartyId,
        statement: String,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.check_disposable(author, now, findings)?;
        self.state = TransferableState::OnPaper { statement, at: now };
        Ok(self)
    }

    /// Whether the author may dispose of it now: it controls it, and has offered it to nobody.
    fn check_disposable(
        &self,
        author: &PartyId,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        findings.judge(&RECORD_ENDED, self.check_in_effect())?;
        findings.judge(&RECORD_NOT_CONTROLLER, self.check_controller(author))?;
        let stands =
            matches!(&self.state, TransferableState::Offered { expires_at, .. } if now <= *expires_at);
        let free = RECORD_OFFER_STANDS.unless(!stands, |refusal| refusal.with("record", &self.id));
        findings.judge(&RECORD_OFFER_STANDS, free)
    }

    fn check_in_effect(&self) -> Result<(), Error> {
        RECORD_ENDED.unless(self.is_in_effect(), |refusal| refusal.with("record", &self.id))
    }

    fn check_controller(&self, author: &PartyId) -> Result<(), Error> {
        RECORD_NOT_CONTROLLER.unless(*author == self.controller, |refusal| {
            refusal.with("record", &self.id).with("party", author)
        })
    }

    fn standing_offer(&self) -> Result<(RecordOffer, Timestamp), Error> {
        match &self.state {
            TransferableState::Offered { offer, expires_at } => Ok((offer.clone(), *expires_at)),
            _ => Err(RECORD_OFFER_NONE.error().with("record", &self.id)),
        }
    }
}

/// An offer ends after now, and within the days that one may stand.
fn check_expiry(expires_at: Timestamp, now: Timestamp) -> Result<(), Error> {
    let last = now.plus_millis(DAY_MS.saturating_mul(i64::from(CONTROL_OFFER.days)));
    let within = expires_at > now && last.is_some_and(|last| expires_at <= last);
    RECORD_OFFER_EXPIRY
        .unless(within, |refusal| refusal.with("expires_at", expires_at).with("limit", CONTROL_OFFER.days))
}
