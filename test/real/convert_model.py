"""Writes a GGUF model out as Hugging Face safetensors: convert_model.py FOLDER FILE TARGET"""

import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

folder, file, target = sys.argv[1:]
AutoTokenizer.from_pretrained(folder, gguf_file=file, model_max_length=8192).save_pretrained(target)

model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=file, dtype=torch.float32)
# The weights are plain numbers by now; what still calls them quantised would keep them from being saved.
model.hf_quantizer = None
for mark in ("quantization_method", "is_quantized"):
    if mark in vars(model):
        delattr(model, mark)
if hasattr(model.config, "quantization_config"):
    del model.config.quantization_config
model.config.dtype = "float32"
model.save_pretrained(target)
