// Makes the geometry of demarc again, or (--check) says whether what is
// committed is what the recipe makes. See README.md.
//
//   node data/curated/recipe/build.mjs [--check]

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..', '..');
const check = process.argv.includes('--check');

installLibraries();
const { make } = await import('./make.mjs');
const { recordFaults } = await import('./lib/records.mjs');

const files = await make(join(here, '.cache'));
const faults = check ? differences(files) : [];
if (!check) write(files);
faults.push(...recordFaults(root, files));

for (const fault of faults) console.error(fault);
console.log(`${files.size} files ${check ? 'compared' : 'written'}, ${faults.length} faults`);
process.exitCode = faults.length ? 1 : 0;

// installLibraries runs `npm ci` unless the installed set is newer than the lock.
function installLibraries() {
  const installed = join(here, 'node_modules', '.package-lock.json');
  const lock = join(here, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'], { cwd: here, stdio: 'inherit' });
}

function write(files) {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function differences(files) {
  const faults = [];
  for (const [path, text] of files) {
    const file = join(root, path);
    if (!existsSync(file)) faults.push(`${path}: not there, the recipe makes it`);
    else if (readFileSync(file, 'utf8') !== text) faults.push(`${path}: differs from what the recipe makes`);
  }
  return faults;
}
