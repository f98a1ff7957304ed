//! One spelling of names and numbers that people spell in many ways.

use unicode_normalization::UnicodeNormalization;

use super::{FingerprintInputError, MAX_FIELD_BYTES};

/// The name of a company: its words without its legal form, run together.
///
/// What is shortened otherwise ("Intl" for "International"), and traditional for simplified characters, stays another
/// name.
pub(super) fn name(field: &'static str, text: &str) -> Result<String, FingerprintInputError> {
    let folded = bounded(field, text)?.replace('&', " AND ");
    let mut words = words(&folded);
    strip_leading_form(&mut words);
    strip_trailing_forms(&mut words);
    not_empty(field, words.concat())
}

/// A number that may hold letters: letters and digits alone, without leading zeros, which spreadsheets drop.
pub(super) fn number(field: &'static str, text: &str) -> Result<String, FingerprintInputError> {
    let squeezed = squeeze(&bounded(field, text)?);
    let trimmed = squeezed.trim_start_matches('0');
    let zeros_alone = trimmed.is_empty() && !squeezed.is_empty();
    not_empty(field, if zeros_alone { "0".to_owned() } else { trimmed.to_owned() })
}

/// A description: letters and digits alone.
pub(super) fn description(field: &'static str, text: &str) -> Result<String, FingerprintInputError> {
    not_empty(field, squeeze(&bounded(field, text)?))
}

/// A number of digits alone, of which its issuer fixed how many; spaces and punctuation may stand between them.
pub(super) fn digits(
    field: &'static str,
    text: &str,
    (lengths, said): (&[usize], &'static str),
) -> Result<String, FingerprintInputError> {
    let squeezed = squeeze(&bounded(field, text)?);
    if squeezed.bytes().all(|c| c.is_ascii_digit()) && lengths.contains(&squeezed.len()) {
        Ok(squeezed)
    } else {
        Err(FingerprintInputError::Digits { field, digits: said })
    }
}

/// Letters and digits alone, of what was folded.
pub(super) fn squeeze(folded: &str) -> String {
    folded.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// In compatibility form (NFKC, UAX 15) and capitals, with letters of other alphabets that look like Latin ones as
/// those.
pub(super) fn fold(text: &str) -> String {
    let capitals = text.nfkc().flat_map(char::to_uppercase);
    // Capitals of what was composed may want composing again.
    capitals.nfkc().map(latin_alike).collect()
}

fn bounded(field: &'static str, text: &str) -> Result<String, FingerprintInputError> {
    if text.len() > MAX_FIELD_BYTES {
        return Err(FingerprintInputError::TooLong { field, limit: MAX_FIELD_BYTES });
    }
    Ok(fold(text))
}

fn not_empty(field: &'static str, text: String) -> Result<String, FingerprintInputError> {
    if text.is_empty() { Err(FingerprintInputError::Empty(field)) } else { Ok(text) }
}

/// Greek and Cyrillic capitals that nobody can tell from Latin ones on paper.
fn latin_alike(c: char) -> char {
    let alike = LATIN_ALIKE.iter().find(|(others, _)| others.contains(c));
    alike.map_or(c, |(_, latin)| *latin)
}

const LATIN_ALIKE: &[(&str, char)] = &[
    ("\u{391}\u{410}", 'A'),
    ("\u{392}\u{412}", 'B'),
    ("\u{421}", 'C'),
    ("\u{395}\u{415}", 'E'),
    ("\u{397}\u{41d}", 'H'),
    ("\u{399}\u{406}", 'I'),
    ("\u{408}", 'J'),
    ("\u{39a}\u{41a}", 'K'),
    ("\u{39c}\u{41c}", 'M'),
    ("\u{39d}", 'N'),
    ("\u{39f}\u{41e}", 'O'),
    ("\u{3a1}\u{420}", 'P'),
    ("\u{405}", 'S'),
    ("\u{3a4}\u{422}", 'T'),
    ("\u{3a7}\u{425}", 'X'),
    ("\u{3a5}\u{423}", 'Y'),
    ("\u{396}", 'Z'),
];

/// The words of a folded text. `S.A.` and `A/S` are one word each, `CO.LTD` is two.
fn words(folded: &str) -> Vec<String> {
    let within = |c: char| c.is_alphanumeric() || matches!(c, '.' | '/' | '\'' | '\u{2019}');
    let mut words = Vec::new();
    for chunk in folded.split(|c: char| !within(c)) {
        let parts: Vec<&str> =
            chunk.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
        if parts.iter().all(|part| part.len() == 1) {
            words.push(parts.concat());
        } else {
            words.extend(parts.into_iter().map(str::to_owned));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A name keeps at least a word, even one that a form could be.
fn strip_leading_form(words: &mut Vec<String>) {
    let count = words.len();
    let Some(first) = words.first_mut() else { return };
    if count > 1 && LEADING_FORMS.contains(&first.as_str()) {
        words.remove(0);
    } else if let Some(rest) = LEADING_FORMS_GLUED.iter().find_map(|form| first.strip_prefix(form))
        && !rest.is_empty()
    {
        *first = rest.to_owned();
    }
}

fn strip_trailing_forms(words: &mut Vec<String>) {
    let mut stripped = false;
    loop {
        let count = words.len();
        let Some(last) = words.last_mut() else { return };
        let is_form =
            TRAILING_FORMS.contains(&last.as_str()) || TRAILING_FORMS_GLUED.contains(&last.as_str());
        // "GMBH AND CO KG": the word that joined two forms belongs to them.
        let joins = stripped && last == "AND";
        if count > 1 && (is_form || joins) {
            words.pop();
        } else if let Some(rest) = TRAILING_FORMS_GLUED.iter().find_map(|form| last.strip_suffix(form))
            && !rest.is_empty()
        {
            *last = rest.to_owned();
        } else {
            return;
        }
        stripped = true;
    }
}

/// Legal forms that are words of their own behind a name. Words that tell companies of one group apart, such as GROUP,
/// HOLDING or 集团, are no forms.
const TRAILING_FORMS: &[&str] = &[
    "AB",
    "AG",
    "APS",
    "AS",
    "ASA",
    "BERHAD",
    "BHD",
    "BV",
    "CO",
    "COLTD",
    "COMPANY",
    "CORP",
    "CORPORATION",
    "DMCC",
    "DOO",
    "EIRL",
    "FZCO",
    "FZE",
    "FZLLC",
    "GMBH",
    "INC",
    "INCORPORATED",
    "JSC",
    "KFT",
    "KG",
    "KGAA",
    "KK",
    "LDA",
    "LIMITADA",
    "LIMITED",
    "LLC",
    "LLP",
    "LP",
    "LTD",
    "LTDA",
    "NV",
    "OHG",
    "OOO",
    "OY",
    "OYJ",
    "PAO",
    "PJSC",
    "PLC",
    "PRIVATE",
    "PTE",
    "PTY",
    "PUBLIC",
    "PVT",
    "SA",
    "SAC",
    "SADECV",
    "SARL",
    "SAS",
    "SDN",
    "SE",
    "SL",
    "SPA",
    "SPZOO",
    "SRL",
    "SRO",
    "TBK",
    "ULC",
    "WLL",
    "株",
    "有",
];

/// Those that Chinese and Japanese write without a space; a longer one before one that it ends with.
const TRAILING_FORMS_GLUED: &[&str] = &[
    "股份有限责任公司",
    "股份有限公司",
    "股份有限責任公司",
    "有限责任公司",
    "有限責任公司",
    "有限公司",
    "特殊普通合伙",
    "普通合伙",
    "有限合伙",
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
];

/// Those that stand before a name.
const LEADING_FORMS: &[&str] = &["CV", "OAO", "OOO", "PAO", "PT", "UD", "ZAO", "株", "有"];
const LEADING_FORMS_GLUED: &[&str] = &["株式会社", "有限会社", "合同会社"];
