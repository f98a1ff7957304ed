// Packs what is built: `node scripts/pack.mjs [directory]`, by default target/packages.
//
// The package `allonge` itself has no native code. Each platform's addon is a package of its own, an optional
// dependency that npm chooses by system, processor and C library; nothing is downloaded by a script. Platforms
// whose addon was not built here are prepared but not packed.

import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
const output = resolve(process.argv[2] ?? join(here, '../target/packages'));
const licences = ['LICENSE-APACHE', 'LICENSE-MIT'];

const stage = mkdtempSync(join(tmpdir(), 'allonge-pack-'));
try {
  mkdirSync(output, { recursive: true });
  const platforms = preparePlatforms();
  for (const { directory, addon } of platforms.filter(({ addon }) => existsSync(addon))) {
    cpSync(addon, join(directory, basename(addon)));
    pack(directory);
  }
  pack(preparePackage(platforms));
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** A directory for every platform of package.json, as the napi command makes them. */
function preparePlatforms() {
  cpSync(join(here, 'package.json'), join(stage, 'package.json'));
  execFileSync(join(here, 'node_modules/.bin/napi'), ['create-npm-dirs', '--cwd', stage], { stdio: 'pipe' });
  const npm = join(stage, 'npm');
  return readdirSync(npm).map((platform) => {
    const directory = join(npm, platform);
    const manifest = readJson(join(directory, 'package.json'));
    writeManifest(directory, { ...manifest, files: [...manifest.files, ...licences] });
    addLicences(directory);
    const { name, version, main } = manifest;
    return { name, version, directory, addon: join(here, 'dist', main) };
  });
}

function preparePackage(platforms) {
  const directory = join(stage, 'allonge');
  mkdirSync(directory);
  const { scripts, devDependencies, overrides, napi, ...kept } = readJson(join(here, 'package.json'));
  const optionalDependencies = Object.fromEntries(platforms.map(({ name, version }) => [name, version]));
  writeManifest(directory, { ...kept, files: [...kept.files, ...licences], optionalDependencies });
  cpSync(join(here, 'README.md'), join(directory, 'README.md'));
  cpSync(join(here, 'dist'), join(directory, 'dist'), { recursive: true });
  addLicences(directory);
  return directory;
}

function addLicences(directory) {
  for (const licence of licences) {
    cpSync(join(here, '..', licence), join(directory, licence));
  }
}

function writeManifest(directory, manifest) {
  writeFileSync(join(directory, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

function pack(directory) {
  const arguments_ = ['pack', '--silent', '--pack-destination', output];
  console.log(execFileSync('npm', arguments_, { cwd: directory, encoding: 'utf8' }).trim());
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
