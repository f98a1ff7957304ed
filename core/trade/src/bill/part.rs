//! A part of a bill: some of its units, who holds them, and whom the holder can claim them from.

use allonge_finance::{Date, Money, PartyId, Timestamp};
use allonge_ledger::{AccountId, Error, Findings, Stored};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use super::condition::is_between_the_right_parties;
use super::drawn::Bill;
use super::offer::{BillAct, BillOffer, Guaranteed, Repurchase};
use super::recourse::{RecourseNotice, Settlement};
use crate::deadline::Deadline;
use crate::identifier::BillPartId;
use crate::next_step::{NextStep, NextSteps};
use crate::position::Nature;
use crate::registry::{
    BILL_ENCUMBERED, BILL_INDIVISIBLE, BILL_NO_REPURCHASE, BILL_NOT_BANK, BILL_NOT_OFFERED,
    BILL_NOT_RESTRICTED, BILL_NOT_TRANSFERABLE, BILL_REPURCHASE, BILL_REPURCHASE_DAY,
};
use crate::units::Units;

/// Transfers of one part at most.
pub const MAX_TRANSFERS: usize = 64;
/// Avals on one part at most.
pub const MAX_AVALS: usize = 16;
/// Characters of a reason, of a condition, and of a court and its order, at most.
pub const MAX_BILL_TEXT_LENGTH: usize = 140;

/// Some units of an accepted bill.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BillPart {
    /// Which units of which bill.
    pub id: BillPartId,
    /// What became of it.
    pub state: PartState,
    /// Whether it may be passed on.
    pub circulation: Circulation,
    /// Who holds it.
    pub holder: PartyId,
    /// Who accepted the bill.
    pub acceptor: PartyId,
    /// Its sum: one minor unit for each of its units.
    pub amount: Money,
    /// The day on which the bill is to be paid, as it says.
    pub maturity: Date,
    /// Whether it may be divided.
    pub divisible: bool,
    /// How it came to its holder, from the drawer on, in an unbroken chain. Negotiable Instruments Law art. 31.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transfers: Vec<BillTransfer>,
    /// Who stands for whom on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub avals: Vec<Aval>,
    /// What is offered of it, of units that do not overlap.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<BillOffer>,
    /// What keeps its holder from passing it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encumbrance: Option<BillEncumbrance>,
    /// The court's order by which nothing of it moves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frozen: Option<BillFreeze>,
    /// Whom its holder had recourse against.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<RecourseNotice>,
    /// When the bill was accepted, or divided into this.
    pub created_at: Timestamp,
}

impl Stored for BillPart {
    type Id = BillPartId;
    const KIND: u8 = 0x61;
}

/// What became of a part.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum PartState {
    /// Its holder has it.
    Held = 0,
    /// It is presented for payment, and the acceptor answers.
    Presented {
        /// Who is to be paid, and where.
        account: AccountId,
        /// Whether it came after the time for it, so that endorsers are free.
        late: bool,
        /// By when the acceptor answers.
        deadline: Deadline,
        /// When it was presented.
        at: Timestamp,
    } = 1,
    /// It was not paid, and recourse is open.
    Dishonoured {
        /// Why, in the words of whoever said so.
        reason: String,
        /// Whether it was presented after the time for it, so that endorsers are free.
        late: bool,
        /// The day, at the place of payment.
        on: Date,
        /// The last settlement by which somebody that was liable took the holder's place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        settlement: Option<Settlement>,
    } = 2,
    /// The acceptor paid it, and nobody is liable any more.
    Paid {
        /// The account that was paid.
        to: AccountId,
        /// When.
        at: Timestamp,
    } = 3,
    /// Parts took its place.
    Divided {
        /// Which, in the order of their units.
        into: Vec<BillPartId>,
        /// When.
        at: Timestamp,
    } = 4,
    /// Its drawer cancelled the bill before it was delivered.
    Cancelled {
        /// When.
        at: Timestamp,
    } = 5,
}

/// Whether a part may be passed on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Circulation {
    /// It may.
    Transferable = 0,
    /// It may not, since the drawer or an endorser wrote so. Negotiable Instruments Law art. 27, 34.
    NotTransferable {
        /// Who wrote it, and can revoke it.
        by: PartyId,
    } = 1,
}

/// How a part passed from one holder to the next. Whoever signed it away is liable to those after it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BillTransfer {
    /// Who passed it on.
    pub by: PartyId,
    /// To whom.
    pub to: PartyId,
    /// By which act.
    pub kind: TransferKind,
    /// When.
    pub at: Timestamp,
}

/// By which act a part passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum TransferKind {
    /// The drawer delivered the bill to its payee.
    Delivery = 0,
    /// It was endorsed.
    Endorsement = 1,
    /// A bank discounted it.
    Discount = 2,
    /// A bank bought it of a bank.
    Rediscount = 3,
}

/// Somebody that stands for what another owes on a part.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Aval {
    /// Who.
    pub guarantor: PartyId,
    /// For whom.
    pub stands_for: Guaranteed,
    /// When it signed.
    pub at: Timestamp,
}

/// What keeps a holder from passing a part on.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum BillEncumbrance {
    /// It is pledged: the pledgee presents it, and is paid.
    Pledged {
        /// To whom.
        to: PartyId,
        /// What it secures.
        secures: String,
    } = 0,
    /// It was sold, and its seller takes it back.
    Repurchased {
        /// Who.
        by: PartyId,
        /// On which day, at which price.
        leg: Repurchase,
        /// Where the price goes.
        account: AccountId,
    } = 1,
}

/// A court's order on a part. Bills art. 6.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BillFreeze {
    /// Which court.
    pub court: String,
    /// The number of its order.
    pub order: String,
    /// When the acceptor entered it.
    pub at: Timestamp,
}

/// Somebody from whom the holder of a part can claim it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Liable {
    /// Who.
    pub party: PartyId,
    /// The acceptor owes it; the others will if it is not paid.
    pub nature: Nature,
    /// Beside whom it stands in the order of liability.
    pub rank: Rank,
    /// How many transfers still stand behind it once it has paid and taken the holder's place.
    pub(crate) behind: usize,
}

/// The order of liability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// The acceptor, and whoever stands for it.
    Acceptor,
    /// The drawer, and whoever stands for it.
    Drawer,
    /// An endorser, and whoever stands for it.
    Endorser,
}

/// A part out of which some units were cut.
pub(crate) struct Cut {
    /// The units that were asked for.
    pub piece: BillPart,
    /// Those before and behind them.
    pub rest: Vec<BillPart>,
    /// What it was, where anything is left of it.
    pub divided: Option<BillPart>,
}

impl BillPart {
    /// Whether anybody is still liable on it.
    pub fn is_live(&self) -> bool {
        matches!(self.state, PartState::Held | PartState::Presented { .. } | PartState::Dishonoured { .. })
    }

    /// Who collects it: the pledgee, or else its holder.
    pub fn collector(&self) -> &PartyId {
        match &self.encumbrance {
            Some(BillEncumbrance::Pledged { to, .. }) => to,
            _ => &self.holder,
        }
    }

    /// Who is liable to its holder, each once, the acceptor first. Negotiable Instruments Law art. 44, 50, 61, 68.
    ///
    /// A holder that signed before is its own predecessor, so those who signed after it are not liable to it (art. 69). Where it
    /// was presented late, endorsers are free.
    pub fn liable(&self) -> Vec<Liable> {
        let late = match self.state {
            PartState::Held => false,
            PartState::Presented { late, .. } | PartState::Dishonoured { late, .. } => late,
            _ => return Vec::new(),
        };
        // What comes back to the acceptor is owed by nobody.
        if self.holder == self.acceptor {
            return Vec::new();
        }
        let mut liable = vec![Liable {
            party: self.acceptor.clone(),
            nature: Nature::Definite,
            rank: Rank::Acceptor,
            behind: 0,
        }];
        liable.extend(self.avals_for(&Guaranteed::Acceptor, Rank::Acceptor, 0));
        let before = self.transfers.iter().take_while(|transfer| transfer.by != self.holder);
        for (place, transfer) in before.enumerate() {
            let rank = if place == 0 { Rank::Drawer } else { Rank::Endorser };
            if late && rank == Rank::Endorser {
                break;
            }
            liable.push(Liable {
                party: transfer.by.clone(),
                nature: Nature::Contingent,
                rank,
                behind: place,
            });
            let stands_for = Guaranteed::Holder { party: transfer.by.clone() };
            liable.extend(self.avals_for(&stands_for, rank, place.saturating_add(1)));
        }
        let mut once: Vec<Liable> = Vec::new();
        for party in liable {
            if party.party != self.holder && !once.iter().any(|known| known.party == party.party) {
                once.push(party);
            }
        }
        once
    }

    fn avals_for(&self, stands_for: &Guaranteed, rank: Rank, behind: usize) -> Vec<Liable> {
        let avals = self.avals.iter().filter(|aval| aval.stands_for == *stands_for);
        let liable = avals.map(|aval| Liable {
            party: aval.guarantor.clone(),
            nature: Nature::Contingent,
            rank,
            behind,
        });
        liable.collect()
    }

    /// Somebody offers an act on some of its units. `today` is the day at the place of payment.
    pub(crate) fn offer(
        mut self,
        offer: BillOffer,
        bill: &Bill,
        today: Date,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        self.offers.retain(|standing| standing.stands(now));
        self.check_moves(findings)?;
        self.check_author(&offer, findings)?;
        findings.judge(&BILL_ENCUMBERED, self.is_free(offer.units, &offer.act, now))?;
        let whole = offer.units == self.id.units();
        let judged =
            BILL_INDIVISIBLE.unless(whole || self.divisible, |refusal| refusal.with("part", &self.id));
        findings.judge(&BILL_INDIVISIBLE, judged)?;
        if offer.act.circulates() {
            findings.judge(&BILL_NOT_TRANSFERABLE, self.is_transferable())?;
        }
        self.check_time(&offer, bill, today, findings)?;
        findings.judge(&BILL_NOT_BANK, is_between_the_right_parties(&offer))?;
        if let BillAct::Rediscount { repurchase: Some(leg), .. } = &offer.act {
            findings.judge(&BILL_REPURCHASE, self.is_repurchased_in_time(leg, bill, today))?;
        }
        self.check_room(findings)?;
        self.offers.push(offer);
        self.offers.sort_by_key(|offer| offer.units);
        Ok(self)
    }

    /// The party to whom some units are offered signs. What was offered, and the part out of which they are cut.
    pub(crate) fn sign(
        mut self,
        units: Units,
        author: &PartyId,
        bill: &Bill,
        today: Date,
        now: Timestamp,
        findings: &mut Findings,
    ) -> Result<(BillOffer, Cut), Error> {
        self.offers.retain(|standing| standing.stands(now));
        self.check_moves(findings)?;
        let offer = self.take_offer(units, |offer| offer.to == *author);
        let offer = offer.ok_or_else(|| self.not_offered(units, author));
        let offer = findings.judge(&BILL_NOT_OFFERED, offer)?;
        self.check_time(&offer, bill, today, findings)?;
        if offer.act.circulates() {
            findings.judge(&BILL_NOT_TRANSFERABLE, self.is_transferable())?;
        }
        self.check_room(findings)?;
        Ok((offer, self.cut(units, now)?))
    }

    /// What was offered takes effect. `account` is where a buyer is paid again.
    pub(crate) fn take(mut self, offer: &BillOffer, account: Option<&AccountId>, now: Timestamp) -> Self {
        let (by, to) = (offer.by.clone(), offer.to.clone());
        match &offer.act {
            BillAct::Pledge { secures } => {
                self.encumbrance = Some(BillEncumbrance::Pledged { to, secures: secures.clone() });
                return self;
            }
            BillAct::ReleasePledge => {
                self.encumbrance = None;
                return self;
            }
            BillAct::GiveAval { stands_for } => {
                self.avals.push(Aval { guarantor: to, stands_for: stands_for.clone(), at: now });
                return self;
            }
            BillAct::Deliver
            | BillAct::Endorse { .. }
            | BillAct::Discount { .. }
            | BillAct::Rediscount { .. } => {}
        }
        if let BillAct::Endorse { transferable: false } | BillAct::Discount { transferable: false, .. } =
            offer.act
        {
            self.circulation = Circulation::NotTransferable { by: by.clone() };
        }
        if let (BillAct::Rediscount { repurchase: Some(leg), .. }, Some(account)) = (&offer.act, account) {
            self.encumbrance =
                Some(BillEncumbrance::Repurchased { by: by.clone(), leg: *leg, account: account.clone() });
        }
        self.holder = to.clone();
        if let Some(kind) = offer.act.transfer() {
            self.transfers.push(BillTransfer { by, to, kind, at: now });
        }
        self
    }

    /// The party to whom some units are offered rejects them.
    pub(crate) fn reject(
        mut self,
        units: Units,
        author: &PartyId,
        findings: &mut Findings,
    ) -> Result<(Self, BillOffer), Error> {
        let offer = self.take_offer(units, |offer| offer.to == *author);
        let offer = offer.ok_or_else(|| self.not_offered(units, author));
        let offer = findings.judge(&BILL_NOT_OFFERED, offer)?;
        Ok((self, offer))
    }

    /// Whoever offered takes the offer back.
    pub(crate) fn withdraw(
        mut self,
        units: Units,
        author: &PartyId,
        findings: &mut Findings,
    ) -> Result<(Self, BillOffer), Error> {
        let offer = self.take_offer(units, |offer| offer.by == *author);
        let offer = offer.ok_or_else(|| self.not_offered(units, author));
        let offer = findings.judge(&BILL_NOT_OFFERED, offer)?;
        Ok((self, offer))
    }

    fn take_offer(&mut self, units: Units, fits: impl Fn(&BillOffer) -> bool) -> Option<BillOffer> {
        let place = self.offers.iter().position(|offer| offer.units == units && fits(offer))?;
        Some(self.offers.remove(place))
    }

    fn not_offered(&self, units: Units, party: &PartyId) -> Error {
        BILL_NOT_OFFERED.error().with("part", &self.id).with("units", units).with("party", party)
    }

    /// Its drawer cancels the bill before it is delivered.
    pub(crate) fn cancel(mut self, now: Timestamp, findings: &mut Findings) -> Result<Self, Error> {
        self.check_moves(findings)?;
        self.state = PartState::Cancelled { at: now };
        self.offers.clear();
        Ok(self)
    }

    /// Whoever wrote that it may not be passed on revokes it.
    pub(crate) fn revoke_restriction(
        mut self,
        author: &PartyId,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let wrote = matches!(&self.circulation, Circulation::NotTransferable { by } if by == author);
        let judged = BILL_NOT_RESTRICTED
            .unless(wrote && self.is_live(), |refusal| refusal.with("part", &self.id).with("party", author));
        findings.judge(&BILL_NOT_RESTRICTED, judged)?;
        self.circulation = Circulation::Transferable;
        Ok(self)
    }

    /// Its seller takes it back, from the agreed day on, at the agreed price. Bills art. 4.
    pub(crate) fn repurchase(
        mut self,
        author: &PartyId,
        today: Date,
        findings: &mut Findings,
    ) -> Result<(Self, Repurchase, AccountId), Error> {
        self.check_moves(findings)?;
        let sold = match self.encumbrance.take() {
            Some(BillEncumbrance::Repurchased { by, leg, account }) if by == *author => Ok((leg, account)),
            _ => Err(BILL_NO_REPURCHASE.error().with("part", &self.id).with("party", author)),
        };
        let (leg, account) = findings.judge(&BILL_NO_REPURCHASE, sold)?;
        let judged = BILL_REPURCHASE_DAY
            .unless(today >= leg.on, |refusal| refusal.with("part", &self.id).with("on", leg.on));
        findings.judge(&BILL_REPURCHASE_DAY, judged)?;
        // The sale is undone: its buyer signed nothing away, and its seller is the holder that it was.
        self.transfers.pop();
        self.offers.clear();
        self.holder = author.clone();
        Ok((self, leg, account))
    }

    /// Its buyer keeps it, since its seller did not take it back on the agreed day. Bills art. 4.
    pub(crate) fn close_out(
        mut self,
        author: &PartyId,
        today: Date,
        findings: &mut Findings,
    ) -> Result<(Self, PartyId), Error> {
        let sold = match self.encumbrance.take() {
            Some(BillEncumbrance::Repurchased { by, leg, .. }) if self.holder == *author => Ok((by, leg)),
            _ => Err(BILL_NO_REPURCHASE.error().with("part", &self.id).with("party", author)),
        };
        let (seller, leg) = findings.judge(&BILL_NO_REPURCHASE, sold)?;
        let judged = BILL_REPURCHASE_DAY
            .unless(today > leg.on, |refusal| refusal.with("part", &self.id).with("on", leg.on));
        findings.judge(&BILL_REPURCHASE_DAY, judged)?;
        Ok((self, seller))
    }
}

impl NextSteps for BillPart {
    fn next_steps(&self, party: &PartyId, now: Timestamp) -> Vec<NextStep> {
        let mut steps = Vec::new();
        if !self.is_live() {
            return steps;
        }
        for offer in self.offers.iter().filter(|offer| offer.stands(now) && self.frozen.is_none()) {
            if offer.to == *party {
                steps.push(NextStep::until("sign_bill", offer.expires_at));
                steps.push(NextStep::until("reject_bill", offer.expires_at));
            }
            if offer.by == *party {
                steps.push(NextStep::until("withdraw_bill_offer", offer.expires_at));
            }
        }
        match &self.state {
            PartState::Held => {
                let offers = *party == self.holder || party == self.collector();
                if offers && self.frozen.is_none() {
                    steps.push(NextStep::any_time("offer_bill"));
                }
                match &self.encumbrance {
                    Some(BillEncumbrance::Repurchased { by, leg, .. }) if by == party => {
                        steps.push(NextStep { date: Some(leg.on), ..NextStep::any_time("repurchase_bill") });
                    }
                    Some(BillEncumbrance::Repurchased { leg, .. }) if self.holder == *party => {
                        steps.push(NextStep {
                            date: Some(leg.on),
                            ..NextStep::any_time("close_out_repurchase")
                        });
                    }
                    _ => {}
                }
                if party == self.collector() {
                    let present = NextStep::any_time("present_bill_for_payment");
                    steps.push(NextStep { date: Some(self.maturity), ..present });
                }
                if *party == self.acceptor {
                    steps.push(NextStep { date: Some(self.maturity), ..NextStep::any_time("pay_bill") });
                }
            }
            PartState::Presented { deadline, .. } => {
                let over = matches!(deadline, Deadline::Fixed { at, .. } if now > *at);
                if *party == self.acceptor {
                    steps.push(NextStep::by("pay_bill", deadline));
                    steps.push(NextStep::by("dishonour_bill", deadline));
                } else if party == self.collector() && over {
                    steps.push(NextStep::any_time("dishonour_bill"));
                }
            }
            PartState::Dishonoured { .. } => {
                if party == self.collector() {
                    steps.push(NextStep::any_time("give_recourse_notice"));
                }
                if self.notices.iter().any(|notice| notice.against == *party) {
                    steps.push(NextStep::any_time("settle_recourse"));
                }
            }
            _ => {}
        }
        if matches!(&self.circulation, Circulation::NotTransferable { by } if by == party) {
            steps.push(NextStep::any_time("revoke_non_transferable"));
        }
        if *party == self.acceptor {
            let freeze = if self.frozen.is_some() { "release_bill_freeze" } else { "freeze_bill" };
            steps.push(NextStep::any_time(freeze));
        }
        steps
    }
}
