// Batches of transfers submitted as prepared bytes; see `languages.py`, and `core/client/benches/batch.rs`.

const { createInterface } = require('node:readline');
const { createRequire } = require('node:module');

// The package is installed where this is run, not beside this file.
const { Ledger, money } = createRequire(`${process.cwd()}/`)('allonge');

const DESKS = 100;
const account = (name) => `operator/USD/${name}`;

function prepare(operator, transfers) {
  const transfer = (_, number) => ({
    type: 'transfer',
    from: account('issue'),
    to: account(`desk-${number % DESKS}`),
    amount: money('0.01', 'USD'),
    reference: `invoice ${number}`,
  });
  return operator.prepare(Array.from({ length: transfers }, transfer));
}

async function main([directory, transfers, batches]) {
  const ledger = await Ledger.open(directory);
  const operator = ledger.operator();
  const names = [...Array.from({ length: DESKS }, (_, desk) => `desk-${desk}`), 'issue'];
  (await operator.submit(names.map((name) => ({ type: 'open_account', account: account(name) })))).committed();
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  while (!(await lines.next()).done) {
    const prepared = [];
    for (let batch = 0; batch < Number(batches); batch += 1) {
      prepared.push(await prepare(operator, Number(transfers)));
    }
    console.log('ready');
    await lines.next();
    const started = process.hrtime.bigint();
    for (const signed of prepared) {
      (await ledger.submit(signed)).committed();
    }
    console.log(Number(process.hrtime.bigint() - started) / 1e9);
  }
  await ledger.close();
}

main(process.argv.slice(2));
