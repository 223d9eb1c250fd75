/** Says of each view and stored program why it cannot run on the target, from what the target answered. */
import { bareName, patternKey } from './ask-target.ts';
import type { ExaminedObject, TargetAnswers } from './ask-target.ts';
import type { Refusal } from './attempt.ts';
import type { CannotRun } from './cannot-run.ts';
import { runsAs } from './definers.ts';
import { objectName } from './stored-object.ts';

type Reason = Omit<CannotRun, 'object'>;

export function whatCannotRun(answers: TargetAnswers): CannotRun[] {
  return answers.objects.flatMap((object) => {
    const definer = missingDefiner(object, answers);
    // Without its definer a view answers nothing else.
    const ofView = object.kind === 'view' && definer === undefined ? refusedView(object, answers) : [];
    const reasons = [
      ...(definer ?? []),
      ...ofView,
      ...refusedPatterns(object, answers),
      ...(object.kind === 'view' ? [] : ofProgram(object, answers)),
    ];
    return reasons.map((reason) => ({ object: objectName(object), ...reason }));
  });
}

function missingDefiner(object: ExaminedObject, { missingDefiners }: TargetAnswers): Reason[] | undefined {
  const definer = runsAs(object);
  if (definer === undefined || missingDefiners?.has(definer) !== true) return undefined;
  return [
    {
      cause: `Its definer ${definer} is not on the target (error 1449).`,
      remedy: `Make that account on the target. For others to come: --accounts moves accounts with the databases, --definer ACCOUNT replaces definers that the target lacks.`,
    },
  ];
}

const [accessDenied, invalidView, groupedBy, wrongDate] = [1045, 1356, 1055, 1525];

function refusedView(object: ExaminedObject, { refusedViews }: TargetAnswers): Reason[] {
  const refusal = refusedViews.get(object.name);
  if (refusal === undefined) return [];
  // To this account the server says so, and not that an account is missing.
  const cause =
    refusal.errno === accessDenied
      ? 'A view that it reads has a definer that is not on the target (error 1449).'
      : `The target refuses a query of it: ${said(refusal)}`;
  return [{ cause, remedy: viewRemedy(refusal, object) }];
}

function viewRemedy({ errno }: Refusal, { definer }: ExaminedObject): string {
  if (errno === groupedBy)
    return "Take ONLY_FULL_GROUP_BY out of the target's sql_mode, as on the source, or write the view so that it holds.";
  if (errno === wrongDate)
    return 'Compare with a date that there is, or with IS NULL, where the view has an empty text or a day that no month has; zero dates want a sql_mode without NO_ZERO_DATE.';
  if (errno === invalidView)
    return `Give its definer ${definer} the rights on what the view reads (with --accounts, rights on tables come at the end of the run), and try it again.`;
  if (errno === accessDenied) return 'Make that account on the target.';
  return 'Change the view on the source so that the target takes it, and migrate the database again.';
}

function refusedPatterns({ uses }: ExaminedObject, answers: TargetAnswers): Reason[] {
  return uses.patterns.flatMap((pattern) => {
    const refusal = answers.refusedPatterns.get(patternKey(pattern));
    if (refusal === undefined) return [];
    return [
      {
        cause: `The target refuses its regular expression '${pattern.value}': ${said(refusal)}`,
        remedy: patternRemedy(pattern.value, pattern.isBinary),
      },
    ];
  });
}

function patternRemedy(value: string, isBinary: boolean): string {
  if (isBinary) return "Compare without BINARY: MySQL 8 has REGEXP_LIKE(text, pattern, 'c') for it.";
  if (/\[\[:[<>]:\]\]/.test(value))
    return 'MySQL 8 has \\b for the edge of a word, where [[:<:]] and [[:>:]] stood; in a literal its backslash is written twice.';
  if (value.includes('{')) return 'A brace that stands for itself wants two backslashes before it.';
  return 'Write it as the regular expressions of MySQL 8 (those of ICU) want it.';
}

function ofProgram({ uses }: ExaminedObject, answers: TargetAnswers): Reason[] {
  const missing = new Set(uses.functions.filter((name) => answers.missingFunctions.has(name)).map(bareName));
  const native = new Set(uses.functions.map(bareName).filter((name) => answers.nativeFunctions.has(name)));
  const tables = uses.systemTables.filter((table) => answers.missingTables.has(table));
  return [
    ...Array.from(missing, (name): Reason => ({
      cause: `It calls ${name.toUpperCase()}(), which the target does not have (error 1305).`,
      remedy: 'Replace the call on the source, and migrate the database again; or make a stored function of that name.',
    })),
    ...Array.from(native, (name): Reason => ({
      cause: `It calls ${name}(), a function of the database, by a name that on the target is a function of MySQL's own, which answers instead.`,
      remedy:
        'Write the name of the database before the call, on the source, and migrate the database again; or rename the function.',
    })),
    ...tables.map((table): Reason => ({
      cause: `It reads ${table.replaceAll('`', '')}, which the target does not have (error 1146).`,
      remedy:
        'Read what took its place: performance_schema has the status and the variables, information_schema the routines and events.',
    })),
    ...uses.statements.flatMap((text): Reason[] => {
      const refusal = answers.refusedTexts.get(text);
      return refusal === undefined
        ? []
        : [
            {
              cause: `It prepares a statement that the target refuses: ${said(refusal)}`,
              remedy: 'Change the statement on the source, and migrate the database again.',
            },
          ];
    }),
  ];
}

function said({ errno, message }: Refusal): string {
  return `${message.replace(/\.$/, '')} (error ${errno}).`;
}
