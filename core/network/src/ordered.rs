//! What consensus orders: a header with the transactions below it.

use allonge_crypto::{Hash, HashSuite};
use allonge_ledger::{Header, MAX_BLOCK_BYTES, canonical, from_canonical};
use commonware_codec::{Buf, EncodeSize, Error, Read, Write};
use commonware_consensus::types::Height;
use commonware_consensus::{Block, BoundedBlock, Heightable};
use commonware_cryptography::{Digestible, sha256};
use commonware_runtime::BufMut;

/// What stands beside a block's transactions: the header, and the length of each transaction.
const MAX_OVERHEAD: usize = 1 << 20;
/// A block has at most this many transactions.
const MAX_TRANSACTIONS: usize = 65_536;
/// No ordered block is longer.
pub(crate) const MAX_ORDERED_BYTES: usize = MAX_BLOCK_BYTES + MAX_OVERHEAD;

/// A block as consensus orders it. Its digest is that of its header, which commits to the transactions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrderedBlock {
    digest: Hash,
    /// `None` for the genesis.
    header: Option<Header>,
    transactions: Vec<Vec<u8>>,
    encoded: usize,
}

impl OrderedBlock {
    /// What stands below the first block.
    pub(crate) fn genesis(network: Hash) -> Self {
        OrderedBlock::with_length(OrderedBlock {
            digest: network,
            header: None,
            transactions: Vec::new(),
            encoded: 0,
        })
    }

    /// A block whose header is of these transactions.
    pub(crate) fn new(suite: HashSuite, header: Header, transactions: Vec<Vec<u8>>) -> Self {
        let digest = header.digest(suite);
        OrderedBlock::with_length(OrderedBlock { digest, header: Some(header), transactions, encoded: 0 })
    }

    fn with_length(self) -> Self {
        let lists = self.transactions.iter().map(|one| one.len().saturating_add(4));
        let head = match &self.header {
            Some(header) => canonical(header).len(),
            None => self.digest.as_bytes().len(),
        };
        // A length, a tag, the header or the network, and the list.
        let encoded = lists.fold(head.saturating_add(4 + 1 + 4), usize::saturating_add);
        OrderedBlock { encoded, ..self }
    }

    pub(crate) fn header(&self) -> Option<&Header> {
        self.header.as_ref()
    }

    pub(crate) fn transactions(&self) -> &[Vec<u8>] {
        &self.transactions
    }

    /// The digest is the header's alone, and whoever has a digest takes the block for what was agreed on: so a header is
    /// read only with its own transactions, and a genesis only if it is that of the network.
    fn read_strictly(bytes: &[u8], genesis: &Hash) -> Result<Self, std::io::Error> {
        let (header, network, transactions): (Option<Header>, Option<Hash>, Vec<Vec<u8>>) =
            match bytes.split_first() {
                Some((0, rest)) => {
                    let (network, transactions) = from_canonical(rest)?;
                    (None, Some(network), transactions)
                }
                Some((1, rest)) => {
                    let (header, transactions) = from_canonical(rest)?;
                    (Some(header), None, transactions)
                }
                _ => return Err(std::io::Error::other("it has no header")),
            };
        match (header, network) {
            (Some(header), _) => {
                let bytes = transactions.iter().map(Vec::len).fold(0, usize::saturating_add);
                let odd = transactions.len() > MAX_TRANSACTIONS
                    || bytes > MAX_BLOCK_BYTES
                    || transactions.iter().any(Vec::is_empty);
                if odd || !header.is_of(HashSuite::Sha256, &transactions) {
                    return Err(std::io::Error::other("a header has other transactions"));
                }
                Ok(OrderedBlock::new(HashSuite::Sha256, header, transactions))
            }
            (None, Some(network)) if transactions.is_empty() && network == *genesis => {
                Ok(OrderedBlock::genesis(network))
            }
            _ => Err(std::io::Error::other("it is no genesis of this network")),
        }
    }
}

/// The engine's form of a hash.
pub(crate) fn to_digest(hash: &Hash) -> sha256::Digest {
    sha256::Digest(*hash.as_bytes())
}

impl Write for OrderedBlock {
    fn write(&self, buffer: &mut impl BufMut) {
        let length = u32::try_from(self.encoded.saturating_sub(4)).unwrap_or(u32::MAX);
        buffer.put_u32(length);
        match &self.header {
            None => {
                buffer.put_u8(0);
                buffer.put_slice(self.digest.as_bytes());
            }
            Some(header) => {
                buffer.put_u8(1);
                buffer.put_slice(&canonical(header));
            }
        }
        buffer.put_slice(&u32::try_from(self.transactions.len()).unwrap_or(u32::MAX).to_le_bytes());
        for transaction in &self.transactions {
            buffer.put_slice(&u32::try_from(transaction.len()).unwrap_or(u32::MAX).to_le_bytes());
            buffer.put_slice(transaction);
        }
    }
}

impl EncodeSize for OrderedBlock {
    fn encode_size(&self) -> usize {
        self.encoded
    }
}

impl Read for OrderedBlock {
    /// The network's id.
    type Cfg = Hash;

    fn read_cfg(buffer: &mut impl Buf, network: &Hash) -> Result<Self, Error> {
        if buffer.remaining() < 4 {
            return Err(Error::EndOfBuffer);
        }
        let length = usize::try_from(buffer.get_u32()).unwrap_or(usize::MAX);
        if length > MAX_ORDERED_BYTES {
            return Err(Error::InvalidLength(length));
        }
        if buffer.remaining() < length {
            return Err(Error::EndOfBuffer);
        }
        let bytes = buffer.copy_to_bytes(length);
        OrderedBlock::read_strictly(&bytes, network)
            .map_err(|_| Error::Invalid("OrderedBlock", "not canonical"))
    }
}

impl Digestible for OrderedBlock {
    type Digest = sha256::Digest;

    fn digest(&self) -> sha256::Digest {
        to_digest(&self.digest)
    }
}

impl Heightable for OrderedBlock {
    fn height(&self) -> Height {
        Height::new(self.header.as_ref().map_or(0, |header| header.height))
    }
}

impl Block for OrderedBlock {
    fn parent(&self) -> sha256::Digest {
        // Nothing stands below the genesis.
        to_digest(&self.header.as_ref().map_or(Hash::ZERO, |header| header.parent))
    }
}

impl BoundedBlock for OrderedBlock {
    fn max_encode_size(_: &Hash) -> usize {
        MAX_ORDERED_BYTES
    }
}

#[cfg(test)]
mod tests {
    use allonge_crypto::merkle;
    use allonge_finance::Timestamp;
    use allonge_ledger::{Executed, HEADER_VERSION};
    use commonware_codec::{Decode, Encode};
    use proptest::prelude::*;

    use super::*;

    const NETWORK: Hash = Hash::new([9; 32]);

    fn block() -> OrderedBlock {
        let header = Header {
            version: HEADER_VERSION,
            network: Hash::new([1; 32]),
            rules_version: 1,
            epoch: 0,
            height: 7,
            parent: Hash::new([2; 32]),
            time: Timestamp::from_millis(1_000).unwrap(),
            body_root: body_root(&[vec![1, 2, 3], vec![4]]),
            executed: Executed {
                height: 6,
                state_root: Hash::new([4; 32]),
                results_root: Hash::new([5; 32]),
            },
            history_root: Hash::new([6; 32]),
            next_roster: None,
        };
        OrderedBlock::new(HashSuite::Sha256, header, vec![vec![1, 2, 3], vec![4]])
    }

    /// The root of a list as `docs/format.md` has it.
    fn body_root(items: &[Vec<u8>]) -> Hash {
        let suite = HashSuite::Sha256;
        let leaves: Vec<_> = items.iter().map(|item| merkle::leaf(suite, item)).collect();
        let count = u32::try_from(items.len()).unwrap().to_le_bytes();
        suite.hash("allonge/list/1", &[count.as_slice(), merkle::root(suite, &leaves).as_bytes()].concat())
    }

    #[test]
    fn a_header_is_read_with_its_own_transactions_only_and_a_genesis_of_its_own_network() {
        let good = block();
        let other = OrderedBlock::new(HashSuite::Sha256, good.header.clone().unwrap(), vec![vec![9]]);
        assert_eq!(other.digest(), good.digest(), "the digest does not tell them apart");
        assert!(OrderedBlock::decode_cfg(other.encode(), &NETWORK).is_err());
        let foreign = OrderedBlock::genesis(Hash::new([1; 32]));
        assert!(OrderedBlock::decode_cfg(foreign.encode(), &NETWORK).is_err());
    }

    #[test]
    fn a_block_has_one_encoding() {
        for block in [block(), OrderedBlock::genesis(NETWORK)] {
            let bytes = block.encode();
            assert_eq!(bytes.len(), block.encode_size());
            assert_eq!(OrderedBlock::decode_cfg(bytes.clone(), &NETWORK).unwrap(), block);
            for longer in [[bytes.as_ref(), &[0]].concat(), bytes[..bytes.len() - 1].to_vec()] {
                assert!(OrderedBlock::decode_cfg(longer, &NETWORK).is_err());
            }
            let mut tag = bytes.to_vec();
            tag[4] = 2;
            assert!(OrderedBlock::decode_cfg(tag, &NETWORK).is_err());
        }
    }

    proptest! {
        #[test]
        fn whatever_a_peer_sends_is_read_strictly_or_not_at_all(
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
            cut in any::<prop::sample::Index>(),
        ) {
            let mut bytes = block().encode().to_vec();
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            bytes.truncate(cut.index(bytes.len() * 2).min(bytes.len()));
            if let Ok(read) = OrderedBlock::decode_cfg(bytes.clone(), &NETWORK) {
                prop_assert_eq!(read.encode().to_vec(), bytes);
            }
        }
    }

    #[test]
    fn an_announced_length_costs_nothing() {
        let announced = [&u32::MAX.to_be_bytes()[..], &[1]].concat();
        assert!(OrderedBlock::decode_cfg(announced, &NETWORK).is_err());
    }
}
