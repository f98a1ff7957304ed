// A ledger on a network of validators, which run in this process.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';

import { DeadlineError, HistoryError, InputError, Ledger, NetworkError, Receipt, Trust, Unknown } from 'allonge';

import { directory, TOP } from './support.mjs';

/** Four validators on this machine, as `allonge dev` says where they are. */
async function network(t, existing, log = 'inherit') {
  // It ends before its directory is removed.
  const running = {};
  t.after(() => running.end?.());
  const home = existing ?? join(directory(t), 'network');
  const command = join(TOP, 'target/debug/allonge');
  const dev = spawn(command, ['dev', home, '--json'], { stdio: ['ignore', 'pipe', log] });
  const end = async () => {
    const ended = new Promise((resolve) => dev.once('exit', resolve));
    if (dev.exitCode !== null || dev.signalCode !== null) return;
    dev.kill('SIGINT');
    assert.equal(await ended, 0);
  };
  running.end = end;
  let said = '';
  for await (const line of createInterface({ input: dev.stdout })) {
    said += line;
    if (line === '}') return { ...JSON.parse(said), dev, end, home };
  }
  throw new Error('the network did not start');
}

test('a network is opened by its addresses and its genesis', async (t) => {
  const { urls, genesis, operator } = await network(t);
  const trust = await Trust.load(genesis);
  const ledger = await Ledger.connect(urls.split(' '), trust, operator);
  assert.equal(ledger.network, null);
  const bank = await ledger.admit('SYNBCNBJXXX', 'Synthetic Bank of China');
  const open = { type: 'open_account', account: 'SYNBCNBJXXX/USD/settlement' };
  const key = '01'.repeat(16);
  const opened = (await bank.submit(open, { key })).committed();
  const file = join(directory(t), 'opened.receipt');
  await opened.receipt.save(file);
  const validators = await ledger.validators();
  assert.equal(validators.epoch, 0);
  assert.equal(validators.next, undefined);
  assert.deepEqual(validators.roster, trust.genesis.roster);
  await ledger.close();
  assert.equal((await Receipt.load(file)).verify(trust).transaction, opened.transaction);

  // The same call, in another process's place, is answered with the first result.
  const again = await Ledger.connect(urls.split(' '), trust, operator);
  const repeated = (await again.session('SYNBCNBJXXX').submit(open, { key })).committed();
  assert.equal(repeated.transaction, opened.transaction);
  assert.equal((await again.account(open.account)).id, open.account);
  await again.close();

  const nobody = Ledger.connect(['http://127.0.0.1:1'], trust, join(directory(t), 'state'));
  await assert.rejects(nobody, (error) => error instanceof NetworkError && error.code === 'network.unreachable');
});

test('each stage of a submission can be awaited', async (t) => {
  const { urls, genesis, operator } = await network(t);
  const trust = await Trust.load(genesis);
  const ledger = await Ledger.connect(urls.split(' '), trust, operator);
  const key = '01'.repeat(16);
  const open = { type: 'open_account', account: 'operator/USD/desk' };
  const submission = await ledger.operator().start(open, { key });
  await submission.admitted();
  const ordered = await submission.ordered();
  const outcome = (await submission.outcome()).committed();
  assert.deepEqual([outcome.transaction, outcome.height], [submission.transaction, ordered.height]);
  assert.equal(submission.key, key);
  const found = await ledger.outcome('operator', key);
  assert.equal(found.kind, 'committed');
  assert.equal(found.receipt.verify(trust).transaction, outcome.transaction);
  assert.equal(await ledger.outcome('operator', '02'.repeat(16)), undefined);
  assert.deepEqual(await ledger.pending(), []);
  await ledger.close();
});

test('a history without the block that was kept is none, whoever certified it', async (t) => {
  const { urls, genesis, operator } = await network(t);
  const trust = await Trust.load(genesis);
  const connect = (directory, checkpoint) => Ledger.connect(urls.split(' '), trust, directory, { checkpoint });
  const ledger = await connect(operator);
  (await ledger.operator().submit({ type: 'open_account', account: 'operator/USD/desk' })).committed();
  const kept = await ledger.checkpoint();
  await ledger.close();
  const state = directory(t);
  const newcomer = await connect(join(state, 'kept'), kept);
  assert.ok((await newcomer.status()).height >= kept.height);
  await newcomer.close();
  const forked = connect(join(state, 'another'), { ...kept, header: kept.network });
  await assert.rejects(forked, (error) => error instanceof HistoryError && error.code === 'history.forked');
});

test('a traceparent reaches the log of a validator', async (t) => {
  const file = join(directory(t), 'log');
  const log = await open(file, 'w');
  const { urls, genesis, operator, end } = await network(t, undefined, log.fd);
  const ledger = await Ledger.connect(urls.split(' '), await Trust.load(genesis), operator);
  const trace = (number) => `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(15)}${number}-01`;
  const desk = (number) => ({ type: 'open_account', account: `operator/USD/desk-${number}` });
  const bank = ledger.operator();
  const first = (await bank.submit(desk(1), { traceparent: trace(1) })).committed();
  const second = (await (await bank.start(desk(2), { traceparent: trace(2) })).outcome()).committed();
  await assert.rejects(bank.submit(desk(3), { traceparent: '00-trace-parent-01' }), InputError);
  await ledger.close();
  let told = new Set();
  for (const until = Date.now() + 20_000; told.size < 2 && Date.now() < until; await setTimeout(50)) {
    // The last line may not be whole yet.
    const lines = (await readFile(file, 'utf8')).split('\n').slice(0, -1);
    const executed = lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'executed');
    told = new Set(executed.map(({ traceparent, height }) => `${traceparent} ${height}`));
  }
  await end();
  await log.close();
  assert.deepEqual(told, new Set([`${trace(1)} ${first.height}`, `${trace(2)} ${second.height}`]));
});

test('when all validators are gone a call ends at its deadline and is kept', async (t) => {
  const { urls, genesis, operator, dev } = await network(t);
  const trust = await Trust.load(genesis);
  const ledger = await Ledger.connect(urls.split(' '), trust, operator);
  const bank = ledger.operator();
  (await bank.submit({ type: 'open_account', account: 'operator/USD/desk-1' })).committed();
  const killed = new Promise((resolve) => dev.once('exit', resolve));
  dev.kill('SIGKILL');
  await killed;
  let outcome;
  const times = [];
  const timed = async (act) => {
    const started = performance.now();
    outcome = await act({ deadlineMs: 500 });
    times.push(performance.now() - started);
  };
  await timed((wait) => bank.submit({ type: 'open_account', account: 'operator/USD/desk-2' }, wait));
  // The machine may be busy elsewhere: the best of a few tells how long a call lasts.
  for (let again = 0; again < 4; again += 1) await timed((wait) => outcome.resolve(wait));
  const took = Math.min(...times);
  assert.ok(took >= 490 && took < 600, `${took}`);
  assert.ok(outcome instanceof Unknown && outcome.kind === 'unknown');
  assert.throws(() => outcome.committed(), DeadlineError);
  assert.deepEqual(
    (await ledger.pending()).map(({ transaction }) => transaction),
    [outcome.transaction],
  );
  assert.equal((await outcome.resolve({ deadlineMs: 50 })).kind, 'unknown');
  const signal = AbortSignal.timeout(50);
  await assert.rejects(outcome.resolve({ signal }), { name: 'TimeoutError' });
  const submission = await bank.start({ type: 'open_account', account: 'operator/USD/desk-3' });
  await assert.rejects(submission.admitted({ deadlineMs: 50 }), DeadlineError);
  assert.equal((await ledger.pending()).length, 2);
  await ledger.close();
});

test('a bank and validators know each other by certificates', async (t) => {
  const tls = join(TOP, 'tests/tls');
  const { home, end } = await network(t);
  await end();
  for (const place of [0, 1, 2, 3]) {
    const config = join(home, `validator-${place}/node.json`);
    const files = { certificate: 'validator.pem', key: 'validator.key', clients: 'banks-root.pem' };
    const paths = Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(tls, file)]));
    await writeFile(config, JSON.stringify({ ...JSON.parse(await readFile(config, 'utf8')), tls: paths }));
  }
  const said = await network(t, home);
  const trust = await Trust.load(said.genesis);
  const roots = join(tls, 'banks-root.pem');
  const known = { roots, certificate: join(tls, 'bank.pem'), key: join(tls, 'bank.key') };
  const ledger = await Ledger.connect(said.urls.split(' '), trust, said.operator, known);
  const bank = await ledger.admit('SYNBCNBJXXX', 'Synthetic Bank of China');
  const open = { type: 'open_account', account: 'SYNBCNBJXXX/USD/settlement' };
  const opened = (await bank.submit(open)).committed();
  assert.equal(opened.receipt.verify(trust).transaction, opened.transaction);
  await ledger.close();

  const refused = async (url, options, code) => {
    const state = join(directory(t), 'state');
    const connecting = Ledger.connect([url], trust, state, options);
    await assert.rejects(connecting, (error) => error instanceof NetworkError && error.code === code);
  };
  await refused(said.urls.split(' ')[0], { roots }, 'network.unreachable');
  await refused('http://192.0.2.1', known, 'network.insecure');
  await refused('https://192.0.2.1', {}, 'network.insecure');
  await refused('https://192.0.2.1', { roots, key: known.key }, 'network.insecure');
  await said.end();
});
