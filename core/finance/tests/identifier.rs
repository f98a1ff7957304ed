//! Identifiers: what the standards accept, and nothing else.
#![allow(clippy::unwrap_used)]

use allonge_finance::{
    Bic, Cnaps, CountryCode, Iban, IdentifierError, IdentifierKind, Lei, LocalName, PartyId, Uscc,
};
use borsh::{BorshDeserialize, BorshSerialize};
use proptest::prelude::*;

#[test]
fn a_bic_is_kept_in_eleven_characters() {
    for (text, canonical, country, branch, is_test) in [
        ("DEUTDEFF", "DEUTDEFFXXX", "DE", "XXX", false),
        ("DEUTDEFFXXX", "DEUTDEFFXXX", "DE", "XXX", false),
        ("DEUTDEFF500", "DEUTDEFF500", "DE", "500", false),
        ("BKCHCNBJ300", "BKCHCNBJ300", "CN", "300", false),
        ("BANKFRP0", "BANKFRP0XXX", "FR", "XXX", true),
        ("NCBVXKPR", "NCBVXKPRXXX", "XK", "XXX", false),
        ("E097AEXX", "E097AEXXXXX", "AE", "XXX", false),
    ] {
        let bic = Bic::parse(text).unwrap();
        assert_eq!(bic.as_str(), canonical);
        assert_eq!((bic.country().as_str(), bic.branch(), bic.is_test()), (country, branch, is_test));
        assert!(canonical.starts_with(bic.bic8()) && bic.bic8().len() == 8);
    }
    assert_eq!(Bic::parse("DEUTDEFF"), Bic::parse("DEUTDEFFXXX"));
}

#[test]
fn what_is_not_a_bic_is_refused() {
    let kind = IdentifierKind::Bic;
    for (text, error) in [
        ("", IdentifierError::Length { kind, found: 0 }),
        ("DEUTDEF", IdentifierError::Length { kind, found: 7 }),
        ("DEUTDEFFXX", IdentifierError::Length { kind, found: 10 }),
        ("DEUTDEFFXXXX", IdentifierError::Length { kind, found: 12 }),
        ("deutdeff", IdentifierError::Format { kind }),
        ("DEUT1EFF", IdentifierError::Format { kind }),
        ("DEUTDEF-", IdentifierError::Format { kind }),
        ("DEUTDEÜ", IdentifierError::Format { kind }),
        ("DEUÜEFF", IdentifierError::Format { kind }),
        ("DEUTZZFF", IdentifierError::Country { kind }),
        ("DEUTUKFF", IdentifierError::Country { kind }),
    ] {
        assert_eq!(Bic::parse(text), Err(error), "{text}");
    }
}

#[test]
fn a_lei_carries_mod_97_10() {
    for text in ["5493002ERZU2K9PZDL40", "MLU0ZO3ML4LN2LL2TL39", "HWUPKR0MPOU8FGXBT394"] {
        assert_eq!(Lei::parse(text).unwrap().as_str(), text);
    }
    let kind = IdentifierKind::Lei;
    assert_eq!(Lei::parse("5493002ERZU2K9PZDL41"), Err(IdentifierError::Checksum { kind }));
    assert_eq!(Lei::parse("5493002EZRU2K9PZDL40"), Err(IdentifierError::Checksum { kind }));
    assert_eq!(Lei::parse("5493002erzu2k9pzdl40"), Err(IdentifierError::Format { kind }));
    assert_eq!(Lei::parse("5493002ERZU2K9PZDLA0"), Err(IdentifierError::Format { kind }));
    assert_eq!(Lei::parse("5493002ERZU2K9PZDL4"), Err(IdentifierError::Length { kind, found: 19 }));
    assert_eq!(Lei::parse("é".repeat(10).as_str()), Err(IdentifierError::Format { kind }));
}

#[test]
fn an_iban_is_kept_without_spaces() {
    for (text, electronic, country) in [
        ("DE89370400440532013000", "DE89370400440532013000", "DE"),
        ("GB82 WEST 1234 5698 7654 32", "GB82WEST12345698765432", "GB"),
        ("FR1420041010050500013M02606", "FR1420041010050500013M02606", "FR"),
        ("NO9386011117947", "NO9386011117947", "NO"),
        ("MT84MALT011000012345MTLCAST001S", "MT84MALT011000012345MTLCAST001S", "MT"),
        ("XK051212012345678906", "XK051212012345678906", "XK"),
    ] {
        let iban = Iban::parse(text).unwrap();
        assert_eq!((iban.as_str(), iban.country().as_str()), (electronic, country));
    }
}

#[test]
fn what_is_not_an_iban_is_refused() {
    let kind = IdentifierKind::Iban;
    for (text, error) in [
        ("DE88370400440532013000", IdentifierError::Checksum { kind }),
        ("DE89370400440532013001", IdentifierError::Checksum { kind }),
        ("DE8937040044053201300", IdentifierError::Checksum { kind }),
        ("ZZ893704004405320130", IdentifierError::Checksum { kind }),
        ("DE89-3704-0044-0532-0130-00", IdentifierError::Format { kind }),
        ("89DE370400440532013000", IdentifierError::Format { kind }),
        ("DE89", IdentifierError::Length { kind, found: 4 }),
    ] {
        assert_eq!(Iban::parse(text), Err(error), "{text}");
    }
}

#[test]
fn a_cnaps_code_carries_mod_11_10() {
    for text in ["313651027012", "313651024047", "313522004113", "303791000177", "313227560015"] {
        assert_eq!(Cnaps::parse(text).unwrap().as_str(), text);
    }
    let code = Cnaps::parse("313651027012").unwrap();
    assert_eq!((code.bank_class(), code.clearing_area()), ("313", "6510"));
    let kind = IdentifierKind::Cnaps;
    assert_eq!(Cnaps::parse("313651027013"), Err(IdentifierError::Checksum { kind }));
    assert_eq!(Cnaps::parse("31365102701A"), Err(IdentifierError::Format { kind }));
    assert_eq!(Cnaps::parse("31365102701"), Err(IdentifierError::Length { kind, found: 11 }));
}

#[test]
fn a_uscc_carries_its_check_character() {
    for text in ["91100000100003962T", "91350100M000100Y43", "911100001000044477"] {
        assert_eq!(Uscc::parse(text).unwrap().as_str(), text);
    }
    let kind = IdentifierKind::Uscc;
    assert_eq!(Uscc::parse("91100000100003962U"), Err(IdentifierError::Checksum { kind }));
    assert_eq!(Uscc::parse("91350100M000100O43"), Err(IdentifierError::Format { kind }));
    assert_eq!(Uscc::parse("91A50100M000100Y43"), Err(IdentifierError::Format { kind }));
    assert_eq!(Uscc::parse("91350100m000100y43"), Err(IdentifierError::Format { kind }));
    assert_eq!(Uscc::parse("91350100M000100Y4"), Err(IdentifierError::Length { kind, found: 17 }));
}

/// The published codes that stand beside a checkout of the project, where there is such a place.
#[test]
fn published_codes_are_accepted() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/finance_vectors.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        return;
    };
    let vectors: serde_json::Value = serde_json::from_str(&text).unwrap();
    let valid = |group: &str| -> Vec<String> {
        let codes: Vec<String> = serde_json::from_value(vectors[group]["valid"].clone()).unwrap();
        assert!(!codes.is_empty());
        codes
    };
    for code in valid("cnaps12_iso7064_mod11_10") {
        assert!(Cnaps::parse(&code).is_ok(), "{code}");
    }
    for code in valid("uscc18_gb32100") {
        assert!(Uscc::parse(&code).is_ok(), "{code}");
    }
    for code in valid("lei20_iso17442") {
        assert!(Lei::parse(&code).is_ok(), "{code}");
    }
    let invalid = vectors["cnaps12_iso7064_mod11_10"]["invalid_example"].as_str().unwrap();
    assert!(Cnaps::parse(invalid).is_err());
}

#[test]
fn a_party_is_known_by_the_shape_of_its_identifier() {
    for (text, canonical, discriminant) in [
        ("DEUTDEFF", "DEUTDEFFXXX", 0),
        ("DEUTDEFF500", "DEUTDEFF500", 0),
        ("5493002ERZU2K9PZDL40", "5493002ERZU2K9PZDL40", 1),
        ("313651027012", "313651027012", 2),
        ("91350100M000100Y43", "91350100M000100Y43", 3),
        ("harbour-bank", "harbour-bank", 4),
        ("a", "a", 4),
        // A name of eight characters is no BIC: no BIC is in lower case.
        ("acmebank", "acmebank", 4),
    ] {
        let party = PartyId::parse(text).unwrap();
        assert_eq!(party.to_string(), canonical);
        assert_eq!(PartyId::parse(canonical).unwrap(), party);
        let bytes = borsh::to_vec(&party).unwrap();
        assert_eq!(bytes, [&[discriminant][..], &borsh::to_vec(canonical).unwrap()].concat());
        assert_eq!(borsh::from_slice::<PartyId>(&bytes).unwrap(), party);
        assert_eq!(serde_json::to_string(&party).unwrap(), format!("\"{canonical}\""));
    }
}

#[test]
fn what_has_no_shape_of_a_party_is_refused() {
    for text in ["", "Harbour", "-bank", "9bank", "DEUT", "3136510270", "HARBOUR BANK", "Ünion"] {
        assert_eq!(PartyId::parse(text), Err(IdentifierError::PartyShape), "{text}");
    }
    for text in ["harbour_bank", "harbour bank", "harbourBank", "bänk"] {
        let kind = IdentifierKind::LocalName;
        assert_eq!(PartyId::parse(text), Err(IdentifierError::Format { kind }), "{text}");
    }
    assert!(LocalName::parse(&"a".repeat(35)).is_ok());
    assert!(LocalName::parse(&"a".repeat(36)).is_err());
}

#[test]
fn only_the_canonical_bytes_of_a_party_decode() {
    let party = |discriminant: u8, text: &str| {
        let bytes = [&[discriminant][..], &borsh::to_vec(text).unwrap()].concat();
        borsh::from_slice::<PartyId>(&bytes)
    };
    assert!(party(0, "DEUTDEFFXXX").is_ok());
    for (discriminant, text) in [
        (0, "DEUTDEFF"),
        (0, "deutdeffxxx"),
        (0, "harbour-bank"),
        (1, "DEUTDEFFXXX"),
        (2, "313651027013"),
        (3, "313651027012"),
        (4, "DEUTDEFFXXX"),
        (4, ""),
        (5, "harbour-bank"),
        (4, "a-name-that-is-longer-than-a-name-may-be"),
    ] {
        assert!(party(discriminant, text).is_err(), "{discriminant} {text}");
    }
    // The length is judged before anything of that length is read or allocated.
    assert!(borsh::from_slice::<PartyId>(&[4, 0xff, 0xff, 0xff, 0xff]).is_err());
    let too_long = borsh::from_slice::<PartyId>(&[4, 36, 0, 0, 0]).unwrap_err().to_string();
    assert_eq!(too_long, "text of 36 bytes; at most 35 are allowed here");
    assert!(borsh::from_slice::<Iban>(&borsh::to_vec("DE89 3704 0044 0532 0130 00").unwrap()).is_err());
    assert!(borsh::from_slice::<CountryCode>(b"ZZ").is_err());
    assert_eq!(borsh::from_slice::<CountryCode>(b"CN").unwrap().as_str(), "CN");
}

#[test]
fn errors_say_the_remedy_and_never_repeat_the_text() {
    let error = Iban::parse("DE88370400440532013000").unwrap_err().to_string();
    assert_eq!(error, "the check digits of this IBAN do not match; compare every character with the source");
    let error = Cnaps::parse("31365102701").unwrap_err().to_string();
    assert_eq!(error, "CNAPS code of 11 characters; it has 12");
}

fn round_trips<T>(value: &T) -> bool
where
    T: BorshSerialize + BorshDeserialize + serde::Serialize + serde::de::DeserializeOwned + PartialEq,
{
    let binary = borsh::from_slice::<T>(&borsh::to_vec(value).unwrap()).unwrap();
    let human = serde_json::from_str::<T>(&serde_json::to_string(value).unwrap()).unwrap();
    &binary == value && &human == value
}

proptest! {
    #[test]
    fn every_bic_round_trips(text in "[A-Z0-9]{4}(DE|CN|US|XK)[A-Z0-9]{2}([A-Z0-9]{3})?") {
        let bic = Bic::parse(&text).unwrap();
        prop_assert!(round_trips(&bic) && round_trips(&PartyId::from(bic)));
    }

    #[test]
    fn every_local_name_round_trips(text in "[a-z][a-z0-9-]{0,34}") {
        prop_assert!(round_trips(&PartyId::parse(&text).unwrap()));
    }

    // Both sums detect every wrong single character; this is what the check character is for.
    #[test]
    fn one_wrong_character_is_always_found(at in 0usize..18, digit in b'0'..=b'9') {
        for valid in ["313651027012", "91350100M000100Y43"] {
            let mut bytes = valid.as_bytes().to_vec();
            let at = at % bytes.len();
            prop_assume!(bytes[at] != digit);
            bytes[at] = digit;
            prop_assert!(PartyId::parse(&String::from_utf8(bytes).unwrap()).is_err());
        }
    }

    #[test]
    fn parse_never_panics(text in ".{0,45}", ascii in "[A-Z0-9 ]{0,45}") {
        for text in [text, ascii] {
            let _ = (Bic::parse(&text), Lei::parse(&text), Iban::parse(&text), Cnaps::parse(&text));
            let _ = (Uscc::parse(&text), PartyId::parse(&text), CountryCode::parse(&text));
        }
    }
}
