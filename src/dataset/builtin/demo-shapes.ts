/**
 * Our own pictures with questions for the demo: twelve PNG files of plain shapes, drawn by `scripts/draw-shapes.ts`, that
 * ship with the package beside the set's config.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shipped } from '../../basics/package-folder.ts';
import type { DatasetType } from '../../contract/dataset.ts';
import { AisBenchError } from '../../contract/errors.ts';

const FOLDER = shipped('configs/datasets/demo/shapes');

const LETTERS = ['A', 'B', 'C'] as const;

export interface ShapeQuestions {
  /** A question whose answer is a number. */
  readonly count: string;
  readonly number: number;
  readonly choice: string;
  /** Two or three texts: A, B, … */
  readonly options: readonly string[];
  readonly letter: (typeof LETTERS)[number];
}

/** The questions about each picture, in their order. */
export const SHAPE_QUESTIONS: readonly ShapeQuestions[] = [
  about(
    'How many red circles are there?',
    3,
    'What colour are the three circles?',
    'B',
    'blue',
    'red',
    'green',
  ),
  about('How many blue squares are there?', 2, 'Which shape is yellow?', 'A', 'the circle', 'a square'),
  about(
    'How many green triangles are there?',
    4,
    'Which shape is there four times?',
    'C',
    'a circle',
    'a square',
    'a triangle',
  ),
  about(
    'How many shapes are there, left and right together?',
    2,
    'What is to the right of the red square?',
    'B',
    'a red circle',
    'a blue circle',
    'a blue square',
  ),
  about(
    'How many black circles are there?',
    5,
    'What colour are the five circles?',
    'A',
    'black',
    'blue',
    'red',
  ),
  about(
    'How many corners does the yellow shape have?',
    4,
    'Which shape is at the top?',
    'B',
    'the square',
    'the circle',
  ),
  about(
    'How many blue circles are there?',
    6,
    'How are the six circles arranged?',
    'C',
    'in one row',
    'in a ring',
    'in two rows',
  ),
  about(
    'How many triangles of any colour are there?',
    2,
    'What colour is the larger triangle?',
    'A',
    'red',
    'blue',
    'green',
  ),
  about(
    'How many yellow squares are there?',
    3,
    'Which colour is there only once?',
    'C',
    'yellow',
    'red',
    'black',
  ),
  about(
    'How many different colours do the shapes have?',
    3,
    'What colour is the shape with three corners?',
    'C',
    'red',
    'green',
    'blue',
  ),
  about(
    'How many circles are there, red and green together?',
    5,
    'Are there more red or more green circles?',
    'B',
    'more red',
    'more green',
  ),
  about(
    'How many black squares are there?',
    1,
    'What is in the middle of the picture?',
    'A',
    'a square',
    'a circle',
    'a triangle',
  ),
];

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
    const test = SHAPE_QUESTIONS.map((asked, index) => ({
      image: pathToFileURL(join(FOLDER, `shapes-${String(index + 1).padStart(2, '0')}.png`)).href,
      // A service has no access to the files of this machine.
      mm_type: 'base64',
      ...(questions === 'count'
        ? { question: asked.count, options: '', answer: String(asked.number) }
        : { question: asked.choice, options: optionLines(asked.options), answer: asked.letter }),
    }));
    return { train: [], test, folder: FOLDER };
  },
};

function optionLines(options: readonly string[]): string {
  return options.map((option, i) => `${LETTERS[i]}. ${option}`).join('\n');
}

function about(
  count: string,
  number: number,
  choice: string,
  letter: ShapeQuestions['letter'],
  ...options: readonly string[]
): ShapeQuestions {
  return { count, number, choice, letter, options };
}
