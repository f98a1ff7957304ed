//! Documents of any size have the digest that `sha256sum` prints.
#![allow(clippy::unwrap_used)]

use allonge::document_digest;
use serde_json::Value;

#[test]
fn documents_have_the_digests_of_the_vectors_up_to_4_gib() {
    let vectors: Value = serde_json::from_str(include_str!("../../../tests/vectors/documents.json")).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("document");
    for vector in vectors["documents"].as_array().unwrap() {
        let length = vector["length"].as_u64().unwrap();
        let file = std::fs::File::create(&path).unwrap();
        match u8::try_from(vector["byte"].as_u64().unwrap()).unwrap() {
            // A hole: 4 GiB that take no space.
            0 => file.set_len(length).unwrap(),
            byte => std::fs::write(&path, vec![byte; usize::try_from(length).unwrap()]).unwrap(),
        }
        let digest = document_digest(&path).unwrap();
        assert_eq!(digest.length, length);
        assert_eq!(digest.sha256.to_string(), vector["sha256"].as_str().unwrap());
    }
}
