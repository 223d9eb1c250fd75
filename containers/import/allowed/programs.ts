/** What may have a definer: views and stored programs. Their bodies are of no concern here: they are one statement. */
import { ran } from './allowed.ts';
import type { Allowed } from './allowed.ts';
import { columns, describe } from './names.ts';
import type { Head } from './names.ts';
import { Refusal } from './strict-tokens.ts';

/** @param head behind CREATE; @throws Refusal */
export function withDefiner(head: Head): Allowed {
  if (head.takeWords('ALGORITHM')) {
    head.expectSymbol('=');
    head.name();
  }
  if (head.takeWords('DEFINER')) account(head);
  if (head.takeWords('SQL', 'SECURITY')) head.name();
  const kind = head.take();
  if (kind?.kind !== 'word' || kind.isConditional) {
    throw new Refusal(`what it creates is not to be seen: there stands ${describe(kind)}`);
  }
  head.takeWords('IF', 'NOT', 'EXISTS');
  switch (kind.upper) {
    case 'VIEW':
      return view(head);
    case 'PROCEDURE':
    case 'FUNCTION':
      return routine(head);
    case 'TRIGGER':
      return trigger(head);
    case 'EVENT':
      return event(head);
    case 'LIBRARY':
      return ran('other', head.ownName());
    default:
      throw new Refusal(`a dump does not create ${describe(kind)}`);
  }
}

/** `user`@`host`, CURRENT_USER, each part quoted in any way or not. */
function account(head: Head): void {
  head.expectSymbol('=');
  head.take();
  if (head.isWord('(')) {
    head.take();
    head.expectSymbol(')');
  }
  if (!head.isWord('@')) return;
  head.take();
  head.take();
  // A bare host: 10.0.0.1, db-1.example, %.
  while (head.next?.kind === 'symbol' ? ['.', '-', '%'].includes(head.next.upper) : /^\d/.test(head.next?.text ?? '') && head.next?.kind === 'word') {
    head.take();
    if (head.next?.kind === 'word' && !head.isWord('VIEW', 'PROCEDURE', 'FUNCTION', 'TRIGGER', 'EVENT', 'SQL')) head.take();
  }
}

function view(head: Head): Allowed {
  const object = head.ownName();
  if (head.isWord('(')) columns(head);
  if (!head.takeWords('AS')) throw new Refusal(`where AS belongs stands ${describe(head.next)}`);
  return ran('view', object);
}

/** `CREATE FUNCTION … SONAME` has no parameters. */
function routine(head: Head): Allowed {
  const object = head.ownName();
  head.expectSymbol('(');
  return ran('routine', object);
}

function trigger(head: Head): Allowed {
  const object = head.ownName();
  if (!head.isWord('BEFORE', 'AFTER')) throw new Refusal(`where BEFORE or AFTER belongs stands ${describe(head.next)}`);
  head.take();
  head.take();
  if (!head.takeWords('ON')) throw new Refusal(`where ON belongs stands ${describe(head.next)}`);
  head.ownName();
  return ran('trigger', object);
}

function event(head: Head): Allowed {
  const object = head.ownName();
  if (!head.takeWords('ON', 'SCHEDULE')) throw new Refusal(`where ON SCHEDULE belongs stands ${describe(head.next)}`);
  return ran('event', object);
}

