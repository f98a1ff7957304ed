// A defect of the native half is an error, not the end of the process.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { InternalError } from 'allonge';

import { border, native } from './support.mjs';

function isInternal(error) {
  assert.ok(error instanceof InternalError);
  assert.equal(error.code, 'internal.error');
  assert.match(error.message, /a panic on request/);
  return true;
}

test('a panic in a call, in a future and in work on the pool', async () => {
  assert.throws(() => border.call(() => native.panicInCall()), isInternal);
  await assert.rejects(border.awaited(() => native.panicInFuture()), isInternal);
  await assert.rejects(border.awaited(() => native.panicInWork()), isInternal);
  // And everything still works.
  await assert.rejects(border.awaited(() => native.panicInFuture()), isInternal);
});
