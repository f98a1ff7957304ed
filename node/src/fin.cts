// SWIFT messages in and out.

import { call } from './border.cjs';
import * as native from './native.cjs';
import type { FinRecord, MappedCredit, MappingOptions } from './records.cjs';
import { fromWire } from './wire.cjs';
import { toJson } from './written.cjs';

/**
 * Reads a FIN message, by the newest standards that are built in.
 *
 * Throws {@link FinError}, whose `faults` list everything wrong with it.
 */
export function parse(message: string | Uint8Array): FinRecord {
  return fromWire(call(() => native.finParse(bytesOf(message))));
}

/**
 * Writes a FIN message: what {@link parse} gave, unedited, gives back the original bytes; edited, the
 * canonical form.
 *
 * Throws {@link FinError}.
 */
export function format(message: FinRecord): Uint8Array {
  const json = toJson(message, 'message');
  return call(() => native.finFormat(json));
}

/**
 * Turns an MT700 into the terms of a letter of credit, with a report of what became of every field.
 *
 * Throws {@link FinError}, whose `problems` list every reason why it does not become terms.
 */
export function letterOfCredit(message: FinRecord, options: MappingOptions = {}): MappedCredit {
  const json = toJson(message, 'message');
  const choices = toJson(options, 'options');
  return fromWire(call(() => native.finLetterOfCredit(json, choices)));
}

function bytesOf(message: string | Uint8Array): Uint8Array {
  return typeof message === 'string' ? Buffer.from(message, 'utf8') : message;
}
