// NVIDIA Triton: ModelInfer over gRPC, whole replies.
export const models = [
  {
    attr: 'service',
    type: 'TritonGRPC',
    abbr: 'triton-grpc',
    path: '', // folder of the tokenizer: Triton counts no tokens
    model: '', // name of the model in Triton's repository
    stream: false,
    request_rate: 0, // requests per second; below 0.1: as fast as batch_size lets them
    use_timestamp: false,
    retry: 2, // attempts after the first one
    api_key: '',
    host_ip: 'localhost',
    host_port: 8001,
    url: '', // replaces host_ip and host_port
    max_out_len: 512,
    batch_size: 1, // requests in flight
    trust_remote_code: false,
    generation_kwargs: { temperature: 0.01 },
  },
];
