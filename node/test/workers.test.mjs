// The addon is loaded, used and left behind by worker threads, also in the middle of a wait.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';

import { directory } from './support.mjs';

const SOURCE = `
  import { parentPort, workerData } from 'node:worker_threads';
  import { Ledger } from ${JSON.stringify(import.meta.resolve('allonge'))};
  const ledger = await Ledger.open(workerData.path);
  await ledger.operator().submit({ type: 'open_account', account: workerData.account });
  const waiting = ledger.subscribe()[Symbol.asyncIterator]();
  await waiting.next();
  parentPort.postMessage('ready');
  if (workerData.leave === 'waiting') {
    for (;;) await waiting.next();
  }
  if (workerData.leave === 'closed') await ledger.close();
  process.exit(0);
`;

test('workers come and go', async (t) => {
  const url = new URL(`data:text/javascript,${encodeURIComponent(SOURCE)}`);
  for (let turn = 0; turn < 12; turn += 1) {
    const leave = ['closed', 'waiting', 'open'][turn % 3];
    const worker = new Worker(url, { workerData: { path: directory(t), account: 'operator/USD/issue', leave } });
    // A worker that is done at once says so and exits in the same turn.
    const exited = once(worker, 'exit');
    const [said] = await once(worker, 'message');
    assert.equal(said, 'ready');
    if (leave === 'waiting') {
      await worker.terminate();
    } else {
      const [code] = await exited;
      assert.equal(code, 0);
    }
  }
});
