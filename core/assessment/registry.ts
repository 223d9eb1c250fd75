/** All checks. Their order here is the order of every report: by scope, then by severity, then by name. */
import type { Check, DatabaseCheck, ServerCheck } from './check.ts';
import { authenticationPlugins } from './checks/authentication-plugins.ts';
import { autoIncrementKey } from './checks/auto-increment-key.ts';
import { awkwardName } from './checks/awkward-name.ts';
import { binaryLog } from './checks/binary-log.ts';
import { blackholeEngine } from './checks/blackhole-engine.ts';
import { caseOnlyDatabases } from './checks/case-only-databases.ts';
import { caseOnlyTables } from './checks/case-only-tables.ts';
import { characterSetDefaults } from './checks/character-set-defaults.ts';
import { copiedFiles } from './checks/copied-files.ts';
import { copiedFolders } from './checks/copied-folders.ts';
import { databaseName } from './checks/database-name.ts';
import { definerNotOnTarget } from './checks/definer-not-on-target.ts';
import { definerPrivilege } from './checks/definer-privilege.ts';
import { definerRights } from './checks/definer-rights.ts';
import { deniedView } from './checks/denied-view.ts';
import { disabledEvent } from './checks/disabled-event.ts';
import { differsOnTarget } from './checks/differs-on-target.ts';
import { engineInBody } from './checks/engine-in-body.ts';
import { enumMembersAlike } from './checks/enum-members-alike.ts';
import { enumSetElement } from './checks/enum-set-element.ts';
import { expiredEvent } from './checks/expired-event.ts';
import { explicitCollation } from './checks/explicit-collation.ts';
import { failsOnTarget } from './checks/fails-on-target.ts';
import { filePlacement } from './checks/file-placement.ts';
import { floatColumn } from './checks/float-column.ts';
import { floatKey } from './checks/float-key.ts';
import { floatKeyDuplicates } from './checks/float-key-duplicates.ts';
import { foreignKeyName } from './checks/foreign-key-name.ts';
import { foreignKeyOtherDatabase } from './checks/foreign-key-other-database.ts';
import { foreignKeyParentIndex } from './checks/foreign-key-parent-index.ts';
import { foreignKeyParentKey } from './checks/foreign-key-parent-key.ts';
import { foreignKeyParentTable } from './checks/foreign-key-parent-table.ts';
import { ftsTableName } from './checks/fts-table-name.ts';
import { fulltextIndex } from './checks/fulltext-index.ts';
import { functionCreators } from './checks/function-creators.ts';
import { generatedArithmetic } from './checks/generated-arithmetic.ts';
import { generatedColumnRegexp } from './checks/generated-column-regexp.ts';
import { generatedColumnsOnly } from './checks/generated-columns-only.ts';
import { groupByOrder } from './checks/group-by-order.ts';
import { implicitGroupOrder } from './checks/implicit-group-order.ts';
import { indexLength } from './checks/index-length.ts';
import { innodbName } from './checks/innodb-name.ts';
import { invalidView } from './checks/invalid-view.ts';
import { loadableFunctions } from './checks/loadable-functions.ts';
import { jsonTypesLost } from './checks/json-types-lost.ts';
import { jsonTypes } from './checks/json-types.ts';
import { lowerCaseTableNames } from './checks/lower-case-table-names.ts';
import { mariadbTable } from './checks/mariadb-table.ts';
import { mariadbType } from './checks/mariadb-type.ts';
import { markerTable } from './checks/marker-table.ts';
import { maxAllowedPacket } from './checks/max-allowed-packet.ts';
import { mergeEngine } from './checks/merge-engine.ts';
import { metadataStatistics } from './checks/metadata-statistics.ts';
import { missingDefiner } from './checks/missing-definer.ts';
import { nativeFunctionCall } from './checks/native-function-call.ts';
import { nativeFunctionName } from './checks/native-function-name.ts';
import { namesAlike } from './checks/names-alike.ts';
import { noPrimaryKey } from './checks/no-primary-key.ts';
import { notTried } from './checks/not-tried.ts';
import { oldGeometryFunction } from './checks/old-geometry-function.ts';
import { oldPasswordHashes } from './checks/old-password-hashes.ts';
import { oldTemporal } from './checks/old-temporal.ts';
import { openFiles } from './checks/open-files.ts';
import { orphanRows } from './checks/orphan-rows.ts';
import { otherDatabaseMissing } from './checks/other-database-missing.ts';
import { partitionPrefixKey } from './checks/partition-prefix-key.ts';
import { partitionedEngine } from './checks/partitioned-engine.ts';
import { performanceSchemaOverflow } from './checks/performance-schema-overflow.ts';
import { preparedTransactions } from './checks/prepared-transactions.ts';
import { privilegedDefiner } from './checks/privileged-definer.ts';
import { programOtherDatabase } from './checks/program-other-database.ts';
import { refusedByTarget } from './checks/refused-by-target.ts';
import { remoteEngine } from './checks/remote-engine.ts';
import { removedFunctionCall } from './checks/removed-function-call.ts';
import { removedFunction } from './checks/removed-function.ts';
import { refusedGeometry } from './checks/refused-geometry.ts';
import { removedSyntax } from './checks/removed-syntax.ts';
import { removedSystemTable } from './checks/removed-system-table.ts';
import { removedVariable } from './checks/removed-variable.ts';
import { replicationSyntax } from './checks/replication-syntax.ts';
import { reservedWord } from './checks/reserved-word.ts';
import { rowExceedsPacket } from './checks/row-exceeds-packet.ts';
import { rowFormat } from './checks/row-format.ts';
import { rowTooLarge } from './checks/row-too-large.ts';
import { serverPrivileges } from './checks/server-privileges.ts';
import { serverSqlMode } from './checks/server-sql-mode.ts';
import { sourceGrants } from './checks/source-grants.ts';
import { sourceTls } from './checks/source-tls.ts';
import { sourceVersion } from './checks/source-version.ts';
import { spatialColumn } from './checks/spatial-column.ts';
import { sqlMode } from './checks/sql-mode.ts';
import { storageEngine } from './checks/storage-engine.ts';
import { tableCount } from './checks/table-count.ts';
import { tableOptions } from './checks/table-options.ts';
import { targetDatabaseExists } from './checks/target-database-exists.ts';
import { targetParameters } from './checks/target-parameters.ts';
import { targetVersion } from './checks/target-version.ts';
import { timeZoneTables } from './checks/time-zone-tables.ts';
import { timeZone } from './checks/time-zone.ts';
import { tooManyColumns } from './checks/too-many-columns.ts';
import { unreadableTable } from './checks/unreadable-table.ts';
import { unseenObjects } from './checks/unseen-objects.ts';
import { viewOtherDatabase } from './checks/view-other-database.ts';
import { viewFailsOnTarget } from './checks/view-fails-on-target.ts';
import { yearTwoDigits } from './checks/year-two-digits.ts';
import { zeroDateDefault } from './checks/zero-date-default.ts';

export const serverChecks: readonly ServerCheck[] = [
  functionCreators,
  lowerCaseTableNames,
  targetVersion,
  authenticationPlugins,
  caseOnlyDatabases,
  characterSetDefaults,
  copiedFolders,
  definerPrivilege,
  loadableFunctions,
  maxAllowedPacket,
  metadataStatistics,
  oldPasswordHashes,
  performanceSchemaOverflow,
  preparedTransactions,
  serverPrivileges,
  serverSqlMode,
  sourceGrants,
  sourceTls,
  sourceVersion,
  tableCount,
  targetParameters,
  timeZone,
  timeZoneTables,
  binaryLog,
];

export const databaseChecks: readonly DatabaseCheck[] = [
  databaseName,
  openFiles,
  targetDatabaseExists,
  enumMembersAlike,
  enumSetElement,
  floatKeyDuplicates,
  foreignKeyName,
  foreignKeyParentIndex,
  ftsTableName,
  jsonTypesLost,
  generatedColumnRegexp,
  generatedColumnsOnly,
  innodbName,
  mariadbTable,
  mariadbType,
  markerTable,
  mergeEngine,
  otherDatabaseMissing,
  refusedGeometry,
  remoteEngine,
  rowExceedsPacket,
  rowTooLarge,
  tooManyColumns,
  unreadableTable,
  yearTwoDigits,
  autoIncrementKey,
  explicitCollation,
  filePlacement,
  partitionedEngine,
  rowFormat,
  storageEngine,
  tableOptions,
  blackholeEngine,
  caseOnlyTables,
  floatColumn,
  floatKey,
  foreignKeyOtherDatabase,
  foreignKeyParentKey,
  foreignKeyParentTable,
  fulltextIndex,
  generatedArithmetic,
  indexLength,
  orphanRows,
  partitionPrefixKey,
  zeroDateDefault,
  jsonTypes,
  noPrimaryKey,
  oldTemporal,
  spatialColumn,
  copiedFiles,
  differsOnTarget,
  groupByOrder,
  invalidView,
  deniedView,
  unseenObjects,
  namesAlike,
  refusedByTarget,
  removedFunction,
  removedSyntax,
  removedSystemTable,
  removedVariable,
  reservedWord,
  disabledEvent,
  nativeFunctionName,
  expiredEvent,
  oldGeometryFunction,
  sqlMode,
  viewOtherDatabase,
  awkwardName,
  definerNotOnTarget,
  engineInBody,
  failsOnTarget,
  viewFailsOnTarget,
  implicitGroupOrder,
  missingDefiner,
  definerRights,
  nativeFunctionCall,
  notTried,
  privilegedDefiner,
  programOtherDatabase,
  removedFunctionCall,
  replicationSyntax,
];

export const checks: readonly Check[] = [...serverChecks, ...databaseChecks];

const byId: ReadonlyMap<string, Check> = new Map(checks.map((check) => [check.id, check]));

export function findCheck(id: string): Check | undefined {
  return byId.get(id);
}
