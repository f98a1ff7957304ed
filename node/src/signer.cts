import { call } from './border.cjs';
import * as native from './native.cjs';
import type { PublicKey } from './records.cjs';

/** An Ed25519 key in this process's memory. */
export class Signer {
  readonly #native: native.Signer;

  private constructor(signer: native.Signer) {
    this.#native = signer;
  }

  /** Makes a new key. */
  static generate(): Signer {
    return new Signer(call(() => native.Signer.generate()));
  }

  /**
   * Takes the 32-byte private key of RFC 8032.
   *
   * Errors: `input.invalid`.
   */
  static fromSeed(seed: Uint8Array): Signer {
    return new Signer(call(() => native.Signer.fromSeed(seed)));
  }

  /** The public half: `ed25519:3b6a…`. */
  get publicKey(): PublicKey {
    return this.#native.publicKey;
  }

  /** Signs bytes; the signature is written `ed25519:` and hexadecimal. */
  sign(message: Uint8Array): string {
    return call(() => this.#native.sign(message));
  }

  /** @internal */
  native(): native.Signer {
    return this.#native;
  }
}
