/** Words of Chinese texts, without the dictionary that would tell where they end. */

/**
 * Each Chinese character is a word, and so is a run of Latin letters and digits; every other character stands alone. AISBench
 * and LongBench's authors ask jieba for the words: shares of words come out different.
 */
export function chineseWords(text: string): string[] {
  return text.match(/\p{Script=Han}|[a-zA-Z0-9+#&._%-]+|./gsu) ?? [];
}

/** ASCII punctuation, and what LongBench calls Chinese punctuation. */
const MARKS =
  /[!-/:-@[-`{-~！？｡。＂＃＄％＆＇（）＊＋，－／：；＜＝＞＠［＼］＾＿｀｛｜｝～｟｠｢｣､、〃》「」『』【】〔〕〖〗〘〙〚〛〜〝〞〟〰〾〿–—‘’‛“”„‟…‧﹏]/gu;

/** A word in small letters without punctuation and space, as LongBench compares it. */
export function chineseText(word: string): string {
  return word.toLowerCase().replace(MARKS, '').replace(/\s+/gu, '');
}
