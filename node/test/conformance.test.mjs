// The scenarios of tests/conformance, played by the public API on a ledger in a directory: given what happened, when a
// party does this, then that comes of it, and which article says so. Every step is a transaction in a block of its own,
// as in core/trade/tests/conformance.rs.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { AllongeError, Ledger, money } from 'allonge';
import { parse, TomlDate } from 'smol-toml';

import { directory, TOP } from './support.mjs';

const OFFICE = 'office';
// One kind is called otherwise in the files.
const KINDS = { letter_of_credit: 'credit' };
// The events of the ledger itself: scenarios name only those of trade.
const OF_LEDGER = new Set([
  'party_admitted',
  'key_added',
  'key_revoked',
  'account_opened',
  'transferred',
  'calendar_published',
  'ceiling_set',
  'hold_placed',
  'hold_posted',
  'hold_voided',
  'policy_set',
  'operations_proposed',
  'proposal_approved',
  'proposal_executed',
  'proposal_withdrawn',
  'rules_scheduled',
  'transaction_reversed',
  'roster_approved',
  'roster_scheduled',
]);
const SHIPPED = join(TOP, 'core/client/calendars');

/** A table as records are here: keys in camel case; a time or a date is its text, as the file has it. */
function plain(value) {
  if (value instanceof TomlDate) {
    return value.toISOString();
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const camel = (key) => key.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [camel(key), plain(item)]));
}

function files() {
  const folder = join(TOP, 'tests/conformance');
  const names = readdirSync(folder).filter((name) => name.endsWith('.toml'));
  const tables = names.sort().map((name) => [name, plain(parse(readFileSync(join(folder, name), 'utf8')))]);
  return tables.filter(([, file]) => file.scenario !== undefined);
}

/** The calendars that ship, and over them those of a file. */
function calendarsOf({ calendars = [] }) {
  const shipped = readdirSync(SHIPPED).filter((name) => name.endsWith('.json'));
  const tables = shipped.map((name) => plain(JSON.parse(readFileSync(join(SHIPPED, name), 'utf8'))));
  return [...new Map([...tables, ...calendars].map((calendar) => [calendar.id, calendar])).values()];
}

/** A ledger on the manual clock, with the parties and the accounts of a file, and the session of each party. */
async function market(t, file) {
  const { start, currencies } = file.ledger;
  const ledger = await Ledger.open(directory(t), {
    clock: 'manual',
    start,
    operator: OFFICE,
    currencies,
    calendars: calendarsOf(file),
  });
  t.after(() => ledger.close());
  const sessions = new Map([[OFFICE, ledger.operator()]]);
  for (const { id, name } of file.parties) {
    sessions.set(id, await ledger.admit(id, name));
  }
  const opened = async (account) => {
    const [owner] = account.split('/');
    (await sessions.get(owner).submit({ type: 'open_account', account })).committed();
  };
  for (const currency of currencies) {
    await opened(`${OFFICE}/${currency}/issue`);
  }
  for (const { id, funded } of file.accounts ?? []) {
    await opened(id);
    if (funded !== undefined) {
      const [, currency] = id.split('/');
      const [from, amount] = [`${OFFICE}/${currency}/issue`, money(funded, currency)];
      (await sessions.get(OFFICE).submit({ type: 'transfer', from, to: id, amount, reference: '' })).committed();
    }
  }
  return { ledger, sessions };
}

/** The steps that a scenario stands on, the first first. */
function before(file, name) {
  if (name === undefined) {
    return [];
  }
  const given = file.given.find((one) => one.name === name);
  assert.ok(given, `nothing is given as ${name}`);
  return [...before(file, given.after), ...given.steps];
}

/** A step comes out as it says. */
async function take({ ledger, sessions }, { at, author, operation, operations = [], refused, events }) {
  if (at !== undefined) {
    await ledger.advanceTo(at);
  }
  const all = operation === undefined ? operations : [operation, ...operations];
  const did = `${all.map(({ type }) => type).join(', ')} by ${author}`;
  const outcome = await sessions.get(author).submit(all).catch((error) => ({ kind: 'rejected', error }));
  if (outcome.kind === 'rejected') {
    assert.ok(outcome.error instanceof AllongeError, did);
    assert.equal(outcome.error.code, refused, `${did}: ${outcome.error}`);
    return;
  }
  assert.equal(outcome.kind, 'committed', did);
  const came = outcome.events.map(({ event }) => event.type).filter((type) => !OF_LEDGER.has(type));
  assert.equal(refused, undefined, `${did} came to ${came}`);
  assert.deepEqual(came, events ?? came, did);
}

/** A value has all that is expected of it. */
function has(found, expected, where) {
  if (typeof expected !== 'object' || expected === null || Array.isArray(expected)) {
    assert.deepEqual(found, expected, where);
    return;
  }
  assert.equal(typeof found, 'object', where);
  for (const [name, value] of Object.entries(expected)) {
    has(found[name], value, `${where}.${name}`);
  }
}

const names = new Set();
for (const [path, file] of files()) {
  for (const { name, article, given, steps, then = [] } of file.scenario) {
    names.add(name);
    test(`${path}: ${name}`, async (t) => {
      assert.ok(article && steps.length > 0);
      const opened = await market(t, file);
      for (const step of [...before(file, given), ...steps]) {
        await take(opened, step);
      }
      for (const { record, id, is } of then) {
        const kind = KINDS[record] ?? record;
        const found = await opened.ledger.record(kind, id);
        assert.ok(found, `there is no ${kind} ${id}`);
        has(found, is, `${kind} ${id}`);
      }
    });
  }
}

test('there are scenarios, and no two have one name', () => {
  const all = files().flatMap(([, { scenario }]) => scenario.map(({ name }) => name));
  assert.ok(all.length > 100);
  assert.equal(names.size, all.length);
});
