/**
 * Where the files of the built-in datasets come from: what `ais_bench datasets` lists and `ais_bench datasets pull` fetches. A
 * checksum is that of the file as its authors publish it, taken from a copy that our tests read.
 */

/** A dataset's files as its authors publish them. */
export interface DataSource {
  /** Name of the family: that of its configs. */
  readonly name: string;
  /** Folder that holds its files, below `ais_bench/datasets/`; the name by default. */
  readonly folder?: string;
  /** Files that must be there for it to run. */
  readonly files: readonly string[];
  /** Who publishes it. */
  readonly source: string;
  readonly licence: string;
  /** Address that the names of `pull` are put behind. */
  readonly published?: string;
  /** Files that can be downloaded one by one; absent: they come as an archive, or only after their authors were asked. */
  readonly pull?: readonly PullFile[];
}

/** A file to download. */
export interface PullFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Where a dataset's folder is looked for, as its config's `path` says it. */
export function pathOf({ name, folder = name }: DataSource): string {
  return `ais_bench/datasets/${folder}`;
}

/** Address of a file: the authors', or `<mirror>/<folder>/<file>`. Undefined where there is neither. */
export function addressOf(
  { name, folder = name, published }: DataSource,
  file: PullFile,
  mirror: string | undefined,
): string | undefined {
  if (mirror !== undefined) return `${mirror.replace(/(?<!\/)\/+$/, '')}/${folder}/${file.name}`;
  return published === undefined ? undefined : `${published}/${file.name}`;
}

const GITHUB = 'https://raw.githubusercontent.com';

export const SOURCES: readonly DataSource[] = [
  {
    name: 'gsm8k',
    files: ['test.jsonl'],
    source: 'github.com/openai/grade-school-math',
    licence: 'MIT',
    published: `${GITHUB}/openai/grade-school-math/master/grade_school_math/data`,
    pull: [
      pullFile('train.jsonl', 4166206, '17f347dc51477c50d4efb83959dbb7c56297aba886e5544ee2aaed3024813465'),
      pullFile('test.jsonl', 749738, '3730d312f6e3440559ace48831e51066acaca737f6eabec99bccb9e4b3c39d14'),
    ],
  },
  {
    name: 'humaneval',
    files: ['HumanEval.jsonl.gz'],
    source: 'github.com/openai/human-eval',
    licence: 'MIT',
    published: `${GITHUB}/openai/human-eval/master/data`,
    pull: [
      pullFile(
        'HumanEval.jsonl.gz',
        44877,
        'b796127e635a67f93fb35c04f4cb03cf06f38c8072ee7cee8833d7bee06979ef',
      ),
    ],
  },
  {
    name: 'mbpp',
    files: ['mbpp.jsonl'],
    source: 'github.com/google-research/google-research, folder mbpp',
    licence: 'CC BY 4.0',
    published: `${GITHUB}/google-research/google-research/master/mbpp`,
    pull: [
      pullFile('mbpp.jsonl', 563743, 'ccf64ceae9c5403bf50a044cb6d505bfd2a2963ee58338ba268fd65beab92a9f'),
    ],
  },
  {
    name: 'bbh',
    files: ['boolean_expressions.json'],
    source: 'github.com/suzgunmirac/BIG-Bench-Hard',
    licence: 'MIT',
    published: `${GITHUB}/suzgunmirac/BIG-Bench-Hard/main/bbh`,
    pull: [
      pullFile(
        'boolean_expressions.json',
        17172,
        'ea6c754ec005e2d3f2d085d349a740f593b5764f32ea4638ffed4cfc0061b12a',
      ),
      pullFile(
        'causal_judgement.json',
        202943,
        '6e8bca44dd402008ed41c07a3d0a1d5e7b03db7001a7e002fcdf4c60985ea081',
      ),
      pullFile(
        'date_understanding.json',
        61760,
        '0148d4ac5fca05b2f82373e5fef7208e15363b9c6079493034d77b3dab496bf5',
      ),
      pullFile(
        'disambiguation_qa.json',
        85255,
        'cf06df9ebf911b883671cb1b35d3fbd1a1c306b19b9e9a012407e596c85fe8c6',
      ),
      pullFile(
        'dyck_languages.json',
        43814,
        '3f9badedf15c2be1ce53d94fdf016299bb30ba231ef087ab9f51a7ed6d0bdc25',
      ),
      pullFile(
        'formal_fallacies.json',
        145562,
        '4c1adb664821157faade1d4153685403afcc02648f3c180a608a18f17f589629',
      ),
      pullFile(
        'geometric_shapes.json',
        77242,
        '07be68a124420caa2ebc0b2c858ad79fc55c5c8806170e496e1e17ebfb11f31c',
      ),
      pullFile('hyperbaton.json', 44706, 'b6d7f55c75f5d02f2987a4f3123802dfa093872089a56a334144aae8a7264fdc'),
      pullFile(
        'logical_deduction_five_objects.json',
        155477,
        'd2df31394b903b7f0e085d42a69572a092987856eac076799017d70ef266fa8f',
      ),
      pullFile(
        'logical_deduction_seven_objects.json',
        198404,
        '2896c7e3482eea318dd37bcc370d24ec3cc91e8374c1784287b5dbd38a529e33',
      ),
      pullFile(
        'logical_deduction_three_objects.json',
        112213,
        'e590fae72e3a6041fbd23bd8ff6b74baf44ca563f6ba40a041c55e7b867c1681',
      ),
      pullFile(
        'movie_recommendation.json',
        57684,
        'a8b53a87ee21a865b7248e694f388a9b8f7cf6b839b11d44796a2dd3fc088983',
      ),
      pullFile(
        'multistep_arithmetic_two.json',
        18325,
        'c9d5a6433c9b78256422a15c78463949c8bec8d85607aa28b52d7234ad4a8595',
      ),
      pullFile('navigate.json', 55163, 'b7944dfd3c81da5c4815bd75b00d6fa3c64140823498e78ed496f4c3d36f7f0d'),
      pullFile(
        'object_counting.json',
        35890,
        '8acef14dbbdd40d2326ef7755750b6b5fe919fef06276af1bab3f1c297f022ff',
      ),
      pullFile(
        'penguins_in_a_table.json',
        74516,
        'bb87ee449698eee51215e025a453b1bcb2f5e6589c2063b2c79e68b8f0655228',
      ),
      pullFile(
        'reasoning_about_colored_objects.json',
        98694,
        '0a8850cf95166020fce7a78244026ceedd7ea839302471512b4f8744e85a6a49',
      ),
      pullFile('ruin_names.json', 53178, 'b6f723aef2bafdd4c7bfc3c7e0329c7e8a8279391a609969c8ed76c9319f5f7f'),
      pullFile(
        'salient_translation_error_detection.json',
        286443,
        'becf3eb8dd53c821a555ecd5c1334ecd93eb25f980e63be963c518e7138de5da',
      ),
      pullFile('snarks.json', 42646, '54a0661fe2de06167645a4965e6bcf963c4ba307e76262a7c750998b0e3d0d0e'),
      pullFile(
        'sports_understanding.json',
        28617,
        '63ca262858f6176864515cd8cf53cdaa40839ebecc155b726d77930855d167bf',
      ),
      pullFile(
        'temporal_sequences.json',
        148176,
        '92a1189faaa84aacc4c405aaa13f13f48c2992eb884772eedb622505252baef5',
      ),
      pullFile(
        'tracking_shuffled_objects_five_objects.json',
        169722,
        '2063a46a4fb484236ed4310523606543a3e1dd4a4dc34eda65d407910ece25a5',
      ),
      pullFile(
        'tracking_shuffled_objects_seven_objects.json',
        214906,
        'b59fd05b850c37cf57cb514ae1e6975c00b1638ade2291722056b2af3c54084d',
      ),
      pullFile(
        'tracking_shuffled_objects_three_objects.json',
        128736,
        '546cc7bf10c6a01a6a4c17ae28a4966485f21f29fd5d111f37858ec78e354f6b',
      ),
      pullFile('web_of_lies.json', 52964, '3e60323f8514a107fdb4edf35f8832a9171c5a09c0eaa47823559de905e8ab8b'),
      pullFile(
        'word_sorting.json',
        66300,
        '2a6132d2c99f00d0d2eb1113ac6b4a918bd969d863c48749210d969713db8d43',
      ),
    ],
  },
  {
    name: 'math500',
    files: ['test.jsonl'],
    source: 'huggingface.co/datasets/HuggingFaceH4/MATH-500',
    licence: 'MIT',
    published: 'https://huggingface.co/datasets/HuggingFaceH4/MATH-500/resolve/main',
    pull: [
      pullFile('test.jsonl', 446563, 'a239272930e5202bf1d5275f7fa475a56687c775a61f1354a6d3371bf9dd7a94'),
    ],
  },
  {
    name: 'mmlu',
    files: ['test/abstract_algebra_test.csv'],
    source: 'github.com/hendrycks/test, data.tar',
    licence: 'MIT',
  },
  {
    name: 'mmlu_pro',
    files: ['test.jsonl'],
    source: 'Hugging Face, TIGER-Lab/MMLU-Pro, as JSON lines',
    licence: 'MIT',
  },
  {
    name: 'ceval',
    folder: 'ceval/formal_ceval',
    files: ['val/accountant_val.csv'],
    source: 'github.com/hkust-nlp/ceval, ceval-exam.zip',
    licence: 'CC BY-NC-SA 4.0',
  },
  {
    name: 'cmmlu',
    files: ['test/agronomy.csv'],
    source: 'github.com/haonan-li/CMMLU, cmmlu_v1_0_1.zip',
    licence: 'CC BY-NC 4.0',
  },
  {
    name: 'gpqa',
    files: ['gpqa_diamond.csv'],
    source: 'github.com/idavidrein/gpqa, dataset.zip',
    licence: 'CC BY 4.0',
  },
  {
    name: 'agieval',
    files: ['lsat-ar.jsonl'],
    source: 'github.com/ruixiangcui/AGIEval, data/v1',
    licence: 'MIT',
  },
  {
    name: 'ARC_c',
    folder: 'ARC/ARC-c',
    files: ['ARC-Challenge-Test.jsonl'],
    source: 'allenai.org/data/arc, ARC-V1-Feb2018-2.zip',
    licence: 'CC BY-SA 4.0',
  },
  {
    name: 'ARC_e',
    folder: 'ARC/ARC-e',
    files: ['ARC-Easy-Test.jsonl'],
    source: 'allenai.org/data/arc, ARC-V1-Feb2018-2.zip',
    licence: 'CC BY-SA 4.0',
  },
  {
    name: 'hellaswag',
    files: ['hellaswag_val.jsonl'],
    source: 'github.com/rowanz/hellaswag, data',
    licence: 'MIT',
  },
  {
    name: 'winogrande',
    files: ['dev.jsonl'],
    source: 'github.com/allenai/winogrande, winogrande_1.1.zip',
    licence: 'CC BY',
  },
  {
    name: 'piqa',
    folder: 'physicaliqa-train-dev',
    files: ['dev.jsonl'],
    source: 'yonatanbisk.com/piqa, physicaliqa-train-dev.zip',
    licence: 'AFL 3.0',
  },
  {
    name: 'siqa',
    files: ['dev.jsonl'],
    source: 'allenai.org/data/socialiqa, socialiqa-train-dev.zip',
    licence: 'none stated',
  },
  {
    name: 'race',
    files: ['test'],
    source: 'www.cs.cmu.edu/~glai1/data/race, RACE.tar.gz',
    licence: 'research only',
  },
  {
    name: 'SuperGLUE_BoolQ',
    folder: 'SuperGLUE/BoolQ',
    files: ['val.jsonl'],
    source: 'super.gluebenchmark.com, BoolQ.zip',
    licence: 'CC BY-SA 3.0',
  },
  {
    name: 'triviaqa',
    files: ['triviaqa-validation.jsonl'],
    source: 'nlp.cs.washington.edu/triviaqa, triviaqa-rc.tar.gz; OpenCompass, triviaqa.zip',
    licence: 'none stated',
  },
  {
    name: 'drop',
    folder: 'drop_simple_eval',
    files: ['dev.jsonl'],
    source: 'allenai.org/data/drop, drop_dataset.zip; OpenCompass, drop_simple_eval.zip',
    licence: 'CC BY-SA 4.0',
  },
  {
    name: 'lambada',
    files: ['test.jsonl'],
    source: 'zenodo.org/record/2630551, lambada-dataset.tar.gz; OpenCompass, OpenCompassData-core',
    licence: 'CC BY 4.0',
  },
  {
    name: 'Xsum',
    files: ['dev.jsonl'],
    source: 'Hugging Face, EdinburghNLP/xsum, as JSON lines; OpenCompass, OpenCompassData-core',
    licence: 'none stated',
  },
  {
    name: 'lcsts',
    folder: 'LCSTS',
    files: ['test.src.txt'],
    source: 'icrc.hitsz.edu.cn, on application; OpenCompass, OpenCompassData-core',
    licence: 'research only',
  },
  {
    name: 'longbench',
    folder: 'LongBench',
    files: ['data/hotpotqa.jsonl'],
    source: 'Hugging Face, zai-org/LongBench, data.zip',
    licence: 'MIT',
  },
  {
    name: 'ifeval',
    files: ['input_data.jsonl'],
    source: 'github.com/google-research/google-research, folder instruction_following_eval/data',
    licence: 'Apache-2.0',
  },
  {
    name: 'ifbench',
    files: ['data/train-00000-of-00001.parquet'],
    source: 'Hugging Face, allenai/IFBench_test',
    licence: 'ODC-BY',
  },
  {
    name: 'BFCL',
    files: ['BFCL_v3_simple.json', 'possible_answer/BFCL_v3_simple.json'],
    source: 'the Python package bfcl-eval 2025.6.14, folder bfcl_eval/data',
    licence: 'Apache-2.0',
  },
  {
    name: 'mgsm',
    files: ['mgsm_en.tsv'],
    source: 'github.com/google-research/url-nlp, folder mgsm',
    licence: 'CC BY-SA 4.0',
  },
  {
    name: 'sharegpt',
    files: ['ShareGPT_V3_unfiltered_cleaned_split.json'],
    source: 'Hugging Face, anon8231489123/ShareGPT_Vicuna_unfiltered',
    licence: 'see there',
  },
  {
    name: 'livecodebench',
    folder: 'code_generation_lite',
    files: ['test6.jsonl'],
    source: 'Hugging Face, livecodebench/code_generation_lite',
    licence: 'CC',
  },
  {
    name: 'needlebench_v2',
    folder: 'NeedleBench',
    files: ['needles.jsonl', 'names.json', 'PaulGrahamEssays.jsonl', 'zh_finance.jsonl'],
    source: 'Hugging Face, opencompass/NeedleBench',
    licence: 'Apache 2.0',
  },
  {
    name: 'longbenchv2',
    folder: 'LongBench-v2',
    files: ['data.json'],
    source: 'Hugging Face, zai-org/LongBench-v2',
    licence: 'Apache-2.0',
  },
  {
    name: 'leval',
    folder: 'LEval',
    files: ['LEval/Exam/coursera.jsonl'],
    source: 'Hugging Face, L4NLP/LEval, folder LEval',
    licence: 'GPL-3.0',
  },
  ...['bustm', 'chid', 'cluewsc', 'csl', 'eprstmt', 'tnews'].map((task) => ({
    name: `FewCLUE_${task}`,
    folder: `FewCLUE/${task}`,
    files: ['test_public.json'],
    source: `github.com/CLUEbenchmark/FewCLUE, datasets/${task}`,
    licence: 'none stated',
  })),
  {
    name: 'hle',
    files: ['data/test-00000-of-00001.parquet'],
    source: 'Hugging Face, cais/hle, once its terms are accepted there',
    licence: 'MIT',
  },
  {
    name: 'aa_lcr',
    files: ['AA-LCR_Dataset.csv'],
    source: 'Hugging Face, ArtificialAnalysis/AA-LCR, with extracted_text/AA-LCR_extracted-text.zip',
    licence: 'Apache-2.0',
  },
  {
    name: 'dapo_math',
    folder: 'dapo-math-17k',
    files: ['dapo-math-17k.parquet'],
    source: 'Hugging Face, BytedTsinghua-SIA/DAPO-Math-17k, folder data',
    licence: 'Apache-2.0',
  },
  {
    name: 'mtbench',
    files: ['question.jsonl'],
    source: 'Hugging Face, HuggingFaceH4/mt_bench_prompts, as JSON lines',
    licence: 'see there',
  },
  {
    name: 'mooncake_trace',
    files: ['mooncake_trace.jsonl'],
    source: 'github.com/kvcache-ai/Mooncake, FAST25-release/traces',
    licence: 'Apache-2.0',
  },
  {
    name: 'mmmu',
    files: ['Accounting/validation-00000-of-00001.parquet'],
    source: 'modelscope.cn, AI-ModelScope/MMMU; Hugging Face, MMMU/MMMU; or MMMU_DEV_VAL.tsv of VLMEvalKit',
    licence: 'Apache-2.0',
  },
  {
    name: 'mmmu_pro',
    files: ['MMMU_Pro_10c.tsv'],
    source: 'VLMEvalKit, opencompass.openxlab.space/utils/VLMEval; of Hugging Face, MMMU/MMMU_Pro',
    licence: 'Apache-2.0',
  },
  {
    name: 'mmstar',
    files: ['MMStar.tsv'],
    source: 'VLMEvalKit, opencompass.openxlab.space/utils/VLMEval; of Hugging Face, Lin-Chen/MMStar',
    licence: 'see there',
  },
  {
    name: 'mathvision',
    folder: 'mathvision/data',
    files: ['test-00000-of-00001.parquet'],
    source: 'Hugging Face, MathLLMs/MathVision; modelscope.cn, evalscope/MathVision',
    licence: 'MIT',
  },
  {
    name: 'docvqa',
    folder: 'DocVQA',
    files: ['DocVQA_VAL.tsv'],
    source: 'VLMEvalKit, opencompass.openxlab.space/utils/VLMEval; of rrc.cvc.uab.es',
    licence: 'see there',
  },
  {
    name: 'infovqa',
    folder: 'InfoVQA',
    files: ['InfoVQA_VAL.tsv'],
    source: 'VLMEvalKit, opencompass.openxlab.space/utils/VLMEval; of rrc.cvc.uab.es',
    licence: 'see there',
  },
  {
    name: 'textvqa',
    folder: 'textvqa/textvqa_json',
    files: ['textvqa_val.jsonl', 'textvqa_val_annotations.json'],
    source: 'Hugging Face, maoxx241/textvqa_subset; textvqa.org',
    licence: 'CC BY 4.0',
  },
  {
    name: 'realworldqa',
    folder: 'RealworldQA/data',
    files: ['test-00000-of-00002.parquet'],
    source: 'Hugging Face, xai-org/RealworldQA',
    licence: 'CC BY-ND 4.0',
  },
  {
    name: 'refcoco',
    folder: 'RefCOCO/data',
    files: ['val-00000-of-00001.parquet'],
    source: 'Hugging Face, lmms-lab/RefCOCO',
    licence: 'none stated',
  },
  {
    name: 'refcoco_plus',
    folder: 'RefCOCOplus/data',
    files: ['val-00000-of-00001.parquet'],
    source: 'Hugging Face, lmms-lab/RefCOCOplus',
    licence: 'none stated',
  },
  {
    name: 'refcocog',
    folder: 'RefCOCOg/data',
    files: ['val-00000-of-00001.parquet'],
    source: 'Hugging Face, lmms-lab/RefCOCOg',
    licence: 'none stated',
  },
  {
    name: 'geometry3k',
    folder: 'geo3k',
    files: ['test-00000-of-00001.parquet'],
    source: 'Hugging Face, hiyouga/geometry3k, folder data',
    licence: 'MIT',
  },
];

function pullFile(name: string, bytes: number, sha256: string): PullFile {
  return { name, bytes, sha256 };
}
