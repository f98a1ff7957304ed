//! The vectors of RFC 9497 (appendix A.1.2), whose blinds and nonces are given.

use serde_json::Value;
use zeroize::Zeroizing;

use super::ciphersuite::scalar_from_bytes;
use super::{
    BlindedElement, Blinding, EvaluatedElement, Evaluation, EvaluationProof, FingerprintKey, KeyedToken,
    pairs,
};

fn bytes<const N: usize>(value: &Value) -> [u8; N] {
    hex::decode(value.as_str().unwrap()).unwrap().try_into().unwrap()
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().unwrap().iter().map(read).collect()
}

#[test]
fn the_vectors_of_rfc_9497_hold() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../../tests/vectors/rfc9497.json")).unwrap();
    let purpose = hex::decode(vectors["purpose"].as_str().unwrap()).unwrap();
    let key = FingerprintKey::from_seed(bytes(&vectors["seed"]), &purpose).unwrap();
    assert_eq!(*key.secret(), bytes(&vectors["secret"]));
    assert_eq!(*key.public_key().as_bytes(), bytes(&vectors["public_key"]));

    let batches = vectors["batches"].as_array().unwrap();
    assert_eq!(batches.len(), 3);
    for batch in batches {
        let inputs = list(&batch["inputs"], |input| hex::decode(input.as_str().unwrap()).unwrap());
        let scalar = |value: &Value| Zeroizing::new(scalar_from_bytes(bytes(value)).unwrap());
        let mut blinds = list(&batch["blinds"], scalar).into_iter();
        let blinding = Blinding::with_blinds(&inputs, || Ok(blinds.next().unwrap())).unwrap();
        let element = |value: &Value| BlindedElement::from_bytes(bytes(value)).unwrap();
        assert_eq!(blinding.elements(), list(&batch["blinded"], element));

        let elements = key.evaluate_elements(blinding.elements()).unwrap();
        let element = |value: &Value| EvaluatedElement::from_bytes(bytes(value)).unwrap();
        assert_eq!(elements, list(&batch["evaluated"], element));
        let proof = {
            let pairs: Vec<_> = pairs(blinding.elements(), &elements).collect();
            let nonce = scalar(&batch["nonce"]);
            EvaluationProof::with_known_nonce(&key.secret, &key.public.0, &pairs, &nonce)
        };
        assert_eq!(proof.to_bytes(), bytes(&batch["proof"]));

        let evaluated = elements.iter().map(|one| one.0.point());
        let outputs: Vec<[u8; 64]> = blinding.outputs(evaluated).map(|output| *output).collect();
        assert_eq!(outputs, list(&batch["outputs"], bytes));
        let evaluation = Evaluation::new(elements, proof).unwrap();
        let tokens: Vec<_> = outputs.iter().map(KeyedToken::from_output).collect();
        assert_eq!(blinding.finalize(&evaluation, key.public_key()), Ok(tokens));
    }
}
