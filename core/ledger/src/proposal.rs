//! Proposals: operations of a party that wait in the ledger until keys enough have approved them.
//!
//! A maker proposes; the proposal stands in the ledger, so that a checker can look at it from anywhere and at any
//! time until it expires. An approval is a small transaction of its own that names what it approves by a hash.
//! The approval that satisfies the party's policy carries the operations out, all or none, in that moment: the
//! policy is the one then in force, and only keys that still count are counted.

use allonge_crypto::{Hash, HashSuite, PublicKey};
use allonge_finance::Timestamp;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::identifier::numbered_id;
use crate::index::{IndexTerms, Indexed};
use crate::operation::{LedgerEvent, LedgerOperation, Operation};
use crate::policy::{Governed, Policy};
use crate::registry::{
    POLICY_UNSATISFIED, PROPOSAL_ALREADY_APPROVED, PROPOSAL_CLOSED, PROPOSAL_EXISTS, PROPOSAL_EXPIRED,
    PROPOSAL_EXPIRY_INVALID, PROPOSAL_NOT_YOURS, PROPOSAL_OPERATIONS, PROPOSAL_OTHER_OPERATIONS,
    PROPOSAL_TOO_LARGE, PROPOSAL_TOO_MANY, PROPOSAL_UNKNOWN,
};
use crate::rules::{Context, Record, Rules};
use crate::state::{Stored, canonical};
use crate::transaction::{MAX_OPERATIONS, MAX_TRANSACTION_BYTES};
use crate::verification::OPERATIONS_DOMAIN;

/// The number of a proposal has at most this many characters, as references of ISO 20022 do.
pub const MAX_PROPOSAL_NUMBER: usize = 35;
/// The operations of a proposal have at most this many bytes.
pub const MAX_PROPOSAL_BYTES: usize = 256 << 10;
/// A proposal expires at most this many days after the time of its block.
pub const MAX_PROPOSAL_DAYS: i64 = 30;

numbered_id! {
    /// A proposal: whose, under which number. Written `SYNBCNBJXXX/PAY-7`.
    ProposalId,
    /// The proposal that `party` numbered `number`.
    of
    /// The party whose operations it holds.
    party,
    longest: MAX_PROPOSAL_NUMBER,
    /// A text that names no proposal.
    ParseProposalIdError = "write a proposal as party/number, the number in 1 to 35 characters of SWIFT's set x, no \
                            space or slash at either end, and no two slashes together: SYNBCNBJXXX/PAY-7",
    description: "A proposal, written party/number: SYNBCNBJXXX/PAY-7."
}

/// What keys of a party do when one transaction does not carry all the signatures that the policy asks for.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "ProposalOperation"))]
#[repr(u8)]
pub enum ProposalOperation<O> {
    /// A key proposes operations of its party, and approves them. It is a maker's key where the policy asks for
    /// a maker. If nothing else is asked for, they take effect at once.
    Propose {
        /// Which proposal: of the author, under a number that it has not used yet.
        proposal: ProposalId,
        /// What is proposed, at most 256 KiB. No proposals themselves.
        #[borsh(deserialize_with = "without_proposals")]
        operations: Vec<Operation<O>>,
        /// The last time at which it can be approved: after block time, by at most 30 days.
        expires_at: Timestamp,
    } = 0,
    /// Further keys of the party approve a proposal. When that satisfies the policy, its operations take effect.
    ApproveProposal {
        /// Which proposal.
        proposal: ProposalId,
        /// What is approved: the proposal's `operations_hash`, so that nobody signs unseen.
        operations_hash: Hash,
    } = 1,
    /// A key of the party takes a proposal back, or declines it.
    WithdrawProposal {
        /// Which proposal.
        proposal: ProposalId,
    } = 2,
}

/// A proposal and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Proposal"))]
pub struct PartyProposal<O> {
    /// Which proposal.
    pub id: ProposalId,
    /// What is proposed.
    #[borsh(deserialize_with = "without_proposals")]
    pub operations: Vec<Operation<O>>,
    /// What those who approve it sign: a hash of the operations.
    pub operations_hash: Hash,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// The last time at which it can be approved.
    pub expires_at: Timestamp,
    /// The keys that proposed and approved it so far, each once.
    pub approvals: Vec<ProposalApproval>,
    /// What has become of it.
    pub state: ProposalState,
}

/// One key's approval of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ProposalApproval {
    /// Whose.
    pub key: PublicKey,
    /// At which height. The key counted there; it is judged again when the operations are to take effect.
    pub height: u64,
}

/// What has become of a proposal.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ProposalState {
    /// It waits for approvals. Whether it has expired, the time says.
    Open = 0,
    /// Its operations took effect.
    Executed {
        /// In the transaction that approved it last.
        transaction: Hash,
        /// When.
        at: Timestamp,
    } = 1,
    /// It was taken back.
    Withdrawn {
        /// When.
        at: Timestamp,
    } = 2,
}

impl<O: Record> Stored for PartyProposal<O> {
    type Id = ProposalId;
    const KIND: u8 = 0x09;
}

/// The status of a proposal: its state, without the particulars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum ProposalStatus {
    /// It waits for approvals. Whether it has expired, the time says.
    Open = 0,
    /// Its operations took effect.
    Executed = 1,
    /// It was taken back.
    Withdrawn = 2,
}

impl<O: Record> Indexed for PartyProposal<O> {
    /// Its party is whose it is; its orders are by expiry and by the time of proposal.
    fn terms(&self) -> IndexTerms {
        let status = match self.state {
            ProposalState::Open => ProposalStatus::Open,
            ProposalState::Executed { .. } => ProposalStatus::Executed,
            ProposalState::Withdrawn { .. } => ProposalStatus::Withdrawn,
        };
        let orders = vec![Some(self.expires_at.millis()), Some(self.proposed_at.millis())];
        IndexTerms { status: status as u8, orders, ..IndexTerms::default() }.party(self.id.party(), 1)
    }
}

/// The hash of operations that an approval names: the fingerprint of the same operations in one transaction.
pub fn operations_hash<O: Record>(suite: HashSuite, operations: &[Operation<O>]) -> Hash {
    suite.hash(OPERATIONS_DOMAIN, &canonical(operations))
}

/// Reads operations that are no proposals: a proposal within a proposal could be nested for ever.
fn without_proposals<O: BorshDeserialize, R: std::io::Read>(
    reader: &mut R,
) -> std::io::Result<Vec<Operation<O>>> {
    /// The same bytes, without the third variant.
    #[derive(BorshDeserialize)]
    #[borsh(use_discriminant = true)]
    #[expect(clippy::large_enum_variant, reason = "as in `Operation`")]
    #[repr(u8)]
    enum Proposable<O> {
        Ledger(LedgerOperation) = 0,
        Rules(O) = 1,
    }
    let operations = Vec::<Proposable<O>>::deserialize_reader(reader)?;
    let read = operations.into_iter().map(|operation| match operation {
        Proposable::Ledger(operation) => Operation::Ledger(operation),
        Proposable::Rules(operation) => Operation::Rules(operation),
    });
    Ok(read.collect())
}

impl<O> ProposalOperation<O> {
    /// Every kind there is. No policy names them: what they do is governed by the operations proposed.
    pub const KINDS: &'static [&'static str] = &["propose", "approve_proposal", "withdraw_proposal"];

    /// Which kind it is: the value of `type` in its JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            ProposalOperation::Propose { .. } => "propose",
            ProposalOperation::ApproveProposal { .. } => "approve_proposal",
            ProposalOperation::WithdrawProposal { .. } => "withdraw_proposal",
        }
    }
}

impl<O: Record + Governed> ProposalOperation<O> {
    pub(crate) fn apply<R: Rules<Operation = O>>(
        &self,
        rules: &R,
        context: &mut Context<'_, R::Event>,
    ) -> Result<(), Error> {
        match self {
            ProposalOperation::Propose { proposal, operations, expires_at } => {
                let proposed = propose(context, proposal, operations, *expires_at)?;
                advance(rules, context, proposed)
            }
            ProposalOperation::ApproveProposal { proposal, operations_hash } => {
                let approved = open::<O, _>(context, proposal)?.approve(context, *operations_hash)?;
                context.emit_ledger(LedgerEvent::ProposalApproved {
                    proposal: proposal.clone(),
                    keys: u16::try_from(approved.approvals.len()).unwrap_or(u16::MAX),
                });
                advance(rules, context, approved)
            }
            ProposalOperation::WithdrawProposal { proposal } => {
                let mut withdrawn = open::<O, _>(context, proposal)?;
                withdrawn.state = ProposalState::Withdrawn { at: context.now() };
                context.put(proposal, &withdrawn);
                context.emit_ledger(LedgerEvent::ProposalWithdrawn { proposal: proposal.clone() });
                Ok(())
            }
        }
    }
}

fn propose<O: Record, E: Record>(
    context: &mut Context<'_, E>,
    id: &ProposalId,
    operations: &[Operation<O>],
    expires_at: Timestamp,
) -> Result<PartyProposal<O>, Error> {
    check_yours(context, id)?;
    if find::<O, E>(context, id)?.is_some() {
        return Err(PROPOSAL_EXISTS.error().with("proposal", id));
    }
    let (count, limit) = (operations.len(), MAX_OPERATIONS);
    if count == 0 || count > limit {
        return Err(PROPOSAL_OPERATIONS.error().with("count", count).with("limit", limit));
    }
    let bytes = borsh::object_length(operations).unwrap_or(usize::MAX);
    if bytes > MAX_PROPOSAL_BYTES {
        return Err(PROPOSAL_TOO_LARGE.error().with("bytes", bytes).with("limit", MAX_PROPOSAL_BYTES));
    }
    let now = context.now();
    let latest = now.plus_millis(MAX_PROPOSAL_DAYS * 24 * 60 * 60 * 1_000);
    if expires_at <= now || latest.is_some_and(|latest| expires_at > latest) {
        return Err(PROPOSAL_EXPIRY_INVALID
            .error()
            .with("expires_at", expires_at)
            .with("limit", MAX_PROPOSAL_DAYS)
            .with("time", now));
    }
    let operations_hash = operations_hash(context.suite(), operations);
    context.emit_ledger(LedgerEvent::OperationsProposed {
        proposal: id.clone(),
        operations: u16::try_from(count).unwrap_or(u16::MAX),
        operations_hash,
        expires_at,
        keys: u16::try_from(context.keys.len()).unwrap_or(u16::MAX),
    });
    Ok(PartyProposal {
        id: id.clone(),
        operations: operations.to_vec(),
        operations_hash,
        proposed_at: now,
        expires_at,
        approvals: approvals(context, &[]),
        state: ProposalState::Open,
    })
}

/// A proposal, if there is one. A small transaction may not set off more work than the largest.
fn find<O: Record, E: Record>(
    context: &mut Context<'_, E>,
    id: &ProposalId,
) -> Result<Option<PartyProposal<O>>, Error> {
    let found = context.get::<PartyProposal<O>>(id)?;
    let bytes = found.as_ref().map_or(0, |found| borsh::object_length(found).unwrap_or(usize::MAX));
    context.proposal_bytes = context.proposal_bytes.saturating_add(bytes);
    if context.proposal_bytes > MAX_TRANSACTION_BYTES {
        return Err(PROPOSAL_TOO_MANY.error().with("proposal", id).with("limit", MAX_TRANSACTION_BYTES));
    }
    Ok(found)
}

/// A proposal of the author's that can still be approved.
fn open<O: Record, E: Record>(
    context: &mut Context<'_, E>,
    id: &ProposalId,
) -> Result<PartyProposal<O>, Error> {
    check_yours(context, id)?;
    let proposal = find(context, id)?.ok_or_else(|| PROPOSAL_UNKNOWN.error().with("proposal", id))?;
    let state = match proposal.state {
        ProposalState::Open if proposal.has_expired(context.now()) => {
            return Err(PROPOSAL_EXPIRED
                .error()
                .with("proposal", id)
                .with("expires_at", proposal.expires_at));
        }
        ProposalState::Open => return Ok(proposal),
        ProposalState::Executed { .. } => "executed",
        ProposalState::Withdrawn { .. } => "withdrawn",
    };
    Err(PROPOSAL_CLOSED.error().with("proposal", id).with("state", state))
}

/// Keeps a proposal, and carries its operations out if the keys that approved it and still count suffice.
fn advance<R: Rules>(
    rules: &R,
    context: &mut Context<'_, R::Event>,
    mut proposal: PartyProposal<R::Operation>,
) -> Result<(), Error> {
    let party = context.party(context.author())?;
    let signers: Vec<_> = proposal
        .approvals
        .iter()
        .filter_map(|approval| party.key_at(&approval.key, context.height()).ok())
        .collect();
    let policy = context.get::<Policy>(&party.id)?;
    let suffices = policy.map_or(Ok(()), |policy| policy.check(&signers, &proposal.operations));
    match suffices {
        Ok(()) => {}
        Err(error) if error.code() == POLICY_UNSATISFIED.code => {
            context.put(&proposal.id, &proposal);
            return Ok(());
        }
        Err(error) => return Err(error),
    }
    for (index, operation) in proposal.operations.iter().enumerate() {
        operation
            .apply(rules, context)
            .map_err(|error| error.with("proposal", &proposal.id).with("proposed_operation", index))?;
    }
    proposal.state = ProposalState::Executed { transaction: context.transaction(), at: context.now() };
    context.put(&proposal.id, &proposal);
    context.emit_ledger(LedgerEvent::ProposalExecuted { proposal: proposal.id });
    Ok(())
}

impl<O> PartyProposal<O> {
    /// The number of the order by expiry, in milliseconds since 1970.
    pub const BY_EXPIRY: u8 = 0;
    /// The number of the order by the time of proposal, in milliseconds since 1970.
    pub const BY_PROPOSAL: u8 = 1;

    /// Whether it can no longer be approved.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now > self.expires_at
    }

    /// The proposal with the approvals of those keys of the transaction that had not approved it yet.
    fn approve<E: Record>(mut self, context: &Context<'_, E>, operations_hash: Hash) -> Result<Self, Error> {
        if operations_hash != self.operations_hash {
            return Err(PROPOSAL_OTHER_OPERATIONS
                .error()
                .with("proposal", &self.id)
                .with("given", operations_hash)
                .with("proposed", self.operations_hash));
        }
        let further = approvals(context, &self.approvals);
        if further.is_empty() {
            return Err(PROPOSAL_ALREADY_APPROVED.error().with("proposal", &self.id));
        }
        self.approvals.extend(further);
        Ok(self)
    }
}

/// The approvals of the transaction's keys that are not there already.
fn approvals<E>(context: &Context<'_, E>, already: &[ProposalApproval]) -> Vec<ProposalApproval> {
    let height = context.block.height;
    let further = context.keys.iter().filter(|key| already.iter().all(|approval| approval.key != **key));
    further.map(|key| ProposalApproval { key: *key, height }).collect()
}

fn check_yours<E: Record>(context: &Context<'_, E>, id: &ProposalId) -> Result<(), Error> {
    if id.party() == context.author() {
        return Ok(());
    }
    Err(PROPOSAL_NOT_YOURS.error().with("proposal", id).with("party", context.author()))
}
