// A panic in an export without catch_unwind would abort Node.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { TOP } from './support.mjs';

const EXPORT = /#\[napi(?:\((.*)\))?\]\s+(?:pub )?(struct|enum|impl|fn|async fn|const)\b/g;

test('every exported function catches panics', () => {
  const sources = join(TOP, 'bindings/node/src');
  let functions = 0;
  for (const file of readdirSync(sources)) {
    for (const [, attribute = '', item] of readFileSync(join(sources, file), 'utf8').matchAll(EXPORT)) {
      if (item.endsWith('fn')) {
        assert.match(attribute, /\bcatch_unwind\b/, `${file}: #[napi(${attribute})]`);
        functions += 1;
      }
    }
  }
  assert.ok(functions > 30, `only ${functions} functions found`);
});
