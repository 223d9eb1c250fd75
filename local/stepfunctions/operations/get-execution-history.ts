import { historyEvent } from '../history.ts';
import type { EventRow } from '../store/rows.ts';
import type { Operation } from './context.ts';
import { paged, pageOf } from './input.ts';
import { requiredExecution } from './lookup.ts';

/** Source: API_GetExecutionHistory. */
export const getExecutionHistory: Operation = (operations, input) => {
  const execution = requiredExecution(operations, input);
  const page = pageOf(input);
  const reverse = input['reverseOrder'] === true;
  const rows = operations.engine.store.all<EventRow>(
    reverse
      ? 'SELECT * FROM event WHERE execution = ? AND id < ? ORDER BY id DESC LIMIT ?'
      : 'SELECT * FROM event WHERE execution = ? AND id > ? ORDER BY id LIMIT ?',
    execution.id, page.after ?? (reverse ? Number.MAX_SAFE_INTEGER : 0), page.size + 1,
  );
  const shown = paged(rows, page, (row) => row.id);
  const includeData = input['includeExecutionData'] !== false;
  return { events: shown.rows.map((row) => historyEvent(row, includeData)), ...shown.next };
};
