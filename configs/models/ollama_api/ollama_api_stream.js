// Ollama: api/chat, streamed.
export const models = [
  {
    attr: 'service',
    type: 'OllamaAPI',
    abbr: 'ollama-api-stream',
    path: '', // folder of the tokenizer; only needed where the service does not count tokens
    model: '', // empty: asked from the service's v1/models
    stream: true,
    endpoint: 'chat', // 'generate' sends one text to api/generate
    request_rate: 0, // requests per second; below 0.1: as fast as batch_size lets them
    use_timestamp: false,
    retry: 2, // attempts after the first one
    api_key: '',
    host_ip: 'localhost',
    host_port: 11434,
    url: '', // replaces host_ip and host_port
    max_out_len: 512,
    batch_size: 1, // requests in flight
    trust_remote_code: false,
    generation_kwargs: { temperature: 0.01 },
    pred_postprocessor: { type: 'extract_non_reasoning_content' },
  },
];
