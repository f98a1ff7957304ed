// Evidence, piece by piece: what an auditor checks who has bytes, hashes and proofs rather than a receipt. Pure
// functions, with no ledger, no file and no network; docs/format.md says what the bytes are, and lists the kinds.

import { call } from './border.cjs';
import * as native from './native.cjs';
import type { Hash, PublicKey, Roster } from './records.cjs';
import { fromWire } from './wire.cjs';
import { toJson } from './written.cjs';

/**
 * The canonical bytes of a record: what is hashed and signed. What only a ledger writes is read and never made
 * here: `event`, `result`, `header`, `answer`, `bucket`, `rules_schedule`, `proposal`.
 *
 * Errors: `input.invalid`, which says where and why; `transaction.*` for transactions.
 */
export function canonicalBytes(kind: string, record: unknown): Uint8Array {
  const json = toJson(record, 'record');
  return call(() => native.canonicalBytes(kind, json));
}

/**
 * The record that canonical bytes say. Bytes that say it in another way are refused.
 *
 * Errors: `evidence.malformed`; `transaction.*` for transactions; `input.invalid` for the kind.
 */
export function fromCanonicalBytes(kind: string, bytes: Uint8Array): unknown {
  return fromWire(call(() => native.fromCanonicalBytes(kind, bytes)));
}

/**
 * The key under which the state has the record of this kind and id: `null` for the authorities and the schedule of the
 * rules, a party and an idempotency key for an answer, the hours since 1970 for a bucket.
 *
 * Errors: `input.invalid`.
 */
export function stateKey(kind: string, id: string | number | null | readonly [string, string]): Uint8Array {
  const json = toJson(id, 'id');
  return call(() => native.stateKey(kind, json));
}

/**
 * The hash of bytes for one purpose, which the tag says: the id of a transaction is that of its body for
 * `allonge/transaction/1`.
 *
 * Errors: `input.invalid` for a tag of more than 255 bytes.
 */
export function taggedHash(tag: string, bytes: Uint8Array): Hash {
  return call(() => native.taggedHash(tag, bytes));
}

/**
 * The Merkle root of a list (RFC 6962, section 2.1).
 *
 * What stands in a header is mostly a list root: the hash tagged `allonge/list/1` of the number of items, four
 * bytes, the lowest first, and this root.
 */
export function merkleRoot(items: Iterable<Uint8Array>): Hash {
  return call(() => native.merkleRoot([...items]));
}

/**
 * Checks that an item stands at `index`, from 0, of the list of `size` items with this Merkle root. The path has
 * the neighbouring subtrees, from the item up.
 *
 * Errors: `evidence.invalid`.
 */
export function verifyInclusion(
  root: Hash,
  item: Uint8Array,
  index: number,
  size: number,
  path: readonly Hash[],
): void {
  call(() => native.verifyInclusion(root, item, index, size, [...path]));
}

/**
 * The root of the state that has these records, each a key with its value. Of equal keys the last counts.
 *
 * Errors: `input.invalid` for more records than a tree holds.
 */
export function stateRoot(records: Iterable<readonly [key: Uint8Array, value: Uint8Array]>): Hash {
  return call(() => native.stateRoot(Array.from(records, ([key, value]) => ({ key, value }))));
}

/**
 * Checks that the state with this root has the value under the key; with `null`, that it has nothing there.
 *
 * Errors: `evidence.malformed`, `evidence.invalid`.
 */
export function verifyStateProof(root: Hash, key: Uint8Array, value: Uint8Array | null, proof: Uint8Array): void {
  call(() => native.verifyStateProof(root, key, value, proof));
}

/**
 * Checks that a key may be registered: that it is canonical and of the prime-order subgroup.
 *
 * Errors: `key.refused`.
 */
export function vetKey(key: PublicKey): void {
  call(() => native.vetKey(key));
}

/**
 * Checks a signature of a message, as the ledger does: by ZIP-215. It says nothing of a key that {@link vetKey}
 * refuses.
 *
 * Errors: `evidence.invalid`.
 */
export function verifySignature(key: PublicKey, message: Uint8Array, signature: string): void {
  call(() => native.verifySignature(key, message, signature));
}

/**
 * Checks that a quorum of the validators of a network made the header with this digest final. The roster stands in
 * the genesis.
 *
 * Errors: `evidence.malformed`, `evidence.invalid`; `input.invalid` for the roster.
 */
export function verifyCertificate(
  network: Hash,
  roster: Roster,
  header: Hash,
  certificate: Uint8Array,
): void {
  const json = toJson(roster, 'roster');
  call(() => native.verifyCertificate(network, json, header, certificate));
}
