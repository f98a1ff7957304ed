// The code of the READMEs runs. All JavaScript of one file is one program.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

import { directory, TOP, vectorPath } from './support.mjs';

for (const readme of ['README.md', 'node/README.md']) {
  const blocks = [...readFileSync(join(TOP, readme), 'utf8').matchAll(/^```(?:js|javascript|mjs)\n(.*?)^```$/gms)];
  test(`the code of ${readme}`, { skip: blocks.length === 0 && 'it has none' }, async (t) => {
    const path = directory(t);
    mkdirSync(join(path, 'node_modules'));
    symlinkSync(join(TOP, 'node'), join(path, 'node_modules/allonge'));
    copyFileSync(vectorPath('fin/mt700_usance.fin'), join(path, 'mt700.fin'));
    writeFileSync(join(path, 'program.mjs'), blocks.map(([, code]) => code).join('\n'));
    const { stdout } = await promisify(execFile)(process.execPath, ['program.mjs'], { cwd: path });
    assert.ok(stdout.length > 0);
  });
}
