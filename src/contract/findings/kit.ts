/** What `ais_bench check` finds in a model class. */
import type { Choices, FindingTable } from '../finding-entry.ts';

const BACKEND = 'add-a-backend.md';
const CARRIER = {
  stream: ['the events carry', '事件中有'],
  text: ['the reply carries', '响应中有'],
} as const satisfies Choices;
const READ_THE_FIELD = {
  en: 'read the field that is named in the parser',
  zh: '在解析器中读取所指出的字段',
};

export const kitFindings = {
  UNREACHABLE: {
    level: 'invalid',
    docs: BACKEND,
    params: { url: 'text?', message: 'text' },
    en: 'the service cannot be reached[ at {url}]: {message}',
    zh: '无法连接服务[ {url}]：{message}',
    cure: {
      en: 'start the service, or correct its address (--url)',
      zh: '启动服务，或更正地址（--url）',
    },
  },
  'REQUEST-REFUSED': {
    level: 'invalid',
    docs: BACKEND,
    params: { message: 'text' },
    en: 'the service refused the request: {message}',
    zh: '服务拒绝了请求：{message}',
    cure: {
      en: 'correct what the service names: address, key, model name or body',
      zh: '更正服务所指出的内容：地址、密钥、模型名或请求体',
    },
  },
  'SERVICE-ERROR': {
    level: 'invalid',
    docs: BACKEND,
    params: { message: 'text' },
    en: 'the service answered with an error: {message}',
    zh: '服务返回了错误：{message}',
    cure: { en: 'see the log of the service', zh: '查看服务的日志' },
  },
  'CLASS-THREW': {
    level: 'invalid',
    docs: BACKEND,
    params: { message: 'text', line: 'text?' },
    en: '{message}[, {line}]',
    zh: '模型类抛出异常：{message}[，{line}]',
    cure: { en: 'mend the class at the line that is named', zh: '在所指出的行修正该类' },
  },
  'STREAM-FOR-JSON': {
    level: 'invalid',
    docs: BACKEND,
    en: 'an event stream came where whole JSON was requested: does the body say stream: false?',
    zh: '请求的是完整 JSON，却收到事件流：请求体中是否写了 stream: false？',
    cure: { en: 'send stream: false in the body', zh: '在请求体中发送 stream: false' },
  },
  'REQUEST-FAILED': {
    level: 'invalid',
    docs: BACKEND,
    params: { message: 'text' },
    en: '{message}',
    zh: '请求失败：{message}',
    cure: { en: 'correct what the message names', zh: '更正消息中指出的内容' },
  },
  'CLOSE-FAILED': {
    level: 'invalid',
    docs: BACKEND,
    params: { message: 'text' },
    en: '{message}',
    zh: '关闭模型时出错：{message}',
    cure: { en: "mend the class's close", zh: '修正该类的 close' },
  },
  'NO-PARSER': {
    level: 'fact',
    docs: BACKEND,
    params: {
      parser: {
        choices: {
          text: [
            'parseTextResponse: the config needs stream: true',
            'parseTextResponse：配置中需要 stream: true',
          ],
          stream: [
            'parseStreamResponse: neither stream: true nor --mode perf is possible',
            'parseStreamResponse：无法使用 stream: true 与 --mode perf',
          ],
        },
      },
    },
    en: 'no {parser}',
    zh: '没有 {parser}',
    cure: { en: 'write the parser if the service answers so', zh: '若服务支持该方式，编写对应的解析器' },
  },
  'LIMIT-NOT-SENT': {
    level: 'invalid',
    docs: BACKEND,
    params: { limit: 'count' },
    en: 'the body does not hold maxOutLen ({limit}): answers get as long as the service likes',
    zh: '请求体中没有 maxOutLen（{limit}）：回答长度由服务决定',
    cure: {
      en: 'put maxOutLen into the body under the name that the service takes',
      zh: '以服务接受的字段名把 maxOutLen 写入请求体',
    },
  },
  'NO-CONTENT': {
    level: 'invalid',
    docs: BACKEND,
    params: { parser: 'text', where: { choices: CARRIER }, path: 'text' },
    en: '{parser} never set content; {where} `{path}`',
    zh: '{parser} 没有设置 content；{where} `{path}`',
    cure: READ_THE_FIELD,
  },
  'NO-TEXT': {
    level: 'invalid',
    docs: BACKEND,
    params: { parser: 'text' },
    en: '{parser} never set content, and there is no text in what came',
    zh: '{parser} 没有设置 content，收到的内容中也没有文本',
    cure: {
      en: 'check address and body: the service did not answer with text',
      zh: '检查地址与请求体：服务没有返回文本',
    },
  },
  'TEXT-REPEATED': {
    level: 'invalid',
    docs: BACKEND,
    params: { parser: 'text', path: 'text' },
    en: "{parser} adds every event's `{path}`, but each holds the whole text so far: set it, output.content = …",
    zh: '{parser} 累加了每个事件的 `{path}`，但每个事件已含迄今的全部文本：应直接赋值 output.content = …',
    cure: { en: 'set content in place of adding to it', zh: '对 content 赋值，而不是累加' },
  },
  'TEXT-LOST': {
    level: 'invalid',
    docs: BACKEND,
    params: { parser: 'text', path: 'text', events: 'count' },
    en: "{parser} keeps only the last event's `{path}` ({events?# event carries one|# events carry one}): add it, output.content += …",
    zh: '{parser} 只保留了最后一个事件的 `{path}`（共 {events} 个事件带有它）：应累加 output.content += …',
    cure: { en: 'add to content in place of setting it', zh: '对 content 累加，而不是赋值' },
  },
  'NOT-TEXT': {
    level: 'invalid',
    docs: BACKEND,
    params: { nonsense: 'text', parser: 'text' },
    en: 'content holds "{nonsense}": {parser} adds something that is not text',
    zh: 'content 中含有 "{nonsense}"：{parser} 加入了非文本的值',
    cure: { en: 'add only strings to content', zh: '只把字符串加入 content' },
  },
  'NO-REASONING': {
    level: 'invalid',
    docs: BACKEND,
    params: { parser: 'text', where: { choices: CARRIER }, path: 'text' },
    en: '{parser} never set reasoningContent; {where} `{path}`',
    zh: '{parser} 没有设置 reasoningContent；{where} `{path}`',
    cure: READ_THE_FIELD,
  },
  'LATE-FIRST-TOKEN': {
    level: 'invalid',
    docs: BACKEND,
    params: { event: 'count', path: 'text' },
    en: 'content came first with event {event}, though the events before carry `{path}`: TTFT is too late by them',
    zh: '直到第 {event} 个事件才有 content，而之前的事件已带有 `{path}`：TTFT 因此偏晚',
    cure: {
      en: 'add to content with the event that brings the text',
      zh: '在带来文本的事件中就加入 content',
    },
  },
  'NO-FINISH-REASON': {
    level: 'invalid',
    docs: BACKEND,
    params: { parser: 'text', where: { choices: CARRIER }, path: 'text', value: 'text' },
    en: '{parser} never set finishReason; {where} `{path}` ("{value}")',
    zh: '{parser} 没有设置 finishReason；{where} `{path}`（"{value}"）',
    cure: READ_THE_FIELD,
  },
  'FINISH-REASON-ABSENT': {
    level: 'fact',
    docs: BACKEND,
    en: 'no finish reason: an answer cut at max_out_len cannot be told from a whole one',
    zh: '没有结束原因：无法区分被 max_out_len 截断的回答与完整的回答',
    cure: { en: 'let the service report one, if it can', zh: '若服务支持，让它返回结束原因' },
  },
  'COUNT-NOT-READ': {
    level: 'invalid',
    docs: BACKEND,
    params: { parser: 'text', field: 'text', where: { choices: CARRIER }, path: 'text', value: 'text' },
    en: '{parser} never set {field}; {where} `{path}` ({value})',
    zh: '{parser} 没有设置 {field}；{where} `{path}`（{value}）',
    cure: READ_THE_FIELD,
  },
  'COUNT-WRONG': {
    level: 'invalid',
    docs: BACKEND,
    params: {
      parser: 'text',
      field: 'text',
      read: 'count',
      where: { choices: CARRIER },
      path: 'text',
      value: 'text',
    },
    en: '{parser} set {field} to {read}; {where} `{path}` ({value})',
    zh: '{parser} 把 {field} 设为 {read}；{where} `{path}`（{value}）',
    cure: READ_THE_FIELD,
  },
  'COUNTS-ABSENT': {
    level: 'fact',
    docs: BACKEND,
    en: "the service reports no token counts: the tokenizer at the config's path counts, if there is one",
    zh: '服务没有返回 token 计数：由配置中 path 处的分词器计数（若有）',
    cure: { en: 'set path to the tokenizer of the model', zh: '把 path 设为该模型的分词器' },
  },
  'ANSWERS-DIFFER': {
    level: 'invalid',
    docs: BACKEND,
    params: { text: 'quote', stream: 'quote' },
    en: 'text and stream answer differently: {text} and {stream}, at temperature 0',
    zh: 'text 与 stream 的回答不同：{text} 与 {stream}，且温度为 0',
    cure: {
      en: 'find the parser that loses or adds text',
      zh: '找出丢失或多加文本的解析器',
    },
  },
  'ANSWERS-DIFFER-BY-CHANCE': {
    level: 'fact',
    docs: BACKEND,
    params: { text: 'quote', stream: 'quote', temperature: 'text?' },
    en: 'text and stream answer differently: {text} and {stream}; [at temperature {temperature} ]that may be chance: check again with --set models.0.generation_kwargs.temperature=0',
    zh: 'text 与 stream 的回答不同：{text} 与 {stream}[，温度为 {temperature}]；这可能是偶然：请加 --set models.0.generation_kwargs.temperature=0 再检查一次',
    cure: {
      en: 'check again with --set models.0.generation_kwargs.temperature=0',
      zh: '加 --set models.0.generation_kwargs.temperature=0 再检查一次',
    },
  },
  'COUNTS-DIFFER': {
    level: 'invalid',
    docs: BACKEND,
    params: { text: 'count', stream: 'count' },
    en: 'text and stream count the same prompt as {text} and {stream} tokens',
    zh: '对同一提示词，text 计为 {text} 个 token，stream 计为 {stream} 个',
    cure: {
      en: 'read the same field for inputTokens in both parsers',
      zh: '让两个解析器从同一字段读取 inputTokens',
    },
  },
  'EMPTY-ANSWER': {
    level: 'fact',
    docs: 'local-models.md',
    en: 'an answer is empty',
    zh: '有一个回答为空',
    cure: {
      en: 'check that generate returns the new text only, and all of it',
      zh: '确认 generate 只返回新生成的文本，并且完整',
    },
  },
} as const satisfies FindingTable;
