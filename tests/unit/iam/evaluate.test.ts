/** Policies as IAM evaluates them. Sources: see local/iam. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { evaluate } from '../../../local/iam/evaluate.ts';
import { compilePolicy } from '../../../local/iam/policy.ts';
import type { RequestContext } from '../../../local/iam/conditions.ts';
import { aboutAction } from '../../../local/iam/evaluate.ts';
import type { JsonObject } from '../../../local/stepfunctions/language/json.ts';

const bucket = 'arn:aws:s3:::dumps';

function allows(statements: JsonObject[], action: string, resource: string, context: RequestContext = {}): boolean {
  const compiled = compilePolicy({ Version: '2012-10-17', Statement: statements }, 'policy', 'identity');
  const about = compiled.filter((statement) => aboutAction(statement, action) !== undefined);
  return evaluate(about, { action, resource, context }).allowed;
}

const allow = (Action: string | string[], Resource: string | string[], more: JsonObject = {}): JsonObject => ({ Effect: 'Allow', Action, Resource, ...more });
const deny = (Action: string, Resource: string, more: JsonObject = {}): JsonObject => ({ Effect: 'Deny', Action, Resource, ...more });
const refusal = (statement: JsonObject, policy: JsonObject = {}): (() => unknown) => () =>
  compilePolicy({ Version: '2012-10-17', Statement: [statement], ...policy }, 'policy', 'identity');

describe('actions', () => {
  it('are compared without regard to case, and their wildcards stand for any characters', () => {
    assert.ok(allows([allow('S3:getobject', '*')], 's3:GetObject', `${bucket}/a`));
    assert.ok(allows([allow('s3:Get*', '*')], 's3:GetObject', `${bucket}/a`));
    assert.ok(allows([allow('s3:GetObjec?', '*')], 's3:GetObject', `${bucket}/a`));
    assert.ok(!allows([allow('s3:Get?', '*')], 's3:GetObject', `${bucket}/a`));
    assert.ok(!allows([allow('s3:GetObject', '*')], 's3:GetObjectVersion', `${bucket}/a`));
  });

  it('that are excepted are not allowed by their statement', () => {
    const statement = { Effect: 'Allow', NotAction: ['iam:*', 's3:Delete*'], Resource: '*' };
    assert.ok(allows([statement], 's3:GetObject', bucket));
    assert.ok(!allows([statement], 's3:DeleteObject', bucket));
    assert.ok(!allows([statement], 'iam:PassRole', 'arn:aws:iam::1:role/r'));
  });
});

describe('resources', () => {
  it('are compared with regard to case', () => {
    assert.ok(!allows([allow('s3:GetObject', `${bucket}/A`)], 's3:GetObject', `${bucket}/a`));
  });

  it('take * for any characters, slashes too', () => {
    const statement = allow('s3:GetObject', `${bucket}/*/reports/*`);
    assert.ok(allows([statement], 's3:GetObject', `${bucket}/m/reports/db/1/dump.json`));
    assert.ok(allows([statement], 's3:GetObject', `${bucket}/m/n/reports/`));
    assert.ok(!allows([statement], 's3:GetObject', `${bucket}/m/dumps/db`));
    assert.ok(!allows([statement], 's3:GetObject', bucket));
  });

  it('keep a wildcard within its segment, unless it ends one', () => {
    const executions = 'arn:aws:states:us-east-1:1:execution:ferry:*';
    assert.ok(allows([allow('states:DescribeExecution', executions)], 'states:DescribeExecution', 'arn:aws:states:us-east-1:1:execution:ferry:run'));
    assert.ok(!allows([allow('states:DescribeExecution', executions)], 'states:DescribeExecution', 'arn:aws:states:us-east-1:1:execution:ferry/Map:run'));
    assert.ok(!allows([allow('sqs:SendMessage', 'arn:aws:sqs:u*t:1:q')], 'sqs:SendMessage', 'arn:aws:sqs:us-east-1:x:t:1:q'));
    assert.ok(allows([allow('logs:PutLogEvents', 'arn:aws:logs:us-east-1:1:*')], 'logs:PutLogEvents', 'arn:aws:logs:us-east-1:1:log-group:g:log-stream:s'));
    assert.ok(allows([allow('sqs:SendMessage', 'arn:aws:sqs:us-east-1:1:?')], 'sqs:SendMessage', 'arn:aws:sqs:us-east-1:1:q'));
  });

  it('of an action that knows none are only *', () => {
    assert.ok(allows([allow('ecr:GetAuthorizationToken', '*')], 'ecr:GetAuthorizationToken', '*'));
    assert.ok(!allows([allow('ecr:GetAuthorizationToken', 'arn:aws:ecr:us-east-1:1:repository/*')], 'ecr:GetAuthorizationToken', '*'));
  });

  it('take no character of theirs for one of a regular expression', () => {
    assert.ok(!allows([allow('s3:GetObject', `${bucket}/a.c`)], 's3:GetObject', `${bucket}/abc`));
    assert.ok(allows([allow('s3:GetObject', `${bucket}/a+(b)[c]$`)], 's3:GetObject', `${bucket}/a+(b)[c]$`));
  });
});

describe('the decision', () => {
  it('is no where nothing allows', () => {
    assert.ok(!allows([], 's3:GetObject', bucket));
  });

  it('is no where anything denies, in whichever order', () => {
    const all = allow('s3:*', '*');
    const secret = deny('s3:GetObject', `${bucket}/secret/*`);
    for (const statements of [[all, secret], [secret, all]]) {
      assert.ok(!allows(statements, 's3:GetObject', `${bucket}/secret/a`));
      assert.ok(allows(statements, 's3:GetObject', `${bucket}/open/a`));
    }
  });

  it('names the statement and the patterns that allowed the call', () => {
    const statements = compilePolicy({ Version: '2012-10-17', Statement: [allow(['s3:Put*', 's3:Get*'], [`${bucket}/a/*`, `${bucket}/b/*`], { Sid: 'Dumps' })] }, 'dump', 'identity');
    const decision = evaluate(statements, { action: 's3:GetObject', resource: `${bucket}/b/1`, context: {} });
    assert.deepEqual(decision, { allowed: true, grant: { place: 'dump, Dumps', action: 's3:Get*', resource: `${bucket}/b/*` } });
  });
});

describe('conditions', () => {
  const pass = (Condition: JsonObject, context: RequestContext): boolean => allows([allow('iam:PassRole', '*', { Condition })], 'iam:PassRole', '*', context);
  const cluster = 'arn:aws:ecs:us-east-1:1:cluster/ferry';

  it('compare texts with regard to case, their keys without', () => {
    const condition = { StringEquals: { 'IAM:passedtoservice': 'ecs-tasks.amazonaws.com' } };
    assert.ok(pass(condition, { 'iam:passedtoservice': 'ecs-tasks.amazonaws.com' }));
    assert.ok(!pass(condition, { 'iam:passedtoservice': 'ECS-tasks.amazonaws.com' }));
    assert.ok(pass({ StringEqualsIgnoreCase: { 'iam:PassedToService': 'A' } }, { 'iam:passedtoservice': 'a' }));
    assert.ok(pass({ StringLike: { 's3:prefix': 'm/*' } }, { 's3:prefix': 'm/a:b' }));
    assert.ok(!pass({ StringLike: { 's3:prefix': 'm/?' } }, { 's3:prefix': 'm/ab' }));
  });

  it('do not hold for a key that the request does not have, unless negated or IfExists', () => {
    assert.ok(!pass({ StringEquals: { 's3:prefix': 'm' } }, {}));
    assert.ok(pass({ StringNotEquals: { 's3:prefix': 'm' } }, {}));
    assert.ok(pass({ StringEqualsIfExists: { 's3:prefix': 'm' } }, {}));
    assert.ok(pass({ Null: { 's3:prefix': 'true' } }, {}));
    assert.ok(!pass({ Null: { 's3:prefix': 'true' } }, { 's3:prefix': '' }));
    assert.ok(pass({ Null: { 's3:prefix': 'false' } }, { 's3:prefix': '' }));
  });

  it('hold for any of a key\'s values, and for none where negated', () => {
    assert.ok(pass({ StringEquals: { 's3:prefix': ['a', 'b'] } }, { 's3:prefix': 'b' }));
    assert.ok(!pass({ StringNotEquals: { 's3:prefix': ['a', 'b'] } }, { 's3:prefix': 'b' }));
    assert.ok(pass({ StringNotEquals: { 's3:prefix': ['a', 'b'] } }, { 's3:prefix': 'c' }));
  });

  it('must all hold', () => {
    const condition = { StringEquals: { 's3:prefix': 'a' }, Bool: { 'aws:SecureTransport': true } };
    assert.ok(pass(condition, { 's3:prefix': 'a', 'aws:securetransport': 'true' }));
    assert.ok(!pass(condition, { 's3:prefix': 'a', 'aws:securetransport': 'false' }));
  });

  it('compare ARNs component by component', () => {
    for (const operator of ['ArnEquals', 'ArnLike']) {
      assert.ok(pass({ [operator]: { 'ecs:cluster': cluster } }, { 'ecs:cluster': cluster }));
      assert.ok(pass({ [operator]: { 'ecs:cluster': 'arn:aws:ecs:*:1:cluster/f*' } }, { 'ecs:cluster': cluster }));
      assert.ok(!pass({ [operator]: { 'ecs:cluster': 'arn:aws:ecs:*:cluster/ferry' } }, { 'ecs:cluster': cluster }));
    }
    assert.ok(pass({ ArnNotLike: { 'ecs:cluster': 'arn:aws:ecs:*:1:cluster/other' } }, { 'ecs:cluster': cluster }));
  });

  it('compare numbers as numbers', () => {
    assert.ok(pass({ NumericLessThan: { 's3:TlsVersion': '1.2' } }, { 's3:tlsversion': '1.1' }));
    assert.ok(!pass({ NumericLessThan: { 's3:TlsVersion': '1.2' } }, { 's3:tlsversion': '1.3' }));
  });

  it('quantify over the values of a request', () => {
    const keys = { 'dynamodb:LeadingKeys': ['a', 'b'] };
    assert.ok(pass({ 'ForAllValues:StringEquals': keys }, { 'dynamodb:leadingkeys': ['a', 'b'] }));
    assert.ok(!pass({ 'ForAllValues:StringEquals': keys }, { 'dynamodb:leadingkeys': ['a', 'c'] }));
    assert.ok(pass({ 'ForAllValues:StringEquals': keys }, {}));
    assert.ok(pass({ 'ForAnyValue:StringEquals': keys }, { 'dynamodb:leadingkeys': ['a', 'c'] }));
    assert.ok(!pass({ 'ForAnyValue:StringEquals': keys }, {}));
  });

  it('of a Deny that do not hold deny nothing', () => {
    const statements = [allow('s3:*', '*'), deny('s3:*', '*', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })];
    assert.ok(allows(statements, 's3:GetObject', bucket, { 'aws:securetransport': 'true' }));
    assert.ok(!allows(statements, 's3:GetObject', bucket, { 'aws:securetransport': 'false' }));
  });
});

describe('a policy beyond what is known here', () => {
  const cases: readonly (readonly [string, () => unknown, RegExp])[] = [
    ['an operator', refusal(allow('s3:*', '*', { Condition: { IpAddress: { 'aws:SecureTransport': '10.0.0.0/8' } } })), /condition operator IpAddress is not known/],
    ['an operator that objects inherit', refusal(allow('s3:*', '*', { Condition: { toString: { 's3:prefix': 'a' } } })), /condition operator toString is not known/],
    ['a condition key', refusal(allow('s3:*', '*', { Condition: { StringEquals: { 'aws:SourceIp': '10.0.0.1' } } })), /condition key aws:SourceIp is not known/],
    ['an element', refusal(allow('s3:*', '*', { Principals: '*' })), /element Principals is not known/],
    ['a principal in a policy of an identity', refusal(allow('s3:*', '*', { Principal: '*' })), /element Principal is not known .* here/],
    ['a policy variable', refusal(allow('s3:*', `${bucket}/\${aws:username}/*`)), /policy variable/],
    ['neither action nor exception', refusal({ Effect: 'Allow', Resource: '*' }), /one of Action and NotAction/],
    ['both', refusal({ Effect: 'Allow', Action: 's3:*', NotAction: 's3:*', Resource: '*' }), /one of Action and NotAction/],
    ['an effect', refusal({ Effect: 'allow', Action: 's3:*', Resource: '*' }), /Effect must be Allow or Deny/],
    ['a resource that is no ARN', refusal(allow('s3:*', 'dumps/*')), /dumps\/\* is no ARN/],
    ['an action without its service', refusal(allow('GetObject', '*')), /GetObject is no action/],
    ['a version', refusal(allow('s3:*', '*'), { Version: '2024-01-01' }), /Version must be 2012-10-17/],
  ];
  for (const [name, compile, message] of cases) {
    it(`is refused: ${name}`, () => {
      assert.throws(compile, { name: 'PolicyFlaw', message });
    });
  }

  it('is named by policy and statement', () => {
    assert.throws(refusal({ Sid: 'Dumps', Effect: 'Maybe', Action: 's3:*', Resource: '*' }), { message: /^policy, Dumps: Effect/ });
  });
});
