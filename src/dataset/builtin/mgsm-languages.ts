/** What is asked for in each language of MGSM: reasoning, and a last line of the mark, a colon and the number. */

export interface MgsmWords {
  /** The word before the answer, as OpenAI's simple-evals, OpenCompass and AISBench look for it. */
  readonly mark: string;
  readonly instruction: string;
}

export type MgsmLanguage = 'bn' | 'de' | 'en' | 'es' | 'fr' | 'ja' | 'ru' | 'sw' | 'te' | 'th' | 'zh';

export const MGSM_LANGUAGES: Readonly<Record<MgsmLanguage, MgsmWords>> = {
  bn: words('উত্তর', (mark) => `নিচের অঙ্কটি ধাপে ধাপে সমাধান করো। শেষ লাইনে শুধু "${mark}:" এবং তার পরে সংখ্যাটি লেখো।`),
  de: words(
    'Antwort',
    (mark) =>
      `Löse die Aufgabe Schritt für Schritt. Schreibe in die letzte Zeile nur "${mark}:" und die Zahl.`,
  ),
  en: words(
    'Answer',
    (mark) => `Solve the problem step by step. Write nothing but "${mark}:" and the number in the last line.`,
  ),
  es: words(
    'Respuesta',
    (mark) => `Resuelve el problema paso a paso. En la última línea escribe solo "${mark}:" y el número.`,
  ),
  fr: words(
    'Réponse',
    (mark) =>
      `Résous le problème étape par étape. À la dernière ligne, écris seulement "${mark}:" et le nombre.`,
  ),
  ja: words(
    '答え',
    (mark) => `次の問題を順を追って解いてください。最後の行には「${mark}:」と数だけを書いてください。`,
  ),
  ru: words(
    'Ответ',
    (mark) => `Реши задачу шаг за шагом. В последней строке напиши только "${mark}:" и число.`,
  ),
  sw: words(
    'Jibu',
    (mark) => `Tatua tatizo hili hatua kwa hatua. Katika mstari wa mwisho andika "${mark}:" na nambari tu.`,
  ),
  te: words('సమాధానం', (mark) => `ఈ లెక్కను దశలవారీగా చేయండి. చివరి పంక్తిలో "${mark}:" మరియు సంఖ్యను మాత్రమే రాయండి.`),
  th: words('คำตอบ', (mark) => `แก้โจทย์นี้ทีละขั้นตอน บรรทัดสุดท้ายให้เขียนเพียง "${mark}:" และตัวเลขเท่านั้น`),
  zh: words('答案', (mark) => `请一步一步解答下面的题目。最后一行只写“${mark}:”和数字。`),
};

function words(mark: string, instruction: (mark: string) => string): MgsmWords {
  return { mark, instruction: instruction(mark) };
}
