//! Policies: which of a party's keys must sign what.
//!
//! A policy is a list of rules, and an operation needs the signatures of every rule that governs it. What no
//! rule governs needs one key of the party, whatever its roles. Three things keep a policy from being stepped
//! around:
//!
//! - a key fills one requirement of a rule only, so whoever holds two roles still needs a second person;
//! - an operation that moves an amount that it does not state counts as one of a larger amount than any;
//! - whoever adds a key or sets the policy could do anything, so unless a rule names `add_key` or `set_policy`,
//!   every rule governs it.
//!
//! The registrar sets nobody's policy. A party that lost the keys its policy asks for turns to the registrar for
//! new ones.

use std::collections::BTreeSet;

use allonge_finance::{Money, PartyId};
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

use crate::error::Error;
use crate::operation::{LedgerEvent, Operation};
use crate::party::{Party, PartyKey, Role};
use crate::proposal::ProposalOperation;
use crate::registry::{POLICY_INVALID, POLICY_UNSATISFIABLE, POLICY_UNSATISFIED};
use crate::rules::{Context, Record};
use crate::state::Stored;
use crate::transaction::MAX_APPROVALS;

/// A policy has at most this many rules.
pub const MAX_POLICY_RULES: usize = 64;

/// Those who may do these may do anything.
const CHANGES_WHO_MAY_SIGN: [&str; 2] = ["add_key", "set_policy"];

/// What a policy has to know of an operation.
pub trait Governed {
    /// Every kind there is: the values of `type` in the operations' JSON.
    const KINDS: &'static [&'static str];

    /// Which kind it is.
    fn kind(&self) -> &'static str;

    /// The amount that it is about.
    fn amount(&self) -> Amount;
}

/// The amount that an operation is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amount {
    /// It is about no amount.
    None,
    /// The amount that it states.
    Of(Money),
    /// The amounts that it states, each of its own currency. A rule governs them if it governs one of them.
    OfEach(Vec<Money>),
    /// One that stands elsewhere in the ledger. For a policy it is larger than any.
    Unstated,
}

/// A party's policy. Without rules, any key signs anything.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Policy {
    /// Whose policy.
    pub party: PartyId,
    /// Its rules, at most 64.
    pub rules: Vec<PolicyRule>,
}

/// What must be signed by whom.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyRule {
    /// The `type`s of the operations that it governs; without them, all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operations: Option<BTreeSet<String>>,
    /// With this, it governs only what is about at least this amount, in this currency.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_amount: Option<Money>,
    /// Who must sign, each role at most once. No key fills two of these.
    pub requires: Vec<Requirement>,
}

/// So many keys of a role must sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Requirement {
    /// Which role; without one, any key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// How many, from 1; those of a rule together at most 16.
    pub signatures: u8,
}

/// The signatures that a rule still lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lack {
    /// Of which role, in a word that stays: `maker`, `maker_or_checker`, `any`.
    role: String,
    signatures: usize,
}

impl Stored for Policy {
    type Id = PartyId;
    const KIND: u8 = 0x08;
}

impl Policy {
    /// Whether these keys suffice for all of these operations, as the signatures of a transaction.
    ///
    /// Errors: `policy.unsatisfied`, which names the first operation that lacks a signature.
    pub(crate) fn check<O: Governed>(
        &self,
        signers: &[&PartyKey],
        operations: &[Operation<O>],
    ) -> Result<(), Error> {
        // What a rule lacks does not depend on the operation.
        let lacking: Vec<(&PolicyRule, Lack)> =
            self.rules.iter().filter_map(|rule| Some((rule, rule.lack(signers)?))).collect();
        if lacking.is_empty() {
            return Ok(());
        }
        for (index, operation) in (0..).zip(operations) {
            let lack = match operation {
                Operation::Proposal(ProposalOperation::Propose { operations, .. }) => {
                    self.lacks_maker(signers, operations)
                }
                operation => subject(operation).and_then(|subject| {
                    let lack = lacking.iter().find(|(rule, _)| self.governs(rule, &subject));
                    lack.map(|(_, lack)| lack.clone())
                }),
            };
            if let Some(Lack { role, signatures }) = lack {
                return Err(POLICY_UNSATISFIED
                    .error()
                    .with("party", &self.party)
                    .with("kind", operation.kind())
                    .with("role", role)
                    .with("missing", signatures)
                    .at_operation(index));
            }
        }
        Ok(())
    }

    /// One key is enough to propose, but a maker's where operations ask for one.
    fn lacks_maker<O: Governed>(&self, signers: &[&PartyKey], operations: &[Operation<O>]) -> Option<Lack> {
        if signers.iter().any(|key| key.roles.contains(&Role::Maker)) {
            return None;
        }
        let makers: Vec<&PolicyRule> = self.rules.iter().filter(|rule| rule.asks_for(Role::Maker)).collect();
        operations
            .iter()
            .filter_map(subject)
            .any(|subject| makers.iter().any(|rule| self.governs(rule, &subject)))
            .then(|| Lack { role: Role::Maker.to_string(), signatures: 1 })
    }

    /// Whether one of its rules governs an operation.
    fn governs(&self, rule: &PolicyRule, (kind, amount): &Subject) -> bool {
        rule.governs(kind, amount)
            || (CHANGES_WHO_MAY_SIGN.contains(kind)
                && !self.rules.iter().any(|rule| rule.names(kind) && rule.governs(kind, amount)))
    }

    /// Whether it is one that the party can live with: within the limits, about kinds of operations that there
    /// are, and such that the keys that count at `height` or later can satisfy it.
    ///
    /// Errors: `policy.invalid`, `policy.unsatisfiable`.
    pub(crate) fn vet(&self, kinds: &[&[&str]], party: &Party, height: u64) -> Result<(), Error> {
        let invalid = |rule: usize, reason: &str| {
            POLICY_INVALID.error().with("party", &self.party).with("rule", rule).with("reason", reason)
        };
        if self.rules.len() > MAX_POLICY_RULES {
            return Err(invalid(MAX_POLICY_RULES, "more_than_64_rules"));
        }
        for (index, rule) in self.rules.iter().enumerate() {
            rule.fault(kinds).map_or(Ok(()), |reason| Err(invalid(index, reason)))?;
        }
        self.check_satisfiable(party, height)
    }

    /// Whether the party's keys that count at `height` or later can satisfy every rule.
    ///
    /// Errors: `policy.unsatisfiable`.
    pub(crate) fn check_satisfiable(&self, party: &Party, height: u64) -> Result<(), Error> {
        let keys: Vec<&PartyKey> = party.keys.iter().filter(|key| !key.is_over_at(height)).collect();
        for (index, rule) in self.rules.iter().enumerate() {
            if let Some(Lack { role, signatures }) = rule.lack(&keys) {
                return Err(POLICY_UNSATISFIABLE
                    .error()
                    .with("party", &self.party)
                    .with("rule", index)
                    .with("role", role)
                    .with("missing", signatures));
            }
        }
        Ok(())
    }
}

/// What rules judge an operation by: its kind and its amount.
type Subject = (&'static str, Amount);

fn subject<O: Governed>(operation: &Operation<O>) -> Option<Subject> {
    match operation {
        Operation::Ledger(operation) => Some((operation.kind(), operation.amount())),
        Operation::Rules(operation) => Some((operation.kind(), operation.amount())),
        // Approving is how signatures are gathered, and withdrawing changes nothing.
        Operation::Proposal(_) => None,
    }
}

impl PolicyRule {
    /// What keys must be added to these for the rule to be satisfied, each of them filling one requirement.
    ///
    /// By Hall's theorem that is so when any of the requirements together ask for no more keys than fill one of
    /// them. There are at most five of them, so all 31 combinations are looked at, the smallest first.
    fn lack(&self, signers: &[&PartyKey]) -> Option<Lack> {
        let mut combinations: Vec<u32> = (1..1 << self.requires.len()).collect();
        combinations.sort_by_key(|members| members.count_ones());
        combinations.into_iter().find_map(|members| {
            let group = || {
                (0..)
                    .zip(&self.requires)
                    .filter(move |(place, _)| members >> place & 1 == 1)
                    .map(|(_, one)| one)
            };
            let needed: usize = group().map(|one| usize::from(one.signatures)).sum();
            let found = signers.iter().filter(|key| group().any(|one| one.is_filled_by(key))).count();
            let missing = needed.checked_sub(found).filter(|missing| *missing > 0)?;
            let roles: Option<Vec<String>> =
                group().map(|one| one.role.map(|role| role.to_string())).collect();
            let role = roles.map_or_else(|| "any".to_owned(), |roles| roles.join("_or_"));
            Some(Lack { role, signatures: missing })
        })
    }

    fn governs(&self, kind: &str, amount: &Amount) -> bool {
        let reaches = |amount: &Money, from: Money| {
            amount.currency() == from.currency() && amount.minor_units() >= from.minor_units()
        };
        let about = match (self.from_amount, amount) {
            (None, _) | (Some(_), Amount::Unstated) => true,
            (Some(_), Amount::None) => false,
            (Some(from), Amount::Of(amount)) => reaches(amount, from),
            (Some(from), Amount::OfEach(amounts)) => amounts.iter().any(|amount| reaches(amount, from)),
        };
        about && (self.operations.is_none() || self.names(kind))
    }

    fn names(&self, kind: &str) -> bool {
        self.operations.as_ref().is_some_and(|kinds| kinds.contains(kind))
    }

    fn asks_for(&self, role: Role) -> bool {
        self.requires.iter().any(|one| one.role == Some(role))
    }

    /// What is wrong with it by itself.
    fn fault(&self, kinds: &[&[&str]]) -> Option<&'static str> {
        let named: Vec<&str> = self.operations.iter().flatten().map(String::as_str).collect();
        let mut roles = BTreeSet::new();
        let signatures: usize = self.requires.iter().map(|one| usize::from(one.signatures)).sum();
        if self.operations.is_some() && named.is_empty() {
            Some("no_operations")
        } else if named.iter().any(|kind| !kinds.iter().any(|known| known.contains(kind))) {
            Some("unknown_operation")
        } else if self.from_amount.is_some_and(|from| from.is_negative()) {
            Some("negative_amount")
        } else if self.requires.is_empty() || self.requires.iter().any(|one| one.signatures == 0) {
            Some("requires_nothing")
        } else if !self.requires.iter().all(|one| roles.insert(one.role)) {
            Some("role_twice")
        } else if signatures > MAX_APPROVALS {
            Some("more_than_16_signatures")
        } else {
            None
        }
    }
}

impl Requirement {
    fn is_filled_by(&self, key: &PartyKey) -> bool {
        self.role.is_none_or(|role| key.roles.contains(&role))
    }
}

/// Puts a policy of the author's in force, for all that comes after this transaction.
pub(crate) fn set_policy<E: Record>(
    context: &mut Context<'_, E>,
    kinds: &[&[&str]],
    rules: &[PolicyRule],
) -> Result<(), Error> {
    let party = context.party(context.author())?;
    let policy = Policy { party: party.id.clone(), rules: rules.to_vec() };
    policy.vet(kinds, &party, context.next_height())?;
    context.put(&party.id, &policy);
    context.emit_ledger(LedgerEvent::PolicySet { party: party.id });
    Ok(())
}

#[cfg(test)]
mod tests {
    use allonge_crypto::{Signer, SoftwareSigner};
    use proptest::prelude::*;

    use super::*;

    const ROLES: [Role; 4] = [Role::Maker, Role::Checker, Role::Releaser, Role::Administrator];

    fn key(number: u8, roles: BTreeSet<Role>) -> PartyKey {
        let key = SoftwareSigner::from_seed([number; 32]).public_key();
        PartyKey { roles, ..PartyKey::new(key, 1) }
    }

    fn rule(requires: &[(Option<Role>, u8)]) -> PolicyRule {
        let requires =
            requires.iter().map(|(role, signatures)| Requirement { role: *role, signatures: *signatures });
        PolicyRule { operations: None, from_amount: None, requires: requires.collect() }
    }

    fn lack(rule: &PolicyRule, keys: &[PartyKey]) -> Option<(String, usize)> {
        rule.lack(&keys.iter().collect::<Vec<_>>()).map(|lack| (lack.role, lack.signatures))
    }

    #[test]
    fn a_key_fills_one_requirement_only() {
        let both = || BTreeSet::from([Role::Maker, Role::Checker]);
        let four_eyes = rule(&[(Some(Role::Maker), 1), (Some(Role::Checker), 1)]);
        assert_eq!(lack(&four_eyes, &[]), Some(("maker".into(), 1)));
        assert_eq!(lack(&four_eyes, &[key(1, both())]), Some(("maker_or_checker".into(), 1)));
        assert_eq!(
            lack(&four_eyes, &[key(1, both()), key(2, BTreeSet::new())]),
            Some(("maker_or_checker".into(), 1))
        );
        // Taking the first key for the maker would leave the checker out.
        assert_eq!(lack(&four_eyes, &[key(1, both()), key(2, BTreeSet::from([Role::Maker]))]), None);
        let three = rule(&[(None, 2), (Some(Role::Releaser), 1)]);
        let releaser = BTreeSet::from([Role::Releaser]);
        assert_eq!(lack(&three, &[key(1, releaser.clone()), key(2, releaser)]), Some(("any".into(), 1)));
    }

    /// Whether there is some way to give each of these places a key of its own.
    fn can_be_filled(places: &[Option<Role>], keys: &[BTreeSet<Role>]) -> bool {
        let Some((place, others)) = places.split_first() else { return true };
        (0..keys.len()).any(|taken| {
            let fits = place.is_none_or(|role| keys[taken].contains(&role));
            let mut left = keys.to_vec();
            left.remove(taken);
            fits && can_be_filled(others, &left)
        })
    }

    fn roles() -> impl Strategy<Value = BTreeSet<Role>> {
        prop::collection::btree_set(prop::sample::select(&ROLES), 0..=4)
    }

    proptest! {
        #[test]
        fn keys_satisfy_a_rule_if_and_only_if_some_assignment_of_them_fills_it(
            requires in prop::collection::btree_map(prop::option::of(prop::sample::select(&ROLES)), 1_u8..=2, 1..=4),
            keys in prop::collection::vec(roles(), 0..=6),
        ) {
            let requires: Vec<_> = requires.into_iter().collect();
            let places: Vec<_> =
                requires.iter().flat_map(|(role, count)| vec![*role; usize::from(*count)]).collect();
            let held: Vec<_> = (0..).zip(&keys).map(|(number, roles)| key(number, roles.clone())).collect();
            prop_assert_eq!(lack(&rule(&requires), &held).is_none(), can_be_filled(&places, &keys));
        }

        #[test]
        fn what_a_rule_lacks_is_enough_to_satisfy_it(
            requires in prop::collection::btree_map(prop::option::of(prop::sample::select(&ROLES)), 1_u8..=3, 1..=5),
            keys in prop::collection::vec(roles(), 0..=6),
        ) {
            let rule = rule(&requires.into_iter().collect::<Vec<_>>());
            let mut held: Vec<_> = (0..).zip(keys).map(|(number, roles)| key(number, roles)).collect();
            // One key of every role for each signature said to be missing, again and again, comes to an end.
            for number in 100_u8.. {
                let Some((role, missing)) = lack(&rule, &held) else { break };
                prop_assert!(missing > 0 && number < 116, "{} of {}", missing, role);
                let named = ROLES.into_iter().filter(|one| role.split("_or_").any(|word| word == one.to_string()));
                held.push(key(number, named.collect()));
            }
        }
    }
}
