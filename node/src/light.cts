import { call } from './border.cjs';
import * as native from './native.cjs';
import type { Checkpoint } from './records.cjs';
import type { Trust } from './trust.cjs';
import { fromWire } from './wire.cjs';

/**
 * Follows the headers of a network by their certificates alone, over every change of its validators.
 *
 * It needs no copy of the ledger. Headers come as bytes, from {@link Ledger.headers} of whoever has one, and nothing is
 * believed that the validators in office have not certified.
 */
export class LightClient {
  readonly #native: native.LightClient;

  /**
   * Begins at the genesis, or goes on from where one stood, as {@link toBytes} says it. Whoever gives these bytes is
   * trusted: keep them where nobody else writes.
   *
   * Errors: `genesis.invalid`, `headers.invalid`, `receipt.wrong_network`.
   */
  constructor(trust: Trust, kept?: Uint8Array) {
    this.#native = call(() =>
      kept === undefined
        ? new native.LightClient(trust.native())
        : native.LightClient.fromBytes(kept, trust.native()),
    );
  }

  /** Where it stands, to be kept. */
  toBytes(): Uint8Array {
    return call(() => this.#native.toBytes());
  }

  /**
   * Follows headers from the next height on, up to the last that is certified; answers the newest block that is final.
   * When one does not hold it stays where it was.
   *
   * Errors: `headers.invalid`.
   */
  follow(headers: Uint8Array): Checkpoint {
    return fromWire(call(() => this.#native.follow(headers)));
  }

  /** The newest block that it knows to be final; at height 0 the genesis. */
  get checkpoint(): Checkpoint {
    return fromWire(call(() => this.#native.checkpoint()));
  }
}
