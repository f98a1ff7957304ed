// What is packed is what works: installed into an empty directory, without any registry.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { promisify } from 'node:util';

import { directory, TOP } from './support.mjs';

const run = promisify(execFile);
const NODE = join(TOP, 'node');
const tool = (name) => join(NODE, 'node_modules/.bin', name);

let packages;
let application;
let tarball;

before(async (t) => {
  packages = directory(t);
  application = directory(t);
  await run(process.execPath, [join(NODE, 'scripts/pack.mjs'), packages]);
  const tarballs = readdirSync(packages).map((name) => join(packages, name));
  tarball = tarballs.find((path) => /\/allonge-[0-9]/.test(path));
  assert.equal(tarballs.length, 2, 'the package and the addon of this platform');
  writeFileSync(join(application, 'package.json'), JSON.stringify({ private: true }));
  await run('npm', ['install', '--offline', ...tarballs], { cwd: application });
});

const PROGRAM = `
  const run = async () => {
    const ledger = await Ledger.open(process.argv[1] + '.ledger');
    const outcome = await ledger.operator().submit({ type: 'open_account', account: 'operator/USD/issue' });
    console.log(outcome.committed().receipt.verify(ledger.trust).committed);
    await ledger.close();
  };
  run();
`;

test('an application in ESM', async () => {
  writeFileSync(join(application, 'main.mjs'), `import { Ledger } from 'allonge';${PROGRAM}`);
  assert.equal((await run(process.execPath, ['main.mjs'], { cwd: application })).stdout, 'true\n');
});

test('an application in CommonJS', async () => {
  writeFileSync(join(application, 'main.cjs'), `const { Ledger } = require('allonge');${PROGRAM}`);
  assert.equal((await run(process.execPath, ['main.cjs'], { cwd: application })).stdout, 'true\n');
});

test('a test of an application, in ESM and in CommonJS', async () => {
  const check = `simulate({ after(done) { done(); }, diagnostic() {} }).then(({ network }) => console.log(network.validators));`;
  writeFileSync(join(application, 'testing.mjs'), `import { simulate } from 'allonge/testing';${check}`);
  writeFileSync(join(application, 'testing.cjs'), `const { simulate } = require('allonge/testing');${check}`);
  for (const file of ['testing.mjs', 'testing.cjs']) {
    assert.equal((await run(process.execPath, [file], { cwd: application })).stdout, '4\n');
  }
});

test('an application in TypeScript, strictly, as ESM and as CommonJS', async () => {
  const source = readFileSync(join(NODE, 'test/types/story.ts'), 'utf8');
  writeFileSync(join(application, 'story.mts'), source);
  writeFileSync(join(application, 'story.cts'), source);
  const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
  await run(tool('tsc'), [...options, 'story.mts', 'story.cts'], { cwd: application }).catch(({ stdout }) => {
    assert.fail(stdout);
  });
});

test('nothing runs at installation, and nothing else is needed at run time', () => {
  const manifest = JSON.parse(readFileSync(join(application, 'node_modules/allonge/package.json'), 'utf8'));
  assert.equal(manifest.scripts, undefined);
  assert.equal(manifest.dependencies, undefined);
  assert.equal(Object.keys(manifest.optionalDependencies).length, 8);
  const files = readdirSync(join(application, 'node_modules/allonge'), { recursive: true });
  assert.ok(!files.some((file) => file.endsWith('.node')), 'the addon is in its own package');
  assert.ok(['README.md', 'LICENSE-APACHE', 'LICENSE-MIT'].every((file) => files.includes(file)));
});

test('the types fit every way of resolving modules', async () => {
  await run(tool('attw'), [tarball, '--profile', 'node16', '--no-color']).catch(({ stdout }) => assert.fail(stdout));
  await run(tool('publint'), [tarball, '--strict']).catch(({ stdout }) => assert.fail(stdout));
});
