// SGLang: generate, whole replies.
export const models = [
  {
    attr: 'service',
    type: 'SGLangAPI',
    abbr: 'sglang-api',
    path: '', // folder of the tokenizer; only needed where the service does not count tokens
    model: '', // not sent: the service has one
    stream: false,
    request_rate: 0, // requests per second; below 0.1: as fast as batch_size lets them
    use_timestamp: false,
    retry: 2, // attempts after the first one
    api_key: '',
    host_ip: 'localhost',
    host_port: 30000,
    url: '', // replaces host_ip and host_port
    max_out_len: 512,
    batch_size: 1, // requests in flight
    trust_remote_code: false,
    generation_kwargs: { temperature: 0.01 },
  },
];
