/** Shows the progress of an assessment on standard error: a live block on a terminal, a line every ten seconds elsewhere. */
import type { Context } from '../context.ts';
import { print } from '../context.ts';
import { renderAssessmentLine, renderAssessmentProgress } from '../render/assessment-progress.ts';
import { LiveScreen } from '../terminal/live-screen.ts';
import { canRedraw, styleFor } from '../terminal/style.ts';
import type { AssessmentProgress } from './progress.ts';

const redrawMilliseconds = 200;
const lineMilliseconds = 10_000;

/** Shows what `read` says until it is closed. */
export function showProgress(context: Context, read: () => AssessmentProgress): { close(): void } {
  return canRedraw(context.stderr, context.environment) ? showLive(context, read) : showLines(context, read);
}

function showLive(context: Context, read: () => AssessmentProgress): { close(): void } {
  const screen = new LiveScreen(context.stderr);
  const style = styleFor(context.stderr, context.environment);
  const restore = (): void => {
    screen.close();
  };
  process.once('exit', restore);
  const draw = (): void => {
    screen.draw(renderAssessmentProgress(read(), { width: Math.min(screen.columns, 120), style }));
  };
  draw();
  const timer = setInterval(draw, redrawMilliseconds);
  return {
    close: () => {
      clearInterval(timer);
      process.off('exit', restore);
      restore();
    },
  };
}

function showLines(context: Context, read: () => AssessmentProgress): { close(): void } {
  const line = (): void => {
    print(context.stderr, renderAssessmentLine(read(), context.now()));
  };
  line();
  const timer = setInterval(line, lineMilliseconds);
  return {
    close: () => {
      clearInterval(timer);
      line();
    },
  };
}
