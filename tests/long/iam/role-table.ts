/** What the roles of the packaged template are allowed, against what they were seen to call. */
import type { AccessReport } from '../../../local/access.ts';
import type { RecordedCall } from '../../../local/iam/call-record.ts';
import { withoutResources, type Exception } from './exceptions.ts';

/** One action on one pattern of resources that a role is allowed. */
export interface Permission {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly place: string;
}

export interface Findings {
  readonly denied: readonly RecordedCall[];
  /** Allowed, never used, and not among the exceptions. */
  readonly unexplained: readonly Permission[];
  /** Exceptions for what was used after all, or is not allowed. */
  readonly stale: readonly Exception[];
  /** With a wildcard in the action, or on every resource although the action knows resources. */
  readonly broad: readonly Permission[];
  readonly table: string;
}

export function examine(report: AccessReport, exceptions: readonly Exception[]): Findings {
  const calls = report.calls.filter(({ role }) => role !== 'Root');
  const permissions = permissionsOf(report);
  const unused = permissions.filter((permission) => !calls.some((call) => isGrantedBy(call, permission)));
  const explanation = (permission: Permission): Exception | undefined => exceptions.find((exception) => isExplainedBy(permission, exception));
  return {
    denied: calls.filter(({ allowed }) => !allowed),
    unexplained: unused.filter((permission) => explanation(permission) === undefined),
    stale: exceptions.filter((exception) => !unused.some((permission) => isExplainedBy(permission, exception))),
    broad: permissions.filter(({ action, resource }) => /[*?]/.test(action) || (resource === '*' && !withoutResources.some((known) => known.test(action)))),
    table: tableOf(permissions, calls, unused, explanation),
  };
}

function permissionsOf({ statements }: AccessReport): Permission[] {
  return Array.from(statements).flatMap(([role, list]) =>
    list
      .filter(({ allow }) => allow)
      .flatMap(({ place, actions, resources }) =>
        actions.flatMap((action) => resources.map((resource) => ({ role, place, action: action.text, resource: resource.text }))),
      ),
  );
}

function isGrantedBy(call: RecordedCall, { role, action, resource, place }: Permission): boolean {
  return call.allowed && call.role === role && call.place === place && call.grantedAction === action && call.resource === resource;
}

function isExplainedBy({ role, action, resource, place }: Permission, { roles, actions, about = '' }: Exception): boolean {
  const isAboutRole = roles === undefined || roles.includes(role);
  return isAboutRole && actions.includes(action) && `${place} ${resource}`.includes(about);
}

function tableOf(
  permissions: readonly Permission[],
  calls: readonly RecordedCall[],
  unused: readonly Permission[],
  explanation: (permission: Permission) => Exception | undefined,
): string {
  const roles = [...new Set([...permissions.map(({ role }) => role), ...calls.map(({ role }) => role)])].sort();
  return roles.map((role) => roleOf(role, permissions, calls, unused, explanation)).join('\n');
}

function roleOf(
  role: string,
  permissions: readonly Permission[],
  calls: readonly RecordedCall[],
  unused: readonly Permission[],
  explanation: (permission: Permission) => Exception | undefined,
): string {
  const own = permissions.filter((permission) => permission.role === role);
  const seen = calls.filter((call) => call.role === role);
  const total = seen.reduce((sum, { count }) => sum + count, 0);
  const idle = own.filter((permission) => unused.includes(permission));
  const head = `${role}: ${total} calls seen; ${own.length} permissions allowed, ${idle.length} of them unused`;
  const rows = [
    ...own.map((permission) => {
      const count = seen.filter((call) => isGrantedBy(call, permission)).reduce((sum, call) => sum + call.count, 0);
      const note = count > 0 ? '' : `  unused: ${explanation(permission)?.reason ?? 'NO REASON GIVEN'}`;
      return row(String(count), permission.action, permission.resource, note);
    }),
    ...seen.filter(({ allowed }) => !allowed).map((call) => row(String(call.count), call.action, call.resource, '  DENIED')),
  ];
  return [head, ...rows.sort()].join('\n');
}

function row(count: string, action: string, resource: string, note: string): string {
  return `  ${count.padStart(7)}  ${action.padEnd(36)} ${resource}${note}`;
}
