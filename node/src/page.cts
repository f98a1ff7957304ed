// Pages of lists, and records of every kind by name.

import type {
  Account,
  AccountId,
  Calendar,
  CalendarId,
  Claim,
  ClaimId,
  CreditId,
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
  Timestamp,
} from './records.cjs';

/** A part of a list. All pages of a list are as of the same height, whatever comes in meanwhile. */
export interface Page<T> {
  /** The items. There can be fewer than asked for, or none, before the end. */
  readonly items: readonly T[];
  /** Pass it, with the same filters, for the next page; absent at the end of the list. */
  readonly cursor?: string;
  /** As of which height. */
  readonly height: number;
}

/** The records of each kind. */
export interface RecordKinds {
  readonly credit: LetterOfCredit;
  readonly presentation: Presentation;
  readonly claim: Claim;
  readonly account: Account;
  readonly hold: Hold;
  readonly policy: Policy;
  readonly proposal: Proposal;
  readonly reversal: Reversal;
  readonly party: Party;
  readonly calendar: Calendar;
}

/** The ids of each kind. */
export interface RecordIds {
  readonly credit: CreditId;
  readonly presentation: PresentationId;
  readonly claim: ClaimId;
  readonly account: AccountId;
  readonly hold: HoldId;
  readonly policy: PartyId;
  readonly proposal: ProposalId;
  readonly reversal: Hash;
  readonly party: PartyId;
  readonly calendar: CalendarId;
}

/** A kind of record. */
export type RecordKind = keyof RecordKinds;

/** What a file of {@link Ledger.prove} proves. */
export interface ProvenRecord<K extends RecordKind> {
  /** The record as it was; absent when there was none with this id. */
  readonly record?: RecordKinds[K];
  /** After the block of this height. */
  readonly height: number;
  /** The time of that block. */
  readonly time: Timestamp;
}
