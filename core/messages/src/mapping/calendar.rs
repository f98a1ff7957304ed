//! Which banking-day calendar a place has, as far as that can be said for certain.

use allonge_finance::{Bic, CalendarId};

use super::fields;
use super::letter_of_credit::Reading;
use super::problem::MappingProblemKind as Kind;
use crate::fin::mt700;

impl Reading<'_> {
    /// UCP 600 art. 6(d)(ii): the place of the bank with which the credit is available is the place for
    /// presentation. 31D states it too, in words.
    pub(super) fn expiry_calendar(&mut self) -> Option<(CalendarId, String)> {
        if let Some(chosen) = &self.options.expiry_calendar {
            return Some((chosen.clone(), chosen_note("expiry_calendar")));
        }
        let credit = &self.series.credit;
        let remedy = "choose `expiry_calendar` in the mapping options";
        let nominated = match &credit.available_with {
            mt700::AvailableWith::Bank(bic) => Some(bic),
            mt700::AvailableWith::Named(_) => None,
        };
        let place = place(&credit.expiry_place);
        let (country, source) = match (nominated, place) {
            (_, Place::OfTheBeneficiary) => {
                let reason = "the place of expiry is the beneficiary's, and no field has the country of that in a code";
                self.add(Kind::CalendarMissing, "31D", 0, reason, remedy);
                return None;
            }
            (_, Place::Several) => {
                self.add(
                    Kind::CalendarMissing,
                    "31D",
                    0,
                    "the place of expiry names several countries",
                    remedy,
                );
                return None;
            }
            (Some(bank), Place::Country(named))
                if named != bank.country().as_str()
                    && of_country(named) != of_country(bank.country().as_str()) =>
            {
                let reason = format!(
                    "the place of expiry is in {named}, and the credit is available with {}",
                    bank_and_country(bank)
                );
                self.add(Kind::Contradiction, "31D", 0, reason, remedy);
                return None;
            }
            (Some(bank), Place::Country(named)) => (
                named.to_owned(),
                format!("the place, which names {named}, and 41A, {}", bank_and_country(bank)),
            ),
            (None, Place::Country(named)) => (named.to_owned(), format!("the place, which names {named}")),
            (Some(bank), Place::Unsaid) => (
                bank.country().as_str().to_owned(),
                format!(
                    "41A, {}, taken as the country of the place of expiry, which names none that is known here",
                    bank_and_country(bank)
                ),
            ),
            (None, Place::Unsaid) => {
                let reason =
                    "neither a bank identified in 41A nor the place itself says in which country it is";
                self.add(Kind::CalendarMissing, "31D", 0, reason, remedy);
                return None;
            }
        };
        let Some(id) = of_country(&country) else {
            let reason = format!("there is no calendar for {country}, the country of the place of expiry");
            self.add(Kind::CalendarMissing, "31D", 0, reason, remedy);
            return None;
        };
        Some((id, format!("from {source}; {}", assumption(&country))))
    }

    /// MT 700 does not say where the issuing bank examines and pays: its own country is assumed.
    pub(super) fn issuing_bank_calendar(
        &mut self,
        chosen: &Option<CalendarId>,
        option: &str,
    ) -> Option<(CalendarId, String)> {
        if let Some(chosen) = chosen {
            return Some((chosen.clone(), chosen_note(option)));
        }
        let bank = &self.series.sender;
        let country = bank.country();
        let Some(id) = of_country(country.as_str()) else {
            let reason =
                format!("there is no calendar for {country}, the country of the issuing bank {bank}");
            let remedy = format!("choose `{option}` in the mapping options");
            self.add(Kind::CalendarMissing, fields::sender_block(self.series.first), 0, reason, remedy);
            return None;
        };
        let mut note =
            format!("from the issuing bank, {}; {}", bank_and_country(bank), assumption(country.as_str()));
        if option == "payment_calendar" {
            note.push_str("; banking days of the currency's own centre are not considered");
        }
        Some((id, note))
    }
}

fn chosen_note(option: &str) -> String {
    format!("chosen by the caller: `{option}` of the mapping options")
}

/// The calendar that stands for a country's banking days: its own, or that of its payment system.
fn of_country(country: &str) -> Option<CalendarId> {
    let id = match country {
        "CN" | "HK" | "JP" => country,
        "GB" => "CHAPS",
        "US" => "FEDWIRE",
        country if EURO_AREA.contains(&country) => "TARGET",
        _ => return None,
    };
    CalendarId::parse(id).ok()
}

/// What is assumed when a country's calendar stands for the banking days of a bank there.
fn assumption(country: &str) -> &'static str {
    match country {
        "CN" => "the banking days of mainland China",
        "HK" => "the banking days of Hong Kong, as far as no typhoon closes its banks",
        "JP" => "the banking days of Japan",
        "GB" => {
            "CHAPS stands for the banking days there, which are those of England and Wales; bank holidays of Scotland \
             and Northern Ireland are not in it"
        }
        "US" => {
            "FEDWIRE stands for the banking days there; holidays of a state, and what a bank closes for besides, are \
             not in it"
        }
        _ => {
            "TARGET stands for the banking days there; public holidays of the place that TARGET lacks are not in it"
        }
    }
}

/// What the place of expiry (31D) says of its country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// It names one, here by its two letters.
    Country(&'static str),
    /// It is wherever the beneficiary is, which no field says in a code.
    OfTheBeneficiary,
    /// It names several.
    Several,
    /// It names none that is known here.
    Unsaid,
}

/// Reads the country that a place names, such as `CN` in `BEIJING/CHINA`.
fn place(text: &str) -> Place {
    let text = text.to_ascii_uppercase();
    let words: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    let says = |name: &str| {
        let name: Vec<&str> = name.split(' ').collect();
        words.windows(name.len()).enumerate().any(|(place, window)| {
            // "BANK OF CHINA, FRANKFURT" names a bank, which may be anywhere.
            let of_a_bank = words.get(..place).is_some_and(|before| before.ends_with(&["BANK", "OF"]));
            window == name && !of_a_bank
        })
    };
    if says("BENEFICIARY") || says("BENEFICIARIES") || says("BENEFICIARYS") {
        return Place::OfTheBeneficiary;
    }
    let mut named: Vec<&'static str> =
        COUNTRY_NAMES.iter().filter(|(name, _)| says(name)).map(|(_, country)| *country).collect();
    named.sort_unstable();
    named.dedup();
    // A part of a country that is under another calendar names its whole too.
    for (part, whole) in [("HK", "CN"), ("MO", "CN"), ("TW", "CN"), ("GB", "IE")] {
        if named.contains(&part) {
            named.retain(|country| *country != whole);
        }
    }
    match named.as_slice() {
        [] => Place::Unsaid,
        [country] => Place::Country(country),
        _ => Place::Several,
    }
}

/// Who a bank is and where, for notes: `SYNBCNBJXXX in CN`.
fn bank_and_country(bank: &Bic) -> String {
    format!("{bank} in {}", bank.country())
}

/// The euro area since Bulgaria joined on 1 January 2026. Territories with codes of their own, and countries
/// that use the euro from outside, are left to the caller.
const EURO_AREA: &[&str] = &[
    "AT", "BE", "BG", "CY", "DE", "EE", "ES", "FI", "FR", "GR", "HR", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PT", "SI", "SK",
];

/// Names of countries as credits write them.
const COUNTRY_NAMES: &[(&str, &str)] = &[
    ("HONG KONG", "HK"),
    ("HONGKONG", "HK"),
    ("MACAO", "MO"),
    ("MACAU", "MO"),
    ("TAIWAN", "TW"),
    ("TAIPEI", "TW"),
    ("NORTHERN IRELAND", "GB"),
    ("CHINA", "CN"),
    ("PRC", "CN"),
    ("AUSTRIA", "AT"),
    ("BELGIUM", "BE"),
    ("BULGARIA", "BG"),
    ("CROATIA", "HR"),
    ("CYPRUS", "CY"),
    ("ESTONIA", "EE"),
    ("FINLAND", "FI"),
    ("FRANCE", "FR"),
    ("GERMANY", "DE"),
    ("GREECE", "GR"),
    ("IRELAND", "IE"),
    ("ITALY", "IT"),
    ("LATVIA", "LV"),
    ("LITHUANIA", "LT"),
    ("LUXEMBOURG", "LU"),
    ("MALTA", "MT"),
    ("NETHERLANDS", "NL"),
    ("HOLLAND", "NL"),
    ("PORTUGAL", "PT"),
    ("SLOVAKIA", "SK"),
    ("SLOVENIA", "SI"),
    ("SPAIN", "ES"),
    ("JAPAN", "JP"),
    ("UNITED KINGDOM", "GB"),
    ("UK", "GB"),
    ("ENGLAND", "GB"),
    ("SCOTLAND", "GB"),
    ("GREAT BRITAIN", "GB"),
    ("UNITED STATES", "US"),
    ("USA", "US"),
    // Without a calendar here: named only so that a bank elsewhere does not hide them.
    ("UNITED ARAB EMIRATES", "AE"),
    ("UAE", "AE"),
    ("AUSTRALIA", "AU"),
    ("BANGLADESH", "BD"),
    ("BRAZIL", "BR"),
    ("CANADA", "CA"),
    ("SWITZERLAND", "CH"),
    ("CZECH REPUBLIC", "CZ"),
    ("DENMARK", "DK"),
    ("EGYPT", "EG"),
    ("HUNGARY", "HU"),
    ("INDONESIA", "ID"),
    ("INDIA", "IN"),
    ("KOREA", "KR"),
    ("MEXICO", "MX"),
    ("MALAYSIA", "MY"),
    ("NIGERIA", "NG"),
    ("NORWAY", "NO"),
    ("PHILIPPINES", "PH"),
    ("PAKISTAN", "PK"),
    ("POLAND", "PL"),
    ("ROMANIA", "RO"),
    ("RUSSIA", "RU"),
    ("SAUDI ARABIA", "SA"),
    ("SWEDEN", "SE"),
    ("SINGAPORE", "SG"),
    ("THAILAND", "TH"),
    ("TURKEY", "TR"),
    ("TURKIYE", "TR"),
    ("VIETNAM", "VN"),
    ("SOUTH AFRICA", "ZA"),
];

#[cfg(test)]
mod tests {
    use allonge_finance::CountryCode;

    use super::*;

    #[test]
    fn a_place_names_its_country_by_whole_words() {
        let table = [
            ("BEIJING/CHINA", Place::Country("CN")),
            ("SHANGHAI,P.R.CHINA", Place::Country("CN")),
            ("HONG KONG, CHINA", Place::Country("HK")),
            ("TOKYO/JAPAN", Place::Country("JP")),
            ("NEW YORK, N.Y., USA", Place::Country("US")),
            ("SYDNEY, NEW SOUTH WALES, AUSTRALIA", Place::Country("AU")),
            ("BELFAST, NORTHERN IRELAND", Place::Country("GB")),
            ("Hamburg (Germany)", Place::Country("DE")),
            ("THE NETHERLANDS", Place::Country("NL")),
            ("INDIANAPOLIS", Place::Unsaid),
            ("BANK OF CHINA, FRANKFURT", Place::Unsaid),
            ("BANK OF CHINA, BEIJING, CHINA", Place::Country("CN")),
            ("GERMANY OR CHINA", Place::Several),
            ("OUR COUNTERS", Place::Unsaid),
            ("BENEFICIARY'S COUNTRY", Place::OfTheBeneficiary),
            ("", Place::Unsaid),
        ];
        for (text, expected) in table {
            assert_eq!(place(text), expected, "{text}");
        }
    }

    #[test]
    fn every_country_of_the_tables_exists() {
        let named = COUNTRY_NAMES.iter().map(|(_, country)| country);
        assert!(EURO_AREA.iter().chain(named).all(|country| CountryCode::parse(country).is_ok()));
        assert!(EURO_AREA.iter().all(|c| COUNTRY_NAMES.iter().any(|(_, named)| named == c)));
    }

    #[test]
    fn countries_have_the_calendars_that_ship_and_others_none() {
        let id = |country| of_country(country).map(|id| id.as_str().to_owned());
        let table =
            [("CN", "CN"), ("HK", "HK"), ("JP", "JP"), ("GB", "CHAPS"), ("US", "FEDWIRE"), ("DE", "TARGET")];
        for (country, calendar) in table {
            assert_eq!(id(country).as_deref(), Some(calendar));
            assert!(!assumption(country).contains("TARGET") || calendar == "TARGET");
        }
        assert!(["MO", "TW", "KR", "GG", "PR", "XK", "GP", ""].iter().all(|country| id(country).is_none()));
    }
}
