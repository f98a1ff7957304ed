// ESM and CommonJS are the same code, so a class is the same class in both.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

import * as esm from 'allonge';

import { TOP } from './support.mjs';

const cjs = createRequire(import.meta.url)('allonge');

/** What Node adds to a CommonJS module that is imported. */
const BY_NODE = new Set(['default', 'module.exports', '__esModule']);

test('both have the same names and the same classes', () => {
  const names = Object.keys(cjs).sort();
  assert.deepEqual(Object.keys(esm).filter((name) => !BY_NODE.has(name)).sort(), names);
  for (const name of names) {
    assert.equal(esm[name], cjs[name], name);
  }
});

test('the public names are these', () => {
  const names = Object.keys(cjs).filter((name) => !name.endsWith('Error')).sort();
  assert.deepEqual(names, [
    'Committed',
    'Expired',
    'Ledger',
    'LightClient',
    'Receipt',
    'Rejected',
    'Session',
    'Signer',
    'SimulatedNetwork',
    'Submission',
    'Subscription',
    'Trust',
    'Unknown',
    'documentDigest',
    'errors',
    'evidence',
    'fin',
    'money',
    'replay',
    'restore',
    'verifyAccount',
    'verifyAnswer',
    'verifyHistory',
    'verifyRecord',
  ]);
});

test('the version is that of the workspace', () => {
  const [, version] = readFileSync(join(TOP, 'Cargo.toml'), 'utf8').match(/^version = "(.*)"$/m);
  assert.equal(JSON.parse(readFileSync(join(TOP, 'node/package.json'), 'utf8')).version, version);
});
