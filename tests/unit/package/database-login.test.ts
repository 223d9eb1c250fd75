/** Who may log in at a server by IAM: nobody where it has a password, and else those who connect to it, as one user of one server. */
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { join } from 'node:path';
import { AccessControl } from '../../../local/iam/access-control.ts';
import { KeyRing } from '../../../local/iam/key-ring.ts';
import { packageService, type Packaged } from '../../../local/package/package-service.ts';
import { resolveTemplate } from '../../../local/template/resolve-template.ts';
import { checkParameters, definitionsSchema } from '../../../resources/stack-parameters.ts';

let packaged: Packaged;
before(async () => {
  packaged = await packageService({ projectDirectory: join(import.meta.dirname, '../../..'), log: () => undefined });
});

const source = 'arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABCDEFGHIJKL01234/ferry';
const target = 'arn:aws:rds-db:us-east-1:111122223333:dbuser:cluster-ABCDEFGHIJKL01234/ferry';
const place = { accountId: '000000000000', region: 'us-east-1', stackName: 'aurora-ferry-dev', endpoint: 'http://127.0.0.1:1' };

/** Whom the packaged policies let log in, as which user. */
function allowed(parameters: Readonly<Record<string, string>>): Record<string, string[]> {
  const stack = resolveTemplate(packaged.template, { ...place, parameters: { ...packaged.parameters, ...parameters } });
  const { statements } = new AccessControl({ stack, accountId: place.accountId, region: place.region, keys: new KeyRing(), log: () => undefined });
  const users: Record<string, string[]> = {};
  for (const { logicalId, policies } of stack.roles) {
    for (const { document } of policies) {
      for (const { Action, Resource } of (document as { Statement: { Action: unknown; Resource: unknown }[] }).Statement) {
        if (JSON.stringify(Action).includes('rds-db:')) users[logicalId] = [...(users[logicalId] ?? []), String(Resource)];
      }
    }
  }
  assert.ok(statements.size > 0);
  return users;
}

describe('logging in by IAM', () => {
  it('is allowed to nobody where both servers have passwords', () => {
    assert.deepEqual(allowed({}), {});
  });

  it('is allowed to who connects to a server, as one user of it, and to nobody else', () => {
    assert.deepEqual(allowed({ SourceDbUserArn: source }), { SelectDatabasesRole: [source], MigrateAccountsRole: [source], DumpTaskRole: [source] });
    assert.deepEqual(allowed({ TargetDbUserArn: target }), { SelectDatabasesRole: [target], MigrateAccountsRole: [target], CheckAuroraConnectionsRole: [target], ImportTaskRole: [target] });
    assert.deepEqual(allowed({ SourceDbUserArn: source, TargetDbUserArn: target })['SelectDatabasesRole']?.sort(), [source, target].sort());
  });

  it('is asked for with the ARN of one user of one server, in whatever region the server is', () => {
    const { SourceDbUserArn, TargetDbUserArn } = definitionsSchema.parse((packaged.template as { Parameters: unknown }).Parameters);
    assert.ok(SourceDbUserArn !== undefined && TargetDbUserArn !== undefined);
    const flaws = (sourceDbUserArn: string): readonly string[] =>
      checkParameters({ definitions: { SourceDbUserArn, TargetDbUserArn }, given: { sourceDbUserArn }, examples: {}, examplesStandIn: false, region: 'us-east-1' }).flaws;
    assert.deepEqual([flaws(''), flaws(source), flaws(target)], [[], [], []]);
    for (const wrong of ['arn:aws:rds-db:eu-west-1:111122223333:dbuser:*/ferry', 'arn:aws:rds-db:eu-west-1:111122223333:dbuser:db-ABC/*', 'arn:aws:rds-db:*:111122223333:dbuser:db-ABC/ferry', 'ferry']) {
      assert.match(flaws(wrong)[0] ?? '', /^sourceDbUserArn must name one server by its resource id and one user/, wrong);
    }
  });
});
