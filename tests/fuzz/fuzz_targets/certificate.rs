//! Certificates: one encoding each; and what one makes final, a genuine one does.

#![no_main]

use std::sync::LazyLock;

use allonge_crypto::Hash;
use allonge_fuzz::{Vectors, bytes, seed, strict};
use allonge_ledger::{Certificate, Proposal, Roster, canonical, certificate_namespace};
use libfuzzer_sys::fuzz_target;

struct Committee {
    namespace: Vec<u8>,
    roster: Roster,
    genuine: Proposal,
}

static COMMITTEES: LazyLock<Vec<Committee>> = LazyLock::new(|| {
    Vectors::cases(&Vectors::read().certificates["good"])
        .iter()
        .map(|case| {
            let keys = Vectors::cases(&case["validators"]).iter().map(|key| {
                let key: [u8; 32] = bytes(key).try_into().unwrap();
                allonge_ledger::ValidatorKey::new(key).unwrap()
            });
            let network: Hash = case["network_id"].as_str().unwrap().parse().unwrap();
            let roster = Roster::new(keys.collect()).unwrap();
            let certificate = Certificate::decode(&bytes(&case["finalization"]), roster.len()).unwrap();
            let namespace = certificate_namespace(&network);
            certificate.verify(&namespace, &roster).unwrap();
            Committee { namespace, roster, genuine: *certificate.proposal() }
        })
        .collect()
});

fn seeds() -> Vec<Vec<u8>> {
    let certificates = Vectors::read().certificates;
    let [good, bad] = ["good", "bad"].map(|section| Vectors::all(&certificates[section], "finalization"));
    [good, bad].concat()
}

fuzz_target!(init: seed(seeds()), |bytes: &[u8]| {
    for Committee { namespace, roster, genuine: _ } in COMMITTEES.iter() {
        let Ok(certificate) = Certificate::decode(bytes, roster.len()) else { continue };
        assert_eq!(certificate.encode(), bytes);
        assert_eq!(usize::from(certificate.validators()), roster.len());
        assert!(certificate.votes().count() * 3 > roster.len() * 2 || roster.len() == 1);
        // In a record, its length stands before it.
        assert_eq!(strict::<Certificate>(&canonical(&bytes.to_vec())).as_ref(), Some(&certificate));
        if certificate.verify(namespace, roster).is_ok() {
            // Several of the vectors are of one committee.
            let genuine = COMMITTEES.iter().any(|committee| committee.genuine == *certificate.proposal());
            assert!(genuine, "forged: {certificate:?}");
        }
    }
    strict::<Certificate>(bytes);
    strict::<Roster>(bytes);
});
