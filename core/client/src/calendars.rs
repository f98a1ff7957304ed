//! The calendars that ship: content for a ledger's genesis or its publisher.

use std::sync::LazyLock;

use allonge_finance::{Calendar, LocalName, PartyId};

/// CHAPS, mainland China, Fedwire, Hong Kong, Japan and TARGET: as far as the days follow from rules in force, or are
/// decreed. `core/client/calendars/README.md` names the ranges and the sources.
pub fn shipped() -> &'static [Calendar] {
    static SHIPPED: LazyLock<Vec<Calendar>> = LazyLock::new(|| {
        let files = [
            include_str!("../calendars/chaps.json"),
            include_str!("../calendars/cn.json"),
            include_str!("../calendars/fedwire.json"),
            include_str!("../calendars/hk.json"),
            include_str!("../calendars/jp.json"),
            include_str!("../calendars/target.json"),
        ];
        files.iter().filter_map(|file| serde_json::from_str(file).ok()).collect()
    });
    &SHIPPED
}

/// What the holder of all offices is called where nobody says otherwise.
pub(crate) fn operator() -> PartyId {
    static OPERATOR: LazyLock<Option<LocalName>> = LazyLock::new(|| LocalName::parse("operator").ok());
    match *OPERATOR {
        Some(name) => PartyId::Name(name),
        None => unreachable!("a test reads this name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_calendars_ship_and_the_operator_has_its_name() {
        let ids: Vec<_> = shipped().iter().map(|calendar| calendar.id().to_string()).collect();
        assert_eq!(ids, ["CHAPS", "CN", "FEDWIRE", "HK", "JP", "TARGET"]);
        assert_eq!(operator().to_string(), "operator");
    }
}
