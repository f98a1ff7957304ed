// Every row of the registry has its class, and the class carries the row.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

import * as allonge from 'allonge';

import { border, vectorPath } from './support.mjs';

const { AllongeError, errors } = allonge;

test('every code has a class, a remedy and its particulars', () => {
  const rows = errors();
  assert.ok(rows.length > 80);
  for (const row of rows) {
    const error = border.arisen(row.code, { reason: 'a test' });
    assert.ok(error instanceof AllongeError && error instanceof Error, row.code);
    assert.notEqual(error.constructor, AllongeError, row.code);
    assert.equal(allonge[error.name], error.constructor, `${error.name} is exported`);
    const { code, phase, retryable, actor, remedy } = error;
    assert.deepEqual(
      { code, phase, retryable, actor, remedy, rule: error.rule ?? null, article: error.article ?? null },
      (({ message, says, ...rest }) => rest)(row),
    );
    assert.ok(remedy.length > 0 && error.message.length > 0, row.code);
    assert.ok(!row.says || (row.article && row.says.en.endsWith('.') && row.says.zh.endsWith('。')), row.code);
    assert.deepEqual(error.details, { reason: 'a test' });
  }
});

test('codes are the frozen ones', { skip: !existsSync(vectorPath('errors.json')) && 'no tests/vectors/errors.json' }, () => {
  const frozen = JSON.parse(readFileSync(vectorPath('errors.json'), 'utf8'));
  const list = Array.isArray(frozen) ? frozen : frozen.errors;
  const codes = new Set(errors().map(({ code }) => code));
  for (const row of list) {
    assert.ok(codes.has(row.code ?? row), row.code ?? row);
  }
});

test('an error of one family is not of another', () => {
  const claim = border.arisen('claim.not_due', {});
  assert.ok(claim instanceof allonge.ClaimError);
  assert.ok(!(claim instanceof allonge.LetterOfCreditError));
  assert.ok(!(claim instanceof TypeError));
  assert.ok(!(new Error('other') instanceof AllongeError));
  assert.ok(!(null instanceof AllongeError));
});
