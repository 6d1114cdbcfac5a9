import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf, type Segment, segmentsOf } from './media.ts';
import { labelRenderer, promptRenderer } from './render.ts';
import { dialogueRenderer } from './turns.ts';

const readerCfg = { input_columns: ['content', 'hint'], output_column: 'answer' };
const retriever = { type: 'ZeroRetriever' };
const inferencer = { type: 'GenInferencer' };

const PARTS = {
  text: { type: 'text', text: 'Look: {question}\n{hint}' },
  image: { type: 'image_url', image_url: { url: '{image}', detail: 'low' } },
  video: { type: 'video_url', video_url: { url: 'data:video/jpeg;base64,{video}' } },
  audio: { type: 'audio_url', audio_url: { url: 'file://{audio}' } },
};

function renderer(round: unknown, { metaTemplate, type = 'MMPromptTemplate', ...rest }: any = {}) {
  const template = { begin: [{ role: 'SYSTEM', prompt: 'Be short.' }], round };
  const infer = { prompt_template: { type, template }, retriever, inferencer, ...rest };
  return promptRenderer(infer, readerCfg, metaTemplate, [{ content: 'x', answer: '1' }]);
}

const asks = (prompt_mm: unknown, options?: object) =>
  renderer(
    [
      { role: 'HUMAN', prompt_mm },
      { role: 'BOT', prompt: '{answer}' },
    ],
    options,
  );

const row = (...segments: readonly Segment[]) => ({ content: contentOf(segments), hint: '{x}', answer: '7' });

describe('the segments of a row', () => {
  it('come back as they were joined', () => {
    const segment = fc.record({
      kind: fc.constantFrom('text' as const, 'image' as const, 'video' as const, 'audio' as const),
      value: fc.string().filter((text) => !text.includes('<AIS_')),
    });
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        expect(segmentsOf(contentOf(segments))).toEqual(segments);
      }),
    );
  });

  it('may end with the tag, as AISBench writes them', () => {
    expect(segmentsOf('<AIS_IMAGE_START>a.png<AIS_CONTENT_TAG><AIS_TEXT_START>Hi<AIS_CONTENT_TAG>')).toEqual([
      { kind: 'image', value: 'a.png' },
      { kind: 'text', value: 'Hi' },
    ]);
  });

  it('without a kind are refused', () => {
    expect(() => segmentsOf('Hi<AIS_CONTENT_TAG><AIS_TEXT_START>there')).toThrow(
      expect.objectContaining({ code: 'DSET-DATA-002', where: 'Hi' }),
    );
  });
});

describe('MMPromptTemplate', () => {
  it('makes parts of the segments, in order, up to where the answer would stand', () => {
    const prompt = asks(PARTS)(
      row(
        { kind: 'image', value: 'https://host/a.png' },
        { kind: 'text', value: 'what is {image}?' },
        { kind: 'audio', value: '/tmp/a.wav' },
        { kind: 'video', value: 'AAAA' },
      ),
    );
    expect(prompt).toEqual([
      { role: 'system', content: 'Be short.' },
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'https://host/a.png', detail: 'low' } },
          { type: 'text', text: 'Look: what is {image}?\n{x}' },
          { type: 'audio_url', audio_url: { url: 'file:///tmp/a.wav' } },
          { type: 'video_url', video_url: { url: 'data:video/jpeg;base64,AAAA' } },
        ],
      },
    ]);
  });

  it.each(['file:///b.png', 'https://host/b.png', 'data:image/png;base64,AA=='])(
    'takes the URL %s as it is, whatever stands around its place',
    (url) => {
      for (const template of ['file://{image}', 'data:image/jpeg;base64,{image}', '{image}']) {
        const image = { type: 'image_url', image_url: { url: template } };
        expect(asks({ image })(row({ kind: 'image', value: url }))).toContainEqual({
          role: 'user',
          content: [{ type: 'image_url', image_url: { url } }],
        });
      }
    },
  );

  it('joins neighbours of one role, texts and parts', () => {
    const round = [
      { role: 'HUMAN', prompt: 'First look.' },
      { role: 'HUMAN', prompt_mm: { text: PARTS.text } },
    ];
    expect(renderer(round)(row({ kind: 'text', value: 'Then say.' }))).toContainEqual({
      role: 'user',
      content: [
        { type: 'text', text: 'First look.' },
        { type: 'text', text: 'Look: Then say.\n{x}' },
      ],
    });
  });

  it('tells the begin and end of a role around its parts', () => {
    const metaTemplate = {
      round: [{ role: 'HUMAN', api_role: 'HUMAN', begin: '[', end: ']' }],
      reserved_roles: [
        { role: 'SYSTEM', api_role: 'SYSTEM' },
        { role: 'BOT', api_role: 'BOT', generate: true },
      ],
    };
    const image = { kind: 'image' as const, value: 'https://host/a.png' };
    expect(asks({ image: PARTS.image }, { metaTemplate })(row(image))).toMatchObject([
      { role: 'system' },
      { role: 'user', content: [{ text: '[' }, { type: 'image_url' }, { text: ']' }] },
    ]);
  });

  it.each([
    ['another kind', { picture: PARTS.image }, "prompt_mm has a part 'picture'"],
    ['a part without a type', { image: { image_url: { url: '{image}' } } }, 'a part is neither'],
    ['a part without a URL', { image: { type: 'image_url' } }, 'a part is neither'],
    ['a text', '{question}', 'prompt_mm is no object'],
    [
      'no template for the kind that a row has',
      { text: PARTS.text },
      "a row has image, but prompt_mm has no 'image'",
    ],
  ])('%s is refused', (_, prompt_mm, message) => {
    const image = { kind: 'image' as const, value: 'https://host/a.png' };
    expect(() => asks(prompt_mm)(row(image))).toThrow(
      expect.objectContaining({ code: 'ICLR-PARAM-003', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    [
      'worked examples',
      { retriever: { type: 'FixKRetriever', fix_id_list: [0] } },
      'infer_cfg.retriever.type',
    ],
    [
      'a meta template that makes one text',
      { metaTemplate: { round: [{ role: 'HUMAN' }], reserved_roles: [] } },
      'meta_template',
    ],
    ['another template type', { type: 'PromptTemplate' }, 'infer_cfg.prompt_template.template'],
  ])('%s: refused', (_, options, where) => {
    expect(() => asks(PARTS, options)).toThrow(expect.objectContaining({ code: 'ICLR-PARAM-003', where }));
  });

  it('has no place in choices, turns and worked examples', () => {
    const round = [{ role: 'HUMAN', prompt_mm: PARTS }];
    const refused = expect.objectContaining({ code: 'ICLR-PARAM-003' });
    const template = { A: { round }, B: { round } };
    const choice = { prompt_template: { template }, retriever, inferencer };
    expect(() => labelRenderer(choice, readerCfg, undefined, [])).toThrow(refused);
    const turns = {
      type: 'MultiTurnPromptTemplate',
      template: { round: [...round, { role: 'BOT', prompt: '{answer}' }] },
    };
    expect(() =>
      dialogueRenderer({ prompt_template: turns, retriever, inferencer }, readerCfg, undefined, []),
    ).toThrow(refused);
    const ice_template = { template: { round } };
    const prompt_template = {
      template: { begin: '</E>', round: [{ role: 'HUMAN', prompt: 'x' }] },
      ice_token: '</E>',
    };
    const fix = { type: 'FixKRetriever', fix_id_list: [0] };
    const shown = { prompt_template, ice_template, retriever: fix, inferencer };
    expect(() => promptRenderer(shown, readerCfg, undefined, [{ answer: 'a' }])).toThrow(refused);
  });

  it('needs a message with prompt_mm', () => {
    expect(() => renderer([{ role: 'HUMAN', prompt: '{content}' }])).toThrow(
      expect.objectContaining({ code: 'ICLR-PARAM-003' }),
    );
  });

  it('needs the column content, and the columns that its texts name', () => {
    const missing = expect.objectContaining({ code: 'ICLR-TYPE-001' });
    expect(() => asks({ text: { type: 'text', text: '{question}' } })({ answer: '7' })).toThrow(missing);
    const { hint: _, ...without } = row({ kind: 'text', value: 'Hi' });
    expect(() => asks(PARTS)(without)).toThrow(missing);
  });
});

describe('prompt_mm as a list of parts', () => {
  const ask = asks([
    { type: 'image_url', image_url: { url: '{images}' } },
    { type: 'audio_url', audio_url: { url: '{audio}' } },
    { type: 'text', text: '{question} A. {A}' },
  ]);

  it('is filled by columns: a part for each element of a list, none for an empty column', () => {
    const images = ['https://host/a,b.png', 'file:///c.png'];
    const prompt = ask({ images, audio: null, question: 'Which?', A: 'both', answer: 'A' });
    expect(prompt).toContainEqual({
      role: 'user',
      content: [
        { type: 'image_url', image_url: { url: images[0] } },
        { type: 'image_url', image_url: { url: images[1] } },
        { type: 'text', text: 'Which? A. both' },
      ],
    });
  });

  it('names its columns when a row lacks one', () => {
    expect(() => ask({ image: 'a', audio: '', question: 'Which?', A: 'both' })).toThrow(
      expect.objectContaining({ code: 'ICLR-TYPE-001', cure: expect.stringContaining('{image}') }),
    );
  });
});
