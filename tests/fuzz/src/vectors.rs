//! The frozen vectors of `tests/vectors`.

use serde_json::Value;

/// Every file of vectors that has bytes.
pub struct Vectors {
    pub certificates: Value,
    pub crypto: Value,
    pub finance: Value,
    pub ledger: Value,
    pub light: Value,
    pub proofs: Value,
    pub receipts: Value,
    pub trade: Value,
    pub trade_records: Value,
}

impl Vectors {
    pub fn read() -> Self {
        let read = |text| serde_json::from_str(text).unwrap();
        Vectors {
            certificates: read(include_str!("../../vectors/certificates.json")),
            crypto: read(include_str!("../../vectors/crypto.json")),
            finance: read(include_str!("../../vectors/finance.json")),
            ledger: read(include_str!("../../vectors/ledger.json")),
            light: read(include_str!("../../vectors/light.json")),
            proofs: read(include_str!("../../vectors/proofs.json")),
            receipts: read(include_str!("../../vectors/receipts.json")),
            trade: read(include_str!("../../vectors/trade.json")),
            trade_records: read(include_str!("../../vectors/trade_records.json")),
        }
    }

    /// The cases of a section, of which there is at least one.
    pub fn cases(section: &Value) -> &[Value] {
        let cases = section.as_array().unwrap();
        assert!(!cases.is_empty());
        cases
    }

    /// The bytes that each case of a section has under a name.
    pub fn all(section: &Value, name: &str) -> Vec<Vec<u8>> {
        Self::cases(section).iter().map(|case| bytes(&case[name])).collect()
    }
}

/// Bytes from hexadecimal.
pub fn bytes(hexadecimal: &Value) -> Vec<u8> {
    hex::decode(hexadecimal.as_str().unwrap()).unwrap()
}
