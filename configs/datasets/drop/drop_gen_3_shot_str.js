// DROP (9,536 questions that take counting and reckoning over a passage), three worked examples of our own, as plain text. accuracy is
// that of whole words, as AISBench's kind of it; the authors' own numbers, exact_match and f1, stand beside it.
//
// The data is not shipped: put dev.jsonl of OpenCompass's drop_simple_eval.zip, or drop_dataset_dev.json of drop_dataset.zip,
// allenai.org/data/drop (CC BY-SA 4.0), into $AIS_BENCH_DATASETS_CACHE/drop_simple_eval/ or ./datasets/drop_simple_eval/. Format
// unseen.
import { entry } from './_drop.js';

const examples = [
  [
    'The harbour of Velm was dredged in 1871 and again in 1898, after a storm had filled it with sand. Before the first dredging 40 ships a year could enter it; after the second it was 115. The pilots, who had been 12, then numbered 31.',
    'How many years lay between the two dredgings?',
    '27',
  ],
  [
    'In the first half Marisol Brandt scored from 18 yards, and Ines Okoye from 25. After the break Brandt scored twice more, from 6 and from 30 yards, before Teuta Lind made it 4-1 for the visitors.',
    'Who scored from the greatest distance?',
    'Brandt',
  ],
  [
    'Of the people of Ostring 46% speak Lower Aldic at home, 31% Upper Aldic and 14% both; the others speak neither. The census of 1962, the first to ask, had found 58% with Lower Aldic alone.',
    'What share of the people, in percent, speak neither language at home?',
    '9',
  ],
].map(([passage, question, answer]) => `Passage: ${passage}\nQuestion: ${question}\nAnswer: ${answer}\n\n`);

export const drop_datasets = [entry(examples.join(''))];
