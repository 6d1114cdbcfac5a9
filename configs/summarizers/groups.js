// Groups of datasets as one number each, under AISBench's names. A plain mean counts every subject alike; mmlu-weighted counts
// every question alike. A group is told where all of its datasets are scored; which ones those are is in the tables beside the
// datasets' configs.
import { sets as agievalSets } from '../datasets/agieval/_agieval.js';
import { freeForm, multipleChoice } from '../datasets/bbh/_bbh.js';
import { hard as cevalHard, subjects as cevalSubjects } from '../datasets/ceval/_ceval.js';
import { subjects as cmmluSubjects } from '../datasets/cmmlu/_cmmlu.js';
import { abbrOf as leval, tasks as levalTasks } from '../datasets/leval/_leval.js';
import { chinese, tasks as longTasks } from '../datasets/longbench/_longbench.js';
import { subjects as mmluSubjects } from '../datasets/mmlu/_mmlu.js';
import { categories } from '../datasets/mmlu_pro/_mmlu_pro.js';
import { sizes as needleSizes, needleTasks } from '../datasets/needlebench_v2/_needlebench.js';

const mmlu = (name) => `lukaemon_mmlu_${name}`;
const ceval = (name) => `ceval-${name}`;
const cmmlu = (name) => `cmmlu-${name}`;
const agieval = (name) => `agieval-${name}`;

/** The names in a table of which the values hold what is looked for. */
const named = (table, wanted) => Object.keys(table).filter((name) => table[name].includes(wanted));
const all = Object.keys;

const areaOf = (family, table, abbr) => (area) => ({
  name: `${family}-${area}`,
  subsets: named(table, area).map(abbr),
});

const long = (name) => `LongBench_${name}`;
const longKinds = [...new Set(all(longTasks).map((name) => longTasks[name].kind))];
const isIn = (name, kind) => longTasks[name].kind === kind;
const ofKind = (kind) => all(longTasks).filter((name) => isIn(name, kind));
/** Code is in both languages. */
const inLanguage = (isIt) => [...all(longTasks).filter(isIt), ...ofKind('code-completion')];
/** Every kind counts as much as another, code twice. */
const longWeights = all(longTasks).map((name) => {
  const { kind } = longTasks[name];
  return [long(name), (kind === 'code-completion' ? 2 : 1) / ofKind(kind).length];
});

/** Each of the three tasks of a size, and all of them, the tasks counting alike. */
const needleGroups = (size) => {
  const tasks = Object.entries(needleTasks).map(([task, entries]) => [
    task,
    entries(size).map(({ abbr }) => abbr),
  ]);
  return [
    ...tasks.map(([task, subsets]) => ({ name: `needlebench_v2_${task}_${size}`, subsets })),
    {
      name: `needlebench_v2_${size}`,
      subsets: tasks.flatMap(([, subsets]) => subsets),
      weights: Object.fromEntries(
        tasks.flatMap(([, subsets]) => subsets.map((abbr) => [abbr, 1 / subsets.length])),
      ),
    },
  ];
};

const levalOf = (kind) => all(levalTasks).filter((name) => levalTasks[name].kind === kind);

const gaokao = all(agievalSets).filter((name) => name.startsWith('gaokao-'));
/** Languages of MGSM by their script. */
const latin = ['de', 'en', 'es', 'fr', 'sw'];
const nonLatin = ['bn', 'ja', 'ru', 'te', 'th', 'zh'];
const mgsm = (language) => `mgsm_${language}`;

const questions = all(mmluSubjects).map((name) => [mmlu(name), mmluSubjects[name][1]]);

/** BFCL counts its three categories of one call together as one of four or five; of what users asked, every question alike. */
const oneCall = { simple: 1, java: 1, javascript: 1 };
const bfclLive = {
  ...{ live_simple: 258, live_multiple: 1053, live_parallel: 16, live_parallel_multiple: 24 },
  ...{ live_irrelevance: 882, live_relevance: 18 },
};
const bfcl = (name, shares) => {
  const weights = Object.fromEntries(all(shares).map((one) => [`BFCL-v3-${one}`, shares[one]]));
  return { name: `BFCL-v3-${name}`, subsets: all(weights), weights };
};

export const summary_groups = [
  ...['humanities', 'stem', 'social-science', 'other'].map(areaOf('mmlu', mmluSubjects, mmlu)),
  { name: 'mmlu', subsets: all(mmluSubjects).map(mmlu) },
  { name: 'mmlu-weighted', subsets: all(mmluSubjects).map(mmlu), weights: Object.fromEntries(questions) },
  { name: 'mmlu_pro', subsets: categories.map((name) => `mmlu_pro_${name.replaceAll(' ', '_')}`) },
  ...['stem', 'social-science', 'humanities', 'other'].map(areaOf('ceval', cevalSubjects, ceval)),
  { name: 'ceval-hard', subsets: cevalHard.map(ceval) },
  { name: 'ceval', subsets: all(cevalSubjects).map(ceval) },
  ...['humanities', 'stem', 'social-science', 'other', 'china-specific'].map(
    areaOf('cmmlu', cmmluSubjects, cmmlu),
  ),
  { name: 'cmmlu', subsets: all(cmmluSubjects).map(cmmlu) },
  { name: 'bbh', subsets: [...multipleChoice, ...freeForm].map((name) => `bbh-${name}`) },
  { name: 'agieval-chinese', subsets: named(agievalSets, 'zh').map(agieval) },
  { name: 'agieval-english', subsets: named(agievalSets, 'en').map(agieval) },
  { name: 'agieval-gaokao', subsets: gaokao.map(agieval) },
  { name: 'agieval', subsets: all(agievalSets).map(agieval) },
  bfcl('non_live-ast', { ...oneCall, multiple: 3, parallel: 3, parallel_multiple: 3 }),
  bfcl('non_live', { ...oneCall, multiple: 3, parallel: 3, parallel_multiple: 3, irrelevance: 3 }),
  bfcl('live', bfclLive),
  { name: 'race', subsets: ['race-middle', 'race-high'] },
  { name: 'mgsm_latin', subsets: latin.map(mgsm) },
  { name: 'mgsm_non_latin', subsets: nonLatin.map(mgsm) },
  { name: 'mgsm', subsets: [...latin, ...nonLatin].map(mgsm) },
  ...longKinds.map((kind) => ({ name: `longbench_${kind}`, subsets: ofKind(kind).map(long) })),
  { name: 'longbench_zh', subsets: inLanguage((name) => chinese.includes(name)).map(long) },
  {
    name: 'longbench_en',
    subsets: inLanguage((name) => !isIn(name, 'code-completion') && !chinese.includes(name)).map(long),
  },
  { name: 'leval_accuracy', subsets: levalOf('Exam').map(leval) },
  { name: 'leval_rouge', subsets: levalOf('Generation').map(leval) },
  ...needleSizes.flatMap(needleGroups),
  { name: 'longbench', subsets: all(longTasks).map(long), weights: Object.fromEntries(longWeights) },
];
