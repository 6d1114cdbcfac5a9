import type { PageSample, PageText } from '../../../src/report/page/samples.ts';
import { Badge, VerdictBadge } from '../components/badge.tsx';
import { duration, number } from '../format.ts';
import { useWords } from '../i18n/words.ts';
import { partsOf } from './find-samples.ts';
import type { Task } from './task.ts';

interface SampleDetailProps {
  readonly sample: PageSample;
  readonly requests?: NonNullable<Task['requests']>;
}

/** One answer with everything that is known of it. Every text is a text node: nothing that a model says becomes a part of the page. */
export function SampleDetail({ sample, requests }: SampleDetailProps) {
  const words = useWords();
  const { prompt, content, reasoning, toolCalls, span } = sample;
  return (
    <article class="sample" aria-label={words.answerText}>
      <Facts sample={sample} {...(requests && { requests })} />
      <h4>{words.answerText}</h4>
      <Text text={content} {...(span && { span })} />
      {reasoning !== undefined && (
        <details>
          <summary>{words.reasoning}</summary>
          <Text text={reasoning} />
        </details>
      )}
      {toolCalls !== undefined && (
        <>
          <h4>{words.toolCalls}</h4>
          <Text text={toolCalls} />
        </>
      )}
      <h4>{words.reference}</h4>
      <Text text={sample.reference} />
      <h4>{words.prompt}</h4>
      {prompt.length > 1 && (
        <details>
          <summary>{words.earlier(number(prompt.length - 1))}</summary>
          <Messages messages={prompt.slice(0, -1)} />
        </details>
      )}
      <Messages messages={prompt.slice(-1)} />
    </article>
  );
}

function Messages({ messages }: { readonly messages: PageSample['prompt'] }) {
  return (
    <>
      {messages.map(({ role, text }, n) => (
        // Messages have no name but their place.
        <div key={`${n} ${role}`}>
          {role !== '' && <p class="role">{role}</p>}
          <Text text={text} />
        </div>
      ))}
    </>
  );
}

function Text({ text, span }: { readonly text: PageText; readonly span?: readonly [number, number] }) {
  const words = useWords();
  const parts = partsOf(text, span);
  if (parts.length === 0) return <p class="note">{words.empty}</p>;
  return (
    <pre class="text">
      {parts.map(({ text: part, marked, leftOut }) => {
        if (leftOut !== undefined) return <em key="left-out">{words.leftOut(number(leftOut))}</em>;
        return marked ? <mark key="mark">{part}</mark> : part;
      })}
    </pre>
  );
}

function Facts({ sample, requests }: SampleDetailProps) {
  const words = useWords();
  const { verdict, credit, answer, rule, explanation, other, finishReason, failure } = sample;
  const facts: (readonly [string, string | undefined])[] = [
    [words.extracted, answer],
    [words.rule, rule],
    [words.credit, credit === undefined ? undefined : number(credit)],
    [words.why, explanation],
    [
      words.otherRules,
      other &&
        `${words.sampleVerdicts[other.verdict]}${other.answer === undefined ? '' : `: ${other.answer}`}`,
    ],
    [words.finishReason, finishReason],
    [words.failure, failure],
    ...latencyOf(sample, requests),
  ];
  return (
    <div class="facts">
      <VerdictBadge verdict={verdict} />{' '}
      {finishReason === 'length' && <Badge tone="warn">{words.atLimit}</Badge>}
      <dl>
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </div>
  );
}

/** Of the very request that brought this answer. */
function latencyOf(
  { request }: PageSample,
  requests: SampleDetailProps['requests'],
): (readonly [string, string | undefined])[] {
  if (request === undefined || requests === undefined) return [];
  const { ttft, tpot, e2el, inputTokens, outputTokens } = requests.columns;
  const of = (values: Float64Array, show: (value: number) => string) => {
    const value = values[request];
    return value === undefined || Number.isNaN(value) ? undefined : show(value);
  };
  return [
    ['InputTokens', of(inputTokens, number)],
    ['OutputTokens', of(outputTokens, number)],
    ['TTFT', of(ttft, duration)],
    ['TPOT', of(tpot, duration)],
    ['E2EL', of(e2el, duration)],
  ];
}
