//! Fingerprints: who asks learns tokens and the registrar nothing; nobody gets a token of another key unnoticed.
//!
//! `ALLONGE_UPDATE_VECTORS=1` writes `tests/vectors/fingerprints.json` anew.

#![allow(clippy::unwrap_used)] // Helpers of tests stand outside test functions.

use std::collections::BTreeSet;
use std::path::PathBuf;

use allonge_crypto::fingerprint::{
    BlindedElement, Blinding, EvaluatedElement, Evaluation, EvaluationProof, FingerprintCommitments,
    FingerprintError, FingerprintKey, FingerprintKeyId, FingerprintKeyShare, FingerprintPublicKey,
    KeyedToken, MAX_FINGERPRINTS, MAX_INPUT_BYTES, MAX_SHARES, ShareEvaluation, ShareIndex,
};
use borsh::{BorshDeserialize, BorshSerialize};
use curve25519_dalek::constants::RISTRETTO_BASEPOINT_POINT;
use curve25519_dalek::scalar::Scalar;
use proptest::prelude::*;
use rand_core_of_voprf::OsRng;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use voprf::{Group, Ristretto255, VoprfClient, VoprfServer};

fn key(seed: u8) -> FingerprintKey {
    FingerprintKey::from_seed([seed; 32], b"tests").unwrap()
}

fn tokens(key: &FingerprintKey, inputs: &[Vec<u8>]) -> Vec<KeyedToken> {
    let blinding = Blinding::new(inputs).unwrap();
    blinding.finalize(&key.evaluate(blinding.elements()).unwrap(), key.public_key()).unwrap()
}

fn inputs() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(any::<u8>(), 1..80), 1..6)
}

/// The identity; the order of the field, which is zero in disguise; a negative one; no point.
const ODD_ELEMENTS: [&str; 4] = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
];
/// The order of the group, which is zero in disguise.
const ORDER: &str = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

fn bytes<const N: usize>(text: &str) -> [u8; N] {
    hex::decode(text).unwrap().try_into().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_token_hangs_on_the_input_and_the_key_and_not_on_the_blind(inputs in inputs(), seed in any::<u8>()) {
        let made = tokens(&key(seed), &inputs);
        for (input, token) in inputs.iter().zip(&made) {
            prop_assert_eq!(&tokens(&key(seed), std::slice::from_ref(input)), std::slice::from_ref(token));
        }
        let others = tokens(&key(seed.wrapping_add(1)), &inputs);
        prop_assert!(made.iter().zip(&others).all(|(one, other)| one != other));
        let distinct = |list: &[_]| list.iter().collect::<BTreeSet<_>>().len();
        prop_assert_eq!(distinct(&made), inputs.iter().collect::<BTreeSet<_>>().len());
    }

    #[test]
    fn what_was_tampered_with_is_refused(inputs in inputs(), place in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let key = key(1);
        let blinding = Blinding::new(&inputs).unwrap();
        let evaluation = key.evaluate(blinding.elements()).unwrap();
        let mut altered = borsh::to_vec(&evaluation).unwrap();
        altered[place.index(evaluation_bytes(inputs.len()))] ^= 1 << bit;
        if let Ok(altered) = borsh::from_slice::<Evaluation>(&altered) {
            prop_assert_eq!(blinding.finalize(&altered, key.public_key()), Err(FingerprintError::ProofRefused));
        }
    }

    #[test]
    fn any_threshold_of_the_shares_give_the_tokens_of_the_whole_key(
        inputs in inputs(),
        (shares, threshold) in (1..=5_usize).prop_flat_map(|shares| (Just(shares), 1..=shares)),
    ) {
        let key = key(2);
        let whole = tokens(&key, &inputs);
        let (commitments, shares) = key.split(threshold, shares).unwrap();
        prop_assert_eq!(commitments.public_key(), key.public_key());
        let blinding = Blinding::new(&inputs).unwrap();
        let answers: Vec<_> =
            shares.iter().map(|share| share.evaluate_share(blinding.elements()).unwrap()).collect();
        for subset in subsets(&answers) {
            let combined = blinding.combine(&subset, &commitments);
            if subset.len() < threshold {
                let given = subset.len();
                prop_assert_eq!(combined, Err(FingerprintError::TooFewShares { threshold, given }));
            } else {
                prop_assert_eq!(combined.as_ref(), Ok(&whole));
                let backwards: Vec<_> = subset.into_iter().rev().collect();
                let combined = blinding.combine(&backwards, &commitments);
                prop_assert_eq!(combined.as_ref(), Ok(&whole));
            }
        }
    }
}

/// The number of elements, the elements and the proof.
fn evaluation_bytes(count: usize) -> usize {
    4 + 32 * count + 64
}

fn subsets<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    (0..1_u32 << items.len())
        .map(|chosen| {
            (0..).zip(items).filter(|(n, _)| chosen >> n & 1 == 1).map(|(_, one)| one.clone()).collect()
        })
        .collect()
}

#[test]
fn an_evaluation_with_another_key_is_refused() {
    let blinding = Blinding::new(["a", "b"]).unwrap();
    let evaluation = key(1).evaluate(blinding.elements()).unwrap();
    assert_eq!(evaluation.verify(blinding.elements(), key(1).public_key()), Ok(()));
    let refused = Err(FingerprintError::ProofRefused);
    assert_eq!(blinding.finalize(&evaluation, key(2).public_key()), refused);
    // One registrar that has two keys, and proves with one what it evaluated with the other.
    let of_other = key(2).evaluate(blinding.elements()).unwrap();
    let mixed = Evaluation::new(of_other.elements().to_vec(), *evaluation.proof()).unwrap();
    assert_eq!(blinding.finalize(&mixed, key(1).public_key()), refused);
    // That uses another key for one of many.
    let one = vec![evaluation.elements()[0], of_other.elements()[1]];
    let mixed = Evaluation::new(one, *evaluation.proof()).unwrap();
    assert_eq!(blinding.finalize(&mixed, key(1).public_key()), refused);
}

#[test]
fn an_evaluation_of_other_elements_is_refused() {
    let key = key(1);
    let [blinding, other] = [["a", "b"]; 2].map(|inputs| Blinding::new(inputs).unwrap());
    assert_ne!(blinding.elements(), other.elements());
    let evaluation = key.evaluate(other.elements()).unwrap();
    assert_eq!(blinding.finalize(&evaluation, key.public_key()), Err(FingerprintError::ProofRefused));
    let mut swapped = blinding.elements().to_vec();
    swapped.reverse();
    let evaluation = key.evaluate(&swapped).unwrap();
    assert_eq!(blinding.finalize(&evaluation, key.public_key()), Err(FingerprintError::ProofRefused));
    let evaluation = key.evaluate(&blinding.elements()[..1]).unwrap();
    let other_count = FingerprintError::OtherCount { blinded: 2, evaluated: 1 };
    assert_eq!(blinding.finalize(&evaluation, key.public_key()), Err(other_count));
}

#[test]
fn two_proofs_of_the_same_share_no_nonce() {
    let blinding = Blinding::new(["a"]).unwrap();
    let [one, other] = [key(1), key(1)].map(|key| key.evaluate(blinding.elements()).unwrap());
    assert_eq!(one.elements(), other.elements());
    let [one, other] = [one, other].map(|evaluation| evaluation.proof().to_bytes());
    assert!(one[..32] != other[..32] && one[32..] != other[32..]);
}

#[test]
fn wrong_shares_are_named() {
    let whole = key(3);
    let (commitments, shares) = whole.split(2, 4).unwrap();
    let blinding = Blinding::new(["a", "b", "c"]).unwrap();
    let answers: Vec<_> =
        shares.iter().map(|share| share.evaluate_share(blinding.elements()).unwrap()).collect();
    let share = |number| ShareIndex::new(number).unwrap();

    // The second evaluated with another key, and the fourth something else.
    let mut wrong = answers.clone();
    wrong[1].evaluation = key(4).evaluate(blinding.elements()).unwrap();
    wrong[3].evaluation = shares[3].evaluate_share(&blinding.elements()[..2]).unwrap().evaluation;
    let refused = blinding.combine(&wrong, &commitments).unwrap_err();
    assert_eq!(refused, FingerprintError::SharesRefused(vec![share(2), share(4)]));
    assert!(refused.to_string().contains("shares 2, 4 do not hold"), "{refused}");
    // The others are enough.
    let rest = [wrong[0].clone(), wrong[2].clone()];
    assert!(blinding.combine(&rest, &commitments).is_ok());

    // One that passes itself off as another, and one that answers twice.
    let passed_off = ShareEvaluation { share: share(2), ..answers[2].clone() };
    let refused = Err(FingerprintError::SharesRefused(vec![share(2)]));
    assert_eq!(blinding.combine(&[answers[0].clone(), passed_off], &commitments), refused);
    let twice = [answers[0].clone(), answers[0].clone()];
    assert_eq!(blinding.combine(&twice, &commitments), Err(FingerprintError::ShareRepeated(share(1))));
    // Shares of another splitting of the same key.
    let (others, _) = whole.split(2, 4).unwrap();
    let all = (1..=4).map(share).collect();
    assert_eq!(blinding.combine(&answers, &others), Err(FingerprintError::SharesRefused(all)));
}

#[test]
fn a_holder_takes_only_a_share_that_was_committed_to() {
    let (commitments, shares) = key(5).split(3, 5).unwrap();
    for (number, share) in (1..).zip(&shares) {
        let index = ShareIndex::new(number).unwrap();
        assert_eq!(share.index(), index);
        assert_eq!(commitments.share_key(index).as_ref(), Ok(share.public_key()));
        let taken = FingerprintKeyShare::from_secret(index, *share.secret(), &commitments).unwrap();
        assert_eq!(taken.public_key(), share.public_key());
        let wrong = |secret, index, commitments: &FingerprintCommitments| {
            FingerprintKeyShare::from_secret(index, secret, commitments).unwrap_err()
        };
        let next = ShareIndex::new(number + 1).unwrap();
        assert_eq!(wrong(*share.secret(), next, &commitments), FingerprintError::ShareWrong(next));
        assert_eq!(wrong(*key(6).secret(), index, &commitments), FingerprintError::ShareWrong(index));
        let (others, _) = key(5).split(3, 5).unwrap();
        assert_eq!(wrong(*share.secret(), index, &others), FingerprintError::ShareWrong(index));
    }
}

#[test]
fn everything_has_a_limit() {
    let many = |count: usize| Blinding::new(vec!["x"; count]).map(|_| ()).unwrap_err();
    assert_eq!(many(0), FingerprintError::Count(0));
    assert_eq!(many(MAX_FINGERPRINTS + 1), FingerprintError::Count(MAX_FINGERPRINTS + 1));
    let long = |length: usize| Blinding::new([vec![0; length]]).map(|_| ());
    assert_eq!(long(0), Ok(()));
    assert_eq!(long(MAX_INPUT_BYTES), Ok(()));
    assert_eq!(long(MAX_INPUT_BYTES + 1), Err(FingerprintError::InputTooLong));

    let key = key(1);
    let element = Blinding::new(["x"]).unwrap().elements()[0];
    let full = vec![element; MAX_FINGERPRINTS];
    let evaluation = key.evaluate(&full).unwrap();
    assert_eq!(evaluation.verify(&full, key.public_key()), Ok(()));
    assert_eq!(key.evaluate(&[]).unwrap_err(), FingerprintError::Count(0));
    let over = vec![element; MAX_FINGERPRINTS + 1];
    assert_eq!(key.evaluate(&over).unwrap_err(), FingerprintError::Count(MAX_FINGERPRINTS + 1));

    // In bytes and in JSON too.
    let elements = [evaluation.elements(), &evaluation.elements()[..1]].concat();
    let over = borsh::to_vec(&(elements.clone(), *evaluation.proof())).unwrap();
    assert!(borsh::from_slice::<Evaluation>(&over).is_err());
    assert!(borsh::from_slice::<Evaluation>(&borsh::to_vec(&evaluation).unwrap()).is_ok());
    let over = json!({ "elements": elements, "proof": evaluation.proof() });
    assert!(serde_json::from_value::<Evaluation>(over).is_err());
    let none: [EvaluatedElement; 0] = [];
    let none = json!({ "elements": none, "proof": evaluation.proof() });
    assert!(serde_json::from_value::<Evaluation>(none).is_err());

    for (threshold, shares) in [(0, 1), (2, 1), (0, 0), (1, MAX_SHARES + 1)] {
        let refused = FingerprintError::Threshold { threshold, shares };
        assert_eq!(key.split(threshold, shares).map(|_| ()).unwrap_err(), refused);
    }
    assert_eq!(key.split(MAX_SHARES, MAX_SHARES).unwrap().1.len(), MAX_SHARES);
    let coefficients = |count| borsh::to_vec(&(key.public_key(), vec![*key.public_key(); count])).unwrap();
    assert!(borsh::from_slice::<FingerprintCommitments>(&coefficients(MAX_SHARES - 1)).is_ok());
    assert!(borsh::from_slice::<FingerprintCommitments>(&coefficients(MAX_SHARES)).is_err());
    for number in [0, 65, 255] {
        assert_eq!(ShareIndex::new(number), Err(FingerprintError::ShareNumber(number)));
        assert!(borsh::from_slice::<ShareIndex>(&[number]).is_err());
        assert!(serde_json::from_value::<ShareIndex>(json!(number)).is_err());
    }
}

#[test]
fn odd_elements_and_scalars_are_refused() {
    for odd in ODD_ELEMENTS {
        let refused = FingerprintError::NotAnElement;
        assert_eq!(BlindedElement::from_bytes(bytes(odd)), Err(refused.clone()), "{odd}");
        assert_eq!(EvaluatedElement::from_bytes(bytes(odd)), Err(refused.clone()), "{odd}");
        assert_eq!(FingerprintPublicKey::from_bytes(bytes(odd)), Err(refused), "{odd}");
        let bytes: [u8; 32] = bytes(odd);
        assert!(borsh::from_slice::<BlindedElement>(&bytes).is_err(), "{odd}");
        assert!(borsh::from_slice::<FingerprintPublicKey>(&bytes).is_err(), "{odd}");
        assert!(serde_json::from_value::<BlindedElement>(json!(odd)).is_err(), "{odd}");
    }
    let key_of = |text| FingerprintKey::from_secret(bytes(text)).map(|_| ()).unwrap_err();
    assert_eq!(key_of(ODD_ELEMENTS[0]), FingerprintError::NotAScalar);
    assert_eq!(key_of(ORDER), FingerprintError::NotAScalar);

    // A proof that holds, with the order added to a half of it: the same proof, in another encoding.
    let key = key(1);
    let blinding = Blinding::new(["x"]).unwrap();
    let proof = key.evaluate(blinding.elements()).unwrap().proof().to_bytes();
    for half in [0, 32] {
        let mut other = proof;
        let mut carry = 0;
        for (byte, add) in other[half..half + 32].iter_mut().zip(bytes::<32>(ORDER)) {
            let sum = u16::from(*byte) + u16::from(add) + carry;
            (*byte, carry) = (sum.to_le_bytes()[0], sum >> 8);
        }
        assert_eq!(EvaluationProof::from_bytes(&other), Err(FingerprintError::NotAScalar));
    }
    assert!(EvaluationProof::from_bytes(&proof).is_ok());
}

#[test]
fn a_secret_gives_its_key_again_and_is_not_shown() {
    let key = FingerprintKey::generate().unwrap();
    let again = FingerprintKey::from_secret(*key.secret()).unwrap();
    assert_eq!(again.public_key(), key.public_key());
    assert_eq!(again.key_id(), key.public_key().key_id());
    let public = Scalar::from_canonical_bytes(*key.secret()).unwrap() * RISTRETTO_BASEPOINT_POINT;
    assert_eq!(key.public_key().as_bytes(), public.compress().as_bytes());
    assert_ne!(FingerprintKey::generate().unwrap().public_key(), key.public_key());
    assert_ne!(
        FingerprintKey::from_seed([1; 32], b"another purpose").unwrap().key_id(),
        FingerprintKey::from_seed([1; 32], b"tests").unwrap().key_id()
    );
    let (_, shares) = key.split(1, 1).unwrap();
    let blinding = Blinding::new(["invoice"]).unwrap();
    for shown in [format!("{key:?}"), format!("{shares:?}"), format!("{blinding:?}")] {
        assert!(!shown.contains(&hex::encode(*key.secret())) && !shown.contains("invoice"), "{shown}");
    }
}

/// Our client, the server of the crate `voprf`.
#[test]
fn another_registrar_gives_the_same_tokens() {
    let inputs: Vec<Vec<u8>> = (1..20).map(|length| vec![length; usize::from(length)]).collect();
    let theirs = VoprfServer::<Ristretto255>::new_from_seed(&[9; 32], b"interoperation").unwrap();
    let ours = FingerprintKey::from_seed([9; 32], b"interoperation").unwrap();
    let public = Ristretto255::serialize_elem(theirs.get_public_key());
    assert_eq!(ours.public_key().as_bytes().as_slice(), public.as_slice());

    let blinding = Blinding::new(&inputs).unwrap();
    let asked: Vec<_> = blinding
        .elements()
        .iter()
        .map(|one| voprf::BlindedElement::<Ristretto255>::deserialize(one.as_bytes()).unwrap())
        .collect();
    let answer = theirs.batch_blind_evaluate(&mut OsRng, &asked).unwrap();
    let element =
        |one: &voprf::EvaluationElement<_>| EvaluatedElement::from_bytes(one.serialize().into()).unwrap();
    let elements = answer.messages.iter().map(element).collect();
    let proof: [u8; 64] = answer.proof.serialize().into();
    let evaluation = Evaluation::new(elements, EvaluationProof::from_bytes(&proof).unwrap()).unwrap();
    let made = blinding.finalize(&evaluation, ours.public_key()).unwrap();

    assert_eq!(made, tokens(&ours, &inputs));
    for (input, token) in inputs.iter().zip(made) {
        let output: [u8; 64] = theirs.evaluate(input).unwrap().into();
        assert_eq!(KeyedToken::from_output(&output), token);
    }
}

/// The client of the crate `voprf`, our server.
#[test]
fn another_client_gets_the_same_tokens() {
    let inputs: Vec<Vec<u8>> = (1..20).map(|length| vec![length; usize::from(length)]).collect();
    let ours = key(8);
    let (clients, asked): (Vec<_>, Vec<_>) = inputs
        .iter()
        .map(|input| VoprfClient::<Ristretto255>::blind(input, &mut OsRng).unwrap())
        .map(|blinded| {
            let element = BlindedElement::from_bytes(blinded.message.serialize().into()).unwrap();
            (blinded.state, element)
        })
        .unzip();
    let evaluation = ours.evaluate(&asked).unwrap();
    let elements: Vec<_> = evaluation
        .elements()
        .iter()
        .map(|one| voprf::EvaluationElement::<Ristretto255>::deserialize(one.as_bytes()).unwrap())
        .collect();
    let proof = voprf::Proof::<Ristretto255>::deserialize(&evaluation.proof().to_bytes()).unwrap();
    let public = Ristretto255::deserialize_elem(ours.public_key().as_bytes()).unwrap();
    let outputs = VoprfClient::batch_finalize(&inputs, &clients, &elements, &proof, public).unwrap();
    let made: Vec<_> = outputs.map(|output| KeyedToken::from_output(&output.unwrap().into())).collect();
    assert_eq!(made, tokens(&ours, &inputs));
}

/// The bytes and the people's form, and that both lead back.
fn record<T>(value: &T) -> Value
where
    T: BorshSerialize + BorshDeserialize + Serialize + DeserializeOwned + PartialEq + std::fmt::Debug,
{
    let bytes = borsh::to_vec(value).unwrap();
    assert_eq!(&borsh::from_slice::<T>(&bytes).unwrap(), value);
    assert!(borsh::from_slice::<T>(&[bytes.as_slice(), &[0]].concat()).is_err(), "a byte more");
    assert!(borsh::from_slice::<T>(&bytes[..bytes.len() - 1]).is_err(), "a byte less");
    let json = serde_json::to_value(value).unwrap();
    assert_eq!(&serde_json::from_value::<T>(json.clone()).unwrap(), value);
    if let Value::String(text) = &json {
        assert!(serde_json::from_value::<T>(json!(text.to_uppercase())).is_err(), "{text}");
    }
    json!({ "bytes": hex::encode(bytes), "json": json })
}

#[test]
fn the_vectors_are_frozen() {
    let rfc: Value = serde_json::from_str(include_str!("../../../tests/vectors/rfc9497.json")).unwrap();
    let batch = &rfc["batches"][2];
    let read = |value: &Value| -> [u8; 32] { bytes(value.as_str().unwrap()) };
    let elements: Vec<_> = batch["evaluated"].as_array().unwrap().iter().map(read).collect();
    let elements = elements.into_iter().map(|one| EvaluatedElement::from_bytes(one).unwrap()).collect();
    let proof = EvaluationProof::from_bytes(&bytes(batch["proof"].as_str().unwrap())).unwrap();
    let evaluation = Evaluation::new(elements, proof).unwrap();
    let share = ShareEvaluation { share: ShareIndex::new(3).unwrap(), evaluation: evaluation.clone() };
    let coefficients = [2, 3].map(|seed| *key(seed).public_key());
    let commitments = borsh::to_vec(&(key(1).public_key(), coefficients.to_vec())).unwrap();
    let commitments: FingerprintCommitments = borsh::from_slice(&commitments).unwrap();
    let share_keys: Vec<_> =
        (1..=4).map(|number| commitments.share_key(ShareIndex::new(number).unwrap()).unwrap()).collect();

    let tokens_of = |seed: u8, input: &[u8]| {
        let token = tokens(&key(seed), &[input.to_vec()])[0];
        json!({ "seed": hex::encode([seed; 32]), "input": hex::encode(input), "token": token })
    };
    let key_of = |seed: u8| {
        let key = key(seed);
        json!({
            "seed": hex::encode([seed; 32]),
            "purpose": hex::encode("tests"),
            "secret": hex::encode(*key.secret()),
            "public_key": key.public_key(),
            "key_id": key.key_id(),
        })
    };
    let made = json!({
        "keys": [key_of(1), key_of(2)],
        "tokens": [tokens_of(1, b""), tokens_of(1, b"invoice 1"), tokens_of(2, b"invoice 1")],
        "share_keys": share_keys,
        "encodings": {
            "blinded_element": record(&BlindedElement::from_bytes(read(&batch["blinded"][0])).unwrap()),
            "evaluation": record(&evaluation),
            "share_evaluation": record(&share),
            "commitments": record(&commitments),
            "public_key": record(key(1).public_key()),
            "key_id": record::<FingerprintKeyId>(&key(1).key_id()),
            "token": record(&tokens(&key(1), &[b"invoice 1".to_vec()])[0]),
        },
    });
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors/fingerprints.json");
    if std::env::var_os("ALLONGE_UPDATE_VECTORS").is_some_and(|update| update == "1") {
        std::fs::write(&path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
    }
    let kept: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert_eq!(kept, made);
}
