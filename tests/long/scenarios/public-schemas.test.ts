/** Schemas of known applications, as Debian's packages bring them: nobody here wrote them. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { compareFleet } from '../../../local/fleet/compare.ts';
import { downloadPackages, exists, unpackPackage } from '../../../local/mysql/debian-apt.ts';
import { mysqlCacheDirectory } from '../../../local/mysql/install.ts';
import type { VersionName } from '../../../local/mysql/versions.ts';
import { Stage } from '../../scenarios/support/stage.ts';

interface PublicSchema {
  readonly application: string;
  readonly package: string;
  /** Under /usr/share of the package, in their order. */
  readonly files: readonly string[];
  readonly source: VersionName;
  readonly tables: number;
  readonly options: string;
}

/** Debian 12 does not change their versions any more. */
const suite = 'bookworm';
const schemas: readonly PublicSchema[] = [
  { application: 'PowerDNS', package: 'pdns-backend-mysql', files: ['pdns-backend-mysql/schema/schema.mysql.sql'], source: 'mysql-5.6', tables: 7, options: 'CHARACTER SET latin1' },
  // Its keys of utf8mb4 are longer than MySQL 5.6 takes.
  { application: 'Roundcube', package: 'roundcube-core', files: ['roundcube/SQL/mysql.initial.sql'], source: 'mariadb-10.11', tables: 17, options: 'CHARACTER SET utf8mb4' },
  {
    application: 'Zabbix',
    package: 'zabbix-server-mysql',
    files: ['zabbix-server-mysql/schema.sql.gz', 'zabbix-server-mysql/images.sql.gz'],
    source: 'mysql-5.6',
    tables: 173,
    options: 'CHARACTER SET utf8 COLLATE utf8_bin',
  },
];

let stage: Stage;
let folder: string;
const started = new AsyncDisposableStack();
after(() => started.disposeAsync());
before(async () => {
  [stage, folder] = await Promise.all([Stage.open(started, ['mysql-5.6', 'mariadb-10.11'], 'mysql-9.7'), fetchSchemas()]);
});

describe('the schema of', () => {
  for (const schema of schemas) {
    test(`${schema.application} is migrated and verified, and nothing of it differs`, async () => {
      const database = `public_${schema.application.toLowerCase()}`;
      const texts = await Promise.all(schema.files.map((file) => readFile(join(folder, 'usr', 'share', file))));
      const sql = texts.map((text, index) => (schema.files[index]?.endsWith('.gz') === true ? gunzipSync(text) : text).toString('utf8'));
      await stage.fill(schema.source, database, schema.options, `SET autocommit = 0;\n${sql.join('\n')}\nCOMMIT;\n`);
      const failure = await stage.migrate(schema.source, database, { noConvert: [] }, 1);
      assert.equal(failure, undefined, failure?.message);
      const compared = await compareFleet({ source: stage.accessOf(schema.source), target: stage.accessOf('target'), databases: [database], content: true });
      assert.deepEqual(compared.differences, []);
      assert.equal(compared.tables, schema.tables);
    });
  }
});

/** A folder with the packages' contents, kept in the cache. */
async function fetchSchemas(): Promise<string> {
  const cache = mysqlCacheDirectory(process.env);
  const kept = join(cache, `public-schemas-${suite}`);
  if (await exists(kept)) return kept;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'unpacking-'));
  try {
    const packages = schemas.map((schema) => schema.package);
    for (const archive of await downloadPackages({ work, product: 'public schemas', suite, packages, dependencies: false, remedy: '' })) {
      await unpackPackage(archive, join(work, 'tree'));
    }
    await rename(join(work, 'tree'), kept);
    return kept;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
