// Triton: v2/models/{model_name}/generate_stream.
export const models = [
  {
    attr: 'service',
    type: 'TritonCustomAPI',
    abbr: 'triton-stream-api-general',
    path: '', // folder of the tokenizer; only needed where the service does not count tokens
    model_name: '', // the model's name in Triton's repository; empty: asked from v1/models, which stock Triton has not
    stream: true,
    request_rate: 0, // requests per second; below 0.1: as fast as batch_size lets them
    use_timestamp: false,
    retry: 2, // attempts after the first one
    api_key: '',
    host_ip: 'localhost',
    host_port: 8080,
    url: '', // replaces host_ip and host_port
    max_out_len: 512,
    batch_size: 1, // requests in flight
    trust_remote_code: false,
    generation_kwargs: { temperature: 0.01, ignore_eos: false },
    parameters_at: 'auto', // by the server's config of the model; 'parameters' as AISBench sends them, 'top_level' beside text_input
  },
];
