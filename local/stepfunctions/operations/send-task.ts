import { AwsError } from '../../endpoint/aws-error.ts';
import { maximumPayload } from '../interpreter/run.ts';
import { parseJson, type Json } from '../language/json.ts';
import type { Operation } from './context.ts';
import { optionalText, requiredText } from './input.ts';

/** Source: API_SendTaskSuccess. */
export const sendTaskSuccess: Operation = ({ engine }, input) => {
  const waiting = engine.tokens.get(requiredText(input, 'taskToken'));
  waiting.succeed(parsedOutput(requiredText(input, 'output')));
  return {};
};

function parsedOutput(text: string): Json {
  if (Buffer.byteLength(text) > maximumPayload) throw new AwsError('InvalidOutput', 'Invalid Output: the output exceeds the maximum of 262144 bytes');
  try {
    return parseJson(text);
  } catch (error) {
    throw new AwsError('InvalidOutput', `Invalid Output: '${(error as Error).message}'`);
  }
}

/** Source: API_SendTaskFailure. */
export const sendTaskFailure: Operation = ({ engine }, input) => {
  const waiting = engine.tokens.get(requiredText(input, 'taskToken'));
  waiting.fail(optionalText(input, 'error'), optionalText(input, 'cause'));
  return {};
};

/** Source: API_SendTaskHeartbeat. */
export const sendTaskHeartbeat: Operation = ({ engine }, input) => {
  engine.tokens.get(requiredText(input, 'taskToken')).heartbeat();
  return {};
};
