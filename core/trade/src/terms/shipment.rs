//! What a credit says about shipment (43P, 43T, 44A to 44F).

use allonge_finance::Date;
use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Deserialize, Serialize};

/// Whether something is permitted (43P, 43T).
#[derive(Clone, Copy, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Permission {
    /// It is.
    Allowed = 0,
    /// It is, on conditions that the credit states elsewhere; the examining bank judges them.
    Conditional = 1,
    /// It is not.
    NotAllowed = 2,
}

/// From where to where goods travel, each at most 140 characters.
#[derive(Clone, Debug, Default, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ShipmentPlaces {
    /// Where goods are taken in charge, dispatched from or received (44A).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taking_in_charge: Option<String>,
    /// The port of loading or airport of departure (44E).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port_of_loading: Option<String>,
    /// The port of discharge or airport of destination (44F).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub port_of_discharge: Option<String>,
    /// The final destination or place of delivery (44B).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub final_destination: Option<String>,
}

impl ShipmentPlaces {
    /// Whether no place is named.
    pub fn is_empty(&self) -> bool {
        *self == ShipmentPlaces::default()
    }
}

/// Until when, or in which period, goods are shipped: one of the two, never both.
#[derive(Clone, Debug, PartialEq, Eq, BorshSerialize, BorshDeserialize, Serialize, Deserialize)]
#[borsh(use_discriminant = true)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum LatestShipment {
    /// At the latest on a date (44C). It never moves to a banking day: UCP 600 art. 29(c).
    LatestDate {
        /// The date.
        date: Date,
    } = 0,
    /// In a period, in words (44D); the examining bank judges it.
    Period {
        /// 1 to 6 lines of 65.
        lines: Vec<String>,
    } = 1,
}
