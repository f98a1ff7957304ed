import { awaited, call } from './border.cjs';
import * as native from './native.cjs';
import { SimulatedNetwork } from './network.cjs';
import { type Outcome, outcomeOf, Submission, submitted, type Unknown } from './outcome.cjs';
import type { Page } from './page.cjs';
import { Receipt } from './receipt.cjs';
import type {
  Account,
  AccountEntry,
  AccountId,
  AccountQuery,
  BackupRecord,
  Balance,
  Calendar,
  CalendarId,
  Checkpoint,
  Claim,
  ClaimId,
  ClaimQuery,
  Clock,
  CreditId,
  CreditQuery,
  Currency,
  Date as CivilDate,
  Explanation,
  Hash,
  Hold,
  HoldId,
  HoldQuery,
  LetterOfCredit,
  ListedKind,
  NextStep,
  Party,
  PartyId,
  PartyQuery,
  Policy,
  Presentation,
  PresentationId,
  PresentationQuery,
  Proposal,
  ProposalId,
  ProposalQuery,
  RecordIds,
  RecordKind,
  RecordKinds,
  RecordQuery,
  Reversal,
  Statement,
  Status,
  Timestamp,
  TransactionEntry,
  TransactionQuery,
  Validators,
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
  /** The calendars published from the start; by default those that ship. */
  readonly calendars?: readonly Calendar[] | undefined;
}

/** How a simulated network is to be. Its clock is manual. */
export interface SimulateOptions extends WaitOptions {
  /** The banks that are admitted from the start; their keys, and the operator's, follow from the seed. */
  readonly banks?: readonly PartyId[] | undefined;
  /** How many validators order and execute, 1 to 20; by default 4. */
  readonly validators?: number | undefined;
  /** 64 bits that decide over everything that is chance; by default 0. */
  readonly seed?: number | bigint | undefined;
  /** What people call the network; by default `simulated`. */
  readonly name?: string | undefined;
  /** The time before the first block; by default 2 March 2026. */
  readonly start?: Date | Timestamp | undefined;
  /** The party that holds every office; by default `operator`. */
  readonly operator?: PartyId | undefined;
  /** The currencies in which the operator issues money; by default CNY, EUR, GBP, HKD, JPY and USD. */
  readonly currencies?: readonly Currency[] | undefined;
  /** The calendars published from the start; by default those that ship. */
  readonly calendars?: readonly Calendar[] | undefined;
}

/** As of when. */
export interface AtHeight {
  /** After the block of this height, 0 for the genesis; by default the newest. */
  readonly height?: number | undefined;
}

/** Which records of a kind. */
export interface RecordsOptions extends Omit<RecordQuery, 'of'> {
  /** Those that belong to this record: the quotes for a claim, the presentations under a credit. */
  readonly of?: { [K in RecordKind]: { readonly kind: K; readonly id: RecordIds[K] } }[RecordKind] | null | undefined;
}

/**
 * How the validators of a network are known, and this client to them. An address with `https` needs `roots`; with `http`
 * only validators of this machine are asked.
 */
export interface ConnectOptions extends WaitOptions {
  /** A file in PEM: the roots that the validators' certificates chain to. */
  roots?: string;
  /** A file in PEM: this client's certificate, where validators ask for one. */
  certificate?: string;
  /** A file in PEM: the certificate's private key. */
  key?: string;
  /**
   * A block that was kept: a history without it is none, whoever certified that. The ledger is there once the copy has
   * it.
   */
  checkpoint?: Checkpoint;
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

  /**
   * A network of banks in the process, for tests: real consensus on virtual time, from a seed. The ledger is at the
   * first validator. Virtual time stands still while nothing is asked for, and nothing is kept.
   *
   * Errors: `simulation.invalid`, `genesis.invalid`, `input.invalid`; `unsupported_here` where the engine is not built
   * in.
   */
  static async simulate(options: SimulateOptions = {}): Promise<Ledger> {
    const { seed, deadlineMs, signal, ...rest } = options;
    const json = toJson(rest, 'options');
    // A number of 64 bits is none that JSON carries exactly.
    const exact = seed === undefined ? undefined : String(seed);
    return new Ledger(await waited(() => native.Ledger.simulate(json, exact), { deadlineMs, signal }));
  }

  /**
   * Opens a ledger on a network of validators: by the addresses of some, and the genesis that everything is checked
   * against. The directory has the copy that follows the network, the outbox of what is not settled yet, and the keys of
   * this application. What is read is read from the copy, which executes every final block itself; what is submitted is
   * submitted again until a certified block says what became of it, also after a crash.
   *
   * Errors: `network.unreachable`, `network.wrong`, `network.insecure`, `history.forked`, `receipt.wrong_network`,
   * `store.*`, `file.io`.
   */
  static async connect(
    urls: readonly string[],
    trust: Trust,
    directory: string,
    options: ConnectOptions = {},
  ): Promise<Ledger> {
    const { roots, certificate, key, checkpoint, deadlineMs, signal } = options;
    const kept = checkpoint === undefined ? undefined : toJson(checkpoint, 'checkpoint');
    const genesis = trust.native();
    const opening = () => native.Ledger.connect([...urls], genesis, directory, roots, certificate, key, kept);
    return new Ledger(await waited(opening, { deadlineMs, signal }));
  }

  /** @internal */
  static of(ledger: native.Ledger): Ledger {
    return new Ledger(ledger);
  }

  /** The simulated network that this ledger lives on; `null` for one in a directory. */
  get network(): SimulatedNetwork | null {
    const network = call(() => this.#native.network);
    return network === null ? null : SimulatedNetwork.of(network, Ledger.of);
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
    return submitted((place) => this.#native.submit(signed, place), wait);
  }

  /**
   * Hands over a transaction that was signed before, without waiting.
   *
   * Errors: as of {@link Session.start}.
   */
  async start(signed: Uint8Array, wait?: WaitOptions): Promise<Submission> {
    return Submission.of(await waited(() => this.#native.start(signed), wait));
  }

  /** What was submitted from this directory and is not settled, also before a restart: the outbox. */
  async pending(wait?: WaitOptions): Promise<Unknown[]> {
    const pending = await waited(() => this.#native.pending(), wait);
    return pending.map((outcome) => outcomeOf(outcome) as Unknown);
  }

  /**
   * What became of the transaction that used a party's idempotency key, for ever, whoever submitted it: an
   * {@link Unknown} while it is in the outbox, or in a block whose result is not certified yet. Undefined when the key
   * was not used: {@link Ledger.proveAnswer} proves that.
   */
  async outcome(party: PartyId, key: string, wait?: WaitOptions): Promise<Outcome | undefined> {
    const outcome = await waited(() => this.#native.outcome(party, key), wait);
    return outcome == null ? undefined : outcomeOf(outcome);
  }

  /**
   * The receipt of a transaction.
   *
   * Errors: `transaction.unknown`, `store.*`.
   */
  async receipt(transaction: Hash): Promise<Receipt> {
    return Receipt.of(await awaited(() => this.#native.receipt(transaction)));
  }

  /** A letter of credit, or `null`; with a height as it stood after that block. */
  async credit(id: CreditId, { height }: AtHeight = {}): Promise<LetterOfCredit | null> {
    return fromWire(await awaited(() => this.#native.get('credit', id, height)));
  }

  /** A presentation under a letter of credit, or `null`; with a height as it stood after that block. */
  async presentation(id: PresentationId, { height }: AtHeight = {}): Promise<Presentation | null> {
    return fromWire(await awaited(() => this.#native.get('presentation', id, height)));
  }

  /** A claim, or `null`; with a height as it stood after that block. */
  async claim(id: ClaimId, { height }: AtHeight = {}): Promise<Claim | null> {
    return fromWire(await awaited(() => this.#native.get('claim', id, height)));
  }

  /** An account, or `null`. */
  async account(id: AccountId): Promise<Account | null> {
    return fromWire(await awaited(() => this.#native.get('account', id)));
  }

  /** A hold, or `null`; with a height as it stood after that block. */
  async hold(id: HoldId, { height }: AtHeight = {}): Promise<Hold | null> {
    return fromWire(await awaited(() => this.#native.get('hold', id, height)));
  }

  /** A party's policy, or `null` if it never set one.; with a height as it stood after that block. */
  async policy(party: PartyId, { height }: AtHeight = {}): Promise<Policy | null> {
    return fromWire(await awaited(() => this.#native.get('policy', party, height)));
  }

  /** A proposal of a party, or `null`; with a height as it stood after that block. */
  async proposal(id: ProposalId, { height }: AtHeight = {}): Promise<Proposal | null> {
    return fromWire(await awaited(() => this.#native.get('proposal', id, height)));
  }

  /** That a transaction was reversed, and by which; `null` if it was not; with a height as it stood after that block. */
  async reversal(transaction: Hash, { height }: AtHeight = {}): Promise<Reversal | null> {
    return fromWire(await awaited(() => this.#native.get('reversal', transaction, height)));
  }

  /** A party, or `null`; with a height as it stood after that block. */
  async party(id: PartyId, { height }: AtHeight = {}): Promise<Party | null> {
    return fromWire(await awaited(() => this.#native.get('party', id, height)));
  }

  /** The newest version of a published calendar, or `null`; with a height as it stood after that block. */
  async calendar(id: CalendarId, { height }: AtHeight = {}): Promise<Calendar | null> {
    return fromWire(await awaited(() => this.#native.get('calendar', id, height)));
  }

  /**
   * A record of a kind by its id, or `null`; with a height as it stood after that block. An account is not kept by
   * height: its balance is.
   *
   * Errors: `input.invalid`, `block.unknown`, `store.*`.
   */
  async record<K extends RecordKind>(
    kind: K,
    id: RecordIds[K],
    { height }: AtHeight = {},
  ): Promise<RecordKinds[K] | null> {
    return fromWire(await awaited(() => this.#native.get(kind, id, height)));
  }

  /**
   * Records of a kind of trade: those that name a party in whatever part, of a status, that belong to another record.
   * In the first order of their kind: a credit by its expiry, a claim by its due date, others by when they came into
   * being.
   *
   * Errors: `input.invalid`, `query.*`, `block.unknown`, `store.*`.
   */
  async records<K extends ListedKind>(kind: K, query: RecordsOptions = {}): Promise<Page<RecordKinds[K]>> {
    const json = toJson(query, 'query');
    return fromWire(await awaited(() => this.#native.records(kind, json)));
  }

  /**
   * What a party may do next with an instrument, by when, and which article says so: nothing where it may do nothing, or
   * where there is no such record. It is a hint: what an operation carries can still be refused, and
   * {@link Session.preview} says by which rule.
   *
   * Errors: `input.invalid`, `store.*`.
   */
  async nextSteps<K extends ListedKind>(kind: K, id: RecordIds[K], party: PartyId): Promise<NextStep[]> {
    return fromWire(await awaited(() => this.#native.nextSteps(kind, id, party)));
  }

  /**
   * Why a transaction of one of the newest 128 blocks came out as it did: it is executed once more over the state that
   * it found, and every rule of trade that is asked is listed, with its article and what it asks in English and in
   * Chinese. After one that is violated none is asked. Nothing is recorded.
   *
   * Errors: `transaction.unknown`; `proof.too_old` for blocks before those, or before the ledger was opened;
   * `block.pruned`; `store.*`.
   */
  async explain(transaction: Hash): Promise<Explanation> {
    return fromWire(await awaited(() => this.#native.explain(transaction)));
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
   * Who certifies the next block, and the roster that is to follow, if one is approved. The keys are on the ledger;
   * where the validators listen is not.
   */
  async validators(): Promise<Validators> {
    return fromWire(await awaited(() => this.#native.validators()));
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

  /** The headers above a height with their certificates, for {@link LightClient.follow}: at most `limit`, and 4,096. */
  async headers(after = 0, limit?: number, wait?: WaitOptions): Promise<Uint8Array> {
    return wholly(() => this.#native.headers(after, limit), wait);
  }

  /**
   * One file that proves what a record is after the newest block, or that there is none with this id, from nothing but
   * the genesis: {@link verifyRecord} checks it. Nothing proves that a list is complete.
   *
   * Errors: `block.unknown` before the first block, `input.invalid`.
   */
  async prove<K extends RecordKind>(kind: K, id: RecordIds[K]): Promise<Uint8Array> {
    return awaited(() => this.#native.prove(kind, id));
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

  /**
   * Letters of credit: those whose terms identify a party, of a status, that expire on some dates or were issued at some times. By the date of expiry, or by the time of issue if only that is asked for.
   *
   * Errors: `query.*`, `block.unknown`, `input.invalid`.
   */
  async credits(query: CreditQuery = {}): Promise<Page<LetterOfCredit>> {
    return this.#list('credit', query);
  }

  /**
   * Presentations: those under a letter of credit, of a presenter or issuing bank, of a status, presented at some times, or to be examined by some dates. By the time of presentation, or by the deadline if only that is asked for.
   *
   * Errors: `query.*`, `block.unknown`, `input.invalid`.
   */
  async presentations(query: PresentationQuery = {}): Promise<Page<Presentation>> {
    return this.#list('presentation', query);
  }

  /**
   * Claims: those that a party owes or is owed, of a status, due on some dates or created at some times. By due date, or by the time of creation if only that is asked for.
   *
   * Errors: `query.*`, `block.unknown`, `input.invalid`.
   */
  async claims(query: ClaimQuery = {}): Promise<Page<Claim>> {
    return this.#list('claim', query);
  }

  /**
   * Holds: those that concern a party, of a state, or that expire at some times. By expiry.
   *
   * Errors: `query.*`, `block.unknown`, `input.invalid`.
   */
  async holds(query: HoldQuery = {}): Promise<Page<Hold>> {
    return this.#list('hold', query);
  }

  /**
   * Proposals: those of a party, of a status, that expire or were proposed at some times. By expiry, or by the time of proposal if only that is asked for.
   *
   * Errors: `query.*`, `block.unknown`, `input.invalid`.
   */
  async proposals(query: ProposalQuery = {}): Promise<Page<Proposal>> {
    return this.#list('proposal', query);
  }

  /**
   * Accounts: those of a party. By id, each page as of now: accounts are never closed, so that none is skipped or repeated.
   *
   * Errors: `query.*`, `input.invalid`.
   */
  async accounts(query: AccountQuery = {}): Promise<Page<Account>> {
    return this.#list('account', query);
  }

  /**
   * Parties: all of them. By id.
   *
   * Errors: `query.*`, `block.unknown`, `input.invalid`.
   */
  async parties(query: PartyQuery = {}): Promise<Page<Party>> {
    return this.#list('party', query);
  }

  /**
   * Transactions: those that a party submitted, or in blocks of some times; refused ones too. In the order of the ledger.
   *
   * Errors: `query.*`, `block.unknown`, `input.invalid`.
   */
  async transactions(query: TransactionQuery = {}): Promise<Page<TransactionEntry>> {
    return this.#list('transaction', query);
  }

  /**
   * The log, first what happened, then what happens. It ends when the ledger is closed.
   *
   * Errors: `input.invalid` for a cursor that is none. Where this copy does not keep what comes next, the
   * subscription ends with `stream.pruned`: its details have the `height` whose state has all of that, and the
   * `cursor` after which to subscribe again.
   */
  subscribe({ after, signal }: SubscribeOptions = {}): Subscription {
    return Subscription.of(call(() => this.#native.subscribe(after)), signal);
  }

  /** Finishes what was submitted and releases the directory. Every later call says `ledger.closed`. */
  async close(): Promise<void> {
    await awaited(() => this.#native.close());
  }

  async #list<T>(kind: Parameters<native.Ledger['list']>[0], query: object): Promise<Page<T>> {
    const json = toJson(query, 'query');
    return fromWire(await awaited(() => this.#native.list(kind, json)));
  }
}
