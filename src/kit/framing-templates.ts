/** What `ais_bench new api-model --framing` writes differently: how the class cuts a stream, and how its test writes one. */
import type { Framing } from '../contract/base-api-model.ts';
import { API_MODEL_CLASS, API_MODEL_TEST } from './templates.ts';

/** The templates of class and test for a framing. */
export function framingTemplates(framing: Framing): readonly [model: string, test: string] {
  if (framing === 'sse') return [API_MODEL_CLASS, API_MODEL_TEST];
  const { imports, method, data, read, test } = PARTS[framing];
  const model = replaceAll(API_MODEL_CLASS, [
    ['BaseAPIModel, type PromptType', `BaseAPIModel, ${imports}, type PromptType`],
    [
      "`v1/completions` as vLLM, llama.cpp's server and\n * `ais_bench serve` do; make",
      `\`v1/completions\`, its\n * streams cut as getFraming says; make`,
    ],
    ['  /**\n   * For stream: true', `${method}\n\n  /**\n   * For stream: true`],
    ['`data` is the JSON of one event. Add', `${data}.\n   * Add`],
    ['  override parseStreamResponse(data: any, output: RequestOutput): void {\n', read],
  ]);
  return [model, replaceAll(API_MODEL_TEST, test)];
}

type Replacement = readonly [from: string, to: string];

function replaceAll(template: string, replacements: readonly Replacement[]): string {
  return replacements.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the template does not hold ${from}`);
    return text.replace(from, () => to);
  }, template);
}

interface FramingPart {
  /** Beside those of every class. */
  readonly imports: string;
  readonly method: string;
  /** What `data` is. */
  readonly data: string;
  /** The first lines of `parseStreamResponse`. */
  readonly read: string;
  readonly test: readonly Replacement[];
}

const READ = '  override parseStreamResponse(data: any, output: RequestOutput): void {\n';
const END_OF_STREAM = '  { choices: [], usage },\n]);';

function getFraming(framing: Framing, meaning: string): string {
  return `  /** How the body of a stream is cut into events: ${meaning}. */
  override getFraming(): Framing {
    return '${framing}';
  }`;
}

const SPLITTER = `${getFraming('bytes', 'by makeSplitter')}

  /** Makes what cuts one reply into frames, here a length of four bytes and as many bytes of JSON. */
  override makeSplitter(): FrameSplitter {
    let rest = Buffer.alloc(0);
    return {
      /** Returns the frames that these bytes complete, however they are cut. */
      push(bytes) {
        rest = Buffer.concat([rest, bytes]);
        const frames: unknown[] = [];
        while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
          const end = 4 + rest.readUInt32BE(0);
          frames.push(JSON.parse(rest.toString('utf8', 4, end)));
          rest = rest.subarray(end);
        }
        return frames;
      },
      /** Throws where the body ended inside a frame. */
      end() {
        if (rest.length > 0) throw new Error(\`\${rest.length} bytes of a frame\`);
        return [];
      },
    };
  }`;

const PARTS: Readonly<Record<Exclude<Framing, 'sse'>, FramingPart>> = {
  ndjson: {
    imports: 'type Framing',
    method: getFraming('ndjson', 'a line of JSON each'),
    data: '`data` is the JSON of one line',
    read: READ,
    test: [[END_OF_STREAM, "  { choices: [], usage },\n], { framing: 'ndjson' });"]],
  },
  'json-array': {
    imports: 'type Framing',
    method: getFraming('json-array', 'an element each of the one JSON array that the body is'),
    data: '`data` is one element of the array',
    read: READ,
    test: [[END_OF_STREAM, "  { choices: [], usage },\n], { framing: 'json-array' });"]],
  },
  'sse-events': {
    imports: 'type Framing, type SseEvent',
    method: getFraming('sse-events', 'server-sent events as they come, blank ones and [DONE] included'),
    data: '`event` is { data, type } of one event. Errors are yours to see: set output.error',
    read: `  override parseStreamResponse(event: SseEvent, output: RequestOutput): void {
    if (event.type === 'error') output.error = event.data;
    if (event.type === 'error' || event.data === '') return;
    const data = JSON.parse(event.data);
`,
    test: [
      [
        END_OF_STREAM,
        "  { choices: [], usage },\n].map((data) => JSON.stringify(data)), { framing: 'sse-events' });",
      ],
      ['{ text, stream } }', '{ text, stream, error } }'],
      [
        '\n// The checks',
        "const error = { frame: 'event: error\\ndata: out of memory\\n\\n', says: 'out of memory' };\n\n// The checks",
      ],
    ],
  },
  bytes: {
    imports: 'type FrameSplitter, type Framing',
    method: SPLITTER,
    data: '`data` is one frame of makeSplitter. Errors are yours to see: set output.error',
    read: `${READ}    if (data.error) output.error = data.error;
    if (data.error) return;
`,
    test: [
      [
        'const stream = streamReply([',
        'const frame = (data) => {\n  const json = Buffer.from(JSON.stringify(data));\n  const length = Buffer.alloc(4);\n  length.writeUInt32BE(json.length);\n  return Buffer.concat([length, json]);\n};\nconst stream = streamReply([',
      ],
      [END_OF_STREAM, "  { choices: [], usage },\n].map(frame), { framing: 'bytes' });"],
      ['{ text, stream } }', '{ text, stream, error } }'],
      [
        '\n// The checks',
        "const error = { frame: frame({ error: 'out of memory' }), says: 'out of memory' };\n\n// The checks",
      ],
    ],
  },
};
