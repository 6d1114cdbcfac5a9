import { type Finding, finding } from '../contract/finding.ts';
import { leavesOf } from './leaves.ts';
import type { Observation } from './observe.ts';

/** Whether the two ways to ask agree; both must have worked. */
export function compare(text: Observation, stream: Observation): Finding[] {
  if (text.attempt.failure !== undefined || stream.attempt.failure !== undefined) return [];
  return [...compareAnswers(text, stream), ...compareCounts(text, stream)];
}

function compareAnswers(text: Observation, stream: Observation): Finding[] {
  const [whole, streamed] = [text.attempt.output.content, stream.attempt.output.content];
  if (whole === streamed) return [];
  const temperature = temperatureOf(stream);
  const answers = { text: whole, stream: streamed };
  if (temperature === 0) return [finding('ANSWERS-DIFFER', answers)];
  return [
    finding('ANSWERS-DIFFER-BY-CHANCE', {
      ...answers,
      temperature: temperature === undefined ? undefined : String(temperature),
    }),
  ];
}

function compareCounts(text: Observation, stream: Observation): Finding[] {
  const [whole, streamed] = [text.attempt.output.inputTokens, stream.attempt.output.inputTokens];
  if (whole === streamed || whole === undefined || streamed === undefined) return [];
  return [finding('COUNTS-DIFFER', { text: whole, stream: streamed })];
}

function temperatureOf({ request }: Observation): string | number | undefined {
  const leaves = leavesOf(JSON.parse(request?.body ?? 'null'));
  return leaves.find(({ path }) => /(^|\.)temperature$/.test(path))?.value;
}
