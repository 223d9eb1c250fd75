/** Each check of a database: facts in which it finds something, and what looks alike and is in order. */
import type { ColumnFacts, DatabaseFacts, Servers } from '../../../core/assessment/facts.ts';
import { noCostlyFacts } from '../../../core/assessment/facts.ts';
import { column, foreignKey, index, onTarget, procedure, servers, storedObject, table, text, view } from './facts.ts';

export interface DatabaseCase {
  readonly found: Partial<DatabaseFacts>;
  readonly servers?: Servers;
  /** `object` or `object: detail`. */
  readonly expected: readonly string[];
  /** What looks alike and is in order. */
  readonly harmless?: Partial<DatabaseFacts>;
}

const child = table('child', { columns: [column('id', 'int(11)'), column('parent_id', 'int(11)')] });
const parent = table('parent');
const longName = 'c'.repeat(58);
const longKey = `${longName}_ibfk_1`;
const pointTable = table('places', { columns: [column('id', 'int(11)'), column('p', 'point')] });

const stored = (name: string, expression: string): ColumnFacts => column(name, 'varchar(40)', { extra: 'stored generated', expression });

const nothing = { refused: [], views: [], differences: [], untried: [] };

export const databaseCases: Readonly<Record<string, DatabaseCase>> = {
  'database-name': { found: { name: 'a\nb' }, expected: [': Database name "a\\nb" contains a NUL or a line break.'] },
  'target-database-exists': { found: {}, servers: servers({}, { facts: { databases: new Set(['shop']) } }), expected: [''] },
  'open-files': {
    found: { tables: [table('a', { engine: 'MyISAM' }), table('b')] },
    servers: servers({ variables: { open_files_limit: '102' } }),
    expected: [': 103 files, and a limit of 102'],
  },
  'copied-files': {
    found: { name: '#mysql50#a-b', tables: [table('#mysql50#t-1')], views: [view('#mysql50#v.1')] },
    expected: ['', 'table #mysql50#t-1', 'view #mysql50#v.1'],
  },
  'innodb-name': {
    found: {
      tables: [
        table('a', { engine: 'MyISAM', columns: [column('id', 'int(11)'), column('db_Row_id', 'int(11)')], indexes: [index('gen_clust_index', ['id'])] }),
        table('b', { columns: [column('FTS_DOC_ID', 'int(11)')] }),
        table('c', { columns: [column('fts_doc_id', 'bigint(20) unsigned')] }),
      ],
    },
    expected: ['column a.db_Row_id', 'index a.gen_clust_index', 'column b.FTS_DOC_ID', 'column c.fts_doc_id'],
    harmless: { tables: [table('a', { columns: [column('FTS_DOC_ID', 'bigint(20) unsigned'), column('db_row_ids', 'int(11)')] })] },
  },
  'names-alike': {
    found: {
      programs: [procedure('SET @a = 1', { kind: 'trigger', name: 'tr' }), procedure('SET @a = 1', { kind: 'trigger', name: 'TŔ' }), procedure('SELECT 1', { name: 'tr' })],
      foreignKeys: [foreignKey({ name: 'cle' }), foreignKey({ name: 'Clé', table: 'other' })],
    },
    expected: ['trigger TŔ: as trigger tr', 'foreign key other.Clé: as foreign key child.cle'],
    harmless: { programs: [procedure('SET @a = 1', { kind: 'trigger', name: 'to' }), procedure('SET @a = 1', { kind: 'trigger', name: 'tø' })], foreignKeys: [foreignKey({ name: 'to' })] },
  },
  'enum-members-alike': {
    found: { tables: [table('a', { columns: [column('e', "enum('a','A')", { collation: 'latin1_swedish_ci' }), column('s', "set('e','é ')", { collation: 'utf8_general_ci' })] })] },
    expected: ["column a.e: 'A' in latin1_swedish_ci", "column a.s: 'é ' in utf8_general_ci"],
    harmless: { tables: [table('a', { columns: [column('e', "enum('a','A')", { collation: 'latin1_bin' }), column('s', "enum('a','ä')", { collation: 'latin1_german1_ci' }), column('p', "enum('a','a ')", { collation: 'utf8mb4_0900_ai_ci' })] })] },
  },
  'foreign-key-parent-index': {
    found: { tables: [child, table('parent', { indexes: [index('both', ['code', 'id']), index('words', ['id'], { type: 'FULLTEXT' }), index('part', [['id', 4]])] })], foreignKeys: [foreignKey()] },
    expected: ['table child: child_ibfk_1 refers to parent (id)'],
    harmless: {
      tables: [child, table('parent', { indexes: [index('PRIMARY', ['ID']), index('code', ['code'])] })],
      foreignKeys: [foreignKey(), foreignKey({ columns: ['a', 'b'], parentColumns: ['code', 'id'] }), foreignKey({ parentDatabase: 'crm' }), foreignKey({ parentTable: 'gone' })],
    },
  },
  'generated-column-regexp': {
    found: { tables: [table('a', { columns: [column('g', 'int(11)', { expression: "(`x` regexp '[[:<:]]amy')" }), column('h', 'int(11)', { expression: "(`x` rlike _latin1'a{,2}b')" })] })] },
    servers: servers({ version: '5.7.44' }),
    expected: ['column a.g: [[:<:]]', 'column a.h: {,2}b'],
    harmless: { tables: [table('a', { columns: [column('g', 'int(11)', { expression: "(`x` regexp '^[[:alpha:]]{1,2}$')" }), column('h', 'int(11)', { expression: "concat(`regexp`,'a{,2}b')" })] })] },
  },
  'generated-columns-only': {
    found: { tables: [table('a', { columns: [column('g', 'int(11)', { expression: '1' }), column('h', 'int(11)', { expression: '2' })] })] },
    expected: ['table a'],
    harmless: { tables: [table('a', { columns: [column('g', 'int(11)', { expression: '1' }), column('id', 'int(11)')] }), table('none', { columns: [] })] },
  },
  'float-key': {
    found: { tables: [table('a', { columns: [column('f', 'float'), column('g', 'float')], indexes: [index('PRIMARY', ['f']), index('g', ['g'])] })] },
    expected: ['index a.PRIMARY'],
    harmless: { tables: [table('a', { columns: [column('f', 'float')], indexes: [index('PRIMARY', ['f'])] })], costly: { ...noCostlyFacts, floatKeys: new Map([['a\0PRIMARY', 0]]) } },
  },
  'float-key-duplicates': {
    found: { costly: { ...noCostlyFacts, floatKeys: new Map([['a\0PRIMARY', 2]]) } },
    expected: ['index a.PRIMARY: 2 keys would meet another'],
    harmless: { costly: { ...noCostlyFacts, floatKeys: new Map([['a\0PRIMARY', 0]]) } },
  },
  'refused-geometry': {
    found: { costly: { ...noCostlyFacts, geometries: new Map([['places\0p', 3], ['places\0q', 0]]) } },
    expected: ['column places.p: 3 rows'],
  },
  'removed-system-table': {
    found: { views: [view('v', 'select `variable_name` from `information_schema`.`GLOBAL_STATUS` join `mysql`.`proc`')] },
    expected: ['view v: information_schema.global_status, mysql.proc'],
    harmless: { views: [view('v', 'select `proc`.`global_status` from `shop`.`proc` join `information_schema`.`tables`')], programs: [procedure('SELECT * FROM information_schema.GLOBAL_STATUS')] },
  },
  'refused-by-target': { found: { rehearsal: { ...nothing, refused: [{ object: 'procedure p', detail: 'error 1064' }] } }, expected: ['procedure p: error 1064'], harmless: { rehearsal: nothing } },
  'view-fails-on-target': { found: { rehearsal: { ...nothing, views: [{ object: 'view v', detail: 'error 3685' }] } }, expected: ['view v: error 3685'] },
  'differs-on-target': { found: { rehearsal: { ...nothing, differences: [{ object: '', detail: 'view v' }] } }, expected: [': view v'] },
  'not-tried': { found: { rehearsal: { ...nothing, untried: [{ object: 'view v', detail: 'error 1049' }] } }, expected: ['view v: error 1049'] },
  'expired-event': {
    found: { programs: [procedure('SELECT 1', { kind: 'event', name: 'once', expired: true })] },
    expected: ['event once'],
    harmless: { programs: [procedure('SELECT 1', { kind: 'event', name: 'once' })] },
  },
  'marker-table': { found: { tables: [table('_aurora_ferry_import')] }, expected: ['table _aurora_ferry_import'] },
  'mariadb-table': { found: { tables: [table('numbers', { type: 'SEQUENCE' }), table('history', { type: 'SYSTEM VERSIONED' })] }, expected: ['table numbers: sequence', 'table history: system versioned'] },
  'mariadb-type': { found: { tables: [table('a', { columns: [column('u', 'uuid'), column('i', 'inet6'), column('c', 'char(36)')] })] }, expected: ['column a.u: uuid', 'column a.i: inet6'] },
  'merge-engine': { found: { tables: [table('log', { engine: 'MRG_MYISAM' })] }, expected: ['table log'] },
  'remote-engine': { found: { tables: [table('far', { engine: 'FEDERATED' })] }, expected: ['table far: FEDERATED'] },
  'blackhole-engine': { found: { tables: [table('hole', { engine: 'BLACKHOLE' })] }, expected: ['table hole'] },
  'storage-engine': {
    found: { tables: [table('a', { engine: 'MyISAM' }), table('b', { engine: 'MEMORY' }), table('c', { engine: 'InnoDB' })] },
    expected: ['table a: MyISAM', 'table b: MEMORY'],
    harmless: { tables: [table('log', { engine: 'MRG_MYISAM' }), table('broken', { engine: null })] },
  },
  'partitioned-engine': {
    found: { tables: [table('a', { engine: 'MyISAM', options: 'partitioned' })] },
    expected: ['table a: MyISAM'],
    harmless: { tables: [table('a', { options: 'partitioned' }), table('b', { engine: 'MyISAM' })] },
  },
  'unreadable-table': {
    found: { tables: [table('gone', { engine: null, comment: "Can't find file: 'gone'" }), table('hurt', { engine: 'MyISAM' })], costly: { ...noCostlyFacts, damages: new Map([['hurt', 'Size of datafile is: 20']]) } },
    expected: ["table gone: Can't find file: 'gone'", 'table hurt: Size of datafile is: 20'],
  },
  'row-format': {
    found: { tables: [table('a', { options: 'row_format=fixed' }), table('b', { options: 'row_format=compressed key_block_size=8' })] },
    expected: ['table a: row_format=fixed', 'table b: row_format=compressed key_block_size=8'],
    harmless: { tables: [table('a', { options: 'row_format=dynamic' }), table('b', { options: 'row_format=default stats_persistent=1' })] },
  },
  'file-placement': {
    found: {
      tables: [table('a'), table('b', { partitions: [{ name: 'p0', method: 'HASH', expression: 'id', tablespace: 'ts1' }] }), table('c', { options: 'tablespace=`ts2`' })],
      costly: { ...noCostlyFacts, definitions: new Map([['a', "CREATE TABLE `a` (\n  `id` int\n) ENGINE=MyISAM DATA DIRECTORY='/fast/' INDEX DIRECTORY='/fast/'"]]) },
    },
    expected: ["table a: DATA DIRECTORY='/fast/', INDEX DIRECTORY='/fast/'", 'table b: TABLESPACE ts1', 'table c: tablespace=`ts2`'],
    harmless: { tables: [table('a', { partitions: [{ name: 'p0', method: 'HASH', expression: 'id', tablespace: null }] }), table('b', { options: 'tablespace=`innodb_file_per_table`' })] },
  },
  'table-options': { found: { tables: [table('a', { options: 'pack_keys=1 checksum=1 partitioned' }), table('b', { options: 'compression="zlib" encryption=\'y\'' })] }, expected: ['table a: pack_keys=1 checksum=1', 'table b: compression="zlib" encryption=\'y\''] },
  'auto-increment-key': {
    found: { tables: [table('a', { columns: [column('kind', 'char(3)'), column('n', 'int(11)', { extra: 'auto_increment' })], indexes: [index('PRIMARY', ['kind', 'n'])] })] },
    expected: ['column a.n'],
    harmless: { tables: [table('a', { columns: [column('id', 'int(11)', { extra: 'auto_increment' })] })] },
  },
  'row-too-large': {
    found: { tables: [table('wide', { engine: 'MyISAM', columns: Array.from({ length: 198 }, (_, number) => text(`c${number}`, 100)) })] },
    expected: ['table wide: up to 8136 bytes'],
    harmless: {
      tables: [
        table('fits', { engine: 'MyISAM', columns: Array.from({ length: 197 }, (_, number) => text(`c${number}`, 100)) }),
        table('is there already', { columns: Array.from({ length: 400 }, (_, number) => text(`c${number}`, 100)) }),
      ],
    },
  },
  'too-many-columns': {
    found: { tables: [table('a', { engine: 'MyISAM', columns: Array.from({ length: 1018 }, (_, number) => column(`c${number}`, 'tinyint(4)')) })] },
    expected: ['table a: 1018 columns'],
    harmless: { tables: [table('a', { engine: 'MyISAM', columns: Array.from({ length: 1017 }, (_, number) => column(`c${number}`, 'tinyint(4)')) })] },
  },
  'index-length': {
    found: { tables: [table('a', { columns: [text('v', 255, 4), text('w', 1000, 4)], indexes: [index('v', ['v']), index('w', ['w'])] })] },
    expected: ['table a: v: 1020 bytes, w: 4000 bytes, too many'],
    harmless: { tables: [table('a', { columns: [text('v', 255, 3), text('w', 1000, 4)], indexes: [index('v', ['v']), index('w', [['w', 100]]), index('f', ['w'], { type: 'FULLTEXT' })] })] },
  },
  'fulltext-index': {
    found: { tables: [table('a', { engine: 'MyISAM', indexes: [index('words', ['t'], { type: 'FULLTEXT' })] })] },
    expected: ['table a: words'],
    harmless: { tables: [table('a', { indexes: [index('words', ['t'], { type: 'FULLTEXT' })] })] },
  },
  'spatial-column': { found: { tables: [pointTable] }, expected: ['column places.p: point'] },
  'partition-prefix-key': {
    found: { tables: [table('a', { indexes: [index('PRIMARY', [['v', 10]])], partitions: [{ name: 'p0', method: 'KEY', expression: '`v`', tablespace: null }] })] },
    expected: ['table a: v'],
    harmless: { tables: [table('a', { indexes: [index('PRIMARY', [['v', 10]])], partitions: [{ name: 'p0', method: 'HASH', expression: 'id', tablespace: null }] })] },
  },
  'fts-table-name': { found: { tables: [table('FTS_00000000000000aa_CONFIG')] }, expected: ['table FTS_00000000000000aa_CONFIG'], harmless: { tables: [table('FTS_search'), table('my_FTS_00000000000000aa_x')] } },
  'awkward-name': {
    found: { tables: [table('$money', { columns: [column('a.b', 'int(11)')] })], views: [view(' v')], programs: [procedure('SELECT 1', { name: 'p\u200b' })] },
    expected: ['table $money', 'column $money.a.b', 'view  v', 'procedure p\u200b'],
    harmless: { tables: [table('été 日本')] },
  },
  'no-primary-key': {
    found: { tables: [table('a', { indexes: [] }), table('b', { columns: [column('x', 'int(11)', { nullable: true })], indexes: [index('x', ['x'], { unique: true })] })] },
    expected: ['table a', 'table b'],
    harmless: { tables: [table('a', { columns: [column('x', 'int(11)')], indexes: [index('x', ['x'], { unique: true })] })] },
  },
  'case-only-tables': { found: { tables: [table('Order'), table('other')], views: [view('order')] }, expected: ['tables Order, order'] },
  'row-exceeds-packet': {
    found: { tables: [table('files', { columns: [column('b', 'longblob')], averageRowBytes: 700 }), table('notes')], costly: { ...noCostlyFacts, longestRows: new Map([['notes', 1001]]) } },
    servers: servers({}, { variables: { max_allowed_packet: '1000' } }),
    expected: ['table files: 1400 bytes on average, and 1000 are allowed', 'table notes: 1001 bytes, and 1000 are allowed'],
  },
  'foreign-key-name': {
    found: { foreignKeys: [foreignKey({ name: longKey }), foreignKey({ table: longName, name: longKey.slice(0, 64) })] },
    expected: [`table child: ${longKey}`, `table ${longName}: ${longKey.slice(0, 64)}`],
    harmless: { foreignKeys: [foreignKey(), foreignKey({ name: 'k'.repeat(64) }), foreignKey({ table: 'c'.repeat(57), name: `${'c'.repeat(57)}_ibfk_1` })] },
  },
  'foreign-key-parent-key': {
    found: { tables: [child, table('parent', { indexes: [index('id', ['id'])] })], foreignKeys: [foreignKey()] },
    expected: ['table child: child_ibfk_1 refers to parent (id)'],
    harmless: { tables: [child, parent], foreignKeys: [foreignKey()] },
  },
  'foreign-key-parent-table': {
    found: { tables: [child, table('parent', { engine: 'MyISAM' })], foreignKeys: [foreignKey(), foreignKey({ name: 'lost', parentTable: 'gone' })] },
    expected: ['table child: child_ibfk_1 refers to parent, which is MyISAM', 'table child: lost refers to gone, which is not there'],
    harmless: { tables: [child, parent], foreignKeys: [foreignKey()] },
  },
  'foreign-key-other-database': { found: { foreignKeys: [foreignKey({ parentDatabase: 'crm' })] }, expected: ['table child: child_ibfk_1 refers to crm.parent'], harmless: { foreignKeys: [foreignKey()] } },
  'view-other-database': {
    found: { views: [view('v', 'select `c`.`id` AS `id` from (`shop`.`orders` `o` join `crm`.`customers` `c` on((`c`.`id` = `o`.`id`)))')] },
    expected: ['view v: reads crm.customers'],
    harmless: { views: [view('v', 'select `mysql`.`user`.`User` AS `User`,`crm`.`id` AS `id` from (`mysql`.`user` join `shop`.`orders` `crm`)')] },
  },
  'program-other-database': {
    found: { programs: [procedure('BEGIN INSERT INTO crm.log VALUES (1); SELECT * FROM `blog` . posts, `blog`.posts; CALL wiki.`p`(); END')] },
    servers: servers({ facts: { databases: new Set(['shop', 'crm', 'blog', 'wiki']) } }),
    expected: ['procedure p: names crm', 'procedure p: names blog', 'procedure p: names wiki'],
    harmless: { programs: [procedure("BEGIN SELECT shop.t.id, other.id, 'crm.log' FROM shop.t /* crm.log */ JOIN other; SELECT mysql.user.User; END")] },
  },
  'other-database-missing': {
    found: { foreignKeys: [foreignKey({ parentDatabase: 'crm' })], views: [view('v', 'select `crm`.`f`(1) AS `x`')] },
    servers: { ...servers(), missing: new Set(['crm']) },
    expected: ['table child: child_ibfk_1 refers to crm.parent', 'view v: reads crm.f'],
    harmless: { foreignKeys: [foreignKey({ parentDatabase: 'blog' })], views: [view('v', 'select 1 AS `x` from `blog`.`t`')] },
  },
  'orphan-rows': {
    found: { foreignKeys: [foreignKey()], costly: { ...noCostlyFacts, orphans: new Map([['child\0child_ibfk_1', 7]]) } },
    expected: ['table child: 7 rows without their row in parent (child_ibfk_1)'],
    harmless: { foreignKeys: [foreignKey()], costly: { ...noCostlyFacts, orphans: new Map([['child\0child_ibfk_1', 0]]) } },
  },
  'enum-set-element': {
    found: { tables: [table('a', { columns: [column('e', `enum('x','${'y'.repeat(256)}')`)] })] },
    expected: ['column a.e: an element of 256 characters'],
    harmless: { tables: [table('a', { columns: [column('e', `enum('${"''".repeat(200)}','${'y'.repeat(255)}')`)] })] },
  },
  'year-two-digits': { found: { tables: [table('a', { columns: [column('y', 'year(2)'), column('z', 'year(4)')] })] }, expected: ['column a.y'] },
  'old-temporal': { found: { tables: [table('a', { columns: [column('t', 'datetime /* 5.5 binary format */')] })] }, expected: ['table a: t'] },
  'float-column': { found: { tables: [table('a', { columns: [column('f', 'float'), column('d', 'double')] })] }, expected: ['column a.f'] },
  'zero-date-default': {
    found: { tables: [table('a', { columns: [column('d', 'date', { default: '0000-00-00' }), column('m', 'datetime', { default: '2014-00-00 00:00:00' })] })] },
    expected: ['column a.d', 'column a.m'],
    harmless: { tables: [table('a', { columns: [column('d', 'date', { default: '2014-01-01' }), column('v', 'varchar(20)', { default: '0000-00-00' })] })] },
  },
  'explicit-collation': {
    found: { tables: [table('a', { collation: 'utf8mb4_general_ci' }), table('b', { columns: [text('v', 10, 4, { collation: 'utf8mb4_general_ci' })] })] },
    expected: ['table a', 'table b'],
    harmless: { tables: [table('a', { collation: 'utf8mb4_unicode_ci' })] },
  },
  'invalid-view': {
    found: {
      views: [
        view('v', 'select 1', { flaw: "View 'shop.v' references invalid table(s)" }),
        view('broken', '', { flaw: '', fault: { kind: 'unparsable', message: 'You have an error in your SQL syntax' } }),
        view('w', 'select 1', { flaw: 'x', fault: { kind: 'invalid', message: 'x', absent: [{ kind: 'table', database: 'shop', name: 't' }, { kind: 'function', database: 'lib', name: 'f' }] } }),
      ],
    },
    servers: servers({ facts: { grants: ['GRANT SELECT ON `shop`.* TO `x`@`%`'] } }),
    expected: [
      "view v: View 'shop.v' references invalid table(s)",
      'view broken: the server cannot parse it: You have an error in your SQL syntax',
      "view w: table `shop`.`t` is gone; function `lib`.`f` is gone or not shown: Ferry's account lacks SELECT on `lib`",
    ],
    harmless: {
      views: [
        view('v', 'select 1', { flaw: "The user specified as a definer ('a'@'b') does not exist" }),
        view('denied', 'select 1', { flaw: 'x', fault: { kind: 'denied', message: 'execute command denied' } }),
      ],
    },
  },
  'denied-view': {
    found: { views: [view('v', 'select f(1)', { flaw: 'denied', fault: { kind: 'denied', message: "execute command denied to user 'x'@'%' for routine 'shop.f'", routine: 'shop.f' } })] },
    expected: ["view v: execute command denied to user 'x'@'%' for routine 'shop.f'"],
  },
  'unseen-objects': {
    found: { views: [view('v')], programs: [procedure('')] },
    servers: servers({ facts: { grants: ['GRANT PROCESS ON *.* TO `x`@`%`', 'GRANT SELECT, EVENT, EXECUTE ON `shop`.* TO `x`@`%`'] } }),
    expected: [
      ": 'x'@'%' lacks SHOW VIEW on `shop`.* (definitions of views are not shown), TRIGGER on `shop`.* (triggers are not shown), SELECT on `mysql`.`proc` (procedures and functions are not shown (p)). Give it: GRANT SHOW VIEW, TRIGGER ON `shop`.* TO 'x'@'%'; GRANT SELECT ON `mysql`.`proc` TO 'x'@'%';",
    ],
  },
  'missing-definer': {
    found: { views: [view('v', 'select 1', { definer: 'gone@%' })], programs: [procedure('SELECT 1')] },
    expected: ['view v: gone@%'],
  },
  'definer-rights': {
    found: { views: [view('v', 'select 1', { definerLacks: ['SELECT on `shop`.`t`', 'EXECUTE on `lib`.`f`'] }), view('w')] },
    expected: ['view v: app@% lacks SELECT on `shop`.`t`, EXECUTE on `lib`.`f`'],
  },
  'privileged-definer': {
    found: { programs: [procedure('SELECT 1', { definer: 'root@localhost' })] },
    servers: servers({ facts: { accounts: [{ account: 'root@localhost', plugin: '', oldHash: false, serverPrivileges: ['SUPER', 'FILE'] }] } }),
    expected: ['procedure p: root@localhost has SUPER, FILE'],
  },
  'reserved-word': {
    found: { programs: [procedure('BEGIN DECLARE rank INT; SELECT groups.id FROM groups; END')] },
    expected: ['procedure p: groups, rank'],
    harmless: {
      programs: [procedure("BEGIN SELECT t.rank, `rank`, 'rank', @rank FROM t /* rank */; SET time_zone = SYSTEM; END -- rank")],
      views: [view('v', 'select `t`.`id` AS `rank` from `t`')],
    },
  },
  'removed-function': {
    found: { views: [view('v', 'select encrypt(`t`.`v`) AS `e` from `t`')], programs: [procedure("SELECT PASSWORD('x')")], tables: [table('a', { columns: [column('g', 'int(11)', { expression: 'encode(`x`,1)' })] })] },
    expected: ['view v: ENCRYPT', 'procedure p: PASSWORD', 'column a.g: ENCODE'],
    harmless: { views: [view('v', 'select `t`.`password` AS `password` from `t`')], programs: [procedure("SELECT ENCRYPT('x'), password FROM t")] },
  },
  'removed-function-call': {
    found: { programs: [procedure("SELECT des_encrypt('x'), Encode('a', 'b')")] },
    expected: ['procedure p: DES_ENCRYPT, ENCODE'],
    harmless: { programs: [procedure('SELECT encode FROM t')], views: [view('v', 'select encrypt(1)')] },
  },
  'definer-not-on-target': {
    found: {
      onTarget: onTarget(
        [storedObject('view', 'v', 'select 1', { definer: 'app@10.1.%' }), storedObject('trigger', 't', 'SET @x = 1'), storedObject('procedure', 'p', 'SELECT 1', { definer: 'gone@%' })],
        { missingDefiners: new Set(['app@10.1.%', 'gone@%']) },
      ),
    },
    servers: servers({ facts: { accounts: ['app@10.1.%', 'app@%'].map((account) => ({ account, plugin: '', oldHash: false, serverPrivileges: [] })) } }),
    expected: ['view v: app@10.1.%'],
    harmless: { onTarget: onTarget([storedObject('view', 'v', 'select 1', { runsAsInvoker: true })], { missingDefiners: new Set(['app@%']) }) },
  },
  'fails-on-target': {
    found: {
      onTarget: onTarget([storedObject('view', 'v', "select `a` regexp 'a{b' from `t`"), storedObject('event', 'e', 'INSERT INTO log SELECT 1 FROM mysql.proc')], {
        refusedPatterns: new Map([['["a{b",false,false]', { errno: 3692, message: 'braces' }]]),
        missingTables: new Set(['`mysql`.`proc`']),
      }),
    },
    expected: ["view v: 'a{b'", 'event e: mysql.proc'],
    harmless: { onTarget: onTarget([storedObject('view', 'v', "select `a` regexp 'ab' from `t`"), storedObject('event', 'e', 'SELECT 1 FROM mysql.user')]) },
  },
  'native-function-name': {
    found: {
      onTarget: onTarget([storedObject('function', 'UUID_to_bin', 'RETURN 1'), storedObject('view', 'v', 'select `uuid_to_bin`(`a`),`plain`(`a`) from `t`')], { nativeFunctions: new Set(['uuid_to_bin']) }),
    },
    expected: ['view v: uuid_to_bin'],
    harmless: { onTarget: onTarget([storedObject('function', 'uuid_to_bin', 'RETURN 1'), storedObject('view', 'v', 'select `shop`.`uuid_to_bin`(1),uuid_to_bin(2)')], { nativeFunctions: new Set(['uuid_to_bin']) }) },
  },
  'native-function-call': {
    found: { onTarget: onTarget([storedObject('function', 'is_uuid', 'RETURN 1'), storedObject('trigger', 't', 'SET NEW.a = IS_UUID(NEW.b)')], { nativeFunctions: new Set(['is_uuid']) }) },
    expected: ['trigger t: is_uuid'],
    harmless: { onTarget: onTarget([storedObject('trigger', 't', 'SET NEW.a = shop.is_uuid(NEW.b)')], { nativeFunctions: new Set(['is_uuid']) }) },
  },
  'implicit-group-order': {
    found: {
      views: [view('v', 'select `a`,count(0) AS `n` from `t` group by `a`'), view('w', '(select `a` from `t` group by `a` order by `a`) union select `b` from `t` group by `b`')],
      programs: [procedure('BEGIN SET x = (SELECT a FROM t GROUP BY a LIMIT 1); INSERT INTO u SELECT a FROM t GROUP BY a; END')],
    },
    expected: ['view v', 'view w', 'procedure p'],
    harmless: {
      views: [view('v', 'select `a` from `t` group by `a` order by null'), view('w', 'select max(`n`) from (select count(0) AS `n` from `t` group by `a`) `x`')],
      programs: [procedure('BEGIN INSERT INTO u SELECT a FROM t GROUP BY a; SELECT b FROM t ORDER BY b; END')],
    },
  },
  'old-geometry-function': {
    found: { programs: [procedure('SELECT AsText(p), X(p) FROM t')] },
    expected: ['procedure p: ASTEXT: ST_AsText, X: ST_X'],
    harmless: { programs: [procedure('SELECT ST_AsText(p), x(p), area(q) FROM t'), procedure('RETURN 1', { kind: 'function', name: 'x' })] },
  },
  'group-by-order': {
    found: { views: [view('v', 'select count(0) from `t` group by `t`.`a` desc')], programs: [procedure('SELECT 1 FROM t GROUP BY LOWER(a), b ASC HAVING 1')] },
    expected: ['view v', 'procedure p'],
    harmless: { programs: [procedure('SELECT GROUP_CONCAT(a ORDER BY a DESC) FROM t GROUP BY IF(a, (SELECT b FROM u ORDER BY b DESC LIMIT 1), 1) ORDER BY a DESC')] },
  },
  'removed-syntax': {
    found: { programs: [procedure('BEGIN SELECT SQL_CACHE \\N FROM .t PROCEDURE ANALYSE(); FLUSH QUERY CACHE; GRANT SELECT ON a.* TO b IDENTIFIED BY \'c\'; CREATE TABLE x (a INT) TYPE=MyISAM; EXPLAIN PARTITIONS SELECT 1; END')] },
    expected: ['procedure p: SQL_CACHE, PROCEDURE ANALYSE, \\N for NULL, a table name that begins with a dot, FLUSH QUERY CACHE, GRANT … IDENTIFIED BY, EXPLAIN EXTENDED, TYPE= for ENGINE='],
    harmless: { programs: [procedure("BEGIN DESC extended; SELECT SQL_NO_CACHE '\\N', type FROM t WHERE (a) AND type = 1; GRANT SELECT ON a.* TO b; END")] },
  },
  'removed-variable': {
    found: { programs: [procedure("BEGIN SET SESSION tx_isolation = 'SERIALIZABLE'; SELECT @@session.query_cache_type, @@old_passwords; END")] },
    expected: ['procedure p: old_passwords, query_cache_type, tx_isolation'],
    harmless: { programs: [procedure('BEGIN DECLARE x INT; SELECT storage_engine INTO x FROM t; END')] },
  },
  'replication-syntax': { found: { programs: [procedure('SHOW SLAVE STATUS')] }, expected: ['procedure p'], harmless: { programs: [procedure('SELECT master, slave FROM t')] } },
  'engine-in-body': { found: { programs: [procedure('BEGIN CREATE TEMPORARY TABLE x (a INT) ENGINE=MEMORY; ALTER TABLE y ENGINE MyISAM; END')] }, expected: ['procedure p: MEMORY, MyISAM'], harmless: { programs: [procedure('CREATE TABLE x (a INT) ENGINE=InnoDB')] } },
  'generated-arithmetic': {
    found: { tables: [table('t', { columns: [column('f', 'float'), stored('a', 'concat((`f` * `f`))'), stored('b', 'sqrt(`id`)')] })] },
    expected: ['column t.a: computed from f (float)', 'column t.b: computed with SQRT'],
    harmless: { tables: [table('t', { columns: [column('f', 'float'), stored('a', '(`id` + 1)')] })] },
  },
  'json-types-lost': {
    found: { tables: [table('logs', { indexes: [] })], costly: { ...noCostlyFacts, jsonTypes: [{ table: 'logs', column: 'd', counts: { DATE: 2 } }] } },
    expected: ['column logs.d: 2 DATE'],
    harmless: { tables: [table('logs', { indexes: [{ name: 'PRIMARY', unique: true, type: 'BTREE', columns: [{ name: 'id', prefix: null }] }] })], costly: { ...noCostlyFacts, jsonTypes: [{ table: 'logs', column: 'd', counts: { DATE: 2 } }] } },
  },
  'json-types': {
    found: { tables: [table('logs')], costly: { ...noCostlyFacts, jsonTypes: [{ table: 'logs', column: 'd', counts: { DATE: 2, DECIMAL: 1 } }] } },
    expected: ['column logs.d: 2 DATE, 1 DECIMAL'],
    harmless: { tables: [table('logs')], costly: { ...noCostlyFacts, jsonTypes: [{ table: 'logs', column: 'd', counts: {} }] } },
  },
  'sql-mode': { found: { programs: [procedure('SELECT 1', { sqlMode: 'STRICT_TRANS_TABLES,NO_AUTO_CREATE_USER' })] }, expected: ['procedure p: NO_AUTO_CREATE_USER'], harmless: { programs: [procedure('SELECT 1', { sqlMode: 'STRICT_TRANS_TABLES' })] } },
  'disabled-event': { found: { programs: [procedure('SELECT 1', { kind: 'event', name: 'nightly' })] }, expected: ['event nightly'], harmless: { programs: [procedure('SELECT 1', { kind: 'event', enabled: false }), procedure('SELECT 1')] } },
};
