//! What the transitions of a part ask: who acts, whether the units are free, and whether it is the time.

use allonge_finance::{Date, Money, PartyId, Timestamp};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{Error, Findings};

use super::drawn::{Bill, BillState};
use super::offer::{BillAct, BillOffer, Guaranteed, MAX_OFFERS, Repurchase};
use super::part::{BillEncumbrance, BillPart, Circulation, Cut, MAX_AVALS, MAX_TRANSFERS, PartState};
use super::terms::is_bank;
use crate::identifier::BillPartId;
use crate::registry::{
    BILL_ENCUMBERED, BILL_FROZEN, BILL_FULL, BILL_IN_PAYMENT, BILL_MATURED, BILL_NOT_BANK,
    BILL_NOT_DELIVERED, BILL_NOT_PAYEE, BILL_NOT_PLEDGED, BILL_NOT_TRANSFERABLE, BILL_NOT_YOURS, BILL_OVER,
    BILL_REPURCHASE, BILL_UNDER_WAY,
};
use crate::units::Units;

/// The rules that its transitions ask.
impl BillPart {
    /// The units, of these that it has; those before and behind them stay as they are.
    pub(crate) fn cut(self, units: Units, now: Timestamp) -> Result<Cut, Error> {
        if units == self.id.units() {
            return Ok(Cut { piece: self, rest: Vec::new(), divided: None });
        }
        let own = self.id.units();
        let before = Units::new(own.first(), units.first().saturating_sub(1)).ok();
        let behind = Units::new(units.last().saturating_add(1), own.last()).ok();
        let before = before.map(|units| self.piece(units, now)).transpose()?;
        let behind = behind.map(|units| self.piece(units, now)).transpose()?;
        let piece = self.piece(units, now)?;
        let into = before.iter().chain([&piece]).chain(behind.iter()).map(|part| part.id.clone()).collect();
        let divided = BillPart {
            state: PartState::Divided { into, at: now },
            offers: Vec::new(),
            encumbrance: None,
            notices: Vec::new(),
            ..self
        };
        Ok(Cut { piece, rest: before.into_iter().chain(behind).collect(), divided: Some(divided) })
    }

    fn piece(&self, units: Units, now: Timestamp) -> Result<BillPart, Error> {
        let offers = self.offers.iter().filter(|offer| units.contain(offer.units)).cloned().collect();
        let amount = self.amount_of(units)?;
        let id = BillPartId::new(self.id.bill().clone(), units);
        Ok(BillPart { id, amount, offers, created_at: now, ..self.clone() })
    }

    /// The sum of some units.
    pub(crate) fn amount_of(&self, units: Units) -> Result<Money, Error> {
        if units.count() == 0 {
            return Err(AMOUNT_OVERFLOW.error());
        }
        Ok(Money::from_minor_units(i128::from(units.count()), self.amount.currency()))
    }

    /// It is held, not in payment nor over, and no order stops it.
    pub(super) fn check_moves(&self, findings: &mut Findings) -> Result<(), Error> {
        findings.judge(&BILL_OVER, self.is_not_over())?;
        let held = self.state == PartState::Held;
        let judged = BILL_IN_PAYMENT.unless(held, |refusal| refusal.with("part", &self.id));
        findings.judge(&BILL_IN_PAYMENT, judged)?;
        findings.judge(&BILL_FROZEN, self.is_not_frozen())
    }

    pub(crate) fn is_not_over(&self) -> Result<(), Error> {
        BILL_OVER.unless(self.is_live(), |refusal| refusal.with("part", &self.id))
    }

    pub(crate) fn is_not_frozen(&self) -> Result<(), Error> {
        self.frozen.as_ref().map_or(Ok(()), |freeze| {
            let refusal = BILL_FROZEN.error().with("part", &self.id);
            Err(refusal.with("order", &freeze.order).with("court", &freeze.court))
        })
    }

    pub(crate) fn is_collected_by(&self, party: &PartyId) -> Result<(), Error> {
        BILL_NOT_YOURS.unless(party == self.collector(), |refusal| {
            refusal.with("part", &self.id).with("required", self.collector()).with("party", party)
        })
    }

    /// Who may offer what: the holder its part, the pledgee the release, and the acceptor or the holder may ask for an aval.
    pub(super) fn check_author(&self, offer: &BillOffer, findings: &mut Findings) -> Result<(), Error> {
        if let BillAct::ReleasePledge = offer.act {
            let pledged =
                matches!(&self.encumbrance, Some(BillEncumbrance::Pledged { to, .. }) if *to == offer.by);
            let judged = BILL_NOT_PLEDGED.unless(pledged && offer.to == self.holder, |refusal| {
                refusal.with("part", &self.id).with("party", &offer.by)
            });
            return findings.judge(&BILL_NOT_PLEDGED, judged);
        }
        let required = match &offer.act {
            BillAct::GiveAval { stands_for: Guaranteed::Acceptor } => &self.acceptor,
            _ => &self.holder,
        };
        let own = match &offer.act {
            BillAct::GiveAval { stands_for: Guaranteed::Holder { party } } => party == required,
            _ => true,
        };
        let judged = BILL_NOT_YOURS.unless(own && offer.by == *required, |refusal| {
            refusal.with("part", &self.id).with("required", required).with("party", &offer.by)
        });
        findings.judge(&BILL_NOT_YOURS, judged)
    }

    /// What is pledged, sold for a while or offered to one is not offered to another. Bills art. 3.
    pub(crate) fn is_free(&self, units: Units, act: &BillAct, now: Timestamp) -> Result<(), Error> {
        let (encumbrance, by) = match &self.encumbrance {
            Some(BillEncumbrance::Pledged { to, .. }) if !matches!(act, BillAct::ReleasePledge) => {
                ("pledged", to)
            }
            Some(BillEncumbrance::Repurchased { by, .. }) => ("repurchase", by),
            _ => {
                let mut standing = self.offers.iter().filter(|offer| offer.stands(now));
                let Some(offer) = standing.find(|offer| offer.units.overlap(units)) else { return Ok(()) };
                ("offered", &offer.to)
            }
        };
        let refusal = BILL_ENCUMBERED.error().with("part", &self.id).with("units", units);
        Err(refusal.with("encumbrance", encumbrance).with("party", by))
    }

    pub(super) fn is_transferable(&self) -> Result<(), Error> {
        let Circulation::NotTransferable { by } = &self.circulation else { return Ok(()) };
        Err(BILL_NOT_TRANSFERABLE.error().with("part", &self.id).with("party", by))
    }

    /// Each act has its time in the bill's life.
    pub(super) fn check_time(
        &self,
        offer: &BillOffer,
        bill: &Bill,
        today: Date,
        findings: &mut Findings,
    ) -> Result<(), Error> {
        let undelivered = matches!(bill.state, BillState::Accepted { .. });
        match &offer.act {
            BillAct::Deliver => {
                let whole = offer.units == self.id.units();
                let payee = &bill.open_terms().payee;
                let judged = BILL_NOT_PAYEE.unless(offer.to == *payee && undelivered && whole, |refusal| {
                    refusal.with("bill", &bill.id).with("required", payee).with("party", &offer.to)
                });
                findings.judge(&BILL_NOT_PAYEE, judged)?;
            }
            // Afterwards the acceptor would bind what is another's.
            BillAct::GiveAval { stands_for: Guaranteed::Acceptor } => {
                let judged = BILL_UNDER_WAY.unless(undelivered, |refusal| refusal.with("bill", &bill.id));
                findings.judge(&BILL_UNDER_WAY, judged)?;
            }
            BillAct::GiveAval { .. } => {}
            _ => {
                let judged =
                    BILL_NOT_DELIVERED.unless(!undelivered, |refusal| refusal.with("bill", &bill.id));
                findings.judge(&BILL_NOT_DELIVERED, judged)?;
            }
        }
        if offer.act.passes_rights() {
            let judged = BILL_MATURED.unless(today < bill.due_on(), |refusal| {
                refusal.with("bill", &bill.id).with("due", bill.due_on())
            });
            findings.judge(&BILL_MATURED, judged)?;
        }
        Ok(())
    }

    /// The seller holds it again before it is due. Bills art. 4.
    pub(super) fn is_repurchased_in_time(
        &self,
        leg: &Repurchase,
        bill: &Bill,
        today: Date,
    ) -> Result<(), Error> {
        let priced = leg.price.is_positive() && leg.price.currency() == self.amount.currency();
        let fits = priced && leg.on > today && leg.on < bill.due_on();
        BILL_REPURCHASE.unless(fits, |refusal| {
            refusal
                .with("part", &self.id)
                .with("on", leg.on)
                .with("due", bill.due_on())
                .with("price", leg.price)
        })
    }

    pub(super) fn check_room(&self, findings: &mut Findings) -> Result<(), Error> {
        let room = [
            ("transfers", self.transfers.len(), MAX_TRANSFERS),
            ("avals", self.avals.len(), MAX_AVALS),
            ("offers", self.offers.len(), MAX_OFFERS),
        ];
        let full = room.into_iter().find(|(_, count, most)| count >= most);
        let judged = full.map_or(Ok(()), |(what, _, limit)| {
            Err(BILL_FULL.error().with("part", &self.id).with("what", what).with("limit", limit))
        });
        findings.judge(&BILL_FULL, judged)
    }
}

/// Banks discount, and banks sell to banks.
pub(super) fn is_between_the_right_parties(offer: &BillOffer) -> Result<(), Error> {
    let (buyer, seller) = match &offer.act {
        BillAct::Discount { .. } => (true, false),
        BillAct::Rediscount { .. } => (true, true),
        _ => (false, false),
    };
    let not_bank = [(buyer, &offer.to), (seller, &offer.by)];
    let not_bank = not_bank.into_iter().find(|(required, party)| *required && !is_bank(party));
    not_bank.map_or(Ok(()), |(_, party)| Err(BILL_NOT_BANK.error().with("party", party)))
}
