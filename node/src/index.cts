/**
 * Issue, prove and settle trade-finance instruments on a ledger that proves what it says.
 *
 * Start with {@link Ledger.open}. Whoever only checks a receipt needs {@link Receipt} and {@link Trust}.
 *
 * @packageDocumentation
 */

export { replay, restore, verifyAccount, verifyAnswer, verifyHistory, verifyRecord } from './audit.cjs';
export { documentDigest } from './document.cjs';
export { AllongeError } from './error.cjs';
export type { ErrorDetails } from './error.cjs';
export * from './errors.cjs';
export * as evidence from './evidence.cjs';
export * as fin from './fin.cjs';
export { Ledger } from './ledger.cjs';
export type { AtHeight, BalanceOptions, ConnectOptions, EntriesOptions, OpenOptions, RecordsOptions, SimulateOptions, SubscribeOptions } from './ledger.cjs';
export { LightClient } from './light.cjs';
export { money } from './money.cjs';
export type { Money } from './money.cjs';
export { SimulatedNetwork } from './network.cjs';
export type { Lie, LinkOptions } from './network.cjs';
export { Committed, Expired, Rejected, Submission, Unknown } from './outcome.cjs';
export type { Outcome } from './outcome.cjs';
export type { Page, ProvenRecord } from './page.cjs';
export { Receipt } from './receipt.cjs';
export type * from './records.cjs';
export { errors } from './registry.cjs';
export type { ErrorEntry } from './registry.cjs';
export { Session } from './session.cjs';
export type { SubmitOptions } from './session.cjs';
export { Signer } from './signer.cjs';
export { Subscription } from './subscription.cjs';
export { Trust } from './trust.cjs';
export type { WaitOptions } from './wait.cjs';
