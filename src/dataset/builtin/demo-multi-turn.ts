/**
 * Our own dialogues for the demo: they ship with the package, so a first run needs no download. Later turns speak of what was
 * found before ("them", "the rest"), so a model that forgets cannot answer; every answer is one whole number.
 */
import type { DatasetType } from '../../contract/dataset.ts';

export interface DemoTurn {
  readonly question: string;
  readonly answer: number;
  /** How the answer comes about: arithmetic in which `#1` is the answer of turn 1. */
  readonly expression: string;
}

type Turn = readonly [question: string, answer: number, expression: string];

export const DEMO_DIALOGUES: readonly (readonly DemoTurn[])[] = [
  dialogue(
    ['A baker fills 6 trays with 12 rolls each. How many rolls does she have?', 72, '6*12'],
    ['She sells 45 of them. How many are left?', 27, '#1-45'],
    ['The rest go into bags of 9. How many bags does she need?', 3, '#2/9'],
  ),
  dialogue(
    ['A train has 8 carriages with 54 seats each. How many seats does it have?', 432, '8*54'],
    ['289 of them are taken. How many are free?', 143, '#1-289'],
  ),
  dialogue(
    ['Lina saves 15 dollars a week. How many dollars does she have after 6 weeks?', 90, '15*6'],
    ['She then gets 30 dollars from her aunt. How many dollars is that altogether?', 120, '#1+30'],
    ['A bicycle costs 200 dollars. How many dollars does she still need?', 80, '200-#2'],
    ['Her brother lends her half of what she needs. How many dollars is that?', 40, '#3/2'],
  ),
  dialogue(
    ['A garden is 14 metres long and 9 metres wide. What is its area in square metres?', 126, '14*9'],
    ['How many metres of fence go once around it?', 46, '2*(14+9)'],
    ['A gate of 3 metres needs no fence. How many metres of fence are left to buy?', 43, '#2-3'],
  ),
  dialogue(
    ['A film of 105 minutes begins after 15 minutes of trailers. How many minutes is that?', 120, '105+15'],
    ['How many hours is that?', 2, '#1/60'],
  ),
  dialogue(
    ['A farmer has 7 hens, and each lays 5 eggs a week. How many eggs is that a week?', 35, '7*5'],
    ['How many eggs are that in 4 weeks?', 140, '#1*4'],
    ['He keeps 20 of those eggs and sells the others. How many does he sell?', 120, '#2-20'],
    ['He sells them in boxes of 6. How many boxes are that?', 20, '#3/6'],
  ),
  dialogue(
    ['A book has 12 chapters of 18 pages each. How many pages does it have?', 216, '12*18'],
    ['Noor reads 24 pages a day. In how many days has she read it?', 9, '#1/24'],
    ['She starts on the 3rd of May. On which day of May does she finish?', 11, '3+#2-1'],
  ),
  dialogue(
    ['In a school of 240 pupils a quarter walk to school. How many pupils walk?', 60, '240/4'],
    ['100 of the pupils come by bus. How many neither walk nor come by bus?', 80, '240-#1-100'],
  ),
  dialogue(
    [
      'A tank holds 500 litres and is filled with 20 litres a minute. In how many minutes is it full?',
      25,
      '500/20',
    ],
    ['Then 150 litres are taken out. How many litres are left in it?', 350, '500-150'],
    ['What is left goes into buckets of 14 litres. How many buckets are that?', 25, '#2/14'],
  ),
  dialogue(
    ['A team wins 11 games, and each win gives 3 points. How many points are that?', 33, '11*3'],
    [
      'It also draws 4 games, and each draw gives 1 point. How many points does it have altogether?',
      37,
      '#1+4*1',
    ],
    ['The best team has 52 points. How many points behind is our team?', 15, '52-#2'],
    ['With at least how many more wins would it have as many points as the best team?', 5, '#3/3'],
  ),
];

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

function dialogue(...turns: readonly Turn[]): DemoTurn[] {
  return turns.map(([question, answer, expression]) => ({ question, answer, expression }));
}
