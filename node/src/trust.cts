import { awaited, call } from './border.cjs';
import * as native from './native.cjs';
import type { Genesis, Hash } from './records.cjs';
import { fromWire } from './wire.cjs';

/** A genesis to verify receipts against. */
export class Trust {
  readonly #native: native.Trust;

  private constructor(trust: native.Trust) {
    this.#native = trust;
  }

  /** @internal */
  static of(trust: native.Trust): Trust {
    return new Trust(trust);
  }

  /**
   * Trusts the genesis of a file: the `genesis.json` of a ledger's directory.
   *
   * Errors: `file.io`, `input.invalid`.
   */
  static async load(path: string): Promise<Trust> {
    return new Trust(await awaited(() => native.Trust.load(path)));
  }

  /**
   * Trusts a genesis, the text of such a file.
   *
   * Errors: `input.invalid`.
   */
  static fromJson(json: string): Trust {
    return new Trust(call(() => native.Trust.fromJson(json)));
  }

  /** The network's id: pin this. */
  get network(): Hash {
    return this.#native.network;
  }

  /** The genesis. */
  get genesis(): Genesis {
    return fromWire(this.toJson());
  }

  /** The text of the file. */
  toJson(): string {
    return call(() => this.#native.toJson());
  }

  /** @internal */
  native(): native.Trust {
    return this.#native;
  }
}
