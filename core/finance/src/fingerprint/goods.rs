//! Tier P3: what is sold, for copies of a document under another number.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::spelling::{description, number};
use super::{FingerprintInput, FingerprintInputError, MAX_FIELD_BYTES};
use crate::Money;

/// So many lines at most.
pub const MAX_LINE_ITEMS: usize = 1_000;

/// What is sold.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Goods {
    /// The lines of the document, in any order.
    pub lines: Vec<LineItem>,
    /// The number of the bill of lading under which they travel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bill_of_lading: Option<String>,
}

/// One line of a document.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineItem {
    /// What it is.
    pub description: String,
    /// How much of it, a plain decimal.
    pub quantity: String,
    /// In which unit, such as `KG`.
    pub unit: String,
    /// What the line comes to, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
}

impl Goods {
    /// The lines with their amounts; and, with a bill of lading, the goods and quantities that travel under it.
    pub(super) fn inputs(&self) -> Result<Vec<FingerprintInput>, FingerprintInputError> {
        if !(1..=MAX_LINE_ITEMS).contains(&self.lines.len()) {
            return Err(FingerprintInputError::Lines(self.lines.len()));
        }
        let lines = self.lines.iter().map(LineItem::written).collect::<Result<Vec<_>, _>>()?;
        let amounts = lines.iter().zip(&self.lines).map(|(written, line)| match line.amount {
            Some(amount) => written.clone().money(amount),
            None => written.clone(),
        });
        let mut inputs = vec![FingerprintInput::new("P3", "lines").bytes(&digest(amounts.collect()))];
        if let Some(bill_of_lading) = &self.bill_of_lading {
            let bill_of_lading = number("number of the bill of lading", bill_of_lading)?;
            let shipment = FingerprintInput::new("P3", "shipment");
            inputs.push(shipment.text(&bill_of_lading).bytes(&digest(lines)));
        }
        Ok(inputs)
    }
}

impl LineItem {
    fn written(&self) -> Result<FingerprintInput, FingerprintInputError> {
        Ok(FingerprintInput::new("P3", "line")
            .text(&description("description of a line", &self.description)?)
            .text(quantity("quantity of a line", &self.quantity)?)
            .text(&description("unit of a line", &self.unit)?))
    }
}

/// One hash of lines in any order, each as often as it stands there.
fn digest(mut lines: Vec<FingerprintInput>) -> [u8; 32] {
    lines.sort();
    let mut hasher = Sha256::new();
    for line in lines {
        hasher.update(FingerprintInput::new("P3", "set").bytes(line.as_bytes()));
    }
    hasher.finalize().into()
}

/// A decimal without the zeros that say nothing.
fn quantity<'a>(field: &'static str, text: &'a str) -> Result<&'a str, FingerprintInputError> {
    let refused = FingerprintInputError::Quantity(field);
    if text.len() > MAX_FIELD_BYTES {
        return Err(FingerprintInputError::TooLong { field, limit: MAX_FIELD_BYTES });
    }
    let (whole, decimals) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|c| c.is_ascii_digit());
    if !are_digits(whole) || !are_digits(decimals) || text.bytes().all(|c| matches!(c, b'0' | b'.')) {
        return Err(refused);
    }
    let zeros = whole.len() - whole.trim_start_matches('0').len();
    // "0.5" keeps the zero before its point.
    let start = if zeros == whole.len() { zeros - 1 } else { zeros };
    let text = text.get(start..).ok_or(refused)?;
    Ok(if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text })
}
