/**
 * The record of each database: one item of the table. The state machine writes most of them itself (ClaimDatabase and the
 * Record… states); what functions, tasks and commands write and read is in the folder of this name.
 */
export { shortenHistory, withHistory } from './records/history.ts';
export * from './records/read.ts';
export * from './records/record.ts';
export * from './records/rejected-dumps.ts';
export { isAtRest, isDone, isWaiting, resumeCheckpoint, stageAfter } from './records/resume.ts';
export type { RecordsTable } from './records/table.ts';
export * from './records/write.ts';
