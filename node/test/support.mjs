// What the tests share: directories that go away, the vectors, and the ledger of the story.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { fin, Ledger, money } from 'allonge';
import { simulate } from 'allonge/testing';

const require = createRequire(import.meta.url);

/** The native half with its test hooks, and the way every call of it takes. */
export const native = require('../dist/native.cjs');
export const border = require('../dist/border.cjs');
export const wire = require('../dist/wire.cjs');
export const waits = require('../dist/wait.cjs');

export const TOP = fileURLToPath(new URL('../..', import.meta.url));

/** A directory that goes away with the test. */
export function directory(t) {
  const path = mkdtempSync(join(tmpdir(), 'allonge-'));
  t.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

export function vectorPath(name) {
  return join(TOP, 'tests/vectors', name);
}

/** A vector file, or undefined where it is not there. */
export function vector(name) {
  const path = vectorPath(name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}

export const CREDIT = 'SYNBCNBJXXX/BJ26LC000127';
export const PRESENTATION = `${CREDIT}/1`;
export const CLAIM = PRESENTATION;
export const ISSUING_ACCOUNT = 'SYNBCNBJXXX/USD/settlement';
export const PRESENTING_ACCOUNT = 'SYNADEFFXXX/USD/settlement';

/** A fresh ledger on a manual clock, closed with the test. */
export async function open(t, options = {}) {
  const path = directory(t);
  const ledger = await Ledger.open(path, { clock: 'manual', start: '2026-03-02T01:00:00Z', ...options });
  t.after(() => ledger.close());
  return { ledger, path };
}

/** The same on a simulated network; the path is that of an empty directory. */
export async function openSimulated(t) {
  return { ledger: await simulate(t, { start: '2026-03-02T01:00:00Z' }), path: directory(t) };
}

/** Two banks, money, and a credit that was issued and advised. */
export async function beginStory(t, opening = open) {
  const { ledger, path } = await opening(t);
  const operator = ledger.operator();
  const issuing = await ledger.admit('SYNBCNBJXXX', 'Synthetic Bank of China');
  const advising = await ledger.admit('SYNADEFFXXX', 'Synthetische Bank AG');
  const done = async (session, operation) => (await session.submit(operation)).committed();

  await done(operator, { type: 'open_account', account: 'operator/USD/issue' });
  await done(issuing, { type: 'open_account', account: ISSUING_ACCOUNT });
  await done(advising, { type: 'open_account', account: PRESENTING_ACCOUNT });
  await done(operator, {
    type: 'transfer',
    from: 'operator/USD/issue',
    to: ISSUING_ACCOUNT,
    amount: money(200_000_000n, 'USD'),
    reference: 'funding',
  });

  const { number, terms } = fin.letterOfCredit(fin.parse(readFileSync(vectorPath('fin/mt700_usance.fin'))));
  await done(issuing, { type: 'issue_credit', number, terms });
  await done(advising, { type: 'advise_credit', credit: CREDIT, authenticity: 'verified' });
  return { ledger, path, operator, issuing, advising, done };
}

export function present(amount = '1250000.00') {
  return {
    type: 'present_documents',
    credit: CREDIT,
    amount: money(amount, 'USD'),
    account: PRESENTING_ACCOUNT,
    coveringReference: 'COVER-0042',
    shipment: { date: '2026-04-20', evidence: 'on_board_notation' },
    documents: [
      {
        title: 'COMMERCIAL INVOICE',
        sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
        length: 3,
        mediaType: 'application/pdf',
        originals: 3,
        copies: 3,
      },
    ],
  };
}

export const accept = { type: 'accept_presentation', presentation: PRESENTATION };

export function pay(to = PRESENTING_ACCOUNT) {
  return { type: 'pay_claim', claim: CLAIM, from: ISSUING_ACCOUNT, to, amount: money('1250000.00', 'USD') };
}

export const closeCredit = { type: 'close_credit', credit: CREDIT };
