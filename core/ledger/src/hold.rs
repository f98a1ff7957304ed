//! Holds: money reserved now, moved or let go later.
//!
//! A payer places a hold, and another party may post it, in whole or in part, until it expires; then only
//! letting go is left. One that is against a payment moves both amounts or none. One without a poster is
//! posted by the rules of the business alone, together with what is delivered for it.

use allonge_finance::{Money, PartyId, Timestamp};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::account::{AccountId, add, subtract};
use crate::error::Error;
use crate::identifier::numbered_id;
use crate::index::{IndexTerms, Indexed};
use crate::operation::LedgerEvent;
use crate::registry::{
    HOLD_CLOSED, HOLD_EXCEEDED, HOLD_EXISTS, HOLD_EXPIRED, HOLD_EXPIRY_INVALID, HOLD_NOT_EXPIRED,
    HOLD_NOT_YOURS, HOLD_ONLY_WHOLE, HOLD_PAY_FROM, HOLD_UNKNOWN,
};
use crate::rules::{Context, Leg, Record, check_ends};
use crate::state::Stored;

/// The number of a hold has at most this many characters, as references of ISO 20022 do.
pub const MAX_HOLD_NUMBER: usize = 35;
/// A hold expires at most this many days after the time of its block.
pub const MAX_HOLD_DAYS: i64 = 366;

numbered_id! {
    /// A hold: who placed it, under which number. Written `SYNBCNBJXXX/PAY-7`.
    HoldId,
    /// The hold that `payer` numbered `number`.
    of
    /// The party whose money it reserves.
    payer,
    longest: MAX_HOLD_NUMBER,
    /// A text that names no hold.
    ParseHoldIdError = "write a hold as payer/number, the number in 1 to 35 characters of SWIFT's set x, no space \
                        or slash at either end, and no two slashes together: SYNBCNBJXXX/PAY-7",
    description: "A hold, written payer/number: SYNBCNBJXXX/PAY-7."
}

/// What must be paid in return when a hold is posted.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Against {
    /// The account that is paid.
    pub account: AccountId,
    /// How much, above zero.
    pub amount: Money,
}

/// What a payer binds itself to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldTerms {
    /// Which hold; its payer is the author.
    pub id: HoldId,
    /// The account that pays; the author owns it.
    pub from: AccountId,
    /// The account that is paid.
    pub to: AccountId,
    /// How much is reserved, above zero.
    pub amount: Money,
    /// The party that may post it; without one, only rules do.
    pub poster: Option<PartyId>,
    /// What is paid in return.
    pub against: Option<Against>,
    /// The last time at which it can be posted.
    pub expires_at: Timestamp,
    /// What for.
    pub reference: String,
}

/// A hold and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Hold {
    /// Which hold.
    pub id: HoldId,
    /// The account that pays.
    pub from: AccountId,
    /// The account that is paid.
    pub to: AccountId,
    /// How much was reserved at first.
    pub amount: Money,
    /// How much of it was paid.
    pub posted: Money,
    /// How much of it is still reserved: nothing, once the hold is no longer open.
    pub remaining: Money,
    /// The party that may post it; without one, only the rules that placed it do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<PartyId>,
    /// What is paid in return.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
    /// The last time at which it can be posted.
    pub expires_at: Timestamp,
    /// What has become of it.
    pub state: HoldState,
    /// What for.
    pub reference: String,
}

/// What has become of a hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum HoldState {
    /// It reserves what remains. Whether it has expired, the time says.
    Open = 0,
    /// All of it was paid.
    Posted = 1,
    /// What remained was let go in time.
    Voided = 2,
    /// What remained was let go after it had expired.
    Expired = 3,
}

impl Stored for Hold {
    type Id = HoldId;
    const KIND: u8 = 0x06;
}

impl Indexed for Hold {
    /// Its parties are the payer, the payee, the poster and who is paid in return; its order is by expiry.
    fn terms(&self) -> IndexTerms {
        let named = [Some(self.from.owner()), Some(self.to.owner()), self.poster.as_ref()];
        let in_return = self.against.as_ref().map(|against| against.account.owner());
        let orders = vec![Some(self.expires_at.millis())];
        let terms = IndexTerms { status: self.state as u8, orders, ..IndexTerms::default() };
        named.into_iter().chain([in_return]).flatten().fold(terms, |terms, party| terms.party(party, 1))
    }
}

impl Hold {
    /// The number of the order by expiry, in milliseconds since 1970.
    pub const BY_EXPIRY: u8 = 0;

    /// A new hold, of which nothing is posted.
    pub(crate) fn open(terms: HoldTerms) -> Hold {
        let HoldTerms { id, from, to, amount, poster, against, expires_at, reference } = terms;
        let (posted, remaining, state) = (Money::zero(amount.currency()), amount, HoldState::Open);
        Hold { id, from, to, amount, posted, remaining, poster, against, expires_at, state, reference }
    }

    /// Whether it can no longer be posted.
    pub fn has_expired(&self, now: Timestamp) -> bool {
        now > self.expires_at
    }

    /// The hold after `amount` of it was paid.
    pub(crate) fn post(mut self, amount: Money, now: Timestamp) -> Result<Hold, Error> {
        self.check_open()?;
        if self.has_expired(now) {
            return Err(HOLD_EXPIRED.error().with("hold", &self.id).with("expires_at", self.expires_at));
        }
        self.from.check_amount(amount)?;
        let refusal = if amount.minor_units() > self.remaining.minor_units() {
            Some(&HOLD_EXCEEDED)
        } else if self.against.is_some() && amount != self.remaining {
            Some(&HOLD_ONLY_WHOLE)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            return Err(refusal
                .error()
                .with("hold", &self.id)
                .with("remaining", self.remaining)
                .with("amount", amount));
        }
        self.posted = add(self.posted, amount)?;
        self.remaining = subtract(self.remaining, amount)?;
        if self.remaining.is_zero() {
            self.state = HoldState::Posted;
        }
        Ok(self)
    }

    /// The hold after what remains of it was let go.
    pub(crate) fn void(mut self, now: Timestamp) -> Result<Hold, Error> {
        self.check_open()?;
        self.state = if self.has_expired(now) { HoldState::Expired } else { HoldState::Voided };
        self.remaining = Money::zero(self.amount.currency());
        Ok(self)
    }

    /// Whether a party may post it by itself.
    pub(crate) fn check_poster(&self, party: &PartyId) -> Result<(), Error> {
        if self.poster.as_ref() == Some(party) {
            return Ok(());
        }
        Err(HOLD_NOT_YOURS.error().with("hold", &self.id).with("party", party))
    }

    /// Whether a party may void it by itself: its poster always, its payer once it has expired.
    pub(crate) fn check_voider(&self, party: &PartyId, now: Timestamp) -> Result<(), Error> {
        self.check_open()?;
        if party != self.id.payer() {
            return self.check_poster(party);
        }
        if self.has_expired(now) || self.poster.as_ref() == Some(party) {
            return Ok(());
        }
        Err(HOLD_NOT_EXPIRED.error().with("hold", &self.id).with("expires_at", self.expires_at))
    }

    fn check_open(&self) -> Result<(), Error> {
        let state = match self.state {
            HoldState::Open => return Ok(()),
            HoldState::Posted => "posted",
            HoldState::Voided => "voided",
            HoldState::Expired => "expired",
        };
        Err(HOLD_CLOSED.error().with("hold", &self.id).with("state", state))
    }
}

impl<E: Record> Context<'_, E> {
    /// A hold, in whatever state.
    pub fn hold(&self, id: &HoldId) -> Result<Hold, Error> {
        self.get::<Hold>(id)?.ok_or_else(|| HOLD_UNKNOWN.error().with("hold", id))
    }

    /// Reserves money of the author's for somebody else.
    ///
    /// Rules that leave the poster out are the only ones to post it: they remember which holds they placed,
    /// post those alone, and do so with the delivery that they pay for.
    ///
    /// Errors: `hold.*`, `account.*`, `amount.*`, `party.unknown`.
    pub fn hold_funds(&mut self, terms: HoldTerms) -> Result<(), Error> {
        self.check_terms(&terms)?;
        let payer = self.account(&terms.from)?.reserve(terms.amount)?;
        self.put(&terms.from, &payer);
        let hold = Hold::open(terms);
        self.put(&hold.id, &hold);
        let Hold { id, from, to, amount, poster, against, expires_at, reference, .. } = hold;
        self.emit_ledger(LedgerEvent::HoldPlaced {
            hold: id,
            from,
            to,
            amount,
            poster,
            against,
            expires_at,
            reference,
        });
        Ok(())
    }

    /// Pays what a hold reserves, or `amount` of it, and what it is against from `pay_from`: all or none.
    /// The author is its poster, unless it has none.
    ///
    /// Errors: `hold.*`, `account.*`, `amount.*`.
    pub fn post_hold(
        &mut self,
        id: &HoldId,
        amount: Option<Money>,
        pay_from: Option<&AccountId>,
    ) -> Result<(), Error> {
        let hold = self.hold(id)?;
        if hold.poster.is_some() {
            hold.check_poster(self.author())?;
        }
        self.post(hold, amount, pay_from)
    }

    /// Lets go what a hold still reserves. The author is its poster, or after it has expired its payer,
    /// unless it has no poster.
    ///
    /// Errors: `hold.*`.
    pub fn void_hold(&mut self, id: &HoldId) -> Result<(), Error> {
        let hold = self.hold(id)?;
        if hold.poster.is_some() {
            hold.check_voider(self.author(), self.now())?;
        }
        self.void(hold)
    }

    pub(crate) fn post(
        &mut self,
        hold: Hold,
        amount: Option<Money>,
        pay_from: Option<&AccountId>,
    ) -> Result<(), Error> {
        let amount = amount.unwrap_or(hold.remaining);
        let hold = hold.post(amount, self.now())?;
        let leg = Leg { from: &hold.from, to: &hold.to, amount, held: true };
        let in_return = match (&hold.against, pay_from) {
            (None, None) => None,
            (Some(Against { account, amount }), Some(from)) => {
                self.check_owner(from)?;
                Some(Leg { from, to: account, amount: *amount, held: false })
            }
            (against, _) => {
                let reason = if against.is_some() { "missing" } else { "not_asked_for" };
                return Err(HOLD_PAY_FROM.error().with("hold", &hold.id).with("reason", reason));
            }
        };
        let legs: Vec<_> = std::iter::once(leg).chain(in_return).collect();
        self.book(&legs, self.now().utc_date(), &hold.reference)?;
        self.put(&hold.id, &hold);
        self.emit_ledger(LedgerEvent::HoldPosted { hold: hold.id, amount, remaining: hold.remaining });
        Ok(())
    }

    pub(crate) fn void(&mut self, hold: Hold) -> Result<(), Error> {
        let amount = hold.remaining;
        let hold = hold.void(self.now())?;
        let payer = self.account(&hold.from)?.release(amount)?;
        self.put(&hold.from, &payer);
        self.put(&hold.id, &hold);
        let expired = hold.state == HoldState::Expired;
        self.emit_ledger(LedgerEvent::HoldVoided { hold: hold.id, amount, expired });
        Ok(())
    }

    fn check_terms(&self, terms: &HoldTerms) -> Result<(), Error> {
        let HoldTerms { id, from, to, amount, poster, against, expires_at, .. } = terms;
        if id.payer() != self.author() {
            return Err(HOLD_NOT_YOURS.error().with("hold", id).with("party", self.author()));
        }
        if self.get::<Hold>(id)?.is_some() {
            return Err(HOLD_EXISTS.error().with("hold", id));
        }
        self.check_owner(from)?;
        check_ends(from, to)?;
        self.account(to)?.id.check_amount(*amount)?;
        if let Some(poster) = poster {
            self.party(poster)?;
        }
        if let Some(Against { account, amount }) = against {
            self.account(account)?.id.check_amount(*amount)?;
        }
        let latest = self.now().plus_millis(MAX_HOLD_DAYS * 24 * 60 * 60 * 1_000);
        if *expires_at <= self.now() || latest.is_some_and(|latest| *expires_at > latest) {
            return Err(HOLD_EXPIRY_INVALID
                .error()
                .with("expires_at", expires_at)
                .with("limit", MAX_HOLD_DAYS)
                .with("time", self.now()));
        }
        Ok(())
    }
}
