// The vectors that every language replays.

import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { documentDigest, FinError, fin, Receipt, Signer, Trust } from 'allonge';

import { directory, vector, vectorPath, wire } from './support.mjs';

const bytes = (hex) => Buffer.from(hex, 'hex');

/** As records show it. */
const record = (value) => wire.fromWire(JSON.stringify(value));

for (const file of readdirSync(vectorPath('.')).filter((name) => /^receipts.*\.json$/.test(name))) {
  test(`${file}: good receipts prove what they say, bad ones say why not`, () => {
    const { genesis, good, bad } = vector(file);
    const trusts = new Map();
    for (const { name, json, network } of genesis) {
      const trust = Trust.fromJson(JSON.stringify(json));
      assert.equal(trust.network, network, name);
      trusts.set(name, trust);
    }
    for (const { name, genesis, receipt, proves } of good) {
      const found = Receipt.fromBytes(bytes(receipt));
      assert.equal(Buffer.from(found.toBytes()).toString('hex'), receipt, name);
      const proven = found.verify(trusts.get(genesis));
      const { transaction, height, time, stateRoot, author, keys, operations } = proven;
      assert.deepEqual(
        { id: transaction, height, time, stateRoot, author, keys, operations },
        (({ id, height, time, stateRoot, author, keys, operations }) => ({
          id,
          height,
          time,
          stateRoot,
          author,
          keys,
          operations,
        }))(record(proves)),
        name,
      );
    }
    for (const { name, genesis, receipt, code } of bad) {
      assert.throws(() => Receipt.fromBytes(bytes(receipt)).verify(trusts.get(genesis)), { code }, name);
    }
  });
}

test('trade.json: the receipts of a letter of credit', { skip: !vector('trade.json') && 'no such file' }, () => {
  const { genesis, network, good, bad } = vector('trade.json');
  const trust = Trust.fromJson(JSON.stringify(genesis));
  assert.equal(trust.network, network);
  for (const { name, receipt, proves } of good) {
    assert.deepEqual(Receipt.fromBytes(bytes(receipt)).verify(trust), record(proves), name);
  }
  for (const { name, receipt, code } of bad) {
    assert.throws(() => Receipt.fromBytes(bytes(receipt)).verify(trust), { code }, name);
  }
});

test('trade_records.json: keys of records change their case, and come back', () => {
  for (const section of ['operations', 'events', 'credits', 'presentations', 'claims']) {
    for (const { json } of vector('trade_records.json')[section]) {
      const there = record(json);
      assert.ok(!JSON.stringify(Object.keys(there)).includes('_'), JSON.stringify(there));
      assert.deepEqual(JSON.parse(wire.toWire(there)), json);
    }
  }
});

test('crypto.json: keys come of their seeds, and what they sign another implementation verifies', () => {
  for (const { seed, public_key: text } of vector('crypto.json').keys) {
    const signer = Signer.fromSeed(bytes(seed));
    assert.equal(signer.publicKey, text);
    const x = Buffer.from(text.replace('ed25519:', ''), 'hex').toString('base64url');
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
    const message = Buffer.from('one letter of credit');
    assert.ok(verify(null, message, key, bytes(signer.sign(message).replace('ed25519:', ''))));
  }
});

test('documents.json: documents of any length have these digests, in constant memory', async (t) => {
  const path = join(directory(t), 'document');
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 1);
  t.after(() => clearInterval(turning));
  for (const { byte, length, sha256 } of vector('documents.json').documents) {
    writeFileSync(path, byte === 0 ? '' : Buffer.alloc(length, byte));
    truncateSync(path, length);
    const before = process.memoryUsage().rss;
    assert.deepEqual(await documentDigest(path), { sha256, length });
    assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024);
  }
  assert.ok(turns > 10, 'the event loop turns meanwhile');
});

test('fin: good messages come back, bad ones list their faults', () => {
  for (const file of readdirSync(vectorPath('fin')).filter((name) => name.endsWith('.fin'))) {
    const text = readFileSync(vectorPath(join('fin', file)));
    const expected = JSON.parse(readFileSync(vectorPath(join('fin', file.replace(/fin$/, 'json'))), 'utf8'));
    if (expected.faults !== undefined) {
      assert.throws(
        () => fin.parse(text),
        (error) => {
          assert.ok(error instanceof FinError);
          assert.deepEqual(error.faults, record(expected.faults), file);
          return true;
        },
      );
    } else {
      const message = fin.parse(text);
      assert.deepEqual(message, record(expected), file);
      assert.deepEqual(Buffer.from(fin.format(message)), text, file);
    }
  }
});
