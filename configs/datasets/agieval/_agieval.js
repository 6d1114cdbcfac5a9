// What AGIEval consists of.

/** Set → how it is answered (one letter, letters, or a text), its language, and what a model is told. */
export const sets = {
  'gaokao-chinese': ['single', 'zh', '下面是一道高考语文选择题，请选出正确的答案。'],
  'gaokao-english': ['single', 'zh', '下面是一道高考英语选择题，请选出正确的答案。'],
  'gaokao-geography': ['single', 'zh', '下面是一道高考地理选择题，请选出正确的答案。'],
  'gaokao-history': ['single', 'zh', '下面是一道高考历史选择题，请选出正确的答案。'],
  'gaokao-biology': ['single', 'zh', '下面是一道高考生物选择题，请选出正确的答案。'],
  'gaokao-chemistry': ['single', 'zh', '下面是一道高考化学选择题，请选出正确的答案。'],
  'gaokao-mathqa': ['single', 'zh', '下面是一道高考数学选择题，请选出正确的答案。'],
  'logiqa-zh': ['single', 'zh', '下面是一道公务员考试逻辑题，请选出正确的答案。'],
  'lsat-ar': [
    'single',
    'en',
    'This is a question of the LSAT, on analytical reasoning. Choose the right answer.',
  ],
  'lsat-lr': [
    'single',
    'en',
    'This is a question of the LSAT, on logical reasoning. Choose the right answer.',
  ],
  'lsat-rc': [
    'single',
    'en',
    'This is a question of the LSAT, on reading comprehension. Choose the right answer.',
  ],
  'logiqa-en': ['single', 'en', 'This is a question on logic. Choose the right answer.'],
  'sat-math': ['single', 'en', 'This is a question of the SAT, on mathematics. Choose the right answer.'],
  'sat-en': ['single', 'en', 'This is a question of the SAT, on English. Choose the right answer.'],
  'sat-en-without-passage': [
    'single',
    'en',
    'This is a question of the SAT, on English. Choose the right answer.',
  ],
  'aqua-rat': ['single', 'en', 'This is a word problem in algebra. Choose the right answer.'],
  'gaokao-physics': ['multiple', 'zh', '下面是一道高考物理选择题，可能有多个正确选项，请全部选出。'],
  'jec-qa-kd': ['multiple', 'zh', '下面是一道司法考试基础知识题，可能有多个正确选项，请全部选出。'],
  'jec-qa-ca': ['multiple', 'zh', '下面是一道司法考试案例分析题，可能有多个正确选项，请全部选出。'],
  'gaokao-mathcloze': ['cloze', 'zh', '下面是一道高考数学填空题，请填入正确的答案。'],
  math: ['cloze', 'en', 'This is a problem of a mathematics competition. Give its answer.'],
};
