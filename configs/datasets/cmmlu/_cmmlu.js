// What the CMMLU configs share.

/** Subject → what it is called, and its areas. */
export const subjects = {
  agronomy: ['农学', 'other'],
  anatomy: ['解剖学', 'stem'],
  ancient_chinese: ['古汉语', 'social-science', 'china-specific'],
  arts: ['艺术学', 'humanities'],
  astronomy: ['天文学', 'stem'],
  business_ethics: ['商业伦理', 'social-science'],
  chinese_civil_service_exam: ['中国公务员考试', 'social-science', 'china-specific'],
  chinese_driving_rule: ['中国驾驶规则', 'other', 'china-specific'],
  chinese_food_culture: ['中国饮食文化', 'social-science', 'china-specific'],
  chinese_foreign_policy: ['中国外交政策', 'social-science', 'china-specific'],
  chinese_history: ['中国历史', 'humanities', 'china-specific'],
  chinese_literature: ['中国文学', 'humanities', 'china-specific'],
  chinese_teacher_qualification: ['中国教师资格', 'social-science', 'china-specific'],
  clinical_knowledge: ['临床知识', 'other'],
  college_actuarial_science: ['大学精算学', 'stem'],
  college_education: ['大学教育学', 'social-science'],
  college_engineering_hydrology: ['大学工程水文学', 'stem'],
  college_law: ['大学法律', 'humanities'],
  college_mathematics: ['大学数学', 'stem'],
  college_medical_statistics: ['大学医学统计', 'stem'],
  college_medicine: ['大学医学', 'other'],
  computer_science: ['计算机科学', 'stem'],
  computer_security: ['计算机安全', 'other'],
  conceptual_physics: ['概念物理学', 'stem'],
  construction_project_management: ['建设工程管理', 'other', 'china-specific'],
  economics: ['经济学', 'social-science'],
  education: ['教育学', 'social-science'],
  electrical_engineering: ['电气工程', 'stem'],
  elementary_chinese: ['小学语文', 'social-science', 'china-specific'],
  elementary_commonsense: ['小学常识', 'other', 'china-specific'],
  elementary_information_and_technology: ['小学信息技术', 'other'],
  elementary_mathematics: ['初等数学', 'stem'],
  ethnology: ['民族学', 'social-science', 'china-specific'],
  food_science: ['食品科学', 'other'],
  genetics: ['遗传学', 'stem'],
  global_facts: ['全球事实', 'humanities'],
  high_school_biology: ['高中生物', 'stem'],
  high_school_chemistry: ['高中化学', 'stem'],
  high_school_geography: ['高中地理', 'social-science'],
  high_school_mathematics: ['高中数学', 'stem'],
  high_school_physics: ['高中物理学', 'stem'],
  high_school_politics: ['高中政治', 'social-science', 'china-specific'],
  human_sexuality: ['人类性行为', 'other'],
  international_law: ['国际法学', 'humanities'],
  journalism: ['新闻学', 'social-science'],
  jurisprudence: ['法理学', 'humanities'],
  legal_and_moral_basis: ['法律与道德基础', 'other'],
  logical: ['逻辑学', 'humanities'],
  machine_learning: ['机器学习', 'stem'],
  management: ['管理学', 'social-science'],
  marketing: ['市场营销', 'social-science'],
  marxist_theory: ['马克思主义理论', 'humanities'],
  modern_chinese: ['现代汉语', 'social-science', 'china-specific'],
  nutrition: ['营养学', 'other'],
  philosophy: ['哲学', 'humanities'],
  professional_accounting: ['专业会计', 'social-science'],
  professional_law: ['专业法学', 'humanities'],
  professional_medicine: ['专业医学', 'other'],
  professional_psychology: ['专业心理学', 'social-science'],
  public_relations: ['公共关系', 'social-science'],
  security_study: ['安全研究', 'social-science'],
  sociology: ['社会学', 'social-science'],
  sports_science: ['体育学', 'other'],
  traditional_chinese_medicine: ['中医中药', 'other', 'china-specific'],
  virology: ['病毒学', 'stem'],
  world_history: ['世界历史', 'humanities'],
  world_religions: ['世界宗教', 'humanities'],
};

/** An entry a subject; `ask` makes its infer_cfg and eval_cfg of what the subject is called. */
export function entries(ask) {
  return Object.entries(subjects).map(([name, [topic]]) => ({
    abbr: `cmmlu-${name}`,
    type: 'CMMLUDataset',
    path: 'ais_bench/datasets/cmmlu',
    name,
    reader_cfg: {
      input_columns: ['question', 'A', 'B', 'C', 'D'],
      output_column: 'answer', // kept as the reference, never shown with the asked question
      train_split: 'dev',
      test_split: 'test',
    },
    ...ask(topic),
  }));
}

/** What a model is asked that reasons first. */
export function reasoning(topic) {
  const how = '请先一步一步地思考，最后一行必须写成“答案: X”（不带引号），X 是 A、B、C、D 中的一个字母。';
  const prompt = `下面是关于${topic}的一道单项选择题。${how}\n\n{question}\n\nA) {A}\nB) {B}\nC) {C}\nD) {D}`;
  return { role: 'HUMAN', prompt };
}

/** The letter that is stated in the form asked for. */
export const stated = {
  evaluator: { type: 'AccEvaluator' },
  pred_postprocessor: {
    type: 'match_answer_pattern',
    answer_pattern: '(?i)答案\\s*:\\s*[\\W]*([A-D])[\\W]*',
  },
};

/** The five worked examples of the subject. */
export const examples = { type: 'FixKRetriever', fix_id_list: [0, 1, 2, 3, 4] };
