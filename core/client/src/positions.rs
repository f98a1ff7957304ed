//! Positions: what a party is exposed to, or liable for, by counterparty, by country and by the month in which it falls due, as
//! of now or of any height.

use std::collections::BTreeMap;

use allonge_finance::{Bic, Money, PartyId};
use allonge_ledger::registry::AMOUNT_OVERFLOW;
use allonge_ledger::{Error, Filter, MAX_PAGE, Page, Paging};
use allonge_trade::{Nature, Position};
use serde::{Deserialize, Serialize};

use crate::ledger::Ledger;

/// Which side of its positions a party asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum PositionSide {
    /// What others are liable for to it: its exposure.
    #[default]
    Creditor,
    /// What it is liable for to others.
    Debtor,
}

/// The positions of a party that are not zero, and what they come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Positions {
    /// Whose.
    pub party: PartyId,
    /// Which side.
    pub side: PositionSide,
    /// As of which height.
    pub height: u64,
    /// Each position.
    pub positions: Vec<Position>,
    /// The sums by counterparty.
    pub by_counterparty: Vec<PositionSum>,
    /// The sums by the country of the counterparty's BIC; `none` for parties without one.
    pub by_country: Vec<PositionSum>,
    /// The sums by the month in which it falls due or expires, `2026-06`; `none` for those without a day.
    pub by_month: Vec<PositionSum>,
}

/// What positions come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PositionSum {
    /// The counterparty, the country or the month.
    pub of: String,
    /// What kind of liability.
    pub nature: Nature,
    /// How much.
    pub amount: Money,
}

/// Sums in the order of what they are of, of the nature and of the currency.
#[derive(Default)]
struct Sums(BTreeMap<(String, Nature, String), Money>);

impl Sums {
    fn add(&mut self, of: String, position: &Position) -> Result<(), Error> {
        let currency = position.amount.currency();
        let key = (of, position.id.nature, currency.to_string());
        let sum = self.0.entry(key).or_insert_with(|| Money::zero(currency));
        *sum = sum.checked_add(position.amount).map_err(|_| AMOUNT_OVERFLOW.error())?;
        Ok(())
    }

    fn rows(self) -> Vec<PositionSum> {
        self.0.into_iter().map(|((of, nature, _), amount)| PositionSum { of, nature, amount }).collect()
    }
}

impl Ledger {
    /// The positions of a party, as of the newest block or of a height: as creditor what it is exposed to, as debtor what it
    /// is liable for.
    ///
    /// Errors: `block.unknown`, `store.*`.
    pub fn positions(
        &self,
        party: &PartyId,
        side: PositionSide,
        height: Option<u64>,
    ) -> Result<Positions, Error> {
        let part = match side {
            PositionSide::Creditor => Position::CREDITOR,
            PositionSide::Debtor => Position::DEBTOR,
        };
        let filter = Filter {
            parties: vec![(party.clone(), part)],
            belongs_to: None,
            statuses: vec![
                Nature::Contingent as u8,
                Nature::Definite as u8,
                Nature::Reimbursement as u8,
                Nature::Reserved as u8,
            ],
            order: (0, i64::MIN, i64::MAX),
            ranges: Vec::new(),
        };
        let (mut positions, mut cursor, mut as_of) = (Vec::new(), None::<String>, height);
        let height = loop {
            let paging = Paging { height: as_of, cursor: cursor.as_deref(), limit: MAX_PAGE };
            let page: Page<Position> = self.shared.read(|ledger| ledger.find(&filter, paging))?;
            positions.extend(page.items.into_iter().filter(|position| !position.amount.is_zero()));
            as_of = Some(page.height);
            match page.cursor {
                Some(next) => cursor = Some(next),
                None => break page.height,
            }
        };
        let (mut counterparties, mut countries, mut months) =
            (Sums::default(), Sums::default(), Sums::default());
        for position in &positions {
            let counterparty = match side {
                PositionSide::Creditor => &position.id.debtor,
                PositionSide::Debtor => &position.id.creditor,
            };
            let none = || "none".to_owned();
            let country = Bic::parse(counterparty.as_str()).ok();
            let country = country.and_then(|bic| bic.as_str().get(4..6).map(str::to_owned));
            let month = position.id.month.map(|month| month.to_string().chars().take(7).collect::<String>());
            counterparties.add(counterparty.to_string(), position)?;
            countries.add(country.unwrap_or_else(none), position)?;
            months.add(month.unwrap_or_else(none), position)?;
        }
        Ok(Positions {
            party: party.clone(),
            side,
            height,
            positions,
            by_counterparty: counterparties.rows(),
            by_country: countries.rows(),
            by_month: months.rows(),
        })
    }
}
