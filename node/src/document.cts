import { awaited } from './border.cjs';
import * as native from './native.cjs';
import type { DocumentDigest } from './records.cjs';
import { fromWire } from './wire.cjs';

/**
 * Hashes a file as it streams by, in constant memory, whatever its size.
 *
 * Errors: `file.io`.
 */
export async function documentDigest(path: string): Promise<DocumentDigest> {
  return fromWire(await awaited(() => native.documentDigest(path)));
}
