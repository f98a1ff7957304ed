import { awaited, call } from './border.cjs';
import * as native from './native.cjs';
import { type Outcome, outcomeOf } from './outcome.cjs';
import { Receipt } from './receipt.cjs';
import type {
  Account,
  AccountEntry,
  AccountId,
  BackupRecord,
  Balance,
  Calendar,
  CalendarId,
  Checkpoint,
  Claim,
  ClaimId,
  Clock,
  CreditId,
  Currency,
  Date as CivilDate,
  Hash,
  Hold,
  HoldId,
  LetterOfCredit,
  Party,
  PartyId,
  Policy,
  Presentation,
  PresentationId,
  Proposal,
  ProposalId,
  Reversal,
  Statement,
  Status,
  Timestamp,
} from './records.cjs';
import { Session } from './session.cjs';
import type { Signer } from './signer.cjs';
import { Subscription } from './subscription.cjs';
import { Trust } from './trust.cjs';
import { type WaitOptions, waited, wholly } from './wait.cjs';
import { fromWire } from './wire.cjs';
import { timestamp, toJson } from './written.cjs';

/** How a new ledger is to be; an existing one is as its genesis says. */
export interface OpenOptions extends WaitOptions {
  /** What people call the network; by default `embedded`. */
  readonly name?: string | undefined;
  /** Where block time comes from; by default `system`. With `manual` it moves by {@link Ledger.advanceTo}. */
  readonly clock?: Clock | undefined;
  /** The time before the first block; by default the system's. */
  readonly start?: Date | Timestamp | undefined;
  /** The party that holds every office; by default `operator`. */
  readonly operator?: PartyId | undefined;
  /** The currencies in which the operator issues money; by default CNY, EUR, GBP, HKD, JPY and USD. */
  readonly currencies?: readonly Currency[] | undefined;
}

/** Which part of a list. */
export interface PageOptions<Id extends string> {
  /** The last id of the page before; by default the list starts. */
  readonly after?: Id | undefined;
  /** At most so many; by default, and at most, 1,000. */
  readonly limit?: number | undefined;
}

/** As of when; by default now. */
export interface BalanceOptions {
  /** By what was recorded up to this height. */
  readonly height?: number | undefined;
  /** Without what counts after this date. */
  readonly valueDate?: CivilDate | undefined;
}

/** Which part of the bookings of an account. */
export interface EntriesOptions {
  /** The number of the last booking of the page before; by default 0. */
  readonly after?: number | undefined;
  /** At most so many; by default, and at most, 1,000. */
  readonly limit?: number | undefined;
}

/** From where on, and until when, to follow the log. */
export interface SubscribeOptions {
  /** The cursor of the last entry that was seen; by default the log starts. */
  readonly after?: string | undefined;
  /** Ends the stream with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** An open ledger. */
export class Ledger {
  readonly #native: native.Ledger;

  private constructor(ledger: native.Ledger) {
    this.#native = ledger;
  }

  /**
   * Opens the ledger in a directory; where there is none, creates one with fresh keys.
   *
   * Errors: `store.*`, `key.*`, `file.io`, `genesis.invalid`, `input.invalid`.
   */
  static async open(path: string, options: OpenOptions = {}): Promise<Ledger> {
    const { deadlineMs, signal, ...rest } = options;
    const json = toJson(rest, 'options');
    return new Ledger(await waited(() => native.Ledger.open(path, json), { deadlineMs, signal }));
  }

  /** The genesis, to verify receipts against. */
  get trust(): Trust {
    return Trust.of(this.#native.trust);
  }

  /** Where the ledger stands. */
  async status(): Promise<Status> {
    return fromWire(await awaited(() => this.#native.status()));
  }

  /** The session of the party that holds the offices, with the key kept in the directory. */
  operator(): Session {
    return Session.of(call(() => this.#native.operator()));
  }

  /**
   * The session of a party, with its own signer or the key kept in the directory. Several signers, at most 16, sign
   * together: each transaction carries the signatures of all.
   *
   * Errors: `key.file_missing`, `input.invalid`.
   */
  session(party: PartyId, ...signers: readonly Signer[]): Session {
    const natives = () => signers.map((signer) => signer.native());
    return Session.of(call(() => this.#native.session(party, natives())));
  }

  /**
   * Admits a party with a fresh key kept in the directory, and opens its session. If it was admitted with
   * that key before, only opens its session.
   *
   * Errors: `party.*`, `key.*`, `authority.required`.
   */
  async admit(party: PartyId, name: string, wait?: WaitOptions): Promise<Session> {
    return Session.of(await waited(() => this.#native.admit(party, name), wait));
  }

  /**
   * Moves a manual clock forward, in a block of its own.
   *
   * Errors: `clock.not_manual`, `clock.backwards`.
   */
  async advanceTo(time: Date | Timestamp, wait?: WaitOptions): Promise<Status> {
    return fromWire(await waited(() => this.#native.advanceTo(timestamp(time)), wait));
  }

  /**
   * Submits a transaction that was signed before, by {@link Session.prepare}, and waits for the outcome. What was
   * submitted already is answered with its first outcome.
   *
   * Errors: as of {@link Session.submit}.
   */
  async submit(signed: Uint8Array, wait?: WaitOptions): Promise<Outcome> {
    return outcomeOf(await waited(() => this.#native.submit(signed), wait));
  }

  /**
   * The receipt of a transaction.
   *
   * Errors: `transaction.unknown`, `store.*`.
   */
  async receipt(transaction: Hash): Promise<Receipt> {
    return Receipt.of(await awaited(() => this.#native.receipt(transaction)));
  }

  /** A letter of credit, or `null`. */
  async credit(id: CreditId): Promise<LetterOfCredit | null> {
    return fromWire(await awaited(() => this.#native.get('credit', id)));
  }

  /** A presentation under a letter of credit, or `null`. */
  async presentation(id: PresentationId): Promise<Presentation | null> {
    return fromWire(await awaited(() => this.#native.get('presentation', id)));
  }

  /** A claim, or `null`. */
  async claim(id: ClaimId): Promise<Claim | null> {
    return fromWire(await awaited(() => this.#native.get('claim', id)));
  }

  /** An account, or `null`. */
  async account(id: AccountId): Promise<Account | null> {
    return fromWire(await awaited(() => this.#native.get('account', id)));
  }

  /** A hold, or `null`. */
  async hold(id: HoldId): Promise<Hold | null> {
    return fromWire(await awaited(() => this.#native.get('hold', id)));
  }

  /** A party's policy, or `null` if it never set one. */
  async policy(party: PartyId): Promise<Policy | null> {
    return fromWire(await awaited(() => this.#native.get('policy', party)));
  }

  /** A proposal of a party, or `null`. */
  async proposal(id: ProposalId): Promise<Proposal | null> {
    return fromWire(await awaited(() => this.#native.get('proposal', id)));
  }

  /** That a transaction was reversed, and by which; `null` if it was not. */
  async reversal(transaction: Hash): Promise<Reversal | null> {
    return fromWire(await awaited(() => this.#native.get('reversal', transaction)));
  }

  /** A party, or `null`. */
  async party(id: PartyId): Promise<Party | null> {
    return fromWire(await awaited(() => this.#native.get('party', id)));
  }

  /** The newest version of a published calendar, or `null`. */
  async calendar(id: CalendarId): Promise<Calendar | null> {
    return fromWire(await awaited(() => this.#native.get('calendar', id)));
  }

  /**
   * What an account held: now, by what was recorded up to a height, or without what counts after a value date.
   *
   * Errors: `account.unknown`, `block.unknown`, `input.invalid`.
   */
  async balance(account: AccountId, { height, valueDate }: BalanceOptions = {}): Promise<Balance> {
    return fromWire(await awaited(() => this.#native.balance(account, height, valueDate)));
  }

  /**
   * The bookings of an account, in their order.
   *
   * Errors: `account.unknown`, `statement.invalid`, `input.invalid`.
   */
  async entries(account: AccountId, page?: EntriesOptions): Promise<AccountEntry[]> {
    return fromWire(await awaited(() => this.#native.entries(account, page?.after, page?.limit)));
  }

  /**
   * What was booked to an account in blocks of these dates, by UTC, both included.
   *
   * Errors: `account.unknown`, `statement.*`, `input.invalid`.
   */
  async statement(account: AccountId, first: CivilDate, last: CivilDate): Promise<Statement> {
    return fromWire(await awaited(() => this.#native.statement(account, first, last)));
  }

  /**
   * A statement as CSV (RFC 4180): the opening balance, a line for each booking, the closing balance. Amounts are
   * plain decimal numbers, times are UTC.
   *
   * Errors: as of {@link Ledger.statement}.
   */
  async statementCsv(account: AccountId, first: CivilDate, last: CivilDate): Promise<string> {
    return awaited(() => this.#native.statementCsv(account, first, last));
  }

  /**
   * One file that proves what an account is now, or that it is not open, from nothing but the genesis:
   * {@link verifyAccount} checks it. With a height, what it was then: at one of the newest 256 since the ledger was
   * opened.
   *
   * Errors: `block.unknown` before the first block; `proof.too_old`.
   */
  async proveAccount(account: AccountId, { height }: { readonly height?: number | undefined } = {}): Promise<Uint8Array> {
    return awaited(() => this.#native.proveAccount(account, height));
  }

  /**
   * One file that proves which transaction used a party's idempotency key, or that none with this `validUntil` did:
   * {@link verifyAnswer} checks it. Whoever prepared a transaction reads its `valid_until` from its bytes; once block
   * time has passed it, a file that says so proves that the transaction never takes effect.
   *
   * Errors: `block.unknown` before the first block.
   */
  async proveAnswer(party: PartyId, key: string, validUntil: Date | Timestamp): Promise<Uint8Array> {
    return awaited(() => this.#native.proveAnswer(party, key, timestamp(validUntil)));
  }

  /**
   * The newest block, to be kept.
   *
   * Errors: `block.unknown` before the first.
   */
  async checkpoint(): Promise<Checkpoint> {
    return fromWire(await awaited(() => this.#native.checkpoint()));
  }

  /**
   * One file that proves that a newer block, by default the newest, continues the history of an older one:
   * {@link verifyHistory} checks it, with a checkpoint that was kept. It takes time in proportion to the newer
   * height; the ledger goes on meanwhile. There is no deadline but the one given.
   *
   * Errors: `block.unknown`.
   */
  async proveHistory(older: number, newer?: number, wait?: WaitOptions): Promise<Uint8Array> {
    return wholly(() => this.#native.proveHistory(older, newer), wait);
  }

  /**
   * Writes everything committed so far to a file that is not there yet. The ledger goes on meanwhile. The file has
   * no keys: they are kept in the ledger's directory alone. {@link replay} checks it, {@link restore} makes a ledger
   * of it. There is no deadline but the one given.
   *
   * Errors: `store.exists`, `store.io`.
   */
  async backup(path: string, wait?: WaitOptions): Promise<BackupRecord> {
    return fromWire(await wholly(() => this.#native.backup(path), wait));
  }

  /** Letters of credit, by id. */
  async credits(page?: PageOptions<CreditId>): Promise<LetterOfCredit[]> {
    return fromWire(await awaited(() => this.#native.list('credit', page?.after, page?.limit)));
  }

  /** Claims, by id. */
  async claims(page?: PageOptions<ClaimId>): Promise<Claim[]> {
    return fromWire(await awaited(() => this.#native.list('claim', page?.after, page?.limit)));
  }

  /** Accounts, by id. */
  async accounts(page?: PageOptions<AccountId>): Promise<Account[]> {
    return fromWire(await awaited(() => this.#native.list('account', page?.after, page?.limit)));
  }

  /** Holds, by id. */
  async holds(page?: PageOptions<HoldId>): Promise<Hold[]> {
    return fromWire(await awaited(() => this.#native.list('hold', page?.after, page?.limit)));
  }

  /** Proposals, by id. */
  async proposals(page?: PageOptions<ProposalId>): Promise<Proposal[]> {
    return fromWire(await awaited(() => this.#native.list('proposal', page?.after, page?.limit)));
  }

  /** Parties, by id. */
  async parties(page?: PageOptions<PartyId>): Promise<Party[]> {
    return fromWire(await awaited(() => this.#native.list('party', page?.after, page?.limit)));
  }

  /**
   * The log, first what happened, then what happens. It ends when the ledger is closed.
   *
   * Errors: `input.invalid` for a cursor that is none.
   */
  subscribe({ after, signal }: SubscribeOptions = {}): Subscription {
    return Subscription.of(call(() => this.#native.subscribe(after)), signal);
  }

  /** Finishes what was submitted and releases the directory. Every later call says `ledger.closed`. */
  async close(): Promise<void> {
    await awaited(() => this.#native.close());
  }
}
