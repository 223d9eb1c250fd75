/** What a redrive will do, said before it is done. */
import { formatPlural } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';
import { padEnd, padStart, printable, truncate, wrap } from '../terminal/text.ts';

export interface RedrivePlan {
  readonly run: string;
  readonly status: string;
  readonly verified: number;
  readonly stages: readonly {
    readonly stage: 'dump' | 'import' | 'verify';
    readonly databases: readonly { readonly database: string; readonly error: string | null }[];
  }[];
}

const namesShown = 6;

export function renderRedrivePlan(plan: RedrivePlan, { width, style }: { readonly width: number; readonly style: Style }): string[] {
  const count = plan.stages.reduce((sum, { databases }) => sum + databases.length, 0);
  const verified = plan.verified === 0 ? '' : ` What is verified stays as it is (${formatPlural(plan.verified, 'database')}).`;
  const head = wrap(`Redriving run ${plan.run} (${plan.status}): ${formatPlural(count, 'database')} will continue.${verified}`, width - 1);
  const digits = String(count).length;
  const lines = plan.stages
    .filter(({ databases }) => databases.length > 0)
    .map(({ stage, databases }) => {
      const names = databases.slice(0, namesShown).map(({ database, error }) => printable(error === null ? database : `${database} (${error})`));
      const rest = databases.length > namesShown ? `, and ${databases.length - namesShown} more` : '';
      return truncate(`  ${padStart(String(databases.length), digits)} from the ${padEnd(stage, 7)} ${names.join(', ')}${rest}`, width - 1);
    });
  return [...head.map(style.bold), ...lines];
}
