//! The parties of a credit that need not be parties of the ledger.

use allonge_finance::PartyId;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// An applicant or a beneficiary, as a credit names it (50, 59).
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NamedParty {
    /// Its name and address, 1 to 4 lines of 35.
    pub name_and_address: Vec<String>,
    /// Its account, at most 34 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// Its identifier on this ledger, when it is a party here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<PartyId>,
}

/// A bank with a part in a credit, by identifier or by name. It need not be a party of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Bank {
    /// A bank with an identifier (option A of SWIFT's party fields).
    Identified {
        /// Its identifier.
        party: PartyId,
        /// The account to use, at most 34 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
    } = 0,
    /// A bank that is known by name only (options B and D).
    Named {
        /// Its name and address, 1 to 4 lines of 35.
        name_and_address: Vec<String>,
        /// The account to use, at most 34 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
    } = 1,
}
