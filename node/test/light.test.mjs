// Light clients: headers by their certificates alone.

import assert from 'node:assert/strict';
import test from 'node:test';

import { HeadersError, LightClient, Trust } from 'allonge';

import { open, vector } from './support.mjs';

const bytes = (text) => Buffer.from(text, 'hex');
const hex = (found) => Buffer.from(found).toString('hex');

const { genesis, headers, checkpoint, kept } = vector('light.json');
const trust = Trust.fromJson(JSON.stringify(genesis));

test('headers are followed over three changes of the validators', () => {
  const light = new LightClient(trust);
  assert.equal(light.checkpoint.height, 0);
  assert.deepEqual(light.follow(bytes(headers)), checkpoint);
  assert.equal(hex(light.toBytes()), kept);
  assert.deepEqual(new LightClient(trust, light.toBytes()).checkpoint, checkpoint);
});

test('one wrong byte, and nothing is believed', () => {
  const length = bytes(headers).length;
  for (const place of [4, 300, length >> 1, length - 1]) {
    const light = new LightClient(trust);
    const wrong = Uint8Array.from(bytes(headers));
    wrong[place] ^= 1;
    assert.throws(
      () => light.follow(wrong),
      (error) => error instanceof HeadersError && error.code === 'headers.invalid',
    );
    assert.equal(light.checkpoint.height, 0);
  }
});

test('a ledger gives its headers', async (t) => {
  const { ledger } = await open(t);
  await ledger.advanceTo('2026-03-03T01:00:00Z');
  await ledger.advanceTo('2026-03-03T02:00:00Z');
  const light = new LightClient(ledger.trust);
  const newest = await ledger.checkpoint();
  while (light.checkpoint.height < newest.height) light.follow(await ledger.headers(light.checkpoint.height, 1));
  assert.deepEqual(light.checkpoint, newest);
});
