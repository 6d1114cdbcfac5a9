// Gemini: models/NAME:generateContent, whole replies.
export const models = [
  {
    attr: 'service',
    type: 'GeminiAPI',
    abbr: 'gemini-api',
    path: '', // folder of the tokenizer; only needed where the service does not count tokens
    model: '', // as in Google's list: gemini-2.5-flash
    stream: false,
    request_rate: 0, // requests per second; below 0.1: as fast as batch_size lets them
    use_timestamp: false,
    retry: 2, // attempts after the first one
    api_key: '',
    host_ip: 'localhost',
    host_port: 8080,
    url: 'https://generativelanguage.googleapis.com/', // replaces host_ip and host_port
    max_out_len: 4096, // thoughts are counted too
    batch_size: 1, // requests in flight
    trust_remote_code: false,
    generation_kwargs: { temperature: 0.01 },
    pred_postprocessor: { type: 'extract_non_reasoning_content' },
  },
];
