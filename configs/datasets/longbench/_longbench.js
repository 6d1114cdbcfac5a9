// What the LongBench configs share.

const f1 = { evaluator: { type: 'LongBenchF1Evaluator' } };
const rouge = { evaluator: { type: 'LongBenchRougeEvaluator' } };
const code = { evaluator: { type: 'LongBenchCodeSimEvaluator' } };
const count = { evaluator: { type: 'LongBenchCountEvaluator' } };
const place = { evaluator: { type: 'LongBenchRetrievalEvaluator' } };
const classes = { evaluator: { type: 'LongBenchClassificationEvaluator' } };

/** The same of Chinese texts. */
const zh = ({ evaluator }) => ({ evaluator: { ...evaluator, language: 'zh' } });
/** The same of the first line of the reply. */
const firstLine = (eval_cfg) => ({ ...eval_cfg, pred_postprocessor: { type: 'first_line' } });

const briefly = 'Answer with the answer alone, in as few words as will do, and no explanation.';
const passages = `Answer the question from the passages below. ${briefly}\n\n{context}\n\nQuestion: {input}\n${briefly}\nAnswer:`;

/** Task → its kind, how it is asked, how it is scored. */
export const tasks = {
  narrativeqa: {
    kind: 'single-document-qa',
    prompt: `Here is a story or the script of a film, and a question about it. ${briefly}\n\nStory: {context}\n\nQuestion: {input}\n${briefly}\nAnswer:`,
    score: f1,
  },
  qasper: {
    kind: 'single-document-qa',
    prompt: `Here is a scientific article, and a question about it. ${briefly} Answer "yes" or "no" where that is asked, and "unanswerable" where the article does not tell.\n\nArticle: {context}\n\nQuestion: {input}\n${briefly}\nAnswer:`,
    score: f1,
  },
  multifieldqa_en: {
    kind: 'single-document-qa',
    prompt: `Read the text, then answer the question about it. ${briefly}\n\n{context}\n\nQuestion: {input}\n${briefly}\nAnswer:`,
    score: f1,
  },
  multifieldqa_zh: {
    kind: 'single-document-qa',
    prompt:
      '请阅读下面的文章，然后用中文简短地回答问题。\n\n{context}\n\n问题：{input}\n只需给出答案，不要作任何解释。\n回答：',
    score: zh(f1),
  },
  hotpotqa: { kind: 'multi-document-qa', prompt: passages, score: f1 },
  '2wikimqa': { kind: 'multi-document-qa', prompt: passages, score: f1 },
  musique: { kind: 'multi-document-qa', prompt: passages, score: f1 },
  dureader: {
    kind: 'multi-document-qa',
    prompt: '请根据下面的文章回答问题。\n\n文章：{context}\n\n问题：{input}\n回答：',
    score: zh(rouge),
  },
  gov_report: {
    kind: 'summarization',
    prompt:
      'Here is a report of a government agency.\n\n{context}\n\nSum the report up on one page.\nSummary:',
    score: rouge,
  },
  qmsum: {
    kind: 'summarization',
    prompt:
      'Here is the record of a meeting.\n\n{context}\n\nAnswer this about the meeting in a sentence or a few: {input}\nAnswer:',
    score: rouge,
  },
  multi_news: {
    kind: 'summarization',
    prompt:
      'Here are several articles about the same news.\n\n{context}\n\nSum all of them up on one page.\nSummary:',
    score: rouge,
  },
  vcsum: {
    kind: 'summarization',
    prompt: '请阅读下面的会议记录，然后写一段话总结会议的内容。\n\n{context}\n\n总结：',
    score: zh(rouge),
  },
  trec: {
    kind: 'few-shot-learning',
    prompt:
      'Tell the type of the last question, in the words that the examples use for types.\n\n{context}\n{input}',
    score: firstLine(classes),
  },
  triviaqa: {
    kind: 'few-shot-learning',
    prompt: `Answer the last question from its passage, as the examples before it do. ${briefly}\n\n{context}\n\n{input}`,
    score: firstLine(f1),
  },
  samsum: {
    kind: 'few-shot-learning',
    prompt:
      'Sum the last dialogue up in a few short sentences, as the examples before it do.\n\n{context}\n\n{input}',
    score: firstLine(rouge),
  },
  lsht: {
    kind: 'few-shot-learning',
    prompt: '请参照例子，判断最后一条新闻的类别，只需给出类别。\n\n{context}\n{input}',
    score: firstLine(classes),
  },
  passage_count: {
    kind: 'synthetic-tasks',
    prompt:
      'Some of these paragraphs stand here more than once. How many different ones are there?\n\n{context}\n\nReply with the number alone.\nNumber of different paragraphs:',
    score: count,
  },
  passage_retrieval_en: {
    kind: 'synthetic-tasks',
    prompt:
      'Here are 30 paragraphs, and then a summary of one of them.\n\n{context}\n\nSummary: {input}\n\nWhich paragraph is it of? Reply in the form "Paragraph 1".\nAnswer:',
    score: place,
  },
  passage_retrieval_zh: {
    kind: 'synthetic-tasks',
    prompt:
      '下面是若干段落，以及其中一段的摘要。\n\n{context}\n\n摘要：{input}\n\n摘要出自哪一段？请按“段落1”的格式回答。\n答案：',
    score: zh(place),
  },
  lcc: {
    kind: 'code-completion',
    prompt: 'Write the next line of this code, and nothing else.\n{context}Next line of code:\n',
    score: code,
  },
  'repobench-p': {
    kind: 'code-completion',
    prompt: 'Write the next line of this code, and nothing else.\n{context}{input}Next line of code:\n',
    score: code,
  },
};

/** Of the group of the whole benchmark in a language; code is in both. */
export const chinese = ['multifieldqa_zh', 'dureader', 'vcsum', 'lsht', 'passage_retrieval_zh'];

/** The entries of a task. */
export function entries(name) {
  const { prompt, score } = tasks[name];
  const hasClasses = score.evaluator.type === 'LongBenchClassificationEvaluator';
  return [
    {
      abbr: `LongBench_${name}`,
      type: 'LongBenchDataset',
      path: 'ais_bench/datasets/LongBench',
      name,
      reader_cfg: {
        input_columns: ['context', 'input'],
        output_column: hasClasses ? 'all_labels' : 'answers',
        train_split: 'test',
        test_split: 'test',
      },
      infer_cfg: {
        prompt_template: { type: 'PromptTemplate', template: { round: [{ role: 'HUMAN', prompt }] } },
        retriever: { type: 'ZeroRetriever' },
        inferencer: { type: 'GenInferencer' },
      },
      eval_cfg: score,
    },
  ];
}
