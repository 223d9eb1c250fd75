/** Faults of AWS's services, as the local runtime answers for them. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultAnswer, FaultInput, FaultService } from '../../../local/faults/fault-settings.ts';
import { kind, type Kind } from './kind.ts';

interface Service {
  readonly service: FaultService;
  readonly answers: readonly FaultAnswer[];
  readonly operations?: readonly string[];
}

const services: readonly Service[] = [
  { service: 'dynamodb', answers: ['throttled', 'failed', 'slow', 'lost', 'twice'] },
  { service: 's3', answers: ['throttled', 'failed', 'slow', 'lost'] },
  { service: 's3', answers: ['truncated', 'stalled'], operations: ['GET'] },
  { service: 'ecs', answers: ['throttled', 'failed', 'slow', 'lost'] },
  { service: 'lambda', answers: ['throttled', 'failed', 'slow', 'lost', 'twice'] },
  { service: 'states', answers: ['throttled', 'failed', 'slow'] },
  { service: 'sqs', answers: ['throttled', 'lost', 'twice'] },
  { service: 'sns', answers: ['failed', 'twice'] },
  { service: 'events', answers: ['dropped', 'twice', 'slow'] },
];

const titles: Readonly<Record<FaultService, string>> = {
  dynamodb: 'DynamoDB', s3: 'S3', states: 'The Step Functions API', ecs: 'ECS RunTask', lambda: 'Lambda', sqs: 'SQS', sns: 'SNS', events: 'EventBridge',
};

const verbs: Readonly<Record<FaultAnswer, string>> = {
  throttled: 'refuses: too many requests', failed: 'fails (5xx)', slow: 'is slow', lost: 'does what is asked, and the answer is lost', twice: 'does what is asked twice',
  truncated: 'ends the connection in the middle of a body', stalled: 'falls silent in the middle of a body', dropped: 'loses events',
};

export const serviceKinds: readonly Kind[] = services.flatMap(({ service, answers, operations }) =>
  answers.map((answer) =>
    kind({
      name: `${service}-${answer}`,
      about: `${titles[service]} ${verbs[answer]}`,
      // A task that hears nothing of a body waits and asks again, three times.
      seconds: answer === 'stalled' ? 120 : 25,
      draw: (random) => {
        const fault: FaultInput = {
          id: `${service}-${answer}-${random.int(0, 1_000_000)}`,
          service,
          answer,
          ...(operations === undefined ? {} : { operations: [...operations] }),
          every: random.pick([1, 2, 3, 5]),
          times: random.int(1, answer === 'stalled' || answer === 'truncated' ? 4 : 40),
          milliseconds: random.int(200, 3_000),
        };
        const lasts = random.int(1_000, 8_000);
        return {
          description: `1 of ${fault.every ?? 1}, at most ${fault.times ?? 0}, for ${lasts} ms`,
          run: async ({ faults }) => {
            faults.begin(fault);
            await sleep(lasts);
            faults.end(fault.id);
          },
        };
      },
    }),
  ),
);
