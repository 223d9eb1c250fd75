/** Whether an error says that the disk is full, or a quota or file size limit was met. */
export function isDiskFull(thrown: unknown): boolean {
  if (!(thrown instanceof Error)) return false;
  const { code, errcode } = thrown as { code?: unknown; errcode?: unknown };
  const sqliteFull = 13;
  // SQLite reports EFBIG, EDQUOT and some ENOSPC as an input/output error on write.
  const sqliteWriteFailed = 778;
  return (
    code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG' || errcode === sqliteFull || errcode === sqliteWriteFailed
  );
}
