// What an auditor does without an open ledger.

import { call } from './border.cjs';
import * as native from './native.cjs';
import type { ProvenRecord } from './page.cjs';
import type {
  AccountId,
  Checkpoint,
  PartyId,
  ProvenAccount,
  ProvenAnswer,
  ProvenHistory,
  RecordIds,
  RecordKind,
  ReplayRecord,
  Timestamp,
} from './records.cjs';
import type { Trust } from './trust.cjs';
import { type WaitOptions, wholly } from './wait.cjs';
import { fromWire } from './wire.cjs';
import { timestamp, toJson } from './written.cjs';

/**
 * Proves what an account was, or that it was not open, from a file of {@link Ledger.proveAccount} and the genesis.
 *
 * Errors: `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
 */
export function verifyAccount(bytes: Uint8Array, trust: Trust, account: AccountId): ProvenAccount {
  return fromWire(call(() => native.verifyAccount(bytes, trust.native(), account)));
}

/**
 * Proves which transaction used a party's idempotency key, or that none with this `validUntil` did, and with `settled`
 * that none ever will, from a file of {@link Ledger.proveAnswer} and the genesis.
 *
 * Errors: `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
 */
export function verifyAnswer(
  bytes: Uint8Array,
  trust: Trust,
  party: PartyId,
  key: string,
  validUntil: Date | Timestamp,
): ProvenAnswer {
  return fromWire(call(() => native.verifyAnswer(bytes, trust.native(), party, key, timestamp(validUntil))));
}

/**
 * Proves that a newer block continues the history of an older one, from a file of {@link Ledger.proveHistory} and the
 * genesis. With a checkpoint, the older block must be the one that was kept. Keep the newer one for the next time.
 *
 * Errors: `history.forked` when another block than the one that was kept stands at its height; `receipt.malformed`,
 * `receipt.version`, `receipt.wrong_network`, `receipt.invalid`.
 */
export function verifyHistory(bytes: Uint8Array, trust: Trust, checkpoint?: Checkpoint | null): ProvenHistory {
  const json = checkpoint === undefined || checkpoint === null ? undefined : toJson(checkpoint, 'checkpoint');
  return fromWire(call(() => native.verifyHistory(bytes, trust.native(), json)));
}

/**
 * Proves what a record was, or that there was none with this id, from a file of {@link Ledger.prove} and the genesis.
 *
 * Errors: `receipt.malformed`, `receipt.version`, `receipt.wrong_network`, `receipt.invalid`, `input.invalid`.
 */
export function verifyRecord<K extends RecordKind>(
  bytes: Uint8Array,
  trust: Trust,
  kind: K,
  id: RecordIds[K],
): ProvenRecord<K> {
  return fromWire(call(() => native.verifyRecord(bytes, trust.native(), kind, id)));
}

/**
 * Executes a backup, or the `blocks.log` of a ledger, again from its genesis: every signature, certificate, header,
 * result and state root. With `trust` it must be the ledger of that genesis. It takes as long as the ledger is,
 * beside the event loop; there is no deadline but the one given.
 *
 * Errors: `replay.bad_block` with the first height that does not hold, `replay.not_a_log`,
 * `receipt.wrong_network`, `store.io`.
 */
export async function replay(path: string, trust?: Trust, wait?: WaitOptions): Promise<ReplayRecord> {
  return fromWire(await wholly(() => native.replay(path, trust?.native()), wait));
}

/**
 * Makes a ledger in a directory of a backup that holds: it is executed again first, as by {@link replay}. Keys are
 * not in a backup: put the directory `keys` of the old ledger into the new one, then open it.
 *
 * Errors: as of {@link replay}; `store.exists` when the directory holds a ledger.
 */
export async function restore(
  backup: string,
  directory: string,
  trust?: Trust,
  wait?: WaitOptions,
): Promise<ReplayRecord> {
  return fromWire(await wholly(() => native.restore(backup, directory, trust?.native()), wait));
}
