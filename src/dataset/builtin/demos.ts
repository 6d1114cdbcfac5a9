/**
 * Our own problems, choices, dialogues and pictures for the demo: they ship with the package, so a first run needs no download.
 * Their texts are in `demos.json`.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shipped } from '../../basics/package-folder.ts';
import type { DatasetType } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';
import demos from './demos.json' with { type: 'json' };
import { toGsm8kRow } from './math.ts';

// Word problems: they copy the form of GSM8K's rows (steps with `<<expression=value>>`, a last line `#### N`) and none of its text.

export interface DemoProblem {
  /** One paragraph without line breaks. */
  readonly question: string;
  /** Lines of reasoning, each calculation annotated as `<<expression=value>>`, and a last line `#### N`. */
  readonly answer: string;
}

/** Worked examples for few-shot prompts; none of them is a sample. */
export const DEMO_TRAIN: readonly DemoProblem[] = demos.problems.train.map(withLines);

export const DEMO_TEST: readonly DemoProblem[] = demos.problems.test.map(withLines);

/** Our own problems in GSM8K's form and columns. */
export const DemoGSM8KDataset: DatasetType = {
  name: 'DemoGSM8KDataset',
  async load() {
    return { train: toRows(DEMO_TRAIN, 'train'), test: toRows(DEMO_TEST, 'test') };
  },
};

function withLines({ question, answer }: { question: string; answer: readonly string[] }): DemoProblem {
  return { question, answer: answer.join('\n') };
}

function toRows(problems: readonly DemoProblem[], split: string) {
  return problems.map((problem, index) => toGsm8kRow({ ...problem }, `demo ${split} problem ${index}`));
}

// Questions with two to four choices.

const LETTERS = ['A', 'B', 'C', 'D'] as const;
type ChoiceLetter = (typeof LETTERS)[number];

interface DemoChoice {
  readonly question: string;
  /** Two to four texts: A, B, … */
  readonly options: readonly string[];
  readonly answer: ChoiceLetter;
}

export const DEMO_CHOICES = demos.choices as readonly DemoChoice[];

/** Rows with the columns `question`, `A` to `D` and `answer`, a letter; an option that a question has not is null. */
export const DemoMcqDataset: DatasetType = {
  name: 'DemoMcqDataset',
  async load() {
    const test = DEMO_CHOICES.map(({ question, options, answer }) => ({
      question,
      ...Object.fromEntries(LETTERS.map((letter, i) => [letter, options[i] ?? null])),
      answer,
    }));
    return { train: [], test };
  },
};

// Dialogues: later turns speak of what was found before ("them", "the rest"), so a model that forgets cannot answer; every
// answer is one whole number.

export interface DemoTurn {
  readonly question: string;
  readonly answer: number;
  /** How the answer comes about: arithmetic in which `#1` is the answer of turn 1. */
  readonly expression: string;
}

export const DEMO_DIALOGUES: readonly (readonly DemoTurn[])[] = demos.dialogues;

/** Rows with the lists `question` and `answer`, an element a turn. */
export const DemoMultiTurnDataset: DatasetType = {
  name: 'DemoMultiTurnDataset',
  async load() {
    const test = DEMO_DIALOGUES.map((turns) => ({
      question: turns.map(({ question }) => question),
      answer: turns.map(({ answer }) => String(answer)),
    }));
    return { train: [], test };
  },
};

// Pictures with questions: twelve PNG files of plain shapes, drawn by `scripts/draw-shapes.ts`, beside the set's config.

const FOLDER = shipped('configs/datasets/demo/shapes');

interface ShapeQuestions {
  /** A question whose answer is a number. */
  readonly count: string;
  readonly number: number;
  readonly choice: string;
  /** Two or three texts: A, B, … */
  readonly options: readonly string[];
  readonly letter: Exclude<ChoiceLetter, 'D'>;
}

/** The questions about each picture, in their order. */
export const SHAPE_QUESTIONS = demos.shapes as readonly ShapeQuestions[];

/**
 * Rows with the columns `image` (a `file://` URL), `question`, `options` (lines `A. …`, '' for a number) and `answer`, a
 * letter or a number. The config's `questions` says which: `choice` or `count`.
 */
export const DemoShapesDataset: DatasetType = {
  name: 'DemoShapesDataset',
  async load({ params: { questions = 'choice' } }) {
    if (questions !== 'choice' && questions !== 'count') {
      throw new AisBenchError('UTILS-CFG-002', `questions is ${JSON.stringify(questions)}`, {
        where: 'questions',
        cure: 'use choice or count',
      });
    }
    const test = SHAPE_QUESTIONS.map((about, index) => ({
      image: pathToFileURL(join(FOLDER, `shapes-${String(index + 1).padStart(2, '0')}.png`)).href,
      // A service has no access to the files of this machine.
      mm_type: 'base64',
      ...(questions === 'count'
        ? { question: about.count, options: '', answer: String(about.number) }
        : { question: about.choice, options: optionLines(about.options), answer: about.letter }),
    }));
    return { train: [], test, folder: FOLDER };
  },
};

function optionLines(options: readonly string[]): string {
  return options.map((option, i) => `${LETTERS[i]}. ${option}`).join('\n');
}
