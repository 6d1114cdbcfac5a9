/** Words of the comparison page, in two languages. */
import { useLanguage } from '../settings.ts';
import { counted } from './en.ts';

const en = {
  title: (after: string, before: string) => `${after} against ${before}`,
  runs: 'Comparison',
  gates: 'Gates',
  differences: 'What differs',
  differencesNote: 'Settings and prompts that are not the same in both runs.',
  outcomes: { broken: 'broken', kept: 'kept', unknown: 'too few to know' },
  gatesNote: 'Broken: beyond its threshold, and significant at 5 % for all gates together.',
  flips: 'Changed verdicts',
  flipsNote: 'What was right and is no longer stands first.',
  score: 'Score',
  pairs: (pairs: string, lost: string, won: string) =>
    `${counted(pairs, 'answer to the same row', 'answers to the same rows')}: ${lost} worth less than before, ${won} worth more.`,
  numbers: 'Numbers',
  numbersNote:
    'Bars are 95 % intervals of the change, each by itself. Better, worse: significant at 5 % for all numbers together.',
  metric: 'Metric',
  change: 'Change',
  interval: '95 % interval',
  needed: 'n for 5 %',
  neededPoint: 'n for 1 pt',
  neededNote:
    'n for 5 %: requests a side that would show a true change of 5 % (of shares: 1 point) in 9 of 10 comparisons.',
  better: 'better',
  worse: 'worse',
  unbounded: 'not bounded',
  distributions: 'Distributions',
  cdfNote: 'Share of requests that took at most so long.',
  point: 'pt',
  run: (letter: string) => `run ${letter}`,
};

type CompareWords = {
  readonly [Key in keyof typeof en]: (typeof en)[Key] extends string ? string : (typeof en)[Key];
};

const zh: CompareWords = {
  title: (after, before) => `${after} 对比 ${before}`,
  runs: '对比',
  gates: '门禁',
  differences: '差异',
  differencesNote: '两次运行之间不同的配置与提示词。',
  outcomes: { broken: '未通过', kept: '通过', unknown: '样本不足，无法判断' },
  gatesNote: '未通过：超过阈值，且所有门禁合并在 5 % 水平上显著。',
  flips: '改变的判定',
  flipsNote: '原来正确、现在不正确的排在最前。',
  score: '得分',
  pairs: (pairs, lost, won) => `同一批数据行的 ${pairs} 个回答：${lost} 个得分降低，${won} 个得分升高。`,
  numbers: '指标',
  numbersNote: '横条是变化的 95 % 区间，各自独立。变好、变差：所有指标合并在 5 % 水平上显著。',
  metric: '指标',
  change: '变化',
  interval: '95 % 区间',
  needed: '5 % 所需 n',
  neededPoint: '1 个百分点所需 n',
  neededNote:
    '5 % 所需 n：每侧需要多少请求，才能在 10 次对比中 9 次发现 5 %（比例为 1 个百分点）的真实变化。',
  better: '变好',
  worse: '变差',
  unbounded: '无界',
  distributions: '分布',
  cdfNote: '耗时不超过横轴值的请求占比。',
  point: '百分点',
  run: (letter) => `运行 ${letter}`,
};

export function useCompareWords(): CompareWords {
  return useLanguage() === 'zh' ? zh : en;
}
