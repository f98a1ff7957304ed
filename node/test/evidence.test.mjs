// An auditor replays the frozen bytes, hashes, signatures and proofs with `evidence` alone.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { evidence } from 'allonge';

import { vector, wire } from './support.mjs';

const { canonicalBytes, fromCanonicalBytes, merkleRoot, stateKey, stateRoot, taggedHash } = evidence;
const { verifyCertificate, verifyInclusion, verifySignature, verifyStateProof, vetKey } = evidence;

const ZERO = '00'.repeat(32);
const INVALID = { code: 'evidence.invalid' };
/** The kinds of records, by the first byte of the key. */
const STATE_KINDS = {
  1: 'party',
  2: 'account',
  3: 'calendar',
  4: 'authorities',
  5: 'answer',
  6: 'hold',
  7: 'bucket',
  8: 'policy',
  9: 'proposal',
  10: 'rules_schedule',
  11: 'reversal',
  12: 'epoch',
  13: 'roster_proposals',
};

const bytes = (hex) => Buffer.from(hex, 'hex');
const hex = (made) => Buffer.from(made).toString('hex');

/** As records show it. */
const record = (value) => wire.fromWire(JSON.stringify(value));

/** The cases of a section, of which there is at least one. */
function cases(section) {
  assert.ok(section.length > 0);
  return section;
}

/** The bytes say this record, and no other bytes do. */
function checkBytes(kind, written, json) {
  assert.deepEqual(fromCanonicalBytes(kind, written), record(json), kind);
  checkStrict(kind, written);
}

function checkStrict(kind, written) {
  for (const altered of [written.subarray(0, -1), Buffer.concat([written, Buffer.alloc(1)])]) {
    assert.throws(() => fromCanonicalBytes(kind, altered), { code: /^(evidence|transaction)\.malformed$/ }, kind);
  }
}

test('finance.json: values have their bytes, and what is no value is refused', () => {
  const { money, party, ...others } = vector('finance.json');
  assert.equal(Object.keys(others).length, 8);
  for (const [kind, { valid, invalid }] of Object.entries({ ...others, party_id: party })) {
    for (const { text, canonical, borsh } of cases(valid)) {
      assert.equal(hex(canonicalBytes(kind, text)), borsh, text);
      checkBytes(kind, bytes(borsh), canonical);
    }
    for (const text of cases(invalid)) {
      assert.throws(() => canonicalBytes(kind, text), { code: 'input.invalid' }, `${kind} ${text}`);
    }
  }
  for (const { amount, minor_units: minorUnits, currency, canonical, borsh } of cases(money.valid)) {
    assert.equal(hex(canonicalBytes('money', { amount, currency })), borsh);
    assert.equal(hex(canonicalBytes('money', { minorUnits: BigInt(minorUnits), currency })), borsh);
    checkBytes('money', bytes(borsh), { amount: canonical, currency });
  }
  for (const { amount, currency } of cases(money.invalid)) {
    assert.throws(() => canonicalBytes('money', { amount, currency }), { code: 'input.invalid' }, amount);
  }
});

test('crypto.json: keys and signatures are judged as the ledger does', () => {
  const { keys, refused_keys: refused, signatures } = vector('crypto.json');
  for (const { public_key: key } of cases(keys)) {
    vetKey(key);
  }
  for (const { public_key: key, name } of cases(refused)) {
    assert.throws(() => vetKey(key), { code: 'key.refused' }, name);
  }
  assert.deepEqual(new Set(signatures.map(({ valid }) => valid)), new Set([true, false]));
  for (const { public_key: key, message, signature, valid, name } of cases(signatures)) {
    const verify = () => verifySignature(key, bytes(message), signature);
    valid ? verify() : assert.throws(verify, INVALID, name);
  }
});

test('crypto.json: hashes, and lists with the path of each item', () => {
  const { hashes, lists } = vector('crypto.json');
  for (const { domain, bytes: hashed, hash } of cases(hashes)) {
    assert.equal(taggedHash(domain, bytes(hashed)), hash);
  }
  for (const { items, merkle_root: root, list_root: listRoot, paths } of cases(lists)) {
    const size = items.length;
    assert.equal(merkleRoot(items.map(bytes)), root);
    const count = Buffer.alloc(4);
    count.writeUInt32LE(size);
    assert.equal(taggedHash('allonge/list/1', Buffer.concat([count, bytes(root)])), listRoot);
    assert.equal(paths.length, size);
    for (const [index, path] of paths.entries()) {
      const item = bytes(items[index]);
      verifyInclusion(root, item, index, size, path);
      assert.throws(() => verifyInclusion(root, Buffer.from('another'), index, size, path), INVALID);
      assert.throws(() => verifyInclusion(root, item, index + 1, size, path), INVALID);
      assert.throws(() => verifyInclusion(root, item, index, size, [...path, root]), INVALID);
      for (const odd of [index + 2 ** 32, index + 0.5, -1, Number.NaN]) {
        assert.throws(() => verifyInclusion(root, item, odd, size, path), { code: 'input.invalid' });
      }
    }
  }
});

test('ledger.json: transactions have their bytes, ids and signatures', () => {
  const { genesis, transactions, bad_transactions: bad } = vector('ledger.json');
  const { network } = genesis[0];
  for (const { author, key, valid_until, operations, ...made } of cases(transactions)) {
    const transaction = { network, author, key, valid_until, operations };
    const body = canonicalBytes('transaction', record(transaction));
    assert.equal(hex(body), made.body, made.name);
    checkBytes('transaction', body, transaction);
    assert.equal(taggedHash('allonge/transaction/1', body), made.id);

    const message = Buffer.concat([Buffer.from('\x12allonge/approval/1'), bytes(network), bytes(made.id)]);
    assert.equal(hex(message), made.approval_message);
    for (const { key: signer, signature } of cases(made.approvals)) {
      verifySignature(signer, message, signature);
      assert.throws(() => verifySignature(signer, body, signature), INVALID);
    }
    const signed = { transaction, approvals: made.approvals };
    assert.equal(hex(canonicalBytes('signed_transaction', record(signed))), made.signed);
    checkBytes('signed_transaction', bytes(made.signed), signed);
  }
  for (const { signed, code, name } of cases(bad)) {
    assert.throws(() => fromCanonicalBytes('signed_transaction', bytes(signed)), { code }, name);
  }
});

/** The records that a genesis puts into the state. */
function firstState({ authorities, roster, parties, calendars }) {
  const first = ['epoch', 0, { from_height: 1, roster }];
  const admitted = cases(parties).map(({ id, name, keys }) => {
    return ['party', id, { id, name, keys: keys.map((key) => ({ key, valid_from: 1, revoked_at: null })) }];
  });
  const published = cases(calendars).map((calendar) => ['calendar', calendar.id, calendar]);
  return [['authorities', null, authorities], first, ...admitted, ...published].map(([kind, id, json]) => {
    return [stateKey(kind, id), canonicalBytes(kind, record(json))];
  });
}

test('ledger.json: what a ledger writes has its bytes and hashes', () => {
  const { genesis, headers, results, events, records } = vector('ledger.json');
  for (const { json, bytes: written, network, state_root: root, name } of cases(genesis)) {
    assert.equal(hex(canonicalBytes('genesis', record(json))), written, name);
    checkBytes('genesis', bytes(written), json);
    assert.equal(taggedHash('allonge/genesis/1', bytes(written)), network);
    assert.equal(stateRoot(firstState(json)), root);
  }
  for (const { json, bytes: written, digest } of cases(headers)) {
    checkBytes('header', bytes(written), json);
    assert.equal(taggedHash('allonge/header/1', bytes(written)), digest);
  }
  for (const { json, bytes: written } of cases(results)) {
    checkBytes('result', bytes(written), json);
  }
  for (const { json, bytes: written } of cases(events)) {
    checkBytes('event', bytes(`00${written}`), json);
  }
  for (const { name, key, bytes: written } of cases(records)) {
    const kind = STATE_KINDS[bytes(key)[0]];
    const found = fromCanonicalBytes(kind, bytes(written));
    checkStrict(kind, bytes(written));
    if (kind === 'answer') {
      assert.equal(hex(stateKey(kind, ['ALICCNBJXXX', '00000000000000000000000000000001'])), key);
    } else if (kind === 'epoch' || kind === 'roster_proposals') {
      assert.equal(hex(stateKey(kind, kind === 'epoch' ? 1 : 0)), key);
    } else if (kind === 'bucket') {
      // An hour after the start of the small ledger, 2 March 2026.
      assert.equal(hex(stateKey(kind, 492_337)), key);
    } else {
      const field = { policy: 'party', reversal: 'transaction' }[kind] ?? 'id';
      const id = found[field] ?? null;
      assert.equal(hex(stateKey(kind, id)), key, name);
    }
    if (!['answer', 'bucket', 'proposal', 'rules_schedule'].includes(kind)) {
      assert.equal(hex(canonicalBytes(kind, found)), written, name);
    }
  }
});

test('ledger.json: proofs of the state hold for what they prove alone', () => {
  const { state, bad_proofs: bad } = vector('ledger.json');
  const judged = { true: 0, false: 0 };
  for (const { records, root, proofs } of cases(state)) {
    assert.equal(stateRoot(records.map(({ key, value }) => [bytes(key), bytes(value)])), root);
    for (const { name, key, value, proof, holds } of cases(proofs)) {
      const verify = () => verifyStateProof(root, bytes(key), value === null ? null : bytes(value), bytes(proof));
      holds ? verify() : assert.throws(verify, INVALID, name);
      judged[holds] += 1;
    }
  }
  assert.ok(judged.true > 30 && judged.false > 60, JSON.stringify(judged));
  for (const { name, proof } of cases(bad)) {
    assert.throws(() => verifyStateProof(ZERO, bytes(''), null, bytes(proof)), { code: 'evidence.malformed' }, name);
  }
});

test('trade_records.json: operations, events and records have their bytes', () => {
  const vectors = vector('trade_records.json');
  for (const [section, kind, prefix] of [
    ['operations', 'operation', '01'],
    ['events', 'event', '01'],
    ['credits', 'letter_of_credit', ''],
    ['presentations', 'presentation', ''],
    ['claims', 'claim', ''],
  ]) {
    for (const { json, bytes: frozen } of cases(vectors[section])) {
      const written = prefix + frozen;
      checkBytes(kind, bytes(written), json);
      if (kind === 'event') {
        assert.throws(() => canonicalBytes(kind, record(json)), { code: 'input.invalid' });
      } else {
        assert.equal(hex(canonicalBytes(kind, record(json))), written);
      }
    }
  }
});

test('certificates.json: certificates of the engine hold here, and bad ones do not', () => {
  const { good, bad, rosters } = vector('certificates.json');
  const roster = ({ validators }) => validators.map((key) => `ed25519:${key}`);
  const payloads = new Map();
  for (const { name, network_id: network, payload, finalization, ...made } of cases(good)) {
    payloads.set(name, payload);
    const certificate = bytes(finalization);
    verifyCertificate(network, roster(made), payload, certificate);
    assert.throws(() => verifyCertificate(ZERO, roster(made), payload, certificate), INVALID, name);
    assert.throws(() => verifyCertificate(network, roster(made), ZERO, certificate), INVALID, name);
  }
  for (const { name, namespace, of, finalization, ...made } of cases(bad)) {
    // A committee with an odd key is refused before its certificate is read.
    const code = name === 'identity_key_signs_anything' ? 'input.invalid' : /^evidence\.(invalid|malformed)$/;
    const network = hex(bytes(namespace).subarray(8));
    const verify = () => verifyCertificate(network, roster(made), payloads.get(of), bytes(finalization));
    assert.throws(verify, { code }, name);
  }
  for (const { name, ...made } of cases(rosters)) {
    const make = () => canonicalBytes('roster', roster(made));
    name === 'four' ? checkBytes('roster', make(), roster(made)) : assert.throws(make, { code: 'input.invalid' }, name);
  }
});
