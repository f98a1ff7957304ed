//! Cursors of lists: as they come, and once more with the check put right, which a fuzzer cannot guess. A page behind
//! one is a part of the list that is read without.

#![no_main]

use std::sync::LazyLock;

use allonge_finance::PartyId;
use allonge_fuzz::{SUITE, Sample, Vectors, expect_code, seed};
use allonge_ledger::{
    Account, Embedded, Error, Filter, MAX_PAGE, Page, Paging, Party, Stored, TransactionEntry,
    TransactionFilter, canonical,
};
use allonge_trade::TradeRules;
use borsh::BorshSerialize;
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

type Ledger = Embedded<TradeRules>;

static LEDGER: LazyLock<(TempDir, Ledger)> = LazyLock::new(|| {
    let directory = tempfile::tempdir().unwrap();
    let ledger = Sample::ledger(&Sample::genesis(&Vectors::read()), directory.path());
    (directory, ledger)
});
static LISTS: LazyLock<Lists> = LazyLock::new(Lists::read);

struct Lists {
    transactions: List<TransactionEntry>,
    authored: List<TransactionEntry>,
    accounts: List<Account>,
    parties: List<Party>,
}

struct List<T> {
    /// What tells it from other lists.
    asked: Vec<u8>,
    page: fn(Paging<'_>) -> Result<Page<T>, Error>,
    /// All of it, as of each height.
    whole: Vec<Vec<T>>,
    /// A cursor behind each item but the last.
    cursors: Vec<String>,
}

impl Lists {
    fn read() -> Self {
        Lists {
            transactions: List::read(&(0_u8, TransactionFilter::default()), |paging| {
                LEDGER.1.transactions(&TransactionFilter::default(), paging)
            }),
            authored: List::read(&(0_u8, authored()), |paging| LEDGER.1.transactions(&authored(), paging)),
            accounts: List::read(&(Account::KIND, None::<PartyId>), |Paging { cursor, limit, .. }| {
                LEDGER.1.find_accounts(None, cursor, limit)
            }),
            parties: List::read(&(Party::KIND, every_party()), |paging| {
                LEDGER.1.find(&every_party(), paging)
            }),
        }
    }
}

fn authored() -> TransactionFilter {
    let author = PartyId::parse("AGNTUS33XXX").unwrap();
    TransactionFilter { author: Some(author), ..TransactionFilter::default() }
}

fn every_party() -> Filter {
    Filter { parties: vec![], belongs_to: None, statuses: vec![0], order: (0, 0, 0), ranges: vec![] }
}

impl<T: PartialEq> List<T> {
    fn read(asked: &impl BorshSerialize, page: fn(Paging<'_>) -> Result<Page<T>, Error>) -> Self {
        let whole =
            |height| page(Paging { height: Some(height), cursor: None, limit: MAX_PAGE }).unwrap().items;
        let mut list = List {
            asked: canonical(asked),
            page,
            whole: (0..=LEDGER.1.height()).map(whole).collect(),
            cursors: Vec::new(),
        };
        let next = |cursor: Option<&str>| page(Paging { height: None, cursor, limit: 1 }).unwrap().cursor;
        let mut cursor = next(None);
        while let Some(text) = cursor {
            cursor = next(Some(&text));
            list.cursors.push(text);
        }
        assert_eq!(list.cursors.len() + 1, list.whole.last().unwrap().len());
        for (items, text) in (1..).zip(&list.cursors) {
            assert_eq!(list.repaired(text).as_ref(), Some(text), "a genuine cursor is put right as it is");
            assert!(list.behind(text, MAX_PAGE).unwrap() == list.whole.last().unwrap()[items..]);
        }
        list
    }

    fn check(&self, text: &str) {
        let repaired = self.repaired(text);
        match self.behind(text, 1) {
            Ok(_) => assert_eq!(repaired, Some(text.to_ascii_lowercase()), "taken with a wrong check"),
            Err(error) => expect_code(&error, &["query.cursor_invalid"]),
        }
        for limit in [1, 2, MAX_PAGE] {
            if let Some(Err(error)) = repaired.as_ref().map(|text| self.behind(text, limit)) {
                expect_code(&error, &["query.cursor_invalid"]);
            }
        }
    }

    /// The items of a page behind a cursor, which stand like this in the list as of its height.
    fn behind(&self, text: &str, limit: usize) -> Result<Vec<T>, Error> {
        let Page { items, height, .. } = (self.page)(Paging { height: None, cursor: Some(text), limit })?;
        let whole = &self.whole[usize::try_from(height).unwrap()];
        assert!(items.len() <= limit);
        assert!(items.is_empty() || whole.windows(items.len()).any(|part| part == items));
        Ok(items)
    }

    /// The cursor with the check of this list, if it names a height of the ledger.
    fn repaired(&self, text: &str) -> Option<String> {
        let bytes = hex::decode(text).ok()?;
        let (height, rest) = bytes.split_first_chunk::<8>()?;
        let (place, _) = rest.split_last_chunk::<8>()?;
        let as_of = u64::from_be_bytes(*height);
        let digest = *LEDGER.1.header_digests(as_of, as_of.checked_add(1)?).ok()?.first()?;
        let asked = canonical(&(LEDGER.1.trust().network(), &self.asked, None::<u64>, as_of, digest));
        let check = SUITE.hash("allonge/cursor/1", &canonical(&(asked, place)));
        Some(hex::encode([height, place, &check.as_bytes()[..8]].concat()))
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let Lists { transactions, authored, accounts, parties } = &*LISTS;
    let cursors = [&transactions.cursors, &authored.cursors, &accounts.cursors, &parties.cursors];
    cursors.into_iter().flatten().map(|text| text.as_bytes().to_vec()).collect()
}

fuzz_target!(init: seed(seeds()), |text: &str| {
    LISTS.transactions.check(text);
    LISTS.authored.check(text);
    LISTS.accounts.check(text);
    LISTS.parties.check(text);
});
