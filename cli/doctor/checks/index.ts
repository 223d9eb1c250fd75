/** The checks, in the order in which they are shown: each stands on those before it. */
import type { Check } from '../check.ts';
import { reachability } from '../reachability.ts';
import { bucket } from './bucket.ts';
import { characterSets } from './character-sets.ts';
import { credentials } from './credentials.ts';
import { dumpClient } from './dump-client.ts';
import { fargateQuota } from './fargate-quota.ts';
import { identifierCase } from './identifier-case.ts';
import { images } from './images.ts';
import { lambdaQuota } from './lambda-quota.ts';
import { packetSizes } from './packet-sizes.ts';
import { secrets } from './secrets.ts';
import { sourceConnections } from './source-connections.ts';
import { sourceContents } from './source-contents.ts';
import { sourceFreeze } from './source-freeze.ts';
import { sourceOpenFiles } from './source-open-files.ts';
import { sourcePerformanceSchema } from './source-performance-schema.ts';
import { sourcePrivileges } from './source-privileges.ts';
import { sourceTimeouts } from './source-timeouts.ts';
import { sourceTls } from './source-tls.ts';
import { sourceVersion } from './source-version.ts';
import { sqlModesDiffer } from './sql-modes.ts';
import { stackStatus } from './stack-status.ts';
import { stepFunctionsQuota } from './step-functions-quota.ts';
import { table } from './table.ts';
import { tableCount } from './table-count.ts';
import { targetBinlog } from './target-binlog.ts';
import { targetConnections } from './target-connections.ts';
import { targetContents } from './target-contents.ts';
import { targetEventScheduler } from './target-event-scheduler.ts';
import { targetForeignKeys } from './target-foreign-keys.ts';
import { targetPrivileges } from './target-privileges.ts';
import { targetStrictMode } from './target-strict-mode.ts';
import { targetTimeouts } from './target-timeouts.ts';
import { targetTls } from './target-tls.ts';
import { targetVersion } from './target-version.ts';
import { targetWriter } from './target-writer.ts';
import { timeZones } from './time-zones.ts';
import { timestampDefaults } from './timestamp-defaults.ts';

export const checks: readonly Check[] = [
  credentials,
  fargateQuota,
  lambdaQuota,
  stepFunctionsQuota,
  stackStatus,
  table,
  bucket,
  secrets,
  images,
  reachability('source'),
  dumpClient,
  sourceTls,
  sourceVersion,
  sourcePrivileges,
  sourceFreeze,
  sourceConnections,
  sourceTimeouts,
  sourceOpenFiles,
  sourcePerformanceSchema,
  sourceContents,
  reachability('target'),
  targetTls,
  targetVersion,
  targetWriter,
  targetPrivileges,
  targetConnections,
  targetTimeouts,
  targetStrictMode,
  targetBinlog,
  targetEventScheduler,
  targetForeignKeys,
  targetContents,
  packetSizes,
  identifierCase,
  characterSets,
  sqlModesDiffer,
  timestampDefaults,
  timeZones,
  tableCount,
];
