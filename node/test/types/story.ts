// What compiles, and what must not.

import {
  type Claim,
  type Event,
  fin,
  InputError,
  Ledger,
  LetterOfCreditError,
  type Money,
  money,
  type Operation,
  type Outcome,
  type Page,
  type Preview,
  Receipt,
  type ReplayRecord,
  replay,
  Signer,
  type Statement,
  Trust,
  verifyAccount,
  verifyRecord,
} from 'allonge';

export async function story(): Promise<void> {
  const ledger = await Ledger.open('bank', { clock: 'manual', start: new Date(0), currencies: ['USD'] });
  const session = ledger.session('SYNBCNBJXXX', Signer.generate());
  const { number, terms } = fin.letterOfCredit(fin.parse(''));
  const issue: Operation = { type: 'issue_credit', number, terms };
  const outcome: Outcome = await session.submit(issue, { deadlineMs: 1_000, signal: AbortSignal.timeout(1_000) });
  if (outcome.kind === 'rejected') {
    const { code, article }: { code: string; article: string | undefined } = outcome.error;
    console.log(code, article);
  } else if (outcome.kind === 'expired') {
    const proof: Uint8Array = outcome.proof;
    console.log(proof.length, outcome.validUntil);
  } else if (outcome.kind === 'unknown') {
    const resolved: Outcome = await outcome.resolve({ deadlineMs: 1_000 });
    console.log(resolved.transaction);
  } else {
    outcome.events.map(({ event }) => named(event));
  }
  const claim: Claim | null = await ledger.claim('SYNBCNBJXXX/LC1/1');
  console.log(claim?.holderOfRecord, claim?.amount.amount);
  for await (const entry of ledger.subscribe({ after: '1/1' })) {
    console.log(entry.cursor);
  }
  const due: Page<Claim> = await ledger.claims({ holder: 'SYNBCNBJXXX', status: 'outstanding', dueUntil: '2026-07-20' });
  console.log(due.items[0]?.amount, due.cursor, (await ledger.credit('SYNBCNBJXXX/LC1', { height: 1 }))?.state.type);
  const file: Uint8Array = await ledger.prove('claim', 'SYNBCNBJXXX/LC1/1');
  console.log(verifyRecord(file, ledger.trust, 'claim', 'SYNBCNBJXXX/LC1/1').record?.holderOfRecord);
  const foreseen: Preview = await session.preview(issue);
  const again: Outcome = await ledger.submit(await session.prepare(issue));
  console.log(foreseen.stateRoot, again.committed().height);
  const { opening, entries }: Statement = await ledger.statement('SYNBCNBJXXX/USD/1', '2026-03-01', '2026-03-31');
  console.log(opening.amount, entries[0]?.valueDate, (await ledger.balance('SYNBCNBJXXX/USD/1', { height: 1 })).balance);
  const { stateRoot }: ReplayRecord = await replay('backup', ledger.trust, { deadlineMs: 1_000 });
  console.log(stateRoot, verifyAccount(new Uint8Array(), ledger.trust, 'SYNBCNBJXXX/USD/1').account?.held);
  const bytes: Uint8Array = outcome.committed().receipt.toBytes();
  console.log(Receipt.fromBytes(bytes).verify(Trust.fromJson('')).operations[0]?.type);
}

/** A union is told apart by its type. */
function named(event: Event): string {
  return event.type === 'claim_created' ? event.holderOfRecord : event.type;
}

export function caught(error: unknown): string | undefined {
  if (error instanceof LetterOfCreditError) {
    return error.article;
  }
  if (error instanceof InputError) {
    return error.details['where'];
  }
  return undefined;
}

export const exact: Money[] = [
  { amount: '100.00', currency: 'USD' },
  { minorUnits: 10000n, currency: 'USD' },
  money('100.00', 'USD'),
  money(10000n, 'USD'),
];

export const inexact: Money[] = [
  // @ts-expect-error a number is no amount
  { amount: 100, currency: 'USD' },
  // @ts-expect-error nor are minor units
  { minorUnits: 10000, currency: 'USD' },
  // @ts-expect-error a bigint is minor units only
  { amount: 10000n, currency: 'USD' },
  // @ts-expect-error one or the other
  { amount: '100.00', minorUnits: 10000n, currency: 'USD' },
  // @ts-expect-error money needs its currency
  { amount: '100.00' },
  // @ts-expect-error a number is no amount
  money(0.1, 'USD'),
];

// @ts-expect-error there is no such operation
export const unknown: Operation = { type: 'issue_cheque' };
// @ts-expect-error a payment says from where
export const incomplete: Operation = { type: 'pay_claim', claim: 'A/1/1', to: 'B/USD/x', amount: money(1n, 'USD') };
