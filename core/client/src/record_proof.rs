//! Records by their ids, of every kind: as they are, as they were, and proven.
//!
//! [`Ledger::prove`] makes one file that proves from nothing but the genesis what a record is after the newest block, or
//! that there is none with its id; [`verify_record`] checks it, with no node and no network. It proves nothing of other
//! heights: that a record was written is proven by the receipt of the transaction that wrote it, whose events say
//! what happened. Nothing proves that a list is complete.

use allonge_crypto::Hash;
use allonge_finance::{Calendar, CalendarId, PartyId, Timestamp};
use allonge_ledger::{
    Account, AccountId, Error, Filter, Hold, HoldId, Indexed, Page, Party, Policy, ProposalId, Reversal,
    StateReceipt, Stored,
};
use allonge_trade::{
    AmendmentId, ApprovalId, ApprovalStatus, Bill, BillId, BillPart, BillPartId, BillPartStatus, BillStatus,
    CertificateId, Claim, ClaimId, ClaimSource, ClaimStatus, CreditAmendment, CreditAmendmentStatus,
    CreditApproval, CreditId, CreditStatus, Debt, Demand, DemandId, DemandStatus, DocumentId, Exposure,
    ExposureId, ExposureStatus, Financing, FinancingId, FinancingStatus, FreezeOrder, FreezeStatus,
    FrozenSubject, Guarantee, GuaranteeAmendment, GuaranteeAmendmentId, GuaranteeAmendmentStatus,
    GuaranteeId, GuaranteeInstruction, GuaranteeInstructionId, GuaranteeInstructionStatus, GuaranteeStatus,
    LetterOfCredit, Listing, ListingId, ListingStatus, NextStep, NextSteps, NotarisedDocument,
    NotarisedStatus, Participation, ParticipationAgreement, ParticipationAgreementId,
    ParticipationAgreementStatus, ParticipationId, ParticipationStatus, Presentation, PresentationId,
    PresentationStatus, Quote, QuoteId, QuoteStatus, Receivable, ReceivableId, ReceivableStatus, Trade,
    TradeId, TradeStatus, TransferableRecord, TransferableRecordId, TransferableStatus, Underlying,
    UnderlyingId, UnderlyingStatus, UnitCertificate, Voucher, VoucherId, VoucherStatus,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::ledger::Ledger;
use crate::queries::paging;
use crate::receipt::Trust;
use crate::records::{Proposal, from_value, invalid};

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordType {
    /// Its name: `credit`.
    pub kind: &'static str,
    /// The name of the record's type: `LetterOfCredit`.
    pub record: &'static str,
    /// The name of the id's type: `CreditId`.
    pub id: &'static str,
    /// What it is, in a sentence.
    pub doc: &'static str,
    /// Whether [`Ledger::records`] lists it, and [`Ledger::next_steps`] says what comes next: those of trade.
    pub listed: bool,
}

/// The kinds of records, each with its name, its id and its type: those of trade, which say what can be done next, and those
/// of the ledger.
macro_rules! record_kinds {
    (
        trade: { $($(#[doc = $trade_doc:literal])* $trade:ident($trade_id:ty => $trade_record:ty, $status:ident) = $trade_kind:literal,)* }
        ledger: { $($(#[doc = $doc:literal])* $variant:ident($id:ty => $record:ty) = $kind:literal,)* }
    ) => {
        /// A record of the ledger: of which kind, under which id.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum RecordId {
            $($(#[doc = $trade_doc])* $trade($trade_id),)*
            $($(#[doc = $doc])* $variant($id),)*
            /// An account.
            Account(AccountId),
        }

        /// A record of any kind.
        #[derive(Clone, Debug, PartialEq, Serialize)]
        #[serde(untagged)]
        #[non_exhaustive]
        pub enum AnyRecord {
            $($(#[doc = $trade_doc])* $trade(Box<$trade_record>),)*
            $($(#[doc = $doc])* $variant(Box<$record>),)*
            /// An account.
            Account(Box<Account>),
        }

        /// The kinds of records, as data: what the other languages' tables are made of.
        pub const RECORD_TYPES: &[RecordType] = &[
            $(RecordType {
                kind: $trade_kind,
                record: stringify!($trade_record),
                id: stringify!($trade_id),
                doc: concat!($($trade_doc),*).trim_ascii_start(),
                listed: true,
            },)*
            $(RecordType {
                kind: $kind,
                record: stringify!($record),
                id: stringify!($id),
                doc: concat!($($doc),*).trim_ascii_start(),
                listed: false,
            },)*
            RecordType { kind: "account", record: "Account", id: "AccountId", doc: "An account.", listed: false },
        ];

        /// One field for the record and the id of each kind, so that the schema has them all.
        #[cfg(feature = "schema")]
        #[derive(schemars::JsonSchema)]
        #[allow(dead_code, non_snake_case)]
        pub(crate) struct RecordSchemas {
            $($trade: ($trade_record, $trade_id),)*
            $($variant: ($record, $id),)*
            Account: (Account, AccountId),
        }

        /// The names of the kinds of records.
        pub const RECORD_KINDS: &[&str] = &[$($trade_kind,)* $($kind,)* "account"];

        impl RecordId {
            /// The record of a kind, one of [`RECORD_KINDS`], with an id in its text form.
            ///
            /// Errors: `input.invalid`.
            pub fn parse(kind: &str, id: &str) -> Result<Self, Error> {
                Ok(match kind {
                    $($trade_kind => RecordId::$trade(from_text(id)?),)*
                    $($kind => RecordId::$variant(from_text(id)?),)*
                    "account" => RecordId::Account(from_text(id)?),
                    _ => return Err(unknown_kind(kind)),
                })
            }

            /// The key of its record.
            pub(crate) fn key(&self) -> Vec<u8> {
                match self {
                    $(RecordId::$trade(id) => <$trade_record>::key(id),)*
                    $(RecordId::$variant(id) => <$record>::key(id),)*
                    RecordId::Account(id) => Account::key(id),
                }
            }
        }

        impl Ledger {
            /// A record as it is, or as it stood after the block of a height, 0 for the genesis.
            ///
            /// Errors: `block.unknown`; `input.invalid` for an account at a height, whose balance says more; `store.*`.
            pub fn record(&self, id: &RecordId, height: Option<u64>) -> Result<Option<AnyRecord>, Error> {
                match id {
                    $(RecordId::$trade(id) => self.kept(id, height, AnyRecord::$trade),)*
                    $(RecordId::$variant(id) => self.kept(id, height, AnyRecord::$variant),)*
                    RecordId::Account(_) if height.is_some() => {
                        Err(invalid("height", "", "an account is not kept by height; its balance at one is"))
                    }
                    RecordId::Account(id) => Ok(self.account(id)?.map(Box::new).map(AnyRecord::Account)),
                }
            }

            /// One self-contained file that proves what a record is after the newest block, or that there is none with
            /// this id, from nothing but the genesis: [`verify_record`] checks it.
            ///
            /// Errors: `block.unknown` before the first block, `store.*`.
            pub fn prove(&self, id: &RecordId) -> Result<Vec<u8>, Error> {
                match id {
                    $(RecordId::$trade(id) => self.proof::<$trade_record>(id),)*
                    $(RecordId::$variant(id) => self.proof::<$record>(id),)*
                    RecordId::Account(id) => self.proof::<Account>(id),
                }
            }

            /// What a party may do next with an instrument, by when, and which article says so: nothing where it may do
            /// nothing, or where there is no such record. It is a hint: what an operation carries can still be refused.
            ///
            /// Errors: `store.*`.
            pub fn next_steps(&self, id: &RecordId, party: &PartyId) -> Result<Vec<NextStep>, Error> {
                let now = self.status()?.time;
                Ok(match self.record(id, None)? {
                    $(Some(AnyRecord::$trade(record)) => record.next_steps(party, now),)*
                    _ => Vec::new(),
                })
            }

            /// Records of a kind, page by page.
            ///
            /// Errors: `input.invalid` for a kind that is not listed so, `query.*`, `block.unknown`, `store.*`.
            pub fn records(&self, kind: &str, query: &RecordQuery) -> Result<Page<AnyRecord>, Error> {
                match kind {
                    $($trade_kind => {
                        let status = query.status.as_deref().map(from_text::<$status>).transpose()?;
                        self.listed(query, status.map(|status| status as u8), AnyRecord::$trade)
                    })*
                    _ => Err(unknown_kind(kind)),
                }
            }
        }

        /// Proves from the genesis alone what a record was after the block of a height, or that there was none with this
        /// id.
        ///
        /// `file` are the bytes of a state receipt, as [`Ledger::prove`] makes it.
        ///
        /// Errors: `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
        pub fn verify_record(file: &[u8], trust: &Trust, id: &RecordId) -> Result<ProvenRecord, Error> {
            match id {
                $(RecordId::$trade(id) => verified(file, trust, id, AnyRecord::$trade),)*
                $(RecordId::$variant(id) => verified(file, trust, id, AnyRecord::$variant),)*
                RecordId::Account(id) => verified(file, trust, id, AnyRecord::Account),
            }
        }
    };
}

record_kinds! {
    trade: {
        /// A letter of credit.
        Credit(CreditId => LetterOfCredit, CreditStatus) = "credit",
        /// A presentation.
        Presentation(PresentationId => Presentation, PresentationStatus) = "presentation",
        /// An amendment of a letter of credit.
        CreditAmendment(AmendmentId => CreditAmendment, CreditAmendmentStatus) = "credit_amendment",
        /// A demand guarantee, a counter-guarantee or a standby.
        Guarantee(GuaranteeId => Guarantee, GuaranteeStatus) = "guarantee",
        /// A demand under a guarantee.
        Demand(DemandId => Demand, DemandStatus) = "demand",
        /// An amendment of a guarantee.
        GuaranteeAmendment(GuaranteeAmendmentId => GuaranteeAmendment, GuaranteeAmendmentStatus) = "guarantee_amendment",
        /// An instruction to a guarantor.
        GuaranteeInstruction(GuaranteeInstructionId => GuaranteeInstruction, GuaranteeInstructionStatus) = "guarantee_instruction",
        /// A master agreement on risk participation.
        ParticipationAgreement(ParticipationAgreementId => ParticipationAgreement, ParticipationAgreementStatus) = "participation_agreement",
        /// A transaction whose risk is shared.
        Underlying(UnderlyingId => Underlying, UnderlyingStatus) = "underlying",
        /// A share of the risk of a transaction.
        Participation(ParticipationId => Participation, ParticipationStatus) = "participation",
        /// A bill of exchange.
        Bill(BillId => Bill, BillStatus) = "bill",
        /// A part of a bill, of which one party is the holder.
        BillPart(BillPartId => BillPart, BillPartStatus) = "bill_part",
        /// A claim.
        Claim(ClaimId => Claim, ClaimStatus) = "claim",
        /// A debt that was divided.
        Debt(ClaimSource => Debt, OneStatus) = "debt",
        /// A listing on the market.
        Listing(ListingId => Listing, ListingStatus) = "listing",
        /// A firm quote.
        Quote(QuoteId => Quote, QuoteStatus) = "quote",
        /// A forfaiting trade.
        Trade(TradeId => Trade, TradeStatus) = "trade",
        /// A voucher of a payable.
        Voucher(VoucherId => Voucher, VoucherStatus) = "voucher",
        /// A factor's credit cover.
        CreditApproval(ApprovalId => CreditApproval, ApprovalStatus) = "credit_approval",
        /// A factored receivable.
        Receivable(ReceivableId => Receivable, ReceivableStatus) = "receivable",
        /// A financing in the registry.
        Financing(FinancingId => Financing, FinancingStatus) = "financing",
        /// A notarised document.
        NotarisedDocument(DocumentId => NotarisedDocument, NotarisedStatus) = "notarised_document",
        /// A transferable record.
        TransferableRecord(TransferableRecordId => TransferableRecord, TransferableStatus) = "transferable_record",
        /// A unit certificate.
        UnitCertificate(CertificateId => UnitCertificate, OneStatus) = "unit_certificate",
        /// A consented exposure.
        Exposure(ExposureId => Exposure, ExposureStatus) = "exposure",
        /// An order of the supervisor.
        FreezeOrder(FrozenSubject => FreezeOrder, FreezeStatus) = "freeze_order",
    }
    ledger: {
        /// A hold.
        Hold(HoldId => Hold) = "hold",
        /// The policy of a party.
        Policy(PartyId => Policy) = "policy",
        /// A proposal.
        Proposal(ProposalId => Proposal) = "proposal",
        /// The reversal of a transaction.
        Reversal(Hash => Reversal) = "reversal",
        /// A party.
        Party(PartyId => Party) = "party",
        /// A calendar.
        Calendar(CalendarId => Calendar) = "calendar",
    }
}

/// What a state receipt proves of a record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProvenRecord {
    /// The record as it was; `None` when there was none with this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<AnyRecord>,
    /// After the block of this height.
    pub height: u64,
    /// The time of that block.
    pub time: Timestamp,
}

/// Which records of a kind, as all kinds of trade have them. They are listed in the first order of their kind: a credit by
/// its expiry, a claim by its due date, others by the time at which they came into being.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordQuery {
    /// Those that name this party, in whatever part.
    pub party: Option<PartyId>,
    /// Those of this status, as the kind's statuses are named: `open`.
    pub status: Option<String>,
    /// Those that belong to this record: the quotes for a claim, the presentations under a credit.
    pub of: Option<RecordReference>,
    /// As things stood after the block of this height, 0 for the genesis; by default the newest.
    pub height: Option<u64>,
    /// That of the page before.
    pub cursor: Option<String>,
    /// At most so many, 1 to 1,000; by default 100.
    pub limit: Option<u32>,
}

/// A record, by its kind and its id as texts.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordReference {
    /// The kind: `claim`.
    pub kind: String,
    /// The id in its text form.
    pub id: String,
}

/// The status of records that have only one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum OneStatus {
    Standing = 0,
}

/// More statuses than a kind has.
const EVERY_STATUS: u8 = 31;

fn unknown_kind(kind: &str) -> Error {
    invalid("kind", "", format_args!("the ledger keeps no records of kind {kind}"))
}

fn from_text<T: DeserializeOwned>(id: &str) -> Result<T, Error> {
    from_value(id.into(), "id")
}

impl Ledger {
    fn proof<T: Stored>(&self, id: &T::Id) -> Result<Vec<u8>, Error> {
        self.shared.read(|ledger| Ok(ledger.state_receipt::<T>(id)?.to_bytes()))
    }

    fn listed<T: Indexed>(
        &self,
        query: &RecordQuery,
        status: Option<u8>,
        as_any: impl Fn(Box<T>) -> AnyRecord,
    ) -> Result<Page<AnyRecord>, Error> {
        let of = query.of.as_ref().map(|of| RecordId::parse(&of.kind, &of.id)).transpose()?;
        let filter = Filter {
            parties: query.party.iter().map(|party| (party.clone(), u8::MAX)).collect(),
            belongs_to: of.map(|of| of.key()),
            statuses: status.map_or_else(|| (0..=EVERY_STATUS).collect(), |status| vec![status]),
            order: (0, i64::MIN, i64::MAX),
            ranges: Vec::new(),
        };
        let paging = paging(query.height, query.cursor.as_ref(), query.limit);
        let page: Page<T> = self.shared.read(|ledger| ledger.find(&filter, paging))?;
        let items = page.items.into_iter().map(Box::new).map(as_any).collect();
        Ok(Page { items, height: page.height, cursor: page.cursor })
    }

    fn kept<T: Indexed>(
        &self,
        id: &T::Id,
        height: Option<u64>,
        as_any: impl Fn(Box<T>) -> AnyRecord,
    ) -> Result<Option<AnyRecord>, Error> {
        let record: Option<T> = self.shared.read(|ledger| match height {
            Some(height) => ledger.get_at(id, height),
            None => ledger.get(id),
        })?;
        Ok(record.map(Box::new).map(as_any))
    }
}

fn verified<T: Stored>(
    file: &[u8],
    trust: &Trust,
    id: &T::Id,
    as_any: impl Fn(Box<T>) -> AnyRecord,
) -> Result<ProvenRecord, Error> {
    let proven = StateReceipt::from_bytes(file)?.verify::<T>(trust.ledger(), id)?;
    let record = proven.record.map(Box::new).map(as_any);
    Ok(ProvenRecord { record, height: proven.height, time: proven.time })
}
