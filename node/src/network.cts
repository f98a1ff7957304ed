import { awaited, call } from './border.cjs';
import type { Ledger } from './ledger.cjs';
import type * as native from './native.cjs';
import { toJson } from './written.cjs';

/** How messages travel between validators. */
export interface LinkOptions {
  /** How long a message takes, in milliseconds; by default 2. */
  readonly latencyMs?: number | undefined;
  /** By how much that varies, in milliseconds; by default 0. */
  readonly jitterMs?: number | undefined;
  /** Of a thousand messages so many are lost; by default 0. */
  readonly lostPerMille?: number | undefined;
}

/**
 * How a validator lies: bytes of what it sends are not those that it should send; it proposes blocks and serves proofs
 * that say what is not so; it signs two blocks where there is to be one; or not at all.
 */
export type Lie = 'wrong_bytes' | 'wrong_proof' | 'equivocation' | 'none';

/**
 * The validators of a simulated network and the links between them, for a test to break. They are numbered from 0;
 * times are virtual. {@link Ledger.network} has it.
 */
export class SimulatedNetwork {
  readonly #native: native.SimulatedNetwork;
  readonly #ledgerOf: (ledger: native.Ledger) => Ledger;

  private constructor(network: native.SimulatedNetwork, ledgerOf: (ledger: native.Ledger) => Ledger) {
    this.#native = network;
    this.#ledgerOf = ledgerOf;
  }

  /** @internal */
  static of(network: native.SimulatedNetwork, ledgerOf: (ledger: native.Ledger) => Ledger): SimulatedNetwork {
    return new SimulatedNetwork(network, ledgerOf);
  }

  /** How many validators there are. */
  get validators(): number {
    return this.#native.validators;
  }

  /**
   * The ledger as another validator has it: submits to that one, and reads its copy. To close it is to end the network.
   *
   * Errors: `simulation.invalid`.
   */
  at(validator: number): Ledger {
    return this.#ledgerOf(call(() => this.#native.at(validator)));
  }

  /**
   * A validator loses power: it forgets everything that was not on its disk. Until it restarts, its ledger says
   * `validator.down`.
   *
   * Errors: `simulation.invalid`, `ledger.closed`.
   */
  async crash(validator: number): Promise<void> {
    await awaited(() => this.#native.crash(validator));
  }

  /**
   * Starts a validator that crashed.
   *
   * Errors: `simulation.invalid`, `store.*`, `ledger.closed`.
   */
  async restart(validator: number): Promise<void> {
    await awaited(() => this.#native.restart(validator));
  }

  /**
   * Only validators of one group hear of each other; whoever is in none hears of nobody. {@link SimulatedNetwork.link}
   * brings all together again.
   *
   * Errors: `simulation.invalid`, `ledger.closed`.
   */
  async partition(groups: readonly (readonly number[])[]): Promise<void> {
    const json = toJson(groups, 'groups');
    await awaited(() => this.#native.partition(json));
  }

  /**
   * Links all validators, in this way.
   *
   * Errors: `simulation.invalid`, `ledger.closed`.
   */
  async link(options: LinkOptions = {}): Promise<void> {
    const json = toJson(options, 'options');
    await awaited(() => this.#native.link(json));
  }

  /**
   * Sets the clock of a validator so many milliseconds before those of the others, or behind them.
   *
   * Errors: `simulation.invalid`, `ledger.closed`.
   */
  async skew(validator: number, millis: number): Promise<void> {
    await awaited(() => this.#native.skew(validator, millis));
  }

  /**
   * Has a validator lie from now on; with `none` it tells the truth again. It starts anew, unless it is down. Whoever
   * reads or submits at one that serves wrong bytes or proofs is told of it, by the code `validator.lied`.
   *
   * Errors: `simulation.invalid`, `store.*`, `ledger.closed`.
   */
  async lie(validator: number, how: Lie): Promise<void> {
    await awaited(() => this.#native.lie(validator, how));
  }

  /**
   * Lets virtual time go by, in milliseconds.
   *
   * Errors: `ledger.closed`.
   */
  async runFor(millis: number): Promise<void> {
    await awaited(() => this.#native.runFor(millis));
  }

  /**
   * A fingerprint of everything that has happened: the same calls on the same seed give the same. The same calls have
   * the same idempotency keys: give {@link Session.submit} a `key`.
   *
   * Errors: `ledger.closed`.
   */
  async fingerprint(): Promise<string> {
    return awaited(() => this.#native.fingerprint());
  }
}
