import { awaited, call } from './border.cjs';
import * as native from './native.cjs';
import type { VerifiedReceipt } from './records.cjs';
import type { Trust } from './trust.cjs';
import { fromWire } from './wire.cjs';

/** One self-contained file that proves a transaction and its result from nothing but the genesis. */
export class Receipt {
  readonly #native: native.Receipt;

  private constructor(receipt: native.Receipt) {
    this.#native = receipt;
  }

  /** @internal */
  static of(receipt: native.Receipt): Receipt {
    return new Receipt(receipt);
  }

  /**
   * Reads a receipt. What it says is proved only by {@link Receipt.verify}.
   *
   * Errors: `receipt.malformed`, `receipt.version`.
   */
  static fromBytes(bytes: Uint8Array): Receipt {
    return new Receipt(call(() => native.Receipt.fromBytes(bytes)));
  }

  /**
   * Reads a receipt from a file.
   *
   * Errors: `file.io`, `receipt.malformed`, `receipt.version`.
   */
  static async load(path: string): Promise<Receipt> {
    return new Receipt(await awaited(() => native.Receipt.load(path)));
  }

  /** The bytes of the file. */
  toBytes(): Uint8Array {
    return call(() => this.#native.toBytes());
  }

  /**
   * Writes the receipt to a file.
   *
   * Errors: `file.io`.
   */
  async save(path: string): Promise<void> {
    await awaited(() => this.#native.save(path));
  }

  /**
   * Proves the transaction and its result, with no node and no network, and says what they were.
   *
   * Errors: `receipt.wrong_network`, `receipt.invalid`.
   */
  verify(trust: Trust): VerifiedReceipt {
    return fromWire(call(() => this.#native.verify(trust.native())));
  }
}
